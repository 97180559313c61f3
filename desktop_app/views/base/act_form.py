"""The large fields of a station's step: Enter moves on, after the last one the step is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop_app.core.errors import FieldProblem
from desktop_app.core.i18n import tr
from desktop_app.domain.quantities import format_quantity, parse_quantity
from desktop_app.domain.scan_codes import ScanResult
from desktop_app.views.base.act_steps import StationField
from desktop_app.views.base.station import enlarge
from desktop_app.views.base.unit_field import UnitField
from desktop_app.views.base.widgets import problem_label, show_problem

Editor = QLineEdit | QComboBox


class ActForm(QWidget):
    """Fields beside each other. ``entered`` fires on Enter in the last one."""

    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: tuple[StationField, ...] = ()
        self._editors: dict[str, Editor] = {}
        self._problems: dict[str, QLabel] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)
        self._cells: list[QWidget] = []

    def show_fields(self, fields: Sequence[StationField]) -> None:
        """Ask for these; unchanged fields keep what is typed."""
        if tuple(fields) == self._fields:
            return
        self._fields = tuple(fields)
        for cell in self._cells:
            self._row.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        self._cells, self._editors, self._problems = [], {}, {}
        for wanted in self._fields:
            cell = self._cell(wanted)
            self._cells.append(cell)
            self._row.addWidget(cell, wanted.stretch)

    def _cell(self, wanted: StationField) -> QWidget:
        cell = QWidget(self)
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        title = QLabel(tr(wanted.title), cell)
        editor = self._editor(wanted, cell)
        editor.setAccessibleName(tr(wanted.title))
        title.setBuddy(editor)
        enlarge(editor, 1.4)
        problem = problem_label()
        self._editors[wanted.name], self._problems[wanted.name] = editor, problem
        if isinstance(editor, UnitField):
            name = tr(wanted.title)
            editor.story.connect(lambda told: title.setText(f"{name}  {told}" if told else name))
        for widget in (title, editor, problem):
            column.addWidget(widget)
        column.addStretch(1)
        return cell

    def _editor(self, wanted: StationField, cell: QWidget) -> Editor:
        if wanted.kind == "choice":
            box = QComboBox(cell)
            for value, title in wanted.choices:
                box.addItem(tr(title), value)
            return box
        line = UnitField(cell) if wanted.kind == "quantity" else QLineEdit(cell)
        line.setPlaceholderText(tr(wanted.hint) if wanted.hint else "")
        line.returnPressed.connect(lambda name=wanted.name: self._move_on(name))
        line.textEdited.connect(lambda _text, name=wanted.name: self._clear_problem(name))
        return line

    def values(self) -> dict[str, Any]:
        """What is entered by field name. Raises InvalidInput for a number that is none."""
        found: dict[str, Any] = {}
        for wanted in self._fields:
            editor = self._editors[wanted.name]
            if isinstance(editor, QComboBox):
                found[wanted.name] = editor.currentData()
                continue
            text = editor.in_words() if isinstance(editor, UnitField) else editor.text().strip()
            found[wanted.name] = _number(text, wanted.name) if wanted.kind == "number" else text
        return found

    def fill(self, values: Mapping[str, str]) -> None:
        """Put proposed values in; the cursor goes to the first field left empty."""
        for name, text in values.items():
            editor = self._editors.get(name)
            if isinstance(editor, UnitField):
                editor.offer(text)
            elif isinstance(editor, QLineEdit):
                editor.setText(text)
            if isinstance(editor, QLineEdit):
                self._clear_problem(name)
        self.focus_next_empty()

    def clear(self) -> None:
        """Ready for the next act."""
        for editor in self._editors.values():
            if isinstance(editor, UnitField):
                editor.forget()
            elif isinstance(editor, QLineEdit):
                editor.clear()
            else:
                editor.setCurrentIndex(0)
        self.show_problems(())
        self.focus_next_empty()

    def take_scan(self, code: ScanResult) -> bool:
        """Put a scanned code where it belongs; True when a field took it."""
        for wanted in self._fields:
            if code.kind in wanted.scans:
                self.fill({wanted.name: code.text})
                return True
        return False

    def unit_field(self) -> UnitField | None:
        """The quantity that may be typed in any unit, if one is asked for."""
        found = (e for e in self._editors.values() if isinstance(e, UnitField))
        return next(found, None)

    def goods(self) -> str:
        """The goods scanned so far, "" when none are."""
        return self._text("goods") if "goods" in self._editors else ""

    def weight_field(self) -> str | None:
        """The field that a weight of the scale belongs into; None when nothing is weighed."""
        return next((wanted.name for wanted in self._fields if wanted.weighs), None)

    def counted_field(self) -> StationField | None:
        """The field that a scale in counting mode may fill; None when there is none."""
        return next((wanted for wanted in self._fields if wanted.counts), None)

    def text_of(self, name: str) -> str:
        """What stands in a field, as it is typed."""
        return self._text(name)

    def weight_text(self) -> str:
        """What stands in the field for the weight; "" when nothing is weighed."""
        name = self.weight_field()
        return self._text(name) if name is not None else ""

    def take_weight(self, grams: Decimal) -> None:
        """Put a weight into its field and go on to the next one."""
        name = self.weight_field()
        if name is not None:
            self.fill({name: format_quantity(grams)})

    def scan_ready(self) -> bool:
        """True when every field that is filled by scanning has its code."""
        return all(self._text(wanted.name) for wanted in self._fields if wanted.scans)

    def show_problems(self, problems: Sequence[FieldProblem]) -> tuple[FieldProblem, ...]:
        """Put each sentence under its field; returns those that have no field here."""
        for label in self._problems.values():
            show_problem(label, "")
        elsewhere: list[FieldProblem] = []
        for problem in problems:
            found = self._problems.get(problem.field)
            if found is None:
                elsewhere.append(problem)
            else:
                show_problem(found, str(problem.message))
                self._editors[problem.field].setFocus()
        return tuple(elsewhere)

    def focus_next_empty(self) -> None:
        """Go to the first empty field, or to the last one."""
        empty = [e for e in self._editors.values() if isinstance(e, QLineEdit) and not e.text()]
        target = empty[0] if empty else next(reversed(self._editors.values()), None)
        if target is not None:
            target.setFocus()
            if isinstance(target, QLineEdit):
                target.selectAll()

    def _text(self, name: str) -> str:
        editor = self._editors[name]
        return editor.text().strip() if isinstance(editor, QLineEdit) else editor.currentText()

    def _clear_problem(self, name: str) -> None:
        show_problem(self._problems[name], "")

    def _move_on(self, name: str) -> None:
        names = list(self._editors)
        following = names[names.index(name) + 1 :]
        if following:
            editor = self._editors[following[0]]
            editor.setFocus()
            if isinstance(editor, QLineEdit):
                editor.selectAll()
        else:
            self.entered.emit()


def _number(text: str, field: str) -> Decimal | None:
    return parse_quantity(text, field=field) if text else None
