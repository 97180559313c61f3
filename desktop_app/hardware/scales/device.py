"""A scale that runs: protocol, connection, thread, byte log and lamp in one object."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop_app.core import clock
from desktop_app.core.logging import get_logger
from desktop_app.hardware.byte_log import ByteLog
from desktop_app.hardware.lamp import Lamp
from desktop_app.hardware.runner import RECONNECT_S, DeviceRunner
from desktop_app.hardware.scales.capture import Weighed
from desktop_app.hardware.scales.protocol import ScaleProfile
from desktop_app.hardware.scales.registry import PROTOCOLS
from desktop_app.hardware.scales.talk import ANSWER_S, CommandResult, Outcome, ScaleTalk
from desktop_app.hardware.scales.tare import ProgramTare
from desktop_app.hardware.simulators.desk import SIMULATED, DeskTransport
from desktop_app.hardware.transports.registry import transport_from
from desktop_app.hardware.transports.transport import Transport

Listener = Callable[[Weighed], None]
_log = get_logger("hardware.scale")


class ScaleDevice:
    """One scale. Listeners are called from its thread. All methods are safe from any thread.

    Raises ValueError at construction when the profile's protocol is not known, InvalidInput
    when its pattern is wrong.
    """

    def __init__(
        self,
        name: str,
        profile: ScaleProfile,
        make_transport: Callable[[], Transport],
        *,
        log_path: Path | None = None,
        now: Callable[[], float] = clock.monotonic,
        reconnect_s: Sequence[float] = RECONNECT_S,
        answer_s: float = ANSWER_S,
    ) -> None:
        protocol = PROTOCOLS.get(profile.protocol)
        if protocol is None:
            raise ValueError(f"no such scale protocol: {profile.protocol!r}")
        self.name, self.profile, self.protocol = name, profile, protocol
        self.byte_log = ByteLog(log_path)
        self._now = now
        self._listeners: list[Listener] = []
        self._box = ProgramTare()
        self._talk = ScaleTalk(protocol, profile, self._tell, answer_s=answer_s)
        self._runner = DeviceRunner(
            name,
            make_transport,
            self._talk,
            byte_log=self.byte_log,
            now=now,
            reconnect_s=reconnect_s,
        )

    @staticmethod
    def from_settings(
        name: str, settings: Mapping[str, Any], log_path: Path | None = None
    ) -> ScaleDevice:
        """The scale kept as ``{"transport": {…}, "profile": {…}}`` with its device.

        The kind "simulated" is a scale of code, see ``simulators.desk``.
        Raises ValueError when the settings are incomplete.
        """
        connection = dict(settings.get("transport") or {})
        profile = ScaleProfile.from_settings(settings.get("profile") or {})
        if connection.get("kind") == SIMULATED:
            return ScaleDevice(name, profile, lambda: DeskTransport(name, profile))
        transport_from(connection, name)  # wrong settings are told now, not in the thread
        return ScaleDevice(
            name, profile, lambda: transport_from(connection, name), log_path=log_path
        )

    @property
    def lamp(self) -> Lamp:
        """The lamp now."""
        return self._runner.lamp

    @property
    def latest(self) -> Weighed | None:
        """The present weight; None when nothing came for two seconds."""
        latest = self._talk.latest(self._now())
        return None if latest is None else self._box.apply(latest)

    @property
    def box(self) -> Decimal | None:
        """The tare this program takes off, None for none (the scale's own is not ours)."""
        return self._box.tare

    def take_box_off(self) -> Decimal | None:
        """What lies on the pan is the empty box: this program takes it off from now on; an
        empty pan ends that. The scale's own tare wins.

        Raises UserError when the scale shows a net weight, no number, or is not steady.
        """
        latest = self._talk.latest(self._now())
        on_pan = latest.reading.value if latest is not None else None
        if on_pan is not None and abs(on_pan) < self.profile.min_weight:
            self._box.clear()
        else:
            self._box.take(latest)
        return self._box.tare

    @property
    def running(self) -> bool:
        """True between start and stop."""
        return self._runner.running

    def start(self) -> None:
        """Connect, and stay connected until :meth:`stop`."""
        self._runner.start()

    def stop(self, *, wait: bool = True) -> None:
        """Let go of the port; returns when the thread has ended, or at once without ``wait``."""
        self._runner.stop(wait=wait)

    def wait(self, seconds: float) -> bool:
        """After :meth:`stop`: True when the port is free again."""
        return self._runner.wait(seconds)

    def on_reading(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with each Weighed; returns how to end that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def on_lamp(self, listener: Callable[[Lamp], None]) -> Callable[[], None]:
        """Call ``listener`` on each change of the lamp; returns how to end that."""
        return self._runner.on_lamp(listener)

    def tare(self, tell: Callable[[CommandResult], None]) -> None:
        """Tare on the scale; ``tell`` is called once, from the device's thread, with the end.

        Not every protocol says that a weight is net: once the scale has done it, this program's
        own tare ends here.
        """

        def done(result: CommandResult) -> None:
            if result.outcome is Outcome.DONE:
                self._box.clear()
            tell(result)

        self._talk.command("tare", done)

    def zero(self, tell: Callable[[CommandResult], None]) -> None:
        """Zero the scale; ``tell`` as in :meth:`tare`."""
        self._talk.command("zero", tell)

    def _tell(self, weighed: Weighed) -> None:
        weighed = self._box.apply(weighed)
        for listener in tuple(self._listeners):
            try:
                listener(weighed)
            except Exception:
                _log.exception("%s: a listener failed", self.name)
