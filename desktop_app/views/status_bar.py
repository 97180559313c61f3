"""The foot of the window: where am I, as whom, is the server there, is anything unsaved."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QStatusBar, QToolButton, QWidget

from desktop_app.core.i18n import tr
from desktop_app.runtime.context import CompanyInfo, CurrentUser, OpenPage
from desktop_app.runtime.device_host import DeviceHost
from desktop_app.views.base.device_lamps import DeviceLamps
from desktop_app.views.base.icons import pixmap
from desktop_app.views.theme import current

SHOW_BUSY_MS = 300


class ShellStatusBar(QStatusBar):
    """Company, database and user at the left; unsaved mark, zoom and lamp at the right."""

    def __init__(
        self, company: CompanyInfo, user: CurrentUser, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._connected = True
        self._on_the_left = 0
        self.company = self._words(company.name)
        self._left("item", self.company)
        if company.database:
            self._left("master", self._words(company.database))
        self.person = QToolButton(self)
        self.person.setText(user.display_name or user.login)
        self.person.setAutoRaise(True)
        self.person.setToolTip(tr("Somebody else works here (Ctrl+Shift+U)"))
        self._left("user", self.person)
        self.busy = QLabel(tr("Working …"), self)
        self.unsaved = QLabel(tr("● Not saved"), self)
        self.zoom = QLabel("100 %", self)
        self.lamp = QLabel(self)
        self.lamp_text = QLabel(self)
        for widget in (self.busy, self.unsaved, self.zoom, self.lamp, self.lamp_text):
            self.addPermanentWidget(widget)
        self.lamp_text.setContentsMargins(0, 0, 8, 0)
        self.busy.hide()
        self.unsaved.hide()
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(SHOW_BUSY_MS)
        self._patience.timeout.connect(self.busy.show)
        self.show_connection(True)

    def show_busy(self, busy: bool) -> None:
        """Say that work is under way once it takes longer than a moment."""
        if busy:
            self._patience.start()
        else:
            self._patience.stop()
            self.busy.hide()

    def show_connection(self, connected: bool) -> None:
        """Green lamp while the server answers, red one when it does not."""
        self._connected = connected
        tokens = current()
        colour = tokens.good if connected else tokens.wrong
        self.lamp.setPixmap(_dot(colour))
        self.lamp_text.setText(tr("Connected") if connected else tr("No connection"))
        self.lamp_text.setStyleSheet("" if connected else f"color: {colour}; font-weight: bold;")
        self.lamp.setAccessibleName(self.lamp_text.text())

    def show_unsaved(self, unsaved: bool) -> None:
        """Mark that the page in front holds input that is not saved."""
        self.unsaved.setStyleSheet(f"color: {current().ask}; font-weight: bold;")
        self.unsaved.setVisible(unsaved)

    def show_zoom(self, per_cent: int) -> None:
        """Present size of the text."""
        self.zoom.setText(tr("Zoom {per_cent} %", per_cent=per_cent))

    def show_devices(self, host: DeviceHost, open_page: OpenPage) -> None:
        """A lamp for each device of this PC; a click opens the devices page."""
        self.devices = DeviceLamps(host, open_page, self)
        # Counted among all widgets of the bar: the first place behind those on the left.
        self.insertPermanentWidget(self._on_the_left, self.devices)

    def retint(self) -> None:
        """Follow a change of theme."""
        for label in self.findChildren(QLabel, "glyph"):
            label.setPixmap(pixmap(label.property("icon"), 16, current().muted))
        for lamps in self.findChildren(DeviceLamps):
            lamps.retint()
        self.show_connection(self._connected)
        self.show_unsaved(not self.unsaved.isHidden())

    def _left(self, icon_name: str, shown: QWidget) -> None:
        glyph = QLabel(self)
        glyph.setObjectName("glyph")
        glyph.setProperty("icon", icon_name)
        glyph.setPixmap(pixmap(icon_name, 16, current().muted))
        glyph.setContentsMargins(8, 0, 0, 0)
        line = QFrame(self)
        line.setFrameShape(QFrame.Shape.NoFrame)
        line.setFixedWidth(8)
        for widget in (glyph, shown, line):
            self.addWidget(widget)
            self._on_the_left += 1

    def _words(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label


def _dot(colour: str) -> QPixmap:
    picture = QPixmap(24, 24)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(3, 3, 18, 18)
    painter.end()
    picture.setDevicePixelRatio(2)
    return picture
