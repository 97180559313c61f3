"""One office server: where it is, how the line to it is protected; tried before it is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.errors import InvalidInput
from desktop_app.core.i18n import N_, tr
from desktop_app.database.profiles import TLS_MODES, ConnectionProfile
from desktop_app.runtime.error_presenter import ErrorPresenter
from desktop_app.runtime.operations import Operations
from desktop_app.services import connections
from desktop_app.views.base.widgets import problem_label, show_problem
from desktop_app.views.theme import current


@dataclass(frozen=True)
class _Field:
    name: str
    title: str
    hint: str = ""


_FIELDS = (
    _Field("name", N_("Name of the connection"), N_("As you call it: Office, Warehouse 2")),
    _Field("host", N_("Server"), N_("Name or address, as in its certificate")),
    _Field("port", N_("Port")),
    _Field("database", N_("Database")),
    _Field("user", N_("Login at this PC (may stay empty)")),
)


class ConnectionForm(QFrame):
    """``changed`` when something was typed; ``entered`` by Enter in the last field."""

    changed = Signal()
    entered = Signal()

    def __init__(self, operations: Operations, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations = operations
        self._presenter = ErrorPresenter()
        self._shown = ConnectionProfile("")
        self.fields: dict[str, QLineEdit] = {}
        self.problems: dict[str, QLabel] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        for field in _FIELDS:
            editor = QLineEdit(self)
            editor.setPlaceholderText(tr(field.hint) if field.hint else "")
            self._add(field.name, tr(field.title), editor)
        self._add_protection()
        self._add_try()
        self.show_profile(self._shown)

    def show_profile(self, profile: ConnectionProfile) -> None:
        """Fill the form; nothing counts as typed then."""
        self._shown = profile
        for name, editor in self.fields.items():
            editor.setText(getattr(profile, name))
        self.tls.setCurrentIndex(max(0, self.tls.findData(profile.tls)))
        self._clear_problems()
        self.answer.hide()

    def profile(self) -> ConnectionProfile:
        """What stands in the form, unchecked."""
        typed: dict[str, Any] = {
            name: editor.text().strip() for name, editor in self.fields.items()
        }
        return replace(self._shown, **typed, tls=self.tls.currentData())

    def is_dirty(self) -> bool:
        """Whether something else stands there than was shown."""
        return self.profile() != self._shown

    def check(self) -> ConnectionProfile | None:
        """The profile when it can work; else None, each reason beside its field."""
        self._clear_problems()
        profile = self.profile()
        try:
            profile.check()
        except InvalidInput as error:
            self.show_error(error)
            return None
        return profile

    def show_error(self, error: Exception) -> None:
        """A refusal: beside the fields it names, else at the foot."""
        if isinstance(error, InvalidInput):
            for problem in error.problems:
                show_problem(self.problems[problem.field], str(problem))
            first = error.problems[0].field
            (self.fields.get(first) or self.tls).setFocus()
        else:
            self._say(self._presenter.present(error).text, good=False)

    def try_it(self) -> None:
        """Ask whether a server answers there."""
        profile = self.check()
        if profile is None:
            return
        self.try_button.setEnabled(False)
        self._say(tr("Asking {host} …", host=profile.host), good=True)
        self._operations.background(
            connections.reach, profile, on_done=self._answers, on_error=self._silent, owner=self
        )

    def _answers(self, _nothing: None) -> None:
        self.try_button.setEnabled(True)
        self._say(tr("The server answers, and the line is protected as chosen."), good=True)

    def _silent(self, error: Exception) -> None:
        self.try_button.setEnabled(True)
        self.show_error(error)

    def _say(self, text: str, *, good: bool) -> None:
        self.answer.setStyleSheet(f"color: {current().good if good else current().wrong};")
        self.answer.setText(text)
        self.answer.show()

    def _clear_problems(self) -> None:
        for label in self.problems.values():
            show_problem(label, "")

    def _add(self, name: str, title: str, editor: QLineEdit) -> None:
        self.fields[name] = editor
        editor.textEdited.connect(self.changed)
        editor.returnPressed.connect(self._next)
        self._place(name, title, editor)

    def _place(self, name: str, title: str, *editors: QWidget) -> None:
        label = QLabel(title)
        label.setBuddy(editors[0])
        editors[0].setAccessibleName(title)
        self.problems[name] = problem_label()
        row = QHBoxLayout()
        for editor in editors:
            row.addWidget(editor, 1 if editor is editors[0] else 0)
        self._column.addWidget(label)
        self._column.addLayout(row)
        self._column.addWidget(self.problems[name])

    def _add_protection(self) -> None:
        self.tls = QComboBox(self)
        for code, meaning in TLS_MODES.items():
            self.tls.addItem(tr(meaning), code)
        self.tls.currentIndexChanged.connect(self.changed)
        self._place("tls", tr("Protection of the line"), self.tls)
        certificate = QLineEdit(self)
        certificate.setPlaceholderText(tr("Empty: the authorities this PC trusts"))
        self.fields["root_certificate"] = certificate
        certificate.textEdited.connect(self.changed)
        certificate.returnPressed.connect(self.entered)
        choose = QPushButton(tr("Choose …"))
        choose.clicked.connect(self._choose_file)
        self._place(
            "root_certificate", tr("Certificate of the server (a file)"), certificate, choose
        )

    def _add_try(self) -> None:
        self.try_button = QPushButton(tr("Try (F8)"))
        self.try_button.setShortcut("F8")
        self.try_button.clicked.connect(self.try_it)
        self.answer = QLabel(self)
        self.answer.setWordWrap(True)
        self._column.addSpacing(8)
        self._column.addWidget(self.try_button)
        self._column.addWidget(self.answer)

    def _choose_file(self) -> None:
        title = tr("Certificate of the server")
        pattern = tr("Certificates") + " (*.crt *.pem *.cer)"
        path, _ = QFileDialog.getOpenFileName(self, title, "", pattern)
        if path:
            self.fields["root_certificate"].setText(path)
            self.changed.emit()

    def _next(self) -> None:
        self.focusNextChild()
