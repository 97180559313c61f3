"""A transport that keeps what goes over it in a byte log."""

from __future__ import annotations

from desktop_app.hardware.byte_log import ByteLog, Direction
from desktop_app.hardware.transports.failures import DeviceError
from desktop_app.hardware.transports.transport import Transport


class LoggedTransport(Transport):
    """Passes everything on to ``inner``; a failure stands in the log as a remark."""

    def __init__(self, inner: Transport, byte_log: ByteLog) -> None:
        self._inner, self._log = inner, byte_log
        self.address = inner.address
        self.bidirectional = inner.bidirectional
        self.notices_power_off = inner.notices_power_off

    def open(self) -> None:
        try:
            self._inner.open()
        except DeviceError as error:
            self._log.note(f"broken: {error}")
            raise

    def read(self, timeout_s: float) -> bytes:
        data = self._inner.read(timeout_s)
        if data:
            self._log.add(Direction.RECEIVED, data)
        return data

    def write(self, data: bytes) -> None:
        self._log.add(Direction.SENT, data)
        try:
            self._inner.write(data)
        except DeviceError as error:
            self._log.note(f"broken after {error.sent} bytes: {error}")
            raise

    def finish(self) -> None:
        self._inner.finish()

    def close(self) -> None:
        self._inner.close()
