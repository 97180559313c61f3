"""Days and moments as people write them; what can be read in two ways is decided by the column.

"2-Jun-06" and 2026年1月5日 say it themselves. "1/2/07" does not: the whole column is looked at,
and when no cell of it can be read in one way only, the cell is refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from desktop_app.core.i18n import N_, Message
from desktop_app.exchange.importing.number_looks import serial_day

ORDERS: dict[str, str] = {
    "dmy": N_("Day, month, year"),
    "mdy": N_("Month, day, year"),
    "ymd": N_("Year, month, day"),
}
"""How days may be written in numbers, with what the person chooses from."""

_NO_DATE = N_("“{typed}” is not a date; write 2026-01-31.")
_TWO_WAYS = N_(
    "“{typed}” could be {first} or {second}, and the column does not tell. Say how its days are"
    " written."
)
_UNLIKELY = N_("“{typed}” is not a likely date.")

_TIME = (
    r"(?:[T\s,]\s*(\d{1,2})[:时点](\d{2})(?:[:分](\d{2})(?:\.\d+)?秒?)?分?"
    r"\s*(?:([AaPp])\.?[Mm]\.?)?)?"
)
_YMD = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?" + _TIME)
_SOLID = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?()")
_NAMED = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[-\s/.]*([A-Za-z]{3,9})\.?[-\s/,]*(\d{4}|\d\d)" + _TIME
)
_US_NAMED = re.compile(
    r"([A-Za-z]{3,9})\.?[-\s/]*(\d{1,2})(?:st|nd|rd|th)?[-\s/,]+(\d{4}|\d\d)" + _TIME
)
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)" + _TIME)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
         "aug august", "sep sept september", "oct october", "nov november", "dec december"), 1,
    )
    for name in names.split()
}  # fmt: skip
_FOREVER = date(9999, 12, 31)
_SERIALS = (Decimal(18_264), Decimal(73_051))
"""Day numbers of 1950 to 2099: what an unformatted day cell may hold."""

Reading = tuple[str, datetime]


class TwoWays(Exception):
    """The text can be read in several ways; ``readings`` are (order, moment)."""

    def __init__(self, typed: str, readings: list[Reading]) -> None:
        self.readings = readings
        self.typed = typed
        super().__init__(typed)

    def message(self) -> Message:
        """The refusal of such a cell."""
        days = sorted({moment.date().isoformat() for _, moment in self.readings})
        return Message(_TWO_WAYS, {"typed": self.typed, "first": days[0], "second": days[-1]})


def read_moment(text: str, order: str = "") -> datetime | Message:
    """The moment written in ``text`` (midnight when it has no time).

    ``order`` decides between readings. Raises TwoWays when that is needed and empty.
    """
    found = _plain_moment(text)
    if found is None:
        readings = _readings(text)
        chosen = [moment for way, moment in readings if way == order]
        days = {moment for _, moment in readings}
        if len(days) > 1 and not chosen:
            raise TwoWays(text, readings)
        found = chosen[0] if chosen else next(iter(days), None)
    if found is None:
        return Message(_NO_DATE, {"typed": text[:40]})
    return found if is_likely(found.date()) else Message(_UNLIKELY, {"typed": text[:40]})


def number_moment(value: Decimal, *, epoch_1904: bool) -> datetime | Message:
    """A number in a column of days: 20260105, or an Excel day number without its format."""
    typed = format(value, "f")
    if value == value.to_integral_value() and 19_000_101 <= value <= 21_991_231:
        return read_moment(typed)
    shift = Decimal(1462 if epoch_1904 else 0)
    if _SERIALS[0] <= value + shift < _SERIALS[1]:
        moment = serial_day(value, epoch_1904=epoch_1904)
        if moment is not None:
            return moment
    return Message(_NO_DATE, {"typed": typed[:40]})


def is_likely(day: date) -> bool:
    """Not the year 26 or 3026; 9999-12-31 means never."""
    return 1900 <= day.year <= 2199 or day == _FOREVER


def ways(texts: Iterable[str]) -> str:
    """The only order in which every one of ``texts`` can be read; "" when there is none."""
    left = set(ORDERS)
    for text in texts:
        if _plain_moment(text) is None:
            readings = {way for way, _ in _readings(text)}
            if readings:
                left &= readings
    return left.pop() if len(left) == 1 else ""


def _plain_moment(text: str) -> datetime | None:
    """The moment of a text that can be read in one way only."""
    for pattern, places in ((_YMD, (0, 1, 2)), (_SOLID, (0, 1, 2))):
        found = pattern.fullmatch(text)
        if found:
            year, month, day = (int(found.groups()[place]) for place in places)
            return _moment(year, month, day, found.groups()[3:])
    found = _NAMED.fullmatch(text)
    if found and found[2].lower() in _MONTHS:
        return _moment(
            _year(found[3]), _MONTHS[found[2].lower()], int(found[1]), found.groups()[3:]
        )
    found = _US_NAMED.fullmatch(text)
    if found and found[1].lower() in _MONTHS:
        return _moment(
            _year(found[3]), _MONTHS[found[1].lower()], int(found[2]), found.groups()[3:]
        )
    return None


def _readings(text: str) -> list[Reading]:
    found = _NUMERIC.fullmatch(text)
    return list(_orders(found)) if found else []


def _orders(found: re.Match[str]) -> Iterator[Reading]:
    first, _, second, third, *clock = found.groups()
    year = _year(third)
    tries = [("dmy", year, second, first), ("mdy", year, first, second)]
    # 13/2/07 is not the year 13: who writes the day 07 writes the month 02.
    if len(first) == 2 and len(third) == 2 and not (len(second) == 1 and third[0] == "0"):
        tries.append(("ymd", _year(first), second, third))
    for order, its_year, month, day in tries:
        moment = _moment(its_year, int(month), int(day), clock)
        if moment is not None:
            yield order, moment


def _year(text: str) -> int:
    """Two digits up to 68 are of this century, as in POSIX."""
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year < 69 else 1900)


def _moment(year: int, month: int, day: int, clock: Any) -> datetime | None:
    hour, minute, second, half = (*clock, None, None, None, None)[:4]
    try:
        at = date(year, month, day)
        hours = int(hour or 0)
        if half:
            hours = hours % 12 + (12 if half in "Pp" else 0)
        return datetime.combine(at, time(hours, int(minute or 0), int(second or 0)))
    except ValueError:
        return None
