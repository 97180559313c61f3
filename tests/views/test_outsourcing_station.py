"""Sending, weighing and deciding at the outsourcing station."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop_app.domain.bom import BOMLine
from desktop_app.queries.outsourcing import at_subcontractors
from desktop_app.services import bills_of_material, documents, outsourcing
from desktop_app.services.material import NewOrder
from desktop_app.views.outsourcing import station
from tests import factories
from tests.views.station_world import context_on, opened, scan


def _order(uow: Any) -> documents.DocumentRef:
    shop = factories.make_shop(uow)
    blank = factories.make_item(uow, "BLANK")
    cup = factories.make_item(
        uow, "CUP", unit_weight_g=Decimal(50), weight_tolerance_pct=Decimal(1)
    )
    bills_of_material.save_bom(uow, bills_of_material.BOMDraft(cup, (BOMLine(blank, Decimal(1)),)))
    factories.stock_up(uow, shop, blank, 500)
    return outsourcing.create_order(
        uow, NewOrder(cup, Decimal(240), shop.warehouse, party_id=shop.subcontractor)
    )


def test_a_mismatch_is_heard_seen_and_decided(qtbot: Any, database: Any, tmp_path: Path) -> None:
    made = database.run(_order)
    page = opened(qtbot, station.create, context_on(database, tmp_path), number=made.number)
    page.post()
    assert page.step.id == "issue"
    scan(page, "B.A-01", "I.BLANK")
    page.post()
    assert database.read(at_subcontractors)[0].qty == 240
    page.labels()
    assert page.step.id == "receive"
    page.form.fill({"qty": "240", "weight_g": "11800"})
    page.post()
    assert "weighs like 236" in page.feedback.text
    assert page.context.notifier.sounds[-1] == "wrong"
    page.back()
    assert [row.state for row in page._waiting] == ["frozen", "issued"]
    page._row_chosen(0)
    assert page.step.id == "decide"
    page.post()
    assert page.feedback.text == "Say why you decide so."
    page.form.fill({"reason": "counted again, 240"})
    page.post()
    assert page.view.state == "received"
    assert database.read(documents.view, made.id).state == "done"


def test_the_planner_sees_the_frozen_receipt_but_cannot_decide(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    made = database.run(_order)
    rights = frozenset({"stock.read", "outsourcing.write"})
    page = opened(qtbot, station.create, context_on(database, tmp_path, rights), id=made.id)
    page.post()
    scan(page, "B.A-01", "I.BLANK")
    page.post()
    page.labels()
    page.form.fill({"qty": "240", "weight_g": "1"})
    page.post()
    page.back()
    page._row_chosen(0)
    assert page.step is None
    assert "nothing to do here for you" in page.feedback.text
