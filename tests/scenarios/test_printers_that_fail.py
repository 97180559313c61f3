"""Printers on a real loopback port that die, crawl, run dry, fall silent: nothing is lost or doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from desktop_app.core.errors import RuleRefused, ServerUnreachable
from desktop_app.hardware.labels.languages import LANGUAGES
from desktop_app.hardware.labels.status import PrinterState
from desktop_app.hardware.simulators.printer import SimulatedPrinter
from desktop_app.hardware.simulators.printer_server import SimulatedPrinterServer
from desktop_app.hardware.simulators.printer_transport import SimulatedPrinterTransport
from desktop_app.hardware.transports.failures import DeviceError
from desktop_app.services import label_server as serving, print_queue
from desktop_app.services.label_server import LabelServer
from desktop_app.services.printer_seat import printer_seat
from tests.scenarios.label_life import (
    HOME,
    add_printer,
    asked_about,
    drawn,
    enqueue,
    label_bytes,
    label_server,
    on_paper,
    profile_of,
    states,
    tcp,
    wait_for_paper,
)

NAMES = ("Alpha", "Bravo", "Charlie", "Delta")


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rules, in tenths of seconds."""
    monkeypatch.setattr(serving, "REPLY_S", 0.4)
    monkeypatch.setattr(serving, "SILENCE_S", 0.8)


@pytest.fixture
def home(database: Any) -> Any:
    """The PC the printer hangs on."""
    return database.as_user("storekeeper", workstation=HOME)


@pytest.fixture(params=[language.id for language in LANGUAGES])
def printer(request: Any) -> SimulatedPrinter:
    """One printer of each language."""
    return SimulatedPrinter(request.param)


@pytest.fixture
def tspl() -> SimulatedPrinter:
    """The usual one."""
    return SimulatedPrinter("tspl")


@pytest.fixture
def plugged() -> Iterator[Callable[..., SimulatedPrinterServer]]:
    """Puts printers on loopback ports; closes them at the end."""
    running: list[SimulatedPrinterServer] = []

    def plug(printer: SimulatedPrinter, port: int = 0, **given: Any) -> SimulatedPrinterServer:
        server = SimulatedPrinterServer(printer, port, **given)
        server.start()
        running.append(server)
        return server

    yield plug
    for server in running:
        server.stop()


def serve_all(server: LabelServer) -> int:
    """Rounds until nothing more is sent."""
    count = 0
    while sent := server.serve().sent:
        count += sent
    return count


def look_at_the_printer(home: Any, printer: SimulatedPrinter) -> list[str]:
    """Somebody answers every question by what lies there. Returns the names asked about."""
    there = on_paper(printer)
    asked = asked_about(home)
    for label, name in asked:
        home.run(print_queue.answer, [label], came_out=drawn(printer, name) in there)
    return [name for _, name in asked]


def assert_each_once(printer: SimulatedPrinter, names: tuple[str, ...] = NAMES) -> None:
    assert sorted(on_paper(printer)) == sorted(drawn(printer, name) for name in names)


def test_every_language_prints_over_the_network_and_is_confirmed(
    home: Any, plugged: Any, printer: SimulatedPrinter
) -> None:
    printer_id = add_printer(home)
    job = enqueue(home, printer_id, *NAMES)
    server = label_server(home, printer_id, printer, tcp(plugged(printer).port))
    assert server.serve().trouble is None
    assert states(home, job) == ["confirmed"] * 4
    assert on_paper(printer) == [drawn(printer, name) for name in NAMES], "in order"


def test_dead_in_mid_label_is_asked_about_and_the_rest_goes_on(
    home: Any, plugged: Any, printer: SimulatedPrinter
) -> None:
    printer_id = add_printer(home)
    job = enqueue(home, printer_id, *NAMES)
    line = plugged(printer)
    printer.die_after = label_bytes(printer, "Alpha") + label_bytes(printer, "Bravo") // 2
    server = label_server(home, printer_id, printer, tcp(line.port))
    done = server.serve()
    assert done.trouble is not None
    assert set(states(home, job)) <= {"uncertain", "queued"}
    assert "uncertain" in states(home, job)
    printer.revive()
    assert server.serve().sent == 0, "the rest waits for the answer"
    assert "Bravo" in look_at_the_printer(home, printer)
    serve_all(server)
    assert states(home, job) == ["confirmed"] * 4
    assert_each_once(printer)


