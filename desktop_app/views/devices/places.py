"""What is plugged in or installed on this PC that a device could hang on. Not for the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from desktop_app.hardware.transports import ports
from desktop_app.hardware.transports.cups_queue import list_queues
from desktop_app.hardware.transports.hid_scale import list_hid_scales, list_hid_scanners
from desktop_app.hardware.transports.ports import list_ports
from desktop_app.hardware.transports.registry import TRANSPORTS
from desktop_app.hardware.transports.usb_printer import list_usb_printers
from desktop_app.hardware.transports.windows_spooler import list_windows_printers
from desktop_app.services.devices import SIMULATOR


@dataclass(frozen=True)
class FoundPlace:
    """Something to connect to: what a person reads, and what is kept."""

    title: str
    identity: str


def _named(names: list[str]) -> list[FoundPlace]:
    return [FoundPlace(name, name) for name in names]


_FINDERS: Mapping[str, Callable[[], list[FoundPlace]]] = {
    "serial": lambda: [FoundPlace(p.title, p.identity) for p in list_ports()],
    "hid": lambda: [FoundPlace(s.title, s.identity) for s in list_hid_scales()],
    "hid_pos": lambda: [FoundPlace(s.title, s.identity) for s in list_hid_scanners()],
    "usb_printer": lambda: [FoundPlace(p.title, p.identity) for p in list_usb_printers()],
    "cups": lambda: _named(list_queues()),
    "windows": lambda: _named(list_windows_printers()),
}
SETTING = {
    "serial": "identity",
    "hid": "identity",
    "hid_pos": "identity",
    "usb_printer": "identity",
    "cups": "queue",
    "windows": "printer",
    "file": "path",
    "tcp": "host",
    "usb": "identity",
}
"""The setting that holds the place, by kind of connection."""


def found_places(kind: str) -> list[FoundPlace]:
    """The ports, printers or queues there are now; empty for what must be typed."""
    finder = _FINDERS.get(kind)
    return finder() if finder is not None else []


def connections_for(device_kind: str) -> tuple[str, ...]:
    """The kinds of connection a device of that kind may have, the simulated one last."""
    known = [kind.key for kind in TRANSPORTS if device_kind in kind.for_kinds]
    if device_kind == "scanner":
        known.insert(0, "keyboard")
    if device_kind == "camera":
        known.insert(0, "usb")
    return (*known, SIMULATOR)


def identity_from(kind: str, typed: str) -> str:
    """What is kept for a place that was typed: a bare port gets the prefix of its kind."""
    if kind == "serial" and not typed.startswith(ports.PREFIX):
        return ports.PREFIX + typed
    return typed
