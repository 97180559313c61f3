"""A TCP proxy that delays every byte and counts how often a client had to wait.

The kernel's own delay (netem) is not available everywhere. A turn is counted when the
client speaks after the server has spoken: so often it waited for an answer. The proxy runs
in a process of its own, so that it does not compete with the client for Python.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import queue
import socket
import threading
import time
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue
from multiprocessing.sharedctypes import Synchronized
from types import TracebackType
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

_CHUNK = 65536


class DelayProxy:
    """Stands before the server of ``dsn`` (TCP); ``round_trip`` is added seconds there and back."""

    def __init__(self, dsn: str, round_trip: float) -> None:
        known = conninfo_to_dict(dsn)
        self._dsn = dsn
        spawn = multiprocessing.get_context("spawn")
        self._turns: Synchronized[int] = spawn.Value("q", 0)
        self._port: Queue[int] = spawn.Queue()
        self._process: BaseProcess = spawn.Process(
            target=_serve,
            args=(
                str(known["host"]),
                int(known["port"] or 5432),
                round_trip / 2,
                self._port,
                self._turns,
            ),
            daemon=True,
        )

    def __enter__(self) -> DelayProxy:
        self._process.start()
        port = self._port.get(timeout=60)
        self.dsn = make_conninfo(self._dsn, host="127.0.0.1", port=port)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.join(10)

    @property
    def turns(self) -> int:
        """Round trips so far."""
        return int(self._turns.value)


def _serve(host: str, port: int, delay: float, told: Any, turns: Any) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    told.put(listener.getsockname()[1])
    while True:
        client, _ = listener.accept()
        server = socket.create_connection((host, port))
        for side in (client, server):
            side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        heard = threading.Event()  # the server has been heard since the client last spoke
        heard.set()
        _pump(client, server, delay, asks=heard, turns=turns)
        _pump(server, client, delay, answers=heard)


def _pump(
    source: socket.socket,
    target: socket.socket,
    delay: float,
    *,
    asks: threading.Event | None = None,
    answers: threading.Event | None = None,
    turns: Any = None,
) -> None:
    """Two threads: one reads and stamps, one hands on when the time has come."""
    waiting: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()

    def read() -> None:
        data = b"."
        while data:
            try:
                data = source.recv(_CHUNK)
            except OSError:
                data = b""
            if asks is not None and data and asks.is_set():
                asks.clear()
                with turns.get_lock():
                    turns.value += 1
            waiting.put((time.perf_counter() + delay, data))

    def write() -> None:
        while True:
            due, data = waiting.get()
            time.sleep(max(due - time.perf_counter(), 0))
            with contextlib.suppress(OSError):
                if not data:
                    target.shutdown(socket.SHUT_WR)
                    return
                if answers is not None:
                    answers.set()
                target.sendall(data)

    for work in (read, write):
        threading.Thread(target=work, daemon=True).start()
