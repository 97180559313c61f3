"""Why is this number so? From the last trusted count through acts to now.

A quantity (an item anywhere, in a warehouse, at a place, of a lot) is explained as

    start (what was counted, or nothing at the beginning) + every move since = on hand now

and always adds up: a posted count replaces everything that happened at its place before
the second it was counted, and its own difference is not shown again as a move.

The newest acts are shown one by one. What lies before them is summed by the server per
period and kind of flow, so that 200,000 moves of one item cost no more than a page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.locations import PHYSICAL
from desktop_app.queries.bin_history import BinAt as BinAt, bin_at as bin_at
from desktop_app.queries.holders import Holder as Holder, who_holds as who_holds

DETAILS = 200
"""Moves shown one by one on a page."""
MOST_PERIODS = 31
"""Older parts are summed by day up to here, then by month, then by year."""
_READINGS = 3
_NEUTRAL = 5
"""So many moves are looked at for one that changes the quantity, before all are."""
_ZERO = Decimal(0)


@dataclass(frozen=True, order=True)
class Flow:
    """Where goods came from or went to: kind of the other place, and the direction."""

    place_kind: str
    inbound: bool


@dataclass(frozen=True)
class CountBase:
    """A posted count: what the books held from the second it was counted.

    ``qty`` differs from ``counted`` when a small difference was left unposted.
    """

    location_id: int
    lot_id: int
    line_id: int
    qty: Decimal
    counted: Decimal
    at: datetime
    place: str
    lot: str
    counted_by: str
    workstation: str
    document_id: int
    number: str


@dataclass(frozen=True)
class Start:
    """Where the explanation begins; without counts it is nothing at all."""

    qty: Decimal
    counts: tuple[CountBase, ...] = ()

    @property
    def at(self) -> datetime | None:
        """Second of the newest count, None for the beginning."""
        return max((count.at for count in self.counts), default=None)


@dataclass(frozen=True)
class Block:
    """Older moves of one kind in one period, summed; ``first`` and ``last`` are days."""

    first: date
    last: date
    flow: Flow
    delta: Decimal
    moves: int
    balance: Decimal = _ZERO


@dataclass(frozen=True)
class Step:
    """What one act did to the quantity, and the quantity after it.

    ``is_red``: the act reverses an earlier one; ``is_reversed``: a later one reverses it.
    """

    act_id: int
    document_id: int
    kind: str
    number: str
    party: str
    verb: str
    actor: str
    workstation: str
    at: datetime
    reason: str
    is_red: bool
    is_reversed: bool
    delta: Decimal = _ZERO
    balance: Decimal = _ZERO
    flow: Flow = Flow("", inbound=True)
    from_places: tuple[str, ...] = ()
    to_places: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subject:
    """Whose quantity is explained."""

    item_id: int
    item_code: str
    item_name: str
    uom: str
    warehouse: str | None
    place: str | None
    lot: str | None
    on_hand: Decimal


@dataclass(frozen=True)
class Waterfall:
    """The explanation. ``older`` and ``steps`` run from the oldest to the newest.

    ``next_before`` asks for the page before these steps, None when nothing older is
    summed. ``gap`` is what the sums miss to ``end``: zero unless the ledger was tampered
    with. ``flows`` sums the whole explanation per kind of flow.
    """

    subject: Subject
    start: Start
    older: tuple[Block, ...]
    steps: tuple[Step, ...]
    end: Decimal
    next_before: int | None
    gap: Decimal
    flows: tuple[tuple[Flow, Decimal], ...]


@dataclass(frozen=True)
class _Scope:
    item_id: int
    location_id: int | None
    warehouse_id: int | None
    lot_id: int | None

    def params(self) -> dict[str, Any]:
        return {
            "item": self.item_id,
            "location": self.location_id,
            "lot": self.lot_id,
            "warehouse": self.warehouse_id,
            "physical": [str(kind) for kind in PHYSICAL],
        }

    def inside(self, alias: str) -> str:
        """SQL: whether a location belongs to the explained quantity."""
        if self.location_id is not None:
            return f"{alias}.id = %(location)s"
        physical = f"{alias}.kind = ANY(%(physical)s)"
        if self.warehouse_id is not None:
            return f"({alias}.warehouse_id = %(warehouse)s AND {physical})"
        return physical

    @property
    def of_lot(self) -> str:
        return "" if self.lot_id is None else " AND {0}.lot_id = %(lot)s"


@dataclass(frozen=True)
class _Move:
    id: int
    act_id: int
    from_id: int
    to_id: int
    lot_id: int
    delta: Decimal

    @property
    def other_id(self) -> int:
        """The place the goods came from or went to, seen from the explained quantity."""
        return self.from_id if self.delta > 0 else self.to_id


@dataclass(frozen=True)
class _Ledger:
    """The moves that change the explained quantity, as SQL named ``moved``.

    ``template`` has a place for the moves to look at, ``where`` picks those of the subject.
    """

    template: str
    where: str
    params: dict[str, Any]

    @property
    def sql(self) -> str:
        """All of them."""
        return self.template.format(moves="stock_move")

    def newest(self, bound: str) -> str:
        """Those among the newest moves only: read by index, whatever the planner guesses."""
        return self.template.format(
            moves=f"(SELECT m.* FROM stock_move m {self.where}{bound.format('m.id')}"
            " ORDER BY m.id DESC LIMIT %(first)s)"
        )


def waterfall(
    uow: UnitOfWork,
    item_id: int,
    location_id: int | None = None,
    warehouse_id: int | None = None,
    lot_id: int | None = None,
    limit: int = DETAILS,
    before: int | None = None,
) -> Waterfall:
    """Explain the quantity of an item, narrowed to a place, warehouse or lot when given.

    ``before`` (a ``next_before``) shows the page of acts before those already shown.
    Quantities are in the item's base unit. Raises NotFound.
    """
    scope = _Scope(item_id, location_id, warehouse_id, lot_id)
    for _ in range(_READINGS):
        found = _explain(uow, scope, limit, before)
        # Several statements see several moments: a posting in between is read again.
        if found.gap == 0:
            break
    return found


def _explain(uow: UnitOfWork, scope: _Scope, limit: int, before: int | None) -> Waterfall:
    counts = tuple(_counts(uow, scope))
    start = Start(sum((count.qty for count in counts), _ZERO), counts)
    ledger = _ledger(uow, scope, counts)
    moves, cut = _newest(uow, ledger, limit, before)
    older = _older(uow, ledger, cut) if cut is not None else []
    balance = start.qty
    blocks = []
    for block in older:
        balance += block.delta
        blocks.append(replace(block, balance=balance))
    kinds = _column(uow, "location", "kind", {move.other_id for move in moves})
    steps = _steps(uow, moves, kinds, balance)
    if steps:
        balance = steps[-1].balance
    subject = _subject(uow, scope)
    end = subject.on_hand if before is None else balance
    return Waterfall(
        subject,
        start,
        tuple(blocks),
        steps,
        end,
        cut,
        end - balance,
        _flows(older, moves, kinds),
    )


def _subject(uow: UnitOfWork, scope: _Scope) -> Subject:
    found = uow.find(
        Subject,
        "SELECT i.id, i.code, i.name, i.uom,"
        " (SELECT name FROM warehouse WHERE id = %(warehouse)s),"
        " (SELECT code FROM location WHERE id = %(location)s),"
        " (SELECT code FROM lot WHERE id = %(lot)s),"
        " (SELECT coalesce(sum(b.on_hand), 0) FROM stock_balance b JOIN location l"
        f" ON l.id = b.location_id WHERE b.item_id = i.id AND {scope.inside('l')}"
        f"{scope.of_lot.format('b')}) FROM item i WHERE i.id = %(item)s",
        scope.params(),
    )
    if found is None:
        raise NotFound(N_("This item does not exist (any more)."))
    return found


def _counts(uow: UnitOfWork, scope: _Scope) -> list[CountBase]:
    """The newest posted count of each place and lot in the scope."""
    return uow.all(
        CountBase,
        "SELECT DISTINCT ON (l.location_id, l.lot_id) l.location_id, l.lot_id, l.id,"
        " r.book_qty + coalesce(posted.qty, 0), r.counted_qty, e.counted_at, p.code, o.code, coalesce(u.display_name, e.counted_by),"
        " e.workstation, d.id, d.number"
        " FROM count_result r JOIN document_line l ON l.id = r.line_id"
        " JOIN document d ON d.id = l.document_id AND d.state = 'posted'"
        " JOIN LATERAL (SELECT n.counted_at, n.counted_by, n.workstation FROM count_entry n"
        " WHERE n.line_id = l.id ORDER BY n.round DESC LIMIT 1) e ON true"
        " LEFT JOIN LATERAL (SELECT sum(CASE WHEN m.to_location_id = l.location_id THEN m.qty"
        " ELSE -m.qty END) AS qty FROM stock_move m WHERE m.line_id = l.id) posted ON true"
        " JOIN location p ON p.id = l.location_id JOIN lot o ON o.id = l.lot_id"
        " LEFT JOIN app_user u ON u.login = e.counted_by"
        f" WHERE l.item_id = %(item)s AND {scope.inside('p')}{scope.of_lot.format('l')}"
        " ORDER BY l.location_id, l.lot_id, e.counted_at DESC",
        scope.params(),
    )


def _ledger(uow: UnitOfWork, scope: _Scope, counts: Sequence[CountBase]) -> _Ledger:
    """Moves across the edge of the scope; with counts also those a count has left behind.

    Which places are inside is sent as a list: reading the moves then needs no join, which
    halves the time for an item with 200,000 of them.
    """
    test, places = _inside(uow, scope)
    to_inside, from_inside = test.format("to_location_id"), test.format("from_location_id")
    near = ""
    if scope.location_id is not None:
        near = " AND %(location)s IN (m.from_location_id, m.to_location_id)"
    columns = "m.id, m.act_id, m.at, m.from_location_id, m.to_location_id, m.lot_id"
    where = f"WHERE m.item_id = %(item)s{near}{scope.of_lot.format('m')}"
    params = scope.params() | {"places": places}
    if not counts:
        return _Ledger(
            f"(SELECT {columns}, CASE WHEN {to_inside} THEN m.qty ELSE -m.qty END AS delta"
            f" FROM {{moves}} m {where} AND ({to_inside}) <> ({from_inside})) AS moved",
            where,
            params,
        )
    since = " AND ({0}.at IS NULL OR (m.at > {0}.at AND m.line_id <> {0}.line))"
    return _Ledger(
        f"(SELECT {columns}, CASE WHEN {to_inside}{since.format('ct')} THEN m.qty ELSE 0 END"
        f" - CASE WHEN {from_inside}{since.format('cf')} THEN m.qty ELSE 0 END AS delta"
        f" FROM {{moves}} m {_COUNTED.format('ct', 'to_location_id')}"
        f" {_COUNTED.format('cf', 'from_location_id')} {where}) AS moved",
        where,
        params
        | {
            "c_place": [c.location_id for c in counts],
            "c_lot": [c.lot_id for c in counts],
            "c_line": [c.line_id for c in counts],
            "c_at": [c.at for c in counts],
        },
    )


_COUNTED = (
    "LEFT JOIN unnest(%(c_place)s::bigint[], %(c_lot)s::bigint[], %(c_line)s::bigint[],"
    " %(c_at)s::timestamptz[]) AS {0}(place, lot, line, at)"
    " ON {0}.place = m.{1} AND {0}.lot = m.lot_id"
)


def _inside(uow: UnitOfWork, scope: _Scope) -> tuple[str, list[int]]:
    """SQL that tells whether column {0} of a move is inside, and the list it compares with."""
    inside, outside = uow.execute(
        f"SELECT array_agg(l.id) FILTER (WHERE {scope.inside('l')}),"
        f" array_agg(l.id) FILTER (WHERE ({scope.inside('l')}) IS NOT TRUE) FROM location l",
        scope.params(),
    ).fetchone() or (None, None)
    if len(inside or ()) <= len(outside or ()):
        return "m.{0} = ANY(%(places)s::bigint[])", inside or []
    return "m.{0} <> ALL(%(places)s::bigint[])", outside or []


def _newest(
    uow: UnitOfWork, ledger: _Ledger, limit: int, before: int | None
) -> tuple[list[_Move], int | None]:
    """The newest moves, oldest first, and the id below which everything is summed.

    The cut is a move id, so that details and sums never overlap and never miss a move; an
    act that the limit would cut in two is left to the sums as a whole.
    """
    bound = "" if before is None else " AND {0} < %(before)s"
    ask = (
        "SELECT id, act_id, from_location_id, to_location_id, lot_id, delta FROM {0}"
        f" WHERE delta <> 0{bound.format('id')} ORDER BY id DESC LIMIT %(limit)s"
    )
    params = {**ledger.params, "before": before, "limit": limit + 1, "first": limit * _NEUTRAL}
    moves = uow.all(_Move, ask.format(ledger.newest(bound)), params)
    if len(moves) <= limit:
        # Too many moves were neutral, or there are no more: only the whole ledger tells.
        moves = uow.all(_Move, ask.format(ledger.sql), params)
    if len(moves) <= limit:
        return moves[::-1], None
    oldest = moves[-1].act_id
    whole = [move.id for move in moves if move.act_id != oldest]
    cut = min(whole) if whole else moves[-2].id
    return [move for move in moves if move.id >= cut][::-1], cut


def _older(uow: UnitOfWork, ledger: _Ledger, cut: int) -> list[Block]:
    # The planner expects as many groups as moves and would sort them on disk.
    uow.execute("SET LOCAL work_mem = '32MB'")
    rows = uow.execute(
        "SELECT at::date, CASE WHEN delta > 0 THEN from_location_id ELSE to_location_id END,"
        f" delta > 0, sum(delta), count(*) FROM {ledger.sql} WHERE delta <> 0 AND id < %(cut)s"
        " GROUP BY 1, 2, 3",
        {**ledger.params, "cut": cut},
    ).fetchall()
    kinds = _column(uow, "location", "kind", {row[1] for row in rows})
    blocks = [
        Block(day, day, Flow(kinds[other], inbound), delta, moves)
        for day, other, inbound, delta, moves in rows
    ]
    return _by_period(sorted(blocks, key=lambda block: block.first))


def _by_period(days: list[Block]) -> list[Block]:
    """Days while they are few, else months, else years."""
    for size in (10, 7, 4):  # characters of 2026-01-31 that name the period
        periods: dict[tuple[str, Flow], Block] = {}
        for block in days:
            key = (block.first.isoformat()[:size], block.flow)
            known = periods.get(key)
            periods[key] = (
                block
                if known is None
                else replace(
                    known,
                    last=block.last,
                    delta=known.delta + block.delta,
                    moves=known.moves + block.moves,
                )
            )
        if len({period for period, _ in periods}) <= MOST_PERIODS:
            break
    ordered = sorted(periods.items(), key=lambda entry: (entry[0][0], not entry[0][1].inbound))
    return [block for _, block in ordered]


_ACTS = """
SELECT a.id, d.id, d.kind, coalesce(d.number, ''), coalesce(p.name, ''), a.verb,
       coalesce(u.display_name, a.actor), a.workstation, a.at, a.reason,
       a.reverses_id IS NOT NULL, EXISTS (SELECT 1 FROM act r WHERE r.reverses_id = a.id)
