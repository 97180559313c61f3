"""What lay in a bin at a minute, and what had happened there before (N21)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from desktop_app.core.errors import NotFound, UserError
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.locations import PHYSICAL

EVENTS = 50


@dataclass(frozen=True)
class BinRow:
    """What lay there: ``qty`` > 0 in the item's base unit."""

    item_id: int
    item_code: str
    item_name: str
    spec: str
    uom: str
    lot_id: int
    lot: str
    expires_at: datetime | None
    qty: Decimal


@dataclass(frozen=True)
class BinEvent:
    """One move at this place: ``delta`` is what it added (negative: took away)."""

    move_id: int
    at: datetime
    document_id: int
    kind: str
    number: str
    verb: str
    actor: str
    workstation: str
    item_code: str
    item_name: str
    lot: str
    delta: Decimal
    other_place: str
    is_red: bool


@dataclass(frozen=True)
class BinAt:
    """A place at a moment; ``before`` has the newest event first."""

    location_id: int
    code: str
    at: datetime
    rows: tuple[BinRow, ...]
    before: tuple[BinEvent, ...]


# Ids follow the clock within a posting; ten minutes are a wide margin. A bisection by the
# primary key finds the place in time without an index on the clock.
MARGIN = timedelta(minutes=10)
_PLACE_IN_TIME = """
WITH RECURSIVE half(low, high) AS (
  SELECT 0::bigint, (SELECT coalesce(max(id), 0) + 1 FROM stock_move)
  UNION ALL
  SELECT CASE WHEN next.at < %(at)s THEN mid ELSE low END,
         CASE WHEN next.at < %(at)s THEN high ELSE mid END
  FROM (SELECT low, high, (low + high) / 2 AS mid FROM half WHERE high - low > 1) h
  LEFT JOIN LATERAL (SELECT m.at FROM stock_move m WHERE m.id >= h.mid ORDER BY m.id LIMIT 1) next
    ON true)
SELECT min(high), (SELECT max(high) FROM half) FROM half
"""
_NAMED = """
SELECT i.id, i.code, i.name, i.spec, i.uom, o.id, o.code, o.expires_at, s.qty
FROM (SELECT q.item_id, q.lot_id, sum(q.qty) AS qty FROM ({0}) q
      GROUP BY 1, 2 HAVING sum(q.qty) <> 0) s
JOIN item i ON i.id = s.item_id JOIN lot o ON o.id = s.lot_id ORDER BY i.code, o.code
"""
# Today's balance taken back to the moment, or everything up to the moment: whichever reads less.
_BACK_FROM_TODAY = _NAMED.format("""
  SELECT b.item_id, b.lot_id, b.on_hand AS qty FROM stock_balance b
    WHERE b.location_id = %(location)s
  UNION ALL SELECT m.item_id, m.lot_id, -m.qty FROM stock_move m
    WHERE m.to_location_id = %(location)s AND m.id >= %(edge)s AND m.at > %(at)s
  UNION ALL SELECT m.item_id, m.lot_id, m.qty FROM stock_move m
    WHERE m.from_location_id = %(location)s AND m.id >= %(edge)s AND m.at > %(at)s""")
_FROM_THE_BEGINNING = _NAMED.format("""
  SELECT m.item_id, m.lot_id, m.qty FROM stock_move m
    WHERE m.to_location_id = %(location)s AND m.id < %(edge)s AND m.at <= %(at)s
  UNION ALL SELECT m.item_id, m.lot_id, -m.qty FROM stock_move m
    WHERE m.from_location_id = %(location)s AND m.id < %(edge)s AND m.at <= %(at)s""")
_EVENTS = """
SELECT m.id, m.at, d.id, d.kind, coalesce(d.number, ''), a.verb, coalesce(u.display_name, a.actor),
       a.workstation, i.code, i.name, o.code, m.delta, p.code, a.reverses_id IS NOT NULL
FROM (SELECT * FROM (
        (SELECT id, at, act_id, item_id, lot_id, qty AS delta, from_location_id AS other
         FROM stock_move WHERE to_location_id = %(location)s AND id < %(edge)s AND at <= %(at)s
         ORDER BY id DESC LIMIT %(limit)s)
        UNION ALL
        (SELECT id, at, act_id, item_id, lot_id, -qty, to_location_id
         FROM stock_move WHERE from_location_id = %(location)s AND id < %(edge)s AND at <= %(at)s
         ORDER BY id DESC LIMIT %(limit)s)) both_sides ORDER BY id DESC LIMIT %(limit)s) m
JOIN act a ON a.id = m.act_id JOIN document d ON d.id = a.document_id
JOIN item i ON i.id = m.item_id JOIN lot o ON o.id = m.lot_id JOIN location p ON p.id = m.other
LEFT JOIN app_user u ON u.login = a.actor ORDER BY m.id DESC
"""


def bin_at(uow: UnitOfWork, location_id: int, at: datetime, limit: int = EVENTS) -> BinAt:
    """What lay at a place at ``at`` (with time zone) and the last events up to then.

    Raises NotFound, UserError for a place without a balance (supplier, customer …).
    """
    place = uow.execute("SELECT code, kind FROM location WHERE id = %s", (location_id,)).fetchone()
    if place is None:
        raise NotFound(N_("This place does not exist (any more)."))
    if place[1] not in PHYSICAL:
        raise UserError(N_("{place} is outside: nothing lies there."), place=place[0])
    since, newest = _first_after(uow, at - MARGIN)
    until, _newest = _first_after(uow, at + MARGIN)
    params = {"location": location_id, "at": at, "limit": limit}
    if since > newest // 2:
        rows = uow.all(BinRow, _BACK_FROM_TODAY, params | {"edge": since})
    else:
        rows = uow.all(BinRow, _FROM_THE_BEGINNING, params | {"edge": until})
    before = uow.all(BinEvent, _EVENTS, params | {"edge": until})
    return BinAt(location_id, place[0], at, tuple(rows), tuple(before))


def _first_after(uow: UnitOfWork, at: datetime) -> tuple[int, int]:
    """Id of the first move at or after that instant, and one above the newest id."""
    row = uow.execute(_PLACE_IN_TIME, {"at": at}).fetchone()
    assert row is not None
    return row[0], row[1]
