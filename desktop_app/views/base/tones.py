"""The few colours with a meaning, readable on a light and on a dark palette."""

from __future__ import annotations

from enum import Enum

from PySide6.QtGui import QColor, QGuiApplication, QPalette


class Tone(Enum):
    """Light and dark variant of one meaning: red only for what is wrong."""

    WRONG = ("#c62828", "#ff8a80")
    WRONG_BACK = ("#fdecea", "#4a2524")
    ASK_BACK = ("#fff6e0", "#453a1f")
    ASK_EDGE = ("#d9920a", "#e0b050")
    GOOD = ("#2e7d32", "#81c784")
    MUTED = ("#667085", "#9aa4b2")
    LINE = ("#d5dae1", "#3d444d")
    LINK = ("#1a64b8", "#7db7ff")


def is_dark() -> bool:
    """True when the program's palette is a dark one."""
    return QGuiApplication.palette().color(QPalette.ColorRole.Base).lightness() < 128


def tone(which: Tone) -> QColor:
    """The colour of that meaning on the present palette."""
    return QColor(which.value[1 if is_dark() else 0])
