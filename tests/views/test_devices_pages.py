"""A storekeeper sets up, tries and repairs devices on screen, with simulators as devices."""

from __future__ import annotations

import errno
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop_app.hardware.lamp import Colour
from desktop_app.hardware.scanners.teaching import TEACH_CODES
from desktop_app.hardware.transports.failures import from_os_error, unplugged
from desktop_app.hardware.transports.transport import Transport
from desktop_app.queries.devices import unit_weight
from desktop_app.runtime.context import AppContext
from desktop_app.runtime.device_host import DeviceHost
from desktop_app.services import devices, scale_check_paper
from desktop_app.views.devices import check_paper, device_page, devices_page, log_page, test_page
from desktop_app.views.scanners import teach_page
from tests import factories
from tests.views.station_world import context_on, opened

SECONDS = 8000


@pytest.fixture
def desk(qtbot: Any, database: Any, tmp_path: Path) -> Any:
    """The context of a PC whose devices run."""
    home = database.as_user("storekeeper", workstation="PC-1")
    context = context_on(home, tmp_path)
    host = DeviceHost(context.operations, context.bus, home, "PC-1")
    yield replace(context, devices=host)
    host.stop()


def hosted(context: AppContext, kind: str) -> Any:
    assert context.devices is not None
    return next(h for h in context.devices.hosted() if h.device.kind == kind)


def try_everything(qtbot: Any, desk: AppContext) -> Any:
    page = opened(qtbot, devices_page.create, desk)
    page.add_simulated()
    return page


def test_without_devices_the_page_explains_and_offers_simulated_ones(
    qtbot: Any, desk: AppContext
) -> None:
    page = opened(qtbot, devices_page.create, desk)
    assert "No device is set up on this PC yet" in page.empty.sentence
    page.add_simulated()
    assert page.empty.sentence == ""
    assert {h.device.kind for h in desk.devices.hosted()} == set(devices.KINDS)
    qtbot.waitUntil(lambda: hosted(desk, "scale").lamp.colour is Colour.GREEN, timeout=SECONDS)
    page.add_simulated()
    assert len(desk.devices.hosted()) == 4, "pressing it again adds nothing"


