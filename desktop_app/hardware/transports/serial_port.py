"""A serial line (RS-232, USB converter, Bluetooth SPP, CDC) by pyserial.

The device is looked up by identity at each ``open``, so it may come back as another port.
A dead handle is never reused: close, then open anew (pyserial issues 331 and 558).
"""

from __future__ import annotations

import contextlib
import time

import serial

try:
    from termios import error as _refused
except ImportError:  # Windows: pyserial itself raises

    class _refused(Exception):  # type: ignore[no-redef]  # noqa: N801, N818
        """Never raised."""


from desktop_app.core import clock
from desktop_app.hardware.transports.failures import (
    from_os_error,
    line_refused,
    timed_out,
    unplugged,
)
from desktop_app.hardware.transports.owners import Claim, claim
from desktop_app.hardware.transports.ports import PREFIX, find_port
from desktop_app.hardware.transports.serial_settings import SerialSettings
from desktop_app.hardware.transports.transport import READ_SIZE, SEND_TIMEOUT_S, Transport

_SLICE_S = 0.05
_CHUNK = 256


class SerialTransport(Transport):
    """``identity`` as in ``transports.ports``; a bare device name is taken as it is."""

    notices_power_off = False

    def __init__(
        self, identity: str, settings: SerialSettings | None = None, *, owner: str = ""
    ) -> None:
        self.identity = identity if identity.startswith(PREFIX) else PREFIX + identity
        self.settings = settings or SerialSettings()
        self.address = self.identity.removeprefix(PREFIX)
        self._owner = owner
        self._path = ""
        self._port: serial.Serial | None = None
        self._claim: Claim | None = None

    def plugged_in(self) -> bool | None:
        return find_port(self.identity) is not None

    def open(self) -> None:
        self.close()
        found = find_port(self.identity)
        if found is None:
            raise unplugged(self.address)
        self._path = self.address = found.device
        self._claim = claim(found.device, self._owner)
        given = self.settings
        try:
            self._port = serial.Serial(
                found.device,
                given.baudrate,
                given.bytesize,
                given.parity,
                given.stopbits,
                timeout=_SLICE_S,
                xonxoff=given.xonxoff,
                rtscts=given.rtscts,
                write_timeout=SEND_TIMEOUT_S,
                exclusive=True,
            )
        except _refused as error:  # not an OSError: the driver knows no such line
            self.close()
            raise line_refused(found.device, str(given)) from error
        except (OSError, ValueError) as error:
            self.close()
            if isinstance(error, OSError):
                raise from_os_error(error, found.device, path=found.device) from error
            raise unplugged(found.device) from error

    def read(self, timeout_s: float) -> bytes:
        port = self._opened()
        end = clock.monotonic() + timeout_s
        try:
            while True:
                data = bytes(port.read(min(max(1, port.in_waiting), READ_SIZE)))
                if data:
                    waiting = min(port.in_waiting, READ_SIZE - len(data))
                    return data + bytes(port.read(waiting)) if waiting else data
                if clock.monotonic() >= end:
                    return b""
        except (OSError, TypeError) as error:
            # TypeError: pyserial after another thread closed the handle
            raise self._lost(error) from error

    def write(self, data: bytes) -> None:
        port = self._opened()
        sent = 0
        try:
            while sent < len(data):
                port.write(data[sent : sent + _CHUNK])
                sent += len(data[sent : sent + _CHUNK])
            self._drain(port)
        except serial.SerialTimeoutException as error:
            raise timed_out(self.address, sent=max(1, sent)) from error
        except (OSError, TypeError) as error:
            raise self._lost(error, sent=max(1, sent)) from error

    def close(self) -> None:
        if self._port is not None:
            with contextlib.suppress(OSError, TypeError):
                self._port.close()
            self._port = None
        if self._claim is not None:
            self._claim.release()
            self._claim = None

    def _drain(self, port: serial.Serial) -> None:
        """Wait until the operating system passed the bytes on; the limit counts from the last
        progress, as a slow line takes its time.

        Not ``flush``: tcdrain has no time limit and hangs on a stopped line.
        """
        left, end = port.out_waiting, clock.monotonic() + SEND_TIMEOUT_S
        while left:
            time.sleep(0.005)
            now_left = port.out_waiting
            if now_left < left:
                left, end = now_left, clock.monotonic() + SEND_TIMEOUT_S
            elif clock.monotonic() >= end:
                raise serial.SerialTimeoutException("line stopped")

    def _opened(self) -> serial.Serial:
        if self._port is None:
            raise unplugged(self.address)
        return self._port

    def _lost(self, error: Exception, *, sent: int = 0) -> Exception:
        if isinstance(error, OSError):
            return from_os_error(error, self.address, path=self._path, sent=sent)
        return unplugged(self.address, sent=sent)
