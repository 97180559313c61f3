"""Who serves a printer: one program at a time, although several may run on the printer's PC.

The seat is an advisory lock of the database session, so it is free again as soon as the
program that had it is gone, however it ended. Whoever holds it knows that a label left in
``sending`` is nobody's work any more.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, Protocol

import psycopg

from desktop_app.database.errors import to_app_error

_CLASS = 7_100
"""First key of the lock; the second is the printer."""
_ASK = b"SELECT pg_try_advisory_lock(%s, %s)"
_LEAVE = b"SELECT pg_advisory_unlock(%s, %s)"
_WATCH = (
    b"SET tcp_keepalives_idle = 10",
    b"SET tcp_keepalives_interval = 5",
    b"SET tcp_keepalives_count = 3",
)
"""A cut cable must not keep the seat taken for the two hours a system waits by default."""


class Connects(Protocol):
    """What is needed of ``database.unit_of_work.Database``."""

    def connect(self) -> Any:
        """A connection of its own."""
        ...


@contextlib.contextmanager
def printer_seat(database: Connects, device_id: int) -> Iterator[bool]:
    """Sit down at a printer while the block runs; False: another program serves it now.

    Raises ServerUnreachable.
    """
    connection = database.connect()
    keys = (_CLASS, device_id % 2**31)
    try:
        try:
            connection.autocommit = True
            for words in _WATCH:
                connection.execute(words)
            row = connection.execute(_ASK, keys).fetchone()
        except psycopg.Error as error:
            raise to_app_error(error) from error
        mine = bool(row and row[0])
        try:
            yield mine
        finally:
            if mine:
                # Closing alone frees it a moment later: the next round would find it taken.
                with contextlib.suppress(psycopg.Error):
                    connection.execute(_LEAVE, keys)
    finally:
        connection.close()
