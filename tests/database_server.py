"""The servers tests run on: a template database is installed once, each test gets a clone.

All pytest-xdist workers share one server and one template; a file lock decides who builds it.
"""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from fasteners import InterProcessLock
from psycopg.conninfo import make_conninfo

from desktop_app.database.cluster import EmbeddedCluster
from desktop_app.database.server_configuration import LOOPBACK
from desktop_app.database.unit_of_work import Database

TEMPLATE = "stockproof_template"
PASSWORD = "only-for-tests"
DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
# Nothing here outlives the test run, so the disk need not keep up.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
}


@dataclass
class RunningServer:
    """A server shared by the whole run. ``options`` are added to every connection string."""

    cluster: EmbeddedCluster
    folder: Path
    options: dict[str, str] = field(default_factory=dict)

    def superuser_dsn(self, database: str = "postgres") -> str:
        """Connection string of the superuser."""
        return make_conninfo(
            self.cluster.superuser_dsn(database, tcp=bool(self.options)), **self.options
        )

    def dsn(self, database: str, login: str, password: str = PASSWORD) -> str:
        """Connection string of a login; every job role has one named like its code."""
        return make_conninfo(self.superuser_dsn(database), user=login, password=password)

    def execute(self, sql: str) -> None:
        """One statement outside a transaction, as superuser."""
        with psycopg.connect(self.superuser_dsn(), autocommit=True) as connection:
            connection.execute(sql.encode())

    def template(self) -> str:
        """The name of the installed template, built by whoever comes first."""
        done = self.folder / "template.done"
        with InterProcessLock(self.folder / "template.lock"):
            if not done.exists():
                self._build_template()
                done.touch()
        return TEMPLATE

    def clone(self) -> TestDatabase:
        """A fresh copy of the template."""
        name = f"t_{uuid.uuid4().hex[:16]}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.template()}"')
        return TestDatabase(self, name)

    def _build_template(self) -> None:
        from desktop_app.domain.permissions import JOB_ROLES
        from desktop_app.services import installation

        self.execute(f'DROP DATABASE IF EXISTS "{TEMPLATE}"')
        self.execute(f'CREATE DATABASE "{TEMPLATE}"')
        installation.install(self.superuser_dsn(TEMPLATE))
        with psycopg.connect(self.superuser_dsn(TEMPLATE)) as connection:
            for job in JOB_ROLES:
                installation.create_login(connection, job.code, PASSWORD, (job.code,))
                # A second person of each job, for recounts, races and second looks.
                installation.create_login(connection, f"{job.code}2", PASSWORD, (job.code,))


class TestDatabase:
    """One test's own database."""

    __test__ = False

    def __init__(self, server: RunningServer, name: str) -> None:
        self.server = server
        self.name = name
        self._open: dict[tuple[str, str], Database] = {}

    def dsn(self, user: str = "owner") -> str:
        """Connection string; "postgres" is the superuser."""
        if user == "postgres":
            return self.server.superuser_dsn(self.name)
        return self.server.dsn(self.name, user)

    def as_user(self, login: str, *, workstation: str = "TEST-PC") -> Database:
        """The database as one login on one PC sees it."""
        key = (login, workstation)
        if key not in self._open:
            self._open[key] = Database(self.dsn(login), workstation=workstation)
        return self._open[key]

    def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """``function(uow, ...)`` in one transaction of the owner."""
        return self.as_user("owner").run(function, *args, **kwargs)

    def read(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """``function(uow, ...)`` in one read-only transaction of the owner."""
        return self.as_user("owner").read(function, *args, **kwargs)

    def drop(self) -> None:
        """Close every connection and delete the database."""
        for database in self._open.values():
            database.close()
        self._open.clear()
        self.server.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


def start_shared(folder: Path) -> RunningServer:
    """The program's own PostgreSQL, shared by the run."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    cluster = EmbeddedCluster(folder / "cluster", settings=FORGETFUL)
    cluster.attach()
    return RunningServer(cluster, folder)


def start_lan(folder: Path) -> RunningServer:
    """Debian's PostgreSQL 15 as an office server: TLS only, verified to the certificate."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    cluster = EmbeddedCluster(folder / "cluster", DEBIAN_15, settings=FORGETFUL)
    cluster.attach()
    server = RunningServer(cluster, folder)
    certificate = folder / "root.crt"
    with InterProcessLock(folder / "tls.lock"):
        if not certificate.exists():
            _turn_tls_on(server, certificate)
    server.options = {
        "host": LOOPBACK,
        "sslmode": "verify-full",
        "sslrootcert": str(certificate),
    }
    return server


def _turn_tls_on(server: RunningServer, certificate: Path) -> None:
    pgdata = server.cluster.pgdata
    key, draft = pgdata / "server.key", certificate.with_suffix(".new")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", key, "-out", draft],
        check=True, capture_output=True,
    )  # fmt: skip
    (pgdata / "server.crt").write_bytes(draft.read_bytes())
    key.chmod(0o600)
    for path in (key, pgdata / "server.crt"):
        server.cluster.give_to_server(path)
    (pgdata / "pg_hba.conf").write_text(
        "local all all scram-sha-256\nhostssl all all 127.0.0.1/32 scram-sha-256\n",
        encoding="utf-8",
    )
    server.execute("ALTER SYSTEM SET ssl = on")
    server.execute("SELECT pg_reload_conf()")
    draft.rename(certificate)
