"""The grid of a family: a row for every combination, existing or still to be made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.errors import FieldProblem
from desktop_app.core.i18n import N_, tr
from desktop_app.domain.document_type import Editor, Field, Store
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.variants import (
    Axis,
    combinations,
    proposed_code,
    proposed_name,
)
from desktop_app.queries.families import FamilyGrid, VariantRow
from desktop_app.runtime.context import AppContext
from desktop_app.services import scanning
from desktop_app.services.families import VariantDraft
from desktop_app.views.base.form_errors import by_place
from desktop_app.views.base.form_table import TableSpec
from desktop_app.views.base.line_model import LineColumn, line_columns
from desktop_app.views.base.line_paste import LinePaste
from desktop_app.views.base.line_table import LineTable
from desktop_app.views.base.line_table_model import Index, LineTableModel
from desktop_app.views.base.tones import Tone, tone
from desktop_app.views.base.widgets import heading, primary_button, problem_label, show_problem

MAKE = "make"
_WRITABLE_WHEN_THERE = ("unit_price", "blank_item_id")
"""Cells of an existing variant that can be changed here; the rest on its own page."""
_KNOWN_FIELDS = (
    Field("code", N_("Item code"), Editor.TEXT, Store.LINE, width=17),
    Field("name", N_("Name"), Editor.TEXT, Store.LINE, width=20),
    Field("barcode", N_("Barcode"), Editor.TEXT, Store.LINE, width=16),
    Field(
        "unit_price", N_("Sales price"), Editor.PRICE, Store.LINE, width=11,
        permission="sales.write",
    ),
    Field("blank_item_id", N_("Made from blank"), Editor.ITEM, Store.LINE, width=16),
    Field(
        "on_hand", N_("On hand"), Editor.TEXT, Store.COMPUTED, width=11, permission="stock.read"
    ),
)  # fmt: skip
NO_FINISH = N_("blank")


def grid_spec(axes: Sequence[Axis]) -> TableSpec:
    """The columns of the grid: a tick, the axes, then what a variant has."""
    return TableSpec(
        "variants",
        N_("Variants"),
        (
            Field(MAKE, N_("Make"), Editor.YES_NO, Store.LINE, width=7),
            Field("state", N_("State"), Editor.TEXT, Store.COMPUTED, width=9),
            *(
                Field(f"axis {axis.name}", axis.name, Editor.TEXT, Store.COMPUTED, width=8)
                for axis in axes
            ),
            *_KNOWN_FIELDS,
        ),
        fixed=True,
    )


def grid_rows(grid: FamilyGrid) -> list[dict[str, Any]]:
    """A row for each combination, then items of the family that fit none of them."""
    there = {_key(item.variant): item for item in grid.items}
    rows = []
    for variant in combinations(grid.axes):
        item = there.pop(_key(variant), None)
        axes = {f"axis {a.name}": variant.get(a.name) or tr(NO_FINISH) for a in grid.axes}
        rows.append({"variant": variant, **axes, **_cells(grid, variant, item)})
    for item in there.values():
        axes = {f"axis {a.name}": item.variant.get(a.name, "") for a in grid.axes}
        rows.append({"variant": item.variant, **axes, **_cells(grid, item.variant, item)})
    return rows


def _cells(grid: FamilyGrid, variant: dict[str, str], item: VariantRow | None) -> dict[str, Any]:
    if item is None:
        return {
            MAKE: False,
            "state": tr("missing"),
            "code": proposed_code(grid.code_pattern, grid.code, grid.axes, variant),
            "name": proposed_name(grid.name_pattern, grid.name, grid.axes, variant),
        }
    on_hand = "" if item.on_hand is None else f"{format_quantity(item.on_hand)} {item.uom}"
    return {
        "item_id": item.id,
        "state": tr("there") if item.is_active else tr("not in use"),
        "code": item.code,
        "name": item.name,
        "barcode": item.barcode,
        "unit_price": item.price,
        "blank_item_id": item.blank_item_id,
        "blank_item_title": item.blank_code,
        "on_hand": on_hand,
    }


def _key(variant: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(variant.items()))


class VariantModel(LineTableModel):
    """Of an existing variant only price and blank can be written here."""

    def __init__(self, spec: TableSpec, parent: QObject | None = None) -> None:
        super().__init__(spec.declared(), parent)
        self.grows = False

    def may_edit(self, row: int, column: LineColumn) -> bool:
        if self.line(row).values.get("item_id") is None:
            return super().may_edit(row, column)
        return column.name in _WRITABLE_WHEN_THERE and super().may_edit(row, column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column, line = self.columns[index.column()], self.line(index.row())
        there = line.values.get("item_id") is not None
        if column.name == MAKE and there:
            return None
        if role == Qt.ItemDataRole.ForegroundRole and column.name == "state":
            return tone(Tone.GOOD if there else Tone.MUTED)
        return super().data(index, role)


class VariantGrid(QWidget):
    """Ticks, proposals and the button that makes what is ticked.

    Signals:
        making(drafts): rows to be made or changed, with their row numbers remembered.
        opening(item id): an existing variant is wanted.
    """

    making = Signal(object)
    opening = Signal(int)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._axes: tuple[Axis, ...] | None = None
        self._shown: list[dict[str, Any]] = []
        self._sent: list[int] = []
        self.model: VariantModel | None = None
        self.table: LineTable | None = None
        self.count = QLabel(self)
        self.count.setProperty("role", "muted")
        self.problem = problem_label()
        self.all_button = QPushButton(tr("Tick all missing") + "  F4", self)
        self.all_button.clicked.connect(lambda _checked=False: self.tick_missing())
        self.make_button = primary_button(tr("Make variants") + "  F9")
        self.make_button.clicked.connect(lambda _checked=False: self.make())
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(heading(tr("Variants")))
        top.addWidget(self.count, 1)
        top.addWidget(self.all_button)
        top.addWidget(self.make_button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addLayout(top)
        self._column.addWidget(self.problem)

    def show_grid(self, grid: FamilyGrid, *, writing: bool) -> None:
        """Draw the grid; other axes make another table."""
        if grid.axes != self._axes:
            self._axes = grid.axes
            self._make_table(grid_spec(grid.axes))
        assert self.model is not None
        assert self.table is not None
        columns = line_columns(
            self.model.sheet.document_type,
            self._context.user.may,
            editing=True,
            shows_stock=False,
        )
        place, typed = self.table.currentIndex(), self._typed()
        self.model.configure(columns, read_only=not writing, warns_short=False)
        self._shown = grid_rows(grid)
        self.model.load([{**row, **typed.get(_key(row["variant"]), {})} for row in self._shown])
        self.table.size_columns({})
        self.table.setCurrentIndex(self.model.index(max(0, place.row()), max(0, place.column())))
        for button in (self.all_button, self.make_button):
            button.setVisible(writing)
        self._count()

    def tick_missing(self) -> None:
        """Every combination that does not exist; again: none of them (F4)."""
        if self.model is None or self.model.read_only:
            return
        missing = [x for x in self.model.sheet.lines if x.values.get("item_id") is None]
        tick = not all(line.values.get(MAKE) for line in missing)
        for line in missing:
            line.values[MAKE] = tick
        self.model.refresh()
        self._count()

    def make(self) -> None:
        """Send what is ticked and what was changed (F9)."""
        if self.model is None or self.table is None or self.model.read_only:
            return
        self.table.finish_editing()
        show_problem(self.problem, "")
        self._sent = [row for row in range(self.model.rowCount()) if self._is_wanted(row)]
        drafts = [self._draft(row) for row in self._sent]
        wrong = [row for row in self._sent if self.model.line(row).typed]
        if wrong:
            self.table.edit_cell(wrong[0], self.model.column_of("code"))
        elif drafts:
            self.making.emit(drafts)
        else:
            show_problem(self.problem, tr("Tick what is to be made (Space)."))

    def open_current(self) -> None:
        """The page of the current variant (F7)."""
        row = self.table.currentIndex().row() if self.table is not None else -1
        if row >= 0 and self.model is not None:
            item_id = self.model.line(row).values.get("item_id")
            if item_id is not None:
                self.opening.emit(item_id)

    def forget_typed(self) -> None:
        """What was typed has been made."""
        self._shown = []

    def show_problems(self, problems: Sequence[FieldProblem]) -> None:
        """Red cells in the rows that were sent; the sentences above."""
        assert self.model is not None
        places = by_place(problems)
        for number, row in enumerate(self._sent, start=1):
            line = self.model.line(row)
            line.problems = {name: text for (no, name), text in places.items() if no == number}
        show_problem(self.problem, "; ".join(dict.fromkeys(places.values())))
        self.model.refresh()

    def _make_table(self, spec: TableSpec) -> None:
        if self.table is not None:
            self.table.deleteLater()
        self.model = VariantModel(spec, self)
        self.table = LineTable(self._context, self.model, scanning.search, self)
        self.table.setAccessibleName(tr("Variants"))
        self._paste = LinePaste(self._context, scanning.search, self.table)
        self.model.edited.connect(self._count)
        self._column.addWidget(self.table, 1)

    def _count(self) -> None:
        assert self.model is not None
        lines = self.model.sheet.lines
        missing = [line for line in lines if line.values.get("item_id") is None]
        ticked = sum(bool(line.values.get(MAKE)) for line in missing)
        self.count.setText(
            tr(
                "{there} there, {missing} missing, {ticked} ticked",
                there=len(lines) - len(missing),
                missing=len(missing),
                ticked=ticked,
            )
        )

    def _changed(self, row: int) -> dict[str, Any]:
        """What a person wrote in that row since it was shown."""
        assert self.model is not None
        shown = self._shown[row]
        return {
            name: value
            for name, value in self.model.line(row).values.items()
            if value != shown.get(name)
        }

    def _typed(self) -> dict[tuple[tuple[str, str], ...], dict[str, Any]]:
        """What was written and not sent yet: news from elsewhere must not wipe it out."""
        return {
            _key(shown["variant"]): changed
            for row, shown in enumerate(self._shown)
            if (changed := self._changed(row))
        }

    def _is_wanted(self, row: int) -> bool:
        assert self.model is not None
        values = self.model.line(row).values
        if values.get("item_id") is None:
            return bool(values.get(MAKE))
        return any(name in _WRITABLE_WHEN_THERE for name in self._changed(row))

    def _draft(self, row: int) -> VariantDraft:
        assert self.model is not None
        values = self.model.line(row).values
        there = values.get("item_id") is not None
        return VariantDraft(
            values["variant"],
            str(values.get("code") or "").strip(),
            str(values.get("name") or "").strip(),
            "" if there else str(values.get("barcode") or ""),
            values.get("unit_price"),
            values.get("blank_item_id"),
        )
