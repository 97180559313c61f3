"""The only place that reads the clock.

Posted acts never use this clock: the database server stamps them, so a PC with a
wrong clock cannot move an act in time. Here are file names, defaults and time-outs.
"""

from __future__ import annotations

import time
from datetime import date, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; replaced by a fixed one in tests."""

    def now(self) -> datetime:
        """Now, with time zone."""
        ...


class SystemClock:
    """The PC's own clock in its local time zone."""

    def now(self) -> datetime:
        return datetime.now().astimezone()


class FixedClock:
    """A clock that stands still, for tests, golden files and the demo."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


_clock: Clock = SystemClock()


def use_clock(clock: Clock) -> None:
    """Replace the clock of the whole program (tests, demo)."""
    global _clock
    _clock = clock


def now() -> datetime:
    """Now, with the local time zone."""
    return _clock.now()


def today() -> date:
    """The local calendar day."""
    return _clock.now().date()


def monotonic() -> float:
    """Seconds that never run backwards, for durations only."""
    return time.perf_counter()
