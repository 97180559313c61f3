"""A scale nobody has heard of: the user writes a pattern for its line.

Named groups: ``value`` (needed), ``sign``, ``unit``, ``stable``, ``unstable``, ``net``, ``over``,
``under``; the flags hold when their group matched something. Patterns are limited so that no line
can keep the program busy: short, no repeated groups, no look-around, no back references, and
few enough ways to match a line.
"""

from __future__ import annotations

import re
from decimal import Decimal
from math import comb

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message
from desktop_app.hardware.scales.parsing import LineParser
from desktop_app.hardware.scales.protocol import (
    Option,
    Options,
    Sample,
    ScaleProtocol,
    Shown,
    Told,
)
from desktop_app.hardware.scales.reading import Mode, Reading, fixed, number
from desktop_app.hardware.transports.serial_settings import SerialSettings

LONGEST_LINE = 48
LONGEST_PATTERN = 200
MOST_WAYS = 20_000_000
DEFAULT = r"(?P<sign>[+-])?\s*(?P<value>\d+\.?\d*)\s*(?P<unit>kg|g|lb|oz)?"
GROUPS = frozenset({"value", "sign", "unit", "stable", "unstable", "net", "over", "under"})

_TOKEN = re.compile(
    r"\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\(\?P<(\w+)>|\(\?:|\(\?|[()|]"
    r"|([*+?]|\{(\d*)(,?)(\d*)\})([?+]?)|[\s\S]"
)
_BACK = re.compile(r"\\[1-9]")


def compile_pattern(text: str) -> re.Pattern[str]:
    """The pattern, if it is safe. Raises InvalidInput at field "pattern" with the reason."""
    reason = _unsafe(text)
    if reason is None:
        try:
            made = re.compile(text, re.ASCII)
        except re.error as error:
            reason = Message(N_("The pattern is wrong: {reason}"), {"reason": str(error)})
        else:
            if "value" in made.groupindex:
                return made
            reason = Message(N_("The pattern needs a part (?P<value>…) for the number."))
    raise InvalidInput((FieldProblem("pattern", reason),))


def _unsafe(text: str) -> Message | None:
    if not 0 < len(text) <= LONGEST_PATTERN:
        return Message(_LENGTH, {"most": LONGEST_PATTERN})
    unlimited, ways, closed = 0, 1, False
    for token in _TOKEN.finditer(text):
        piece, name, count = token.group(0), token.group(1), token.group(2)
        if piece == "(?" or _BACK.fullmatch(piece) or (name and name not in GROUPS):
            return Message(_PARTS, {"part": piece})
        if count:
            if closed and count != "?":
                return Message(_REPEATED)
            low, comma, high = token.group(3, 4, 5)
            if count in "*+" or (comma and not high):
                unlimited += 1
            else:
                ways *= 2 if count == "?" else max(1, int(high or low or 1) - int(low or 0) + 1)
        elif piece == "|":
            ways *= 2
        closed = piece == ")"
        if ways > MOST_WAYS:
            break
    if ways * comb(LONGEST_LINE + unlimited, unlimited) > MOST_WAYS:
        return Message(_MANY)
    return None


_LENGTH = N_("A pattern has 1 to {most} characters.")
_PARTS = N_("The pattern may not contain {part}.")
_REPEATED = N_("A group in brackets may not be repeated; only “?” may follow it.")
_MANY = N_("The pattern can match in too many ways; use fewer * and +.")


class PatternParser(LineParser):
    """Lines that match the whole pattern."""

    longest = LONGEST_LINE

    def __init__(self, pattern: str) -> None:
        super().__init__()
        self._pattern = compile_pattern(pattern)

    def line(self, line: bytes) -> Reading | None:
        found = self._pattern.fullmatch(line.decode("latin-1").strip())
        if found is None:
            return None
        told = found.groupdict()
        if told.get("over") or told.get("under"):
            over = bool(told.get("over"))
            return Reading(None, overload=over, underload=not over, raw=line)
        value = number(told.get("value") or "")
        if value is None:
            return None
        negative = told.get("sign") == "-" and value > 0
        unit = (told.get("unit") or "").strip() or None
        return Reading(
            -value if negative else value,
            unit,
            self._stable(told),
            Mode.NET if told.get("net") else Mode.SHOWN,
            raw=line,
        )

    def _stable(self, told: dict[str, str | None]) -> bool | None:
        if "stable" in told:
            return bool(told["stable"])
        return not told["unstable"] if "unstable" in told else None


def encode(shown: Shown, options: Options) -> bytes:
    """A line for the default pattern."""
    if shown.overload or shown.underload:
        return b""
    sign = "-" if shown.value < 0 else ""
    return f"{sign}{fixed(shown.value, shown.places)} {shown.unit}\r\n".encode()


PATTERN = ScaleProtocol(
    key="pattern",
    title=N_("Own pattern (regular expression)"),
    parser=lambda options: PatternParser(options["pattern"]),
    encode=encode,
    also_serial=(SerialSettings(4800), SerialSettings(2400), SerialSettings(1200)),
    stable=Told.PROFILE,
    unit=Told.PROFILE,
    detectable=False,
    options=(Option("pattern", N_("Pattern"), {}, DEFAULT),),
    samples=(
        Sample(b"12.5 kg\r\n", Decimal("12.5"), "kg"),
        Sample(b"- 0.25\r\n", Decimal("-0.25")),
    ),
)
