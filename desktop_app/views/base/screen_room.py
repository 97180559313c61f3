"""How much room the screen has around a point.

Never ask a widget for its screen: PySide hangs the ``QScreen`` it hands out under that widget
and destroys it together with it. The next widget of the program then crashes inside Qt.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QGuiApplication


def room_around(point: QPoint) -> QRect:
    """The usable area of the screen at ``point`` (global), or of the first screen."""
    screen = QGuiApplication.screenAt(point) or QGuiApplication.primaryScreen()
    return screen.availableGeometry()
