"""The last price given to a customer or taken by a supplier, and where it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Day
from decimal import Decimal

from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.services.document_types import DOCUMENT_TYPES


@dataclass(frozen=True)
class LastPrice:
    """``price`` per base unit, tax included; ``number`` is empty for the list price."""

    price: Decimal
    number: str
    date: Day | None


def last_prices(
    uow: UnitOfWork, kind: str, party_id: int | None, item_ids: Iterable[int]
) -> dict[int, LastPrice]:
    """Per item the price of this partner's newest document of the same side, else the list price.

    Empty when documents of ``kind`` have no prices or this login may not see them.
    """
    side = DOCUMENT_TYPES[kind].price_side
    items = sorted(set(item_ids))
    if side is None or not items or not _may_read(uow, side):
        return {}
    listed = uow.execute(
        f"SELECT item_id, price FROM item_{side}_price WHERE item_id = ANY(%s)", (items,)
    )
    found = {item: LastPrice(price, "", None) for item, price in listed.fetchall()}
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


def _may_read(uow: UnitOfWork, side: str) -> bool:
    return bool(
        uow.scalar(
            "SELECT has_table_privilege(%s, 'SELECT') AND has_table_privilege(%s, 'SELECT')"
            " AND has_table_privilege('document', 'SELECT')",
            (f"{side}_line_price", f"item_{side}_price"),
        )
    )
