"""The one door for every document type: create, save, act, derive.

Each public function is one transaction. What differs between types is in their
``DocumentType``; what differs between areas (sales, receiving …) is in their own service
modules, which end here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from psycopg import Cursor

from desktop_app.core.errors import NotFound, TransitionRefused, UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.database.arrays import number_array
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import NEW, STATE_TITLES, DocumentType, Transition
from desktop_app.domain.posting import (
    ActEntry,
    ActInput,
    DocumentSnapshot,
    LineSnapshot,
    PlannedMove,
)
from desktop_app.queries.documents import DocumentView, get_view
from desktop_app.queries.snapshots import (
    ask_newest,
    ask_snapshot,
    new_snapshot,
    open_quantities,
    take_snapshot,
)
from desktop_app.services import draft_writer, ledger
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.draft_writer import Draft as Draft

_RESULT = (
    "SELECT d.id, d.number, d.state, d.version FROM act a JOIN document d ON d.id = a.document_id"
    " WHERE a.uuid = %s"
)


_CREATE_ACT = (
    "INSERT INTO act (uuid, document_id, verb)"
    f" SELECT %s, {draft_writer.NEW_ID.as_string()}, 'create'"
)


@dataclass(frozen=True)
class DocumentRef:
    """Where a call left a document."""

    id: int
    number: str
    state: str
    version: int


@dataclass(frozen=True)
class ActCommand:
    """A step a person takes. ``uuid`` is made by the screen: sent twice, done once.

    ``version`` is what the person looked at; None for steps the program takes itself.
    ``confirmed`` holds the keys of soft rules the person has agreed to.
    """

    document_id: int
    verb: str
    version: int | None = None
    entries: tuple[ActEntry, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    uuid: UUID = field(default_factory=uuid4)
    confirmed: tuple[str, ...] = ()


def create(uow: UnitOfWork, draft: Draft) -> DocumentRef:
    """Save a new document: its first act gives it a number and its first state.

    Raises InvalidInput naming each wrong field, PermissionDenied. A draft sent twice
    (same uuid) returns the document made the first time.
    """
    again = _recorded_before(uow, draft)
    if again is not None:
        return again
    with uow.pipeline():
        items = _ask_items(uow, draft)
        _create(uow, draft)
        finished = ask_finish(uow, None)
    draft_writer.check_decimals(draft, _known(items))
    return finished_ref(finished)


def create_and_act(uow: UnitOfWork, draft: Draft, command: ActCommand) -> DocumentRef:
    """Create a document and take one more step in the same transaction.

    Where that step may be the document's first act (``steps.AT_ONCE``), it is, under the
    draft's uuid, and one wait does it all. ``command.document_id`` is ignored: the new document is meant. An entry's
    ``line_id`` is the line number there, because the lines have no ids yet.
    """
    again = _recorded_before(uow, draft)
    if again is not None:
        return again
    if DOCUMENT_TYPES[draft.kind].step(command.verb, NEW) is not None:
        return _create_at_once(uow, draft, replace(command, uuid=draft.uuid))
    with uow.pipeline():
        asked = _create_and_ask(uow, draft)
    # Too many decimals are refused by the move trigger here: asking for the items first
    # would cost a statement of the three that a posting needs.
    snapshot = new_snapshot(asked, lambda ids: _new_lines(draft, ids))
    by_number = {line.line_no: line.id for line in snapshot.lines}
    entries = tuple(replace(entry, line_id=by_number[entry.line_id]) for entry in command.entries)
    with uow.pipeline():
        finished = ask_last_step(uow, snapshot, replace(command, entries=entries))
        uow.commit_at_end_of(create_and_act)
    return finished_ref(finished)


def _create_at_once(uow: UnitOfWork, draft: Draft, command: ActCommand) -> DocumentRef:
    """Planned before anything is sent: the server puts ids for line numbers and place names."""
    numbers = range(1, len(draft.lines) + 1)
    names = ledger.PlaceNames()
    uow.attempt = (None, command.verb)
    planned = DocumentSnapshot(0, draft.kind, None, NEW, 1, _new_lines(draft, numbers), names)
    transition, moves = _plan(planned, command)
    row = ledger.ActRow(command.uuid, 0, transition.verb, command.evidence, command.reason)
    with uow.pipeline():
        _insert(uow, draft)
        uow.attempt = (None, command.verb)
        call, values = ledger.posting_of_new(uow, draft.kind, row, moves, names)
        finished = _ask_finished(uow, call, values)
        uow.commit_at_end_of(create_and_act)
    return finished_ref(finished)


def save(uow: UnitOfWork, document_id: int, version: int, draft: Draft) -> DocumentRef:
    """Replace head and lines of a document that is still editable.

    Raises StaleDocument when somebody else saved it since ``version``.
    """
    document_type = DOCUMENT_TYPES[draft.kind]
    draft_writer.check_filled(document_type, draft)
    draft_writer.check_decimals(draft, _known(_ask_items(uow, draft)))
    draft_writer.replace(uow, document_type, document_id, version, draft)
    uow.touch(f"document:{draft.kind}", f"document:{document_id}")
    return finish(uow, document_id)


def act(uow: UnitOfWork, command: ActCommand) -> DocumentRef:
    """Take a step: check, plan its moves, post them, record the act.

    Raises TransitionRefused, EvidenceMissing, InsufficientStock, StaleDocument … ; sent
    twice (same uuid) it returns where the first one left the document.
    """
    with uow.pipeline():
        asked = ask_snapshot(uow, command.document_id)
        # Asked after the document is locked: a twin of this act is then either committed,
        # and found, or has not begun.
        again = uow.execute(_RESULT, (command.uuid,))
    row = again.fetchone()
    if row is not None:
        return DocumentRef(*row)
    snapshot = take_snapshot(asked)
    with uow.pipeline():
        finished = ask_last_step(uow, snapshot, command)
        uow.commit_at_end_of(act)
    return finished_ref(finished)


def step_of(snapshot: DocumentSnapshot, verb: str) -> Transition:
    """The transition of that verb from the document's state. Raises TransitionRefused."""
    document_type = DOCUMENT_TYPES[snapshot.kind]
    transition = document_type.step(verb, snapshot.state)
    if transition is None:
        raise TransitionRefused(
            N_("{number} is {state}; {step} is not possible from there."),
            number=snapshot.number or Message(document_type.title),
            state=Message(STATE_TITLES[snapshot.state]) if snapshot.state in STATE_TITLES else "",
            step=Message(_title(document_type, verb)),
        )
    return transition


