"""What every test of a screen needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.runtime.garbage import GuiThreadCollector


@pytest.fixture(autouse=True, scope="module")
def collected_in_the_gui_thread(qapp: QApplication) -> Iterator[None]:
    """As in the running program: no worker ever destroys a page."""
    collector = GuiThreadCollector(qapp)
    collector.start()
    yield
    collector.stop()


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    """Keeps the widgets given to it alive until it closes them.

    pytest-qt itself holds weak references: once the test function has returned, the
    garbage collector may free a page in the middle of its own paint event, and crash.
    """
    kept: list[Any] = []
    add = qtbot.addWidget

    def add_and_keep(widget: Any, **options: Any) -> None:
        kept.append(widget)
        add(widget, **options)

    qtbot.addWidget = add_and_keep  # type: ignore[method-assign]
    return qtbot
