"""Work off the GUI thread: one door to the database and to slow non-database work.

Reads run on a small pool, commands one after the other on a single thread, so that two
quick presses of a key are carried out in the order they were pressed. Results come back
on the GUI thread; nobody calls a widget from a worker.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, Protocol

from PySide6.QtCore import QMetaMethod, QObject, Qt, Signal, Slot
from shiboken6 import isValid

from desktop_app.core.change_source import changes_from
from desktop_app.core.errors import ServerUnreachable
from desktop_app.core.i18n import N_

READ_THREADS = 2

_log = logging.getLogger(__name__)

Done = Callable[[Any], None]
Failed = Callable[[Exception], None]


class DatabaseAccess(Protocol):
    """What operations need of ``database.unit_of_work.Database``."""

    def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run in one committed transaction."""
        ...

    def read(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run in one read-only transaction."""
        ...


class NoDatabase:
    """Before the first set-up there is none: only ``background`` can be used."""

    def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Always raises ServerUnreachable."""
        raise ServerUnreachable(N_("No database is open yet."))

    read = run


@dataclass(frozen=True)
class Reply:
    """Whom to tell about the end of one job; ``owner`` destroyed means nobody."""

    on_done: Done | None
    on_error: Failed | None
    owner: QObject | None

    def is_wanted(self) -> bool:
        """False once the owning widget is gone: its callbacks must not run."""
        return self.owner is None or isValid(self.owner)


@dataclass
class _Job:
    """One piece of work, from asking to telling.

    It stays in ``Operations`` until the GUI thread has told its end; a worker only borrows
    it. Whoever lets go last destroys, and Qt objects (a page behind ``reply``, one caught
    in ``call``) may be destroyed in the GUI thread only.
    """

    reply: Reply
    uses_database: bool
    call: Callable[[], Any]
    value: Any = None
    error: Exception | None = None

    def run(self) -> None:
        try:
            self.value = self.call()
        except Exception as error:  # noqa: BLE001 - handed to the caller's on_error
            self.error = error


def _owner_of(callback: Callable[..., Any] | None) -> QObject | None:
    receiver = getattr(callback, "__self__", None)
    return receiver if isinstance(receiver, QObject) else None


def _reply(on_done: Done | None, on_error: Failed | None, owner: QObject | None) -> Reply:
    return Reply(on_done, on_error, owner or _owner_of(on_done) or _owner_of(on_error))


def _source_of(asking: QObject | None) -> str:
    """The ``change_source`` of the page that an asking widget is part of."""
    while asking is not None:
        source = getattr(asking, "change_source", "")
        if source:
            return str(source)
        asking = asking.parent()
    return ""


def _from(source: str, run: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    with changes_from(source):
        return run(*args, **kwargs)


class Operations(QObject):
    """Runs service and query functions for the screens.

    ``busy(bool)`` tells whether anything is under way, ``connection(bool)`` whether the
    server answered last time, ``failed(exception)`` carries errors for which the caller
    gave no ``on_error``. A bound method of a widget is dropped when that widget is
    destroyed; a lambda needs ``owner=``.
    """

    busy = Signal(bool)
    connection = Signal(bool)
    failed = Signal(object)
    _finished = Signal(int)
    _line = Signal(bool)

    def __init__(self, database: DatabaseAccess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._database = database
        self._jobs: dict[int, _Job] = {}
        self._numbers = count()
        self._closed = False
        self._connected = True
        self._readers = ThreadPoolExecutor(READ_THREADS, "read")
        self._writer = ThreadPoolExecutor(1, "write")
        self._helper = ThreadPoolExecutor(1, "background")
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._line.connect(self._note_connection)

    def query(
        self,
        function: Callable[..., Any],
        *args: Any,
        on_done: Done | None = None,
        on_error: Failed | None = None,
        owner: QObject | None = None,
        **kwargs: Any,
    ) -> None:
        """Run ``function(uow, *args, **kwargs)`` read-only."""
        reply = _reply(on_done, on_error, owner)
        self._start(self._readers, reply, True, self._database.read, function, *args, **kwargs)

    def command(
        self,
        function: Callable[..., Any],
        *args: Any,
        on_done: Done | None = None,
        on_error: Failed | None = None,
        owner: QObject | None = None,
        **kwargs: Any,
    ) -> None:
        """Run ``function(uow, *args, **kwargs)`` in a transaction, in order of asking.

        What it changes is logged as coming from the page that asks.
        """
        reply = _reply(on_done, on_error, owner)
        call = partial(_from, _source_of(reply.owner), self._database.run)
        self._start(self._writer, reply, True, call, function, *args, **kwargs)

    def background(
        self,
        function: Callable[..., Any],
        *args: Any,
        on_done: Done | None = None,
        on_error: Failed | None = None,
        owner: QObject | None = None,
        **kwargs: Any,
    ) -> None:
        """Run ``function(*args, **kwargs)`` that needs no database (a PDF, a file)."""
        reply = _reply(on_done, on_error, owner)
        self._start(self._helper, reply, False, function, *args, **kwargs)

    def shutdown(self) -> None:
        """Finish what has begun, drop what has not, deliver nothing any more."""
        self._closed = True
        for pool in (self._readers, self._writer, self._helper):
            pool.shutdown(wait=True, cancel_futures=True)

    def _start(
        self,
        pool: ThreadPoolExecutor,
        reply: Reply,
        uses_database: bool,
        call: Callable[..., Any],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        if self._closed:  # a late timer of a page, while the program is going away
            return
        number = next(self._numbers)
        self._jobs[number] = _Job(reply, uses_database, partial(call, *args, **kwargs))
        if len(self._jobs) == 1:
            self.busy.emit(True)
        pool.submit(self._work, number)

    def _work(self, number: int) -> None:
        try:
            self._jobs[number].run()
        except BaseException:
            _log.critical("worker stopped", exc_info=True)
            raise
        self._finished.emit(number)

    @Slot(int)
    def _deliver(self, number: int) -> None:
        if self._closed:  # it was on its way when the end came
            return
        job = self._jobs.pop(number)
        if not self._jobs:
            self.busy.emit(False)
        self._conclude(job)

    def _conclude(self, job: _Job) -> None:
        if job.uses_database:
            self._note_connection(not isinstance(job.error, ServerUnreachable))
        if not job.reply.is_wanted():
            return
        if job.error is None:
            if job.reply.on_done is not None:
                job.reply.on_done(job.value)
        elif job.reply.on_error is not None:
            job.reply.on_error(job.error)
        else:
            self._report(job.error)

    def _report(self, error: Exception) -> None:
        self.failed.emit(error)

    def note_line(self, up: bool) -> None:
        """The listener lost or found the server; thread-safe."""
        self._line.emit(up)

    @property
    def connected(self) -> bool:
        """Whether the server answered last time."""
        return self._connected

    @Slot(bool)
    def _note_connection(self, reachable: bool) -> None:
        if reachable != self._connected:
            self._connected = reachable
            self.connection.emit(reachable)


class InlineOperations(Operations):
    """The same door, but everything has happened when the call returns (tests, scripts).

    An error that nobody asked for and nobody listens to is raised.
    """

    def _start(
        self,
        pool: ThreadPoolExecutor,
        reply: Reply,
        uses_database: bool,
        call: Callable[..., Any],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        job = _Job(reply, uses_database, partial(call, *args, **kwargs))
        self.busy.emit(True)
        job.run()
        self.busy.emit(False)
        self._conclude(job)

    def _report(self, error: Exception) -> None:
        if not self.isSignalConnected(QMetaMethod.fromSignal(self.failed)):
            raise error
        self.failed.emit(error)
