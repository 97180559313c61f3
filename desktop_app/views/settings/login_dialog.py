"""Log in to an office server: name and password, errors beside the fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QDialog, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_app.core.i18n import tr
from desktop_app.runtime.error_presenter import ErrorPresenter
from desktop_app.runtime.operations import NoDatabase, Operations
from desktop_app.views.base.widgets import primary_button, problem_label, show_problem, title_label

Open = Callable[[str, str], Any]


class LoginDialog(QDialog):
    """``open_company(login, password)`` runs off the GUI thread; its result is ``opened``."""

    def __init__(self, server: str, open_company: Open, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened: Any = None
        self._open = open_company
        self._operations = Operations(NoDatabase(), self)
        self._presenter = ErrorPresenter()
        self.setWindowTitle(tr("Stockproof"))
        self.setFixedWidth(420)
        self.login = QLineEdit(self)
        self.password = QLineEdit(self)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.problem = problem_label()
        self.button = primary_button(tr("Log in"))
        form = QFormLayout()
        form.addRow(tr("Login"), self.login)
        form.addRow(tr("Password"), self.password)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(title_label(server))
        column.addLayout(form)
        column.addWidget(self.problem)
        column.addWidget(self.button)
        self.login.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self.begin)
        self.button.clicked.connect(self.begin)
        self.finished.connect(lambda _result: self._operations.shutdown())

    def begin(self) -> None:
        """Try to open the company with what was typed."""
        show_problem(self.problem, "")
        self.button.setEnabled(False)
        self._operations.background(
            self._open,
            self.login.text().strip(),
            self.password.text(),
            on_done=self._done,
            on_error=self._failed,
            owner=self,
        )

    def _done(self, opened: Any) -> None:
        self.opened = opened
        self.accept()

    def _failed(self, error: Exception) -> None:
        self.button.setEnabled(True)
        show_problem(self.problem, self._presenter.present(error).text)
        self.password.setFocus()
        self.password.selectAll()
