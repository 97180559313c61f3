"""The device's end of a cable: in memory, on a loopback socket, or a pseudo terminal.

``Simulation`` runs a simulated device behind one of them in its own thread. Sockets are bound
to 127.0.0.1 only.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import sys
import threading
from collections.abc import Callable
from typing import Protocol

from desktop_app.core import clock
from desktop_app.core.logging import get_logger
from desktop_app.hardware.transports.failures import DeviceError
from desktop_app.hardware.transports.memory import MemoryCable
from desktop_app.hardware.transports.transport import READ_SIZE

LOOPBACK = "127.0.0.1"
_log = get_logger("hardware.simulator")


class Link(Protocol):
    """How a simulated device reads and writes. Neither call blocks longer than told."""

    def read(self, timeout_s: float) -> bytes:
        """What the program sent; b"" for nothing."""

    def write(self, data: bytes) -> None:
        """Send to the program; what nobody reads is lost."""

    def close(self) -> None:
        """Unplug for good."""


class MemoryLink:
    """The device's end of a MemoryCable; while it is unplugged everything is lost."""

    def __init__(self, cable: MemoryCable) -> None:
        self._cable = cable

    def read(self, timeout_s: float) -> bytes:
        try:
            return self._cable.device.read(timeout_s)
        except DeviceError:
            threading.Event().wait(timeout_s)
            return b""

    def write(self, data: bytes) -> None:
        with contextlib.suppress(DeviceError):
            self._cable.device.write(data)

    def close(self) -> None:
        self._cable.unplug()


class TcpLink:
    """A listening socket on loopback that serves one program at a time, as cheap boards do."""

    def __init__(self, port: int = 0) -> None:
        self._listener = socket.create_server((LOOPBACK, port))
        self._listener.setblocking(False)
        self._peer: socket.socket | None = None
        self.host = LOOPBACK
        self.port: int = self._listener.getsockname()[1]

    def read(self, timeout_s: float) -> bytes:
        peer = self._peer
        ready, _, _ = select.select([peer or self._listener], [], [], timeout_s)
        if not ready:
            return b""
        if peer is None:
            self._peer, _ = self._listener.accept()
            self._peer.setblocking(False)
            return b""
        try:
            data = peer.recv(READ_SIZE)
        except OSError:
            data = b""
        if not data:
            self._let_go()
        return data

    def write(self, data: bytes) -> None:
        if self._peer is None:
            return
        try:
            self._peer.sendall(data)
        except OSError:
            self._let_go()

    def hang_up(self) -> None:
        """Break the connection, from any thread; the program may connect again."""
        peer = self._peer
        if peer is not None:
            with contextlib.suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)  # the reading thread wakes up and closes it

    def close(self) -> None:
        self._let_go()
        self._listener.close()

    def _let_go(self) -> None:
        if self._peer is not None:
            self._peer.close()
            self._peer = None


class PtyLink:
    """A pseudo terminal: the program opens ``path`` as a serial port (not on Windows).

    Real serial settings are applied to it by pyserial; speed does not slow it down.
    """

    def __init__(self) -> None:
        if sys.platform == "win32":
            raise OSError("Windows has no pseudo terminals for serial ports")
        import pty
        import tty

        self._fd, self._far = pty.openpty()
        tty.setraw(self._far)
        os.set_blocking(self._fd, False)
        self.path = os.ttyname(self._far)
        self.lost = 0
        """Bytes nobody took in time."""

    def read(self, timeout_s: float) -> bytes:
        ready, _, _ = select.select([self._fd], [], [], timeout_s)
        if not ready:
            return b""
        with contextlib.suppress(OSError):
            return os.read(self._fd, READ_SIZE)
        return b""

    def write(self, data: bytes) -> None:
        sent = 0
        with contextlib.suppress(OSError):
            sent = os.write(self._fd, data)
        self.lost += len(data) - sent

    def close(self) -> None:
        for fd in (self._fd, self._far):
            with contextlib.suppress(OSError):
                os.close(fd)


class SimulatedDevice(Protocol):
    """What a Simulation runs."""

    def frame(self, now: float) -> bytes:
        """What it sends by itself now."""

    def answer(self, data: bytes, now: float) -> bytes:
        """Its reply to ``data``."""


class Simulation:
    """A simulated device on a link, in a thread, until :meth:`stop`.

    ``per_second`` frames are sent by themselves; 0: it only answers.
    """

    def __init__(
        self,
        device: SimulatedDevice,
        link: Link,
        *,
        per_second: float = 10,
        now: Callable[[], float] = clock.monotonic,
    ) -> None:
        self._device, self._link, self._now = device, link, now
        self._pause_s = 1 / per_second if per_second else None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulated device", daemon=True)
        self.sent_frames = 0

    def start(self) -> Simulation:
        """Begin; returns itself."""
        self._thread.start()
        return self

    def fall_silent(self) -> None:
        """Send no more and wait for the thread; the link stays plugged in."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(5)

    def stop(self) -> None:
        """End, wait for the thread and unplug the link."""
        self.fall_silent()
        self._link.close()

    def __enter__(self) -> Simulation:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            due = self._now()
            while not self._stop.is_set():
                wait = 0.1 if self._pause_s is None else max(0.0, min(0.1, due - self._now()))
                asked = self._link.read(wait)
                if asked:
                    self._link.write(self._device.answer(asked, self._now()))
                if self._pause_s is not None and self._now() >= due:
                    due = max(due + self._pause_s, self._now() - 1)
                    self._send(self._device.frame(self._now()))
        except Exception:
            _log.exception("the simulated device broke down")

    def _send(self, frame: bytes) -> None:
        if frame:
            self.sent_frames += 1
            self._link.write(frame)
