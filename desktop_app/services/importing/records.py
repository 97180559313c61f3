"""Targets that are records with a key: items, partners, bins, prices.

What a field is in the database is declared; looking, writing and taking back are the same
statements for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from desktop_app.core.errors import RuleRefused
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.services.importing import checks
from desktop_app.services.importing.checks import MINE, VALUES, Lookup, params

Step = Callable[[UnitOfWork, int, Sequence[int] | None], None]


@dataclass(frozen=True)
class Kept:
    """A field kept in a column: ``cast`` is the column's type."""

    field: str
    column: str
    cast: str = "text"

    @property
    def value(self) -> str:
        """The staged value as the column takes it."""
        plain = f"{VALUES} ->> '{self.field}'"
        return f"({plain})" if self.cast == "text" else f"(nullif({plain}, ''))::{self.cast}"

    def is_among(self, names: set[str]) -> bool:
        """Rows with these fields say something about the column."""
        return self.field in names

    def same(self) -> str:
        """The row says nothing about the column, or what is there."""
        return (
            f"(NOT {VALUES} ? '{self.field}' OR {self.value} IS NOT DISTINCT FROM t.{self.column})"
        )

    def changed(self) -> str:
        """The column after the change."""
        return f"CASE WHEN {VALUES} ? '{self.field}' THEN {self.value} ELSE t.{self.column} END"


@dataclass(frozen=True)
class OwnKept(Kept):
    """The company's own fields, all of them in one jsonb column."""

    @property
    def value(self) -> str:
        return f"import_own_fields({VALUES})"

    def is_among(self, names: set[str]) -> bool:
        return any(name.startswith("custom.") for name in names)

    def same(self) -> str:
        return f"(t.custom @> {self.value})"

    def changed(self) -> str:
        return f"(t.custom || {self.value})"


OWN_FIELDS = OwnKept("custom", "custom", "jsonb")


@dataclass(frozen=True)
class RecordTarget:
    """A table whose rows are found by ``match`` (SQL between ``s`` and ``t``).

    ``constants`` are columns every new row gets ("kind": "'bin'"); ``key`` is the expression
    over ``s`` that no two rows may share; ``after`` writes what hangs on the records.
    """

    table: str
    record: str
    key: str
    key_field: str
    match: str
    kept: tuple[Kept, ...]
    lookups: tuple[Lookup, ...] = ()
    required: tuple[str, ...] = ()
    constants: tuple[tuple[str, str], ...] = ()
    parts: tuple[PartTarget, ...] = ()
    more_checks: Step | None = None
    versioned: bool = True
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class PartTarget:
    """A table that hangs on a record, one row of it per staged row (a price, a barcode).

    ``key`` maps columns to expressions over ``s`` and the record's id ``s.record_id``; ``value``
    are the columns written. Rows without ``field`` are left alone.
    """

    table: str
    field: str
    key: tuple[tuple[str, str], ...]
    value: tuple[tuple[str, str], ...]
    permission_table: str = ""

    def given(self) -> str:
        """Rows that have something to write."""
        return f"import_text({VALUES}, '{self.field}') IS NOT NULL"

    def rows(self) -> str:
        """What joins the staged row in FROM, and which of that is written."""
        return ""

    def chosen(self) -> str:
        """The condition for what :meth:`rows` gives."""
        return self.given()

    def there(self) -> str:
        """The part exists with these very values."""
        conditions = [f"p.{column} = {expression}" for column, expression in self.key]
        conditions += [
            f"p.{column} IS NOT DISTINCT FROM {expression}" for column, expression in self.value
        ]
        return f"EXISTS (SELECT 1 FROM {self.table} p WHERE {' AND '.join(conditions)})"


@dataclass(frozen=True)
class SpreadPart(PartTarget):
    """A part with several rows per staged row, one for each of its fields ``<field>:<name>`` (a
    price per level). In ``key`` and ``value`` the name is ``e.name`` and what was given ``e.value``.
    """

    def given(self) -> str:
        return f"EXISTS (SELECT 1{self._each()})"

    def rows(self) -> str:
        return f" CROSS JOIN LATERAL (SELECT e.name, e.value{self._each()}) e"

    def chosen(self) -> str:
        return "true"

    def there(self) -> str:
        return f"NOT EXISTS (SELECT 1{self._each()} AND NOT {super().there()})"

    def _each(self) -> str:
        mark = f"{self.field}:"
        return (
            f" FROM (SELECT substr(v.key, {len(mark) + 1}) AS name, v.value"
            f" FROM jsonb_each_text({VALUES}) v WHERE starts_with(v.key, '{mark}')) e"
            " WHERE e.value <> ''"
        )


def check(
    uow: UnitOfWork, target: RecordTarget, draft_id: int, rows: Sequence[int] | None = None
) -> None:
    """Find each row's record and what would happen to it."""
    checks.forget_findings(uow, draft_id, rows)
    checks.required(uow, draft_id, target.required, rows)
    for lookup in target.lookups:
        checks.resolve(uow, draft_id, lookup, rows)
    checks.unique(uow, draft_id, target.key, target.key_field, rows)
    if target.more_checks is not None:
        target.more_checks(uow, draft_id, rows)
    same = [kept.same() for kept in target.kept]
    parts = [
        f"(NOT ({part.given()}) OR {part.there().replace('s.record_id', 't.id')})"
        for part in _given_parts(uow, target, draft_id)
    ]
    checks.judge(
        uow,
        draft_id,
        f"{target.table} t",
        target.match,
        " AND ".join([*same, *parts]) or "true",
        rows,
    )


