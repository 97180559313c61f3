"""The form of one element, made from its declaration: what there is to say about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, get_type_hints

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.i18n import N_, tr
from desktop_app.domain.label_design import (
    SYMBOLOGY_TITLES,
    TURNS,
    Align,
    Barcode,
    Box,
    Element,
    Line,
    Picture,
    Rise,
    Text,
)
from desktop_app.domain.label_fields import LabelField
from desktop_app.domain.quantities import fold_digits, format_quantity
from desktop_app.views.base.widgets import heading, problem_label, show_problem

TITLES: Mapping[str, str] = {
    "text": N_("Text"),
    "data": N_("Content of the code"),
    "symbology": N_("Code"),
    "x": N_("From the left, mm"),
    "y": N_("From the top, mm"),
    "w": N_("Width, mm"),
    "h": N_("Height, mm"),
    "x2": N_("To, from the left, mm"),
    "y2": N_("To, from the top, mm"),
    "width": N_("Line width, mm"),
    "size": N_("Type size, pt"),
    "min_size": N_("Smallest type, pt"),
    "bold": N_("Bold"),
    "align": N_("Side"),
    "rise": N_("Height in its place"),
    "wrap": N_("Several lines"),
    "shrink": N_("Smaller type when too long"),
    "turn": N_("Turned by"),
    "white": N_("White letters"),
    "when": N_("Only when"),
    "module_dots": N_("Narrow bar, dots"),
    "module_mm": N_("Narrow bar, mm"),
    "human_readable": N_("Text below the code"),
    "text_size": N_("Its type size, pt"),
    "filled": N_("Filled"),
    "dither": N_("Grey as dots (photo)"),
}
CHOICES: Mapping[type[Enum], Mapping[Any, str]] = {
    Align: {Align.LEFT: N_("left"), Align.CENTRE: N_("in the middle"), Align.RIGHT: N_("right")},
    Rise: {
        Rise.TOP: N_("at the top"),
        Rise.MIDDLE: N_("in the middle"),
        Rise.BOTTOM: N_("at the foot"),
    },
    type(next(iter(SYMBOLOGY_TITLES))): SYMBOLOGY_TITLES,
}
KIND_NAMES: Mapping[type, str] = {
    Text: N_("Text"),
    Barcode: N_("Code"),
    Line: N_("Straight line"),
    Box: N_("Frame"),
    Picture: N_("Picture"),
}
_TEMPLATES = ("text", "data", "when")


class PropertiesForm(QWidget):
    """Rebuilt for each kind of element; a change holds when the field is left or Enter pressed.

    Signals:
        changed(element): the element after the change.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._element: Element | None = None
        self._fields: Sequence[LabelField] = ()
        self.editors: dict[str, QWidget] = {}
        self._body: QWidget | None = None
        self.title = heading("")
        self.problem = problem_label()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.title)
        self._column.addWidget(self.problem)
        self._column.addStretch(1)

    def use_fields(self, known: Sequence[LabelField]) -> None:
        """The fields a template may name."""
        self._fields = known

    def show_element(self, element: Element | None) -> None:
        """Show an element, or nothing."""
        same = element is not None and type(element) is type(self._element)
        self._element = element
        show_problem(self.problem, "")
        if element is None:
            self.title.setText(tr("Nothing chosen"))
            self._clear()
            return
        self.title.setText(tr(KIND_NAMES[type(element)]))
        if not same:
            self._rebuild(element)
        self._fill(element)

    def focus_first(self) -> None:
        """Begin to write."""
        first = next(iter(self.editors.values()), None)
        if first is not None:
            first.setFocus()

    def _clear(self) -> None:
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.deleteLater()
            self._body = None
        self.editors = {}

    def _rebuild(self, element: Element) -> None:
        self._clear()
        self._body = QWidget(self)
        form = QFormLayout(self._body)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        hints = get_type_hints(type(element))
        for field in fields(element):
            if field.name not in TITLES:
                continue
            editor, shown = self._editor(field.name, hints[field.name])
            editor.setAccessibleName(tr(TITLES[field.name]))
            self.editors[field.name] = editor
            if field.name in _TEMPLATES:  # templates are long: a row of their own
                form.addRow(QLabel(tr(TITLES[field.name])))
                form.addRow(shown)
            else:
                form.addRow(tr(TITLES[field.name]), shown)
        self._column.insertWidget(1, self._body)

    def _editor(self, name: str, kind: Any) -> tuple[QWidget, QWidget]:
        if kind is bool:
            box = QCheckBox(self._body)
            box.clicked.connect(lambda on: self._set(name, on))
            return box, box
        if name == "turn":
            return self._choice(name, {turn: f"{turn}°" for turn in TURNS}, int)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return self._choice(name, {v: tr(t) for v, t in CHOICES[kind].items()}, kind)
        edit = QLineEdit(self._body)
        edit.editingFinished.connect(lambda: self._typed(name, kind, edit.text()))
        if name not in _TEMPLATES:
            return edit, edit
        beside = QWidget(self._body)
        row = QHBoxLayout(beside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(edit, 1)
        row.addWidget(self._field_button(name, edit))
        return edit, beside

    def _choice(
        self, name: str, titles: Mapping[Any, str], kind: Callable[[Any], Any]
    ) -> tuple[QWidget, QWidget]:
        box = QComboBox(self._body)
        for value, title in titles.items():
            box.addItem(title, value)
        # Qt keeps the plain text of a StrEnum: ``kind`` makes the value of it again.
        box.activated.connect(lambda _i: self._set(name, kind(box.currentData())))
        return box, box

    def _field_button(self, name: str, edit: QLineEdit) -> QPushButton:
        """Offers the fields by name, so that nobody has to know them."""
        button = QPushButton("{ }", self._body)
        button.setFixedWidth(64)
        button.setToolTip(tr("Insert a field"))
        menu = QMenu(button)
        for known in self._fields:
            shown = tr(known.title)
            action = menu.addAction(f"{shown}    {known.example and tr(known.example)}")
            text = known.name if name == "when" else "{" + known.name + "}"
            action.triggered.connect(lambda _c=False, t=text: self._insert(name, edit, t))
        button.setMenu(menu)
        return button

    def _insert(self, name: str, edit: QLineEdit, text: str) -> None:
        edit.insert(text)
        self._set(name, edit.text())

    def _fill(self, element: Element) -> None:
        for name, editor in self.editors.items():
            value = getattr(element, name)
            if isinstance(editor, QCheckBox):
                editor.setChecked(value)
            elif isinstance(editor, QComboBox):
                editor.setCurrentIndex(editor.findData(value))
            elif isinstance(editor, QLineEdit):
                shown = format_quantity(value) if isinstance(value, Decimal) else str(value)
                if editor.text() != shown:
                    editor.setText(shown)
                    editor.setCursorPosition(0)

    def _typed(self, name: str, kind: Any, text: str) -> None:
        if kind is Decimal or kind is int:
            try:
                number = Decimal(fold_digits(text))
            except InvalidOperation:
                show_problem(self.problem, tr("“{typed}” is not a number.", typed=text))
                return
            if not number.is_finite() or abs(number) > 1000:
                show_problem(self.problem, tr("“{typed}” is not a number.", typed=text))
                return
            self._set(name, number if kind is Decimal else int(number))
        else:
            self._set(name, text)

    def _set(self, name: str, value: Any) -> None:
        show_problem(self.problem, "")
        if self._element is not None and getattr(self._element, name) != value:
            self.changed.emit(replace(self._element, **{name: value}))
