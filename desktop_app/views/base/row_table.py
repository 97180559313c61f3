"""What all tables have in common in which rows are chosen and nothing is typed."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QAbstractItemView, QTableView


def keep_to_rows(table: QTableView, row_height: int, *, several: bool = False) -> None:
    """Whole rows are chosen, one or ``several``; Tab leaves; each row is ``row_height`` px."""
    modes = QAbstractItemView.SelectionMode
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(modes.ExtendedSelection if several else modes.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setCornerButtonEnabled(False)
    table.horizontalHeader().setHighlightSections(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(row_height)


def choose_row(table: QTableView, row: int) -> None:
    """Make ``row`` the current and only chosen one, whatever keys are held.

    QTableView.selectRow() follows Shift and Ctrl: right after Ctrl+R or Shift+F9 it would add to
    the selection or take the row from it.
    """
    flags = QItemSelectionModel.SelectionFlag
    table.selectionModel().setCurrentIndex(
        table.model().index(row, 0), flags.ClearAndSelect | flags.Rows
    )
