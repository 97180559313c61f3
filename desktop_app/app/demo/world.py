"""The demo's own server, company and people; nothing of the user's own is touched."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from psycopg.conninfo import make_conninfo

from desktop_app.app import company
from desktop_app.app.demo.company import PASSWORD, DemoCompany, fill_demo
from desktop_app.app.demo.record import DemoFailed, Record
from desktop_app.core import paths
from desktop_app.core.errors import UserError
from desktop_app.core.i18n import tr
from desktop_app.database.cluster import EmbeddedCluster
from desktop_app.database.profiles import kept_password
from desktop_app.database.unit_of_work import Database
from desktop_app.services import printing
from desktop_app.services.documents import DocumentRef

R = TypeVar("R")
WORKSTATIONS = {
    "cangku": "DOCK-1",
    "xiaoshou": "SALES-1",
    "caigou": "OFFICE-2",
    "caiwu": "OFFICE-1",
    "zhijian": "QC-1",
    "jihua": "PLAN-1",
    "pandian1": "SCAN-1",
    "pandian2": "SCAN-2",
    company.OWNER: "BOSS-1",
}
"""Where each person works; the acts name it."""


@dataclass
class World:
    """A running company in which each person acts with the rights of their own login."""

    record: Record
    cluster: EmbeddedCluster
    demo: DemoCompany = field(default_factory=DemoCompany)
    made: dict[str, DocumentRef] = field(default_factory=dict)
    """Documents that later steps and the pictures come back to."""
    notes: dict[str, Any] = field(default_factory=dict)
    """A bin, a moment: what the pictures come back to that is no document."""
    _open: dict[tuple[str, str], Database] = field(default_factory=dict)

    def connect(self, login: str, workstation: str = "") -> Database:
        """A connection of this person, in nobody's pool; the caller closes it."""
        password = (
            kept_password(paths.config_dir(), company.EMBEDDED, login) or ""
            if login == company.OWNER
            else PASSWORD
        )
        dsn = self.cluster.superuser_dsn(company.EMBEDDED.database)
        return Database(
            make_conninfo(dsn, user=login, password=password),
            workstation=workstation or WORKSTATIONS[login],
        )

    def person(self, login: str, workstation: str = "") -> Database:
        """The database as this person sees it, from their own PC or another one."""
        key = (login, workstation)
        if key not in self._open:
            self._open[key] = self.connect(login, workstation)
        return self._open[key]

    def run(self, login: str, function: Callable[..., R], *arguments: Any, **named: Any) -> R:
        """``function(uow, …)`` as this person, in one transaction."""
        return self.person(login).run(function, *arguments, **named)

    def read(self, login: str, function: Callable[..., R], *arguments: Any, **named: Any) -> R:
        """The same, read-only."""
        return self.person(login).read(function, *arguments, **named)

    def refused(
        self,
        login: str,
        tried: str,
        function: Callable[..., Any],
        *arguments: Any,
        workstation: str = "",
    ) -> UserError:
        """Try what must not be possible. Returns the refusal. Raises DemoFailed if it worked."""
        try:
            self.person(login, workstation).run(function, *arguments)
        except UserError as error:
            self.record.refused(login, tried, str(error))
            return error
        raise DemoFailed(
            tr("This should have been refused to {person}: {tried}", person=login, tried=tried)
        )

    def pdf(self, login: str, document: DocumentRef, layout: str, name: str) -> Path:
        """Print a document to a file as this person."""
        content = self.read(login, printing.render, document.id, layout)
        return self.record.write("pdf", f"{name}.pdf", content)

    def close(self) -> None:
        """Give every connection back."""
        for database in self._open.values():
            database.close()
        self._open.clear()


@contextmanager
def demo_world(record: Record) -> Iterator[World]:
    """A new demo company on a server of its own, gone without a trace afterwards."""
    with _home() as home:
        with record.step("set_up"):
            cluster = EmbeddedCluster(home / "data" / "cluster")
            cluster.attach()
            company.set_up(cluster, tr("Jinhua Yongxin Hardware and Gifts"))
            world = World(record, cluster)
            world.demo = fill_demo(world.person(company.OWNER))
        try:
            yield world
        finally:
            world.close()
            cluster.detach()
            cluster.destroy()


@contextmanager
def _home() -> Iterator[Path]:
    """A folder for settings, log and database of this run alone."""
    before = os.environ.get(paths.HOME_VARIABLE)
    home = Path(tempfile.mkdtemp(prefix="stockproof-demo-"))
    home.chmod(0o711)  # started as root, the server's own user must pass
    os.environ[paths.HOME_VARIABLE] = str(home)
    try:
        yield home
    finally:
        if before is None:
            del os.environ[paths.HOME_VARIABLE]
        else:
            os.environ[paths.HOME_VARIABLE] = before
        shutil.rmtree(home, ignore_errors=True)