def _title(document_type: DocumentType, verb: str) -> str:
    known = document_type.transition(verb)
    return known.title if known else verb


def take_step(uow: UnitOfWork, snapshot: DocumentSnapshot, command: ActCommand) -> Transition:
    """A step inside a larger transaction of an area service (no commit, no result).

    In a caller's pipeline its statements are only queued.
    """
    transition, (call, values) = _posting(uow, snapshot, command)
    uow.execute(f"SELECT {call}", values)
    return transition


def ask_last_step(uow: UnitOfWork, snapshot: DocumentSnapshot, command: ActCommand) -> Cursor[Any]:
    """Queue a step, the number and the result for :func:`finished_ref` as one statement."""
    _, (call, values) = _posting(uow, snapshot, command)
    return _ask_finished(uow, call, values)


def _ask_finished(uow: UnitOfWork, call: str, values: Sequence[Any]) -> Cursor[Any]:
    return uow.execute(f"SELECT * FROM finish_document({call}, %s)", (*values, uow.announcement()))


def finish(uow: UnitOfWork, document_id: int) -> DocumentRef:
    """Give the number if it has none (the last lock taken) and tell where it stands.

    In a caller's pipeline this answer is the only wait for all that was queued before.
    """
    return finished_ref(ask_finish(uow, document_id))


def ask_finish(uow: UnitOfWork, document_id: int | None) -> Cursor[Any]:
    """Queue the number and the result for :func:`finished_ref`; None: the document inserted
    in this pipeline.
    """
    topics = uow.announcement()
    if document_id is None:
        newest = draft_writer.NEW_ID.as_string()
        return uow.execute(f"SELECT * FROM finish_document({newest}, %s)", (topics,))
    return uow.execute("SELECT * FROM finish_document(%s, %s)", (document_id, topics))


def finished_ref(asked: Cursor[Any]) -> DocumentRef:
    """Where the document stands, once the pipeline has ended."""
    row = asked.fetchone()
    assert row is not None
    return DocumentRef(*row)


def _posting(
    uow: UnitOfWork, snapshot: DocumentSnapshot, command: ActCommand
) -> tuple[Transition, tuple[str, tuple[Any, ...]]]:
    """The step, checked and planned, and the SQL that posts it."""
    uow.attempt = (snapshot.id, command.verb)
    transition, moves = _plan(snapshot, command)
    row = ledger.ActRow(
        command.uuid,
        snapshot.id,
        command.verb,
        command.evidence,
        command.reason,
        expected_version=command.version,
    )
    return transition, ledger.posting(uow, snapshot, row, moves)


