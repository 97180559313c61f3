"""What a partner paid or asked for our items, and from which documents it is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.services.document_types import DOCUMENT_TYPES

SIDES = ("sales", "purchase")
MOST = 100


@dataclass(frozen=True)
class PriceRow:
    """One line of a document: ``qty`` in base units, ``price`` per base unit, tax included."""

    item_id: int
    item_code: str
    item_name: str
    document_id: int
    number: str
    kind: str
    day: date
    qty: Decimal
    uom: str
    price: Decimal


_COLUMNS = (
    "l.item_id, i.code, i.name, d.id, d.number, d.kind, d.doc_date, l.qty, i.uom, x.unit_price"
)
_DOCUMENTS = (
    "SELECT h.id, h.number, h.kind, h.doc_date FROM document h"
    " WHERE h.party_id = %(party)s AND h.kind = ANY(%(kinds)s) AND h.number IS NOT NULL"
    " AND h.state NOT IN ('new', 'draft', 'void', 'reversed', 'mirrored')"
)
_LINES = (
    " d JOIN document_line l ON l.document_id = d.id"
    " JOIN {side}_line_price x ON x.line_id = l.id JOIN item i ON i.id = l.item_id"
)
LATELY = 500
"""Documents looked through for the newest price of every item; older prices are history."""


def price_history(
    uow: UnitOfWork, kind: str, party_id: int, item_id: int, limit: int = 30
) -> list[PriceRow]:
    """What this partner's documents of the same side as ``kind`` said for an item, newest first.

    Empty for a kind without prices or a login that may not see them.
    """
    side = DOCUMENT_TYPES[kind].price_side
    if side is None or not may_read(uow, side):
        return []
    return uow.all(
        PriceRow,
        f"SELECT {_COLUMNS} FROM ({_DOCUMENTS}){_LINES.format(side=side)}"
        " WHERE l.item_id = %(item)s ORDER BY d.id DESC, l.line_no LIMIT %(limit)s",
        {"party": party_id, "kinds": _kinds(side), "item": item_id, "limit": limit},
    )


def last_prices_of(uow: UnitOfWork, party_id: int) -> list[PriceRow]:
    """The newest price of every item traded with a partner, newest first; at most a hundred."""
    found: list[PriceRow] = []
    for side in SIDES:
        if may_read(uow, side):
            found += uow.all(
                PriceRow,
                f"SELECT * FROM (SELECT DISTINCT ON (l.item_id) {_COLUMNS}"
                f" FROM ({_DOCUMENTS} ORDER BY h.id DESC LIMIT %(lately)s)"
                f"{_LINES.format(side=side)} ORDER BY l.item_id, d.id DESC) n"
                " ORDER BY 4 DESC, 2 LIMIT %(limit)s",
                {"party": party_id, "kinds": _kinds(side), "limit": MOST, "lately": LATELY},
            )
    return sorted(found, key=lambda row: -row.document_id)[:MOST]


def may_read(uow: UnitOfWork, side: str) -> bool:
    """Whether this login sees the prices of ``sales`` or ``purchase``."""
    return bool(
        uow.scalar(
            "SELECT has_table_privilege(%s, 'SELECT') AND has_table_privilege('document', 'SELECT')",
            (f"{side}_line_price",),
        )
    )


def _kinds(side: str) -> list[str]:
    return [known.kind for known in DOCUMENT_TYPES if known.price_side == side]
