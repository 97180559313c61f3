"""Brings a database to this program's schema: tables by Alembic, guards from ``models/sql``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_
from desktop_app.database import schema_state

OWNER = "sp_owner"
MIGRATION_LOCK = 7_310_001
"""Advisory lock: two PCs starting a new version migrate once."""


def engine(conninfo: str) -> sqlalchemy.Engine:
    """A SQLAlchemy engine over a libpq connection string."""
    return sqlalchemy.create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(conninfo),
        poolclass=sqlalchemy.NullPool,
    )


def driver_cursor(connection: Connection) -> psycopg.Cursor[Any]:
    """The driver's own cursor in the same transaction, for texts with several statements."""
    cursor = connection.connection.cursor()
    assert isinstance(cursor, psycopg.Cursor)
    return cursor


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file of its own."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def ensure_owner(connection: Connection) -> None:
    """The role that owns the tables; nobody logs in as it."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    exists = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :r"), {"r": OWNER})
    if not exists:
        # Roles are shared by all databases of a server: another one may make it right now.
        connection.execute(
            text(
                f"DO $$ BEGIN CREATE ROLE {OWNER} NOLOGIN CREATEROLE; EXCEPTION WHEN duplicate_object"
                " OR unique_violation THEN NULL; END $$"
            )
        )
    if not connection.scalar(
        text("SELECT rolcreaterole FROM pg_roles WHERE rolname = :r"), {"r": OWNER}
    ):
        connection.execute(text(f"ALTER ROLE {OWNER} CREATEROLE"))
    if not connection.scalar(text("SELECT pg_has_role(session_user, :r, 'MEMBER')"), {"r": OWNER}):
        connection.execute(text(f"GRANT {OWNER} TO session_user"))
    connection.execute(text(f"GRANT CREATE, USAGE ON SCHEMA public TO {OWNER}"))


def upgrade(connection: Connection) -> None:
    """Bring tables and guards to this program's version, inside the caller's transaction.

    Raises UserError when the database belongs to a newer program.
    """
    connection.execute(text(f"SET ROLE {OWNER}"))
    try:
        command.upgrade(config(connection), "head")
    except CommandError as error:
        raise UserError(
            N_(
                "This database was made by a newer version of the program. Install the newer"
                " version on this PC too; nothing was changed."
            )
        ) from error
    install_guards(connection)
    connection.execute(text("RESET ROLE"))


def install_guards(connection: Connection) -> None:
    """Run each guard file (they are repeatable) and remember its checksum."""
    cursor = driver_cursor(connection)
    for name, body in schema_state.guard_files():
        cursor.execute(body)
        connection.execute(
            text(
                "INSERT INTO guard_version (file, sha256) VALUES (:f, :s)"
                " ON CONFLICT (file) DO UPDATE SET sha256 = excluded.sha256"
            ),
            {"f": name, "s": schema_state.digest(body)},
        )
