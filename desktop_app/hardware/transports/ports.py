"""Which serial ports there are, and finding the same device again after it was moved.

A port number (COM5, /dev/ttyUSB1) is only where a device is today. Its identity is
"serial:VID:PID:SERIAL", or with "@" and the USB socket when it has no serial number;
a port that is no USB device is its own identity.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from serial.tools import list_ports as _system

PREFIX = "serial:"


@dataclass(frozen=True)
class PortInfo:
    """One serial port of this PC as it is now."""

    device: str
    identity: str
    title: str
    vid: int | None = None
    pid: int | None = None
    serial_number: str = ""
    location: str = ""


def list_ports() -> list[PortInfo]:
    """All serial ports now, USB devices first (they are what people plug in)."""
    found = [_described(port) for port in _system.comports()]
    return sorted(_told_apart(found), key=lambda port: (port.vid is None, port.device))


def identity_of(device: str, vid: int | None, pid: int | None, serial: str, location: str) -> str:
    """The name that stays when the device is plugged in elsewhere."""
    if vid is None or pid is None:
        return PREFIX + device
    return f"{PREFIX}{vid:04X}:{pid:04X}:{serial or '@' + location}"


def find_port(identity: str, ports: Iterable[PortInfo] | None = None) -> PortInfo | None:
    """Where the device of that identity is now; None when it is not plugged in.

    A device without serial number that moved to another socket is found too, when it is the
    only one of its kind.
    """
    known = list(list_ports() if ports is None else ports)
    for port in known:
        if port.identity == identity:
            return port
    kind, by_socket, _ = identity.partition(":@")
    if by_socket:
        alike = [port for port in known if port.identity.startswith(f"{kind}:@")]
        return alike[0] if len(alike) == 1 else None
    device = identity.removeprefix(PREFIX)
    if device.startswith(("/", "COM")) and (device.startswith("COM") or os.path.exists(device)):
        return PortInfo(device, identity, device)
    return None


def _described(port: object) -> PortInfo:
    def text(name: str) -> str:
        return str(getattr(port, name, None) or "")

    vid, pid = getattr(port, "vid", None), getattr(port, "pid", None)
    device, serial, location = text("device"), text("serial_number"), text("location")
    description = text("description")
    title = device if description in ("", "n/a", device) else f"{description} — {device}"
    identity = identity_of(device, vid, pid, serial, location)
    return PortInfo(device, identity, title, vid, pid, serial, location)


def _told_apart(ports: list[PortInfo]) -> list[PortInfo]:
    """Cheap converters share one serial number; then the socket tells them apart."""
    count: dict[str, int] = {}
    for port in ports:
        count[port.identity] = count.get(port.identity, 0) + 1
    return [
        port
        if count[port.identity] == 1
        else PortInfo(
            port.device,
            identity_of(port.device, port.vid, port.pid, "", port.location or port.device),
            port.title,
            port.vid,
            port.pid,
            port.serial_number,
            port.location,
        )
        for port in ports
    ]
