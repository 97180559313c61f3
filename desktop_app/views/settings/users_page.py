"""Who may log in: create people with their jobs, new passwords, switch a login off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.i18n import N_, tr
from desktop_app.domain.permissions import JOB_ROLES
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.page import Page
from desktop_app.views.base.row_table import choose_row, keep_to_rows
from desktop_app.views.base.widgets import hide_unless, muted_label, title_label
from desktop_app.views.settings.user_form import WIDTH, UserForm
from desktop_app.views.shell_services import AccessServices, access_services

COLUMNS = (N_("Login"), N_("Person's name"), N_("Jobs"), N_("Login is"))


class UsersPage(Page):
    """The table of logins at the left, one form at the right; nothing is modal."""

    def __init__(
        self,
        context: AppContext,
        services: AccessServices | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, parent)
        self._services = services or access_services()
        self._logins: list[Any] = []
        self.table = self._table()
        self.form = UserForm(self)
        self.form.submitted.connect(self._submit)
        self.form.dirty_changed.connect(self.dirty_changed)
        self.new_button = QPushButton(tr("New person (F6)"))
        self.new_button.setShortcut("F6")
        self.password_button = QPushButton(tr("New password"))
        self.active_button = QPushButton(tr("Switch the login off"))
        self.badge_button = QPushButton(tr("Badges (F9)"))
        self.badge_button.setShortcut("F9")
        self.badge_button.clicked.connect(self.print_badges)
        hide_unless(context.user.may("label.print"), self.badge_button)
        self.new_button.clicked.connect(self.form.begin_new)
        self.password_button.clicked.connect(self._begin_password)
        self.active_button.clicked.connect(self._toggle_active)
        self._lay_out()
        self._chosen()

    def title(self) -> str:
        return tr("Users")

    def topics(self) -> frozenset[str]:
        return frozenset({"login", "access"})

    def is_dirty(self) -> bool:
        return self.form.is_dirty()

    def reload(self) -> None:
        self.context.operations.query(
            self._services.list_logins,
            on_done=self._show,
            on_error=self.context.notifier.error,
            owner=self,
        )

    def _table(self) -> QTableWidget:
        table = QTableWidget(0, len(COLUMNS), self)
        table.setHorizontalHeaderLabels([tr(title) for title in COLUMNS])
        keep_to_rows(table, 32, several=True)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        table.itemSelectionChanged.connect(self._chosen)
        return table

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.addWidget(title_label(tr("Users")))
        left.addWidget(
            muted_label(
                tr(
                    "Each person logs in to the database as themselves; their jobs decide what the "
                    "database lets them do and see."
                )
            )
        )
        buttons = QHBoxLayout()
        for button in (
            self.new_button, self.password_button, self.active_button, self.badge_button
        ):  # fmt: skip
            buttons.addWidget(button)
        buttons.addStretch(1)
        left.addLayout(buttons)
        left.addWidget(self.table, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 16, 24, 16)
        row.setSpacing(16)
        row.addLayout(left, 1)
        beside = QScrollArea(self)
        beside.setWidget(self.form)
        beside.setWidgetResizable(True)
        beside.setFrameShape(QFrame.Shape.NoFrame)
        beside.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        beside.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        beside.setFixedWidth(WIDTH + 12)
        row.addWidget(beside)
        self.setFocusProxy(self.table)

    def _show(self, logins: Sequence[Any]) -> None:
        chosen = self._current()
        self._logins = list(logins)
        self.table.setRowCount(len(self._logins))
        for row, login in enumerate(self._logins):
            jobs = ", ".join(_job_title(code) for code in login.jobs)
            state = tr("on") if login.active else tr("off")
            for column, text in enumerate((login.login, login.display_name, jobs, state)):
                item = QTableWidgetItem(text)
                if not login.active:
                    item.setForeground(self.palette().placeholderText())
                self.table.setItem(row, column, item)
        names = [login.login for login in self._logins]
        if names:
            row = names.index(chosen.login) if chosen and chosen.login in names else 0
            choose_row(self.table, row)
        self._chosen()

    def _current(self) -> Any:
        row = self.table.currentRow()
        return self._logins[row] if 0 <= row < len(self._logins) else None

    def _chosen(self) -> None:
        login = self._current()
        self.password_button.setEnabled(login is not None)
        self.badge_button.setEnabled(login is not None)
        # nobody locks themselves out by mistake
        mine = login is not None and login.login == self.context.user.login
        self.active_button.setEnabled(login is not None and not mine)
        switch_on = login is not None and not login.active
        self.active_button.setText(
            tr("Switch the login on") if switch_on else tr("Switch the login off")
        )

    def print_badges(self) -> None:
        """Badges of the chosen people for the label printer (F9)."""
        rows = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        logins = [self._logins[row].login for row in rows if row < len(self._logins)]
        if logins:
            title = self._logins[rows[0]].display_name if len(rows) == 1 else tr("Users")
            params = {"kind": "person", "logins": logins, "title": title}
            self.context.open_page("print_labels", params)

    def _begin_password(self) -> None:
        if (login := self._current()) is not None:
            self.form.begin_password(login.login)

    def _submit(self, values: dict[str, Any]) -> None:
        services, operations = self._services, self.context.operations
        self.form.set_busy(True)
        if self.form.is_new:
            operations.command(
                services.create_login,
                values["login"],
                values["display_name"],
                values["password"],
                values["jobs"],
                owner=self,
                on_error=self._refused,
                on_done=lambda _: self._saved(tr("{login} can log in now.", login=values["login"])),
            )
        else:
            operations.command(
                services.set_password,
                values["login"],
                values["password"],
                owner=self,
                on_error=self._refused,
                on_done=lambda _: self._saved(
                    tr("New password set for {login}.", login=values["login"])
                ),
            )

    def _saved(self, text: str) -> None:
        self.form.clear()
        self.context.notifier.success(text)
        self.refresh()
        self.table.setFocus()

    def _refused(self, error: Exception) -> None:
        self.form.set_busy(False)
        if not self.form.show_error(error):
            self.context.notifier.error(error)

    def _toggle_active(self) -> None:
        login = self._current()
        if login is None:
            return
        if login.active:
            self.context.notifier.ask(
                tr(
                    "Switch off the login of {name}? What they recorded stays.",
                    name=login.display_name or login.login,
                ),
                lambda: self._set_active(login.login, False),
            )
        else:
            self._set_active(login.login, True)

    def _set_active(self, login: str, active: bool) -> None:
        self.context.operations.command(
            self._services.set_active,
            login,
            active,
            owner=self,
            on_done=lambda _: self.refresh(),
            on_error=self.context.notifier.error,
        )


def create(context: AppContext, params: dict[str, Any]) -> UsersPage:
    """Factory named in the table of actions."""
    return UsersPage(context)


def _job_title(code: str) -> str:
    job = JOB_ROLES.get(code)
    return tr(job.title) if job else code
