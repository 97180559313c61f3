"""Receiving a transfer with a scanner and four keys."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop_app.queries.transfers import transfer_view
from desktop_app.services import documents, master_data
from desktop_app.views.transfers import station
from tests import factories
from tests.views.station_world import context_on, opened, scan


def _draft(uow: Any) -> documents.DocumentRef:
    shop = factories.make_shop(uow)
    north = master_data.save_warehouse(uow, "N1", "North store", "EXIT-N1")
    master_data.save_bins(uow, north, ["N-01"])
    hinge = factories.make_item(uow, "H1", name="Hinge")
    factories.stock_up(uow, shop, hinge, 100)
    return documents.create(
        uow,
        documents.Draft(
            "transfer",
            {"warehouse_id": shop.warehouse, "to_warehouse_id": north},
            ({"item_id": hinge, "qty": Decimal(40)},),
        ),
    )


def test_from_shipping_to_a_settled_dispute(qtbot: Any, database: Any, tmp_path: Path) -> None:
    made = database.run(_draft)
    page = opened(qtbot, station.create, context_on(database, tmp_path))
    scan(page, made.number)
    page.post()
    assert page.feedback.text == f"{made.number} is on its way."
    assert page.step.id == "arrive"
    scan(page, "I.H1", "B.N-01")
    page.form.fill({"qty": "37"})
    page.post()
    assert page.feedback.text == "Taken in; 3 still on the way."
    scan(page, "I.H1")
    page.form.fill({"qty": "4"})
    page.post()
    assert "Only 3 of H1 are on the way" in page.feedback.text
    assert page.context.notifier.sounds[-1] == "wrong"
    page.labels()
    assert page.step.id == "dispute"
    page.form.fill({"reason": "box torn"})
    page.post()
    assert page.view.state == "disputed"
    page.labels()
    assert page.step.id == "settle"
    page.form.fill({"reason": "carrier pays"})
    page.post()
    assert database.read(transfer_view, made.id).state == "closed"


def test_what_waits_is_listed_and_chosen_with_enter(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    made = database.run(_draft)
    context = context_on(database, tmp_path)
    sender = opened(qtbot, station.create, context, id=made.id)
    sender.post()
    page = opened(qtbot, station.create, context)
    page.enter_pressed()
    assert page.view.number == made.number
    page.back()
    assert page.view is None
    scan(page, "DB-20200101-0009")
    assert "is no transfer here" in page.feedback.text


def test_a_clerk_without_the_right_only_looks(qtbot: Any, database: Any, tmp_path: Path) -> None:
    made = database.run(_draft)
    page = opened(
        qtbot, station.create, context_on(database, tmp_path, frozenset({"stock.read"})), id=made.id
    )
    assert page.step is None
    assert "nothing to do here for you" in page.feedback.text
