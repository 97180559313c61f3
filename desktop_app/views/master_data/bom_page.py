"""A bill of materials: versions, lines with their loss, and the whole tree for a quantity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.errors import InvalidInput
from desktop_app.core.i18n import N_, tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.bom import LossBasis
from desktop_app.domain.document_type import DocumentType, Editor, Field, Store
from desktop_app.domain.quantities import format_quantity, parse_quantity
from desktop_app.queries import bills_of_material as bom_queries
from desktop_app.queries.bills_of_material import BOMLineRow, BOMRow
from desktop_app.runtime.context import AppContext
from desktop_app.services import bills_of_material as boms
from desktop_app.services.bills_of_material import TreeRow
from desktop_app.views.base.form_errors import by_place
from desktop_app.views.base.line_section import LineSection
from desktop_app.views.base.page_services import document_services
from desktop_app.views.base.station_table import StationColumn
from desktop_app.views.base.tones import Tone
from desktop_app.views.base.widgets import heading
from desktop_app.views.master_data.master_page import MasterPage, QuietTable
from desktop_app.views.master_data.records import MasterSpec

_BASES = (
    (LossBasis.OF_ISSUE.value, N_("of what is issued: ÷ (1 − p)")),
    (LossBasis.ON_TOP.value, N_("extra on top: × (1 + p)")),
)
_HEAD = (
    Field("item_id", N_("Product"), Editor.ITEM, required=True, width=28),
    Field("version", N_("Version"), required=True),
    Field("output_qty", N_("Makes quantity"), Editor.QUANTITY, required=True),
    Field("is_active", N_("Active version"), Editor.YES_NO),
    Field("remark", N_("Remark"), width=28),
)
LINES = DocumentType(
    kind="bom",
    title=N_("Bill of materials"),
    plural=N_("Bills of materials"),
    prefix="BOM",
    area="master",
    write_permission="master.write",
    transitions=(),
    head_fields=_HEAD,
    line_fields=(
        Field("item_id", N_("Component"), Editor.ITEM, Store.LINE, required=True, width=18),
        Field("qty", N_("Quantity"), Editor.QUANTITY, Store.LINE, required=True, width=10),
        Field("loss_rate", N_("Loss %"), Editor.PERCENT, Store.LINE, width=8),
        Field("loss_basis", N_("The loss is"), Editor.CHOICE, Store.LINE, width=24, choices=_BASES),
    ),
)
"""The line table reads its columns from a document type; this one is never a document."""


def _load(uow: UnitOfWork, bom_id: int) -> dict[str, Any]:
    row, lines = bom_queries.get_bom(uow, bom_id)
    return {
        "item_id": row.item_id,
        "item_code": row.item_code,
        "item_name": row.item_name,
        "code": row.item_code,
        "name": row.item_name,
        "version": row.version,
        "output_qty": row.output_qty,
        "is_active": row.is_active,
        "remark": row.remark,
        "stamp": row.stamp,
        "lines": tuple(_line_values(line) for line in lines),
    }


def _line_values(line: BOMLineRow) -> dict[str, Any]:
    return {
        "item_id": line.item_id,
        "item_code": line.item_code,
        "item_name": line.item_name,
        "qty": line.qty_per,
        "loss_rate": line.loss_rate * 100,
        "loss_basis": line.loss_basis,
    }


def _save(
    uow: UnitOfWork, values: Mapping[str, Any], bom_id: int | None, _version: int | None
) -> int:
    lines = boms.lines_from(
        [
            (
                line["item_id"],
                line["qty"],
                (line.get("loss_rate") or Decimal(0)) / 100,
                line.get("loss_basis") or LossBasis.OF_ISSUE.value,
            )
            for line in values["lines"]
        ]
    )
    draft = boms.BOMDraft(
        values["item_id"],
        lines,
        str(values["version"]),
        values["output_qty"],
        bool(values.get("is_active")),
        str(values.get("remark") or ""),
    )
    return boms.save_bom(uow, draft, bom_id=bom_id, stamp=values.get("stamp"))


BOM = MasterSpec(
    kind="bom",
    new_title=N_("New bill of materials"),
    fields=_HEAD,
    load=_load,
    save=_save,
    topics=frozenset({"bom"}),
    defaults=lambda: {"version": "1", "output_qty": Decimal(1), "is_active": True},
)


def _tree_columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(
            tr("Component"),
            lambda r: "    " * r.depth + ("└ " if r.depth else "") + r.code,
            24,
            bold=True,
        ),
        StationColumn(tr("Name"), lambda r: r.name, stretch=True),
        StationColumn(
            tr("Per piece"),
            lambda r: format_quantity(round(r.per, 6)) if r.depth else "",
            10,
            right=True,
        ),
        StationColumn(
            tr("Loss %"),
            lambda r: format_quantity(r.loss_rate * 100) if r.loss_rate else "",
            8,
            right=True,
        ),
        StationColumn(
            tr("Quantity needed"),
            lambda r: f"{format_quantity(r.qty, grouping=True)} {r.uom}",
            14,
            right=True,
            bold=True,
        ),
        StationColumn(tr("Version"), lambda r: r.version, 9, tone=lambda r: Tone.MUTED),
    )


class BOMPage(MasterPage):
    """Versions to choose from above, lines on the left, the exploded tree on the right."""

    def __init__(
        self, context: AppContext, bom_id: int | None = None, item_id: int | None = None
    ) -> None:
        self._stamp: str | None = None
        self._item_id = item_id
        self._versions: tuple[BOMRow, ...] = ()
        super().__init__(context, BOM, bom_id)
        self.add_key(tr("New version"), "F6", self.new_version)
        self.shortcut("F7", self._new_item)
        self.lines.load((), writing=self.may_write())
        if bom_id is None and item_id is not None:
            self._find_active(item_id)

    def build_below(self) -> QWidget:
        self.versions = QComboBox(self)
        self.versions.setAccessibleName(tr("Version"))
        self.versions.activated.connect(self._choose_version)
        self.lines = LineSection(self.context, LINES, document_services(), self)
        self.lines.edited.connect(self.mark_dirty)
        self.tree = QuietTable(
            _tree_columns(), self, empty_text=tr("What the saved product takes is shown here.")
        )
        self.tree.chosen.connect(self._open_component)
        self.amount = QLineEdit("1", self)
        self.amount.setAccessibleName(tr("Quantity to make"))
        self.amount.setMaximumWidth(120)
        self.amount.returnPressed.connect(self._ask_tree)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.setChildrenCollapsible(False)
        split.addWidget(
            self._side(tr("Components"), self.lines, QLabel(tr("Versions")), self.versions)
        )
        split.addWidget(self._side(tr("All levels"), self.tree, QLabel(tr("for")), self.amount))
        split.setSizes([300, 300])
        return split

    def _side(self, title: str, body: QWidget, *beside: QWidget) -> QWidget:
        side = QWidget(self)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(heading(title))
        row.addStretch(1)
        for widget in beside:
            row.addWidget(widget)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(body, 1)
        return side

    def save(self) -> None:
        problems = self.lines.problems()
        if problems:
            self._show_line_problems(problems)
            return
        # The worker thread must not read widgets.
        self._sent = tuple(self.lines.drafts())
        super().save()

    def save_call(
        self, uow: Any, values: Mapping[str, Any], record_id: int | None, version: int | None
    ) -> int:
        return _save(uow, {**values, "lines": self._sent, "stamp": self._stamp}, record_id, version)

    def show_more(self, record_id: int) -> None:
        self._ask_tree()

    def show_problems(self, problems: Any) -> None:
        super().show_problems([p for p in problems if p.line_no is None])
        self._show_line_problems([p for p in problems if p.line_no is not None])

    def new_version(self) -> None:
        """The same components under another version (F6): change and save."""
        self.record_id, self._stamp = None, None
        self.form.show_values({**self.form.values(), **self._titles(), "version": ""})
        self.form.focus_field("version")
        self.mark_dirty()

    def _new_item(self) -> None:
        """F7: a component that does not exist yet is written in a tab of its own."""
        if self.may_write():
            self.context.open_page("new:item", {})

    def _titles(self) -> dict[str, str]:
        return {name: title for name, title in self.form.titles().items() if title}

    def _form_left(self) -> None:
        self.lines.table.start()

    def _show(self, values: Mapping[str, Any]) -> None:
        super()._show({**values})
        self._stamp, self._item_id = values["stamp"], values["item_id"]
        self.version = None
        self.lines.load(values["lines"], writing=self.may_write())
        self.context.operations.query(
            bom_queries.versions,
            values["item_id"],
            on_done=self._show_versions,
            on_error=self._failed,
        )
        self._ask_tree()

    def _show_versions(self, rows: Sequence[BOMRow]) -> None:
        self._versions = tuple(rows)
        self.versions.clear()
        for row in self._versions:
            mark = tr("active") if row.is_active else ""
            self.versions.addItem(f"{row.version}  {mark}".strip(), row.id)
        self.versions.setCurrentIndex(self.versions.findData(self.record_id))

    def _choose_version(self, place: int) -> None:
        self.context.open_page("bom", {"id": self._versions[place].id})

    def _find_active(self, item_id: int) -> None:
        self.context.operations.query(
            bom_queries.versions, item_id, on_done=self._active_found, on_error=self._failed
        )

    def _active_found(self, rows: Sequence[BOMRow]) -> None:
        """Open the active version of the item; without one a new BOM of it begins."""
        active = next((row for row in rows if row.is_active), next(iter(rows), None))
        if active is not None:
            self.record_id = active.id
            self.reload()
        elif self._item_id is not None:
            self.context.operations.query(
                bom_queries.item_names,
                [self._item_id],
                on_done=self._item_known,
                on_error=self._failed,
            )

    def _item_known(self, names: Mapping[int, Any]) -> None:
        for name in names.values():
            self.form.show_values(
                {
                    **BOM.defaults(),
                    "item_id": name.id,
                    "item_code": name.code,
                    "item_name": name.name,
                }
            )
            self.lines.table.start()

    def _ask_tree(self) -> None:
        if self.record_id is None or self._item_id is None:
            return
        try:
            qty = parse_quantity(self.amount.text(), allow_zero=False)
        except InvalidInput as error:
            self.bar.tell(str(error), wrong=True)
            return
        self.context.operations.query(
            boms.tree,
            self._item_id,
            qty,
            self.record_id,
            on_done=self._show_tree,
            on_error=self._failed,
        )

    def _show_tree(self, rows: Sequence[TreeRow]) -> None:
        self._rows = tuple(rows)
        self.tree.show_rows(self._rows)

    def _open_component(self, row: int) -> None:
        self.context.open_page("item", {"id": self._rows[row].item_id})

    def _show_line_problems(self, problems: Sequence[Any]) -> None:
        if problems:
            self.lines.show_problems(by_place(problems))
            self.lines.focus_first_problem()

    _rows: tuple[TreeRow, ...] = ()
    _sent: tuple[Mapping[str, Any], ...] = ()


def create(context: AppContext, params: dict[str, Any]) -> BOMPage:
    """``id`` opens a version, ``item_id`` the active one of a product or a new one."""
    return BOMPage(context, params.get("id"), params.get("item_id"))
