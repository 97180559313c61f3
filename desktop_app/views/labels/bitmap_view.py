"""A label on the screen: the very bitmap that is sent, in whole pixels, on a grey table."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop_app.domain.label_bitmap import Bitmap
from desktop_app.views.theme import current

_MARGIN = 16


def to_qimage(bitmap: Bitmap) -> QImage:
    """The bitmap as a one-bit Qt image, black on white."""
    stride = bitmap.row_bytes
    image = QImage(bitmap.rows, bitmap.width, bitmap.height, stride, QImage.Format.Format_Mono)
    image.setColorTable([0xFFFFFFFF, 0xFF000000])
    return image.copy()  # Qt does not keep the bytes alive


class BitmapView(QWidget):
    """Shows one label as large as it fits; whole multiples, so that no dot is blurred."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self.setMinimumSize(280, 200)

    def show_bitmap(self, bitmap: Bitmap | None) -> None:
        """Show a label, or nothing."""
        self._image = to_qimage(bitmap) if bitmap is not None else None
        self.update()

    @property
    def image(self) -> QImage | None:
        """What is shown."""
        return self._image

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(current().line))
        if self._image is None:
            return
        wide = (self.width() - 2 * _MARGIN) / self._image.width()
        high = (self.height() - 2 * _MARGIN) / self._image.height()
        scale = min(wide, high)
        scale = float(int(scale)) if scale >= 1 else scale
        width, height = int(self._image.width() * scale), int(self._image.height() * scale)
        left, top = (self.width() - width) // 2, (self.height() - height) // 2
        smooth = scale < 1
        mode = (
            Qt.TransformationMode.SmoothTransformation
            if smooth
            else Qt.TransformationMode.FastTransformation
        )
        shown = self._image.convertToFormat(QImage.Format.Format_RGB32).scaled(
            width, height, Qt.AspectRatioMode.KeepAspectRatio, mode
        )
        painter.drawImage(left, top, shown)
