"""The form of an item as data: its tabs, fields and tables."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from desktop_app.core.i18n import N_, tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import Editor, Field, Store
from desktop_app.queries.items import item_record
from desktop_app.services.items import save_item
from desktop_app.views.base.form_table import TableSpec
from desktop_app.views.base.tabbed_form import FormTab
from desktop_app.views.master_data.records import MasterSpec

TRACKING = (("none", N_("No lots")), ("lot", N_("By lot")), ("serial", N_("By serial number")))
ABC = (("A", "A"), ("B", "B"), ("C", "C"))
LIFE_UNITS = (("hours", N_("hours")), ("days", N_("days")), ("months", N_("months")))
_TEXTS = ("spec", "category", "tax_code")
"""Fields whose empty text is a value: clearing them must be saved."""
_LINE = Store.LINE

UNITS = TableSpec(
    "units",
    N_("Units"),
    (
        Field("unit", N_("Unit"), Editor.TEXT, _LINE, required=True, width=10),
        Field("factor", N_("One is … base units"), Editor.TEXT, _LINE, required=True, width=18),
        Field("for_purchase", N_("To buy"), Editor.YES_NO, _LINE, width=9),
        Field("for_sales", N_("To sell"), Editor.YES_NO, _LINE, width=9),
    ),
    hint=N_("12, 0.5 or 1000/3"),
)
BARCODES = TableSpec(
    "barcodes",
    N_("Barcodes"),
    (
        Field("barcode", N_("Barcode"), Editor.TEXT, _LINE, required=True, width=20),
        Field("unit", N_("Unit"), Editor.TEXT, _LINE, width=10),
        Field("factor", N_("One scan counts"), Editor.QUANTITY, _LINE, width=14),
    ),
    hint=N_("The count of a unit's barcode follows its unit."),
)
PARTNERS = TableSpec(
    "partners",
    N_("Partners' codes"),
    (
        Field("party_id", N_("Partner"), Editor.PARTY, _LINE, required=True, width=22),
        Field("code", N_("Their code"), Editor.TEXT, _LINE, width=14),
        Field("name", N_("Their name"), Editor.TEXT, _LINE, width=18),
        Field("pack_size", N_("Pack size"), Editor.QUANTITY, _LINE, width=10),
        Field("min_order_qty", N_("Smallest order"), Editor.QUANTITY, _LINE, width=13),
        Field("lead_time_days", N_("Lead time, days"), Editor.INTEGER, _LINE, width=14),
        Field("is_preferred", N_("Preferred"), Editor.YES_NO, _LINE, width=10),
    ),
    permission="stock.read",
)
LEVEL_PRICES = TableSpec(
    "level_prices",
    N_("Price levels"),
    (
        Field("level", N_("Level"), Editor.TEXT, Store.COMPUTED, width=10),
        Field("level_name", N_("Name"), Editor.TEXT, Store.COMPUTED, width=20),
        Field("price", N_("Price"), Editor.PRICE, _LINE, width=12),
    ),
    fixed=True,
    hint=N_("Per base unit, tax included. Without one the list price counts."),
    permission="sales.write",
)
BINS = TableSpec(
    "bins",
    N_("Usual bin by warehouse"),
    (
        Field("location_id", N_("Bin"), Editor.LOCATION, _LINE, required=True, width=18),
        Field("warehouse_name", N_("Warehouse"), Editor.TEXT, Store.COMPUTED, width=20),
    ),
)
FIELDS = (
    Field("code", N_("Item code"), required=True),
    Field("name", N_("Name"), required=True, width=30),
    Field("spec", N_("Specification")),
    Field("category", N_("Category")),
    Field("uom", N_("Unit"), required=True),
    Field("uom_decimals", N_("Decimals of the unit"), Editor.INTEGER),
    Field("tracking", N_("Tracking"), Editor.CHOICE, required=True, choices=TRACKING),
    Field("abc_class", N_("ABC"), Editor.CHOICE, required=True, choices=ABC),
    Field("is_active", N_("In use"), Editor.YES_NO),
    Field("blank_item_id", N_("Made from blank"), Editor.ITEM),
    Field("family_title", N_("Family"), store=Store.COMPUTED),
    Field("variant_title", N_("Variant"), store=Store.COMPUTED),
    Field("safety_stock", N_("Safety stock"), Editor.QUANTITY),
    Field("reorder_point", N_("Reorder point"), Editor.QUANTITY),
    Field("reorder_multiple", N_("Order multiple"), Editor.QUANTITY),
    Field("min_order_qty", N_("Smallest order"), Editor.QUANTITY),
    Field("pack_size", N_("Pack size"), Editor.QUANTITY),
    Field("lead_time_days", N_("Lead time, days"), Editor.INTEGER),
    Field("sales_price", N_("Sales price"), Editor.PRICE, permission="sales.write"),
    Field("purchase_price", N_("Purchase price"), Editor.PRICE, permission="purchase.write"),
    Field("tax_code", N_("Tax rate"), Editor.CHOICE),
    Field("default_location_id", N_("Usual bin"), Editor.LOCATION),
    Field("shelf_life", N_("Shelf life"), Editor.INTEGER),
    Field("shelf_life_unit", N_("counted in"), Editor.CHOICE, required=True, choices=LIFE_UNITS),
    Field("unit_weight_g", N_("Unit weight g"), Editor.QUANTITY),
    Field("weight_tolerance_pct", N_("Weight tolerance %"), Editor.PERCENT),
)
TABS = (
    FormTab(
        N_("Basics"),
        (
            "code",
            "name",
            "spec",
            "category",
            "uom",
            "uom_decimals",
            "tracking",
            "abc_class",
            "is_active",
            "blank_item_id",
            "family_title",
            "variant_title",
        ),
    ),
    FormTab(N_("Units and barcodes"), (), (UNITS, BARCODES)),
    FormTab(
        N_("Purchase"),
        (
            "safety_stock",
            "reorder_point",
            "reorder_multiple",
            "min_order_qty",
            "pack_size",
            "lead_time_days",
        ),
        (PARTNERS,),
    ),
    FormTab(N_("Prices"), ("sales_price", "purchase_price", "tax_code"), (LEVEL_PRICES,)),
    FormTab(
        N_("Storage"),
        (
            "default_location_id",
            "shelf_life",
            "shelf_life_unit",
            "unit_weight_g",
            "weight_tolerance_pct",
        ),
        (BINS,),
    ),
)


def _save(
    uow: UnitOfWork, values: Mapping[str, Any], item_id: int | None, version: int | None
) -> int:
    given = {
        name: "" if value is None and name in _TEXTS else value for name, value in values.items()
    }
    return save_item(uow, given, item_id=item_id, version=version)


ITEM = MasterSpec(
    kind="item",
    new_title=N_("New item"),
    fields=FIELDS,
    load=item_record,
    save=_save,
    topics=frozenset({"item", "stock"}),
    defaults=lambda: {
        "uom": tr("pcs"),
        "uom_decimals": 0,
        "tracking": "none",
        "abc_class": "C",
        "is_active": True,
        "shelf_life_unit": "days",
        "weight_tolerance_pct": Decimal(2),
    },
    tabs=TABS,
)
