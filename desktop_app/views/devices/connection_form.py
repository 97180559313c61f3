"""How a device is connected: the kind of connection, where, and the settings of the line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QWidget,
)

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message, tr
from desktop_app.hardware.transports.serial_settings import BAUD_RATES, SerialSettings
from desktop_app.queries.devices import CONNECTIONS
from desktop_app.runtime.context import AppContext
from desktop_app.services.devices import SIMULATOR
from desktop_app.views.base.widgets import muted_label, problem_label, show_problem
from desktop_app.views.devices import places
from desktop_app.views.devices.camera import camera_names
from desktop_app.views.devices.setup_help import SetupHelp

_WHERE = {
    "serial": N_("Port"),
    "tcp": N_("Address"),
    "hid": N_("Scale"),
    "hid_pos": N_("Scanner"),
    "usb_printer": N_("Printer"),
    "cups": N_("Queue"),
    "windows": N_("Printer"),
    "file": N_("File"),
    "usb": N_("Camera"),
}
_REMARKS = {
    "keyboard": N_("The scanner types what it reads. It works on every screen without a setting."),
    SIMULATOR: N_("Made of code, for trying out. It behaves like a real one."),
    "serial": N_("It is found again by its serial number, whatever port it is plugged into."),
    "hid_pos": N_("Free of input methods and focus. Set the scanner to HID-POS by its manual."),
    "cups": N_("Nothing comes back from a queue: labels are sent, but not confirmed."),
    "windows": N_("Nothing comes back from a spooler: labels are sent, but not confirmed."),
    "tcp": N_("Write the address as 192.168.1.20 or as a name; label printers listen at 9100."),
}


class ConnectionForm(QWidget):
    """Signals: ``changed()`` when the person changed anything."""

    changed = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._found: dict[str, str] = {}
        self._replay = ""
        self.kind_box = QComboBox(self)
        self.place = QComboBox(self, editable=True)
        self.place.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.place.setMinimumWidth(280)
        self.find_button = QPushButton(tr("Look again"), self)
        self.port = QSpinBox(self)
        self.port.setRange(1, 65535)
        self.port.setValue(9100)
        self.line = QComboBox(self, editable=True)
        self.line.addItems([f"{baud} 8N1" for baud in BAUD_RATES] + ["9600 7E1", "2400 7E1"])
        self.line.setCurrentText("9600 8N1")
        self.xonxoff = QCheckBox(tr("XON/XOFF"), self)
        self.rtscts = QCheckBox(tr("RTS/CTS"), self)
        self.remark = muted_label("")
        self.problem = problem_label()
        self.help = SetupHelp(self)
        self._build()

    @property
    def kind(self) -> str:
        """The kind of connection chosen."""
        return str(self.kind_box.currentData() or "")

    def offer(self, device_kind: str) -> None:
        """Offer the connections of that kind of device."""
        self.kind_box.blockSignals(True)
        self.kind_box.clear()
        for key in places.connections_for(device_kind):
            self.kind_box.addItem(tr(CONNECTIONS[key]), key)
        self.kind_box.blockSignals(False)
        self._kind_changed()

    def show_settings(self, transport: Mapping[str, Any]) -> None:
        """Show what is kept."""
        kind = str(transport.get("kind") or "")
        self.kind_box.setCurrentIndex(max(0, self.kind_box.findData(kind)))
        place = str(transport.get(places.SETTING.get(kind, ""), ""))
        self._found.setdefault(str(transport.get("port_title") or place), place)
        self.place.setEditText(str(transport.get("port_title") or place))
        self.port.setValue(int(transport.get("port") or 9100))
        self.line.setCurrentText(str(transport.get("line") or "9600 8N1"))
        self.xonxoff.setChecked(bool(transport.get("xonxoff")))
        self.rtscts.setChecked(bool(transport.get("rtscts")))
        self._replay = str(transport.get("replay") or "")

    def settings(self) -> dict[str, Any]:
        """The connection as it is kept. Raises InvalidInput."""
        kind = self.kind
        show_problem(self.problem, "")
        found: dict[str, Any] = {"kind": kind}
        if kind == SIMULATOR and self._replay:
            found["replay"] = self._replay
        if kind not in places.SETTING:
            return found
        typed = self.place.currentText().strip()
        if not typed and kind == "usb":
            return found  # the first camera there is
        if not typed:
            raise self._wrong(Message(N_("{field} is missing."), {"field": Message(_WHERE[kind])}))
        identity = self._found.get(typed) or places.identity_from(kind, typed)
        found[places.SETTING[kind]] = identity
        if identity != typed and " — " in typed:
            found["port_title"] = typed.split(" — ")[0]
        if kind == "tcp":
            found["port"] = self.port.value()
        if kind == "serial":
            found["line"] = self._line_text()
            found["xonxoff"], found["rtscts"] = self.xonxoff.isChecked(), self.rtscts.isChecked()
        return found

    def identity(self) -> str:
        """What the device is known by wherever it is plugged in. Raises InvalidInput."""
        settings = self.settings()
        return str(settings.get(places.SETTING.get(self.kind, ""), ""))

    def use_line(self, line: SerialSettings | None) -> None:
        """Take the line that a detection found."""
        if line is not None:
            self.line.setCurrentText(str(line))

    def show_wrong(self, sentence: str) -> None:
        """Say what is wrong with the connection, beside it."""
        show_problem(self.problem, sentence)
        if sentence:
            self.show_setup()

    def show_setup(self) -> None:
        """How this PC is set up for such a device: group, rule, driver."""
        self.help.show_for(self.kind, self._found.get(self.place.currentText(), ""))

    def find(self) -> None:
        """Look what is plugged in now."""
        if self.kind == "usb":  # Qt itself knows the cameras, and only on this thread
            self._show_found([places.FoundPlace(*named) for named in camera_names()])
            return
        self._context.operations.background(
            places.found_places,
            self.kind,
            on_done=self._show_found,
            on_error=lambda error: self.show_wrong(str(error)),
            owner=self,
        )

    def set_read_only(self, read_only: bool) -> None:
        """Only to look at."""
        for widget in (self.kind_box, self.place, self.find_button, self.port, self.line):
            widget.setEnabled(not read_only)
        self.xonxoff.setEnabled(not read_only)
        self.rtscts.setEnabled(not read_only)

    def _line_text(self) -> str:
        typed = self.line.currentText()
        try:
            return str(SerialSettings.parse(typed))
        except ValueError as error:
            raise self._wrong(
                Message(N_("“{typed}” is no line setting; write 9600 8N1."), {"typed": typed})
            ) from error

    def _wrong(self, message: Message) -> InvalidInput:
        self.show_wrong(str(message))
        return InvalidInput((FieldProblem("connection", message),))

    def _show_found(self, found: list[places.FoundPlace]) -> None:
        self._found |= {place.title: place.identity for place in found}
        typed = self.place.currentText()
        self.place.blockSignals(True)
        self.place.clear()
        self.place.addItems([place.title for place in found])
        known = next((p.title for p in found if p.identity == self._found.get(typed)), typed)
        self.place.setEditText(known or (found[0].title if found else ""))
        self.place.blockSignals(False)

    def _kind_changed(self) -> None:
        kind = self.kind
        typed = kind in places.SETTING
        serial, network = kind == "serial", kind == "tcp"
        self.where_title.setText(tr(_WHERE.get(kind, "Port")))
        for widget in (self.where_title, self.place):
            widget.setVisible(typed)
        self.find_button.setVisible(typed and kind not in ("tcp", "file"))
        for part in (self.line_title, self.line, self.xonxoff, self.rtscts):
            part.setVisible(serial)
        self.port_title.setVisible(network)
        self.port.setVisible(network)
        self.remark.setText(tr(_REMARKS[kind]) if kind in _REMARKS else "")
        self.remark.setVisible(kind in _REMARKS)
        show_problem(self.problem, "")
        self.help.hide()
        self.place.clear()
        self.place.setEditText("")
        if typed and kind != "usb":  # cameras are looked for when asked: loading them takes a while
            self.find()

    def _build(self) -> None:
        self.kind_title, self.where_title = QLabel(tr("Connected by"), self), QLabel(self)
        self.line_title, self.port_title = (
            QLabel(tr("Line settings"), self),
            QLabel(tr("TCP port"), self),
        )
        self.kind_box.setAccessibleName(tr("Connected by"))
        self.place.setAccessibleName(tr("Port"))
        self.line.setAccessibleName(tr("Line settings"))
        line = QHBoxLayout()
        for widget in (self.line, self.xonxoff, self.rtscts):
            line.addWidget(widget)
        line.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.addWidget(self.kind_title, 0, 0)
        grid.addWidget(self.kind_box, 0, 1)
        grid.addWidget(self.where_title, 0, 2)
        grid.addWidget(self.place, 0, 3)
        grid.addWidget(self.find_button, 0, 4)
        grid.addWidget(self.line_title, 1, 0)
        grid.addLayout(line, 1, 1, 1, 3)
        grid.addWidget(self.port_title, 2, 0)
        grid.addWidget(self.port, 2, 1)
        grid.addWidget(self.remark, 3, 0, 1, 5)
        grid.addWidget(self.problem, 4, 0, 1, 5)
        grid.addWidget(self.help, 5, 0, 1, 5)
        grid.setColumnStretch(3, 1)
        self._connect()

    def _connect(self) -> None:
        self.find_button.clicked.connect(lambda _checked=False: self.find())
        self.kind_box.currentIndexChanged.connect(lambda _i: self._kind_changed())
        for signal in (
            self.kind_box.activated,
            self.place.editTextChanged,
            self.line.editTextChanged,
            self.port.valueChanged,
            self.xonxoff.toggled,
            self.rtscts.toggled,
        ):
            signal.connect(lambda *_: self.changed.emit())
