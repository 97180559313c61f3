"""The small language of the filter row: what a clerk types above a column.

Text: contains; ``=abc`` equals; ``<>abc`` differs; ``=`` empty; ``<>`` not empty; ``a;b`` any of.
Numbers: ``5`` equals, ``>5``, ``>=5``, ``<5``, ``<=5``, ``<>5``, ``1..9`` between.
Dates: ``2026``, ``2026-01`` or a day as a span, ``>=2026-01-05``, ``2026-01-05..2026-02-01``, T.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from desktop_app.core.i18n import N_, Message
from desktop_app.domain.document_type import STATE_TITLES, Editor
from desktop_app.queries.listing import Column, Filter, spoken
from desktop_app.views.base.values import NUMBERS, CannotRead, read_number, read_value

_OPERATOR = re.compile(r"(<>|!=|>=|<=|=|>|<)?(.*)", re.DOTALL)
_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_DATES = (Editor.DATE, Editor.TIMESTAMP)


def parse_filter(column: Column, text: str) -> Filter | None:
    """The filter that ``text`` means for ``column``; None when it is empty.

    Raises CannotRead with a sentence for the clerk.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    match = _OPERATOR.fullmatch(plain)
    operator, rest = (match.group(1) or "", match.group(2).strip()) if match else ("", plain)
    operator = "<>" if operator == "!=" else operator
    if not rest:
        return _emptiness(column, operator, text)
    if column.kind in _DATES:
        return _date_filter(column, operator, rest)
    if column.kind in NUMBERS:
        return _number_filter(column, operator, rest)
    if column.kind is Editor.YES_NO:
        return Filter(column.name, "=", read_value(column.kind, rest))
    return _text_filter(column, operator, rest)


def _emptiness(column: Column, operator: str, text: str) -> Filter:
    if operator == "=":
        return Filter(column.name, "empty")
    if operator == "<>":
        return Filter(column.name, "not_empty")
    raise CannotRead(N_("“{typed}” needs a value after it"), typed=text)


def _text_filter(column: Column, operator: str, rest: str) -> Filter:
    titles = column.labels or (STATE_TITLES if column.name == "state" else {})
    if titles and column.kind is Editor.TEXT and column.name != "state":
        rest = next((code for code, title in titles.items() if spoken(title) == rest), rest)
    elif titles:
        return _coded_filter(column, operator, rest, titles)
    if ";" in rest:
        values = tuple(part.strip() for part in rest.split(";") if part.strip())
        return Filter(column.name, "in", values)
    return Filter(
        column.name, operator if operator in ("=", "<>", ">=", "<=") else "contains", rest
    )


def _coded_filter(
    column: Column, operator: str, rest: str, titles: Mapping[str, str | Message]
) -> Filter:
    """A filter on a stored code, typed as (part of) the words shown for it."""
    wanted = [part.strip().lower() for part in rest.split(";") if part.strip()]
    codes = tuple(
        code
        for code, title in titles.items()
        if any(word in spoken(title).lower() or word == code for word in wanted)
    )
    if not codes:
        raise CannotRead(N_("no state is called “{typed}”"), typed=rest)
    if operator == "<>":
        return Filter(column.name, "in", tuple(code for code in titles if code not in codes))
    return Filter(column.name, "in", codes)


def _number_filter(column: Column, operator: str, rest: str) -> Filter:
    if ".." in rest:
        low, high = (read_number(column.kind, part, negative=True) for part in rest.split("..", 1))
        return Filter(column.name, "between", min(low, high), max(low, high))
    value = read_number(column.kind, rest, negative=True)
    if operator in (">", "<"):
        # The list engine knows >= and <= only; the smallest stored step is 0.000001.
        step = Decimal(1) if column.kind is Editor.INTEGER else Decimal("0.000001")
        return Filter(
            column.name, f"{operator}=", value + step if operator == ">" else value - step
        )
    return Filter(column.name, operator or "=", value)


def _date_filter(column: Column, operator: str, rest: str) -> Filter:
    if ".." in rest:
        first, last = rest.split("..", 1)
        operator, first_day, last_day = "", _span(first)[0], _span(last)[1]
    else:
        first_day, last_day = _span(rest)
    one_day = timedelta(days=1)
    bounds: dict[str, tuple[str, Any, Any]] = {
        ">": (">=", last_day + one_day, None),
        ">=": (">=", first_day, None),
        "<": ("<=", first_day - one_day, None),
        "<=": ("<=", last_day, None),
        "<>": ("<>", first_day, None),
    }
    chosen, low, high = bounds.get(operator, ("between", first_day, last_day))
    if column.kind is Editor.TIMESTAMP:
        low = _moment(low, end=chosen == "<=")
        high = None if high is None else _moment(high, end=True)
    return Filter(column.name, chosen, low, high)


def _moment(day: date, *, end: bool) -> datetime:
    """The first or last instant of a local day, so that a day filter covers the whole day."""
    return datetime.combine(day, time.max if end else time.min).astimezone()


def _span(text: str) -> tuple[date, date]:
    plain = text.strip()
    if _YEAR.fullmatch(plain):
        return date(int(plain), 1, 1), date(int(plain), 12, 31)
    month = _MONTH.fullmatch(plain)
    if month and 1 <= int(month.group(2)) <= 12:
        first = date(int(month.group(1)), int(month.group(2)), 1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    day: date = read_value(Editor.DATE, plain)
    return day, day
