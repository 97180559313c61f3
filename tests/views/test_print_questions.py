"""A label that may have come out is asked about, by itself, at the PCs it matters to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_app.core.errors import UserError
from desktop_app.hardware.simulators.printer import SimulatedPrinter
from desktop_app.hardware.simulators.printer_server import SimulatedPrinterServer
from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.device_host import DeviceHost
from desktop_app.runtime.operations import InlineOperations
from desktop_app.runtime.print_questions import PrintQuestions
from desktop_app.services import print_queue
from desktop_app.services.print_queue import Question
from desktop_app.views.labels import job_page
from desktop_app.views.shell import Shell
from tests.scenarios.label_life import (
    HOME,
    add_printer,
    drawn,
    enqueue,
    label_bytes,
    label_server,
    on_paper,
    states,
    tcp,
)
from tests.views.shell_fakes import make_shell
from tests.views.station_world import context_on, opened

NAMES = tuple(f"{number:04d}" for number in range(6, 12))


def break_in_the_third(home: Any, asker: Any) -> tuple[SimulatedPrinter, int, int]:
    """A job of six labels asked for elsewhere; the printer dies in the middle of label 0008."""
    printer = SimulatedPrinter("tspl")
    printer_id = add_printer(home)
    job = enqueue(asker, printer_id, *NAMES)
    printer.die_after = int(2.5 * label_bytes(printer, "0008"))
    with SimulatedPrinterServer(printer) as line:
        label_server(home, printer_id, printer, tcp(line.port)).serve()
    return printer, printer_id, job


def test_the_printer_s_pc_and_the_one_that_asked_are_asked_once(database: Any, qtbot: Any) -> None:
    home = database.as_user("storekeeper", workstation=HOME)
    asker = database.as_user("storekeeper", workstation="PC-2")
    heard: dict[str, list[Question]] = {}
    buses = []
    watchers = []
    for pc in (HOME, "PC-2", "PC-3"):
        bus = ChangeBus()
        watcher = PrintQuestions(InlineOperations(home), bus, pc)
        watcher.asked.connect(heard.setdefault(pc, []).append)
        buses.append(bus)
        watchers.append(watcher)
    _, _, job = break_in_the_third(home, asker)
    for _ in range(2):
        for bus in buses:
            bus.publish({"print_queue"})
        qtbot.wait(400)
    assert [(q.job_id, q.seq, q.printer) for q in heard[HOME]] == [(job, 1, "Desk")]
    assert heard["PC-2"] == heard[HOME]
    assert heard["PC-3"] == []


@pytest.fixture
def shell(tmp_path: Path, qtbot: Any) -> Any:
    made = make_shell(tmp_path)
    made.context.notifier.attach(made.window)
    yield made
    made.close()


def test_the_question_stands_above_every_page(shell: Shell, qtbot: Any) -> None:
    shell._ask_for_label(Question(5, 8, "Hinges", 8, "Desk"))
    bar = shell.window.notices.bars()[-1]
    assert bar.text.text().startswith("Desk: did label 8 of “Hinges” come out?")
    pages: list[Any] = []
    shell.window.workspace.open = lambda page, params: pages.append((page, params))
    bar.buttons[0].click()
    assert pages == [("print_job", {"id": 5})]


def test_one_key_answers_for_the_label_asked_about_only(
    database: Any, qtbot: Any, tmp_path: Path
) -> None:
    """Also when a click beside the rows, or Ctrl held meanwhile, left nothing chosen."""
    home = database.as_user("storekeeper", workstation=HOME)
    _, _, job = break_in_the_third(home, home)
    page = opened(qtbot, job_page.create, context_on(home, tmp_path), id=job)
    page.reload()
    page.activateWindow()
    page.table.setFocus()
    qtbot.waitUntil(page.table.hasFocus)
    page.table.clearSelection()
    doubtful = states(home).count("uncertain")
    QTest.keyClick(page.table, Qt.Key.Key_F8)
    assert states(home).count("uncertain") == doubtful - 1
    assert states(home)[0] == "confirmed"


def test_did_label_0008_come_out_is_answered_by_one_key(
    database: Any, qtbot: Any, tmp_path: Path
) -> None:
    """F8 for each that lies there, F9 for each that does not; all six are on paper once."""
    home = database.as_user("storekeeper", workstation=HOME)
    printer, printer_id, job = break_in_the_third(home, home)
    page = opened(qtbot, job_page.create, context_on(home, tmp_path), id=job)
    page.reload()
    assert on_paper(printer) == [drawn(printer, name) for name in NAMES[:2]]
    page.activateWindow()
    page.table.setFocus()
    qtbot.waitUntil(page.table.hasFocus)
    asked = []
    while page.bar.text:
        asked.append(next(name for name in NAMES if f"({name}) come out?" in page.bar.text))
        lies_there = drawn(printer, asked[-1]) in on_paper(printer)
        QTest.keyClick(page.table, Qt.Key.Key_F8 if lies_there else Qt.Key.Key_F9)
        assert len(asked) <= len(NAMES), "each is asked about once"
    assert "0008" in asked
    assert states(home) == ["confirmed"] * 2 + ["queued"] * 4
    printer.revive()
    with SimulatedPrinterServer(printer) as line:
        server = label_server(home, printer_id, printer, tcp(line.port))
        while server.pending().queued:
            server.serve()
    assert on_paper(printer) == [drawn(printer, name) for name in NAMES]
    page.reload()
    assert states(home) == ["confirmed"] * 6


def test_labels_that_nobody_takes_are_told(
    database: Any, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program of the printer's PC is not open: the one that asked hears of it."""
    monkeypatch.setattr(job_page, "PATIENCE_MS", 150)
    home = database.as_user("storekeeper", workstation=HOME)
    asker = database.as_user("storekeeper", workstation="PC-2")
    printer_id = add_printer(home)
    job = enqueue(asker, printer_id, "a", "b")
    page = opened(qtbot, job_page.create, context_on(asker, tmp_path), id=job)
    page.reload()
    assert page.bar.text == ""
    qtbot.waitUntil(lambda: page.bar.text != "", timeout=3000)
    assert page.bar.text.startswith(f"2 labels still wait for {HOME}: is the program open there")
    printer = SimulatedPrinter("tspl")
    with SimulatedPrinterServer(printer) as line:
        label_server(home, printer_id, printer, tcp(line.port)).serve()
    page.reload()
    assert page.bar.text == ""
    qtbot.wait(300)
    assert page.bar.text == ""


