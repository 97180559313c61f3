"""Bins by pattern: "A-01-1…A-12-4" is forty-eight bins, each knowing its aisle, rack, level.

Two notations, freely mixed, several separated by commas:

* from–to: ``A-01-1…A-12-4``; the sign between may be … .. ~ 到 or 至. Each part runs from its
  first to its last value; the last part runs fastest, so that the list is a walk.
* brackets: ``A-[01..12]-[1..4]``, ``[A..C]-07``.

Numbers keep the width of the first one (01 … 12); letters run when they are single.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message

MOST_BINS = 5000
_TO = r"(?:…+|\.{2,}|~+|～+|到|至)"
_RANGE = re.compile(rf"\s*{_TO}\s*")
_BRACKET = re.compile(rf"\[\s*(\w+)\s*{_TO}\s*(\w+)\s*\]")
_TOKENS = re.compile(r"\d+|[A-Z]+|[^A-Z\d]+")
_PARTS = re.compile(r"[^\s\-_./#]+")


@dataclass(frozen=True)
class BinSpec:
    """A bin to be made: its code and where it is; parts that the code does not tell are ""."""

    code: str
    zone: str = ""
    aisle: str = ""
    rack: str = ""
    level: str = ""


def bins_of_pattern(text: str, warehouse_code: str = "", zone: str = "") -> list[BinSpec]:
    """The bins of a pattern in walking order, none twice.

    ``warehouse_code`` as the first part of a code is not a zone; ``zone`` is used where the code
    has none. Raises InvalidInput at ``bins`` for a pattern that means nothing or too much.
    """
    folded = _RANGE.sub(lambda sign: "…", text.strip().upper())
    codes: dict[str, None] = {}
    for part in re.split(r"[,，;；\s]+", _unbracketed(folded)):
        for code in _expanded(part) if part else ():
            codes.setdefault(code)
            if len(codes) > MOST_BINS:
                raise _problem(N_("At most {most} bins at once; this would be more."))
    if not codes:
        raise _problem(N_("Write bins like A-01-1…A-12-4, A-[01..12]-[1..4] or A-01, A-02."))
    return [place_of_code(code, warehouse_code, zone) for code in codes]


def place_of_code(code: str, warehouse_code: str = "", zone: str = "") -> BinSpec:
    """Zone, aisle, rack and level as the parts of a bin's code tell them, from the right."""
    parts = _PARTS.findall(code)
    if len(parts) == 1:  # A012 without signs between: letters and digits are the parts
        parts = re.findall(r"\d+|[^\d]+", parts[0])
    if len(parts) > 1 and warehouse_code and parts[0].upper() == warehouse_code.upper():
        parts = parts[1:]
    if len(parts) == 1:
        return BinSpec(code, zone, "", parts[0], "")
    if len(parts) == 2:
        return BinSpec(code, zone, parts[0], parts[1], "")
    return BinSpec(code, "-".join(parts[:-3]) or zone, *parts[-3:]) if parts else BinSpec(code)


def _unbracketed(text: str) -> str:
    """Blanks inside brackets would split a pattern in two."""
    return re.sub(r"\[[^\]]*\]", lambda found: found.group().replace(" ", ""), text)


def _expanded(pattern: str) -> list[str]:
    spot = _BRACKET.search(pattern)
    if spot is not None:
        values = _run(spot.group(1), spot.group(2))
        return [
            code
            for value in values
            for code in _expanded(pattern[: spot.start()] + value + pattern[spot.end() :])
        ]
    first, sign, last = pattern.partition("…")
    if not sign:
        return [pattern]
    starts, ends = _TOKENS.findall(first), _TOKENS.findall(last)
    if len(starts) != len(ends):
        raise _problem(N_("“{pattern}”: both ends must be written alike."), pattern=pattern)
    runs = [_run(start, end) for start, end in zip(starts, ends, strict=True)]
    count = 1
    for run in runs:
        count *= len(run)
    if count > MOST_BINS:
        raise _problem(N_("At most {most} bins at once; this would be more."))
    return ["".join(tokens) for tokens in product(*runs)]


def _run(first: str, last: str) -> list[str]:
    """From one number or letter to another. Raises InvalidInput when that is impossible."""
    if first == last:
        return [first]
    if first.isdecimal() and last.isdecimal() and int(first) <= int(last) < 10**6:
        numbers = range(int(first), min(int(last), int(first) + MOST_BINS) + 1)
        return [str(number).zfill(len(first)) for number in numbers]
    letters = len(first) == len(last) == 1 and first.isalpha() and last.isalpha()
    if letters and first.isascii() and last.isascii() and first < last:
        return [chr(code) for code in range(ord(first), ord(last) + 1)]
    raise _problem(
        N_("“{first}” to “{last}” is no range: numbers or single letters, the smaller first."),
        first=first,
        last=last,
    )


def _problem(text: str, **values: str) -> InvalidInput:
    return InvalidInput((FieldProblem("bins", Message(text, {"most": MOST_BINS, **values})),))
