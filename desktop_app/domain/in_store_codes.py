"""Codes that a shop's scale prints (20-29 in front): item, weight or price by local agreement.

What stands where differs from scale to scale, so nothing is read without a pattern of the
company: ``22IIIIIWWWWWC``, ``26IIIIIPPPPPC``, ``20IIIIIPPPPPWWWWWC``. I item, W net weight, P
price of the piece, N count, C check digit, a point is any digit. Behind the pattern ``W3``
says that the weight has three decimals of a kilogram (the default), ``P2`` that the price
has two. The last digit must be right (GS1 General Specifications 7.9, any length).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.domain.gs1_rules import mod10

WEIGHT_DECIMALS = 3
PRICE_DECIMALS = 2
_SHAPE = re.compile(r"2[0-9.][0-9.IWPN]{2,28}C")
_OPTION = re.compile(r"([WP])([0-6])")
_BAD_DIGIT = N_("The check digit of {number} is wrong. Scan again.")


class PatternNotPossible(UserError):
    """A pattern that could not be read without guessing."""

    code = "in_store.pattern"


@dataclass(frozen=True)
class Pattern:
    """One agreement. ``shape`` is as typed, ``*_decimals`` are of kilogram and currency."""

    shape: str
    weight_decimals: int = WEIGHT_DECIMALS
    price_decimals: int = PRICE_DECIMALS

    def fits(self, digits: str) -> bool:
        """Length and fixed digits agree; the check digit is not looked at."""
        return len(digits) == len(self.shape) and all(
            mark == digit or not mark.isdigit()
            for mark, digit in zip(self.shape, digits, strict=True)
        )

    def part(self, digits: str, mark: str) -> str:
        """The digits that stand at ``mark``; "" when the pattern has none."""
        return "".join(d for d, m in zip(digits, self.shape, strict=True) if m == mark)


@dataclass(frozen=True)
class InStoreCode:
    """What such a code says. ``candidates`` are the item's number as it may be kept.

    ``weight_g`` grams, ``price`` of the whole piece, ``count`` pieces; None when the pattern
    has none.
    """

    item: str
    candidates: tuple[str, ...]
    weight_g: Decimal | None
    price: Decimal | None
    count: Decimal | None


def parse_patterns(text: str) -> tuple[Pattern, ...]:
    """The patterns of a company, separated by semicolons or new lines.

    Raises PatternNotPossible with the pattern that cannot be, and why.
    """
    found: list[Pattern] = []
    for line in re.split(r"[;；\n]", text):
        words = line.upper().split()
        if words:
            found.append(_pattern(words[0], words[1:]))
    for place, pattern in enumerate(found):
        for other in found[place + 1 :]:
            if _overlap(pattern.shape, other.shape):
                raise PatternNotPossible(
                    N_("{pattern} and {other} could both mean the same code."),
                    pattern=pattern.shape,
                    other=other.shape,
                )
    return tuple(found)


def _overlap(one: str, other: str) -> bool:
    return len(one) == len(other) and all(
        a == b or not (a.isdigit() and b.isdigit()) for a, b in zip(one, other, strict=True)
    )


def _pattern(shape: str, options: list[str]) -> Pattern:
    if not _SHAPE.fullmatch(shape):
        raise PatternNotPossible(
            N_("{pattern}: 20 to 29 first, then I, W, P, N, digits or points, C last."),
            pattern=shape,
        )
    if "I" not in shape:
        raise PatternNotPossible(
            N_("{pattern} has no I: it would not tell the item."), pattern=shape
        )
    for mark in "IWPN":
        if mark * shape.count(mark) not in shape:
            raise PatternNotPossible(
                N_("{pattern}: all {mark} must stand together."), pattern=shape, mark=mark
            )
    decimals = {"W": WEIGHT_DECIMALS, "P": PRICE_DECIMALS}
    for option in options:
        match = _OPTION.fullmatch(option)
        if match is None:
            raise PatternNotPossible(
                N_("{pattern}: “{option}” is not W or P with a number of decimals."),
                pattern=shape,
                option=option,
            )
        decimals[match.group(1)] = int(match.group(2))
    return Pattern(shape, decimals["W"], decimals["P"])


def read(text: str, patterns: tuple[Pattern, ...]) -> InStoreCode | Message | None:
    """What ``text`` says by the first pattern it fits; None when none fits.

    A sentence when it fits but its check digit is wrong.
    """
    if not (text.isascii() and text.isdigit()):
        return None
    pattern = next((p for p in patterns if p.fits(text)), None)
    if pattern is None:
        return None
    if not mod10(text):
        return Message(_BAD_DIGIT, {"number": text})
    item = pattern.part(text, "I")
    return InStoreCode(
        item,
        _candidates(text, item),
        _scaled(pattern.part(text, "W"), pattern.weight_decimals, Decimal(1000)),
        _scaled(pattern.part(text, "P"), pattern.price_decimals, Decimal(1)),
        _scaled(pattern.part(text, "N"), 0, Decimal(1)),
    )


def _candidates(text: str, item: str) -> tuple[str, ...]:
    bare = item.lstrip("0") or "0"
    return tuple(dict.fromkeys((text[:2] + item, item, bare)))


def _scaled(digits: str, decimals: int, unit: Decimal) -> Decimal | None:
    return Decimal(digits).scaleb(-decimals) * unit if digits else None


_in_use: tuple[Pattern, ...] = ()


def use(patterns: tuple[Pattern, ...]) -> None:
    """Read scans by these from now on (company rule)."""
    global _in_use
    _in_use = patterns


def in_use() -> tuple[Pattern, ...]:
    """The company's patterns; none until somebody declared them."""
    return _in_use
