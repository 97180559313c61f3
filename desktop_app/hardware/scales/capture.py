"""Taking over a weight once per load, by itself or by hand.

By itself: a stable weight above the minimum, once; then the pan must come back near zero.
By hand: any number shown may be taken; the record says so and whether it stood still.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_
from desktop_app.domain.quantities import format_quantity
from desktop_app.hardware.scales.reading import Mode, Reading


@dataclass(frozen=True)
class Weighed:
    """A reading as the device tells it on: judged, with its unit, at a moment.

    ``at`` is monotonic seconds; ``unit`` is never None (the profile fills it).
    ``tare`` is set when this program took a tare off, None when the scale did or nobody.
    """

    reading: Reading
    unit: str
    steady: bool
    at: float
    tare: Decimal | None = None

    @property
    def value(self) -> Decimal | None:
        """The weight after this program's own tare; None for overload and errors."""
        if self.reading.value is None or self.tare is None:
            return self.reading.value
        return self.reading.value - self.tare


@dataclass(frozen=True)
class Captured:
    """A weight taken over. ``manual``: a person pressed the key, perhaps before it was steady."""

    value: Decimal
    unit: str
    mode: Mode
    steady: bool
    manual: bool
    raw: bytes
    tare: Decimal | None = None

    def as_evidence(self, device: str) -> dict[str, str]:
        """Plain JSON for the evidence of an act."""
        told = {
            "value": format_quantity(self.value),
            "unit": self.unit,
            "mode": self.mode.value,
            "steady": "yes" if self.steady else "no",
            "manual": "yes" if self.manual else "no",
            "scale": device,
            "raw": self.raw.hex(),
        }
        if self.tare is not None:
            told["tare"] = format_quantity(self.tare)
        return told


class AutoCapture:
    """Fed each Weighed of one scale. Weights are in the scale's unit.

    ``near_zero``: how near the pan must come back before the next load counts; by default
    half of ``min_weight``.
    """

    def __init__(self, min_weight: Decimal, near_zero: Decimal | None = None) -> None:
        if min_weight <= 0:
            raise ValueError("the least weight must be more than zero")
        self._min_weight = min_weight
        self._near_zero = min_weight / 2 if near_zero is None else near_zero
        self._armed = False
        self._unit: str | None = None

    @property
    def armed(self) -> bool:
        """True when the next steady load is taken; False until the pan was empty."""
        return self._armed

    def see(self, weighed: Weighed) -> Captured | None:
        """The weight to take over now, at most once per load."""
        if weighed.unit != self._unit:
            self._unit, self._armed = weighed.unit, False
        value = weighed.value
        if value is None:
            return None
        gross = weighed.reading.value or value
        if min(abs(value), abs(gross)) <= self._near_zero:
            # empty, or empty but for the box whose tare this program took: the load is gone
            self._armed = True
            return None
        if not (self._armed and weighed.steady and value >= self._min_weight):
            return None
        self._armed = False
        return _taken(weighed, value, manual=False)

    def take_by_hand(self, weighed: Weighed | None) -> Captured:
        """What is shown now, steady or not; the load then counts as taken.

        Raises UserError when no number is shown.
        """
        if weighed is None or (value := weighed.value) is None:
            raise UserError(_NO_WEIGHT)
        self._armed = False
        return _taken(weighed, value, manual=True)

    def reset(self) -> None:
        """Wait for an empty pan (a new document, a broken line)."""
        self._armed = False


_NO_WEIGHT = N_("The scale shows no weight that could be taken over.")


def _taken(weighed: Weighed, value: Decimal, *, manual: bool) -> Captured:
    reading = weighed.reading
    return Captured(
        value, weighed.unit, reading.mode, weighed.steady, manual, reading.raw, weighed.tare
    )
