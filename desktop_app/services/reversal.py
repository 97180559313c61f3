"""红冲: a posted document is never deleted; a red document mirrors its moves.

Both stay visible and linked: the original becomes ``reversed``, the red one carries a
number of its own and one mirror act for each act that had moved goods.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid5

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.posting import DocumentSnapshot, PlannedMove
from desktop_app.queries.snapshots import ask_snapshot, get_snapshot, take_snapshot
from desktop_app.services import draft_writer, ledger
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.documents import ActCommand, DocumentRef, finish, result_of, step_of
from desktop_app.services.draft_writer import Draft

UNDO_OF_ORIGIN = {
    "purchase_receipt": "undo_receive",
    "outsourcing_receipt": "undo_receive",
    "shipment": "undo_ship",
}
"""What the order above is told when its receipt or shipment is reversed."""


@dataclass(frozen=True)
class _PostedMove:
    act_id: int
    line_id: int
    item_id: int
    lot_id: int
    box_id: int
    from_location_id: int
    to_location_id: int
    qty: Decimal
    weight_g: Decimal | None


def reverse(uow: UnitOfWork, command: ActCommand) -> DocumentRef:
    """Reverse the document of ``command`` (verb "reverse", reason needed); returns the red one.

    Raises InsufficientStock when the goods are no longer where the document put them,
    TransitionRefused, StaleDocument.
    """
    again = result_of(uow, uuid5(command.uuid, "red"))
    if again is not None:
        return again
    snapshot = get_snapshot(uow, command.document_id)
    step_of(snapshot, "reverse")
    moves = _moves_of(uow, snapshot.id)
    if not moves:
        raise UserError(N_("{number} has moved no goods; void it instead."), number=snapshot.number)
    uow.attempt = (snapshot.id, "reverse")
    with uow.pipeline():
        _insert_red(uow, snapshot)
        asked = ask_snapshot(uow, None)
    red = take_snapshot(asked)
    _mirror(uow, snapshot, red, moves, command)
    ledger.record_act(
        uow,
        ledger.ActRow(
            command.uuid,
            snapshot.id,
            "reverse",
            command.evidence,
            command.reason,
            expected_version=command.version,
        ),
    )
    _tell_origin(uow, snapshot, command)
    uow.touch(f"document:{snapshot.id}")
    return finish(uow, red.id)


def _moves_of(uow: UnitOfWork, document_id: int) -> list[_PostedMove]:
    return uow.all(
        _PostedMove,
        "SELECT m.act_id, m.line_id, m.item_id, m.lot_id, m.box_id, m.from_location_id,"
        " m.to_location_id, m.qty, m.weight_g FROM act a JOIN stock_move m ON m.act_id = a.id"
        " WHERE a.document_id = %s ORDER BY m.act_id DESC, m.id",
        (document_id,),
    )


def _insert_red(uow: UnitOfWork, snapshot: DocumentSnapshot) -> None:
    """The red document: same head and lines, in the same order."""
    head = {
        "party_id": snapshot.party_id,
        "warehouse_id": snapshot.warehouse_id,
        "to_warehouse_id": snapshot.to_warehouse_id,
        "remark": snapshot.number or "",
    }
    lines = tuple(
        {
            "item_id": line.item_id,
            "qty": line.qty,
            "role": line.role,
            "lot_id": line.lot_id,
            "location_id": line.location_id,
            "to_location_id": line.to_location_id,
            "origin_line_id": line.origin_line_id,
        }
        for line in snapshot.lines
    )
    document_type = DOCUMENT_TYPES[snapshot.kind]
    draft = Draft(snapshot.kind, head, lines, snapshot.origin_id, snapshot.id)
    draft_writer.insert(uow, document_type, draft, bare=True)


def _mirror(
    uow: UnitOfWork,
    snapshot: DocumentSnapshot,
    red: DocumentSnapshot,
    moves: Sequence[_PostedMove],
    command: ActCommand,
) -> None:
    red_line = {old.id: new.id for old, new in zip(snapshot.lines, red.lines, strict=True)}
    by_act: dict[int, list[PlannedMove]] = defaultdict(list)
    for move in moves:
        by_act[move.act_id].append(
            PlannedMove(
                red_line[move.line_id],
                move.item_id,
                move.to_location_id,
                move.from_location_id,
                move.qty,
                move.lot_id,
                move.box_id,
                None,
                move.weight_g,
            )
        )
    step_of(red, "mirror")
    mirrored: dict[UUID, list[PlannedMove]] = {}
    for number, (act_id, planned) in enumerate(by_act.items()):
        uuid: UUID = uuid5(command.uuid, "red" if number == 0 else f"red-{number}")
        mirrored[uuid] = planned
        ledger.record_act(
            uow,
            ledger.ActRow(
                uuid, red.id, "mirror", {"of": snapshot.number}, command.reason, reverses_id=act_id
            ),
        )
    ledger.insert_moves_of(uow, mirrored)
    uow.touch("stock", f"document:{red.kind}")


def _tell_origin(uow: UnitOfWork, snapshot: DocumentSnapshot, command: ActCommand) -> None:
    verb = UNDO_OF_ORIGIN.get(snapshot.kind)
    if verb is None or snapshot.origin_id is None:
        return
    origin = get_snapshot(uow, snapshot.origin_id)
    if DOCUMENT_TYPES[origin.kind].step(verb, origin.state) is not None:
        ledger.record_act(
            uow,
            ledger.ActRow(
                uuid5(command.uuid, "origin"),
                origin.id,
                verb,
                {"of": snapshot.number},
                command.reason,
            ),
        )
        uow.touch(f"document:{origin.kind}", f"document:{origin.id}")
