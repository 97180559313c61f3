"""F7 on a line: what this partner paid for the item before, and when. Enter takes the price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from desktop_app.core.i18n import tr
from desktop_app.domain.document_type import Editor
from desktop_app.domain.quantities import format_quantity
from desktop_app.views.base.screen_room import room_around
from desktop_app.views.base.station_table import StationColumn, StationTable
from desktop_app.views.base.values import format_value
from desktop_app.views.base.widgets import heading

WIDTH, HEIGHT = 520, 260


def _columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Date"), lambda r: format_value(Editor.DATE, r.day), 12),
        StationColumn(
            tr("Price"), lambda r: format_value(Editor.PRICE, r.price), 10, right=True, bold=True
        ),
        StationColumn(
            tr("Quantity"),
            lambda r: f"{format_quantity(r.qty, grouping=True)} {r.uom}",
            10,
            right=True,
        ),
        StationColumn(tr("Document"), lambda r: r.number, stretch=True),
    )


class PricePopup(QFrame):
    """A small window over the line; Esc or a click elsewhere closes it.

    Signals:
        taken(price): that price is to stand on the line.
    """

    taken = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.title = heading("")
        self.table = StationTable(_columns(), self, factor=1.0)
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 10)
        self.table.chosen.connect(self._take)
        self.hint = QLabel(self)
        self.hint.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.table, 1)
        column.addWidget(self.hint)
        self._rows: tuple[Any, ...] = ()
        self._takes = True

    def show_prices(self, title: str, rows: Sequence[Any], below: QPoint, *, takes: bool) -> None:
        """Open with these rows; ``takes`` False only shows them (the line cannot be written)."""
        self._rows, self._takes = tuple(rows), takes
        self.title.setText(title)
        if not rows:
            self.hint.setText(tr("No price of this partner is known for it."))
        else:
            self.hint.setText(tr("Enter takes the price, Esc closes") if takes else "")
        self.table.show_rows(self._rows)
        self.resize(WIDTH, HEIGHT)
        screen = room_around(below)
        self.move(
            max(screen.left(), min(below.x(), screen.right() - WIDTH)),
            max(screen.top(), min(below.y(), screen.bottom() - HEIGHT)),
        )
        self.show()
        self.table.setFocus()

    def _take(self, row: int) -> None:
        self.close()
        if self._takes and 0 <= row < len(self._rows):
            self.taken.emit(self._rows[row].price)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F7):
            self.close()
            return
        super().keyPressEvent(event)
