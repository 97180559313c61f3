"""The main window: scan bar, navigation, tabs, notices, status; all keys that work anywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.i18n import SOURCE_LANGUAGE, current_language, tr
from desktop_app.runtime.context import AppContext
from desktop_app.runtime.notifier import Notice
from desktop_app.views.actions import listed_actions
from desktop_app.views.base.icons import icon
from desktop_app.views.base.page import Page
from desktop_app.views.base.scan_bar import ScanBar
from desktop_app.views.base.sounds import Sounds
from desktop_app.views.navigation import Navigation
from desktop_app.views.notices import NoticeArea, Toast
from desktop_app.views.palette import CommandPalette
from desktop_app.views.photo_drop import PhotoDrop
from desktop_app.views.scanning import ScanDesk
from desktop_app.views.shell_services import ShellServices
from desktop_app.views.status_bar import ShellStatusBar
from desktop_app.views.theme import current
from desktop_app.views.workspace import Workspace

SCAN_KEY = "Ctrl+J"
NAVIGATION_WIDTH = 224


class MainWindow(QMainWindow):
    """Put together once per language; the shell replaces it when the language changes.

    ``language_wanted``, ``theme_wanted``, ``zoom_wanted(step)`` (0 is back to 100 %) and
    ``person_wanted`` go to the shell, ``closed`` when the person really leaves.
    """

    language_wanted = Signal()
    theme_wanted = Signal()
    zoom_wanted = Signal(int)
    person_wanted = Signal()
    closed = Signal()

    def __init__(self, context: AppContext, services: ShellServices, sounds: Sounds) -> None:
        super().__init__()
        self.context = context
        self._sounds = sounds
        self._leaving = False
        self.setWindowTitle(f"{context.company.name} — {tr('Stockproof')}")
        self.setWindowIcon(icon("app", current().accent))
        self.resize(1366, 768)
        self.workspace = Workspace(context, self)
        self.navigation = Navigation(context.user, self)
        self.notices = NoticeArea(self)
        self.scan_bar = ScanBar(SCAN_KEY, self)
        self.status = ShellStatusBar(context.company, context.user, self)
        self.scanning = ScanDesk(context, services, self.workspace, self.scan_bar)
        self.photo_drop = PhotoDrop(context, self.scan_bar.field)
        self._tools: list[tuple[QToolButton, str]] = []
        self._lay_out()
        self.palette_box = CommandPalette(context, services.search, self)
        self.toast = Toast(self._whole)
        self._connect()
        self._keys()

    def show_notice(self, notice: Notice) -> None:
        """Bars for what needs eyes, a toast for what is only nice to know."""
        if notice.kind in ("info", "success"):
            self.toast.show_notice(notice)
        else:
            self.notices.show_notice(notice)

    def play_sound(self, kind: str) -> None:
        """Play "ok", "unknown" or "wrong"."""
        self._sounds.play(kind)

    def show_input_method_bar(self) -> None:
        """A red answer in the scan bar while an input method composes on a page for scanning."""
        text = tr("The input method is on: switch it to English, or the next code is swallowed.")
        self.scan_bar.say("wrong", text)
        self._sounds.play("wrong")

    def retint(self) -> None:
        """Follow a change of theme: everything drawn with tinted icons."""
        self.setWindowIcon(icon("app", current().accent))
        for button, name in self._tools:
            button.setIcon(icon(name, current().muted))
        for part in (self.navigation, self.workspace, self.scan_bar, self.status):
            part.retint()

    def focus_navigation(self) -> None:
        """Ctrl+M: to the tree at the left, showing it when hidden."""
        self.navigation.show()
        self.navigation.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def toggle_full_screen(self) -> None:
        """F11."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def closeEvent(self, event: QCloseEvent) -> None:
        unsaved = self.workspace.dirty_pages()
        if unsaved and not self._leaving:
            event.ignore()
            names = ", ".join(page.title() for page in unsaved)
            self.context.notifier.ask(
                tr("Not saved yet: {names}. Leave the program and lose this input?", names=names),
                self._leave,
            )
            return
        super().closeEvent(event)
        self.closed.emit()

    def _leave(self) -> None:
        self._leaving = True
        self.close()

    def _lay_out(self) -> None:
        work = QWidget(self)
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addWidget(self.workspace, 1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setHandleWidth(1)
        split.addWidget(self.navigation)
        split.addWidget(work)
        split.setStretchFactor(1, 1)
        split.setCollapsible(1, False)
        split.setSizes([NAVIGATION_WIDTH, 1366 - NAVIGATION_WIDTH])
        self._whole = whole = QWidget(self)
        outer = QVBoxLayout(whole)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._top_bar())
        outer.addWidget(split, 1)
        self.setCentralWidget(whole)
        self.setStatusBar(self.status)

    def _top_bar(self) -> QWidget:
        bar = QWidget(self)
        bar.setObjectName("topBar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(bar)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(4)
        self._tool(row, "menu", tr("Show or hide the navigation (Ctrl+B)"), self._toggle_navigation)
        row.addSpacing(8)
        row.addWidget(self.scan_bar, 1)
        other = "EN" if current_language() != SOURCE_LANGUAGE else "中文"
        find = self._tool(row, "search", tr("Find anything (Ctrl+K)"), self.open_palette)
        find.setText("Ctrl+K")
        find.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        language = self._tool(
            row, "globe", tr("Chinese or English (Ctrl+Shift+L)"), self.language_wanted.emit
        )
        language.setText(other)
        language.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._tool(row, "moon", tr("Light or dark (Ctrl+Shift+T)"), self.theme_wanted.emit)
        self._tool(row, "keyboard", tr("Keys (F1)"), lambda: self.context.open_page("keys", {}))
        return bar

    def _tool(self, row: QHBoxLayout, name: str, tip: str, run: Callable[[], Any]) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon(name, current().muted))
        button.setIconSize(QSize(20, 20))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(lambda _checked: run())
        row.addWidget(button)
        self._tools.append((button, name))
        return button

    def open_palette(self) -> None:
        """Ctrl+K."""
        self.palette_box.open()

    def _toggle_navigation(self) -> None:
        self.navigation.setVisible(self.navigation.isHidden())

    def _connect(self) -> None:
        self.navigation.chosen.connect(lambda action_id: self.context.open_page(action_id, {}))
        self.workspace.front_changed.connect(self._show_front)
        self.scan_bar.entered.connect(self.scanning.typed)
        operations = self.context.operations
        operations.connection.connect(self._show_connection)
        operations.busy.connect(self.status.show_busy)
        self.status.show_connection(operations.connected)
        self.status.person.clicked.connect(self.person_wanted)

    def _show_front(self, page: Page | None) -> None:
        own = {key.key() for key in page.findChildren(QShortcut)} if page else set()
        for shortcut in self._shortcuts:
            # a page that has this key itself keeps it (the preview's own zoom)
            shortcut.setEnabled(shortcut.key() not in own)
        self.status.show_unsaved(page is not None and page.is_dirty())
        tab = next((t for t in self.workspace.tabs() if t.page is page), None)
        self.navigation.show_current(tab.page_id if tab else "")

    def _show_connection(self, connected: bool) -> None:
        self.status.show_connection(connected)
        if connected:
            self.notices.remove_kind("lost")

    def _keys(self) -> None:
        tabs = self.workspace
        keys: list[tuple[str, Callable[[], Any]]] = [
            ("Ctrl+K", self.open_palette),
            (SCAN_KEY, self.scan_bar.take_focus),
            ("Ctrl+M", self.focus_navigation),
            ("Ctrl+B", self._toggle_navigation),
            ("Ctrl+W", tabs.close_front),
            ("Ctrl+Tab", lambda: tabs.step(1)),
            ("Ctrl+Shift+Tab", lambda: tabs.step(-1)),
            ("F11", self.toggle_full_screen),
            ("Alt+Q", self.notices.focus_newest),
            ("Ctrl++", lambda: self.zoom_wanted.emit(10)),
            ("Ctrl+=", lambda: self.zoom_wanted.emit(10)),
            ("Ctrl+-", lambda: self.zoom_wanted.emit(-10)),
            ("Ctrl+0", lambda: self.zoom_wanted.emit(0)),
            ("Ctrl+Shift+L", self.language_wanted.emit),
            ("Ctrl+Shift+T", self.theme_wanted.emit),
            ("Ctrl+Shift+U", self.person_wanted.emit),
        ]
        keys += [(f"Alt+{n}", lambda n=n: tabs.go_to(n - 1)) for n in range(1, 10)]
        keys += [
            (action.shortcut, lambda page=action.id: self.context.open_page(page, {}))
            for action in listed_actions(self.context.user)
            if action.shortcut
        ]
        self._shortcuts = [QShortcut(QKeySequence(sequence), self, run) for sequence, run in keys]
