"""Refused attempts stay on record (N4)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from desktop_app.core.errors import InsufficientStock, PermissionDenied
from desktop_app.services import documents
from tests import factories


def test_a_refused_move_changes_nothing_and_is_on_record(database) -> None:
    shop = database.run(factories.make_shop)
    hinge = database.run(factories.make_item, "H1")
    database.run(factories.stock_up, shop, hinge, 5)
    draft = documents.Draft(
        "bin_move",
        {"warehouse_id": shop.warehouse},
        (
            {
                "item_id": hinge,
                "qty": Decimal(6),
                "location_id": shop.bins["A-01"],
                "to_location_id": shop.bins["A-02"],
            },
        ),
    )
    storekeeper = database.as_user("storekeeper", workstation="DOCK-2")
    with pytest.raises(InsufficientStock, match="Line 1 H1: 6 wanted at A-01, only 5 there"):
        storekeeper.run(documents.create_and_act, draft, documents.ActCommand(0, "move"))
    assert database.read(factories.on_hand, hinge) == Decimal(5)
    assert _refused(database) == [("storekeeper", "DOCK-2", "move", "stock.insufficient")]


def test_a_login_without_the_permission_is_refused_by_name(database) -> None:
    shop = database.run(factories.make_shop)
    hinge = database.run(factories.make_item, "H1")
    draft = documents.Draft(
        "opening_stock",
        {"warehouse_id": shop.warehouse},
        ({"item_id": hinge, "qty": Decimal(6), "to_location_id": shop.bins["A-02"]},),
    )
    with pytest.raises(PermissionDenied, match="Adjust stock with a reason"):
        database.as_user("sales").run(documents.create, draft)


def _refused(database) -> list[tuple[str, ...]]:
    return database.read(
        lambda uow: uow.execute(
            "SELECT actor, workstation, verb, code FROM refused_attempt ORDER BY id"
        ).fetchall()
    )
