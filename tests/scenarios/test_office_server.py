"""The same day on an office server: Debian's PostgreSQL 15, TLS, each person logged in."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import psycopg
import pytest

from desktop_app.core import clock
from desktop_app.core.errors import InsufficientStock
from desktop_app.queries.listing import ListRequest
from desktop_app.services import documents, listing, lists, receiving, reversal, sales
from desktop_app.services.document_types import SALES_ORDER
from desktop_app.services.documents import ActCommand, Draft
from desktop_app.services.receiving import Receive, ReceiveEntry
from tests import factories


def test_buying_selling_and_reversing_work_on_postgresql_15_with_tls(lan_database) -> None:
    with psycopg.connect(lan_database.dsn("storekeeper")) as connection:
        assert connection.info.server_version // 10000 == 15
        assert connection.execute(
            "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        ).fetchone() == (True,)
    shop = lan_database.run(factories.make_shop)
    hinge = lan_database.run(factories.make_item, "HINGE")
    buyer, seller = lan_database.as_user("buyer"), lan_database.as_user("sales")
    storekeeper = lan_database.as_user("storekeeper", workstation="DOCK-1")

    order = buyer.run(
        documents.create,
        Draft(
            "purchase_order",
            {"party_id": shop.supplier, "warehouse_id": shop.warehouse},
            ({"item_id": hinge, "qty": Decimal(30), "unit_price": Decimal("1.10")},),
        ),
    )
    buyer.run(documents.act, ActCommand(order.id, "approve", order.version))
    line = storekeeper.read(receiving.open_order, order.id).lines[0].line_id
    received = storekeeper.run(
        receiving.receive, Receive(order.id, (ReceiveEntry(line, Decimal(30)),))
    )
    assert lan_database.read(documents.view, order.id).state == "done"

    storekeeper.run(
        receiving.put_away,
        receiving.PutAway(
            received.receipt.id,
            storekeeper.read(receiving.open_receipt, received.receipt.id).lines[0].line_id,
            "A-03",
            Decimal(30),
        ),
    )
    sold = Draft(
        "sales_order",
        {"party_id": shop.customer, "warehouse_id": shop.warehouse},
        ({"item_id": hinge, "qty": Decimal(12), "unit_price": Decimal(3)},),
    )
    shipped = lan_database.run(sales.order_and_ship, sold, "DB123456", "德邦")
    assert lan_database.read(factories.on_hand, hinge) == Decimal(18)
    lan_database.run(reversal.reverse, ActCommand(shipped.shipment.id, "reverse", reason="refused"))
    assert lan_database.read(factories.on_hand, hinge) == Decimal(30)
    page = seller.read(listing.fetch, lists.document_list(SALES_ORDER), ListRequest())
    assert len(page.rows) == 1
    assert (
        lan_database.read(lambda uow: uow.execute("SELECT * FROM ledger_differences()").fetchall())
        == []
    )


def test_negative_stock_is_refused_there_too(lan_database) -> None:
    shop = lan_database.run(factories.make_shop)
    hinge = lan_database.run(factories.make_item, "HINGE")
    lan_database.run(factories.stock_up, shop, hinge, 5)
    draft = Draft(
        "other_issue",
        {"warehouse_id": shop.warehouse},
        ({"item_id": hinge, "qty": Decimal(6), "location_id": shop.bins["A-01"]},),
    )
    with pytest.raises(InsufficientStock, match="only 5 there"):
        lan_database.run(documents.create_and_act, draft, ActCommand(0, "post", reason="used"))


def test_a_pc_with_a_wrong_clock_cannot_move_an_act_in_time(database) -> None:
    shop = database.run(factories.make_shop)
    hinge = database.run(factories.make_item, "HINGE")
    clock.use_clock(clock.FixedClock(datetime(2001, 1, 1, tzinfo=UTC)))
    try:
        database.run(factories.stock_up, shop, hinge, 5)
    finally:
        clock.use_clock(clock.SystemClock())
    off_by = database.read(
        lambda uow: uow.scalar(
            "SELECT max(abs(extract(epoch FROM clock_timestamp() - at))) FROM act"
        )
    )
    assert off_by < 60
