"""The storekeeper's first hour."""

from __future__ import annotations

from decimal import Decimal

import pytest

from desktop_app.core.errors import UserError
from desktop_app.services import documents
from tests import factories


def test_goods_received_lie_in_the_bin_and_the_ledger_agrees(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow, "HINGE-NI", name="镀镍铰链")
    factories.stock_up(uow, shop, hinge, 236)
    assert factories.on_hand(uow, hinge, shop.bins["A-01"]) == Decimal(236)
    assert uow.execute("SELECT * FROM ledger_differences()").fetchall() == []


def test_the_same_act_sent_twice_is_posted_once(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow)
    draft = documents.Draft(
        "opening_stock",
        {"warehouse_id": shop.warehouse},
        ({"item_id": hinge, "qty": Decimal(5), "to_location_id": shop.bins["A-01"]},),
    )
    first = documents.create(uow, draft)
    assert documents.create(uow, draft) == first
    post = documents.ActCommand(first.id, "post", first.version, reason="opening")
    assert documents.act(uow, post) == documents.act(uow, post)
    assert factories.on_hand(uow, hinge) == Decimal(5)


def test_a_receipt_at_a_warehouse_without_a_dock_says_which_place_is_missing(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow)
    draft = documents.Draft(
        "purchase_receipt",
        {"warehouse_id": shop.warehouse, "party_id": shop.supplier},
        ({"item_id": hinge, "qty": Decimal(5)},),
    )
    uow.execute("UPDATE location SET is_active = false WHERE kind = 'receiving'")
    with pytest.raises(UserError) as refused:
        documents.create_and_act(uow, draft, documents.ActCommand(0, "receive"))
    assert "receiving" in str(refused.value)
    assert "A place is missing" in str(refused.value)
