"""How a stored number looks in its cell: a date, a percentage, with leading zeros, or plain.

Excel keeps only numbers; whether 45678 is a day, a code or a quantity is said by the number
format (ECMA-376 part 1, 18.8.30). The stored digits are those of a binary double; what a
person sees are at most 15 of them, so 0.30000000000000004 is 0.3.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from desktop_app.core.i18n import N_, Message
from desktop_app.exchange.importing.cells import Cell

_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_MOST_DIGITS = 25
_SECONDS = Decimal(86_400)
_DAY_0 = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's day has no zone
_DAY_0_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_LEAP_BUG = 60
"""Excel counts the 29 February 1900, which never was (its day 60)."""

_NOT_A_NUMBER = N_("Cell {cell} holds “{text}”, which is no number.")
_NO_DAY = N_("Cell {cell}: {text} is no day Excel knows.")

_DATES = frozenset((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)))
_ELAPSED = 46
_PERCENTS = frozenset((9, 10))
_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00"}

_ASIDE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_READY = re.compile(r"(?:-?[1-9]\d*|0)(?:\.\d*[1-9])?|-0\.\d*[1-9]")
"""Digits that already are what a person sees."""
_LITERAL = re.compile(r'"[^"]*"|\\.')
_CODE = re.compile(r'(?:"[^"]*"|\\.|[0#\- /()])+')
_FIXED = re.compile(r"[#,0?]*\.0+")
_MONEY = ("", "元", "RMB", "CNY", "USD", "EUR", "HK")
_CODE_PART = re.compile(r'"([^"]*)"|\\(.)|(.)')

Look = Callable[[str, str], Cell]
"""look(stored digits, name of the cell such as "B7") -> the cell."""


def excel_number(stored: str) -> Decimal:
    """The number a spreadsheet shows for the ``stored`` digits: at most 15 of them count.

    Raises ValueError when they are no finite number.
    """
    try:
        value = Decimal(stored)
    except InvalidOperation:
        raise ValueError(stored) from None
    if not value.is_finite():
        raise ValueError(stored)
    if len(stored) <= 15 and value.as_tuple().exponent <= 0:  # type: ignore[operator]
        return value
    value = _FIFTEEN.plus(value).normalize(_FIFTEEN)
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and 0 < exponent <= _MOST_DIGITS:
        return value.quantize(Decimal(1), context=_EXACT)
    return value


def plain_text(value: Decimal) -> str:
    """``value`` written out, without trailing zeros; very large ones keep their exponent."""
    if abs(value.adjusted()) > _MOST_DIGITS:
        return str(value)
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def serial_day(serial: Decimal, *, epoch_1904: bool = False) -> datetime | None:
    """The moment of an Excel day number, to the second; None when there is no such day."""
    if not 0 <= serial < 2_958_466:
        return None
    if epoch_1904:
        start = _DAY_0_1904
    elif serial >= _LEAP_BUG + 1:
        start = _DAY_0
    elif serial >= _LEAP_BUG:
        return None
    else:
        start = _DAY_0 + timedelta(days=1)
    return start + timedelta(seconds=int((serial * _SECONDS).to_integral_value(ROUND_HALF_UP)))


def look_of(number_format: str | int, *, epoch_1904: bool = False) -> Look:
    """How cells with this format (its text, or the number of a built-in one) look."""
    if isinstance(number_format, int):
        if number_format in _DATES:
            return _date_look(epoch_1904)
        if number_format == _ELAPSED:
            return _elapsed
        if number_format in _PERCENTS:
            return _percent
        number_format = _BUILT_IN.get(number_format, "General")
    section = number_format.partition(";")[0]
    bare = _ASIDE.sub("", section)
    if re.search(r"\[[hms]+\]", bare, re.IGNORECASE):
        return _elapsed
    if re.search(r"[ymdhs]", bare, re.IGNORECASE) and "general" not in bare.lower():
        return _date_look(epoch_1904)
    if "%" in bare:
        return _percent
    return _code_look(section) or _plain


def _plain(stored: str, name: str) -> Cell:
    if len(stored) <= 15 and _READY.fullmatch(stored):
        return Cell(Decimal(stored), stored)
    try:
        value = excel_number(stored)
    except ValueError:
        return _no_number(stored, name)
    return Cell(value, plain_text(value))


def _no_number(stored: str, name: str) -> Cell:
    return Cell(None, stored, Message(_NOT_A_NUMBER, {"cell": name, "text": stored[:40]}))


def _percent(stored: str, name: str) -> Cell:
    try:
        value = excel_number(stored)
    except ValueError:
        return _no_number(stored, name)
    return Cell(value, plain_text(_EXACT.multiply(value, Decimal(100))) + "%")


def _elapsed(stored: str, name: str) -> Cell:
    """A duration is told as a text: no field takes it for a number or a day."""
    try:
        seconds = int((excel_number(stored) * _SECONDS).to_integral_value(ROUND_HALF_UP))
    except (ValueError, InvalidOperation):
        return _no_number(stored, name)
    text = f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return Cell(text, text)


def _date_look(epoch_1904: bool) -> Look:
    def look(stored: str, name: str) -> Cell:
        try:
            serial = excel_number(stored)
        except ValueError:
            return _no_number(stored, name)
        moment = serial_day(serial, epoch_1904=epoch_1904)
        if moment is None:
            return Cell(None, stored, Message(_NO_DAY, {"cell": name, "text": stored[:40]}))
        if serial < 1 and not epoch_1904:
            text = f"{moment:%H:%M:%S}"
            return Cell(text, text)
        if serial == int(serial):
            day: date = moment.date()
            return Cell(day, day.isoformat())
        return Cell(moment, moment.isoformat(" "))

    return look


def _code_look(section: str) -> Look | None:
    """Leading zeros, fixed decimals and letters around them, as on the screen."""
    section = re.sub(r"\[[^\]]*\]|[_*].", "", section)
    literal = "".join(m[0] or m[1] for m in re.findall(r'"([^"]*)"|\\(.)', section)).strip()
    bare = _LITERAL.sub("", section)
    if literal.upper() not in _MONEY and re.search(r"[^\W\d_]", literal):
        return _lettered(section, bare)
    if _FIXED.fullmatch(bare):
        return _fixed(len(bare.partition(".")[2]))
    whole = _CODE.fullmatch(section) and "." not in bare
    if whole and (bare.count("0") > 1 or re.search(r"[- /()]", bare + literal)):
        return _padded(section)
    return None


def _lettered(section: str, bare: str) -> Look | None:
    """A number shown as "12个" or "SKU0012" is that text: the letters mean something."""
    if not re.fullmatch(r"[#,0?]*(?:\.[0#?]+)?", bare.strip()):
        return None
    first = re.search(r"[#0?]", section)
    last = re.search(r"[#0?][^#0?]*$", section)
    if first is None or last is None:
        return None
    before, after = (
        "".join(m[0] or m[1] or m[2] for m in _CODE_PART.findall(part))
        for part in (section[: first.start()], section[last.start() + 1 :])
    )
    inner = _code_look(section[first.start() : last.start() + 1]) or _plain

    def look(stored: str, name: str) -> Cell:
        cell = inner(stored, name)
        if not isinstance(cell.value, Decimal):
            return cell
        text = f"{before}{cell.text}{after}".strip()
        return Cell(text, text)

    return look


def _fixed(decimals: int) -> Look:
    step = Decimal(1).scaleb(-decimals)

    def look(stored: str, name: str) -> Cell:
        cell = _plain(stored, name)
        if not isinstance(cell.value, Decimal) or abs(cell.value) >= 10**_MOST_DIGITS:
            return cell
        return Cell(cell.value, format(cell.value.quantize(step, context=_EXACT), "f"))

    return look


def _padded(section: str) -> Look:
    parts = [(m[0] or m[1], m[2]) for m in _CODE_PART.findall(section)]

    def look(stored: str, name: str) -> Cell:
        cell = _plain(stored, name)
        value = cell.value
        whole = isinstance(value, Decimal) and value >= 0 and value == value.to_integral_value()
        if not whole or len(cell.text) > _MOST_DIGITS:
            return cell
        return Cell(value, _fill(parts, cell.text))

    return look


def _fill(parts: list[tuple[str, str]], digits: str) -> str:
    """Put ``digits`` into the places of a format, from the right; surplus ones lead."""
    left = list(digits.lstrip("0"))
    out: list[str] = []
    places = sum(1 for _, sign in parts if sign in ("0", "#"))
    for literal, sign in reversed(parts):
        if sign not in ("0", "#"):
            out.append(literal or sign)
            continue
        places -= 1
        out.append(left.pop() if left else "0" if sign == "0" else "")
        if not places:
            out.extend(reversed(left))
            left = []
    return "".join(reversed(out))
