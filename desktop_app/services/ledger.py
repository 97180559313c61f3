"""The one writer of the ledger: acts and moves, set-wise, in one lock order.

Order of locks in every posting: document rows, balance rows by (item, location, lot,
box), number row (DESIGN section 3; reasons with figures in docs/adr/0005).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from desktop_app.core.errors import InsufficientStock, Shortage
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import Transition
from desktop_app.domain.locations import PHYSICAL, SELLABLE
from desktop_app.domain.posting import DocumentSnapshot, PlannedMove, StockKey


@dataclass(frozen=True)
class ActRow:
    """An act to record. ``expected_version`` None skips the stale check."""

    uuid: UUID
    document_id: int
    verb: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    reverses_id: int | None = None
    expected_version: int | None = None


def record_act(uow: UnitOfWork, act: ActRow) -> None:
    """Insert an act; the trigger checks and stamps it and sets the document's state."""
    uow.execute(
        "INSERT INTO act (uuid, document_id, verb, evidence, reason, reverses_id, expected_version)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (
            act.uuid,
            act.document_id,
            act.verb,
            Jsonb(dict(act.evidence)),
            act.reason,
            act.reverses_id,
            act.expected_version,
        ),
    )


def insert_moves(uow: UnitOfWork, act_uuid: UUID, moves: Sequence[PlannedMove]) -> None:
    """Insert the moves of an act in one statement; balances follow by trigger."""
    uow.execute(
        "INSERT INTO stock_move (act_id, line_id, item_id, lot_id, box_id, from_location_id,"
        " to_location_id, qty, weight_g, reservation_id)"
        " SELECT (SELECT id FROM act WHERE uuid = %s), u.* FROM unnest(%s::bigint[], %s::bigint[],"
        " %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::numeric[], %s::numeric[],"
        " %s::bigint[]) AS u",
        (
            act_uuid,
            [m.line_id for m in moves],
            [m.item_id for m in moves],
            [m.lot_id for m in moves],
            [m.box_id for m in moves],
            [m.from_location_id for m in moves],
            [m.to_location_id for m in moves],
            [m.qty for m in moves],
            [m.weight_g for m in moves],
            [m.reservation_id for m in moves],
        ),
    )


def lock_for(
    uow: UnitOfWork,
    document: DocumentSnapshot,
    moves: Sequence[PlannedMove],
    pairs: Iterable[tuple[str, str]],
) -> None:
    """Lock all balances the moves touch and check every line's source at once.

    Raises InsufficientStock with one Shortage per short line, before anything is written.
    Skipped when all goods come from outside: nothing can be short then.
    """
    pairs = tuple(pairs)
    if not any(source in PHYSICAL for source, _target in pairs):
        return
    shrinks = any(s in SELLABLE and t not in SELLABLE for s, t in pairs)
    wide = sorted({m.item_id for m in moves if m.reservation_id is None}) if shrinks else []
    keys = sorted({key for m in moves for key in (m.source, m.target)}, key=StockKey.sort_key)
    columns = _columns(keys)
    with uow.pipeline():
        uow.execute(
            "SELECT lock_balances(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],"
            " %s::bigint[])",
            (*columns, wide),
        )
        found = uow.execute(
            "SELECT b.item_id, b.location_id, b.lot_id, b.box_id, b.on_hand, b.allocated"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])"
            " AS k(item, loc, lot, box) JOIN stock_balance b ON b.item_id = k.item"
            " AND b.location_id = k.loc AND b.lot_id = k.lot AND b.box_id = k.box",
            columns,
        )
    balances = {StockKey(*row[:4]): (row[4], row[5]) for row in found.fetchall()}
    _refuse_shortages(uow, document, moves, balances)


def _refuse_shortages(
    uow: UnitOfWork,
    document: DocumentSnapshot,
    moves: Sequence[PlannedMove],
    balances: Mapping[StockKey, tuple[Decimal, Decimal]],
) -> None:
    arriving: dict[StockKey, Decimal] = defaultdict(Decimal)
    for move in moves:
        arriving[move.target] += move.qty
    left: dict[tuple[StockKey, bool], Decimal] = {}
    short: list[tuple[PlannedMove, Decimal]] = []
    for move in moves:
        if move.source not in balances:
            continue
        on_hand, allocated = balances[move.source]
        reserved = move.reservation_id is not None
        free = on_hand + arriving[move.source] - (Decimal(0) if reserved else allocated)
        slot = (move.source, reserved)
        remaining = left.get(slot, free) - move.qty
        left[slot] = remaining
        if remaining < 0:
            short.append((move, free))
    if short:
        raise _insufficient(uow, document, short)


def _insufficient(
    uow: UnitOfWork, document: DocumentSnapshot, short: Sequence[tuple[PlannedMove, Decimal]]
) -> InsufficientStock:
    lines = {line.id: line for line in document.lines}
    shortages = []
    for move, free in short:
        line = lines.get(move.line_id)
        shortages.append(
            Shortage(
                line.line_no if line else None,
                line.item_code if line else str(move.item_id),
                move.qty,
                max(free, Decimal(0)),
                holders_at(uow, move.source),
            )
        )
    first = shortages[0]
    place = uow.scalar("SELECT code FROM location WHERE id = %s", (short[0][0].from_location_id,))
    text = (
        N_("Line {line} {item}: {wanted} wanted at {place}, only {available} free; the rest is"
           " set aside for {holders}.")
        if first.holders
        else N_("Line {line} {item}: {wanted} wanted at {place}, only {available} there. Nothing"
                " was posted; take another place or count this one.")
    )
    return InsufficientStock(
        text,
        tuple(shortages),
        line=first.line_no,
        item=first.item_code,
        wanted=f"{first.wanted.normalize():f}",
        available=f"{first.available.normalize():f}",
        place=place,
        holders=", ".join(first.holders),
    )


def holders_at(uow: UnitOfWork, key: StockKey) -> tuple[str, ...]:
    """Numbers of the documents that have goods of this balance set aside."""
    rows = uow.execute(
        "SELECT DISTINCT d.number FROM allocation n JOIN document_line l ON l.id = n.line_id"
        " JOIN document d ON d.id = l.document_id WHERE n.item_id = %s AND n.location_id = %s"
        " AND n.lot_id = %s AND n.box_id = %s AND n.qty > 0 ORDER BY 1",
        (key.item_id, key.location_id, key.lot_id, key.box_id),
    ).fetchall()
    return tuple(row[0] for row in rows)


def post(
    uow: UnitOfWork,
    document: DocumentSnapshot,
    transition: Transition,
    act: ActRow,
    moves: Sequence[PlannedMove],
) -> None:
    """Lock, check, then record the act and its moves; the number comes last, by the caller.

    The last statements are only queued when the caller is in a pipeline.
    """
    if moves:
        lock_for(uow, document, moves, transition.moves)
    record_act(uow, act)
    if moves:
        insert_moves(uow, act.uuid, moves)
    uow.touch("stock", f"document:{document.kind}", f"document:{document.id}")


def _columns(keys: Sequence[StockKey]) -> tuple[list[int], list[int], list[int], list[int]]:
    return (
        [key.item_id for key in keys],
        [key.location_id for key in keys],
        [key.lot_id for key in keys],
        [key.box_id for key in keys],
    )
