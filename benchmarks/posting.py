"""Receipt, shipment and bin move of 1, 20 and 500 lines: the real service against the floor.

Floor and service take turns on the same server (A B B A …), so that a busy moment of the
machine falls on both; medians are compared.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from itertools import cycle, islice
from statistics import median
from typing import Any

from benchmarks import company as real, floor
from benchmarks.company import Company
from benchmarks.limits import POSTED, SIZES, ratio
from benchmarks.proxy import DelayProxy
from benchmarks.result import Bench, Section, milliseconds
from desktop_app.database.unit_of_work import Database

ITEMS = 600
COMPANY, FLOOR = "bench_posting", "floor_posting"
ONE = Decimal(1)
MANY = Decimal(100_000)
WARM_UP = 3
COUNTED = 4
TRIP = 0.02
"""Round trip of the counting proxy, s: long against the server's work on one statement."""
Work = Callable[[], object]


class _Pair:
    """The same postings on both sides; each call takes the next items."""

    def __init__(self, database: Database, company: Company, connection: Any) -> None:
        self.database, self.company, self.connection = database, company, connection
        self._real_items = cycle(company.items)
        self._products = cycle(range(1, ITEMS + 1))

    def real(self, kind: str, lines: int, database: Database | None = None) -> Work:
        """A prepared posting of the real service."""
        database = database or self.database
        items = list(islice(self._real_items, lines))
        company = self.company
        if kind == "receipt":
            return lambda: real.receive(database, company, items, ONE)
        if kind == "move":
            return lambda: real.move(
                database, company, items, ONE, company.bins[0], company.bins[1]
            )
        shipment = real.prepare_shipment(self.database, company, items, ONE)
        return lambda: real.ship(database, company, shipment, f"SF{shipment.id}")

    def floor(self, kind: str, lines: int) -> Work:
        """A prepared posting of the floor."""
        source = {"receipt": floor.SUPPLIER, "move": floor.FIRST_BIN, "shipment": floor.STAGING}[
            kind
        ]
        target = {"receipt": floor.DOCK, "move": floor.FIRST_BIN + 1, "shipment": floor.CUSTOMER}[
            kind
        ]
        rows = [floor.Line(p, ONE, source, target) for p in islice(self._products, lines)]
        if kind == "receipt":
            return lambda: floor.receive(self.connection, rows)
        if kind == "move":
            return lambda: floor.move(self.connection, rows)
        doc = floor.prepare_shipment(self.connection, rows)
        return lambda: floor.ship(self.connection, doc, f"SF{doc}")


def run(bench: Bench) -> Section:
    """Times, ratios and round trips of every kind and size."""
    section = Section()
    pair = _set_up(bench)
    for kind, title in POSTED.items():
        for lines in SIZES:
            times = bench.size({1: 80, 20: 60, 500: 24}[lines], {1: 20, 20: 15, 500: 6}[lines])
            on_floor, in_real = _take_turns(
                partial(pair.floor, kind, lines), partial(pair.real, kind, lines), times
            )
            name = f"posting.{kind}.{lines}"
            section.figures[name] = ratio(in_real, on_floor)
            section.data[name] = {"floor_s": on_floor, "real_s": in_real}
            section.say(
                f"{title:<10} {lines:>3} lines  floor {milliseconds(median(on_floor)):>10}"
                f"  real {milliseconds(median(in_real)):>10}  {section.figures[name]:.2f} x"
            )
    _count_trips(bench, pair, section)
    _bare_floor(bench, pair, section)
    pair.connection.close()
    bench.server.drop(COMPANY, FLOOR)
    return section


def _set_up(bench: Bench) -> _Pair:
    database = bench.server.new_company(COMPANY)
    company = real.create(database, ITEMS)
    connection = bench.server.new_floor(FLOOR)
    floor.create(connection, ITEMS, real.BINS)
    for place in company.bins[:2]:
        real.stock_up(database, company, place, MANY)
    for bin_no in range(2):
        floor.stock_up(connection, range(1, ITEMS + 1), floor.FIRST_BIN + bin_no, MANY)
    pair = _Pair(database, company, connection)
    for kind in POSTED:
        for lines in (1, 20) * bench.size(20, 5):
            pair.floor(kind, lines)()
            pair.real(kind, lines)()
    # Statistics of tables that are in use, for both sides: plans made on empty tables mislead.
    bench.server.settle(COMPANY, FLOOR)
    return pair


def _take_turns(
    first: Callable[[], Work], second: Callable[[], Work], times: int
) -> tuple[list[float], list[float]]:
    """A B B A A B …: times of both, the warm-up left out."""
    taken: tuple[list[float], list[float]] = ([], [])
    sides = ((0, first), (1, second))
    for n in range(times + WARM_UP):
        for side, prepare in sides if n % 2 == 0 else sides[::-1]:
            seconds = _timed(prepare())
            if n >= WARM_UP:
                taken[side].append(seconds)
    return taken


def _timed(work: Work) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _bare_floor(bench: Bench, pair: _Pair, section: Section) -> None:
    """The floor once more without any foreign key: told, not judged."""
    floor.drop_foreign_keys(pair.connection)
    for kind, title in POSTED.items():
        found = []
        for lines in SIZES:
            works = [pair.floor(kind, lines) for _ in range(bench.size(12, 4) + WARM_UP)]
            found.append(median([_timed(work) for work in works][WARM_UP:]))
        section.data[f"posting.{kind}.bare_s"] = found
        shown = " / ".join(milliseconds(seconds) for seconds in found)
        section.say(f"{title:<10} bare floor without foreign keys: {shown}")


def _count_trips(bench: Bench, pair: _Pair, section: Section) -> None:
    """Round trips as a client on a LAN waits for them, BEGIN and COMMIT included."""
    with DelayProxy(bench.server.owner_dsn(COMPANY, tcp=True), TRIP) as proxy:
        far = bench.server.connect(proxy.dsn)
        for kind, title in POSTED.items():
            counts = {lines: list(_trips(pair, far, proxy, kind, lines)) for lines in SIZES}
            most = {lines: median(found) for lines, found in counts.items()}
            section.figures[f"posting.{kind}.trips"] = max(most.values())
            section.figures[f"posting.{kind}.growth"] = most[SIZES[-1]] - most[SIZES[0]]
            section.data[f"posting.{kind}.trips"] = counts
            shown = " / ".join(f"{most[lines]:g}" for lines in SIZES)
            section.say(f"{title:<10} round trips with 1 / 20 / 500 lines: {shown}")
        far.close()


def _trips(pair: _Pair, far: Database, proxy: DelayProxy, kind: str, lines: int) -> Iterator[int]:
    for n in range(COUNTED):
        work = pair.real(kind, lines, far)
        before = proxy.turns
        work()
        if n > 0:  # the first one opens the connection and prepares its statements
            yield proxy.turns - before
