"""Half a year of a real wholesaler's documents through the real document path, in time order.

Sales are an order and its shipment (release, pick, verify, ship), C… are returns,
write-offs other issues, finds other receipts. Opening stock is what each item lacks at
its lowest point, so that nothing is short and nearly everything is gone at the end.
"""

from __future__ import annotations

import heapq
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import psycopg

from benchmarks.result import Bench, Section
from benchmarks.retail_data import Nature, RetailDocument, documents
from desktop_app.core.errors import AppError
from desktop_app.database.unit_of_work import Database, UnitOfWork
from desktop_app.services import documents as documents_service, master_data, sales
from desktop_app.services.documents import ActCommand, Draft

NAME = "bench_replay"
BINS = 240
BATCH = 500
ZERO = Decimal(0)
Totals = dict[str, tuple[Decimal, Decimal]]
"""Item code to (in, out)."""


@dataclass(frozen=True)
class _World:
    """Ids of what stands before the first document."""

    warehouse: int
    bins: tuple[int, ...]
    items: dict[str, int]
    parties: dict[str, int]

    def bin_of(self, code: str) -> int:
        """Where an item lies."""
        return self.bins[self.items[code] % len(self.bins)]


def run(bench: Bench) -> Section:
    """Documents per second, the five slowest, and the ledger against the input."""
    section = Section()
    given = list(islice(documents(), 300 if bench.quick else None))
    database = bench.server.new_company(NAME)
    begun = time.perf_counter()
    world = database.run(_found, given)
    _open(database, world, given)
    section.say(
        f"{len(world.items):,} items, {len(world.parties):,} partners and opening stock in"
        f" {time.perf_counter() - begun:.0f} s"
    )
    taken, refused = _replay(database, world, given)
    _tell(section, given, taken, refused)
    _compare(bench, section, given)
    bench.server.drop(NAME)
    return section


def _found(uow: UnitOfWork, given: Sequence[RetailDocument]) -> _World:
    warehouse = master_data.save_warehouse(uow, "UK1", "Gift wholesaler", "UK1-EXIT")
    bins = master_data.save_bins(uow, warehouse, [f"G-{n:03d}" for n in range(1, BINS + 1)])
    codes = dict.fromkeys(line.code for document in given for line in document.lines)
    customers = dict.fromkeys(document.customer for document in given)
    items = {code: master_data.save_item(uow, {"code": code, "name": code}) for code in codes}
    parties = {
        customer: master_data.save_party(
            uow,
            {
                "code": customer or "CASH",
                "name": customer or "Walk-in customer",
                "is_customer": True,
            },
        )
        for customer in customers
    }
    return _World(warehouse, tuple(bins.values()), items, parties)


def lacking(given: Sequence[RetailDocument]) -> dict[str, Decimal]:
    """What must lie there before the first document so that no item ever falls below zero.

    Within a document everything going out counts before anything coming in.
    """
    level: dict[str, Decimal] = defaultdict(Decimal)
    lowest: dict[str, Decimal] = {}
    for document in given:
        sign = -1 if document.nature in (Nature.SALE, Nature.WRITE_OFF) else 1
        for line in document.lines:
            level[line.code] += sign * abs(line.quantity)
            lowest[line.code] = min(lowest.get(line.code, ZERO), level[line.code])
    return {code: -value for code, value in lowest.items() if value < 0}


def _open(database: Database, world: _World, given: Sequence[RetailDocument]) -> None:
    needed = list(lacking(given).items())
    for first in range(0, len(needed), BATCH):
        lines = tuple(
            {"item_id": world.items[code], "qty": qty, "to_location_id": world.bin_of(code)}
            for code, qty in needed[first : first + BATCH]
        )
        database.run(
            documents_service.create_and_act,
            Draft("opening_stock", {"warehouse_id": world.warehouse}, lines),
            ActCommand(0, "post", reason="opening stock"),
        )


def _replay(
    database: Database, world: _World, given: Sequence[RetailDocument]
) -> tuple[list[float], dict[str, str]]:
    """Seconds of each document, and sentences of those that were refused, by invoice."""
    taken, refused = [], {}
    began = time.perf_counter()
    for n, document in enumerate(given, start=1):
        begun = time.perf_counter()
        try:
            database.run(_ENTER[document.nature], world, document)
        except AppError as error:
            refused[document.invoice] = str(error)
        taken.append(time.perf_counter() - begun)
        if n % 1000 == 0:
            print(
                f"  {n:,} of {len(given):,} documents, {n / (time.perf_counter() - began):.1f}/s",
                flush=True,
            )
    return taken, refused


def _head(world: _World, document: RetailDocument) -> dict[str, Any]:
    return {
        "warehouse_id": world.warehouse,
        "party_id": world.parties[document.customer],
        "doc_date": document.at.date(),
        "reference": document.invoice,
    }


def _uuid(document: RetailDocument) -> UUID:
    return uuid5(NAMESPACE_URL, f"online-retail:{document.invoice}")


def _sale(uow: UnitOfWork, world: _World, document: RetailDocument) -> object:
    lines = tuple(
        {"item_id": world.items[line.code], "qty": line.quantity, "unit_price": line.price}
        for line in document.lines
    )
    draft = Draft("sales_order", _head(world, document), lines, uuid=_uuid(document))
    return sales.order_and_ship(uow, draft, f"WB-{document.invoice}")


