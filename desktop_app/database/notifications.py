"""Changes made on any PC reach this one by LISTEN/NOTIFY, on a thread of its own."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import psycopg

from desktop_app.core.errors import AppError
from desktop_app.database.unit_of_work import CHANNEL, Database

RECONNECT_S = 2.0
POLL_S = 0.5


class Listener:
    """Calls ``on_topics(frozenset)`` for every committed change, and after a reconnect
    with ``{"*"}`` because changes may have been missed. ``on_state(bool)`` tells whether
    the line is up.
    """

    def __init__(
        self,
        database: Database,
        on_topics: Callable[[frozenset[str]], None],
        on_state: Callable[[bool], None] = lambda _up: None,
    ) -> None:
        self._database = database
        self._on_topics = on_topics
        self._on_state = on_state
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="change-listener", daemon=True)

    def start(self) -> None:
        """Begin listening in the background."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._stop.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        first = True
        while not self._stop.is_set():
            try:
                self._listen(announce=not first)
            except (psycopg.Error, AppError):
                self._on_state(False)
                self._stop.wait(RECONNECT_S)
            first = False

    def _listen(self, *, announce: bool) -> None:
        with self._database.connect() as connection:
            connection.autocommit = True
            connection.execute(f"LISTEN {CHANNEL}")
            self._on_state(True)
            if announce:
                self._on_topics(frozenset({"*"}))
            while not self._stop.is_set():
                for note in connection.notifies(timeout=POLL_S):
                    self._on_topics(frozenset(json.loads(note.payload)))
                    if self._stop.is_set():
                        break
