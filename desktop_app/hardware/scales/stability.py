"""Whether a weight stands still.

The scale's own flag wins. Without one the same value must come ``count`` times within
``within_s`` seconds and stay for ``hold_s``; one frame alone is never "stable"
(Yaohua's tF=0 frames carry no flag at all).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from decimal import Decimal

from desktop_app.hardware.scales.reading import Reading

HOLD_S = 0.3


@dataclass(frozen=True)
class StabilityRule:
    """Equal readings needed, and how close together they must be (seconds)."""

    count: int = 4
    within_s: float = 2.0
    hold_s: float = HOLD_S

    def __post_init__(self) -> None:
        if self.count < 2:
            raise ValueError("one reading alone is never stable")


class StabilityJudge:
    """Fed each reading of one scale, in order."""

    def __init__(self, rule: StabilityRule | None = None) -> None:
        self._rule = rule or StabilityRule()
        self._same: deque[float] = deque(maxlen=self._rule.count)
        self._since = 0.0
        self._value: tuple[Decimal | None, str | None, str] = (None, None, "")

    def judge(self, reading: Reading, now: float) -> bool:
        """True when the weight stands still; overload and errors never do."""
        if reading.value is None:
            self.reset()
            return False
        if reading.stable is not None:
            return reading.stable
        key = (reading.value, reading.unit, reading.mode.value)
        if key != self._value:
            self.reset()
            self._value, self._since = key, now
        if self._same and now - self._same[-1] > self._rule.within_s:
            self._same.clear()  # silence in between proves nothing
            self._since = now
        self._same.append(now)
        return (
            len(self._same) == self._rule.count
            and now - self._same[0] <= self._rule.within_s
            and now - self._since >= self._rule.hold_s
        )

    def reset(self) -> None:
        """Begin anew (line broken, value changed)."""
        self._same.clear()
        self._value = (None, None, "")
