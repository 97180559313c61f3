"""Who holds an item's stock: reservations with what is already set aside for them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from desktop_app.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class SetAside:
    """Part of a reservation that is pinned to a place and lot for a shipment."""

    place: str
    lot: str
    qty: Decimal
    number: str


@dataclass(frozen=True)
class Holder:
    """A demand that holds stock: ``qty`` of the item's base unit, until when and why."""

    reservation_id: int
    document_id: int
    kind: str
    number: str
    party: str
    line_no: int
    warehouse: str
    qty: Decimal
    until: datetime | None
    reason: str
    actor: str
    at: datetime
    set_aside: tuple[SetAside, ...] = ()


_HOLDERS = """
SELECT r.id, d.id, d.kind, coalesce(d.number, ''), coalesce(p.name, ''), l.line_no, w.name, r.qty_open,
       r.until, r.reason, coalesce(u.display_name, a.actor), r.created_at
FROM reservation r JOIN document_line l ON l.id = r.line_id JOIN document d ON d.id = l.document_id
JOIN warehouse w ON w.id = r.warehouse_id JOIN act a ON a.id = r.act_id
LEFT JOIN party p ON p.id = d.party_id LEFT JOIN app_user u ON u.login = a.actor
WHERE r.item_id = %(item)s AND r.qty_open > 0
  AND (%(warehouse)s::bigint IS NULL OR r.warehouse_id = %(warehouse)s)
  AND (%(location)s::bigint IS NULL
       OR r.warehouse_id = (SELECT x.warehouse_id FROM location x WHERE x.id = %(location)s))
ORDER BY r.priority, r.id
"""
_SET_ASIDE = """
SELECT n.reservation_id, p.code, o.code, n.qty, coalesce(d.number, '')
FROM allocation n JOIN location p ON p.id = n.location_id JOIN lot o ON o.id = n.lot_id
JOIN document_line l ON l.id = n.line_id JOIN document d ON d.id = l.document_id
WHERE n.reservation_id = ANY(%s) AND n.qty > 0 ORDER BY p.route_seq, p.code
"""


def who_holds(
    uow: UnitOfWork, item_id: int, warehouse_id: int | None = None, location_id: int | None = None
) -> tuple[Holder, ...]:
    """Everybody with a claim on this item's stock, first served first.

    In that warehouse, or in the warehouse of that place, when given.
    """
    holders = uow.all(
        Holder, _HOLDERS, {"item": item_id, "warehouse": warehouse_id, "location": location_id}
    )
    pinned: dict[int, list[SetAside]] = defaultdict(list)
    ids = [holder.reservation_id for holder in holders]
    for reservation_id, *rest in uow.execute(_SET_ASIDE, (ids,)).fetchall() if ids else ():
        pinned[reservation_id].append(SetAside(*rest))
    return tuple(
        replace(holder, set_aside=tuple(pinned[holder.reservation_id])) for holder in holders
    )
