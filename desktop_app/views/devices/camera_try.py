"""Trying a camera: the picture, a file instead of it, and the codes found in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtGui import QHideEvent, QImage
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.i18n import tr
from desktop_app.hardware.photo_codes import PhotoCode, read_codes
from desktop_app.runtime.context import AppContext
from desktop_app.services.devices import Device
from desktop_app.views.base.station_table import StationColumn
from desktop_app.views.base.thumbnails import ENDINGS, as_png
from desktop_app.views.base.widgets import heading, muted_label, problem_label, show_problem
from desktop_app.views.devices.camera import CameraView
from desktop_app.views.master_data.master_page import QuietTable


def read_picture(path: Path) -> bytes:
    """The bytes of a picture file; for a worker."""
    return path.read_bytes()


def _columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Kind of code"), lambda c: c.name, 16),
        StationColumn(tr("Code"), lambda c: c.text.replace("\x1d", "␝"), stretch=True, bold=True),
    )


class CameraTry(QWidget):
    """F8 takes a photo and reads the codes in it; a file can stand in for the camera."""

    def __init__(self, context: AppContext, device: Device, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._device = context, device
        self.view = CameraView(self)
        self.problem = problem_label()
        self.result = QLabel(self)
        self.table = QuietTable(_columns(), self)
        self.table.setMaximumHeight(170)
        self.start_button = QPushButton(tr("Switch the camera on"), self)
        self.take_button = QPushButton(tr("Take a photo and read codes") + "  F8", self)
        self.file_button = QPushButton(tr("Picture from a file …"), self)
        self.start_button.clicked.connect(lambda _c=False: self.switch_on())
        self.take_button.clicked.connect(lambda _c=False: self.run())
        self.file_button.clicked.connect(lambda _c=False: self.choose())
        self.table.chosen.connect(self.use)
        self.view.failed.connect(lambda text: show_problem(self.problem, text))
        self._build()

    def switch_on(self) -> None:
        """Open the camera of this device."""
        show_problem(self.problem, "")
        if self._device.is_simulated:
            self.view.simulate()
        else:
            self.view.start(self._device.identity)

    def run(self) -> None:
        """Read the codes in what is seen (F8)."""
        image = self.view.take()
        if image.isNull():
            show_problem(self.problem, tr("There is no picture yet."))
            return
        show_problem(self.problem, "")
        self._context.operations.background(
            _codes_of, image, on_done=self._found, on_error=self._failed
        )

    def choose(self) -> None:
        """A picture from a file, as if the camera had seen it."""
        chosen, _ = QFileDialog.getOpenFileName(
            self, tr("Picture from a file"), "", tr("Pictures ({endings})", endings=ENDINGS)
        )
        if chosen:
            self.show_file(Path(chosen))

    def show_file(self, path: Path) -> None:
        """Show that file and read its codes."""
        self._context.operations.background(
            read_picture, path, on_done=self._show_bytes, on_error=self._failed
        )

    def use(self, row: int) -> None:
        """Go on with a code as if a scanner had read it (Enter)."""
        codes = self.table.table_rows.rows
        if self._context.scans is not None and 0 <= row < len(codes):
            self._context.scans.from_photo(codes[row].text, codes[row].symbology)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        self.view.stop()
        super().hideEvent(event)

    def _show_bytes(self, content: bytes) -> None:
        image = QImage.fromData(content)
        if image.isNull():
            show_problem(self.problem, tr("This is no picture that can be shown."))
            return
        self.view.show_image(image)
        self.run()

    def _found(self, codes: tuple[PhotoCode, ...]) -> None:
        self.table.show_rows(codes)
        self.result.setText(
            tr("{count} codes found; Enter uses one", count=len(codes))
            if codes
            else tr("No code found.")
        )

    def _failed(self, error: Exception) -> None:
        show_problem(self.problem, str(error))

    def _build(self) -> None:
        keys = QHBoxLayout()
        for button in (self.start_button, self.take_button, self.file_button):
            keys.addWidget(button)
        keys.addStretch(1)
        column: Any = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(
            muted_label(
                tr("The camera is on only while this page is in front. A file can stand in for it.")
            )
        )
        column.addWidget(self.view, 1)
        column.addWidget(self.problem)
        column.addLayout(keys)
        column.addWidget(heading(tr("Codes in the picture")))
        column.addWidget(self.result)
        column.addWidget(self.table)


def _codes_of(image: QImage) -> tuple[PhotoCode, ...]:
    """For a worker: QImage, unlike QPixmap, may."""
    return read_codes(as_png(image))
