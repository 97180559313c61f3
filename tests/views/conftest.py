"""What every test of a screen needs."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot


@pytest.fixture(autouse=True, scope="module")
def _as_in_the_program(collected_in_the_gui_thread: None) -> None:
    """No worker ever destroys a page."""


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    """Keeps the widgets given to it alive until it closes them.

    pytest-qt itself holds weak references: once the test function has returned, the
    garbage collector may free a page in the middle of its own paint event, and crash.

    No key is held when a test begins: QTest.keyClick() with Ctrl or Shift leaves Qt believing
    that it still is, and tables select differently then.
    """
    QTest.keyClick(QWidget(), Qt.Key.Key_F35)
    kept: list[Any] = []
    add = qtbot.addWidget

    def add_and_keep(widget: Any, **options: Any) -> None:
        kept.append(widget)
        add(widget, **options)

    qtbot.addWidget = add_and_keep  # type: ignore[method-assign]
    return qtbot
