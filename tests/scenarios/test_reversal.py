"""红冲: both sides stay, linked, and the goods are back where they were."""

from __future__ import annotations

from decimal import Decimal

import pytest

from desktop_app.core.errors import EvidenceMissing, InsufficientStock, TransitionRefused
from desktop_app.services import documents, reversal
from tests import factories


def _receipt(uow, shop, item, qty):
    draft = documents.Draft(
        "purchase_receipt",
        {"party_id": shop.supplier, "warehouse_id": shop.warehouse},
        ({"item_id": item, "qty": Decimal(qty), "to_location_id": shop.bins["A-02"]},),
    )
    return documents.create_and_act(uow, draft, documents.ActCommand(0, "receive"))


def test_a_wrong_receipt_is_reversed_and_both_documents_show_the_other(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow)
    wrong = _receipt(uow, shop, hinge, 30)
    red = reversal.reverse(
        uow, documents.ActCommand(wrong.id, "reverse", wrong.version, reason="wrong supplier")
    )
    assert factories.on_hand(uow, hinge) == 0
    original, mirror = documents.view(uow, wrong.id), documents.view(uow, red.id)
    assert original.state == "reversed"
    assert mirror.state == "mirrored"
    assert [(link.relation, link.number) for link in original.links] == [
        ("reversed_by", red.number)
    ]
    assert [(link.relation, link.number) for link in mirror.links] == [("reverses", wrong.number)]
    assert uow.execute("SELECT * FROM ledger_differences()").fetchall() == []


def test_reversing_asks_for_a_reason_and_happens_once(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow)
    wrong = _receipt(uow, shop, hinge, 3)
    with uow.connection.transaction(force_rollback=True), pytest.raises(EvidenceMissing):
        _run(uow, reversal.reverse, documents.ActCommand(wrong.id, "reverse", wrong.version))
    command = documents.ActCommand(wrong.id, "reverse", wrong.version, reason="wrong")
    assert reversal.reverse(uow, command) == reversal.reverse(uow, command)
    with pytest.raises(TransitionRefused):
        reversal.reverse(uow, documents.ActCommand(wrong.id, "reverse", reason="again"))


def test_goods_that_moved_on_cannot_be_reversed_away(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow)
    wrong = _receipt(uow, shop, hinge, 10)
    move = documents.Draft(
        "bin_move",
        {"warehouse_id": shop.warehouse},
        (
            {
                "item_id": hinge,
                "qty": Decimal(4),
                "location_id": shop.bins["A-02"],
                "to_location_id": shop.bins["A-03"],
            },
        ),
    )
    documents.create_and_act(uow, move, documents.ActCommand(0, "move"))
    with pytest.raises(InsufficientStock) as refused:
        reversal.reverse(uow, documents.ActCommand(wrong.id, "reverse", reason="wrong"))
    assert "only 6 there" in str(refused.value)


def _run(uow, function, *args):
    """Map driver errors as ``Database.run`` does."""
    import psycopg

    from desktop_app.database.errors import to_app_error

    try:
        return function(uow, *args)
    except psycopg.Error as error:
        raise to_app_error(error) from error
