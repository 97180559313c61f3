"""Painting of cells: states as badges, everything else as Qt paints it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.views.base.row_table_model import RAW, RowTableModel
from desktop_app.views.base.tones import is_dark

Index = QModelIndex | QPersistentModelIndex

_GREY = ("#5b6573", "#aab4c0")
_BLUE = ("#1a64b8", "#7db7ff")
_GREEN = ("#2e7d32", "#81c784")
_RED = ("#c62828", "#ff8a80")
_AMBER = ("#9a6700", "#e3b341")
STATE_COLORS: dict[str, tuple[str, str]] = {
    "draft": _GREY,
    "planned": _GREY,
    "closed": _GREY,
    "void": _GREY,
    "reversed": _GREY,
    "approved": _BLUE,
    "released": _BLUE,
    "open": _BLUE,
    "picking": _BLUE,
    "picked": _BLUE,
    "verified": _BLUE,
    "issued": _BLUE,
    "counting": _BLUE,
    "in_transit": _BLUE,
    "review": _BLUE,
    "part": _AMBER,
    "recount": _AMBER,
    "disputed": _RED,
    "frozen": _RED,
    "rejected": _RED,
    "done": _GREEN,
    "posted": _GREEN,
    "shipped": _GREEN,
    "received": _GREEN,
    "put_away": _GREEN,
}
"""Ink of a state on a light and on a dark ground; the badge's ground is a tint of it."""


class ListDelegate(QStyledItemDelegate):
    """Paints the column named ``state`` as a badge."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if isinstance(model, RowTableModel) and model.columns[index.column()].name == "state":
            self._paint_badge(painter, option, index)
            return
        super().paint(painter, option, index)

    def _paint_badge(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        state, title, option.text = str(index.data(RAW) or ""), option.text, ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        if state:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            paint_state(painter, option.rect.adjusted(4, 0, -4, 0), state, title, opaque=chosen)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802
        super().initStyleOption(option, index)
        # One row is chosen, not one cell: a focus frame around a cell only confuses.
        option.state &= ~QStyle.StateFlag.State_HasFocus


def state_ink(state: str) -> QColor:
    """The colour of the words of a state badge."""
    return QColor(STATE_COLORS.get(state, _GREY)[1 if is_dark() else 0])


def paint_state(
    painter: QPainter, room: QRect, state: str, text: str, *, opaque: bool = False
) -> None:
    """Paint ``text`` in the colour of ``state`` as a rounded badge at the left of ``room``.

    ``opaque``: on a coloured ground (a selected row) the badge keeps the ground of a list.
    """
    ink = state_ink(state)
    ground = QColor(ink)
    ground.setAlpha(45 if is_dark() else 28)
    if opaque:
        ground = QGuiApplication.palette().color(QPalette.ColorRole.Base)
    metrics = painter.fontMetrics()
    width = min(room.width(), metrics.horizontalAdvance(text) + 16)
    height = min(room.height() - 4, metrics.height() + 4)
    box = QRect(room.left(), room.center().y() - height // 2, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(ink)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - 12)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
    painter.restore()
