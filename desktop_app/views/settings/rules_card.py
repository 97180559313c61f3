"""The rules of the company on the settings page: read by all, changed by who may."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QWidget

from desktop_app.core.i18n import tr
from desktop_app.core.settings import Setting
from desktop_app.domain.quantities import fold_digits
from desktop_app.runtime.context import AppContext
from desktop_app.services import company_rules
from desktop_app.views.base.widgets import heading, muted_label, problem_label, show_problem

PERMISSION = "user.manage"


class RulesCard(QFrame):
    """One field per rule; the kept value stands there until the server took a new one."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._context = context
        self._kept: Mapping[str, Any] = {}
        self.editors: dict[str, QLineEdit] = {}
        self.problems: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(2, 1)
        grid.setColumnMinimumWidth(0, 340)
        grid.addWidget(heading(tr("Rules of the company")), 0, 0)
        grid.addWidget(muted_label(tr("For everybody, on every PC.")), 0, 1, 1, 2)
        for row, rule in enumerate(company_rules.RULES, start=1):
            self._add(grid, row, rule)
        self.reload()

    def reload(self) -> None:
        """Ask for the rules as they are."""
        self._context.operations.query(
            company_rules.load, on_done=self._show, on_error=self._failed, owner=self
        )

    def choose(self, rule: Setting) -> None:
        """Send what was typed, or say beside the field why it is not possible."""
        editor, problem = self.editors[rule.key], self.problems[rule.key]
        value = editor.text().strip() if rule.type is str else _decimal(editor.text())
        if not rule.accepts(value):
            show_problem(
                problem,
                tr(
                    "A number between {low} and {high}, please.",
                    low=rule.minimum,
                    high=rule.maximum,
                ),
            )
            return
        show_problem(problem, "")
        if value == self._kept.get(rule.key):
            return
        self._context.operations.command(
            company_rules.save,
            rule.key,
            value,
            owner=self,
            on_done=lambda _: self.reload(),
            on_error=lambda error: show_problem(problem, str(error)),
        )

    def _add(self, grid: QGridLayout, row: int, rule: Setting) -> None:
        label = QLabel(tr(rule.description))
        label.setWordWrap(True)
        editor, problem = QLineEdit(self), problem_label()
        editor.setFixedWidth(280)
        editor.setAccessibleName(tr(rule.description))
        editor.setEnabled(self._context.user.may(PERMISSION))
        label.setBuddy(editor)
        editor.editingFinished.connect(lambda: self.choose(rule))
        self.editors[rule.key], self.problems[rule.key] = editor, problem
        for column, widget in enumerate((label, editor, problem)):
            grid.addWidget(widget, row, column)

    def _show(self, values: Mapping[str, Any]) -> None:
        self._kept = values
        for key, editor in self.editors.items():
            if not editor.hasFocus():
                kept = values[key]
                editor.setText(f"{kept:f}" if isinstance(kept, Decimal) else str(kept))

    def _failed(self, error: Exception) -> None:
        for problem in self.problems.values():
            show_problem(problem, str(error))


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(fold_digits(text).strip() or "0")
    except InvalidOperation:
        return Decimal("NaN")
