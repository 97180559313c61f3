"""Dates the way accountants type them.

T is today, "5" the 5th of this month, "+3" in three days, "-1" yesterday, "0105" and
"1-5" the 5th of January of this year; full dates with any of - / . between the parts.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from desktop_app.core import clock

_STEP = re.compile(r"[+-]\d{1,4}")
_PARTS = re.compile(r"(?:(\d{4}|\d{2})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")


def read_date(text: str) -> date | None:
    """The date that ``text`` means, or None when it means none."""
    plain = text.strip().lower()
    today = clock.today()
    if plain in ("t", "今", "今天"):
        return today
    if _STEP.fullmatch(plain):
        return today + timedelta(days=int(plain))
    try:
        return _calendar_date(plain, today)
    except ValueError:
        return None


def shift_date(current: date | None, key: str) -> date | None:
    """What a single key makes of the date in a field; None when the key means nothing.

    t today, + and - a day, m and h first and last day of the month, y and r of the year.
    """
    base = current or clock.today()
    if key == "t":
        return clock.today()
    if key in "+=":
        return base + timedelta(days=1)
    if key in "-_":
        return base - timedelta(days=1)
    if key == "m":
        return base.replace(day=1)
    if key == "h":
        return (base.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if key == "y":
        return base.replace(month=1, day=1)
    return base.replace(month=12, day=31) if key == "r" else None


def _calendar_date(plain: str, today: date) -> date | None:
    if plain.isdigit():
        if len(plain) <= 2:
            return today.replace(day=int(plain))
        if len(plain) == 4:
            return date(today.year, int(plain[:2]), int(plain[2:]))
        if len(plain) == 8:
            return date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
        return None
    match = _PARTS.fullmatch(plain)
    if match is None:
        return None
    year = match.group(1) or str(today.year)
    full = year if len(year) == 4 else f"20{year}"
    return date(int(full), int(match.group(2)), int(match.group(3)))
