"""Until when goods keep: hours and days are spans of time, months are months of the calendar.

The same sums as the database makes for a lot without a date of its own (31 January plus one
month is the last day of February).
"""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta

from desktop_app.core.i18n import N_

UNIT_TITLES = {"hours": N_("hours"), "days": N_("days"), "months": N_("months")}


def keeps_until(made: datetime, amount: int, unit: str) -> datetime:
    """The moment ``amount`` hours, days or months after ``made``.

    Raises ValueError for another unit and OverflowError beyond the year 9999.
    """
    if unit == "hours":
        return made + timedelta(hours=amount)
    if unit == "days":
        return made + timedelta(days=amount)
    if unit != "months":
        raise ValueError(f"no unit of shelf life: {unit}")
    years, month = divmod(made.year * 12 + made.month - 1 + amount, 12)
    if years > 9999:
        raise OverflowError("beyond the calendar")
    last = calendar.monthrange(years, month + 1)[1]
    return made.replace(year=years, month=month + 1, day=min(made.day, last))
