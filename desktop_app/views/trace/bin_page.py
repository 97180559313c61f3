"""A bin at a minute: what lay there, and what had happened to it before (N21)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core import clock
from desktop_app.core.i18n import N_, tr
from desktop_app.domain.document_type import Editor
from desktop_app.domain.scan_codes import ScanResult
from desktop_app.queries.bin_history import BinAt, BinEvent, BinRow, bin_at
from desktop_app.queries.listing import Column
from desktop_app.runtime.context import AppContext
from desktop_app.services import scanning
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.lists import VERB_TITLES
from desktop_app.views.base.empty_state import EmptyState
from desktop_app.views.base.page import Page
from desktop_app.views.base.pickers import PickerField
from desktop_app.views.base.row_table import choose_row, keep_to_rows
from desktop_app.views.base.row_table_model import RowTableModel
from desktop_app.views.base.values import CannotRead, format_value, read_value
from desktop_app.views.base.widgets import (
    CELL_PADDING,
    heading,
    muted_label,
    problem_label,
    show_problem,
)
from desktop_app.views.trace.why_rows import minute_end
from desktop_app.views.trace.words import place_word, signed

GOODS = (
    Column("item", N_("Item code"), "", width=16),
    Column("name", N_("Name"), "", width=28),
    Column("spec", N_("Specification"), "", width=16),
    Column("lot", N_("Lot"), "", width=12),
    Column("expires", N_("Expires"), "", Editor.TIMESTAMP, width=16),
    Column("qty", N_("Quantity"), "", Editor.QUANTITY, width=11),
    Column("uom", N_("Unit"), "", width=7),
)
EVENTS = (
    Column("at", N_("When"), "", Editor.TIMESTAMP, width=16),
    Column("document", N_("Document"), "", width=16),
    Column("number", N_("Number"), "", width=20),
    Column("act", N_("What happened"), "", width=16),
    Column("item", N_("Item code"), "", width=14),
    Column("name", N_("Name"), "", width=20),
    Column("lot", N_("Lot"), "", width=10),
    Column("delta", N_("Change"), "", Editor.QUANTITY, width=10),
    Column("other", N_("From or to"), "", width=13),
    Column("who", N_("Who"), "", width=11),
    Column("pc", N_("PC"), "", width=12),
)


HELD = (
    N_("{place} was empty on {at}"),
    N_("{place} held one kind of goods on {at}"),
    N_("{place} held {count} kinds of goods on {at}"),
)


class BinAtMinutePage(Page):
    """Choose or scan a bin, type a moment; Enter on a row leads on to document or item."""

    def __init__(
        self,
        context: AppContext,
        location_id: int | None = None,
        at: datetime | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, parent)
        self._location_id = location_id
        self._at = at
        self._found: BinAt | None = None
        self.place = PickerField(context, scanning.search, ("location",), self)
        self.moment = QLineEdit(self)
        self.wrong = problem_label()
        self.summary = heading(tr("Choose or scan a bin."))
        self.goods = RowTableModel(GOODS, self)
        self.events = RowTableModel(EVENTS, self)
        self.goods_table = self._table(self.goods, tr("What lay there"))
        self.events_table = self._table(self.events, tr("What had happened before"))
        self._build()
        self._connect()

    def title(self) -> str:
        return tr("Bin {code}", code=self._found.code) if self._found else tr("Bin at a minute")

    def topics(self) -> frozenset[str]:
        return frozenset({"stock"})

    def reload(self) -> None:
        """Ask again for this place and moment; without a moment: now."""
        if self._location_id is None:
            self.place.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.context.operations.query(
            bin_at,
            self._location_id,
            self._at or clock.now(),
            on_done=self._show,
            on_error=self._failed,
        )

    def on_scan(self, code: ScanResult) -> bool:
        """A scanned bin is looked into, an item is explained, a document is opened."""
        self.context.operations.query(
            scanning.resolve, code, on_done=self._scanned, on_error=self._failed, owner=self
        )
        return True

    def look_at(self, at: datetime | None) -> None:
        """Another moment; None is now."""
        self._at = at
        self.moment.setText(format_value(Editor.TIMESTAMP, at) if at else "")
        self.reload()

    def step(self, earlier: bool) -> None:
        """To just before the newest event shown (F8), or back to now (Shift+F8)."""
        if not earlier:
            self.look_at(None)
        elif self._found is not None and self._found.before:
            self.look_at(self._found.before[0].at - timedelta(microseconds=1))

    def _build(self) -> None:
        asked = QHBoxLayout()
        asked.setSpacing(8)
        self.moment.setPlaceholderText(tr("Now; or 2026-01-31 14:30"))
        for label, field, width in (
            (tr("Bin"), self.place, 200),
            (tr("Date and time"), self.moment, 190),
        ):
            name = muted_label(label)
            name.setWordWrap(False)
            asked.addWidget(name)
            field.setAccessibleName(label)
            field.setFixedWidth(width)
            asked.addWidget(field)
        asked.addWidget(self.wrong, 1)
        asked.addStretch(1)
        keys = muted_label(tr("F8: one event earlier · Shift+F8: now"))
        keys.setWordWrap(False)
        asked.addWidget(keys)
        split = QSplitter(Qt.Orientation.Vertical, self)
        for title, table in (
            (tr("What lay there"), self.goods_table),
            (tr("What had happened before"), self.events_table),
        ):
            part = QWidget(split)
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(4)
            column.addWidget(heading(title))
            column.addWidget(table)
            split.addWidget(part)
        split.setChildrenCollapsible(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 12, 16, 12)
        outer.setSpacing(8)
        outer.addLayout(asked)
        outer.addWidget(self.summary)
        outer.addWidget(split, 1)
        if self._at is not None:
            self.moment.setText(format_value(Editor.TIMESTAMP, self._at))

    def _connect(self) -> None:
        self.place.picked.connect(self._place_picked)
        self.place.moved_on.connect(self.moment.setFocus)
        self.moment.returnPressed.connect(self._moment_typed)
        self.goods_table.activated.connect(self._open_goods)
        self.events_table.activated.connect(self._open_event)
        for key, run in (
            ("F8", lambda: self.step(earlier=True)),
            ("Shift+F8", lambda: self.step(earlier=False)),
            ("F12", self._why),
        ):
            QShortcut(
                QKeySequence(key), self, run, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
            )

    @staticmethod
    def _table(model: RowTableModel, name: str) -> QTableView:
        table = QTableView()
        table.setModel(model)
        table.setAccessibleName(name)
        keep_to_rows(table, 26)
        table.horizontalHeader().setStretchLastSection(True)
        character = max(7, table.fontMetrics().horizontalAdvance("0"))
        for place, column in enumerate(model.columns):
            table.setColumnWidth(place, column.width * character + CELL_PADDING)
        EmptyState(table).watch(model, tr("Nothing here yet."))
        return table

    def _show(self, found: BinAt) -> None:
        self._found = found
        self.place.show_value(found.location_id, found.code)
        show_problem(self.wrong, "")
        moment = format_value(Editor.TIMESTAMP, found.at)
        self.summary.setText(
            tr(HELD[min(len(found.rows), 2)], place=found.code, count=len(found.rows), at=moment)
        )
        self.goods.set_page(
            [column.name for column in GOODS],
            [_goods_cells(row) for row in found.rows],
            list(range(len(found.rows))),
            has_more=False,
        )
        self.events.set_page(
            [column.name for column in EVENTS],
            [_event_cells(event) for event in found.before],
            [event.move_id for event in found.before],
            has_more=False,
        )
        self.title_changed.emit(self.title())
        for table in (self.goods_table, self.events_table):
            if table.model().rowCount():
                choose_row(table, 0)

    def _failed(self, error: Exception) -> None:
        show_problem(self.wrong, str(error))
        self.context.notifier.sound("wrong")

    def _moment_typed(self) -> None:
        try:
            typed = read_value(Editor.TIMESTAMP, self.moment.text())
        except CannotRead as error:
            show_problem(self.wrong, str(error.message))
            self.moment.selectAll()
            return
        self._at = None if typed is None else minute_end(typed)
        self.reload()
        self.goods_table.setFocus()

    def _place_picked(self, hit: Any) -> None:
        if hit is not None:
            self._location_id = hit.id
            self.reload()

    def _scanned(self, target: Any) -> None:
        if target is not None and target.kind == "bin":
            self.context.notifier.sound("ok")
            self._location_id = target.id
            self.reload()
        elif target is not None and target.kind == "item":
            self.context.notifier.sound("ok")
            self.context.open_page("why", {"item_id": target.id, "location_id": self._location_id})
        elif target is not None and target.kind == "document":
            self.context.open_page("document", {"id": target.id, "number": target.title})
        else:
            self.context.notifier.sound("unknown")

    def _open_goods(self, index: QModelIndex) -> None:
        if self._found is not None:
            row = self._found.rows[index.row()]
            params = {"item_id": row.item_id, "location_id": self._location_id}
            self.context.open_page("why", params | ({"lot_id": row.lot_id} if row.lot_id else {}))

    def _open_event(self, index: QModelIndex) -> None:
        if self._found is not None:
            event = self._found.before[index.row()]
            self.context.open_page("document", {"kind": event.kind, "id": event.document_id})

    def _why(self) -> None:
        index = self.goods_table.currentIndex()
        if index.isValid():
            self._open_goods(index)


def _goods_cells(row: BinRow) -> tuple[Any, ...]:
    return (row.item_code, row.item_name, row.spec, row.lot, row.expires_at, row.qty, row.uom)


def _event_cells(event: BinEvent) -> tuple[Any, ...]:
    document_type = DOCUMENT_TYPES.get(event.kind)
    verb = tr("Red entry") if event.is_red else tr(VERB_TITLES.get(event.verb, event.verb))
    return (
        event.at,
        tr(document_type.title) if document_type else event.kind,
        event.number,
        verb,
        event.item_code,
        event.item_name,
        event.lot,
        signed(event.delta),
        place_word(event.other_place),
        event.actor,
        event.workstation,
    )


def create(context: AppContext, params: dict[str, Any]) -> BinAtMinutePage:
    """``location_id`` (or ``id``) and ``at``, both optional."""
    return BinAtMinutePage(context, params.get("location_id") or params.get("id"), params.get("at"))
