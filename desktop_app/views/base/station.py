"""The base of stations: full screen, large type, a scanner and four keys.

Enter goes on, Esc goes back, F8 posts, F9 prints. Every scan is answered in one large line
and by a sound; nothing is modal and nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.errors import AppError, ServerUnreachable
from desktop_app.core.i18n import tr
from desktop_app.domain.scan_codes import ScanResult, parse_scan
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.icons import icon, pixmap
from desktop_app.views.base.inline_bar import InlineBar
from desktop_app.views.base.page import Page
from desktop_app.views.base.row_table import choose_row
from desktop_app.views.base.widgets import muted_label, title_label
from desktop_app.views.theme import current

if TYPE_CHECKING:
    from desktop_app.views.devices.photo_window import PhotoWindow

PHOTO_KEY = "Ctrl+Shift+P"
LARGE = 1.6
"""Size of the type a person reads standing at the dock, against the usual one."""


def enlarge(widget: QWidget, factor: float, *, bold: bool = False) -> None:
    """Give a widget larger type that follows the zoom of the program."""
    font = widget.font()
    font.setPointSizeF(font.pointSizeF() * factor)
    font.setBold(bold)
    widget.setFont(font)


class FeedbackLine(QFrame):
    """One large sentence about the last scan: ok, wrong, unknown, or what to do next (ask)."""

    _ICONS = {"ok": "check", "wrong": "error", "unknown": "question", "ask": "scan"}

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = "ask"
        self.setObjectName("feedback")
        self._icon = QLabel(self)
        self._words = QLabel(self)
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        enlarge(self._words, LARGE, bold=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(16)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        self.setMinimumHeight(64)

    @property
    def text(self) -> str:
        """What is said now."""
        return self._words.text()

    def say(self, kind: str, text: str) -> None:
        """Show ``text`` in the colours of its kind."""
        self.kind = kind
        colours = current()
        ink, back = {
            "ok": (colours.good, colours.good_back),
            "wrong": (colours.wrong, colours.wrong_back),
            "unknown": (colours.ask, colours.ask_back),
        }.get(kind, (colours.accent, colours.info_back))
        self.setStyleSheet(
            f"#feedback {{ background: {back}; border: 1px solid {ink}; border-radius: 6px; }}"
        )
        self._icon.setPixmap(pixmap(self._ICONS.get(kind, "info"), 32, ink))
        self._words.setText(text)
        self.setAccessibleName(text)


class StationPage(Page):
    """A page with a title, the feedback line, a body, one scan field and its keys.

    Subclasses fill ``body`` and override :meth:`scanned`, :meth:`post`, :meth:`labels` and
    :meth:`back`.
    """

    for_scanning = True
    # A scan counts a piece here. Nobody reads two pieces within 300 ms; a trembling finger, or a
    # scanner on a stand, reads one twice.
    ignores_repeats = True
    by_hand = False
    """The code being answered was typed into the field: a number may be a quantity."""

    def __init__(self, context: AppContext, title: str, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.setWindowTitle(title)
        self._title = title_label(title)
        enlarge(self._title, 1.2, bold=True)
        self.subtitle = muted_label("")
        enlarge(self.subtitle, 1.2)
        self.photo_button = QPushButton(icon("camera"), tr("Photo  {key}", key=PHOTO_KEY), self)
        self.photo_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.photo_button.clicked.connect(lambda _checked=False: self.photograph())
        self.photo_button.hide()
        self._photographed: tuple[int, str] | None = None
        self._photos: PhotoWindow | None = None
        self.feedback = FeedbackLine(self)
        self.bar = InlineBar(self)
        self.scan_field = QLineEdit(self)
        self.scan_field.setPlaceholderText(tr("Scan, or type a code and press Enter"))
        self.scan_field.setAccessibleName(tr("Scan field"))
        self.scan_field.returnPressed.connect(self._typed)
        self.scan_field.installEventFilter(self)
        enlarge(self.scan_field, LARGE)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        self.keys = QHBoxLayout()
        self.keys.setSpacing(8)
        self._lay_out()
        for key, run in (
            ("F8", self.post),
            ("F9", self.labels),
            ("Esc", self.back),
            (PHOTO_KEY, self.photograph),
        ):
            self.shortcut(key, run)

    def scanned(self, code: ScanResult) -> None:
        """A code was scanned or typed here."""

    def post(self) -> None:
        """F8: post what was counted."""

    def labels(self) -> None:
        """F9: print labels."""

    def back(self) -> None:
        """Esc: one step back."""

    def on_scan(self, code: ScanResult) -> bool:
        """Every code scanned while the station is in front belongs to it."""
        self.scanned(code)
        return True

    def offer_photo(self, document_id: int, number: str) -> None:
        """A step was taken here: a photo taken now belongs to it (Ctrl+Shift+P)."""
        self._photographed = (document_id, number)
        self.photo_button.setToolTip(tr("Photos of {number}", number=number))
        self.photo_button.show()

    def photograph(self) -> None:
        """Open the photos of the last step; there is none before something was done."""
        if self._photographed is None:
            return
        if self._photos is None:
            # Pictures and cameras are not loaded at the start.
            from desktop_app.views.devices.photo_window import PhotoWindow

            self._photos = PhotoWindow(self.context, self)
        self._photos.show_step(*self._photographed)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        if self._photos is not None:
            self._photos.hide()
        super().hideEvent(event)

    def tell(self, kind: str, text: str) -> None:
        """Say a sentence and play the sound of its kind."""
        self.feedback.say(kind, text)
        if kind in ("ok", "wrong", "unknown"):
            self.context.notifier.sound(kind)

    def prompt(self, text: str) -> None:
        """Say what to do next, without a sound."""
        self.feedback.say("ask", text)

    def failed(self, error: Exception) -> None:
        """An error of a call: a sentence here; surprises also go to the notices."""
        if isinstance(error, AppError):
            self.tell("wrong", str(error))
        if not isinstance(error, AppError) or isinstance(error, ServerUnreachable):
            self.context.notifier.error(error)

    def shortcut(self, key: str, run: Callable[[], None]) -> None:
        """A key of this station."""
        QShortcut(
            QKeySequence(key), self, run, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        )

    def add_key(self, title: str, run: Callable[[], None], *, primary: bool = False) -> QPushButton:
        """A large button that says its key."""
        button = QPushButton(title, self)
        button.setProperty("primary", primary)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda _checked=False: run())
        enlarge(button, 1.25)
        button.setMinimumHeight(44)
        if run == self.back:
            self.keys.addStretch(1)  # the way back stands at the right, at every station
        self.keys.addWidget(button)
        return button

    def _typed(self) -> None:
        text = self.scan_field.text().strip()
        self.scan_field.clear()
        if text:
            self.by_hand = True
            try:
                self.scanned(parse_scan(text))
            finally:
                self.by_hand = False
        else:
            self.enter_pressed()

    def enter_pressed(self) -> None:
        """Enter in the empty scan field."""

    def table_in_front(self) -> QTableView | None:
        """The table that the arrow keys move in while the scan field has the cursor."""
        return None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = (event.key() == Qt.Key.Key_Down) - (event.key() == Qt.Key.Key_Up)
            table = self.table_in_front() if step else None
            if table is not None:
                last = table.model().rowCount() - 1
                choose_row(table, max(0, min(last, table.currentIndex().row() + step)))
                return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self._title)
        head.addWidget(self.subtitle, 1)
        head.addWidget(self.photo_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.feedback)
        column.addWidget(self.bar)
        column.addWidget(self.scan_field)
        column.addLayout(self.body, 1)
        column.addLayout(self.keys)
