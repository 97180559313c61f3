"""Brings a server to this program: roles, schema, life cycles as rows, first places.

Run by an administrator's connection (embedded: the cluster's superuser). Repeatable;
what is there already is left alone, so every start may call it.
"""

from __future__ import annotations

import hashlib

import psycopg
from psycopg import Connection
from sqlalchemy import Connection as SQLConnection, text

from desktop_app.core.i18n import N_
from desktop_app.database import schema, schema_state
from desktop_app.domain.document_type import SAME, DocumentType
from desktop_app.domain.permissions import JOB_ROLES, PERMISSIONS
from desktop_app.services.document_types import DOCUMENT_TYPES

LIFE_CYCLES = "life_cycles"
"""Name under which the checksum of the document types stands beside the guard files'."""
WORLD = (
    ("SUPPLIER", "Supplier", "supplier"),
    ("CUSTOMER", "Customer", "customer"),
    ("SCRAP", "Scrap", "scrap"),
    ("DIFFERENCE", "Count difference", "difference"),
    ("OPENING", "Opening stock", "opening"),
    ("TRANSIT", "In transit", "transit"),
    ("PRODUCTION", "In production", "production"),
    ("PROCESS", "Process", "process"),
)
"""Ledger end points every company has: (code, name, kind)."""
TAX_RATES = (
    ("STANDARD", "2019-04-01", N_("Goods, general taxpayer"), 13),
    ("REDUCED", "2019-04-01", N_("Transport, farm goods, building, post, books"), 9),
    ("SERVICES", "2016-05-01", N_("Services, intangibles"), 6),
    ("LEVY", "2023-01-01", N_("Small-scale taxpayer, levy rate"), 1),
    ("LEVY", "2028-01-01", N_("Small-scale taxpayer, levy rate"), 3),
    ("ZERO", "2016-05-01", N_("Export, zero rate"), 0),
    ("EXEMPT", "2016-05-01", N_("Exempt from tax"), 0),
)
"""VAT in China by code and first day: the 3 % levy is taken at 1 % until 2027-12-31."""


def install(dsn: str) -> None:
    """Create or upgrade everything the program needs in the database of ``dsn``.

    Raises UserError when the database belongs to a newer program.
    """
    engine = schema.engine(dsn)
    with engine.begin() as connection:
        _roles(connection)
        schema.upgrade(connection)
        cursor = schema.driver_cursor(connection)
        cursor.execute(f"SET ROLE {schema.OWNER}")
        _write_life_cycles(cursor)
        _write_first_rows(cursor)
        cursor.execute("RESET ROLE")
    engine.dispose()


def create_roles(dsn: str) -> None:
    """Only the owner and the group roles: what a backup refers to but does not hold."""
    engine = schema.engine(dsn)
    with engine.begin() as connection:
        _roles(connection)
    engine.dispose()


def _roles(connection: SQLConnection) -> None:
    schema.ensure_owner(connection)
    for role in _group_roles():
        _ensure_role(connection, role)
    for job in JOB_ROLES:
        granted = ", ".join(PERMISSIONS[code].role for code in job.permissions)
        connection.execute(text(f"GRANT {granted} TO {job.role}"))


def is_installed(connection: Connection) -> bool:
    """Whether the database is already exactly this program's (no upgrade needed).

    Asked at every start, so it costs two small queries and no SQLAlchemy.
    """
    if not schema_state.is_current(connection):
        return False
    row = connection.execute(
        "SELECT sha256 FROM guard_version WHERE file = %s", (LIFE_CYCLES,)
    ).fetchone()
    return row is not None and row[0] == _life_cycle_digest()


def create_login(
    connection: Connection, login: str, password: str, jobs: tuple[str, ...], name: str = ""
) -> None:
    """Create or change a person's login from an administrator's or owner's connection."""
    encoding = connection.info.encoding
    verifier = connection.pgconn.encrypt_password(
        password.encode(encoding), login.encode(encoding), b"scram-sha-256"
    ).decode()
    connection.execute(
        "SELECT login_save(%s, %s, %s, %s)", (login, name or login, verifier, list(jobs))
    )


