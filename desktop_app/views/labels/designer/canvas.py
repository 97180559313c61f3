"""The label being designed: drawn as it prints, elements chosen and moved by mouse or keys."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop_app.core.i18n import tr
from desktop_app.domain.label_bitmap import Bitmap
from desktop_app.domain.label_design import LabelDesign, bounds
from desktop_app.views.labels.bitmap_view import to_qimage
from desktop_app.views.labels.designer.history import FINE, GRID
from desktop_app.views.theme import current

_MARGIN = 24
_HANDLE = 9
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class DesignCanvas(QWidget):
    """Arrows move by half a millimetre (Shift: a tenth), with Ctrl they resize; Tab goes on.

    Signals:
        chosen(index): an element was chosen; -1 none.
        dragged(index, right, down, resizing, done): millimetres since the button went down.
        nudged(index, right, down, resizing): by keys.
        removed(index): Del.
    """

    chosen = Signal(int)
    dragged = Signal(int, object, object, bool, bool)
    nudged = Signal(int, object, object, bool)
    removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._design: LabelDesign | None = None
        self._image: QImage | None = None
        self._wrong: frozenset[int] = frozenset()
        self.index = -1
        self._from: QPointF | None = None
        self._resizing = False
        self.setMinimumSize(360, 260)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Label"))

    def show_design(self, design: LabelDesign, index: int) -> None:
        """Show the outlines of a design; the picture follows with :meth:`show_bitmap`."""
        self._design, self.index = design, index
        self.update()

    def show_bitmap(self, bitmap: Bitmap, wrong: frozenset[int]) -> None:
        """The design as it prints; ``wrong`` are the elements with a warning."""
        self._image, self._wrong = to_qimage(bitmap), wrong
        self.update()

    def scale(self) -> float:
        """Pixels per millimetre."""
        if self._design is None:
            return 1.0
        return min(
            (self.width() - 2 * _MARGIN) / float(self._design.width_mm),
            (self.height() - 2 * _MARGIN) / float(self._design.height_mm),
        )

    def rect_of(self, index: int) -> QRectF:
        """Where an element is, in pixels of this widget."""
        assert self._design is not None
        left, top, right, bottom = map(float, bounds(self._design.elements[index]))
        scale, origin = self.scale(), self._origin()
        return QRectF(
            origin.x() + left * scale,
            origin.y() + top * scale,
            max(1.0, (right - left) * scale),
            max(1.0, (bottom - top) * scale),
        )

    def _origin(self) -> QPointF:
        assert self._design is not None
        scale = self.scale()
        return QPointF(
            (self.width() - float(self._design.width_mm) * scale) / 2,
            (self.height() - float(self._design.height_mm) * scale) / 2,
        )

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(current().line))
        if self._design is None:
            return
        scale, origin = self.scale(), self._origin()
        label = QRectF(
            origin.x(),
            origin.y(),
            float(self._design.width_mm) * scale,
            float(self._design.height_mm) * scale,
        )
        painter.fillRect(label, QColor("white"))
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(label, self._image.convertToFormat(QImage.Format.Format_RGB32))
        for number in range(len(self._design.elements)):
            self._outline(painter, number)

    def _outline(self, painter: QPainter, number: int) -> None:
        rect = self.rect_of(number)
        if number == self.index:
            painter.setPen(QPen(QColor(current().accent), 2))
            painter.drawRect(rect)
            painter.fillRect(self._handle(rect), QColor(current().accent))
            return
        colour = QColor(current().wrong) if number in self._wrong else QColor(0, 90, 180, 90)
        painter.setPen(QPen(colour, 1, Qt.PenStyle.DotLine))
        painter.drawRect(rect)

    @staticmethod
    def _handle(rect: QRectF) -> QRectF:
        return QRectF(rect.right() - _HANDLE / 2, rect.bottom() - _HANDLE / 2, _HANDLE, _HANDLE)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._design is None or event.button() != Qt.MouseButton.LeftButton:
            return
        place = event.position()
        self._resizing = self.index >= 0 and self._handle(self.rect_of(self.index)).contains(place)
        if not self._resizing:
            self.chosen.emit(self._at(place))
        self._from = place if self.index >= 0 else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._drag(event.position(), done=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._drag(event.position(), done=True)
        self._from = None

    def _drag(self, place: QPointF, *, done: bool) -> None:
        if self._from is None or self.index < 0:
            return
        moved = place - self._from
        if not done and abs(moved.x()) + abs(moved.y()) < 3:
            return
        right, down = (Decimal(str(round(v / self.scale(), 2))) for v in (moved.x(), moved.y()))
        self.dragged.emit(self.index, right, down, self._resizing, done)

    def _at(self, place: QPointF) -> int:
        """The topmost element there; a click on the chosen one's neighbour below goes deeper."""
        assert self._design is not None
        hits = [
            n
            for n in reversed(range(len(self._design.elements)))
            if self.rect_of(n).adjusted(-3, -3, 3, 3).contains(place)
        ]
        return hits[0] if hits else -1

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        key = Qt.Key(event.key())
        count = len(self._design.elements) if self._design is not None else 0
        if key in _ARROWS and self.index >= 0:
            fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            step = FINE if fine else GRID
            right, down = _ARROWS[key]
            resizing = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self.nudged.emit(self.index, step * right, step * down, resizing)
        elif key == Qt.Key.Key_Delete and self.index >= 0:
            self.removed.emit(self.index)
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and count:
            onward = 1 if key == Qt.Key.Key_Tab else -1
            self.chosen.emit((self.index + onward) % count)
        elif key == Qt.Key.Key_Escape:
            self.chosen.emit(-1)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, _next: bool) -> bool:  # noqa: N802
        """Tab walks through the elements here; Esc and then Tab leaves."""
        return self.index < 0
