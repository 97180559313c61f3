"""Runs the devices of this PC and brings what they say to the GUI thread.

Scales and serial scanners have a thread each (``hardware.runner``); each printer's queue is
served by a thread of its own (``services.label_server``). Listeners are called there and only
emit signals; Qt carries them over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal

from desktop_app.core.i18n import N_, Message
from desktop_app.core.logging import get_logger
from desktop_app.core.paths import log_dir
from desktop_app.hardware.lamp import CONNECTING, OFF, Colour, Lamp
from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.operations import Operations
from desktop_app.services import devices, print_queue
from desktop_app.services.devices import Device

if TYPE_CHECKING:  # loaded when there is such a device: start-up does not pay for them
    from desktop_app.hardware.scales.device import ScaleDevice
    from desktop_app.hardware.transports.transport import Transport
    from desktop_app.runtime.simulators import Simulators
    from desktop_app.services.label_server import Access

_log = get_logger("runtime.devices")
_QUIET = {
    "scanner": Lamp(Colour.GREEN, Message(N_("Types like a keyboard; nothing to connect."))),
    "camera": Lamp(Colour.GREEN, Message(N_("Switched on when a photo is taken."))),
    "scale": OFF,
    "printer": OFF,
}
"""Devices without a thread of their own."""


class Running(Protocol):
    """A device that runs."""

    @property
    def lamp(self) -> Lamp: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


@dataclass
class Hosted:
    """A device of this PC with what runs it; None when its settings are wrong."""

    device: Device
    running: Any
    lamp: Lamp = OFF


class DeviceHost(QObject):
    """The devices of this PC. Begin with :meth:`start`; it follows changes by itself.

    Signals:
        changed(): devices were added or taken away; ask :meth:`hosted`.
        lamp_changed(device id, Lamp).
        weighed(device id, Weighed).
        scanned(code, symbology, raw, source): from a scanner with a line of its own.
        commanded(device id, CommandResult): how a tare or zero ended.
    """

    changed = Signal()
    lamp_changed = Signal(int, object)
    weighed = Signal(int, object)
    scanned = Signal(str, str, bytes, str)
    commanded = Signal(int, object)

    def __init__(
        self,
        operations: Operations,
        bus: ChangeBus,
        database: Access,
        workstation: str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._operations = operations
        self._database = database
        self._workstation = workstation
        self._hosted: dict[int, Hosted] = {}
        bus.changed.connect(self._topics_changed)
        self.lamp_changed.connect(self._keep_lamp)

    @cached_property
    def simulators(self) -> Simulators:
        """The simulated devices of this PC."""
        from desktop_app.runtime.simulators import Simulators

        return Simulators()

    @property
    def workstation(self) -> str:
        """The name of this PC."""
        return self._workstation

    def start(self) -> None:
        """Ask for the devices of this PC and run them."""
        self._operations.query(
            devices.of_workstation, self._workstation, on_done=self._take, on_error=self._away
        )

    def stop(self) -> None:
        """End every device's thread."""
        for hosted in self._hosted.values():
            self._end(hosted)
        self._hosted = {}

    def hosted(self) -> tuple[Hosted, ...]:
        """The devices of this PC with their lamps."""
        return tuple(self._hosted.values())

    def find(self, device_id: int) -> Hosted | None:
        """One device of this PC."""
        return self._hosted.get(device_id)

    def scales(self) -> tuple[Hosted, ...]:
        """The scales of this PC that run."""
        return tuple(
            h for h in self._hosted.values() if h.device.kind == "scale" and h.running is not None
        )

    def command(self, device_id: int, name: str) -> None:
        """Ask a scale for "tare" or "zero"; ``commanded`` tells how it ended."""
        hosted = self._hosted.get(device_id)
        if hosted is None or hosted.running is None:
            return
        ask = hosted.running.tare if name == "tare" else hosted.running.zero
        ask(lambda result: self.commanded.emit(device_id, result))

    def release(self, device_id: int) -> None:
        """Let go of a device's line, so that it can be examined; :meth:`start` takes it back."""
        hosted = self._hosted.pop(device_id, None)
        if hosted is not None:
            self._end(hosted)
            self.changed.emit()

    def _take(self, wanted: Iterable[Device]) -> None:
        known = {device.id: device for device in wanted}
        for device_id, hosted in list(self._hosted.items()):
            if known.get(device_id) != hosted.device:
                self._end(self._hosted.pop(device_id))
        for device_id, device in known.items():
            if device_id not in self._hosted:
                self._hosted[device_id] = self._begin(device)
        self.changed.emit()

    def _begin(self, device: Device) -> Hosted:
        try:
            running = self._make(device)
        except Exception as error:
            # Settings written by another version or by hand: the page says what is wrong.
            sentence = Message(N_("The settings are incomplete: {why}"), {"why": str(error)})
            return Hosted(device, None, Lamp(Colour.RED, sentence))
        hosted = Hosted(device, running, CONNECTING if running is not None else _QUIET[device.kind])
        if running is not None:
            running.start()
        return hosted

    def _make(self, device: Device) -> Any:
        if device.kind == "scale":
            return self._scale(device)
        if device.kind == "printer":
            return self._printer(device)
        if device.kind == "scanner":
            return self._scanner(device)
        return None

    def _scale(self, device: Device) -> ScaleDevice:
        from desktop_app.hardware.scales.device import ScaleDevice
        from desktop_app.hardware.scales.protocol import ScaleProfile

        profile = ScaleProfile.from_settings(device.settings.get("profile") or {})
        scale = ScaleDevice(
            device.name, profile, lambda: self._transport(device), log_path=log_path(device)
        )
        scale.on_lamp(lambda lamp: self.lamp_changed.emit(device.id, lamp))
        scale.on_reading(lambda weighed: self.weighed.emit(device.id, weighed))
        return scale

    def _printer(self, device: Device) -> Any:
        from desktop_app.hardware.byte_log import ByteLog
        from desktop_app.hardware.transports.logged import LoggedTransport
        from desktop_app.runtime.printer_thread import PrinterThread

        byte_log = ByteLog(log_path(device))
        thread = PrinterThread(
            device,
            self._database,
            LoggedTransport(self._transport(device), byte_log),
            lambda lamp: self.lamp_changed.emit(device.id, lamp),
        )
        thread.byte_log = byte_log
        return thread

    def _scanner(self, device: Device) -> Any:
        if (device.settings.get("transport") or {}).get("kind") in (None, "", "keyboard"):
            return None  # a keyboard wedge needs no thread: the wedge filter hears it
        from desktop_app.runtime.serial_scanner import serial_scanner

        return serial_scanner(
            device,
            lambda: self._transport(device),
            lambda lamp: self.lamp_changed.emit(device.id, lamp),
            lambda code, symbology, raw: self.scanned.emit(code, symbology, raw, device.name),
            log_path(device),
        )

    def _transport(self, device: Device) -> Transport:
        if device.is_simulated:
            return self.simulators.transport(device)
        from desktop_app.hardware.transports.registry import transport_from

        return transport_from(device.settings.get("transport") or {}, device.name)

    def _end(self, hosted: Hosted) -> None:
        if hosted.running is not None:
            hosted.running.stop()
        if hosted.device.is_simulated:
            self.simulators.forget(hosted.device.id)

    def _keep_lamp(self, device_id: int, lamp: Lamp) -> None:
        if device_id in self._hosted:
            self._hosted[device_id].lamp = lamp

    def _topics_changed(self, topics: frozenset[str]) -> None:
        if topics & {devices.TOPIC, "*"}:
            self.start()
        if topics & {print_queue.TOPIC, "*"}:
            for hosted in self._hosted.values():
                if hosted.device.kind == "printer" and hosted.running is not None:
                    hosted.running.wake()

    def _away(self, error: Exception) -> None:
        _log.info("devices not asked for: %s", error)


def log_path(device: Device) -> Path:
    """Where the bytes of a device are kept."""
    return log_dir() / "devices" / f"{device.kind}-{device.id}.log"
