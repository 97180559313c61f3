"""What every test of a screen needs."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot


@pytest.fixture(autouse=True, scope="module")
def _as_in_the_program(collected_in_the_gui_thread: None) -> None:
    """No worker ever destroys a page."""


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
