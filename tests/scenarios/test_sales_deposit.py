"""A deposit locks the goods at once, and everybody is told who holds them."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest

from desktop_app.core.errors import (
    EvidenceMissing,
    InsufficientStock,
    InvalidInput,
    PermissionDenied,
    StaleDocument,
    UserError,
)
from desktop_app.queries import sales as sales_queries
from desktop_app.services import documents, sales
from desktop_app.services.documents import ActCommand
from tests import factories, sales_shop


@pytest.fixture
def shop(database):
    return database.run(factories.make_shop)


def test_half_paid_locks_half_of_every_line_rounded_down(uow) -> None:
    shop = factories.make_shop(uow)
    yeast, flour = (
        factories.make_item(uow, "YEAST"),
        factories.make_item(uow, "FLOUR", uom="kg", uom_decimals=2),
    )
    factories.stock_up(uow, shop, yeast, 100)
    factories.stock_up(uow, shop, flour, 100, "A-02")
    order = sales_shop.order(uow, shop, (yeast, 7), (flour, "3.33"), price=10)
    sales_shop.deposit(uow, order, "51.65")  # half of 103.30
    holds = sales_queries.order_holds(uow, order.id)
    assert [line.locked for line in holds.lines] == [Decimal(3), Decimal("1.66")]
    assert (holds.deposit, holds.gross) == (Decimal("51.65"), Decimal("103.30"))
    assert holds.lock_until == sales_shop.NEXT_MONTH
    assert not holds.overdue
    sales_shop.deposit(uow, order, "51.65")
    assert [line.locked for line in sales_queries.order_holds(uow, order.id).lines] == [
        Decimal(7),
        Decimal("3.33"),
    ]


def test_a_second_order_from_another_pc_is_told_who_holds_the_goods(database, shop) -> None:
    yeast = database.run(factories.make_item, "YEAST")
    database.run(factories.stock_up, shop, yeast, 10)
    pc1, pc2 = (
        database.as_user("sales", workstation="PC-1"),
        database.as_user("sales2", workstation="PC-2"),
    )
    first = pc1.run(sales_shop.order, shop, (yeast, 8))
    pc1.run(sales_shop.deposit, first, 80)
    second = pc2.run(sales_shop.order, shop, (yeast, 5), customer=shop.customer2)
    with pytest.raises(InsufficientStock) as refused:
        pc2.run(sales_shop.deposit, second, 50)
    assert str(refused.value) == (
        f"Line 1 YEAST in Main warehouse: 5 wanted, 2 free. Held by {first.number} (Meijia Shop) 8."
        " Nothing was taken; release it there deliberately or wait for goods."
    )
    assert refused.value.shortages[0].holders == (first.number,)
    assert database.read(sales_queries.order_holds, second.id).locked == 0
    assert database.read(sales_queries.order_holds, second.id).deposit == 0
    attempts = database.read(
        lambda uow: uow.execute("SELECT actor, workstation, verb FROM refused_attempt").fetchall()
    )
    assert attempts == [("sales2", "PC-2", "deposit")]


def test_releasing_is_deliberate_logged_and_frees_the_goods(database, shop) -> None:
    yeast = database.run(factories.make_item, "YEAST")
    database.run(factories.stock_up, shop, yeast, 10)
    desk = database.as_user("sales", workstation="PC-1")
    first = desk.run(sales_shop.order, shop, (yeast, 8))
    desk.run(sales_shop.deposit, first, 80)
    with pytest.raises(EvidenceMissing):
        desk.run(sales.release_lock, sales.ReleaseLock(first.id, None, ""))
    line = database.read(sales_queries.order_holds, first.id).lines[0].line_id
    with pytest.raises(InvalidInput, match="more is to be released than is locked"):
        desk.run(sales.release_lock, sales.ReleaseLock(first.id, None, "x", {line: Decimal(9)}))
    desk.run(
        sales.release_lock, sales.ReleaseLock(first.id, None, "customer waits", {line: Decimal(3)})
    )
    assert database.read(sales_queries.order_holds, first.id).locked == 5
    desk.run(sales.release_lock, sales.ReleaseLock(first.id, None, "customer cancelled"))
    assert database.read(sales_queries.order_holds, first.id).locked == 0
    with pytest.raises(UserError, match="has no stock locked"):
        desk.run(sales.release_lock, sales.ReleaseLock(first.id, None, "again"))
    log = database.read(sales_queries.lock_log, first.id)
    assert [(e.verb, e.reason, e.workstation) for e in log] == [
        ("deposit", "deposit by WeChat", "PC-1"),
        ("release_deposit", "customer waits", "PC-1"),
        ("release_deposit", "customer cancelled", "PC-1"),
    ]
    assert log[1].evidence == {"released": [{"line": 1, "item": "YEAST", "qty": "3"}]}
    second = desk.run(sales_shop.order, shop, (yeast, 10))
    desk.run(sales_shop.deposit, second, 100)


def test_a_double_click_takes_the_deposit_once(uow) -> None:
    shop = factories.make_shop(uow)
    yeast = factories.make_item(uow)
    factories.stock_up(uow, shop, yeast, 10)
    order = sales_shop.order(uow, shop, (yeast, 4))
    uuid = uuid4()
    once = sales_shop.deposit(uow, order, 40, uuid=uuid)
    assert sales_shop.deposit(uow, order, 40, uuid=uuid) == once
    holds = sales_queries.order_holds(uow, order.id)
    assert (holds.deposit, holds.locked) == (40, 4)


@pytest.mark.parametrize("amount", ["0", "-5", "1.005", "NaN", "1e30"])
def test_an_amount_that_is_none_is_refused_at_its_field(uow, amount) -> None:
    shop = factories.make_shop(uow)
    yeast = factories.make_item(uow)
    order = sales_shop.order(uow, shop, (yeast, 4))
    with pytest.raises(InvalidInput) as refused:
        sales_shop.deposit(uow, order, amount)
    assert refused.value.problems[0].field == "deposit"


def test_an_order_without_amount_and_an_end_in_the_past_are_refused(database, shop) -> None:
    yeast = database.run(factories.make_item)
    database.run(factories.stock_up, shop, yeast, 10)
    free = database.run(sales_shop.order, shop, (yeast, 4), price=0)
    with pytest.raises(InvalidInput, match="no amount"):
        database.run(sales_shop.deposit, free, 40)
    order = database.run(sales_shop.order, shop, (yeast, 4))
    with pytest.raises(UserError, match="over already"):
        database.run(sales_shop.deposit, order, 40, sales_shop.NEXT_MONTH.replace(year=2001))
    with pytest.raises(StaleDocument):
        database.run(sales_shop.deposit, order, 40, version=99)
    with pytest.raises(PermissionDenied, match="Take deposits"):
        database.as_user("storekeeper").run(
            documents.act,
            ActCommand(
                order.id,
                "deposit",
                evidence={"deposit": "1", "until": sales_shop.NEXT_MONTH.isoformat()},
                reason="x",
            ),
        )


def test_the_document_page_takes_a_deposit_by_the_same_way(uow) -> None:
    shop = factories.make_shop(uow)
    yeast = factories.make_item(uow)
    factories.stock_up(uow, shop, yeast, 10)
    order = sales_shop.order(uow, shop, (yeast, 4))
    evidence = {"deposit": "20", "until": sales_shop.NEXT_MONTH.isoformat()}
    sales.deposit_step(
        uow, ActCommand(order.id, "deposit", order.version, evidence=evidence, reason="cash")
    )
    assert sales_queries.order_holds(uow, order.id).locked == 2
    with pytest.raises(InvalidInput):
        sales.deposit_step(uow, ActCommand(order.id, "deposit", evidence={"deposit": "x"}))


def test_a_voided_order_holds_nothing_any_more(uow) -> None:
    shop = factories.make_shop(uow)
    yeast = factories.make_item(uow)
    factories.stock_up(uow, shop, yeast, 10)
    order = sales_shop.order(uow, shop, (yeast, 4))
    sales_shop.deposit(uow, order, 40)
    documents.act(uow, ActCommand(order.id, "void", reason="customer gone"))
    assert sales_queries.order_holds(uow, order.id).locked == 0


def test_a_lock_past_its_end_is_a_task_and_stays_locked(database, shop) -> None:
    yeast = database.run(factories.make_item, "YEAST")
    database.run(factories.stock_up, shop, yeast, 10)
    order = database.run(sales_shop.order, shop, (yeast, 8))
    database.run(sales_shop.deposit, order, 80)
    assert database.read(sales_queries.overdue_locks) == []
    _let_time_pass(database)
    tasks = database.read(sales_queries.overdue_locks)
    assert [(t.number, t.item_code, t.qty) for t in tasks] == [(order.number, "YEAST", 8)]
    holds = database.read(sales_queries.order_holds, order.id)
    assert holds.overdue
    assert holds.locked == 8


def _let_time_pass(database) -> None:
    import psycopg

    with psycopg.connect(database.dsn("postgres")) as server:
        server.execute("UPDATE reservation SET until = now() - interval '1 minute'")
