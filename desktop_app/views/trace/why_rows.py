"""The rows of an explanation, newest first: acts, sums of older ones, and where it began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from desktop_app.core.i18n import N_, tr
from desktop_app.domain.document_type import Editor
from desktop_app.queries.listing import Column
from desktop_app.queries.trace import Block, CountBase, Step, Waterfall
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.views.base.row_table_model import RowTableModel
from desktop_app.views.base.values import format_value
from desktop_app.views.theme import current
from desktop_app.views.trace.words import (
    MINUS,
    block_words,
    count_words,
    joined,
    number,
    period,
    place_word,
    signed,
    step_words,
)

COLUMNS = (
    Column("when", N_("When"), "", width=16),
    Column("number", N_("Number"), "", width=19),
    Column("act", N_("What happened"), "", width=16),
    Column("delta", N_("Change"), "", Editor.QUANTITY, width=8),
    Column("balance", N_("Balance"), "", Editor.QUANTITY, width=9),
    Column("who", N_("Who"), "", width=9),
    Column("pc", N_("PC"), "", width=10),
    Column("from", N_("From"), "", width=11),
    Column("to", N_("To"), "", width=11),
    Column("document", N_("Document"), "", width=15),
    Column("lot", N_("Lot"), "", width=9),
    Column("reason", N_("Reason"), "", width=18),
)
DELTA = 3
"""What the table shows; the rows are made here, so no column has SQL behind it."""


@dataclass(frozen=True)
class WhyRow:
    """A row: its key (act id, or below zero), its cells, and the document behind it."""

    key: int
    cells: tuple[Any, ...]
    document_id: int | None = None
    kind: str = ""
    older: bool = False
    reversed: bool = False


def rows_of(found: Waterfall) -> tuple[WhyRow, ...]:
    """Every row, the newest act first and the beginning last."""
    blocks = [_block_row(-100 - place, block) for place, block in enumerate(found.older)]
    rows = [*_start_rows(found), *blocks, *(_step_row(step) for step in found.steps)]
    return tuple(reversed(rows))


def _step_row(step: Step) -> WhyRow:
    document_type = DOCUMENT_TYPES.get(step.kind)
    cells = (
        step.at,
        step.number,
        step_words(step),
        signed(step.delta),
        step.balance,
        step.actor,
        step.workstation,
        joined(map(place_word, step.from_places)),
        joined(map(place_word, step.to_places)),
        tr(document_type.title) if document_type else step.kind,
        joined(step.lots),
        step.reason or step.party,
    )
    return WhyRow(
        step.act_id, cells, step.document_id, step.kind, reversed=step.is_reversed or step.is_red
    )


def _block_row(key: int, block: Block) -> WhyRow:
    cells = (
        period(block.first, block.last),
        tr("F7 shows the acts"),
        block_words(block),
        signed(block.delta),
        block.balance,
        *[""] * 7,
    )
    return WhyRow(key, cells, older=True)


def _start_rows(found: Waterfall) -> list[WhyRow]:
    if not found.start.counts:
        return [WhyRow(-1, ("", "", tr("Beginning"), "", Decimal(0), *[""] * 7))]
    counts = sorted(found.start.counts, key=lambda count: count.at)
    title = tr(DOCUMENT_TYPES["stock_count"].title)
    return [_count_row(-2 - place, count, title) for place, count in enumerate(counts)]


def _count_row(key: int, count: CountBase, title: str) -> WhyRow:
    cells = (
        count.at,
        count.number,
        count_words(count),
        f"= {number(count.qty)}",
        None,
        count.counted_by,
        count.workstation,
        "",
        count.place,
        title,
        count.lot,
        "",
    )
    return WhyRow(key, cells, count.document_id, "stock_count")


class WhyModel(RowTableModel):
    """Rows of an explanation: what was taken back is muted, what came in is green."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(COLUMNS, parent)
        self.explained: tuple[WhyRow, ...] = ()

    def show_rows(self, rows: tuple[WhyRow, ...]) -> None:
        """Replace everything."""
        self.explained = rows
        names = tuple(column.name for column in COLUMNS)
        self.set_page(names, [row.cells for row in rows], [row.key for row in rows], has_more=False)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.ForegroundRole and index.isValid():
            return self._ink(self.explained[index.row()], COLUMNS[index.column()].name)
        return super().data(index, role)

    @staticmethod
    def _ink(row: WhyRow, column: str) -> QColor | None:
        if row.reversed or row.older or row.key == -1:
            return QColor(current().muted)
        if column == "delta":
            out = str(row.cells[DELTA]).startswith(MINUS)
            return QColor(current().ask if out else current().good)
        return None


def plain(value: Any) -> str:
    """A cell as text, for Excel and the clipboard."""
    if isinstance(value, datetime):
        return format_value(Editor.TIMESTAMP, value)
    return "" if value is None else str(value)


def minute_end(moment: datetime) -> datetime:
    """The last instant of the minute a person typed: its own acts belong to it."""
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1, microseconds=-1)