def test_a_very_slow_printer_is_waited_for(home: Any, plugged: Any) -> None:
    printer = SimulatedPrinter("tspl", seconds_per_label=0.3)
    printer_id = add_printer(home)
    job = enqueue(home, printer_id, *NAMES)
    told: list[PrinterState] = []
    server = label_server(
        home, printer_id, printer, tcp(plugged(printer, delay_s=0.05).port), told.append
    )
    assert server.serve().trouble is None
    assert states(home, job) == ["confirmed"] * 4 and PrinterState.BUSY in told
    assert_each_once(printer)


@pytest.mark.parametrize("language", ["tspl", "zpl", "epl", "cpcl", "escpos"])
def test_paper_out_before_the_start_leaves_everything_in_the_queue(
    home: Any, plugged: Any, language: str
) -> None:
    printer = SimulatedPrinter(language, paper_left=0)
    printer_id = add_printer(home)
    job = enqueue(home, printer_id, *NAMES)
    server = label_server(home, printer_id, printer, tcp(plugged(printer).port))
    found = server.serve()
    silent = printer.silent_when_stopped
    assert found.state is (PrinterState.UNKNOWN if silent else PrinterState.PAPER_OUT)
    assert states(home, job) == ["queued"] * 4
    printer.load_paper(50)
    serve_all(server)
    assert states(home, job) == ["confirmed"] * 4
    assert_each_once(printer)


def test_a_roll_that_ends_in_between_is_changed_and_the_job_goes_on(
    home: Any, plugged: Any, tspl: SimulatedPrinter
) -> None:
    tspl.paper_left = 2
    printer_id = add_printer(home)
    job = enqueue(home, printer_id, *NAMES)
    told: list[PrinterState] = []

    def person(state: PrinterState) -> None:
        told.append(state)
        if told.count(PrinterState.PAPER_OUT) == 3:
            tspl.load_paper(None)

    server = label_server(home, printer_id, tspl, tcp(plugged(tspl).port), person)
    assert server.serve().trouble is None
    assert PrinterState.PAPER_OUT in told and states(home, job) == ["confirmed"] * 4
    assert_each_once(tspl)


def test_the_cover_opened_while_labels_wait_and_closed_again(
    home: Any, plugged: Any, tspl: SimulatedPrinter
) -> None:
    printer_id = add_printer(home)
    tspl.set_state(head_open=True)
    job = enqueue(home, printer_id, *NAMES)
    server = label_server(home, printer_id, tspl, tcp(plugged(tspl).port))
    assert server.serve().state is PrinterState.HEAD_OPEN
    assert states(home, job) == ["queued"] * 4
    tspl.set_state(head_open=False)
    serve_all(server)
    assert_each_once(tspl)


def test_a_printer_that_falls_silent_after_the_labels_is_asked_about(
    home: Any, plugged: Any, tspl: SimulatedPrinter
) -> None:
    printer_id = add_printer(home)
    job = enqueue(home, printer_id, *NAMES)

    def silence(state: PrinterState) -> None:
        tspl.silent = True

    server = label_server(home, printer_id, tspl, tcp(plugged(tspl).port), silence)
    assert "silent" in str(server.serve().trouble)
    assert states(home, job) == ["uncertain"] * 4
    tspl.silent = False
    assert look_at_the_printer(home, tspl) == list(NAMES)
    assert serve_all(server) == 0
    assert_each_once(tspl)


