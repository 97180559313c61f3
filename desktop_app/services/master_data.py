"""Items, partners, warehouses and bins: saved whole, guarded by their version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from psycopg import sql

from desktop_app.core.errors import FieldProblem, InvalidInput, StaleDocument
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.pinyin_search import search_text

ITEM_FIELDS = (
    "code",
    "name",
    "spec",
    "uom",
    "uom_decimals",
    "tracking",
    "shelf_life",
    "unit_weight_g",
    "weight_tolerance_pct",
    "safety_stock",
    "abc_class",
    "default_location_id",
    "is_active",
)
_MAY_BE_NONE = ("shelf_life", "unit_weight_g", "default_location_id")
"""Fields that a change may empty again."""
PARTY_FIELDS = (
    "code",
    "name",
    "is_customer",
    "is_supplier",
    "is_subcontractor",
    "contact",
    "phone",
    "address",
    "tax_id",
    "orders_frozen_reason",
    "is_active",
)
DOCKS = (
    ("R", N_("Receiving dock"), "receiving"),
    ("S", N_("Shipping dock"), "staging"),
    ("H", N_("Quality hold"), "hold"),
)


def save_item(
    uow: UnitOfWork,
    values: Mapping[str, Any],
    *,
    item_id: int | None = None,
    version: int | None = None,
) -> int:
    """Create or change an item; ``barcodes`` (text to factor), ``sales_price`` and
    ``purchase_price`` may be among the values. Returns its id.

    Raises InvalidInput, StaleDocument, RuleRefused (code or barcode taken).
    """
    _required(values, ("code", "name"))
    known = {
        name: values[name]
        for name in ITEM_FIELDS
        if values.get(name) is not None
        or (item_id is not None and name in values and name in _MAY_BE_NONE)
    }
    known["search_text"] = search_text(
        str(known["name"]), str(known["code"]), str(known.get("spec", ""))
    )
    saved = _save(uow, "item", known, item_id, version)
    if values.get("barcodes") is not None:
        _save_barcodes(uow, saved, dict(values["barcodes"]))
    for side in ("sales", "purchase"):
        price = values.get(f"{side}_price")
        if price is not None:
            uow.execute(
                f"INSERT INTO item_{side}_price (item_id, price) VALUES (%s, %s)"
                " ON CONFLICT (item_id) DO UPDATE SET price = excluded.price",
                (saved, price),
            )
    uow.touch("item")
    return saved


def _save_barcodes(uow: UnitOfWork, item_id: int, barcodes: Mapping[str, Any]) -> None:
    """The item has exactly these barcodes. Raises InvalidInput when one is another item's."""
    uow.execute(
        "DELETE FROM item_barcode WHERE item_id = %s AND barcode <> ALL(%s)",
        (item_id, list(barcodes)),
    )
    for barcode, factor in barcodes.items():
        uow.execute(
            "INSERT INTO item_barcode (barcode, item_id, factor) SELECT %(code)s, %(item)s, %(factor)s"
            " WHERE NOT EXISTS (SELECT 1 FROM item_barcode WHERE barcode = %(code)s"
            " AND item_id = %(item)s AND factor = %(factor)s)"
            " ON CONFLICT (barcode) DO UPDATE SET factor = excluded.factor"
            " WHERE item_barcode.item_id = excluded.item_id",
            {"code": barcode, "item": item_id, "factor": Decimal(factor)},
        )
    taken = uow.scalar(
        "SELECT b.barcode || ' (' || i.code || ')' FROM item_barcode b JOIN item i"
        " ON i.id = b.item_id WHERE b.barcode = ANY(%s) AND b.item_id <> %s LIMIT 1",
        (list(barcodes), item_id),
    )
    if taken is not None:
        raise InvalidInput(
            (
                FieldProblem(
                    "barcodes",
                    Message(
                        N_("The barcode {barcode} belongs to another item."), {"barcode": taken}
                    ),
                ),
            )
        )


def save_party(
    uow: UnitOfWork,
    values: Mapping[str, Any],
    *,
    party_id: int | None = None,
    version: int | None = None,
) -> int:
    """Create or change a partner; a subcontractor gets a place of its own. Returns its id."""
    _required(values, ("code", "name"))
    known = {name: values[name] for name in PARTY_FIELDS if values.get(name) is not None}
    known["search_text"] = search_text(str(known["name"]), str(known["code"]))
    saved = _save(uow, "party", known, party_id, version)
    if known.get("is_subcontractor"):
        uow.execute(
            "INSERT INTO location (code, name, kind, party_id) SELECT 'SUB-' || code, name,"
            " 'subcontractor', id FROM party WHERE id = %s AND NOT EXISTS (SELECT 1 FROM location"
            " WHERE party_id = %s AND kind = 'subcontractor')",
            (saved, saved),
        )
    uow.touch("party")
    return saved


