"""A Windows printer queue, fed RAW by pywin32 (loaded only when used).

One ``write`` is one spool job. "Completed" means the bytes left the PC, not that a label
came out. A v4 (XPS) driver takes no RAW data and is asked with XPS_PASS instead
(the spooler API: OpenPrinter, StartDocPrinter, WritePrinter).
"""

from __future__ import annotations

import contextlib
import importlib
from typing import Any

from desktop_app.core.i18n import N_, Message
from desktop_app.hardware.transports.failures import DeviceError, DriverMissing, unplugged
from desktop_app.hardware.transports.transport import Transport

_LOCAL, _CONNECTED = 2, 4  # PRINTER_ENUM_LOCAL, PRINTER_ENUM_CONNECTIONS
_ERROR_INVALID_PRINTER_NAME = 1801
_ERROR_INVALID_DATATYPE = 1804
_CHUNK = 65536


def list_windows_printers() -> list[str]:
    """Names of the printers Windows knows; empty elsewhere or without pywin32."""
    try:
        spooler = _load()
        return [entry[2] for entry in spooler.EnumPrinters(_LOCAL | _CONNECTED)]
    except (DeviceError, OSError):
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
        self._spooler: Any = None
        self._handle: Any = None

    def open(self) -> None:
        self.close()
        self._spooler = _load()
        try:
            self._handle = self._spooler.OpenPrinter(self.printer)
        except self._spooler.error as error:
            raise self._failed(error) from error

    def read(self, timeout_s: float) -> bytes:
        return b""

    def write(self, data: bytes) -> None:
        if self._handle is None:
            raise unplugged(self.address)
        sent = 0
        try:
            self.last_job = self._start()
            try:
                self._spooler.StartPagePrinter(self._handle)
                while sent < len(data):
                    taken = self._spooler.WritePrinter(self._handle, data[sent : sent + _CHUNK])
                    sent += int(taken)
                    if not taken:
                        raise self._failed(None, sent=sent)
                self._spooler.EndPagePrinter(self._handle)
            finally:
                self._spooler.EndDocPrinter(self._handle)
        except self._spooler.error as error:
            raise self._failed(error, sent=sent) from error

    def close(self) -> None:
        if self._handle is not None:
            with contextlib.suppress(Exception):
                self._spooler.ClosePrinter(self._handle)
            self._handle = None

    def _start(self) -> int:
        try:
            return int(self._spooler.StartDocPrinter(self._handle, 1, (self.title, None, "RAW")))
        except self._spooler.error as error:
            if _number(error) != _ERROR_INVALID_DATATYPE:
                raise
        job = (self.title, None, "XPS_PASS")
        return int(self._spooler.StartDocPrinter(self._handle, 1, job))

    def _failed(self, error: Exception | None, *, sent: int = 0) -> DeviceError:
        if error is not None and _number(error) == _ERROR_INVALID_PRINTER_NAME:
            return unplugged(self.address)
        reason = str(error.args[-1]) if error is not None and error.args else "0"
        return DeviceError(
            N_("Windows did not print on {address}: {reason}"),
            next_step=Message(N_("Open the printer's queue in Windows: paused, offline, error?")),
            sent=sent,
            address=self.address,
            reason=reason,
        )


def _load() -> Any:
    try:
        return importlib.import_module("win32print")
    except ImportError as error:
        raise DriverMissing(
            N_("The Windows printing package pywin32 is not installed."),
            next_step=Message(N_("Install the Windows edition of the program, which contains it.")),
        ) from error


def _number(error: Exception) -> int:
    first = error.args[0] if error.args else 0
    return first if isinstance(first, int) else 0