@pytest.mark.parametrize("network", [True, False], ids=["network", "serial"])
def test_switched_off_and_on_with_labels_in_its_memory(
    home: Any, plugged: Any, network: bool
) -> None:
    """On a network the line breaks; on a serial one it looks like a short silence."""
    printer = SimulatedPrinter("tspl", paper_left=1)
    printer_id = add_printer(home)
    job = enqueue(home, printer_id, *NAMES)
    told: list[PrinterState] = []
    line = plugged(printer) if network else None

    def person(state: PrinterState) -> None:
        told.append(state)
        if told[-2:] == [PrinterState.PAPER_OUT] * 2 and not printer.silent:
            printer.silent = True
            printer.revive()
            if line is not None:
                printer.die_after = 0
        elif state is PrinterState.UNKNOWN:
            printer.silent = False
            printer.load_paper(None)

    transport = tcp(line.port) if line else SimulatedPrinterTransport(printer, "COM3")
    server = label_server(home, printer_id, printer, transport, person)
    assert server.serve().trouble is not None
    printer.revive()
    assert states(home, job) == ["uncertain"] * 4
    assert look_at_the_printer(home, printer) == list(NAMES)
    serve_all(server)
    assert states(home, job) == ["confirmed"] * 4
    assert_each_once(printer)


def test_a_short_silence_while_it_goes_on_printing_is_nothing(home: Any) -> None:
    printer = SimulatedPrinter("tspl", seconds_per_label=0.4)
    printer_id = add_printer(home)
    job = enqueue(home, printer_id, *NAMES)
    told: list[PrinterState] = []

    def noise(state: PrinterState) -> None:
        told.append(state)
        printer.silent = told.count(PrinterState.BUSY) == 1 and state is PrinterState.BUSY

    server = label_server(home, printer_id, printer, SimulatedPrinterTransport(printer, "x"), noise)
    assert server.serve().trouble is None
    assert PrinterState.UNKNOWN in told and states(home, job) == ["confirmed"] * 4


class Killed(BaseException):
    """The program is gone: nothing after it runs any more."""


def test_killed_while_sending_is_asked_about_by_the_next_start(
    home: Any, plugged: Any, tspl: SimulatedPrinter
) -> None:
    printer_id = add_printer(home)
    job = enqueue(home, printer_id, *NAMES)
    transport = tcp(plugged(tspl).port)
    write, count = transport.write, 0

    def die(data: bytes) -> None:
        nonlocal count
        count += 1
        write(data)
        if count == 3:  # status, first label, second label
            raise Killed

    transport.write = die  # type: ignore[method-assign]
    with pytest.raises(Killed):
        label_server(home, printer_id, tspl, transport).serve()
    assert states(home, job) == ["sent", "sending", "sending", "sending"]
    server = label_server(home, printer_id, tspl, tcp(transport.port))
    assert server.serve().sent == 0
    assert states(home, job) == ["uncertain"] * 4
    assert look_at_the_printer(home, tspl) == list(NAMES)
    serve_all(server)
    assert states(home, job) == ["confirmed"] * 4
    assert_each_once(tspl)


class Flaky:
    """A database whose line breaks at chosen calls, before or after the commit."""

    def __init__(self, real: Any, function: Callable[..., Any], at: int, *, after: bool) -> None:
        self._real, self._function, self._left, self._after = real, function, at, after

    def connect(self) -> Any:
        return self._real.connect()

    def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        broken = False
        if function is self._function:
            self._left -= 1
            broken = self._left == 0
        if broken and not self._after:
            raise ServerUnreachable("The line is cut.")
        result = self._real.run(function, *args, **kwargs)
        if broken:
            raise ServerUnreachable("The line is cut.")
        return result


