"""How much of an order a deposit (定金) locks."""

from __future__ import annotations

from decimal import Decimal

_ZERO = Decimal(0)


def locked_share(qty: Decimal, paid: Decimal, gross: Decimal, decimals: int) -> Decimal:
    """The part of ``qty`` that ``paid`` out of ``gross`` locks, in the line's base unit.

    The paid share of every line (DESIGN section 4), rounded down to what the unit can
    count, so that never more is locked than was paid for; paid in full locks all of it.
    Raises ValueError when ``gross`` is not above zero or ``paid`` is negative.
    """
    if gross <= 0 or paid < 0:
        raise ValueError("a share needs an amount above zero and no negative payment")
    if paid >= gross:
        return qty
    step = Decimal(1).scaleb(-decimals)
    return max(_ZERO, (qty * paid) // (gross * step) * step)
