"""The home page counts exactly the lists it opens; each login sees what it may."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import psycopg

from desktop_app.core import clock
from desktop_app.queries import home, list_engine
from desktop_app.queries.listing import ListRequest
from desktop_app.services import documents
from desktop_app.services.lists import LISTS
from tests import factories, sales_shop
from tests.warehouse_life import Life


def _counts(overview: home.HomeOverview) -> dict[str, int]:
    return {task.id: task.count for task in overview.tasks}


def test_a_quiet_day_has_nothing_and_every_card_leads_somewhere(uow) -> None:
    found = home.overview(uow)
    assert set(_counts(found).values()) == {0}
    assert found.accuracy == ()
    assert all(task.opens[0] in LISTS for task in found.tasks)


def test_what_waits_is_counted_and_listed(uow) -> None:
    life = Life(uow)
    shop = life.shop
    item = factories.make_item(uow, safety_stock=Decimal(5), sales_price=10)
    soon = clock.now() + timedelta(days=10)
    milk = factories.make_item(uow, tracking="lot")
    lot = factories.make_lot(uow, milk, "L1", soon)
    factories.stock_up(uow, shop, milk, 3, lot=lot)
    factories.stock_up(uow, shop, item, 4)
    documents.create(
        uow,
        documents.Draft(
            "purchase_order",
            {"party_id": shop.supplier, "warehouse_id": shop.warehouse},
            ({"item_id": item, "qty": Decimal(1), "unit_price": Decimal(1)},),
        ),
    )
    sales_shop.order(uow, shop, (item, 1))
    counts = _counts(home.overview(uow))
    assert (
        counts | {"low_stock": 1, "expiring_lots": 1, "my_drafts": 1, "late_shipments": 0} == counts
    )
    for task in home.overview(uow).tasks:
        spec = LISTS[task.opens[0]]
        assert list_engine.totals(uow, spec, ListRequest()).count == task.count
        assert len(list_engine.fetch(uow, spec, ListRequest()).rows) == task.count


def test_an_order_waits_too_long_after_48_hours(database) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item)
    database.run(sales_shop.order, shop, (item, 1))
    with psycopg.connect(database.dsn("postgres")) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE document SET created_at = now() - interval '49 hours'")
    assert _counts(database.as_user("sales").read(home.overview))["late_shipments"] == 1


def test_the_trend_is_records_without_difference_per_count(uow) -> None:
    life = Life(uow)
    for qty in (10, 4):
        life.receive(life.items[0], Decimal(10), 0, Decimal(1))
        life.count(life.items[0], Decimal(qty), 0, Decimal(0))
    assert [rate for _, rate in home.overview(uow).accuracy] == [1, 0]


def test_a_blind_counter_sees_counts_only(database) -> None:
    overview = database.as_user("counter").read(home.overview)
    assert _counts(overview) == {"open_counts": 0}
