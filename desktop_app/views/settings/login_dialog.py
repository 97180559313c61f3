"""Who works here: name and password, errors beside the fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_app.core.i18n import tr
from desktop_app.runtime.error_presenter import ErrorPresenter
from desktop_app.runtime.operations import NoDatabase, Operations
from desktop_app.views.base.widgets import (
    muted_label,
    primary_button,
    problem_label,
    show_problem,
    title_label,
)

Open = Callable[[str, str], Any]


@dataclass(frozen=True)
class Offer:
    """What the question shows: the ``place``, the (login, name) of ``people`` known there or
    the ``login`` usual at this PC, and a ``remark``.
    """

    place: str
    people: Sequence[tuple[str, str]] = ()
    login: str = ""
    remark: str = ""


class LoginDialog(QDialog):
    """``open_company(login, password)`` runs off the GUI thread; its result is ``opened``."""

    def __init__(self, offer: Offer, open_company: Open, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened: Any = None
        self._open = open_company
        self._operations = Operations(NoDatabase(), self)
        self._presenter = ErrorPresenter()
        self.setWindowTitle(tr("Stockproof"))
        self.setFixedWidth(420)
        self.login = QComboBox(self)
        self.login.setEditable(True)
        self.login.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for login, name in offer.people:
            self.login.addItem(name if name == login else f"{name} ({login})", login)
        self.login.setCurrentIndex(-1)
        self.login.setEditText(offer.login)
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
        column.addWidget(title_label(offer.place))
        column.addLayout(form)
        if offer.remark:
            column.addWidget(muted_label(offer.remark))
        column.addWidget(self.problem)
        column.addWidget(self.button)
        typed = self.login.lineEdit()
        assert typed is not None  # it is editable
        typed.returnPressed.connect(self.password.setFocus)
        self.login.activated.connect(lambda _row: self.password.setFocus())
        (self.password if offer.login else self.login).setFocus()
        self.password.returnPressed.connect(self.begin)
        self.button.clicked.connect(self.begin)
        self.finished.connect(lambda _result: self._operations.shutdown())

    def begin(self) -> None:
        """Try to open the company with what was typed."""
        show_problem(self.problem, "")
        self.button.setEnabled(False)
        self._operations.background(
            self._open,
            self.typed_login(),
            self.password.text(),
            on_done=self._done,
            on_error=self._failed,
            owner=self,
        )

    def typed_login(self) -> str:
        """The login of the person chosen from the list, or what was typed instead."""
        typed = self.login.currentText().strip()
        row = self.login.findText(typed)
        return str(self.login.itemData(row)) if row >= 0 else typed

    def _done(self, opened: Any) -> None:
        self.opened = opened
        self.accept()

    def _failed(self, error: Exception) -> None:
        self.button.setEnabled(True)
        show_problem(self.problem, self._presenter.present(error).text)
        self.password.setFocus()
        self.password.selectAll()