def create_owner(dsn: str, login: str, password: str, name: str = "") -> None:
    """The first login of a company: all permissions."""
    with psycopg.connect(dsn) as connection:
        create_login(connection, login, password, ("owner",), name)


def _group_roles() -> list[str]:
    return [
        "sp_user",
        *(permission.role for permission in PERMISSIONS),
        *(job.role for job in JOB_ROLES),
    ]


def _ensure_role(connection: SQLConnection, role: str) -> None:
    # Made as the owner, so that the owner's functions may hand them out (PostgreSQL 16+).
    connection.execute(
        text(
            f"DO $$ BEGIN SET LOCAL ROLE {schema.OWNER};"
            f" IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN"
            f" CREATE ROLE {role} NOLOGIN; END IF; RESET ROLE;"
            " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
    )


def _life_cycle_digest() -> str:
    rows = [
        (
            t.kind,
            t.prefix,
            t.editable_states,
            t.write_permission,
            t.complete_verb,
            [step.moves for step in t.transitions],
            _transition_rows(t),
        )
        for t in DOCUMENT_TYPES
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def _write_life_cycles(cursor: psycopg.Cursor) -> None:
    cursor.execute(
        "INSERT INTO guard_version (file, sha256) VALUES (%s, %s)"
        " ON CONFLICT (file) DO UPDATE SET sha256 = excluded.sha256",
        (LIFE_CYCLES, _life_cycle_digest()),
    )
    for table in ("movement_rule", "transition"):
        cursor.execute(f"DELETE FROM {table}")
    for document_type in DOCUMENT_TYPES:
        cursor.execute(
            "INSERT INTO document_kind (kind, prefix, editable_states, write_role, complete_verb)"
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (kind) DO UPDATE SET prefix = excluded.prefix,"
            " editable_states = excluded.editable_states, write_role = excluded.write_role,"
            " complete_verb = excluded.complete_verb",
            (
                document_type.kind,
                document_type.prefix,
                list(document_type.editable_states),
                PERMISSIONS[document_type.write_permission].role,
                document_type.complete_verb,
            ),
        )
        cursor.executemany(
            "INSERT INTO transition (kind, verb, from_state, to_state, role, evidence,"
            " requires_reason, complete, has_moves) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            _transition_rows(document_type),
        )
        cursor.executemany(
            "INSERT INTO movement_rule (kind, verb, from_kind, to_kind) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [
                (document_type.kind, step.verb, *pair)
                for step in document_type.transitions
                for pair in step.moves
            ],
        )


def _transition_rows(document_type: DocumentType) -> list[tuple[object, ...]]:
    return [
        (
            document_type.kind,
            step.verb,
            source,
            source if step.target == SAME else step.target,
            PERMISSIONS[step.permission].role,
            list(step.evidence),
            step.requires_reason,
            step.complete,
            bool(step.moves) and step.must_move,
        )
        for step in document_type.transitions
        for source in step.sources
    ]


def _write_first_rows(cursor: psycopg.Cursor) -> None:
    cursor.execute(
        "INSERT INTO lot (id, item_id, code) OVERRIDING SYSTEM VALUE VALUES (0, NULL, '')"
        " ON CONFLICT DO NOTHING"
    )
    cursor.execute(
        "INSERT INTO box (id, code) OVERRIDING SYSTEM VALUE VALUES (0, '') ON CONFLICT DO NOTHING"
    )
    cursor.executemany(
        "INSERT INTO location (code, name, kind) VALUES (%s, %s, %s) ON CONFLICT (code) DO NOTHING",
        WORLD,
    )
    cursor.execute("SELECT 1 FROM tax_rate LIMIT 1")
    if cursor.fetchone() is None:
        cursor.executemany(
            "INSERT INTO tax_rate (code, valid_from, name, rate) VALUES (%s, %s, %s, %s)",
            TAX_RATES,
        )
