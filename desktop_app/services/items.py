"""Items: saved whole with what belongs to them, guarded by their version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.pinyin_search import search_text
from desktop_app.domain.units import parse_factor
from desktop_app.services.record_writer import require, save_record

ITEM_FIELDS = (
    "code",
    "name",
    "spec",
    "uom",
    "uom_decimals",
    "tracking",
    "category",
    "blank_item_id",
    "shelf_life",
    "shelf_life_unit",
    "unit_weight_g",
    "weight_tolerance_pct",
    "safety_stock",
    "reorder_point",
    "reorder_multiple",
    "min_order_qty",
    "lead_time_days",
    "pack_size",
    "tax_code",
    "abc_class",
    "default_location_id",
    "is_active",
)
_MAY_BE_NONE = (
    "blank_item_id",
    "shelf_life",
    "unit_weight_g",
    "reorder_point",
    "reorder_multiple",
    "min_order_qty",
    "lead_time_days",
    "pack_size",
    "default_location_id",
)
"""Fields that a change may empty again."""

Row = Mapping[str, Any]


def save_item(
    uow: UnitOfWork,
    values: Mapping[str, Any],
    *,
    item_id: int | None = None,
    version: int | None = None,
) -> int:
    """Create or change an item. Returns its id.

    Among the values may be ``sales_price`` and ``purchase_price``, and what the item then has
    exactly: ``barcodes`` (text to factor, or rows ``barcode, unit, factor``), ``units`` (rows
    ``unit, factor, for_purchase, for_sales``; the factor as typed), ``level_prices`` (``level,
    price``), ``partners`` (``party_id, code, name, pack_size, min_order_qty, lead_time_days,
    is_preferred``) and ``bins`` (``warehouse_id, location_id``). What is not given stays.

    Raises InvalidInput, StaleDocument, RuleRefused (code or barcode taken, unit in use).
    """
    require(values, ("code", "name"))
    known = {
        name: values[name]
        for name in ITEM_FIELDS
        if values.get(name) is not None
        or (item_id is not None and name in values and name in _MAY_BE_NONE)
    }
    known["search_text"] = search_text(
        str(known["name"]), str(known["code"]), str(known.get("spec", ""))
    )
    saved = save_record(uow, "item", known, item_id, version)
    units = values.get("units")
    if units is not None:
        _save_units(uow, saved, units)
    if values.get("barcodes") is not None:
        _save_barcodes(uow, saved, _barcode_rows(values["barcodes"]))
    if units is not None:
        _drop_units(uow, saved, units)
    _save_prices(uow, saved, values)
    if values.get("partners") is not None:
        _save_partners(uow, saved, values["partners"])
    if values.get("bins") is not None:
        _save_bins(uow, saved, values["bins"])
    uow.touch("item")
    return saved


def _save_units(uow: UnitOfWork, item_id: int, rows: Sequence[Row]) -> None:
    """Add and change units; their barcodes follow in the database."""
    base = uow.scalar("SELECT uom FROM item WHERE id = %s", (item_id,))
    names = [str(row.get("unit") or "").strip() for row in rows]
    for name in names:
        if not name:
            raise _problem("units", N_("A unit needs a name."))
        if name == base or names.count(name) > 1:
            raise _problem("units", N_("The unit {unit} stands there twice."), unit=name)
    for name, row in zip(names, rows, strict=True):
        factor = parse_factor(str(row.get("factor") or ""))
        uow.execute(
            "INSERT INTO item_unit (item_id, unit, factor_num, factor_den, for_purchase, for_sales)"
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (item_id, unit) DO UPDATE SET"
            " factor_num = excluded.factor_num, factor_den = excluded.factor_den,"
            " for_purchase = excluded.for_purchase, for_sales = excluded.for_sales"
            " WHERE (item_unit.factor_num, item_unit.factor_den, item_unit.for_purchase,"
            " item_unit.for_sales) IS DISTINCT FROM (excluded.factor_num, excluded.factor_den,"
            " excluded.for_purchase, excluded.for_sales)",
            (
                item_id,
                name,
                factor.numerator,
                factor.denominator,
                bool(row.get("for_purchase")),
                bool(row.get("for_sales")),
            ),
        )
    for side in ("for_purchase", "for_sales"):
        if sum(bool(row.get(side)) for row in rows) > 1:
            raise _problem("units", N_("Only one unit can be the one to buy or to sell in."))


def _drop_units(uow: UnitOfWork, item_id: int, rows: Sequence[Row]) -> None:
    """Take units away that are not there any more; one with a barcode is refused."""
    uow.execute(
        "DELETE FROM item_unit WHERE item_id = %s AND unit <> ALL(%s)",
        (item_id, [str(row["unit"]).strip() for row in rows]),
    )


def _barcode_rows(given: Mapping[str, Any] | Sequence[Row]) -> list[dict[str, Any]]:
    if isinstance(given, Mapping):
        given = [{"barcode": code, "factor": factor} for code, factor in given.items()]
    rows = [
        {
            "barcode": str(row.get("barcode") or "").strip(),
            "unit": str(row.get("unit") or "").strip(),
            "factor": Decimal(row.get("factor") or 1),
        }
        for row in given
    ]
    codes = [row["barcode"] for row in rows]
    for code in codes:
        if not code or codes.count(code) > 1:
            raise _problem(
                "barcodes", N_("The barcode {barcode} stands there twice."), barcode=code
            )
    return rows


def _save_barcodes(uow: UnitOfWork, item_id: int, rows: Sequence[dict[str, Any]]) -> None:
    """The item has exactly these barcodes. Raises InvalidInput when one is another item's."""
    codes = [row["barcode"] for row in rows]
    uow.execute(
        "DELETE FROM item_barcode WHERE item_id = %s AND barcode <> ALL(%s)", (item_id, codes)
    )
    for row in rows:
        uow.execute(
            "INSERT INTO item_barcode (barcode, item_id, factor, unit)"
            " SELECT %(barcode)s, %(item)s, %(factor)s, %(unit)s"
            " WHERE NOT EXISTS (SELECT 1 FROM item_barcode WHERE barcode = %(barcode)s"
            " AND item_id = %(item)s AND unit = %(unit)s AND factor = %(factor)s)"
            " ON CONFLICT (barcode) DO UPDATE SET factor = excluded.factor, unit = excluded.unit"
            " WHERE item_barcode.item_id = excluded.item_id",
            {**row, "item": item_id},
        )
    taken = uow.scalar(
        "SELECT b.barcode || ' (' || i.code || ')' FROM item_barcode b JOIN item i"
        " ON i.id = b.item_id WHERE b.barcode = ANY(%s) AND b.item_id <> %s LIMIT 1",
        (codes, item_id),
    )
    if taken is not None:
        raise _problem(
            "barcodes", N_("The barcode {barcode} belongs to another item."), barcode=taken
        )


