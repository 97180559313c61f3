"""The window as a person uses it: keys, tabs, palette, codes, messages, language, theme."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout

from desktop_app.core.errors import ServerUnreachable, UserError
from desktop_app.core.i18n import current_language
from desktop_app.core.settings import LANGUAGE, THEME, ZOOM
from desktop_app.domain.scan_codes import ScanResult
from desktop_app.queries.home import HomeOverview
from desktop_app.runtime.context import AppContext
from desktop_app.views import actions, home, scanning, workspace
from desktop_app.views.actions import Action
from desktop_app.views.base.page import Page
from desktop_app.views.shell import Shell
from desktop_app.views.theme import current
from tests.views.shell_fakes import BUSY_DAY, FakeHit, FakeServices, make_shell


class Form(Page):
    """A page with one field, as a document page would be."""

    def __init__(self, context: AppContext, params: dict[str, object]) -> None:
        super().__init__(context)
        self.params = params
        self.scans: list[ScanResult] = []
        self.takes_scans = False
        self.reloads = 0
        self.field = QLineEdit(self)
        QVBoxLayout(self).addWidget(self.field)
        self.field.textChanged.connect(lambda text: self.dirty_changed.emit(bool(text)))

    def title(self) -> str:
        return f"Form {self.params.get('id', '')}"

    def topics(self) -> frozenset[str]:
        return frozenset({"document"})

    def reload(self) -> None:
        self.reloads += 1

    def is_dirty(self) -> bool:
        return bool(self.field.text())

    def on_scan(self, code: ScanResult) -> bool:
        self.scans.append(code)
        return self.takes_scans


class FakeActions(dict[str, Action]):
    """Stands for the registry; iterates over the rows as it does."""

    def __iter__(self) -> Iterator[Action]:  # type: ignore[override]
        return iter(self.values())


@pytest.fixture
def services() -> FakeServices:
    return FakeServices(
        BUSY_DAY,
        [
            FakeHit("document", 5, "XSD-20260101-0001", "Green Gables"),
            FakeHit("item", 7, "84029G", "Hot water bottle"),
        ],
        {"XSD-20260101-0001": FakeHit("document", 5, "XSD-20260101-0001 Sales order")},
    )


@pytest.fixture
def shell(
    qtbot: object, tmp_path: Path, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shell]:
    rows = FakeActions(
        {a.id: a for a in actions.ACTIONS if a.id in ("home", "keys", "settings", "users")}
    )
    for name in ("document", "item"):
        rows[name] = Action(
            name, "Document", "document", "", None, "", "tests.views.test_shell:Form"
        )
    rows["list:sales_order"] = Action(
        "list:sales_order",
        "Sales orders",
        "sales",
        "Ctrl+Shift+O",
        "sales.write",
        "sales",
        "tests.views.test_shell:Form",
    )
    rows["broken"] = Action("broken", "Broken", "error", "", None, "", "desktop_app.nowhere:x")
    for module in (actions, workspace, scanning):
        monkeypatch.setattr(module, "ACTIONS", rows)
    monkeypatch.setattr(home, "shell_services", services.as_services)
    made = make_shell(tmp_path, services)
    made.show()
    made.window.activateWindow()
    QApplication.processEvents()
    yield made
    made.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


def front(shell: Shell) -> Page:
    page = shell.window.workspace.front()
    assert page is not None
    return page


def open_form(shell: Shell, number: int = 1) -> Form:
    shell.open_page("document", {"document_id": number})
    page = front(shell)
    assert isinstance(page, Form)
    return page


def window_handle(shell: Shell) -> QWindow:
    handle = shell.window.windowHandle()
    assert handle is not None
    return handle


def press(shell: Shell, text: str, at: int) -> None:
    """One key as the system delivers it: to the window, with its time stamp."""
    key = Qt.Key.Key_Return if text == "\r" else Qt.Key(ord(text.upper()))
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
    event.setTimestamp(at)
    QApplication.sendEvent(window_handle(shell), event)


def scan(shell: Shell, code: str, at: int = 10_000, gap: int = 5) -> None:
    for index, character in enumerate(code + "\r"):
        press(shell, character, at + index * gap)


def notices(shell: Shell, kind: str) -> list[str]:
    return [bar.notice.text for bar in shell.window.notices.bars() if bar.notice.kind == kind]


# ---------------------------------------------------------------- tabs


def test_same_thing_opens_one_tab_under_either_name(shell: Shell) -> None:
    first = open_form(shell, 5)
    shell.open_page("home", {})
    shell.open_page("document", {"id": 5})
    assert front(shell) is first
    assert shell.window.workspace.count() == 2


def test_new_documents_get_a_tab_each(shell: Shell) -> None:
    for _ in range(2):
        shell.open_page("document", {"id": None, "kind": "sales_order"})
    assert shell.window.workspace.count() == 3


def test_unsaved_input_is_asked_about_before_a_tab_closes(shell: Shell) -> None:
    page = open_form(shell)
    page.field.setText("12")
    shell.window.workspace.close_front()
    assert front(shell) is page
    bar = shell.window.notices.bars()[0]
    assert bar.notice.kind == "ask"
    bar.buttons[1].click()  # No
    assert front(shell) is page and not shell.window.notices.bars()
    shell.window.workspace.close_front()
    shell.window.notices.bars()[0].buttons[0].click()  # Yes
    assert shell.window.workspace.count() == 1


def test_home_cannot_be_closed(shell: Shell) -> None:
    shell.window.workspace.close_front()
    assert shell.window.workspace.count() == 1


def test_unsaved_mark_stands_in_tab_and_status_bar(shell: Shell) -> None:
    page = open_form(shell)
    assert not shell.window.status.unsaved.isVisible()
    page.field.setText("12")
    assert shell.window.status.unsaved.isVisible()
    assert shell.window.workspace.tabText(1).startswith("●")


@pytest.mark.expects_log("unexpected failure")
def test_broken_screen_is_reported_and_the_window_lives(shell: Shell) -> None:
    shell.open_page("broken", {})
    assert len(notices(shell, "crash")) == 1
    shell.open_page("missing", {})
    assert "missing" in notices(shell, "warning")[0]
    open_form(shell)


def test_screen_without_permission_is_hidden_and_refused(
    qtbot: object, tmp_path: Path, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "shell_services", services.as_services)
    shell = make_shell(tmp_path, services, permissions=frozenset())
    shell.show()
    titles = [
        shell.window.navigation.topLevelItem(i).text(0)
        for i in range(shell.window.navigation.topLevelItemCount())
    ]
    assert "Home" in titles and "Users" not in titles
    shell.open_page("users", {})
    assert "not allowed" in notices(shell, "warning")[0]
    shell.close()


def test_closing_the_window_asks_when_input_is_unsaved(shell: Shell) -> None:
    left: list[bool] = []
    shell.closed.connect(lambda: left.append(True))
    open_form(shell).field.setText("12")
    event = QCloseEvent()
    shell.window.closeEvent(event)
    assert not event.isAccepted() and not left
    shell.window.notices.bars()[0].buttons[0].click()
    assert left == [True]


# ---------------------------------------------------------------- topics


def test_page_reloads_when_visible_and_is_stale_when_not(shell: Shell) -> None:
    page = open_form(shell)
    assert page.reloads == 1
    shell.context.bus.publish({"document"})
    shell.context.bus.flush()
    assert page.reloads == 2
    shell.open_page("home", {})
    shell.context.bus.publish({"document"})
    shell.context.bus.flush()
    assert page.reloads == 2 and page.is_stale()
    shell.open_page("document", {"id": 1})
    assert page.reloads == 3 and not page.is_stale()


def test_costly_page_waits_a_moment_and_reloads_once(shell: Shell, qtbot) -> None:
    page = open_form(shell)
    page.quiet_ms = 30
    for _ in range(5):
        shell.context.bus.publish({"document"})
        shell.context.bus.flush()
    assert page.reloads == 1 and page.is_stale()
    qtbot.waitUntil(lambda: not page.is_stale(), timeout=1_000)
    qtbot.wait(60)
    assert page.reloads == 2


def test_lost_notifications_make_every_page_reload(shell: Shell) -> None:
    page = open_form(shell)
    shell.context.bus.publish({"*"})
    shell.context.bus.flush()
    assert page.reloads == 2


# ---------------------------------------------------------------- codes


def test_typed_code_goes_to_the_page_first(shell: Shell) -> None:
    page = open_form(shell)
    page.takes_scans = True
    shell.window.scan_bar.field.setText("B.W1-A-01")
    shell.window.scan_bar.field.returnPressed.emit()
    assert [s.code for s in page.scans] == ["W1-A-01"]
    assert shell.window.scan_bar.kind == "ok"
    assert shell.window.scan_bar.field.text() == ""


def test_code_the_page_does_not_use_opens_what_it_names(shell: Shell) -> None:
    shell.window.scanning.typed("xsd-20260101-0001".upper())
    page = front(shell)
    assert isinstance(page, Form) and page.params["document_id"] == 5
    assert shell.window.scan_bar.kind == "ok"


def test_unknown_code_never_disappears(shell: Shell) -> None:
    shell.window.scanning.typed("ZZZ999")
    assert shell.window.scan_bar.kind == "unknown"
    assert "ZZZ999" in shell.window.scan_bar.answer.text()


def test_code_without_connection_is_wrong_and_offers_retry(shell: Shell) -> None:
    shell.context.operations._database.broken = ServerUnreachable("gone")
    shell.window.scanning.typed("ZZZ999")
    assert shell.window.scan_bar.kind == "wrong"
    assert len(notices(shell, "lost")) == 1


def test_refused_code_says_why(shell: Shell) -> None:
    shell.context.operations._database.broken = UserError("not this one")
    shell.window.scanning.typed("ZZZ999")
    assert (shell.window.scan_bar.kind, shell.window.scan_bar.answer.text()) == (
        "wrong",
        "not this one",
    )


def test_scanner_keys_reach_no_field_and_no_default_button(shell: Shell) -> None:
    page = open_form(shell)
    page.takes_scans = True
    page.field.setFocus()
    entered: list[bool] = []
    page.field.returnPressed.connect(lambda: entered.append(True))
    scan(shell, "6901234567892")
    assert [s.text for s in page.scans] == ["6901234567892"]
    assert page.field.text() == "" and not entered


def test_human_keys_arrive_in_order_around_a_scan(shell: Shell, qtbot: object) -> None:
    page = open_form(shell)
    page.takes_scans = True
    page.field.setFocus()
    press(shell, "a", 1_000)
    press(shell, "b", 1_150)
    scan(shell, "6901234567892", at=1_400)
    press(shell, "c", 2_000)
    press(shell, "\r", 2_200)
    assert page.field.text() == "abc"
    assert len(page.scans) == 1


def test_held_key_is_replayed_after_a_moment(shell: Shell, qtbot) -> None:
    page = open_form(shell)
    page.field.setFocus()
    press(shell, "a", 1_000)
    assert page.field.text() == ""
    qtbot.waitUntil(lambda: page.field.text() == "a", timeout=1_000)


# ---------------------------------------------------------------- palette


def test_palette_finds_screens_and_asks_the_server_once_typing_rests(
    shell: Shell, services: FakeServices, qtbot
) -> None:
    box = shell.window.palette_box
    shell.window.open_palette()
    for text in ("x", "xs", "xsd"):
        box.field.setText(text)
    qtbot.waitUntil(lambda: services.searched == ["xsd"], timeout=1_000)
    titles = [box.model.entry(row).title for row in range(box.model.rowCount())]
    assert titles[0] == "XSD-20260101-0001"
    qtbot.keyClick(box.field, Qt.Key.Key_Return)
    assert box.isHidden()
    page = front(shell)
    assert isinstance(page, Form) and page.params["id"] == 5


def test_palette_late_answer_to_an_older_question_is_ignored(shell: Shell) -> None:
    box = shell.window.palette_box
    shell.window.open_palette()
    box.field.setText("sett")
    asked = box._asked
    box.field.setText("key")
    box._found(asked, [FakeHit("item", 1, "late")])
    titles = [box.model.entry(row).title for row in range(box.model.rowCount())]
    assert titles == ["Keys"]


def test_palette_by_pinyin_initials(shell: Shell) -> None:
    shell.toggle_language()
    box = shell.window.palette_box
    shell.window.open_palette()
    box.field.setText("kjj")
    assert box.model.entry(0).page_id == "keys"


def test_palette_puts_recent_screens_first(shell: Shell, qtbot) -> None:
    box = shell.window.palette_box
    shell.window.open_palette()
    box.field.setText("keys")
    qtbot.keyClick(box.field, Qt.Key.Key_Return)
    shell.window.open_palette()
    assert box.model.entry(0).page_id == "keys"
    qtbot.keyClick(box.field, Qt.Key.Key_Escape)
    assert box.isHidden()


# ---------------------------------------------------------------- connection


def test_lost_line_turns_the_lamp_red_and_keeps_input(shell: Shell) -> None:
    page = open_form(shell)
    page.field.setText("12")
    database = shell.context.operations._database
    database.broken = ServerUnreachable("gone")
    shell.context.operations.query(lambda uow: 1, on_error=shell.context.notifier.error)
    shell.context.notifier.error(ServerUnreachable("gone"))
    assert shell.window.status.lamp_text.text() == "No connection"
    assert len(notices(shell, "lost")) == 1, "one bar however often it failed"
    assert page.field.text() == "12"
    database.broken = None
    shell.window.notices.bars()[0].buttons[0].click()
    assert shell.window.status.lamp_text.text() == "Connected"
    assert notices(shell, "lost") == []
    assert page.field.text() == "12" and page.reloads == 1, "unsaved page is not reloaded"


def test_listener_that_loses_the_line_moves_the_lamp(shell: Shell) -> None:
    shell.context.operations.note_line(False)
    assert shell.window.status.lamp_text.text() == "No connection"
    shell.context.operations.note_line(True)
    assert shell.window.status.lamp_text.text() == "Connected"


# ---------------------------------------------------------------- language, theme, zoom


def test_language_is_switched_with_tabs_and_questions_kept(shell: Shell) -> None:
    open_form(shell, 3)
    shell.context.notifier.ask("Really?", lambda: None)
    shell.toggle_language()
    assert current_language() == "zh_CN"
    assert [tab.page_id for tab in shell.window.workspace.tabs()] == ["home", "document"]
    assert shell.window.workspace.tabText(0) == "首页"
    assert notices(shell, "ask") == ["Really?"]
    assert shell.context.settings.get(LANGUAGE) == "zh_CN"


def test_language_waits_for_unsaved_input(shell: Shell) -> None:
    page = open_form(shell)
    page.field.setText("12")
    shell.toggle_language()
    assert current_language() == "en" and front(shell) is page
    assert notices(shell, "warning")


def test_theme_and_zoom_change_at_once_and_are_kept(shell: Shell) -> None:
    shell.toggle_theme()
    assert current().name == "dark" and shell.context.settings.get(THEME) == "dark"
    size = QApplication.font().pointSizeF()
    shell.change_zoom(10)
    assert QApplication.font().pointSizeF() > size
    assert shell.window.status.zoom.text() == "Zoom 110 %"
    for _ in range(40):
        shell.change_zoom(-10)
    assert shell.context.settings.get(ZOOM) == 80
    shell.change_zoom(0)
    assert shell.context.settings.get(ZOOM) == 100
    shell.toggle_theme()


# ---------------------------------------------------------------- home, keys


def test_home_shows_tasks_with_work_first_and_opens_them(shell: Shell, qtbot) -> None:
    page = front(shell)
    assert isinstance(page, home.HomePage)
    assert page.cards[-1].number.text() == "0"
    page.cards[0].setFocus()
    qtbot.keyClick(page.cards[0], Qt.Key.Key_Return)
    assert front(shell).title() == "Keys"


def test_empty_home_is_friendly(shell: Shell, services: FakeServices) -> None:
    services.overview = HomeOverview()
    page = front(shell)
    assert isinstance(page, home.HomePage)
    page.refresh()
    assert "Nothing is waiting" in page._lead.text()


def test_window_shortcuts_are_unique_and_all_on_the_sheet() -> None:
    from desktop_app.views.keyboard_sheet import WINDOW_KEYS

    keys = [key for key, _ in WINDOW_KEYS] + [a.shortcut for a in actions.ACTIONS if a.shortcut]
    assert len(keys) - keys.count("F1") + 1 == len(set(keys))
