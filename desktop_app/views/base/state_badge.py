"""A small rounded label for a state or a tone."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.core.i18n import tr
from desktop_app.domain.document_type import STATE_TITLES
from desktop_app.views.base.delegates import state_ink

_PADDING = 8


class StateBadge(QWidget):
    """Shows a document state in its colour, in words a screen reader can read too."""

    def __init__(self, state: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_state(state)

    def set_state(self, state: str) -> None:
        """Show another state; an empty one shows nothing."""
        self._state = state
        self.setAccessibleName(self.text())
        self.setVisible(bool(state))
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The state's name in the present language."""
        return tr(STATE_TITLES.get(self._state, self._state)) if self._state else ""

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + 2 * _PADDING, metrics.height() + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        ink = state_ink(self._state)
        ground = QColor(ink)
        ground.setAlpha(36)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(self.rect(), 4, 4)
        painter.setPen(ink)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
