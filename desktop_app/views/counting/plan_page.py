"""Plan a blind count: how many items, from where, drawn by chance that can be proven."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.core.errors import AppError, InvalidInput
from desktop_app.core.i18n import tr
from desktop_app.domain.document_type import Editor
from desktop_app.runtime.context import AppContext
from desktop_app.services import counting, scanning
from desktop_app.services.counting import PlanCount
from desktop_app.views.base.field_editors import FieldEditor, LineField, YesNoField
from desktop_app.views.base.form_errors import mark_field
from desktop_app.views.base.inline_bar import InlineBar
from desktop_app.views.base.page import Page
from desktop_app.views.base.pickers import PickerField
from desktop_app.views.base.values import CannotRead
from desktop_app.views.base.widgets import (
    muted_label,
    primary_button,
    problem_label,
    show_problem,
    title_label,
)

FORM_WIDTH = 760


class CountPlanPage(Page):
    """The form; Enter moves on, F8 draws and opens the count."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._uuid = uuid4()
        self.fields: dict[str, FieldEditor] = {}
        self._problems: dict[str, QLabel] = {}
        self.bar = InlineBar(self)
        self.draw_button = primary_button(tr("Draw and start (F8)"))
        self.draw_button.clicked.connect(lambda _checked=False: self.draw())
        QShortcut(
            QKeySequence("F8"),
            self,
            self.draw,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )
        self._lay_out()
        self.fields["sample_size"].show_value(20)
        self.fields["blind"].show_value(True)
        self.setFocusProxy(self.fields["warehouse_id"])

    def title(self) -> str:
        return tr("Plan a count")

    def reload(self) -> None:
        self.context.operations.query(
            scanning.search,
            "",
            kinds=("warehouse",),
            limit=2,
            on_done=self._offer_warehouse,
            on_error=self.context.notifier.error,
            owner=self,
        )

    def draw(self) -> None:
        """F8: draw the items and open the count."""
        for name in self.fields:
            self._show_problem(name, "")
        try:
            command = self._command()
        except CannotRead as error:
            self.bar.tell(str(error.message), wrong=True)
            return
        if command is None:
            return
        self.draw_button.setEnabled(False)
        self.context.operations.command(
            counting.plan_and_start, command, on_done=self._drawn, on_error=self._failed, owner=self
        )

    def _command(self) -> PlanCount | None:
        values: dict[str, Any] = {}
        for name, field in self.fields.items():
            try:
                values[name] = field.value()
            except CannotRead as error:
                self._show_problem(name, str(error.message))
                field.setFocus()
                return None
        if values["warehouse_id"] is None:
            self._show_problem("warehouse_id", tr("Choose a warehouse."))
            self.fields["warehouse_id"].setFocus()
            return None
        return PlanCount(
            warehouse_id=values["warehouse_id"],
            sample_size=values["sample_size"] or 0,
            seed=values["seed"],
            blind=values["blind"],
            abc_classes=tuple(c for c in str(values["abc_classes"] or "").upper() if c in "ABC"),
            bin_prefix=str(values["bin_prefix"] or "").strip(),
            remark=str(values["remark"] or "").strip(),
            uuid=self._uuid,
        )

    def _drawn(self, ref: Any) -> None:
        self._uuid = uuid4()
        self.draw_button.setEnabled(True)
        self.context.notifier.success(tr("{number} is open for counting.", number=ref.number))
        self.context.open_page("count:review", {"document_id": ref.id})
        self.close_wanted.emit()

    def _failed(self, error: Exception) -> None:
        self.draw_button.setEnabled(True)
        if isinstance(error, InvalidInput):
            for problem in error.problems:
                self._show_problem(problem.field, str(problem))
        elif isinstance(error, AppError):
            self.bar.tell(str(error), wrong=True)
        else:
            self.context.notifier.error(error)

    def _offer_warehouse(self, hits: Any) -> None:
        if len(hits) == 1 and self.fields["warehouse_id"].value() is None:
            self.fields["warehouse_id"].show_value(hits[0].id, hits[0].title)

    def _show_problem(self, name: str, text: str) -> None:
        if name in self.fields:
            mark_field(self.fields[name], text)
            show_problem(self._problems[name], text)

    def _lay_out(self) -> None:
        card = QFrame(self)
        card.setObjectName("card")
        card.setMaximumWidth(FORM_WIDTH)
        grid = QGridLayout(card)
        grid.setContentsMargins(16, 16, 16, 16)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(2, 1)
        for row, (name, title, editor, help_text) in enumerate(self._rows()):
            self._add_row(grid, row, name, title, editor, help_text)
        buttons = QHBoxLayout()
        buttons.addWidget(self.draw_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(title_label(tr("Plan a blind count")))
        column.addWidget(
            muted_label(
                tr(
                    "Items are drawn at random and nobody is told beforehand. Counters see bins and items, "
                    "never a quantity; the warehouse goes on working, because each line is compared with "
                    "the book of its own second."
                )
            )
        )
        column.addWidget(self.bar)
        column.addWidget(card)
        column.addLayout(buttons)
        column.addStretch(1)

    def _rows(self) -> tuple[tuple[str, str, FieldEditor, str], ...]:
        return (
            (
                "warehouse_id",
                tr("Warehouse"),
                PickerField(self.context, scanning.search, ("warehouse",)),
                "",
            ),
            (
                "sample_size",
                tr("Items to draw"),
                LineField(Editor.INTEGER),
                tr("20 is usual once a month"),
            ),
            (
                "blind",
                tr("Blind"),
                YesNoField(),
                tr("who can see stock must not count; differences need a second person"),
            ),
            ("abc_classes", tr("ABC classes"), LineField(Editor.TEXT), tr("empty: all, or e.g. A")),
            (
                "bin_prefix",
                tr("Bins beginning with"),
                LineField(Editor.TEXT),
                tr("empty: all bins"),
            ),
            (
                "seed",
                tr("Seed"),
                LineField(Editor.INTEGER),
                tr("empty: the program rolls it; kept with the plan as proof of the draw"),
            ),
            ("remark", tr("Remark"), LineField(Editor.TEXT), ""),
        )

    def _add_row(
        self, grid: QGridLayout, row: int, name: str, title: str, editor: FieldEditor, text: str
    ) -> None:
        self.fields[name] = editor
        self._problems[name] = problem_label()
        editor.setMinimumWidth(220)
        editor.setAccessibleName(title)
        beside = QVBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(muted_label(text))
        beside.addWidget(self._problems[name])
        grid.addWidget(QLabel(title), row, 0)
        grid.addWidget(editor, row, 1)
        grid.addLayout(beside, row, 2)
        editor.moved_on.connect(lambda: self._move_on(name))

    def _move_on(self, name: str) -> None:
        names = list(self.fields)
        at = names.index(name) + 1
        if at < len(names):
            self.fields[names[at]].setFocus()
        else:
            self.draw_button.setFocus()


def create(context: AppContext, params: dict[str, Any]) -> CountPlanPage:
    """Factory named in the table of actions."""
    return CountPlanPage(context)
