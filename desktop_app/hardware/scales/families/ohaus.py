"""Ohaus' own print line: polarity, seven characters, unit, ``?`` while moving, G/N/NET."""

from __future__ import annotations

import re
from decimal import Decimal

from desktop_app.core.i18n import N_
from desktop_app.hardware.scales.parsing import LineParser
from desktop_app.hardware.scales.protocol import Command, Options, Sample, ScaleProtocol, Shown
from desktop_app.hardware.scales.reading import Mode, Reading, fixed, number

_LINE = re.compile(
    rb"(?<![\w,.+\-])(-? {0,8}\d{1,7}(?:\.\d{1,6})?) {1,2}(kg|g|lb|oz|t|pcs|PCS|%)"
    rb" {0,3}(\?)? {0,3}(G|NET|N|T|B)? {0,2}$"
)
_MODES = {b"G": Mode.GROSS, b"B": Mode.GROSS, b"N": Mode.NET, b"NET": Mode.NET, b"T": Mode.TARE}
_WORDS = {Mode.GROSS: " G", Mode.NET: " N", Mode.TARE: " T"}


class OhausParser(LineParser):
    """One printed line."""

    def line(self, line: bytes) -> Reading | None:
        found = _LINE.search(line)
        value = number(found.group(1)) if found else None
        if found is None or value is None:
            return None
        unit = found.group(2).decode().lower()
        mode = _MODES.get(found.group(4) or b"", Mode.SHOWN)
        if unit == "pcs":
            mode = Mode.COUNT
        elif unit == "%":
            mode = Mode.PERCENT
        return Reading(value, unit, found.group(3) is None, mode, raw=found.group())


def encode(shown: Shown, options: Options) -> bytes:
    """One line; nothing in overload (the display shows it, the line is not printed)."""
    if shown.overload or shown.underload:
        return b""
    sign = "-" if shown.value < 0 else " "
    unit = "pcs" if shown.mode is Mode.COUNT else shown.unit
    moving = "  " if shown.stable else " ?"
    word = _WORDS.get(shown.mode, "")
    return f"{sign}{fixed(shown.value, shown.places):>7} {unit}{moving}{word}\r\n".encode()


OHAUS = ScaleProtocol(
    key="ohaus",
    title=N_("Ohaus print line"),
    brands="Ohaus Defender, Ranger, Scout",
    parser=lambda options: OhausParser(),
    encode=encode,
    poll=b"IP\r\n",
    tare=Command(b"T\r\n"),
    zero=Command(b"Z\r\n"),
    samples=(
        Sample(b"   12.50 kg   G\r\n", Decimal("12.50"), "kg", True, Mode.GROSS),
        Sample(b"-   0.25 kg ? N\r\n", Decimal("-0.25"), "kg", False, Mode.NET),
        Sample(b"     236 pcs\r\n", Decimal(236), "pcs", True, Mode.COUNT),
    ),
)
