"""The home page: what needs a person now, and whether book and shelf agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.clock import today
from desktop_app.core.i18n import tr
from desktop_app.queries.home import HomeOverview, Task
from desktop_app.runtime.context import AppContext
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.views.actions import TASK_ICONS
from desktop_app.views.base.icons import has_icon, pixmap
from desktop_app.views.base.page import Page
from desktop_app.views.base.widgets import heading, muted_label, title_label
from desktop_app.views.shell_services import ServiceCall, shell_services
from desktop_app.views.theme import Tokens, current

CARD_WIDTH = 232
TOPICS = frozenset({"stock", *(f"document:{known.kind}" for known in DOCUMENT_TYPES)})


def tone_ink(tone: str, tokens: Tokens) -> str:
    """The colour of a task's number: red only for what is wrong."""
    return {
        "wrong": tokens.wrong,
        "warning": tokens.ask,
        "ask": tokens.ask,
        "good": tokens.good,
        "ok": tokens.good,
    }.get(tone, tokens.accent)


class TaskCard(QFrame):
    """One task with its number; Enter or a click opens the list behind it."""

    def __init__(self, task: Task, run: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setProperty("clickable", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumSize(CARD_WIDTH, 92)
        self._run = run
        self._task = task
        self._name = TASK_ICONS.get(task.id, "")
        if not self._name:
            self._name = task.id if has_icon(task.id) else "document"
        self.setAccessibleName(f"{tr(task.title)}: {task.count}")
        self.number = QLabel(f"{task.count:,}")
        text = QLabel(tr(task.title))
        text.setWordWrap(True)
        self._glyph = QLabel()
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.number)
        column.addWidget(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.addLayout(column, 1)
        row.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignTop)
        self.retint()

    def retint(self) -> None:
        """Take the colours of the present theme."""
        ink = tone_ink(self._task.tone, current()) if self._task.count else current().muted
        size = round(self.font().pointSizeF() * 2.1)
        self.number.setStyleSheet(f"color: {ink}; font-size: {size}pt; font-weight: bold;")
        self._glyph.setPixmap(pixmap(self._name, 24, ink))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._run()
            return
        steps = {
            Qt.Key.Key_Right: True,
            Qt.Key.Key_Down: True,
            Qt.Key.Key_Left: False,
            Qt.Key.Key_Up: False,
        }
        if event.key() in steps:
            self.focusNextPrevChild(steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self._run()


class Sparkline(QWidget):
    """A small line of rates between 0 and 1 over time; the last one is written out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: tuple[tuple[date, Decimal], ...] = ()
        self.setMinimumHeight(112)

    def show_points(self, points: Sequence[tuple[date, Decimal]]) -> None:
        """Draw these, oldest first."""
        self._points = tuple(points)
        last = self._points[-1][1] if self._points else None
        self.setAccessibleName("" if last is None else f"{last:.1%}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, 120)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._points:
            self._draw(painter, current())
        painter.end()

    def _draw(self, painter: QPainter, tokens: Tokens) -> None:
        metrics = painter.fontMetrics()
        foot = metrics.height() + 6
        label = metrics.horizontalAdvance("100.0%") + 12
        room = QRectF(4, 10, self.width() - label - 8, self.height() - foot - 16)
        low = min(rate for _, rate in self._points)
        floor = max(Decimal(0), (low * 20).to_integral_value(rounding="ROUND_FLOOR") / 20)
        span = max(Decimal(1) - floor, Decimal("0.05"))
        painter.setPen(QPen(QColor(tokens.line), 1, Qt.PenStyle.DashLine))
        for share, text in ((0.0, "100%"), (1.0, f"{floor:.0%}")):
            height = room.top() + room.height() * share
            painter.drawLine(QPointF(room.left(), height), QPointF(room.right(), height))
            side = QRectF(room.right() + 8, height - 10, label, 20)
            painter.setPen(QColor(tokens.muted))
            painter.drawText(side, Qt.AlignmentFlag.AlignVCenter, text)
            painter.setPen(QPen(QColor(tokens.line), 1, Qt.PenStyle.DashLine))
        line = QPolygonF()
        for number, (_, rate) in enumerate(self._points):
            x = room.left() + room.width() * number / max(1, len(self._points) - 1)
            line.append(QPointF(x, room.top() + room.height() * float((1 - rate) / span)))
        self._draw_line(painter, line, room, tokens)
        painter.setPen(QColor(tokens.muted))
        below = QRectF(room.left(), self.height() - foot, room.width(), foot)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, self._points[0][0].isoformat())
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, self._points[-1][0].isoformat())

    @staticmethod
    def _draw_line(painter: QPainter, line: QPolygonF, room: QRectF, tokens: Tokens) -> None:
        shade = QColor(tokens.accent)
        shade.setAlpha(32)
        area = QPolygonF(
            [
                QPointF(line.first().x(), room.bottom()),
                *line,
                QPointF(line.last().x(), room.bottom()),
            ]
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        painter.drawPolygon(area)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens.accent), 2))
        painter.drawPolyline(line)
        painter.setBrush(QColor(tokens.accent))
        painter.drawEllipse(line.last(), 4, 4)


class HomePage(Page):
    """Cards of tasks with numbers; a quiet day says so kindly."""

    quiet_ms = 1_500

    def __init__(
        self,
        context: AppContext,
        overview: ServiceCall | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, parent)
        self._overview = overview or shell_services().overview
        self.cards: list[TaskCard] = []
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(24, 16, 24, 24)
        column.setSpacing(12)
        column.addWidget(
            title_label(
                tr("Good day, {name}", name=context.user.display_name or context.user.login)
            )
        )
        self._lead = muted_label("")
        column.addWidget(self._lead)
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        column.addLayout(self._grid)
        column.addWidget(self._trend_card())
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidget(body)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def title(self) -> str:
        return tr("Home")

    def topics(self) -> frozenset[str]:
        return TOPICS

    def reload(self) -> None:
        self.context.operations.query(
            self._overview, on_done=self._show, on_error=self.context.notifier.error, owner=self
        )

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for card in self.cards:
                card.retint()

    def _trend_card(self) -> QFrame:
        card = QFrame(self)
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 12)
        top = QHBoxLayout()
        top.addWidget(heading(tr("Book and shelf agree")))
        self._rate = QLabel("")
        self._rate.setProperty("role", "heading")
        top.addStretch(1)
        top.addWidget(self._rate)
        column.addLayout(top)
        self._formula = muted_label("")
        column.addWidget(self._formula)
        self._chart = Sparkline(card)
        column.addWidget(self._chart)
        return card

    def _show(self, overview: HomeOverview) -> None:
        had_focus = next((i for i, card in enumerate(self.cards) if card.hasFocus()), None)
        for card in self.cards:
            card.deleteLater()
        tasks = sorted(overview.tasks, key=lambda task: task.count == 0)
        self.cards = [TaskCard(task, self._opener(task), self) for task in tasks]
        self._arrange()
        waiting = sum(1 for task in tasks if task.count)
        self._lead.setText(
            tr("{day} · {count} things need a person", day=today().isoformat(), count=waiting)
            if waiting
            else tr("{day} · Nothing is waiting. Scan anything to begin.", day=today().isoformat())
        )
        self._show_trend(overview.accuracy)
        if had_focus is not None and had_focus < len(self.cards):
            self.cards[had_focus].setFocus()

    def _show_trend(self, points: Sequence[tuple[date, Decimal]]) -> None:
        self._chart.show_points(points)
        self._chart.setVisible(len(points) > 0)
        if points:
            self._rate.setText(f"{points[-1][1]:.1%}")
            self._formula.setText(
                tr("Counted records without difference ÷ counted records, per count")
            )
        else:
            self._rate.setText("")
            self._formula.setText(
                tr(
                    "No count yet. A blind count of 20 random bins shows how far "
                    "the numbers can be trusted."
                )
            )

    def _opener(self, task: Task) -> Callable[[], None]:
        page_id, params = task.opens
        return lambda: self.context.open_page(page_id, dict(params))

    def _arrange(self) -> None:
        columns = max(1, (self.width() - 48) // (CARD_WIDTH + 12))
        for number, card in enumerate(self.cards):
            self._grid.addWidget(card, number // columns, number % columns)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)


def create(context: AppContext, params: dict[str, Any]) -> HomePage:
    """Factory named in the table of actions."""
    return HomePage(context)
