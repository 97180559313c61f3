"""Toledo 8217 (checkout and parcel scales): asked by ``W``, 7E1.

A weight is sent only when it stands still: ``02 WW.WWW[N] 0D``; otherwise ``02 3F status 0D``.
"""

from __future__ import annotations

import re
from decimal import Decimal

from desktop_app.core.i18n import N_
from desktop_app.hardware.scales.parsing import MORE, SKIP, Parser, Step, skip_to
from desktop_app.hardware.scales.protocol import (
    Command,
    Options,
    Sample,
    ScaleProtocol,
    Shown,
    Told,
)
from desktop_app.hardware.scales.reading import Mode, Reading, fixed, number
from desktop_app.hardware.transports.serial_settings import SerialSettings

_STX = 0x02
_LONGEST = 12
_WEIGHT = re.compile(rb"\x02( *\d{1,5}\.\d{1,4})(N?)\r")
_STATUS = re.compile(rb"\x02\?([\x40-\x7f])\r")
_MOVING, _OVER, _UNDER, _ZERO_RANGE = 0x01, 0x02, 0x04, 0x08


class Parser8217(Parser):
    """Weights and status answers."""

    def step(self, data: bytes, at: int) -> Step:
        if data[at] != _STX:
            return skip_to(data, at, _STX)
        window = data[at : at + _LONGEST]
        if (found := _WEIGHT.match(window)) is not None:
            value = number(found.group(1))
            mode = Mode.NET if found.group(2) else Mode.GROSS
            return Step(found.end(), Reading(value, None, True, mode, raw=found.group()))
        if (found := _STATUS.match(window)) is not None:
            return Step(found.end(), _status(found.group(1)[0], found.group()))
        # a carriage return ends every answer: behind it nothing more can come
        return MORE if len(window) < _LONGEST and b"\r" not in window else SKIP


def _status(bits: int, raw: bytes) -> Reading | None:
    if bits & _OVER:
        return Reading(None, stable=False, overload=True, raw=raw)
    if bits & _UNDER:
        return Reading(None, stable=False, underload=True, raw=raw)
    if bits & _ZERO_RANGE:
        return Reading(None, error="zero", raw=raw)
    if bits & _MOVING:
        return Reading(None, stable=False, raw=raw)
    return None  # nothing is wrong: the answer to Z or T


def encode(shown: Shown, options: Options) -> bytes:
    """The answer to ``W``."""
    if shown.overload or shown.underload or not shown.stable or shown.value < 0:
        bits = 0x40 | (_OVER if shown.overload else 0) | (0 if shown.stable else _MOVING)
        bits |= _UNDER if shown.underload or shown.value < 0 else 0
        return bytes((_STX, 0x3F, bits, 0x0D))
    net = b"N" if shown.mode is Mode.NET else b""
    return b"\x02" + f"{fixed(shown.value, 3):0>6}".encode() + net + b"\r"


TOLEDO_8217 = ScaleProtocol(
    key="toledo_8217",
    title=N_("Toledo 8217 (asked by W, 7E1)"),
    brands="Mettler-Toledo 8217, Ariva",
    parser=lambda options: Parser8217(),
    encode=encode,
    serial=SerialSettings(9600, 7, "E", 1),
    poll=b"W",
    sends_by_itself=False,
    tare=Command(b"T"),
    zero=Command(b"Z"),
    unit=Told.PROFILE,
    samples=(
        Sample(b"\x0201.500\r", Decimal("1.500"), None, True, Mode.GROSS),
        Sample(b"\x0200.250N\r", Decimal("0.250"), None, True, Mode.NET),
        Sample(b"\x02?\x41\r", None, None, False),
        Sample(b"\x02?\x42\r", None, None, False),
    ),
)
