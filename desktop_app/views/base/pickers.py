"""Choosing an item, party, place, lot or BOM by typing a piece of it.

Keyboard only: typing searches (code, name, barcode, pinyin: the service decides), Up and
Down choose, Enter takes the first and moves on, F2 or F4 opens the list, Esc closes it.
Ctrl+N or Insert, or the last row of the list, makes a new one without leaving the field.
A scanner that types a code and Enter does the same as a person. Input methods may compose
freely: only committed text searches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPoint,
    QStringListModel,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QWidget

from desktop_app.core.i18n import tr
from desktop_app.domain.document_type import Editor
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.form_errors import mark_field
from desktop_app.views.base.page_services import ServiceCall
from desktop_app.views.base.quick_new import FORMS, PAGES, PERMISSION, QuickNewPanel
from desktop_app.views.base.screen_room import room_around

SEARCH_MS = 60
LIMIT = 20
SHOWN_ROWS = 10
PARTY_ROLES = ("customer", "supplier", "subcontractor")
KINDS: dict[Editor, tuple[str, ...]] = {
    Editor.PARTY: ("party",),
    Editor.ITEM: ("item",),
    Editor.WAREHOUSE: ("warehouse",),
    Editor.LOCATION: ("location",),
    Editor.LOT: ("lot",),
    Editor.BOM: ("bom",),
}
"""What the search service is asked for, by editor kind."""


class PickerField(QLineEdit):
    """A line edit whose value is the id of what was picked.

    Signals:
        edited(): the value is another one (also None).
        picked(hit): a search hit was taken.
        moved_on(): Enter; the form or table should go to the next field.
    """

    edited = Signal()
    picked = Signal(object)
    moved_on = Signal()

    def __init__(
        self,
        context: AppContext,
        search: ServiceCall,
        kinds: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._search = search
        self._kinds = tuple(kinds)
        self._value: int | None = None
        self._chosen_text = ""
        self._hits: tuple[Any, ...] = ()
        self._asked = 0
        self._take_first = False
        self._searched = ""
        self._panel: QuickNewPanel | None = None
        self.page_params: Callable[[], dict[str, Any]] = lambda: {"id": None}
        """What the page is given on which a new one is written (kinds in PAGES)."""
        self._written_elsewhere = False
        self._titles = QStringListModel(self)
        self._popup = self._make_popup()
        self._later = QTimer(self, singleShot=True, interval=SEARCH_MS)
        self._later.timeout.connect(self._search_now)
        self.textEdited.connect(self._text_edited)
        self.installEventFilter(self)
        self.setPlaceholderText(tr("Type or scan, F2"))

    @property
    def popup(self) -> QListView:
        """The list under the field."""
        return self._popup

    @property
    def hits(self) -> tuple[Any, ...]:
        """What the last search found."""
        return self._hits

    def value(self) -> int | None:
        """The id of what is picked, None when empty or not yet picked."""
        return self._value

    def show_value(self, value: int | None, text: str = "") -> None:
        """Show what is stored; ``text`` is its title."""
        self._value, self._chosen_text = value, text if value is not None else ""
        self._take_first = False
        self.setText(self._chosen_text)
        self.setCursorPosition(0)
        mark_field(self, "")

    def problem(self) -> str:
        """Why the text is not a value, or empty."""
        if self._value is None and self.text().strip():
            return tr("Choose one from the list")
        return ""

    def open_list(self) -> None:
        """Search for the present text, or for everything when something is already picked."""
        wanted = "" if self._value is not None else self.text().strip()
        self._start(wanted)

    def take(self, hit: Any) -> None:
        """Accept a search hit as the value."""
        self._value, self._chosen_text = hit.id, hit.title
        self._later.stop()
        self._take_first = False
        self._popup.hide()
        self.setText(hit.title)
        self.setCursorPosition(0)
        mark_field(self, "")
        self.picked.emit(hit)
        self.edited.emit()

    def may_make(self) -> bool:
        """Whether a new record can be made here: somebody's right, and a kind that is simple."""
        return (
            len(self._kinds) == 1
            and (self._kinds[0] in FORMS or self._kinds[0] in PAGES)
            and not self.isReadOnly()
            and self._context.user.may(PERMISSION)
        )

    def make_new(self) -> QuickNewPanel | None:
        """Open the panel for a new record, prefilled from what was typed (Ctrl+N, Insert).

        What has lines is written on its own page; back here the list is open with the new one.
        """
        if not self.may_make():
            return None
        if self._kinds[0] in PAGES:
            self._later.stop()
            self._popup.hide()
            self._written_elsewhere = True
            self._context.open_page(PAGES[self._kinds[0]][0], self.page_params())
            return None
        typed = "" if self._value is not None else self.text()
        self._later.stop()
        self._asked += 1  # an answer still on its way must not cover the panel
        self._popup.hide()
        if self._panel is None:
            # Kept as long as the field: a panel freed between two others' births crashed Qt.
            self._panel = QuickNewPanel(self._context, self._kinds[0], self)
            self._panel.made.connect(self._made)
            self._panel.left.connect(self._left_panel)
        mark_field(self, "")  # its red would colour the panel too
        self._panel.open_below(self, typed)
        return self._panel

    def _left_panel(self) -> None:
        self.setFocus()

    def _made(self, hit: Any) -> None:
        self.setFocus()
        self.take(hit)
        self.moved_on.emit()

    def _make_popup(self) -> QListView:
        popup = QListView(self)
        popup.setWindowFlags(Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        popup.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        popup.setModel(self._titles)
        popup.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        popup.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        popup.setUniformItemSizes(True)
        popup.clicked.connect(self._clicked)
        return popup

    def _clicked(self, index: QModelIndex) -> None:
        self._choose(index.row())

    def _choose(self, row: int) -> None:
        if row >= len(self._hits):
            self.make_new()
            return
        self.take(self._hits[row])
        self.moved_on.emit()

    def _text_edited(self, text: str) -> None:
        self._value = None
        mark_field(self, "")
        if not text.strip():
            self._later.stop()
            self._popup.hide()
            self.picked.emit(None)
        else:
            self._later.start()
        self.edited.emit()  # typed text counts as input even before something is picked

    def _search_now(self) -> None:
        self._start(self.text().strip())

    def _start(self, text: str) -> None:
        self._later.stop()
        self._asked += 1
        asked, self._searched = self._asked, text
        self._context.operations.query(
            self._search,
            text,
            kinds=self._kinds,
            limit=LIMIT,
            owner=self,
            on_done=lambda hits: self._found(asked, hits),
            on_error=lambda error: self._failed(asked, error),
        )

    def _found(self, asked: int, hits: Sequence[Any]) -> None:
        if asked != self._asked:
            return
        self._hits = tuple(hits)
        if self._take_first:
            self._take_first = False
            self._take_or_refuse()
            return
        self._titles.setStringList([*map(self._line, self._hits), *self._new_line()])
        if not self._titles.rowCount():
            self._popup.hide()
            if self._searched:
                mark_field(self, tr("Nothing found for “{typed}”", typed=self._searched))
        elif self.hasFocus() or not self.isVisible():
            self._show_popup()

    def _new_line(self) -> list[str]:
        if not self.may_make():
            return []
        kind = self._kinds[0]
        title = tr(PAGES[kind][1] if kind in PAGES else FORMS[kind][0])
        return [
            f"＋ {title} “{self._searched}” …  Ctrl+N"
            if self._searched
            else f"＋ {title} …  Ctrl+N"
        ]

    def _failed(self, asked: int, error: Exception) -> None:
        if asked == self._asked:
            self._take_first = False
            mark_field(self, str(error))

    def _take_or_refuse(self) -> None:
        if self._hits:
            self.take(self._hits[0])
            self.moved_on.emit()
            return
        self._popup.hide()
        mark_field(self, tr("Nothing found for “{typed}”", typed=self._searched))
        self._context.notifier.sound("unknown")
        self.selectAll()

    def _show_popup(self) -> None:
        rows = min(SHOWN_ROWS, self._titles.rowCount())
        height = rows * max(self._popup.sizeHintForRow(0), 20) + 4
        width = max(self.width(), min(560, self._popup.sizeHintForColumn(0) + 32))
        below = self.mapToGlobal(QPoint(0, self.height()))
        screen = room_around(below)
        if below.y() + height > screen.bottom():
            below = self.mapToGlobal(QPoint(0, -height))
        left = max(screen.left(), min(below.x(), screen.right() - width))
        self._popup.setGeometry(left, below.y(), width, height)
        # Enter on an unknown code says so; making a new record is a choice of its own.
        self._popup.setCurrentIndex(self._titles.index(0) if self._hits else QModelIndex())
        self._popup.show()

    def _line(self, hit: Any) -> str:
        return f"{hit.title}    {hit.subtitle}" if hit.subtitle else str(hit.title)

    def _enter(self) -> None:
        if self._popup.isVisible() and self._popup.currentIndex().isValid():
            self._choose(self._popup.currentIndex().row())
        elif self._value is not None or not self.text().strip():
            self.moved_on.emit()
        else:
            self._take_first = True
            self._search_now()

    def _move(self, rows: int) -> None:
        if not self._popup.isVisible():
            self.open_list()
            return
        row = (self._popup.currentIndex().row() + rows) % self._titles.rowCount()
        self._popup.setCurrentIndex(self._titles.index(row))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        key = event.key()
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if self.isReadOnly():
            super().keyPressEvent(event)
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif plain and key in (Qt.Key.Key_F2, Qt.Key.Key_F4):
            self.open_list()
        elif plain and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif self._asks_for_new(event) and self.may_make():
            self.make_new()
        elif key == Qt.Key.Key_Escape and self._popup.isVisible():
            self._popup.hide()
        else:
            super().keyPressEvent(event)

    @staticmethod
    def _asks_for_new(event: QKeyEvent) -> bool:
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        return (control and event.key() == Qt.Key.Key_N) or (
            plain and event.key() == Qt.Key.Key_Insert
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Ctrl+N belongs to the field while it has the cursor, not to the page."""
        if (
            watched is self
            and event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._asks_for_new(event)
            and self.may_make()
        ):
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        if self._written_elsewhere and self._value is None:
            self._written_elsewhere = False
            self.open_list()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        self._popup.hide()
        super().focusOutEvent(event)
        making = self._panel is not None and self._panel.isVisible()
        if self.problem() and not self._take_first and not making:
            mark_field(self, self.problem())

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        self._popup.hide()
        super().hideEvent(event)


def picker_for(
    kind: Editor,
    context: AppContext,
    search: ServiceCall,
    parent: QWidget | None = None,
    *,
    party_role: str | None = None,
) -> PickerField:
    """The picker of a reference field: item, party, warehouse, location, lot or BOM.

    ``party_role`` offers customers, suppliers or subcontractors only.
    """
    kinds = KINDS[kind]
    if kind is Editor.PARTY and party_role in PARTY_ROLES:
        kinds = (party_role,)
    return PickerField(context, search, kinds, parent)
