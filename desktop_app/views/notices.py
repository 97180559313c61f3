"""Where notices appear: bars above the page for what waits, a corner toast for the rest."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.i18n import N_, tr
from desktop_app.runtime.notifier import Notice, button_text
from desktop_app.views.base.icons import pixmap
from desktop_app.views.theme import Tokens, current

FADE_MS = {"info": 5_000, "success": 4_000, "warning": 12_000}
MOST_SHOWN = 4
_CLOSE = N_("Close")
_ICONS = {
    "info": "info",
    "success": "check",
    "warning": "warning",
    "ask": "question",
    "error": "error",
    "crash": "error",
    "lost": "error",
}


class NoticeBar(QFrame):
    """One notice with its buttons; never takes the focus from what is being typed."""

    def __init__(self, notice: Notice, area: NoticeArea) -> None:
        super().__init__(area)
        self.notice = notice
        self._area = area
        self.setObjectName("notice")
        self.setProperty("kind", notice.kind)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(8)
        glyph = QLabel(self)
        glyph.setPixmap(pixmap(_ICONS[notice.kind], 20, _ink(notice.kind, current())))
        row.addWidget(glyph)
        self.text = QLabel(notice.text, self)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row.addWidget(self.text, 1)
        self.buttons = [self._button(source, row) for source, _ in notice.actions]
        if notice.report is not None:
            self._button(N_("Show report"), row).clicked.connect(self._show_report)
        if notice.kind != "ask":
            row.addWidget(self._close_button())
        for button, (_, run) in zip(self.buttons, notice.actions, strict=True):
            button.clicked.connect(lambda _checked=False, run=run: self._choose(run))

    def _button(self, source: str, row: QHBoxLayout) -> QPushButton:
        button = QPushButton(button_text(source), self)
        row.addWidget(button)
        return button

    def _close_button(self) -> QToolButton:
        close = QToolButton(self)
        close.setText("✕")
        close.setToolTip(tr(_CLOSE))
        close.setAccessibleName(tr(_CLOSE))
        close.clicked.connect(lambda: self._area.remove(self))
        return close

    def _choose(self, run: object) -> None:
        self._area.remove(self)
        if callable(run):
            run()

    def _show_report(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.notice.report)))


class NoticeArea(QWidget):
    """Bars that push the page down a little; empty, it takes no room.

    At most :data:`MOST_SHOWN` at a time; further ones push out the oldest that may go.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 4, 8, 4)
        self._column.setSpacing(4)
        self.hide()

    def bars(self) -> list[NoticeBar]:
        """What is shown, oldest first."""
        items = (self._column.itemAt(index) for index in range(self._column.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, NoticeBar)]

    def show_notice(self, notice: Notice) -> None:
        """Add a bar; the same sentence twice in a row is shown once."""
        for bar in self.bars():
            same = (bar.notice.kind, bar.notice.text) == (notice.kind, notice.text)
            if same or (notice.kind == "lost" == bar.notice.kind):
                if notice.kind == "ask":
                    continue
                self.remove(bar)
        bar = NoticeBar(notice, self)
        self._column.addWidget(bar)
        self.show()
        self._make_room()
        if not notice.stays:
            QTimer.singleShot(FADE_MS[notice.kind], bar, lambda: self.remove(bar))

    def remove(self, bar: NoticeBar) -> None:
        """Take one bar away."""
        self._column.removeWidget(bar)
        bar.hide()
        bar.deleteLater()
        if not self.bars():
            self.hide()

    def remove_kind(self, kind: str) -> None:
        """Take away all bars of a kind (the line came back)."""
        for bar in self.bars():
            if bar.notice.kind == kind:
                self.remove(bar)

    def waiting(self) -> tuple[Notice, ...]:
        """Notices a person has not dealt with yet; they survive a rebuilt window."""
        return tuple(bar.notice for bar in self.bars() if bar.notice.stays)

    def focus_newest(self) -> None:
        """Put the focus on the newest bar's first button (keyboard way to answer)."""
        for bar in reversed(self.bars()):
            buttons = bar.findChildren(QPushButton)
            if buttons:
                buttons[0].setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def _make_room(self) -> None:
        shown = self.bars()
        for bar in shown[: max(0, len(shown) - MOST_SHOWN)]:
            if bar.notice.kind != "ask":
                self.remove(bar)


class Toast(QFrame):
    """A short message in the lower right corner of ``over``; fades by itself."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("notice")
        self._glyph = QLabel(self)
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.addWidget(self._glyph)
        row.addWidget(self._text, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        over.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What it says, empty while hidden."""
        return "" if self.isHidden() else self._text.text()

    def show_notice(self, notice: Notice) -> None:
        """Show it instead of the one before."""
        self.setProperty("kind", notice.kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self._glyph.setPixmap(pixmap(_ICONS[notice.kind], 20, _ink(notice.kind, current())))
        self._text.setText(notice.text)
        self._text.setMinimumWidth(min(320, self.fontMetrics().horizontalAdvance(notice.text) + 8))
        self._place()
        self.show()
        self.raise_()
        self._timer.start(FADE_MS[notice.kind])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.adjustSize()
        parent = self.parentWidget()
        self.move(parent.width() - self.width() - 16, parent.height() - self.height() - 16)


def _ink(kind: str, tokens: Tokens) -> str:
    return {
        "info": tokens.accent,
        "success": tokens.good,
        "warning": tokens.ask,
        "ask": tokens.ask,
    }.get(kind, tokens.wrong)
