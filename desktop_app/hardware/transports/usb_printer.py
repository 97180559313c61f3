"""A USB printer by the kernel's usblp driver: /dev/usb/lp0 and so on (Linux).

Opened non-blocking, so a printer without paper cannot hang the program; the same file is
read for status. The number moves after each replug, so a printer is known by the serial
number of its USB device.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop_app.core.i18n import N_
from desktop_app.hardware.transports.device_file import DeviceFileTransport, text_of
from desktop_app.hardware.transports.transport import SEND_TIMEOUT_S

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


class UsbPrinterTransport(DeviceFileTransport):
    """``identity`` as in :func:`list_usb_printers`, or a device path."""

    not_here = N_("Direct USB printing works on Linux only.")
    instead = N_("On Windows add the printer by its Windows queue.")

    def __init__(
        self,
        identity: str,
        *,
        owner: str = "",
        send_timeout_s: float = SEND_TIMEOUT_S,
        devices: Path = DEVICES,
        system: Path = SYSTEM,
    ) -> None:
        super().__init__(identity, owner=owner, send_timeout_s=send_timeout_s)
        self.address = identity.removeprefix(PREFIX)
        self._folders = (devices, system)

    def find(self) -> str | None:
        found = find_usb_printer(self.identity, *self._folders)
        return None if found is None else found.device

    def port_status(self) -> PortStatus | None:
        """What the kernel knows without asking in the printer's language; None if it cannot."""
        import fcntl

        answer = bytearray(4)
        try:
            fcntl.ioctl(self.opened(), _LPGETSTATUS, answer)
        except OSError:
            return None
        bits = answer[0]
        return PortStatus(bool(bits & _PAPER_OUT), bool(bits & _SELECTED), not bits & _NO_ERROR)


def _described(node: Path, entry: Path) -> UsbPrinter:
    told = _device_id(text_of(entry / "device" / "ieee1284_id"))
    maker = told.get("MFG") or told.get("MANUFACTURER", "")
    model = told.get("MDL") or told.get("MODEL", "")
    # device -> the printer interface; its parent is the USB device with the serial number
    serial = text_of(entry / "device" / ".." / "serial") or told.get("SN") or told.get("SERN", "")
    name = " ".join(part for part in (maker, model) if part)
    identity = PREFIX + (f"{maker}:{model}:{serial}" if name or serial else str(node))
    languages = told.get("CMD") or told.get("COMMAND SET", "")
    return UsbPrinter(str(node), identity, name or node.name, languages)


def _device_id(text: str) -> dict[str, str]:
    """IEEE 1284 device id: "MFG:TSC;MDL:TTP-244;CMD:TSPL;"."""
    parts = (part.partition(":") for part in text.split(";"))
    return {key.strip().upper(): value.strip() for key, _, value in parts if value.strip()}
