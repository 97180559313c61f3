"""One editor per kind of field, all with the same few methods.

``value()`` raises CannotRead when the text means nothing; ``show_value(value, text)``;
``edited`` tells a change by the person; ``moved_on`` that Enter was pressed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from desktop_app.core.i18n import N_, tr
from desktop_app.domain.document_type import Editor, Field, Store
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.date_keys import read_date, shift_date
from desktop_app.views.base.page_services import ServiceCall
from desktop_app.views.base.pickers import PickerField, picker_for
from desktop_app.views.base.values import (
    NUMBERS,
    REFERENCES,
    CannotRead,
    alignment,
    edit_text,
    format_value,
    read_value,
)

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def is_plain_enter(event: QEvent) -> bool:
    """True for Enter without Ctrl or Alt: those belong to actions of the page."""
    plain = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
    return (
        isinstance(event, QKeyEvent)
        and event.type() == QEvent.Type.KeyPress
        and event.key() in _ENTER
        and event.modifiers() in plain
    )


class LineField(QLineEdit):
    """Text and numbers; full-width digits are understood."""

    edited = Signal()
    moved_on = Signal()

    def __init__(self, kind: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._ending = ""
        self.setAlignment(alignment(kind))
        self.textEdited.connect(self.edited)

    def value(self) -> Any:
        """The value of the text; raises CannotRead."""
        return read_value(self.kind, self.text())

    def show_value(self, value: Any, _text: str = "") -> None:
        """Show a stored value."""
        self.setText(edit_text(self.kind, value))
        self.setCursorPosition(0)

    def propose_ending(self, ending: str) -> None:
        """Put ``ending`` (a unit) behind what will be typed; Del takes it away."""
        self._ending = ending
        self.setText(ending)
        self.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if is_plain_enter(event):
            self.moved_on.emit()
            return
        if event.key() == Qt.Key.Key_Delete and self._ending and self.text().endswith(self._ending):
            self.setText(self.text().removesuffix(self._ending))
            self._ending = ""
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        if self._ending and self.text() == self._ending:
            self.setCursorPosition(0)
        elif event.reason() is not Qt.FocusReason.MouseFocusReason:
            self.selectAll()


class DateField(LineField):
    """A date with the accountants' keys: T today, + and - a day, 5 the 5th, M H Y R."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Editor.DATE, parent)
        self._hint = tr("T, 5, +3, 2026-01-31")
        self.setPlaceholderText(self._hint)
        self.editingFinished.connect(self._tidy)

    def setReadOnly(self, fixed: bool) -> None:  # noqa: N802
        """How to type a date is told only where one can be typed."""
        super().setReadOnly(fixed)
        self.setPlaceholderText("" if fixed else self._hint)

    def _tidy(self) -> None:
        """What was typed short is shown in full."""
        found = read_date(self.text()) if self.text().strip() else None
        if found is not None:
            self.setText(found.isoformat())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        key = event.text().lower()
        untouched = not self.text() or self.selectedText() == self.text()
        whole: date | None = read_date(self.text()) if len(self.text()) == 10 else None
        stepping = key in ("+", "-", "=") and whole is not None
        letter = key.isalpha() and key.isascii() and len(key) == 1 and not event.modifiers()
        if not self.isReadOnly() and key and (stepping or (letter and (untouched or whole))):
            shifted = shift_date(whole, key)
            if shifted is not None:
                self.setText(shifted.isoformat())
                self.edited.emit()
                return
        if is_plain_enter(event):
            self._tidy()
        super().keyPressEvent(event)


class ChoiceField(QComboBox):
    """One of a few declared codes."""

    edited = Signal()
    moved_on = Signal()

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        *,
        may_be_empty: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._may_be_empty = may_be_empty
        self.use_choices(choices)
        self.activated.connect(self._activated)

    def use_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer these codes from now on; the present one stays chosen, known or not."""
        present = self.currentData()
        self.clear()
        if self._may_be_empty:
            self.addItem("", None)
        for code, title in choices:
            self.addItem(tr(title), code)
        self.show_value(present)

    def value(self) -> Any:
        """The chosen code or None."""
        return self.currentData()

    def show_value(self, value: Any, _text: str = "") -> None:
        """Show a stored code; one that is not offered is kept and shown as it is."""
        place = self.findData(value)
        if place < 0 and value == "":
            value = None
        if place < 0 and value is not None:
            self.addItem(str(value), value)
            place = self.count() - 1
        self.setCurrentIndex(max(0, place) if value is None else place)

    def _activated(self, _index: int) -> None:
        self.edited.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if is_plain_enter(event):
            self.moved_on.emit()
            return
        before = self.currentIndex()
        super().keyPressEvent(event)
        if self.currentIndex() != before:
            self.edited.emit()


class YesNoField(QCheckBox):
    """A tick; Space toggles."""

    edited = Signal()
    moved_on = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clicked.connect(self._clicked)

    def value(self) -> bool:
        """Ticked or not."""
        return self.isChecked()

    def show_value(self, value: Any, _text: str = "") -> None:
        """Show a stored yes or no; None is no."""
        self.setChecked(bool(value))

    def _clicked(self) -> None:
        self.edited.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if is_plain_enter(event):
            self.moved_on.emit()
            return
        super().keyPressEvent(event)


FieldEditor = LineField | ChoiceField | YesNoField | PickerField


def make_editor(
    field: Field,
    context: AppContext,
    search: ServiceCall,
    parent: QWidget | None = None,
    *,
    party_role: str | None = None,
) -> FieldEditor:
    """The editor that belongs to the field's kind."""
    if field.editor in REFERENCES:
        return picker_for(field.editor, context, search, parent, party_role=party_role)
    if field.editor is Editor.CHOICE:
        # A required own field starts empty: the first choice would be a guess.
        empty = not field.required or field.store is Store.CUSTOM
        return ChoiceField(field.choices, may_be_empty=empty, parent=parent)
    if field.editor is Editor.YES_NO:
        return YesNoField(parent)
    return DateField(parent) if field.editor is Editor.DATE else LineField(field.editor, parent)


def read_editor(field: Field, editor: FieldEditor) -> Any:
    """The editor's value. Raises CannotRead, also when a required field is empty."""
    if isinstance(editor, PickerField) and editor.problem():
        raise CannotRead(N_("Choose one from the list"))
    value = editor.value()
    if field.required and value is None:
        raise CannotRead(N_("Needed"))
    return value


def shown_text(field: Field, value: Any) -> str:
    """The value as text where the field cannot be edited."""
    kind = field.editor if field.editor in NUMBERS else Editor.TEXT
    return format_value(kind, value, choices=field.choices)