def _return(uow: UnitOfWork, world: _World, document: RetailDocument) -> object:
    lines = tuple(
        {
            "item_id": world.items[line.code],
            "qty": -line.quantity,
            "unit_price": line.price,
            "to_location_id": world.bin_of(line.code),
        }
        for line in document.lines
    )
    return documents_service.create_and_act(
        uow,
        Draft("sales_return", _head(world, document), lines, uuid=_uuid(document)),
        ActCommand(0, "receive_back"),
    )


def _write_off(uow: UnitOfWork, world: _World, document: RetailDocument) -> object:
    lines = tuple(
        {
            "item_id": world.items[line.code],
            "qty": -line.quantity,
            "location_id": world.bin_of(line.code),
        }
        for line in document.lines
    )
    return documents_service.create_and_act(
        uow,
        Draft("other_issue", _head(world, document), lines, uuid=_uuid(document)),
        ActCommand(0, "post", reason="written off"),
    )


def _finding(uow: UnitOfWork, world: _World, document: RetailDocument) -> object:
    lines = tuple(
        {
            "item_id": world.items[line.code],
            "qty": line.quantity,
            "to_location_id": world.bin_of(line.code),
        }
        for line in document.lines
    )
    return documents_service.create_and_act(
        uow,
        Draft("other_receipt", _head(world, document), lines, uuid=_uuid(document)),
        ActCommand(0, "post", reason="found"),
    )


_ENTER: dict[Nature, Callable[[UnitOfWork, _World, RetailDocument], object]] = {
    Nature.SALE: _sale,
    Nature.RETURN: _return,
    Nature.WRITE_OFF: _write_off,
    Nature.FOUND: _finding,
}


def _tell(
    section: Section,
    given: Sequence[RetailDocument],
    taken: Sequence[float],
    refused: dict[str, str],
) -> None:
    lines = sum(len(document.lines) for document in given)
    section.data["replay"] = {
        "documents": len(given),
        "lines": lines,
        "seconds": sum(taken),
        "refused": refused,
    }
    section.say(
        f"{len(given):,} documents with {lines:,} lines in {sum(taken):.0f} s:"
        f" {len(given) / sum(taken):.1f} documents/s, {lines / sum(taken):.0f} lines/s"
    )
    for nature in Nature:
        own = [t for d, t in zip(given, taken, strict=True) if d.nature is nature]
        if own:
            section.say(f"  {nature:<10} {len(own):>6,} documents, {len(own) / sum(own):.1f}/s")
    slowest = heapq.nlargest(5, zip(taken, given, strict=True), key=lambda pair: pair[0])
    section.data["slowest"] = [
        {"invoice": d.invoice, "nature": d.nature, "lines": len(d.lines), "seconds": t}
        for t, d in slowest
    ]
    for seconds, document in slowest:
        section.say(
            f"  slow: {document.invoice:<8} {document.nature:<10} {len(document.lines):>4} lines"
            f" {seconds * 1000:8.0f} ms"
        )
    for invoice, text in islice(refused.items(), 5):
        section.say(f"  refused: {invoice}: {text}")
    section.figures["replay.refused"] = len(refused)


def expected(given: Sequence[RetailDocument]) -> Totals:
    """What the input says came in and went out, by item code."""
    came: dict[str, Decimal] = defaultdict(Decimal)
    went: dict[str, Decimal] = defaultdict(Decimal)
    for document in given:
        for line in document.lines:
            outward = document.nature in (Nature.SALE, Nature.WRITE_OFF)
            (went if outward else came)[line.code] += abs(line.quantity)
    return {code: (came[code], went[code]) for code in {*came, *went}}


_LEDGER = """
SELECT i.code, coalesce(sum(m.qty) FILTER (WHERE f.kind IN ('customer', 'difference')), 0),
       coalesce(sum(m.qty) FILTER (WHERE t.kind IN ('customer', 'scrap')), 0)
FROM stock_move m JOIN item i ON i.id = m.item_id JOIN location f ON f.id = m.from_location_id
JOIN location t ON t.id = m.to_location_id
WHERE f.kind IN ('customer', 'difference') OR t.kind IN ('customer', 'scrap') GROUP BY 1
"""


def _compare(bench: Bench, section: Section, given: Sequence[RetailDocument]) -> None:
    with psycopg.connect(bench.server.superuser_dsn(NAME)) as connection:
        ledger: Totals = {
            code: (came, went) for code, came, went in connection.execute(_LEDGER).fetchall()
        }
        differences = connection.execute("SELECT * FROM ledger_differences()").fetchall()
    wanted = expected(given)
    wrong = sorted(
        code
        for code in {*wanted, *ledger}
        if wanted.get(code, (ZERO, ZERO)) != ledger.get(code, (ZERO, ZERO))
    )
    for code in wrong[:5]:
        section.say(f"  {code}: input (in, out) {wanted.get(code)}, ledger {ledger.get(code)}")
    section.figures["replay.totals"] = len(wrong)
    section.figures["replay.differences"] = len(differences)
    moved = [sum((both[side] for both in ledger.values()), ZERO) for side in (0, 1)]
    section.say(
        f"ledger: {moved[0]:,.0f} in, {moved[1]:,.0f} out, {len(wrong)} items differ from the"
        f" input, {len(differences)} balances differ from the ledger"
    )