def save_warehouse(uow: UnitOfWork, code: str, name: str, exit_code: str, address: str = "") -> int:
    """Create a warehouse with its docks and its quality hold. Returns its id."""
    _required({"code": code, "name": name, "exit_code": exit_code}, ("code", "name", "exit_code"))
    warehouse_id = uow.scalar(
        "INSERT INTO warehouse (code, name, exit_code, address) VALUES (%s, %s, %s, %s) RETURNING id",
        (code, name, exit_code, address),
    )
    for suffix, title, kind in DOCKS:
        uow.execute(
            "INSERT INTO location (code, name, kind, warehouse_id) VALUES (%s, %s, %s, %s)",
            (f"{code}-{suffix}", title, kind, warehouse_id),
        )
    uow.touch("place")
    return int(warehouse_id)


def change_warehouse(uow: UnitOfWork, warehouse_id: int, values: Mapping[str, Any]) -> int:
    """Change name, exit code or address of a warehouse. Returns its id."""
    _required(values, ("code", "name", "exit_code"))
    uow.execute(
        "UPDATE warehouse SET code = %s, name = %s, exit_code = %s, address = %s WHERE id = %s",
        (
            values["code"],
            values["name"],
            values["exit_code"],
            values.get("address") or "",
            warehouse_id,
        ),
    )
    uow.touch("place")
    return warehouse_id


def save_bins(uow: UnitOfWork, warehouse_id: int, codes: Sequence[str]) -> dict[str, int]:
    """Create bins in walking order. Returns code to location id."""
    rows = uow.execute(
        "INSERT INTO location (code, name, kind, warehouse_id, route_seq)"
        " SELECT c, c, 'bin', %s, n + coalesce((SELECT max(route_seq) FROM location"
        " WHERE warehouse_id = %s), 0) FROM unnest(%s::text[]) WITH ORDINALITY AS u(c, n)"
        " RETURNING code, id",
        (warehouse_id, warehouse_id, list(codes)),
    ).fetchall()
    uow.touch("place")
    return dict(rows)


def save_lot(
    uow: UnitOfWork,
    item_id: int,
    code: str,
    *,
    expires_at: datetime | None = None,
    made_at: datetime | None = None,
) -> int:
    """The lot of that number, created when new. Returns its id.

    Without an expiry the item's shelf life counts from ``made_at`` or from now.
    Raises InvalidInput when a known lot is given another expiry.
    """
    _required({"lot": code}, ("lot",))
    known = uow.execute(
        "SELECT id, expires_at FROM lot WHERE item_id = %s AND code = %s", (item_id, code)
    ).fetchone()
    if known is not None:
        if expires_at is not None and known[1] != expires_at:
            raise InvalidInput(
                (
                    FieldProblem(
                        "expires_at",
                        Message(
                            N_(
                                "Lot {lot} was received with another expiry date. Check the label, or give this"
                                " one another number."
                            ),
                            {"lot": code},
                        ),
                    ),
                )
            )
        return int(known[0])
    return int(
        uow.scalar(
            "INSERT INTO lot (item_id, code, expires_at, made_at) SELECT i.id, %s,"
            " coalesce(%s, coalesce(%s, now()) + i.shelf_life * ('1 ' || i.shelf_life_unit)::interval), %s"
            " FROM item i WHERE i.id = %s RETURNING id",
            (code, expires_at, made_at, made_at, item_id),
        )
    )


def _required(values: Mapping[str, Any], names: Sequence[str]) -> None:
    problems = tuple(
        FieldProblem(name, Message(N_("{field} is missing."), {"field": name}))
        for name in names
        if not str(values.get(name) or "").strip()
    )
    if problems:
        raise InvalidInput(problems)


def _save(
    uow: UnitOfWork, table: str, values: Mapping[str, Any], row_id: int | None, version: int | None
) -> int:
    columns = [sql.Identifier(name) for name in values]
    if row_id is None:
        row = uow.connection.execute(
            sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING id").format(
                sql.Identifier(table),
                sql.SQL(", ").join(columns),
                sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
            ),
            list(values.values()),
        ).fetchone()
        assert row is not None
        return int(row[0])
    row = uow.connection.execute(
        sql.SQL(
            "UPDATE {} SET {}, version = version + 1 WHERE id = %s AND version = %s RETURNING id"
        ).format(
            sql.Identifier(table),
            sql.SQL(", ").join(sql.SQL("{} = %s").format(column) for column in columns),
        ),
        (*values.values(), row_id, version),
    ).fetchone()
    if row is None:
        raise StaleDocument(
            N_(
                "Somebody changed this record meanwhile. What you typed is kept:"
                " reload or apply it again."
            )
        )
    return int(row[0])
