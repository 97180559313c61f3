"""The foot of a table: a figure under each column that has a total, and a count at the left."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QTableView, QWidget

from desktop_app.views.base.tones import Tone, tone

_PAD = 6


class TotalsBar(QWidget):
    """Follows the widths, order and sideways scrolling of the table above it."""

    def __init__(self, view: QTableView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._count = ""
        self._sums: dict[int, str] = {}
        self.setFixedHeight(28)
        header = view.horizontalHeader()
        header.sectionResized.connect(self.update)
        header.sectionMoved.connect(self.update)
        header.geometriesChanged.connect(self.update)
        view.horizontalScrollBar().valueChanged.connect(self.update)

    def show_totals(self, count: str, sums: Mapping[int, str]) -> None:
        """``count`` stands at the left; ``sums`` maps a column number to its text."""
        self._count = count
        self._sums = dict(sums)
        self.setAccessibleName(" · ".join((count, *sums.values())))
        self.update()

    @property
    def count_text(self) -> str:
        """The sentence at the left."""
        return self._count

    @property
    def sums(self) -> Mapping[int, str]:
        """The texts under the columns, by column number."""
        return self._sums

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(200, 28)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.AlternateBase))
        painter.setPen(tone(Tone.LINE))
        painter.drawLine(0, 0, self.width(), 0)
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        header = self._view.horizontalHeader()
        offset = self._view.viewport().x()
        first_sum = self.width()
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        for section, text in self._sums.items():
            if header.isSectionHidden(section):
                continue
            right = offset + header.sectionViewportPosition(section) + header.sectionSize(section)
            width = max(
                header.sectionSize(section),
                painter.fontMetrics().horizontalAdvance(text) + 2 * _PAD,
            )
            box = QRect(right - width, 0, width - _PAD, self.height())
            first_sum = min(first_sum, box.left())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        room = QRect(_PAD + 2, 0, max(0, first_sum - 2 * _PAD), self.height())
        text = painter.fontMetrics().elidedText(
            self._count, Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
