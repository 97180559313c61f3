"""Units of an item: "3箱", "2箱6只", "2.5kg" become base units, exactly and with one rounding.

A factor is a ratio of whole numbers. Other units are those of the item; weights go through the
weight of one piece (or, for an item kept by weight, through the metric ones). What could be
meant in two ways is refused with a sentence, never guessed. Rounding is half up to the
decimals of the item, and what it added or left is told (DESIGN section 4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message
from desktop_app.domain.quantities import (
    MAX_QUANTITY,
    SCALE,
    fold_digits,
    format_quantity,
    parse_quantity,
    round_half_up,
)

GRAMS: dict[str, Fraction] = {
    "g": Fraction(1),
    "kg": Fraction(1000),
    "t": Fraction(1_000_000),
    "斤": Fraction(500),
    "lb": Fraction("453.59237"),
    "oz": Fraction("28.349523125"),
}
"""Grams in one of each unit of weight; the pound is that of 1959, exactly."""

_MEASURED = frozenset(
    ("米", "厘米", "毫米", "m", "cm", "mm", "km", "ft", "meter", "metre")
    + ("平方米", "m2", "㎡", "立方米", "m3", "升", "毫升", "l", "ml", "litre", "liter")
)
"""Units that are measured, beside those of weight; in all others things are counted."""

_WORDS: tuple[tuple[str, ...], ...] = (
    ("g", "克", "gram", "grams"),
    ("kg", "千克", "公斤", "kgs", "kilo"),
    ("t", "吨", "ton"),
    ("斤", "市斤", "jin"),
    ("lb", "磅", "lbs"),
    ("oz", "盎司"),
    ("pcs", "pc", "piece", "pieces", "ea", "each", "个", "只", "件", "支", "片", "粒"),
    ("箱", "box", "boxes", "carton", "cartons", "ctn", "case"),
    ("盒", "box", "boxes"),
    ("包", "pack", "packs", "pkt", "bag"),
    ("袋", "bag", "bags"),
    ("套", "set", "sets"),
    ("打", "dozen", "dz", "doz"),
    ("双", "对", "pair", "pairs"),
    ("卷", "roll", "rolls"),
    ("瓶", "bottle", "bottles"),
    ("米", "m", "meter", "metre"),
    ("板", "托", "pallet", "plt"),
)
"""Words for the same unit. A word in two groups fits both: it must be the only one there."""

_PART = re.compile(r"\s*([+＋]?\s*[\d.,'\s]*[\d.])\s*([^\d.,+'\s][^\d.,+'\s]*(?:\s+(?=\D))?)?")
_EXPONENT = re.compile(r"[+-]?[\d.]+[eE][+-]?\d+")
_RATIO = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*(?:[/:÷]\s*(\d{1,12}(?:\.\d{1,6})?))?")
_MOST = 10**15

_UNKNOWN = N_("This item has no unit “{unit}”. Known: {known}.")
_TWO = N_("“{unit}” could be {first} or {second}; write which one.")
_NO_WEIGHT = N_("“{unit}” needs the weight of one piece; it is not known for this item.")
_NOTHING = N_("{typed} is less than the smallest quantity of this item.")
_ROUNDED = N_("{typed} = {exact} {uom}, rounded to {qty}")


@dataclass(frozen=True)
class Unit:
    """One ``name`` is ``num`` / ``den`` base units."""

    name: str
    num: int
    den: int = 1
    for_purchase: bool = False
    for_sales: bool = False

    @property
    def factor(self) -> Fraction:
        """Base units in one."""
        return Fraction(self.num, self.den)


@dataclass(frozen=True)
class ItemUnits:
    """The units an item may be written in. ``base`` has ``decimals`` places."""

    base: str
    decimals: int = 0
    units: tuple[Unit, ...] = ()
    unit_weight_g: Decimal | None = None

    def proposed(self, side: str | None) -> str:
        """The unit to buy ("purchase") or sell ("sales") in; "" for the base unit."""
        for unit in self.units:
            if (side == "purchase" and unit.for_purchase) or (side == "sales" and unit.for_sales):
                return unit.name
        return ""


@dataclass(frozen=True)
class Entry:
    """What was typed, in base units; ``note`` tells a rounding."""

    qty: Decimal
    note: Message | None = None


def names_unit(text: str) -> bool:
    """True when ``text`` is more than a plain number: a unit stands in it."""
    folded = fold_digits(text)
    if _EXPONENT.fullmatch(folded):
        return False
    return any(c.isalpha() for c in folded) and any(c.isdigit() for c in folded)


def read_entry(
    text: str,
    units: ItemUnits,
    *,
    unit: str = "",
    field: str = "qty",
    line_no: int | None = None,
) -> Entry:
    """The quantity in base units meant by "36", "3箱", "3 box", "2箱6只" or "2.5kg".

    A number alone is in ``unit``, "" for the base unit. Raises InvalidInput at ``field`` when
    a unit is unknown or ambiguous, the weight of a piece is missing, the number is no number,
    or nothing is left after rounding.
    """
    try:
        total, weighed = _total(text, units, unit)
    except ValueError as error:
        raise InvalidInput((FieldProblem(field, error.args[0], line_no),)) from error
    decimals = min(units.decimals, SCALE)
    qty = _rounded(total, decimals)
    if qty > MAX_QUANTITY:
        qty = parse_quantity(format_quantity(qty), field=field, line_no=line_no)
    if qty <= 0 < total:
        told = Message(_NOTHING, {"typed": text.strip()})
        raise InvalidInput((FieldProblem(field, told, line_no),))
    if _exact(total) == qty:
        return Entry(qty)
    shown = format_quantity(_rounded(total, decimals + (1 if weighed else 3)))
    note = Message(
        _ROUNDED,
        {"typed": text.strip(), "exact": shown, "uom": units.base, "qty": format_quantity(qty)},
    )
    return Entry(qty, note)


def describe(qty: Decimal, units: ItemUnits) -> str:
    """``qty`` also in the largest unit it fills: "3 箱", "2 箱 + 6 只"; "" when there is none."""
    for unit in sorted(units.units, key=lambda u: u.factor, reverse=True):
        factor = unit.factor
        if factor <= 1 or Fraction(qty) < factor:
            continue
        count = Fraction(qty) // factor
        rest = Fraction(qty) - count * factor
        if not rest:
            return f"{count} {unit.name}"
        left = _exact(rest)
        if left is not None:
            return f"{count} {unit.name} + {format_quantity(left)} {units.base}"
    return ""


def weight_text(qty: Decimal, units: ItemUnits) -> str:
    """What ``qty`` weighs by unit weight ("1.44 kg"); "" when one piece's weight is unknown."""
    if units.unit_weight_g is None or canonical(units.base) in GRAMS or qty <= 0:
        return ""
    grams = qty * units.unit_weight_g
    if grams < 1000:
        return f"{format_quantity(round_half_up(grams, 1))} g"
    return f"{format_quantity(round_half_up(grams / 1000, 3))} kg"


