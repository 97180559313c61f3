"""The simulated printer behaves like the worst of the real ones."""

from __future__ import annotations

import socket
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from desktop_app.core import clock
from desktop_app.domain.label_bitmap import Bitmap
from desktop_app.hardware.labels.language import LabelJob
from desktop_app.hardware.labels.languages import LANGUAGES
from desktop_app.hardware.labels.profile import PrinterProfile
from desktop_app.hardware.labels.status import PrinterState, PrinterStatus
from desktop_app.hardware.simulators import printer as printer_module
from desktop_app.hardware.simulators.printer import PrinterDied, SimulatedPrinter
from desktop_app.hardware.simulators.printer_server import SimulatedPrinterServer

LANGUAGE_IDS = [language.id for language in LANGUAGES]


def _label(number: int) -> Bitmap:
    """A label that is told from others by its first byte."""
    return Bitmap(64, 16, bytes((number,)) + bytes(8 * 16 - 1))


def _profile(name: str) -> PrinterProfile:
    return PrinterProfile(name, width_mm=Decimal(20), height_mm=Decimal(10))


def _encoded(name: str, number: int = 129, copies: int = 1) -> bytes:
    return LANGUAGES[name].encode(LabelJob(_label(number), _profile(name), copies))


def _status(printer: SimulatedPrinter) -> PrinterStatus:
    language, profile = LANGUAGES[printer.language], _profile(printer.language)
    printer.replies()
    for query in language.status_queries(profile):
        printer.receive(query)
    return language.parse_status(printer.replies(), profile)


@pytest.mark.parametrize("name", LANGUAGE_IDS)
def test_out_of_paper_and_on_with_the_next_label(name: str) -> None:
    printer = SimulatedPrinter(name, paper_left=2)
    printer.silent_when_stopped = False
    assert _status(printer).state is PrinterState.READY
    for number in (1, 2, 3):
        printer.receive(_encoded(name, number))
    status = _status(printer)
    assert status.state is PrinterState.PAPER_OUT
    assert not status.can_print
    assert (printer.printed_count, printer.waiting_count) == (2, 1)
    printer.load_paper(10)
    assert [label.rows[0] for label in printer.labels] == [1, 2, 3]
    assert _status(printer).state is PrinterState.READY


@pytest.mark.parametrize("name", LANGUAGE_IDS)
def test_an_open_head_stops_and_is_told(name: str) -> None:
    printer = SimulatedPrinter(name)
    printer.silent_when_stopped = False
    printer.set_state(head_open=True)
    printer.receive(_encoded(name))
    assert _status(printer).state is PrinterState.HEAD_OPEN
    assert printer.printed_count == 0
    printer.set_state(head_open=False)
    assert printer.printed_count == 1


@pytest.mark.parametrize("name", ["tspl", "zpl", "epl"])
def test_a_paused_printer_and_an_empty_ribbon(name: str) -> None:
    printer = SimulatedPrinter(name)
    printer.silent_when_stopped = False
    printer.set_state(paused=True)
    assert _status(printer).state is PrinterState.PAUSED
    printer.set_state(paused=False, ribbon_out=True)
    expected = PrinterState.PAPER_OUT if name == "epl" else PrinterState.RIBBON_OUT
    assert _status(printer).state is expected
    printer.set_state(ribbon_out=False, fault=True)
    assert _status(printer).state is PrinterState.ERROR


def test_a_zebra_says_nothing_when_it_is_open_and_silence_is_not_ready() -> None:
    printer = SimulatedPrinter("zpl")
    printer.set_state(head_open=True)
    status = _status(printer)
    assert status.state is PrinterState.UNKNOWN
    assert not status.can_print
    assert "does not answer" in str(status.sentence)


@pytest.mark.parametrize("name", LANGUAGE_IDS)
def test_struck_dead_in_the_middle_of_a_label(name: str) -> None:
    printer = SimulatedPrinter(name)
    data = _encoded(name, 1)
    printer.die_after = len(data) + len(data) // 2
    printer.receive(data)
    with pytest.raises(PrinterDied):
        printer.receive(_encoded(name, 2))
    with pytest.raises(PrinterDied):
        printer.receive(b"more")
    printer.revive()
    printer.receive(_encoded(name, 3))
    printer.end_of_job()
    assert {label.rows[0] for label in printer.labels} == {1, 3}


def test_a_slow_printer_is_busy_and_tells_how_many_are_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 100.0
    monkeypatch.setattr(clock, "monotonic", lambda: now)
    assert printer_module.clock.monotonic() == 100.0
    printer = SimulatedPrinter("zpl", seconds_per_label=2)
    printer.receive(_encoded("zpl", copies=3))
    status = _status(printer)
    assert (status.state, status.remaining) == (PrinterState.BUSY, 3)
    now = 104.1
    assert printer.waiting_count == 1
    assert printer.printed_count == 2
    now = 200.0
    assert _status(printer).is_idle
    assert printer.printed_count == 3


def test_reset_drops_what_waits() -> None:
    printer = SimulatedPrinter("tspl", paper_left=0)
    printer.receive(_encoded("tspl", copies=5))
    assert printer.waiting_count == 5
    printer.receive(LANGUAGES["tspl"].reset())
    assert printer.waiting_count == 0


@given(st.lists(st.binary(max_size=200), max_size=8), st.sampled_from(LANGUAGE_IDS))
@settings(deadline=None)
def test_garbage_never_breaks_it(chunks: list[bytes], name: str) -> None:
    printer = SimulatedPrinter(name)
    for chunk in chunks:
        printer.receive(chunk)
    assert len(printer._buffer) <= 1_600
    printer.receive(b"\r\n" + _encoded(name))
    printer.end_of_job()


@given(st.integers(1, 40), st.sampled_from(LANGUAGE_IDS))
@settings(deadline=None, max_examples=40)
def test_any_cutting_of_the_bytes_prints_the_same(size: int, name: str) -> None:
    data = _encoded(name, 1) + _encoded(name, 2)
    printer = SimulatedPrinter(name)
    for start in range(0, len(data), size):
        printer.receive(data[start : start + size])
    printer.end_of_job()
    assert [label.rows[0] for label in printer.labels] == [1, 2]


@pytest.mark.parametrize("name", LANGUAGE_IDS)
def test_over_the_network(name: str) -> None:
    printer = SimulatedPrinter(name)
    language, profile = LANGUAGES[name], _profile(name)
    with (
        SimulatedPrinterServer(printer) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=5) as client,
    ):
        client.sendall(_encoded(name, 7, copies=2))
        reply = b""
        for query in language.status_queries(profile):
            client.sendall(query)
            reply += client.recv(200)
        assert language.parse_status(reply, profile).state is PrinterState.READY
    assert [label.rows[0] for label in printer.labels] == [7, 7]


def test_a_network_printer_that_dies_in_the_middle_breaks_the_connection() -> None:
    printer = SimulatedPrinter("tspl")
    printer.die_after = 300
    with (
        SimulatedPrinterServer(printer) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=5) as client,
        pytest.raises(OSError, match=r"reset|abort|Broken"),
    ):
        client.sendall(_encoded("tspl") * 3)
        while client.recv(10) or client.send(b"x"):
            pass
    assert printer.printed_count <= 1


def test_the_port_is_free_again_after_stopping() -> None:
    server = SimulatedPrinterServer(SimulatedPrinter())
    server.start()
    port = server.port
    server.stop()
    server.stop()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=1)
