"""The head of a document: fields in two or three columns, problems under the field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from desktop_app.core.errors import FieldProblem
from desktop_app.core.i18n import tr
from desktop_app.domain.document_type import Editor, Field, Store
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.field_editors import FieldEditor, make_editor, read_editor
from desktop_app.views.base.form_errors import mark_field
from desktop_app.views.base.page_services import ServiceCall
from desktop_app.views.base.pickers import PickerField
from desktop_app.views.base.tones import Tone, tone
from desktop_app.views.base.values import REFERENCES, CannotRead, format_value, reference_text

COLUMNS = 3
PRODUCT = "output_item_id"
"""The field that says what an order makes."""


class HeadForm(QWidget):
    """Built from ``head_fields``; Enter moves on and leaves the form after the last field.

    Signals:
        edited(name): the person changed that field.
        left(): Enter in the last editable field.
    """

    edited = Signal(str)
    left = Signal()

    def __init__(
        self,
        context: AppContext,
        fields: Sequence[Field],
        search: ServiceCall,
        parent: QWidget | None = None,
        *,
        party_role: str | None = None,
    ) -> None:
        super().__init__(parent)
        self._fields = tuple(f for f in fields if context.user.may(f.permission))
        self._editors: dict[str, FieldEditor] = {}
        self._shown: dict[str, QLineEdit] = {}
        self._hints: dict[str, QLabel] = {}
        self._context = context
        self._search = search
        self._party_role = party_role
        self._read_only = False
        self._given: Mapping[str, Any] = {}
        self._build()

    def editor(self, name: str) -> FieldEditor:
        """The editor of that field. Raises KeyError when it has none here."""
        return self._editors[name]

    def __contains__(self, name: object) -> bool:
        return name in self._editors

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show a document's head, titles of references included."""
        self._given = values
        for field in self._fields:
            value = values.get(field.name)
            is_reference = field.editor in REFERENCES
            text = reference_text(values, field.name) if is_reference else ""
            if field.name in self._editors:
                self._editors[field.name].show_value(value, text)
            else:
                shown = text or format_value(
                    field.editor, value, name=field.name, choices=field.choices
                )
                self._shown[field.name].setText(shown)
        self.compute({})
        self.show_problems({})

    def values(self) -> dict[str, Any]:
        """Readable values by field name; what cannot be read is left out (see problems)."""
        found: dict[str, Any] = {}
        for field in self._editable():
            try:
                found[field.name] = read_editor(field, self._editors[field.name])
            except CannotRead:
                continue
        return found

    def value(self, name: str) -> Any:
        """One value, None when it is empty, unreadable or not on this form."""
        return self.values().get(name)

    def titles(self) -> dict[str, str]:
        """Titles of the picked references, in the form the read side delivers them."""
        return {
            f"{field.name.removesuffix('_id')}_title": editor.text()
            for field in self._editable()
            if field.editor in REFERENCES
            and isinstance(editor := self._editors[field.name], QLineEdit)
        }

    def problems(self) -> tuple[FieldProblem, ...]:
        """What cannot be read or is missing, one entry per field."""
        found = []
        for field in self._editable():
            try:
                read_editor(field, self._editors[field.name])
            except CannotRead as error:
                found.append(FieldProblem(field.name, error.message))
        return tuple(found)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Put each sentence under its field; others are cleared."""
        for name, hint in self._hints.items():
            sentence = problems.get(name, "")
            mark_field(self._widget(name), sentence)
            hint.setStyleSheet(f"color: {tone(Tone.WRONG).name()};")
            hint.setText(sentence)
            hint.setVisible(bool(sentence))

    def show_remark(self, name: str, sentence: str) -> None:
        """Say something about a field that is no mistake and stops nobody; "" clears it."""
        hint = self._hints[name]
        hint.setStyleSheet(f"color: {tone(Tone.ASK_EDGE).name()};")
        hint.setText(sentence)
        hint.setVisible(bool(sentence))

    def show_computed(self, name: str, value: Any) -> None:
        """Show a value that nobody types and that arrives later than the others."""
        for field in self._fields:
            if field.name == name and name in self._shown:
                self._shown[name].setText(format_value(field.editor, value))

    def compute(self, others: Mapping[str, Any]) -> None:
        """Show formulas anew: they follow what is typed here and in ``others``; what no form
        shows keeps its stored value.
        """
        formulas = [field for field in self._fields if field.compute is not None]
        values = {**self._given, **others, **self.values()} if formulas else {}
        for field in formulas:
            assert field.compute is not None
            self._shown[field.name].setText(format_value(field.editor, field.compute(values)))

    def focus_field(self, name: str | None = None) -> None:
        """Focus that field, or the first empty one, or the first."""
        if name is None:
            empty = (
                n for n, e in self._editors.items() if isinstance(e, QLineEdit) and not e.text()
            )
            name = next(empty, next(iter(self._editors), None))
        if name in self._editors:
            self._editors[name].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_read_only(self, read_only: bool) -> None:
        """Values stay selectable but cannot be changed."""
        self._read_only = read_only
        for editor in self._editors.values():
            if isinstance(editor, (QComboBox, QCheckBox)):
                editor.setEnabled(not read_only)
            else:
                editor.setReadOnly(read_only)
                editor.setFrame(not read_only)

    def _editable(self) -> tuple[Field, ...]:
        return tuple(field for field in self._fields if field.name in self._editors)

    def _widget(self, name: str) -> QWidget:
        return self._editors.get(name) or self._shown[name]

    def _build(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        for place, field in enumerate(self._fields):
            row, column = divmod(place, COLUMNS)
            widget = self._make(field)
            label = QLabel(tr(field.title) + (" *" if field.required else ""), self)
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            label.setBuddy(widget)
            hint = QLabel(self, wordWrap=True)
            hint.setStyleSheet(f"color: {tone(Tone.WRONG).name()};")
            hint.hide()
            self._hints[field.name] = hint
            grid.addWidget(label, row * 2, column * 2)
            grid.addWidget(widget, row * 2, column * 2 + 1)
            grid.addWidget(hint, row * 2 + 1, column * 2 + 1)
        for column in range(COLUMNS):
            grid.setColumnMinimumWidth(column * 2, 88)
            grid.setColumnStretch(column * 2 + 1, 1)

    def _make(self, field: Field) -> QWidget:
        if field.store is Store.COMPUTED:
            shown = QLineEdit(self, readOnly=True, frame=False)
            shown.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            self._shown[field.name] = shown
            return shown
        editor = make_editor(field, self._context, self._search, self, party_role=self._party_role)
        editor.setAccessibleName(tr(field.title))
        if field.editor is Editor.BOM and isinstance(editor, PickerField):
            editor.page_params = self._bom_wanted
        self._editors[field.name] = editor
        editor.edited.connect(lambda name=field.name: self._edited(name))
        editor.moved_on.connect(lambda name=field.name: self._move_on(name))
        return editor

    def _bom_wanted(self) -> dict[str, Any]:
        """The bill of materials to write: that of the product, when it is chosen."""
        product = self.value(PRODUCT) if PRODUCT in self._editors else None
        return {"id": None} if product is None else {"item_id": product}

    def _edited(self, name: str) -> None:
        mark_field(self._editors[name], "")
        self._hints[name].hide()
        self.compute({})
        self.edited.emit(name)

    def _move_on(self, name: str) -> None:
        names = list(self._editors)
        following = names[names.index(name) + 1 :]
        if following:
            self.focus_field(following[0])
        else:
            self.left.emit()
