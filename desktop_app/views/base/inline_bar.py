"""A strip inside a page that says or asks something without stopping anybody.

Used for load errors, conflicts, confirmations, and for the reason or evidence of a step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from desktop_app.core.i18n import tr
from desktop_app.views.base.form_errors import mark_field
from desktop_app.views.base.tones import Tone, tone


@dataclass(frozen=True)
class Asked:
    """One line of input in the strip; ``key`` names the answer.

    ``check`` returns what is wrong with a text, or an empty string.
    """

    key: str
    title: str
    required: bool = True
    check: Callable[[str], str] | None = None

    def problem(self, text: str) -> str:
        """Why ``text`` cannot be the answer, or an empty string."""
        if not text:
            return tr("Needed") if self.required else ""
        return self.check(text) if self.check is not None else ""


Answer = Callable[[Mapping[str, str]], None]


class InlineBar(QFrame):
    """Hidden until something is to be said; one thing at a time.

    Signals:
        dismissed(): Esc or the last button closed it without an answer.
    """

    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inlineBar")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 4, 8, 4)
        self._row.setSpacing(8)
        self._fields: dict[str, QLineEdit] = {}
        self._asked: tuple[Asked, ...] = ()
        self._answer: Answer | None = None
        self._text = ""
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown, empty when hidden."""
        return self._text if not self.isHidden() else ""

    @property
    def asking(self) -> bool:
        """Whether it waits for an answer: somebody may be typing."""
        return self._answer is not None

    def tell(
        self,
        text: str,
        actions: Sequence[tuple[str, Callable[[], None]]] = (),
        *,
        wrong: bool = False,
    ) -> None:
        """Show a sentence and buttons; the bar stays until told otherwise."""
        self._begin(text, wrong)
        for title, action in actions:
            self._row.addWidget(self._button(title, action))
        self._row.addStretch(1)
        self._row.addWidget(self._button(tr("Dismiss"), self.dismiss))
        self.show()

    def ask(self, text: str, asked: Sequence[Asked], yes: str, on_answer: Answer) -> None:
        """Ask for ``asked`` (may be none: a plain yes); Enter confirms, Esc leaves it."""
        self._begin(text, wrong=False)
        self._asked, self._answer = tuple(asked), on_answer
        for question in asked:
            self._row.addWidget(QLabel(question.title + (" *" if question.required else ""), self))
            field = QLineEdit(self)
            field.setMinimumWidth(160)
            field.setAccessibleName(question.title)
            field.returnPressed.connect(self.answer_next)
            field.installEventFilter(self)
            self._row.addWidget(field, 1)
            self._fields[question.key] = field
        confirm = self._button(yes, self.confirm)
        confirm.setDefault(True)
        self._row.addWidget(confirm)
        self._row.addWidget(self._button(tr("Cancel (Esc)"), self.dismiss))
        if not asked:
            self._row.addStretch(1)
        self.show()
        first = next(iter(self._fields.values()), None)
        (first or confirm).setFocus(Qt.FocusReason.OtherFocusReason)

    def field(self, key: str) -> QLineEdit:
        """The input of that key (stations may put a scan into it)."""
        return self._fields[key]

    def focused_field(self) -> QLineEdit | None:
        """The field that has the cursor: a scan belongs there."""
        return next((field for field in self._fields.values() if field.hasFocus()), None)

    def confirm(self) -> None:
        """Hand the answers over; required ones that are empty are marked instead."""
        first_wrong: QLineEdit | None = None
        for question in self._asked:
            field = self._fields[question.key]
            sentence = question.problem(field.text().strip())
            mark_field(field, sentence)
            field.setPlaceholderText(sentence)
            first_wrong = first_wrong or (field if sentence else None)
        if first_wrong is not None:
            first_wrong.setFocus()
            return
        answer, values = self._answer, {k: f.text().strip() for k, f in self._fields.items()}
        self.clear()
        if answer is not None:
            answer(values)

    def dismiss(self) -> None:
        """Close without an answer."""
        self.clear()
        self.dismissed.emit()

    def clear(self) -> None:
        """Hide and forget."""
        self.hide()
        self._text = ""
        self._fields, self._asked, self._answer = {}, (), None
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _begin(self, text: str, wrong: bool) -> None:
        self.clear()
        self._text = text
        back, edge = (Tone.WRONG_BACK, Tone.WRONG) if wrong else (Tone.ASK_BACK, Tone.ASK_EDGE)
        self.setStyleSheet(
            f"#inlineBar {{ background: {tone(back).name()}; border: none;"
            f" border-left: 4px solid {tone(edge).name()}; }}"
        )
        label = QLabel(text, self)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._row.addWidget(label, 2)

    def _button(self, title: str, action: Callable[[], None]) -> QPushButton:
        button = QPushButton(title, self)
        button.setAutoDefault(True)
        button.clicked.connect(lambda _checked=False: action())
        button.installEventFilter(self)
        return button

    def answer_next(self) -> None:
        """Enter (or a scan) in a field: go to the next one, confirm after the last."""
        fields = list(self._fields.values())
        current = self.focused_field()
        place = fields.index(current) if current in fields else len(fields)
        if place + 1 < len(fields):
            fields[place + 1].setFocus()
        else:
            self.confirm()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.dismiss()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(
                watched, QPushButton
            ):
                watched.click()
                return True
        return super().eventFilter(watched, event)
