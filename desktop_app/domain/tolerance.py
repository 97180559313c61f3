"""How much more than ordered may come, and whether a weight fits a count."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A percentage (2 means 2 %) and an absolute amount; the larger of the two counts."""

    percent: Decimal = _ZERO
    absolute: Decimal = _ZERO

    def __post_init__(self) -> None:
        if self.percent < 0 or self.absolute < 0:
            raise ValueError("a tolerance is not negative")

    def of(self, base: Decimal) -> Decimal:
        """Allowed deviation from ``base``, in the unit of ``base``."""
        return max(abs(base) * self.percent / _HUNDRED, self.absolute)


@dataclass(frozen=True, slots=True)
class OverReceipt:
    """Verdict on a receipt, base units. ``over`` is what exceeds the order (0 if none)."""

    over: Decimal
    allowed: Decimal
    ok: bool


def check_over_receipt(
    ordered: Decimal, received_before: Decimal, now: Decimal, tolerance: Tolerance
) -> OverReceipt:
    """Whether receiving ``now`` more stays within the order plus its tolerance.

    The tolerance is of the ordered quantity, for all part receipts together, so that
    many small receipts cannot exceed what one large one may not.
    """
    over = max(_ZERO, received_before + now - ordered)
    allowed = tolerance.of(ordered)
    return OverReceipt(over, allowed, over <= allowed)


@dataclass(frozen=True, slots=True)
class WeighingVerdict:
    """Does the net weight fit the count? Weights in grams.

    ``difference_g`` = weighed − expected. ``like_count`` is the number of pieces this
    weight stands for ("weighs like 236").
    """

    ok: bool
    expected_g: Decimal
    difference_g: Decimal
    like_count: Decimal
    allowed_g: Decimal


def check_weight(
    count: Decimal, weighed_g: Decimal, unit_weight_g: Decimal, tolerance: Tolerance
) -> WeighingVerdict:
    """Compare a net weight with unit weight × count.

    ``tolerance.percent`` is of the expected weight, ``tolerance.absolute`` grams (at least
    the scale's division); the larger of the two is allowed, limit included. Pieces by
    weight = net weight ÷ unit weight, half up to whole ones. Raises ValueError for a unit
    weight not above zero, a negative count or a negative weight.
    """
    if unit_weight_g <= 0:
        raise ValueError("a unit weight is above zero")
    if count < 0 or weighed_g < 0:
        raise ValueError("counts and weights are not negative")
    expected = count * unit_weight_g
    difference = weighed_g - expected
    allowed = tolerance.of(expected)
    like = _EXACT.divide(weighed_g, unit_weight_g).to_integral_value(ROUND_HALF_UP)
    return WeighingVerdict(abs(difference) <= allowed, expected, difference, like, allowed)


def net_weight(gross_g: Decimal, tare_g: Decimal) -> Decimal:
    """Gross − tare, grams. Raises ValueError when the tare weighs more than the whole."""
    if tare_g < 0 or gross_g < tare_g:
        raise ValueError("the tare weighs more than the whole")
    return gross_g - tare_g