def _save_prices(uow: UnitOfWork, item_id: int, values: Mapping[str, Any]) -> None:
    for side in ("sales", "purchase"):
        price = values.get(f"{side}_price")
        if price is not None:
            uow.execute(
                f"INSERT INTO item_{side}_price (item_id, price) VALUES (%s, %s)"
                " ON CONFLICT (item_id) DO UPDATE SET price = excluded.price"
                f" WHERE item_{side}_price.price <> excluded.price",
                (item_id, price),
            )
    rows = values.get("level_prices")
    if rows is None:
        return
    priced = [row for row in rows if row.get("price") is not None]
    uow.execute(
        "DELETE FROM item_level_price WHERE item_id = %s AND level <> ALL(%s)",
        (item_id, [row["level"] for row in priced]),
    )
    for row in priced:
        uow.execute(
            "INSERT INTO item_level_price (item_id, level, price) VALUES (%s, %s, %s)"
            " ON CONFLICT (item_id, level) DO UPDATE SET price = excluded.price"
            " WHERE item_level_price.price <> excluded.price",
            (item_id, row["level"], row["price"]),
        )


def _save_partners(uow: UnitOfWork, item_id: int, rows: Sequence[Row]) -> None:
    parties = [row["party_id"] for row in rows if row.get("party_id") is not None]
    if len(parties) < len(rows) or len(set(parties)) < len(parties):
        raise _problem("partners", N_("Each row needs a partner, and each partner has one row."))
    if sum(bool(row.get("is_preferred")) for row in rows) > 1:
        raise _problem("partners", N_("Only one supplier can be the preferred one."))
    uow.execute(
        "DELETE FROM party_item WHERE item_id = %s AND party_id <> ALL(%s)", (item_id, parties)
    )
    for row in rows:
        uow.execute(
            "INSERT INTO party_item (party_id, item_id, code, name, pack_size, min_order_qty,"
            " lead_time_days, is_preferred) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (party_id, item_id) DO UPDATE SET code = excluded.code,"
            " name = excluded.name, pack_size = excluded.pack_size,"
            " min_order_qty = excluded.min_order_qty, lead_time_days = excluded.lead_time_days,"
            " is_preferred = excluded.is_preferred",
            (
                row["party_id"],
                item_id,
                str(row.get("code") or "").strip(),
                str(row.get("name") or "").strip(),
                row.get("pack_size"),
                row.get("min_order_qty"),
                row.get("lead_time_days"),
                bool(row.get("is_preferred")),
            ),
        )


def _save_bins(uow: UnitOfWork, item_id: int, rows: Sequence[Row]) -> None:
    """The usual bin of each warehouse; the warehouse follows from the bin when not given."""
    places = [row["location_id"] for row in rows if row.get("location_id") is not None]
    if len(places) < len(rows):
        raise _problem("bins", N_("Each row needs a bin."))
    uow.execute(
        "DELETE FROM item_bin WHERE item_id = %s AND location_id <> ALL(%s)", (item_id, places)
    )
    for row in rows:
        kept = uow.execute(
            "INSERT INTO item_bin AS b (item_id, warehouse_id, location_id)"
            " SELECT %(item)s, coalesce(%(warehouse)s, l.warehouse_id), l.id FROM location l"
            " WHERE l.id = %(place)s AND l.kind = 'bin' ON CONFLICT (item_id, warehouse_id)"
            " DO UPDATE SET location_id = b.location_id RETURNING location_id",
            {
                "item": item_id,
                "warehouse": row.get("warehouse_id"),
                "place": row["location_id"],
            },
        ).fetchone()
        if kept is None or kept[0] != row["location_id"]:
            raise _problem("bins", N_("One usual bin for each warehouse, and bins only."))


def _problem(field: str, text: str, **values: Any) -> InvalidInput:
    return InvalidInput((FieldProblem(field, Message(text, values)),))
