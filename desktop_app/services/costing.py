"""Moving average cost: a projection of the ledger that can stop and go on anywhere.

Posting never touches money. :func:`update` reads the acts since the last time, in the order
they were recorded, and keeps three numbers per item and one value per move; :func:`rebuild`
forgets them and reads everything. Both give the same result. Only logins that may see
costs can run or read it: others are refused by the database.

First form of the rules (DESIGN section 4): a receipt costs the price on its own line or on
the order's line, without tax; a return costs what its issue cost; a red entry takes back what
the original did; what a product costs is what its act used up. Goods in the company (bins,
docks, in transit, at subcontractors, in production) are one pool per item.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal

from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.costing import PLACES, CostEvent, CostKind, MoveCost, MovingAverage
from desktop_app.domain.locations import PHYSICAL, LocationKind
from desktop_app.domain.quantities import round_half_up

METHOD = "moving_average"
CHUNK = 20_000
"""Moves read and written at a time."""
_WAITS = 40
_WIDE = Context(prec=60)
_ZERO = Decimal(0)

_INTO: dict[str, CostKind] = {
    LocationKind.SUPPLIER: CostKind.RECEIPT,
    LocationKind.OPENING: CostKind.RECEIPT,
    LocationKind.PROCESS: CostKind.RECEIPT,
    LocationKind.CUSTOMER: CostKind.RETURN_IN,
    LocationKind.DIFFERENCE: CostKind.ADJUSTMENT_IN,
    LocationKind.SCRAP: CostKind.ADJUSTMENT_IN,
}
"""What goods from outside mean to the value, by the kind of place they come from."""
_OUT_OF: dict[str, CostKind] = {
    LocationKind.SUPPLIER: CostKind.ISSUE,
    LocationKind.OPENING: CostKind.ISSUE,
    LocationKind.PROCESS: CostKind.ISSUE,
    LocationKind.CUSTOMER: CostKind.ISSUE,
    LocationKind.DIFFERENCE: CostKind.ADJUSTMENT_OUT,
    LocationKind.SCRAP: CostKind.ADJUSTMENT_OUT,
}


@dataclass(frozen=True)
class CostReport:
    """``moves`` read now; ``up_to_act`` is the last act that counts.

    ``complete`` False: somebody was posting for too long; the newest acts come next time.
    """

    moves: int
    up_to_act: int
    complete: bool


@dataclass(frozen=True)
class _Move:
    id: int
    act_id: int
    line_id: int
    item_id: int
    lot_id: int
    box_id: int
    from_id: int
    to_id: int
    from_kind: str
    to_kind: str
    qty: Decimal
    price: Decimal | None
    origin_line_id: int | None
    reverses_id: int | None

    @property
    def kind(self) -> CostKind:
        """What this move means to the value of the company's stock."""
        if (self.from_kind in PHYSICAL) == (self.to_kind in PHYSICAL):
            return CostKind.NEUTRAL
        if self.to_kind in PHYSICAL:
            return _INTO[self.from_kind]
        return _OUT_OF[self.to_kind]


def update(uow: UnitOfWork) -> CostReport:
    """Take the acts since the last time into the costs. Raises PermissionDenied."""
    # Two sessions would count the same moves twice.
    uow.execute("SELECT pg_advisory_xact_lock(hashtext('stockproof.costing'))")
    position = uow.scalar("SELECT act_id FROM cost_position WHERE method = %s", (METHOD,)) or 0
    horizon = _horizon(uow)
    if horizon is None:
        return CostReport(0, position, complete=False)
    count = 0
    while moves := _read(uow, position, horizon):
        position = moves[-1].act_id
        _project(uow, moves)
        count += len(moves)
    uow.execute(
        "INSERT INTO cost_position (method, act_id) VALUES (%s, %s)"
        " ON CONFLICT (method) DO UPDATE SET act_id = excluded.act_id",
        (METHOD, horizon),
    )
    if count:
        uow.touch("cost")
    return CostReport(count, horizon, complete=True)


def rebuild(uow: UnitOfWork) -> CostReport:
    """Forget every cost and read the whole ledger again. Raises PermissionDenied."""
    uow.execute("SELECT pg_advisory_xact_lock(hashtext('stockproof.costing'))")
    for table in ("move_cost", "item_cost", "cost_position"):
        uow.execute(f"DELETE FROM {table}")
    return update(uow)


