"""Telling a scanner that types from a person that types, by timing alone.

Pure: fed with key texts and the time stamps of their events, it answers what to do with
each key. Figures: scanners leave 0-15 ms between keys (slow Bluetooth up to 40), people
80 ms and more; see DESIGN section 5 and the module's tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAX_GAP_MS = 50
MAX_AVERAGE_GAP_MS = 30
MIN_LENGTH = 4
HOLD_MS = 60
IDLE_MS = 80
GROUP_SEPARATOR = "\x1d"
TERMINATORS = frozenset({"\r", "\n", "\t"})


class Verdict(StrEnum):
    """What to do with the key just fed."""

    HOLD = "hold"  # keep it back: undecided
    TYPING = "typing"  # let it through
    SCAN = "scan"  # swallow it: it ends a scan


@dataclass(frozen=True)
class Decision:
    """``release``: so many held keys, oldest first, must be replayed before this one.

    For SCAN all held keys are dropped and ``code`` is what was scanned, "" for what a scanner
    sends behind the terminator.
    """

    verdict: Verdict
    release: int = 0
    code: str = ""


class WedgeDetector:
    """One stream of keys. Call :meth:`feed` per key and :meth:`idle` when nothing more
    came for :attr:`patience_ms`.

    ``max_gap_ms``: longest pause inside a code. ``prefix``: characters that this scanner
    is set to send before each code; they are cut off, and even a short code counts then.
    ``min_length`` is the shortest code without prefix, ``idle_ms`` the pause that ends a code
    of a scanner that sends no terminator.
    """

    def __init__(
        self,
        max_gap_ms: int = MAX_GAP_MS,
        prefix: str = "",
        min_length: int = MIN_LENGTH,
        idle_ms: int = IDLE_MS,
    ) -> None:
        self._max_gap_ms = max_gap_ms
        self._prefix = prefix
        self._min_length = min_length
        self._idle_ms = idle_ms
        self._keys: list[str] = []
        self._first_ms = 0
        self._last_ms = 0
        self._ended_ms: int | None = None

    @property
    def pending(self) -> bool:
        """True while keys are held back."""
        return bool(self._keys)

    @property
    def patience_ms(self) -> int:
        """How long to wait for the next key: longer once it looks like a scan."""
        return self._idle_ms if self._looks_scanned() else HOLD_MS

    def feed(self, key_text: str, timestamp_ms: int) -> Decision:
        """Judge one key; ``key_text`` is what it types ("" for keys that type nothing)."""
        if key_text in TERMINATORS:
            return self._end(timestamp_ms)
        self._ended_ms = None
        if len(key_text) != 1 or not (key_text.isprintable() or key_text == GROUP_SEPARATOR):
            return Decision(Verdict.TYPING, self._drop())
        release = 0
        if self._keys and not self._continues(timestamp_ms):
            release = self._drop()
        if not self._keys:
            if key_text in (GROUP_SEPARATOR, " "):  # no code starts with these
                return Decision(Verdict.TYPING, release)
            self._first_ms = timestamp_ms
        self._keys.append(key_text)
        self._last_ms = timestamp_ms
        return Decision(Verdict.HOLD, release)

    def idle(self) -> Decision | None:
        """Nothing came for :attr:`patience_ms`: a scan without terminator, or typing."""
        if not self._keys:
            return None
        if self._looks_scanned():
            return Decision(Verdict.SCAN, 0, self._take())
        return Decision(Verdict.TYPING, self._drop())

    def continues(self, timestamp_ms: int) -> bool:
        """True when a key at this moment would belong to what is held."""
        return bool(self._keys) and self._continues(timestamp_ms)

    def just_ended(self, timestamp_ms: int) -> bool:
        """True right behind a code: a second terminator (CR LF, doubled keys) belongs to it."""
        return self._ended_ms is not None and 0 <= timestamp_ms - self._ended_ms <= self._max_gap_ms

    def drop(self) -> int:
        """Forget what is held: it was typing. Returns how many keys."""
        return self._drop()

    def _end(self, timestamp_ms: int) -> Decision:
        if self._keys and self._continues(timestamp_ms) and self._looks_scanned():
            self._ended_ms = timestamp_ms
            return Decision(Verdict.SCAN, 0, self._take())
        if not self._keys and self.just_ended(timestamp_ms):
            return Decision(Verdict.SCAN)
        self._ended_ms = None
        return Decision(Verdict.TYPING, self._drop())

    def _continues(self, timestamp_ms: int) -> bool:
        gap = timestamp_ms - self._last_ms
        if not 0 <= gap <= self._max_gap_ms:
            return False
        # held for HOLD_MS the keys must already be as fast as a scanner's
        waited = timestamp_ms - self._first_ms
        return waited <= HOLD_MS or waited <= self._average_gap_ms * len(self._keys)

    def _looks_scanned(self) -> bool:
        gaps = len(self._keys) - 1
        marked = self._has_prefix()
        if len(self._keys) < (len(self._prefix) + 1 if marked else self._min_length):
            return False
        return self._last_ms - self._first_ms <= self._average_gap_ms * gaps

    @property
    def _average_gap_ms(self) -> int:
        # a workstation with a slow radio scanner allows a longer pause on purpose
        return max(MAX_AVERAGE_GAP_MS, self._max_gap_ms * 3 // 5)

    def _has_prefix(self) -> bool:
        return bool(self._prefix) and "".join(self._keys).startswith(self._prefix)

    def _take(self) -> str:
        code = "".join(self._keys)
        if self._has_prefix():
            code = code[len(self._prefix) :]
        self._keys.clear()
        return code

    def _drop(self) -> int:
        held = len(self._keys)
        self._keys.clear()
        return held
