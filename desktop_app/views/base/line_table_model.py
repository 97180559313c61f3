"""The Qt face of a LineSheet: editable cells, colours, tool tips."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
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
from desktop_app.domain.document_type import DocumentType, Editor
from desktop_app.views.base.line_model import (
    ITEM,
    QTY,
    Line,
    LineColumn,
    LineSheet,
    item_defaults,
    positions,
)
from desktop_app.views.base.tones import Tone, tone
from desktop_app.views.base.values import (
    NUMBERS,
    REFERENCES,
    alignment,
    edit_text,
    format_value,
    reference_text,
)

Index = QModelIndex | QPersistentModelIndex
_CHECK = {True: Qt.CheckState.Checked, False: Qt.CheckState.Unchecked}


class LineTableModel(QAbstractTableModel):
    """Rows are the lines of one document. ``grows`` False: no line is added or taken away.

    Signals:
        edited(): the person changed something.
        item_changed(row): another item stands on that line.
    """

    edited = Signal()
    item_changed = Signal(int)

    def __init__(self, document_type: DocumentType, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sheet = LineSheet(document_type)
        self.columns: tuple[LineColumn, ...] = ()
        self.grows = True
        self._read_only = True
        self._warns_short = False

    def configure(
        self, columns: Sequence[LineColumn], *, read_only: bool, warns_short: bool
    ) -> None:
        """Choose the columns and whether the lines can be written."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self._read_only, self._warns_short = read_only, warns_short
        self.endResetModel()

    def use_choices(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """The codes that a CHOICE column offers from now on."""
        self.columns = tuple(
            replace(column, field=replace(column.field, choices=tuple(choices)))
            if column.name == name and column.field is not None
            else column
            for column in self.columns
        )
        self.refresh()

    def may_edit(self, row: int, column: LineColumn) -> bool:
        """True when a person may write this cell."""
        return column.editable and not self._read_only

    @property
    def read_only(self) -> bool:
        """True when no cell can be changed."""
        return self._read_only

    def load(self, rows: Iterable[Mapping[str, Any]], *, spare: bool = False) -> None:
        """Show these lines; ``spare`` adds an empty one when there is none."""
        self.beginResetModel()
        self.sheet.load(rows)
        if spare and not self.sheet.lines:
            self.sheet.lines.append(Line())
        self.endResetModel()

    def line(self, row: int) -> Line:
        """The line of that row."""
        return self.sheet.lines[row]

    def column_of(self, name: str) -> int:
        """The number of the column of that name, -1 when it is not shown."""
        return next((n for n, column in enumerate(self.columns) if column.name == name), -1)

    def insert_line(self, row: int, line: Line | None = None) -> None:
        """Put a line at ``row``."""
        self.beginInsertRows(QModelIndex(), row, row)
        self.sheet.lines.insert(row, line or Line())
        self.endInsertRows()

    def remove_line(self, row: int) -> None:
        """Take the line of that row away."""
        self.beginRemoveRows(QModelIndex(), row, row)
        del self.sheet.lines[row]
        self.endRemoveRows()
        self.edited.emit()

    def move_line(self, row: int, by: int) -> bool:
        """Move a line up (-1) or down (+1); False at the edge."""
        target = row + by
        if not 0 <= target < len(self.sheet.lines):
            return False
        self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), target + (1 if by > 0 else 0))
        lines = self.sheet.lines
        lines[row], lines[target] = lines[target], lines[row]
        self.endMoveRows()
        self.edited.emit()
        return True

    def set_item(self, row: int, hit: Any) -> None:
        """Put the picked item on a line; price and stock of the old one go."""
        line = self.line(row)
        if hit is None:
            hit_values = {ITEM: None, "item_code": "", "item_name": ""}
        else:
            hit_values = item_defaults(hit)
        changed = line.values.get(ITEM) != hit_values[ITEM]
        line.values.pop("item_title", None)
        for name, value in hit_values.items():
            self.sheet.set_value(line, name, value)
        if changed:
            line.forget_item()
        self._row_changed(row)
        self.edited.emit()
        if changed and hit is not None:
            self.item_changed.emit(row)

    def set_reference(self, row: int, name: str, hit: Any) -> None:
        """Put a picked place, lot or BOM on a line."""
        line = self.line(row)
        self.sheet.set_value(line, name, None if hit is None else hit.id)
        base = name.removesuffix("_id")
        line.values.pop(f"{base}_code", None)
        line.values.pop(f"{base}_name", None)
        line.values[f"{base}_title"] = "" if hit is None else hit.title
        self._row_changed(row)
        self.edited.emit()

    def add_scanned(self, hit: Any, qty: Decimal) -> int:
        """One more of that item: on its line when it has one, else on a new line; the row."""
        line = self.sheet.line_of_item(hit.id)
        if line is None:
            blank = next((x for x in self.sheet.lines if x.is_blank()), None)
            if blank is None:
                self.insert_line(len(self.sheet.lines))
                blank = self.sheet.lines[-1]
            row = positions(self.sheet.lines, [blank])[0]
            self.set_item(row, hit)
            self.sheet.set_value(blank, QTY, qty)
        else:
            row = positions(self.sheet.lines, [line])[0]
            before = line.values.get(QTY)
            self.sheet.set_value(
                line, QTY, (before if isinstance(before, Decimal) else Decimal(0)) + qty
            )
        self._row_changed(row)
        self.edited.emit()
        return row

    def copy_above(self, row: int, column: int) -> bool:
        """Copy the cell above (Excel habit); the item cell copies the whole line."""
        if row < 1 or not self.columns[column].editable:
            return False
        above, line, name = self.line(row - 1), self.line(row), self.columns[column].name
        names = (
            list(above.values)
            if name == ITEM
            else [
                n for n in above.values if n == name or n.startswith(name.removesuffix("_id") + "_")
            ]
        )
        for wanted in names:
            if wanted not in ("id", "origin_line_id", "line_no"):
                self.sheet.set_value(line, wanted, above.values[wanted])
        if name == ITEM:
            line.stock, line.last_price = above.stock, above.last_price
            line.units = above.units
        self._row_changed(row)
        self.edited.emit()
        return True

    def refresh(self) -> None:
        """Stock, prices or problems of any line changed."""
        if self.sheet.lines and self.columns:
            last = self.index(len(self.sheet.lines) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def _row_changed(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self.sheet.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return section + 1 if role == Qt.ItemDataRole.DisplayRole else None
        if not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            needed = column.field is not None and column.field.required and not self._read_only
            return tr(column.title) + (" *" if needed else "")
        return alignment(column.kind) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if not self.may_edit(index.row(), self.columns[index.column()]):
            return flags
        if self.columns[index.column()].kind is Editor.YES_NO:
            return flags | Qt.ItemFlag.ItemIsUserCheckable
        return flags | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column, line = self.columns[index.column()], self.line(index.row())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(column.kind)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(line, column)
        if role == Qt.ItemDataRole.EditRole:
            return line.typed.get(column.name, edit_text(column.kind, line.values.get(column.name)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return line.problems.get(column.name) or self._tip(line, column)
        if role == Qt.ItemDataRole.CheckStateRole and column.kind is Editor.YES_NO:
            return _CHECK[bool(line.values.get(column.name))]
        if role == Qt.ItemDataRole.BackgroundRole and column.name in line.problems:
            return QBrush(tone(Tone.WRONG_BACK))
        return self._ink(line, column) if role == Qt.ItemDataRole.ForegroundRole else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        if not index.isValid() or self._read_only:
            return False
        column, line = self.columns[index.column()], self.line(index.row())
        if not self.may_edit(index.row(), column):
            return False
        if role == Qt.ItemDataRole.CheckStateRole:
            self.sheet.set_value(line, column.name, Qt.CheckState(value) is Qt.CheckState.Checked)
        elif role != Qt.ItemDataRole.EditRole:
            return False
        elif column.kind in (*REFERENCES, Editor.CHOICE):
            self.sheet.set_value(line, column.name, value)
        else:
            if value == self.data(index, Qt.ItemDataRole.EditRole):
                return True
            self.sheet.type_into(line, column, str(value))
        self._row_changed(index.row())
        self.edited.emit()
        return True

    def _tip(self, line: Line, column: LineColumn) -> str:
        if column.name != QTY:
            return self._text(line, column)
        told = (self._text(line, column), line.unit_story(), line.notes.get(QTY, ""))
        return "\n".join(part for part in told if part)

    def _text(self, line: Line, column: LineColumn) -> str:
        if column.name in line.typed:
            return line.typed[column.name]
        if column.kind is Editor.YES_NO:
            return ""
        if column.kind in REFERENCES:
            if column.name == ITEM and line.values.get("item_code"):
                return str(line.values["item_code"])
            return reference_text(
                {k: v for k, v in line.values.items() if column.name != ITEM or k != "item_name"},
                column.name,
            )
        choices = column.field.choices if column.field is not None else ()
        return format_value(
            column.kind, self.sheet.value(line, column), name=column.name, choices=choices
        )

    def _ink(self, line: Line, column: LineColumn) -> Any:
        value = self.sheet.value(line, column)
        if column.name in line.problems or (isinstance(value, Decimal) and value < 0):
            return tone(Tone.WRONG)
        if column.role == "available" and self._warns_short and self.sheet.is_short(line):
            return tone(Tone.WRONG)
        if column.role in ("name", "available") or (column.kind in NUMBERS and value == 0):
            return tone(Tone.MUTED)
        return None
