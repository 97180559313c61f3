"""A device is set up: what it is, how it is connected, how it is used here."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.errors import InvalidInput, StaleDocument
from desktop_app.core.i18n import tr
from desktop_app.hardware.detection import Candidate
from desktop_app.queries.devices import KINDS
from desktop_app.runtime.context import AppContext
from desktop_app.services import devices
from desktop_app.services.devices import Device
from desktop_app.views.base.inline_bar import InlineBar
from desktop_app.views.base.page import Page
from desktop_app.views.base.widgets import (
    heading,
    hide_unless,
    muted_label,
    primary_button,
    title_label,
)
from desktop_app.views.devices.connection_form import ConnectionForm
from desktop_app.views.devices.detect_panel import DetectPanel
from desktop_app.views.devices.profile_forms import PrinterForm, ScaleForm

MANAGE = "device.manage"
_ASKED_BY_DETECTION = ("serial", "tcp")


class DevicePage(Page):
    """Ctrl+S or F8 saves, F9 tries it; a new device begins with what is connected."""

    def __init__(self, context: AppContext, device_id: int | None, kind: str = "scale") -> None:
        super().__init__(context)
        self.device_id = device_id
        self.device: Device | None = None
        self._dirty = self._busy = self._released = False
        self.heading = title_label(tr("New device"))
        self.bar = InlineBar(self)
        self.kind_box = QComboBox(self)
        for key, title in KINDS.items():
            self.kind_box.addItem(tr(title), key)
        self.name = QLineEdit(self)
        self.connection = ConnectionForm(context, self)
        self.scale = ScaleForm(context, self)
        self.printer = PrinterForm(context, self)
        self.detect = DetectPanel(context, self)
        self.scanner = muted_label("")
        self.teach_button = QPushButton(tr("Teach this scanner"), self)
        self.save_button = primary_button(tr("Save") + "  Ctrl+S")
        self.test_button = QPushButton(tr("Try it") + "  F9", self)
        self.log_button = QPushButton(tr("Byte log"), self)
        self._build()
        self._connect()
        self.kind_box.setCurrentIndex(max(0, self.kind_box.findData(kind)))
        self._kind_changed()
        self._set_dirty(False)

    def title(self) -> str:
        return self.heading.text()

    def topics(self) -> frozenset[str]:
        return frozenset({devices.TOPIC}) if self.device_id is not None else frozenset()

    def is_dirty(self) -> bool:
        return self._dirty

    @property
    def kind(self) -> str:
        """What is connected."""
        return str(self.kind_box.currentData())

    def may_write(self) -> bool:
        """This login may set devices up."""
        return self.context.user.may(MANAGE)

    def reload(self) -> None:
        if self.device_id is not None and not self._dirty:
            self.context.operations.query(
                devices.get, self.device_id, on_done=self._show, on_error=self._failed
            )

    def save(self) -> None:
        """Check and keep what stands here."""
        if self._busy or not self.may_write():
            return
        try:
            values = self._values()
        except InvalidInput:
            return
        self._busy = True
        self.save_button.setEnabled(False)
        self.context.operations.command(
            devices.save,
            values,
            device_id=self.device_id,
            version=self.device.version if self.device is not None else None,
            on_done=self._saved,
            on_error=self._refused,
        )

    def test(self) -> None:
        """Open the page on which it is tried."""
        if self.device_id is not None:
            self.context.open_page("device_test", {"id": self.device_id})

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        self.detect.stop()
        super().hideEvent(event)

    def _values(self) -> dict[str, Any]:
        profile: dict[str, Any] = dict(
            (self.device.settings if self.device else {}).get("profile", {})
        )
        if self.kind == "scale":
            profile = self.scale.settings()
        elif self.kind == "printer":
            profile = self.printer.settings()
        transport = self.connection.settings()
        if transport["kind"] == "hid":
            profile["protocol"] = "usb_hid"
        name = self.name.text().strip() or self._proposed_name(transport)
        self.name.setText(name)
        return {
            "kind": self.kind,
            "name": name,
            "identity": self.connection.identity(),
            "settings": {"transport": transport, "profile": profile},
            "is_active": True,
        }

    def _proposed_name(self, transport: dict[str, Any]) -> str:
        return " ".join(
            (self.kind_box.currentText(), str(transport.get("port_title") or ""))
        ).strip()

    def _show(self, device: Device) -> None:
        self.device = device
        self.kind_box.setCurrentIndex(self.kind_box.findData(device.kind))
        self.kind_box.setEnabled(False)
        self._kind_changed()
        self.name.setText(device.name)
        self.heading.setText(device.name)
        profile = device.settings.get("profile") or {}
        self.connection.show_settings(device.settings.get("transport") or {})
        try:
            if device.kind == "scale":
                self.scale.show_settings(profile)
            elif device.kind == "printer":
                self.printer.show_settings(profile)
        except Exception as error:  # noqa: BLE001 - settings of another version: shown, not lost
            self._failed(error)
        for button in (self.test_button, self.log_button):
            button.setVisible(device.is_active)
        if not device.is_active:
            self.bar.tell(tr("It is switched off; saving switches it on again."))
        elif self._elsewhere(device):
            self.bar.tell(tr("It hangs on {pc}; try it there.", pc=device.workstation))
            self.test_button.hide()
            self.log_button.hide()
        self._show_parts()
        self._set_dirty(False)
        self.title_changed.emit(self.title())

    def _elsewhere(self, device: Device) -> bool:
        host = self.context.devices
        return host is not None and device.workstation != host.workstation

    def _kind_changed(self) -> None:
        self.connection.offer(self.kind)
        self._show_parts()
        self._set_dirty(True)

    def _show_parts(self) -> None:
        kind, wire = self.kind, self.connection.kind
        self.scale.setVisible(kind == "scale")
        self.printer.setVisible(kind == "printer")
        self.profile_title.setVisible(kind in ("scale", "printer"))
        self.detect.setVisible(kind == "scale" and wire in _ASKED_BY_DETECTION and self.may_write())
        self.scanner.setVisible(kind == "scanner")
        self.scanner.setText(
            tr(
                "A page of four codes teaches the program how this scanner ends a code, writes the"
                " separator of GS1 codes and treats capital letters."
            )
        )
        self.teach_button.setVisible(kind == "scanner" and self.device_id is not None)

    def _take_candidate(self, candidate: Candidate) -> None:
        self.connection.use_line(candidate.line)
        given: dict[str, Any] = {"protocol": candidate.protocol, "options": candidate.options}
        if candidate.last is not None and candidate.last.unit:
            given["unit"] = candidate.last.unit
        self.scale.show_settings(given)
        self._set_dirty(True)

    def _detection_transport(self) -> dict[str, Any]:
        """The connection to listen at; a running device lets go of its line first."""
        transport = self.connection.settings()
        host = self.context.devices
        if host is not None and self.device_id is not None:
            self.detect.when_free(host.release(self.device_id))
            self._released = True
        return transport

    def _take_back(self) -> None:
        if self._released and self.context.devices is not None:
            self._released = False
            self.context.devices.start()

    def _saved(self, device_id: int) -> None:
        self._busy = False
        self.save_button.setEnabled(True)
        self.device_id = device_id
        self._set_dirty(False)
        self._released = False
        if self.context.devices is not None:
            self.context.devices.start()
        self.context.notifier.success(tr("Saved"))
        self.reload()
        self.bar.tell(tr("Saved."), ((tr("Try it"), self.test),))

    def _refused(self, error: Exception) -> None:
        self._busy = False
        self.save_button.setEnabled(True)
        if isinstance(error, StaleDocument):
            self.bar.tell(str(error), ((tr("Show theirs"), self._take_theirs),), wrong=True)
        else:
            self._failed(error)

    def _take_theirs(self) -> None:
        self._set_dirty(False)
        self.bar.clear()
        self.reload()

    def _failed(self, error: Exception) -> None:
        self.bar.tell(str(error), wrong=True)

    def _set_dirty(self, dirty: bool) -> None:
        if dirty != self._dirty:
            self._dirty = dirty
            self.dirty_changed.emit(dirty)

    def _connect(self) -> None:
        runs = (
            (self.save_button, ("Ctrl+S", "F8"), self.save),
            (self.test_button, ("F9",), self.test),
            (self.log_button, (), self._open_log),
            (self.teach_button, (), self._teach),
        )
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for button, keys, run in runs:
            button.clicked.connect(lambda _checked=False, run=run: run())
            for key in keys:
                QShortcut(QKeySequence(key), self, run, context=scope)
        self.kind_box.activated.connect(lambda _i: self._kind_changed())
        self.name.textEdited.connect(lambda _t: self._set_dirty(True))
        self.connection.changed.connect(lambda: self._set_dirty(True))
        self.connection.kind_box.currentIndexChanged.connect(lambda _i: self._show_parts())
        self.scale.changed.connect(lambda: self._set_dirty(True))
        self.printer.changed.connect(lambda: self._set_dirty(True))
        self.detect.wanted(self._detection_transport)
        self.detect.found.connect(self._take_candidate)
        self.detect.finished.connect(self._take_back)
        self.detect.setup_needed.connect(self.connection.show_setup)

    def _open_log(self) -> None:
        if self.device_id is not None:
            self.context.open_page("device_log", {"id": self.device_id})

    def _teach(self) -> None:
        self.context.open_page("teach_scanner", {"id": self.device_id})

    def _build(self) -> None:
        may = self.may_write()
        for form in (self.connection, self.scale, self.printer):
            form.set_read_only(not may)
        self.name.setReadOnly(not may)
        self.kind_box.setEnabled(may)
        hide_unless(may, self.save_button)
        self.test_button.hide()
        self.log_button.hide()
        self.name.setPlaceholderText(tr("What it is called here, e.g. Packing scale"))
        self.name.setAccessibleName(tr("Name"))
        self.kind_box.setAccessibleName(tr("What is connected?"))
        self.profile_title = heading(tr("How it is used here"))
        self._lay_out()

    def _lay_out(self) -> None:
        head, what = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.heading)
        head.addStretch(1)
        for button in (self.log_button, self.test_button, self.save_button):
            head.addWidget(button)
        what.addWidget(QLabel(tr("What is connected?"), self))
        what.addWidget(self.kind_box)
        what.addSpacing(12)
        what.addWidget(QLabel(tr("Name"), self))
        what.addWidget(self.name, 1)
        inner = QWidget(self)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(10)
        column.addLayout(what)
        column.addWidget(heading(tr("How is it connected?")))
        for widget in (
            self.connection,
            self.detect,
            self.profile_title,
            self.scale,
            self.printer,
            self.scanner,
        ):
            column.addWidget(widget)
        column.addWidget(self.teach_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        area = QScrollArea(self, widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 8, 12, 8)
        outer.setSpacing(8)
        outer.addLayout(head)
        outer.addWidget(self.bar)
        outer.addWidget(area, 1)


def create(context: AppContext, params: dict[str, Any]) -> DevicePage:
    """``id`` opens a device, ``kind`` begins a new one of that kind."""
    return DevicePage(context, params.get("id"), str(params.get("kind") or "scale"))
