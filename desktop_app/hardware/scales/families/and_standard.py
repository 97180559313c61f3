"""The A&D standard line and its many Chinese relatives.

``ST,+00045.60  g`` (header, nine characters, unit), and with a second header
``ST,GS,+  12.34kg`` as of AD-4404, EXCELL, T-Scale, JWE: spacing and commas vary, and at
overload all digits are blank, sometimes but for the point. Their command words are A&D's
(RW, MT, MZ; EXCELL EX-2001 and AD-4401 manuals).
ST stable, US unstable, QT pieces, OL out of range; GS gross, NT net, TR tare.
"""

from __future__ import annotations

import re
from decimal import Decimal

from desktop_app.core.i18n import N_
from desktop_app.hardware.scales.parsing import LineParser
from desktop_app.hardware.scales.protocol import Command, Options, Sample, ScaleProtocol, Shown
from desktop_app.hardware.scales.reading import Mode, Reading, fixed, number
from desktop_app.hardware.transports.serial_settings import SerialSettings

_WEIGHT = re.compile(
    rb"(ST|US|QT|WT),([+-] {0,8}\d{1,9}(?:\.\d{0,8})?) {0,3}([A-Za-z%]{1,3}) {0,2}$"
)
_OUT = re.compile(rb"OL,([+-])[\d.E+ ]{1,12}[A-Za-z% ]{0,3}$")
_TWO = re.compile(
    rb"(ST|US|OL),? ?(GS|NT|TR),? ?([+-]?) {0,9}(\d{1,9}(?:\.\d{1,8})?)? {0,9}\.? {0,8},?"
    rb"(kg|KG|g|lb|LB|oz|OZ|t|pcs|PCS|PC)? {0,3}$"
)
_MODES = {b"GS": Mode.GROSS, b"NT": Mode.NET, b"TR": Mode.TARE}
_PIECES = {"pc", "pcs"}
_WORDS = {Mode.NET: "NT", Mode.TARE: "TR"}


class AndParser(LineParser):
    """``ST,+00045.60  g``."""

    def line(self, line: bytes) -> Reading | None:
        if (found := _OUT.search(line)) is not None:
            over = found.group(1) == b"+"
            return Reading(None, overload=over, underload=not over, raw=found.group())
        found = _WEIGHT.search(line)
        value = number(found.group(2)) if found else None
        if found is None or value is None:
            return None
        unit = found.group(3).decode()
        pieces = found.group(1) == b"QT" or unit.lower() in _PIECES
        mode = Mode.COUNT if pieces else Mode.SHOWN
        stable = found.group(1) != b"US"
        return Reading(value, "pcs" if pieces else unit, stable, mode, raw=found.group())


class TwoHeaderParser(LineParser):
    """``ST,GS,+  12.34kg``."""

    def line(self, line: bytes) -> Reading | None:
        found = _TWO.search(line)
        if found is None:
            return None
        header, mode, sign, digits, unit = found.groups()
        if header == b"OL":
            under = sign == b"-"
            return Reading(None, overload=not under, underload=under, raw=found.group())
        value = number(digits) if digits else None
        if value is None:
            return None
        told = unit.decode().lower() if unit else None
        pieces = told in _PIECES
        return Reading(
            -value if sign == b"-" and value else value,
            "pcs" if pieces else told,
            header == b"ST",
            Mode.COUNT if pieces else _MODES[mode],
            raw=found.group(),
        )


def encode_and(shown: Shown, options: Options) -> bytes:
    """One line of seventeen bytes."""
    if shown.overload or shown.underload:
        return b"OL,+9999999E+19\r\n" if shown.overload else b"OL,-9999999E+19\r\n"
    sign = "-" if shown.value < 0 else "+"
    header = "ST" if shown.stable else "US"
    unit = shown.unit
    if shown.mode is Mode.COUNT:
        header, unit = ("QT" if shown.stable else "US"), "PC"
    return f"{header},{sign}{fixed(shown.value, shown.places):0>8}{unit:>3}\r\n".encode()


def encode_two(shown: Shown, options: Options) -> bytes:
    """One line with two headers."""
    word = _WORDS.get(shown.mode, "GS")
    if shown.overload or shown.underload:
        return f"OL,{word},{'+' if shown.overload else '-'}       {shown.unit}\r\n".encode()
    sign = "-" if shown.value < 0 else "+"
    header = "ST" if shown.stable else "US"
    unit = "pcs" if shown.mode is Mode.COUNT else shown.unit
    return f"{header},{word},{sign}{fixed(shown.value, shown.places):>7}{unit}\r\n".encode()


AND_STANDARD = ScaleProtocol(
    key="and_standard",
    title=N_("A&D standard line"),
    brands="A&D",
    parser=lambda options: AndParser(),
    encode=encode_and,
    serial=SerialSettings(2400, 7, "E", 1),
    also_serial=(SerialSettings(9600), SerialSettings(2400), SerialSettings(9600, 7, "E", 1)),
    poll=b"Q\r\n",
    tare=Command(b"T\r\n"),
    zero=Command(b"Z\r\n"),
    samples=(
        Sample(b"ST,+00045.60  g\r\n", Decimal("45.60"), "g", True, documented=True),
        Sample(b"US,-00001.25 kg\r\n", Decimal("-1.25"), "kg", False),
        Sample(b"QT,+00000236 PC\r\n", Decimal(236), "pcs", True, Mode.COUNT),
        Sample(b"OL,+9999999E+19\r\n", None),
        Sample(b"OL,-9999999E+19\r\n", None),
    ),
)

AND_TWO_HEADERS = ScaleProtocol(
    key="and_two_headers",
    title=N_("AD-4404 line (EXCELL, T-Scale, JWE and most Chinese bench scales)"),
    brands="A&D AD-4404, EXCELL, T-Scale, JWE",
    parser=lambda options: TwoHeaderParser(),
    encode=encode_two,
    also_serial=(SerialSettings(2400), SerialSettings(4800)),
    poll=b"RW\r\n",
    tare=Command(b"MT\r\n"),
    zero=Command(b"MZ\r\n"),
    samples=(
        Sample(b"ST,GS,+  12.34kg\r\n", Decimal("12.34"), "kg", True, Mode.GROSS, documented=True),
        Sample(b"US,NT,-   0.50kg\r\n", Decimal("-0.50"), "kg", False, Mode.NET),
        Sample(b"ST,TR   1.20 g\r\n", Decimal("1.20"), "g", True, Mode.TARE),
        Sample(b"ST,GS,     236pcs\r\n", Decimal(236), "pcs", True, Mode.COUNT),
        Sample(b"OL,GS,+         \r\n", None, documented=True),
    ),
)
