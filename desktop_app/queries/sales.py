"""What sales and the warehouse ask about orders: what is locked, ordered, really out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from desktop_app.database.unit_of_work import UnitOfWork

_ZERO = Decimal(0)


@dataclass(frozen=True)
class HoldLine:
    """One order line: base units. ``picked`` stands at the dock, ``shipped`` has left."""

    line_id: int
    line_no: int
    item_id: int
    item_code: str
    item_name: str
    uom: str
    ordered: Decimal
    locked: Decimal
    picked: Decimal
    shipped: Decimal
    until: datetime | None
    overdue: bool


@dataclass(frozen=True)
class OrderHolds:
    """The head of an order: deposit, end of the lock, and its lines.

    ``gross`` is None for a login that may not see sales prices.
    """

    document_id: int
    number: str
    state: str
    version: int
    deposit: Decimal
    gross: Decimal | None
    lock_until: date | None
    lines: tuple[HoldLine, ...]

    @property
    def locked(self) -> Decimal:
        """All that is set aside for this order."""
        return sum((line.locked for line in self.lines), _ZERO)

    @property
    def overdue(self) -> bool:
        """True when a lock has outlived its end date; a person decides, nothing is dropped."""
        return any(line.overdue for line in self.lines)


@dataclass(frozen=True)
class LockEvent:
    """A deposit taken or a lock released: who, where, when, why."""

    act_id: int
    verb: str
    at: datetime
    actor: str
    workstation: str
    reason: str
    evidence: dict[str, Any]


@dataclass(frozen=True)
class OverdueLock:
    """Stock still locked after its end date: a task for somebody."""

    document_id: int
    number: str
    customer: str
    item_code: str
    qty: Decimal
    until: datetime
    reason: str


@dataclass(frozen=True)
class Progress:
    """Ordered out and really out (N8), by line."""

    line_id: int
    line_no: int
    item_code: str
    ordered: Decimal
    picked: Decimal
    shipped: Decimal


@dataclass(frozen=True)
class Holder:
    """A document that holds stock of an item."""

    number: str
    customer: str
    qty: Decimal

    def __str__(self) -> str:
        return f"{self.number} ({self.customer}) {self.qty.normalize():f}"


_LINES = """
SELECT l.id, l.line_no, i.id, i.code, i.name, i.uom, l.qty, coalesce(r.qty, 0), coalesce(p.qty, 0),
       coalesce(s.qty, 0), r.until, coalesce(r.until < now(), false)
FROM document_line l JOIN item i ON i.id = l.item_id
LEFT JOIN (SELECT v.line_id, sum(v.qty_open) AS qty, min(v.until) AS until FROM reservation v
           JOIN document_line x ON x.id = v.line_id
           WHERE x.document_id = %(id)s AND v.qty_open > 0 GROUP BY 1) r ON r.line_id = l.id
LEFT JOIN (SELECT x.origin_line_id AS line_id, sum(n.qty) AS qty FROM allocation n
           JOIN document_line x ON x.id = n.line_id JOIN document_line o ON o.id = x.origin_line_id
           JOIN location k ON k.id = n.location_id AND k.kind = 'staging'
           WHERE o.document_id = %(id)s AND n.qty > 0 GROUP BY 1) p ON p.line_id = l.id
LEFT JOIN line_done(%(id)s, 'ship') s ON s.line_id = l.id
WHERE l.document_id = %(id)s ORDER BY l.line_no
"""
_HEAD = (
    "SELECT d.id, coalesce(d.number, ''), d.state, d.version, coalesce(o.deposit, 0), o.lock_until"
    " FROM document d LEFT JOIN sales_order o ON o.document_id = d.id WHERE d.id = %s"
)
_GROSS = (
    "SELECT coalesce(sum(p.gross), 0) FROM document_line l JOIN sales_line_price p"
    " ON p.line_id = l.id WHERE l.document_id = %s"
)


def order_holds(uow: UnitOfWork, document_id: int) -> OrderHolds:
    """Deposit, end date and locked quantities of an order. Raises NotFound."""
    id_, number, state, version, deposit, until = uow.one(lambda *row: row, _HEAD, (document_id,))
    lines = tuple(uow.all(HoldLine, _LINES, {"id": document_id}))
    return OrderHolds(
        id_, number, state, version, deposit, _gross_if_allowed(uow, document_id), until, lines
    )


def _gross_if_allowed(uow: UnitOfWork, document_id: int) -> Decimal | None:
    if not uow.scalar("SELECT has_table_privilege('sales_line_price', 'SELECT')"):
        return None
    return Decimal(uow.scalar(_GROSS, (document_id,)))


def paid_and_gross(uow: UnitOfWork, document_id: int) -> tuple[Decimal, Decimal]:
    """(deposits so far, amount with tax). Raises PermissionDenied without the price right."""
    row = uow.execute(
        f"SELECT coalesce((SELECT deposit FROM sales_order WHERE document_id = %s), 0), ({_GROSS})",
        (document_id, document_id),
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def order_progress(uow: UnitOfWork, document_id: int) -> tuple[Progress, ...]:
    """Ordered out, at the dock and really out, by line."""
    return tuple(
        Progress(
            line.line_id, line.line_no, line.item_code, line.ordered, line.picked, line.shipped
        )
        for line in uow.all(HoldLine, _LINES, {"id": document_id})
    )


def lock_log(uow: UnitOfWork, document_id: int) -> list[LockEvent]:
    """Every deposit and every release of the order, oldest first."""
    return uow.all(
        LockEvent,
        "SELECT a.id, a.verb, a.at, coalesce(u.display_name, a.actor), a.workstation, a.reason,"
        " a.evidence FROM act a LEFT JOIN app_user u ON u.login = a.actor WHERE a.document_id = %s"
        " AND a.verb IN ('deposit', 'release_deposit', 'void', 'close') ORDER BY a.id",
        (document_id,),
    )


def overdue_locks(uow: UnitOfWork) -> list[OverdueLock]:
    """Locks past their end date, the oldest first; they stay until a person releases them."""
    return uow.all(
        OverdueLock,
        "SELECT d.id, d.number, coalesce(p.name, ''), i.code, r.qty_open, r.until, r.reason"
        " FROM reservation r JOIN document_line l ON l.id = r.line_id"
        " JOIN document d ON d.id = l.document_id JOIN item i ON i.id = r.item_id"
        " LEFT JOIN party p ON p.id = d.party_id"
        " WHERE r.qty_open > 0 AND r.until < now() ORDER BY r.until, d.id, l.line_no",
    )


def holders(uow: UnitOfWork, items: Sequence[int], warehouse_id: int) -> dict[int, list[Holder]]:
    """Item id to the documents that hold stock of it in the warehouse, largest first."""
    rows = uow.execute(
        "SELECT r.item_id, coalesce(d.number, ''), coalesce(p.name, ''), sum(r.qty_open)"
        " FROM reservation r JOIN document_line l ON l.id = r.line_id"
        " JOIN document d ON d.id = l.document_id LEFT JOIN party p ON p.id = d.party_id"
        " WHERE r.item_id = ANY(%s) AND r.warehouse_id = %s AND r.qty_open > 0"
        " GROUP BY 1, 2, 3 ORDER BY 4 DESC, 2",
        (list(items), warehouse_id),
    ).fetchall()
    found: dict[int, list[Holder]] = defaultdict(list)
    for item_id, number, customer, qty in rows:
        found[item_id].append(Holder(number, customer, qty))
    return found