def test_rights_are_explained_where_they_are_missing(
    qtbot: Any, desk: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole sentence stands below the list; how to join the group only when that is it."""

    class Forbidden(Transport):
        def open(self) -> None:
            raise from_os_error(PermissionError(errno.EACCES, "no"), "/dev/ttyUSB0")

        def read(self, timeout_s: float) -> bytes:
            return b""

        def write(self, data: bytes) -> None:
            """Never."""

        def close(self) -> None:
            """Never open."""

    class Gone(Forbidden):
        def open(self) -> None:
            raise unplugged("Bench")

    identity = "serial:1A86:7523:AB12"
    scale = {
        "kind": "scale",
        "name": "Bench",
        "identity": identity,
        "settings": {
            "transport": {"kind": "serial", "identity": identity},
            "profile": {"protocol": "cas_10"},
        },
    }
    monkeypatch.setattr(desk.devices, "_transport", lambda _device: Forbidden())
    desk.operations.command(devices.save, scale)
    page = opened(qtbot, devices_page.create, desk)
    assert desk.devices is not None
    desk.devices.start()
    qtbot.waitUntil(page.help.isVisible, timeout=SECONDS)
    assert "usermod -aG dialout" in page.help.text.text()
    assert 'ATTRS{idVendor}=="1a86"' in page.help.rule.text()
    assert "You may not use" in page.sentence.text()
    monkeypatch.setattr(desk.devices, "_transport", lambda _device: Gone())
    qtbot.waitUntil(lambda: "not plugged in" in page.sentence.text(), timeout=SECONDS)
    assert not page.help.isVisible(), "nothing is to be set up for a pulled cable"


def test_a_device_is_switched_off_and_on_again(qtbot: Any, desk: AppContext) -> None:
    page = try_everything(qtbot, desk)
    row = next(n for n, h in enumerate(desk.devices.hosted()) if h.device.kind == "scale")
    page.table.choose(row)
    scale = page.current.device
    page.switch_off()
    page.bar.confirm()
    assert desk.devices.find(scale.id) is None
    again = opened(qtbot, device_page.create, desk, id=scale.id)
    assert "switched off" in again.bar.text
    again.save()
    assert desk.devices.find(scale.id) is not None


def test_a_scale_is_weighed_on_tared_and_captured(qtbot: Any, desk: AppContext) -> None:
    try_everything(qtbot, desk)
    page = opened(qtbot, test_page.create, desk, id=hosted(desk, "scale").device.id)
    qtbot.waitUntil(lambda: page.main.capture.armed, timeout=SECONDS)
    page.desk.put(Decimal("1.250"))
    qtbot.waitUntil(lambda: len(page.main.captured) == 1, timeout=SECONDS)
    assert page.main.display.value.text() == "1.250"
    assert page.main.captured[0][1].value == Decimal("1.250")
    page.main.command("tare")
    qtbot.waitUntil(lambda: "confirmed" in page.main.answer.text(), timeout=SECONDS)
    qtbot.waitUntil(lambda: page.main.display.value.text() == "0.000", timeout=SECONDS)
    page.desk.put(Decimal("7"))
    qtbot.waitUntil(lambda: page.main.display.value.text() == "Overload", timeout=SECONDS)
    page.desk.plug.setChecked(False)
    qtbot.waitUntil(lambda: page.main.display.is_old, timeout=SECONDS)
    assert hosted(desk, "scale").lamp.colour is Colour.RED
    page.desk.plug.setChecked(True)
    qtbot.waitUntil(lambda: not page.main.display.is_old, timeout=SECONDS)


def test_the_daily_check_is_kept(qtbot: Any, desk: AppContext, database: Any) -> None:
    try_everything(qtbot, desk)
    device_id = hosted(desk, "scale").device.id
    page = opened(qtbot, test_page.create, desk, id=device_id)
    assert page.check.load.text() == "1500"
    page.check.run()
    assert page.check.problem.text(), "an empty or silent scale is not compared"
    for grams, kilos in (("1500", "1.500"), ("3000", "3.000"), ("6000", "5.980")):
        assert page.check.load.text() == grams
        page.desk.put(Decimal(kilos))
        _steady_at(qtbot, desk, Decimal(kilos))
        page.check.run()
    assert [verdict.passed for verdict in page.check.verdicts] == [False, True, True]
    at, passed = database.read(devices.last_check, device_id)
    assert at is not None and passed is False
    assert "25, 50 and 100" not in page.check.next.text()
    page.check.print_result()
    assert desk.open_page.calls[-1] == ("scale_check_paper", {"id": device_id})
    sheet = database.read(scale_check_paper.sheet, device_id)
    assert [(line.load_g, line.passed) for line in sheet.lines] == [
        (Decimal(1500), True), (Decimal(3000), True), (Decimal(6000), False),
    ]  # fmt: skip
    paper = opened(qtbot, check_paper.create, desk, id=device_id)
    qtbot.waitUntil(lambda: paper.document.pageCount() == 1, timeout=SECONDS)


def test_what_a_piece_weighs_is_learnt_and_counted_with(
    qtbot: Any, desk: AppContext, database: Any
) -> None:
    item_id = database.run(factories.make_item, "SCREW")
    owner = replace(desk, operations=context_on(database, Path()).operations)
    try_everything(qtbot, desk)
    page = opened(qtbot, test_page.create, owner, id=hosted(desk, "scale").device.id)
    page.learn.show_item(item_id, "x")
    for pieces, kilos in ((100, "0.400"), (150, "0.601"), (200, "0.799")):
        page.desk.put(Decimal(kilos))
        _steady_at(qtbot, desk, Decimal(kilos))
        page.learn.pieces.setText(str(pieces))
        page.learn.run()
    assert page.learn.learnt.pieces == 450
    page.learn.save()
    known = database.read(unit_weight, item_id)
    assert (known.mean_g, known.pieces) == (Decimal("4.000000"), 450)
    page.desk.put(Decimal("0.944"))
    qtbot.waitUntil(lambda: "236" in page.learn.count.text(), timeout=SECONDS)


def test_labels_come_out_of_the_simulated_printer(qtbot: Any, desk: AppContext) -> None:
    try_everything(qtbot, desk)
    page = opened(qtbot, test_page.create, desk, id=hosted(desk, "printer").device.id)
    page.desk._printer.seconds_per_label = 0.0
    page.desk._printer.load_paper(1)
    page.main.run()
    page.main.calibrate()
    desk.bus.publish({"print_queue"})
    qtbot.waitUntil(lambda: hosted(desk, "printer").lamp.colour is Colour.AMBER, timeout=SECONDS)
    page.desk.look()
    assert page.desk.labels.count() == 1
    page.desk.roll_button.click()
    qtbot.waitUntil(lambda: page.desk._printer.printed_count == 2, timeout=SECONDS)
    profile = page.main._profile
    assert (page.desk._printer.labels[-1].width, page.desk._printer.labels[-1].height) == (
        profile.width_dots,
        profile.height_dots,
    )


def test_a_printer_is_set_right_from_what_was_measured(qtbot: Any, desk: AppContext) -> None:
    try_everything(qtbot, desk)
    page = opened(qtbot, test_page.create, desk, id=hosted(desk, "printer").device.id)
    page.main.measure()
    for name, text in (("left", "3，4"), ("top", "8.2"), ("length", "x")):
        page.main.bar.field(name).setText(text)
    page.main.bar.confirm()
    assert page.main.bar.field("length").placeholderText() == "Between 0 and 300"
    page.main.bar.field("length").setText("50")
    page.main.bar.confirm()
    assert page.main._profile.offset_x_mm == Decimal("0.6")
    assert page.main._profile.offset_y_mm == Decimal("-0.2")
    page.main.measure()
    for name, text in (("left", "4"), ("top", "8"), ("length", "34")):
        page.main.bar.field(name).setText(text)
    page.main.bar.confirm()
    assert "about 300 dpi" in page.main.problem.text()


def test_the_darkness_that_reads_best_is_kept(qtbot: Any, desk: AppContext) -> None:
    try_everything(qtbot, desk)
    page = opened(qtbot, test_page.create, desk, id=hosted(desk, "printer").device.id)
    printer = page.desk._printer
    printer.seconds_per_label = 0.0
    page.main.darkness()
    desk.bus.publish({"print_queue"})
    qtbot.waitUntil(lambda: printer.printed_count == 6, timeout=SECONDS)
    page.main.bar.field("step").setText("9")
    page.main.bar.confirm()
    assert page.main._profile.darkness == 9


def test_the_printer_s_own_test_page_comes_out(qtbot: Any, desk: AppContext) -> None:
    try_everything(qtbot, desk)
    page = opened(qtbot, test_page.create, desk, id=hosted(desk, "printer").device.id)
    printer = page.desk._printer
    printer.seconds_per_label = 0.0
    page.main.own_page()
    qtbot.waitUntil(lambda: printer.printed_count == 1, timeout=SECONDS)
    assert page.main.problem.text() == ""


def test_a_code_from_the_pad_is_shown_with_its_bytes(qtbot: Any, desk: AppContext) -> None:
    try_everything(qtbot, desk)
    page = opened(qtbot, test_page.create, desk, id=hosted(desk, "scanner").device.id)
    qtbot.waitUntil(lambda: hosted(desk, "scanner").lamp.colour is Colour.GREEN, timeout=SECONDS)
    page.desk.scan("6901234567892")
    qtbot.waitUntil(lambda: page.main.rows != [], timeout=SECONDS)
    assert page.main.last.text() == "6901234567892"
    assert page.main.rows[0][3].startswith(b"690123")


def test_a_scanner_with_a_line_is_taught_and_keeps_its_habits(
    qtbot: Any, desk: AppContext, database: Any
) -> None:
    try_everything(qtbot, desk)
    device_id = hosted(desk, "scanner").device.id
    page = opened(qtbot, teach_page.create, desk, id=device_id)
    pad = opened(qtbot, test_page.create, desk, id=device_id)
    qtbot.waitUntil(lambda: hosted(desk, "scanner").lamp.colour is Colour.GREEN, timeout=SECONDS)
    page.begin()
    for number, code in enumerate(TEACH_CODES, start=1):
        pad.desk.scan("#" + code.text.replace("\x1d", "|"))
        qtbot.waitUntil(lambda n=number: len(page._received) == n, timeout=SECONDS)
    assert page.keep_button.isEnabled() and "“|”" in page.answers["separator"].text()
    page.keep()
    kept = database.read(devices.get, device_id).settings["profile"]
    assert (kept["prefix"], kept["separators"]) == ("#", "|")
    heard: list[tuple[str, str]] = []
    desk.devices.scanned.connect(lambda code, symbology, *_: heard.append((symbology, code)))
    qtbot.waitUntil(lambda: hosted(desk, "scanner").lamp.colour is Colour.GREEN, timeout=SECONDS)
    pad.desk.scan("#0106901234567892|17270131")
    qtbot.waitUntil(lambda: heard != [], timeout=SECONDS)
    assert heard == [("", "0106901234567892\x1d17270131")]


def test_the_byte_log_is_live_paused_saved_and_replayed(
    qtbot: Any, desk: AppContext, tmp_path: Path
) -> None:
    try_everything(qtbot, desk)
    page = opened(qtbot, log_page.create, desk, id=hosted(desk, "scale").device.id)
    qtbot.waitUntil(lambda: "53 20 53" in page.view.toPlainText(), timeout=SECONDS)
    page.pause_button.setChecked(True)
    before = page.view.toPlainText()
    qtbot.wait(400)
    assert page.view.toPlainText() == before
    saved = tmp_path / "scale.txt"
    page.save_to(saved)
    assert "Simulated scale" in saved.read_text(encoding="utf-8")
    page.replay_from(saved)
    replay = next(h for h in desk.devices.hosted() if h.device.name == "Replay of scale")
    qtbot.waitUntil(lambda: replay.lamp.colour is Colour.GREEN, timeout=SECONDS)


def _steady_at(qtbot: Any, desk: AppContext, value: Decimal) -> None:
    def steady() -> bool:
        latest = hosted(desk, "scale").running.latest
        return latest is not None and latest.value == value and latest.steady

    qtbot.waitUntil(steady, timeout=SECONDS)
