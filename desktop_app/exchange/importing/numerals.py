"""A number as a spreadsheet or a person writes it, into an exact Decimal or a refusal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from desktop_app.core.errors import InvalidInput
from desktop_app.core.i18n import N_, Message
from desktop_app.domain.quantities import fold_digits, parse_quantity, round_half_up
from desktop_app.exchange.importing.cells import Cell, CellValue
from desktop_app.exchange.importing.fields import NUMBER_DECIMALS, ImportField
from desktop_app.exchange.importing.wording import plain

_ONE = Decimal(1)
_CURRENCY = re.compile(r"(?:[¥￥$€£]|RMB|CNY|USD|EUR|GBP|元)", re.IGNORECASE)
_SIMPLE = re.compile(r"-?\d{1,12}(?:\.\d+)?")
_WITH_UNIT = re.compile(r"([-+(]?[\d.,' ]*\d\.?\)?)\s*([^\d\s.,'()%+-][^\d]*)")
_PERIODS = re.compile(r"[-+]?[1-9]\d{0,2}(?:[.,]\d{3})+")

_PERCENT = N_("“{typed}” is a percentage; a number is needed here.")
_UNIT = N_("“{typed}”: the unit “{unit}” is not known here; write the number alone.")
_IS_DATE = N_("“{typed}” is a date; a number is needed here.")
_NOT_A_NUMBER = N_("“{typed}” is not a number.")
_SHARE = N_("“{typed}” could be {typed} % or {percent} %. Write it with the % sign.")
_DOUBTFUL = N_("“{typed}” could be {first} or {second}; write it plainly.")


@dataclass(frozen=True)
class NumberRule:
    """What a number column allows. ``factor`` is that of the heading's unit."""

    kind: str
    decimals: int
    allow_negative: bool
    units: Mapping[str, Decimal]
    factor: Decimal = _ONE
    doubtful_commas: bool = False
    """A file cut by semicolons: 1,234 and 1.234 may mean either."""
    exact: bool = True
    """False: digits beyond ``decimals`` of a computed cell are rounded half up."""


def number_rule(field: ImportField, factor: Decimal, *, doubtful_commas: bool) -> NumberRule:
    """The rule of a field: quantities, prices and percentages of a spreadsheet's formula are
    rounded to what the database keeps (DESIGN section 4) when the field says no decimals.
    """
    decimals = NUMBER_DECIMALS[field.kind] if field.decimals is None else field.decimals
    exact = field.decimals is not None or field.kind in ("money", "integer")
    units = {plain(name): value for name, value in field.units.items()}
    return NumberRule(
        field.kind, decimals, field.allow_negative, units, factor, doubtful_commas, exact
    )


def read_number(cell: Cell, rule: NumberRule) -> tuple[CellValue, Message | None]:
    """The number of a filled cell, or why it is none."""
    value = cell.value
    if isinstance(value, Decimal):
        return _read_stored(value, cell.text, rule)
    if isinstance(value, bool):
        return None, Message(_NOT_A_NUMBER, {"typed": cell.text})
    if not isinstance(value, str):
        return None, Message(_IS_DATE, {"typed": cell.text})
    return _read_text(value, rule)


def _read_stored(value: Decimal, text: str, rule: NumberRule) -> tuple[CellValue, Message | None]:
    if rule.factor == 1 and _fits(value, text, rule):
        return value, None
    if text.endswith("%"):
        if rule.kind != "percent":
            return None, Message(_PERCENT, {"typed": text})
        value = value * 100
    elif rule.kind == "percent" and 0 < abs(value) < 1:
        return None, _share(text)
    elif rule.kind == "money" and _shows_less(text, rule.decimals) and _SIMPLE.fullmatch(text):
        # The sheet shows 12.35 for 12.3456: what people see and add up is taken.
        value = Decimal(text)
    return _judged(value, rule, rounded=not rule.exact)


def _fits(value: Decimal, text: str, rule: NumberRule) -> bool:
    """The common case, decided without looking at single digits."""
    if not 1 <= value < 1_000_000_000:
        return False
    point = text.find(".")
    few = point < 0 or len(text) - point - 1 <= rule.decimals
    return few and text.replace(".", "", 1).isdecimal() and Decimal(text) == value


def _shows_less(text: str, decimals: int) -> bool:
    return 0 < len(text.partition(".")[2]) <= decimals


def _read_text(typed: str, rule: NumberRule) -> tuple[CellValue, Message | None]:
    text = typed.strip() if typed.isascii() else fold_digits(typed)
    if rule.doubtful_commas and _PERIODS.fullmatch(text):
        whole, _, rest = text.replace(",", ".").partition(".")
        facts = {"first": text.replace(",", "").replace(".", ""), "second": f"{whole}.{rest}"}
        return None, Message(_DOUBTFUL, {"typed": typed[:40], **facts})
    simple = _SIMPLE.fullmatch(text)
    if simple and rule.kind != "percent":
        return _judged(Decimal(text), rule)
    if not simple:
        if text.endswith("%"):
            if rule.kind != "percent":
                return None, Message(_PERCENT, {"typed": typed[:40]})
            return _judged(text[:-1].strip(), rule)
        text, factor, problem = _without_signs(text, rule)
        if problem is not None:
            return None, problem
        if factor is not None:
            return _judged(text, NumberRule(**{**vars(rule), "factor": factor}))
    if rule.kind == "percent":
        value, problem = _judged(text, rule)
        if isinstance(value, Decimal) and 0 < abs(value) < 1:
            return None, _share(text)
        return value, problem
    return _judged(text, rule)


def _without_signs(text: str, rule: NumberRule) -> tuple[str, Decimal | None, Message | None]:
    """The bare number, the factor of a unit behind it, or why it cannot be taken."""
    bare = _CURRENCY.sub("", text).strip() if rule.kind in ("price", "money") else text
    if bare.startswith("(") and bare.endswith(")") and rule.kind in ("price", "money"):
        bare = "-" + bare[1:-1].strip()
    found = _WITH_UNIT.fullmatch(bare)
    if found is None:
        return bare, None, None
    unit = found[2].strip()
    factor = rule.units.get(plain(unit))
    if factor is None:
        words = len(unit) > 12 or " " in unit
        sentence = Message(_NOT_A_NUMBER, {"typed": text[:40]})
        return bare, None, sentence if words else Message(_UNIT, {"typed": text[:40], "unit": unit})
    return found[1], factor, None


def _judged(
    number: str | Decimal, rule: NumberRule, *, rounded: bool = False
) -> tuple[CellValue, Message | None]:
    """The number times the factor when the rule allows it."""
    try:
        if isinstance(number, str):
            number = parse_quantity(number, decimals=60, allow_negative=True)
        if rule.factor != 1:
            number = number * rule.factor
        if rounded and -60 < int(number.as_tuple().exponent) < -rule.decimals:
            number = round_half_up(number, rule.decimals)
        return _check(number, rule), None
    except InvalidInput as wrong:
        return None, wrong.problems[0].message


def _check(value: Decimal, rule: NumberRule) -> Decimal:
    """Range and decimals; the common case is decided without building texts."""
    exponent = value.as_tuple().exponent
    common = isinstance(exponent, int) and -rule.decimals <= exponent <= 0
    if common and 0 <= value < 1_000_000_000:
        return value
    return parse_quantity(
        format(value, "f"), decimals=rule.decimals, allow_negative=rule.allow_negative
    )


def _share(text: str) -> Message:
    percent = format((Decimal(text) * 100).normalize(), "f")
    return Message(_SHARE, {"typed": text, "percent": percent})
