"""The conversation with a scale: polls, readings, tare and zero, and what the lamp says."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from desktop_app.core.i18n import N_, Message
from desktop_app.core.logging import get_logger
from desktop_app.domain.weighing import PIECES
from desktop_app.hardware.lamp import WAITING, Colour, Lamp
from desktop_app.hardware.scales.capture import Weighed
from desktop_app.hardware.scales.protocol import Command, ScaleProfile, ScaleProtocol
from desktop_app.hardware.scales.reading import Mode, Reading
from desktop_app.hardware.scales.stability import StabilityJudge, StabilityRule

EXPIRES_S = 2.0
"""A weight older than this is not shown as the present one any more."""

ANSWER_S = 3.0
"""How long to wait for the scale's word on tare and zero."""

_TAIL = 256
_log = get_logger("hardware.scale")


class Outcome(StrEnum):
    """How a command ended."""

    DONE = "done"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    NOT_CONNECTED = "not_connected"
    NOT_SUPPORTED = "not_supported"
    BUSY = "busy"


OUTCOMES: dict[Outcome, str] = {
    Outcome.DONE: N_("Done; the scale has confirmed it."),
    Outcome.REFUSED: N_("The scale refused: unload the pan or wait until it is still."),
    Outcome.NO_ANSWER: N_("The scale did not confirm; look at its display before you go on."),
    Outcome.NOT_CONNECTED: N_("The scale is not connected."),
    Outcome.NOT_SUPPORTED: N_("This scale takes no commands; press the key on the scale."),
    Outcome.BUSY: N_("The scale is still busy with the last command."),
}


@dataclass(frozen=True)
class CommandResult:
    """``command`` is "tare" or "zero"."""

    command: str
    outcome: Outcome

    @property
    def message(self) -> Message:
        """One sentence for the person who pressed the key."""
        return Message(OUTCOMES[self.outcome])


@dataclass
class _Pending:
    name: str
    command: Command
    tell: Callable[[CommandResult], None]
    sent_at: float | None = None
    tail: bytes = b""


