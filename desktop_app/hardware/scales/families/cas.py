"""CAS: the 22 byte line, the 10 byte line, AND18, and ENQ/DC1 handshaking.

22: ``ST,GS,`` id lamp ``,`` eight characters, space, unit, CR LF (id and lamp are any byte).
ENQ: ``05`` is answered ``06``; ``11`` by ``01 02`` S/U sign six characters unit BCC ``03 04``;
sign ``F`` is overflow (CAS AP-1, Ohaus Aviator manuals).
"""

from __future__ import annotations

import re
from decimal import Decimal

from desktop_app.core.i18n import N_
from desktop_app.hardware.scales.parsing import (
    MORE,
    SKIP,
    LineParser,
    Parser,
    Step,
    skip_to,
    xor,
)
from desktop_app.hardware.scales.protocol import Options, Sample, ScaleProtocol, Shown, Told
from desktop_app.hardware.scales.reading import Mode, Reading, fixed, number
from desktop_app.hardware.transports.serial_settings import SerialSettings

_LONG = re.compile(rb"(ST|US|OL),(GS|NT),[\x00-\xff]{2},([ +\-\d.]{8}) (kg| g|lb|oz| t)\r\n")
_SHORT = re.compile(rb"[ +-]? *\d+(?:\.\d+)?")
_AND18 = re.compile(rb"(ST|US|OL),(GS|NT),([ +\-\d.]{8})(kg| g|lb|oz| t)$")
_ENQ = re.compile(
    rb"\x01\x02([SU])([ +\-F])([ \d.]{6})(kg| g|lb|oz)[\x00-\xff]\x03\x04", re.IGNORECASE
)
_MODES = {b"GS": Mode.GROSS, b"NT": Mode.NET}


def _reading(found: re.Match[bytes] | None) -> Reading | None:
    if found is None:
        return None
    header, mode, digits, unit = found.groups()
    value, raw = number(digits), found.group()
    if header == b"OL":
        return Reading(None, overload=b"-" not in digits, underload=b"-" in digits, raw=raw)
    if value is None:
        return None
    return Reading(value, unit.decode().strip(), header == b"ST", _MODES[mode], raw=raw)


class LongParser(Parser):
    """22 bytes."""

    def step(self, data: bytes, at: int) -> Step:
        if data[at : at + 1] not in (b"S", b"U", b"O"):
            return SKIP
        frame = data[at : at + 22]
        if len(frame) < 22:
            return MORE if b"ST,US,OL,".find(frame[:3]) in (0, 3, 6) else SKIP
        reading = _reading(_LONG.fullmatch(frame))
        return SKIP if reading is None else Step(22, reading)


class ShortParser(LineParser):
    """10 bytes: eight characters and CR LF; nothing but the number."""

    def line(self, line: bytes) -> Reading | None:
        if len(line) != 8 or _SHORT.fullmatch(line) is None:
            return None
        value = number(line)
        return None if value is None else Reading(value, raw=line)


class And18Parser(LineParser):
    """18 bytes."""

    def line(self, line: bytes) -> Reading | None:
        return _reading(_AND18.search(line))


class EnqParser(Parser):
    """15 bytes with a block check."""

    def step(self, data: bytes, at: int) -> Step:
        if data[at] != 0x01:
            return skip_to(data, at, 0x01)
        frame = data[at : at + 15]
        if len(frame) < 15:
            return MORE
        found = _ENQ.fullmatch(frame)
        if found is None or xor(frame[2:12]) != frame[12]:
            return SKIP
        status, sign, digits, unit = found.groups()
        stable = status == b"S"
        if sign == b"F":
            return Step(15, Reading(None, stable=stable, overload=True, raw=frame), True)
        value = number(sign.replace(b" ", b"") + digits.strip())
        if value is None:
            return SKIP
        told = unit.decode().strip().lower()
        return Step(15, Reading(value, told, stable, raw=frame), True)


