"""USB HID scales, and scanners in HID-POS mode, by the kernel's hidraw files (Linux).

Only devices whose report descriptor has the usage page of weighing devices (8D) or of bar code
scanners (8C) are listed. Identity is "hid:VID:PID:SERIAL". A read gives whole reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop_app.core.i18n import N_
from desktop_app.hardware.transports.device_file import DeviceFileTransport, text_of

PREFIX = "hid:"
DEVICES = Path("/dev")
SYSTEM = Path("/sys/class/hidraw")
_WEIGHING_PAGE = b"\x05\x8d"
_SCANNER_PAGE = b"\x05\x8c"


@dataclass(frozen=True)
class HidScale:
    """One scale or scanner plugged in now."""

    device: str
    identity: str
    title: str


def list_hid_scales(devices: Path = DEVICES, system: Path = SYSTEM) -> list[HidScale]:
    """All USB HID scales of this PC now."""
    return _listed(_WEIGHING_PAGE, devices, system)


def list_hid_scanners(devices: Path = DEVICES, system: Path = SYSTEM) -> list[HidScale]:
    """All scanners in HID-POS mode of this PC now."""
    return _listed(_SCANNER_PAGE, devices, system)


def _listed(page: bytes, devices: Path, system: Path) -> list[HidScale]:
    if not system.is_dir():
        return []
    found = (_described(entry, devices, page) for entry in sorted(system.iterdir()))
    return [thing for thing in found if thing is not None]


class HidScaleTransport(DeviceFileTransport):
    """``identity`` as in :func:`list_hid_scales`."""

    page = _WEIGHING_PAGE
    not_here = N_("Reading USB HID scales works on Linux only.")
    instead = N_("On Windows set the scale to a serial (COM) connection.")

    def __init__(
        self, identity: str, *, owner: str = "", devices: Path = DEVICES, system: Path = SYSTEM
    ) -> None:
        super().__init__(identity, owner=owner)
        self._folders = (devices, system)

    def find(self) -> str | None:
        known = _listed(self.page, *self._folders)
        return next((s.device for s in known if self.identity in (s.identity, s.device)), None)


class HidScannerTransport(HidScaleTransport):
    """``identity`` as in :func:`list_hid_scanners`."""

    page = _SCANNER_PAGE
    not_here = N_("Reading scanners in HID-POS mode works on Linux only.")
    instead = N_("On Windows set the scanner to USB-COM (virtual serial port).")


def _described(entry: Path, devices: Path, page: bytes) -> HidScale | None:
    try:
        descriptor = (entry / "device" / "report_descriptor").read_bytes()
    except OSError:
        return None
    if page not in descriptor:
        return None
    lines = text_of(entry / "device" / "uevent").splitlines()
    facts = dict(line.split("=", 1) for line in lines if "=" in line)
    # HID_ID=0003:00000922:00008003, bus, vendor and product in hex
    _, vendor, product = (facts.get("HID_ID", "") + "::").split(":")[:3]
    serial = facts.get("HID_UNIQ", "")
    identity = f"{PREFIX}{vendor[-4:].upper()}:{product[-4:].upper()}:{serial}"
    node = devices / entry.name
    return HidScale(str(node), identity, facts.get("HID_NAME", "") or entry.name)
