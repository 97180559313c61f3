"""A USB printer by the kernel's usblp driver: /dev/usb/lp0 and so on (Linux).

Opened non-blocking, so a printer without paper cannot hang the program; the same file is
read for status. The number moves after each replug, so a printer is known by the serial
number of its USB device.
"""

from __future__ import annotations

import contextlib
import os
import select
import sys
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core.i18n import N_, Message
from desktop_app.hardware.transports.failures import (
    DriverMissing,
    from_os_error,
    timed_out,
    unplugged,
)
from desktop_app.hardware.transports.owners import Claim, claim
from desktop_app.hardware.transports.transport import READ_SIZE, SEND_TIMEOUT_S, Transport

PREFIX = "usblp:"
DEVICES = Path("/dev/usb")
SYSTEM = Path("/sys/class/usbmisc")
_LPGETSTATUS = 0x060B
_PAPER_OUT, _SELECTED, _NO_ERROR = 0x20, 0x10, 0x08


@dataclass(frozen=True)
class UsbPrinter:
    """One printer plugged in now. ``languages`` is what it says it understands."""

    device: str
    identity: str
    title: str
    languages: str = ""


@dataclass(frozen=True)
class PortStatus:
    """The three lines every USB printer reports to the kernel, whatever its language."""

    paper_out: bool
    selected: bool
    error: bool


def list_usb_printers(devices: Path = DEVICES, system: Path = SYSTEM) -> list[UsbPrinter]:
    """All USB printers of this PC now."""
    if not devices.is_dir():
        return []
    return [_described(node, system / node.name) for node in sorted(devices.glob("lp*"))]


def find_usb_printer(
    identity: str, devices: Path = DEVICES, system: Path = SYSTEM
) -> UsbPrinter | None:
    """Where the printer of that identity is now; None when it is not plugged in."""
    for printer in list_usb_printers(devices, system):
        if identity in (printer.identity, PREFIX + printer.device, printer.device):
            return printer
    return None


class UsbPrinterTransport(Transport):
    """``identity`` as in :func:`list_usb_printers`, or a device path."""

    def __init__(
        self,
        identity: str,
        *,
        owner: str = "",
        send_timeout_s: float = SEND_TIMEOUT_S,
        devices: Path = DEVICES,
        system: Path = SYSTEM,
    ) -> None:
        self.identity = identity
        self.address = identity.removeprefix(PREFIX)
        self._owner = owner
        self._send_timeout_s = send_timeout_s
        self._folders = (devices, system)
        self._fd: int | None = None
        self._claim: Claim | None = None

    def open(self) -> None:
        self.close()
        if sys.platform == "win32":
            raise DriverMissing(
                N_("Direct USB printing works on Linux only."),
                next_step=Message(N_("On Windows add the printer by its Windows queue.")),
            )
        found = find_usb_printer(self.identity, *self._folders)
        if found is None:
            raise unplugged(self.address)
        self.address = found.device
        self._claim = claim(found.device, self._owner)
        try:
            self._fd = os.open(found.device, os.O_RDWR | os.O_NONBLOCK)
        except OSError as error:
            self.close()
            raise from_os_error(error, found.device) from error

    def read(self, timeout_s: float) -> bytes:
        fd = self._opened()
        try:
            ready, _, _ = select.select([fd], [], [], max(0.0, timeout_s))
            # usblp answers an empty read when the printer has nothing to say
            return os.read(fd, READ_SIZE) if ready else b""
        except BlockingIOError:
            return b""
        except OSError as error:
            raise from_os_error(error, self.address) from error

    def write(self, data: bytes) -> None:
        fd = self._opened()
        sent = 0
        while sent < len(data):
            try:
                _, ready, _ = select.select([], [fd], [], self._send_timeout_s)
                if not ready:
                    raise timed_out(self.address, sent=sent)
                sent += os.write(fd, data[sent : sent + 8192])
            except BlockingIOError:
                continue
            except OSError as error:
                raise from_os_error(error, self.address, sent=sent) from error

    def port_status(self) -> PortStatus | None:
        """What the kernel knows without asking in the printer's language; None if it cannot."""
        import fcntl

        answer = bytearray(4)
        try:
            fcntl.ioctl(self._opened(), _LPGETSTATUS, answer)
        except OSError:
            return None
        bits = answer[0]
        return PortStatus(bool(bits & _PAPER_OUT), bool(bits & _SELECTED), not bits & _NO_ERROR)

    def close(self) -> None:
        if self._fd is not None:
            with contextlib.suppress(OSError):
                os.close(self._fd)
            self._fd = None
        if self._claim is not None:
            self._claim.release()
            self._claim = None

    def _opened(self) -> int:
        if self._fd is None:
            raise unplugged(self.address)
        return self._fd


def _described(node: Path, entry: Path) -> UsbPrinter:
    told = _device_id(_text(entry / "device" / "ieee1284_id"))
    maker = told.get("MFG") or told.get("MANUFACTURER", "")
    model = told.get("MDL") or told.get("MODEL", "")
    # device -> the printer interface; its parent is the USB device with the serial number
    serial = _text(entry / "device" / ".." / "serial") or told.get("SN") or told.get("SERN", "")
    name = " ".join(part for part in (maker, model) if part)
    identity = PREFIX + (f"{maker}:{model}:{serial}" if name or serial else str(node))
    languages = told.get("CMD") or told.get("COMMAND SET", "")
    return UsbPrinter(str(node), identity, name or node.name, languages)


def _device_id(text: str) -> dict[str, str]:
    """IEEE 1284 device id: "MFG:TSC;MDL:TTP-244;CMD:TSPL;"."""
    parts = (part.partition(":") for part in text.split(";"))
    return {key.strip().upper(): value.strip() for key, _, value in parts if value.strip()}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
