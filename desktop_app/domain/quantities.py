"""What a clerk types for a quantity, a price or an amount, read into an exact Decimal.

Typed text comes from keyboards with a Chinese input method (full-width digits), from
scales and from Excel (thousands commas, spaces), so it is folded before it is judged.
Everything that could be meant in two ways is refused with a sentence, never guessed.
The range is that of the database's ``numeric(18,6)``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message

SCALE = 6
"""Decimal places kept by the database for quantities and prices."""

MAX_QUANTITY = Decimal("999999999999.999999")
"""Largest value of ``numeric(18,6)``."""

_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)

_FOLD = str.maketrans({"\u3002": ".", "\u2212": "-", "\u2013": "-", "\u2014": "-"})
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([, '])\d{3})(?:\1\d{3})*(\.\d*)?")

_NOT_A_NUMBER = N_("“{typed}” is not a number.")
_COMMA = N_("“{typed}”: use a point for decimals; commas only separate thousands.")
_EXPONENT = N_("“{typed}”: write the number out, without E.")
_EMPTY = N_("Enter a number.")
_NEGATIVE = N_("It cannot be negative.")
_ZERO = N_("It must be more than zero.")
_TOO_LARGE = N_("{typed} is too large; the limit is {limit}.")
_WHOLE = N_("Whole numbers only; {typed} has decimals.")
_DECIMALS = N_("At most {decimals} decimals; {typed} has more.")


def parse_quantity(
    text: str,
    *,
    decimals: int = SCALE,
    allow_negative: bool = False,
    allow_zero: bool = True,
    field: str = "qty",
    line_no: int | None = None,
) -> Decimal:
    """The number meant by ``text``, in the unit of the field it was typed into.

    ``decimals`` is what the unit of measure allows (0 for pieces). Trailing zeros do not
    count: "2.000" is fine for whole pieces. Raises InvalidInput with one FieldProblem at
    ``field``/``line_no`` when the text is not exactly one allowed number.
    """
    value, message = _read(text)
    if value is not None:
        message = _judge(value, decimals, allow_negative, allow_zero)
    if message is not None or value is None:
        problem = FieldProblem(field, message or Message(_EMPTY), line_no)
        raise InvalidInput((problem,))
    return value


def fold_digits(text: str) -> str:
    """``text`` with full-width characters and Chinese points made plain, ends trimmed."""
    return unicodedata.normalize("NFKC", text.translate(_FOLD)).translate(_FOLD).strip()


def _read(text: str) -> tuple[Decimal | None, Message | None]:
    folded = fold_digits(text)
    if not folded:
        return None, Message(_EMPTY)
    shown = folded if len(folded) <= 40 else folded[:40] + "…"
    if _GROUPED.fullmatch(folded):
        folded = re.sub(r"[, ']", "", folded)
    if _PLAIN.fullmatch(folded) and folded.isascii():
        return Decimal(folded), None
    if re.fullmatch(r"[+-]?[\d.]+[eE][+-]?\d+", folded):
        return None, Message(_EXPONENT, {"typed": shown})
    if re.fullmatch(r"[+-]?[\d,]+(\.\d*)?", folded) and "," in folded:
        return None, Message(_COMMA, {"typed": shown})
    return None, Message(_NOT_A_NUMBER, {"typed": shown})


def _judge(value: Decimal, decimals: int, allow_negative: bool, allow_zero: bool) -> Message | None:
    if value < 0 and not allow_negative:
        return Message(_NEGATIVE)
    if value == 0 and not allow_zero:
        return Message(_ZERO)
    if abs(value) > MAX_QUANTITY:
        return Message(_TOO_LARGE, {"typed": _shorten(value), "limit": format_quantity(_LIMIT)})
    if _places(value) > decimals:
        text = _shorten(value)
        if decimals == 0:
            return Message(_WHOLE, {"typed": text})
        return Message(_DECIMALS, {"decimals": decimals, "typed": text})
    return None


_LIMIT = Decimal(999999999999)


def _shorten(value: Decimal) -> str:
    text = format(value, "f")
    return text if len(text) <= 40 else text[:40] + "…"


def _places(value: Decimal) -> int:
    """Decimal places that carry a digit other than a trailing zero."""
    text = format(value, "f")
    return len(text.partition(".")[2].rstrip("0"))


def format_quantity(value: Decimal, *, grouping: bool = False) -> str:
    """``value`` without trailing zeros and without an exponent; "1,234.5" with grouping."""
    text = format(value, ",f" if grouping else "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def format_fixed(value: Decimal, places: int, *, grouping: bool = True) -> str:
    """``value`` with exactly ``places`` decimals, half up; for money on paper."""
    return format(round_half_up(value, places), ",f" if grouping else "f")


def format_price(value: Decimal) -> str:
    """A price with two decimals, or with as many more as it really has."""
    plain = format_quantity(value)
    return plain if len(plain.partition(".")[2]) > 2 else format_fixed(value, 2, grouping=False)


def round_half_up(value: Decimal, places: int) -> Decimal:
    """``value`` rounded half up (away from zero) to ``places`` decimals."""
    return value.quantize(Decimal(1).scaleb(-places), context=_EXACT)


def convert(qty: Decimal, factor_num: int, factor_den: int, decimals: int = SCALE) -> Decimal:
    """``qty`` × ``factor_num`` / ``factor_den``, half up to ``decimals`` places.

    The factor is a ratio of whole numbers so that 1/3 stays exact until this one rounding
    (DESIGN section 4). Raises ValueError when a factor is not positive.
    """
    if factor_num <= 0 or factor_den <= 0:
        raise ValueError("a unit factor must be positive")
    numerator = _EXACT.multiply(qty, Decimal(factor_num))
    return round_half_up(_EXACT.divide(numerator, Decimal(factor_den)), decimals)


@dataclass(frozen=True)
class Packs:
    """A quantity told in packs: ``count`` whole packs and ``rest`` in the base unit."""

    count: Decimal
    rest: Decimal


def split_packs(qty: Decimal, pack_size: Decimal) -> Packs:
    """Whole packs in ``qty`` and the rest that stays loose (``qty`` >= 0).

    Raises ValueError when ``pack_size`` is not positive or ``qty`` is negative.
    """
    _check_pack(qty, pack_size)
    count = _EXACT.divide(qty, pack_size).to_integral_value(ROUND_FLOOR)
    return Packs(count, qty - count * pack_size)


def packs_up(qty: Decimal, pack_size: Decimal) -> Decimal:
    """How many packs to buy so that at least ``qty`` arrives (rounds up).

    Raises ValueError when ``pack_size`` is not positive or ``qty`` is negative.
    """
    _check_pack(qty, pack_size)
    return _EXACT.divide(qty, pack_size).to_integral_value(ROUND_CEILING)


def _check_pack(qty: Decimal, pack_size: Decimal) -> None:
    if pack_size <= 0:
        raise ValueError("a pack must hold more than nothing")
    if qty < 0:
        raise ValueError("a negative quantity has no packs")
