"""The one scan bar: shows what the last code was, and takes a typed one.

A scanner needs no focus here: the wedge filter hands its codes to the window from anywhere.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from desktop_app.core.i18n import tr
from desktop_app.views.base.icons import icon
from desktop_app.views.theme import current

SHOW_ANSWER_MS = 8_000


class ScanBar(QWidget):
    """``entered(str)`` when a code was typed and Enter pressed.

    ``say(kind, text)`` shows an answer: ok, unknown, wrong or busy.
    """

    entered = Signal(str)

    def __init__(self, shortcut_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(tr("Scan or type any code ({key})", key=shortcut_text))
        self.field.setAccessibleName(tr("Scan bar"))
        # a code needs no input method, and one would swallow the scanner's keys
        self.field.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.field.setMinimumWidth(220)
        self.field.setMaximumWidth(360)
        self._glyph = QAction(self.field)
        self.field.addAction(self._glyph, QLineEdit.ActionPosition.LeadingPosition)
        self.field.returnPressed.connect(self._enter)
        self.answer = QLabel(self)
        self.answer.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.answer.setAccessibleName(tr("Answer to the last scan"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.field, 2)
        row.addWidget(self.answer, 3)
        self._kind = ""
        self._fade = QTimer(self)
        self._fade.setSingleShot(True)
        self._fade.timeout.connect(lambda: self.say("", ""))
        self.retint()

    @property
    def kind(self) -> str:
        """What kind of answer stands there now."""
        return self._kind

    def retint(self) -> None:
        """Follow a change of theme."""
        self._glyph.setIcon(icon("scan", current().muted))
        self.say(self._kind, self.answer.text())

    def take_focus(self) -> None:
        """Ready for typing a code."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def say(self, kind: str, text: str) -> None:
        """Show the answer to the last code in the colour of its kind."""
        tokens = current()
        ink, ground = {
            "ok": (tokens.good, tokens.good_back),
            "unknown": (tokens.ask, tokens.ask_back),
            "wrong": (tokens.wrong, tokens.wrong_back),
            "busy": (tokens.muted, tokens.window),
        }.get(kind, (tokens.muted, "transparent"))
        self._kind = kind
        text = text.replace("\x1d", "<GS>")  # no font has a sign for it
        self.answer.setText(text)
        self.answer.setToolTip(text)
        self.answer.setStyleSheet(
            f"color: {ink}; background: {ground}; border-radius: 4px; padding: 4px 8px;"
        )
        self._fade.stop()
        if kind and kind != "busy":
            self._fade.start(SHOW_ANSWER_MS)

    def _enter(self) -> None:
        text = self.field.text().strip()
        self.field.clear()
        if text:
            self.entered.emit(text)
