"""Every change of master data as a list: old, new, who, when, from which screen or import."""

from __future__ import annotations

from dataclasses import replace

from desktop_app.core.i18n import N_
from desktop_app.domain.document_type import Editor
from desktop_app.queries.listing import Column, ListSpec, person_name

RECORDS = {
    "item": N_("Item"),
    "family": N_("Family"),
    "lot": N_("Lot"),
    "party": N_("Partner"),
    "warehouse": N_("Warehouse"),
    "place": N_("Place"),
    "bom": N_("Bill of materials"),
    "tax_rate": N_("Tax rate"),
    "price_level": N_("Price level"),
    "own_field": N_("Own field"),
    "setting": N_("Setting"),
    "label_design": N_("Label design"),
    "device": N_("Device"),
}
"""What the log calls a record (models/sql/86_change_log) and what a person calls it."""
PARTS = {
    "barcode": N_("Barcode"),
    "unit": N_("Unit"),
    "bin": N_("Usual bin"),
    "picture": N_("Picture"),
    "sales_price": N_("Sales price"),
    "level_price": N_("Price of a level"),
    "purchase_price": N_("Purchase price"),
    "partner": N_("Partner's code"),
    "axis": N_("Axis"),
    "contact": N_("Contact"),
    "address": N_("Address"),
    "component": N_("Component"),
    "rate": N_("Tax rate"),
    "level": N_("Price level"),
    "setting": N_("Setting"),
}
FIELDS = {
    "": N_("Made or taken away"),
    "code": N_("Code"),
    "name": N_("Name"),
    "spec": N_("Specification"),
    "uom": N_("Unit"),
    "uom_decimals": N_("Decimals"),
    "tracking": N_("Tracking"),
    "category": N_("Category"),
    "shelf_life": N_("Shelf life"),
    "shelf_life_unit": N_("Unit of shelf life"),
    "unit_weight_g": N_("Unit weight"),
    "unit_weight_spread_g": N_("Spread of the unit weight"),
    "weight_samples": N_("Pieces weighed for it"),
    "weight_tolerance_pct": N_("Weight tolerance"),
    "safety_stock": N_("Safety stock"),
    "reorder_point": N_("Reorder point"),
    "reorder_multiple": N_("Order multiple"),
    "min_order_qty": N_("Minimum order"),
    "lead_time_days": N_("Lead time"),
    "pack_size": N_("Pack size"),
    "tax_code": N_("Tax rate"),
    "abc_class": N_("ABC class"),
    "blank_item_id": N_("Blank"),
    "default_location_id": N_("Usual bin"),
    "location_id": N_("Bin"),
    "merged_into_id": N_("Merged into"),
    "is_active": N_("In use"),
    "factor": N_("Factor"),
    "price": N_("Price"),
    "contact": N_("Contact"),
    "phone": N_("Phone"),
    "address": N_("Address"),
    "tax_id": N_("Tax id"),
    "payment_terms": N_("Payment terms"),
    "payment_days": N_("Payment days"),
    "credit_limit": N_("Credit limit"),
    "orders_frozen_reason": N_("New orders frozen"),
    "remark": N_("Remark"),
    "held": N_("Held"),
    "expires_at": N_("Expires"),
    "qty_per": N_("Quantity"),
    "loss_rate": N_("Loss rate"),
    "route_seq": N_("Walking order"),
    "rate": N_("Rate"),
    "value": N_("Value"),
}
"""Titles of the fields; others show their own name."""
SCREENS = {
    **RECORDS,
    "": "",
    "import": N_("Import"),
    "settings": N_("Settings"),
    "duplicates": N_("Possible duplicates"),
    "missing_parameters": N_("Missing parameters"),
    "quick_new": N_("New while choosing"),
}
"""Screens that changes come from; an import gives its file's name."""
_VALUES = {"true": N_("Yes"), "false": N_("No")}
_NAME = (
    "CASE c.record"
    " WHEN 'item' THEN (SELECT r.code || ' ' || r.name FROM item r WHERE r.id = c.record_id)"
    " WHEN 'party' THEN (SELECT r.code || ' ' || r.name FROM party r WHERE r.id = c.record_id)"
    " WHEN 'warehouse' THEN (SELECT r.code FROM warehouse r WHERE r.id = c.record_id)"
    " WHEN 'place' THEN (SELECT r.code FROM location r WHERE r.id = c.record_id)"
    " WHEN 'lot' THEN (SELECT r.code FROM lot r WHERE r.id = c.record_id)"
    " WHEN 'bom' THEN (SELECT i.code || ' ' || r.version FROM bom r JOIN item i"
    " ON i.id = r.item_id WHERE r.id = c.record_id)"
    " ELSE c.new #>> '{}' END"
)
_KIND = "split_part(c.part, ':', 1)"
_PART = "substr(c.part, strpos(c.part, ':') + 1)"
_CODE_AND_NAME = "SELECT r.code || ' ' || r.name FROM {table} r WHERE r.id = {value}"
_CODE = "SELECT r.code FROM {table} r WHERE r.id = {value}"
_REFERENCES = {
    "item_id": _CODE_AND_NAME.replace("{table}", "item"),
    "blank_item_id": _CODE_AND_NAME.replace("{table}", "item"),
    "party_id": _CODE_AND_NAME.replace("{table}", "party"),
    "location_id": _CODE.replace("{table}", "location"),
    "default_location_id": _CODE.replace("{table}", "location"),
    "warehouse_id": _CODE.replace("{table}", "warehouse"),
}
"""Fields that hold the id of another record: people read its code and name."""


