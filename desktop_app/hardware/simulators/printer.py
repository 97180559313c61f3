"""A label printer made of code: takes the bytes of every language and shows its labels.

It runs out of paper, can be opened, paused or struck dead in the middle of a label, prints as
slowly as told, and answers about its state as the real ones do, or not at all. In memory it is
a :class:`Transport`-shaped pair of ``receive`` and ``replies``; ``printer_server`` puts it on a
loopback port.
"""

from __future__ import annotations

from collections import deque
from threading import RLock

from desktop_app.core import clock
from desktop_app.core.registry import Registry
from desktop_app.domain.label_bitmap import Bitmap
from desktop_app.hardware.simulators.printing.cpcl import CpclPrinter
from desktop_app.hardware.simulators.printing.epl import EplPrinter
from desktop_app.hardware.simulators.printing.escpos import EscPosPrinter
from desktop_app.hardware.simulators.printing.interpreter import Facts, Interpreter
from desktop_app.hardware.simulators.printing.paper import Asked, Event, Printed, Reset
from desktop_app.hardware.simulators.printing.tspl import TsplPrinter
from desktop_app.hardware.simulators.printing.zpl import ZplPrinter

MOST_BUFFERED = 8_000_000
LABELS_KEPT = 500
"""Pictures kept for looking at; ``printed_count`` goes on counting."""

_INTERPRETERS: Registry[type[Interpreter]] = Registry(
    (TsplPrinter, ZplPrinter, EplPrinter, CpclPrinter, EscPosPrinter), key=lambda kind: kind.id
)


class PrinterDied(ConnectionError):
    """The simulated printer was struck dead in the middle of what was sent."""


class SimulatedPrinter:
    """One printer; every method may be called from any thread.

    ``seconds_per_label`` 0 prints at once. ``paper_left`` counts labels on the roll, None is
    endless. ``die_after`` bytes it stops taking any (:class:`PrinterDied`) until :meth:`revive`.
    """

    def __init__(
        self,
        language: str = "tspl",
        *,
        dpi: int = 203,
        paper_left: int | None = None,
        seconds_per_label: float = 0.0,
        status_layout: str = "",
    ) -> None:
        self.language = language
        self.dpi = dpi
        self.paper_left = paper_left
        self.seconds_per_label = seconds_per_label
        self.status_layout = status_layout
        self.ribbon_out = False
        self.head_open = False
        self.paused = False
        self.fault = False
        self.silent = False
        self.silent_when_stopped = _INTERPRETERS[language].quiet_when_stopped
        self.die_after: int | None = None
        self.labels: deque[Bitmap] = deque(maxlen=LABELS_KEPT)
        self.printed_count = 0
        self.received_count = 0
        self._interpreter = _INTERPRETERS[language](dpi)
        self._buffer = bytearray()
        self._waiting: deque[Bitmap] = deque()
        self._replies = bytearray()
        self._due = 0.0
        self._lock = RLock()

    def receive(self, data: bytes) -> None:
        """Take what was sent. Raises PrinterDied after ``die_after`` bytes."""
        with self._lock:
            if self.die_after is not None:
                data, lost = data[: self.die_after], data[self.die_after :]
                self.die_after -= len(data)
                if lost or self.die_after == 0:
                    self._buffer.clear()
                    raise PrinterDied
            self.received_count += len(data)
            self._buffer += data
            if len(self._buffer) > MOST_BUFFERED:
                del self._buffer[:-MOST_BUFFERED]
            while (event := self._interpreter.take(self._buffer)) is not None:
                self._carry_out(event)

    def replies(self) -> bytes:
        """What it answered since the last call."""
        with self._lock:
            found = bytes(self._replies)
            self._replies.clear()
            return found

    def end_of_job(self) -> None:
        """The sender closed: a strip without an end is a label now."""
        with self._lock:
            event = self._interpreter.finish()
            if event is not None:
                self._carry_out(event)
            self._work()

    def load_paper(self, labels: int | None) -> None:
        """Put in a new roll; printing goes on."""
        with self._lock:
            self.paper_left = labels
            self._work()

    def set_state(
        self,
        *,
        head_open: bool | None = None,
        paused: bool | None = None,
        ribbon_out: bool | None = None,
        fault: bool | None = None,
    ) -> None:
        """Open or close it, pause it, take its ribbon, break it; None leaves as it is."""
        with self._lock:
            self._work()
            self.head_open = self.head_open if head_open is None else head_open
            self.paused = self.paused if paused is None else paused
            self.ribbon_out = self.ribbon_out if ribbon_out is None else ribbon_out
            self.fault = self.fault if fault is None else fault
            self._work()

    def revive(self) -> None:
        """Switch it off and on: what was waiting is gone."""
        with self._lock:
            self.die_after = None
            self._buffer.clear()
            self._waiting.clear()
            self._interpreter = _INTERPRETERS[self.language](self.dpi)

    @property
    def waiting_count(self) -> int:
        """Labels received and not yet printed."""
        with self._lock:
            self._work()
            return len(self._waiting)

    @property
    def stopped(self) -> bool:
        """Whether something keeps it from printing."""
        return self.paper_left == 0 or any(
            (self.head_open, self.paused, self.ribbon_out, self.fault)
        )

    def _carry_out(self, event: Event) -> None:
        if isinstance(event, Printed):
            if not self._waiting:
                self._due = clock.monotonic() + self.seconds_per_label
            self._waiting.extend([event.bitmap] * event.copies)
        elif isinstance(event, Reset):
            self._waiting.clear()
        elif isinstance(event, Asked):
            self._work()
            quiet = self.silent_when_stopped and (
                self.paper_left == 0 or self.head_open or self.ribbon_out
            )
            if not (self.silent or quiet):
                self._replies += self._interpreter.answer(event.query, self._facts())
        self._work()

    def _facts(self) -> Facts:
        return Facts(
            paper_out=self.paper_left == 0,
            ribbon_out=self.ribbon_out,
            head_open=self.head_open,
            paused=self.paused,
            fault=self.fault,
            waiting=len(self._waiting),
            layout=self.status_layout,
        )

    def _work(self) -> None:
        """Print what is due by now."""
        now = clock.monotonic()
        if self.stopped:
            self._due = now + self.seconds_per_label
            return
        while self._waiting and not self.stopped:
            if self.seconds_per_label:
                if self._due > now:
                    return
                self._due += self.seconds_per_label
            self.labels.append(self._waiting.popleft())
            self.printed_count += 1
            if self.paper_left is not None:
                self.paper_left -= 1
