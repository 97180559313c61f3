"""A part of a record that has rows of its own (units, barcodes, contacts) in a small table.

The same cells, keys and paste as the lines of a document; used inside a TabbedForm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core.errors import FieldProblem
from desktop_app.core.i18n import N_, Message, tr
from desktop_app.domain.document_type import DocumentType, Field
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.line_model import line_columns
from desktop_app.views.base.line_paste import LinePaste
from desktop_app.views.base.line_table import ROW_HEIGHT, LineTable
from desktop_app.views.base.line_table_model import LineTableModel
from desktop_app.views.base.page_services import ServiceCall
from desktop_app.views.base.widgets import heading, muted_label, problem_label, show_problem


@dataclass(frozen=True)
class TableSpec:
    """Rows kept with a record under the name ``name``: a tuple of value mappings.

    ``fixed``: the rows are given, none is added or taken away. ``hint`` stands beside the
    title. ``permission`` hides the whole table from others; ``rows`` of it are always seen.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    fixed: bool = False
    hint: str = ""
    permission: str | None = None
    rows: int = 5

    def declared(self) -> DocumentType:
        """The columns as the line table reads them; never a document."""
        return DocumentType(
            kind=self.name,
            title=self.title,
            plural=self.title,
            prefix="",
            area="master",
            write_permission="master.write",
            transitions=(),
            head_fields=(),
            line_fields=self.fields,
        )


class FormTable(QWidget):
    """A TableSpec on the screen; a part of a form like a HeadForm.

    Signals:
        edited(name): the person changed a row.
        left(): never sent; the table is left by Tab or the keys of the tabs.
    """

    edited = Signal(str)
    left = Signal()

    def __init__(
        self,
        context: AppContext,
        spec: TableSpec,
        search: ServiceCall,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.spec = spec
        self._context = context
        self._read_only = False
        self._choices: dict[str, tuple[tuple[str, str], ...]] = {}
        self.model = LineTableModel(spec.declared(), self)
        self.model.grows = not spec.fixed
        self.table = LineTable(context, self.model, search, self)
        self.table.setAccessibleName(tr(spec.title))
        self.table.setMinimumHeight((spec.rows + 1) * ROW_HEIGHT)
        # A table asks for far more than it needs; it takes the room that is left.
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.problem = problem_label()
        self._paste = LinePaste(context, search, self.table)
        self.model.edited.connect(self._edited)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(heading(tr(spec.title)))
        if spec.hint:
            hint = muted_label(tr(spec.hint))
            hint.setWordWrap(False)  # a wrapped label in a hidden tab would ask for its height
            hint.setMinimumWidth(60)
            top.addWidget(hint, 1)
        else:
            top.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.problem)
        column.addWidget(self.table, 1)
        self.show_values({})

    def __contains__(self, name: object) -> bool:
        return name == self.spec.name

    def use_choices(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """The codes a CHOICE column offers, known only now."""
        self._choices[name] = tuple(choices)
        self.model.use_choices(name, choices)

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show the rows found under the name of the table."""
        columns = line_columns(
            self.model.sheet.document_type,
            self._context.user.may,
            editing=not self._read_only,
            shows_stock=False,
        )
        self.model.configure(columns, read_only=self._read_only, warns_short=False)
        for name, choices in self._choices.items():
            self.model.use_choices(name, choices)
        self.model.load(values.get(self.spec.name) or (), spare=self.model.grows)
        self.table.size_columns({})
        self.table.horizontalHeader().setStretchLastSection(True)
        show_problem(self.problem, "")

    def values(self) -> dict[str, Any]:
        """The rows that are not blank, by column; columns without a value are left out."""
        self.table.finish_editing()
        return {self.spec.name: tuple(self.model.sheet.drafts())}

    def titles(self) -> dict[str, str]:
        """Rows carry their titles themselves."""
        return {}

    def problems(self) -> tuple[FieldProblem, ...]:
        """Unreadable and missing cells, as problems of the table."""
        self.table.finish_editing()
        titles = {f.name: f.title for f in self.spec.fields}
        return tuple(
            FieldProblem(
                self.spec.name,
                Message(
                    N_("Row {row}, {column}: {problem}"),
                    {
                        "row": found.line_no,
                        "column": Message(titles.get(found.field, found.field)),
                        "problem": found.message,
                    },
                ),
            )
            for found in self.model.sheet.problems()
        )

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """A sentence above the table."""
        show_problem(self.problem, problems.get(self.spec.name, ""))

    def focus_field(self, name: str | None = None) -> None:
        """Go to the first wrong cell, else to the first cell to write."""
        for row, line in enumerate(self.model.sheet.lines):
            for place, column in enumerate(self.model.columns):
                if column.name in line.problems:
                    self.table.edit_cell(row, place)
                    return
        self.table.start()

    def set_read_only(self, read_only: bool) -> None:
        """Rows stay selectable but cannot be changed."""
        if read_only != self._read_only:
            self._read_only = read_only
            self.show_values({self.spec.name: [line.values for line in self.model.sheet.lines]})

    def _edited(self) -> None:
        show_problem(self.problem, "")
        self.edited.emit(self.spec.name)