def write(uow: UnitOfWork, target: RecordTarget, draft_id: int, run_id: int) -> None:
    """Insert the new rows and change the others; what was before is kept for taking it back."""
    parts = _given_parts(uow, target, draft_id)
    given = _given(uow, target, draft_id)
    _remember(uow, target, parts, draft_id, run_id)
    _insert(uow, target, given, parts, draft_id, run_id)
    _update(uow, target, given, draft_id)
    for part in parts:
        _write_part(uow, part, draft_id)
    if target.versioned:
        uow.execute(
            f"INSERT INTO import_row (run_id, seq, record, record_id, action, before)"
            f" SELECT %s, -s.row_no, '{target.record}', s.record_id, 'version',"
            f" jsonb_build_object('version', t.version) FROM import_stage s"
            f" JOIN {target.table} t ON t.id = s.record_id"
            " WHERE s.draft_id = %s AND s.action = 'changed'",
            (run_id, draft_id),
        )
    uow.touch(*target.topics)


def _given_parts(uow: UnitOfWork, target: RecordTarget, draft_id: int) -> list[PartTarget]:
    """The parts the file says something about; the others are not touched, so that whoever may
    not see prices can take in a table without any.
    """
    return [
        part
        for part in target.parts
        if uow.scalar(
            f"SELECT 1 FROM import_stage s WHERE s.draft_id = %s AND {part.given()} LIMIT 1",
            (draft_id,),
        )
    ]


def _remember(
    uow: UnitOfWork,
    target: RecordTarget,
    given: Sequence[PartTarget],
    draft_id: int,
    run_id: int,
) -> None:
    columns = ", ".join(f"'{kept.column}', to_jsonb(t.{kept.column})" for kept in target.kept)
    parts = "".join(
        f" || jsonb_build_object('{part.table}', (SELECT jsonb_agg(to_jsonb(p)) FROM {part.table} p"
        f" WHERE p.item_id = t.id))"
        for part in given
    )
    uow.execute(
        "INSERT INTO import_row (run_id, seq, record, record_id, action, before)"
        f" SELECT %s, s.row_no, '{target.record}', t.id, 'changed', jsonb_build_object({columns})"
        f"{parts} FROM import_stage s JOIN {target.table} t ON t.id = s.record_id"
        " WHERE s.draft_id = %s AND s.action = 'changed'",
        (run_id, draft_id),
    )


def _insert(
    uow: UnitOfWork,
    target: RecordTarget,
    given: Sequence[Kept],
    parts: Sequence[PartTarget],
    draft_id: int,
    run_id: int,
) -> None:
    """New records by key order; a column no row of the file gives keeps its default."""
    if not uow.scalar(
        "SELECT 1 FROM import_stage WHERE draft_id = %s AND action = 'new' LIMIT 1", (draft_id,)
    ):
        return
    defaults = _defaults(uow, target.table)
    columns = [kept.column for kept in given] + [name for name, _ in target.constants]
    values = [_or_default(kept, defaults) for kept in given]
    values += [expression for _, expression in target.constants]
    uow.execute(
        f"INSERT INTO {target.table} ({', '.join(columns)}) SELECT {', '.join(values)}"
        f" FROM import_stage s WHERE s.draft_id = %(draft)s AND s.action = 'new'"
        " ORDER BY s.row_no",
        params(draft_id),
    )
    uow.execute(
        f"UPDATE import_stage s SET record_id = t.id FROM {target.table} t"
        f" WHERE {MINE} AND s.action = 'new' AND {target.match}",
        params(draft_id),
    )
    # What a new record begins with: changed since, it is no longer the import's to take back.
    before: dict[str, Any] = {part.table: None for part in parts}
    if target.versioned:
        before["version"] = 1
    uow.execute(
        "INSERT INTO import_row (run_id, seq, record, record_id, action, before)"
        f" SELECT %s, s.row_no, '{target.record}', s.record_id, 'new', %s FROM import_stage s"
        " WHERE s.draft_id = %s AND s.action = 'new'",
        (run_id, Jsonb(before), draft_id),
    )


def _given(uow: UnitOfWork, target: RecordTarget, draft_id: int) -> list[Kept]:
    """The columns that at least one row of the draft has a value for."""
    names = {
        row[0]
        for row in uow.execute(
            'SELECT DISTINCT k FROM import_stage s, jsonb_object_keys(s."values") k'
            " WHERE s.draft_id = %s AND s.action IN ('new', 'changed')",
            (draft_id,),
        ).fetchall()
    }
    return [kept for kept in target.kept if kept.is_among(names)]


