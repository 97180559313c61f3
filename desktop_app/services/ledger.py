"""The one writer of the ledger: acts and moves, set-wise, in one lock order.

Order of locks in every posting: document rows, balance rows by (item, location, lot,
box), number row (DESIGN section 3; reasons with figures in docs/adr/0005).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from desktop_app.database.arrays import number_array
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.posting import DocumentSnapshot, PlannedMove
from desktop_app.queries.snapshots import NEWEST, places_of


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
        _values(act),
    )


def _values(act: ActRow) -> tuple[Any, ...]:
    return (
        act.uuid,
        act.document_id,
        act.verb,
        Jsonb(dict(act.evidence)),
        act.reason,
        act.reverses_id,
        act.expected_version,
    )


def insert_moves_of(uow: UnitOfWork, acts: Mapping[UUID, Sequence[PlannedMove]]) -> None:
    """The moves of several acts in one statement, so that all balances are locked in order."""
    ids: dict[UUID, int] = dict(
        uow.execute("SELECT uuid, id FROM act WHERE uuid = ANY(%s)", (list(acts),)).fetchall()
    )
    moves = [(ids[uuid], move) for uuid, planned in acts.items() for move in planned]
    uow.execute(
        "INSERT INTO stock_move (act_id, line_id, item_id, lot_id, box_id, from_location_id,"
        " to_location_id, qty, weight_g, reservation_id) SELECT * FROM unnest(%s::bigint[],"
        f" {_ARRAYS})",
        (number_array(act_id for act_id, _ in moves), *_arrays([move for _, move in moves])),
    )


_ARRAYS = (
    "%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],"
    " %s::numeric[], %s::numeric[], %s::bigint[]"
)
_POST = f"post_act(%s, %s, %s, %s, %s, %s, %s, {_ARRAYS})"


def _arrays(moves: Sequence[PlannedMove]) -> tuple[str, ...]:
    return (
        number_array(m.line_id for m in moves),
        number_array(m.item_id for m in moves),
        number_array(m.lot_id for m in moves),
        number_array(m.box_id for m in moves),
        number_array(m.from_location_id for m in moves),
        number_array(m.to_location_id for m in moves),
        number_array(m.qty for m in moves),
        number_array(m.weight_g for m in moves),
        number_array(m.reservation_id for m in moves),
    )


def post(
    uow: UnitOfWork,
    document: DocumentSnapshot,
    act: ActRow,
    moves: Sequence[PlannedMove],
) -> None:
    """Record the act and its moves; the number comes last, by the caller.

    The move trigger locks every balance in key order, names all short lines at once and
    posts set-wise. In a caller's pipeline the statements are only queued.
    """
    call, values = posting(uow, document, act, moves)
    uow.execute(f"SELECT {call}", values)


def posting(
    uow: UnitOfWork, document: DocumentSnapshot, act: ActRow, moves: Sequence[PlannedMove]
) -> tuple[str, tuple[Any, ...]]:
    """The same as an SQL expression with its parameters, to be part of a larger statement;
    its value is the document's id.
    """
    uow.touch("stock", f"document:{document.kind}", f"document:{document.id}")
    return _POST, (*_values(act), *_arrays(moves))


class PlaceNames(dict[str, int]):
    """The places of a document that has no id yet: each name asked for stands for a number
    below zero, which the server replaces by the place (``35_post_act.sql``).
    """

    def __missing__(self, name: str) -> int:
        self[name] = -len(self) - 1
        return self[name]


def posting_of_new(
    uow: UnitOfWork, kind: str, act: ActRow, moves: Sequence[PlannedMove], names: PlaceNames
) -> tuple[str, tuple[Any, ...]]:
    """Like :func:`posting`, for the document inserted in this pipeline: its moves have line
    numbers for ids and places of ``names``; ``act.document_id`` is ignored.
    """
    uow.touch("stock", f"document:{kind}")
    uuid, _, *rest = _values(act)
    call = (
        f"post_act(%s, {NEWEST}, %s, %s, %s, %s, %s, {_ARRAYS}, %s::text[],"
        f" (SELECT ({places_of(tuple(names))}) FROM document d WHERE d.id = {NEWEST}))"
    )
    return call, (uuid, *rest, *_arrays(moves), list(names))
