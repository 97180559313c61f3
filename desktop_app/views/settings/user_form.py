"""The form beside the table of logins: a new person, or a new password."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.errors import InvalidInput, UserError
from desktop_app.core.i18n import N_, tr
from desktop_app.domain.permissions import JOB_ROLES, PERMISSIONS
from desktop_app.services.access import SHORTEST_PASSWORD
from desktop_app.views.base.widgets import heading, primary_button, problem_label, show_problem

WIDTH = 340
_FIELDS = (
    ("login", N_("Login (letters and digits)")),
    ("display_name", N_("Person's name")),
    ("password", N_("Password")),
    ("again", N_("Password again")),
)


class UserForm(QFrame):
    """``submitted(dict)`` with login, display_name, password and jobs when all is filled in."""

    submitted = Signal(object)
    dirty_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setFixedWidth(WIDTH)
        self.is_new = True
        self.fields: dict[str, QLineEdit] = {}
        self.labels: dict[str, QLabel] = {}
        self.problems: dict[str, QLabel] = {}
        self.jobs: dict[str, QCheckBox] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 16)
        self._column.setSpacing(4)
        self._title = heading("")
        self._column.addWidget(self._title)
        for name, title in _FIELDS:
            self._add_field(name, tr(title))
        self._add_jobs()
        self._add_buttons()
        self._column.addStretch(1)
        QShortcut(
            QKeySequence("Ctrl+S"),
            self,
            self._submit,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )
        self.clear()

    def begin_new(self) -> None:
        """An empty form for a new person."""
        self._show_for("", tr("New person"), new=True)
        self.fields["login"].setFocus()

    def begin_password(self, login: str) -> None:
        """Only a new password for ``login``."""
        self._show_for(login, tr("New password for {login}", login=login), new=False)
        self.fields["password"].setFocus()

    def clear(self) -> None:
        """Back to an empty form for a new person."""
        self._show_for("", tr("New person"), new=True)

    def is_dirty(self) -> bool:
        """True while something is typed that was not sent."""
        names = ("login", "display_name", "password", "again") if self.is_new else ("password",)
        return any(self.fields[name].text() for name in names)

    def set_busy(self, busy: bool) -> None:
        """While the server works a second Enter must not create a second login."""
        self.save.setEnabled(not busy)

    def show_error(self, error: Exception) -> bool:
        """Put each problem beside its field; False when the error has no place here."""
        if isinstance(error, InvalidInput):
            known = [p for p in error.problems if p.field in self.problems]
            for problem in known:
                show_problem(self.problems[problem.field], str(problem))
            return bool(known)
        if isinstance(error, UserError):
            show_problem(self.problems["login" if self.is_new else "password"], str(error))
            return True
        return False

    def _show_for(self, login: str, title: str, *, new: bool) -> None:
        self.is_new = new
        self._title.setText(title)
        for name, field in self.fields.items():
            field.setText(login if name == "login" else "")
            show_problem(self.problems[name], "")
        show_problem(self.problems["jobs"], "")
        for box in self.jobs.values():
            box.setChecked(False)
            box.setVisible(new)
        self._jobs_title.setVisible(new)
        for name in ("login", "display_name"):
            self.fields[name].setVisible(new)
            self.labels[name].setVisible(new)
        self.save.setText(tr("Create the login") if new else tr("Set the password"))
        self.set_busy(False)
        self.dirty_changed.emit(False)

    def _add_field(self, name: str, title: str) -> None:
        label = QLabel(title)
        field = QLineEdit(self)
        field.setAccessibleName(title)
        if name in ("password", "again"):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        label.setBuddy(field)
        field.textEdited.connect(lambda _text: self.dirty_changed.emit(self.is_dirty()))
        field.returnPressed.connect(lambda: self._next(field))
        problem = problem_label()
        self.fields[name], self.labels[name], self.problems[name] = field, label, problem
        for widget in (label, field, problem):
            self._column.addWidget(widget)

    def _add_jobs(self) -> None:
        self._jobs_title = QLabel(tr("Jobs"))
        self._column.addSpacing(4)
        self._column.addWidget(self._jobs_title)
        for job in JOB_ROLES:
            box = QCheckBox(tr(job.title))
            rights = "\n".join(tr(PERMISSIONS[code].title) for code in job.permissions)
            box.setToolTip(rights)
            self.jobs[job.code] = box
            self._column.addWidget(box)
        self.problems["jobs"] = problem_label()
        self._column.addWidget(self.problems["jobs"])

    def _add_buttons(self) -> None:
        self.save = primary_button("")
        self.save.clicked.connect(self._submit)
        self.cancel = QPushButton(tr("Clear"))
        self.cancel.clicked.connect(self.clear)
        row = QHBoxLayout()
        row.addWidget(self.save, 1)
        row.addWidget(self.cancel)
        self._column.addSpacing(8)
        self._column.addLayout(row)

    def _next(self, field: QLineEdit) -> None:
        if field is self.fields["again"] and not self.is_new:
            self._submit()
        else:
            self.focusNextChild()

    def _submit(self) -> None:
        if not self.save.isEnabled():
            return
        values = {name: field.text().strip() for name, field in self.fields.items()}
        values["password"] = self.fields["password"].text()
        jobs = tuple(code for code, box in self.jobs.items() if box.isChecked())
        found = self._check(values, jobs)
        for name, label in self.problems.items():
            show_problem(label, found.get(name, ""))
        if found:
            first = next(iter(found))
            (self.fields.get(first) or next(iter(self.jobs.values()))).setFocus()
            return
        self.submitted.emit({**values, "jobs": jobs})

    def _check(self, values: dict[str, Any], jobs: tuple[str, ...]) -> dict[str, str]:
        found: dict[str, str] = {}
        if self.is_new and not values["login"]:
            found["login"] = tr("Give a login.")
        if len(values["password"]) < SHORTEST_PASSWORD:
            found["password"] = tr("At least {count} characters.", count=SHORTEST_PASSWORD)
        elif values["password"] != self.fields["again"].text():
            found["again"] = tr("The two passwords differ.")
        if self.is_new and not jobs:
            found["jobs"] = tr("Choose at least one job.")
        return found
