"""A Windows printer queue, fed RAW (the spooler's own library, ``winspool``).

One ``write`` is one spool job. "Completed" means the bytes left the PC, not that a label
came out. A v4 (XPS) driver takes no RAW data and is asked with XPS_PASS instead
(the spooler API: OpenPrinter, StartDocPrinter, WritePrinter).
"""

from __future__ import annotations

from typing import Any

from desktop_app.core.i18n import N_, Message
from desktop_app.hardware.transports.failures import DeviceError, DriverMissing, unplugged
from desktop_app.hardware.transports.transport import Transport
from desktop_app.hardware.transports.winspool import SpoolerError, Winspool

_ERROR_INVALID_PRINTER_NAME = 1801
_ERROR_INVALID_DATATYPE = 1804
_CHUNK = 65536


def list_windows_printers() -> list[str]:
    """Names of the printers Windows knows; empty elsewhere or without its print service."""
    try:
        return _load().names()
    except (DeviceError, SpoolerError):
        return []


class WindowsSpoolerTransport(Transport):
    """``printer`` is the name Windows shows."""

    bidirectional = False

    def __init__(self, printer: str, *, title: str = "Stockproof") -> None:
        self.printer = printer
        self.address = printer
        self.title = title
        self.last_job = 0
        """The spooler's number of the last job."""
        self._spooler: Winspool | None = None
        self._handle: Any = None

    def open(self) -> None:
        self.close()
        self._spooler = _load()
        try:
            self._handle = self._spooler.open(self.printer)
        except SpoolerError as error:
            raise self._failed(error) from error

    def read(self, timeout_s: float) -> bytes:
        return b""

    def write(self, data: bytes) -> None:
        spooler = self._spooler
        if spooler is None or self._handle is None:
            raise unplugged(self.address)
        sent = 0
        try:
            self.last_job = self._start(spooler)
            spooler.start_page(self._handle)
            while sent < len(data):
                taken = spooler.write(self._handle, data[sent : sent + _CHUNK])
                if not taken:
                    raise SpoolerError(0, "0")
                sent += taken
            spooler.end(self._handle)
        except SpoolerError as error:
            # A queue that waits for the whole job then prints nothing rather than half a label.
            spooler.abort(self._handle)
            raise self._failed(error, sent=sent) from error

    def close(self) -> None:
        if self._spooler is not None and self._handle is not None:
            self._spooler.close(self._handle)
        self._handle = None

    def _start(self, spooler: Winspool) -> int:
        try:
            return spooler.start(self._handle, self.title, "RAW")
        except SpoolerError as error:
            if error.number != _ERROR_INVALID_DATATYPE:
                raise
        return spooler.start(self._handle, self.title, "XPS_PASS")

    def _failed(self, error: SpoolerError, *, sent: int = 0) -> DeviceError:
        if error.number == _ERROR_INVALID_PRINTER_NAME:
            return unplugged(self.address)
        return DeviceError(
            N_("Windows did not print on {address}: {reason}"),
            next_step=Message(N_("Open the printer's queue in Windows: paused, offline, error?")),
            sent=sent,
            address=self.address,
            reason=error.words,
        )


def _load() -> Winspool:
    try:
        return Winspool()
    except (OSError, AttributeError) as error:
        raise DriverMissing(
            N_("This PC has no Windows print spooler."),
            next_step=Message(N_("Choose another connection: network, USB or a print queue.")),
        ) from error
