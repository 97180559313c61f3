"""From every place where goods, bins, boxes, cartons or people stand, their labels are one key away."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest

from desktop_app.domain.scan_codes import ScanKind, parse_scan
from desktop_app.services import boxes, label_values, receiving
from desktop_app.views.base.factories import create_document
from desktop_app.views.base.row_table import choose_row
from desktop_app.views.labels import print_page
from desktop_app.views.master_data import warehouse_page
from desktop_app.views.purchasing import receiving_station
from desktop_app.views.sales.shipping_station import ShippingStation
from desktop_app.views.settings import users_page
from desktop_app.views.trace import why_page
from tests import factories, sales_shop
from tests.scenarios.test_receiving import order as bought
from tests.views.station_world import ALL, context_on, opened, scan


def press(page: Any, key: str) -> None:
    """A key of the page; no window has the focus here."""
    (found,) = [s for s in page.findChildren(QShortcut) if s.key() == QKeySequence(key)]
    found.activated.emit()


@pytest.fixture
def shop(database: Any) -> Any:
    made = database.run(factories.make_shop)
    made.items["HINGE"] = database.run(
        factories.make_item, "HINGE", name="镀镍铰链", barcodes={"6901234500011": 1}
    )
    database.run(factories.stock_up, made, made.items["HINGE"], 100, "A-01")
    return made


@pytest.fixture
def context(database: Any, tmp_path: Path) -> Any:
    return context_on(database, tmp_path)


def asked_for(context: Any) -> dict[str, Any]:
    """What the print page was last opened with."""
    name, params = context.open_page.calls[-1]
    assert name == "print_labels"
    return dict(params)


def shown(qtbot: Any, context: Any) -> Any:
    """The print page as it was asked for, with its first label drawn."""
    page = opened(qtbot, print_page.create, context, **asked_for(context))
    page.reload()
    assert page.view.image is not None
    return page


def test_bins_chosen_or_all_from_the_warehouse(qtbot: Any, context: Any, shop: Any) -> None:
    page = opened(qtbot, warehouse_page.create, context, id=shop.warehouse)
    page.reload()
    page.views.setCurrentIndex(0)
    rows = page.places.places.rows
    press(page, "Shift+F9")
    assert asked_for(context)["bins"] == [row.id for row in rows if row.is_active]
    numbers = [n for n, row in enumerate(rows) if row.kind == "bin"][:2]
    flags = QItemSelectionModel.SelectionFlag
    for number in numbers:
        page.places.selectionModel().select(
            page.places.places.index(number, 0), flags.Select | flags.Rows
        )
    page.places.selectionModel().select(page.places.places.index(0, 0), flags.Deselect | flags.Rows)
    page.print_labels()
    assert asked_for(context)["bins"] == [rows[n].id for n in numbers]
    shown(qtbot, context)


def test_badges_of_the_people_chosen(qtbot: Any, context: Any, database: Any) -> None:
    page = opened(qtbot, users_page.create, context)
    page.reload()
    page.table.selectAll()
    page.print_badges()
    assert len(asked_for(context)["logins"]) == page.table.rowCount() > 1
    page.table.clearSelection()
    choose_row(page.table, 1)
    page.print_badges()
    assert asked_for(context)["logins"] == [page.table.item(1, 0).text()]
    shown(qtbot, context)


def test_a_label_for_each_carton_at_the_dock(
    qtbot: Any, context: Any, database: Any, shop: Any
) -> None:
    order = database.run(sales_shop.order, shop, (shop.items["HINGE"], 2))
    shipment = database.run(sales_shop.release, order)
    database.run(sales_shop.pick_everything, shipment)
    station = ShippingStation(context, shipment.id)
    qtbot.addWidget(station)
    station.resize(1366, 768)
    station.show()
    station.reload()
    press(station, "Shift+F9")
    assert asked_for(context)["shipment"] == shipment.id
    page = shown(qtbot, context)
    page.cartons.setValue(3)
    labels = page._wanted.labels
    assert [(v["box_no"], v["box_count"]) for v in labels] == [("1", "3"), ("2", "3"), ("3", "3")]
    assert labels[0]["items"] and labels[0]["receiver"]
    document = opened(qtbot, create_document, context, kind="shipment", id=shipment.id)
    document.reload()
    document.print_labels()
    assert asked_for(context)["kind"] == "shipping"


def test_the_lot_asked_about_gets_its_label(qtbot: Any, context: Any, shop: Any) -> None:
    page = opened(qtbot, why_page.create, context, item_id=shop.items["HINGE"])
    page.reload()
    press(page, "F9")
    assert asked_for(context) == {
        "kind": "item",
        "goods": [(shop.items["HINGE"], 0, None)],
        "title": "HINGE",
    }
    shown(qtbot, context)


def test_new_boxes_with_labels_after_receiving(
    qtbot: Any, context: Any, database: Any, shop: Any
) -> None:
    ref = database.run(bought, shop, (shop.items["HINGE"], 60))
    station = opened(qtbot, receiving_station.create, context)
    station.reload()
    press(station, "F7")
    assert "post it first" in station.feedback.text
    scan(station, ref.number, "6901234500011")
    station.strip.qty.setText("60")
    QTest.keyClick(station.strip.qty, Qt.Key.Key_Return)
    press(station, "F8")
    press(station, "F7")
    station.bar.field("count").setText("5")
    station.bar.confirm()
    page = shown(qtbot, context)
    found = page._wanted.labels
    assert [v["qty"] for v in found] == ["12"] * 5
    assert len({v["box"] for v in found}) == 5
    assert found[0]["document"] == station.posted.receipt.number and found[0]["partner"]
    read = parse_scan(found[0]["scan_code"])
    assert (read.kind, read.code) == (ScanKind.BOX, found[0]["box"])


def test_box_numbers_are_counted_within_the_day(database: Any, fixed_clock: Any) -> None:
    assert database.run(boxes.make_boxes, 2) == ("BX-260105-0001", "BX-260105-0002")
    assert database.run(boxes.make_boxes, 1) == ("BX-260105-0003",)
    with pytest.raises(Exception, match="Between 1 and 500"):
        database.run(boxes.make_boxes, 0)


def test_a_quantity_that_does_not_divide_is_left_to_the_pen(database: Any, shop: Any) -> None:
    ref = database.run(bought, shop, (shop.items["HINGE"], 10))
    line = database.run(
        lambda u: u.scalar("SELECT id FROM document_line WHERE document_id = %s", (ref.id,))
    )
    received = database.run(
        receiving.receive,
        receiving.Receive(ref.id, (receiving.ReceiveEntry(line, Decimal(10)),)),
    )
    wishes = database.run(boxes.for_document, received.receipt.id, 3)
    assert [wish.qty for wish in wishes] == [None] * 3
    values = database.run(label_values.goods, wishes)
    assert [v["qty"] for v in values] == [""] * 3


def test_who_may_not_print_is_not_offered_labels(
    qtbot: Any, database: Any, tmp_path: Path, shop: Any
) -> None:
    context = context_on(database, tmp_path, ALL - {"label.print"})
    page = opened(qtbot, why_page.create, context, item_id=shop.items["HINGE"])
    page.reload()
    page.print_label()
    assert page.label.isHidden() and context.open_page.calls == []
