"""A warehouse: its form, its places in walking order, new bins by pattern, bin labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message, tr
from desktop_app.domain.locations import TITLES, LocationKind
from desktop_app.queries.master_data import BinRow, warehouse_places
from desktop_app.runtime.context import AppContext
from desktop_app.services import master_data
from desktop_app.views.base.station_table import StationColumn
from desktop_app.views.base.widgets import heading, problem_label, show_problem
from desktop_app.views.master_data.master_page import MasterPage, QuietTable
from desktop_app.views.master_data.records import WAREHOUSE

MOST_BINS = 500


def bins_of_pattern(text: str) -> list[str]:
    """``A-[01..12]-[1..3]`` becomes A-01-1, A-01-2 … in walking order; commas separate.

    Raises InvalidInput at ``bins`` for an empty pattern or more than 500 bins.
    """
    found: list[str] = []
    for part in re.split(r"[,，\s]+", text.strip().upper()):
        found += _expanded(part) if part else []
        if len(found) > MOST_BINS:
            break
    if not found or len(found) > MOST_BINS:
        raise InvalidInput(
            (
                FieldProblem(
                    "bins",
                    Message(
                        N_("Write bins like A-[01..12] or A-01, A-02; at most {most} at once."),
                        {"most": MOST_BINS},
                    ),
                ),
            )
        )
    return found


def _expanded(pattern: str) -> list[str]:
    spot = re.search(r"\[(\d{1,4})\.\.(\d{1,4})\]", pattern)
    if spot is None:
        return [pattern]
    first, last = int(spot.group(1)), int(spot.group(2))
    width = len(spot.group(1))
    codes: list[str] = []
    for number in range(first, min(last, first + MOST_BINS) + 1):
        codes += _expanded(
            pattern[: spot.start()] + str(number).zfill(width) + pattern[spot.end() :]
        )
        if len(codes) > MOST_BINS:
            break
    return codes


def _columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Place"), lambda r: r.code, 16, bold=True),
        StationColumn(
            tr("Kind of place"), lambda r: tr(TITLES[LocationKind(r.kind)]), 18, stretch=True
        ),
        StationColumn(
            tr("Walking order"),
            lambda r: str(r.route_seq) if r.kind == "bin" else "",
            14,
            right=True,
        ),
        StationColumn(tr("Items there"), lambda r: str(r.items or ""), 12, right=True),
    )


class WarehousePage(MasterPage):
    """New bins are typed as a pattern; F9 prints labels for bins and exit."""

    def __init__(self, context: AppContext, warehouse_id: int | None = None) -> None:
        super().__init__(context, WAREHOUSE, warehouse_id)
        self.add_key(tr("Bin labels"), "F9", self.print_labels)
        self._show_adding()

    def build_below(self) -> QWidget:
        side = QWidget(self)
        self.places = QuietTable(_columns(), self)
        self.places.chosen.connect(self._open)
        self.pattern = QLineEdit(self)
        self.pattern.setPlaceholderText(tr("New bins, e.g. A-[01..12]-[1..3]"))
        self.pattern.setAccessibleName(tr("New bins"))
        self.pattern.returnPressed.connect(self.add_bins)
        self.add_button = QPushButton(tr("Add bins"), self)
        self.add_button.clicked.connect(lambda _checked=False: self.add_bins())
        self.problem = problem_label()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(heading(tr("Places")))
        row.addStretch(1)
        row.addWidget(self.pattern, 1)
        row.addWidget(self.add_button)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.problem)
        column.addWidget(self.places, 1)
        return side

    def show_more(self, record_id: int) -> None:
        self._show_adding()
        if self.context.user.may("stock.read"):
            self.context.operations.query(
                warehouse_places, record_id, on_done=self._show_places, on_error=self._failed
            )

    def add_bins(self) -> None:
        """Create the bins of the pattern (Enter)."""
        if self.record_id is None or not self.may_write():
            return
        try:
            codes = bins_of_pattern(self.pattern.text())
        except InvalidInput as error:
            show_problem(self.problem, str(error))
            return
        self.context.operations.command(
            master_data.save_bins,
            self.record_id,
            codes,
            on_done=self._added,
            on_error=self._not_added,
        )

    def print_labels(self) -> None:
        """Labels for all bins and the exit, with preview."""
        if self.record_id is not None:
            self.context.open_page("bin_labels", {"id": self.record_id, "title": self.title()})

    def _show_adding(self) -> None:
        for widget in (self.pattern, self.add_button):
            widget.setVisible(self.may_write() and self.record_id is not None)

    def _added(self, made: dict[str, int]) -> None:
        self.pattern.clear()
        show_problem(self.problem, "")
        self.context.notifier.success(tr("{count} bins added", count=len(made)))
        self.reload()

    def _not_added(self, error: Exception) -> None:
        show_problem(self.problem, str(error))

    def _show_places(self, rows: Sequence[BinRow]) -> None:
        self._rows = tuple(rows)
        self.places.show_rows(self._rows)

    def _open(self, row: int) -> None:
        self.context.open_page("bin", {"id": self._rows[row].id})

    _rows: tuple[BinRow, ...] = ()


def create(context: AppContext, params: dict[str, Any]) -> WarehousePage:
    """``id`` opens a warehouse; without it a new one begins."""
    return WarehousePage(context, params.get("id"))
