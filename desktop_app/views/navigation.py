"""The tree at the left: areas and their screens, built from the table of actions."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from desktop_app.core.i18n import tr
from desktop_app.runtime.context import CurrentUser
from desktop_app.views.actions import GROUPS, Action, Group, listed_actions
from desktop_app.views.base.icons import icon

_ACTION_ID = Qt.ItemDataRole.UserRole
_ICON_NAME = Qt.ItemDataRole.UserRole + 1


class Navigation(QTreeWidget):
    """``chosen(action id)`` on a click or Enter; a letter jumps to the next title with it."""

    chosen = Signal(str)

    def __init__(self, user: CurrentUser, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("navigation")
        self.setAccessibleName(tr("Navigation"))
        self.setHeaderHidden(True)
        self.setIndentation(14)
        self.setIconSize(QSize(18, 18))
        self.setRootIsDecorated(True)
        self.setMinimumWidth(148)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._row_height = self.fontMetrics().height() + 6
        self._fill(listed_actions(user))
        self.itemClicked.connect(self._activate)

    def retint(self) -> None:
        """Draw the icons again in the colours of the present theme."""
        self._each(lambda item: item.setIcon(0, icon(item.data(0, _ICON_NAME))))

    def show_current(self, action_id: str) -> None:
        """Mark the screen in front; an unlisted one marks nothing."""
        self.clearSelection()

        def mark(item: QTreeWidgetItem) -> None:
            if item.data(0, _ACTION_ID) == action_id:
                self.setCurrentItem(item)

        self._each(mark)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if (item := self.currentItem()) is not None:
                self._activate(item)
            return
        super().keyPressEvent(event)

    def _fill(self, actions: tuple[Action, ...]) -> None:
        for group in GROUPS:
            rows = [a for a in actions if a.group == group.id and a.in_navigation]
            if not rows:
                continue
            if len(rows) == 1:
                self.addTopLevelItem(_row(rows[0].label(), rows[0].icon, rows[0].id))
                continue
            self.addTopLevelItem(self._branch(group, rows))
        self.expandAll()
        self._each(lambda item: item.setSizeHint(0, QSize(0, self._row_height)))

    @staticmethod
    def _branch(group: Group, rows: list[Action]) -> QTreeWidgetItem:
        branch = _row(tr(group.title), group.icon, "")
        font = branch.font(0)
        font.setBold(True)
        branch.setFont(0, font)
        for action in rows:
            branch.addChild(_row(action.label(), action.icon, action.id))
        return branch

    def _activate(self, item: QTreeWidgetItem) -> None:
        action_id = item.data(0, _ACTION_ID)
        if action_id:
            self.chosen.emit(action_id)
        else:
            item.setExpanded(not item.isExpanded())

    def _each(self, visit: Callable[[QTreeWidgetItem], None]) -> None:
        for index in range(self.topLevelItemCount()):
            branch = self.topLevelItem(index)
            if branch is None:
                continue
            visit(branch)
            for row in range(branch.childCount()):
                if (item := branch.child(row)) is not None:
                    visit(item)


def _row(title: str, icon_name: str, action_id: str) -> QTreeWidgetItem:
    item = QTreeWidgetItem([title])
    item.setIcon(0, icon(icon_name))
    item.setToolTip(0, title)
    item.setData(0, _ACTION_ID, action_id)
    item.setData(0, _ICON_NAME, icon_name)
    return item
