"""The bridge between Qt and the rest: threads, owners, errors, notices, input methods."""

from __future__ import annotations

import gc
import sys
import threading
import weakref
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from shiboken6 import delete

from desktop_app.core.errors import DiskFull, ServerUnreachable, UserError
from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.error_presenter import ErrorPresenter
from desktop_app.runtime.notifier import Notice, Notifier, RecordingNotifier
from desktop_app.runtime.operations import InlineOperations, Operations
from desktop_app.runtime.wedge_filter import WedgeFilter
from desktop_app.views.actions import ACTIONS, GROUPS
from desktop_app.views.base.icons import has_icon, icon
from desktop_app.views.base.sounds import RATE, samples
from desktop_app.views.theme import DARK, LIGHT
from tests.views.shell_fakes import FakeDatabase


@pytest.fixture
def operations(qtbot: Any) -> Any:
    made = Operations(FakeDatabase())
    yield made
    made.shutdown()


def test_result_arrives_on_the_gui_thread(operations: Operations, qtbot: Any) -> None:
    got: list[tuple[str, str]] = []
    here = threading.current_thread().name

    def work(_uow: Any) -> str:
        return threading.current_thread().name

    operations.query(work, on_done=lambda v: got.append((v, threading.current_thread().name)))
    qtbot.waitUntil(lambda: bool(got), timeout=2_000)
    worker, receiver = got[0]
    assert receiver == here and worker != here


def test_commands_run_one_after_the_other(operations: Operations, qtbot: Any) -> None:
    order: list[int] = []
    running = threading.Semaphore(1)
    done: list[Any] = []

    def work(_uow: Any, number: int) -> None:
        assert running.acquire(blocking=False), "two commands at once"
        order.append(number)
        running.release()

    for number in range(20):
        operations.command(work, number, on_done=done.append)
    qtbot.waitUntil(lambda: len(done) == 20, timeout=3_000)
    assert order == list(range(20))


def test_answer_for_a_destroyed_owner_is_dropped(operations: Operations, qtbot: Any) -> None:
    class Owner(QLabel):
        def take(self, value: Any) -> None:
            got.append(value)

    got: list[Any] = []
    gate = threading.Event()
    owner, other = Owner(), QObject()
    operations.query(lambda _uow: gate.wait(2), on_done=owner.take)
    operations.query(lambda _uow: gate.wait(2), on_done=got.append, owner=other)
    delete(owner)
    delete(other)
    with qtbot.waitSignal(operations.busy, check_params_cb=lambda busy: not busy, timeout=3_000):
        gate.set()
    assert got == []


def test_a_page_closed_while_its_job_ran_never_dies_in_the_worker(
    operations: Operations, qtbot: Any
) -> None:
    class Owner(QLabel):
        def take(self, value: Any) -> None:
            pass

        def ask(self, _uow: Any) -> None:
            asked.set()
            gate.wait(2)

    def slow_worker(_number: int) -> None:
        told.wait(2)

    asked, gate, told = threading.Event(), threading.Event(), threading.Event()
    died: list[str] = []
    owner = Owner()
    weakref.finalize(owner, lambda: died.append(threading.current_thread().name))
    operations.query(owner.ask, on_done=owner.take)
    # The GUI thread has told the end and let go before the worker comes back from telling.
    operations._finished.connect(slow_worker, Qt.ConnectionType.DirectConnection)
    assert asked.wait(2)
    del owner
    with qtbot.waitSignal(operations.busy, check_params_cb=lambda busy: not busy, timeout=3_000):
        gate.set()
    QApplication.processEvents()
    gc.collect()
    told.set()
    operations.shutdown()
    assert died == [threading.current_thread().name]


