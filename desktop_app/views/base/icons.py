"""The program's own line icons, tinted with the colour of the text around them."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop_app.core.paths import resources_dir

_SIZES = (16, 20, 24, 32, 48)


def icon(name: str, colour: str | QColor | None = None) -> QIcon:
    """The icon ``name`` of ``resources/icons``; the text colour unless another is given.

    Raises FileNotFoundError for a name that does not exist.
    """
    palette = QGuiApplication.palette()
    ink = QColor(colour) if colour else palette.color(QPalette.ColorRole.WindowText)
    return _tinted(name, ink.name())


def pixmap(name: str, size: int, colour: str | QColor | None = None) -> QPixmap:
    """The icon as a picture of ``size`` logical pixels."""
    return icon(name, colour).pixmap(QSize(size, size))


def has_icon(name: str) -> bool:
    """True when the program has an icon of that name."""
    return (resources_dir() / "icons" / f"{name}.svg").is_file()


@lru_cache(maxsize=512)
def _tinted(name: str, ink: str) -> QIcon:
    drawing = (resources_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", ink).encode()))
    result = QIcon()
    for size in _SIZES:
        for scale in (1, 2):
            canvas = QPixmap(size * scale, size * scale)
            canvas.fill(Qt.GlobalColor.transparent)
            painter = QPainter(canvas)
            renderer.render(painter, QRectF(0, 0, size * scale, size * scale))
            painter.end()
            canvas.setDevicePixelRatio(scale)
            result.addPixmap(canvas)
    return result
