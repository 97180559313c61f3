"""Proposed prices and taxes, and where they came from.

A price is the last one of this partner; else, when selling, that of the customer's price level;
else the list price. A tax rate is a dated row: the newest up to the day of the document counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Day
from decimal import Decimal

from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.services.document_types import DOCUMENT_TYPES


@dataclass(frozen=True)
class LastPrice:
    """``price`` per base unit, tax included.

    ``source`` is "last" (``number`` and ``date`` of the document), "level" (``level`` is its
    name) or "list".
    """

    price: Decimal
    number: str = ""
    date: Day | None = None
    source: str = "last"
    level: str = ""


def last_prices(
    uow: UnitOfWork, kind: str, party_id: int | None, item_ids: Iterable[int]
) -> dict[int, LastPrice]:
    """Per item the price of this partner's newest document of the same side, else of the
    customer's level, else the list price.

    Empty when documents of ``kind`` have no prices or this login may not see them.
    """
    side = DOCUMENT_TYPES[kind].price_side
    items = sorted(set(item_ids))
    if side is None or not items or not _may_read(uow, side):
        return {}
    listed = uow.execute(
        f"SELECT item_id, price FROM item_{side}_price WHERE item_id = ANY(%s)", (items,)
    )
    found = {item: LastPrice(price, source="list") for item, price in listed.fetchall()}
    if side == "sales":
        found |= _level_prices(uow, party_id, items)
    kinds = [known.kind for known in DOCUMENT_TYPES if known.price_side == side]
    rows = uow.execute(
        "SELECT DISTINCT ON (l.item_id) l.item_id, x.unit_price, d.number, d.doc_date"
        " FROM document d JOIN document_line l ON l.document_id = d.id"
        f" JOIN {side}_line_price x ON x.line_id = l.id"
        " WHERE d.party_id = %s AND d.kind = ANY(%s) AND l.item_id = ANY(%s)"
        " AND d.state NOT IN ('new', 'draft', 'void', 'reversed', 'mirrored')"
        " ORDER BY l.item_id, d.id DESC",
        (party_id, kinds, items),
    )
    return found | {item: LastPrice(*rest) for item, *rest in rows.fetchall()}


def tax_rates(uow: UnitOfWork, day: Day, item_ids: Iterable[int]) -> dict[int, Decimal]:
    """Per cent by item: the rate of its tax code that holds on ``day``; without one nothing."""
    rows = uow.execute(
        "SELECT i.id, r.rate FROM item i CROSS JOIN LATERAL (SELECT t.rate FROM tax_rate t"
        " WHERE t.code = i.tax_code AND t.valid_from <= %s ORDER BY t.valid_from DESC LIMIT 1) r"
        " WHERE i.id = ANY(%s)",
        (day, sorted(set(item_ids))),
    )
    return dict(rows.fetchall())


def _level_prices(uow: UnitOfWork, party_id: int | None, items: list[int]) -> dict[int, LastPrice]:
    rows = uow.execute(
        "SELECT x.item_id, x.price, v.name FROM party p JOIN price_level v ON v.code = p.price_level"
        " JOIN item_level_price x ON x.level = v.code WHERE p.id = %s AND x.item_id = ANY(%s)",
        (party_id, items),
    )
    return {
        item: LastPrice(price, source="level", level=name) for item, price, name in rows.fetchall()
    }


def _may_read(uow: UnitOfWork, side: str) -> bool:
    return bool(
        uow.scalar(
            "SELECT has_table_privilege(%s, 'SELECT') AND has_table_privilege(%s, 'SELECT')"
            " AND has_table_privilege('document', 'SELECT')",
            (f"{side}_line_price", f"item_{side}_price"),
        )
    )
