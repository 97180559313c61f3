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
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.json import Jsonb

from desktop_app.core import clock, paths
from desktop_app.core.errors import PermissionDenied, ServerUnreachable, UserError
from desktop_app.core.i18n import N_, tr
from desktop_app.database.cluster import EmbeddedCluster
from desktop_app.database.no_answer import why_no_answer
from desktop_app.database.profiles import ConnectionProfile, keep_password, kept_password
from desktop_app.database.unit_of_work import Database, UnitOfWork
from desktop_app.services import installation, master_data

OWNER = "owner"
EMBEDDED = ConnectionProfile(name="this-pc", database="stockproof", user=OWNER, embedded=True)
Progress = Callable[[str, int], None]

_NAME_IT = "INSERT INTO setting (key, value) VALUES ('company.name', %s)"


@dataclass(frozen=True)
class Login:
    """A person who may log in here."""

    login: str
    name: str


@dataclass
class OpenCompany:
    """A running company: close it when the program ends."""

    database: Database
    superuser_dsn: str | None
    cluster: EmbeddedCluster | None
    place: str
    profile: ConnectionProfile = EMBEDDED

    def opened_by(self, login: str, password: str, workstation: str) -> OpenCompany:
        """The same company once more, for the next person at this PC. This one is left to be
        closed; the embedded server then runs on for the other. Raises as the first opening.
        """
        if self.cluster is None:
            return open_server(self.profile, login, password, workstation)
        opened = open_embedded(self.cluster, workstation, self.profile, login, password)
        self.cluster = None
        return opened

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
        connection.execute(_NAME_IT, (Jsonb(name),))


def set_up_server(dsn: str, name: str, login: str, password: str) -> None:
    """Make an office server's empty database the company ``name`` with its first person.

    ``dsn`` is an administrator's. Raises UserError when it holds a company already.
    """
    installation.install(dsn)
    with psycopg.connect(dsn) as connection:
        found = connection.execute(
            "SELECT value #>> '{}' FROM setting WHERE key = 'company.name'"
        ).fetchone()
    if found is not None:
        raise UserError(N_("This database is the company {name} already."), name=found[0])
    installation.create_owner(dsn, login, password, login)
    database = Database(dsn)
    try:
        database.run(first_warehouse)
        database.run(_name_it, name)
    finally:
        database.close()


def _name_it(uow: UnitOfWork, name: str) -> None:
    uow.execute(_NAME_IT, (Jsonb(name),))


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
    cluster: EmbeddedCluster,
    workstation: str,
    profile: ConnectionProfile = EMBEDDED,
    login: str = OWNER,
    password: str = "",
) -> OpenCompany:
    """Open a company of this PC, upgrading its schema when the program is newer.

    The owner needs no password until they have set one of their own: till then the one the
    program made is used. Raises PermissionDenied (then ask), UserError when the company was
    made by a newer program.
    """
    dsn = cluster.superuser_dsn(profile.database)
    with psycopg.connect(dsn) as connection:
        current = installation.is_installed(connection)
    if not current:
        installation.install(dsn)
    if login == OWNER and not password:
        # A restored company, or one whose password file was lost: whoever owns the data
        # folder owns the company.
        password = kept_password(paths.config_dir(), profile, OWNER) or _give_owner(dsn, profile)
    database = _opened(make_conninfo(dsn, user=login, password=password), workstation)
    return OpenCompany(database, dsn, cluster, tr("This PC"), profile)


def open_server(
    profile: ConnectionProfile, login: str, password: str, workstation: str
) -> OpenCompany:
    """Open a company on an office server as one person. Raises PermissionDenied, and
    EnvironmentFault saying why the server cannot be reached.
    """
    try:
        database = _opened(profile.conninfo(password, user=login), workstation)
    except ServerUnreachable as error:
        raise why_no_answer(error, profile) from error
    place = f"{profile.host}:{profile.port}/{profile.database}"
    return OpenCompany(database, None, None, place, profile)


def _opened(dsn: str, workstation: str) -> Database:
    """A database that has answered this login once."""
    if not conninfo_to_dict(dsn).get("password"):
        raise PermissionDenied(N_("Login name or password is wrong."))
    database = Database(dsn, workstation=workstation)
    try:
        database.read(company_name)
    except BaseException:
        database.close()
        raise
    return database


def people(cluster: EmbeddedCluster, profile: ConnectionProfile = EMBEDDED) -> list[Login]:
    """Who may log in to a company of this PC, by name."""
    with psycopg.connect(cluster.superuser_dsn(profile.database)) as connection:
        rows = connection.execute(
            "SELECT login, display_name FROM app_user WHERE is_active ORDER BY display_name, login"
        ).fetchall()
    return [Login(*row) for row in rows]


def put_in_place(cluster: EmbeddedCluster, name: str, profile: ConnectionProfile = EMBEDDED) -> str:
    """The database ``name`` (a restored backup) becomes this PC's company; the present one
    stays under the name returned. Raises UserError while somebody works in either.
    """
    former = f"{profile.database}_until_{clock.now():%Y%m%d_%H%M%S}"
    # One transaction: the PC never stands without a company. A rename waits for nobody.
    with psycopg.connect(cluster.superuser_dsn()) as connection:
        try:
            connection.execute(f'ALTER DATABASE "{profile.database}" RENAME TO "{former}"')
            connection.execute(f'ALTER DATABASE "{name}" RENAME TO "{profile.database}"')
        except psycopg.errors.ObjectInUse:
            raise UserError(N_("Close the program on this PC first, then do it again.")) from None
    _give_owner(cluster.superuser_dsn(profile.database), profile)
    return former


def owner_is_open(cluster: EmbeddedCluster, profile: ConnectionProfile = EMBEDDED) -> bool:
    """Whether the owner still comes in by the password the program made."""
    password = kept_password(paths.config_dir(), profile, OWNER)
    if password is None:
        return True
    dsn = cluster.superuser_dsn(profile.database)
    try:
        psycopg.connect(make_conninfo(dsn, user=OWNER, password=password)).close()
    except psycopg.OperationalError:
        return False
    return True


def take_owners_password_away(
    cluster: EmbeddedCluster, profile: ConnectionProfile = EMBEDDED
) -> None:
    """The owner comes in without a password again: one of their own was forgotten."""
    _give_owner(cluster.superuser_dsn(profile.database), profile)


def company_name(uow: UnitOfWork) -> str:
    """The name as it is printed."""
    value: Any = uow.scalar("SELECT value FROM setting WHERE key = 'company.name'")
    return str(value or "")
