"""Setting a label printer right: what is measured on the calibration label becomes offsets."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.errors import PermissionDenied, UserError
from desktop_app.domain.label_bitmap import to_dots
from desktop_app.domain.label_json import to_json
from desktop_app.hardware.labels.language import LabelJob, shifted
from desktop_app.hardware.labels.languages import LANGUAGES
from desktop_app.hardware.labels.profile import PrinterProfile
from desktop_app.hardware.simulators.printer import SimulatedPrinter
from desktop_app.hardware.simulators.printer_server import SimulatedPrinterServer
from desktop_app.hardware.transports.file import FileTransport
from desktop_app.reporting.labels.calibration import LINE_AT
from desktop_app.reporting.labels.render import render
from desktop_app.services import devices, print_queue, printer_calibration
from desktop_app.services.print_queue import PrintOrder
from desktop_app.services.printer_calibration import Measured
from desktop_app.services.printer_seat import printer_seat
from tests.scenarios.label_life import HOME, add_printer, label_server, tcp, wait_for_paper


@pytest.fixture
def home(database: Any) -> Any:
    """The PC the printer hangs on."""
    return database.as_user("storekeeper", workstation=HOME)


PROFILE = PrinterProfile(offset_x_mm=Decimal("0.5"))


def measured(left: str, top: str, length: str) -> Measured:
    return Measured(Decimal(left), Decimal(top), Decimal(length))


def test_what_is_missing_is_moved_to_a_tenth_of_a_millimetre() -> None:
    found = printer_calibration.corrected(PROFILE, measured("4.34", "6.5", "50.5"))
    assert (found.offset_x_mm, found.offset_y_mm) == (Decimal("0.2"), Decimal("1.5"))
    assert replace(found, offset_x_mm=Decimal("0.5"), offset_y_mm=Decimal(0)) == PROFILE


@pytest.mark.parametrize(
    ("length", "dpi"),
    [("33.8", "300"), ("73.9", "203"), ("16.9", "600")],
)
def test_a_line_of_another_length_names_the_head(length: str, dpi: str) -> None:
    set_to = 300 if dpi == "203" else 203
    with pytest.raises(UserError, match=f"about {dpi} dpi"):
        printer_calibration.corrected(PrinterProfile(dpi=set_to), measured("4", "8", length))


def test_more_than_a_printer_can_move_is_refused() -> None:
    with pytest.raises(UserError, match="cannot be"):
        printer_calibration.corrected(PROFILE, measured("60", "8", "50"))


def test_a_printer_that_misses_hits_after_one_correction() -> None:
    """A simulated printer whose paper lies 1.5 mm too far right and 0.8 mm too high."""
    design = printer_calibration.calibration_design(PROFILE)
    right, down = to_dots(Decimal("1.5"), 203), -to_dots(Decimal("0.8"), 203)

    def printed(profile: PrinterProfile) -> Any:
        printer = SimulatedPrinter("tspl")
        bitmap = render(design, {}, dpi=203).bitmap
        printer.receive(LANGUAGES["tspl"].encode(LabelJob(bitmap, profile)))
        return shifted(printer.labels[-1], right, down)

    def line_end(bitmap: Any) -> tuple[Decimal, Decimal]:
        """Left end of the longest level run of dots above the middle, in mm."""
        runs = []
        for y in range(to_dots(Decimal(5), 203), to_dots(Decimal(12), 203)):
            row = "".join("#" if bitmap.is_black(x, y) else " " for x in range(bitmap.width))
            longest = max(row.split(" "), key=len)
            runs.append((len(longest), row.index(longest), y))
        longest_run = max(runs)
        mm = Decimal("25.4") / 203
        return longest_run[1] * mm, longest_run[2] * mm

    plain = replace(PROFILE, offset_x_mm=Decimal(0))
    left, top = line_end(printed(plain))
    assert left - LINE_AT[0] > 1
    better = printer_calibration.corrected(plain, Measured(left, top, Decimal(50)))
    left, top = line_end(printed(better))
    assert abs(left - LINE_AT[0]) < Decimal("0.2")
    assert abs(top - LINE_AT[1]) < Decimal("0.2")


def test_the_offsets_are_kept_by_who_may_manage_devices(database: Any, home: Any) -> None:
    printer_id = add_printer(home)
    home.run(printer_calibration.correct, printer_id, measured("3.0", "8.2", "50"))
    kept = home.run(devices.get, printer_id)
    assert kept.settings["profile"]["offset_x_mm"] == "1.0"
    assert kept.settings["profile"]["offset_y_mm"] == "-0.2"
    finance = database.as_user("finance", workstation=HOME)
    with pytest.raises(PermissionDenied):
        finance.run(printer_calibration.correct, printer_id, measured("3.0", "8.2", "50"))


def test_a_label_for_each_darkness_step_and_the_best_is_kept(home: Any, tmp_path: Path) -> None:
    printer_id = add_printer(home)
    labels = printer_calibration.darkness_labels(PrinterProfile())
    assert [label["darkness"] for label in labels] == ["0", "3", "6", "9", "12", "15"]
    design = to_json(printer_calibration.darkness_design(PrinterProfile()))
    home.run(print_queue.enqueue, PrintOrder(printer_id, "Darkness", design, labels[:2]))

    file = tmp_path / "labels.prn"
    label_server(home, printer_id, SimulatedPrinter("tspl"), FileTransport(file)).serve()
    sent = file.read_bytes()
    assert [sent.count(b"DENSITY %d\r\n" % step) for step in (0, 3, 6)] == [1, 1, 0]
    assert sent.count(b"PRINT 1,1\r\n") == 2

    home.run(printer_calibration.set_darkness, printer_id, 9)
    assert home.run(devices.get, printer_id).settings["profile"]["darkness"] == 9
    with pytest.raises(UserError, match="from 0 to 15"):
        home.run(printer_calibration.set_darkness, printer_id, 16)


@pytest.mark.parametrize("language", ["zpl", "epl", "cpcl", "tspl"])
def test_steps_span_the_printer_s_own_scale(language: str) -> None:
    steps = [
        int(label["darkness"])
        for label in printer_calibration.darkness_labels(PrinterProfile(language=language))
    ]
    limits = LANGUAGES[language].darkness
    assert limits is not None
    assert (steps[0], steps[-1]) == limits
    assert len(steps) <= 8
    assert sorted(set(steps)) == steps


def test_a_receipt_printer_has_no_darkness_scale() -> None:
    assert printer_calibration.darkness_labels(PrinterProfile(language="escpos")) == ()


def test_the_printer_prints_its_own_page_when_nobody_else_prints(home: Any) -> None:
    printer_id = add_printer(home)
    printer = SimulatedPrinter("tspl")
    with SimulatedPrinterServer(printer) as line:
        assert label_server(home, printer_id, printer, tcp(line.port)).self_test() is None
        wait_for_paper(printer, 1)
    assert printer.printed_count == 1
    away = label_server(home, printer_id, printer, tcp(line.port)).self_test()
    assert away is not None, "unplugged is a sentence"
    with printer_seat(home, printer_id) as mine:
        assert mine
        busy = label_server(home, printer_id, printer, tcp(line.port)).self_test()
    assert str(busy) == "Another program on this PC is printing with it."
    none = label_server(home, printer_id, SimulatedPrinter("cpcl"), tcp(line.port)).self_test()
    assert str(none) == "This printer has no test page of its own."