def _named(key: str, value: str) -> str:
    """SQL: the name of what ``value`` (a text) stands for in field ``key``, NULL when nothing.

    A record is merged into one of its own kind.
    """
    # A setting may have a key of that name that holds something else.
    value = f"(substring({value} from '^[0-9]+$'))::bigint"
    merged = (
        f"CASE c.record WHEN 'party' THEN ({_REFERENCES['party_id'].format(value=value)})"
        f" ELSE ({_REFERENCES['item_id'].format(value=value)}) END"
    )
    cases = [
        f" WHEN '{name}' THEN ({sql.format(value=value)})" for name, sql in _REFERENCES.items()
    ]
    return f"CASE {key}{''.join(cases)} WHEN 'merged_into_id' THEN {merged} END"


def _shown(column: str) -> str:
    """A stored value as a person reads it: numbers without idle zeros, a row as its values, ids
    as the names behind them, a component's loss as what is done with it (÷ (1 − 5 %)).
    """
    text = f"c.{column} #>> '{{}}'"
    plain = "trim_scale(({0})::numeric)::text"
    number = plain.format(text)
    quantity = plain.format(f"c.{column} ->> 'qty_per'")
    percent = plain.format(f"(c.{column} ->> 'loss_rate')::numeric * 100")
    return (
        f"CASE WHEN jsonb_typeof(c.{column}) = 'number'"
        f" THEN coalesce({_named('c.field', f'({text})')}, {number})"
        f" WHEN jsonb_typeof(c.{column}) = 'object' AND {_KIND} = 'component'"
        f" THEN concat_ws(' ', {quantity},"
        f" (SELECT r.uom FROM item r WHERE r.id = (c.{column} ->> 'item_id')::bigint),"
        f" CASE WHEN (c.{column} ->> 'loss_rate')::numeric = 0 THEN NULL"
        f" WHEN c.{column} ->> 'loss_basis' = 'on_top' THEN '× (1 + ' || {percent} || ' ' || chr(37) || ')'"
        f" ELSE '÷ (1 − ' || {percent} || ' ' || chr(37) || ')' END)"
        f" WHEN jsonb_typeof(c.{column}) = 'object' THEN (SELECT string_agg(CASE"
        f" WHEN right(v.key, 3) = '_id' THEN {_named('v.key', 'v.value')}"
        " WHEN v.value ~ '^-?[0-9]+[.][0-9]+$' THEN trim_scale(v.value::numeric)::text"
        f" ELSE v.value END, '  ') FROM jsonb_each_text(c.{column}) v WHERE v.value <> ''"
        f" AND v.key <> 'warehouse_id') ELSE {text} END"
    )


_WHICH = (
    f"CASE {_KIND} WHEN 'component' THEN coalesce((SELECT r.code || ' ' || r.name"
    f" FROM item r WHERE r.code = {_PART}), {_PART}) WHEN 'bin' THEN coalesce((SELECT r.code"
    f" FROM warehouse r WHERE r.id::text = {_PART}), {_PART}) ELSE {_PART} END"
)


CHANGES = ListSpec(
    id="list:change_log",
    title=N_("Changes of master data"),
    columns=(
        Column("at", N_("When"), "c.at", Editor.TIMESTAMP, width=16, never_null=True),
        Column("record", N_("What"), "c.record", Editor.CHOICE, width=12, labels=RECORDS),
        Column("name", N_("Name"), _NAME, width=28),
        Column(
            "part",
            N_("Part"),
            _KIND,
            Editor.CHOICE,
            width=12,
            labels={"": "", **PARTS},
        ),
        Column("which", N_("Which"), _WHICH, width=22),
        Column("field", N_("Field"), "c.field", Editor.CHOICE, width=14, labels=FIELDS),
        Column("old", N_("Before"), _shown("old"), width=20, labels=_VALUES),
        Column("new", N_("After"), _shown("new"), width=20, labels=_VALUES),
        Column("actor", N_("Who"), person_name("c.actor"), width=12),
        Column("workstation", N_("PC"), "c.workstation", width=12),
        Column("record_id", N_("Id"), "c.record_id", Editor.INTEGER, visible=False),
        Column("source", N_("From"), "c.source", Editor.CHOICE, width=18, labels=SCREENS),
    ),
    source="change_log c",
    key="c.id",
    opens="change",
    search=("c.record", "c.field", "c.actor", "c.source", "c.old::text", "c.new::text"),
    topics=("item", "party", "place", "bom"),
    descending=True,
    permission="stock.read",
)


def history_of(record: str, record_id: int, title: str) -> ListSpec:
    """The changes of one record. Raises KeyError for a kind of record without a log."""
    if record not in RECORDS:
        raise KeyError(record)
    return replace(
        CHANGES,
        title=title,
        columns=tuple(c for c in CHANGES.columns if c.name not in ("record", "name")),
        where=f"c.record = '{record}' AND c.record_id = {int(record_id)}",
    )
