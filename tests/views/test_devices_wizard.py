"""A device is added: the program finds out what the scale speaks; forms say what is wrong."""

from __future__ import annotations

import errno
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core import clock
from desktop_app.core.errors import InvalidInput
from desktop_app.hardware.lamp import Colour
from desktop_app.hardware.scales.protocol import ScaleProfile
from desktop_app.hardware.simulators.links import PtyLink, Simulation
from desktop_app.hardware.simulators.scale import SimulatedScale
from desktop_app.hardware.transports.failures import from_os_error
from desktop_app.runtime.device_host import DeviceHost
from desktop_app.runtime.operations import Operations
from desktop_app.services import devices
from desktop_app.views import lists
from desktop_app.views.devices import detect_panel, device_page
from tests.views.station_world import ALL, context_on, opened


@pytest.fixture
def threaded(qtbot: Any, database: Any, tmp_path: Path) -> Any:
    """A context whose slow work runs on a worker, as in the program."""
    operations = Operations(database.as_user("storekeeper", workstation="PC-1"))
    yield replace(context_on(database, tmp_path), operations=operations)
    operations.shutdown()


def new(qtbot: Any, context: Any, kind: str, connection: str) -> Any:
    page = opened(qtbot, device_page.create, context, id=None, kind=kind)
    box = page.connection.kind_box
    box.setCurrentIndex(box.findData(connection))
    return page


def test_the_program_finds_out_what_a_scale_speaks(
    qtbot: Any, threaded: Any, database: Any
) -> None:
    link = PtyLink()
    scale = SimulatedScale(ScaleProfile("toledo_continuous"))
    scale.put(Decimal("2.500"), clock.monotonic() - 5)
    with Simulation(scale, link, per_second=20):
        page = new(qtbot, threaded, "scale", "serial")
        page.connection.place.setEditText(link.path)
        page.detect.options = {"listen_s": 0.8}
        page.detect.start()
        qtbot.waitUntil(lambda: not page.detect.busy, timeout=20000)
        best = page.detect.table.table_rows.rows[0]
        assert best.last.value == Decimal("2.500")
        page.detect.take_button.click()
    assert page.scale.form.value("protocol") == "toledo_continuous"
    page.name.setText("Bench")
    page.save()
    qtbot.waitUntil(lambda: page.device is not None, timeout=8000)
    assert page.device.identity == f"serial:{link.path}"
    assert page.device.settings["profile"]["protocol"] == "toledo_continuous"
    assert not page.is_dirty()


def test_a_detection_can_be_stopped_and_a_missing_port_is_told(qtbot: Any, threaded: Any) -> None:
    page = new(qtbot, threaded, "scale", "serial")
    page.connection.place.setEditText("")
    page.detect.start()
    assert page.connection.problem.text() == "Port is missing."
    page.connection.place.setEditText("/dev/no-such-port")
    page.detect.start()
    qtbot.waitUntil(lambda: not page.detect.busy, timeout=8000)
    assert "not plugged in" in page.detect.problem.text()
    link = PtyLink()
    page.connection.place.setEditText(link.path)
    page.detect.start()
    qtbot.wait(300)
    page.detect.stop()
    qtbot.waitUntil(lambda: not page.detect.busy, timeout=8000)
    assert page.detect.sentence.text() == "Stopped."
    link.close()


