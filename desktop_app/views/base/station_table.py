"""A large read-only table for stations: rows are values, columns are functions of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPixmap
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from desktop_app.core.i18n import tr
from desktop_app.views.base.empty_state import EmptyState
from desktop_app.views.base.row_table import choose_row, keep_to_rows
from desktop_app.views.base.station import enlarge
from desktop_app.views.base.tones import Tone, tone

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class StationColumn:
    """One column. ``stretch`` takes the room that is left; ``tone`` colours a cell; ``picture``
    stands before the text.
    """

    title: str
    text: Callable[[Any], str]
    width: int = 8  # characters
    right: bool = False
    bold: bool = False
    stretch: bool = False
    tone: Callable[[Any], Tone | None] | None = None
    picture: Callable[[Any], QPixmap | None] | None = None


class _Rows(QAbstractTableModel):
    def __init__(self, columns: Sequence[StationColumn], parent: QWidget) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: tuple[Any, ...] = ()
        self._bold = QFont(parent.font())
        self._bold.setBold(True)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(self.columns[section])
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        column, row = self.columns[index.column()], self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return column.text(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        if role == Qt.ItemDataRole.FontRole:
            return self._bold if column.bold else None
        if role == Qt.ItemDataRole.ForegroundRole and column.tone is not None:
            found = column.tone(row)
            return tone(found) if found is not None else None
        if role == Qt.ItemDataRole.DecorationRole and column.picture is not None:
            return column.picture(row)
        return None

    def show(self, rows: Sequence[Any]) -> None:
        """Replace the rows; the number of them is small."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()


def _side(column: StationColumn) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class StationTable(QTableView):
    """Shows rows; one is current. ``chosen(int)`` fires on Enter or a double click.

    ``empty_text`` stands where rows would be: what is missing, or what to do next; ``empty``
    is the place for other words and a button.
    """

    chosen = Signal(int)

    def __init__(
        self,
        columns: Sequence[StationColumn],
        parent: QWidget | None = None,
        *,
        factor: float = 1.25,
        empty_text: str = "",
    ) -> None:
        super().__init__(parent)
        enlarge(self, factor)
        # The row is what is chosen: a frame around one of its cells would only tell that column.
        self.setStyleSheet("QTableView { outline: none; } QTableView::item { padding: 0 8px; }")
        self.table_rows = _Rows(columns, self)
        self.setModel(self.table_rows)
        keep_to_rows(self, self.fontMetrics().height() + 16)
        header = self.horizontalHeader()
        letter = self.fontMetrics().horizontalAdvance("0")
        for place, column in enumerate(columns):
            if column.stretch:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
            else:
                words = self.fontMetrics().horizontalAdvance(column.title) + 24
                self.setColumnWidth(place, max(words, column.width * letter + 24))
        self.empty = EmptyState(self)
        self.empty_text = empty_text
        if empty_text:
            self.empty.say(empty_text)
        self.doubleClicked.connect(lambda index: self.chosen.emit(index.row()))

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show other rows and keep the place."""
        place = self.current_row()
        self.table_rows.show(rows)
        self._say_when_empty()
        if rows:
            self.choose(min(max(place, 0), len(rows) - 1))

    def _say_when_empty(self) -> None:
        if self.table_rows.rows:
            self.empty.hide()
        else:
            self.empty.say(self.empty_text or tr("Nothing here yet."))

    def current_row(self) -> int:
        """Number of the current row, -1 without one."""
        return self.currentIndex().row()

    def choose(self, row: int) -> None:
        """Make a row the current one and bring it into view."""
        choose_row(self, row)
        self.scrollTo(self.model().index(row, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current_row() >= 0:
            self.chosen.emit(self.current_row())
            return
        super().keyPressEvent(event)
