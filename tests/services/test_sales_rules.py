"""Small rules of sales, and the whole way in one call."""

from __future__ import annotations

from decimal import Decimal

import psycopg
import pytest
from hypothesis import given, strategies as st

from desktop_app.core.errors import ConfirmationRequired, RuleRefused
from desktop_app.domain.deposits import locked_share
from desktop_app.domain.posting import ActEntry
from desktop_app.queries import sales as sales_queries
from desktop_app.queries.picking import PickedItem, pins
from desktop_app.services import documents, sales
from desktop_app.services.documents import ActCommand
from desktop_app.services.shipping import Difference, differences
from tests import factories, sales_shop

_MONEY = st.decimals(0, 10**9, places=2)


@given(st.decimals(0, 10**6, places=3), _MONEY, _MONEY.filter(lambda m: m > 0))
def test_never_more_is_locked_than_was_paid_for(
    qty: Decimal, paid: Decimal, gross: Decimal
) -> None:
    locked = locked_share(qty, paid, gross, 3)
    assert 0 <= locked <= qty
    assert locked * gross <= qty * paid or paid >= gross
    assert (qty * min(paid, gross) - locked * gross) <= gross * Decimal("0.001")
    assert locked == qty or paid < gross


def test_a_share_of_nothing_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="share"):
        locked_share(Decimal(1), Decimal(1), Decimal(0), 0)


def _picked(item: str, qty: int, lot: str = "", line: int = 1) -> PickedItem:
    return PickedItem(line, 1, item, item, "pcs", lot, Decimal(qty))


@pytest.mark.parametrize(
    ("scans", "expected"),
    [
        ((("A", "", 3), ("B", "", 2)), ()),
        ((("A", "", 1), ("A", "", 2), ("B", "L1", 1), ("B", "l2", 1)), ()),
        ((("A", "", 2), ("B", "", 2)), ((1, "A", "", 3, 2),)),
        ((("A", "", 3),), ((2, "B", "", 2, 0),)),
        ((("A", "", 3), ("B", "L1", 2)), ((2, "B", "L1", 1, 2),)),
        ((("A", "", 3), ("B", "", 2), ("C", "", 1)), ((None, "C", "", 0, 1),)),
    ],
)
def test_differences_between_dock_and_scans(scans, expected) -> None:
    picked = (_picked("A", 3), _picked("B", 1, "L1", 2), _picked("B", 1, "L2", 2))
    found = differences(picked, [(item, lot, Decimal(qty)) for item, lot, qty in scans])
    assert found == tuple(
        Difference(line, item, lot, Decimal(a), Decimal(b)) for line, item, lot, a, b in expected
    )


def test_business_of_the_past_is_entered_in_one_call(database) -> None:
    shop = database.run(factories.make_shop)
    items = [database.run(factories.make_item) for _ in range(20)]
    for number, item in enumerate(items):
        database.run(factories.stock_up, shop, item, 9, f"A-{number % 12 + 1:02d}")
    draft = sales_shop.order_draft(shop, *[(item, 4) for item in items])
    done = database.run(sales.order_and_ship, draft, "REPLAY-1")
    assert (done.order.state, done.shipment.state) == ("done", "shipped")
    assert database.run(sales.order_and_ship, draft, "REPLAY-1") == done
    view = database.read(documents.view, done.shipment.id)
    assert {
        s["source"] for act in view.acts if act.verb == "verify" for s in act.evidence["scans"]
    } == {"replay"}
    assert all(p.shipped == 4 for p in database.read(sales_queries.order_progress, done.order.id))
    with pytest.raises(ConfirmationRequired):
        database.run(sales.order_and_ship, sales_shop.order_draft(shop, (items[0], 6)), "REPLAY-2")
    assert database.read(lambda uow: uow.scalar("SELECT count(*) FROM document")) == 22


def test_plain_sql_cannot_get_round_deposit_or_verification(database) -> None:
    shop = database.run(factories.make_shop)
    hinge = database.run(factories.make_item, "HINGE")
    database.run(factories.stock_up, shop, hinge, 9)
    order = database.run(sales_shop.order, shop, (hinge, 4))
    shipment = database.run(sales_shop.release, database.run(sales_shop.order, shop, (hinge, 4)))
    database.run(sales_shop.pick_everything, shipment)
    attacks = (
        f"UPDATE sales_order SET deposit = 999 WHERE document_id = {order.id}",
        "UPDATE reservation SET qty_open = 0",
        f"UPDATE shipment SET waybill = 'SF1' WHERE document_id = {shipment.id}",
        (
            "INSERT INTO act (uuid, document_id, verb, evidence, reason) VALUES (gen_random_uuid(),"
            f' {order.id}, \'deposit\', \'{{"deposit": "-5", "until": "2099-01-01"}}\', \'x\')'
        ),
        (
            "INSERT INTO act (uuid, document_id, verb, evidence) VALUES (gen_random_uuid(),"
            f" {shipment.id}, 'verify', '{{\"scans\": \"believe me\"}}')"
        ),
        (
            "INSERT INTO act (uuid, document_id, verb, evidence) VALUES (gen_random_uuid(),"
            f' {shipment.id}, \'ship\', \'{{"exit_code": "EXIT-W1", "waybill": "1"}}\')'
        ),
    )
    for login in ("sales", "storekeeper"):
        for attack in attacks:
            with psycopg.connect(database.dsn(login)) as line, pytest.raises(psycopg.Error):
                line.execute(attack.encode())


def test_a_parcel_cannot_leave_in_pieces(database) -> None:
    shop = database.run(factories.make_shop)
    items = [database.run(factories.make_item) for _ in range(2)]
    for item in items:
        database.run(factories.stock_up, shop, item, 9)
    shipment = database.run(
        sales_shop.release, database.run(sales_shop.order, shop, *[(item, 4) for item in items])
    )
    database.run(sales_shop.pick_everything, shipment)
    database.run(sales_shop.verify, shipment)
    first = database.read(pins, shipment.id)[0]
    entry = ActEntry(first.line_id, first.qty, reservation_id=first.reservation_id)
    with pytest.raises(RuleRefused, match="4 of it would stay behind at the dock"):
        database.run(
            documents.act,
            ActCommand(
                shipment.id,
                "ship",
                entries=(entry,),
                evidence={"exit_code": shop.exit_code, "waybill": "SF1"},
            ),
        )
    assert database.read(factories.on_hand, items[0]) == 9
