"""Stock promised to order lines: what is free, who holds it, taking it under lock.

A reservation is made after the balance rows of its items are locked, so that any number
of PCs together never promise more than lies there; the database checks it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg import Cursor

from desktop_app.core.errors import InsufficientStock, Shortage
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.posting import DocumentSnapshot
from desktop_app.domain.quantities import format_quantity
from desktop_app.queries import picking as pick_queries, sales as sales_queries
from desktop_app.queries.picking import Candidates

ZERO = Decimal(0)


@dataclass(frozen=True)
class OrderLine:
    """An order line with what became of it, base units. ``reserved`` is still open."""

    id: int
    line_no: int
    item_id: int
    item_code: str
    decimals: int
    qty: Decimal
    shipped: Decimal
    reserved: Decimal

    @property
    def open(self) -> Decimal:
        """What has not left yet."""
        return self.qty - self.shipped


@dataclass(frozen=True)
class OpenReservation:
    """A reservation with the part of it that no picking is using."""

    id: int
    line_id: int
    item_id: int
    unpinned: Decimal


@dataclass(frozen=True)
class Position:
    """An order against its warehouse while the balances are locked.

    ``free`` maps an item to what is promised to nobody there; ``candidates`` to the bins.
    """

    lines: tuple[OrderLine, ...]
    reservations: tuple[OpenReservation, ...]
    free: Mapping[int, Decimal]
    candidates: Candidates


@dataclass(frozen=True)
class Want:
    """So much is to be promised to that line."""

    line: OrderLine
    qty: Decimal


_LINES = """
SELECT l.id, l.line_no, l.item_id, i.code, i.uom_decimals, l.qty, coalesce(s.qty, 0),
       coalesce((SELECT sum(r.qty_open) FROM reservation r WHERE r.line_id = l.id), 0)
FROM document_line l JOIN item i ON i.id = l.item_id
LEFT JOIN line_done(%(id)s, 'ship') s ON s.line_id = l.id
WHERE l.document_id = %(id)s ORDER BY l.line_no
"""
_RESERVATIONS = """
SELECT r.id, r.line_id, r.item_id, r.qty_open - coalesce((SELECT sum(n.qty) FROM allocation n
       WHERE n.reservation_id = r.id), 0)
FROM reservation r JOIN document_line l ON l.id = r.line_id
WHERE l.document_id = %s AND r.qty_open > 0 ORDER BY r.id
"""


def lock_position(uow: UnitOfWork, order: DocumentSnapshot) -> Position:
    """Lock every balance of the order's items and read where it stands: one round trip."""
    items = sorted({line.item_id for line in order.lines})
    with uow.pipeline():
        uow.execute("SELECT lock_balances('{}', '{}', '{}', '{}', %s::bigint[])", (items,))
        lines = uow.execute(_LINES, {"id": order.id})
        open_ones = uow.execute(_RESERVATIONS, (order.id,))
        free = uow.execute(
            "SELECT item_id, on_hand - reserved FROM stock_available(%s::bigint[])"
            " WHERE warehouse_id = %s",
            (items, order.warehouse_id),
        )
        bins = pick_queries.ask_candidates(uow, items, order.warehouse_id or 0)
    return Position(
        tuple(OrderLine(*row) for row in lines.fetchall()),
        tuple(OpenReservation(*row) for row in open_ones.fetchall()),
        defaultdict(Decimal, {item: max(qty, ZERO) for item, qty in free.fetchall()}),
        pick_queries.take_candidates(bins),
    )


def refuse_shortages(
    uow: UnitOfWork, order: DocumentSnapshot, wants: Sequence[Want], free: Mapping[int, Decimal]
) -> None:
    """Raises InsufficientStock with every short line and who holds the goods."""
    left = dict(free)
    short: list[tuple[Want, Decimal]] = []
    for want in wants:
        there = left.get(want.line.item_id, ZERO)
        if want.qty > there:
            short.append((want, there))
        left[want.line.item_id] = max(there - want.qty, ZERO)
    if short:
        raise _insufficient(uow, order, short)


def _insufficient(
    uow: UnitOfWork, order: DocumentSnapshot, short: Sequence[tuple[Want, Decimal]]
) -> InsufficientStock:
    held = sales_queries.holders(
        uow, [want.line.item_id for want, _ in short], order.warehouse_id or 0
    )
    shortages = tuple(
        Shortage(
            want.line.line_no,
            want.line.item_code,
            want.qty,
            there,
            tuple(holder.number for holder in held.get(want.line.item_id, ())),
        )
        for want, there in short
    )
    first, there = short[0]
    names = held.get(first.line.item_id, [])
    text = (
        N_(
            "Line {line} {item} in {warehouse}: {wanted} wanted, {available} free. Held by"
            " {holders}. Nothing was taken; release it there deliberately or wait for goods."
        )
        if names
        else N_(
            "Line {line} {item} in {warehouse}: {wanted} wanted, {available} there. Nothing"
            " was taken."
        )
    )
    return InsufficientStock(
        text,
        shortages,
        line=first.line.line_no,
        item=first.line.item_code,
        warehouse=uow.scalar("SELECT name FROM warehouse WHERE id = %s", (order.warehouse_id,)),
        wanted=format_quantity(first.qty),
        available=format_quantity(there),
        holders=", ".join(str(holder) for holder in names),
    )


def insert(
    uow: UnitOfWork,
    act_uuid: UUID,
    order: DocumentSnapshot,
    wants: Sequence[Want],
    reason: str,
    until: date | None = None,
) -> Cursor[Any] | None:
    """Promise the wanted quantities by an act just recorded; rows of (id, line id).

    ``until`` is the last day the promise is meant to hold.
    """
    chosen = [want for want in wants if want.qty > 0]
    if not chosen:
        return None
    return uow.execute(
        "INSERT INTO reservation (line_id, item_id, warehouse_id, qty, qty_open, until, reason,"
        " act_id) SELECT u.line, u.item, %s, u.qty, u.qty,"
        " (%s::date + 1)::timestamptz - interval '1 second', %s,"
        " (SELECT id FROM act WHERE uuid = %s)"
        " FROM unnest(%s::bigint[], %s::bigint[], %s::numeric[]) AS u(line, item, qty)"
        " RETURNING id, line_id",
        (
            order.warehouse_id,
            until,
            reason,
            act_uuid,
            [w.line.id for w in chosen],
            [w.line.item_id for w in chosen],
            [w.qty for w in chosen],
        ),
    )


def release(
    uow: UnitOfWork, act_uuid: UUID, reservations: Sequence[int], quantities: Sequence[Decimal]
) -> None:
    """Give promised quantities back by an act just recorded."""
    if reservations:
        uow.execute(
            "SELECT release_reservations((SELECT id FROM act WHERE uuid = %s), %s::bigint[],"
            " %s::numeric[])",
            (act_uuid, list(reservations), list(quantities)),
        )