def _defaults(uow: UnitOfWork, table: str) -> dict[str, str]:
    rows = uow.execute(
        "SELECT a.attname, pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a"
        " JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
        " WHERE a.attrelid = %s::regclass",
        (table,),
    ).fetchall()
    return dict(rows)


def _or_default(kept: Kept, defaults: dict[str, str]) -> str:
    default = defaults.get(kept.column)
    return f"coalesce({kept.value}, {default})" if default else kept.value


def _update(uow: UnitOfWork, target: RecordTarget, given: Sequence[Kept], draft_id: int) -> None:
    sets = [f"{kept.column} = {kept.changed()}" for kept in given]
    if target.versioned:
        sets.append("version = t.version + 1")
    if sets:
        uow.execute(
            f"UPDATE {target.table} t SET {', '.join(sets)} FROM import_stage s"
            " WHERE s.draft_id = %(draft)s AND s.action = 'changed' AND s.record_id = t.id",
            params(draft_id),
        )


def _write_part(uow: UnitOfWork, part: PartTarget, draft_id: int) -> None:
    columns = [name for name, _ in (*part.key, *part.value)]
    expressions = [expression for _, expression in (*part.key, *part.value)]
    sets = ", ".join(f"{name} = excluded.{name}" for name, _ in part.value)
    uow.execute(
        f"INSERT INTO {part.table} ({', '.join(columns)}) SELECT {', '.join(expressions)}"
        f" FROM import_stage s{part.rows()}"
        f" WHERE {MINE} AND s.action IN ('new', 'changed') AND {part.chosen()}"
        f" ON CONFLICT ({', '.join(name for name, _ in part.key)}) DO UPDATE SET {sets}",
        params(draft_id),
    )


def take_back(uow: UnitOfWork, target: RecordTarget, run_id: int) -> None:
    """Put back what an import changed and retire what it made.

    Raises RuleRefused naming records that were changed or used since: first those, then this.
    """
    _refuse_used(uow, target, run_id)
    for part in target.parts:
        _restore_part(uow, part, run_id)
    version = ", version = t.version + 1" if target.versioned else ""
    # A table of prices changes nothing of the item itself.
    sets = ", ".join(
        (
            *(
                f"{kept.column} = (jsonb_populate_record(t, r.before)).{kept.column}"
                for kept in target.kept
            ),
            *(("version = t.version + 1",) if target.versioned else ()),
        )
    )
    uow.execute(
        f"UPDATE {target.table} t SET {sets} FROM import_row r"
        " WHERE r.run_id = %s AND r.action = 'changed' AND r.record = %s AND r.record_id = t.id",
        (run_id, target.record),
    )
    # Nothing is deleted: what the import made is retired and gives its code free.
    uow.execute(
        f"UPDATE {target.table} t SET is_active = false,"
        f" code = t.code || ' ~' || t.id{version} FROM import_row r"
        " WHERE r.run_id = %s AND r.action = 'new' AND r.record = %s AND r.record_id = t.id",
        (run_id, target.record),
    )
    uow.touch(*target.topics)


def _refuse_used(uow: UnitOfWork, target: RecordTarget, run_id: int) -> None:
    if target.versioned:
        changed = uow.scalar(
            f"SELECT string_agg(code, ', ') FROM (SELECT t.code FROM import_row r"
            f" JOIN {target.table} t ON t.id = r.record_id"
            " WHERE r.run_id = %s AND r.record = %s AND r.before ? 'version'"
            " AND r.action IN ('new', 'version')"
            " AND t.version <> (r.before->>'version')::bigint ORDER BY t.code LIMIT 5) f",
            (run_id, target.record),
        )
        if changed:
            raise RuleRefused(
                N_("Changed again since the import: {codes}. Put these right by hand first."),
                codes=changed,
            )
    used = uow.scalar(
        "SELECT string_agg(code, ', ') FROM (SELECT t.code FROM import_row r"
        f" JOIN {target.table} t ON t.id = r.record_id WHERE r.run_id = %s AND r.record = %s"
        " AND r.action = 'new' AND import_used(r.record, r.record_id) ORDER BY t.code LIMIT 5) f",
        (run_id, target.record),
    )
    if used:
        raise RuleRefused(
            N_(
                "Documents or stock exist for what the import made: {codes}. It can no longer be"
                " taken back."
            ),
            codes=used,
        )


def _restore_part(uow: UnitOfWork, part: PartTarget, run_id: int) -> None:
    if not uow.scalar(
        "SELECT 1 FROM import_row WHERE run_id = %s AND before ? %s LIMIT 1", (run_id, part.table)
    ):
        return
    uow.execute(
        f"DELETE FROM {part.table} p USING import_row r WHERE r.run_id = %s"
        " AND r.record_id = p.item_id AND r.action IN ('new', 'changed') AND r.record = 'item'",
        (run_id,),
    )
    uow.execute(
        f"INSERT INTO {part.table} SELECT p.* FROM import_row r,"
        f" jsonb_populate_recordset(NULL::{part.table},"
        f" coalesce(nullif(r.before->'{part.table}', 'null'), '[]')) p"
        " WHERE r.run_id = %s AND r.action = 'changed' AND r.record = 'item'",
        (run_id,),
    )
