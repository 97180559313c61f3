"""The page on which a device of this PC is tried, with its simulator beside it when it is one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QTabWidget, QVBoxLayout, QWidget

from desktop_app.core.i18n import tr
from desktop_app.domain.scan_codes import ScanResult
from desktop_app.hardware.lamp import Lamp
from desktop_app.hardware.scales.capture import Weighed
from desktop_app.hardware.scales.talk import CommandResult
from desktop_app.runtime.context import AppContext
from desktop_app.runtime.device_host import Hosted
from desktop_app.services import print_queue
from desktop_app.views.base.device_lamps import dot, lamp_text
from desktop_app.views.base.page import Page
from desktop_app.views.base.widgets import muted_label, title_label
from desktop_app.views.devices.learn_tab import LearnTab
from desktop_app.views.devices.printer_desk import PrinterDesk
from desktop_app.views.devices.printer_try import PrinterTry
from desktop_app.views.devices.scale_check_tab import ScaleCheckTab
from desktop_app.views.devices.scale_try import ScaleTry
from desktop_app.views.devices.scanner_try import SAMPLES, ScannerTry
from desktop_app.views.devices.simulator_panels import ScaleDesk, ScannerPad, desk_row
from desktop_app.views.devices.words import connection_text


class DeviceTestPage(Page):
    """F8 does the main thing of the tab; F5 fetches again; F9 shows the bytes."""

    def __init__(self, context: AppContext, device_id: int) -> None:
        super().__init__(context)
        self.device_id = device_id
        self.hosted: Hosted | None = None
        self.heading = title_label(tr("Try a device"))
        self.about = muted_label("")
        self.lamp, self.sentence = QLabel(self), QLabel(self, wordWrap=True)
        self.log_button = QPushButton(tr("Byte log") + "  F9", self)
        self.setup_button = QPushButton(tr("Device settings"), self)
        self.tabs: QTabWidget | None = None
        self.main: Any = None
        self.desk: Any = None
        self._box: QWidget | None = None
        self._build()
        host = context.devices
        if host is not None:
            host.changed.connect(self._hosted_changed)
            host.lamp_changed.connect(self._lamp_changed)
            host.weighed.connect(self._weighed)
            host.commanded.connect(self._commanded)
            host.scanned.connect(self._scanned)

    def title(self) -> str:
        return self.heading.text()

    def topics(self) -> frozenset[str]:
        return frozenset({print_queue.TOPIC})

    def reload(self) -> None:
        if self.hosted is None:
            self._hosted_changed()
        if isinstance(self.main, PrinterTry):
            self.main.refresh()

    def on_scan(self, code: ScanResult) -> bool:
        """A code while a scanner is tried: shown only. Serial ones were shown with their bytes."""
        if not isinstance(self.main, ScannerTry) or self.hosted is None:
            return False
        if code.source != self.hosted.device.name:
            self.main.scanned(code.text, code.symbology, b"")
        return True

    def run_main(self) -> None:
        """F8: take, compare, sample, print, photograph."""
        shown = self.tabs.currentWidget() if self.tabs is not None else self.main
        if hasattr(shown, "run"):
            shown.run()

    def _hosted_changed(self) -> None:
        host = self.context.devices
        found = host.find(self.device_id) if host is not None else None
        if found is not None and self.hosted is not None and found.device == self.hosted.device:
            self.hosted = found
            return
        self.hosted = found
        self._show()

    def _show(self) -> None:
        if self._box is not None:
            self._column.removeWidget(self._box)
            self._box.hide()
            self._box.deleteLater()
        self._box, self.main, self.desk, self.tabs = None, None, None, None
        if self.hosted is None:
            self.about.setText(tr("This device does not run on this PC."))
            return
        device = self.hosted.device
        self.heading.setText(device.name)
        self.about.setText(connection_text(device.settings))
        self._show_lamp(self.hosted.lamp)
        box = QWidget(self)
        if self.hosted.running is not None or device.kind in ("scanner", "camera"):
            main = _MAKERS[device.kind](self, self.hosted)
            desk = self._make_desk()
            box.setLayout(desk_row(main, desk))
            box.layout().setContentsMargins(0, 0, 0, 0)
        self._box = box
        self._column.addWidget(box, 1)
        if self.main is not None:
            self.main.setFocus()
        self.title_changed.emit(self.title())

    def _make_desk(self) -> QWidget | None:
        assert self.hosted is not None
        device, host = self.hosted.device, self.context.devices
        if not device.is_simulated or host is None or device.kind == "camera":
            return None
        simulated = host.simulators.of(device)
        if device.kind == "scale" and simulated.model is not None:
            self.desk = ScaleDesk(simulated.model, simulated.cable, self)
        elif device.kind == "printer":
            self.desk = PrinterDesk(simulated.model, simulated.transport, self)
        elif device.kind == "scanner" and simulated.cable is not None:
            self.desk = ScannerPad(simulated.cable, SAMPLES, self)
        return self.desk if isinstance(self.desk, QWidget) else None

    def _scale(self, hosted: Hosted) -> QWidget:
        self.main = ScaleTry(self.context, hosted, self)
        self.check = ScaleCheckTab(self.context, hosted, self)
        self.learn = LearnTab(self.context, hosted, self)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.main, tr("Weigh"))
        self.tabs.addTab(self.check, tr("Daily check"))
        self.tabs.addTab(self.learn, tr("Learn and count pieces"))
        return self.tabs

    def _printer(self, hosted: Hosted) -> QWidget:
        self.main = PrinterTry(self.context, hosted, self)
        return self.main

    def _scanner(self, _hosted: Hosted) -> QWidget:
        self.main = ScannerTry(self.context, self)
        return self.main

    def _camera(self, hosted: Hosted) -> QWidget:
        from desktop_app.views.devices.camera_try import CameraTry

        self.main = CameraTry(self.context, hosted.device, self)
        return self.main

    def _weighed(self, device_id: int, weighed: Weighed) -> None:
        if device_id == self.device_id and isinstance(self.main, ScaleTry):
            for tab in (self.main, self.check, self.learn):
                tab.seen(weighed)

    def _commanded(self, device_id: int, result: CommandResult) -> None:
        if device_id == self.device_id and isinstance(self.main, ScaleTry):
            self.main.answered(result)

    def _scanned(self, code: str, symbology: str, raw: bytes, source: str) -> None:
        if isinstance(self.main, ScannerTry) and self.hosted and source == self.hosted.device.name:
            self.main.scanned(code, symbology, raw)

    def _lamp_changed(self, device_id: int, lamp: Lamp) -> None:
        if device_id == self.device_id:
            self._show_lamp(lamp)
            if isinstance(self.main, PrinterTry):
                self.main.show_lamp(lamp)
                self.main.refresh()

    def _show_lamp(self, lamp: Lamp) -> None:
        self.lamp.setPixmap(dot(lamp.colour))
        self.sentence.setText(lamp_text(lamp))

    def _key(self, name: str) -> None:
        if isinstance(self.main, ScaleTry) and name in ("tare", "zero"):
            self.main.command(name)
        elif isinstance(self.main, ScaleTry) and name == "box":
            self.main.take_box_off()
        elif isinstance(self.main, PrinterTry) and name == "tare":
            self.main.calibrate()

    def _save(self) -> None:
        if self.tabs is not None and self.tabs.currentWidget() is self.learn:
            self.learn.save()

    def _open(self, page: str) -> None:
        self.context.open_page(page, {"id": self.device_id})

    def _build(self) -> None:
        self.log_button.clicked.connect(lambda _c=False: self._open("device_log"))
        self.setup_button.clicked.connect(lambda _c=False: self._open("device"))
        keys = {
            "F8": self.run_main,
            "F6": lambda: self._key("tare"),
            "Shift+F6": lambda: self._key("box"),
            "F7": lambda: self._key("zero"),
            "F9": lambda: self._open("device_log"),
            "Ctrl+S": self._save,
        }
        for key, run in keys.items():
            QShortcut(
                QKeySequence(key), self, run, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
            )
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.heading)
        head.addWidget(self.about)
        head.addStretch(1)
        head.addWidget(self.lamp)
        head.addWidget(self.sentence)
        head.addWidget(self.setup_button)
        head.addWidget(self.log_button)
        self.sentence.setWordWrap(False)
        self.about.setWordWrap(False)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 8)
        self._column.setSpacing(8)
        self._column.addLayout(head)


_MAKERS = {
    "scale": DeviceTestPage._scale,
    "printer": DeviceTestPage._printer,
    "scanner": DeviceTestPage._scanner,
    "camera": DeviceTestPage._camera,
}


def create(context: AppContext, params: dict[str, Any]) -> DeviceTestPage:
    """``id`` is the device's."""
    return DeviceTestPage(context, int(params["id"]))


def create_of_check(context: AppContext, params: dict[str, Any]) -> DeviceTestPage:
    """From a row of the list of checks: the scale that was checked."""
    return DeviceTestPage(context, int(params["row"]["device_id"]))