def _header(shown: Shown) -> tuple[str, str, str]:
    mode = "NT" if shown.mode is Mode.NET else "GS"
    if shown.overload or shown.underload:
        return "OL", mode, "        " if shown.overload else "-       "
    sign = "-" if shown.value < 0 else " "
    return "ST" if shown.stable else "US", mode, f"{sign}{fixed(shown.value, shown.places):>7}"


def encode_long(shown: Shown, options: Options) -> bytes:
    """22 bytes; id 1, lamp with bit 6 when stable."""
    header, mode, digits = _header(shown)
    lamp = 0x80 | (0x40 if shown.stable else 0)
    tail = f",{digits} {shown.unit:>2}\r\n"
    return f"{header},{mode},1".encode() + bytes((lamp,)) + tail.encode()


def encode_short(shown: Shown, options: Options) -> bytes:
    """10 bytes; nothing in overload."""
    if shown.overload or shown.underload:
        return b""
    sign = "-" if shown.value < 0 else " "
    return f"{sign}{fixed(shown.value, shown.places):>7}\r\n".encode()


def encode_and18(shown: Shown, options: Options) -> bytes:
    """18 bytes."""
    header, mode, digits = _header(shown)
    return f"{header},{mode},{digits}{shown.unit:>2}\r\n".encode()


def encode_enq(shown: Shown, options: Options) -> bytes:
    """The answer to DC1; nothing below zero range."""
    if shown.underload:
        return b""
    sign = "F" if shown.overload else "-" if shown.value < 0 else " "
    digits = f"{fixed(shown.value, shown.places):0>6}"[-6:]
    body = f"{'S' if shown.stable else 'U'}{sign}{digits}{shown.unit:>2}".encode()
    return b"\x01\x02" + body + bytes((xor(body),)) + b"\x03\x04"


CAS_22 = ScaleProtocol(
    key="cas_22",
    title=N_("CAS 22 bytes"),
    brands="CAS CI, BI, DB",
    parser=lambda options: LongParser(),
    encode=encode_long,
    samples=(
        Sample(b"ST,GS,1\xc0,   1.500 kg\r\n", Decimal("1.500"), "kg", True, Mode.GROSS),
        Sample(b"US,NT,1\x80,-  0.250 kg\r\n", Decimal("-0.250"), "kg", False, Mode.NET),
        Sample(b"OL,GS,1\x80,         kg\r\n", None),
    ),
)

CAS_10 = ScaleProtocol(
    key="cas_10",
    title=N_("CAS 10 bytes (number only)"),
    brands="CAS",
    parser=lambda options: ShortParser(),
    encode=encode_short,
    stable=Told.PROFILE,
    unit=Told.PROFILE,
    samples=(
        Sample(b"   1.500\r\n", Decimal("1.500")),
        Sample(b"-  0.250\r\n", Decimal("-0.250")),
    ),
)

CAS_AND18 = ScaleProtocol(
    key="cas_and18",
    title=N_("CAS “AND 18” (18 bytes)"),
    brands="CAS",
    parser=lambda options: And18Parser(),
    encode=encode_and18,
    also_serial=(SerialSettings(9600, 7, "E", 1), SerialSettings(9600, 7, "O", 1)),
    samples=(
        Sample(b"ST,GS,   1.500kg\r\n", Decimal("1.500"), "kg", True, Mode.GROSS),
        Sample(b"OL,GS,        kg\r\n", None),
    ),
)

CAS_ENQ = ScaleProtocol(
    key="cas_enq",
    title=N_("CAS ENQ/DC1 (asked)"),
    brands="CAS AP, ER, PR",
    parser=lambda options: EnqParser(),
    encode=encode_enq,
    poll=b"\x05",
    prompt=(b"\x06", b"\x11"),
    sends_by_itself=False,
    checksum=True,
    samples=(
        Sample(
            bytes.fromhex("01 02 53 20 30 31 2E 35 30 30 6B 67 65 03 04"),
            Decimal("1.500"),
            "kg",
            True,
            documented=True,
        ),
    ),
)
