"""The window on a real server: found by code and palette, refreshed by another PC."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_app.database.notifications import Listener
from desktop_app.runtime.operations import Operations
from desktop_app.services import access, scanning
from desktop_app.views import home
from desktop_app.views.base.list_page import ListPage
from desktop_app.views.settings.users_page import UsersPage
from desktop_app.views.shell import Shell
from desktop_app.views.shell_services import ShellServices
from tests import factories
from tests.database_server import TestDatabase
from tests.views.shell_fakes import BUSY_DAY, FakeServices, make_shell


@pytest.fixture
def shop(database: TestDatabase) -> factories.Shop:
    return database.run(factories.make_shop)


@pytest.fixture
def shell(
    qtbot: Any,
    database: TestDatabase,
    shop: factories.Shop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Shell]:
    overview = FakeServices(BUSY_DAY).as_services()
    monkeypatch.setattr(home, "shell_services", lambda: overview)
    mine = database.as_user("owner", workstation="PC-1")
    operations = Operations(mine)
    made = make_shell(tmp_path, operations=operations)
    made._services = ShellServices(scanning.resolve, scanning.search, overview.overview)
    made.window.scanning._resolve = scanning.resolve
    listener = Listener(mine, made.context.bus.publish, operations.note_line)
    listener.start()
    made.show()
    yield made
    made.close()
    listener.stop()
    operations.shutdown()


def list_page(shell: Shell, page_id: str) -> ListPage:
    shell.open_page(page_id, {})
    page = shell.window.workspace.front()
    assert isinstance(page, ListPage)
    return page


def test_document_of_another_pc_appears_by_itself_and_opens_by_its_code(
    shell: Shell, shop: factories.Shop, database: TestDatabase, qtbot: Any
) -> None:
    page = list_page(shell, "list:opening_stock")
    rows = page.table.rows
    assert rows.rowCount() == 0

    def work(uow: Any) -> Any:
        return factories.stock_up(uow, shop, factories.make_item(uow, "HINGE"), 236)

    document = database.as_user("owner", workstation="PC-2").run(work)
    qtbot.waitUntil(lambda: rows.rowCount() == 1, timeout=5_000)
    shell.window.scanning.typed(document.number)
    qtbot.waitUntil(lambda: shell.window.scan_bar.kind == "ok", timeout=5_000)
    front = shell.window.workspace.tabs()[-1]
    assert (front.page_id, front.params["id"]) == ("document", document.id)
    qtbot.waitUntil(lambda: document.number in front.page.title(), timeout=5_000)


def test_every_list_of_the_navigation_opens(shell: Shell, qtbot: Any) -> None:
    from desktop_app.views.actions import listed_actions

    for action in listed_actions(shell.context.user):
        if action.id.startswith("list:"):
            page = list_page(shell, action.id)
            assert page.title() == action.label()
    idle = shell.context.operations
    qtbot.waitUntil(lambda: not idle._jobs, timeout=10_000)
    told = [bar.notice.text for bar in shell.window.notices.bars()]
    assert told == []


def test_person_created_here_can_log_in_and_holds_the_jobs_rights(
    shell: Shell, database: TestDatabase, qtbot: Any
) -> None:
    shell.open_page("users", {})
    page = shell.window.workspace.front()
    assert isinstance(page, UsersPage)
    qtbot.waitUntil(lambda: page.table.rowCount() > 0, timeout=5_000)
    login = f"li4_{database.name[-6:]}".lower()
    for name, text in (
        ("login", login),
        ("display_name", "李四"),
        ("password", "only-for-tests"),
        ("again", "only-for-tests"),
    ):
        page.form.fields[name].setText(text)
    page.form.jobs["counter"].setChecked(True)
    page.form.save.click()
    qtbot.waitUntil(lambda: not page.is_dirty(), timeout=5_000)
    person = database.as_user(login).read(access.whoami)
    assert (person.display_name, person.permissions) == ("李四", frozenset({"count.enter"}))
    database.server.execute(f'DROP OWNED BY "{login}"')
