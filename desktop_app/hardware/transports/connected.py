"""What is connected to this PC now: the first page of the wizard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.core.logging import get_logger
from desktop_app.hardware.transports.cups_queue import list_queues
from desktop_app.hardware.transports.hid_scale import list_hid_scales, list_hid_scanners
from desktop_app.hardware.transports.ports import list_ports
from desktop_app.hardware.transports.registry import TRANSPORTS
from desktop_app.hardware.transports.usb_printer import list_usb_printers
from desktop_app.hardware.transports.windows_spooler import list_windows_printers

_log = get_logger("hardware.connected")


@dataclass(frozen=True)
class Connected:
    """One thing found; ``settings`` is what ``transport_from`` takes.

    ``identity`` is kept with the device and finds it again.
    """

    title: str
    identity: str
    settings: Mapping[str, str]

    @property
    def kind(self) -> str:
        """The key in TRANSPORTS."""
        return self.settings["kind"]


def list_connected(for_kind: str | None = None) -> list[Connected]:
    """Everything found now, for a "scale", "scanner" or "printer" (None: for all).

    Asks other programs (CUPS) and may take a second: not on the GUI thread. A source that fails
    is left out.
    """
    found: list[Connected] = []
    for source in (_serial, _hid, _hid_scanners, _usb_printers, _queues, _windows):
        try:
            found += source()
        except OSError as error:
            _log.info("%s failed: %s", source.__name__, error)
    return [
        thing for thing in found if for_kind is None or for_kind in TRANSPORTS[thing.kind].for_kinds
    ]


def _serial() -> list[Connected]:
    return [_thing(port.title, port.identity, "serial", "identity") for port in list_ports()]


def _hid() -> list[Connected]:
    return [_thing(s.title, s.identity, "hid", "identity") for s in list_hid_scales()]


def _hid_scanners() -> list[Connected]:
    return [_thing(s.title, s.identity, "hid_pos", "identity") for s in list_hid_scanners()]


def _usb_printers() -> list[Connected]:
    return [_thing(p.title, p.identity, "usb_printer", "identity") for p in list_usb_printers()]


def _queues() -> list[Connected]:
    return [_thing(queue, f"cups:{queue}", "cups", "queue", queue) for queue in list_queues()]


def _windows() -> list[Connected]:
    names = list_windows_printers()
    return [_thing(name, f"windows:{name}", "windows", "printer", name) for name in names]


def _thing(title: str, identity: str, kind: str, key: str, value: str = "") -> Connected:
    return Connected(title, identity, {"kind": kind, key: value or identity})
