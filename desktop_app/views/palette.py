"""Ctrl+K: one field for screens, documents, items and parties, by name, code or pinyin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.i18n import N_, tr
from desktop_app.domain.pinyin_search import search_text
from desktop_app.runtime.context import AppContext
from desktop_app.views.actions import GROUPS, Action, listed_actions
from desktop_app.views.base.icons import has_icon, icon
from desktop_app.views.shell_services import ServiceCall
from desktop_app.views.theme import current

WAIT_MS = 60
MOST_HITS = 30
MOST_RECENT = 6
WIDTH, HEIGHT = 620, 420

Index = QModelIndex | QPersistentModelIndex

KIND_TITLES = {
    "document": N_("Document"),
    "item": N_("Item"),
    "party": N_("Partner"),
    "location": N_("Bin"),
    "bin": N_("Bin"),
    "lot": N_("Batch"),
    "person": N_("Person"),
    "warehouse": N_("Warehouse"),
}


@dataclass(frozen=True)
class Entry:
    """One row of the palette and what it opens."""

    title: str
    subtitle: str
    remark: str
    icon: str
    page_id: str
    params: tuple[tuple[str, Any], ...] = ()


@lru_cache(maxsize=512)
def spellings(title: str) -> tuple[str, ...]:
    """What a Chinese title may be typed as: itself, full pinyin, initials ("xsdd")."""
    return () if title.isascii() else tuple(search_text(title).split())


def closeness(wanted: str, action: Action) -> int | None:
    """How well a screen answers to ``wanted``: 0 best, None not at all.

    Each word must begin a word of the English title, or be in the translated one or in
    its pinyin initials.
    """
    english = action.english().lower().split()
    spelled = spellings(action.label())
    words = wanted.lower().split()
    for word in words:
        begins = any(part.startswith(word) for part in english)
        if not (begins or any(word in part for part in spelled)):
            return None
    whole = "".join(words)
    first = any(part.startswith(whole) for part in spelled)
    return 0 if first or " ".join(english).startswith(" ".join(words)) else 1


class EntryModel(QAbstractListModel):
    """The rows now offered."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []

    def show(self, entries: Sequence[Entry]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._entries = list(entries)
        self.endResetModel()

    def entry(self, row: int) -> Entry | None:
        """The row's entry, or None outside the list."""
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entry(index.row())
        if entry is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        return entry if role == Qt.ItemDataRole.UserRole else None


class _EntryDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, option.fontMetrics.height() + 16)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(Qt.ItemDataRole.UserRole)
        tokens = current()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(option.rect, QColor(tokens.selection))
        room = option.rect.adjusted(12, 0, -12, 0)
        mark = QRect(room.left(), room.center().y() - 9, 18, 18)
        icon(entry.icon, tokens.accent if chosen else tokens.muted).paint(painter, mark)
        room.setLeft(mark.right() + 12)
        painter.setPen(QColor(tokens.muted))
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(room, side, entry.remark)
        room.setRight(room.right() - option.fontMetrics.horizontalAdvance(entry.remark) - 16)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setPen(QColor(tokens.on_selection if chosen else tokens.text))
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(
            room, left, option.fontMetrics.elidedText(entry.title, elide, room.width())
        )
        room.setLeft(room.left() + option.fontMetrics.horizontalAdvance(entry.title) + 12)
        if entry.subtitle and room.width() > 40:
            painter.setPen(QColor(tokens.muted))
            shown = option.fontMetrics.elidedText(entry.subtitle, elide, room.width())
            painter.drawText(room, left, shown)
        painter.restore()


