"""Devices of code through the real ways: labels through the queue, counting by weight."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from desktop_app.app import company
from desktop_app.app.demo.day_tables import HINGE
from desktop_app.app.demo.record import expect
from desktop_app.app.demo.world import World
from desktop_app.core import clock
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.label_design import LabelDesign, LabelKind
from desktop_app.domain.label_json import to_json
from desktop_app.domain.weighing import Sample, count_by_weight, learn
from desktop_app.hardware.labels.language import LabelJob
from desktop_app.hardware.labels.languages import LANGUAGES
from desktop_app.hardware.labels.profile import PrinterProfile
from desktop_app.hardware.labels.status import PrinterState
from desktop_app.hardware.scales.capture import AutoCapture, Captured
from desktop_app.hardware.scales.device import ScaleDevice
from desktop_app.hardware.scales.protocol import ScaleProfile
from desktop_app.hardware.simulators.links import MemoryLink, Simulation
from desktop_app.hardware.simulators.printer import SimulatedPrinter
from desktop_app.hardware.simulators.printer_transport import SimulatedPrinterTransport
from desktop_app.hardware.simulators.scale import SimulatedScale
from desktop_app.hardware.transports.memory import MemoryCable
from desktop_app.reporting.labels.render import render, to_png
from desktop_app.reporting.labels.sheet import cut_grid, sheets
from desktop_app.services import devices, label_designs, label_values, print_queue
from desktop_app.services.devices import SIMULATOR
from desktop_app.services.label_server import LabelServer
from desktop_app.services.label_values import GoodsWish
from desktop_app.services.print_queue import PrintOrder

DOCK, PRINTER = "DOCK-1", "标签机 收货台"
LABELS, ON_THE_ROLL = 6, 2
SCREW, SCREW_GRAMS, IN_THE_HEAP = "LS-M4-10", Decimal("1.15"), 236
SAMPLES = ((100, Decimal("115.3")), (80, Decimal("91.8")), (120, Decimal("138.2")))
"""Counted by hand: pieces and the grams they weigh; screws differ a little."""
SCALE = ScaleProfile(
    "mt_sics", unit="g", division=Decimal("0.1"), capacity=Decimal(3000), min_weight=Decimal(5),
    stable_count=2, poll_s=Decimal("0.05"),
)  # fmt: skip
MOST_SECONDS = 20.0


def labels(world: World) -> None:
    """Asked for in the office, printed at the dock; the roll ends, a new one goes on."""
    profile = PrinterProfile()
    printer_id = _printer(world, profile)
    design = world.read(company.OWNER, label_designs.designs, LabelKind.ITEM)[1].design
    wishes = [GoodsWish(world.demo.items[HINGE])] * LABELS
    values = world.read("xiaoshou", label_values.goods, wishes)
    order = PrintOrder(printer_id, f"标签 {HINGE}", to_json(design), tuple(values))
    job = world.run("xiaoshou", print_queue.enqueue, order)
    expect(world.run("xiaoshou", print_queue.enqueue, order) == job, "asked for twice")
    world.refused("xiaoshou", "print on another PC's printer", print_queue.claim, printer_id, 5)

    printer = SimulatedPrinter(profile.language, dpi=profile.dpi, paper_left=ON_THE_ROLL)
    heard = _serve(world, printer_id, profile, printer)
    states = world.read("xiaoshou", _states, job)
    expect(states == ["confirmed"] * LABELS, f"labels are {states}")
    expect(printer.printed_count == LABELS, f"{printer.printed_count} labels came out")
    expect(PrinterState.PAPER_OUT in heard, "the printer never told that its paper was out")
    world.record.write("labels", "label-203dpi.png", to_png(printer.labels[0], 3))
    sheet = sheets(design, values, cut_grid(design))
    world.record.write("labels", "label-sheet-A4.pdf", sheet.pdf)
    world.record.fact("printed", printer.printed_count)
    world.record.fact("told", [state.name.lower() for state in heard])
    world.notes["label_values"] = values
    world.notes["print_job"] = _broken_off(world, printer_id, profile, design, values)


def _printer(world: World, profile: PrinterProfile) -> int:
    settings = {"transport": {"kind": SIMULATOR}, "profile": profile.to_json()}
    values = {"kind": "printer", "name": PRINTER, "workstation": DOCK, "settings": settings}
    world.refused("xiaoshou", "set up a device", devices.save, values)
    return world.run(company.OWNER, devices.save, values)


def _serve(
    world: World, printer_id: int, profile: PrinterProfile, printer: SimulatedPrinter
) -> list[PrinterState]:
    """Serve the queue as the dock's PC does, putting in a new roll when it is asked for."""
    heard: list[PrinterState] = []

    def told(state: PrinterState, _sentence: Any) -> None:
        if not heard or heard[-1] is not state:
            heard.append(state)

    def wait(_seconds: float) -> None:
        if printer.paper_left == 0:
            printer.load_paper(None)

    server = LabelServer(
        world.person("cangku", DOCK), printer_id, LANGUAGES[profile.language], profile,
        SimulatedPrinterTransport(printer, PRINTER), told, lambda: False, wait,
    )  # fmt: skip
    while server.serve().sent:
        pass
    return heard


