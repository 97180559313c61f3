"""A lorry at the dock: what was ordered, what came, what is still to come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from desktop_app.core import clock
from desktop_app.core.errors import (
    ConfirmationRequired,
    EvidenceMissing,
    InvalidInput,
    NotFound,
    TransitionRefused,
    UserError,
)
from desktop_app.services import documents, purchasing, receiving, reversal
from desktop_app.services.documents import ActCommand, Draft
from desktop_app.services.receiving import Receive, ReceiveEntry
from tests import factories


def order(uow, shop, *lines):
    """An approved purchase order; lines are (item, quantity)."""
    made = tuple(
        {
            "item_id": item,
            "qty": Decimal(qty),
            "unit_price": Decimal("2.50"),
            "tax_rate": Decimal(13),
        }
        for item, qty in lines
    )
    head = {"party_id": shop.supplier, "warehouse_id": shop.warehouse}
    return purchasing.create_approved(uow, Draft("purchase_order", head, made))


def entries(view, *counted, **lot):
    return tuple(
        ReceiveEntry(line.line_id, Decimal(qty), **lot)
        for line, qty in zip(view.lines, counted, strict=False)
        if qty
    )


def came(uow, order_id, *counted, **more):
    """Receive these quantities, line by line."""
    view = receiving.open_order(uow, order_id)
    return receiving.receive(uow, Receive(order_id, entries(view, *counted), **more))


def test_part_now_and_the_rest_tomorrow_closes_the_order(uow) -> None:
    shop = factories.make_shop(uow)
    hinge, knob = factories.make_item(uow, "HINGE"), factories.make_item(uow, "KNOB")
    bought = order(uow, shop, (hinge, 100), (knob, 40))

    first = came(uow, bought.id, 60, 0)
    assert first.order_state == "part"
    view = receiving.open_order(uow, bought.number)
    assert [(line.ordered, line.received, line.open) for line in view.lines] == [
        (100, 60, 40),
        (40, 0, 40),
    ]
    assert view.supplier == "Hongda Hardware"

    second = came(uow, bought.id, 40, 40)
    assert second.order_state == "done"
    assert documents.view(uow, bought.id).state == "done"
    assert factories.on_hand(uow, hinge, shop.docks["receiving"]) == 100
    with pytest.raises(UserError, match="is Done; goods are received on approved orders only"):
        receiving.open_order(uow, bought.number)


def test_scanning_a_receipt_leads_to_its_order(uow) -> None:
    shop = factories.make_shop(uow)
    bought = order(uow, shop, (factories.make_item(uow), 10))
    receipt = came(uow, bought.id, 4).receipt
    assert receiving.open_order(uow, receipt.number.lower()).order_id == bought.id
    assert receiving.open_receipt(uow, receipt.number).receipt_id == receipt.id


def test_more_than_ordered_asks_and_is_written_down(uow) -> None:
    shop = factories.make_shop(uow)
    bought = order(uow, shop, (factories.make_item(uow, "HINGE"), 100))
    came(uow, bought.id, 60)
    with pytest.raises(ConfirmationRequired) as asked:
        came(uow, bought.id, 45)
    assert asked.value.key == "over_receipt:1"
    assert str(asked.value) == (
        "Line 1 HINGE: 100 ordered, 60 received before, 45 now: 5 more than ordered"
        " (tolerance 0%). Take it anyway?"
    )
    with pytest.raises(InvalidInput, match="Say why more is taken"):
        came(uow, bought.id, 45, confirmed=frozenset({asked.value.key}))
    done = came(uow, bought.id, 45, confirmed=frozenset({asked.value.key}), reason="boss agreed")
    assert done.order_state == "done"
    act = next(a for a in documents.view(uow, done.receipt.id).acts if a.verb == "receive")
    assert act.reason == "boss agreed"
    assert act.evidence["over_receipt"][0]["over"] == "5.000000"
    assert act.evidence["over_receipt"][0]["asked"] is True


def test_within_the_tolerance_of_the_company_nobody_is_asked(uow) -> None:
    shop = factories.make_shop(uow)
    uow.execute("INSERT INTO setting (key, value) VALUES ('receiving.over_tolerance_pct', '\"5\"')")
    bought = order(uow, shop, (factories.make_item(uow), 100))
    came(uow, bought.id, 99)
    done = came(uow, bought.id, 6)
    act = next(a for a in documents.view(uow, done.receipt.id).acts if a.verb == "receive")
    assert act.evidence["over_receipt"][0]["asked"] is False
    again = order(uow, shop, (factories.make_item(uow), 100))
    with pytest.raises(ConfirmationRequired, match="tolerance 5%"):
        came(uow, again.id, 106)


def test_a_double_press_posts_once(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow)
    bought = order(uow, shop, (hinge, 100))
    command = Receive(bought.id, entries(receiving.open_order(uow, bought.id), 30), uuid=uuid4())
    assert receiving.receive(uow, command) == receiving.receive(uow, command)
    assert factories.on_hand(uow, hinge) == 30


def test_goods_with_an_expiry_get_their_lot_at_the_dock(uow) -> None:
    shop = factories.make_shop(uow)
    glue = factories.make_item(uow, "GLUE", tracking="lot", shelf_life=24 * 30)
    bought = order(uow, shop, (glue, 50))
    with pytest.raises(InvalidInput, match="Line 1 GLUE: scan or type the lot number"):
        came(uow, bought.id, 10)
    until = datetime(2099, 6, 30, 23, 59, 59, tzinfo=UTC)
    view = receiving.open_order(uow, bought.id)
    line = view.lines[0].line_id
    receiving.receive(
        uow,
        Receive(
            bought.id,
            (
                ReceiveEntry(line, Decimal(10), "B1", until),
                ReceiveEntry(line, Decimal(5), "B2"),
                ReceiveEntry(line, Decimal(2), "B1"),
            ),
        ),
    )
    found = uow.execute(
        "SELECT o.code, o.expires_at, b.on_hand FROM stock_balance b JOIN lot o ON o.id = b.lot_id"
        " WHERE b.item_id = %s ORDER BY 1",
        (glue,),
    ).fetchall()
    assert [(code, qty) for code, _, qty in found] == [("B1", 12), ("B2", 5)]
    assert found[0][1] == until
    assert found[1][1] > clock.now() + timedelta(days=29)  # shelf life of the item
    with pytest.raises(InvalidInput, match="Lot B1 was received with another expiry date"):
        receiving.receive(
            uow,
            Receive(bought.id, (ReceiveEntry(line, Decimal(1), "B1", until + timedelta(days=1)),)),
        )


def test_goods_that_are_out_of_date_already_ask_before_they_come_in(uow) -> None:
    shop = factories.make_shop(uow)
    glue = factories.make_item(uow, "GLUE", tracking="lot")
    bought = order(uow, shop, (glue, 50))
    old = datetime(2020, 1, 1, tzinfo=UTC)
    with pytest.raises(ConfirmationRequired, match="lot OLD has expired already") as asked:
        receiving.receive(
            uow,
            Receive(
                bought.id,
                entries(receiving.open_order(uow, bought.id), 3, lot="OLD", expires_at=old),
            ),
        )
    assert asked.value.key == "expired:1"


def test_bad_quantities_are_named_by_their_line_and_nothing_is_posted(uow) -> None:
    shop = factories.make_shop(uow)
    hinge, oil = factories.make_item(uow, "HINGE"), factories.make_item(uow, "OIL")
    bought = order(uow, shop, (hinge, 100), (oil, 10))
    view = receiving.open_order(uow, bought.id)
    bad = Receive(
        bought.id,
        (
            ReceiveEntry(view.lines[0].line_id, Decimal("1.5")),
            ReceiveEntry(view.lines[1].line_id, Decimal("1e30")),
        ),
    )
    with pytest.raises(InvalidInput) as refused:
        receiving.receive(uow, bad)
    assert [(p.line_no, str(p)) for p in refused.value.problems] == [
        (1, "Line 1 HINGE: at most 0 decimals."),
        (2, "Line 2 OIL: the quantity is too large."),
    ]
    with pytest.raises(InvalidInput, match="above zero"):
        receiving.receive(uow, Receive(bought.id, entries(view, -3)))
    with pytest.raises(UserError, match="Nothing has been counted yet"):
        receiving.receive(uow, Receive(bought.id, ()))
    assert factories.on_hand(uow, hinge) == 0


def test_an_unknown_order_and_one_not_approved_are_told_apart(uow) -> None:
    shop = factories.make_shop(uow)
    with pytest.raises(NotFound, match="CGD-20990101-0001 is no purchase order here"):
        receiving.open_order(uow, "CGD-20990101-0001")
    item = factories.make_item(uow)
    draft = documents.create(
        uow,
        Draft(
            "purchase_order",
            {"party_id": shop.supplier, "warehouse_id": shop.warehouse},
            ({"item_id": item, "qty": Decimal(1)},),
        ),
    )
    with pytest.raises(UserError, match="is Draft"):
        receiving.open_order(uow, draft.number)


def test_scans_tell_item_quantity_lot_and_expiry(uow) -> None:
    hinge = factories.make_item(
        uow, "HINGE", name="铰链", barcodes={"6921111111116": "1", "16921111111113": "12"}
    )
    piece = receiving.identify(uow, "6921111111116")
    box = receiving.identify(uow, "16921111111113")
    assert piece is not None and box is not None
    assert (piece.item_id, piece.factor, piece.qty) == (hinge, 1, None)
    assert (box.item_id, box.factor) == (hinge, 12)
    full = receiving.identify(uow, "]C1011692111111111317270630" + "10L7\x1d" + "3730")
    assert full is not None
    assert (full.lot, full.expiry.isoformat(), full.qty) == ("L7", "2027-06-30", 360)
    assert receiving.identify(uow, "4006381333931") is None
    assert receiving.identify(uow, "B.A-01") is None


def test_reversing_a_receipt_opens_the_order_again(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow)
    bought = order(uow, shop, (hinge, 100))
    done = came(uow, bought.id, 100)
    assert done.order_state == "done"
    with pytest.raises(EvidenceMissing), _refusal_mapped(uow):
        reversal.reverse(uow, ActCommand(done.receipt.id, "reverse"))
    reversal.reverse(uow, ActCommand(done.receipt.id, "reverse", reason="wrong supplier"))
    view = receiving.open_order(uow, bought.number)
    assert (view.state, view.lines[0].received, view.lines[0].open) == ("part", 0, 100)
    assert came(uow, bought.id, 100).order_state == "done"
    assert uow.execute("SELECT * FROM ledger_differences()").fetchall() == []


def test_a_receipt_written_on_a_page_obeys_the_same_rules(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow)
    bought = order(uow, shop, (hinge, 10))
    draft = documents.derive(uow, "purchase_receipt", bought.id)
    made = documents.create(
        uow,
        Draft(draft.kind, draft.head, ({**draft.lines[0], "qty": Decimal(12)},), draft.origin_id),
    )
    command = ActCommand(made.id, "receive", made.version)
    with pytest.raises(ConfirmationRequired):
        receiving.receive_draft(uow, command)
    posted = receiving.receive_draft(
        uow, ActCommand(made.id, "receive", reason="gift", confirmed=("over_receipt:1",))
    )
    assert posted.state == "received"
    assert documents.view(uow, bought.id).state == "done"


def test_an_order_becomes_the_last_agreed_price(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow)
    order(uow, shop, (hinge, 10))
    assert uow.scalar(
        "SELECT price FROM item_purchase_price WHERE item_id = %s", (hinge,)
    ) == Decimal("2.5")


def test_an_order_without_lines_is_not_approved(uow) -> None:
    shop = factories.make_shop(uow)
    empty = documents.create(
        uow,
        Draft("purchase_order", {"party_id": shop.supplier, "warehouse_id": shop.warehouse}, ()),
    )
    with pytest.raises(UserError, match="has no lines"):
        purchasing.approve(uow, ActCommand(empty.id, "approve"))


def test_goods_cannot_be_put_away_before_they_came(uow) -> None:
    shop = factories.make_shop(uow)
    item = factories.make_item(uow)
    draft = documents.create(
        uow,
        Draft(
            "purchase_receipt",
            {"party_id": shop.supplier, "warehouse_id": shop.warehouse},
            ({"item_id": item, "qty": Decimal(5)},),
        ),
    )
    line = documents.view(uow, draft.id).lines[0]["id"]
    with pytest.raises(TransitionRefused):
        receiving.put_away(uow, receiving.PutAway(draft.id, line, "A-01", Decimal(1)))


def test_a_serial_number_is_one_piece(uow) -> None:
    shop = factories.make_shop(uow)
    drill = factories.make_item(uow, "DRILL", tracking="serial")
    bought = order(uow, shop, (drill, 2))
    view = receiving.open_order(uow, bought.id)
    line = view.lines[0].line_id
    twice = (ReceiveEntry(line, Decimal(1), "SN1"), ReceiveEntry(line, Decimal(1), "SN1"))
    with pytest.raises(InvalidInput, match="one serial number is one piece"):
        receiving.receive(uow, Receive(bought.id, twice))
    done = receiving.receive(
        uow,
        Receive(
            bought.id,
            (ReceiveEntry(line, Decimal(1), "SN1"), ReceiveEntry(line, Decimal(1), "SN2")),
        ),
    )
    assert done.order_state == "done"
    assert factories.on_hand(uow, drill) == 2


class _refusal_mapped:  # noqa: N801 - reads like a statement
    """Maps a driver error as ``Database.run`` does and undoes what it broke."""

    def __init__(self, uow) -> None:
        self._savepoint = uow.connection.transaction(force_rollback=True)

    def __enter__(self) -> None:
        self._savepoint.__enter__()

    def __exit__(self, kind, error, trace) -> bool:
        import psycopg

        from desktop_app.database.errors import to_app_error

        self._savepoint.__exit__(kind, error, trace)
        if isinstance(error, psycopg.Error):
            raise to_app_error(error) from error
        return False
