"""Photos of what was just done at a station: a window beside it, nothing waits for it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.core.i18n import tr
from desktop_app.runtime.context import AppContext
from desktop_app.views.devices.photos_panel import PhotosPanel


class PhotoWindow(QWidget):
    """The photos of a document; a new one belongs to the step just taken at this station.

    Not modal: codes scanned meanwhile go to the station. F8 starts the camera, then takes the photo;
    Esc closes, and the camera with it.
    """

    def __init__(self, context: AppContext, station: QWidget) -> None:
        super().__init__(station, Qt.WindowType.Tool)
        self.panel = PhotosPanel(context, self, own_step=True)
        for button in (self.panel.camera_button, self.panel.shot_button):
            button.setText(f"{button.text()}  F8")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.panel)
        self.resize(420, 520)

    def show_step(self, document_id: int, number: str) -> None:
        """Open for the step just taken, with the camera where this PC has one."""
        self.setWindowTitle(tr("Photos of {number}", number=number))
        self.panel.show_document(document_id)
        self.show()
        self.activateWindow()
        self.panel.start_camera_if_any()

    def event(self, event: QEvent) -> bool:
        # The station's own Esc and F8 reach into its tool windows, whatever their context says.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F8):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        elif event.key() == Qt.Key.Key_F8:
            self.panel.shoot_or_start()
        else:
            super().keyPressEvent(event)
