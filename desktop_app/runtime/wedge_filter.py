"""The wedge rules at work in a Qt program: keys are held back, replayed or become a scan."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QWindow

from desktop_app.core import clock
from desktop_app.hardware.wedge import (
    GROUP_SEPARATOR,
    MAX_GAP_MS,
    MIN_LENGTH,
    Decision,
    Verdict,
    WedgeDetector,
)

_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier
_MODIFIERS = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
    }
)
_SEPARATOR_DIGITS = "029"  # Alt+0 2 9 on the number pad: how some scanners send GS


class WedgeFilter(QObject):
    """Install on the application. ``scanned(str)`` carries each code as it was read.

    Only key presses that reach a *window* are judged: Qt shows the same key again to each
    widget below it, which is how programs come to print every character twice.
    ``input_method_in_the_way`` fires when a code arrives through an input method; the code
    is still delivered, but the person should switch the input method off.
    """

    scanned = Signal(str)
    input_method_in_the_way = Signal()

    def __init__(
        self, max_gap_ms: int = MAX_GAP_MS, prefix: str = "", parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._detector = WedgeDetector(max_gap_ms, prefix)
        self._held: list[QKeyEvent] = []
        self._window: QWindow | None = None
        self._replaying = False
        self._alt_digits = ""
        self._composing_since = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        # keys that queued up while the program was busy must be judged before the pause is
        self._timer.timeout.connect(lambda: QTimer.singleShot(0, self, self._on_pause))

    def configure(self, max_gap_ms: int, prefix: str) -> None:
        """Other timing from now on (settings page)."""
        self._release(len(self._held))
        self._detector = WedgeDetector(max_gap_ms, prefix)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            return self._composed(event)
        if self._replaying or not isinstance(event, QKeyEvent):
            return False
        if kind == QEvent.Type.ShortcutOverride and self._detector.pending:
            # a shortcut on Enter or on a letter must not fire in the middle of a code
            if event.text() and not event.modifiers() & _COMMANDS:
                event.accept()
                return True
            return False
        if kind != QEvent.Type.KeyPress or not isinstance(watched, QWindow):
            return False
        return self._pressed(watched, event)

    def _pressed(self, window: QWindow, event: QKeyEvent) -> bool:
        if event.key() in _MODIFIERS:
            return False  # part of a capital letter, not a key of its own
        if window is not self._window:
            self._release(len(self._held))
            self._window = window
        if self._alt_separator(event):
            return True
        decision = self._detector.feed(self._text_of(event), event.timestamp())
        self._release(decision.release)
        if decision.verdict is Verdict.HOLD:
            self._held.append(event.clone())
            self._timer.start(self._detector.patience_ms)
            return True
        self._timer.stop()
        if decision.verdict is Verdict.SCAN:
            self._deliver(decision)
            return True
        return False

    def _text_of(self, event: QKeyEvent) -> str:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return "\r"
        if event.isAutoRepeat():
            return ""
        if event.modifiers() & _COMMANDS:
            return event.text() if event.text() == GROUP_SEPARATOR else ""
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return ""
        return event.text()

    def _alt_separator(self, event: QKeyEvent) -> bool:
        digit = event.text()
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if not (self._detector.pending and alt):
            self._alt_digits = ""
            return False
        self._alt_digits += digit
        if not _SEPARATOR_DIGITS.startswith(self._alt_digits):
            self._alt_digits = ""
            return False
        if self._alt_digits == _SEPARATOR_DIGITS:
            self._alt_digits = ""
            self._detector.feed(GROUP_SEPARATOR, event.timestamp())
            self._held.append(event.clone())
            self._timer.start(self._detector.patience_ms)
        return True

    def _on_pause(self) -> None:
        if self._timer.isActive():  # more keys came while this was waiting
            return
        decision = self._detector.idle()
        if decision is None:
            return
        if decision.verdict is Verdict.SCAN:
            self._deliver(decision)
        else:
            self._release(decision.release)

    def _deliver(self, decision: Decision) -> None:
        self._held.clear()
        self.scanned.emit(decision.code)

    def _release(self, count: int) -> None:
        keys, self._held = self._held[:count], self._held[count:]
        window = self._window
        if not keys or window is None:
            return
        self._replaying = True
        try:
            for key in keys:
                QCoreApplication.sendEvent(window, key)
        finally:
            self._replaying = False

    def _composed(self, event: QInputMethodEvent) -> bool:
        """A scanner behind an active input method fills the candidate window in no time."""
        moment = clock.monotonic() * 1000
        if event.preeditString() and not self._composing_since:
            self._composing_since = moment
        text = event.commitString()
        if not text:
            return False
        since, self._composing_since = self._composing_since, 0.0
        fast = since and moment - since <= MAX_GAP_MS * len(text)
        plain = text.isascii() and not text.isspace() and any(c.isdigit() for c in text)
        if not (fast and plain and len(text) >= MIN_LENGTH):
            return False
        self.input_method_in_the_way.emit()
        QGuiApplication.inputMethod().reset()
        self.scanned.emit(text)
        return True
