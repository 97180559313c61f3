"""Answers from a company with a million moves: stock, lists, "why", a bin at a minute, scans."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

import psycopg

from benchmarks import finding
from benchmarks.limits import percentile
from benchmarks.proxy import DelayProxy
from benchmarks.result import Bench, Section, milliseconds
from desktop_app.core import clock
from desktop_app.database.unit_of_work import Database
from desktop_app.queries import bin_history, stock, trace
from desktop_app.queries.listing import ListRequest
from desktop_app.services import listing, scanning
from desktop_app.services.document_types.sales_order import SALES_ORDER
from desktop_app.services.lists import document_list

NAME = "bench_reading"
HOT_ITEM = 1
FIRST_BIN = 1001
LAN = 0.001
"""Added round trip of an office network, s."""
Probe = Callable[[], object]


def run(bench: Bench) -> Section:
    """Loads the company, then asks each question often enough for a median."""
    section = Section()
    orders, moved = bench.size(1_000_000, 50_000), bench.size(200_000, 10_000)
    items, bins = bench.size(100_000, 5_000), bench.size(2_000, 200)
    database = bench.server.new_company(NAME)
    begun = time.perf_counter()
    _load(bench, orders=orders, moved=moved, items=items, bins=bins)
    section.say(
        f"loaded {orders:,} orders and {moved * 5:,} moves ({moved:,} of one item) of"
        f" {items:,} items in {time.perf_counter() - begun:.0f} s"
    )
    times = bench.size(30, 10)
    _measure(section, "stock", _stock(database, items), times)
    _lists(section, database, times)
    _measure(section, "why", _why(database), max(times // 3, 5))
    _measure(section, "bin", _bins(database, bins), max(times // 3, 5))
    _scans(bench, section, items, bins, orders)
    bench.server.drop(NAME)
    finding.measure(bench, section)
    return section


def _load(bench: Bench, **sizes: int) -> None:
    text = Path(__file__).with_name("loading.sql").read_text(encoding="utf-8").format(**sizes)
    with psycopg.connect(bench.server.superuser_dsn(NAME)) as connection:
        connection.execute(text.encode())
    bench.server.settle(NAME)


def _measure(section: Section, name: str, probes: dict[str, Probe], times: int) -> None:
    """The worst probe's median is the figure."""
    found = {}
    for title, probe in probes.items():
        taken = []
        for _ in range(times + 2):
            begun = time.perf_counter()
            probe()
            taken.append(time.perf_counter() - begun)
        found[title] = median(taken[2:])
        section.say(f"{title:<44} {milliseconds(found[title]):>10}")
    section.figures[f"reading.{name}"] = max(found.values()) * 1000
    section.data[f"reading.{name}"] = found


def _stock(database: Database, items: int) -> dict[str, Probe]:
    chance = random.Random(1)
    return {
        "stock by place, the item with most moves": lambda: database.read(
            stock.item_stock, HOT_ITEM
        ),
        "stock by place, any item": lambda: database.read(
            stock.item_stock, chance.randint(1, items)
        ),
        "stock beside a document line": lambda: database.read(
            stock.line_stock, [chance.randint(1, items)], 1
        ),
    }


def _lists(section: Section, database: Database, times: int) -> None:
    spec = document_list(SALES_ORDER)
    for place, name in (("first", "list_first"), ("next", "list_next")):
        probes: dict[str, Probe] = {}
        for title, request in (
            ("newest first", ListRequest()),
            ("by number", ListRequest(sort="number")),
        ):
            if place == "next":
                first = database.read(listing.fetch, spec, request)
                request = replace(request, after=first.cursor)
            probes[f"list of orders, {place} page, {title}"] = partial(
                database.read, listing.fetch, spec, request
            )
        _measure(section, name, probes, times)


def _why(database: Database) -> dict[str, Probe]:
    return {
        "why: the item everywhere": lambda: database.read(trace.waterfall, HOT_ITEM),
        "why: the item in one bin": lambda: database.read(trace.waterfall, HOT_ITEM, FIRST_BIN),
    }


def _bins(database: Database, bins: int) -> dict[str, Probe]:
    now = clock.now()
    busy, quiet = FIRST_BIN, FIRST_BIN + bins // 2
    return {
        f"bin {title}, {days} days ago": (
            partial(database.read, bin_history.bin_at, place, now - timedelta(days=days))
        )
        for title, place in (("with most moves", busy), ("like most", quiet))
        for days in (1, 350, 690)
    }


def _scans(bench: Bench, section: Section, items: int, bins: int, orders: int) -> None:
    """Codes as they come at a station, each in its own transaction, through a slow network."""
    with DelayProxy(bench.server.owner_dsn(NAME, tcp=True), LAN) as proxy:
        far = bench.server.connect(proxy.dsn)
        taken = []
        for code in _codes(bench.size(1_000, 200), items, bins, orders):
            begun = time.perf_counter()
            target = far.read(scanning.resolve, code)
            taken.append(time.perf_counter() - begun)
            assert target is not None, code
        far.close()
    section.figures["reading.scan"] = percentile(taken[5:], 0.95) * 1000
    section.data["reading.scan"] = taken
    section.say(f"{'scan to answer over a 1 ms LAN, median':<44} {milliseconds(median(taken)):>10}")


def _codes(count: int, items: int, bins: int, orders: int) -> Iterator[str]:
    chance = random.Random(2)
    for n in range(count):
        item = chance.randint(1, items)
        yield (
            f"69{item:011d}",
            f"K{item:06d}",
            f"B-{chance.randint(1, bins):05d}",
            f"XSD-L-{chance.randint(1, orders):08d}",
        )[n % 4]
