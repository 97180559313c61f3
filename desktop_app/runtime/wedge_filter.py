"""The wedge rules at work in a Qt program: keys are held back, replayed or become a scan."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QKeySequence, QWindow
from shiboken6 import isValid

from desktop_app.core import clock
from desktop_app.hardware.scanners.teaching import Key
from desktop_app.hardware.wedge import (
    GROUP_SEPARATOR,
    IDLE_MS,
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
_SEPARATOR_KEY = Qt.Key.Key_F8  # how some others do
_COMMAND_TEXTS = (GROUP_SEPARATOR, "\n")  # Ctrl+] and Ctrl+J: how keyboards type GS and LF
_RECORD_MS = 400
_WARN_AGAIN_MS = 10_000


class WedgeFilter(QObject):
    """Install on the application. ``scanned(str, object)`` carries each code as it was read and
    the moment of its last key in ms by the keys' own clock; None behind an input method.

    Only key presses that reach a *window* are judged: Qt shows the same key again to each
    widget below it, which is how programs come to print every character twice.
    ``input_method_in_the_way`` fires when a code arrives through an input method; the code
    is still delivered, but the person should switch the input method off.
    ``composing`` fires when an input method begins to compose, whoever typed: on a page for
    scanning it is about to swallow the next code. ``recorded`` carries the keys of one code as
    they came while :meth:`record` is on (teaching a scanner); they reach no widget then.
    """

    scanned = Signal(str, object)
    input_method_in_the_way = Signal()
    composing = Signal()
    recorded = Signal(list)

    def __init__(
        self, max_gap_ms: int = MAX_GAP_MS, prefix: str = "", parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._detector = WedgeDetector(max_gap_ms, prefix)
        self._held: list[tuple[QKeyEvent, ...]] = []
        self._alt_keys: list[QKeyEvent] = []
        self._recording = False
        self._keys: list[Key] = []
        self._window: QWindow | None = None
        self._key_at_ms = 0
        self._replaying = False
        self._alt_digits = ""
        self._composing_since = 0.0
        self._warned_at = -_WARN_AGAIN_MS * 1.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        # keys that queued up while the program was busy must be judged before the pause is
        self._timer.timeout.connect(lambda: QTimer.singleShot(0, self, self._on_pause))
        self._record_end = QTimer(self, singleShot=True, interval=_RECORD_MS)
        self._record_end.timeout.connect(self._hand_over_recorded)

    def configure(
        self,
        max_gap_ms: int,
        prefix: str,
        min_length: int = MIN_LENGTH,
        idle_ms: int = IDLE_MS,
    ) -> None:
        """Other timing from now on (settings page, taught scanner)."""
        self._release(len(self._held))
        self._detector = WedgeDetector(max_gap_ms, prefix, min_length, idle_ms)

    def record(self, on: bool) -> None:
        """Note every key instead of judging it, until switched off."""
        self._release(len(self._held))
        self._recording = on
        self._keys.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            return self._composed(event)
        if self._replaying or not isinstance(event, QKeyEvent):
            return False
        if kind == QEvent.Type.ShortcutOverride:
            return self._keep_from_shortcuts(event)
        if kind != QEvent.Type.KeyPress or not isinstance(watched, QWindow):
            return False
        return self._pressed(watched, event)

    def _keep_from_shortcuts(self, event: QKeyEvent) -> bool:
        """A shortcut on Enter, F8 or a letter must not fire in the middle of a code."""
        moment = event.timestamp()
        if self._recording:
            ours = event.key() != Qt.Key.Key_Escape
        elif self._detector.pending or self._detector.just_ended(moment):
            command = event.modifiers() & _COMMANDS and event.text() not in _COMMAND_TEXTS
            separator = event.key() == _SEPARATOR_KEY and self._detector.continues(moment)
            ours = separator or bool(event.text() and not command)
        else:
            return False
        if ours:
            event.accept()
        return ours

    def _pressed(self, window: QWindow, event: QKeyEvent) -> bool:
        if event.key() in _MODIFIERS:
            return False  # part of a capital letter, not a key of its own
        if self._recording:
            return self._note(event)
        if window is not self._window:
            self._release(len(self._held))
            self._window = window
        if self._alt_separator(event) or self._key_separator(event):
            return True
        self._key_at_ms = event.timestamp()
        decision = self._detector.feed(self._text_of(event), self._key_at_ms)
        self._release(decision.release)
        if decision.verdict is Verdict.HOLD:
            self._held.append((event.clone(),))
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
        if event.isAutoRepeat() and not self._detector.continues(event.timestamp()):
            # A key held down repeats late. Right behind another key of a code it is the same digit
            # again: X11 marks a release and a press of one moment as a repeat.
            return ""
        if event.modifiers() & _COMMANDS:
            in_code = self._detector.pending or self._detector.just_ended(event.timestamp())
            return event.text() if in_code and event.text() in _COMMAND_TEXTS else ""
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return ""
        return event.text()

    def _alt_separator(self, event: QKeyEvent) -> bool:
        """Alt+0 2 9 within a code is a separator; the digits come one by one."""
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        digits = self._alt_digits + event.text()
        wanted = alt and event.text() and _SEPARATOR_DIGITS.startswith(digits)
        if not (self._detector.pending and wanted):
            if self._alt_keys:  # a person's Alt+0: give it back before what follows
                self._release_everything()
            return False
        self._alt_digits = digits
        self._alt_keys.append(event.clone())
        self._timer.start(self._detector.patience_ms)
        if digits == _SEPARATOR_DIGITS:
            # three digits take their time: the pause is the one before the first of them
            self._hold_separator(tuple(self._alt_keys), self._alt_keys[0].timestamp())
            self._forget_alt()
        return True

    def _key_separator(self, event: QKeyEvent) -> bool:
        """F8 between fast keys stands for the separator; alone it is the key it always is."""
        bare = not event.modifiers() and not event.isAutoRepeat()
        if (
            event.key() != _SEPARATOR_KEY
            or not bare
            or not self._detector.continues(event.timestamp())
        ):
            return False
        self._hold_separator((event.clone(),), event.timestamp())
        return True

    def _hold_separator(self, keys: tuple[QKeyEvent, ...], timestamp: int) -> None:
        decision = self._detector.feed(GROUP_SEPARATOR, timestamp)
        self._release(decision.release)
        if decision.verdict is Verdict.HOLD:
            self._held.append(keys)
            self._timer.start(self._detector.patience_ms)
        else:
            self._replay(keys)

    def _forget_alt(self) -> None:
        self._alt_digits = ""
        self._alt_keys = []

    def _note(self, event: QKeyEvent) -> bool:
        """While a scanner is taught every key is noted; Esc alone stays a key."""
        if event.key() == Qt.Key.Key_Escape:
            return False
        self._keys.append(Key(_key_name(event), event.timestamp()))
        self._record_end.start()
        return True

    def _hand_over_recorded(self) -> None:
        keys, self._keys = self._keys, []
        if keys and self._recording:
            self.recorded.emit(keys)

    def _on_pause(self) -> None:
        if self._timer.isActive():  # more keys came while this was waiting
            return
        decision = self._detector.idle()
        if decision is None:
            return
        if self._alt_keys:
            self._release_everything()
            return
        if decision.verdict is Verdict.SCAN:
            self._deliver(decision)
        else:
            self._release(decision.release)

    def _deliver(self, decision: Decision) -> None:
        self._held.clear()
        if decision.code:
            self.scanned.emit(decision.code, self._key_at_ms)

    def _release(self, count: int) -> None:
        groups, self._held = self._held[:count], self._held[count:]
        for keys in groups:
            self._replay(keys)

    def _release_everything(self) -> None:
        """All that is held, and half an Alt sequence, in the order it was typed."""
        alt_keys = tuple(self._alt_keys)
        self._forget_alt()
        self._detector.drop()
        self._release(len(self._held))
        self._replay(alt_keys)

    def _replay(self, keys: tuple[QKeyEvent, ...]) -> None:
        window = self._window
        if window is None:
            return
        self._replaying = True
        try:
            for key in keys:
                if isValid(window):  # the press may have closed it; its release goes nowhere
                    QCoreApplication.sendEvent(window, key)
        finally:
            self._replaying = False

    def _composed(self, event: QInputMethodEvent) -> bool:
        """A scanner behind an active input method fills the candidate window in no time."""
        moment = clock.monotonic() * 1000
        if event.preeditString() and not self._composing_since:
            self._composing_since = moment
            self._tell_composing(moment)
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
        self.scanned.emit(text, None)
        return True

    def _tell_composing(self, moment: float) -> None:
        if moment - self._warned_at >= _WARN_AGAIN_MS:
            self._warned_at = moment
            self.composing.emit()


def _key_name(event: QKeyEvent) -> str:
    """The character a key types, else its name; Alt+0 2 9 are three keys of one name each."""
    if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return "\r"
    if event.modifiers() & Qt.KeyboardModifier.AltModifier:
        return f"Alt+{event.text()}"
    if event.modifiers() & _COMMANDS and event.text() != GROUP_SEPARATOR:
        return QKeySequence(event.keyCombination()).toString()
    return event.text() or QKeySequence(event.keyCombination()).toString()
