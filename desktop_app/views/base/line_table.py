"""The table a clerk writes lines in, by keyboard and scanner.

Enter goes to the next cell and at the end adds a line; Ctrl+Ins inserts, Ctrl+Del removes,
Alt+Up and Alt+Down move, F5 copies from above, F2 opens the list of a picker cell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from shiboken6 import isValid

from desktop_app.domain.document_type import Editor
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.field_editors import (
    ChoiceField,
    LineField,
    PickerField,
    is_plain_enter,
    make_editor,
)
from desktop_app.views.base.line_model import ITEM, QTY, Line
from desktop_app.views.base.line_table_model import LineTableModel
from desktop_app.views.base.page_services import ServiceCall
from desktop_app.views.base.widgets import CELL_PADDING, title_width

ROW_HEIGHT = 28
Index = QModelIndex | QPersistentModelIndex


def is_table_key(event: QKeyEvent) -> bool:
    """Keys that mean the same inside and outside a cell editor."""
    key, modifiers = event.key(), event.modifiers()
    if modifiers == Qt.KeyboardModifier.AltModifier:
        return key in (Qt.Key.Key_Up, Qt.Key.Key_Down)
    if modifiers == Qt.KeyboardModifier.ControlModifier:
        return key in (Qt.Key.Key_Insert, Qt.Key.Key_Delete)
    return not modifiers and key in (Qt.Key.Key_F5, Qt.Key.Key_F12)


class LineDelegate(QStyledItemDelegate):
    """Opens the editor of the column's kind.

    Signals:
        moved_on(): Enter in an editor; the next cell is wanted.
        key_passed(key event): a key of the table was pressed in an editor, now closed.
    """

    moved_on = Signal()
    key_passed = Signal(object)

    def __init__(
        self,
        context: AppContext,
        search: ServiceCall,
        model: LineTableModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._search = search
        self._model = model
        self._open: QWidget | None = None
        self.more_keys: dict[Qt.Key, Callable[[], None]] = {}

    def is_key(self, event: QKeyEvent) -> bool:
        """A key of the table, or one that :meth:`LineTable.take_key` gave it."""
        return is_table_key(event) or (not event.modifiers() and event.key() in self.more_keys)

    def finish_open(self) -> None:
        """Take over what stands in an open editor and close it."""
        editor, self._open = self._open, None
        if editor is not None and isValid(editor):
            self.commitData.emit(editor)
            self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def createEditor(  # noqa: N802
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QWidget:
        field = self._model.columns[index.column()].field
        assert field is not None  # only field columns are editable
        editor = make_editor(field, self._context, self._search, parent)
        editor.setAutoFillBackground(True)
        if isinstance(editor, PickerField):
            place = QPersistentModelIndex(index)
            editor.picked.connect(lambda hit: self._picked(place, hit))
        editor.moved_on.connect(lambda: self._finish(editor))
        self._open = editor
        return editor

    def destroyEditor(self, editor: QWidget, index: Index) -> None:  # noqa: N802
        if editor is self._open:
            self._open = None
        super().destroyEditor(editor, index)

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802
        line = self._model.line(index.row())
        name = self._model.columns[index.column()].name
        if isinstance(editor, PickerField):
            if editor.value() is None and not editor.text():
                editor.show_value(line.values.get(name), str(index.data() or ""))
                editor.setText(str(index.data() or ""))
            editor.selectAll()
        elif isinstance(editor, ChoiceField):
            editor.show_value(line.values.get(name))
        elif isinstance(editor, LineField):
            text = str(index.data(Qt.ItemDataRole.EditRole) or "")
            unit = self._model.sheet.proposed_unit(line) if name == QTY and not text else ""
            if unit:
                editor.propose_ending(unit)
            else:
                editor.setText(text)
                editor.selectAll()

    def setModelData(  # noqa: N802
        self, editor: QWidget, model: QAbstractItemModel, index: Index
    ) -> None:
        if isinstance(editor, ChoiceField):
            model.setData(index, editor.value())
        elif isinstance(editor, LineField):
            model.setData(index, editor.text())

    def _picked(self, place: QPersistentModelIndex, hit: Any) -> None:
        if not place.isValid():
            return
        name = self._model.columns[place.column()].name
        if name == ITEM:
            self._model.set_item(place.row(), hit)
        else:
            self._model.set_reference(place.row(), name, hit)

    def _finish(self, editor: QWidget) -> None:
        self._open = None
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        self.moved_on.emit()

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:  # noqa: N802
        if is_plain_enter(event) or (
            isinstance(editor, PickerField)
            and editor.popup.isVisible()
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            return False  # the editor itself decides: it may still have to search
        if isinstance(event, QKeyEvent) and self.is_key(event):
            if event.type() == QEvent.Type.KeyPress:
                self.finish_open()
                self.key_passed.emit(event)
            event.accept()  # also as a shortcut override: these keys are the table's
            return True
        if event.type() == QEvent.Type.FocusOut and isinstance(editor, PickerField):
            if editor.popup.isVisible() and not QGuiApplication.focusWindow():
                return False
        return super().eventFilter(editor, event)


class LineTable(QTableView):
    """Shows a LineTableModel.

    Signals:
        why_wanted(row): F12 on a line.
        paste_wanted(text): Ctrl+V outside an editor.
        line_focused(row): another line became current.
    """

    why_wanted = Signal(int)
    paste_wanted = Signal(str)
    line_focused = Signal(int)

    def __init__(
        self,
        context: AppContext,
        model: LineTableModel,
        search: ServiceCall,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.lines = model
        self.setModel(model)
        self._delegate = LineDelegate(context, search, model, self)
        self._delegate.moved_on.connect(self.move_on)
        self._delegate.key_passed.connect(self._act_on)
        self.setItemDelegate(self._delegate)
        self._set_manners()
        self.selectionModel().currentRowChanged.connect(self._row_changed)

    def size_columns(self, widths: dict[str, int]) -> None:
        """Remembered widths in pixels, else the declared ones in characters."""
        character = max(7, self.fontMetrics().horizontalAdvance("0"))
        for place, column in enumerate(self.lines.columns):
            usual = max(column.width * character + CELL_PADDING, title_width(self._title(place)))
            self.setColumnWidth(place, widths.get(column.name, usual))

    def widths(self) -> dict[str, int]:
        """Present widths by column name, to be remembered; the last one fills the window."""
        header = self.horizontalHeader()
        shown = [n for n in range(header.count()) if not header.isSectionHidden(n)]
        last = max(shown, key=header.visualIndex, default=-1)
        return {c.name: self.columnWidth(n) for n, c in enumerate(self.lines.columns) if n != last}

    def _title(self, place: int) -> str:
        return str(self.lines.headerData(place, Qt.Orientation.Horizontal) or "")

    def edit_cell(self, row: int, column: int) -> None:
        """Go to a cell and open its editor with the text selected."""
        index = self.lines.index(row, column)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)

    def take_key(self, key: Qt.Key, run: Callable[[], None]) -> None:
        """Let a key of lines that can be written do this, also while a cell is open and where
        the page has the same key for something else.
        """
        self._delegate.more_keys[key] = run

    def finish_editing(self) -> None:
        """Take over what stands in an open cell editor (before saving)."""
        self._delegate.finish_open()

    def start(self) -> None:
        """Go to the first cell of the first blank line, adding one when there is none."""
        blank = next((n for n, x in enumerate(self.lines.sheet.lines) if x.is_blank()), None)
        if blank is None and not self.lines.grows and self.lines.rowCount():
            blank = 0
        if blank is None and not self.lines.read_only and self.lines.grows:
            blank = self.lines.rowCount()
            self.lines.insert_line(blank)
        places = self._stops()
        if blank is not None and places:
            self.edit_cell(blank, places[0])

    def move_on(self) -> None:
        """The next cell to write; after the last one of the last line a new line."""
        current, places = self.currentIndex(), self._stops()
        if not places or not current.isValid():
            return
        row = current.row()
        following = [place for place in places if place > current.column()]
        if following:
            self.edit_cell(row, following[0])
            return
        last = self.lines.grows and row + 1 == self.lines.rowCount()
        if last and not self.lines.line(row).is_blank():
            self.lines.insert_line(row + 1)
        if row + 1 < self.lines.rowCount():
            self.edit_cell(row + 1, places[0])

    def insert_line(self) -> None:
        """Insert a line above the current one (Ctrl+Ins)."""
        places = self._stops()
        if places and self.lines.grows:
            row = max(0, self.currentIndex().row())
            self.lines.insert_line(row)
            self.edit_cell(row, places[0])

    def remove_line(self) -> None:
        """Remove the current line (Ctrl+Del)."""
        row = self.currentIndex().row()
        if row < 0 or self.lines.read_only or not self.lines.grows:
            return
        column = self.currentIndex().column()
        self.lines.remove_line(row)
        if not self.lines.rowCount():
            self.lines.insert_line(0, Line())
        self.setCurrentIndex(self.lines.index(min(row, self.lines.rowCount() - 1), column))

    def _stops(self) -> list[int]:
        """Columns at which Enter stops, from left to right."""
        if self.lines.read_only:
            return []
        header = self.horizontalHeader()
        return [
            place
            for place, column in enumerate(self.lines.columns)
            if column.editable
            and column.kind is not Editor.YES_NO
            and not header.isSectionHidden(place)
        ]

    def _row_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.line_focused.emit(current.row())

    def _set_manners(self) -> None:
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setTabKeyNavigation(True)
        self.setCornerButtonEnabled(False)
        self.setStyleSheet(
            "QTableCornerButton::section { background: palette(window); border: 0; }"
        )
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setFixedWidth(36)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.horizontalHeader().setMinimumSectionSize(40)
        self.horizontalHeader().setStretchLastSection(True)

    def _as_tsv(self) -> str:
        rows: dict[int, list[str]] = {}
        for index in sorted(self.selectedIndexes(), key=lambda i: (i.row(), i.column())):
            rows.setdefault(index.row(), []).append(str(index.data() or "").replace("\t", " "))
        return "\n".join("\t".join(cells) for cells in rows.values())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if self._act_on(event):
            return
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self._as_tsv())
        elif event.matches(QKeySequence.StandardKey.Paste):
            if not self.lines.read_only:
                self.paste_wanted.emit(QGuiApplication.clipboard().text())
        elif is_plain_enter(event):
            self._enter()
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        """Outside an editor Enter opens the cell, or moves on where nothing can be written."""
        current = self.currentIndex()
        if current.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(current)
        else:
            self.move_on()

    def _act_on(self, event: QKeyEvent) -> bool:
        """Carry out a key of the table; True when it was one."""
        if not is_table_key(event):
            return self._act_on_more(event)
        key, row = event.key(), self.currentIndex().row()
        if key == Qt.Key.Key_F12:
            if row >= 0:
                self.why_wanted.emit(row)
        elif not self.lines.read_only:
            self._change_lines(key, row)
        return True

    def _act_on_more(self, event: QKeyEvent) -> bool:
        run = self._delegate.more_keys.get(Qt.Key(event.key()))
        if run is None or event.modifiers() or self.lines.read_only:
            return False
        run()
        return True

    def event(self, event: QEvent) -> bool:
        """A key given by :meth:`take_key` is the table's before it is the page's."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and not event.modifiers()
            and event.key() in self._delegate.more_keys
            and not self.lines.read_only
        ):
            event.accept()
            return True
        return super().event(event)

    def _change_lines(self, key: int, row: int) -> None:
        if key == Qt.Key.Key_Insert:
            self.insert_line()
        elif key == Qt.Key.Key_Delete:
            self.remove_line()
        elif key == Qt.Key.Key_F5:
            if self.lines.copy_above(row, self.currentIndex().column()):
                self.move_on()
        elif row >= 0 and self.lines.grows:
            self.lines.move_line(row, -1 if key == Qt.Key.Key_Up else 1)
