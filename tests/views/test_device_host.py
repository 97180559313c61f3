"""The devices of a PC run while the program runs, and come and go without a restart."""

from __future__ import annotations

from decimal import Decimal
from threading import Event
from typing import Any

import pytest

from desktop_app.core import clock
from desktop_app.domain.label_design import LabelDesign, LabelKind, Text
from desktop_app.domain.label_json import to_json
from desktop_app.hardware.lamp import Colour
from desktop_app.hardware.transports.failures import DeviceError
from desktop_app.hardware.transports.transport import Transport
from desktop_app.runtime import device_host
from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.device_host import DeviceHost
from desktop_app.runtime.operations import InlineOperations
from desktop_app.services import devices, print_queue
from desktop_app.services.print_queue import PrintOrder

DESIGN = to_json(
    LabelDesign(
        LabelKind.ITEM, "s", Decimal(40), Decimal(30),
        (Text("{name}", Decimal(2), Decimal(2), Decimal(36), Decimal(10)),),
    )
)  # fmt: skip
SCALE = {
    "kind": "scale",
    "name": "Bench",
    "settings": {"transport": {"kind": "simulator"}, "profile": {"protocol": "mt_sics"}},
}
TCP = {"kind": "tcp", "host": "127.0.0.1", "port": 9}
PRINTER = {
    "kind": "printer",
    "name": "Desk",
    "settings": {"transport": {"kind": "simulator"}, "profile": {"language": "tspl"}},
}


@pytest.fixture
def hosted(qtbot: Any, database: Any) -> Any:
    """(host, bus, storekeeper's database) of PC-1; stopped at the end."""
    home = database.as_user("storekeeper", workstation="PC-1")
    bus = ChangeBus()
    host = DeviceHost(InlineOperations(home), bus, home, "PC-1")
    yield host, bus, home
    host.stop()


def test_a_scale_is_plugged_in_and_weighs(qtbot: Any, hosted: Any) -> None:
    host, bus, home = hosted
    host.start()
    assert host.hosted() == ()
    scale = home.run(devices.save, SCALE)
    heard: list[Any] = []
    host.weighed.connect(lambda device_id, weighed: heard.append(weighed))
    bus.publish({"device"})
    qtbot.waitUntil(lambda: bool(host.scales()), timeout=30000)
    model = host.simulators.of(host.find(scale).device).model
    model.put(Decimal("1.250"), clock.monotonic())
    qtbot.waitUntil(lambda: any(w.reading.value == Decimal("1.250") for w in heard), timeout=300000)
    qtbot.waitUntil(lambda: host.find(scale).lamp.colour is Colour.GREEN, timeout=30000)


def test_labels_come_out_and_wait_for_paper(qtbot: Any, hosted: Any) -> None:
    host, bus, home = hosted
    printer = home.run(devices.save, PRINTER)
    host.start()
    model = host.simulators.of(host.find(printer).device).model
    model.seconds_per_label = 0.0
    model.load_paper(1)
    order = PrintOrder(printer, "x", DESIGN, ({"name": "a"}, {"name": "b"}))
    home.run(print_queue.enqueue, order)
    bus.publish({"print_queue"})
    qtbot.waitUntil(lambda: model.printed_count == 1, timeout=300000)
    qtbot.waitUntil(lambda: host.find(printer).lamp.colour is Colour.AMBER, timeout=300000)
    model.load_paper(50)
    qtbot.waitUntil(lambda: model.printed_count == 2, timeout=300000)
    qtbot.waitUntil(lambda: states(home) == {"confirmed": 2}, timeout=300000)


def test_wrong_settings_are_told_at_the_lamp(qtbot: Any, hosted: Any) -> None:
    host, _, home = hosted
    wrong = home.run(
        devices.save, {**SCALE, "settings": {"transport": {"kind": "serial"}, "profile": {}}}
    )
    host.start()
    assert host.find(wrong).lamp.colour is Colour.RED
    assert "protocol" in str(host.find(wrong).lamp.sentence)


def test_a_device_of_another_pc_is_not_run_here(qtbot: Any, hosted: Any) -> None:
    host, _, home = hosted
    home.run(devices.save, {**SCALE, "workstation": "PC-2"})
    host.start()
    assert host.hosted() == ()
    assert [d.workstation for d in home.read(devices.of_kind, "scale")] == ["PC-2"]


def states(database: Any) -> dict[str, int]:
    return dict(
        database.read(
            lambda u: u.execute("SELECT state, count(*) FROM print_label GROUP BY 1").fetchall()
        )
    )


class DeadLine(Transport):
    """A device whose connecting hangs, as a dead address does, until ``answer`` is set."""

    def __init__(self) -> None:
        self.asked, self.answer, self.gone = Event(), Event(), Event()

    def open(self) -> None:
        self.asked.set()
        self.answer.wait(10)
        self.gone.set()
        raise DeviceError("Nothing answers.")

    def read(self, timeout_s: float) -> bytes:
        return b""

    def write(self, data: bytes) -> None:
        """Nobody hears it."""

    def close(self) -> None:
        """Nothing is open."""


class LiveLine(DeadLine):
    """A device that is there at once."""

    def open(self) -> None:
        self.asked.set()


def _on_lines(host: DeviceHost, lines: list[DeadLine], monkeypatch: Any) -> None:
    waiting = iter(lines)
    monkeypatch.setattr(host, "_transport", lambda _device: next(waiting))


def test_closing_the_program_does_not_wait_for_a_dead_device(
    qtbot: Any, hosted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, _bus, home = hosted
    line = DeadLine()
    _on_lines(host, [line], monkeypatch)
    monkeypatch.setattr(device_host, "GOODBYE_S", 0.05)
    home.run(devices.save, {**SCALE, "settings": {**SCALE["settings"], "transport": TCP}})
    host.start()
    assert line.asked.wait(5)
    host.stop()
    assert not line.gone.is_set(), "the program waited until the dead device gave up"
    line.answer.set()
    assert line.gone.wait(5)


def test_a_dead_device_is_changed_without_a_standstill(
    qtbot: Any, hosted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, bus, home = hosted
    dead, alive = DeadLine(), LiveLine()
    _on_lines(host, [dead, alive], monkeypatch)
    settings = {**SCALE["settings"], "transport": TCP}
    scale = home.run(devices.save, {**SCALE, "settings": settings})
    host.start()
    assert dead.asked.wait(5)
    home.run(devices.save, {"name": "Bench 2", "settings": settings}, device_id=scale, version=1)
    bus.changed.emit(frozenset({"device"}))
    assert not dead.gone.is_set(), "the screen stood still until the dead device gave up"
    assert host.find(scale).device.name == "Bench 2"
    assert not alive.asked.is_set(), "the new one waits until the line is free"
    dead.answer.set()
    assert alive.asked.wait(5)
    qtbot.waitUntil(lambda: host.find(scale).lamp.colour is not Colour.GREY, timeout=5000)
