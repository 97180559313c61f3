"""A work order from release to finish at its station."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop_app.domain.bom import BOMLine
from desktop_app.queries.manufacturing import make_order
from desktop_app.services import bills_of_material, documents, manufacturing
from desktop_app.services.material import NewOrder
from desktop_app.views.manufacturing import station
from tests import factories
from tests.views.station_world import context_on, opened, scan


def _order(uow: Any) -> documents.DocumentRef:
    shop = factories.make_shop(uow)
    lamp, base = factories.make_item(uow, "LAMP"), factories.make_item(uow, "BASE")
    bills_of_material.save_bom(
        uow, bills_of_material.BOMDraft(lamp, (BOMLine(base, Decimal(1), Decimal("0.05")),))
    )
    factories.stock_up(uow, shop, base, 60)
    return manufacturing.create_order(uow, NewOrder(lamp, Decimal(20), shop.warehouse))


def _do(page: Any, step: str, **values: str) -> None:
    for _ in range(6):
        if page.step.id == step:
            break
        page.labels()
    assert page.step.id == step
    page.form.fill(values)
    page.post()


def test_with_scanner_and_keys_through_the_whole_order(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    made = database.run(_order)
    page = opened(qtbot, station.create, context_on(database, tmp_path), number=made.number)
    _do(page, "release")
    assert page.step.id == "issue"
    scan(page, "B.A-02", "I.BASE")
    page.post()
    assert "22 wanted at A-02, only 0 there" in page.feedback.text
    page.enter_pressed()
    page._row_chosen(0)
    assert page.form.values() == {
        "place": "A-01",
        "goods": "BASE",
        "qty": "22",
        "lot": "",
        "reason": "",
    }
    page.post()
    assert page.feedback.kind == "ok"
    _do(page, "complete", qty="18")
    assert page.feedback.text == "18 of 20 made."
    _do(page, "scrap", goods="BASE", qty="1", reason="bent")
    assert made.number in page.photo_button.toolTip(), "a photo of what was spoilt"
    _do(page, "finish")
    assert "18 of 20 were made" in page.feedback.text
    _do(page, "finish", reason="two samples less")
    assert "1 BASE → A-01" in page.bar.text
    page.bar.confirm()
    assert database.read(make_order, made.id).state == "closed"
    assert page.step is None


def test_typed_nonsense_stays_beside_its_field(qtbot: Any, database: Any, tmp_path: Path) -> None:
    made = database.run(_order)
    page = opened(qtbot, station.create, context_on(database, tmp_path), id=made.id)
    _do(page, "release")
    _do(page, "issue", place="A-01", goods="BASE", qty="1O")
    assert "no unit “O”" in page.feedback.text
    assert page.form.values  # what was typed is still there to be mended
    assert page.form._editors["qty"].text() == "1O"
