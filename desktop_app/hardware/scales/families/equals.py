"""The "=" forms of Yaohua and Keli scoreboard outputs: reversed, forward, with unit.

Reversed and forward look alike: ``=000.5210`` is 125.000 reversed and 0.521 forward. They
are told apart only by a known weight on the pan (``detection.decide_by_weight``).
"""

from __future__ import annotations

import re
from decimal import Decimal

from desktop_app.core.i18n import N_
from desktop_app.hardware.scales.parsing import MORE, SKIP, Parser, Step, skip_to
from desktop_app.hardware.scales.protocol import Options, Sample, ScaleProtocol, Shown, Told
from desktop_app.hardware.scales.reading import Reading, fixed, number
from desktop_app.hardware.transports.serial_settings import SerialSettings

_EQUALS = 0x3D
_REVERSED = re.compile(rb"=([\d.]{7})([0-])")
_FORWARD = re.compile(rb"=([0-])([\d.]{7})")
_WITH_UNIT = re.compile(rb"=([+-]?\d{1,7}(?:\.\d{1,6})?)\((kg|g|t|lb)\)")
_ALSO = tuple(SerialSettings(baud) for baud in (4800, 2400, 1200, 600))


class EqualsParser(Parser):
    """``=`` and eight characters; ``reverse``: the low digit comes first, the sign last."""

    def __init__(self, *, reverse: bool) -> None:
        super().__init__()
        self._reverse = reverse

    def step(self, data: bytes, at: int) -> Step:
        if data[at] != _EQUALS:
            return skip_to(data, at, _EQUALS)
        frame = data[at : at + 9]
        if len(frame) < 9:
            return MORE
        found = (_REVERSED if self._reverse else _FORWARD).fullmatch(frame)
        if found is None:
            return SKIP
        sign, digits = found.group(2, 1) if self._reverse else found.group(1, 2)
        value = number(digits[::-1] if self._reverse else digits)
        if value is None or digits.count(b".") > 1:
            return SKIP
        return Step(9, Reading(-value if sign == b"-" and value else value, raw=frame))


class WithUnitParser(Parser):
    """``=00012.7(kg)``."""

    def step(self, data: bytes, at: int) -> Step:
        if data[at] != _EQUALS:
            return skip_to(data, at, _EQUALS)
        found = _WITH_UNIT.match(data, at, at + 24)
        if found is None:
            return MORE if len(data) - at < 24 and b")" not in data[at:] else SKIP
        value = number(found.group(1))
        if value is None:
            return SKIP
        return Step(len(found.group()), Reading(value, found.group(2).decode(), raw=found.group()))


def _seven(shown: Shown) -> str:
    return f"{fixed(shown.value, shown.places):0>7}"[-7:]


def encode_reversed(shown: Shown, options: Options) -> bytes:
    """Low digit first; nothing in overload."""
    if shown.overload or shown.underload:
        return b""
    sign = "-" if shown.value < 0 else "0"
    return f"={_seven(shown)[::-1]}{sign}".encode()


def encode_forward(shown: Shown, options: Options) -> bytes:
    """High digit first; nothing in overload."""
    if shown.overload or shown.underload:
        return b""
    sign = "-" if shown.value < 0 else "0"
    return f"={sign}{_seven(shown)}".encode()


def encode_with_unit(shown: Shown, options: Options) -> bytes:
    """With the unit in brackets; nothing in overload."""
    if shown.overload or shown.underload:
        return b""
    sign = "-" if shown.value < 0 else ""
    return f"={sign}{_seven(shown)}({shown.unit})".encode()


REVERSED = ScaleProtocol(
    key="equals_reversed",
    title=N_("“=” form, low digit first (Yaohua format 1, Keli D2002)"),
    brands="Yaohua A26/A23P/D2+, Keli D2002",
    parser=lambda options: EqualsParser(reverse=True),
    encode=encode_reversed,
    also_serial=_ALSO,
    stable=Told.PROFILE,
    unit=Told.PROFILE,
    ambiguous_with=frozenset({"equals_forward"}),
    samples=(
        Sample(b"=000.5210", Decimal("125.000"), documented=True),
        Sample(
            b"=54.3210-",
            Decimal("-123.45"),
        ),
    ),
)

FORWARD = ScaleProtocol(
    key="equals_forward",
    title=N_("“=” form, high digit first (Yaohua format 2)"),
    brands="Yaohua",
    parser=lambda options: EqualsParser(reverse=False),
    encode=encode_forward,
    also_serial=_ALSO,
    stable=Told.PROFILE,
    unit=Told.PROFILE,
    ambiguous_with=frozenset({"equals_reversed"}),
    samples=(
        Sample(b"=000.5210", Decimal("0.521"), documented=True),
        Sample(b"=-012.345", Decimal("-12.345")),
    ),
)

WITH_UNIT = ScaleProtocol(
    key="equals_unit",
    title=N_("“=” form with unit (Keli XK3118T1)"),
    brands="Keli XK3118T1",
    parser=lambda options: WithUnitParser(),
    encode=encode_with_unit,
    also_serial=_ALSO,
    stable=Told.PROFILE,
    samples=(Sample(b"=00012.7(kg)", Decimal("12.7"), "kg", documented=True),),
)
