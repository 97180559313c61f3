"""From the dock into the bins."""

from __future__ import annotations

from decimal import Decimal

import pytest

from desktop_app.core.errors import InvalidInput, NotFound, UserError
from desktop_app.services import documents, master_data, receiving, reversal
from desktop_app.services.documents import ActCommand
from desktop_app.services.receiving import PutAway
from tests import factories
from tests.scenarios.test_receiving import came, order


def _receipt(uow, shop, *lines):
    bought = order(uow, shop, *lines)
    receipt = came(uow, bought.id, *(qty for _, qty in lines)).receipt
    return receiving.open_receipt(uow, receipt.number)


def test_the_last_piece_put_away_closes_the_receipt(uow) -> None:
    shop = factories.make_shop(uow)
    hinge, knob = factories.make_item(uow), factories.make_item(uow)
    view = _receipt(uow, shop, (hinge, 30), (knob, 5))
    first, second = view.lines
    half = receiving.put_away(uow, PutAway(view.receipt_id, first.line_id, "B.A-03", Decimal(20)))
    assert half.state == "received"
    receiving.put_away(uow, PutAway(view.receipt_id, first.line_id, "a-04", Decimal(10)))
    done = receiving.put_away(uow, PutAway(view.receipt_id, second.line_id, "A-03", Decimal(5)))
    assert done.state == "put_away"
    assert factories.on_hand(uow, hinge, shop.bins["A-03"]) == 20
    assert factories.on_hand(uow, hinge, shop.bins["A-04"]) == 10
    assert factories.on_hand(uow, hinge, shop.docks["receiving"]) == 0
    assert uow.execute("SELECT * FROM ledger_differences()").fetchall() == []


def test_a_bin_is_proposed_its_own_then_where_it_lies_then_the_first_empty(uow) -> None:
    shop = factories.make_shop(uow)
    own = factories.make_item(uow, default_location_id=shop.bins["A-09"])
    lies = factories.make_item(uow)
    new = factories.make_item(uow)
    factories.stock_up(uow, shop, lies, 3, "A-05")
    factories.stock_up(uow, shop, factories.make_item(uow), 3, "A-01")
    newer = factories.make_item(uow)
    view = _receipt(uow, shop, (own, 1), (lies, 1), (new, 1), (newer, 1))
    assert [(line.bin_code, line.why) for line in view.lines] == [
        ("A-09", "default"),
        ("A-05", "same"),
        ("A-02", "empty"),
        ("A-03", "empty"),
    ]


def test_more_than_lies_at_the_dock_cannot_be_put_away(uow) -> None:
    shop = factories.make_shop(uow)
    view = _receipt(uow, shop, (factories.make_item(uow, "HINGE"), 30))
    line = view.lines[0].line_id
    receiving.put_away(uow, PutAway(view.receipt_id, line, "A-03", Decimal(20)))
    with pytest.raises(InvalidInput) as refused:
        receiving.put_away(uow, PutAway(view.receipt_id, line, "A-03", Decimal(11)))
    assert str(refused.value) == (
        "Line 1 HINGE: 30 received, 20 put away already; 11 is more than the 10 at the dock."
    )
    with pytest.raises(InvalidInput, match="above zero"):
        receiving.put_away(uow, PutAway(view.receipt_id, line, "A-03", Decimal(-1)))


def test_a_wrong_place_is_named(uow) -> None:
    shop = factories.make_shop(uow)
    other = master_data.save_warehouse(uow, "W9", "Other house", "EXIT-W9")
    master_data.save_bins(uow, other, ["Z-01"])
    view = _receipt(uow, shop, (factories.make_item(uow), 3))

    def put(code: str) -> None:
        receiving.put_away(uow, PutAway(view.receipt_id, view.lines[0].line_id, code, Decimal(1)))

    with pytest.raises(UserError, match="Bin Z-01 belongs to Other house"):
        put("B.Z-01")
    with pytest.raises(UserError, match="NOWHERE is no bin here"):
        put("NOWHERE")
    with pytest.raises(UserError, match="W1-S is no bin that goods may be put into"):
        put("W1-S")
    with pytest.raises(UserError, match="These goods are not on"):
        receiving.put_away(uow, PutAway(view.receipt_id, 0, "A-01", Decimal(1)))
    with pytest.raises(NotFound, match="CGR-1 is no purchase receipt here"):
        receiving.open_receipt(uow, "CGR-1")


def test_a_double_scan_puts_away_once(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow)
    view = _receipt(uow, shop, (hinge, 30))
    command = PutAway(view.receipt_id, view.lines[0].line_id, "A-03", Decimal(20))
    assert receiving.put_away(uow, command) == receiving.put_away(uow, command)
    assert factories.on_hand(uow, hinge, shop.bins["A-03"]) == 20


def test_lots_keep_their_number_on_the_way_to_the_bin(uow) -> None:
    shop = factories.make_shop(uow)
    glue = factories.make_item(uow, tracking="lot")
    bought = order(uow, shop, (glue, 10))
    line = receiving.open_order(uow, bought.id).lines[0].line_id
    receipt = receiving.receive(
        uow,
        receiving.Receive(
            bought.id,
            (
                receiving.ReceiveEntry(line, Decimal(6), "L1"),
                receiving.ReceiveEntry(line, Decimal(4), "L2"),
            ),
        ),
    ).receipt
    view = receiving.open_receipt(uow, receipt.id)
    assert [(line.lot_code, line.open) for line in view.lines] == [("L1", 6), ("L2", 4)]
    receiving.put_away(uow, PutAway(receipt.id, view.lines[1].line_id, "A-07", Decimal(4)))
    assert uow.execute(
        "SELECT o.code, b.on_hand FROM stock_balance b JOIN lot o ON o.id = b.lot_id"
        " WHERE b.location_id = %s",
        (shop.bins["A-07"],),
    ).fetchall() == [("L2", 4)]


def test_a_receipt_put_away_can_still_be_reversed(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow)
    bought = order(uow, shop, (hinge, 8))
    receipt = came(uow, bought.id, 8).receipt
    line = receiving.open_receipt(uow, receipt.id).lines[0].line_id
    receiving.put_away(uow, PutAway(receipt.id, line, "A-03", Decimal(8)))
    reversal.reverse(uow, ActCommand(receipt.id, "reverse", reason="sent back"))
    assert factories.on_hand(uow, hinge) == 0
    assert documents.view(uow, bought.id).state == "part"
    assert uow.execute("SELECT * FROM ledger_differences()").fetchall() == []
