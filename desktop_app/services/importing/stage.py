"""The rows of a draft: written while the file is read, paged and mended afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from psycopg.types.json import Jsonb

from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork

ACTIONS: Mapping[str, str] = {
    "new": N_("New"),
    "changed": N_("Changed"),
    "same": N_("Unchanged"),
    "refused": N_("Refused"),
}
"""What would happen to a row, in the order the counts are told."""
BATCH = 1000
KEPT_DAYS = 7
"""A draft nobody finished is forgotten after so many days."""


@dataclass(frozen=True)
class StagedRow:
    """One row read from the file. ``problems`` are cells that cannot be taken as they are."""

    row_no: int
    values: Mapping[str, Any]
    problems: Sequence[CellTrouble] = ()


@dataclass(frozen=True)
class CellTrouble:
    """Why a cell is refused: beside ``field``, with what was ``typed``."""

    field: str
    message: Message
    typed: str = ""


@dataclass(frozen=True)
class DraftRow:
    """A staged row as the grid shows it; ``troubles`` are (field, sentence, typed)."""

    row_no: int
    action: str
    record_id: int | None
    values: Mapping[str, Any]
    troubles: tuple[CellTrouble, ...]


@dataclass(frozen=True)
class Draft:
    """A file being looked at."""

    id: int
    kind: str
    file_name: str
    mapping: Mapping[str, Any]


@dataclass(frozen=True)
class Counts:
    """How many rows would be new, changed, same and refused; after a run: were."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0

    @property
    def rows(self) -> int:
        """All rows."""
        return self.new + self.changed + self.same + self.refused


def begin(
    uow: UnitOfWork, kind: str, file_name: str, sha256: bytes, mapping: Mapping[str, Any]
) -> int:
    """A new, empty draft. Returns its id. Forgets drafts that nobody finished."""
    uow.execute(
        "DELETE FROM import_stage WHERE draft_id IN (SELECT id FROM import_draft"
        " WHERE at < now() - make_interval(days => %s))",
        (KEPT_DAYS,),
    )
    uow.execute(
        "DELETE FROM import_draft WHERE at < now() - make_interval(days => %s)", (KEPT_DAYS,)
    )
    return int(
        uow.scalar(
            "INSERT INTO import_draft (kind, file_name, sha256, mapping)"
            " VALUES (%s, %s, %s, %s) RETURNING id",
            (kind, file_name, sha256, Jsonb(dict(mapping))),
        )
    )


def get(uow: UnitOfWork, draft_id: int) -> Draft:
    """The draft. Raises NotFound when it is somebody else's or forgotten."""
    found = uow.find(
        Draft,
        "SELECT id, kind, file_name, mapping FROM import_draft WHERE id = %s",
        (draft_id,),
    )
    if found is None:
        raise NotFound(N_("This import was forgotten; read the file again."))
    return found


def add(uow: UnitOfWork, draft_id: int, rows: Iterable[StagedRow]) -> int:
    """Write rows as they come; returns how many. Memory stays flat: a batch is held at a time.

    Not by COPY, which row security does not allow.
    """
    count = 0
    source = iter(rows)
    # Sent without waiting: the server stores one batch while the next is read from the file.
    with uow.pipeline():
        while batch := list(islice(source, BATCH)):
            uow.execute(
                'INSERT INTO import_stage (draft_id, row_no, "values", problems) SELECT %s, u.no,'
                " u.given, u.wrong FROM jsonb_to_recordset(%s::jsonb)"
                " AS u(no bigint, given jsonb, wrong jsonb)",
                (draft_id, _rows_json(batch)),
            )
            count += len(batch)
    return count


def keep_styles(uow: UnitOfWork, draft_id: int, styles: Mapping[str, Any]) -> None:
    """Remember how the file writes its numbers and days, for cells that are typed again."""
    uow.execute(
        "UPDATE import_draft SET mapping = mapping || jsonb_build_object('styles', %s::jsonb)"
        " WHERE id = %s",
        (Jsonb(dict(styles)), draft_id),
    )


def drop(uow: UnitOfWork, draft_id: int) -> None:
    """Forget a draft."""
    uow.execute("DELETE FROM import_stage WHERE draft_id = %s", (draft_id,))
    uow.execute("DELETE FROM import_draft WHERE id = %s", (draft_id,))


def counts(uow: UnitOfWork, draft_id: int) -> Counts:
    """What would happen to how many rows."""
    found: dict[str, int] = dict(
        uow.execute(
            "SELECT action, count(*) FROM import_stage WHERE draft_id = %s GROUP BY 1", (draft_id,)
        ).fetchall()
    )
    return Counts(*(found.get(action, 0) for action in ACTIONS))


def page(
    uow: UnitOfWork, draft_id: int, action: str = "", after: int = 0, limit: int = 200
) -> list[DraftRow]:
    """Rows behind row number ``after``, of one action or of all."""
    rows = uow.execute(
        'SELECT row_no, action, record_id, "values", problems FROM import_stage'
        " WHERE draft_id = %s AND row_no > %s AND (%s = '' OR action = %s)"
        " ORDER BY row_no LIMIT %s",
        (draft_id, after, action, action, limit),
    ).fetchall()
    return [
        DraftRow(row_no, what, record, values, tuple(map(trouble, problems)))
        for row_no, what, record, values, problems in rows
    ]


def mend(
    uow: UnitOfWork, draft_id: int, row_no: int, field: str, value: Any, wrong: CellTrouble | None
) -> None:
    """Put another value into a cell, or another reason why it is refused."""
    uow.execute(
        # What the old text named is forgotten with it (item → item_id).
        """UPDATE import_stage SET "values" = ("values" - %(field)s - (%(field)s || '_id')) ||"""
        " CASE WHEN %(given)s THEN %(value)s ELSE '{}'::jsonb END,"
        " problems = (SELECT coalesce(jsonb_agg(p), '[]') FROM jsonb_array_elements(problems) p"
        "             WHERE p->>'field' <> %(field)s) || %(wrong)s"
        " WHERE draft_id = %(draft)s AND row_no = %(row)s",
        {
            "draft": draft_id,
            "row": row_no,
            "field": field,
            "given": value is not None,
            "value": Jsonb(json.loads(_json({field: value}))),
            "wrong": Jsonb(json.loads(_troubles_json((wrong,) if wrong else ()))),
        },
    )


def trouble(stored: Mapping[str, Any]) -> CellTrouble:
    """A kept problem as a value."""
    message = Message(stored["text"], stored.get("values") or {})
    return CellTrouble(stored["field"], message, stored.get("typed") or "")


def _rows_json(batch: Sequence[StagedRow]) -> str:
    """One text for a whole batch: in an array of texts psycopg escapes every quote in Python."""
    rows = (
        f'{{"no":{row.row_no},"given":{_json(row.values)},"wrong":{_troubles_json(row.problems)}}}'
        for row in batch
    )
    return f"[{','.join(rows)}]"


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, default=_plain, ensure_ascii=False).replace("\\u0000", "")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def _troubles_json(problems: Sequence[CellTrouble]) -> str:
    if not problems:
        return "[]"
    return _json_list(
        {
            "field": p.field,
            "text": p.message.text,
            "values": {name: str(value) for name, value in p.message.values.items()},
            "typed": p.typed,
        }
        for p in problems
    )


def _json_list(rows: Iterable[Mapping[str, Any]]) -> str:
    return json.dumps(list(rows), default=_plain, ensure_ascii=False).replace("\\u0000", "")
