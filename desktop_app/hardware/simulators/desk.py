"""Simulated scales that a user without devices puts on the desk: one per name.

The device connects to its scale as to a real one; the page with the slider finds the same
scale by its name.
"""

from __future__ import annotations

import threading

from desktop_app.hardware.scales.protocol import ScaleProfile
from desktop_app.hardware.simulators.links import MemoryLink, Simulation
from desktop_app.hardware.simulators.scale import SimulatedScale
from desktop_app.hardware.transports.failures import unplugged
from desktop_app.hardware.transports.memory import MemoryCable
from desktop_app.hardware.transports.transport import Transport

SIMULATED = "simulated"
"""The kind of connection in a device's settings."""

FRAMES_PER_SECOND = 10

_lock = threading.Lock()
_scales: dict[str, SimulatedScale] = {}
_pulled: set[str] = set()


def scale_on_desk(name: str, profile: ScaleProfile | None = None) -> SimulatedScale | None:
    """The simulated scale of that name; put there when ``profile`` is given and it differs."""
    with _lock:
        found = _scales.get(name)
        if profile is not None and (found is None or found.profile != profile):
            found = _scales[name] = SimulatedScale(profile)
        return found


def pull_plug(name: str, *, pulled: bool) -> None:
    """Pull the plug of the scale of that name, or put it back."""
    with _lock:
        if pulled:
            _pulled.add(name)
        else:
            _pulled.discard(name)


def clear_desk() -> None:
    """Take all scales off the desk (tests, another company)."""
    with _lock:
        _scales.clear()
        _pulled.clear()


class DeskTransport(Transport):
    """The cable to the simulated scale ``name``; the scale runs while it is open."""

    def __init__(self, name: str, profile: ScaleProfile) -> None:
        self.address = name
        self._profile = profile
        self._simulation: Simulation | None = None
        self._cable = MemoryCable(name)

    def open(self) -> None:
        self.close()
        self._check()
        scale = scale_on_desk(self.address, self._profile)
        if scale is None:
            raise unplugged(self.address)
        self._cable = MemoryCable(self.address)
        self._cable.host.open()
        pace = FRAMES_PER_SECOND if scale.protocol.sends_by_itself else 0
        self._simulation = Simulation(scale, MemoryLink(self._cable), per_second=pace).start()

    def read(self, timeout_s: float) -> bytes:
        self._check()
        return self._cable.host.read(timeout_s)

    def write(self, data: bytes) -> None:
        self._check()
        self._cable.host.write(data)

    def close(self) -> None:
        if self._simulation is not None:
            self._simulation.stop()
            self._simulation = None

    def _check(self) -> None:
        if self.address in _pulled:
            raise unplugged(self.address)
