"""A scanner with a line of its own as ``hardware.runner`` serves it: it only speaks, nothing is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from desktop_app.core.i18n import N_, Message
from desktop_app.hardware.lamp import Colour, Lamp
from desktop_app.hardware.scanners.profile import ScannerProfile
from desktop_app.hardware.scanners.serial_framing import IDLE_S, RawCode, SerialFraming

OnCode = Callable[[str, str, bytes], None]
"""Text with GS restored, symbology identifier, the bytes as they came."""


class Framing(Protocol):
    """Cuts what comes into codes; ``dropped`` bytes belonged to none."""

    dropped: int

    def reset(self) -> None: ...
    def feed(self, data: bytes, now: float, /) -> list[RawCode]: ...
    def idle(self, now: float, /) -> list[RawCode]: ...


_READY = Lamp(Colour.GREEN, Message(N_("Ready to scan.")))
_NOISE = Lamp(
    Colour.AMBER,
    Message(N_("What arrives is not a code.")),
    Message(N_("Check speed and parity of the connection, and that a scanner is connected.")),
)


class ScannerConversation:
    """Hands each code to ``on_code``, from the device's thread.

    An open line is a ready scanner: it has nothing to say until somebody scans.
    """

    def __init__(
        self,
        on_code: OnCode,
        profile: ScannerProfile | None = None,
        framing: Framing | None = None,
    ) -> None:
        self._on_code = on_code
        self._profile = profile or ScannerProfile()
        self._framing: Framing = framing or SerialFraming(IDLE_S)
        self._noisy = False

    def opened(self, now: float) -> None:
        """The line is there (again)."""
        self._framing.reset()
        self._noisy = False

    def received(self, data: bytes, now: float) -> None:
        """Bytes came."""
        before = self._framing.dropped
        self._hand_over(self._framing.feed(data, now))
        self._noisy = self._noisy or self._framing.dropped > before

    def closed(self, now: float) -> None:
        """The line is gone."""
        self._framing.reset()

    def due(self, now: float) -> bytes:
        """Nothing is ever sent; a pause may have ended a code."""
        self._hand_over(self._framing.idle(now))
        return b""

    def lamp(self, now: float) -> Lamp:
        """How it looks while the line is open."""
        return _NOISE if self._noisy else _READY

    def _hand_over(self, codes: list[RawCode]) -> None:
        for code in codes:
            self._noisy = False
            self._on_code(self._profile.undo(code.text), code.symbology, code.raw)
