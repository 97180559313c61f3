"""Twenty PCs want the last ten pieces in the same second."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from desktop_app.core.errors import AppError, InsufficientStock
from desktop_app.queries import sales as sales_queries
from tests import factories, sales_shop

CLERKS = 20
PIECES = 10


def test_ten_get_a_piece_and_ten_are_told_who_has_it(database) -> None:
    shop = database.run(factories.make_shop)
    hinge = database.run(factories.make_item, "HINGE")
    database.run(factories.stock_up, shop, hinge, PIECES)
    orders = [database.run(sales_shop.order, shop, (hinge, 1)) for _ in range(CLERKS)]
    together = threading.Barrier(CLERKS)

    def take(number: int) -> AppError | None:
        desk = database.as_user("sales", workstation=f"PC-{number}")
        together.wait()
        try:
            desk.run(sales_shop.deposit, orders[number], 10)
        except InsufficientStock as refused:
            return refused
        return None

    with ThreadPoolExecutor(CLERKS) as pool:
        results = list(pool.map(take, range(CLERKS)))
    winners = {orders[n].number for n, refused in enumerate(results) if refused is None}
    losers = [refused for refused in results if refused is not None]
    assert (len(winners), len(losers)) == (PIECES, CLERKS - PIECES)
    for refused in losers:
        assert set(refused.shortages[0].holders) == winners
        assert "Held by XSD-" in str(refused)
    held = [database.read(sales_queries.order_holds, order.id).locked for order in orders]
    assert sum(held) == PIECES
    assert database.read(lambda uow: uow.scalar("SELECT sum(qty_open) FROM reservation")) == PIECES


def test_pickers_racing_for_the_same_goods_never_pin_more_than_there_is(database) -> None:
    shop = database.run(factories.make_shop)
    items = [database.run(factories.make_item) for _ in range(3)]
    for item in items:
        database.run(factories.stock_up, shop, item, 9)
    # Lines in opposite order, so that wrong lock order would dead-lock.
    orders = [
        database.run(sales_shop.order, shop, *[(i, 2) for i in (items if n % 2 else items[::-1])])
        for n in range(8)
    ]
    together = threading.Barrier(len(orders))

    def pick(number: int) -> bool:
        clerk = database.as_user("storekeeper", workstation=f"PICK-{number}")
        together.wait()
        try:
            clerk.run(sales_shop.release, orders[number], "part_release")
        except InsufficientStock:
            return False
        return True

    with ThreadPoolExecutor(len(orders)) as pool:
        assert sum(pool.map(pick, range(len(orders)))) == 5
    rows = database.read(
        lambda uow: uow.execute(
            "SELECT on_hand, allocated FROM stock_balance WHERE on_hand > 0"
        ).fetchall()
    )
    assert rows == [(9, 9)] * 3
