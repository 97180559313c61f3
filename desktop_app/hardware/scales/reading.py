"""What a scale said: a weight, or that there is none."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Mode(StrEnum):
    """What the number is. SHOWN: the display's value, the protocol does not tell more."""

    SHOWN = "shown"
    GROSS = "gross"
    NET = "net"
    TARE = "tare"
    COUNT = "count"
    PERCENT = "percent"


@dataclass(frozen=True)
class Reading:
    """One frame. ``value`` is None exactly when the scale told no weight.

    ``unit`` is None when the frame does not tell it (the device profile does); pieces are
    PIECES. ``stable`` is None when the protocol has no such flag. Overload, underload and
    ``error`` (the scale's own code) never come with a number: ValueError. Some scales tell
    no number while the pan moves; then ``stable`` is False and nothing else is set.
    """

    value: Decimal | None
    unit: str | None = None
    stable: bool | None = None
    mode: Mode = Mode.SHOWN
    overload: bool = False
    underload: bool = False
    error: str = ""
    raw: bytes = b""

    def __post_init__(self) -> None:
        wrong = self.overload or self.underload or bool(self.error)
        told = wrong or (self.stable is False and self.value is None)
        if told == (self.value is not None):
            raise ValueError("a reading is either a number or a reason why there is none")


def number(text: bytes | str, places: int | None = None) -> Decimal | None:
    """The number in a frame's digits: spaces are padding, one sign, at most one point.

    ``places`` moves the point when the digits have none. None for anything else; no
    exponent, no "NaN", no full-width digits.
    """
    plain = (text.decode("ascii", "replace") if isinstance(text, bytes) else text).strip(" ")
    sign = "-" if plain[:1] == "-" else ""
    digits = plain[1:].lstrip(" ") if plain[:1] in ("+", "-") else plain
    whole, _, rest = digits.partition(".")
    figures = whole + rest
    if not (figures.isascii() and figures.isdigit()) or len(figures) > 15:
        return None
    value = Decimal(sign + digits)
    if places is not None and "." not in digits:
        value = value.scaleb(-places)
    return abs(value) if value == 0 else value


def fixed(value: Decimal, places: int) -> str:
    """``value`` with exactly ``places`` decimals and no sign, as a display shows it."""
    return format(abs(value).quantize(Decimal(1).scaleb(-max(places, 0))), "f")


def as_digits(value: Decimal, places: int) -> str:
    """The digits of ``value`` without point: 12.34 with 3 places is "12340"."""
    return str(int(abs(value).scaleb(places).to_integral_value()))
