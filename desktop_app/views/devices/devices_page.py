"""The devices of this PC: a lamp, a plain sentence and the next step for each, live."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from desktop_app.core.i18n import tr
from desktop_app.hardware.lamp import Colour
from desktop_app.runtime.context import AppContext
from desktop_app.runtime.device_host import DeviceHost, Hosted
from desktop_app.services import devices
from desktop_app.views.base.device_lamps import dot, lamp_text
from desktop_app.views.base.inline_bar import InlineBar
from desktop_app.views.base.page import Page
from desktop_app.views.base.station_table import StationColumn
from desktop_app.views.base.tones import Tone
from desktop_app.views.base.widgets import muted_label, primary_button, title_label
from desktop_app.views.devices.setup_help import SetupHelp
from desktop_app.views.devices.words import connection_text, kind_title, speaks_text
from desktop_app.views.master_data.master_page import QuietTable

MANAGE = "device.manage"


def _columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(
            tr("Device"),
            lambda h: h.device.name,
            20,
            bold=True,
            picture=lambda h: dot(h.lamp.colour),
        ),
        StationColumn(tr("Kind"), lambda h: kind_title(h.device.kind), 12),
        StationColumn(tr("How it is"), lambda h: lamp_text(h.lamp), stretch=True, tone=_tone),
        StationColumn(tr("Connection"), lambda h: connection_text(h.device.settings), 28),
        StationColumn(tr("Speaks"), lambda h: speaks_text(h.device), 26),
    )


def _tone(hosted: Hosted) -> Tone | None:
    return Tone.WRONG if hosted.lamp.colour is Colour.RED else None


def _needs_setup(hosted: Hosted) -> bool:
    """Rights or a driver are missing; a printer's status cannot tell, so any failure counts."""
    printer = hosted.device.kind == "printer" and hosted.lamp.colour is Colour.RED
    return hosted.lamp.setup or printer


