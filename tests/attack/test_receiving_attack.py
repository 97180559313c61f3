"""A storekeeper with a second program or plain SQL against the rules of receiving."""

from __future__ import annotations

from decimal import Decimal

import pytest

from desktop_app.core.errors import InsufficientStock, RuleRefused, TransitionRefused
from desktop_app.domain.posting import ActEntry
from desktop_app.queries.snapshots import get_snapshot
from desktop_app.services import documents, receiving
from desktop_app.services.documents import ActCommand, Draft
from desktop_app.services.receiving import Receive, ReceiveEntry
from tests import factories
from tests.scenarios.test_receiving import order


@pytest.fixture
def shop(database):
    return database.run(factories.make_shop)


@pytest.fixture
def hinge(database):
    return database.run(factories.make_item, "HINGE")


@pytest.fixture
def bought(database, shop, hinge):
    return database.run(order, shop, (hinge, 10))


def receipt_of(uow, bought, qty) -> Draft:
    draft = documents.derive(uow, "purchase_receipt", bought.id)
    return Draft(draft.kind, draft.head, ({**draft.lines[0], "qty": Decimal(qty)},), bought.id)


def test_goods_of_an_order_cannot_come_in_behind_its_back(database, bought, hinge) -> None:
    def behind(uow):
        return documents.create_and_act(uow, receipt_of(uow, bought, 4), ActCommand(0, "receive"))

    with pytest.raises(RuleRefused, match="so that the order is told"):
        database.as_user("storekeeper").run(behind)
    assert database.read(factories.on_hand, hinge) == 0


def test_more_than_ordered_without_a_reason_is_refused_by_the_database(
    database, bought, hinge
) -> None:
    def too_much(uow, reason, evidence):
        receipt = documents.create_and_act(
            uow,
            receipt_of(uow, bought, 14),
            ActCommand(0, "receive", reason=reason, evidence=evidence),
        )
        snapshot = get_snapshot(uow, bought.id)
        documents.take_step(uow, snapshot, ActCommand(bought.id, "receive_rest"))
        return receipt

    storekeeper = database.as_user("storekeeper")
    for reason, evidence in (("", {}), ("", {"over_receipt": [1]}), ("because", {})):
        with pytest.raises(
            RuleRefused, match="Line 1 HINGE: 14 would be received, 10 were ordered"
        ):
            storekeeper.run(too_much, reason, evidence)
    assert database.read(factories.on_hand, hinge) == 0


def test_an_order_is_not_complete_by_word_alone(database, bought, hinge) -> None:
    with pytest.raises(TransitionRefused, match="only 0 of 10"):
        database.as_user("storekeeper").run(documents.act, ActCommand(bought.id, "receive_rest"))
    assert database.read(documents.view, bought.id).state == "approved"


def test_nobody_puts_away_the_goods_of_another_receipt(database, shop, bought, hinge) -> None:
    storekeeper = database.as_user("storekeeper")
    line = database.read(receiving.open_order, bought.id).lines[0].line_id
    mine = storekeeper.run(
        receiving.receive, Receive(bought.id, (ReceiveEntry(line, Decimal(4)),))
    ).receipt
    storekeeper.run(receiving.receive, Receive(bought.id, (ReceiveEntry(line, Decimal(6)),)))
    at_dock = database.read(receiving.open_receipt, mine.id).lines[0].line_id

    def put(qty) -> None:
        storekeeper.run(
            documents.act,
            ActCommand(
                mine.id,
                "put_away",
                entries=(ActEntry(at_dock, Decimal(qty), to_location_id=shop.bins["A-01"]),),
            ),
        )

    with pytest.raises(RuleRefused, match="5 would be put away, but only 4 came"):
        put(5)
    with pytest.raises(InsufficientStock):
        put(11)
    assert database.read(factories.on_hand, hinge, shop.bins["A-01"]) == 0


def test_nothing_is_added_to_an_act_that_was_looked_at_already(database, bought, hinge) -> None:
    """What an act must be is checked when the transaction ends; SET CONSTRAINTS makes that
    moment come early, and what follows must not slip past it."""

    def late(uow):
        line = receiving.open_order(uow, bought.id).lines[0].line_id
        receiving.receive(uow, Receive(bought.id, (ReceiveEntry(line, Decimal(4)),)))
        uow.execute("SET CONSTRAINTS ALL IMMEDIATE")
        uow.execute(
            "INSERT INTO stock_move (act_id, line_id, item_id, lot_id, box_id, from_location_id,"
            " to_location_id, qty) SELECT act_id, line_id, item_id, lot_id, box_id,"
            " from_location_id, to_location_id, 1000 FROM stock_move"
        )

    with pytest.raises(RuleRefused, match="all its goods at once"):
        database.as_user("storekeeper").run(late)
    assert database.read(factories.on_hand, hinge) == 0