def test_cycles_are_collected_in_the_gui_thread_only(qtbot: Any) -> None:
    class Knot:
        def __init__(self) -> None:
            self.self = self
            weakref.finalize(self, lambda: died.append(threading.current_thread()))

    def work_that_makes_garbage() -> None:
        kept = [Knot() for _ in range(2_000)]
        del kept
        assert len([[] for _ in range(20_000)]) == 20_000  # the collector would run here

    died: list[threading.Thread] = []
    worker = threading.Thread(target=work_that_makes_garbage)
    worker.start()
    worker.join()
    assert died == []
    qtbot.waitUntil(lambda: len(died) == 2_000, timeout=5_000)
    assert set(died) == {threading.main_thread()}


def test_error_goes_to_on_error_else_to_failed(operations: Operations, qtbot: Any) -> None:
    def fail(*_args: Any) -> None:
        raise UserError("no")

    got: list[Exception] = []
    operations.query(fail, on_error=got.append)
    qtbot.waitUntil(lambda: len(got) == 1, timeout=2_000)
    with qtbot.waitSignal(operations.failed, timeout=2_000) as caught:
        operations.background(fail)
    assert str(caught.args[0]) == "no"


def test_lamp_follows_server_and_not_other_work(qtbot: Any) -> None:
    database = FakeDatabase()
    operations = InlineOperations(database)
    lamp: list[bool] = []
    operations.connection.connect(lamp.append)
    database.broken = ServerUnreachable("gone")
    for _ in range(2):
        operations.query(lambda uow: 1, on_error=lambda e: None)
    operations.background(lambda: 1)
    database.broken = UserError("refused, so the server is there")
    operations.query(lambda uow: 1, on_error=lambda e: None)
    assert lamp == [False, True]


def test_inline_raises_what_nobody_handles(qtbot: Any) -> None:
    operations = InlineOperations(FakeDatabase())
    with pytest.raises(ZeroDivisionError):
        operations.query(lambda uow: 1 / 0)
    seen: list[Exception] = []
    operations.failed.connect(seen.append)
    operations.query(lambda uow: 1 / 0)
    assert len(seen) == 1


def test_nothing_is_begun_or_told_after_shutdown(qtbot: Any) -> None:
    operations, got = Operations(FakeDatabase()), []
    operations.query(lambda uow: 1, on_done=got.append)
    operations.shutdown()
    operations.background(lambda: 1, on_done=got.append)
    qtbot.wait(20)
    assert got == []


def test_bus_gathers_topics_from_any_thread(qtbot: Any) -> None:
    bus = ChangeBus()
    told: list[frozenset[str]] = []
    bus.changed.connect(told.append)
    worker = threading.Thread(target=lambda: [bus.publish({"a"}), bus.publish({"b"})])
    worker.start()
    worker.join()
    bus.publish({"a"})
    qtbot.waitUntil(lambda: bool(told), timeout=2_000)
    assert told == [frozenset({"a", "b"})]


# ---------------------------------------------------------------- words


def test_presenter_knows_who_is_to_act(tmp_path: Path) -> None:
    presenter = ErrorPresenter(tmp_path)
    assert presenter.present(UserError("x")).kind == "warning"
    assert presenter.present(DiskFull("x")).kind == "error"
    lost = presenter.present(ServerUnreachable("x"))
    assert lost.lost_connection and "Nothing was lost" in lost.text


@pytest.mark.expects_log("unexpected failure")
def test_unknown_exception_becomes_a_report_file(tmp_path: Path) -> None:
    shown = ErrorPresenter(tmp_path / "crash").present(ZeroDivisionError("1/0 in posting"))
    assert shown.report is not None
    assert "1/0 in posting" in shown.report.read_text(encoding="utf-8")
    assert shown.report.stem.split("-")[-1] in shown.text


