"""Runs the devices of this PC and brings what they say to the GUI thread.

Scales and serial scanners have a thread each (``hardware.runner``); each printer's queue is
served by a thread of its own (``services.label_server``). Listeners are called there and only
emit signals; Qt carries them over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal

from desktop_app.core import clock
from desktop_app.core.i18n import N_, Message
from desktop_app.core.logging import get_logger
from desktop_app.core.paths import log_dir
from desktop_app.hardware.lamp import CONNECTING, OFF, Colour, Lamp
from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.operations import Operations
from desktop_app.runtime.print_questions import PrintQuestions
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

GOODBYE_S = 1.5
"""So long closing the program waits for devices that do not answer, all together."""
PRINTING_S = 15.0
"""So long it waits for a printer that is taking labels just now."""


class Running(Protocol):
    """A device that runs."""

    @property
    def lamp(self) -> Lamp: ...
    def start(self) -> None: ...
    def stop(self, *, wait: bool = True) -> None: ...
    def wait(self, seconds: float) -> bool: ...


@dataclass
class Hosted:
    """A device of this PC with what runs it; None when its settings are wrong.

    ``before`` still holds the line when the device was changed while it was busy.
    """

    device: Device
    running: Any = None
    lamp: Lamp = OFF
    before: Running | None = None
    let_go: bool = False


class DeviceHost(QObject):
    """The devices of this PC. Begin with :meth:`start`; it follows changes by itself.

    Signals:
        changed(): devices were added or taken away; ask :meth:`hosted`.
        lamp_changed(device id, Lamp).
        weighed(device id, Weighed).
        scanned(code, symbology, raw, source, at_ms): from a scanner with a line of its own.
        commanded(device id, CommandResult): how a tare or zero ended.
        self_tested(device id, Message or None): whether a printer prints its own test page.
    """

    changed = Signal()
    lamp_changed = Signal(int, object)
    weighed = Signal(int, object)
    scanned = Signal(str, str, bytes, str, float)
    commanded = Signal(int, object)
    self_tested = Signal(int, object)

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
        self.questions = PrintQuestions(operations, bus, workstation, self)
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
        self.questions.look()

    def stop(self) -> None:
        """End every device's thread: all are asked first, then all are waited for together.

        A device that does not answer (a dead address) cannot hold the program up; its thread ends
        by itself at its next time-out. A printer that is taking labels is waited for.
        """
        leaving = [hosted.running for hosted in self._hosted.values() if hosted.running is not None]
        for hosted in self._hosted.values():
            self._end(hosted)
        self._hosted = {}
        begun = clock.monotonic()
        for running in leaving:
            patience = PRINTING_S if getattr(running, "printing", False) else GOODBYE_S
            running.wait(begun + patience - clock.monotonic())

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

    def self_test(self, device_id: int) -> None:
        """Let a printer print its own test page; ``self_tested`` tells how it ended."""
        hosted = self._hosted.get(device_id)
        if hosted is not None and hosted.running is not None:
            hosted.running.self_test(lambda why: self.self_tested.emit(device_id, why))

    def release(self, device_id: int) -> Callable[[], None]:
        """Let go of a device's line, so that it can be examined; :meth:`start` takes it back.

        What is given back waits, on a worker, until the line is free.
        """
        hosted = self._hosted.pop(device_id, None)
        if hosted is None:
            return lambda: None
        self._end(hosted)
        self.changed.emit()
        return lambda: _until_free(hosted.running)

    def _take(self, wanted: Iterable[Device]) -> None:
        known = {device.id: device for device in wanted}
        before = {}
        for device_id, hosted in list(self._hosted.items()):
            if known.get(device_id) != hosted.device:
                before[device_id] = self._hosted.pop(device_id)
                self._end(before[device_id])
        for device_id, device in known.items():
            if device_id not in self._hosted:
                gone = before.get(device_id)
                self._begin(Hosted(device, before=gone.running if gone is not None else None))
        self.changed.emit()

    def _begin(self, hosted: Hosted) -> None:
        self._hosted[hosted.device.id] = hosted
        try:
            hosted.running = self._make(hosted)
        except Exception as error:
            # Settings written by another version or by hand: the page says what is wrong.
            sentence = Message(N_("The settings are incomplete: {why}"), {"why": str(error)})
            hosted.lamp = Lamp(Colour.RED, sentence)
            return
        hosted.lamp = CONNECTING if hosted.running is not None else _QUIET[hosted.device.kind]
        if hosted.running is not None:
            hosted.running.start()

    def _make(self, hosted: Hosted) -> Any:
        makers = {"scale": self._scale, "printer": self._printer, "scanner": self._scanner}
        maker = makers.get(hosted.device.kind)
        return maker(hosted) if maker is not None else None

    def _tell(self, signal: Any, hosted: Hosted, what: Any) -> None:
        """Called from the device's thread. What a device says while it goes is not heard: the
        next one of that name has begun."""
        if not hosted.let_go:
            signal.emit(hosted.device.id, what)

    def _scale(self, hosted: Hosted) -> ScaleDevice:
        from desktop_app.hardware.scales.device import ScaleDevice
        from desktop_app.hardware.scales.protocol import ScaleProfile

        device = hosted.device
        profile = ScaleProfile.from_settings(device.settings.get("profile") or {})
        scale = ScaleDevice(
            device.name, profile, lambda: self._free_transport(hosted), log_path=log_path(device)
        )
        scale.on_lamp(lambda lamp: self._tell(self.lamp_changed, hosted, lamp))
        scale.on_reading(lambda weighed: self._tell(self.weighed, hosted, weighed))
        return scale

    def _printer(self, hosted: Hosted) -> Any:
        from desktop_app.hardware.byte_log import ByteLog
        from desktop_app.hardware.transports.logged import LoggedTransport
        from desktop_app.runtime.printer_thread import PrinterThread

        device = hosted.device
        byte_log = ByteLog(log_path(device))
        thread = PrinterThread(
            device,
            self._database,
            LoggedTransport(self._transport(device), byte_log),
            lambda lamp: self._tell(self.lamp_changed, hosted, lamp),
        )
        thread.byte_log = byte_log
        return thread

    def _scanner(self, hosted: Hosted) -> Any:
        device = hosted.device
        if (device.settings.get("transport") or {}).get("kind") in (None, "", "keyboard"):
            return None  # a keyboard wedge needs no thread: the wedge filter hears it
        from desktop_app.runtime.serial_scanner import serial_scanner

        return serial_scanner(
            device,
            lambda: self._free_transport(hosted),
            lambda lamp: self._tell(self.lamp_changed, hosted, lamp),
            lambda code, symbology, raw: self.scanned.emit(
                code, symbology, raw, device.name, clock.monotonic() * 1000
            ),
            log_path(device),
        )

    def _free_transport(self, hosted: Hosted) -> Transport:
        """On the device's thread: the one before it may still hold the line."""
        if hosted.before is not None:
            _until_free(hosted.before)
            hosted.before = None
        return self._transport(hosted.device)

    def _transport(self, device: Device) -> Transport:
        if device.is_simulated:
            return self.simulators.transport(device)
        from desktop_app.hardware.transports.registry import transport_from

        return transport_from(device.settings.get("transport") or {}, device.name)

    def _end(self, hosted: Hosted) -> None:
        """Ask it to end. Only what is made of code is waited for, as it is done at once."""
        hosted.let_go = True
        if hosted.running is not None:
            hosted.running.stop(wait=hosted.device.is_simulated)
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


def _until_free(running: Running | None) -> None:
    """Wait for a device that was asked to end; never on the GUI thread."""
    if running is not None:
        running.wait(PRINTING_S)


def log_path(device: Device) -> Path:
    """Where the bytes of a device are kept."""
    return log_dir() / "devices" / f"{device.kind}-{device.id}.log"
