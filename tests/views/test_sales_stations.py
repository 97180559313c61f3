"""The picking and shipping stations on a real server, driven by scans and four keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_app.domain.scan_codes import parse_scan
from desktop_app.queries import picking as pick_queries
from desktop_app.runtime.operations import InlineOperations
from desktop_app.services import documents
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.views.base.page_services import document_services
from desktop_app.views.sales.picking_station import PickingStation
from desktop_app.views.sales.sales_order_page import SalesOrderPage
from desktop_app.views.sales.shipping_station import ShippingStation
from tests import factories, sales_shop
from tests.views.page_fakes import make_context
from tests.views.station_world import CutLine


@pytest.fixture
def shop(database):
    made = database.run(factories.make_shop)
    for code, place, values in (
        ("HINGE", "A-01", {"barcodes": {"6901234500011": 1, "16901234500018": 12}}),
        ("22423", "A-03", {}),
    ):
        made.items[code] = database.run(factories.make_item, code, **values)
        database.run(factories.stock_up, made, made.items[code], 100, place)
    return made


@pytest.fixture
def line(database) -> CutLine:
    return CutLine(database.as_user("owner", workstation="DOCK-1"))


@pytest.fixture
def context(line, tmp_path, monkeypatch):
    monkeypatch.setenv("STOCKPROOF_HOME", str(tmp_path))
    return replace(make_context(tmp_path), operations=InlineOperations(line))


@pytest.fixture
def order(database, shop):
    return database.run(sales_shop.order, shop, (shop.items["HINGE"], 24), (shop.items["22423"], 2))


def scan(page, *codes: str) -> None:
    for code in codes:
        assert page.on_scan(parse_scan(code))


def write(page, text: str = "") -> None:
    page.scan_field.setText(text)
    QTest.keyClick(page.scan_field, Qt.Key.Key_Return)


def on_screen(qtbot, page):
    qtbot.addWidget(page)
    page.resize(1366, 768)
    page.show()
    return page


def state(database, ref) -> str:
    return database.read(documents.view, ref.id).state


def test_an_order_is_picked_with_a_scanner(qtbot, context, database, order) -> None:
    page = on_screen(qtbot, PickingStation(context))
    assert page.nothing.sentence == "Nothing waits here. Scan an order or a shipment."
    scan(page, order.number)
    assert "Release" in page.bar.text
    page.bar.confirm()
    assert page.feedback.text == "Go to A-01 and scan it"
    scan(page, "B.A-03")
    assert (page.feedback.kind, page.feedback.text) == (
        "wrong",
        "Expected bin A-01, scanned A-03. Nothing was picked.",
    )
    assert context.notifier.sounds[-1] == "wrong"
    scan(page, "A-01", "22423")
    assert page.feedback.text.startswith("Expected item HINGE, scanned 22423")
    scan(page, "16901234500018", "6901234500011")
    assert page.feedback.text == "13 of 24 scanned: scan on, type the quantity, or Enter for 13"
    write(page)
    assert page.card.qty.text() == "11 pcs"
    scan(page, "HINGE")
    write(page, "12")
    assert page.feedback.kind == "wrong"
    assert "12 is more than the 11 still to be picked here" in page.feedback.text
    scan(page, "HINGE")
    write(page)  # all of it
    assert page.feedback.text == "Go to A-03 and scan it"
    scan(page, "A-03", "22423", "22423")
    assert page.sheet.state == "picked"
    assert page.feedback.text == "Everything is picked. Bring it to the shipping dock."
    write(page)
    assert context.open_page.calls == [("shipping", {"id": page.sheet.id})]


def test_an_answer_lost_on_the_way_is_not_picked_twice(
    qtbot, context, database, order, line
) -> None:
    shipment = database.run(sales_shop.release, order)
    page = on_screen(qtbot, PickingStation(context, shipment.id))
    scan(page, "A-01", "HINGE")
    line.cut = True
    write(page, "10")
    assert page.feedback.kind == "wrong"
    page.refresh()
    tasks = database.read(pick_queries.get_sheet, shipment.id).tasks
    assert [task.qty for task in tasks] == [14, 2]
    assert page.card.qty.text() == "14 pcs"


def test_an_empty_bin_and_a_short_end(qtbot, context, database, order, shop) -> None:
    database.run(factories.stock_up, shop, shop.items["HINGE"], 40, "A-02")
    shipment = database.run(sales_shop.release, order)
    page = on_screen(qtbot, PickingStation(context, shipment.id))
    assert page.card.bin.text() == "A-02"
    page.labels()
    page.bar.field("reason").setText("shelf is empty")
    page.bar.confirm()
    assert page.feedback.text == "Go to A-01 and scan it"
    scan(page, "A-01", "HINGE")
    write(page)
    page.post()
    page.bar.field("reason").setText("rest is missing")
    page.bar.confirm()
    assert state(database, shipment) == "picked"


def test_a_parcel_is_checked_and_leaves_by_the_right_door(
    qtbot, context, database, order, shop
) -> None:
    shipment = database.run(sales_shop.release, order)
    database.run(sales_shop.pick_everything, shipment)
    page = on_screen(qtbot, ShippingStation(context))
    write(page)  # the only line of the list
    assert page.state.text() == "Picked"
    scan(page, "4711")
    assert page.feedback.kind == "unknown"
    write(page, "*24")
    assert page.feedback.text == "Scan the goods first, then type *quantity"
    scan(page, "22423", "22423", "22423")
    assert page.feedback.text == "22423 22423: that is more than was picked"
    page.post()
    assert "HINGE 0/24" in page.feedback.text
    scan(page, "HINGE")
    write(page, "*24")
    assert state(database, shipment) == "verified"
    assert page.feedback.text == "Scan the exit code of Main warehouse"
    scan(page, "X.WRONG", "SF1")
    write(page)
    assert page.feedback.text.endswith(
        "WRONG is not the exit code of this warehouse. Nothing left the house."
    )
    assert page.step == "exit"
    scan(page, f"X.{shop.exit_code}", "DPK0042")
    write(page, "德邦")
    assert page.state.text() == "Shipped"
    assert page.facts.text() == "DPK0042 · 德邦"
    assert state(database, shipment) == "shipped"
    assert state(database, order) == "done"
    write(page)
    assert page.sheet is None


def test_escape_leads_back_step_by_step(qtbot, context, database, order) -> None:
    shipment = database.run(sales_shop.release, order)
    page = on_screen(qtbot, PickingStation(context, shipment.id))
    scan(page, "A-01", "HINGE")
    page.back()
    assert page.feedback.text == "Go to A-01 and scan it"
    page.back()
    assert page.sheet is None
    assert page.table.table_rows.rowCount() == 1


def test_another_pc_does_not_disturb_the_counting(qtbot, context, database, order, shop) -> None:
    shipment = database.run(sales_shop.release, order)
    page = on_screen(qtbot, PickingStation(context, shipment.id))
    scan(page, "A-01", "HINGE", "HINGE")
    page.refresh()
    assert page.feedback.text.startswith("2 of 24 scanned")


def test_the_head_of_an_order_shows_deposit_and_lock_and_releases_a_line(
    qtbot, context, database, order
) -> None:
    database.run(sales_shop.deposit, order, "130")
    page = SalesOrderPage(
        context, DOCUMENT_TYPES["sales_order"], order.id, services=document_services()
    )
    on_screen(qtbot, page)
    assert page.holds.deposit.value.text() == "130.00 of 260.00 (50%)"
    assert page.holds.locked.value.text() == "13"
    assert page.holds.ordered.value.text() == "26"
    assert page.holds.until.value.text() == sales_shop.NEXT_MONTH.isoformat()
    page.holds.more.setChecked(True)
    page.holds.ask_release()
    page.holds.bar.field("qty").setText("2,5x")
    page.holds.bar.field("reason").setText("customer waits")
    page.holds.bar.confirm()
    assert page.holds.locked.value.text() == "13"
    page.holds.bar.field("qty").setText("４")
    page.holds.bar.confirm()
    assert page.holds.locked.value.text() == "9"


def test_the_order_page_takes_a_deposit_and_releases_a_part_after_asking(
    qtbot, context, database, shop
) -> None:
    order = database.run(sales_shop.order, shop, (shop.items["22423"], 150))
    page = SalesOrderPage(
        context, DOCUMENT_TYPES["sales_order"], order.id, services=document_services()
    )
    on_screen(qtbot, page)
    steps = {step.verb: step for step in page.work.steps()}
    page.step(steps["deposit"])
    for name, text in (
        ("deposit", "150"),
        ("until", sales_shop.NEXT_MONTH.isoformat()),
        ("reason", "WeChat"),
    ):
        page.bar.field(name).setText(text)
    page.bar.confirm()
    assert page.holds.locked.value.text() == "15"
    page.step(steps["release"])
    assert "Only a part can be picked now" in page.bar.text
    page.bar.confirm()
    assert state(database, order) == "picking"
