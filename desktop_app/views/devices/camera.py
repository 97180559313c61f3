"""A USB camera in a frame: QtMultimedia is loaded only when somebody wants a photo."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core.i18n import tr

_MODULE = "PySide6.QtMultimedia"


def multimedia() -> tuple[Any, str]:
    """QtMultimedia, or None with a sentence why there is none on this PC."""
    try:
        return importlib.import_module(_MODULE), ""
    except ImportError as error:
        return None, tr("Cameras cannot be used on this PC: {why}", why=str(error))


def camera_names() -> list[tuple[str, str]]:
    """Names and identities of the cameras plugged in; GUI thread only."""
    module, _ = multimedia()
    if module is None:
        return []
    return [
        (camera.description(), bytes(camera.id().data()).decode("utf-8", "replace"))
        for camera in module.QMediaDevices.videoInputs()
    ]


class CameraView(QWidget):
    """The live picture. :meth:`start` opens a camera, :meth:`take` returns what is seen.

    Signals:
        failed(sentence): the camera cannot be used, and why.
        seen(): a first or another picture arrived.
    """

    failed = Signal(str)
    seen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image = QImage()
        self._simulated: Any = None
        self._ticks = QTimer(self)
        self._ticks.timeout.connect(self._tick)
        self._camera: Any = None
        self._session: Any = None
        self._sink: Any = None
        self.label = QLabel(self, alignment=Qt.AlignmentFlag.AlignCenter)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.label.setMinimumSize(240, 180)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.label)

    def start(self, identity: str = "", source: Callable[[Any], Any] | None = None) -> bool:
        """Open the camera of that identity (the first one when ""); False with ``failed``.

        ``source(session)`` replaces the camera by another supplier of frames.
        """
        self.stop()
        module, why = multimedia()
        if module is None:
            self.failed.emit(why)
            return False
        self._session = module.QMediaCaptureSession(self)
        self._sink = module.QVideoSink(self)
        self._sink.videoFrameChanged.connect(self._frame)
        self._session.setVideoSink(self._sink)
        if source is not None:
            self._camera = source(self._session)
            return True
        devices = module.QMediaDevices.videoInputs()
        wanted = [d for d in devices if not identity or bytes(d.id().data()).decode() == identity]
        if not wanted:
            self.stop()
            self.failed.emit(tr("No camera is plugged in. Choose a file, or drop a picture here."))
            return False
        self._camera = module.QCamera(wanted[0], self)
        self._camera.errorOccurred.connect(lambda _code, text: self.failed.emit(text))
        self._session.setCamera(self._camera)
        self._camera.start()
        return True

    def simulate(self) -> None:
        """Show what a camera made of code sees, for who has no camera."""
        from desktop_app.hardware.simulators.camera import FRAMES_PER_S, SimulatedCamera

        self.stop()
        self._simulated = SimulatedCamera()
        self._ticks.start(1000 // FRAMES_PER_S)
        self._tick()

    def stop(self) -> None:
        """Let go of the camera."""
        self._ticks.stop()
        if self._camera is not None and hasattr(self._camera, "stop"):
            self._camera.stop()
        for part in (self._camera, self._session, self._sink):
            if part is not None:
                part.deleteLater()
        self._camera = self._session = self._sink = None

    def take(self) -> QImage:
        """What is seen now; a null image before the first one."""
        return QImage(self.image)

    def show_image(self, image: QImage) -> None:
        """Show a picture (of a file, a frame)."""
        self.image = image
        self._paint()
        self.seen.emit()

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._paint()

    def closeEvent(self, event: Any) -> None:
        self.stop()
        super().closeEvent(event)

    def _tick(self) -> None:
        self.show_image(QImage.fromData(self._simulated.frame()))

    def _frame(self, frame: Any) -> None:
        image = frame.toImage()
        if not image.isNull():
            self.show_image(image)

    def _paint(self) -> None:
        if not self.image.isNull():
            self.label.setPixmap(
                QPixmap.fromImage(self.image).scaled(
                    self.label.size(),
                    Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            )
