"""The forms of master data as data: fields, how a record is read and how it is saved."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import Editor, Field
from desktop_app.queries import master_data as records
from desktop_app.services import master_data
from desktop_app.views.base.tabbed_form import FormTab

Values = Mapping[str, Any]


@dataclass(frozen=True)
class MasterSpec:
    """A kind of record. ``save(uow, values, id or None, version or None)`` returns the id.

    With ``tabs`` the fields stand in tabs, with the tables that belong to the record.
    """

    kind: str
    new_title: str
    fields: tuple[Field, ...]
    load: Callable[[UnitOfWork, int], Values]
    save: Callable[[UnitOfWork, Values, int | None, int | None], int]
    topics: frozenset[str]
    defaults: Callable[[], Values] = dict
    tabs: tuple[FormTab, ...] = ()


_TRACKING = (("none", N_("No lots")), ("lot", N_("By lot")), ("serial", N_("By serial number")))
_ABC = (("A", "A"), ("B", "B"), ("C", "C"))
_TEXTS = ("spec", "contact", "phone", "address", "tax_id", "orders_frozen_reason")
"""Fields whose empty text is a value: clearing them must be saved."""


def _save_item(uow: UnitOfWork, values: Values, item_id: int | None, version: int | None) -> int:
    given = _cleared(values)
    given["barcodes"] = read_barcodes(str(values.get("barcodes") or ""))
    return master_data.save_item(uow, given, item_id=item_id, version=version)


def _save_party(uow: UnitOfWork, values: Values, party_id: int | None, version: int | None) -> int:
    return master_data.save_party(uow, _cleared(values), party_id=party_id, version=version)


def _save_warehouse(
    uow: UnitOfWork, values: Values, warehouse_id: int | None, _version: int | None
) -> int:
    if warehouse_id is not None:
        return master_data.change_warehouse(uow, warehouse_id, values)
    return master_data.save_warehouse(
        uow,
        str(values["code"]),
        str(values["name"]),
        str(values["exit_code"]),
        str(values.get("address") or ""),
    )


def _cleared(values: Values) -> dict[str, Any]:
    return {
        name: "" if value is None and name in _TEXTS else value for name, value in values.items()
    }


def read_barcodes(text: str) -> dict[str, Decimal]:
    """Barcodes as typed: separated by comma or blank, a box code as ``code*12``.

    Raises InvalidInput at ``barcodes``.
    """
    found: dict[str, Decimal] = {}
    for part in re.split(r"[,，;；\s]+", text.strip()):
        if not part:
            continue
        code, _, factor = part.replace("×", "*").partition("*")
        try:
            found[code] = Decimal(factor or 1)
        except InvalidOperation:
            found[code] = Decimal(0)
        if not found[code].is_finite() or found[code] <= 0 or not code:
            raise InvalidInput(
                (
                    FieldProblem(
                        "barcodes",
                        Message(
                            N_("“{typed}” is no barcode; a box of 12 is written code*12."),
                            {"typed": part},
                        ),
                    ),
                )
            )
    return found


ITEM = MasterSpec(
    kind="item",
    new_title=N_("New item"),
    fields=(
        Field("code", N_("Item code"), required=True),
        Field("name", N_("Name"), required=True, width=30),
        Field("spec", N_("Specification")),
        Field("uom", N_("Unit"), required=True),
        Field("uom_decimals", N_("Decimals of the unit"), Editor.INTEGER),
        Field("tracking", N_("Tracking"), Editor.CHOICE, required=True, choices=_TRACKING),
        Field("shelf_life", N_("Shelf life, hours"), Editor.INTEGER),
        Field("unit_weight_g", N_("Unit weight g"), Editor.QUANTITY),
        Field("weight_tolerance_pct", N_("Weight tolerance %"), Editor.PERCENT),
        Field("safety_stock", N_("Safety stock"), Editor.QUANTITY),
        Field("abc_class", N_("ABC"), Editor.CHOICE, required=True, choices=_ABC),
        Field("default_location_id", N_("Usual bin"), Editor.LOCATION),
        Field("barcodes", N_("Barcodes"), width=30),
        Field("sales_price", N_("Sales price"), Editor.PRICE, permission="sales.write"),
        Field("purchase_price", N_("Purchase price"), Editor.PRICE, permission="purchase.write"),
    ),
    load=records.item_record,
    save=_save_item,
    topics=frozenset({"item", "stock"}),
    defaults=lambda: {
        "uom": "pcs",
        "uom_decimals": 0,
        "tracking": "none",
        "abc_class": "C",
        "weight_tolerance_pct": Decimal(2),
    },
)
PARTY = MasterSpec(
    kind="party",
    new_title=N_("New partner"),
    fields=(
        Field("code", N_("Code"), required=True),
        Field("name", N_("Name"), required=True, width=30),
        Field("tax_id", N_("Tax number")),
        Field("is_customer", N_("Customer"), Editor.YES_NO),
        Field("is_supplier", N_("Supplier"), Editor.YES_NO),
        Field("is_subcontractor", N_("Subcontractor"), Editor.YES_NO),
        Field("contact", N_("Contact")),
        Field("phone", N_("Phone")),
        Field("address", N_("Address"), width=30),
        Field("orders_frozen_reason", N_("New orders frozen because"), width=30),
    ),
    load=records.party_record,
    save=_save_party,
    topics=frozenset({"party"}),
)
WAREHOUSE = MasterSpec(
    kind="warehouse",
    new_title=N_("New warehouse"),
    fields=(
        Field("code", N_("Code"), required=True),
        Field("name", N_("Name"), required=True, width=24),
        Field("exit_code", N_("Exit code"), required=True),
        Field("address", N_("Address"), width=30),
    ),
    load=records.warehouse_record,
    save=_save_warehouse,
    topics=frozenset({"place"}),
)
