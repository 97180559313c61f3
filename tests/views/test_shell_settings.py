"""Settings, users and the first-run questions."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLineEdit, QSpinBox

from desktop_app.core.errors import FieldProblem, InvalidInput, PermissionDenied, UserError
from desktop_app.core.i18n import Message
from desktop_app.core.settings import (
    SETTINGS,
    SOUND,
    THEME,
    WORKSTATION,
    ZOOM,
    Settings,
)
from desktop_app.domain.scan_codes import parse_scan
from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.context import AppContext, CompanyInfo, CurrentUser
from desktop_app.runtime.notifier import RecordingNotifier
from desktop_app.runtime.operations import InlineOperations, NoDatabase, Operations
from desktop_app.services import company_rules
from desktop_app.services.company_rules import OVER_RECEIPT
from desktop_app.views.base.row_table import choose_row
from desktop_app.views.settings.rules_card import RulesCard
from desktop_app.views.settings.settings_page import ELSEWHERE, SettingsPage, sections
from desktop_app.views.settings.setup_wizard import SetupWizard
from desktop_app.views.settings.users_page import UsersPage
from desktop_app.views.shell_services import AccessServices
from tests.views.shell_fakes import FakeDatabase, make_settings


@pytest.fixture
def context(qtbot: Any, tmp_path: Path) -> AppContext:
    return AppContext(
        InlineOperations(FakeDatabase()),
        ChangeBus(),
        RecordingNotifier(answer=True),
        make_settings(tmp_path),
        CurrentUser("wang3", "王三", frozenset({"user.manage"})),
        CompanyInfo("Demo"),
        lambda page, params: None,
    )


# ---------------------------------------------------------------- settings


@pytest.fixture
def page(context: AppContext, qtbot: Any) -> SettingsPage:
    made = SettingsPage(context)
    qtbot.addWidget(made)
    return made


def test_every_declared_setting_has_its_place() -> None:
    shown = [setting.key for _, rows in sections() for setting in rows]
    here = (setting.key for setting in SETTINGS if setting not in ELSEWHERE)
    assert sorted(shown) == sorted(here)


def test_change_holds_at_once_is_kept_and_announced(
    page: SettingsPage, context: AppContext, tmp_path: Path
) -> None:
    told: list[frozenset[str]] = []
    context.bus.changed.connect(told.append)
    theme, zoom, sound = (page.editors[s.key] for s in (THEME, ZOOM, SOUND))
    assert isinstance(theme, QComboBox) and isinstance(zoom, QSpinBox)
    assert isinstance(sound, QCheckBox)
    theme.setCurrentIndex(theme.findData("dark"))
    theme.activated.emit(theme.currentIndex())
    zoom.setValue(120)
    sound.setChecked(True)
    stored = Settings.load(tmp_path / "settings.json")
    assert (stored.get(THEME), stored.get(ZOOM), stored.get(SOUND)) == ("dark", 120, True)
    context.bus.flush()
    assert told == [frozenset({"settings"})]


@pytest.mark.parametrize("text", ["-1", "101", "abc", "1e30", "NaN"])
def test_a_refused_rule_says_why_beside_its_field(
    context: AppContext, database: Any, qtbot: Any, text: str
) -> None:
    owner = replace(
        context,
        operations=InlineOperations(database.as_user("owner")),
        user=CurrentUser("owner", "Owner", frozenset({"user.manage"})),
    )
    card = RulesCard(owner)
    qtbot.addWidget(card)
    field_, problem = card.editors[OVER_RECEIPT.key], card.problems[OVER_RECEIPT.key]
    assert field_.text() == "0"
    field_.setText(text)
    card.choose(OVER_RECEIPT)
    assert problem.text()
    assert database.read(company_rules.load)[OVER_RECEIPT.key] == Decimal(0)
    field_.setText("２.５")
    card.choose(OVER_RECEIPT)
    assert not problem.text()
    assert database.read(company_rules.load)[OVER_RECEIPT.key] == Decimal("2.5")


def test_who_may_not_change_rules_only_reads_them(
    context: AppContext, database: Any, qtbot: Any
) -> None:
    card = RulesCard(
        replace(
            context,
            operations=InlineOperations(database.as_user("storekeeper")),
            user=CurrentUser("storekeeper", "S", frozenset()),
        )
    )
    qtbot.addWidget(card)
    assert not card.editors[OVER_RECEIPT.key].isEnabled()
    with pytest.raises(PermissionDenied):
        database.as_user("storekeeper").run(company_rules.save, OVER_RECEIPT.key, Decimal(5))


def test_text_setting(page: SettingsPage) -> None:
    field_ = page.editors[WORKSTATION.key]
    assert isinstance(field_, QLineEdit)
    field_.setText("收货台1")
    field_.editingFinished.emit()
    assert page.context.settings.get(WORKSTATION) == "收货台1"


def test_scanner_test_shows_what_arrived(page: SettingsPage) -> None:
    code = parse_scan("]C101069012345678921726013110AB\x1d3712")
    assert not page.on_scan(code), "codes go their usual way until the test is begun"
    page.test_button.setChecked(True)
    assert page.on_scan(code)
    assert "the separator arrived" in page.test_answer.text()


# ---------------------------------------------------------------- users


@dataclass(frozen=True)
class Login:
    login: str
    display_name: str
    jobs: tuple[str, ...]
    active: bool = True


@dataclass
class FakeAccess:
    logins: list[Login] = field(
        default_factory=lambda: [
            Login("wang3", "王三", ("owner",)),
            Login("li4", "李四", ("storekeeper",)),
        ]
    )
    passwords: list[tuple[str, str]] = field(default_factory=list)
    refuse: Exception | None = None

    def services(self) -> AccessServices:
        return AccessServices(self._list, self._create, self._password, self._active)

    def _list(self, _uow: Any) -> list[Login]:
        return list(self.logins)

    def _create(
        self, _uow: Any, login: str, name: str, password: str, jobs: tuple[str, ...]
    ) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.logins.append(Login(login, name, jobs))
        self.passwords.append((login, password))

    def _password(self, _uow: Any, login: str, password: str) -> None:
        self.passwords.append((login, password))

    def _active(self, _uow: Any, login: str, active: bool) -> None:
        self.logins = [
            replace(one, active=active) if one.login == login else one for one in self.logins
        ]


@pytest.fixture
def access() -> FakeAccess:
    return FakeAccess()


@pytest.fixture
def users(context: AppContext, access: FakeAccess, qtbot: Any) -> UsersPage:
    made = UsersPage(context, access.services())
    qtbot.addWidget(made)
    made.show()
    return made


def fill(users: UsersPage, **values: str) -> None:
    for name, text in values.items():
        users.form.fields[name].setText(text)


def test_create_a_login(users: UsersPage, access: FakeAccess) -> None:
    users.new_button.click()
    fill(users, login="zhao5", display_name="赵五", password="long enough", again="long enough")
    users.form.jobs["counter"].setChecked(True)
    assert users.is_dirty()
    users.form.save.click()
    assert access.logins[-1] == Login("zhao5", "赵五", ("counter",))
    assert users.table.rowCount() == 3 and not users.is_dirty()


def test_empty_form_tells_each_missing_thing(users: UsersPage, access: FakeAccess) -> None:
    users.form.save.click()
    told = {name for name, label in users.form.problems.items() if label.text()}
    assert told == {"login", "password", "jobs"}
    assert len(access.logins) == 2


def test_passwords_must_agree(users: UsersPage) -> None:
    fill(users, login="x", password="long enough", again="long enouhg")
    users.form.save.click()
    assert users.form.problems["again"].text()


def test_refusal_of_the_server_stands_beside_the_field(
    users: UsersPage, access: FakeAccess
) -> None:
    access.refuse = InvalidInput((FieldProblem("login", Message("taken")),))
    fill(users, login="li4", display_name="x", password="long enough", again="long enough")
    users.form.jobs["sales"].setChecked(True)
    users.form.save.click()
    assert users.form.problems["login"].text() == "taken"
    assert users.form.fields["login"].text() == "li4" and users.form.save.isEnabled()
    access.refuse = UserError("that name cannot be used")
    users.form.save.click()
    assert users.form.problems["login"].text() == "that name cannot be used"


def test_new_password(users: UsersPage, access: FakeAccess, qtbot: Any) -> None:
    choose_row(users.table, 1)
    users.password_button.click()
    fill(users, password="long enough", again="long enough")
    qtbot.keyClick(users.form.fields["again"], Qt.Key.Key_Return)
    assert access.passwords == [("li4", "long enough")]


def test_switch_a_login_off_and_on(users: UsersPage, access: FakeAccess) -> None:
    choose_row(users.table, 1)
    users.active_button.click()  # the recording notifier says yes
    assert not access.logins[1].active
    assert users.active_button.text() == "Switch the login on"
    users.active_button.click()
    assert access.logins[1].active


def test_nobody_switches_themselves_off(users: UsersPage) -> None:
    choose_row(users.table, 0)
    assert not users.active_button.isEnabled()


# ---------------------------------------------------------------- first run


def test_wizard_asks_two_things_and_sets_up_off_the_gui_thread(qtbot: Any) -> None:
    seen: list[tuple[str, bool, str]] = []

    def install(company: str, demo: bool, progress: Any) -> str:
        seen.append((company, demo, threading.current_thread().name))
        progress("Creating the database", 40)
        return "made"

    operations = Operations(NoDatabase())
    wizard = SetupWizard(operations, install)
    qtbot.addWidget(wizard)
    wizard.show()
    wizard.begin()
    assert wizard.name_problem.text() and not seen
    wizard.name.setText("  Demo 五金 ")
    wizard.demo.setChecked(True)
    with qtbot.waitSignal(wizard.accepted, timeout=5_000):
        wizard.begin()
        wizard.begin()  # a double press
        assert not wizard.start.isEnabled()
    operations.shutdown()
    assert [(c, d) for c, d, _ in seen] == [("Demo 五金", True)]
    assert not seen[0][2].startswith("MainThread")
    assert wizard.installed == "made" and wizard.result() == QDialog.DialogCode.Accepted


def test_wizard_shows_a_failure_and_keeps_the_answers(qtbot: Any) -> None:
    def install(company: str, demo: bool, progress: Any) -> None:
        raise UserError("The disk is full. Free some room and try again.")

    wizard = SetupWizard(InlineOperations(NoDatabase()), install)
    qtbot.addWidget(wizard)
    wizard.name.setText("Demo")
    wizard.begin()
    assert wizard.problem.text().startswith("The disk is full")
    assert wizard.name.text() == "Demo" and wizard.start.isEnabled()
