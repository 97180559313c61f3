"""What tables of rows promise to every page."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableWidget

from desktop_app.views.base.row_table import choose_row

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.mark.parametrize("held", [CTRL, SHIFT])
def test_the_row_a_page_chooses_is_the_only_one_whatever_keys_are_held(
    qtbot: Any, held: Qt.KeyboardModifier
) -> None:
    """A page that answers Shift+F9 or Ctrl+R chooses its row while the key is still down."""
    table = QTableWidget(5, 2)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    qtbot.addWidget(table)
    table.show()
    choose_row(table, 1)
    QTest.keyPress(table, Qt.Key.Key_F9, held)
    choose_row(table, 3)
    assert [index.row() for index in table.selectionModel().selectedRows()] == [3]
    choose_row(table, 3)
    assert [index.row() for index in table.selectionModel().selectedRows()] == [3]