def _plan(
    snapshot: DocumentSnapshot, command: ActCommand
) -> tuple[Transition, tuple[PlannedMove, ...]]:
    transition = step_of(snapshot, command.verb)
    moves: tuple[PlannedMove, ...] = ()
    if transition.plan is not None:
        given = ActInput(command.verb, command.entries, command.evidence)
        try:
            moves = transition.plan(snapshot, given)
        except KeyError as missing:
            raise UserError(
                N_(
                    "A place is missing on this document: {place}. Choose a bin on the line or"
                    " give the warehouse that dock."
                ),
                place=str(missing.args[0]),
            ) from missing
    return transition, moves


def _recorded_before(uow: UnitOfWork, draft: Draft) -> DocumentRef | None:
    """What the draft's uuid already made. Asked only when the call is repeated: the unique
    uuid of the act refuses a twin, and the repetition then finds the first one's result.
    """
    draft_writer.check_filled(DOCUMENT_TYPES[draft.kind], draft)
    return result_of(uow, draft.uuid) if uow.repeated else None


def _insert(uow: UnitOfWork, draft: Draft) -> None:
    uow.attempt = (None, "create")
    uow.touch(f"document:{draft.kind}")
    draft_writer.insert(uow, DOCUMENT_TYPES[draft.kind], draft)


def _create(uow: UnitOfWork, draft: Draft) -> None:
    _insert(uow, draft)
    uow.execute(_CREATE_ACT, (draft.uuid,))


def _create_and_ask(uow: UnitOfWork, draft: Draft) -> Cursor[Any]:
    _create(uow, draft)
    return ask_newest(uow)


def _ask_items(uow: UnitOfWork, draft: Draft) -> Cursor[Any]:
    items = number_array(draft_writer.item_ids(draft))
    return uow.execute(
        "SELECT id, code, uom_decimals FROM item WHERE id = ANY(%s::bigint[])", (items,)
    )


def _known(items: Cursor[Any]) -> dict[int, tuple[str, int]]:
    return {item_id: (code, decimals) for item_id, code, decimals in items.fetchall()}


def _new_lines(draft: Draft, ids: Sequence[int]) -> tuple[LineSnapshot, ...]:
    """The lines as typed, with their ids in order of their numbers."""
    return tuple(
        LineSnapshot(
            ids[line_no - 1],
            line_no,
            line["item_id"],
            "",
            line.get("qty") or Decimal(0),
            line.get("role") or "",
            line.get("lot_id") or 0,
            line.get("location_id"),
            line.get("to_location_id"),
            line.get("origin_line_id"),
        )
        for line_no, line in enumerate(draft.lines, start=1)
    )


def result_of(uow: UnitOfWork, uuid: UUID) -> DocumentRef | None:
    """Where the act of that uuid left its document, or None when it was never recorded."""
    return uow.find(DocumentRef, _RESULT, (uuid,))


def view(uow: UnitOfWork, document_id: int) -> DocumentView:
    """The document as its page shows it. Raises NotFound."""
    kind = uow.scalar("SELECT kind FROM document WHERE id = %s", (document_id,))
    if kind is None:
        raise NotFound(N_("This document does not exist."))
    return get_view(uow, document_id, DOCUMENT_TYPES[kind])


def derive(uow: UnitOfWork, kind: str, origin_id: int) -> Draft:
    """A draft of ``kind`` for what is still open of the origin (转单, 生单).

    Raises UserError when nothing is left.
    """
    document_type = DOCUMENT_TYPES[kind]
    origin = view(uow, origin_id)
    left = open_quantities(uow, origin_id, document_type.progress[0][0])
    lines = tuple(
        {
            "item_id": line["item_id"],
            "qty": left[line["id"]],
            "role": line["role"],
            "origin_line_id": line["id"],
            **{name: line[name] for name in ("unit_price", "tax_rate", "lot_id") if name in line},
        }
        for line in origin.lines
        if left[line["id"]] > 0
    )
    if not lines:
        raise UserError(N_("Nothing is left open on {number}."), number=origin.number)
    names = {f.name for f in document_type.head_fields}
    head = {
        name: value
        for name, value in origin.head.items()
        if name in names and name not in ("doc_date", "due_date", "remark")
    }
    return Draft(kind, head, lines, origin_id)
