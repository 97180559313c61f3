"""Backup of one database into one file, and back from it into a fresh database.

The file is pg_dump's custom format: compressed, with a table of contents, readable by any later
PostgreSQL. Logins belong to the server, not to the database: the file has no passwords, and the
group roles are made again by the ``prepare`` hook before anything is restored.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from desktop_app.core.errors import AppError, DiskFull, EnvironmentFault, UserError
from desktop_app.core.i18n import N_
from desktop_app.core.logging import get_logger
from desktop_app.database.server_binaries import (
    NO_WINDOW,
    executable,
    installed_client_dir,
    major_version,
    wheel_bin_dir,
)
from desktop_app.database.server_paths import for_programs

_CUSTOM_FORMAT = b"PGDMP"
_WITHOUT_TLS = (None, "disable", "allow", "prefer")
_log = get_logger("backup")

_NO_ROOM = N_("The disk with {folder} is full. Free some space, then start again.")
_FAILED = N_("The backup was not made: {reason}")
_NOT_RESTORED = N_("The backup was not restored: {reason}")
_NOT_A_BACKUP = N_("{file} is not a backup of this program.")
_NO_TLS = N_(
    "A backup over an encrypted connection needs PostgreSQL's client programs on this PC. "
    "Install them, or make the backup on the server."
)
_SERVER_NEWER = N_(
    "The server has version {server} of the database, this PC can back up to version {own}. "
    "Make the backup on the server."
)


@dataclass(frozen=True)
class BackupReport:
    """What was written or restored: ``rows`` of every table, by schema-qualified name."""

    file: Path
    size: int
    rows: dict[str, int]


def backup(dsn: str, file: Path, *, bin_dir: Path | None = None) -> BackupReport:
    """Write the database of ``dsn`` to ``file``, complete or not at all.

    The login must be able to read every table. Raises DiskFull, EnvironmentFault, UserError.
    """
    programs = bin_dir or _programs_for(dsn)
    # A name any program can read: on Windows they know the letters of one code page only.
    name = file.name if file.name.isascii() else f"backup-{os.getpid()}"
    draft = file.with_name(f"{name}.part")
    with _connected(dsn, _FAILED) as connection:
        server = connection.info.server_version // 10000
        if server > (own := major_version(programs, "pg_dump")):
            raise UserError(_SERVER_NEWER, server=server, own=own)
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        # The counts and the dump see the very same instant.
        snapshot = _text(connection, "SELECT pg_export_snapshot()")
        rows = count_rows(connection)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            target = for_programs(file.parent) / draft.name
            _run(programs, "pg_dump", dsn, _FAILED, file.parent,
                 "--format=custom", f"--snapshot={snapshot}", f"--file={target}")  # fmt: skip
            draft.replace(file)
        except OSError as failure:
            raise EnvironmentFault(_FAILED, reason=failure.strerror) from failure
        finally:
            with suppress(OSError):
                draft.unlink()
    _log.info("backup %s: %s tables, %s rows", file, len(rows), sum(rows.values()))
    return BackupReport(file, file.stat().st_size, rows)


def restore(
    superuser_dsn: str,
    file: Path,
    database: str,
    *,
    prepare: Callable[[str], None] | None = None,
    bin_dir: Path | None = None,
) -> BackupReport:
    """Restore ``file`` into a new database named ``database`` and count what arrived.

    ``prepare(dsn)`` is called on the empty database first to make the group roles. When anything
    fails the new database is dropped again; an existing one is never touched.
    Raises UserError (name taken, not a backup), DiskFull, EnvironmentFault.
    """
    programs = bin_dir or _programs_for(superuser_dsn)
    _require_backup(file)
    target = make_conninfo(superuser_dsn, dbname=database)
    _create_database(superuser_dsn, database)
    try:
        if prepare is not None:
            prepare(target)
        _run(programs, "pg_restore", target, _NOT_RESTORED, file.parent,
             "--exit-on-error", "--single-transaction", f"--dbname={_plain(target, programs)}",
             for_programs(file))  # fmt: skip
        with _connected(target, _NOT_RESTORED) as connection:
            connection.execute("ANALYZE")
            rows = count_rows(connection)
    except BaseException:
        with psycopg.connect(superuser_dsn, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
            )
        raise
    _log.info("restored %s into %s: %s rows", file, database, sum(rows.values()))
    return BackupReport(file, file.stat().st_size, rows)


def count_rows(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, int]:
    """Exact number of rows of every table of the database."""
    tables = connection.execute(
        "SELECT schemaname, tablename FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
    ).fetchall()
    counted = {}
    for schema, table in tables:
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(str(schema), str(table)))
        row = connection.execute(query).fetchone()
        counted[f"{schema}.{table}"] = int(str(row[0])) if row else 0
    return counted


def _text(connection: psycopg.Connection[tuple[object, ...]], query: str) -> str:
    row = connection.execute(query.encode()).fetchone()
    return str(row[0]) if row else ""


def _require_backup(file: Path) -> None:
    try:
        with file.open("rb") as stream:
            head = stream.read(len(_CUSTOM_FORMAT))
    except OSError as failure:
        raise UserError(
            "The file {file} cannot be read: {reason}", file=file, reason=failure.strerror
        ) from failure
    if head != _CUSTOM_FORMAT:
        raise UserError(_NOT_A_BACKUP, file=file.name)


def _create_database(superuser_dsn: str, database: str) -> None:
    with _connected(superuser_dsn, _NOT_RESTORED) as connection:
        connection.autocommit = True
        try:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(database)
                )
            )
        except psycopg.errors.DuplicateDatabase as error:
            raise UserError(
                "There is already a database named {name}; choose another name.", name=database
            ) from error
        except psycopg.Error as error:
            raise _explained(str(error), _NOT_RESTORED, Path()) from error


def _connected(dsn: str, text: str) -> psycopg.Connection[tuple[object, ...]]:
    try:
        return psycopg.connect(dsn)
    except psycopg.Error as error:
        raise EnvironmentFault(text, reason=str(error).strip()) from error


def _programs_for(dsn: str) -> Path:
    """The programs that ship with this one, or installed ones for TLS, which ours do not have."""
    if conninfo_to_dict(dsn).get("sslmode") in _WITHOUT_TLS:
        return wheel_bin_dir()
    installed = installed_client_dir()
    if installed is None:
        raise UserError(_NO_TLS)
    return installed


def _plain(dsn: str, programs: Path) -> str:
    """The connection string without its password: arguments are visible to other users.

    Programs before 16 do not know ``require_auth``; a verified certificate stands in for it.
    """
    left_out = {"password"}
    if major_version(programs, "pg_dump") < 16:
        left_out.add("require_auth")
    kept: dict[str, Any] = {k: v for k, v in conninfo_to_dict(dsn).items() if k not in left_out}
    return make_conninfo(**kept)


def _run(
    programs: Path, name: str, dsn: str, text: str, folder: Path, *arguments: str | Path
) -> None:
    password = conninfo_to_dict(dsn).get("password")
    target = [] if name == "pg_restore" else [f"--dbname={_plain(dsn, programs)}"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    try:
        done = subprocess.run(
            [executable(programs, name), "--no-password", *target, *arguments],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            env={**environment, "PGPASSWORD": str(password or ""), "LC_ALL": "C"},
            creationflags=NO_WINDOW,
        )
    except OSError as failure:
        raise EnvironmentFault(text, reason=failure.strerror) from failure
    if done.returncode != 0:
        raise _explained(done.stderr, text, folder)


def _explained(said: str, text: str, folder: Path) -> AppError:
    if "No space left on device" in said or _is_full(folder):
        return DiskFull(_NO_ROOM, folder=folder)
    lines = [line for line in said.strip().splitlines() if "error" in line.lower()]
    return EnvironmentFault(text, reason=(lines or [said.strip()])[0][:300])


def _is_full(folder: Path) -> bool:
    return folder.is_dir() and shutil.disk_usage(folder).free < 1024 * 1024
