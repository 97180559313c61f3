"""Every staged row against the database, set-wise: who is it, what is missing, what changes.

A check may be limited to a few rows (one that was mended); ``%(rows)s`` is then their numbers
and NULL otherwise. Troubles found here carry a mark, so that checking again replaces them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork

MINE = "s.draft_id = %(draft)s AND (%(rows)s::bigint[] IS NULL OR s.row_no = ANY(%(rows)s))"
"""The rows to look at, over the stage as ``s``."""
VALUES = 's."values"'


@dataclass(frozen=True)
class Lookup:
    """A field that names another record: its id is put beside it as ``<target>``.

    ``source`` is the table with its alias ``t``, ``match`` the condition between the text
    ``%(text)s`` places of it (written ``{text}``) and ``t``; ``missing`` the sentence when there
    is none. ``on_many`` takes the first by id unless it is a sentence.
    """

    field: str
    target: str
    source: str
    match: str
    missing: str


ITEM = Lookup(
    "item",
    "item_id",
    "item t",
    "t.code = {text}",
    N_("There is no item “{value}”. Import the items first, or correct the code."),
)
ITEM_BY_BARCODE = Lookup(
    "item",
    "item_id",
    "item_barcode b JOIN item t ON t.id = b.item_id",
    "b.barcode = {text}",
    "",
)
WAREHOUSE = Lookup(
    "warehouse",
    "warehouse_id",
    "warehouse t",
    "t.is_active AND (t.code = {text} OR t.name = {text})",
    N_("There is no warehouse “{value}”."),
)
PARTY = Lookup(
    "party",
    "party_id",
    "party t",
    "t.code = {text} OR t.name = {text}",
    N_("There is no partner “{value}”."),
)
PLACE = Lookup(
    "place",
    "place_id",
    "location t",
    "t.code = {text} AND t.kind = 'bin'",
    N_("There is no bin “{value}”."),
)


def params(draft_id: int, rows: Sequence[int] | None = None) -> dict[str, Any]:
    """The parameters every statement over :data:`MINE` takes."""
    return {"draft": draft_id, "rows": list(rows) if rows is not None else None}


def forget_findings(uow: UnitOfWork, draft_id: int, rows: Sequence[int] | None = None) -> None:
    """Take away what an earlier check found; what the cells themselves say stays."""
    uow.execute(
        "UPDATE import_stage s SET problems = (SELECT coalesce(jsonb_agg(p), '[]')"
        " FROM jsonb_array_elements(s.problems) p WHERE NOT p ? 'found')"
        f" WHERE {MINE} AND s.problems @> '[{{\"found\": true}}]'",
        params(draft_id, rows),
    )


def resolve(
    uow: UnitOfWork, draft_id: int, lookup: Lookup, rows: Sequence[int] | None = None
) -> None:
    """Put the id of what a field names beside it, and refuse names nobody knows."""
    text = f"import_text({VALUES}, '{lookup.field}')"
    uow.execute(
        f'UPDATE import_stage s SET "values" = {VALUES} ||'
        f" jsonb_build_object('{lookup.target}', f.id) FROM (SELECT n.name, min(t.id) AS id FROM"
        f" (SELECT DISTINCT {text} AS name FROM import_stage s WHERE {MINE}) n"
        f" JOIN {lookup.source} ON {lookup.match.format(text='n.name')} GROUP BY 1) f"
        f" WHERE {MINE} AND {text} = f.name",
        params(draft_id, rows),
    )
    if lookup.missing:
        refuse(
            uow,
            draft_id,
            lookup.field,
            lookup.missing,
            f"{text} IS NOT NULL AND NOT {VALUES} ? '{lookup.target}'",
            rows,
        )


def required(
    uow: UnitOfWork, draft_id: int, fields: Sequence[str], rows: Sequence[int] | None = None
) -> None:
    """Refuse rows where one of the fields is empty."""
    for field in fields:
        refuse(
            uow,
            draft_id,
            field,
            N_("This cell is needed."),
            f"import_text({VALUES}, '{field}') IS NULL"
            f" AND NOT s.problems @> jsonb_build_array(jsonb_build_object('field', '{field}'))",
            rows,
        )


def unique(
    uow: UnitOfWork, draft_id: int, key: str, field: str, rows: Sequence[int] | None = None
) -> None:
    """Refuse the second and later rows with the same key (an SQL expression over ``s``)."""
    uow.execute(
        "UPDATE import_stage s SET problems = s.problems || jsonb_build_array(jsonb_build_object("
        " 'found', true, 'field', %(field)s::text, 'text', %(text)s::text, 'typed', '',"
        " 'values', jsonb_build_object('row', d.first_row))) FROM (SELECT s.row_no,"
        f" min(s.row_no) OVER (PARTITION BY {key}) AS first_row FROM import_stage s"
        f" WHERE s.draft_id = %(draft)s AND {key} IS NOT NULL) d"
        f" WHERE {MINE} AND s.row_no = d.row_no AND d.first_row < d.row_no",
        {
            **params(draft_id, rows),
            "field": field,
            "text": N_("Row {row} of the file says something about the same one already."),
        },
    )


def agree(
    uow: UnitOfWork,
    draft_id: int,
    key: Sequence[str],
    fields: Sequence[str],
    prefix: str,
    rows: Sequence[int] | None = None,
) -> None:
    """Refuse rows that say something else about their document than an earlier row of it.

    ``key`` are the expressions over ``s`` that make rows one document, ``fields`` and those that
    begin with ``prefix`` are what is said once of it; an empty cell says nothing.
    """
    uow.execute(
        "UPDATE import_stage s SET problems = s.problems || d.found FROM (SELECT v.row_no,"
        " jsonb_agg(jsonb_build_object('found', true, 'field', v.field, 'text', %(text)s::text,"
        " 'typed', v.said, 'values', jsonb_build_object('row', v.first_row, 'value', v.said,"
        " 'first', v.first_said))) AS found FROM (SELECT s.row_no, e.key AS field, e.value AS said,"
        " first_value(e.value) OVER w AS first_said, first_value(s.row_no) OVER w AS first_row"
        f" FROM import_stage s, jsonb_each_text({VALUES}) e WHERE s.draft_id = %(draft)s"
        " AND (e.key = ANY(%(fields)s) OR starts_with(e.key, %(prefix)s)) AND e.value <> ''"
        f" WINDOW w AS (PARTITION BY e.key, {', '.join(key)} ORDER BY s.row_no)) v"
        f" WHERE v.said <> v.first_said GROUP BY 1) d WHERE {MINE} AND s.row_no = d.row_no",
        {
            **params(draft_id, rows),
            "fields": list(fields),
            "prefix": prefix,
            "text": N_(
                "“{value}” does not fit: row {row} says “{first}” of the same document. Make the"
                " rows agree, or give them different numbers."
            ),
        },
    )


def refuse(
    uow: UnitOfWork,
    draft_id: int,
    field: str,
    text: str,
    condition: str,
    rows: Sequence[int] | None = None,
    **values: Any,
) -> int:
    """Add a trouble to every row that meets ``condition`` (SQL over ``s``). Returns how many."""
    found = uow.execute(
        "UPDATE import_stage s SET problems = s.problems || jsonb_build_array(jsonb_build_object("
        " 'found', true, 'field', %(field)s::text, 'text', %(text)s::text,"
        f" 'typed', coalesce({VALUES} ->> %(field)s, ''), 'values', %(facts)s::jsonb"
        f" || jsonb_build_object('value', coalesce({VALUES} ->> %(field)s, ''))))"
        f" WHERE {MINE} AND ({condition})",
        {**params(draft_id, rows), "field": field, "text": text, "facts": Jsonb(values)},
    )
    return found.rowcount


def judge(
    uow: UnitOfWork,
    draft_id: int,
    source: str,
    match: str,
    same: str,
    rows: Sequence[int] | None = None,
) -> None:
    """Set each row's action and record: ``source`` has alias ``t``, ``match`` and ``same`` are
    conditions between ``s`` and ``t``.
    """
    uow.execute(
        "UPDATE import_stage s SET record_id = f.id, action = CASE WHEN s.problems <> '[]' THEN"
        " 'refused' WHEN f.id IS NULL THEN 'new' WHEN f.same THEN 'same' ELSE 'changed' END"
        f" FROM (SELECT s.row_no, t.id, {same} AS same FROM import_stage s LEFT JOIN {source}"
        f" ON {match} WHERE {MINE}) f WHERE s.draft_id = %(draft)s AND s.row_no = f.row_no",
        params(draft_id, rows),
    )


def judge_new(uow: UnitOfWork, draft_id: int, rows: Sequence[int] | None = None) -> None:
    """For rows that become lines of new documents: new or refused."""
    uow.execute(
        "UPDATE import_stage s SET record_id = NULL,"
        f" action = CASE WHEN s.problems <> '[]' THEN 'refused' ELSE 'new' END WHERE {MINE}",
        params(draft_id, rows),
    )


def analyze(uow: UnitOfWork) -> None:
    """Plans for 200,000 rows must not be those for the empty table they were a second ago."""
    uow.execute("SELECT import_analyze()")
