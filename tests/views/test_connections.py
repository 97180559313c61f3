"""Office servers by name: typed once, tried, opened at start; and the question who works here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_app.core.errors import EnvironmentFault, PermissionDenied
from desktop_app.core.i18n import N_
from desktop_app.core.settings import PROFILE, Settings
from desktop_app.database.profiles import ConnectionProfile, load_profiles, save_profiles
from desktop_app.runtime.context import AppContext
from desktop_app.runtime.operations import InlineOperations, NoDatabase
from desktop_app.services import connections
from desktop_app.views.settings.connection_dialog import ConnectionDialog
from desktop_app.views.settings.connections_page import ConnectionsPage
from desktop_app.views.settings.login_dialog import LoginDialog, Offer
from desktop_app.views.settings.setup_wizard import SetupWizard
from tests.views.page_fakes import make_context

OFFICE = ConnectionProfile("Office", "stock.office.lan")


@pytest.fixture
def context(tmp_path: Path, qtbot: Any) -> AppContext:
    return make_context(tmp_path)


@pytest.fixture
def page(context: AppContext, qtbot: Any) -> ConnectionsPage:
    save_profiles(context.settings.folder, [OFFICE])
    made = ConnectionsPage(context)
    qtbot.addWidget(made)
    made.show()
    made.refresh()
    return made


def rows(page: ConnectionsPage) -> list[str]:
    return [page.list.item(row).text() for row in range(page.list.count())]


def test_this_pc_stands_first_and_has_nothing_to_fill_in(page: ConnectionsPage) -> None:
    assert rows(page) == ["This PC (its own database) — opens at start", "Office"]
    assert not page.card.isEnabled()
    assert not page.forget_button.isEnabled()


def test_a_server_is_typed_with_enter_and_kept(page: ConnectionsPage, context: AppContext) -> None:
    page.begin_new()
    for typed in ("Warehouse 2", "10.0.0.9", "", "", "wang3"):
        QTest.keyClicks(page.focusWidget(), typed)
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    assert page.is_dirty()
    page.save()
    kept = load_profiles(context.settings.folder).named("Warehouse 2")
    assert kept == ConnectionProfile("Warehouse 2", "10.0.0.9", user="wang3")
    assert rows(page)[2] == "Warehouse 2"
    assert not page.is_dirty()


def test_what_is_wrong_stands_beside_its_field(page: ConnectionsPage) -> None:
    page.begin_new()
    page.form.fields["name"].setText("Office")
    page.form.fields["port"].setText("http")
    page.save()
    assert page.form.problems["host"].text() == "Give the name or address of the server."
    assert page.form.problems["port"].text() == "http is not a port number."
    page.form.fields["host"].setText("10.0.0.9")
    page.form.fields["port"].setText("5432")
    page.save()
    assert page.form.problems["name"].text() == "There is already a connection named Office."
    assert page.form.problems["host"].text() == ""
    assert page.is_dirty()  # nothing typed is lost


def test_the_chosen_one_opens_at_the_next_start(page: ConnectionsPage, context: AppContext) -> None:
    page.list.setCurrentRow(1)
    page.open_at_start()
    file = context.settings.folder / "settings.json"
    assert Settings.load(file).get(PROFILE) == "Office"
    assert rows(page) == ["This PC (its own database)", "Office — opens at start"]
    page.list.setCurrentRow(1)
    page._forget("Office")
    assert Settings.load(file).get(PROFILE) == ""
    assert rows(page) == ["This PC (its own database) — opens at start"]


def test_trying_says_what_stands_between(
    page: ConnectionsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(_profile: ConnectionProfile) -> None:
        raise EnvironmentFault(N_("The disk is full."))

    page.list.setCurrentRow(1)
    monkeypatch.setattr(connections, "reach", nobody)
    page.form.try_it()
    assert "disk is full" in page.form.answer.text()
    monkeypatch.setattr(connections, "reach", lambda _profile: None)
    page.form.try_it()
    assert page.form.answer.text().startswith("The server answers")
    assert page.form.try_button.isEnabled()


def test_at_the_first_start_the_company_may_be_on_a_server(tmp_path: Path, qtbot: Any) -> None:
    operations = InlineOperations(NoDatabase())
    wizard = SetupWizard(operations, lambda *_answers: None, folder=tmp_path)
    qtbot.addWidget(wizard)
    assert not wizard.elsewhere.isHidden()
    dialog = ConnectionDialog(operations, tmp_path, wizard)
    dialog.keep()
    assert dialog.form.problems["name"].text() != ""
    dialog.form.fields["name"].setText("Office")
    dialog.form.fields["host"].setText("stock.office.lan")
    dialog.keep()
    assert dialog.result() == ConnectionDialog.DialogCode.Accepted
    assert load_profiles(tmp_path).profiles == (OFFICE,)
    operations.shutdown()


def test_a_person_is_chosen_by_name_and_a_wrong_password_asked_again(qtbot: Any) -> None:
    def open_company(login: str, password: str) -> str:
        typed.append((login, password))
        if password != "sesame-3":
            raise PermissionDenied(N_("Login name or password is wrong."))
        return "company"

    typed: list[tuple[str, str]] = []
    dialog = LoginDialog(Offer("This PC", (("owner", "Owner"), ("wang3", "王三"))), open_company)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.login.setCurrentIndex(dialog.login.findText("王三 (wang3)"))
    QTest.keyClicks(dialog.password, "guess")
    QTest.keyClick(dialog.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "wrong" in dialog.problem.text())
    assert dialog.opened is None
    QTest.keyClicks(dialog.password, "sesame-3")  # the wrong one is selected: typing replaces it
    QTest.keyClick(dialog.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.opened == "company")
    assert typed == [("wang3", "guess"), ("wang3", "sesame-3")]


def test_a_login_that_is_not_in_the_list_is_typed(qtbot: Any) -> None:
    dialog = LoginDialog(Offer("10.0.0.8", login="wang3"), lambda *_typed: None)
    qtbot.addWidget(dialog)
    assert dialog.typed_login() == "wang3"
    dialog.login.setEditText(" li4 ")
    assert dialog.typed_login() == "li4"
    dialog.done(0)