class DevicesPage(Page):
    """F6 adds, Enter opens, F8 tries, F9 shows the bytes, Del switches off."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.heading = title_label(tr("Devices of this PC"))
        self.bar = InlineBar(self)
        self.table = QuietTable(_columns(), self)
        self.table.chosen.connect(lambda _row: self.open_device())
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_help())
        self.empty = self.table.empty
        self.sentence = QLabel(self, wordWrap=True)
        self.help = SetupHelp(self)
        self.new_button = primary_button(tr("Add a device") + "  F6")
        self.all_button = QPushButton(tr("Devices of all PCs"), self)
        self.checks_button = QPushButton(tr("Checks of scales"), self)
        self.open_button = QPushButton(tr("Device settings") + "  Enter", self)
        self.test_button = QPushButton(tr("Try it") + "  F8", self)
        self.log_button = QPushButton(tr("Byte log") + "  F9", self)
        self.off_button = QPushButton(tr("Switch off") + "  Del", self)
        self._rows: tuple[Hosted, ...] = ()
        self._build()
        host = self.host
        if host is not None:
            host.changed.connect(self.reload)
            host.lamp_changed.connect(self._lamp_changed)

    def title(self) -> str:
        return tr("Devices")

    @property
    def host(self) -> DeviceHost | None:
        """What runs the devices; None in a window without any."""
        return self.context.devices

    @property
    def current(self) -> Hosted | None:
        """The device of the current row."""
        place = self.table.current_row()
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def reload(self) -> None:
        self._rows = self.host.hosted() if self.host is not None else ()
        self.table.show_rows(self._rows)
        may = self.context.user.may(MANAGE)
        for button in (self.open_button, self.test_button, self.log_button, self.off_button):
            button.setEnabled(bool(self._rows))
        self.off_button.setVisible(may)
        self.new_button.setVisible(may)
        if self._rows:
            self.empty.hide()
        else:
            self._say_empty(may)
        self._show_help()

    def add_device(self) -> None:
        """The wizard for a new one (F6)."""
        if self.context.user.may(MANAGE):
            self.context.open_page("new:device", {})

    def add_simulated(self) -> None:
        """A simulated scale, printer, scanner and camera, to try everything."""
        self.context.operations.command(
            devices.add_simulated, on_done=self._added, on_error=self._failed
        )

    def open_device(self) -> None:
        """Its settings (Enter)."""
        self._open("device")

    def test_device(self) -> None:
        """Try it (F8)."""
        self._open("device_test")

    def show_log(self) -> None:
        """What goes over its line (F9)."""
        self._open("device_log")

    def switch_off(self) -> None:
        """Ask, then switch the device off (Del); nothing is deleted."""
        hosted = self.current
        if hosted is None or not self.context.user.may(MANAGE):
            return
        device = hosted.device
        self.bar.ask(
            tr(
                "Switch off {name}? Its settings stay and can be switched on again.",
                name=device.name,
            ),
            (),
            tr("Switch off"),
            lambda _answers: self._switch_off(device),
        )

    def _switch_off(self, device: devices.Device) -> None:
        values = {
            "kind": device.kind,
            "name": device.name,
            "identity": device.identity,
            "settings": device.settings,
            "is_active": False,
        }
        self.context.operations.command(
            devices.save,
            values,
            device_id=device.id,
            version=device.version,
            on_done=lambda _id: self._added(()),
            on_error=self._failed,
            owner=self,
        )

    def _added(self, _ids: object) -> None:
        self.context.notifier.sound("ok")
        if self.host is not None:
            self.host.start()

    def _failed(self, error: Exception) -> None:
        self.bar.tell(str(error), wrong=True)

    def _open(self, page: str) -> None:
        if self.current is not None:
            self.context.open_page(page, {"id": self.current.device.id})

    def _lamp_changed(self, device_id: int, _lamp: object) -> None:
        for place, hosted in enumerate(self._rows):
            if hosted.device.id == device_id:
                model = self.table.table_rows
                last = model.columnCount() - 1
                model.dataChanged.emit(model.index(place, 0), model.index(place, last))
        self._show_help()

    def _show_help(self) -> None:
        hosted = self.current
        self.sentence.setText(lamp_text(hosted.lamp) if hosted is not None else "")
        if hosted is None or not _needs_setup(hosted):
            self.help.hide()
            return
        transport = hosted.device.settings.get("transport") or {}
        self.help.show_for(str(transport.get("kind")), hosted.device.identity)

    def _say_empty(self, may: bool) -> None:
        sentence = tr(
            "No device is set up on this PC yet. A scanner that types like a keyboard works without"
            " any setting. Scales, label printers and serial scanners are added with F6."
        )
        if may:
            sentence += "\n" + tr(
                "Nothing plugged in? Simulated devices behave like real ones, out of paper included."
            )
            self.empty.say(sentence, tr("Try everything without a device"), self.add_simulated)
        else:
            self.empty.say(sentence)

    def _build(self) -> None:
        runs = {
            self.new_button: ("F6", self.add_device),
            self.open_button: ("", self.open_device),
            self.test_button: ("F8", self.test_device),
            self.log_button: ("F9", self.show_log),
            self.off_button: ("Del", self.switch_off),
            self.all_button: ("", lambda: self.context.open_page("list:device", {})),
            self.checks_button: ("", lambda: self.context.open_page("list:scale_check", {})),
        }
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for button, (key, run) in runs.items():
            button.clicked.connect(lambda _checked=False, run=run: run())
            if key:
                QShortcut(QKeySequence(key), self, run, context=scope)
        head, keys = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.heading)
        head.addStretch(1)
        for button in (self.checks_button, self.all_button, self.new_button):
            head.addWidget(button)
        for button in (self.open_button, self.test_button, self.log_button, self.off_button):
            keys.addWidget(button)
        keys.addStretch(1)
        about = muted_label(
            tr("What hangs on this PC. It comes back by itself when it is plugged in again.")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(about)
        column.addWidget(self.bar)
        column.addWidget(self.table, 1)
        column.addWidget(self.sentence)
        column.addWidget(self.help)
        column.addLayout(keys)


def create(context: AppContext, params: dict[str, Any]) -> DevicesPage:
    """The devices of this PC."""
    return DevicesPage(context)
