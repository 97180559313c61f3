"""Items as their forms show them: units, barcodes, prices, partners' codes, bins, pictures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from psycopg.rows import dict_row

from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.units import ItemUnits, Unit, factor_text

_ITEM = """
SELECT i.*, l.code AS default_location_code, b.code AS blank_item_code, b.name AS blank_item_name,
       f.code || ' ' || f.name AS family_title,
       (SELECT string_agg(i.variant ->> x.name, ' / ' ORDER BY x.position) FROM item_axis x
        WHERE x.family_id = i.family_id) AS variant_title
FROM item i LEFT JOIN location l ON l.id = i.default_location_id
LEFT JOIN item b ON b.id = i.blank_item_id LEFT JOIN item_family f ON f.id = i.family_id
WHERE i.id = %s
"""
_BARCODES = (
    "SELECT barcode, unit, factor FROM item_barcode WHERE item_id = %s ORDER BY unit <> '', factor,"
    " barcode"
)
_UNITS = (
    "SELECT unit, factor_num, factor_den, for_purchase, for_sales FROM item_unit"
    " WHERE item_id = %s ORDER BY factor_num::numeric / factor_den, unit"
)
_PARTNERS = (
    "SELECT x.party_id, p.code AS party_code, p.name AS party_name, x.code, x.name, x.pack_size,"
    " x.min_order_qty, x.lead_time_days, x.is_preferred FROM party_item x JOIN party p"
    " ON p.id = x.party_id WHERE x.item_id = %s ORDER BY x.is_preferred DESC, p.name"
)
_BINS = (
    "SELECT x.warehouse_id, w.name AS warehouse_name, x.location_id, l.code AS location_code"
    " FROM item_bin x JOIN warehouse w ON w.id = x.warehouse_id JOIN location l"
    " ON l.id = x.location_id WHERE x.item_id = %s ORDER BY w.code"
)
_LEVELS = (
    "SELECT v.code AS level, v.name AS level_name, x.price FROM price_level v LEFT JOIN"
    " item_level_price x ON x.level = v.code AND x.item_id = %s ORDER BY v.position, v.code"
)


@dataclass(frozen=True)
class ItemChoices:
    """What an item's form offers: tax codes with names, price levels as empty rows, categories."""

    tax_codes: tuple[tuple[str, str], ...]
    levels: tuple[dict[str, Any], ...]
    categories: tuple[str, ...]


@dataclass(frozen=True)
class PictureRow:
    """A picture of an item without its bytes."""

    id: int
    name: str
    media_type: str
    size: int
    added_by: str
    added_at: datetime


def item_record(uow: UnitOfWork, item_id: int) -> dict[str, Any]:
    """An item with the rows that belong to it, as :func:`services.items.save_item` takes them.

    A price is there only for a login that may read it. Raises NotFound.
    """
    found = _rows(uow, _ITEM, item_id)
    if not found:
        raise NotFound(N_("What you asked for does not exist (any more)."))
    record = found[0]
    record["barcodes"] = _rows(uow, _BARCODES, item_id)
    record["units"] = [
        {**row, "factor": factor_text(row.pop("factor_num"), row.pop("factor_den"))}
        for row in _rows(uow, _UNITS, item_id)
    ]
    record["bins"] = _rows(uow, _BINS, item_id)
    if _may_read(uow, "party_item"):
        record["partners"] = _rows(uow, _PARTNERS, item_id)
    for side in ("sales", "purchase"):
        if _may_read(uow, f"item_{side}_price"):
            record[f"{side}_price"] = uow.scalar(
                f"SELECT price FROM item_{side}_price WHERE item_id = %s", (item_id,)
            )
    record["level_prices"] = level_prices(uow, item_id)
    return record


def item_choices(uow: UnitOfWork) -> ItemChoices:
    """Codes and words that stand in the company's data now."""
    taxes = uow.execute(
        "SELECT DISTINCT ON (code) code, name FROM tax_rate ORDER BY code, valid_from DESC"
    ).fetchall()
    categories = uow.execute(
        "SELECT DISTINCT category FROM item WHERE category <> '' ORDER BY 1 LIMIT 500"
    ).fetchall()
    return ItemChoices(
        tuple((code, name) for code, name in taxes),
        tuple(level_prices(uow, None)),
        tuple(category for (category,) in categories),
    )


def level_prices(uow: UnitOfWork, item_id: int | None) -> list[dict[str, Any]]:
    """Every price level with the item's price in it, if it has one (and may be seen)."""
    return _rows(uow, _LEVELS, item_id or 0) if _may_read(uow, "item_level_price") else []


def units_of(uow: UnitOfWork, item_ids: Iterable[int]) -> dict[int, ItemUnits]:
    """The units each of these items may be written in."""
    rows = uow.execute(
        "SELECT i.id, i.uom, i.uom_decimals, i.unit_weight_g, u.unit, u.factor_num, u.factor_den,"
        " u.for_purchase, u.for_sales FROM item i LEFT JOIN item_unit u ON u.item_id = i.id"
        " WHERE i.id = ANY(%s) ORDER BY i.id, u.factor_num::numeric / u.factor_den",
        (sorted(set(item_ids)),),
    ).fetchall()
    units: dict[int, list[Unit]] = {}
    heads: dict[int, tuple[str, int, Decimal | None]] = {}
    for item, uom, decimals, weight, *unit in rows:
        heads[item] = (uom, decimals, weight)
        units.setdefault(item, [])
        if unit[0] is not None:
            units[item].append(Unit(*unit))
    return {
        item: ItemUnits(uom, decimals, tuple(units[item]), weight)
        for item, (uom, decimals, weight) in heads.items()
    }


def pictures(uow: UnitOfWork, item_id: int) -> list[PictureRow]:
    """The pictures of an item in their order, without bytes."""
    return uow.all(
        PictureRow,
        "SELECT id, name, media_type, octet_length(content), added_by, added_at FROM item_picture"
        " WHERE item_id = %s ORDER BY position, id",
        (item_id,),
    )


def picture_bytes(uow: UnitOfWork, picture_id: int) -> bytes:
    """The picture itself. Raises NotFound."""
    content = uow.scalar("SELECT content FROM item_picture WHERE id = %s", (picture_id,))
    if content is None:
        raise NotFound(N_("What you asked for does not exist (any more)."))
    return bytes(content)


def _may_read(uow: UnitOfWork, table: str) -> bool:
    return bool(uow.scalar("SELECT has_table_privilege(%s, 'SELECT')", (table,)))


def _rows(uow: UnitOfWork, sql: str, item_id: int) -> list[dict[str, Any]]:
    with uow.connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(sql.encode(), (item_id,)).fetchall()
