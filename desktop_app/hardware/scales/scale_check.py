"""The check of a scale with test weights at 25, 50 and 100 percent of its capacity.

Allowed error in service: class III of OIML R 76-1 (table 6, doubled for scales in use; the
Chinese JJG 539 has the same): one division up to 500 divisions, two up to 2,000, three above.
A tolerance of the company, when stricter or wider on purpose, goes before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.weighing import grams

SHARES = (25, 50, 100)
"""Percent of the capacity to check at."""

_STEPS = ((Decimal(500), Decimal(1)), (Decimal(2000), Decimal(2)))
_BEYOND = Decimal(3)

_PASSED = N_("{shown} g for {load} g: within ± {allowed} g.")
_FAILED = N_("{shown} g for {load} g: off by {error} g, allowed are ± {allowed} g. Do not weigh.")


@dataclass(frozen=True)
class CheckVerdict:
    """One test weight. All weights in grams; ``error_g`` = shown − load."""

    load_g: Decimal
    shown_g: Decimal
    error_g: Decimal
    tolerance_g: Decimal
    passed: bool

    @property
    def message(self) -> Message:
        """The sentence of the record."""
        facts = {
            "shown": format_quantity(self.shown_g),
            "load": format_quantity(self.load_g),
            "allowed": format_quantity(self.tolerance_g),
        }
        if self.passed:
            return Message(_PASSED, facts)
        return Message(_FAILED, facts | {"error": format_quantity(self.error_g)})


def loads(capacity: Decimal, division: Decimal) -> tuple[Decimal, ...]:
    """The weights to put on, in the unit of ``capacity``, on whole divisions.

    Raises ValueError when capacity or division is not above zero.
    """
    if capacity <= 0 or division <= 0:
        raise ValueError("capacity and division are above zero")
    steps = capacity / division
    return tuple(
        (steps * share / 100).to_integral_value(ROUND_FLOOR) * division for share in SHARES
    )


def allowed_error(load_g: Decimal, division_g: Decimal) -> Decimal:
    """The largest permissible error in grams of a class III scale in use."""
    if division_g <= 0:
        raise ValueError("a division is above zero")
    steps = abs(load_g) / division_g
    return division_g * next((times for most, times in _STEPS if steps <= most), _BEYOND)


def judge(
    load_g: Decimal, shown: Decimal, unit: str, division_g: Decimal, tolerance_g: Decimal | None
) -> CheckVerdict:
    """Whether ``shown`` ``unit`` is right for a test weight of ``load_g`` grams.

    ``tolerance_g`` None takes the legal one. Raises InvalidInput when the scale shows no unit of
    weight or the test weight is not above zero.
    """
    if load_g <= 0:
        raise InvalidInput((FieldProblem("load", Message(N_("Enter the test weight."))),))
    shown_g = grams(shown, unit)
    allowed = allowed_error(load_g, division_g) if tolerance_g is None else tolerance_g
    error = shown_g - load_g
    return CheckVerdict(load_g, shown_g, error, allowed, abs(error) <= allowed)


def all_passed(verdicts: tuple[CheckVerdict, ...]) -> bool:
    """Whether the scale may be used: something was checked, and everything passed."""
    return bool(verdicts) and all(verdict.passed for verdict in verdicts)
