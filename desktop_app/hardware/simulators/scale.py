"""A scale made of code: put something on it, watch it settle, tare it, overload it.

It knows no cable and no clock of its own: :meth:`SimulatedScale.frame` tells what a continuous
scale would send at a moment, :meth:`SimulatedScale.answer` what it replies to a request.
``simulators.links`` puts it behind a cable.
"""

from __future__ import annotations

import math
import random
import threading
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal

from desktop_app.hardware.scales.protocol import (
    Command,
    Options,
    ScaleProfile,
    Shown,
)
from desktop_app.hardware.scales.reading import Mode
from desktop_app.hardware.scales.registry import PROTOCOLS

SETTLE_S = 0.8
"""Time until a load put down gently stands still."""

_OVER_DIVISIONS = 9
"""A scale shows up to capacity plus nine divisions, then overload."""


class SimulatedScale:
    """Weights are in the profile's unit. Thread-safe: the slider and the cable meet here.

    ``seed`` makes the trembling of an unsettled load repeatable.
    """

    def __init__(self, profile: ScaleProfile, *, seed: int = 1, settle_s: float = SETTLE_S) -> None:
        protocol = PROTOCOLS.get(profile.protocol)
        if protocol is None:
            raise ValueError(f"no such scale protocol: {profile.protocol!r}")
        self.profile, self.protocol = profile, protocol
        self._options: Options = protocol.filled(profile.options)
        self._places = max(0, -int(profile.division.as_tuple().exponent))
        self.settle_s = settle_s
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._load = self._before = Decimal(0)
        self._changed_at = float("-inf")
        self._zero = self._tare = Decimal(0)
        self._asked = b""
        self.pieces_weigh: Decimal | None = None
        """Set: the scale counts pieces of that weight."""

    def put(self, load: Decimal, now: float) -> None:
        """Let ``load`` lie on the pan from now on (0: take everything off)."""
        with self._lock:
            self._before = self._on_pan(now)
            self._load, self._changed_at = load, now

    def shown(self, now: float) -> Shown:
        """What the display shows."""
        with self._lock:
            return self._shown(now)

    def frame(self, now: float) -> bytes:
        """What it sends by itself now; b"" when the protocol has nothing for this state."""
        return self.protocol.encode(self.shown(now), self._options)

    def answer(self, data: bytes, now: float) -> bytes:
        """The reply to what came over the line; requests may come in pieces."""
        reply = b""
        with self._lock:
            for byte in data:
                self._asked = (self._asked + bytes((byte,)))[-32:]
                reply += self._obey(now)
        return reply

    # -- under the lock

    def _obey(self, now: float) -> bytes:
        protocol = self.protocol
        for name, command in (("tare", protocol.tare), ("zero", protocol.zero)):
            if command is not None and self._asked.endswith(command.send):
                self._asked = b""
                return self._commanded(name, command, now)
        prompt = protocol.prompt
        if prompt is not None and self._asked.endswith(prompt[1]):
            self._asked = b""
            return protocol.encode(self._shown(now), self._options)
        question = protocol.question(self._options)
        if question and self._asked.endswith(question):
            self._asked = b""
            return prompt[0] if prompt else protocol.encode(self._shown(now), self._options)
        return b""

    def _commanded(self, name: str, command: Command, now: float) -> bytes:
        shown = self._shown(now)
        if not shown.stable or shown.overload or shown.underload:
            return command.reply_refused
        on_pan = self._rounded(self._on_pan(now))
        if name == "tare":
            self._tare = on_pan - self._zero
        else:
            self._zero, self._tare = on_pan, Decimal(0)
        return command.reply

    def _shown(self, now: float) -> Shown:
        profile = self.profile
        gross = self._rounded(self._on_pan(now)) - self._zero
        limit = profile.capacity + _OVER_DIVISIONS * profile.division
        told = Shown(
            gross - self._tare,
            profile.unit,
            self._places,
            now - self._changed_at >= self.settle_s,
            Mode.NET if self._tare else Mode.GROSS,
            overload=gross > limit,
            underload=gross < -20 * profile.division,
            tare=self._tare,
        )
        if self.pieces_weigh and not told.overload:
            count = (told.value / self.pieces_weigh).to_integral_value(ROUND_HALF_EVEN)
            return replace(told, value=count, places=0, mode=Mode.COUNT)
        return told

    def _on_pan(self, now: float) -> Decimal:
        """The load as the cell feels it: it swings in, then lies still."""
        passed = now - self._changed_at
        if passed >= self.settle_s:
            return self._load
        left = math.exp(-5 * max(0.0, passed) / self.settle_s)
        swing = left * math.cos(12 * passed) + left * self._random.uniform(-0.05, 0.05)
        part = Decimal(repr(round(swing, 6)))
        return self._load - (self._load - self._before) * part

    def _rounded(self, value: Decimal) -> Decimal:
        steps = (value / self.profile.division).to_integral_value(ROUND_HALF_EVEN)
        return steps * self.profile.division
