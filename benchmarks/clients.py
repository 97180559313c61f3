"""One, four and eight processes ship the same 50 items; afterwards the books are checked.

Every process prepares its own shipments first, all at the same time (orders, reservations,
picks and verifications on the same 50 items); then all ship together, which is what is timed.
"""

from __future__ import annotations

import multiprocessing
import queue
import random
import time
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg

from benchmarks import company as real, floor
from benchmarks.company import Company
from benchmarks.limits import CLIENTS
from benchmarks.result import Bench, Section
from benchmarks.server import floor_connection
from desktop_app.core.errors import AppError
from desktop_app.database.unit_of_work import Database

ITEMS = 50
COMPANY, FLOOR = "bench_clients", "floor_clients"
ONE = Decimal(1)
MANY = Decimal(1_000_000)
_NEGATIVE = "SELECT count(*) FROM stock_balance WHERE on_hand < 0 OR allocated < 0"
_OVER = "SELECT count(*) FROM stock_available((SELECT array_agg(id) FROM item)) WHERE reserved > on_hand"
_DIFFERENCES = "SELECT count(*) FROM ledger_differences()"
_SHIPPED = "SELECT count(*) FROM document WHERE kind = 'shipment' AND state = 'shipped'"


@dataclass(frozen=True)
class Told:
    """What a process did: seconds on the common clock, documents, sentences of errors."""

    began: float
    ended: float
    shipped: int
    errors: tuple[str, ...]


def run(bench: Bench) -> Section:
    """Documents per second of both sides for every number of processes, then the checks."""
    section = Section()
    documents = bench.size(800, 96)
    database = bench.server.new_company(COMPANY)
    company = real.create(database, ITEMS)
    real.stock_up(database, company, company.bins[0], MANY)
    connection = bench.server.new_floor(FLOOR)
    floor.create(connection, ITEMS, real.BINS)
    connection.close()
    errors: list[str] = []
    dsn, floor_dsn = bench.server.owner_dsn(COMPANY), bench.server.superuser_dsn(FLOOR)
    # A beginning on both sides, so that statistics are those of tables in use.
    _together(1, _floor_clerk, (floor_dsn, 40))
    shipped = sum(told.shipped for told in _together(1, _clerk, (dsn, company, 40)))
    bench.server.settle(COMPANY, FLOOR)
    for clients in CLIENTS:
        share = documents // clients
        on_floor = _together(clients, _floor_clerk, (floor_dsn, share))
        in_real = _together(clients, _clerk, (dsn, company, share))
        errors += [text for told in in_real for text in told.errors]
        shipped += sum(told.shipped for told in in_real)
        speeds = [_speed(on_floor), _speed(in_real)]
        section.figures[f"clients.{clients}"] = speeds[1] / speeds[0]
        section.data[f"clients.{clients}"] = {"floor_per_s": speeds[0], "real_per_s": speeds[1]}
        section.say(
            f"{clients} processes  floor {speeds[0]:7.0f}/s  real {speeds[1]:7.0f}/s"
            f"  {speeds[1] / speeds[0]:.2f} x"
        )
    for text in dict.fromkeys(errors):
        section.say(f"error shown: {text}")
    section.figures["clients.errors"] = len(errors)
    _check(bench, section, shipped)
    bench.server.drop(COMPANY, FLOOR)
    return section


def _check(bench: Bench, section: Section, shipped: int) -> None:
    with psycopg.connect(bench.server.superuser_dsn(COMPANY)) as connection:
        for name, sql in (
            ("negative", _NEGATIVE),
            ("over_reserved", _OVER),
            ("differences", _DIFFERENCES),
        ):
            section.figures[f"clients.{name}"] = _count(connection, sql)
        recorded = _count(connection, _SHIPPED)
    if recorded != shipped:
        section.say(f"{shipped} shipments were acknowledged, {recorded} are recorded")
        section.figures["clients.errors"] += abs(recorded - shipped)


def _count(connection: psycopg.Connection[Any], sql: str) -> int:
    row = connection.execute(sql.encode()).fetchone()
    assert row is not None
    return int(row[0])


def _together(clients: int, clerk: Any, arguments: tuple[Any, ...]) -> list[Told]:
    spawn = multiprocessing.get_context("spawn")
    ready, told = spawn.Barrier(clients), spawn.Queue()
    processes = [
        spawn.Process(target=clerk, args=(n, ready, told, *arguments)) for n in range(clients)
    ]
    for process in processes:
        process.start()
    answers: list[Told] = []
    try:
        while len(answers) < clients:
            try:
                answers.append(told.get(timeout=2))
            except queue.Empty:
                if any(process.exitcode for process in processes):
                    raise RuntimeError("a shipping process died; its words are above") from None
    finally:
        if len(answers) < clients:  # the others would wait at the barrier for ever
            for process in processes:
                process.terminate()
        for process in processes:
            process.join(60)
    return answers


def _speed(answers: list[Told]) -> float:
    """Documents a second from the first start to the last end (one clock for all processes)."""
    span = max(told.ended for told in answers) - min(told.began for told in answers)
    return sum(told.shipped for told in answers) / span


def _clerk(number: int, ready: Any, told: Any, dsn: str, company: Company, documents: int) -> None:
    database = Database(dsn, workstation=f"BENCH-{number}")
    chance = random.Random(number)
    errors: list[str] = []
    waiting = []
    for _ in range(documents):
        try:
            waiting.append(
                real.prepare_shipment(database, company, [chance.choice(company.items)], ONE)
            )
        except AppError as error:
            errors.append(str(error))
    ready.wait()
    began, shipped = time.perf_counter(), 0
    for shipment in waiting:
        try:
            real.ship(database, company, shipment, f"SF{shipment.id}")
            shipped += 1
        except AppError as error:
            errors.append(str(error))
    told.put(Told(began, time.perf_counter(), shipped, tuple(errors)))
    database.close()


def _floor_clerk(number: int, ready: Any, told: Any, dsn: str, documents: int) -> None:
    connection = floor_connection(dsn)
    chance = random.Random(number)
    waiting = [
        floor.prepare_shipment(
            connection, [floor.Line(chance.randint(1, ITEMS), ONE, floor.STAGING, floor.CUSTOMER)]
        )
        for _ in range(documents)
    ]
    ready.wait()
    began = time.perf_counter()
    for doc in waiting:
        floor.ship(connection, doc, f"SF{doc}")
    told.put(Told(began, time.perf_counter(), len(waiting), ()))
    connection.close()