FROM act a JOIN document d ON d.id = a.document_id LEFT JOIN party p ON p.id = d.party_id
LEFT JOIN app_user u ON u.login = a.actor WHERE a.id = ANY(%s)
"""


def _steps(
    uow: UnitOfWork, moves: Sequence[_Move], kinds: dict[int, str], balance: Decimal
) -> tuple[Step, ...]:
    by_act: dict[int, list[_Move]] = defaultdict(list)
    for move in moves:
        by_act[move.act_id].append(move)
    acts = {step.act_id: step for step in uow.all(Step, _ACTS, (list(by_act),))}
    places = _column(uow, "location", "code", {i for m in moves for i in (m.from_id, m.to_id)})
    lots = _column(uow, "lot", "code", {m.lot_id for m in moves if m.lot_id})
    steps = []
    for act_id, own in by_act.items():
        delta = sum((move.delta for move in own), _ZERO)
        balance += delta
        largest = max(own, key=lambda move: abs(move.delta))
        steps.append(
            replace(
                acts[act_id],
                delta=delta,
                balance=balance,
                flow=Flow(kinds[largest.other_id], largest.delta > 0),
                from_places=_names(places, (m.from_id for m in own)),
                to_places=_names(places, (m.to_id for m in own)),
                lots=_names(lots, (m.lot_id for m in own if m.lot_id)),
            )
        )
    return tuple(steps)


def _column(uow: UnitOfWork, table: str, name: str, ids: set[int]) -> dict[int, str]:
    """One column of these rows by id."""
    if not ids:
        return {}
    rows = uow.execute(f"SELECT id, {name} FROM {table} WHERE id = ANY(%s)", (sorted(ids),))
    return dict(rows.fetchall())


def _names(codes: dict[int, str], ids: Iterable[int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes[i] for i in ids))


def _flows(
    older: Sequence[Block], moves: Sequence[_Move], kinds: dict[int, str]
) -> tuple[tuple[Flow, Decimal], ...]:
    sums: dict[Flow, Decimal] = defaultdict(Decimal)
    for block in older:
        sums[block.flow] += block.delta
    for move in moves:
        sums[Flow(kinds[move.other_id], move.delta > 0)] += move.delta
    return tuple(sorted(sums.items(), key=lambda entry: (not entry[0].inbound, -abs(entry[1]))))
