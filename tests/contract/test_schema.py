"""Migrations are the models; every constraint has a sentence; the ledger has one writer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, UniqueConstraint

from desktop_app.core import errors as failures
from desktop_app.database import schema, schema_state
from desktop_app.database.constraints import CONSTRAINTS
from desktop_app.database.errors import _BUILDERS
from desktop_app.database.refusals import SENTENCES
from desktop_app.models import Base

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "desktop_app").rglob("*.py"))


def _belongs_to_the_models(item, name, kind, reflected, _other) -> bool:
    """Indexes over functions are made by the guard files, beside the functions."""
    guards = "".join(body for _, body in schema_state.guard_files())
    return not (kind == "index" and reflected and f"INDEX IF NOT EXISTS {name} " in guards)


def test_migrations_make_exactly_the_models(database) -> None:
    engine = schema.engine(database.dsn("postgres"))
    with engine.connect() as connection:
        options = {"compare_type": True, "include_object": _belongs_to_the_models}
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert differences == []


def test_every_constraint_has_a_sentence_for_the_clerk() -> None:
    names = {
        str(constraint.name)
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint | UniqueConstraint)
    }
    # Rows that only the program itself writes at installation.
    internal = {"uq_document_kind_prefix"}
    assert names - internal - set(CONSTRAINTS) == set()


def test_every_refusal_code_of_the_guards_has_a_sentence() -> None:
    guards = "\n".join(
        f.read_text(encoding="utf-8") for f in (ROOT / "desktop_app/models/sql").glob("*.sql")
    )
    codes = set(re.findall(r"refuse\('(SP\d{3})'", guards))
    assert codes and codes <= set(SENTENCES) | set(_BUILDERS)


def test_failures_have_permanent_codes_of_their_own() -> None:
    classes = [
        c
        for c in vars(failures).values()
        if isinstance(c, type) and issubclass(c, failures.AppError)
    ]
    assert len({c.code for c in classes}) == len(classes)


@pytest.mark.parametrize("table", ["stock_move", "act"])
def test_the_ledger_has_one_writer(table: str) -> None:
    pattern = re.compile(rf"INSERT INTO {table}\b", re.IGNORECASE)
    writers = {
        str(f.relative_to(ROOT)) for f in SOURCES if pattern.search(f.read_text(encoding="utf-8"))
    }
    assert writers <= {"desktop_app/services/ledger.py", "desktop_app/services/documents.py"}


def test_no_clock_but_the_clock() -> None:
    pattern = re.compile(r"datetime\.(now|utcnow)\(|date\.today\(|time\.time\(")
    readers = {
        str(f.relative_to(ROOT)) for f in SOURCES if pattern.search(f.read_text(encoding="utf-8"))
    }
    assert readers <= {"desktop_app/core/clock.py"}


def test_no_floats_where_quantity_or_money_is_decided() -> None:
    pattern = re.compile(r"\bfloat\(|\bFloat\b")
    rooms = ("domain", "models", "services", "queries")
    found = {
        str(f.relative_to(ROOT))
        for f in SOURCES
        if f.relative_to(ROOT / "desktop_app").parts[0] in rooms
        and pattern.search(f.read_text(encoding="utf-8"))
    }
    assert found == set()