def _horizon(uow: UnitOfWork) -> int | None:
    """The newest act below which none can still appear, or None when it stays unclear.

    Ids are given before the commit: an older act may become visible after a newer one. All
    that were under way when the newest id was read must have ended first.
    """
    newest, under_way = uow.execute(
        "SELECT coalesce(max(id), 0), pg_snapshot_xmax(pg_current_snapshot())::text FROM act"
    ).fetchone() or (0, "0")
    for _ in range(_WAITS):
        waiting = uow.scalar(
            "SELECT EXISTS (SELECT 1 FROM pg_snapshot_xip(pg_current_snapshot()) AS x(id)"
            " WHERE x.id < %s::xid8 AND x.id IS DISTINCT FROM pg_current_xact_id_if_assigned())",
            (under_way,),
        )
        if not waiting:
            return int(newest)
        uow.execute("SELECT pg_sleep(0.05)")
    return None


_MOVES = """
SELECT m.id, m.act_id, m.line_id, m.item_id, m.lot_id, m.box_id, m.from_location_id, m.to_location_id,
       f.kind, t.kind, m.qty, coalesce(own.unit_price / (1 + own.tax_rate / 100),
                                       above.unit_price / (1 + above.tax_rate / 100)),
       l.origin_line_id, a.reverses_id
FROM stock_move m JOIN act a ON a.id = m.act_id
JOIN location f ON f.id = m.from_location_id JOIN location t ON t.id = m.to_location_id
JOIN document_line l ON l.id = m.line_id
LEFT JOIN purchase_line_price own ON own.line_id = l.id
LEFT JOIN purchase_line_price above ON above.line_id = l.origin_line_id
WHERE m.act_id > %(after)s AND m.act_id <= (
  SELECT max(n.act_id) FROM (SELECT act_id FROM stock_move WHERE act_id > %(after)s
    AND act_id <= %(until)s ORDER BY act_id LIMIT %(limit)s) n)
ORDER BY m.act_id, (t.kind = 'process') DESC, m.id
"""


def _read(uow: UnitOfWork, after: int, until: int) -> list[_Move]:
    """Whole acts, in order; inside an act what is used up comes before what is made of it."""
    return uow.all(_Move, _MOVES, {"after": after, "until": until, "limit": CHUNK})


