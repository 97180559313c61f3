"""What is told to other PCs when a transaction commits."""

from __future__ import annotations

import json
from typing import Any

from desktop_app.database.unit_of_work import EVERYTHING, UnitOfWork


def test_topics_are_told_once_and_in_order(uow: UnitOfWork) -> None:
    uow.touch("stock", "item")
    assert json.loads(uow.announcement() or "") == ["item", "stock"]
    assert uow.announcement() is None


def test_very_many_topics_become_everything_and_stay_readable(uow: UnitOfWork) -> None:
    uow.touch(*(f"document:{number}" for number in range(2_000)))
    assert uow.announcement() == EVERYTHING


def test_a_posting_is_heard_by_others_only_after_its_commit(database: Any) -> None:
    import psycopg

    from tests import factories

    with psycopg.connect(database.dsn("sales"), autocommit=True) as other:
        other.execute("LISTEN stockproof")
        shop = database.run(factories.make_shop)
        item = database.run(factories.make_item)
        database.run(factories.stock_up, shop, item, 5)
        heard: set[str] = set()
        for note in other.notifies(timeout=5, stop_after=3):
            heard |= set(json.loads(note.payload))
    assert {"stock", "item", "document:opening_stock"} <= heard
