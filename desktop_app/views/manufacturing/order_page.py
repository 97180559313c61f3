"""Product, quantity, BOM version: the order writes itself, its material is shown beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core.errors import InvalidInput
from desktop_app.core.i18n import N_, tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import Editor, Field
from desktop_app.domain.quantities import format_quantity
from desktop_app.queries.stock import LineStock, line_stock
from desktop_app.runtime.context import AppContext
from desktop_app.services import bills_of_material, material, scanning
from desktop_app.services.bills_of_material import NeedRow
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.documents import DocumentRef
from desktop_app.services.material import NewOrder
from desktop_app.views.base.form_errors import by_place
from desktop_app.views.base.head_form import HeadForm
from desktop_app.views.base.inline_bar import InlineBar
from desktop_app.views.base.page import Page
from desktop_app.views.base.station_table import StationColumn, StationTable
from desktop_app.views.base.tones import Tone
from desktop_app.views.base.widgets import heading, muted_label, primary_button, title_label

_WAIT_MS = 150
_PARTY = Field("party_id", N_("Subcontractor"), Editor.PARTY, required=True)
_FIELDS = (
    Field("output_item_id", N_("Product"), Editor.ITEM, required=True),
    Field("output_qty", N_("Quantity"), Editor.QUANTITY, required=True),
    Field("bom_id", N_("BOM version"), Editor.BOM),
    Field("warehouse_id", N_("Warehouse"), Editor.WAREHOUSE, required=True),
    Field("due_date", N_("Due date"), Editor.DATE),
    Field("remark", N_("Remark")),
)


def _needs(
    uow: UnitOfWork, item_id: int, qty: Any, bom_id: int | None, warehouse_id: int | None
) -> list[tuple[NeedRow, LineStock]]:
    """The components with what is available of each."""
    rows = bills_of_material.direct_needs(uow, item_id, qty, bom_id)
    stock = line_stock(uow, [row.item_id for row in rows], warehouse_id)
    return [(row, stock[row.item_id]) for row in rows]


def _columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Component"), lambda r: r[0].code, 18, bold=True),
        StationColumn(tr("Name"), lambda r: r[0].name, stretch=True),
        StationColumn(
            tr("Quantity needed"),
            lambda r: f"{format_quantity(r[0].qty)} {r[0].uom}",
            14,
            right=True,
        ),
        StationColumn(
            tr("Available"),
            lambda r: format_quantity(r[1].available),
            12,
            right=True,
            tone=lambda r: Tone.WRONG if r[1].available < r[0].qty else Tone.GOOD,
        ),
        StationColumn(tr("Made here"), lambda r: tr("Yes") if r[0].made else "", 12),
    )


class OrderPage(Page):
    """A new work order or outsourcing order; Ctrl+S writes it and opens it."""

    def __init__(self, context: AppContext, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.document_type = DOCUMENT_TYPES[kind]
        self._uuid = uuid4()
        self._busy = False
        outside = self.document_type.party_role is not None
        fields = (_PARTY, *_FIELDS) if outside else _FIELDS
        self.form = HeadForm(
            context, fields, scanning.search, self, party_role=self.document_type.party_role
        )
        self.bar = InlineBar(self)
        self.table = StationTable(
            _columns(),
            self,
            factor=1.0,
            empty_text=tr("Choose the product and type the quantity: what it takes is shown here."),
        )
        self.save_button = primary_button(tr("Write the order") + "  Ctrl+S")
        self._later = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._later.timeout.connect(self.show_needs)
        self._build()

    def title(self) -> str:
        return tr("New: {kind}", kind=tr(self.document_type.title))

    def is_dirty(self) -> bool:
        return self.form.value("output_item_id") is not None and not self._busy

    def show_needs(self) -> None:
        """Ask for the components of what is entered so far."""
        item, qty = self.form.value("output_item_id"), self.form.value("output_qty")
        if item is None or qty is None or qty <= 0:
            self.table.show_rows(())
            return
        self.context.operations.query(
            _needs,
            item,
            qty,
            self.form.value("bom_id"),
            self.form.value("warehouse_id"),
            on_done=self._show,
            on_error=self._failed,
        )

    def save(self) -> None:
        """Write the order with its material."""
        if self._busy:
            return
        problems = self.form.problems()
        if problems:
            self._show_problems(problems)
            return
        values = self.form.values()
        self._busy = True
        order = NewOrder(
            values["output_item_id"],
            values["output_qty"],
            values["warehouse_id"],
            values.get("bom_id"),
            values.get("due_date"),
            values.get("party_id"),
            str(values.get("remark") or ""),
            self._uuid,
        )
        self.context.operations.command(
            material.create_order,
            self.document_type.kind,
            order,
            on_done=self._written,
            on_error=self._refused,
        )

    def _build(self) -> None:
        self.form.edited.connect(lambda _name: self._later.start())
        self.form.left.connect(self.save_button.setFocus)
        self.save_button.clicked.connect(lambda _checked=False: self.save())
        for key in ("Ctrl+S", "F8"):
            QShortcut(
                QKeySequence(key),
                self,
                self.save,
                context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
            )
        head = QHBoxLayout()
        head.addWidget(title_label(self.title()))
        head.addStretch(1)
        head.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addWidget(self.form)
        column.addWidget(heading(tr("Material by the bill of materials, loss included")))
        column.addWidget(self.table, 1)
        column.addWidget(
            muted_label(
                tr(
                    "A component marked “made here” has a BOM of its own and gets"
                    " its own work order."
                )
            )
        )
        self.form.focus_field()

    def _show(self, rows: Sequence[Any]) -> None:
        self.bar.clear()
        self.table.show_rows(rows)

    def _written(self, made: DocumentRef) -> None:
        self._uuid = uuid4()
        self.context.notifier.success(tr("Saved"))
        self.context.open_page("document", {"kind": self.document_type.kind, "id": made.id})
        self.close_wanted.emit()

    def _refused(self, error: Exception) -> None:
        self._busy = False
        if isinstance(error, InvalidInput):
            self._show_problems(error.problems)
        else:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        self.table.show_rows(())
        self.bar.tell(str(error), wrong=True)

    def _show_problems(self, problems: Any) -> None:
        self.form.show_problems({name: text for (_l, name), text in by_place(problems).items()})


def create(context: AppContext, params: dict[str, Any]) -> OrderPage:
    """``kind`` work_order or outsourcing_order."""
    return OrderPage(context, str(params.get("kind", "work_order")))
