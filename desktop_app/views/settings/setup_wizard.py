"""The first start: two questions, then the program sets itself up and says what it does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
)

from desktop_app.core.i18n import tr
from desktop_app.database.profiles import ConnectionProfile
from desktop_app.runtime.error_presenter import ErrorPresenter
from desktop_app.runtime.operations import Operations
from desktop_app.views.base.icons import icon, pixmap
from desktop_app.views.base.widgets import (
    hide_unless,
    muted_label,
    primary_button,
    problem_label,
    show_problem,
    title_label,
)
from desktop_app.views.settings.connection_dialog import ConnectionDialog
from desktop_app.views.theme import current, ensure_look

Progress = Callable[[str, int], None]
"""``progress(what is being done, already translated; per cent)``, from any thread."""

Install = Callable[[str, bool, Progress], Any]
"""``install(company name, with demo data, progress)``; its result is kept in ``result``."""

MOST_LETTERS = 80


class SetupWizard(QDialog):
    """Asks the company's name and whether to begin with the demo company.

    ``install`` runs off the GUI thread through ``operations.background``; after success the
    dialog is accepted and ``installed`` holds what it returned. After a failure the answers
    stand as typed and the person may try again. With a ``folder`` for it the company may
    also be on an office server; then ``server`` is how to reach it.
    """

    _progress = Signal(str, int)

    def __init__(
        self,
        operations: Operations,
        install: Install,
        presenter: ErrorPresenter | None = None,
        folder: Path | None = None,
    ) -> None:
        ensure_look()
        super().__init__()
        self._operations = operations
        self._install = install
        self._presenter = presenter or ErrorPresenter()
        self._working = False
        self.installed: Any = None
        self._folder = folder
        self.server: ConnectionProfile | None = None
        self.setWindowTitle(tr("Stockproof"))
        self.setWindowIcon(icon("app", current().accent))
        self.setFixedWidth(560)
        self.name = QLineEdit(self)
        self.name.setMaxLength(MOST_LETTERS)
        self.name.setPlaceholderText(tr("As it is printed on your delivery notes"))
        self.name_problem = problem_label()
        self.empty = QRadioButton(tr("Begin empty"))
        self.demo = QRadioButton(tr("Look around in a demo company first"))
        self.problem = problem_label()
        self.bar = QProgressBar(self)
        self.doing = muted_label("")
        self.start = primary_button(tr("Set up"))
        self.elsewhere = QPushButton(tr("It is on an office server …"))
        hide_unless(folder is not None, self.elsewhere)
        self.elsewhere.clicked.connect(self.ask_server)
        self._lay_out()
        self.empty.setChecked(True)
        self.start.clicked.connect(self.begin)
        self.name.returnPressed.connect(lambda: self._checked().setFocus())
        self._progress.connect(self._show_progress)
        self._show_working(False)

    def begin(self) -> None:
        """Check the answers and start setting up; a second press does nothing."""
        if self._working:
            return
        company = self.name.text().strip()
        show_problem(self.name_problem, "" if company else tr("Give the name of the company."))
        show_problem(self.problem, "")
        if not company:
            self.name.setFocus()
            self._grow()
            return
        self._show_working(True)
        self._operations.background(
            self._install,
            company,
            self.demo.isChecked(),
            self._progress.emit,
            on_done=self._done,
            on_error=self._failed,
            owner=self,
        )

    def ask_server(self) -> None:
        """The company's books are kept on a server already: only name it."""
        if self._folder is None:
            return
        dialog = ConnectionDialog(self._operations, self._folder, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.server = dialog.profile
            self.accept()

    def reject(self) -> None:
        """Esc or the window's cross; not while the database is being made."""
        if not self._working:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._working:
            event.ignore()
            return
        super().closeEvent(event)

    def _done(self, result: Any) -> None:
        self._working = False
        self.installed = result
        self.accept()

    def _failed(self, error: Exception) -> None:
        self._show_working(False)
        show_problem(self.problem, self._presenter.present(error).text)
        self.start.setText(tr("Try again"))
        self._grow()
        self.start.setFocus()

    def _show_progress(self, what: str, per_cent: int) -> None:
        self.doing.setText(what)
        self.bar.setValue(per_cent)

    def _show_working(self, working: bool) -> None:
        self._working = working
        for widget in (self.name, self.empty, self.demo, self.start, self.elsewhere):
            widget.setEnabled(not working)
        self.bar.setVisible(working)
        self.doing.setVisible(working)
        if working:
            self._show_progress(tr("Starting …"), 0)
        self._grow()

    def _grow(self) -> None:
        """Sentences and the bar come and go; nothing may be cut off."""
        if (layout := self.layout()) is not None:
            layout.activate()
        self.adjustSize()

    def _checked(self) -> QRadioButton:
        return self.demo if self.demo.isChecked() else self.empty

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        mark = QLabel()
        mark.setPixmap(pixmap("app", 48, current().accent))
        words = QVBoxLayout()
        words.addWidget(title_label(tr("Welcome to Stockproof")))
        words.addWidget(
            muted_label(
                tr("Two questions, then it sets itself up on this PC. Nothing needs the internet.")
            )
        )
        top.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        top.addSpacing(12)
        top.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addLayout(top)
        column.addSpacing(8)
        column.addWidget(self._question(tr("1. What is the company called?")))
        column.addWidget(self.name)
        column.addWidget(self.name_problem)
        column.addSpacing(8)
        column.addWidget(self._question(tr("2. How shall it begin?")))
        self._choices(column)
        column.addSpacing(8)
        column.addWidget(self.problem)
        column.addWidget(self.bar)
        column.addWidget(self.doing)
        foot = QHBoxLayout()
        foot.addWidget(self.elsewhere)
        foot.addStretch(1)
        foot.addWidget(self.start)
        column.addLayout(foot)

    def _choices(self, column: QVBoxLayout) -> None:
        group = QButtonGroup(self)
        for button, remark in (
            (self.empty, tr("Your own items, partners and bins.")),
            (self.demo, tr("Items, partners, orders and bins to try everything with.")),
        ):
            group.addButton(button)
            box = QFrame(self)
            box.setObjectName("card")
            inner = QVBoxLayout(box)
            inner.setContentsMargins(12, 8, 12, 8)
            inner.addWidget(button)
            inner.addWidget(muted_label(remark))
            column.addWidget(box)

    @staticmethod
    def _question(text: str) -> QLabel:
        label = QLabel(text)
        label.setProperty("role", "heading")
        return label
