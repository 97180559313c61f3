"""The places of a warehouse in a table: renamed in place, put into walking order by dragging.

A bin goes to another place of the route by the mouse, by Alt+Up and Alt+Down, or by typing
its number; the table then numbers all of them anew. Nothing is saved before the page is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop_app.core.i18n import N_, tr
from desktop_app.domain.bin_patterns import place_of_code
from desktop_app.domain.locations import TITLES, LocationKind
from desktop_app.queries.places import BinRow
from desktop_app.views.base.empty_state import EmptyState
from desktop_app.views.base.tones import Tone, tone

Index = QModelIndex | QPersistentModelIndex
_ROWS = "application/x-stockproof-places"


@dataclass(frozen=True)
class _Column:
    name: str
    title: str
    width: int
    typed: bool = False
    right: bool = False


COLUMNS = (
    _Column("route_seq", N_("Walking order"), 14, True, True),
    _Column("code", N_("Place"), 18, True),
    _Column("zone", N_("Zone"), 10, True),
    _Column("aisle", N_("Aisle"), 10, True),
    _Column("rack", N_("Rack"), 10, True),
    _Column("level", N_("Level"), 10, True),
    _Column("kind", N_("Kind of place"), 16),
    _Column("items", N_("Items there"), 12, right=True),
    _Column("is_active", N_("In use"), 8, True),
)
_NAMES = [column.name for column in COLUMNS]


def on_route(row: BinRow) -> bool:
    """Bins are walked past, also those of a quarantine warehouse; docks are not."""
    return row.kind == "bin" or (row.kind == "hold" and bool(row.rack))


class PlaceModel(QAbstractTableModel):
    """Docks first, then the bins in walking order; remembers what was changed.

    Signals:
        edited(): something was changed by the person.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[BinRow] = []
        self.writable = False
        self._kept: dict[int, BinRow] = {}
        self._order: list[int] = []

    def show(self, rows: Sequence[BinRow]) -> None:
        """Take the places as they are kept; nothing is changed yet."""
        self.beginResetModel()
        self.rows = sorted(rows, key=on_route)
        self._kept = {row.id: row for row in rows}
        self._order = self.route()
        self._number()
        self.endResetModel()

    def route(self) -> list[int]:
        """Ids of the bins in the order shown."""
        return [row.id for row in self.rows if on_route(row)]

    def new_route(self) -> list[int]:
        """The order to be saved; empty when it is the kept one."""
        now = self.route()
        return [] if now == self._order else now

    def changes(self) -> list[dict[str, Any]]:
        """Bins whose code, place or use was changed, as ``services.places`` takes them."""
        names = ("code", "zone", "aisle", "rack", "level", "is_active")
        return [
            {"id": row.id, **{name: getattr(row, name) for name in names}}
            for row in self.rows
            if any(getattr(row, n) != getattr(self._kept[row.id], n) for n in names)
        ]

    def move(self, first: int, count: int, before: int) -> int:
        """Put ``count`` rows from ``first`` before the row ``before``; returns where they are."""
        docks = len(self.rows) - len(self.route())
        before = max(before, docks)
        if first < docks or first <= before <= first + count:
            return first
        self.beginResetModel()
        taken = self.rows[first : first + count]
        del self.rows[first : first + count]
        place = before if before < first else before - count
        self.rows[place:place] = taken
        self._number()
        self.endResetModel()
        self.edited.emit()
        return place

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(COLUMNS[section].title)
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(COLUMNS[section])
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if not self.writable or not index.isValid():
            return found | Qt.ItemFlag.ItemIsDropEnabled
        row, column = self.rows[index.row()], COLUMNS[index.column()]
        if on_route(row):
            found |= Qt.ItemFlag.ItemIsDragEnabled
        if column.name == "is_active":
            return found | Qt.ItemFlag.ItemIsUserCheckable
        writes = column.typed and (column.name != "route_seq" or on_route(row))
        return found | Qt.ItemFlag.ItemIsEditable if writes else found

    def data(self, index: Index, role: int = 0) -> Any:
        row, column = self.rows[index.row()], COLUMNS[index.column()]
        if column.name == "is_active":
            if role == Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if row.is_active else Qt.CheckState.Unchecked
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return _text(row, column.name)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        if role == Qt.ItemDataRole.ForegroundRole and not row.is_active:
            return tone(Tone.MUTED)
        return None

    def setData(self, index: Index, value: Any, role: int = 0) -> bool:
        row, name = self.rows[index.row()], _NAMES[index.column()]
        if name == "is_active":
            if role != Qt.ItemDataRole.CheckStateRole:
                return False
            changed = replace(row, is_active=not row.is_active)
        elif name == "route_seq":
            return self._renumber(index.row(), str(value))
        else:
            text = str(value).strip()
            if not text and name == "code":
                return False
            typed: dict[str, Any] = {name: text}
            changed = _renamed(row, text) if name == "code" else replace(row, **typed)
        if changed == row:
            return False
        self.rows[index.row()] = changed
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), len(COLUMNS) - 1))
        self.edited.emit()
        return True

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [_ROWS]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        rows = sorted({index.row() for index in indexes})
        data.setData(_ROWS, f"{rows[0]} {len(rows)}".encode())
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        if not data.hasFormat(_ROWS):
            return False
        first, count = (int(n) for n in bytes(data.data(_ROWS).data()).decode().split())
        before = row if row >= 0 else (parent.row() if parent.isValid() else len(self.rows))
        self.move(first, count, before)
        return False  # the rows have been moved; nothing is left for the view to remove

    def _renumber(self, row: int, text: str) -> bool:
        """The bin gets that number on the route; the others make room."""
        if not text.strip().isdecimal() or not on_route(self.rows[row]):
            return False
        docks = len(self.rows) - len(self.route())
        wanted = docks + min(max(int(text), 1), len(self.route())) - 1
        if wanted == row:
            return False
        self.move(row, 1, wanted if wanted < row else wanted + 1)
        return True

    def _number(self) -> None:
        number = 0
        for place, row in enumerate(self.rows):
            number += on_route(row)
            self.rows[place] = replace(row, route_seq=number if on_route(row) else 0)


