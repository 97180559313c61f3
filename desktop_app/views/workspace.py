"""The tabs: opens each screen once, brings it to the front, asks before input is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QTabBar, QTabWidget, QToolButton, QWidget

from desktop_app.core.i18n import tr
from desktop_app.runtime.context import AppContext
from desktop_app.views.actions import ACTIONS, Action
from desktop_app.views.base.icons import icon
from desktop_app.views.base.page import Page
from desktop_app.views.theme import current

MOST_TITLE = 28


@dataclass(frozen=True)
class OpenTab:
    """What a tab shows, enough to open it again."""

    page_id: str
    params: Mapping[str, Any]
    page: Page

    @property
    def key(self) -> str:
        """The same for the same screen of the same thing."""
        return tab_key(self.page_id, self.params)


def tab_key(page_id: str, params: Mapping[str, Any]) -> str:
    """A text that is equal when two requests mean the same tab."""
    if params.get("id") is not None:
        return f"{page_id}#{params['id']}"
    return page_id + json.dumps(dict(params), sort_keys=True, default=str)


def with_both_names(page_id: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """``{"id": 5}`` and ``{"document_id": 5}`` mean the same for the screen "document"."""
    name = f"{page_id}_id"
    full = dict(params)
    if full.get("id") is not None:
        full.setdefault(name, full["id"])
    elif full.get(name) is not None:
        full["id"] = full[name]
    return full


class Workspace(QTabWidget):
    """``front_changed(page)`` when another page is in front or its state changed."""

    front_changed = Signal(object)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._tabs: list[OpenTab] = []
        self.setDocumentMode(True)
        self.setMovable(True)
        self.setIconSize(QSize(16, 16))
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setUsesScrollButtons(True)
        self.tabBar().setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.currentChanged.connect(lambda _index: self.front_changed.emit(self.front()))

    def minimumSizeHint(self) -> QSize:
        """Small: one tall page must not make the window taller than the screen."""
        return QSize(480, 240)

    def front(self) -> Page | None:
        """The page in front, if any."""
        page = self.currentWidget()
        return page if isinstance(page, Page) else None

    def tabs(self) -> list[OpenTab]:
        """All tabs from left to right."""
        return sorted(self._tabs, key=lambda tab: self.indexOf(tab.page))

    def dirty_pages(self) -> list[Page]:
        """Pages with input that is not saved."""
        return [tab.page for tab in self.tabs() if tab.page.is_dirty()]

    def open(self, page_id: str, params: Mapping[str, Any]) -> Page | None:
        """Open a tab or bring it to the front; None when it cannot be opened.

        Raises nothing: a missing screen or permission becomes a notice.
        """
        action = ACTIONS.get(page_id)
        if action is None:
            self._context.notifier.warning(tr("There is no screen for “{name}”.", name=page_id))
            return None
        if not self._context.user.may(action.permission):
            self._context.notifier.warning(
                tr("You are not allowed to open “{title}”.", title=action.label())
            )
            return None
        full = with_both_names(page_id, {**action.params, **params})
        known = self._find(tab_key(page_id, full))
        if known is not None and full.get("id", 0) is not None:
            self._bring_to_front(known.page)
            return known.page
        return self._add(action, full)

    def close_front(self) -> None:
        """Close the tab in front (Ctrl+W)."""
        if (page := self.front()) is not None:
            self.close_page(page)

    def close_page(self, page: Page) -> None:
        """Close a tab; one with unsaved input asks first. Home stays."""
        if self._is_home(page):
            return
        if page.can_close():
            self._remove(page)
            return
        self._context.notifier.ask(
            tr(
                "“{title}” holds input that is not saved. Close it and lose the input?",
                title=page.title(),
            ),
            lambda: self._remove(page),
        )

    def step(self, by: int) -> None:
        """Next or previous tab, round and round."""
        if self.count():
            self.setCurrentIndex((self.currentIndex() + by) % self.count())
            self._focus_front()

    def go_to(self, index: int) -> None:
        """Tab number ``index`` from the left, from 0."""
        if index < self.count():
            self.setCurrentIndex(index)
            self._focus_front()

    def retint(self) -> None:
        """Draw the icons again in the colours of the present theme."""
        for tab in self._tabs:
            self._dress(tab)

    def _find(self, key: str) -> OpenTab | None:
        return next((tab for tab in self._tabs if tab.key == key), None)

    def _add(self, action: Action, params: dict[str, Any]) -> Page | None:
        try:
            page = action.load()(self._context, params)
        except Exception as error:  # noqa: BLE001 - one broken screen must not end the program
            self._context.notifier.error(error)
            return None
        tab = OpenTab(action.id, params, page)
        self._tabs.append(tab)
        page.title_changed.connect(lambda _text: self._dress(tab))
        page.dirty_changed.connect(lambda _dirty: self._dress(tab))
        page.close_wanted.connect(lambda: self.close_page(page))
        self.addTab(page, page.title())
        self._dress(tab)
        self._bring_to_front(page)
        return page

    def _dress(self, tab: OpenTab) -> None:
        index = self.indexOf(tab.page)
        if index < 0:
            return
        title = tab.page.title()
        short = title if len(title) <= MOST_TITLE else title[: MOST_TITLE - 1] + "…"
        self.setTabText(index, ("● " if tab.page.is_dirty() else "") + short.replace("&", "&&"))
        self.setTabToolTip(index, title)
        self.setTabIcon(index, icon(ACTIONS[tab.page_id].icon, current().muted))
        if not self._is_home(tab.page):
            side = QTabBar.ButtonPosition.RightSide
            self.tabBar().setTabButton(index, side, self._close_button(tab.page))
        if tab.page is self.front():
            self.front_changed.emit(tab.page)

    def _close_button(self, page: Page) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon("close", current().muted))
        button.setIconSize(QSize(12, 12))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setToolTip(tr("Close the tab (Ctrl+W)"))
        button.clicked.connect(lambda: self.close_page(page))
        return button

    def _is_home(self, page: Page) -> bool:
        return any(tab.page is page and tab.page_id == "home" for tab in self._tabs)

    def _bring_to_front(self, page: Page) -> None:
        self.setCurrentWidget(page)
        self._focus_front()

    def _focus_front(self) -> None:
        page = self.front()
        if page is None:
            return
        inside = page.focusWidget()
        (inside or page).setFocus(Qt.FocusReason.TabFocusReason)
        if page.focusWidget() is None:
            page.focusNextChild()

    def _remove(self, page: Page) -> None:
        index = self.indexOf(page)
        if index < 0:
            return
        self._tabs = [tab for tab in self._tabs if tab.page is not page]
        self.removeTab(index)
        page.deleteLater()
        self._focus_front()
