"""A byte log played back as if the device sent it again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from desktop_app.core import clock
from desktop_app.hardware.byte_log import Direction, Record, read_log
from desktop_app.hardware.transports.failures import unplugged
from desktop_app.hardware.transports.transport import Transport


class ReplayTransport(Transport):
    """Gives back the received pieces of ``records`` at their pace times ``speed``.

    What is written to it is dropped. At the end it stays silent, or begins again (``loop``).
    """

    def __init__(
        self,
        records: Sequence[Record],
        *,
        speed: float = 1.0,
        loop: bool = False,
        address: str = "replay",
        now: Callable[[], float] = clock.monotonic,
    ) -> None:
        if speed <= 0:
            raise ValueError("a replay runs forward")
        self.address = address
        self._pieces = [r for r in records if r.direction is Direction.RECEIVED]
        self._speed, self._loop, self._now = speed, loop, now
        self._next = 0
        self._begun: float | None = None
        self._waiting = threading.Event()

    @staticmethod
    def of_file(path: Path, *, speed: float = 1.0, loop: bool = False) -> ReplayTransport:
        """The replay of a log or of a file saved for support. Raises OSError."""
        return ReplayTransport(read_log(path), speed=speed, loop=loop, address=path.name)

    @property
    def finished(self) -> bool:
        """True when everything was given back."""
        return self._next >= len(self._pieces)

    def open(self) -> None:
        self._begun, self._next = self._now(), 0

    def read(self, timeout_s: float) -> bytes:
        if self._begun is None:
            raise unplugged(self.address)
        if self.finished and self._loop and self._pieces:
            self._begun, self._next = self._now(), 0
        if self.finished:
            self._waiting.wait(timeout_s)
            return b""
        piece = self._pieces[self._next]
        due = self._begun + (piece.at - self._pieces[0].at) / self._speed
        left = due - self._now()
        if left > timeout_s:
            self._waiting.wait(timeout_s)
            return b""
        self._waiting.wait(max(0.0, left))
        self._next += 1
        return piece.data

    def write(self, data: bytes) -> None:
        if self._begun is None:
            raise unplugged(self.address)

    def close(self) -> None:
        self._begun = None