@dataclass
class _Known:
    """What happened before, as far as these moves refer to it; grows while they are read."""

    issues: dict[int, tuple[Decimal, Decimal]] = field(default_factory=dict)
    """Shipment line → (quantity, value) that went to the customer."""
    originals: dict[tuple[int, ...], list[Decimal]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Act and places of posted moves → their signed values in turn, for red entries."""

    def learn(self, move: _Move, cost: MoveCost) -> None:
        """Keep what a later move may ask for."""
        if move.to_kind == LocationKind.CUSTOMER:
            qty, value = self.issues.get(move.line_id, (_ZERO, _ZERO))
            self.issues[move.line_id] = (qty + move.qty, value - cost.value)
        self.originals[_place_key(move)].append(cost.value)

    def issue_cost(self, line_id: int | None) -> Decimal | None:
        """Unit cost at which the goods of a shipment line left."""
        qty, value = self.issues.get(line_id or 0, (_ZERO, _ZERO))
        return _WIDE.divide(value, qty) if qty else None

    def original_cost(self, move: _Move) -> Decimal | None:
        """Unit cost of the move that a red one takes back."""
        found = self.originals.get(_mirrored_key(move))
        return _WIDE.divide(abs(found.pop(0)), move.qty) if found else None


def _place_key(move: _Move) -> tuple[int, ...]:
    return (
        move.act_id,
        move.item_id,
        move.lot_id,
        move.box_id,
        move.from_id,
        move.to_id,
        int(move.qty.scaleb(PLACES)),
    )


def _mirrored_key(move: _Move) -> tuple[int, ...]:
    return (
        move.reverses_id or 0,
        move.item_id,
        move.lot_id,
        move.box_id,
        move.to_id,
        move.from_id,
        int(move.qty.scaleb(PLACES)),
    )


def _project(uow: UnitOfWork, moves: Sequence[_Move]) -> None:
    states = _states(uow, {move.item_id for move in moves})
    known = _known(uow, moves)
    costs: list[tuple[_Move, MoveCost]] = []
    for act in _acts(moves):
        costs += _cost_act(act, states, known)
    _write(uow, costs, states)


def _acts(moves: Sequence[_Move]) -> Iterable[list[_Move]]:
    act: list[_Move] = []
    for move in moves:
        if act and act[0].act_id != move.act_id:
            yield act
            act = []
        act.append(move)
    if act:
        yield act


def _cost_act(
    act: Sequence[_Move], states: dict[int, MovingAverage], known: _Known
) -> list[tuple[_Move, MoveCost]]:
    made = [m for m in act if m.from_kind == LocationKind.PROCESS and m.reverses_id is None]
    used: list[Decimal] = []
    costs = []
    shares: dict[int, Decimal] | None = None
    for move in act:
        if move.kind is CostKind.NEUTRAL:
            continue
        if move.from_kind == LocationKind.PROCESS and shares is None:
            shares = _shares(made, used)
        price = _price(move, known, shares or {})
        cost = states[move.item_id].apply(CostEvent(move.id, move.qty, move.kind, price))
        if move.to_kind == LocationKind.PROCESS:
            used.append(-cost.value)
        known.learn(move, cost)
        costs.append((move, cost))
    return costs


def _shares(made: Sequence[_Move], used: Sequence[Decimal]) -> dict[int, Decimal]:
    """Unit cost of each product of an act: what was used up, spread by quantity.

    The values add up to what was used to the last digit. Empty when nothing was used.
    """
    total, whole = sum(used, _ZERO), sum((move.qty for move in made), _ZERO)
    shares: dict[int, Decimal] = {}
    done_qty = done_value = _ZERO
    for move in made if used else ():
        done_qty += move.qty
        upto = round_half_up(_WIDE.divide(_WIDE.multiply(total, done_qty), whole), PLACES)
        shares[move.id] = _WIDE.divide(upto - done_value, move.qty)
        done_value = upto
    return shares


def _price(move: _Move, known: _Known, shares: dict[int, Decimal]) -> Decimal | None:
    """The unit cost a move brings along; None takes the average."""
    if move.reverses_id is not None:
        return known.original_cost(move)
    if move.from_kind in (LocationKind.SUPPLIER, LocationKind.OPENING):
        return move.price
    if move.from_kind == LocationKind.PROCESS:
        return shares.get(move.id)
    if move.from_kind == LocationKind.CUSTOMER:
        return known.issue_cost(move.origin_line_id)
    return None


def _states(uow: UnitOfWork, items: set[int]) -> dict[int, MovingAverage]:
    rows = uow.execute(
        "SELECT item_id, qty, value, average FROM item_cost WHERE item_id = ANY(%s)",
        (sorted(items),),
    ).fetchall()
    found = {item: MovingAverage(*numbers) for item, *numbers in rows}
    return {item: found.get(item) or MovingAverage() for item in items}


def _known(uow: UnitOfWork, moves: Sequence[_Move]) -> _Known:
    """What these moves refer to and earlier runs have costed."""
    known = _Known()
    lines = {
        m.origin_line_id
        for m in moves
        if m.from_kind == LocationKind.CUSTOMER and m.origin_line_id is not None
    }
    acts = {m.reverses_id for m in moves if m.reverses_id is not None}
    if lines:
        rows = uow.execute(
            "SELECT m.line_id, sum(m.qty), -sum(c.value) FROM stock_move m JOIN move_cost c"
            " ON c.move_id = m.id JOIN location t ON t.id = m.to_location_id"
            " WHERE m.line_id = ANY(%s) AND t.kind = 'customer' GROUP BY 1",
            (sorted(lines),),
        ).fetchall()
        known.issues = {line: (qty, value) for line, qty, value in rows}
    if acts:
        rows = uow.execute(
            "SELECT m.act_id, m.item_id, m.lot_id, m.box_id, m.from_location_id,"
            " m.to_location_id, m.qty, c.value FROM stock_move m JOIN move_cost c"
            " ON c.move_id = m.id WHERE m.act_id = ANY(%s) ORDER BY m.id",
            (sorted(acts),),
        ).fetchall()
        for *key, qty, value in rows:
            known.originals[(*key, int(qty.scaleb(PLACES)))].append(value)
    return known


def _write(
    uow: UnitOfWork,
    costs: Sequence[tuple[_Move, MoveCost]],
    states: dict[int, MovingAverage],
) -> None:
    with uow.pipeline():
        uow.execute(
            "INSERT INTO move_cost (move_id, item_id, unit_cost, value, estimated) SELECT *"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::numeric[], %s::numeric[], %s::bool[])",
            (
                [cost.move_id for _, cost in costs],
                [move.item_id for move, _ in costs],
                [cost.unit_cost for _, cost in costs],
                [cost.value for _, cost in costs],
                [cost.estimated for _, cost in costs],
            ),
        )
        uow.execute(
            "INSERT INTO item_cost (item_id, qty, value, average) SELECT * FROM"
            " unnest(%s::bigint[], %s::numeric[], %s::numeric[], %s::numeric[])"
            " ON CONFLICT (item_id) DO UPDATE SET qty = excluded.qty, value = excluded.value,"
            " average = excluded.average",
            (
                list(states),
                [state.qty for state in states.values()],
                [state.value for state in states.values()],
                [state.average for state in states.values()],
            ),
        )