@pytest.mark.expects_log("unexpected failure")
@pytest.mark.expects_log("could not be written")
def test_report_that_cannot_be_written_still_has_an_id(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    shown = ErrorPresenter(blocked).present(ZeroDivisionError())
    assert shown.report is None and "report" in shown.text


class Screen:
    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.sounds: list[str] = []

    def show_notice(self, notice: Notice) -> None:
        self.notices.append(notice)

    def play_sound(self, kind: str) -> None:
        self.sounds.append(kind)


def test_notices_wait_for_a_window(qtbot: Any) -> None:
    notifier = Notifier()
    notifier.warning("early")
    notifier.sound("ok")
    screen = Screen()
    notifier.attach(screen)
    notifier.error("late")
    assert [n.text for n in screen.notices] == ["early", "late"]
    notifier.sound("wrong")
    assert screen.sounds == ["wrong"]
    with pytest.raises(ValueError):
        notifier.sound("bang")


def test_lost_connection_offers_to_try_again(qtbot: Any) -> None:
    notifier, screen = Notifier(), Screen()
    notifier.attach(screen)
    notifier.error(ServerUnreachable("gone"))
    with qtbot.waitSignal(notifier.retry_wanted):
        screen.notices[0].actions[0][1]()


def test_recording_notifier_answers() -> None:
    answers: list[str] = []
    RecordingNotifier(True).ask("?", lambda: answers.append("yes"), lambda: answers.append("no"))
    RecordingNotifier(False).ask("?", lambda: answers.append("yes"), lambda: answers.append("no"))
    assert answers == ["yes", "no"]


# ---------------------------------------------------------------- input method, looks, tables


def commit(field: QLineEdit, preedit: str, text: str) -> None:
    if preedit:
        QApplication.sendEvent(field, QInputMethodEvent(preedit, []))
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(field, event)


def test_code_through_an_input_method_is_still_a_scan(qtbot: Any) -> None:
    wedge = WedgeFilter()
    app = QApplication.instance()
    assert app is not None
    app.installEventFilter(wedge)
    field = QLineEdit()
    qtbot.addWidget(field)
    codes: list[str] = []
    wedge.scanned.connect(lambda code, _at: codes.append(code))
    try:
        commit(field, "69", "6901234567892")
        assert codes == ["6901234567892"] and field.text() == ""
        commit(field, "ni", "你好")
        assert codes == ["6901234567892"] and field.text() == "你好"
    finally:
        app.removeEventFilter(wedge)


def test_tones_are_short_and_different() -> None:
    tones = {kind: samples(kind) for kind in ("ok", "unknown", "wrong")}
    assert len(set(tones.values())) == 3
    assert all(0 < len(tone) / 2 / RATE < 0.6 for tone in tones.values())


def test_every_action_has_group_icon_and_an_existing_factory() -> None:
    for action in ACTIONS:
        assert has_icon(action.icon), action.id
        assert action.group == "" or action.group in GROUPS, action.id
        assert callable(action.load()), action.id
        assert "{" not in action.label(), action.id


def test_missing_icon_is_an_error(qtbot: Any) -> None:
    with pytest.raises(FileNotFoundError):
        icon("no such icon")


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda t: t.name)
def test_words_are_readable_on_their_ground(tokens: Any) -> None:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (
            p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for ink, ground in (
        (tokens.text, tokens.base),
        (tokens.text, tokens.window),
        (tokens.muted, tokens.base),
        (tokens.muted, tokens.window),
        (tokens.muted, tokens.nav),
        (tokens.text, tokens.nav),
        (tokens.on_accent, tokens.accent),
        (tokens.on_selection, tokens.selection),
        (tokens.wrong, tokens.wrong_back),
        (tokens.good, tokens.good_back),
        (tokens.ask, tokens.ask_back),
        (tokens.accent, tokens.base),
    ):
        lighter, darker = sorted((light(ink), light(ground)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.4, (ink, ground)


def test_qt_calls_lose_no_references(qtbot: Any) -> None:
    """PySide6 6.12 lost one to None or True per call on Python 3.11 (docs/adr/0010)."""
    label = QLabel()
    qtbot.addWidget(label)
    bus = ChangeBus()
    before = sys.getrefcount(None), sys.getrefcount(True)
    for number in range(2_000):
        label.setText("a" if number % 2 else "b")
        bus.changed.emit(None)
    assert sys.getrefcount(None) > before[0] - 500
    assert sys.getrefcount(True) > before[1] - 500