def parse_factor(text: str, *, field: str = "units") -> Fraction:
    """Base units in one, typed as "12", "0.5", "1/3" or "1000:3".

    Raises InvalidInput at ``field``.
    """
    found = _RATIO.fullmatch(fold_digits(text))
    if found is not None:
        den = Fraction(found.group(2) or 1)
        factor = Fraction(found.group(1)) / den if den else Fraction(0)
        if factor > 0 and max(factor.numerator, factor.denominator) <= _MOST:
            return factor
    told = Message(N_("“{typed}” is no factor; write 12, 0.5 or 1000/3."), {"typed": text})
    raise InvalidInput((FieldProblem(field, told),))


def factor_text(num: int, den: int) -> str:
    """A factor as a person types it: "12", "0.5" or "1000/3"."""
    factor = Fraction(num, den)
    exact = _exact(factor)
    plain = exact if exact is not None and exact == round_half_up(exact, SCALE) else None
    return format_quantity(plain) if plain is not None else f"{num}/{den}"


def is_counted(unit: str) -> bool:
    """Whether goods in this unit are whole things: "个" and "箱" are, "kg" and "米" are not."""
    return canonical(unit) not in GRAMS and canonical(unit) not in _MEASURED


def canonical(unit: str) -> str:
    """The unit of weight meant by ``unit`` ("公斤" is kg), else the unit folded."""
    folded = fold_digits(unit).casefold()
    for group in _WORDS:
        if folded in group and group[0] in GRAMS:
            return group[0]
    return folded


