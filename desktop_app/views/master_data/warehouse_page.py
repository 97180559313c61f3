"""A warehouse: its form, its places in walking order, new bins by pattern, the map, labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.errors import InvalidInput
from desktop_app.core.i18n import tr
from desktop_app.domain.bin_patterns import BinSpec, bins_of_pattern
from desktop_app.domain.locations import WAREHOUSE_MEANINGS
from desktop_app.queries.places import BinRow, warehouse_places
from desktop_app.runtime.context import AppContext
from desktop_app.services import places
from desktop_app.views.base.inline_bar import Asked
from desktop_app.views.base.widgets import muted_label, problem_label, show_problem
from desktop_app.views.master_data.master_page import MasterPage
from desktop_app.views.master_data.place_map import PlaceMap
from desktop_app.views.master_data.place_table import PlaceTable
from desktop_app.views.master_data.warehouse_record import WAREHOUSE

WITHOUT_BINS = ("subcontractor", "transit")
"""Kinds of warehouses that stand for places of the ledger."""


class WarehousePage(MasterPage):
    """Bins are made by pattern (F6 goes there), renamed and re-ordered in the table and saved
    with the warehouse; F7 walks the aisles up and down, F9 prints labels on paper, Shift+F9 on the
    label printer.
    """

    def __init__(self, context: AppContext, warehouse_id: int | None = None) -> None:
        super().__init__(context, WAREHOUSE, warehouse_id)
        self.route_key = self.add_key(tr("Walk up and down"), "F7", self.make_route)
        self.add_key(tr("Labels"), "F9", self.ask_labels)
        self.add_key(tr("Label printer"), "Shift+F9", self.print_labels)
        self.shortcut("F6", self._go_to_pattern)
        self.form.edited.connect(lambda _name: self._show_kind())
        self._show_kind()

    def build_below(self) -> QWidget:
        self.meaning = muted_label("")
        self.places = PlaceTable(self)
        self.places.chosen.connect(lambda row: self._open(self._rows_shown()[row].id))
        self.places.places.edited.connect(self.mark_dirty)
        self.map = PlaceMap(self)
        self.map.chosen.connect(self._open)
        self.views = QTabWidget(self, documentMode=True)
        self.views.addTab(self._places_tab(), tr("Places"))
        self.views.addTab(self.map, tr("Map"))
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.meaning)
        column.addWidget(self.views, 1)
        return side

    def show_more(self, record_id: int) -> None:
        self._show_kind()
        if self.context.user.may("stock.read") and not self.is_dirty():
            self.context.operations.query(
                warehouse_places,
                record_id,
                closed=True,
                on_done=self._show_places,
                on_error=self._failed,
            )

    def save(self) -> None:
        # The worker thread must not read widgets.
        self._sent = {
            "bins": self.places.places.changes(),
            "route": self.places.places.new_route(),
        }
        super().save()

    def save_call(
        self, uow: Any, values: Mapping[str, Any], record_id: int | None, version: int | None
    ) -> int:
        return self.spec.save(uow, {**values, **self._sent}, record_id, version)

    def add_bins(self) -> None:
        """Create the bins of the pattern (Enter)."""
        found = self._read_pattern()
        if not found or self.record_id is None or not self.may_write():
            return
        if self.is_dirty():
            show_problem(self.problem, tr("Save what was changed first (Ctrl+S)."))
            return
        self.context.operations.command(
            places.make_bins,
            self.record_id,
            found,
            on_done=self._added,
            on_error=lambda error: show_problem(self.problem, str(error)),
            owner=self,
        )

    def make_route(self) -> None:
        """A walk up one aisle and down the next (F7)."""
        if self.record_id is None or not self.may_write():
            return
        if self.is_dirty():
            self.bar.tell(tr("Save what was changed first (Ctrl+S)."))
            return
        self.context.operations.command(
            places.make_route,
            self.record_id,
            on_done=self._routed,
            on_error=self._failed,
            owner=self,
        )

    def ask_labels(self) -> None:
        """Which places get a label, and where a used sheet begins (F9)."""
        if self.record_id is None:
            return
        self.bar.ask(
            tr("Labels for a zone or bins (empty: all, with docks and exit)"),
            (
                Asked("wanted", tr("Zone or A-01…A-12"), required=False),
                Asked("start", tr("From label no."), required=False, check=_label_problem),
            ),
            tr("Preview"),
            self._print,
        )

    def print_labels(self) -> None:
        """The chosen places, or all when less than two are chosen, to the label printer (Shift+F9).

        The table always has a current row, so a single one is no choice.
        """
        if self.record_id is None:
            return
        if self.is_dirty():
            self.bar.tell(tr("Save what was changed first (Ctrl+S)."))
            return
        rows = self._rows_shown()
        chosen = {index.row() for index in self.places.selectionModel().selectedRows()}
        if len(chosen) < 2 or self.views.currentIndex() != 0:
            chosen = {number for number, row in enumerate(rows) if row.is_active}
        bins = [rows[number].id for number in sorted(chosen)]
        if bins:
            params = {"kind": "bin", "bins": bins, "title": self.title()}
            self.context.open_page("print_labels", params)

    def _print(self, given: Mapping[str, str]) -> None:
        self.context.open_page(
            "bin_labels",
            {
                "id": self.record_id,
                "title": self.title(),
                "wanted": given["wanted"],
                "start": int(given["start"] or 1),
            },
        )

    def _places_tab(self) -> QWidget:
        self.pattern = QLineEdit(self)
        self.pattern.setPlaceholderText(tr("New bins, e.g. A-01-1…A-12-4 (F6)"))
        self.pattern.setAccessibleName(tr("New bins"))
        self.pattern.textChanged.connect(lambda _text: self._preview())
        self.pattern.returnPressed.connect(self.add_bins)
        self.zone = QLineEdit(self)
        self.zone.setPlaceholderText(tr("Zone"))
        self.zone.setAccessibleName(tr("Zone"))
        self.zone.setMaximumWidth(120)
        self.zone.returnPressed.connect(self.add_bins)
        self.add_button = QPushButton(tr("Add bins"), self)
        self.add_button.clicked.connect(lambda _checked=False: self.add_bins())
        self.preview = QLabel(self)
        self.problem = problem_label()
        self.making = QWidget(self)
        row = QHBoxLayout(self.making)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.pattern, 1)
        row.addWidget(self.zone)
        row.addWidget(self.preview, 1)
        row.addWidget(self.add_button)
        tab = QWidget(self)
        column = QVBoxLayout(tab)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.making)
        column.addWidget(self.problem)
        column.addWidget(self.places, 1)
        return tab

    def _read_pattern(self) -> list[BinSpec]:
        """The bins of what is typed; what is wrong with it is said beside the field."""
        code = str(self.form.value("code") or "")
        try:
            found = bins_of_pattern(self.pattern.text(), code, self.zone.text().strip())
        except InvalidInput as error:
            show_problem(self.problem, str(error))
            return []
        show_problem(self.problem, "")
        return found

    def _preview(self) -> None:
        """How many bins, the first and the last, while typing; mistakes wait for Enter."""
        show_problem(self.problem, "")
        try:
            found = bins_of_pattern(self.pattern.text(), str(self.form.value("code") or ""))
        except InvalidInput:
            self.preview.setText("")
            return
        self.preview.setText(
            tr(
                "{count} bins: {first} … {last}",
                count=len(found),
                first=found[0].code,
                last=found[-1].code,
            )
            if len(found) > 1
            else tr("1 bin: {code}", code=found[0].code)
        )

    def _go_to_pattern(self) -> None:
        self.views.setCurrentIndex(0)
        self.pattern.setFocus()

    def _show_kind(self) -> None:
        """What the chosen kind means, and what it needs."""
        kind = str(self.form.value("kind") or "own")
        self.meaning.setText(tr(WAREHOUSE_MEANINGS[kind]))
        has_bins = kind not in WITHOUT_BINS
        writes = self.may_write() and self.record_id is not None and has_bins
        self.making.setVisible(writes)
        if hasattr(self, "route_key"):
            self.route_key.setVisible(writes)

    def _added(self, made: Mapping[str, int]) -> None:
        self.pattern.clear()
        show_problem(self.problem, "")
        self.context.notifier.success(tr("{count} bins added", count=len(made)))
        self.reload()

    def _routed(self, moved: int) -> None:
        self.context.notifier.success(tr("{count} bins have another number", count=moved))
        self.reload()

    def _show_places(self, rows: Sequence[BinRow]) -> None:
        if not self.is_dirty():
            self.places.show_rows(rows, writable=self.may_write())
            self.map.show_rows(rows)

    def _rows_shown(self) -> Sequence[BinRow]:
        return self.places.places.rows

    def _open(self, location_id: int) -> None:
        self.context.open_page("bin", {"id": location_id})

    _sent: Mapping[str, Any] = {}


def _label_problem(text: str) -> str:
    return "" if not text or (text.isdecimal() and 1 <= int(text) <= 100) else tr("1 to 100")


def create(context: AppContext, params: dict[str, Any]) -> WarehousePage:
    """``id`` opens a warehouse; without it a new one begins."""
    return WarehousePage(context, params.get("id"))
