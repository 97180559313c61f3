"""Opens a company: the embedded one of this PC, or one on an office server.

A PC keeps its embedded companies in one cluster: ``stockproof`` is the shop's own,
``stockproof_demo`` the demo company.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.types.json import Jsonb

from desktop_app.core import paths
from desktop_app.core.i18n import tr
from desktop_app.database.cluster import EmbeddedCluster
from desktop_app.database.profiles import ConnectionProfile, keep_password, kept_password
from desktop_app.database.unit_of_work import Database, UnitOfWork
from desktop_app.services import installation, master_data

OWNER = "owner"
EMBEDDED = ConnectionProfile(name="this-pc", database="stockproof", user=OWNER, embedded=True)
Progress = Callable[[str, int], None]


@dataclass
class OpenCompany:
    """A running company: close it when the program ends."""

    database: Database
    superuser_dsn: str | None
    cluster: EmbeddedCluster | None
    place: str

    def close(self) -> None:
        """Give the connections back; the last program out stops the embedded server."""
        self.database.close()
        if self.cluster is not None:
            self.cluster.detach()


def quiet(_what: str, _per_cent: int) -> None:
    """Progress for nobody."""


def embedded_cluster() -> EmbeddedCluster:
    """The cluster of this OS user, started or joined."""
    cluster = EmbeddedCluster(paths.cluster_dir())
    cluster.attach()
    return cluster


def exists(cluster: EmbeddedCluster, profile: ConnectionProfile = EMBEDDED) -> bool:
    """Whether the company was set up completely; its name is written last."""
    with psycopg.connect(cluster.superuser_dsn()) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", (profile.database,)
        ).fetchone()
    if found is None:
        return False
    with psycopg.connect(cluster.superuser_dsn(profile.database)) as connection:
        made = connection.execute("SELECT to_regclass('setting')").fetchone()
        if made is None or made[0] is None:
            return False
        named = connection.execute("SELECT 1 FROM setting WHERE key = 'company.name'").fetchone()
    return named is not None


def set_up(
    cluster: EmbeddedCluster,
    name: str,
    progress: Progress = quiet,
    profile: ConnectionProfile = EMBEDDED,
) -> None:
    """Create the company's database, schema and owner. Begun again after a failure, it
    starts over: a half-made company has no name yet (see :func:`exists`).
    """
    progress(tr("Creating the database …"), 10)
    with psycopg.connect(cluster.superuser_dsn(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{profile.database}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{profile.database}"')
    dsn = cluster.superuser_dsn(profile.database)
    progress(tr("Building the tables and their guards …"), 30)
    installation.install(dsn)
    _give_owner(dsn, profile)
    progress(tr("Making the first warehouse …"), 50)
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "INSERT INTO setting (key, value) VALUES ('company.name', %s)", (Jsonb(name),)
        )


def _give_owner(dsn: str, profile: ConnectionProfile) -> str:
    """The owner's login with a new password, kept in this PC's private file."""
    password = secrets.token_urlsafe(24)
    installation.create_owner(dsn, OWNER, password, tr("Owner"))
    keep_password(paths.config_dir(), profile, OWNER, password)
    return password


def first_warehouse(uow: UnitOfWork) -> None:
    """An empty company can receive goods at once: one warehouse, twelve bins."""
    warehouse = master_data.save_warehouse(uow, "W1", tr("Main warehouse"), "W1-EXIT")
    master_data.save_bins(uow, warehouse, [f"A-{n:02d}" for n in range(1, 13)])


def open_embedded(
    cluster: EmbeddedCluster, workstation: str, profile: ConnectionProfile = EMBEDDED
) -> OpenCompany:
    """Open a company of this PC, upgrading its schema when the program is newer.

    Raises UserError when the company was made by a newer program.
    """
    dsn = cluster.superuser_dsn(profile.database)
    with psycopg.connect(dsn) as connection:
        current = installation.is_installed(connection)
    if not current:
        installation.install(dsn)
    # A restored company, or one whose password file was lost: whoever owns the data folder
    # owns the company.
    password = kept_password(paths.config_dir(), profile, OWNER) or _give_owner(dsn, profile)
    database = Database(make_conninfo(dsn, user=OWNER, password=password), workstation=workstation)
    return OpenCompany(database, dsn, cluster, tr("This PC"))


def open_server(
    profile: ConnectionProfile, login: str, password: str, workstation: str
) -> OpenCompany:
    """Open a company on an office server as one person. Raises ServerUnreachable,
    PermissionDenied.
    """
    database = Database(profile.conninfo(password, user=login), workstation=workstation)
    database.read(company_name)
    return OpenCompany(database, None, None, f"{profile.host}:{profile.port}/{profile.database}")


def company_name(uow: UnitOfWork) -> str:
    """The name as it is printed."""
    value: Any = uow.scalar("SELECT value FROM setting WHERE key = 'company.name'")
    return str(value or "")
