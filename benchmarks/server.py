"""The server of a bench run: the program's own PostgreSQL with the settings a shop has.

Nothing is switched off (fsync stays on). The real company and the floor live in two
databases of the same server.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from pathlib import Path
from types import TracebackType

import psycopg
from psycopg import Connection
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow

from desktop_app.database.cluster import EmbeddedCluster
from desktop_app.database.unit_of_work import Database
from desktop_app.services import installation

OWNER = "bench_owner"
TEMPLATE = "bench_template"
FLOOR_OPTIONS = (
    "-c client_min_messages=warning -c plan_cache_mode=force_generic_plan -c enable_seqscan=off"
)


class BenchServer:
    """A throw-away cluster in a folder of its own; use it as a context."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="stockproof-bench-"))
        self.folder.chmod(0o711)  # started as root, the server's user must pass
        self._password = secrets.token_urlsafe(16)
        self._cluster = EmbeddedCluster(self.folder / "cluster")
        self._open: list[Database] = []

    def __enter__(self) -> BenchServer:
        try:
            self._cluster.attach()
            self._execute(f"CREATE DATABASE {TEMPLATE}")
            installation.install(self.superuser_dsn(TEMPLATE))
            installation.create_owner(self.superuser_dsn(TEMPLATE), OWNER, self._password)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def _end(self) -> None:
        for database in self._open:
            database.close()
        self._cluster.destroy()
        shutil.rmtree(self.folder, ignore_errors=True)

    def superuser_dsn(self, database: str, *, tcp: bool = False) -> str:
        """Connection string of the superuser."""
        return self._cluster.superuser_dsn(database, tcp=tcp)

    def owner_dsn(self, database: str, *, tcp: bool = False) -> str:
        """Connection string of the company's owner."""
        return make_conninfo(
            self.superuser_dsn(database, tcp=tcp), user=OWNER, password=self._password
        )

    def new_company(self, name: str) -> Database:
        """A database with the program's schema and one owner."""
        self._execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self.connect(self.owner_dsn(name))

    def connect(self, dsn: str) -> Database:
        """A ``Database`` that is closed with the server."""
        database = Database(dsn, workstation="BENCH")
        self._open.append(database)
        return database

    def new_floor(self, name: str) -> Connection[TupleRow]:
        """An empty database for the floor and a connection tuned like the program's own."""
        self._execute(f"CREATE DATABASE {name}")
        return floor_connection(self.superuser_dsn(name))

    def settle(self, *names: str) -> None:
        """Fresh statistics and a written log, so that no side pays for the other's loading."""
        for name in names:
            with psycopg.connect(self.superuser_dsn(name), autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
                connection.execute("CHECKPOINT")

    def drop(self, *names: str) -> None:
        """Delete databases that are no longer needed."""
        for database in self._open:
            database.close()
        self._open.clear()
        for name in names:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, sql: str) -> None:
        with psycopg.connect(self.superuser_dsn("postgres"), autocommit=True) as connection:
            connection.execute(sql.encode())


def floor_connection(dsn: str) -> Connection[TupleRow]:
    """Prepared statements and generic plans, as the program's writers have them; what is
    measured says BEGIN and COMMIT itself.
    """
    return psycopg.connect(dsn, options=FLOOR_OPTIONS, prepare_threshold=0, autocommit=True)


def disk_flush_ms(folder: Path, times: int = 40) -> float:
    """Median time of writing 8 kB and waiting for the disk: what every commit pays."""
    import time
    from statistics import median

    taken = []
    with tempfile.TemporaryFile(dir=folder) as stream:
        for _ in range(times):
            begun = time.perf_counter()
            os.write(stream.fileno(), b"\0" * 8192)
            (os.fdatasync if hasattr(os, "fdatasync") else os.fsync)(stream.fileno())
            taken.append(time.perf_counter() - begun)
    return median(taken) * 1000
