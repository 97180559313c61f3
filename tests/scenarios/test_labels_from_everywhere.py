"""Many screens ask for labels while the printer works; it hears of each within a second."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from desktop_app.core import clock
from desktop_app.database.notifications import Listener
from desktop_app.domain.label_json import to_json
from desktop_app.hardware.simulators.printer import SimulatedPrinter
from desktop_app.hardware.simulators.printer_transport import SimulatedPrinterTransport
from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.device_host import DeviceHost
from desktop_app.runtime.operations import InlineOperations
from desktop_app.services import devices, print_queue
from desktop_app.services.print_queue import PrintOrder
from tests.scenarios.label_life import (
    DESIGN,
    HOME,
    add_printer,
    drawn,
    enqueue,
    label_server,
    on_paper,
    states,
)

SCREENS, JOBS = 8, 6


def test_eight_screens_ask_while_it_prints(database: Any) -> None:
    home = database.as_user("storekeeper", workstation=HOME)
    printer_id, printer = add_printer(home), SimulatedPrinter("tspl")
    server = label_server(home, printer_id, printer, SimulatedPrinterTransport(printer, "x"))
    done = threading.Event()

    def ask(screen: int) -> None:
        office = database.as_user("sales", workstation=f"PC-{screen + 2}")
        for job in range(JOBS):
            enqueue(office, printer_id, f"{screen}.{job} a", f"{screen}.{job} b")

    def serve() -> None:
        while not done.is_set() or server.pending().queued:
            server.serve()

    with ThreadPoolExecutor(SCREENS + 1) as pool:
        serving = pool.submit(serve)
        for asked in [pool.submit(ask, screen) for screen in range(SCREENS)]:
            asked.result()
        done.set()
        serving.result()
    assert states(database) == ["confirmed"] * SCREENS * JOBS * 2
    wanted = [f"{s}.{j} {x}" for s in range(SCREENS) for j in range(JOBS) for x in "ab"]
    assert Counter(on_paper(printer)) == Counter(drawn(printer, name) for name in wanted)


def test_one_click_that_arrives_eight_times_is_one_job(database: Any) -> None:
    home = database.as_user("storekeeper", workstation=HOME)
    order = PrintOrder(add_printer(home), "x", to_json(DESIGN), ({"name": "a"},), uuid=uuid4())
    with ThreadPoolExecutor(SCREENS) as pool:
        jobs = {
            job.result()
            for job in [
                pool.submit(database.as_user("sales").run, print_queue.enqueue, order)
                for _ in range(SCREENS)
            ]
        }
    assert len(jobs) == 1 and states(database) == ["queued"]


@pytest.fixture
def host(qtbot: Any, database: Any) -> Iterator[DeviceHost]:
    """The devices of the printer's PC, woken by what other PCs commit."""
    home = database.as_user("storekeeper", workstation=HOME)
    bus = ChangeBus()
    made = DeviceHost(InlineOperations(home), bus, home, HOME)
    up = threading.Event()
    listener = Listener(home, bus.publish, lambda state: up.set() if state else None)
    listener.start()
    assert up.wait(5)
    yield made
    listener.stop()
    made.stop()


def test_a_label_asked_for_at_another_pc_begins_within_a_second(
    qtbot: Any, database: Any, host: DeviceHost
) -> None:
    home = database.as_user("storekeeper", workstation=HOME)
    settings = {"transport": {"kind": "simulator"}, "profile": {"language": "tspl"}}
    printer_id = home.run(devices.save, {"kind": "printer", "name": "Desk", "settings": settings})
    host.start()
    model = host.simulators.of(host.find(printer_id).device).model
    model.seconds_per_label = 0.0
    qtbot.waitUntil(lambda: "ready" in str(host.find(printer_id).lamp.sentence), timeout=5000)
    office = database.as_user("sales", workstation="PC-9")
    waits = []
    for number in range(3):
        before = clock.monotonic()
        enqueue(office, printer_id, f"N{number}")
        qtbot.waitUntil(lambda n=number: model.printed_count == n + 1, timeout=3000)
        waits.append(clock.monotonic() - before)
    assert max(waits) < 1.0, waits
