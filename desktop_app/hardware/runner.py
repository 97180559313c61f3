"""One thread per device: connect, read, poll, reconnect for ever, tell how it goes.

What the bytes mean is the business of a Conversation (a scale, a scanner); the runner
knows only when to connect, and which lamp to show. Listeners are called from the
device's thread and must hand over quickly.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from desktop_app.core import clock
from desktop_app.core.i18n import N_, Message
from desktop_app.core.logging import get_logger
from desktop_app.hardware.byte_log import ByteLog, Direction
from desktop_app.hardware.lamp import CONNECTING, OFF, Colour, Lamp
from desktop_app.hardware.transports.failures import DeviceError
from desktop_app.hardware.transports.transport import Transport

RECONNECT_S = (0.5, 1.0, 2.0, 5.0)
"""Pauses between attempts; the last one repeats for ever."""

LOOK_S = 1.0
"""How often it is looked whether a device that is not plugged in came back."""

TICK_S = 0.1
STOP_WAIT_S = 15.0
"""As long as a write to a device that takes nothing may last, and a little more."""

_log = get_logger("hardware.runner")


class Conversation(Protocol):
    """What is said to a device and what its bytes mean; called from its thread only.

    ``now`` is monotonic seconds.
    """

    def opened(self, now: float) -> None:
        """The line is there (again): forget half frames."""

    def received(self, data: bytes, now: float) -> None:
        """Bytes came."""

    def closed(self, now: float) -> None:
        """The line is gone: nobody waits for an answer any more."""

    def due(self, now: float) -> bytes:
        """What must be sent now, b"" for nothing; time-outs are noticed here too."""

    def lamp(self, now: float) -> Lamp:
        """How it looks while the line is open."""


class DeviceRunner:
    """Runs one device until :meth:`stop`. ``name`` is shown to people.

    ``make_transport`` gives a transport that looks the device up by identity when opened, so
    that it is found again wherever it is plugged in. ``now`` and ``reconnect_s`` are for tests.
    """

    def __init__(
        self,
        name: str,
        make_transport: Callable[[], Transport],
        conversation: Conversation,
        *,
        byte_log: ByteLog | None = None,
        now: Callable[[], float] = clock.monotonic,
        reconnect_s: Sequence[float] = RECONNECT_S,
        tick_s: float = TICK_S,
    ) -> None:
        self.name = name
        self._make_transport = make_transport
        self._conversation = conversation
        self._byte_log = byte_log
        self._now = now
        self._reconnect_s = tuple(reconnect_s)
        self._tick_s = tick_s
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._lamp = OFF
        self._listeners: list[Callable[[Lamp], None]] = []
        self._failures = 0
        self._transport: Transport | None = None

    @property
    def lamp(self) -> Lamp:
        """The lamp now; safe from any thread."""
        return self._lamp

    @property
    def running(self) -> bool:
        """True between start and stop."""
        return self._thread is not None and self._thread.is_alive()

    def on_lamp(self, listener: Callable[[Lamp], None]) -> Callable[[], None]:
        """Call ``listener`` on each change; returns how to end that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def start(self) -> None:
        """Begin; does nothing when it runs already."""
        if self.running:
            return
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name=f"device {self.name}", daemon=True)
        self._thread.start()

    def stop(self, *, wait: bool = True) -> None:
        """End and wait for the thread, which may take as long as a write may (not on the GUI
        thread). Without ``wait``, and from the device's own thread, it only asks to end.
        """
        self._stop.set()
        if wait:
            self.wait(STOP_WAIT_S)

    def wait(self, seconds: float) -> bool:
        """After :meth:`stop`: True when the thread has ended and let go of the device."""
        thread = self._thread
        if thread is None or thread is threading.current_thread():
            return thread is None
        thread.join(max(0.0, seconds))
        if thread.is_alive():
            return False
        self._thread = None
        return True

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._show(CONNECTING if self._failures == 0 else self._lamp)
                try:
                    self._serve()
                except DeviceError as error:
                    self._failed(error)
                except Exception as error:
                    _log.exception("%s: unexpected failure", self.name)
                    self._failed(
                        DeviceError(
                            N_("{address} failed: {reason}"), address=self.name, reason=str(error)
                        )
                    )
        finally:
            self._show(OFF)
            if self._byte_log is not None:
                self._byte_log.close()

    def _serve(self) -> None:
        transport = self._transport = self._make_transport()
        try:
            transport.open()
            self._note(f"open {transport.address}")
            self._conversation.opened(self._now())
            while not self._stop.is_set():
                self._turn(transport)
        finally:
            transport.close()
            self._conversation.closed(self._now())

    def _turn(self, transport: Transport) -> None:
        request = self._conversation.due(self._now())
        if request:
            self._record(Direction.SENT, request)
            transport.write(request)
        data = transport.read(self._tick_s)
        if data:
            self._failures = 0
            self._record(Direction.RECEIVED, data)
            self._conversation.received(data, self._now())
        self._show(self._conversation.lamp(self._now()))

    def _failed(self, error: DeviceError) -> None:
        pause = self._reconnect_s[min(self._failures, len(self._reconnect_s) - 1)]
        self._failures += 1
        self._note(f"broken: {error}")
        _log.info("%s: %s; next attempt in %s s", self.name, error, pause)
        if not self._stop.is_set():
            step = error.next_step or Message(_BY_ITSELF)
            self._show(Lamp(Colour.RED, error.message, step, error.setup))
        self._rest(pause)

    def _rest(self, pause: float) -> None:
        """Wait before the next attempt; a device that is plugged in again ends it."""
        transport = self._transport
        gone = transport is not None and transport.plugged_in() is False
        while pause > 0 and not self._stop.wait(min(pause, LOOK_S) if gone else pause):
            pause -= LOOK_S if gone else pause
            if gone and transport is not None and transport.plugged_in():
                return

    def _show(self, lamp: Lamp) -> None:
        if lamp == self._lamp:
            return
        self._lamp = lamp
        for listener in tuple(self._listeners):
            try:
                listener(lamp)
            except Exception:
                _log.exception("%s: a listener failed", self.name)

    def _record(self, direction: Direction, data: bytes) -> None:
        if self._byte_log is not None:
            self._byte_log.add(direction, data)

    def _note(self, text: str) -> None:
        if self._byte_log is not None:
            self._byte_log.note(text)


_BY_ITSELF = N_("It is tried again by itself.")