def _renamed(row: BinRow, code: str) -> BinRow:
    """The bin under another code; where its old code said where it is, the new one does."""
    before, now = place_of_code(row.code, "", row.zone), place_of_code(code, "", row.zone)
    if (row.aisle, row.rack, row.level) != (before.aisle, before.rack, before.level):
        return replace(row, code=code)
    return replace(row, code=code, aisle=now.aisle, rack=now.rack, level=now.level)


def _text(row: BinRow, name: str) -> str:
    if name == "kind":
        return tr(TITLES[LocationKind(row.kind)])
    value = getattr(row, name)
    return "" if value == 0 else str(value)


def _side(column: _Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class PlaceTable(QTableView):
    """Enter on a place opens it; F2 or typing changes a cell; Alt+Up and Alt+Down move bins.

    Signals:
        chosen(row): Enter or a double click on a column that is not written in.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.places = PlaceModel(self)
        self.setModel(self.places)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(True)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setStyleSheet("QTableView::item { padding: 0 6px; }")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 12)
        self.horizontalHeader().setHighlightSections(False)
        letter = self.fontMetrics().horizontalAdvance("0")
        for place, column in enumerate(COLUMNS):
            words = self.fontMetrics().horizontalAdvance(tr(column.title)) + 24
            self.setColumnWidth(place, max(words, column.width * letter))
        self.horizontalHeader().setSectionResizeMode(
            _NAMES.index("kind"), QHeaderView.ResizeMode.Stretch
        )
        EmptyState(self).watch(
            self.places, tr("No bins yet: save the warehouse, then add bins by a pattern (F6).")
        )
        self.doubleClicked.connect(lambda index: self.chosen.emit(index.row()))

    def show_rows(self, rows: Sequence[BinRow], *, writable: bool) -> None:
        """Show the places; the current one stays current."""
        current = self.currentIndex()
        self.places.writable = writable
        self.places.show(rows)
        if rows:
            row = min(max(current.row(), 0), len(rows) - 1)
            self.setCurrentIndex(self.places.index(row, max(current.column(), 1)))

    def shift(self, by: int) -> None:
        """Move the chosen bins up (-1) or down (+1) on the route."""
        rows = sorted({index.row() for index in self.selectedIndexes()})
        if not rows or not self.places.writable:
            return
        column = self.currentIndex().column()
        target = rows[0] - 1 if by < 0 else rows[-1] + 2
        if target > self.places.rowCount():
            return
        place = self.places.move(rows[0], len(rows), target)
        self.setCurrentIndex(self.places.index(place, max(column, 1)))
        for row in range(place, place + len(rows)):
            index = self.places.index(row, 0)
            flags = self.selectionModel().SelectionFlag
            self.selectionModel().select(index, flags.Select | flags.Rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.shift(-1 if event.key() == Qt.Key.Key_Up else 1)
            return
        editing = self.state() == QAbstractItemView.State.EditingState
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not editing:
            if self.currentIndex().isValid():
                self.chosen.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)
