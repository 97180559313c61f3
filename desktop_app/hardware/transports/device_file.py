"""A device the kernel shows as a file (usblp, hidraw): opened non-blocking, found by identity."""

from __future__ import annotations

import contextlib
import os
import select
import sys
from abc import abstractmethod

from desktop_app.core.i18n import Message
from desktop_app.hardware.transports.failures import (
    DriverMissing,
    from_os_error,
    timed_out,
    unplugged,
)
from desktop_app.hardware.transports.owners import Claim, claim
from desktop_app.hardware.transports.transport import READ_SIZE, SEND_TIMEOUT_S, Transport

_CHUNK = 8192


class DeviceFileTransport(Transport):
    """The file is looked up at each ``open``: its number moves when a device is plugged in again.

    ``not_here`` and ``instead`` are told where the kernel has no such files (Windows).
    """

    not_here = ""
    instead = ""

    def __init__(
        self, identity: str, *, owner: str = "", send_timeout_s: float = SEND_TIMEOUT_S
    ) -> None:
        self.identity = identity
        self.address = identity
        self._owner = owner
        self._send_timeout_s = send_timeout_s
        self._fd: int | None = None
        self._claim: Claim | None = None

    @abstractmethod
    def find(self) -> str | None:
        """The device file now; None when it is not plugged in."""

    def plugged_in(self) -> bool | None:
        return None if sys.platform == "win32" else self.find() is not None

    def open(self) -> None:
        self.close()
        if sys.platform == "win32":
            raise DriverMissing(self.not_here, next_step=Message(self.instead))
        path = self.find()
        if path is None:
            raise unplugged(self.address)
        self.address = path
        self._claim = claim(path, self._owner)
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        except OSError as error:
            self.close()
            raise from_os_error(error, path) from error

    def read(self, timeout_s: float) -> bytes:
        fd = self.opened()
        try:
            ready, _, _ = select.select([fd], [], [], max(0.0, timeout_s))
            # usblp answers an empty read when the printer has nothing to say
            return os.read(fd, READ_SIZE) if ready else b""
        except BlockingIOError:
            return b""
        except OSError as error:
            raise from_os_error(error, self.address) from error

    def write(self, data: bytes) -> None:
        fd = self.opened()
        sent = 0
        while sent < len(data):
            try:
                _, ready, _ = select.select([], [fd], [], self._send_timeout_s)
                if not ready:
                    raise timed_out(self.address, sent=sent)
                sent += os.write(fd, data[sent : sent + _CHUNK])
            except BlockingIOError:
                continue
            except OSError as error:
                raise from_os_error(error, self.address, sent=sent) from error

    def close(self) -> None:
        if self._fd is not None:
            with contextlib.suppress(OSError):
                os.close(self._fd)
            self._fd = None
        if self._claim is not None:
            self._claim.release()
            self._claim = None

    def opened(self) -> int:
        """The open file. Raises Unplugged when it is not."""
        if self._fd is None:
            raise unplugged(self.address)
        return self._fd


def text_of(path: os.PathLike[str]) -> str:
    """What the kernel tells in a file below /sys; "" when it does not."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return ""
