"""A warehouse from the front: aisles below each other, racks side by side, levels stacked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop_app.core.i18n import tr
from desktop_app.domain.walking_route import natural
from desktop_app.queries.places import BinRow
from desktop_app.views.base.tones import Tone, tone
from desktop_app.views.master_data.place_table import on_route

Index = QModelIndex | QPersistentModelIndex


@dataclass
class Shelf:
    """One level of an aisle; ``cells`` maps racks to the bin there."""

    title: str
    cells: dict[str, BinRow] = field(default_factory=dict)


def shelves(rows: Sequence[BinRow]) -> tuple[list[str], list[Shelf]]:
    """Racks from left to right, and the levels of every aisle from the top down.

    Only bins that know their rack have a place on the map.
    """
    aisles: dict[tuple[str, str], dict[str, Shelf]] = {}
    racks: dict[str, None] = {}
    for row in rows:
        if not row.rack or not on_route(row):
            continue
        racks.setdefault(row.rack)
        levels = aisles.setdefault((row.zone, row.aisle), {})
        shelf = levels.setdefault(row.level, Shelf(_title(row)))
        shelf.cells.setdefault(row.rack, row)
    found = []
    for aisle in sorted(aisles, key=lambda key: (natural(key[0]), natural(key[1]))):
        for level in sorted(aisles[aisle], key=natural, reverse=True):
            found.append(aisles[aisle][level])
    return sorted(racks, key=natural), found


def _title(row: BinRow) -> str:
    return " · ".join(part for part in (row.zone, row.aisle, row.level) if part)


class _MapModel(QAbstractTableModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.racks: list[str] = []
        self.shelves: list[Shelf] = []

    def show(self, rows: Sequence[BinRow]) -> None:
        self.beginResetModel()
        self.racks, self.shelves = shelves(rows)
        self.endResetModel()

    def bin_at(self, index: Index) -> BinRow | None:
        return self.shelves[index.row()].cells.get(self.racks[index.column()])

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.shelves)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.racks)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation is Qt.Orientation.Horizontal:
            return self.racks[section]
        return self.shelves[section].title

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = self.bin_at(index)
        usable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usable if found is not None else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = 0) -> Any:
        found = self.bin_at(index)
        if found is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return str(found.items or "")
        if role == Qt.ItemDataRole.ToolTipRole:
            if not found.items:
                return tr("{bin}: empty", bin=found.code)
            return tr("{bin}: {count} items", bin=found.code, count=found.items)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if role == Qt.ItemDataRole.BackgroundRole:
            return QBrush(_ground(found))
        return None


def _ground(found: BinRow) -> QColor:
    """Filled when something lies there, pale when empty, grey when closed."""
    colour = tone(Tone.LINE if not found.is_active else Tone.LINK)
    if found.is_active:
        colour.setAlpha(110 if found.items else 18)
    return colour


class PlaceMap(QTableView):
    """A number is how many different items lie in that bin; Enter or a click opens it.

    Signals:
        chosen(location_id): that bin is to be shown.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.map = _MapModel(self)
        self.setModel(self.map)
        self.setAccessibleName(tr("Map"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setCornerButtonEnabled(False)
        for header, size in ((self.horizontalHeader(), 52), (self.verticalHeader(), 26)):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setDefaultSectionSize(size)
            header.setHighlightSections(False)
        self.clicked.connect(self._open)

    def show_rows(self, rows: Sequence[BinRow]) -> None:
        """Draw these places."""
        self.map.show(rows)

    def _open(self, index: Index) -> None:
        found = self.map.bin_at(index) if index.isValid() else None
        if found is not None:
            self.chosen.emit(found.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)
