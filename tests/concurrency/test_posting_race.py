"""Real connections, real threads: nothing dead-locks, nothing is lost, nothing is doubled."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest

from desktop_app.core.errors import InsufficientStock, StaleDocument
from desktop_app.services import documents
from tests import factories

THREADS = 8
TRIES = 250
"""Tries per thread: 8 x 250 = 2,000 documents that move the same goods both ways."""


def test_opposite_moves_and_mixed_documents_never_dead_lock(database) -> None:
    shop = database.run(factories.make_shop)
    items = [database.run(factories.make_item) for _ in range(6)]
    for item in items:
        for code in ("A-01", "A-02"):
            database.run(factories.stock_up, shop, item, 5000, code)
    deadlocks_before = _deadlocks(database)
    done = _in_threads(THREADS, lambda n: _shuffle(database, shop, items, random.Random(n)))
    assert sum(done) == THREADS * TRIES
    assert _deadlocks(database) == deadlocks_before
    assert (
        database.read(lambda uow: uow.execute("SELECT * FROM ledger_differences()").fetchall())
        == []
    )


def _shuffle(database, shop, items: list[int], rng: random.Random) -> int:
    """Bin moves to and fro, issues and receipts over overlapping lines in random order."""
    login = database.as_user("owner")
    for _ in range(TRIES):
        chosen = rng.sample(items, 3)
        there, back = rng.sample(["A-01", "A-02"], 2)
        kind, verb = rng.choice(
            (
                ("bin_move", "move"),
                ("bin_move", "move"),
                ("other_issue", "post"),
                ("other_receipt", "post"),
            )
        )
        lines = tuple(
            {
                "item_id": item,
                "qty": Decimal(1),
                "location_id": shop.bins[there],
                "to_location_id": shop.bins[back],
            }
            for item in chosen
        )
        draft = documents.Draft(kind, {"warehouse_id": shop.warehouse}, lines)
        login.run(documents.create_and_act, draft, documents.ActCommand(0, verb, reason="shuffle"))
    return TRIES


def _deadlocks(database) -> int:
    with psycopg.connect(database.dsn("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_stat_force_next_flush()")
        row = connection.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
    assert row is not None
    return int(row[0])


def _in_threads(count: int, work: Callable[[int], object]) -> list[object]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


def test_ten_pieces_are_taken_ten_times_from_twenty_pcs(database) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item, "SCARCE")
    database.run(factories.stock_up, shop, item, 10)
    start = threading.Barrier(20)

    def take(n: int) -> str:
        draft = documents.Draft(
            "other_issue",
            {"warehouse_id": shop.warehouse},
            ({"item_id": item, "qty": Decimal(1), "location_id": shop.bins["A-01"]},),
        )
        pc = database.as_user("owner", workstation=f"PC-{n}")
        start.wait()
        try:
            pc.run(documents.create_and_act, draft, documents.ActCommand(0, "post", reason="race"))
        except InsufficientStock:
            return "refused"
        return "taken"

    results = _in_threads(20, take)
    assert sorted(results) == ["refused"] * 10 + ["taken"] * 10
    assert database.read(factories.on_hand, item) == 0


def test_one_act_resent_by_ten_threads_is_posted_once(database) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item)
    draft = documents.Draft(
        "opening_stock",
        {"warehouse_id": shop.warehouse},
        ({"item_id": item, "qty": Decimal(7), "to_location_id": shop.bins["A-01"]},),
    )
    document = database.run(documents.create, draft)
    command = documents.ActCommand(document.id, "post", reason="opening", uuid=uuid4())

    def send(n: int) -> object:
        return database.as_user("owner", workstation=f"PC-{n}").run(documents.act, command)

    answers = _in_threads(10, send)
    assert len(set(answers)) == 1
    assert database.read(factories.on_hand, item) == 7


def test_a_stale_form_gets_a_conflict_that_names_the_other(database) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item)
    head = {"warehouse_id": shop.warehouse, "party_id": shop.supplier}
    line = {"item_id": item, "qty": Decimal(5), "unit_price": Decimal(2)}
    order = database.run(documents.create, documents.Draft("purchase_order", head, (line,)))
    buyer = database.as_user("buyer")
    changed = documents.Draft("purchase_order", head, ({**line, "qty": Decimal(6)},))
    saved = buyer.run(documents.save, order.id, order.version, changed)
    assert saved.version > order.version
    with pytest.raises(StaleDocument, match="was changed by"):
        buyer.run(documents.save, order.id, order.version, changed)
    with pytest.raises(StaleDocument):
        buyer.run(documents.act, documents.ActCommand(order.id, "approve", order.version))


def test_the_cable_pulled_in_mid_post_loses_nothing_and_doubles_nothing(database, caplog) -> None:
    # Whether the driver itself logs the lost line depends on which statement meets it.
    caplog.set_level(logging.ERROR, logger="psycopg")
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item)
    draft = documents.Draft(
        "opening_stock",
        {"warehouse_id": shop.warehouse},
        ({"item_id": item, "qty": Decimal(9), "to_location_id": shop.bins["A-01"]},),
    )
    command = documents.ActCommand(0, "post", reason="opening")

    def post_and_lose_the_line(uow) -> object:
        result = documents.create_and_act(uow, draft, command)
        pid = uow.connection.info.backend_pid
        with psycopg.connect(database.dsn("postgres"), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (pid,))
        return result

    from desktop_app.core.errors import ServerUnreachable

    with pytest.raises(ServerUnreachable, match="What you typed is kept"):
        database.run(post_and_lose_the_line)
    assert database.read(factories.on_hand, item) == 0
    assert database.run(documents.create_and_act, draft, command).state == "posted"
    assert database.run(documents.create_and_act, draft, command).state == "posted"
    assert database.read(factories.on_hand, item) == 9
