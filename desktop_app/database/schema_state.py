"""Which schema a database has and which one this program wants, without SQLAlchemy.

Asked at every start; importing Alembic and SQLAlchemy alone would cost a third of a second.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from psycopg import Connection

_HERE = Path(__file__).parent
_GUARDS = _HERE.parent / "models" / "sql"
_VERSIONS = _HERE / "migrations" / "versions"


def head_revision() -> str:
    """The revision of the last migration: migrations are numbered in order (0001, 0002 …)."""
    return max(file.name[:4] for file in _VERSIONS.glob("[0-9]*.py"))


def guard_files() -> list[tuple[str, str]]:
    """(name, text) of ``models/sql`` in order of their number."""
    return [(file.name, file.read_text(encoding="utf-8")) for file in sorted(_GUARDS.glob("*.sql"))]


def digest(body: str) -> str:
    """Checksum under which a guard file is remembered in the database."""
    return hashlib.sha256(body.encode()).hexdigest()


def is_current(connection: Connection[Any]) -> bool:
    """Whether tables and guards are already those of this program."""
    row = connection.execute("SELECT to_regclass('guard_version')").fetchone()
    if row is None or row[0] is None:
        return False
    version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if version is None or version[0] != head_revision():
        return False
    known = dict(connection.execute("SELECT file, sha256 FROM guard_version").fetchall())
    return all(known.get(name) == digest(body) for name, body in guard_files())
