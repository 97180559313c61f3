"""What a customer sends back: never more than left, to the dock or to quality hold."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from desktop_app.core.errors import RuleRefused, UserError
from desktop_app.services import documents, returns
from desktop_app.services.document_steps import derive_titled
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.documents import ActCommand
from tests import factories, sales_shop


def test_two_of_five_come_back_to_the_dock_then_the_rest_to_hold(database) -> None:
    shop = database.run(factories.make_shop)
    hinge = database.run(factories.make_item, "HINGE")
    database.run(factories.stock_up, shop, hinge, 9)
    _order, shipment = database.run(sales_shop.sell, shop, (hinge, 5))
    draft = database.run(returns.derive_return, shipment.id)
    assert [(line["qty"], line["unit_price"]) for line in draft.lines] == [(5, 10)]
    two = replace(draft, lines=({**draft.lines[0], "qty": Decimal(2)},))
    came = database.as_user("sales").run(documents.create, two)
    database.as_user("storekeeper").run(documents.act, ActCommand(came.id, "receive_back"))
    assert database.read(factories.on_hand, hinge, shop.docks["receiving"]) == 2
    with pytest.raises(RuleRefused, match="Line 1 HINGE: 5 returned, but only 3 of that shipment"):
        database.run(
            documents.create_and_act, replace(draft, uuid=uuid4()), ActCommand(0, "receive_back")
        )
    rest = database.run(returns.derive_return, shipment.id, to_hold=True)
    database.run(documents.create_and_act, rest, ActCommand(0, "receive_back"))
    assert database.read(factories.on_hand, hinge, shop.docks["hold"]) == 3
    with pytest.raises(UserError, match="Nothing shipped is left"):
        database.run(returns.derive_return, shipment.id)


def test_the_page_proposes_the_return_with_titles(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow, "HINGE")
    factories.stock_up(uow, shop, hinge, 9)
    _order, shipment = sales_shop.sell(uow, shop, (hinge, 5))
    draft = derive_titled(uow, DOCUMENT_TYPES["sales_return"], shipment.id)
    assert draft.lines[0]["item_code"] == "HINGE"
    assert draft.head["party_name"] == "Meijia Shop"


def test_goods_still_in_the_house_cannot_come_back(uow) -> None:
    shop = factories.make_shop(uow)
    hinge = factories.make_item(uow, "HINGE")
    factories.stock_up(uow, shop, hinge, 9)
    shipment = sales_shop.release(uow, sales_shop.order(uow, shop, (hinge, 5)))
    with pytest.raises(UserError, match="Nothing shipped is left"):
        returns.derive_return(uow, shipment.id)
