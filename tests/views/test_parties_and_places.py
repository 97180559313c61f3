"""Partners and warehouses by keyboard on a real database; what they do inside documents."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QModelIndex, Qt

from desktop_app.domain.bin_patterns import bins_of_pattern
from desktop_app.domain.scan_codes import parse_scan
from desktop_app.queries.parties import frozen_reason, party_record
from desktop_app.queries.places import stops
from desktop_app.services import documents, parties, places
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.views.base.document_page import Proposal
from desktop_app.views.master_data import labels, party_page, warehouse_page
from desktop_app.views.master_data.place_map import shelves
from desktop_app.views.sales import shipping_station
from desktop_app.views.sales.sales_order_page import SalesOrderPage
from tests import factories, sales_shop
from tests.views.station_world import ALL, context_on, opened, scan


def _party(uow: Any, shop: Any, item: int, **more: Any) -> None:
    parties.save_party(
        uow,
        {
            "code": "C1",
            "name": "Meijia Shop",
            "addresses": [
                {"receiver": "Li", "phone": "139", "address": "South gate"},
                {"receiver": "Wang", "phone": "138", "address": "North gate"},
            ],
            "own_codes": [{"item_id": item, "code": "MJ-1", "name": "Their hinge"}],
            **more,
        },
        party_id=shop.customer,
        version=1,
    )


# ---------------------------------------------------------------- partners


def test_a_partner_is_written_in_tabs(qtbot: Any, database: Any, tmp_path: Path) -> None:
    item = database.run(factories.make_item, "HINGE")
    page = opened(qtbot, party_page.create, context_on(database, tmp_path))
    for name, text in (("code", "P1"), ("name", "金华美佳"), ("credit_limit", "5000")):
        page.form.editor(name).setText(text)
    page.form.editor("is_carrier").setChecked(True)
    tax = page.form.editor("tax_id")
    tax.setText("91330100799655058C")
    tax.edited.emit()
    hint = page.form._parts[0][0]._hints["tax_id"]
    assert "check character" in hint.text()
    assert not tax.property("wrong")
    tax.setText("91330100799655058B")
    tax.edited.emit()
    assert hint.text() == ""
    page.form.table("contacts").show_values({"contacts": [{"name": "Wang", "phone": "138"}]})
    page.form.table("own_codes").show_values({"own_codes": [{"item_id": item, "code": "MJ-1"}]})
    page.save()
    kept = database.read(party_record, page.record_id)
    assert (kept["credit_limit"], kept["is_carrier"]) == (5000, True)
    assert kept["contacts"][0]["name"] == "Wang"
    assert kept["own_codes"][0]["code"] == "MJ-1"
    page.form.editor("credit_limit").setText("")
    page.save()
    assert database.read(party_record, page.record_id)["credit_limit"] is None


def test_new_orders_are_frozen_and_released_with_a_reason(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    shop = database.run(factories.make_shop)
    page = opened(qtbot, party_page.create, context_on(database, tmp_path), id=shop.customer)
    page.ask_freeze()
    page.bar.confirm()
    assert database.read(frozen_reason, shop.customer) == ""  # no reason, nothing done
    page.bar.field("reason").setText("does not answer")
    page.bar.confirm()
    assert database.read(frozen_reason, shop.customer) == "does not answer"
    assert "does not answer" in page.bar.text
    page.ask_freeze()
    page.bar.field("reason").setText("paid")
    page.bar.confirm()
    assert database.read(frozen_reason, shop.customer) == ""
    assert [row.frozen for row in page.freezes.table_rows.rows] == [False, True]
    keeper = context_on(database, tmp_path, ALL - {"sales.deposit"})
    looking = opened(qtbot, party_page.create, keeper, id=shop.customer)
    assert not looking.freeze_key.isVisible()


# ---------------------------------------------------------------- in a sales order


def _order_page(qtbot: Any, context: Any, shop: Any, lines: list[dict[str, Any]]) -> Any:
    page = SalesOrderPage(
        context,
        DOCUMENT_TYPES["sales_order"],
        proposal=Proposal(
            {
                "party_id": shop.customer,
                "party_title": "Meijia",
                "warehouse_id": shop.warehouse,
                "warehouse_title": "W1",
            },
            lines,
        ),
    )
    qtbot.addWidget(page)
    page.show()
    page.reload()
    return page


def test_an_order_knows_addresses_prices_and_their_codes(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item, "HINGE", name="Hinge")
    database.run(_party, shop, item)
    database.run(sales_shop.order, shop, (item, 1), price=12)
    context = context_on(database, tmp_path)
    page = _order_page(qtbot, context, shop, [])
    assert page.head.value("address") == "South gate"
    page.customer.offer()
    north = page.customer.menu.actions()[1]
    assert "North gate" in north.text()
    north.trigger()
    page.customer.menu.close()
    assert (page.head.value("receiver"), page.head.value("address")) == ("Wang", "North gate")

    assert page.on_scan(parse_scan("mj-1"))
    line = page.lines.model.line(0)
    assert line.values["item_id"] == item
    page.lines.look_up()
    page.lines.table.setCurrentIndex(page.lines.model.index(0, 0))
    assert "theirs: MJ-1 Their hinge" in page.lines.about.text()
    page.lines.model.sheet.set_value(line, "unit_price", Decimal(15))
    qtbot.keyClick(page.lines.table, Qt.Key.Key_F7)
    popup = page.lines.partner.popup
    assert [row.price for row in popup.table.table_rows.rows] == [12]
    qtbot.keyClick(popup.table, Qt.Key.Key_Return)
    assert line.values["unit_price"] == 12
    page.save()
    head = database.read(documents.view, page.work.document_id).head
    assert (head["receiver"], head["address"]) == ("Wang", "North gate")
    # Afterwards another address is an act.
    page.customer.offer()
    page.customer.menu.actions()[0].trigger()
    page.customer.menu.close()
    view = database.read(documents.view, page.work.document_id)
    assert view.head["address"] == "South gate"
    assert view.acts[-1].verb == "readdress"


def test_beyond_the_limit_the_page_asks_why(qtbot: Any, database: Any, tmp_path: Path) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item)
    database.run(_party, shop, item, credit_limit=Decimal(100))
    line = {"item_id": item, "item_code": "X", "qty": Decimal(11), "unit_price": Decimal(10)}
    page = _order_page(qtbot, context_on(database, tmp_path), shop, [line])
    page.save()
    assert page.work.is_new and "credit limit is 100" in page.bar.text
    page.bar.field("reason").setText("pays tomorrow")
    page.bar.confirm()
    view = database.read(documents.view, page.work.document_id)
    assert (view.acts[-1].verb, view.acts[-1].reason) == ("exceed_credit", "pays tomorrow")


def test_the_order_of_a_frozen_customer_says_so_at_once(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    shop = database.run(factories.make_shop)
    database.run(parties.freeze, shop.customer, "bad debt")
    context = context_on(database, tmp_path)
    page = _order_page(qtbot, context, shop, [])
    assert "bad debt" in page.customer.frozen.text()
    page.save()
    assert "new orders are frozen (bad debt)" in page.bar.text
    page.customer.open_button.click()
    assert context.open_page.calls[-1] == ("party", {"id": shop.customer})


def test_the_carrier_is_chosen_by_its_number(qtbot: Any, database: Any, tmp_path: Path) -> None:
    def fill(uow: Any) -> tuple[Any, int]:
        shop = factories.make_shop(uow)
        for code, name in (("K1", "德邦快递"), ("K2", "顺丰速运")):
            parties.save_party(uow, {"code": code, "name": name, "is_carrier": True})
        item = factories.make_item(uow)
        factories.stock_up(uow, shop, item, 5)
        shipment = sales_shop.release(uow, sales_shop.order(uow, shop, (item, 1)))
        sales_shop.pick_everything(uow, shipment)
        sales_shop.verify(uow, shipment)
        return shop, shipment.id

    shop, shipment = database.run(fill)
    page = opened(qtbot, shipping_station.create, context_on(database, tmp_path), id=shipment)
    page.reload()
    scan(page, f"X.{shop.exit_code}", "SF123")
    assert "1 德邦快递" in page._next() and "2 顺丰速运" in page._next()
    scan(page, "2")  # a label is no carrier: its number is typed
    assert page.feedback.kind == "wrong"
    page.scan_field.setText("2")
    page.scan_field.returnPressed.emit()
    assert database.read(documents.view, shipment).head["carrier"] == "顺丰速运"


# ---------------------------------------------------------------- places


def _house(uow: Any) -> int:
    house = places.save_warehouse(uow, "W7", "Hardware", "W7-EXIT")
    places.make_bins(uow, house, bins_of_pattern("A-01-1…A-02-2"))
    return house


def _walk(database: Any, house: int) -> list[str]:
    return [stop.code for stop in database.read(stops, house)]


def test_bins_are_dragged_numbered_renamed_and_closed(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    house = database.run(_house)
    page = opened(qtbot, warehouse_page.create, context_on(database, tmp_path), id=house)
    table, model = page.places, page.places.places
    assert [row.code for row in model.rows[3:]] == ["A-01-1", "A-01-2", "A-02-1", "A-02-2"]

    # by mouse: the last bin before the first
    data = model.mimeData([model.index(6, 0)])
    assert isinstance(data, QMimeData)
    model.dropMimeData(data, Qt.DropAction.MoveAction, 3, 0, QModelIndex())
    # by keyboard: one down again
    table.setCurrentIndex(model.index(3, 1))
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    # by number: A-02-1 becomes the first
    row = [row.code for row in model.rows].index("A-02-1")
    assert model.setData(model.index(row, 0), "1", Qt.ItemDataRole.EditRole)
    assert not model.setData(model.index(0, 0), "1", Qt.ItemDataRole.EditRole)
    # docks stay where they are
    table.setCurrentIndex(model.index(3, 1))
    qtbot.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    shown = [row.code for row in model.rows[3:]]
    assert shown == ["A-02-1", "A-01-1", "A-02-2", "A-01-2"]
    assert [row.route_seq for row in model.rows[3:]] == [1, 2, 3, 4]

    last = model.index(6, 1)
    assert model.setData(last, "A-09-9", Qt.ItemDataRole.EditRole)
    assert not model.setData(last, "  ", Qt.ItemDataRole.EditRole)
    in_use = model.index(5, model.columnCount() - 1)
    model.setData(in_use, 0, Qt.ItemDataRole.CheckStateRole)
    assert page.is_dirty()
    page.add_bins()
    assert page.problem.text()
    page.save()
    assert not page.is_dirty()
    assert _walk(database, house) == ["A-02-1", "A-01-1", "A-09-9"]

    page.make_route()
    assert _walk(database, house) == ["A-01-1", "A-02-1", "A-09-9"]


def test_a_bin_with_goods_is_not_closed_and_what_was_typed_stays(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item)
    database.run(factories.stock_up, shop, item, 5, "A-01")
    page = opened(qtbot, warehouse_page.create, context_on(database, tmp_path), id=shop.warehouse)
    model = page.places.places
    row = [row.code for row in model.rows].index("A-01")
    model.setData(model.index(row, 8), 0, Qt.ItemDataRole.CheckStateRole)
    page.save()
    assert "A-01 cannot be closed" in page.bar.text
    assert page.is_dirty() and not model.rows[row].is_active


def test_the_pattern_tells_how_many_before_they_are_made(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    house = database.run(_house)
    page = opened(qtbot, warehouse_page.create, context_on(database, tmp_path), id=house)
    page.pattern.setText("B-01-1…B-12-4")
    assert page.preview.text() == "48 bins: B-01-1 … B-12-4"
    page.pattern.setText("B-01-1…B-")
    assert (page.preview.text(), page.problem.text()) == ("", "")
    page.add_bins()
    assert "both ends" in page.problem.text()
    page.pattern.setText("A-01-1")
    page.add_bins()
    assert "exist already" in page.problem.text()
    page.pattern.setText("B-01-1…B-12-4")
    page.zone.setText("East")
    page.add_bins()
    assert len(_walk(database, house)) == 52
    assert page.places.places.rows[-1].zone == "East"


def test_the_map_shows_where_goods_lie_and_opens_the_bin(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item)
    database.run(factories.stock_up, shop, item, 5, "A-03")
    context = context_on(database, tmp_path)
    page = opened(qtbot, warehouse_page.create, context, id=shop.warehouse)
    racks, rows = shelves(page.places.places.rows)
    assert (racks[0], racks[-1], len(rows)) == ("01", "12", 1)
    page.views.setCurrentIndex(1)
    third = page.map.map.index(0, 2)
    assert (third.data(), page.map.map.index(0, 0).data()) == ("1", "")
    page.map.setCurrentIndex(third)
    qtbot.keyClick(page.map, Qt.Key.Key_Return)
    assert context.open_page.calls[-1] == ("bin", {"id": shop.bins["A-03"]})


def test_labels_are_asked_for_by_zone_or_stretch(qtbot: Any, database: Any, tmp_path: Path) -> None:
    house = database.run(_house)
    context = context_on(database, tmp_path)
    page = opened(qtbot, warehouse_page.create, context, id=house)
    page.ask_labels()
    page.bar.field("wanted").setText("A-01-1…A-01-2")
    page.bar.field("start").setText("x")
    page.bar.confirm()
    page.bar.field("start").setText("14")
    page.bar.confirm()
    name, params = context.open_page.calls[-1]
    assert (name, params["wanted"], params["start"]) == ("bin_labels", "A-01-1…A-01-2", 14)
    preview = opened(qtbot, labels.create_bin_labels, context, **params)
    assert preview.document.pageCount() == 2
    preview.layouts.setCurrentIndex(preview.layouts.findData("70x37"))
    preview.reload()
    assert preview.document.pageCount() == 1


def test_a_kind_says_what_it_means_and_what_it_needs(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    shop = database.run(factories.make_shop)
    page = opened(qtbot, warehouse_page.create, context_on(database, tmp_path))
    for name, text in (("code", "Z9"), ("name", "At Jinhua"), ("exit_code", "Z9-X")):
        page.form.editor(name).setText(text)
    page.form.editor("kind").show_value("subcontractor")
    page.form.editor("kind").edited.emit()
    assert "lies at that partner" in page.meaning.text()
    page.save()
    assert "Which subcontractor" in page.form._hints["party_id"].text()
    page.form.editor("party_id").show_value(shop.subcontractor, "Jinhua")
    page.save()
    assert [row.code for row in page.places.places.rows] == ["SUB-Z1"]
    assert not page.making.isVisible()
