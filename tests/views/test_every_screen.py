"""Every screen of the navigation at the smallest usual size: nothing cut, nothing untranslated,
no bare empty table, the cursor inside, and no stray window on the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QTableView,
    QWidget,
)

from desktop_app.core.i18n import current_language
from desktop_app.runtime.operations import Operations
from desktop_app.views import home
from desktop_app.views.action import Action
from desktop_app.views.actions import listed_actions
from desktop_app.views.base.empty_state import EmptyState
from desktop_app.views.base.line_table import LineTable
from desktop_app.views.shell import Shell
from tests import factories
from tests.database_server import TestDatabase
from tests.views.shell_fakes import BUSY_DAY, FakeServices, make_shell

LANGUAGES = ("en", "zh_CN")
WIDTH, HEIGHT = 1366, 768
CHINESE = re.compile(r"[一-鿿]")
ENGLISH = re.compile(r"[A-Za-z]{4,}")
KEYS = re.compile(r"Ctrl|Shift|Enter|Home|Excel|BOM|DataMatrix|Matrix")
"""Words that stand in Chinese sentences as they are: keys, and names of things."""
LOWEST_TABLE = 60
"""Pixels under which a table has no room for a sentence."""


class StrayWindows(QObject):
    """Notes every widget that was shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if (
            event.type() == QEvent.Type.Show
            and isinstance(watched, QWidget)
            and watched.isWindow()
            and not isinstance(watched, QMainWindow)
        ):
            self.seen.append(f"{type(watched).__name__} {words_of(watched)!r}")
        return False


@pytest.fixture(params=LANGUAGES)
def shell(
    request: pytest.FixtureRequest,
    qtbot: Any,
    database: TestDatabase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Shell]:
    database.run(factories.make_shop)
    overview = FakeServices(BUSY_DAY).as_services()
    monkeypatch.setattr(home, "shell_services", lambda: overview)
    operations = Operations(database.as_user("owner", workstation="PC-1"))
    made = make_shell(tmp_path, operations=operations, language=request.param)
    made.window.resize(WIDTH, HEIGHT)
    made.show()
    made.window.activateWindow()
    yield made
    made.close()
    operations.shutdown()


def screens(shell: Shell) -> list[Action]:
    return [action for action in listed_actions(shell.context.user) if action.id != "home"]


def open_screen(shell: Shell, action: Action, qtbot: Any) -> QWidget:
    shell.open_page(action.id, {})
    qtbot.waitUntil(lambda: not shell.context.operations._jobs, timeout=10_000)
    QApplication.processEvents()
    page = shell.window.workspace.front()
    assert page is not None, action.id
    return page


def visible(page: QWidget) -> Iterator[QWidget]:
    return (widget for widget in page.findChildren(QWidget) if widget.isVisibleTo(page))


def words_of(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QAbstractButton):
        return widget.text()
    return ""


def cut_words(page: QWidget) -> list[str]:
    """Texts of labels and buttons, and titles of columns, that do not fit where they stand."""
    cut = []
    for widget in visible(page):
        if isinstance(widget, QPushButton | QLabel) and words_of(widget):
            wraps = isinstance(widget, QLabel) and widget.wordWrap()
            if not wraps and widget.width() + 1 < widget.sizeHint().width():
                cut.append(words_of(widget))
        if isinstance(widget, QTableView) and widget.horizontalHeader().isVisible():
            cut += cut_titles(widget)
    return cut


def cut_titles(table: QTableView) -> list[str]:
    header = table.horizontalHeader()
    titles = {
        place: str(table.model().headerData(place, Qt.Orientation.Horizontal) or "")
        for place in range(header.count())
        if not header.isSectionHidden(place)
    }
    fit = header.fontMetrics()
    return [
        title
        for place, title in titles.items()
        if fit.horizontalAdvance(title) + 12 > header.sectionSize(place)
    ]


def untranslated(page: QWidget, language: str) -> list[str]:
    """Words of the program in the other language; what people typed is not looked at."""
    found = []
    for widget in visible(page):
        texts = [words_of(widget), widget.toolTip()]
        if isinstance(widget, QLineEdit):
            texts.append(widget.placeholderText())
        if isinstance(widget, QTableView) and widget.horizontalHeader().isVisible():
            texts += [
                str(widget.model().headerData(place, Qt.Orientation.Horizontal) or "")
                for place in range(widget.model().columnCount())
            ]
        found += [text for text in texts if is_foreign(text, language)]
    return found


def is_foreign(text: str, language: str) -> bool:
    if language == "en":
        return bool(CHINESE.search(text))
    return not CHINESE.search(text) and bool(ENGLISH.search(KEYS.sub("", text)))


def bare_tables(page: QWidget) -> list[str]:
    """Empty tables without a word about why, or what to do."""
    return [
        f"{type(table).__name__} {table.accessibleName()}"
        for table in page.findChildren(QTableView)
        if table.isVisibleTo(page)
        and not isinstance(table, LineTable)  # it always holds the row to be written
        and table.model() is not None
        and not table.model().rowCount()
        and table.viewport().height() > LOWEST_TABLE
        and not any(empty.sentence for empty in table.findChildren(EmptyState))
    ]


def test_screens_fit_speak_one_language_and_hold_the_cursor(shell: Shell, qtbot: Any) -> None:
    language = current_language()
    wrong: dict[str, Any] = {}
    stray = StrayWindows()
    QApplication.instance().installEventFilter(stray)
    for action in screens(shell):
        page = open_screen(shell, action, qtbot)
        focus = QApplication.focusWidget()
        faults = {
            "cut": cut_words(page),
            "other language": untranslated(page, language),
            "empty without a word": bare_tables(page),
            "windows": list(stray.seen),
            "cursor": [] if focus is not None and page.isAncestorOf(focus) else [repr(focus)],
        }
        stray.seen.clear()
        found = {what: texts for what, texts in faults.items() if texts}
        if found:
            wrong[action.id] = found
        shell.window.workspace._remove(page)
    QApplication.instance().removeEventFilter(stray)
    assert wrong == {}
