"""Numbers somebody read off a ruler and typed into a strip."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from desktop_app.core.i18n import tr
from desktop_app.domain.quantities import fold_digits


def read_mm(text: str, most: int) -> Decimal | None:
    """The number typed (full-width digits and a comma will do); None when it is none from 0 to
    ``most``.
    """
    try:
        value = Decimal(fold_digits(text).replace(",", ".").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 <= value <= most else None


def mm_problem(text: str, most: int) -> str:
    """What is wrong with it, or an empty string."""
    return "" if read_mm(text, most) is not None else tr("Between 0 and {most}", most=most)
