"""Fixtures for everybody; the servers themselves are in ``tests/database_server.py``.

A test fails when it leaves a thread behind or provokes a warning in the log that it did not
announce with ``@pytest.mark.expects_log("pattern")``.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("LC_ALL", "C.UTF-8")

import psycopg
import pytest

from desktop_app.core import clock, i18n
from desktop_app.database.cluster import EmbeddedCluster
from desktop_app.database.unit_of_work import UnitOfWork
from tests.database_server import DEBIAN_15, RunningServer, TestDatabase, start_lan, start_shared

_RUN_FOLDER = "STOCKPROOF_TEST_RUN"
_SHANGHAI = timezone(timedelta(hours=8))


def pytest_configure(config: pytest.Config) -> None:
    """One folder for the run, made by the controller and inherited by the workers."""
    if hasattr(config, "workerinput"):
        return
    folder = Path(tempfile.mkdtemp(prefix="stockproof-test-"))
    folder.chmod(0o711)  # started as root, the server's user must pass
    os.environ[_RUN_FOLDER] = str(folder)
    os.environ["STOCKPROOF_HOME"] = str(folder / "home")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Nothing stays: servers are stopped even when a worker crashed."""
    if hasattr(config, "workerinput") or _RUN_FOLDER not in os.environ:
        return
    folder = Path(os.environ.pop(_RUN_FOLDER))
    for name, bin_dir in (("server", None), ("lan", DEBIAN_15)):
        if (folder / name / "cluster" / "pgdata").exists():
            EmbeddedCluster(folder / name / "cluster", bin_dir).destroy()
    shutil.rmtree(folder, ignore_errors=True)


# ---------------------------------------------------------------- databases


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """A folder of this run that every OS user can pass through."""
    return Path(os.environ[_RUN_FOLDER])


@pytest.fixture(scope="session")
def server(run_folder: Path) -> Iterator[RunningServer]:
    """The embedded PostgreSQL 18, shared by all workers."""
    running = start_shared(run_folder / "server")
    yield running
    running.cluster.detach()


@pytest.fixture(scope="session")
def tls_server(run_folder: Path) -> Iterator[RunningServer]:
    """An office server: Debian's PostgreSQL 15 that takes TLS only."""
    if not DEBIAN_15.is_dir():
        if os.environ.get("STOCKPROOF_CI"):
            pytest.fail(f"{DEBIAN_15} is missing: apt-get install postgresql-15")
        pytest.skip("needs Debian's postgresql-15")
    running = start_lan(run_folder / "lan")
    yield running
    running.cluster.detach()


@pytest.fixture(scope="session")
def template_database(server: RunningServer) -> str:
    """Name of the installed, empty database that others are cloned from."""
    return server.template()


@pytest.fixture
def database(server: RunningServer) -> Iterator[TestDatabase]:
    """A fresh installed database for this test alone; committed work is real."""
    made = server.clone()
    yield made
    made.drop()


@pytest.fixture
def lan_database(tls_server: RunningServer) -> Iterator[TestDatabase]:
    """The same on the office server."""
    made = tls_server.clone()
    yield made
    made.drop()


@pytest.fixture(scope="session")
def worker_database(server: RunningServer) -> Iterator[TestDatabase]:
    """One clone per worker, for tests whose work is rolled back."""
    made = server.clone()
    yield made
    made.drop()


@pytest.fixture
def uow(worker_database: TestDatabase) -> Iterator[UnitOfWork]:
    """A unit of work of the owner that is rolled back after the test.

    Sequences and ``now()`` (one instant per transaction) are as in any single transaction.
    """
    with psycopg.connect(worker_database.dsn("owner")) as connection:
        connection.execute("SELECT set_config('stockproof.workstation', 'TEST-PC', false)")
        connection.commit()
        # Everything a test does is one transaction, so a resend must look first.
        yield UnitOfWork(connection, repeated=True)
        connection.rollback()


# ---------------------------------------------------------------- time, language


@pytest.fixture
def fixed_clock() -> Iterator[clock.FixedClock]:
    """The clock stands at Monday 2026-01-05 09:30 in Shanghai."""
    standing = clock.FixedClock(datetime(2026, 1, 5, 9, 30, tzinfo=_SHANGHAI))
    clock.use_clock(standing)
    yield standing
    clock.use_clock(clock.SystemClock())


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    yield
    if i18n.current_language() != i18n.SOURCE_LANGUAGE:
        i18n.use_language(i18n.SOURCE_LANGUAGE, Path())


# ---------------------------------------------------------------- screens


@pytest.fixture(scope="module")
def collected_in_the_gui_thread(qapp: Any) -> Iterator[None]:
    """Garbage as in the running program, for a module that opens windows."""
    from desktop_app.runtime.garbage import GuiThreadCollector

    collector = GuiThreadCollector(qapp)
    collector.start()
    yield
    collector.stop()


# ---------------------------------------------------------------- nothing goes unnoticed


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    collector = _Collector()
    root = logging.getLogger()
    root.addHandler(collector)
    yield
    root.removeHandler(collector)
    patterns = [marker.args[0] for marker in request.node.iter_markers("expects_log")]
    told = [f"{r.levelname} {r.name}: {r.getMessage()}" for r in collector.records]
    unexpected = [line for line in told if not any(re.search(p, line) for p in patterns)]
    assert not unexpected, "unexpected log lines:\n" + "\n".join(unexpected)
    silent = [p for p in patterns if not any(re.search(p, line) for line in told)]
    assert not silent, f"announced but not logged: {silent}"


@pytest.fixture(autouse=True)
def _no_leaked_thread() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [
        thread
        for thread in threading.enumerate()
        # Threads of Qt's pool that ran Python once stay listed; the pool owns them.
        if thread not in before and not isinstance(thread, threading._DummyThread)
    ]
    for thread in left:
        thread.join(timeout=2)
    alive = [thread.name for thread in left if thread.is_alive()]
    assert not alive, f"threads left running: {alive}"
