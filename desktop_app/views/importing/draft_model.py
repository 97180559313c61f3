"""The staged rows as a table: fetched as one scrolls, wrong cells red, every cell writable."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QBrush

from desktop_app.core.i18n import tr
from desktop_app.services.importing.reading import ROW, in_file_unit
from desktop_app.services.importing.stage import ACTIONS, DraftRow
from desktop_app.views.base.tones import Tone, tone

Index = QModelIndex | QPersistentModelIndex
PAGE = 200
_NUMBERS = ("quantity", "integer", "price", "money", "percent")


class DraftModel(QAbstractTableModel):
    """Columns: row of the file, what happens, then the mapped fields.

    Signals:
        wanted(after): more rows are needed behind that row number.
        typed(row_no, field, text): the person wrote into a cell.
    """

    wanted = Signal(int)
    typed = Signal(int, str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fields: tuple[Any, ...] = ()
        self._scaled: Mapping[str, tuple[str, Decimal]] = {}
        self._rows: list[DraftRow] = []
        self._more = False
        self.read_only = False

    def begin(
        self, fields: Sequence[Any], scaled: Mapping[str, tuple[str, Decimal]] | None = None
    ) -> None:
        """Show nothing yet, with these columns.

        ``scaled`` are those in another unit than the program's, as (heading, factor): they are
        shown and typed as in the file.
        """
        self.beginResetModel()
        self._scaled = scaled or {}
        self._fields, self._rows, self._more = tuple(fields), [], False
        self.endResetModel()

    def add(self, rows: Sequence[DraftRow]) -> None:
        """Rows that arrived; a full page means that there may be more."""
        self._more = len(rows) == PAGE
        if rows:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()

    def replace(self, row: DraftRow) -> None:
        """A row that was mended, as the server sees it now."""
        for place, known in enumerate(self._rows):
            if known.row_no == row.row_no:
                self._rows[place] = row
                self.dataChanged.emit(
                    self.index(place, 0), self.index(place, self.columnCount() - 1)
                )
                return

    def row(self, place: int) -> DraftRow:
        """The staged row of that place."""
        return self._rows[place]

    def trouble(self, index: Index) -> str:
        """Why the cell is refused, or empty; for the first two columns of the whole row."""
        if not index.isValid():
            return ""
        row = self._rows[index.row()]
        if index.column() < 2:
            return "; ".join(str(trouble.message) for trouble in row.troubles)
        return self._wrong(row).get(self._fields[index.column() - 2].name, "")

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else len(self._fields) + 2

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802
        return self._more and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:  # noqa: N802
        if self._more:
            self._more = False
            self.wanted.emit(self._rows[-1].row_no)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:  # noqa: N802
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            if section < 2:
                return (tr("Row"), tr("What happens"))[section]
            field = self._fields[section - 2]
            return self._scaled[field.name][0] if field.name in self._scaled else tr(field.title)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return plain if index.column() < 2 or self.read_only else plain | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        reader = _READERS.get(role)
        return reader(self, self._rows[index.row()], index.column()) if reader else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        if role != Qt.ItemDataRole.EditRole or str(value) == str(self.data(index) or ""):
            return False
        field = self._fields[index.column() - 2]
        self.typed.emit(self._rows[index.row()].row_no, field.name, str(value))
        return True

    def _text(self, row: DraftRow, column: int) -> str:
        if column == 0:
            return str(row.values.get(ROW, row.row_no))
        if column == 1:
            return tr(ACTIONS[row.action]) if row.action in ACTIONS else ""
        name = self._fields[column - 2].name
        typed = {t.field: t.typed for t in row.troubles if t.typed}
        factor = self._scaled[name][1] if name in self._scaled else None
        return _shown(typed.get(name, in_file_unit(row.values.get(name), factor)))

    def _alignment(self, _row: DraftRow, column: int) -> Qt.AlignmentFlag:
        number = column == 0 or (column > 1 and self._fields[column - 2].kind in _NUMBERS)
        side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def _background(self, row: DraftRow, column: int) -> QBrush | None:
        if column > 1 and self._fields[column - 2].name in self._wrong(row):
            return QBrush(tone(Tone.WRONG_BACK))
        return None

    def _foreground(self, row: DraftRow, column: int) -> QBrush | None:
        wrong = column == 1 and row.action == "refused"
        quiet = row.action == "same" or column == 0
        if wrong:
            return QBrush(tone(Tone.WRONG))
        return QBrush(tone(Tone.MUTED)) if quiet else None

    def _tip(self, row: DraftRow, column: int) -> str | None:
        if column < 2:
            return "\n".join(str(trouble.message) for trouble in row.troubles) or None
        return self._wrong(row).get(self._fields[column - 2].name)

    @staticmethod
    def _wrong(row: DraftRow) -> Mapping[str, str]:
        return {trouble.field: str(trouble.message) for trouble in row.troubles}


_Reader = Callable[[DraftModel, DraftRow, int], Any]
_READERS: Mapping[int, _Reader] = {
    Qt.ItemDataRole.DisplayRole: DraftModel._text,
    Qt.ItemDataRole.EditRole: DraftModel._text,
    Qt.ItemDataRole.TextAlignmentRole: DraftModel._alignment,
    Qt.ItemDataRole.BackgroundRole: DraftModel._background,
    Qt.ItemDataRole.ForegroundRole: DraftModel._foreground,
    Qt.ItemDataRole.ToolTipRole: DraftModel._tip,
}


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return tr("Yes") if value else tr("No")
    return str(value)