def _broken_off(
    world: World,
    printer_id: int,
    profile: PrinterProfile,
    design: LabelDesign,
    values: Sequence[dict[str, str]],
) -> int:
    """The plug is pulled in the second label: what may have come out is asked, the rest waits."""
    order = PrintOrder(printer_id, f"标签 {HINGE} 第二卷", to_json(design), tuple(values))
    job = world.run("cangku", print_queue.enqueue, order)
    printer = SimulatedPrinter(profile.language, dpi=profile.dpi)
    printer.die_after = _length(profile, design, values[0]) * 3 // 2
    _serve(world, printer_id, profile, printer)
    states = world.read("cangku", _states, job)
    asked, waiting = "uncertain" in states, states.count("queued") == LABELS - 2
    expect(asked and waiting, f"after the break labels are {states}")
    world.record.fact("after_the_break", states)
    return job


def _length(profile: PrinterProfile, design: LabelDesign, values: dict[str, str]) -> int:
    """How many bytes one label is."""
    drawn = render(design, values, dpi=profile.dpi, margin_mm=profile.margin_mm)
    return len(LANGUAGES[profile.language].encode(LabelJob(drawn.bitmap, profile)))


def _states(uow: UnitOfWork, job: int) -> list[str]:
    rows = uow.execute("SELECT state FROM print_label WHERE job_id = %s ORDER BY seq", (job,))
    return [state for (state,) in rows.fetchall()]


def weigh(world: World) -> None:
    """Learn what a screw weighs from counted ones, then count a heap without counting."""
    scale = SimulatedScale(SCALE, settle_s=0.1)
    cable = MemoryCable("demo scale")
    simulation = Simulation(scale, MemoryLink(cable), per_second=0).start()
    device = ScaleDevice("计数秤", SCALE, lambda: cable.host)
    desk = _Desk(scale, device)
    try:
        samples = [Sample(pieces, desk.weigh(grams).value) for pieces, grams in SAMPLES]
        unit = learn(samples, SCALE.division)
        heap = desk.weigh(IN_THE_HEAP * SCREW_GRAMS)
    finally:
        device.stop()
        simulation.stop()
    counted = count_by_weight(heap.value, unit, SCALE.division)
    expect(counted.pieces == IN_THE_HEAP, f"{IN_THE_HEAP} screws weigh like {counted.pieces}")
    item = world.demo.items[SCREW]
    world.run(
        company.OWNER, devices.learn_unit_weight, item, unit.mean_g, unit.spread_g,
        unit.pieces,
    )  # fmt: skip
    world.record.fact("one_screw_g", str(unit.mean_g))
    world.record.fact("heap", str(counted.message))
    world.record.fact("evidence", heap.as_evidence(device.name))
    world.notes["devices"] = world.run(company.OWNER, devices.add_simulated)
    passed = world.run(
        company.OWNER, devices.record_check, world.notes["devices"][0], Decimal(1000),
        Decimal("1000.2"), Decimal("0.5"),
    )  # fmt: skip
    expect(passed, "a scale 0.2 g off was judged wrong")


class _Desk:
    """A person who puts something on the scale and takes it off again."""

    def __init__(self, scale: SimulatedScale, device: ScaleDevice) -> None:
        self._scale = scale
        self._capture = AutoCapture(SCALE.min_weight)
        self._taken: list[Captured] = []
        self._news = threading.Event()
        device.on_reading(self._see)
        device.start()

    def weigh(self, load: Decimal) -> Captured:
        """The weight the program takes over by itself. Raises DemoFailed when it never does."""
        self._wait(lambda: self._capture.armed, "the empty scale was never seen")
        self._scale.put(load, clock.monotonic())
        self._wait(lambda: bool(self._taken), "no steady weight was taken over")
        self._scale.put(Decimal(0), clock.monotonic())
        return self._taken.pop()

    def _see(self, weighed: Any) -> None:
        taken = self._capture.see(weighed)
        if taken is not None:
            self._taken.append(taken)
        self._news.set()

    def _wait(self, holds: Any, otherwise: str) -> None:
        end = clock.monotonic() + MOST_SECONDS
        while not holds():
            expect(clock.monotonic() < end, otherwise)
            self._news.wait(0.2)
            self._news.clear()