@pytest.mark.parametrize("after", [False, True], ids=["before commit", "after commit"])
@pytest.mark.parametrize(
    ("function", "at"),
    [(print_queue.claim, 1), *((print_queue.note, n) for n in range(1, 6))],
    ids=["claim", "sent 1", "sent 2", "sent 3", "sent 4", "confirmed"],
)
def test_the_database_goes_away_at_any_step_and_nothing_is_lost_or_doubled(
    home: Any, tspl: SimulatedPrinter, function: Any, at: int, after: bool
) -> None:
    printer_id = add_printer(home)
    job = enqueue(home, printer_id, *NAMES)
    line = SimulatedPrinterTransport(tspl, "x")
    flaky = Flaky(home, function, at, after=after)
    server = label_server(flaky, printer_id, tspl, line)
    with pytest.raises(ServerUnreachable):
        server.serve()
    serve_all(server)
    assert not {"sending", "sent"} & set(states(home, job)), "what hung is asked about"
    look_at_the_printer(home, tspl)
    serve_all(server)
    assert states(home, job) == ["confirmed"] * 4
    assert_each_once(tspl)


def test_unplugged_while_idle_and_back_again(
    home: Any, plugged: Any, tspl: SimulatedPrinter
) -> None:
    printer_id = add_printer(home)
    line = plugged(tspl)
    told: list[PrinterState] = []
    server = label_server(home, printer_id, tspl, tcp(line.port), told.append)
    assert server.serve().trouble is None
    line.stop()
    assert server.serve().state is PrinterState.UNKNOWN
    job = enqueue(home, printer_id, *NAMES)
    assert server.serve().sent == 0 and states(home, job) == ["queued"] * 4
    line.start()
    serve_all(server)
    assert told[-1] is PrinterState.READY and states(home, job) == ["confirmed"] * 4
    assert_each_once(tspl)


def test_one_way_is_sent_and_that_is_the_end(
    home: Any, plugged: Any, tspl: SimulatedPrinter
) -> None:
    tspl.silent = True
    printer_id = add_printer(home)
    job = enqueue(home, printer_id, *NAMES)
    silent = replace(profile_of(tspl), silent=True)
    server = label_server(home, printer_id, tspl, tcp(plugged(tspl).port), profile=silent)
    assert server.serve().trouble is None
    assert states(home, job) == ["sent"] * 4
    assert serve_all(server) == 0 and states(home, job) == ["sent"] * 4, "nobody is asked later"
    wait_for_paper(tspl, len(NAMES))
    assert_each_once(tspl)


def test_one_way_and_dead_in_mid_label_is_asked_about(
    home: Any, plugged: Any, tspl: SimulatedPrinter
) -> None:
    tspl.silent = True
    printer_id = add_printer(home)
    job = enqueue(home, printer_id, *NAMES)
    silent = replace(profile_of(tspl), silent=True)
    line = SimulatedPrinterTransport(tspl, "x")
    tspl.die_after = label_bytes(tspl, "Alpha") + 300
    server = label_server(home, printer_id, tspl, line, profile=silent)
    assert server.serve().trouble is not None
    assert states(home, job) == ["uncertain", "uncertain", "queued", "queued"]
    tspl.revive()
    assert look_at_the_printer(home, tspl) == ["Alpha", "Bravo"]
    serve_all(server)
    assert states(home, job) == ["confirmed", "sent", "sent", "sent"]
    assert_each_once(tspl)


class Spooler(SimulatedPrinterTransport):
    """Takes each label for good, answers nothing, and may refuse the end of the job."""

    bidirectional = False
    refuses_the_end = False

    def finish(self) -> None:
        if self.refuses_the_end:
            raise DeviceError("The spooler is full.")


def test_a_spooler_that_refuses_the_end_of_the_job_is_asked_about(
    home: Any, tspl: SimulatedPrinter
) -> None:
    printer_id = add_printer(home)
    job = enqueue(home, printer_id, "Alpha")
    line = Spooler(tspl, "x")
    line.refuses_the_end = True
    assert label_server(home, printer_id, tspl, line).serve().trouble is not None
    assert states(home, job) == ["uncertain"]


def test_a_spooler_that_breaks_later_keeps_what_it_took(home: Any, tspl: SimulatedPrinter) -> None:
    printer_id = add_printer(home)
    job = enqueue(home, printer_id, *NAMES)
    tspl.die_after = label_bytes(tspl, "Alpha") + 300
    label_server(home, printer_id, tspl, Spooler(tspl, "x")).serve()
    assert states(home, job) == ["sent", "uncertain", "queued", "queued"]


