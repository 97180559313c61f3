"""The kinds of connection a device may have, and building one from its stored settings.

Settings are the JSON kept with a device: {"kind": "serial", "identity": …, "line": "9600 8N1"}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_app.core.i18n import N_
from desktop_app.core.registry import Registry
from desktop_app.hardware.transports.cups_queue import CupsQueueTransport
from desktop_app.hardware.transports.file import FileTransport
from desktop_app.hardware.transports.hid_scale import HidScaleTransport, HidScannerTransport
from desktop_app.hardware.transports.serial_port import SerialTransport
from desktop_app.hardware.transports.serial_settings import SerialSettings
from desktop_app.hardware.transports.tcp import TcpTransport
from desktop_app.hardware.transports.transport import Transport
from desktop_app.hardware.transports.usb_printer import UsbPrinterTransport
from desktop_app.hardware.transports.windows_spooler import WindowsSpoolerTransport

Settings = Mapping[str, Any]


@dataclass(frozen=True)
class TransportKind:
    """One way to connect. ``make(settings, owner)`` may raise KeyError or ValueError on
    settings that are incomplete; ``fields`` names the settings it reads.
    """

    key: str
    title: str
    fields: tuple[str, ...]
    make: Callable[[Settings, str], Transport]
    for_kinds: tuple[str, ...]


def _serial(given: Settings, owner: str) -> Transport:
    line = SerialSettings.parse(
        str(given.get("line", "9600 8N1")),
        xonxoff=bool(given.get("xonxoff")),
        rtscts=bool(given.get("rtscts")),
    )
    return SerialTransport(str(given["identity"]), line, owner=owner)


TRANSPORTS: Registry[TransportKind] = Registry(
    (
        TransportKind(
            "serial",
            N_("Serial port (RS-232, USB converter)"),
            ("identity", "line", "xonxoff", "rtscts"),
            _serial,
            ("scale", "scanner", "printer"),
        ),
        TransportKind(
            "tcp",
            N_("Network address"),
            ("host", "port"),
            lambda s, owner: TcpTransport(str(s["host"]), int(s.get("port", 9100)), owner=owner),
            ("scale", "printer"),
        ),
        TransportKind(
            "hid",
            N_("USB scale (HID)"),
            ("identity",),
            lambda s, owner: HidScaleTransport(str(s["identity"]), owner=owner),
            ("scale",),
        ),
        TransportKind(
            "hid_pos",
            N_("USB scanner (HID-POS)"),
            ("identity",),
            lambda s, owner: HidScannerTransport(str(s["identity"]), owner=owner),
            ("scanner",),
        ),
        TransportKind(
            "usb_printer",
            N_("USB printer (Linux)"),
            ("identity",),
            lambda s, owner: UsbPrinterTransport(str(s["identity"]), owner=owner),
            ("printer",),
        ),
        TransportKind(
            "cups",
            N_("CUPS queue, raw"),
            ("queue",),
            lambda s, owner: CupsQueueTransport(str(s["queue"])),
            ("printer",),
        ),
        TransportKind(
            "windows",
            N_("Windows printer, RAW"),
            ("printer",),
            lambda s, owner: WindowsSpoolerTransport(str(s["printer"])),
            ("printer",),
        ),
        TransportKind(
            "file",
            N_("File"),
            ("path",),
            lambda s, owner: FileTransport(Path(str(s["path"]))),
            ("printer",),
        ),
    ),
    key=lambda kind: kind.key,
)


def transport_from(settings: Settings, owner: str = "") -> Transport:
    """The connection described by ``settings``; not opened yet.

    Raises ValueError when the kind is unknown or a needed setting is missing.
    """
    kind = TRANSPORTS.get(str(settings.get("kind", "")))
    if kind is None:
        raise ValueError(f"no such connection: {settings.get('kind')!r}")
    try:
        return kind.make(settings, owner)
    except KeyError as error:
        raise ValueError(f"{kind.key}: {error.args[0]} is missing") from error