class ScaleTalk:
    """One scale's Conversation (see ``hardware.runner``). ``tell`` gets each Weighed.

    Only :meth:`command` and :meth:`latest` may be called from other threads.
    """

    def __init__(
        self,
        protocol: ScaleProtocol,
        profile: ScaleProfile,
        tell: Callable[[Weighed], None] = lambda weighed: None,
        *,
        answer_s: float = ANSWER_S,
    ) -> None:
        self._protocol, self._profile, self._tell = protocol, profile, tell
        self._parser = protocol.new_parser(profile.options)
        self._judge = StabilityJudge(
            StabilityRule(profile.stable_count, float(profile.stable_within_s))
        )
        self._answer_s = answer_s
        self._question = protocol.question(profile.options)
        self._prompted = False
        self._asked = False
        self._unasked_at = float("-inf")
        asked = float(profile.poll_s) if profile.poll_s is not None else protocol.min_poll_s
        self._poll_s = max(asked, protocol.min_poll_s)
        self._lock = threading.Lock()
        self._pending: _Pending | None = None
        self._latest: Weighed | None = None
        self._open = False
        self._opened_at = self._polled_at = self._bytes_at = float("-inf")

    # -- from other threads

    def command(self, name: str, tell: Callable[[CommandResult], None]) -> None:
        """Ask for "tare" or "zero"; ``tell`` is called exactly once with how it ended."""
        command = self._protocol.tare if name == "tare" else self._protocol.zero
        with self._lock:
            if command is None:
                outcome = Outcome.NOT_SUPPORTED
            elif not self._open:
                outcome = Outcome.NOT_CONNECTED
            elif self._pending is not None:
                outcome = Outcome.BUSY
            else:
                self._pending = _Pending(name, command, tell)
                return
        tell(CommandResult(name, outcome))

    def latest(self, now: float) -> Weighed | None:
        """The present weight; None when it is older than EXPIRES_S."""
        latest = self._latest
        return latest if latest is not None and now - latest.at <= EXPIRES_S else None

    # -- from the device's thread

    def opened(self, now: float) -> None:
        self._parser.reset()
        self._judge.reset()
        self._latest = None
        self._opened_at, self._bytes_at = now, float("-inf")
        self._polled_at = float("-inf")
        with self._lock:
            self._open = True

    def closed(self, now: float) -> None:
        self._latest = None
        with self._lock:
            self._open = False
        self._finish(Outcome.NOT_CONNECTED)

    def due(self, now: float) -> bytes:
        pending = self._pending
        if pending is not None:
            if pending.sent_at is None:
                pending.sent_at = now
                return pending.command.send
            if now - pending.sent_at >= self._answer_s:
                self._finish(Outcome.NO_ANSWER)
            elif pending.command.done:
                return b""  # asked once: no polls into its answer
        if self._prompted and self._protocol.prompt is not None:
            self._prompted = False
            return self._protocol.prompt[1]
        if self._question and now - self._polled_at >= self._poll_s and not self._flows(now):
            self._polled_at, self._asked = now, True
            return self._question
        return b""

    def received(self, data: bytes, now: float) -> None:
        self._bytes_at = now
        prompt = self._protocol.prompt
        self._prompted = prompt is not None and data.endswith(prompt[0])
        readings = self._parser.feed(data)
        for reading in readings:
            self._heard(reading, now)
        self._answered(data, readings)

    def lamp(self, now: float) -> Lamp:
        latest = self.latest(now)
        if latest is not None:
            return _lamp_of(latest)
        if now - self._opened_at < EXPIRES_S:
            return WAITING
        if now - self._bytes_at < EXPIRES_S:
            return _GIBBERISH
        return _NO_REPLY if self._question else _SILENT

    def _flows(self, now: float) -> bool:
        """It sends by itself: asking would only make it beep."""
        return self._protocol.sends_by_itself and now - self._unasked_at < EXPIRES_S

    def _heard(self, reading: Reading, now: float) -> None:
        if self._asked:
            self._asked = False
        else:
            self._unasked_at = now
        unit = PIECES if reading.mode is Mode.COUNT else reading.unit or self._profile.unit
        weighed = Weighed(reading, unit, self._judge.judge(reading, now), now)
        self._latest = weighed
        self._tell(weighed)

    def _answered(self, data: bytes, readings: list[Reading]) -> None:
        pending = self._pending
        if pending is None or pending.sent_at is None:
            return
        command = pending.command
        if not command.done:
            # a silent scale: its display tells
            if any(r.value == 0 and r.stable is not False for r in readings):
                self._finish(Outcome.DONE)
            return
        pending.tail = (pending.tail + data)[-_TAIL:]
        if command.refused and re.search(command.refused, pending.tail):
            self._finish(Outcome.REFUSED)
        elif re.search(command.done, pending.tail):
            self._finish(Outcome.DONE)

    def _finish(self, outcome: Outcome) -> None:
        with self._lock:
            pending, self._pending = self._pending, None
        if pending is not None:
            try:
                pending.tell(CommandResult(pending.name, outcome))
            except Exception:
                _log.exception("a listener failed")


def _lamp_of(weighed: Weighed) -> Lamp:
    reading = weighed.reading
    if reading.overload:
        return _OVERLOAD
    if reading.underload:
        return _UNDERLOAD
    if reading.error:
        return Lamp(
            Colour.AMBER,
            Message(N_("The scale reports error {code}."), {"code": reading.error}),
            Message(N_("Look the code up in the manual of the scale.")),
        )
    return _STEADY if weighed.steady else _MOVING


_STEADY = Lamp(Colour.GREEN, Message(N_("Weighing; the weight is steady.")))
_MOVING = Lamp(Colour.AMBER, Message(N_("The weight is not steady.")))
_OVERLOAD = Lamp(Colour.AMBER, Message(N_("Overload.")), Message(N_("Take something off the pan.")))
_UNDERLOAD = Lamp(
    Colour.AMBER,
    Message(N_("Below zero range.")),
    Message(N_("Put the pan on, empty it and press zero.")),
)
_GIBBERISH = Lamp(
    Colour.AMBER,
    Message(N_("Data arrives, but not in this protocol or at this speed.")),
    Message(N_("Let the program detect the scale again, or look at the byte log.")),
)
_SILENT = Lamp(
    Colour.AMBER,
    Message(N_("Connected, but the scale sends nothing; its state is unknown.")),
    Message(N_("Switch the scale on and set its output to continuous sending.")),
)
_NO_REPLY = Lamp(
    Colour.AMBER,
    Message(N_("The scale does not answer; its state is unknown.")),
    Message(N_("Check that it is on, its cable, and its command mode and speed.")),
)
