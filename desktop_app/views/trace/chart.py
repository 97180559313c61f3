"""The waterfall: where the number began, what each act added or took, where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from desktop_app.core.i18n import tr
from desktop_app.domain.document_type import Editor
from desktop_app.queries.trace import Waterfall
from desktop_app.views.base.values import format_value
from desktop_app.views.theme import Tokens, current
from desktop_app.views.trace.words import number, signed, start_words, step_words

BAR_ROOM = 46
"""Least width of a bar with its gap, so that most amounts fit above it."""
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Bar:
    """One bar: from balance ``low`` to ``high``; ``delta`` None for a total.

    ``key`` names the row of the table it belongs to (0: none).
    """

    title: str
    told: str
    before: Decimal
    after: Decimal
    delta: Decimal | None
    key: int = 0


def bars_of(found: Waterfall, most: int) -> tuple[Bar, ...]:
    """The bars of an explanation, at most ``most``; what is too old for one is in the first.

    One total for everything before keeps the newest acts large enough to be read.
    """
    steps = found.steps[-max(1, most - 2) :]
    cut_off = bool(found.older) or len(steps) < len(found.steps)
    balance = found.end - sum((step.delta for step in steps), _ZERO)
    if cut_off:
        first = Bar(tr("Before"), f"{tr('Before')}: {number(balance)}", _ZERO, balance, None)
    else:
        title = tr("Count") if found.start.counts else tr("Start")
        first = Bar(title, start_words(found.start), _ZERO, balance, None)
    bars = [first]
    for step in steps:
        told = "\n".join(
            (
                f"{step_words(step)} {signed(step.delta)}",
                step.number,
                f"{format_value(Editor.TIMESTAMP, step.at)} · {step.actor} · {step.workstation}",
            )
        )
        bars.append(
            Bar(step_words(step), told, balance, balance + step.delta, step.delta, step.act_id)
        )
        balance += step.delta
    bars.append(
        Bar(tr("On hand now"), tr("On hand {qty}", qty=number(balance)), _ZERO, balance, None)
    )
    return tuple(bars)


class WaterfallChart(QWidget):
    """Draws the bars; the table beside it holds the same facts for a screen reader.

    Signals:
        picked(key): a bar was clicked.
    """

    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: Waterfall | None = None
        self._bars: tuple[Bar, ...] = ()
        self._chosen = 0
        self.setMinimumHeight(150)
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        return QSize(640, 210)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What is drawn now."""
        return self._bars

    def show_waterfall(self, found: Waterfall, sentence: str) -> None:
        """Draw this explanation."""
        self._found = found
        self.setAccessibleName(sentence)
        self._arrange()

    def choose(self, key: int) -> None:
        """Mark the bar of that row."""
        self._chosen = key
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        if self._found is not None:
            self._bars = bars_of(self._found, max(8, self.width() // BAR_ROOM))
            self.setAccessibleDescription(
                "; ".join(bar.told.replace("\n", ", ") for bar in self._bars)
            )
        self.update()

    def bar_at(self, x: float) -> Bar | None:
        """The bar under that x, or None."""
        if not self._bars:
            return None
        place = int(x / (self.width() / len(self._bars)))
        return self._bars[place] if 0 <= place < len(self._bars) else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        bar = self.bar_at(event.position().x())
        if bar is not None and bar.key:
            self.picked.emit(bar.key)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            bar = self.bar_at(event.pos().x())
            QToolTip.showText(event.globalPos(), bar.told if bar else "", self)
            return True
        return super().event(event)

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._bars:
            self._draw(painter, current())
        painter.end()

    def _draw(self, painter: QPainter, tokens: Tokens) -> None:
        line = painter.fontMetrics().height()
        room = QRectF(0, line + 6, self.width(), self.height() - 2 * line - 14)
        floor, top = _limits(self._bars)
        width = room.width() / len(self._bars)

        def y(value: Decimal) -> float:
            share = float((max(value, floor) - floor) / (top - floor))
            return room.bottom() - room.height() * share

        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.drawLine(QPointF(0, room.bottom()), QPointF(room.width(), room.bottom()))
        for place, bar in enumerate(self._bars):
            slot = QRectF(place * width, 0, width, self.height())
            self._draw_bar(painter, tokens, bar, slot, (y(bar.before), y(bar.after), room.bottom()))
            if place + 1 < len(self._bars):
                painter.setPen(QPen(QColor(tokens.muted), 1, Qt.PenStyle.DotLine))
                painter.drawLine(
                    QPointF(slot.right() - width * 0.16, y(bar.after)),
                    QPointF(slot.right() + width * 0.16, y(bar.after)),
                )
        if floor > 0:
            for place in (0, len(self._bars) - 1):
                self._draw_break(painter, tokens, QRectF(place * width, 0, width, room.bottom()))

    def _draw_bar(
        self,
        painter: QPainter,
        tokens: Tokens,
        bar: Bar,
        slot: QRectF,
        heights: tuple[float, float, float],
    ) -> None:
        before, after, ground = heights
        total = bar.delta is None
        top, bottom = (after, ground) if total else (min(before, after), max(before, after))
        ink = QColor(tokens.accent if total else tokens.good if after < before else tokens.ask)
        body = QRectF(
            slot.left() + slot.width() * 0.16, top, slot.width() * 0.68, max(2.0, bottom - top)
        )
        if bar.key and bar.key == self._chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.selection))
            painter.drawRoundedRect(slot.adjusted(1, 0, -1, 0), 4, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawRoundedRect(body, 2, 2)
        self._write(painter, tokens, bar, slot, top)

    @staticmethod
    def _write(painter: QPainter, tokens: Tokens, bar: Bar, slot: QRectF, top: float) -> None:
        metrics = painter.fontMetrics()
        amount = number(bar.after) if bar.delta is None else signed(bar.delta)
        font = QFont(painter.font())
        bold = QFont(font)
        bold.setBold(bar.delta is None)
        painter.setFont(bold)
        painter.setPen(QColor(tokens.text))
        if metrics.horizontalAdvance(amount) <= slot.width() + 6:
            box = QRectF(
                slot.left() - 8, top - metrics.height() - 2, slot.width() + 16, metrics.height()
            )
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, amount)
        painter.setFont(font)
        painter.setPen(QColor(tokens.muted))
        title = metrics.elidedText(bar.title, Qt.TextElideMode.ElideRight, int(slot.width()) - 2)
        foot = QRectF(
            slot.left(), slot.bottom() - metrics.height() - 2, slot.width(), metrics.height()
        )
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, title)

    @staticmethod
    def _draw_break(painter: QPainter, tokens: Tokens, slot: QRectF) -> None:
        """A slanted stroke through a total: the axis does not begin at zero."""
        painter.setPen(QPen(QColor(tokens.window), 3))
        height = slot.bottom() - 10
        painter.drawLine(
            QPointF(slot.left() + slot.width() * 0.1, height + 4),
            QPointF(slot.right() - slot.width() * 0.1, height - 4),
        )


def _limits(bars: Sequence[Bar]) -> tuple[Decimal, Decimal]:
    """Lowest and highest value of the axis; it begins above zero when all the action is there."""
    moving = [value for bar in bars if bar.delta is not None for value in (bar.before, bar.after)]
    totals = [bar.after for bar in bars if bar.delta is None]
    top = max([*moving, *totals, Decimal(1)])
    low = min([*moving, *(total for total in totals if total > 0)], default=_ZERO)
    floor = max(_ZERO, low - (top - low) / 2) if low > top / 2 else min(_ZERO, low)
    return floor, top if top > floor else floor + 1


def legend() -> str:
    """How to read the colours."""
    return tr("Blue: counted or on hand · green: came in · amber: went out")
