"""Sartorius SBI: sixteen bytes, or twenty-two with an identification in front.

Sign, nine characters, space, three characters of unit, CR LF. **A blank unit means that the
weight is moving.** High, Low and Err lines carry no number (Combics and Cubis manuals).
"""

from __future__ import annotations

import re
from decimal import Decimal

from desktop_app.core.i18n import N_
from desktop_app.hardware.scales.parsing import LineParser
from desktop_app.hardware.scales.protocol import (
    Command,
    Option,
    Options,
    Sample,
    ScaleProtocol,
    Shown,
)
from desktop_app.hardware.scales.reading import Mode, Reading, fixed, number
from desktop_app.hardware.transports.serial_settings import SerialSettings

_VALUE = re.compile(rb"([+\- ])([ \d.\[\]]{9}) ([A-Za-z%/ ]{3})$")
_MARK = re.compile(r"[A-Za-z*][\w#.*% \-]*")
_SPECIAL = re.compile(
    rb"(?:Stat)? *(High|Low|H|L|(?:[A-Z]{3}\.)?Err *\d{0,3}|Cal\.? ?Ext\.?|OFF) *", re.IGNORECASE
)
_LENGTHS = (14, 20)
_MODES = {
    "": Mode.SHOWN,
    "N": Mode.NET,
    "N1": Mode.NET,
    "G": Mode.GROSS,
    "G#": Mode.GROSS,
    "T": Mode.TARE,
    "T1": Mode.TARE,
    "T2": Mode.TARE,
    "Qnt": Mode.COUNT,
}
"""Marks of the present weight; a line with another one (reference, limit, sum) is none."""
_WORDS = {Mode.NET: "N     ", Mode.GROSS: "G#    ", Mode.TARE: "T     ", Mode.COUNT: "Qnt   "}


class SbiParser(LineParser):
    """Both lengths. Brackets around digits that are not verified are left out."""

    def line(self, line: bytes) -> Reading | None:
        special = _SPECIAL.fullmatch(line) if len(line) in _LENGTHS else None
        if special is not None:
            return _special(special.group(1).decode(), line)
        found = _VALUE.search(line)
        value = number(found.group(2).translate(None, b"[]")) if found else None
        if found is None or value is None:
            return None
        lead = line[: found.start()][-6:].decode("latin-1").strip()
        mode = _MODES.get(lead if _MARK.fullmatch(lead) else "")
        if mode is None:
            return None
        unit = found.group(3).decode().strip()
        if unit.lower() == "pcs" or mode is Mode.COUNT:
            mode, unit = Mode.COUNT, unit and "pcs"
        return Reading(
            -value if found.group(1) == b"-" and value else value,
            unit or None,
            bool(unit),
            mode,
            raw=line[-20:] if lead else found.group(),
        )


def _special(word: str, line: bytes) -> Reading:
    name = word.lower()
    if name in ("high", "h"):
        return Reading(None, stable=False, overload=True, raw=line)
    if name in ("low", "l"):
        return Reading(None, stable=False, underload=True, raw=line)
    return Reading(None, error=" ".join(word.split()), raw=line)


def encode(shown: Shown, options: Options) -> bytes:
    """Sixteen or twenty-two bytes by the option."""
    mark = _WORDS.get(shown.mode, "      ") if options["length"] == "22" else ""
    if shown.overload or shown.underload:
        word = "High" if shown.overload else "Low"
        head = "Stat  " if mark else ""
        return f"{head}{word:^14}\r\n".encode()
    sign = "-" if shown.value < 0 else "+"
    unit = ("pcs" if shown.mode is Mode.COUNT else shown.unit) if shown.stable else ""
    return f"{mark}{sign} {fixed(shown.value, shown.places):>8} {unit:<3}\r\n".encode()


SARTORIUS_SBI = ScaleProtocol(
    key="sartorius_sbi",
    title=N_("Sartorius SBI (16 or 22 characters)"),
    brands="Sartorius, Minebea",
    parser=lambda options: SbiParser(),
    encode=encode,
    serial=SerialSettings(1200, 7, "O", 1),
    also_serial=(SerialSettings(9600), SerialSettings(9600, 7, "O", 1)),
    poll=b"\x1bP\r\n",
    tare=Command(b"\x1bT\r\n"),
    zero=Command(b"\x1bV\r\n"),
    options=(Option("length", N_("Length of the line"), {"16": "16", "22": "22"}, "16"),),
    samples=(
        Sample(b"+   123.45 g  \r\n", Decimal("123.45"), "g", True),
        Sample(b"-     1.25    \r\n", Decimal("-1.25"), None, False),
        Sample(b"N     +   123.45 kg \r\n", Decimal("123.45"), "kg", True, Mode.NET),
        Sample(b"Stat       High     \r\n", None, None, False),
        Sample(b"     Err 101  \r\n", None),
    ),
)
