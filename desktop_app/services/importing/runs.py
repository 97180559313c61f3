"""Taking a checked draft in, as one transaction, and taking a whole import back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from desktop_app.core.errors import NotFound, UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.queries.listing import person_name
from desktop_app.services.importing import checks, documents, records, stage
from desktop_app.services.importing.documents import DocumentTarget
from desktop_app.services.importing.stage import Counts
from desktop_app.services.importing.targets import TARGETS, ImportTarget

TOPIC = "import"


@dataclass(frozen=True)
class Run:
    """An import that was carried out: ``state`` is done or undone."""

    id: int
    kind: str
    file_name: str
    state: str
    counts: Counts
    imported_by: str
    at: datetime


def check(uow: UnitOfWork, draft_id: int, rows: tuple[int, ...] | None = None) -> Counts:
    """Compare a draft with the database (only ``rows`` of it when given); the dry run."""
    target = TARGETS[stage.get(uow, draft_id).kind]
    if rows is None:
        checks.analyze(uow)
    for step in target.steps:
        if isinstance(step, DocumentTarget):
            documents.check(uow, step, draft_id, rows)
        else:
            records.check(uow, step, draft_id, rows)
    return stage.counts(uow, draft_id)


def run(uow: UnitOfWork, draft_id: int, uuid: UUID) -> Run:
    """Take every row in that is not refused, in one transaction. Sent twice, done once.

    Raises UserError when nothing would change, PermissionDenied, and what the services refuse.
    """
    again = _by_uuid(uow, uuid)
    if again is not None:
        return again
    draft = stage.get(uow, draft_id)
    target = TARGETS[draft.kind]
    # The database may have changed since the dry run: what is written is what was checked now.
    told = check(uow, draft_id)
    if not told.new and not told.changed:
        raise UserError(N_("Nothing in this file is new or changed."))
    _announce(uow, draft.file_name)
    run_id = uow.scalar(
        "INSERT INTO import_run (uuid, kind, file_name, sha256, mapping, counts)"
        " SELECT %s, kind, file_name, sha256, mapping, %s FROM import_draft WHERE id = %s"
        " RETURNING id",
        (str(uuid), Jsonb(asdict(told)), draft_id),
    )
    for step in target.steps:
        if isinstance(step, DocumentTarget):
            documents.write(uow, step, draft_id, run_id, uuid)
        else:
            records.write(uow, step, draft_id, run_id)
    stage.drop(uow, draft_id)
    uow.touch(TOPIC)
    return get(uow, run_id)


def undo(uow: UnitOfWork, run_id: int, uuid: UUID) -> Run:
    """Take an import back as a whole: changed records as they were, new ones retired, documents
    reversed. Raises RuleRefused naming what stands in the way; then nothing is taken back.
    """
    found = get(uow, run_id)
    if found.state == "undone":
        return found
    target = TARGETS[found.kind]
    _announce(uow, found.file_name)
    for step in reversed(target.steps):
        if isinstance(step, DocumentTarget):
            documents.take_back(uow, step, run_id, uuid)
        else:
            records.take_back(uow, step, run_id)
    uow.execute("UPDATE import_run SET state = 'undone' WHERE id = %s", (run_id,))
    uow.touch(TOPIC)
    return get(uow, run_id)


def get(uow: UnitOfWork, run_id: int) -> Run:
    """An import of before. Raises NotFound."""
    found = _find(uow, "id = %s", run_id)
    if found is None:
        raise NotFound(N_("What you asked for does not exist (any more)."))
    return found


def remembered(uow: UnitOfWork, kind: str, headings: str) -> dict[str, Any]:
    """The mapping used last for a file with these headings; empty when there was none."""
    return (
        uow.scalar(
            "SELECT mapping FROM import_mapping WHERE kind = %s AND headings = %s", (kind, headings)
        )
        or {}
    )


def remember(uow: UnitOfWork, kind: str, headings: str, mapping: dict[str, Any]) -> None:
    """Keep a mapping for the next file with the same headings."""
    uow.execute(
        "INSERT INTO import_mapping (kind, headings, mapping) VALUES (%s, %s, %s)"
        " ON CONFLICT (kind, headings) DO UPDATE SET mapping = excluded.mapping,"
        " used_by = session_user, used_at = now()",
        (kind, headings, Jsonb(mapping)),
    )


def _announce(uow: UnitOfWork, file_name: str) -> None:
    """The change log says from which file a change came."""
    source = str(Message(N_("Import of {file}"), {"file": file_name}))
    uow.execute("SELECT set_config('stockproof.source', %s, true)", (source[:200],))


def _by_uuid(uow: UnitOfWork, uuid: UUID) -> Run | None:
    return _find(uow, "uuid = %s", str(uuid))


def _find(uow: UnitOfWork, condition: str, value: Any) -> Run | None:
    row = uow.execute(
        f"SELECT id, kind, file_name, state, counts, {person_name('import_run.imported_by')}, at"
        f" FROM import_run WHERE {condition}",
        (value,),
    ).fetchone()
    if row is None:
        return None
    run_id, kind, file_name, state, told, by, at = row
    return Run(run_id, kind, file_name, state, Counts(**told), by, at)


__all__ = ["ImportTarget", "Run", "check", "get", "remember", "remembered", "run", "undo"]
