"""One rate over the last counts, painted by hand: points, values, and the mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop_app.core.i18n import tr
from desktop_app.views.counting.figures import percent
from desktop_app.views.theme import Tokens, current

_STEPS = tuple(
    Decimal(step) for step in ("0.002", "0.005", "0.01", "0.02", "0.05", "0.1", "0.2", "0.25")
)


@dataclass(frozen=True)
class ChartPoint:
    """One count: ``label`` below, ``rate`` 0..1 or None when it has none."""

    label: str
    rate: Decimal | None


def scale(rates: Sequence[Decimal], good_high: bool) -> tuple[Decimal, Decimal, Decimal]:
    """(bottom, top, step) of an axis with at most six lines that holds every rate."""
    low, high = (min(rates), Decimal(1)) if good_high else (min(*rates, Decimal(0)), max(rates))
    span = max(high - low, Decimal("0.01"))
    step = next((step for step in _STEPS if span / step <= 5), _STEPS[-1])
    bottom = (low / step).to_integral_value(rounding="ROUND_FLOOR") * step
    top = (high / step).to_integral_value(rounding="ROUND_CEILING") * step
    return bottom, top if top > bottom else bottom + step, step


class TrendChart(QWidget):
    """The line of a rate; a count without that rate leaves a gap."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(220)
        self._points: tuple[ChartPoint, ...] = ()
        self._good_high = False

    def show_points(self, points: Sequence[ChartPoint], *, good_high: bool) -> None:
        """Show these, oldest first."""
        self._points, self._good_high = tuple(points), good_high
        self.setAccessibleName(", ".join(f"{p.label}: {percent(p.rate)}" for p in self._points))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(720, 280)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rates = [point.rate for point in self._points if point.rate is not None]
        if rates:
            self._draw(painter, rates, current())
        else:
            painter.setPen(QColor(current().muted))
            painter.drawText(
                self.rect(), Qt.AlignmentFlag.AlignCenter, tr("No approved count yet.")
            )
        painter.end()

    def _draw(self, painter: QPainter, rates: Sequence[Decimal], tokens: Tokens) -> None:
        bottom, top, step = scale(rates, self._good_high)
        metrics = painter.fontMetrics()
        left = metrics.horizontalAdvance("-100.00 %") + 12
        room = QRectF(
            left,
            metrics.height() + 8,
            self.width() - left - 48,
            self.height() - 3 * metrics.height() - 16,
        )
        self._draw_axis(painter, room, (bottom, top, step), tokens)
        line: list[tuple[QPointF, ChartPoint]] = []
        for number, point in enumerate(self._points):
            x = room.left() + room.width() * (number + 0.5) / len(self._points)
            painter.setPen(QColor(tokens.muted))
            below = QRectF(x - 60, room.bottom() + 6, 120, metrics.height() + 4)
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, point.label)
            if point.rate is not None:
                share = float((point.rate - bottom) / (top - bottom))
                line.append((QPointF(x, room.bottom() - room.height() * share), point))
        self._draw_line(painter, line, tokens)

    @staticmethod
    def _draw_axis(
        painter: QPainter, room: QRectF, axis: tuple[Decimal, Decimal, Decimal], tokens: Tokens
    ) -> None:
        bottom, top, step = axis
        value = bottom
        while value <= top:
            y = room.bottom() - room.height() * float((value - bottom) / (top - bottom))
            painter.setPen(QPen(QColor(tokens.line), 1))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(QColor(tokens.muted))
            side = QRectF(0, y - 10, room.left() - 8, 20)
            painter.drawText(
                side,
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                percent(value, 0 if step >= Decimal("0.01") else 1),
            )
            value += step

    def _draw_line(
        self, painter: QPainter, line: Sequence[tuple[QPointF, ChartPoint]], tokens: Tokens
    ) -> None:
        accent = QColor(tokens.accent)
        stroke, edge = QPen(accent, 2), QPen(QColor(tokens.base), 2)
        inks = {False: QColor(tokens.muted), True: QColor(tokens.text)}
        fonts = {False: QFont(self.font()), True: QFont(self.font())}
        fonts[True].setBold(True)
        painter.setPen(stroke)
        for (before, _), (after, _) in pairwise(line):
            painter.drawLine(before, after)
        painter.setBrush(accent)
        for number, (place, point) in enumerate(line):
            last = number == len(line) - 1
            painter.setPen(edge)
            painter.drawEllipse(place, 5, 5)
            painter.setFont(fonts[last])
            painter.setPen(inks[last])
            above = QRectF(place.x() - 50, place.y() - 28, 100, 20)
            painter.drawText(above, Qt.AlignmentFlag.AlignHCenter, percent(point.rate))
