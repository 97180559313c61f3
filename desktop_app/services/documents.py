"""The one door for every document type: create, save, act, derive.

Each public function is one transaction. What differs between types is in their
``DocumentType``; what differs between areas (sales, receiving …) is in their own service
modules, which end here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from psycopg import Cursor

from desktop_app.core.errors import NotFound, TransitionRefused, UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import STATE_TITLES, DocumentType, Transition
from desktop_app.domain.posting import ActEntry, ActInput, DocumentSnapshot
from desktop_app.queries.documents import DocumentView, get_view
from desktop_app.queries.snapshots import (
    ask_snapshot,
    get_snapshot,
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
    again = _look(uow, draft)
    if again is not None:
        return again
    with uow.pipeline():
        _insert(uow, draft)
        finished = _ask_finish(uow, None)
    return _finished(finished)


def create_and_act(uow: UnitOfWork, draft: Draft, command: ActCommand) -> DocumentRef:
    """Create a document and take one more step in the same transaction.

    ``command.document_id`` is ignored: the new document is meant. An entry's ``line_id``
    is the line number there, because the lines have no ids yet.
    """
    again = _look(uow, draft)
    if again is not None:
        return again
    with uow.pipeline():
        _insert(uow, draft)
        asked = ask_snapshot(uow, None)
    snapshot = take_snapshot(asked)
    by_number = {line.line_no: line.id for line in snapshot.lines}
    entries = tuple(_with_line(entry, by_number[entry.line_id]) for entry in command.entries)
    with uow.pipeline():
        _take(uow, snapshot, command, entries)
        finished = _ask_finish(uow, snapshot.id)
    return _finished(finished)


def save(uow: UnitOfWork, document_id: int, version: int, draft: Draft) -> DocumentRef:
    """Replace head and lines of a document that is still editable.

    Raises StaleDocument when somebody else saved it since ``version``.
    """
    document_type = DOCUMENT_TYPES[draft.kind]
    decimals = _ask_decimals(uow, draft).fetchall()
    draft_writer.check(document_type, draft, dict(decimals))
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
        _take(uow, snapshot, command, command.entries)
        finished = _ask_finish(uow, snapshot.id)
    return _finished(finished)


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


def take_step(
    uow: UnitOfWork, snapshot: DocumentSnapshot, command: ActCommand
) -> Transition:
    """A step inside a larger transaction of an area service (no commit, no result)."""
    with uow.pipeline():
        return _take(uow, snapshot, command, command.entries)


def finish(uow: UnitOfWork, document_id: int) -> DocumentRef:
    """Give the number if it has none (the last lock taken) and tell where it stands."""
    with uow.pipeline():
        finished = _ask_finish(uow, document_id)
    return _finished(finished)


def _ask_finish(uow: UnitOfWork, document_id: int | None) -> Cursor[Any]:
    """Queue the number and the result; None: the document inserted in this pipeline."""
    id_sql, params = (draft_writer.NEW_ID.as_string(), ()) if document_id is None else ("%s", (document_id,))
    uow.execute(f"SELECT assign_number({id_sql})", params)
    return uow.execute(
        f"SELECT id, number, state, version FROM document WHERE id = {id_sql}", params
    )


def _finished(asked: Cursor[Any]) -> DocumentRef:
    row = asked.fetchone()
    assert row is not None
    return DocumentRef(*row)


def _take(
    uow: UnitOfWork,
    snapshot: DocumentSnapshot,
    command: ActCommand,
    entries: Sequence[ActEntry],
) -> Transition:
    uow.attempt = (snapshot.id, command.verb)
    transition = step_of(snapshot, command.verb)
    moves = ()
    if transition.plan is not None:
        given = ActInput(command.verb, tuple(entries), command.evidence)
        try:
            moves = transition.plan(snapshot, given)
        except KeyError as missing:
            raise UserError(
                N_("A place is missing on this document: {place}. Choose a bin on the line or"
                   " give the warehouse that dock."),
                place=str(missing.args[0]),
            ) from missing
    ledger.post(
        uow,
        snapshot,
        ledger.ActRow(
            command.uuid,
            snapshot.id,
            command.verb,
            command.evidence,
            command.reason,
            expected_version=command.version,
        ),
        moves,
    )
    return transition


def _look(uow: UnitOfWork, draft: Draft) -> DocumentRef | None:
    """What the draft's uuid already made, else None after checking its values."""
    with uow.pipeline():
        again = uow.execute(_RESULT, (draft.uuid,))
        decimals = _ask_decimals(uow, draft)
    row = again.fetchone()
    if row is not None:
        return DocumentRef(*row)
    draft_writer.check(DOCUMENT_TYPES[draft.kind], draft, dict(decimals.fetchall()))
    return None


def _ask_decimals(uow: UnitOfWork, draft: Draft) -> Cursor[Any]:
    items = draft_writer.item_ids(draft)
    return uow.execute("SELECT id, uom_decimals FROM item WHERE id = ANY(%s)", (items,))


def _insert(uow: UnitOfWork, draft: Draft) -> None:
    document_type = DOCUMENT_TYPES[draft.kind]
    uow.attempt = (None, "create")
    draft_writer.insert(uow, document_type, draft)
    uow.execute(
        f"INSERT INTO act (uuid, document_id, verb) SELECT %s, {draft_writer.NEW_ID.as_string()}, 'create'",
        (draft.uuid,),
    )
    uow.touch(f"document:{draft.kind}")


def _with_line(entry: ActEntry, line_id: int) -> ActEntry:
    return replace(entry, line_id=line_id)


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
    head = {name: value for name, value in origin.head.items()
            if name in names and name not in ("doc_date", "due_date", "remark")}
    return Draft(kind, head, lines, origin_id)
