"""One item, partner or warehouse as its form shows it: values by field name."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from psycopg.rows import dict_row

from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.quantities import format_quantity


@dataclass(frozen=True)
class BinRow:
    """A place of a warehouse and what lies in it (``items`` different ones)."""

    id: int
    code: str
    kind: str
    route_seq: int
    items: int


@dataclass(frozen=True)
class PartyDocument:
    """A document of a partner that is not finished."""

    id: int
    number: str
    kind: str
    state: str


_ITEM = """
SELECT i.*, l.code AS default_location_code,
       (SELECT array_agg(ARRAY[b.barcode, b.factor::text] ORDER BY b.barcode) FROM item_barcode b
        WHERE b.item_id = i.id) AS codes
FROM item i LEFT JOIN location l ON l.id = i.default_location_id WHERE i.id = %s
"""
_OPEN_DOCUMENTS = """
SELECT d.id, d.number, d.kind, d.state FROM document d
WHERE d.party_id = %s AND d.state NOT IN ('void', 'done', 'closed', 'reversed', 'mirrored',
  'shipped', 'put_away', 'posted', 'rejected') AND d.number IS NOT NULL
ORDER BY d.id DESC LIMIT 50
"""


def item_record(uow: UnitOfWork, item_id: int) -> dict[str, Any]:
    """An item with its barcodes as typed ("6901234567892, 6901234567908*12") and its prices.

    A price is there only for a login that may read it. Raises NotFound.
    """
    found = _row(uow, _ITEM, item_id)
    found["barcodes"] = barcode_text(
        {code: Decimal(factor) for code, factor in found["codes"] or ()}
    )
    for side in ("sales", "purchase"):
        if uow.scalar("SELECT has_table_privilege(%s, 'SELECT')", (f"item_{side}_price",)):
            found[f"{side}_price"] = uow.scalar(
                f"SELECT price FROM item_{side}_price WHERE item_id = %s", (item_id,)
            )
    return found


def barcode_text(barcodes: dict[str, Decimal]) -> str:
    """Barcodes as a person types them: a box code has its factor behind a star."""
    return ", ".join(
        code if factor == 1 else f"{code}*{format_quantity(factor)}"
        for code, factor in barcodes.items()
    )


def party_record(uow: UnitOfWork, party_id: int) -> dict[str, Any]:
    """A partner. Raises NotFound."""
    return _row(uow, "SELECT * FROM party WHERE id = %s", party_id)


def party_documents(uow: UnitOfWork, party_id: int) -> list[PartyDocument]:
    """What is under way with a partner, the newest first."""
    return uow.all(PartyDocument, _OPEN_DOCUMENTS, (party_id,))


def warehouse_record(uow: UnitOfWork, warehouse_id: int) -> dict[str, Any]:
    """A warehouse. Raises NotFound."""
    return _row(uow, "SELECT *, 0 AS version FROM warehouse WHERE id = %s", warehouse_id)


def warehouse_places(uow: UnitOfWork, warehouse_id: int) -> list[BinRow]:
    """Docks and bins of a warehouse, bins in walking order."""
    return uow.all(
        BinRow,
        "SELECT l.id, l.code, l.kind, l.route_seq, (SELECT count(DISTINCT b.item_id) FROM"
        " stock_balance b WHERE b.location_id = l.id AND b.on_hand > 0) FROM location l"
        " WHERE l.warehouse_id = %s AND l.is_active ORDER BY l.kind <> 'bin' DESC, l.route_seq, l.code",
        (warehouse_id,),
    )


def _row(uow: UnitOfWork, sql: str, row_id: int) -> dict[str, Any]:
    with uow.connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(sql.encode(), (row_id,)).fetchone()
    if found is None:
        raise NotFound(N_("What you asked for does not exist (any more)."))
    return found
