"""What stands beside a line: stock now, and the last price with where it came from."""

from __future__ import annotations

from decimal import Decimal

from desktop_app.services import documents, prices, stock
from tests import factories, sales_shop


def test_available_is_what_nobody_else_has_reserved(uow) -> None:
    shop = factories.make_shop(uow)
    item = factories.make_item(uow)
    factories.stock_up(uow, shop, item, 10, "A-01")
    factories.stock_up(uow, shop, item, 5, "A-02")
    order = sales_shop.order(uow, shop, (item, 4))
    sales_shop.deposit(uow, order, 40)
    unknown = item + 1
    found = stock.line_stock(uow, [item, unknown], shop.warehouse)
    assert found[item] == stock.LineStock(Decimal(15), Decimal(11), Decimal(4))
    assert found[unknown] == stock.LineStock()
    assert stock.line_stock(uow, [item], shop.warehouse + 1)[item].on_hand == 0
    assert stock.line_stock(uow, [item])[item].on_hand == 15
    assert [(row.place, row.on_hand) for row in stock.item_stock(uow, item)] == [
        ("A-01", 10),
        ("A-02", 5),
    ]


def test_the_last_price_of_this_partner_wins_over_the_list(uow) -> None:
    shop = factories.make_shop(uow)
    item = factories.make_item(uow, sales_price=12)
    listed = prices.last_prices(uow, "sales_order", shop.customer, [item])
    assert listed[item] == prices.LastPrice(Decimal(12), source="list")
    sales_shop.order(uow, shop, (item, 1), price=9)
    newest = sales_shop.order(uow, shop, (item, 1), price=8)
    void = sales_shop.order(uow, shop, (item, 1), price=1)
    documents.act(uow, documents.ActCommand(void.id, "void", reason="typo"))
    last = prices.last_prices(uow, "sales_order", shop.customer, [item])[item]
    assert (last.price, last.number) == (8, newest.number)
    other = prices.last_prices(uow, "sales_order", shop.customer2, [item])[item]
    assert other.price == 12


def test_who_may_not_see_prices_gets_none_and_no_error(database) -> None:
    item = database.run(factories.make_item, sales_price=12, purchase_price=7)
    storekeeper = database.as_user("storekeeper")
    for kind in ("sales_order", "purchase_order", "bin_move"):
        assert storekeeper.read(prices.last_prices, kind, 1, [item]) == {}
    assert database.as_user("sales").read(prices.last_prices, "sales_order", 1, [item]) != {}
    assert database.as_user("sales").read(prices.last_prices, "purchase_order", 1, [item]) == {}
