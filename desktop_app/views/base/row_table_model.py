"""The item model of every list: tuples as the read side delivers them, page by page."""

from __future__ import annotations

from collections.abc import Sequence
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

from desktop_app.core.i18n import tr
from desktop_app.queries.listing import Column
from desktop_app.views.base.tones import Tone, tone
from desktop_app.views.base.values import alignment, format_cell

Index = QModelIndex | QPersistentModelIndex
RAW = Qt.ItemDataRole.UserRole
"""Role of the value itself (Decimal, date, code), untouched by formatting."""


class RowTableModel(QAbstractTableModel):
    """Rows are tuples; columns are declared by name, and found in a page by name.

    Signals:
        more_wanted(): the view has scrolled to the end of what is loaded.
    """

    more_wanted = Signal()

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._rows: list[tuple[Any, ...]] = []
        self._ids: list[int] = []
        self._places: list[int | None] = [None] * len(self.columns)
        self._names: tuple[str, ...] = ()
        self._has_more = False

    def set_page(
        self,
        names: Sequence[str],
        rows: Sequence[tuple[Any, ...]],
        ids: Sequence[int],
        *,
        has_more: bool,
    ) -> None:
        """Replace everything by a first page; ``names`` gives the order inside the tuples."""
        self.beginResetModel()
        self._names = tuple(names)
        places = {name: place for place, name in enumerate(names)}
        self._places = [places.get(column.name) for column in self.columns]
        self._rows = list(rows)
        self._ids = list(ids)
        self._has_more = has_more
        self.endResetModel()

    def append_page(
        self, rows: Sequence[tuple[Any, ...]], ids: Sequence[int], *, has_more: bool
    ) -> None:
        """Add the following page; rows already shown (changed order meanwhile) are skipped."""
        known = set(self._ids)
        fresh = [(row, key) for row, key in zip(rows, ids, strict=True) if key not in known]
        self._has_more = has_more
        if not fresh:
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
        self._rows.extend(row for row, _ in fresh)
        self._ids.extend(key for _, key in fresh)
        self.endInsertRows()

    @property
    def delivered(self) -> frozenset[str]:
        """Names of the columns the server delivered (others need a permission)."""
        return frozenset(self._names)

    @property
    def has_more(self) -> bool:
        """True while the server has rows behind the loaded ones."""
        return self._has_more

    def row_id(self, row: int) -> int:
        """The key of that row."""
        return self._ids[row]

    def row_of(self, row_id: int) -> int | None:
        """Where the row of that key stands, or None when it is not loaded."""
        try:
            return self._ids.index(row_id)
        except ValueError:
            return None

    def values(self, row: int) -> dict[str, Any]:
        """The row as a mapping from column name to value, hidden columns included."""
        return dict(zip(self._names, self._rows[row], strict=True))

    def raw(self, row: int, column: int) -> Any:
        """The value of a cell; None when the column was not delivered."""
        place = self._places[column]
        return None if place is None else self._rows[row][place]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self.columns)

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802
        return not parent.isValid() and self._has_more

    def fetchMore(self, parent: Index) -> None:  # noqa: N802
        if self.canFetchMore(parent):
            self.more_wanted.emit()

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return section + 1 if role == Qt.ItemDataRole.DisplayRole else None
        if not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return tr(column.title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(column.kind)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(column.kind)
        value = self.raw(index.row(), index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return format_cell(column, value)
        if role == RAW:
            return value
        if role == Qt.ItemDataRole.ForegroundRole and isinstance(value, Decimal) and value < 0:
            return tone(Tone.WRONG)
        return None
