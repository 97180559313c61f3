"""One call = one transaction. The only way services and queries reach PostgreSQL.

psycopg is used directly: measured here, SQLAlchemy Core adds 14-25 % to a small posting
and its import a quarter of a second to the start (docs/adr/0005). SQLAlchemy declares the
schema and carries the migrations.
"""

from __future__ import annotations

import contextlib
import json
import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg import Connection, Cursor
from psycopg.rows import TupleRow, args_row

from desktop_app.core.change_source import change_source
from desktop_app.core.errors import (
    AlreadyRecorded,
    AppError,
    NotFound,
    ServerUnreachable,
    UserError,
)
from desktop_app.core.i18n import N_
from desktop_app.database.errors import RETRYABLE, to_app_error

R = TypeVar("R")
Row = TypeVar("Row")
CHANNEL = "stockproof"
TRIES = 3
MOST_NOTIFIED = 7900
"""A payload of NOTIFY is below 8,000 bytes."""
EVERYTHING = '["*"]'
_OPTIONS = (
    "-c lock_timeout=4s -c idle_in_transaction_session_timeout=60s -c client_min_messages=warning"
)
_WRITER_OPTIONS = f"{_OPTIONS} -c plan_cache_mode=force_generic_plan -c enable_seqscan=off"
"""Postings repeat a dozen statements with arrays: planning them anew each time costs more
than running them (2 ms of a 5 ms posting, measured). Lists keep custom plans. A kept plan
looks rows up by their key: made while a table is small it would read all of it ever after."""


_WRITING = b"BEGIN READ WRITE"
_SAY_SOURCE = b"SELECT set_config('stockproof.source', %s, true)"


class _AbortFollows(logging.Filter):
    """Drops psycopg's note that a refused pipeline also ended aborted: the refusal was raised."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.msg.startswith("error ignored terminating")


logging.getLogger("psycopg").addFilter(_AbortFollows())


class UnitOfWork:
    """A transaction in progress. Leaving it by an exception rolls everything back."""

    def __init__(
        self,
        connection: Connection[TupleRow],
        *,
        opening: bytes = b"",
        entry: Callable[..., Any] | None = None,
        repeated: bool = False,
    ) -> None:
        self._connection = connection
        self._opening = opening
        """Sent with the first statement, which saves its round trip; empty: psycopg does it."""
        self._entry = entry
        self._topics: set[str] = set()
        self.repeated = repeated
        """True when this call was made before and lost a race: look before doing it again."""
        self.attempt: tuple[int | None, str] | None = None
        """What is being tried (document, verb): recorded if it is refused (N4)."""

    @property
    def connection(self) -> Connection[TupleRow]:
        """The driver's connection, inside the transaction."""
        self._open()
        return self._connection

    def execute(self, sql: str, params: Sequence[Any] | dict[str, Any] = ()) -> Cursor[TupleRow]:
        """Run one statement; rows, if any, are on the returned cursor."""
        with self._first_words(), _told():
            return self._connection.execute(sql.encode(), params or None)

    def all(self, row_type: Callable[..., Row], sql: str, params: Any = ()) -> list[Row]:
        """Every row, built by position."""
        with self._connection.cursor(row_factory=args_row(row_type)) as cursor:
            with self._first_words():
                cursor.execute(sql.encode(), params or None)
            return cursor.fetchall()

    def find(self, row_type: Callable[..., Row], sql: str, params: Any = ()) -> Row | None:
        """The first row, or None."""
        with self._connection.cursor(row_factory=args_row(row_type)) as cursor:
            with self._first_words():
                cursor.execute(sql.encode(), params or None)
            return cursor.fetchone()

    def one(self, row_type: Callable[..., Row], sql: str, params: Any = ()) -> Row:
        """The first row. Raises NotFound when there is none."""
        row = self.find(row_type, sql, params)
        if row is None:
            raise NotFound(N_("What you asked for does not exist (any more)."))
        return row

    def scalar(self, sql: str, params: Any = ()) -> Any:
        """First column of the first row, or None."""
        row = self.execute(sql, params).fetchone()
        return None if row is None else row[0]

    @contextmanager
    def pipeline(self) -> Iterator[None]:
        """Statements inside are sent together: one wait for all of them."""
        with _told(), self._connection.pipeline():
            self._open()
            yield

    def _first_words(self) -> contextlib.AbstractContextManager[None]:
        """The first statement of a transaction travels together with its BEGIN."""
        return self.pipeline() if self._opening else contextlib.nullcontext()

    def _open(self) -> None:
        if self._opening:
            opening, self._opening = self._opening, b""
            self._connection.execute(opening, prepare=False)
            source = change_source()
            if source and opening == _WRITING:
                self._connection.execute(_SAY_SOURCE, (source,))

    def touch(self, *topics: str) -> None:
        """Tell every PC, when this transaction commits, that these topics changed."""
        self._topics.update(topics)

    def announcement(self) -> str | None:
        """The topics touched so far as NOTIFY sends them, and forgets them: for a last
        statement that announces them itself. None when there are none.
        """
        topics, self._topics = sorted(self._topics), set()
        message = json.dumps(topics) if topics else None
        # A document of very many topics: tell everybody to look at everything.
        return EVERYTHING if message and len(message) > MOST_NOTIFIED else message

    def commit(self) -> None:
        """Announce what was not announced yet and commit: one round trip."""
        message = self.announcement()
        if message is None:
            self._connection.commit()
            return
        with self.pipeline():
            self._connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, message))
            self._connection.commit()

    def commit_at_end_of(self, function: Callable[..., Any]) -> None:
        """In a pipeline, as the last words of a service function: when the call consists of
        nothing else, its COMMIT travels with them. Inside a larger service nothing happens.
        """
        if self._entry is function:
            self._connection.execute(b"COMMIT", prepare=False)


