"""The table of a list: header with filters, remembered columns, copy as TSV, totals at the foot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QTableView, QWidget

from desktop_app.core.i18n import tr
from desktop_app.queries.listing import Column, ListSpec, ListTotals
from desktop_app.views.base.columns import ColumnLayout
from desktop_app.views.base.delegates import ListDelegate
from desktop_app.views.base.filter_bar import FilterHeader
from desktop_app.views.base.row_table import keep_to_rows
from desktop_app.views.base.row_table_model import RowTableModel
from desktop_app.views.base.values import format_cell, format_value
from desktop_app.views.base.widgets import CELL_PADDING, title_width

ROW_HEIGHT = 28
_SAVE_AFTER_MS = 600


class ListTable(QTableView):
    """Shows a RowTableModel of one list.

    Signals:
        opened(row): Enter or a double click.
        sort_chosen(column name, descending): a click on a title.
        layout_changed(): order, width or visibility of columns became another one.
    """

    opened = Signal(int)
    sort_chosen = Signal(str, bool)
    layout_changed = Signal()

    def __init__(self, spec: ListSpec, layout: ColumnLayout, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RowTableModel(spec.columns, self)
        self.columns_layout = layout
        self._applying = False
        self._filters = FilterHeader(spec.columns, self)
        self.setHorizontalHeader(self._filters)
        self.setModel(self.rows)
        self.setItemDelegate(ListDelegate(self))
        self._filters.follow(self)
        self._save_later = QTimer(self, singleShot=True, interval=_SAVE_AFTER_MS)
        self._save_later.timeout.connect(self.layout_changed)
        keep_to_rows(self, ROW_HEIGHT, several=True)
        self.apply_layout()
        self._filters.setStretchLastSection(True)
        self._filters.setSortIndicatorShown(True)  # the view hides it when taking the header
        self.show_sort(spec.sort, spec.descending)
        self._filters.sectionClicked.connect(self._title_clicked)
        self._filters.sectionResized.connect(self._resized)
        self._filters.sectionMoved.connect(self._moved)
        self._filters.left_downward.connect(self.enter_rows)
        self._filters.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._filters.customContextMenuRequested.connect(self._menu_at)
        self.doubleClicked.connect(self._double_clicked)

    @property
    def filter_header(self) -> FilterHeader:
        """The header with the filter fields."""
        return self._filters

    @property
    def columns(self) -> tuple[Column, ...]:
        """All declared columns, in declared order."""
        return self.rows.columns

    def visible_columns(self) -> tuple[Column, ...]:
        """The columns as seen: order and visibility of this person, permission of this login."""
        delivered = self.rows.delivered
        return tuple(
            column
            for column in self.columns_layout.visible(self.columns)
            if not delivered or column.name in delivered
        )

    def apply_layout(self) -> None:
        """Bring order, widths and visibility of the layout onto the header."""
        self._applying = True
        shown = {column.name for column in self.visible_columns()}
        places = {column.name: place for place, column in enumerate(self.columns)}
        for target, name in enumerate(self.columns_layout.order):
            self._filters.moveSection(self._filters.visualIndex(places[name]), target)
        for place, column in enumerate(self.columns):
            self._filters.setSectionHidden(place, column.name not in shown)
            width = self.columns_layout.widths.get(column.name) or self._usual_width(column)
            self._filters.resizeSection(place, width)
        self._applying = False
        self._filters.place_fields()

    def _usual_width(self, column: Column) -> int:
        """As declared, but never too narrow for the title and its arrow."""
        character = max(7, self.fontMetrics().horizontalAdvance("0"))
        title = title_width(tr(column.title), sorts=True)
        return max(column.width * character + CELL_PADDING, title)

    def show_sort(self, column: str, descending: bool) -> None:
        """Put the arrow over the sorted column; none when the order is the engine's own."""
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        names = [known.name for known in self.columns]
        self._filters.setSortIndicator(names.index(column) if column in names else -1, order)

    def enter_rows(self) -> None:
        """Focus the rows, on the first one when none is current."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.rows.rowCount() and not self.currentIndex().isValid():
            self.choose_row(0)

    def choose_row(self, row: int) -> None:
        """Make ``row`` the current and only selected one."""
        first = self._filters.logicalIndex(0)
        self.selectionModel().setCurrentIndex(
            self.rows.index(row, max(0, first)),
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows,
        )

    def selected_ids(self) -> tuple[int, ...]:
        """Keys of the selected rows, from top to bottom."""
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self.rows.row_id(row) for row in chosen)

    def totals_texts(self, totals: ListTotals) -> Mapping[int, str]:
        """The sums as texts by column number."""
        return {
            place: format_value(column.kind, totals.sums[column.name])
            for place, column in enumerate(self.columns)
            if totals.sums.get(column.name) is not None
        }

    def as_tsv(self) -> str:
        """Titles and the selected rows (all loaded ones when none is selected), for Excel.

        Numbers are written plainly, without grouping, so that a spreadsheet reads them.
        """
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        rows = rows or list(range(self.rows.rowCount()))
        columns = self.visible_columns()
        places = [self.columns.index(column) for column in columns]
        lines = ["\t".join(tr(column.title) for column in columns)]
        for row in rows:
            cells = (self._plain(place, self.rows.raw(row, place)) for place in places)
            lines.append("\t".join(cells))
        return "\n".join(lines)

    def column_menu(self) -> QMenu:
        """The column chooser: tick what to see; "Reset columns" brings the declared layout back."""
        menu = QMenu(self)
        hidden = self.columns_layout.hidden
        for column in self.columns:
            action = QAction(
                tr(column.title), menu, checkable=True, checked=column.name not in hidden
            )
            delivered = self.rows.delivered
            action.setEnabled(not delivered or column.name in delivered)
            action.toggled.connect(
                lambda shown, name=column.name: self.set_column_shown(name, shown)
            )
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(tr("Reset columns"), self.reset_layout)
        return menu

    def set_column_shown(self, name: str, shown: bool) -> None:
        """Show or hide a column; the last visible one stays."""
        hidden = self.columns_layout.hidden
        if not shown and len(self.columns_layout.visible(self.columns)) <= 1:
            return
        (hidden.discard if shown else hidden.add)(name)
        self.apply_layout()
        self.layout_changed.emit()

    def reset_layout(self) -> None:
        """Back to the declared columns, order and widths."""
        self.columns_layout = ColumnLayout.default(self.columns)
        self.apply_layout()
        self.layout_changed.emit()

    def _plain(self, place: int, value: Any) -> str:
        column = self.columns[place]
        text = format_cell(column, value)
        if not isinstance(value, str):
            text = text.replace(",", "")
        return text.replace("\t", " ").replace("\n", " ")

    def _title_clicked(self, section: int) -> None:
        # The header has already turned its arrow when it reports the click.
        descending = self._filters.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
        self.sort_chosen.emit(self.columns[section].name, descending)

    def _resized(self, section: int, _old: int, new: int) -> None:
        if not self._applying and new > 0 and not self._fills_the_rest(section):
            self.columns_layout.widths[self.columns[section].name] = new
            self._save_later.start()

    def _fills_the_rest(self, section: int) -> bool:
        """The last column is as wide as the window leaves it: nobody chose that width."""
        places = range(self._filters.count())
        shown = [
            p for p in places if not self._filters.isSectionHidden(self._filters.logicalIndex(p))
        ]
        return bool(shown) and self._filters.visualIndex(section) == shown[-1]

    def _moved(self, *_places: int) -> None:
        if not self._applying:
            self.columns_layout.order = [
                self.columns[self._filters.logicalIndex(place)].name
                for place in range(len(self.columns))
            ]
            self._save_later.start()

    def _menu_at(self, point: QPoint) -> None:
        self.column_menu().popup(self._filters.mapToGlobal(point))

    def _double_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.as_tsv())
            return
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.opened.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)
