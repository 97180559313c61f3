"""The lamps of this PC's devices, small, wherever one is: green works, amber wants a look."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from desktop_app.core.i18n import tr
from desktop_app.hardware.lamp import Colour, Lamp
from desktop_app.runtime.context import OpenPage
from desktop_app.runtime.device_host import DeviceHost, Hosted
from desktop_app.services.devices import KINDS
from desktop_app.views.base.icons import pixmap
from desktop_app.views.theme import current

KIND_ICONS = {"scale": "dispute", "printer": "print", "scanner": "scan", "camera": "camera"}
"""The sign of each kind of device."""

COLOURS: Mapping[Colour, str] = {
    Colour.GREY: "#9aa4b2",
    Colour.BLUE: "#3b82f6",
    Colour.GREEN: "#2e9e44",
    Colour.AMBER: "#e09b1a",
    Colour.RED: "#d32f2f",
}


def dot(colour: Colour) -> QPixmap:
    """A round lamp, 12 px; a red one is a square, for those who do not tell red from green."""
    picture = QPixmap(24, 24)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(COLOURS[colour]))
    if colour is Colour.RED:
        painter.drawRect(4, 4, 16, 16)
    else:
        painter.drawEllipse(3, 3, 18, 18)
    painter.end()
    picture.setDevicePixelRatio(2)
    return picture


def lamp_of_kind(kind: str, colour: Colour) -> QPixmap:
    """What it is and how it does: the device's sign with its lamp at the right."""
    picture = QPixmap(64, 32)
    picture.fill(Qt.GlobalColor.transparent)
    picture.setDevicePixelRatio(2)
    painter = QPainter(picture)
    painter.drawPixmap(0, 0, pixmap(KIND_ICONS[kind], 16, current().muted))
    painter.drawPixmap(19, 2, dot(colour))
    painter.end()
    return picture


def lamp_text(lamp: Lamp) -> str:
    """The sentence and the next step, when there is one."""
    if lamp.next_step is None:
        return str(lamp.sentence)
    return f"{lamp.sentence} {lamp.next_step}"


class DeviceLamps(QWidget):
    """One button per device of this PC; hidden when there are none."""

    def __init__(
        self, host: DeviceHost, open_page: OpenPage, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._host = host
        self._open_page = open_page
        self._buttons: dict[int, QToolButton] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 8, 0)
        self._row.setSpacing(2)
        host.changed.connect(self.rebuild)
        host.lamp_changed.connect(self._show)
        self.rebuild()

    def rebuild(self) -> None:
        """The devices are others."""
        for button in self._buttons.values():
            self._row.removeWidget(button)
            button.deleteLater()
        self._buttons = {}
        for hosted in self._host.hosted():
            button = QToolButton(self)
            button.setAutoRaise(True)
            button.setIconSize(QSize(32, 16))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _c=False: self._open_page("devices", {}))
            self._row.addWidget(button)
            self._buttons[hosted.device.id] = button
            self._paint(hosted, hosted.lamp)
        self.setVisible(bool(self._buttons))

    def retint(self) -> None:
        """Follow a change of theme."""
        for device_id in self._buttons:
            if (hosted := self._host.find(device_id)) is not None:
                self._paint(hosted, hosted.lamp)

    def _show(self, device_id: int, lamp: Lamp) -> None:
        hosted = self._host.find(device_id)
        if hosted is not None and device_id in self._buttons:
            self._paint(hosted, lamp)

    def _paint(self, hosted: Hosted, lamp: Lamp) -> None:
        button = self._buttons[hosted.device.id]
        button.setIcon(lamp_of_kind(hosted.device.kind, lamp.colour))
        title = f"{tr(KINDS[hosted.device.kind])} {hosted.device.name}: {lamp_text(lamp)}"
        button.setToolTip(title)
        button.setAccessibleName(title)