class Database:
    """One server and one login. Thread-safe: each running call has its own connection."""

    def __init__(self, conninfo: str, *, workstation: str = "") -> None:
        self._conninfo = conninfo
        self._workstation = workstation
        self._idle: dict[bool, list[Connection[TupleRow]]] = {False: [], True: []}
        self._lock = threading.Lock()
        self._closed = False

    def run(self, function: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        """Call ``function(uow, ...)`` in one committed transaction.

        Repeated up to three times after a deadlock, serialization failure or lock
        time-out. Raises :class:`~desktop_app.core.errors.AppError`.
        """
        return self._call(function, args, kwargs, read_only=False)

    def read(self, function: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        """The same in a read-only transaction."""
        return self._call(function, args, kwargs, read_only=True)

    def connect(self, *, writer: bool = False) -> Connection[TupleRow]:
        """A new connection of this login, in no pool. Raises ServerUnreachable."""
        try:
            connection = psycopg.connect(
                self._conninfo,
                connect_timeout=5,
                application_name="stockproof",
                options=_WRITER_OPTIONS if writer else _OPTIONS,
                prepare_threshold=0 if writer else 5,
            )
        except psycopg.Error as error:
            raise to_app_error(error) from error
        connection.execute(
            "SELECT set_config('stockproof.workstation', %s, false)", (self._workstation,)
        )
        connection.commit()
        return connection

    def close(self) -> None:
        """Close idle connections; running calls close theirs when they end."""
        with self._lock:
            self._closed = True
            idle = [*self._idle[False], *self._idle[True]]
            self._idle = {False: [], True: []}
        for connection in idle:
            connection.close()

    def _call(self, function: Callable[..., R], args: Any, kwargs: Any, *, read_only: bool) -> R:
        for attempt in range(1, TRIES + 1):
            connection = self._take(writer=not read_only)
            try:
                opening = b"BEGIN READ ONLY" if read_only else _WRITING
                uow = UnitOfWork(connection, opening=opening, entry=function, repeated=attempt > 1)
                return self._attempt(connection, uow, function, args, kwargs)
            except (psycopg.Error, AppError) as error:
                driver = error if isinstance(error, psycopg.Error) else error.__cause__
                if not isinstance(driver, psycopg.Error):
                    raise
                stale = connection.broken and attempt == 1 and read_only
                if attempt == TRIES or not (_may_repeat(driver) or stale):
                    raise to_app_error(driver) from driver
                time.sleep(random.uniform(0.005, 0.03) * attempt)  # noqa: S311 - jitter
            finally:
                self._give_back(connection, writer=not read_only)
        raise AssertionError("unreachable")

    @staticmethod
    def _attempt(
        connection: Connection[TupleRow],
        uow: UnitOfWork,
        function: Callable[..., R],
        args: Any,
        kwargs: Any,
    ) -> R:
        try:
            result = function(uow, *args, **kwargs)
            uow.commit()
        except BaseException as error:
            if not connection.closed:
                connection.rollback()
                _record_refusal(connection, uow.attempt, error)
            raise
        return result

    def _take(self, *, writer: bool) -> Connection[TupleRow]:
        with self._lock:
            if self._closed:
                raise ServerUnreachable(N_("The program is closing."))
            idle = self._idle[writer]
            while idle:
                connection = idle.pop()
                if not connection.closed:
                    return connection
        connection = self.connect(writer=writer)
        connection.autocommit = True  # the unit of work says BEGIN itself
        return connection

    def _give_back(self, connection: Connection[TupleRow], *, writer: bool) -> None:
        if connection.closed or connection.broken:
            connection.close()
            return
        with self._lock:
            if not self._closed and len(self._idle[writer]) < 8:
                self._idle[writer].append(connection)
                return
        connection.close()


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Driver errors as the sentences services know; the driver's own is their cause."""
    try:
        yield
    except psycopg.Error as error:
        raise to_app_error(error) from error


def _may_repeat(error: psycopg.Error) -> bool:
    """Losers of a lock race, and the twin of an act that was just recorded: repeated, the
    twin finds what the first one did and returns that.
    """
    return error.sqlstate in RETRYABLE or error.diag.constraint_name == "uq_act_uuid"


def _record_refusal(
    connection: Connection[TupleRow], attempt: tuple[int | None, str] | None, error: BaseException
) -> None:
    """Keep who tried what and why not (N4). Best effort: the refusal itself comes first."""
    failure = to_app_error(error) if isinstance(error, psycopg.Error) else error
    if (
        attempt is None
        or not isinstance(failure, UserError)
        or isinstance(failure, AlreadyRecorded)
    ):
        return
    driver = error if isinstance(error, psycopg.Error) else error.__cause__
    if isinstance(driver, psycopg.Error) and _may_repeat(driver):
        return
    with contextlib.suppress(psycopg.Error):
        connection.execute(
            "INSERT INTO refused_attempt (document_id, verb, code, message) VALUES (%s, %s, %s, %s)",
            (*attempt, failure.code, str(failure)),
        )
