"""An item: its form, where it lies, why so much, what it is made of and used in; its label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QSplitter, QVBoxLayout, QWidget

from desktop_app.core.i18n import tr
from desktop_app.domain.locations import CODES_WITHOUT_WAREHOUSE, TITLES, LocationKind
from desktop_app.domain.quantities import format_quantity
from desktop_app.queries import bills_of_material, items as item_queries
from desktop_app.queries.bills_of_material import WhereUsed
from desktop_app.queries.items import ItemChoices
from desktop_app.queries.stock import PlaceStock, item_stock
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.head_form import HeadForm
from desktop_app.views.base.station_table import StationColumn
from desktop_app.views.base.tabbed_form import TabbedForm
from desktop_app.views.base.tones import Tone
from desktop_app.views.base.widgets import heading
from desktop_app.views.master_data.item_pictures import ItemPictures
from desktop_app.views.master_data.item_record import ITEM
from desktop_app.views.master_data.master_page import MasterPage, QuietTable


def _places() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Place"), _place_text, 11, bold=True),
        StationColumn(
            tr("On hand"),
            lambda r: format_quantity(r.on_hand, grouping=True),
            9,
            right=True,
            bold=True,
        ),
        StationColumn(
            tr("Set aside"), lambda r: format_quantity(r.allocated, grouping=True), 7, right=True
        ),
        StationColumn(
            tr("Lot"), lambda r: r.lot, 10, tone=lambda r: Tone.WRONG if r.held else None
        ),
        StationColumn(
            tr("Expires"),
            lambda r: r.expires_at.astimezone().strftime("%Y-%m-%d %H:%M") if r.expires_at else "",
            16,
        ),
        StationColumn(tr("Kind of place"), lambda r: tr(TITLES[LocationKind(r.place_kind)]), 9),
        StationColumn(tr("Warehouse"), lambda r: r.warehouse, 14, stretch=True),
    )


def _place_text(row: PlaceStock) -> str:
    return tr(CODES_WITHOUT_WAREHOUSE.get(row.place, "")) or row.place


def _used_in() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Product"), lambda r: r.item_code, 10, bold=True),
        StationColumn(tr("Name"), lambda r: r.item_name, 12),
        StationColumn(tr("Level"), lambda r: str(r.level), 3, right=True),
        StationColumn(tr("Through"), lambda r: r.path, stretch=True),
    )


class ItemPage(MasterPage):
    """F12 why, F9 label, F7 bill of materials, F6 family, Shift+F6 blank; Ctrl+1 … the tabs."""

    def __init__(
        self,
        context: AppContext,
        item_id: int | None = None,
        proposal: dict[str, Any] | None = None,
    ) -> None:
        self._family_id: int | None = None
        self._blank_id: int | None = None
        super().__init__(context, ITEM, item_id, proposal)
        self.add_key(tr("Why so much?"), "F12", self.why)
        self.add_key(tr("Labels"), "F9", self.print_label)
        self.add_key(tr("Bill of materials"), "F7", self.open_bom)
        self.family_key = self.add_key(tr("Family"), "F6", self.open_family)
        self.blank_key = self.add_key(tr("Blank"), "Shift+F6", self.open_blank)
        self._show_relatives()
        context.operations.query(
            item_queries.item_choices, on_done=self._choices_known, on_error=self._failed
        )

    def build_form(self) -> HeadForm | TabbedForm:
        form = super().build_form()
        assert isinstance(form, TabbedForm)  # the spec of an item has tabs
        self.pictures = ItemPictures(self.context, form)
        form.add_tab(tr("Pictures"), self.pictures)
        return form

    def build_below(self) -> QWidget:
        split = QSplitter(self)
        split.setChildrenCollapsible(False)
        self.stock = QuietTable(_places(), self, empty_text=tr("Nothing of it lies anywhere."))
        self.stock.chosen.connect(lambda _row: self.why())
        self.used_in = QuietTable(_used_in(), self, empty_text=tr("No bill of materials uses it."))
        self.used_in.chosen.connect(self._open_product)
        for words, table in ((tr("Where it lies"), self.stock), (tr("Used in"), self.used_in)):
            side = QWidget(self)
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(4)
            column.addWidget(heading(words))
            column.addWidget(table, 1)
            split.addWidget(side)
        split.setSizes([700, 420])
        return split

    def show_more(self, record_id: int) -> None:
        if self.context.user.may("stock.read"):
            self.context.operations.query(
                item_stock, record_id, on_done=self._show_stock, on_error=self._failed
            )
        self.context.operations.query(
            bills_of_material.where_used, record_id, on_done=self._show_used, on_error=self._failed
        )

    def why(self) -> None:
        """Why does so much lie there? The current place, or the whole item."""
        if self.record_id is None:
            return
        params: dict[str, Any] = {"item_id": self.record_id}
        place = self.stock.current_row()
        if self.stock.hasFocus() and 0 <= place < len(self._places):
            row = self._places[place]
            params |= {"location_id": row.location_id, "lot_id": row.lot_id or None}
        self.context.open_page("why", params)

    def print_label(self) -> None:
        """The label of this item, with preview."""
        if self.record_id is not None:
            self.context.open_page(
                "print_labels",
                {"kind": "item", "goods": [(self.record_id, 0, None)], "title": self.title()},
            )

    def open_bom(self) -> None:
        """The bill of materials of this item, or a new one."""
        if self.record_id is not None:
            self.context.open_page("bom", {"item_id": self.record_id})

    def open_family(self) -> None:
        """The grid of the family: all siblings (F6)."""
        if self._family_id is not None:
            self.context.open_page("family", {"id": self._family_id})

    def open_blank(self) -> None:
        """The blank this one is made from (Shift+F6)."""
        if self._blank_id is not None:
            self.context.open_page("item", {"id": self._blank_id})

    def _show(self, values: Mapping[str, Any]) -> None:
        self._family_id, self._blank_id = values.get("family_id"), values.get("blank_item_id")
        super()._show(values)
        self._show_relatives()

    def _show_relatives(self) -> None:
        self.family_key.setVisible(self._family_id is not None)
        self.blank_key.setVisible(self._blank_id is not None)

    def _choices_known(self, known: ItemChoices) -> None:
        """Tax codes and price levels of this company; a new item gets its empty levels."""
        if "tax_code" in self.form:
            self.form.editor("tax_code").use_choices(known.tax_codes)
        if "category" in self.form:
            completer = QCompleter(list(known.categories), self)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            self.form.editor("category").setCompleter(completer)
        if self.record_id is None and "level_prices" in self.form:
            self.form.table("level_prices").show_values({"level_prices": known.levels})

    def _show_stock(self, rows: Sequence[PlaceStock]) -> None:
        self._places = tuple(rows)
        self.stock.show_rows(self._places)

    def _show_used(self, rows: Sequence[WhereUsed]) -> None:
        self._products = tuple(rows)
        self.used_in.show_rows(self._products)

    def _open_product(self, row: int) -> None:
        self.context.open_page("bom", {"item_id": self._products[row].item_id})

    _places: tuple[PlaceStock, ...] = ()
    _products: tuple[WhereUsed, ...] = ()


def create(context: AppContext, params: dict[str, Any]) -> ItemPage:
    """``id`` opens an item; ``proposal`` are the first values of a new one."""
    page = ItemPage(context, params.get("id"), params.get("proposal"))
    page.wanted_field = str(params.get("field") or "")
    return page