def test_missing_rights_are_explained_where_the_search_fails(
    qtbot: Any, threaded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(_transport: Any, _line: Any) -> Any:
        raise from_os_error(PermissionError(errno.EACCES, "no"), "/dev/ttyUSB0")

    monkeypatch.setattr(detect_panel, "open_line", forbidden)
    page = new(qtbot, threaded, "scale", "serial")
    page.connection.place.setEditText("/dev/ttyUSB0")
    page.detect.start()
    qtbot.waitUntil(lambda: not page.detect.busy, timeout=8000)
    assert "You may not use" in page.detect.problem.text()
    assert page.connection.help.isVisible()
    assert "usermod -aG" in page.connection.help.text.text()


def test_two_forms_of_equals_are_told_apart_by_a_known_weight(qtbot: Any, threaded: Any) -> None:
    link = PtyLink()
    scale = SimulatedScale(ScaleProfile("equals_reversed"))
    scale.put(Decimal("12.340"), clock.monotonic() - 5)
    with Simulation(scale, link, per_second=20):
        page = new(qtbot, threaded, "scale", "serial")
        page.connection.place.setEditText(link.path)
        page.detect.options = {"listen_s": 0.8}
        page.detect.start()
        qtbot.waitUntil(lambda: not page.detect.busy, timeout=20000)
        assert page.detect.weight.isVisible(), (
            page.detect.sentence.text(),
            page.detect.problem.text(),
        )
        page.detect.weight.setText("12.34")
        page.detect.decide()
        qtbot.waitUntil(lambda: not page.detect.busy, timeout=8000)
    assert page.scale.form.value("protocol") == "equals_reversed"


def test_a_network_printer_is_set_up(qtbot: Any, database: Any, tmp_path: Path) -> None:
    context = context_on(database.as_user("storekeeper", workstation="PC-1"), tmp_path)
    page = new(qtbot, context, "printer", "tcp")
    page.connection.place.setEditText("192.168.1.20")
    size = page.printer.form.editor("size")
    size.setCurrentIndex(size.findData("100×150"))
    page.printer.edited("size")
    assert page.printer.form.value("gap_mm") == "3"
    page.printer.form.editor("offset_x_mm").setText("-1.5")
    page.printer.form.editor("darkness").setText("dark")
    page.save()
    assert page.device_id is None
    assert "Darkness" in page.printer.form._hints["darkness"].text()
    page.printer.form.editor("darkness").setText("８")
    page.save()
    profile = page.device.settings["profile"]
    assert (profile["width_mm"], profile["offset_x_mm"], profile["darkness"]) == ("100", "-1.5", 8)
    assert page.device.settings["transport"] == {
        "kind": "tcp", "host": "192.168.1.20", "port": 9100,
    }  # fmt: skip
    again = opened(qtbot, device_page.create, context, id=page.device_id)
    assert again.printer.form.editor("size").value() == "100×150"


def test_what_a_printer_cannot_be_told_is_refused_beside_the_field(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    page = new(qtbot, context_on(database, tmp_path), "printer", "network")
    form = page.printer.form
    form.show_values({**page.printer.settings(), "language": "escpos", "feed_mm": "2"})
    with pytest.raises(InvalidInput):
        page.printer.settings()
    assert "has no command for this" in form._hints["feed_mm"].text()
    form.editor("feed_mm").setText("0")
    assert page.printer.settings()["feed_mm"] == "0"


def test_who_may_only_look_cannot_change(qtbot: Any, database: Any, tmp_path: Path) -> None:
    saved = database.run(
        devices.save,
        {"kind": "scanner", "name": "Gun", "settings": {"transport": {"kind": "keyboard"}}},
    )
    context = context_on(database, tmp_path, ALL - {"device.manage"})
    page = opened(qtbot, device_page.create, context, id=saved)
    assert not page.save_button.isVisible()
    assert page.name.isReadOnly()


def test_devices_of_all_pcs_and_checks_are_lists(qtbot: Any, database: Any, tmp_path: Path) -> None:
    scale = database.run(devices.save, {"kind": "scale", "name": "Bench", "workstation": "PC-7"})
    passed = database.run(devices.record_check, scale, Decimal(500), Decimal(503), Decimal(1))
    assert not passed
    context = context_on(database, tmp_path)
    page = opened(qtbot, lists.create, context, list="list:device")
    assert page.table.rows.values(0)["workstation"] == "PC-7"
    checks = opened(qtbot, lists.create, context, list="list:scale_check")
    assert checks.table.rows.values(0)["error_g"] == Decimal(3)
    checks.open_row(0)
    assert context.open_page.calls[-1][0] == "scale_check"
    assert context.open_page.calls[-1][1]["row"]["device_id"] == scale


def test_a_running_scale_lets_go_of_its_line_while_it_is_examined(
    qtbot: Any, threaded: Any, database: Any
) -> None:
    link = PtyLink()
    settings = {
        "transport": {"kind": "serial", "identity": f"serial:{link.path}", "line": "9600 8N1"},
        "profile": {"protocol": "mt_sics"},
    }
    home = database.as_user("storekeeper", workstation="PC-1")
    saved = home.run(devices.save, {"kind": "scale", "name": "Bench", "settings": settings})
    host = DeviceHost(threaded.operations, threaded.bus, home, "PC-1")
    host.start()
    qtbot.waitUntil(lambda: host.find(saved) is not None, timeout=8000)
    scale = SimulatedScale(ScaleProfile("toledo_continuous"))
    with Simulation(scale, link, per_second=20):
        page = opened(qtbot, device_page.create, replace(threaded, devices=host), id=saved)
        qtbot.waitUntil(lambda: page.device is not None, timeout=8000)
        page.detect.options = {"listen_s": 0.8}
        page.detect.start()
        assert host.find(saved) is None
        qtbot.waitUntil(lambda: not page.detect.busy, timeout=20000)
        qtbot.waitUntil(lambda: host.find(saved) is not None, timeout=8000)
        page.detect.take_button.click()
        page.save()
        qtbot.waitUntil(lambda: page.device.version == 2, timeout=8000)
        qtbot.waitUntil(
            lambda: (h := host.find(saved)) is not None and h.lamp.colour is Colour.GREEN,
            timeout=8000,
        )
    host.stop()
