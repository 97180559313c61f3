"""The devices made of code that run inside the program: everything can be tried without any.

They speak through the same transports, protocols and languages as real ones.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_app.core.i18n import N_
from desktop_app.hardware.labels.profile import PrinterProfile
from desktop_app.hardware.scales.protocol import ScaleProfile
from desktop_app.hardware.simulators.links import MemoryLink, Simulation
from desktop_app.hardware.simulators.printer import SimulatedPrinter
from desktop_app.hardware.simulators.printer_transport import SimulatedPrinterTransport
from desktop_app.hardware.simulators.replay import ReplayTransport
from desktop_app.hardware.simulators.scale import SimulatedScale
from desktop_app.hardware.transports.memory import MemoryCable
from desktop_app.hardware.transports.transport import Transport
from desktop_app.services.devices import Device

FRAMES_PER_S = 10
SIMULATED = N_("simulated")


@dataclass
class Simulated:
    """What stands behind a simulated device: ``model`` is the scale or printer itself, None for
    the replay of a byte log.
    """

    model: Any
    transport: Transport
    cable: MemoryCable | None = None
    simulation: Simulation | None = None

    def stop(self) -> None:
        """End its thread."""
        if self.simulation is not None:
            self.simulation.stop()


class Simulators:
    """One simulation per simulated device, made when first asked for."""

    def __init__(self) -> None:
        self._made: dict[int, Simulated] = {}
        self._lock = threading.Lock()  # a device's thread and the screen ask for the same one

    def of(self, device: Device) -> Simulated:
        """The simulation of a device. Raises ValueError for settings that are incomplete."""
        with self._lock:
            if device.id not in self._made:
                self._made[device.id] = _MAKERS[device.kind](device)
            return self._made[device.id]

    def transport(self, device: Device) -> Transport:
        """The program's end of its cable."""
        return self.of(device).transport

    def forget(self, device_id: int) -> None:
        """The device was changed or taken away."""
        with self._lock:
            simulated = self._made.pop(device_id, None)
        if simulated is not None:
            simulated.stop()

    def stop(self) -> None:
        """End all of them."""
        for device_id in list(self._made):
            self.forget(device_id)


def _scale(device: Device) -> Simulated:
    replay = str((device.settings.get("transport") or {}).get("replay") or "")
    if replay:
        return Simulated(None, _replayed(Path(replay)))
    scale = SimulatedScale(ScaleProfile.from_settings(device.settings.get("profile") or {}))
    cable = MemoryCable(device.name)
    asked = bool(scale.protocol.question(scale.profile.options))
    simulation = Simulation(
        scale, MemoryLink(cable), per_second=0 if asked else FRAMES_PER_S
    ).start()
    return Simulated(scale, cable.host, cable, simulation)


def _replayed(path: Path) -> Transport:
    """A saved byte log, over and over. Raises ValueError when it cannot be read."""
    try:
        return ReplayTransport.of_file(path, loop=True)
    except OSError as error:
        raise ValueError(str(error)) from error


def _printer(device: Device) -> Simulated:
    profile = PrinterProfile.from_json(device.settings.get("profile") or {})
    printer = SimulatedPrinter(profile.language, dpi=profile.dpi, seconds_per_label=0.4)
    return Simulated(printer, SimulatedPrinterTransport(printer, device.name))


def _scanner(device: Device) -> Simulated:
    cable = MemoryCable(device.name)
    return Simulated(cable.device, cable.host, cable)


_MAKERS = {"scale": _scale, "printer": _printer, "scanner": _scanner}
