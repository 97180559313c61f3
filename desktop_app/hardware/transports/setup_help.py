"""What to set up on this PC before a device can be used: groups, udev rule, drivers.

Shown where the problem appears. Steps are messages, in order; commands stand in them as typed.
"""

from __future__ import annotations

import re
import sys

from desktop_app.core.i18n import N_, Message
from desktop_app.hardware.transports.ports import PREFIX, PortInfo

RULES_FILE = "/etc/udev/rules.d/60-stockproof.rules"

_HEX = re.compile(r"[0-9A-Fa-f]{4}")
_HID_KINDS = ("hid", "hid_pos")
_GROUPS = {"serial": "dialout", "usb_printer": "lp"}

_HID = (
    N_("Write the rule below into {file}, then run: sudo udevadm control --reload"),
    N_("Unplug the device and plug it in again."),
)
_LINUX = (
    N_("Join the group of the device: sudo usermod -aG {group} $USER"),
    N_("Log out and in again; groups count from then on."),
    N_("Or write the rule below into {file}, then run: sudo udevadm control --reload"),
)
_WINDOWS_SERIAL = (
    N_("Open Device Manager: the device must stand under “Ports (COM & LPT)”."),
    N_("With a yellow mark install the driver of the converter's maker (FTDI, CH340, CP210x)."),
    N_("The COM number may change; this program finds the device by its serial number."),
)
_WINDOWS_PRINTER = (
    N_("Install the printer's driver, then choose it here by its Windows name."),
    N_("In its properties create a form of the label's size; no scaling, no margins."),
    N_("If labels stay blank, the driver does not pass RAW data: choose “Generic / Text Only”."),
)


def setup_steps(
    kind: str, platform: str = sys.platform, *, rule: bool = True
) -> tuple[Message, ...]:
    """What to do for a connection of ``kind`` (a key of TRANSPORTS) on this kind of PC.

    ``rule``: there is a udev rule for this device to show below.
    """
    if platform == "win32":
        there = {"serial": _WINDOWS_SERIAL, "windows": _WINDOWS_PRINTER}.get(kind, ())
        return tuple(Message(step) for step in there)
    if kind in _HID_KINDS:
        return tuple(Message(step, {"file": RULES_FILE}) for step in _HID)
    group = _GROUPS.get(kind)
    if group is None:
        return ()
    steps = _LINUX if rule else _LINUX[:-1]
    return tuple(Message(step, {"group": group, "file": RULES_FILE}) for step in steps)


def udev_rule_of(kind: str, identity: str) -> str:
    """The rule for a device kept by its identity, plugged in or not; "" when it has none."""
    if kind in _HID_KINDS and identity.count(":") >= 2:
        return udev_rule_hid(identity)
    vendor, _, rest = identity.removeprefix(PREFIX).partition(":")
    product, _, serial = rest.partition(":")
    if kind != "serial" or not (_HEX.fullmatch(vendor) and _HEX.fullmatch(product)):
        return ""
    known = "" if serial.startswith("@") else serial
    return udev_rule(PortInfo("", identity, "", int(vendor, 16), int(product, 16), known))


def udev_rule_hid(identity: str) -> str:
    """The same for a USB HID scale, by its identity "hid:VID:PID:SERIAL"."""
    vendor, product = identity.removeprefix("hid:").split(":")[:2]
    kernel = f'KERNELS=="*:{vendor.upper()}:{product.upper()}.*"'
    return f'SUBSYSTEM=="hidraw", {kernel}, TAG+="uaccess"'


def udev_rule(port: PortInfo, name: str = "stockproof-scale") -> str:
    """A rule that opens exactly this device to whoever sits at the PC, and names it.

    Raises ValueError for a port that is no USB device.
    """
    if port.vid is None or port.pid is None:
        raise ValueError("only USB devices have such a rule")
    parts = [
        'SUBSYSTEM=="tty"',
        f'ATTRS{{idVendor}}=="{port.vid:04x}"',
        f'ATTRS{{idProduct}}=="{port.pid:04x}"',
    ]
    if port.serial_number and '"' not in port.serial_number:
        parts.append(f'ATTRS{{serial}}=="{port.serial_number}"')
    return ", ".join([*parts, 'TAG+="uaccess"', f'SYMLINK+="{name}"'])