def test_paper_out_at_the_other_pc_is_told_here(
    database: Any, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_page, "PATIENCE_MS", 150)
    home = database.as_user("storekeeper", workstation=HOME)
    asker = database.as_user("storekeeper", workstation="PC-2")
    printer_id = add_printer(home)
    job = enqueue(asker, printer_id, "a", "b")
    printer = SimulatedPrinter("tspl", paper_left=0)
    page = opened(qtbot, job_page.create, context_on(asker, tmp_path), id=job)
    with SimulatedPrinterServer(printer) as line:
        server = label_server(home, printer_id, printer, tcp(line.port))
        sentence = str(server.serve().trouble)
        page.reload()
        qtbot.waitUntil(lambda: page.bar.text != "", timeout=3000)
        assert page.bar.text == f"2 labels still wait for {HOME}. {sentence}"
        with pytest.raises(UserError, match="PC"):
            asker.run(print_queue.waits, printer_id, "because I say so")
        steps = "SELECT count(*) FROM print_event"
        before = home.read(lambda uow: uow.scalar(steps))
        server.serve()
        assert home.read(lambda uow: uow.scalar(steps)) == before, "waiting is no step"
        printer.load_paper(None)
        while server.pending().queued:
            server.serve()
    page.reload()
    assert page.bar.text == ""
    assert states(home) == ["confirmed"] * 2


def test_the_host_of_the_devices_asks(database: Any, qtbot: Any) -> None:
    home = database.as_user("storekeeper", workstation=HOME)
    break_in_the_third(home, home)
    host = DeviceHost(InlineOperations(home), ChangeBus(), home, HOME)
    with qtbot.waitSignal(host.questions.asked, timeout=5000) as heard:
        host.start()
    assert heard.args[0].printer == "Desk"
    host.stop()
