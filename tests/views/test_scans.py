"""Codes of this PC as a clerk meets them: the last fifty, unknown ones, a scanner to teach."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QVBoxLayout

from desktop_app.core.errors import InvalidInput, PermissionDenied
from desktop_app.core.settings import SCAN_IDLE, SCAN_LENGTH
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain import in_store_codes
from desktop_app.domain.scan_codes import ScanResult
from desktop_app.hardware.scanners.profile import ScannerProfile
from desktop_app.hardware.scanners.teaching import TEACH_CODES
from desktop_app.runtime import scans
from desktop_app.runtime.operations import InlineOperations
from desktop_app.runtime.scans import KEPT, ScanHistory, ScanHub
from desktop_app.services import barcode_teaching, company_rules, scanning
from desktop_app.views import actions, home, workspace
from desktop_app.views.actions import Action
from desktop_app.views.base.page import Page
from desktop_app.views.base.station import StationPage
from desktop_app.views.scanners.log_page import ScanLogPage
from desktop_app.views.scanners.teach_page import TeachPage
from desktop_app.views.scanning import TAKES_SCANS
from desktop_app.views.settings.settings_page import SettingsPage
from desktop_app.views.shell import Shell
from tests import factories
from tests.views.shell_fakes import BUSY_DAY, FakeDatabase, FakeHit, FakeServices, make_shell

PICTURES = Path(__file__).resolve().parents[1] / "data" / "barcode_images"


class Station(Page):
    """A page that takes every code, as a station does."""

    for_scanning = True

    def __init__(self, context: Any, _params: dict[str, Any]) -> None:
        super().__init__(context)
        self.scans: list[ScanResult] = []
        self.answer = "ok"
        self.field = QLineEdit(self)
        QVBoxLayout(self).addWidget(self.field)

    def title(self) -> str:
        return "Receive goods"

    def on_scan(self, code: ScanResult) -> bool:
        self.scans.append(code)
        self.context.notifier.sound(self.answer)
        return True


@pytest.fixture
def services() -> FakeServices:
    return FakeServices(BUSY_DAY, [FakeHit("item", 7, "84029G")], {})


@pytest.fixture
def shell(
    qtbot: Any, tmp_path: Path, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shell]:
    station = Action("station", "Station", "scan", "", None, "", "tests.views.test_scans:Station")
    rows = {row.id: row for row in (*actions.ACTIONS, station)}
    monkeypatch.setattr(workspace, "ACTIONS", rows)
    monkeypatch.setattr(home, "shell_services", services.as_services)
    made = make_shell(tmp_path, services)
    made.show()
    made.window.activateWindow()
    QApplication.processEvents()
    yield made
    made.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


def press(
    shell: Shell, key: Qt.Key, text: str, at: int, modifiers: Any = None, *, repeated: bool = False
) -> bool:
    """A key as the system delivers it: first offered to shortcuts, then to the window."""
    held = modifiers or Qt.KeyboardModifier.NoModifier
    window = shell.window.windowHandle()
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
        event = QKeyEvent(kind, key, held, text, repeated)
        event.setTimestamp(at)
        event.setAccepted(False)
        QApplication.sendEvent(window, event)
    return event.isAccepted()


def scan(shell: Shell, text: str, at: int = 10_000, gap: int = 5) -> None:
    for number, character in enumerate(text):
        key = Qt.Key.Key_Return if character == "\r" else Qt.Key(ord(character.upper()))
        press(shell, key, character, at + number * gap)


def front(shell: Shell) -> Any:
    return shell.window.workspace.front()


# ---------------------------------------------------------------- one line for all codes


def test_every_source_reaches_the_page_with_symbology_and_name(shell: Shell) -> None:
    shell.open_page("station", {})
    page = front(shell)
    scan(shell, "]E06901234567892\r")
    shell.scans.from_line("0106921111111116" + "10A\x1d3712", "]C1", b"...", "gun 2")
    shell.scans.from_photo("6901234567892", "]E0")
    shell.scans.from_pad("B.A-01", "]C0")
    first, second, *_ = page.scans
    assert (first.barcode, first.symbology, first.source) == (
        "6901234567892",
        "]E0",
        scans.KEYBOARD,
    )
    assert (second.lot, second.qty, second.source) == ("A", Decimal(12), "gun 2")
    assert [s.source for s in page.scans[2:]] == [scans.PHOTO, scans.PAD]


def test_a_page_may_ask_to_take_a_double_reading_once(shell: Shell) -> None:
    shell.open_page("station", {})
    page = front(shell)
    for _ in range(2):
        shell.scans.from_pad("6901234567892", "]E0")
    assert len(page.scans) == 2, "each reading counts unless the page asks"
    page.ignores_repeats = True
    for code in ("6901234567892", "B.A-01", "B.A-01"):
        shell.scans.from_pad(code, "")
    assert [s.text for s in page.scans[2:]] == ["B.A-01"]
    newest, *_ = shell.scans.history.entries
    assert newest.code == "B.A-01" and "counted once" in newest.answer


def test_a_photo_dropped_on_the_scan_bar_is_a_scan(shell: Shell, tmp_path: Path) -> None:
    shell.open_page("station", {})
    picture = PICTURES / "ean13.webp"
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(picture))])
    for kind in (QDragEnterEvent, QDropEvent):
        where = QPoint(5, 5) if kind is QDragEnterEvent else QPointF(5, 5)
        event = kind(
            where,  # type: ignore[arg-type]
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(shell.window.scan_bar.field, event)
        assert event.isAccepted()
    (code,) = front(shell).scans
    assert (code.barcode, code.source) == ("8480017507990", scans.PHOTO)
    blank = tmp_path / "blank.png"
    QImage(64, 64, QImage.Format.Format_RGB32).save(str(blank))
    shell.window.photo_drop.read(blank)
    assert len(front(shell).scans) == 1
    assert "blank.png" in shell.window.notices.bars()[0].notice.text
    assert shell.window.scan_bar.field.text() == ""


@pytest.mark.parametrize("prefix", ["", "9"])
def test_separator_keys_within_a_code(shell: Shell, prefix: str) -> None:
    shell.open_page("station", {})
    page = front(shell)
    shell.scans.use_profile(ScannerProfile(prefix=prefix))
    control, alt = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
    for number, keys in enumerate(
        (
            [(Qt.Key.Key_F8, "", None)],
            [(Qt.Key.Key_BracketRight, "\x1d", control)],
            [(Qt.Key.Key_0, "0", alt), (Qt.Key.Key_2, "2", alt), (Qt.Key.Key_9, "9", alt)],
        )
    ):
        at = 20_000 * (number + 1)
        scan(shell, prefix + "]C1010692111111111610A", at)
        for place, (key, text, modifiers) in enumerate(keys):
            press(shell, key, text, at + 140 + place, modifiers)
        scan(shell, "3712\r", at + 145)
        assert (page.scans[-1].lot, page.scans[-1].qty) == ("A", Decimal(12)), keys
    assert page.field.text() == ""


def test_f8_alone_is_the_key_it_always_is(shell: Shell) -> None:
    shell.open_page("station", {})
    assert not press(shell, Qt.Key.Key_F8, "", 10_000)


def test_a_digit_that_comes_twice_is_not_taken_for_a_key_held_down(shell: Shell) -> None:
    """X11 calls a press at the very moment of the release before it a repeat."""
    shell.open_page("station", {})
    for number, sign in enumerate("K.BX-0014\r"):
        key = Qt.Key.Key_Return if sign == "\r" else Qt.Key(ord(sign))
        press(shell, key, sign, 10_000 + number, repeated=number == 6)
    assert [code.text for code in front(shell).scans] == ["K.BX-0014"]
    assert front(shell).field.text() == ""


def test_a_key_held_down_is_typing(shell: Shell) -> None:
    shell.open_page("station", {})
    front(shell).field.setFocus()
    for number in range(8):  # half a second until the first repeat, then fast ones
        at = 10_000 + (500 + 16 * number if number else 0)
        press(shell, Qt.Key.Key_A, "a", at, repeated=number > 0)
    press(shell, Qt.Key.Key_B, "b", 12_000)
    assert front(shell).scans == []
    assert front(shell).field.text() == "a" * 8


def test_a_dialog_in_front_gets_no_code_typed_into_it(shell: Shell, qtbot: Any) -> None:
    shell.open_page("station", {})
    dialog = QDialog(shell.window)
    field = QLineEdit(dialog)
    QVBoxLayout(dialog).addWidget(field)
    dialog.setModal(True)
    dialog.show()
    field.setFocus()
    shell.scans.from_line("6901234567892", "]E0", b"", "gun")
    assert field.text() == "" and front(shell).scans == []
    assert shell.window.scan_bar.kind == "wrong"
    field.setProperty(TAKES_SCANS, True)
    shell.scans.from_line("6901234567892", "]E0", b"", "gun")
    assert field.text() == "6901234567892"
    dialog.close()


def test_a_composing_input_method_turns_the_bar_red_where_people_scan(shell: Shell) -> None:
    shell.open_page("station", {})
    page = front(shell)
    QApplication.sendEvent(page.field, QInputMethodEvent("ni", []))
    assert shell.window.scan_bar.kind == "wrong"
    assert "input method" in shell.window.scan_bar.answer.text()


def test_on_other_pages_chinese_is_typed_in_peace(shell: Shell) -> None:
    shell.open_page("home", {})
    QApplication.sendEvent(shell.window.scan_bar.field, QInputMethodEvent("ni", []))
    assert shell.window.scan_bar.kind == ""


def test_the_answer_fades(shell: Shell, qtbot: Any) -> None:
    bar = shell.window.scan_bar
    bar._fade.setInterval(0)
    bar.say("ok", "84029G")
    bar._fade.start(1)
    qtbot.waitUntil(lambda: bar.kind == "" and bar.answer.text() == "", timeout=1_000)


# ---------------------------------------------------------------- the last fifty


def test_the_last_fifty_are_kept_on_this_pc(tmp_path: Path) -> None:
    operations = InlineOperations(FakeDatabase())
    history = ScanHistory(operations, tmp_path)
    for number in range(KEPT + 10):
        history.add(f"C{number}", "ok", "", scans.KEYBOARD)
    history.answered(history.add("LAST", "ok", "", "gun 2", "]C1"), "unknown", "nobody knows")
    history.save()
    again = ScanHistory(operations, tmp_path)
    again.load()
    assert len(again.entries) == KEPT
    newest = again.entries[0]
    assert (newest.code, newest.kind, newest.source) == ("LAST", "unknown", "gun 2")
    (tmp_path / "scans.json").write_text(
        json.dumps({"scans": [1, {"code": 5}, None]}), encoding="utf-8"
    )
    broken = ScanHistory(operations, tmp_path)
    broken.load()
    assert broken.entries == ()


def test_unknown_codes_stand_in_red_and_come_first(shell: Shell, tmp_path: Path) -> None:
    shell.window.scanning.typed("ZZZ-1")
    shell.open_page("station", {})
    front(shell).answer = "unknown"
    shell.scans.from_pad("SUP-88", "")
    shell.open_page("scans", {})
    page = front(shell)
    assert isinstance(page, ScanLogPage)
    rows = [[page.table.item(r, c).text() for c in (1, 2)] for r in range(page.table.rowCount())]
    assert rows[0] == ["SUP-88", "unknown · Receive goods"]
    assert rows[1][0] == "ZZZ-1" and rows[1][1].startswith("unknown · Unknown code ZZZ-1")
    shell.context.scans.history.add("GOOD", "ok", "an item", "gun")  # type: ignore[union-attr]
    assert page.table.item(0, 1).text() == "GOOD"
    assert page.entry() is not None and page.entry().code == "SUP-88", "the choice stays"
    red = page.table.item(1, 1).foreground().color()
    assert red.red() > red.green() + 60
    page.export(tmp_path / "scans.xlsx")
    sheet = load_workbook(tmp_path / "scans.xlsx").active
    assert sheet is not None
    assert "SUP-88" in {cell.value for row in sheet.iter_rows() for cell in row}
    page.copy()
    assert "SUP-88\tunknown · Receive goods" in QApplication.clipboard().text()


def test_an_unknown_code_is_taught_to_an_item(shell: Shell) -> None:
    taught: list[tuple[str, int]] = []

    def teach(_uow: Any, code: str, item_id: int) -> str:
        if item_id == 9:
            barcode_teaching._refuse_if_taken(FakeOwner(), code, item_id)  # type: ignore[arg-type]
        taught.append((code, item_id))
        return "84029G Hot water bottle"

    shell.window.scanning.typed("SUP-88")
    page = ScanLogPage(shell.context, lambda *_a, **_k: [], teach)
    shell.window.workspace.addTab(page, "x")
    page.reload()
    assert page.entry().code == "SUP-88" and not page.save_button.isEnabled()
    page.item.show_value(9, "other")
    page.item.edited.emit()
    page.teach()
    assert "already names HINGE" in page.problem.text() and not taught
    page.item.show_value(7, "84029G")
    page.item.edited.emit()
    assert page.save_button.isEnabled()
    page.save_button.click()
    assert taught == [("SUP-88", 7)]
    page.reload()
    assert (page.entry().kind, page.entry().answer) == ("ok", "84029G Hot water bottle")


class FakeOwner:
    """Says that the barcode belongs to another item."""

    def execute(self, *_args: Any) -> FakeOwner:
        return self

    def fetchone(self) -> tuple[int, str]:
        return 1, "HINGE"


def test_without_the_permission_nothing_can_be_taught(
    qtbot: Any, tmp_path: Path, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "shell_services", services.as_services)
    shell = make_shell(tmp_path, services, permissions=frozenset())
    shell.show()
    shell.window.scanning.typed("SUP-88")
    shell.open_page("scans", {})
    page = front(shell)
    assert not page.item.isEnabled() and not page.save_button.isEnabled()
    shell.close()


# ---------------------------------------------------------------- teaching a scanner


def record(shell: Shell, text: str, at: int) -> None:
    for number, character in enumerate(text):
        key = Qt.Key.Key_Return if character == "\r" else Qt.Key.Key_A
        press(shell, key, character, at + number * 5)
    shell.wedge._hand_over_recorded()


def test_four_codes_teach_the_scanner_and_hold_at_once(shell: Shell, tmp_path: Path) -> None:
    shell.open_page("teach_scanner", {})
    page = front(shell)
    assert isinstance(page, TeachPage)
    page.begin()
    for number, code in enumerate(TEACH_CODES):
        assert f"code {number + 1}" in page.prompt.text()
        record(shell, "#" + code.text.replace("\x1d", "|") + "\r", 10_000 * (number + 1))
    assert "Ctrl+S" in page.prompt.text() and page.keep_button.isEnabled()
    assert "“|”" in page.answers["separator"].text()
    page.keep()
    assert (shell.scans.profile.prefix, shell.scans.profile.separators) == ("#", "|")
    assert json.loads((tmp_path / "scanner.json").read_text(encoding="utf-8"))["prefix"] == "#"
    shell.open_page("station", {})
    scan(shell, "#]C1010692111111111610A|3712\r", 90_000)
    assert front(shell).scans[-1].lot == "A"
    again = make_shell(tmp_path)
    assert again.scans.profile.prefix == "#"
    again.close()


def test_another_code_first_is_asked_for_again_and_esc_gives_the_keys_back(shell: Shell) -> None:
    shell.open_page("teach_scanner", {})
    page = front(shell)
    page.begin()
    record(shell, "6901234567892\r", 10_000)
    assert "code 1" in page.prompt.text()
    page.end()
    shell.open_page("station", {})
    front(shell).field.setFocus()
    press(shell, Qt.Key.Key_A, "a", 50_000)
    press(shell, Qt.Key.Key_B, "b", 50_200)
    press(shell, Qt.Key.Key_C, "c", 50_400)
    shell.wedge._on_pause()
    assert front(shell).field.text().startswith("ab")


# ---------------------------------------------------------------- with the database


def test_a_taught_code_names_the_item_from_then_on(database: Any) -> None:
    item = database.run(factories.make_item, "HINGE-T")
    assert database.read(scanning.resolve, "SUP-88231") is None
    assert "HINGE-T" in database.run(barcode_teaching.teach, "SUP-88231", item)
    assert database.read(scanning.resolve, "SUP-88231").id == item
    database.run(barcode_teaching.teach, "]C10106921111111116" + "10A", item)
    assert database.read(scanning.resolve, "6921111111116").id == item
    assert database.run(barcode_teaching.teach, "SUP-88231", item), "a second time changes nothing"
    other = database.run(factories.make_item, "HINGE-U")
    with pytest.raises(InvalidInput, match="already names HINGE-T"):
        database.run(barcode_teaching.teach, "SUP-88231", other)
    for own in ("B.A-01", "P.LI4", "XSC-20260101-0001", "K.BX-1", "]E06901234567893"):
        with pytest.raises(InvalidInput):
            database.run(barcode_teaching.teach, own, item)


def test_a_counter_may_not_teach(database: Any) -> None:
    item = database.run(factories.make_item, "HINGE-V")
    with pytest.raises(PermissionDenied):
        database.as_user("counter").run(barcode_teaching.teach, "SUP-7", item)


def test_patterns_of_the_scale_are_a_rule_of_the_company(database: Any) -> None:
    key = company_rules.IN_STORE_CODES.key
    with pytest.raises(InvalidInput, match="20 to 29"):
        database.run(company_rules.save, key, "30IIIIIWWWWWC")
    database.run(company_rules.save, key, "22IIIIIWWWWWC")
    assert database.read(company_rules.load)[key] == "22IIIIIWWWWWC"
    item = database.run(factories.make_item, "00123")
    in_store_codes.use(in_store_codes.parse_patterns("22IIIIIWWWWWC"))
    try:
        assert database.read(scanning.resolve, "2200123012500").id == item
    finally:
        in_store_codes.use(())


def test_a_box_is_found_by_its_label(uow: UnitOfWork) -> None:
    uow.execute("INSERT INTO box (code) VALUES ('BX-260115-0007')")
    found = scanning.resolve(uow, "K.BX-260115-0007")
    assert found is not None and (found.kind, found.title) == ("box", "BX-260115-0007")
    assert scanning.resolve(uow, "BX-260115-0007") == found, "an older label without the letter"


def test_shortest_code_and_closing_pause_are_set_on_this_pc(shell: Shell) -> None:
    """A two-digit badge is a scan then; what was taught holds until somebody says otherwise."""
    short = "77\r"
    shell.scans.use_profile(ScannerProfile(min_length=3, idle_ms=120))
    assert shell.wedge._detector._min_length == 3
    shell.context.settings.set(SCAN_LENGTH, 2)
    shell.context.settings.set(SCAN_IDLE, 200)
    shell.apply_settings()
    detector = shell.wedge._detector
    verdicts = [detector.feed(key, 10 * place) for place, key in enumerate(short)]
    assert verdicts[-1].code == "77"
    assert detector._idle_ms == 200


def test_two_pieces_read_while_the_program_was_busy_are_two(shell: Shell) -> None:
    """What counts is when the scanner read them, not when the program came to look."""
    hub = ScanHub(ScanHistory(shell.context.operations, None))
    said: list[bool] = []
    hub.scanned.connect(lambda code, *_: said.append(hub.is_repeat(code)))
    hub.from_keys("6901234567892", 1_000)
    hub.from_keys("6901234567892", 1_120)
    hub.from_keys("6901234567892", 2_000)
    hub.from_line("6901234567892", "]E0", b"", "gun", 2_010)
    assert said == [False, True, False, False], "another scanner is another hand"


def test_every_station_asks_for_the_rule_and_a_list_does_not() -> None:
    assert StationPage.ignores_repeats and not Page.ignores_repeats


def test_a_wrong_number_of_the_scanner_is_told_beside_its_field(shell: Shell, qtbot: Any) -> None:
    page = SettingsPage(shell.context)
    shell.scans.use_profile(ScannerProfile(min_length=3))
    assert SettingsPage(shell.context).editors[SCAN_LENGTH.key].value() == 3, "what was taught"
    box, problem = page.editors[SCAN_LENGTH.key], page.problems[SCAN_LENGTH.key]
    box.setValue(45)
    assert problem.text() == "45 is not allowed: from 2 to 20."
    box.setValue(4)
    assert problem.text() == "" and shell.context.settings.is_chosen(SCAN_LENGTH)
    # chosen goes before taught, at once
    qtbot.waitUntil(lambda: shell.wedge._detector._min_length == 4, timeout=2000)