class CommandPalette(QFrame):
    """Lies over the window while open; Esc or a click elsewhere closes it."""

    def __init__(self, context: AppContext, search: ServiceCall, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("palette")
        self.hide()
        self._context = context
        self._search = search
        self._asked = 0
        self._recent: list[Entry] = []
        self._screens: list[Entry] = []
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(tr("Screens, documents, items, partners …"))
        self.field.setAccessibleName(tr("Command palette"))
        self.model = EntryModel(self)
        self.list = QListView(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(_EntryDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self._ask_server)
        self.field.textChanged.connect(self._typed)
        self.list.clicked.connect(lambda index: self._open(index.row()))
        self.field.installEventFilter(self)
        window.installEventFilter(self)

    def open(self) -> None:
        """Show it over the middle of the window with the screens last used on top."""
        self._place()
        self.field.clear()
        self._typed("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_quietly(self) -> None:
        """Close without opening anything."""
        self._wait.stop()
        self.hide()
        if self.field.hasFocus():
            self.parentWidget().setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent):
            return event.type() == QEvent.Type.KeyPress and self._key(event)
        if watched is self.field and event.type() == QEvent.Type.FocusOut:
            self.close_quietly()
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key, row = event.key(), self.list.currentIndex().row()
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: 8,
            Qt.Key.Key_PageUp: -8,
        }
        if key in steps:
            self._choose_row(max(0, min(self.model.rowCount() - 1, row + steps[Qt.Key(key)])))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(row)
        elif key == Qt.Key.Key_Escape:
            self.close_quietly()
        else:
            return False
        return True

    def _typed(self, text: str) -> None:
        self._asked += 1  # answers to older questions are not wanted any more
        user = self._context.user
        ranked = [(closeness(text, a), a) for a in listed_actions(user)]
        hits = sorted(((rank, a) for rank, a in ranked if rank is not None), key=lambda r: r[0])
        found = [_screen(action) for _, action in hits]
        recent = [] if text.strip() else self._recent
        self._screens = [*recent, *(entry for entry in found if entry not in recent)]
        self._show(self._screens)
        if text.strip():
            self._wait.start()
        else:
            self._wait.stop()

    def _ask_server(self) -> None:
        asked = self._asked
        self._context.operations.query(
            self._search,
            self.field.text().strip(),
            MOST_HITS,
            on_done=lambda hits: self._found(asked, hits),
            on_error=self._failed,
            owner=self,
        )

    def _found(self, asked: int, hits: Sequence[Any]) -> None:
        if asked != self._asked:
            return
        text = self.field.text().strip().lower()
        rows = [_hit(hit) for hit in hits]
        exact = [r for r in rows if r.title.lower() == text or r.subtitle.lower() == text]
        self._show([*exact, *self._screens, *(r for r in rows if r not in exact)])

    def _failed(self, error: Exception) -> None:
        self._context.notifier.error(error)

    def _show(self, entries: Sequence[Entry]) -> None:
        self.model.show(entries)
        self._choose_row(0)
        self._place()

    def _choose_row(self, row: int) -> None:
        self.list.setCurrentIndex(self.model.index(row, 0))

    def _open(self, row: int) -> None:
        entry = self.model.entry(row)
        if entry is None:
            return
        self._recent = [entry, *(e for e in self._recent if e != entry)][:MOST_RECENT]
        self.close_quietly()
        self._context.open_page(entry.page_id, dict(entry.params))

    def _place(self) -> None:
        window = self.parentWidget()
        width = min(WIDTH, window.width() - 32)
        wanted = self.field.sizeHint().height() + 40
        wanted += self.model.rowCount() * (self.fontMetrics().height() + 16)
        height = min(wanted, HEIGHT, window.height() - 96)
        self.setGeometry((window.width() - width) // 2, 64, width, height)


def _screen(action: Action) -> Entry:
    group = GROUPS.get(action.group)
    subtitle = tr(group.title) if group and group.title != action.title else ""
    return Entry(action.label(), subtitle, action.shortcut, action.icon, action.id)


def _hit(hit: Any) -> Entry:
    name = hit.kind if has_icon(hit.kind) else "document"
    remark = tr(KIND_TITLES.get(hit.kind, hit.kind))
    params: tuple[tuple[str, Any], ...] = (("id", hit.id),)
    if hit.kind == "document":
        params += (("number", hit.title),)
    return Entry(hit.title, hit.subtitle or "", remark, name, hit.kind, params)