def _total(text: str, units: ItemUnits, unit: str) -> tuple[Fraction, bool]:
    """Everything typed, added up. Raises ValueError with a Message."""
    folded = fold_digits(text)
    parts = list(_parts(folded))
    if not parts:
        factor, by_weight = _factor(unit, units)
        decimals = SCALE if unit else units.decimals
        try:
            return Fraction(parse_quantity(folded, decimals=decimals)) * factor, by_weight
        except InvalidInput as error:
            raise ValueError(error.problems[0].message) from error
    total, weighed = Fraction(0), False
    for number, word in parts:
        factor, by_weight = _factor(word, units)
        total += number * factor
        weighed = weighed or by_weight
    return total, weighed


def _parts(text: str) -> Iterable[tuple[Fraction, str]]:
    """Numbers with the word behind them; nothing when it is one plain number."""
    if not names_unit(text):
        return
    place = 0
    while place < len(text):
        found = _PART.match(text, place)
        if found is None or found.end() == place:
            raise ValueError(Message(N_("“{typed}” is not a number."), {"typed": text}))
        number = found.group(1).lstrip("+").strip()
        try:
            value = parse_quantity(number)
        except InvalidInput as error:
            raise ValueError(error.problems[0].message) from error
        yield Fraction(value), (found.group(2) or "").strip()
        place = found.end()


def _factor(word: str, units: ItemUnits) -> tuple[Fraction, bool]:
    """Base units in one ``word``; True when it went through a weight."""
    if not word or _same(word, units.base):
        return Fraction(1), False
    exact = [u for u in units.units if _same(u.name, word)]
    found = exact or [u for u in units.units if _alike(u.name, word)]
    if not exact and _alike(units.base, word):
        if found:
            raise ValueError(
                Message(_TWO, {"unit": word, "first": units.base, "second": found[0].name})
            )
        return Fraction(1), False
    if len(found) > 1:
        names = {"unit": word, "first": found[0].name, "second": found[1].name}
        raise ValueError(Message(_TWO, names))
    if found:
        return found[0].factor, False
    return _by_weight(word, units), True


def _by_weight(word: str, units: ItemUnits) -> Fraction:
    grams, base = GRAMS.get(canonical(word)), canonical(units.base)
    if grams is not None and base in GRAMS:
        return grams / GRAMS[base]
    if grams is not None and units.unit_weight_g:
        return grams / Fraction(units.unit_weight_g)
    if grams is not None:
        raise ValueError(Message(_NO_WEIGHT, {"unit": word}))
    known = [units.base, *(u.name for u in units.units)]
    if units.unit_weight_g:
        known.append("kg")
    raise ValueError(Message(_UNKNOWN, {"unit": word, "known": ", ".join(known)}))


def _same(one: str, other: str) -> bool:
    return fold_digits(one).casefold() == fold_digits(other).casefold()


def _alike(one: str, other: str) -> bool:
    a, b = fold_digits(one).casefold(), fold_digits(other).casefold()
    return any(a in group and b in group for group in _WORDS)


def _rounded(value: Fraction, places: int) -> Decimal:
    """Half up, exactly: no intermediate decimal is rounded."""
    scaled = value * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole).scaleb(-places)


def _exact(value: Fraction) -> Decimal | None:
    """The same number as a Decimal, None when it never ends or is finer than the database."""
    rounded = _rounded(value, SCALE)
    return rounded if Fraction(rounded) == value else None
