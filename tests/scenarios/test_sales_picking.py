"""Pick, verify, ship: by scan, in walking order, and never past the door without its code."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from desktop_app.core import clock
from desktop_app.core.errors import (
    ConfirmationRequired,
    EvidenceMissing,
    InsufficientStock,
    RuleRefused,
    TransitionRefused,
    UserError,
)
from desktop_app.domain.posting import ActEntry
from desktop_app.queries import picking as pick_queries, sales as sales_queries
from desktop_app.services import documents, picking, reversal, shipping
from desktop_app.services.documents import ActCommand
from desktop_app.services.pick_scans import WrongScan
from desktop_app.services.shipping import VerifyRefused
from tests import factories, sales_shop


def in_days(days: float) -> datetime:
    return clock.now() + timedelta(days=days)


def test_a_sale_from_order_to_street(uow) -> None:
    shop = factories.make_shop(uow)
    hinge, knob = factories.make_item(uow, "HINGE"), factories.make_item(uow, "KNOB")
    factories.stock_up(uow, shop, hinge, 20, "A-07")
    factories.stock_up(uow, shop, knob, 5, "A-02")
    order = sales_shop.order(uow, shop, (hinge, 12), (knob, 5))
    shipment = sales_shop.release(uow, order)
    assert documents.view(uow, order.id).state == "picking"
    sheet = pick_queries.get_sheet(uow, shipment.id)
    assert [(t.bin_code, t.item_code, t.qty) for t in sheet.tasks] == [
        ("A-02", "KNOB", 5),
        ("A-07", "HINGE", 12),
    ]  # along the walk, not as typed
    assert sales_shop.pick(uow, shipment, "B.A-02", "KNOB", 5).state == "released"
    assert sales_shop.pick(uow, shipment, "A-07", "I.HINGE", 10).state == "released"
    assert sales_shop.pick(uow, shipment, "a-07", "HINGE", 2).state == "picked"
    assert sales_queries.order_progress(uow, order.id)[0].picked == 12
    assert (
        sales_shop.verify(uow, shipment, ("KNOB", 5), ("HINGE", 4), ("HINGE", 8)).state
        == "verified"
    )
    gone = sales_shop.ship(uow, shipment, f"X.{shop.exit_code}", "DB0001", carrier="德邦")
    assert gone.state == "shipped"
    assert documents.view(uow, order.id).state == "done"
    head = documents.view(uow, shipment.id).head
    assert (head["waybill"], head["carrier"]) == ("DB0001", "德邦")
    assert [
        (p.ordered, p.picked, p.shipped) for p in sales_queries.order_progress(uow, order.id)
    ] == [(12, 0, 12), (5, 0, 5)]
    assert factories.on_hand(uow, hinge) == 8
    assert uow.execute("SELECT * FROM ledger_differences()").fetchall() == []
    assert uow.scalar("SELECT sum(qty_open) FROM reservation") == 0


def test_wrong_scans_are_refused_and_say_what_was_expected(database) -> None:
    shop = database.run(factories.make_shop)
    hinge = database.run(factories.make_item, "HINGE", barcodes={"6901234500011": 1})
    knob = database.run(factories.make_item, "KNOB")
    for item, place in ((hinge, "A-01"), (knob, "A-02")):
        database.run(factories.stock_up, shop, item, 9, place)
    order = database.run(sales_shop.order, shop, (hinge, 4))
    clerk = database.as_user("storekeeper", workstation="PICK-1")
    shipment = clerk.run(sales_shop.release, order)
    tries = {
        ("B.A-02", "HINGE", 1): ("bin", "Expected bin A-01, scanned A-02"),
        ("A-01", "KNOB", 1): ("item", "Expected item HINGE, scanned KNOB KNOB"),
        ("A-01", "4711", 1): ("item", "Expected item HINGE, scanned 4711"),
        ("A-01", "6901234500011", 5): ("qty", "5 is more than the 4 still to be picked here"),
        ("A-01", "HINGE", 0): ("qty", "above zero"),
        ("", "HINGE", 1): ("bin", "Expected bin A-01, scanned -"),
    }
    for scans, (place, sentence) in tries.items():
        with pytest.raises(WrongScan, match=sentence) as refused:
            clerk.run(sales_shop.pick, shipment, *scans)
        assert refused.value.place == place
    assert database.read(factories.on_hand, hinge, shop.bins["A-01"]) == 9
    assert (
        database.read(
            lambda u: u.scalar(
                "SELECT count(*) FROM refused_attempt WHERE verb = 'pick' AND actor = 'storekeeper'"
            )
        )
        == 6
    )
    assert clerk.run(sales_shop.pick, shipment, "A-01", "6901234500011", 4).state == "picked"
    with pytest.raises(TransitionRefused):
        clerk.run(sales_shop.pick, shipment, "A-01", "HINGE", 1)


def test_a_box_code_counts_as_the_pieces_in_it_and_a_double_scan_posts_once(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow, "HINGE", barcodes={"16901234500018": 12})
    factories.stock_up(uow, shop, hinge, 30)
    shipment = sales_shop.release(uow, sales_shop.order(uow, shop, (hinge, 24)))
    task = pick_queries.get_sheet(uow, shipment.id).tasks[0]
    once = picking.Pick(shipment.id, task.line_id, "A-01", "16901234500018")
    assert picking.pick(uow, once) == picking.pick(uow, once)
    assert pick_queries.get_sheet(uow, shipment.id).tasks[0].qty == 12


def test_first_expired_first_out_and_an_expired_or_held_lot_is_never_proposed(uow) -> None:
    shop = factories.make_shop(uow)
    milk = factories.make_item(uow, "MILK", tracking="lot")
    lots = {
        code: factories.make_lot(uow, milk, code, at)
        for code, at in (
            ("OLD", in_days(-1)),
            ("LATE", in_days(30)),
            ("SOON", in_days(3)),
            ("HELD", in_days(1)),
        )
    }
    for place, code in (("A-01", "OLD"), ("A-02", "LATE"), ("A-09", "SOON"), ("A-03", "HELD")):
        factories.stock_up(uow, shop, milk, 10, place, lot=lots[code])
    uow.execute("UPDATE lot SET held = true WHERE id = %s", (lots["HELD"],))
    shipment = sales_shop.release(uow, sales_shop.order(uow, shop, (milk, 15)))
    tasks = pick_queries.get_sheet(uow, shipment.id).tasks
    assert [(t.bin_code, t.lot_code, t.qty) for t in tasks] == [
        ("A-02", "LATE", 5),
        ("A-09", "SOON", 10),
    ]
    with pytest.raises(WrongScan, match="kept by lot: scan or type lot LATE"):
        sales_shop.pick(uow, shipment, "A-02", "MILK", 5)
    with pytest.raises(WrongScan, match="Expected lot LATE of MILK, scanned SOON"):
        sales_shop.pick(uow, shipment, "A-02", "L.MILK..SOON", 5)
    sales_shop.pick(uow, shipment, "A-02", "L.MILK..LATE", 5)
    sales_shop.release(uow, sales_shop.order(uow, shop, (milk, 5)))
    with pytest.raises(InsufficientStock, match="1 wanted, 0 free"):
        sales_shop.release(uow, sales_shop.order(uow, shop, (milk, 1)))


def test_a_part_is_released_only_when_confirmed_and_the_rest_follows(database) -> None:
    shop = database.run(factories.make_shop)
    hinge, knob = (database.run(factories.make_item, c) for c in ("HINGE", "KNOB"))
    database.run(factories.stock_up, shop, hinge, 6)
    database.run(factories.stock_up, shop, knob, 4, "A-02")
    order = database.run(sales_shop.order, shop, (hinge, 10), (knob, 4))
    with pytest.raises(ConfirmationRequired, match="1 HINGE 6/10") as asked:
        database.run(sales_shop.release, order)
    shipment = database.run(sales_shop.release, order, asked.value.key)
    database.run(sales_shop.pick_everything, shipment)
    database.run(sales_shop.verify, shipment)
    database.run(sales_shop.ship, shipment, shop.exit_code)
    assert database.read(documents.view, order.id).state == "part"
    with pytest.raises(
        InsufficientStock, match="Line 1 HINGE in Main warehouse: 4 wanted, 0 there"
    ):
        database.run(sales_shop.release, order)
    database.run(factories.stock_up, shop, hinge, 50, "A-03")
    rest = database.run(sales_shop.release, order)
    assert [t.qty for t in database.read(pick_queries.get_sheet, rest.id).tasks] == [4]
    database.run(sales_shop.pick_everything, rest)
    database.run(sales_shop.verify, rest)
    database.run(sales_shop.ship, rest, shop.exit_code)
    assert database.read(documents.view, order.id).state == "done"


def test_nothing_leaves_without_exit_code_and_waybill(database) -> None:
    shop = database.run(factories.make_shop)
    hinge = database.run(factories.make_item, "HINGE")
    database.run(factories.stock_up, shop, hinge, 6)
    shipment = database.run(sales_shop.release, database.run(sales_shop.order, shop, (hinge, 6)))
    with pytest.raises(TransitionRefused):
        database.run(sales_shop.ship, shipment, shop.exit_code)
    database.run(sales_shop.pick_everything, shipment)
    with pytest.raises(TransitionRefused):
        database.run(sales_shop.ship, shipment, shop.exit_code)
    database.run(sales_shop.verify, shipment)
    with pytest.raises(EvidenceMissing, match="scan the code at the exit"):
        database.run(sales_shop.ship, shipment, " ")
    with pytest.raises(EvidenceMissing, match="X-WRONG is not the exit code"):
        database.run(sales_shop.ship, shipment, "X-WRONG")
    with pytest.raises(EvidenceMissing, match="waybill number. Nothing left"):
        database.run(sales_shop.ship, shipment, shop.exit_code, "  ")
    with pytest.raises(EvidenceMissing, match="is not a waybill number"):
        database.run(sales_shop.ship, shipment, shop.exit_code, f"X.{shop.exit_code}")
    with pytest.raises(EvidenceMissing):
        database.run(documents.act, ActCommand(shipment.id, "ship", evidence={"waybill": "1"}))
    assert database.read(factories.on_hand, hinge, shop.docks["staging"]) == 6
    command = shipping.Ship(shipment.id, None, shop.exit_code, "SF1", uuid=uuid4())
    once = database.run(shipping.ship, command)
    assert database.run(shipping.ship, command) == once
    assert database.read(factories.on_hand, hinge) == 0


def test_the_third_look_finds_what_is_wrong_in_the_parcel(database) -> None:
    shop = database.run(factories.make_shop)
    hinge, knob = (database.run(factories.make_item, c) for c in ("HINGE", "KNOB"))
    for item in (hinge, knob):
        database.run(factories.stock_up, shop, item, 9)
    shipment = database.run(
        sales_shop.release, database.run(sales_shop.order, shop, (hinge, 4), (knob, 2))
    )
    database.run(sales_shop.pick_everything, shipment)
    with pytest.raises(VerifyRefused, match="HINGE 3/4; KNOB 3/2; 4711 1/0") as refused:
        database.run(sales_shop.verify, shipment, ("HINGE", 3), ("KNOB", 3), ("4711", 1))
    assert [d.line_no for d in refused.value.differences] == [1, 2, None]
    with pytest.raises(RuleRefused, match="3 scanned at the dock, 4 picked"):
        database.run(
            documents.act,
            ActCommand(
                shipment.id,
                "verify",
                evidence={"scans": [{"item": "HINGE", "qty": "3"}, {"item": "KNOB", "qty": "2"}]},
            ),
        )
    assert database.run(sales_shop.verify, shipment).state == "verified"


def test_cancelling_brings_the_goods_back_and_keeps_them_reserved(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow, "HINGE")
    factories.stock_up(uow, shop, hinge, 4, "A-05")
    factories.stock_up(uow, shop, hinge, 6, "A-01")
    order = sales_shop.order(uow, shop, (hinge, 8))
    shipment = sales_shop.release(uow, order)
    sales_shop.pick(uow, shipment, "A-01", "HINGE", 4)
    sales_shop.pick(uow, shipment, "A-05", "HINGE", 3)
    back = shipping.cancel(uow, ActCommand(shipment.id, "cancel", reason="customer moved house"))
    assert back.state == "void"
    assert documents.view(uow, order.id).state == "approved"
    assert factories.on_hand(uow, hinge, shop.bins["A-01"]) == 6
    assert factories.on_hand(uow, hinge, shop.bins["A-05"]) == 4
    assert sales_queries.order_holds(uow, order.id).locked == 8
    assert uow.scalar("SELECT sum(allocated) FROM stock_balance") == 0
    again = sales_shop.release(uow, order)
    sales_shop.pick_everything(uow, again)
    assert sales_queries.order_progress(uow, order.id)[0].picked == 8


def test_an_empty_bin_is_replaced_by_another_one(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow, "HINGE")
    factories.stock_up(uow, shop, hinge, 5, "A-01")
    factories.stock_up(uow, shop, hinge, 9, "A-04")
    shipment = sales_shop.release(uow, sales_shop.order(uow, shop, (hinge, 5)))
    sales_shop.pick(uow, shipment, "A-01", "HINGE", 2)
    task = pick_queries.get_sheet(uow, shipment.id).tasks[0]
    picking.relocate(
        uow, picking.Relocate(shipment.id, task.line_id, task.location_id, "only 2 were there")
    )
    assert [(t.bin_code, t.qty) for t in pick_queries.get_sheet(uow, shipment.id).tasks] == [
        ("A-04", Decimal(3))
    ]
    assert sales_shop.pick(uow, shipment, "A-04", "HINGE", 3).state == "picked"
    assert uow.execute("SELECT * FROM ledger_differences()").fetchall() == []


def test_without_another_bin_the_picking_is_closed_short_and_the_rest_stays_locked(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow, "HINGE")
    factories.stock_up(uow, shop, hinge, 5, "A-01")
    order = sales_shop.order(uow, shop, (hinge, 5))
    shipment = sales_shop.release(uow, order)
    with pytest.raises(UserError, match="cancel the picking instead"):
        picking.pick_short(uow, ActCommand(shipment.id, "pick_short", reason="empty"))
    sales_shop.pick(uow, shipment, "A-01", "HINGE", 2)
    task = pick_queries.get_sheet(uow, shipment.id).tasks[0]
    with pytest.raises(InsufficientStock, match="No other bin has these goods"):
        picking.relocate(
            uow, picking.Relocate(shipment.id, task.line_id, task.location_id, "empty")
        )
    short = picking.pick_short(uow, ActCommand(shipment.id, "pick_short", reason="3 missing"))
    assert short.state == "picked"
    sales_shop.verify(uow, shipment)
    sales_shop.ship(uow, shipment, shop.exit_code)
    assert documents.view(uow, order.id).state == "part"
    assert sales_queries.order_holds(uow, order.id).locked == 3
    assert uow.scalar("SELECT sum(allocated) FROM stock_balance") == 0


def test_goods_locked_by_a_deposit_go_to_its_own_order_first(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow, "HINGE")
    factories.stock_up(uow, shop, hinge, 10)
    paid = sales_shop.order(uow, shop, (hinge, 6))
    sales_shop.deposit(uow, paid, 60)
    other = sales_shop.order(uow, shop, (hinge, 10), customer=shop.customer2)
    with pytest.raises(ConfirmationRequired, match="HINGE 4/10"):
        sales_shop.release(uow, other)
    sales_shop.release(uow, other, "part_release")
    shipment = sales_shop.release(uow, paid)
    assert pick_queries.get_sheet(uow, shipment.id).tasks[0].qty == 6


def test_a_shipped_parcel_is_reversed_and_its_order_is_open_again(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow, "HINGE")
    factories.stock_up(uow, shop, hinge, 10)
    order, shipment = sales_shop.sell(uow, shop, (hinge, 6))
    reversal.reverse(uow, ActCommand(shipment.id, "reverse", reason="wrong customer"))
    assert factories.on_hand(uow, hinge, shop.bins["A-01"]) == 10
    assert documents.view(uow, order.id).state == "part"
    assert sales_queries.order_progress(uow, order.id)[0].shipped == 0
    assert sales_shop.release(uow, order).state == "released"


def test_the_server_takes_out_of_the_door_what_the_rule_of_the_step_plans(uow) -> None:
    """Goods leave by one statement (ship_departure), red entries and papers go by the rule."""
    shop = factories.make_shop(uow)
    hinge, knob = factories.make_item(uow, "HINGE"), factories.make_item(uow, "KNOB")
    factories.stock_up(uow, shop, hinge, 4, "A-05")
    factories.stock_up(uow, shop, hinge, 6, "A-01")
    factories.stock_up(uow, shop, knob, 9)
    shipment = sales_shop.release(
        uow, sales_shop.order(uow, shop, (hinge, 8), (knob, 3), (knob, 5))
    )
    sales_shop.pick_everything(uow, shipment)
    sales_shop.verify(uow, shipment)
    staged = uow.execute(
        "SELECT l.id, n.qty, n.lot_id, n.box_id, n.reservation_id FROM allocation n"
        " JOIN document_line l ON l.id = n.line_id WHERE l.document_id = %s AND n.qty > 0",
        (shipment.id,),
    ).fetchall()
    entries = tuple(
        ActEntry(line, qty, lot, box, reservation_id=reservation)
        for line, qty, lot, box, reservation in staged
    )
    said = {"exit_code": shop.exit_code, "waybill": "SF1"}
    moves = (
        "SELECT m.line_id, m.item_id, m.lot_id, m.box_id, m.from_location_id, m.to_location_id, m.qty,"
        " m.weight_g, m.reservation_id FROM stock_move m JOIN act a ON a.id = m.act_id"
        " WHERE a.document_id = %s AND a.verb = 'ship' ORDER BY 1, 9, 7"
    )
    uow.execute("SAVEPOINT at_the_door")
    documents.act(uow, ActCommand(shipment.id, "ship", entries=entries, evidence=said))
    by_rule = uow.execute(moves, (shipment.id,)).fetchall()
    uow.execute("ROLLBACK TO SAVEPOINT at_the_door")
    sales_shop.ship(uow, shipment, shop.exit_code)
    assert len(by_rule) >= 3
    assert uow.execute(moves, (shipment.id,)).fetchall() == by_rule