@pytest.mark.expects_log("cannot be drawn")
def test_a_label_nobody_can_draw_fails_and_the_next_is_printed(
    home: Any, tspl: SimulatedPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    printer_id = add_printer(home)
    job = enqueue(home, printer_id, "Alpha", "Bravo")
    real = serving.render

    def broken(design: Any, fields: Any, **given: Any) -> Any:
        if fields["name"] == "Alpha":
            raise ZeroDivisionError
        return real(design, fields, **given)

    monkeypatch.setattr(serving, "render", broken)
    label_server(home, printer_id, tspl, SimulatedPrinterTransport(tspl, "x")).serve()
    assert states(home, job) == ["failed", "confirmed"]
    monkeypatch.undo()
    home.run(print_queue.retry, job)
    serve_all(label_server(home, printer_id, tspl, SimulatedPrinterTransport(tspl, "x")))
    assert_each_once(tspl, ("Alpha", "Bravo"))


def test_two_programs_of_one_pc_print_each_of_200_labels_once(database: Any) -> None:
    printer = SimulatedPrinter("tspl")
    programs = [database.as_user("storekeeper", workstation=HOME) for _ in range(2)]
    printer_id = add_printer(programs[0])
    names = tuple(f"N{number:03}" for number in range(200))
    job = enqueue(programs[0], printer_id, *names)
    end = threading.Event()

    def run(program: Any) -> int:
        server = label_server(program, printer_id, printer, SimulatedPrinterTransport(printer, "x"))
        sent = 0
        while not end.is_set():
            sent += server.serve().sent
            if server.pending().queued == 0:
                end.set()
        return sent

    with ThreadPoolExecutor(2) as pool:
        sent = list(pool.map(run, programs))
    assert sum(sent) == 200
    assert states(database, job) == ["confirmed"] * 200
    assert_each_once(printer, names)


def test_while_one_program_serves_the_other_waits_and_asks_nothing(
    database: Any, home: Any, tspl: SimulatedPrinter
) -> None:
    printer_id = add_printer(home)
    job = enqueue(home, printer_id, *NAMES)
    other = database.as_user("storekeeper", workstation=HOME)
    server = label_server(other, printer_id, tspl, SimulatedPrinterTransport(tspl, "x"))
    with printer_seat(home, printer_id) as mine:
        assert mine
        home.run(print_queue.claim, printer_id, 2)
        found = server.serve()
        assert found.sent == 0 and "Another program" in str(found.trouble)
        assert states(home, job) == ["sending", "sending", "queued", "queued"]
    assert server.serve().sent == 0
    assert states(home, job) == ["uncertain", "uncertain", "queued", "queued"]


def test_only_the_pc_of_the_printer_serves_it(
    database: Any, home: Any, tspl: SimulatedPrinter
) -> None:
    printer_id = add_printer(home)
    job = enqueue(home, printer_id, *NAMES)
    away = database.as_user("storekeeper", workstation="PC-2")
    line = SimulatedPrinterTransport(tspl, "x")
    with pytest.raises(RuleRefused, match="PC its printer hangs on"):
        label_server(away, printer_id, tspl, line).serve()
    assert states(home, job) == ["queued"] * 4 and tspl.printed_count == 0
    serve_all(label_server(home, printer_id, tspl, line))
    assert_each_once(tspl)


def test_closing_the_program_asks_about_what_was_not_confirmed(home: Any) -> None:
    printer = SimulatedPrinter("tspl", seconds_per_label=30)
    printer_id = add_printer(home)
    job = enqueue(home, printer_id, "Alpha")
    closing = threading.Event()
    line = SimulatedPrinterTransport(printer, "x")
    server = label_server(
        home, printer_id, printer, line,
        lambda state: closing.set() if state is PrinterState.BUSY else None,
        stopped=closing.is_set,
    )  # fmt: skip
    assert "closed" in str(server.serve().trouble)
    assert states(home, job) == ["uncertain"]
