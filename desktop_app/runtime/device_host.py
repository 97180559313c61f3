"""Runs the devices of this PC and brings what they say to the GUI thread.

Scales and serial scanners have a thread each (``hardware.runner``); each printer's queue is
served by a thread of its own (``services.label_server``). Listeners are called there and only
emit signals; Qt carries them over.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from desktop_app.core.i18n import N_, Message
from desktop_app.core.logging import get_logger
from desktop_app.core.paths import log_dir
from desktop_app.hardware.labels.languages import LANGUAGES
from desktop_app.hardware.labels.profile import PrinterProfile
from desktop_app.hardware.labels.status import PrinterState
from desktop_app.hardware.lamp import CONNECTING, OFF, Colour, Lamp
from desktop_app.hardware.scales.device import ScaleDevice
from desktop_app.hardware.scales.protocol import ScaleProfile
from desktop_app.hardware.transports.registry import transport_from
from desktop_app.hardware.transports.transport import Transport
from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.operations import Operations
from desktop_app.runtime.simulators import Simulators
from desktop_app.services import devices, print_queue
from desktop_app.services.devices import Device
from desktop_app.services.label_server import Access, LabelServer

IDLE_S = 5.0
"""How often a printer that is not asked for anything is looked at."""
_log = get_logger("runtime.devices")
_COLOURS = {
    PrinterState.READY: Colour.GREEN,
    PrinterState.BUSY: Colour.GREEN,
    PrinterState.PAUSED: Colour.AMBER,
    PrinterState.PAPER_OUT: Colour.AMBER,
    PrinterState.RIBBON_OUT: Colour.AMBER,
    PrinterState.HEAD_OPEN: Colour.AMBER,
    PrinterState.ERROR: Colour.RED,
    PrinterState.UNKNOWN: Colour.RED,
}


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


class PrinterThread:
    """Serves the queue of one printer until stopped; ``wake`` when labels were asked for."""

    def __init__(
        self,
        device: Device,
        database: Access,
        transport: Transport,
        told: Callable[[Lamp], None],
    ) -> None:
        profile = PrinterProfile.from_json(device.settings.get("profile") or {})
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._device, self._database, self._told = device, database, told
        self.lamp = OFF
        self.server = LabelServer(
            database,
            device.id,
            LANGUAGES[profile.language],
            profile,
            transport,
            self._show,
            self._stop.is_set,
            lambda seconds: self._stop.wait(seconds) and None,
        )
        self._thread = threading.Thread(
            target=self._run, name=f"printer {device.name}", daemon=True
        )

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is being sent is finished or asked about first."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(15)

    def wake(self) -> None:
        """Labels were asked for."""
        self._wake.set()

    def _run(self) -> None:
        recovered = False
        while not self._stop.is_set():
            try:
                if not recovered:
                    self.server.recover()
                    recovered = True
                if not self._nothing_to_do() and self.server.serve().sent:
                    continue
            except Exception as error:
                # The server is away or a bug: the queue stays as it is, the lamp says so.
                _log.warning("printer %s: %s", self._device.name, error)
                self._tell(Lamp(Colour.RED, Message("{error}", {"error": str(error)})))
            self._wake.wait(IDLE_S)
            self._wake.clear()
        self._tell(OFF)

    def _nothing_to_do(self) -> bool:
        """A printer that cannot be asked is opened only when there is something to print."""
        if self.server.answers:
            return False
        waiting = self._database.run(print_queue.waiting, self._device.id)
        if not waiting:
            sentence = Message(N_("Connected one way: it cannot say how it is."))
            self._tell(Lamp(Colour.GREEN, sentence))
        return not waiting

    def _show(self, state: PrinterState, sentence: Message) -> None:
        self._tell(Lamp(_COLOURS[state], sentence))

    def _tell(self, lamp: Lamp) -> None:
        self.lamp = lamp
        self._told(lamp)


class DeviceHost(QObject):
    """The devices of this PC. Begin with :meth:`start`; it follows changes by itself.

    Signals:
        changed(): devices were added or taken away; ask :meth:`hosted`.
        lamp_changed(device id, Lamp).
        weighed(device id, Weighed).
        scanned(code, symbology, raw, source): from a scanner with a line of its own.
    """

    changed = Signal()
    lamp_changed = Signal(int, object)
    weighed = Signal(int, object)
    scanned = Signal(str, str, bytes, str)

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
        self.simulators = Simulators()
        bus.changed.connect(self._topics_changed)
        self.lamp_changed.connect(self._keep_lamp)

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
        self.simulators.stop()

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
        hosted = Hosted(device, running, CONNECTING if running is not None else OFF)
        if running is not None:
            running.start()
        return hosted

    def _make(self, device: Device) -> Any:
        if device.kind == "scale":
            return self._scale(device)
        if device.kind == "printer":
            return PrinterThread(
                device,
                self._database,
                self._transport(device),
                lambda lamp: self.lamp_changed.emit(device.id, lamp),
            )
        if device.kind == "scanner":
            return self._scanner(device)
        return None

    def _scale(self, device: Device) -> ScaleDevice:
        profile = ScaleProfile.from_settings(device.settings.get("profile") or {})
        scale = ScaleDevice(
            device.name, profile, lambda: self._transport(device), log_path=log_path(device)
        )
        scale.on_lamp(lambda lamp: self.lamp_changed.emit(device.id, lamp))
        scale.on_reading(lambda weighed: self.weighed.emit(device.id, weighed))
        return scale

    def _scanner(self, device: Device) -> Any:
        if (device.settings.get("transport") or {}).get("kind") in (None, "", "keyboard"):
            return None  # a keyboard wedge needs no thread: the wedge filter hears it
        from desktop_app.runtime.serial_scanner import serial_scanner

        return serial_scanner(
            device,
            lambda: self._transport(device),
            lambda lamp: self.lamp_changed.emit(device.id, lamp),
            lambda code, symbology, raw: self.scanned.emit(code, symbology, raw, device.name),
        )

    def _transport(self, device: Device) -> Transport:
        if device.is_simulated:
            return self.simulators.transport(device)
        return transport_from(device.settings.get("transport") or {}, device.name)

    def _end(self, hosted: Hosted) -> None:
        if hosted.running is not None:
            hosted.running.stop()
        self.simulators.forget(hosted.device.id)

    def _keep_lamp(self, device_id: int, lamp: Lamp) -> None:
        if device_id in self._hosted:
            self._hosted[device_id].lamp = lamp

    def _topics_changed(self, topics: frozenset[str]) -> None:
        if topics & {devices.TOPIC, "*"}:
            self.start()
        if topics & {print_queue.TOPIC, "*"}:
            for hosted in self._hosted.values():
                if isinstance(hosted.running, PrinterThread):
                    hosted.running.wake()

    def _away(self, error: Exception) -> None:
        _log.info("devices not asked for: %s", error)


def log_path(device: Device) -> Path:
    """Where the bytes of a device are kept."""
    return log_dir() / "devices" / f"{device.kind}-{device.id}.log"
