"""Boxes and loose pieces typed at the stations: the receiving dock, the blind count."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_app.core.clock import FixedClock
from desktop_app.domain.scan_codes import parse_scan
from desktop_app.domain.units import ItemUnits, Unit
from desktop_app.services import documents, master_data, transfers
from desktop_app.services.documents import ActCommand
from desktop_app.services.pick_scans import WrongScan
from desktop_app.views.counting.entry_flow import CountFlow
from desktop_app.views.purchasing import put_away_station, receiving_station
from desktop_app.views.purchasing.receiving_station import ReceivingStation
from desktop_app.views.sales import picking_station, shipping_station
from desktop_app.views.transfers import station as transfer_station
from tests import factories, sales_shop
from tests.scenarios.test_receiving import order
from tests.views.station_world import context_on, opened, scan
from tests.views.test_counting_flow import task

BOXED = ItemUnits("pcs", 0, (Unit("箱", 12),))


def test_three_boxes_and_four_loose_at_the_dock(
    qtbot: Any, database: Any, tmp_path: Path, fixed_clock: FixedClock
) -> None:
    def made(uow: Any) -> Any:
        shop = factories.make_shop(uow)
        hinge = factories.make_item(
            uow, "HINGE", units=[{"unit": "箱", "factor": "12"}], unit_weight_g=Decimal(3)
        )
        milk = factories.make_item(
            uow, "MILK", tracking="lot", shelf_life=18, shelf_life_unit="months"
        )
        return order(uow, shop, (hinge, 100), (milk, 20))

    bought = database.run(made)
    page = ReceivingStation(context_on(database, tmp_path))
    qtbot.addWidget(page)
    page.show()
    for code in (bought.number, "HINGE"):
        page.on_scan(parse_scan(code))
    page.strip.qty.setText("3箱4")
    QTest.keyClick(page.strip.qty, Qt.Key.Key_Return)
    assert [entry.qty for entry in page.tally.entries()] == [40]
    page.on_scan(parse_scan("HINGE"))
    page.strip.qty.setText("2托")
    QTest.keyClick(page.strip.qty, Qt.Key.Key_Return)
    assert "no unit “托”" in page.strip.problem.text()
    page.strip.qty.setText("41")
    page.on_scan(parse_scan("MILK"))
    assert page.strip.expiry.placeholderText() == "2027-07-05"


def test_boxes_on_the_shelf_are_counted_as_pieces() -> None:
    flow = CountFlow()
    flow.load((task(1, "A-01", "HINGE", units=BOXED),))
    for code in ("A-01", "HINGE"):
        flow.scan(parse_scan(code), typed=False)
    answer = flow.scan(parse_scan("2托"), typed=True)
    assert (answer.kind, answer.entry) == ("wrong", None)
    answer = flow.scan(parse_scan("3箱4"), typed=True)
    assert answer.entry is not None
    assert answer.entry.qty == 40


PIECE, BOX = "6901234500011", "16901234500018"


@pytest.fixture
def shop(database: Any) -> Any:
    """Hinges by the piece and in boxes of twelve, each with its own barcode."""
    made = database.run(factories.make_shop)
    made.items["HINGE"] = database.run(
        factories.make_item,
        "HINGE",
        name="镀镍铰链",
        uom="个",
        unit_weight_g=Decimal(40),
        units=[{"unit": "箱", "factor": "12"}],
        barcodes=[{"barcode": PIECE}, {"barcode": BOX, "unit": "箱"}],
    )
    return made


def press(qtbot: Any, page: Any, key: Qt.Key) -> None:
    """A key of the station, with its window in front."""
    with qtbot.waitActive(page):
        page.activateWindow()
    page.scan_field.setFocus()
    QTest.keyClick(page.scan_field, key)


def write(page: Any, text: str = "") -> None:
    page.scan_field.setText(text)
    QTest.keyClick(page.scan_field, Qt.Key.Key_Return)


def evidence(database: Any, document_id: int, verb: str) -> Any:
    found = database.read(
        lambda uow: uow.scalar(
            "SELECT evidence FROM act WHERE document_id = %s AND verb = %s ORDER BY id DESC LIMIT 1",
            (document_id, verb),
        )
    )
    return found["reads"] if "reads" in found else found["scans"][0]["reads"]


@pytest.fixture
def released(database: Any, shop: Any) -> Any:
    """Twenty-seven pieces to be picked from A-01."""
    database.run(factories.stock_up, shop, shop.items["HINGE"], 100)
    sold = database.run(sales_shop.order, shop, (shop.items["HINGE"], 27))
    return database.run(sales_shop.release, sold)


def test_two_boxes_and_three_loose_are_picked(
    qtbot: Any, database: Any, tmp_path: Path, released: Any
) -> None:
    page = opened(qtbot, picking_station.create, context_on(database, tmp_path), id=released.id)
    assert (page.card.qty.text(), page.card.base.text()) == ("2箱 3个", "27 个")
    scan(page, "B.A-01", BOX)
    assert page.feedback.text == (
        "1 箱 = 12 个. 1箱 (12个) of 2箱 3个 (27个) scanned: scan on, type the quantity,"
        " or Enter for 1箱 (12个)"
    )
    scan(page, BOX, BOX)  # the third box is nine too many
    assert page.feedback.kind == "wrong"
    assert page.feedback.text == (
        "HINGE: 1 箱 = 12 个, but only 3个 still to be picked here. Nothing was counted;"
        " take single pieces."
    )
    assert page.walk.counted == 24
    write(page, "+3")
    assert page.sheet.state == "picked"
    assert evidence(database, released.id, "pick") == [
        {"code": BOX, "qty": "12", "unit": "箱", "factor": "12", "times": "2"},
        {"typed": "+3", "qty": "27"},
    ]


def test_a_box_that_is_too_much_is_refused_by_the_server_too(database: Any, released: Any) -> None:
    database.run(sales_shop.pick, released, "A-01", "HINGE", 24)
    with pytest.raises(WrongScan, match="1 箱 = 12 个, but only 3个 still to be picked"):
        database.run(sales_shop.pick, released, "A-01", BOX)
    with pytest.raises(WrongScan, match="at most 0 decimals"):
        database.run(sales_shop.pick, released, "A-01", "HINGE", "2.5")


def test_one_key_types_boxes_at_the_bin(
    qtbot: Any, database: Any, tmp_path: Path, released: Any
) -> None:
    page = opened(qtbot, picking_station.create, context_on(database, tmp_path), id=released.id)
    scan(page, "B.A-01")
    press(qtbot, page, Qt.Key.Key_F2)
    assert page.feedback.text == "Scan the goods first."
    scan(page, PIECE)
    press(qtbot, page, Qt.Key.Key_F2)
    assert page.feedback.text == "Numbers are typed in 箱 now: 1 箱 = 12 个"
    write(page, "3")
    assert page.feedback.kind == "wrong"
    assert "3箱 (36个) is more than the 2箱 3个 (27个) still to be picked" in page.feedback.text
    write(page, "2托")
    assert "no unit “托”" in page.feedback.text
    write(page, "2箱2")
    assert page.card.qty.text() == "1 个"
    scan(page, PIECE)
    assert page.sheet.state == "picked"


def test_a_scanned_code_is_never_taken_for_a_quantity(
    qtbot: Any, database: Any, tmp_path: Path, released: Any
) -> None:
    page = opened(qtbot, picking_station.create, context_on(database, tmp_path), id=released.id)
    scan(page, "B.A-01", PIECE, "12")
    assert "Expected item HINGE, scanned 12" in page.feedback.text
    scan(page, "500G")
    assert "Expected item HINGE, scanned 500G" in page.feedback.text
    assert page.sheet.tasks[0].qty == 27


def test_a_weighed_bag_is_told_in_pieces_before_it_is_picked(
    qtbot: Any, database: Any, tmp_path: Path, released: Any
) -> None:
    page = opened(qtbot, picking_station.create, context_on(database, tmp_path), id=released.id)
    scan(page, "B.A-01", f"]C101{PIECE.zfill(14)}3103000400")
    assert page.feedback.text.startswith("0.4 kg = 10 个. 10个 of 2箱 3个 (27个) scanned")
    scan(page, f"]C101{BOX}3702")
    assert "2 箱 = 24 个, but only 1箱 5个 (17个) still to be picked" in page.feedback.text
    write(page)
    assert page.sheet.tasks[0].qty == 17
    assert evidence(database, released.id, "pick")[0]["weight_g"] == "400"


def test_boxes_at_the_dock_are_checked_again(
    qtbot: Any, database: Any, tmp_path: Path, released: Any
) -> None:
    database.run(sales_shop.pick_everything, released)
    page = opened(qtbot, shipping_station.create, context_on(database, tmp_path), id=released.id)
    scan(page, BOX, BOX, BOX)
    assert page.feedback.text == (
        "HINGE: 1 箱 = 12 个, but only 3个 are not scanned yet. Nothing was counted."
    )
    write(page, "*3箱")
    assert "3箱 (36个) is more than was picked (2箱 3个 (27个))" in page.feedback.text
    scan(page, PIECE)
    write(page, "+1")
    assert page.goods.table_rows.rows[0].left == 1
    press(qtbot, page, Qt.Key.Key_F2)
    assert page.feedback.text == "Numbers are typed in 箱 now: 1 箱 = 12 个"
    write(page, "3个")
    assert page.sheet.state == "verified"
    kept = evidence(database, released.id, "verify")
    assert kept == [{"code": BOX, "qty": "12", "unit": "箱", "factor": "12", "times": "2"}]


def test_boxes_from_the_truck_to_the_bin(
    qtbot: Any, database: Any, tmp_path: Path, shop: Any
) -> None:
    bought = database.run(order, shop, (shop.items["HINGE"], 40))
    context = context_on(database, tmp_path)
    page = opened(qtbot, receiving_station.create, context, id=bought.id)
    scan(page, BOX)
    assert page.feedback.text == ("1 箱 = 12 个. HINGE: 1箱 (12个) of 3箱 4个 (40个) still open.")
    QTest.keyClick(page.strip.qty, Qt.Key.Key_F2)
    assert page.strip.qty.text() == "1"  # the same twelve, in boxes
    page.strip.qty.selectAll()
    QTest.keyClicks(page.strip.qty, "3")
    QTest.keyClick(page.strip.qty, Qt.Key.Key_Return)
    scan(page, PIECE, PIECE, PIECE, PIECE)
    press(qtbot, page, Qt.Key.Key_F8)
    assert "the order is complete" in page.feedback.text
    receipt = page.posted.receipt
    assert evidence(database, receipt.id, "receive") == [
        {
            "line": 1,
            "item": "HINGE",
            "lot": "",
            "reads": [
                {"code": BOX, "qty": "12", "unit": "箱", "factor": "12", "times": "1"},
                {"typed": "3", "qty": "36", "unit": "箱"},
                {"code": PIECE, "qty": "1", "times": "4"},
            ],
        }
    ]
    away = opened(qtbot, put_away_station.create, context, id=receipt.id)
    scan(away, "B.A-01", BOX)
    assert away.feedback.text == (
        "1 箱 = 12 个. HINGE: 3箱 4个 (40个) at the dock. Enter puts 1箱 (12个) into A-01."
    )
    scan(away, BOX, BOX)
    assert away.qty.text() == "36"
    away.qty.setText("+1")
    assert away.qty.read().qty == 37
    away.qty.propose(Decimal(36))
    scan(away, BOX)
    assert "1 箱 = 12 个, but only 4个 lie at the dock" in away.feedback.text
    press(qtbot, away, Qt.Key.Key_F2)
    assert away.qty.text() == "3"
    QTest.keyClick(away.qty, Qt.Key.Key_Return)
    assert away.feedback.text == "3箱 (36个) × HINGE lies in A-01. Scan the next bin."
    assert evidence(database, receipt.id, "put_away")[0]["times"] == "3"
    scan(away, "B.A-02", PIECE)
    assert away.qty.text() == "4"  # a piece means all that lies there
    away.qty.setText("1箱")
    QTest.keyClick(away.qty, Qt.Key.Key_Return)
    assert "1箱 (12个) is more than the 4个 at the dock" in away.feedback.text
    away.qty.setText("4")
    QTest.keyClick(away.qty, Qt.Key.Key_Return)
    assert "everything is put away" in away.feedback.text


def transfer_on_its_way(uow: Any, shop: Any, qty: int) -> documents.DocumentRef:
    """Hinges sent to the north store."""
    north = master_data.save_warehouse(uow, "N1", "North store", "EXIT-N1")
    factories.stock_up(uow, shop, shop.items["HINGE"], 100)
    made = documents.create(
        uow,
        documents.Draft(
            "transfer",
            {"warehouse_id": shop.warehouse, "to_warehouse_id": north},
            ({"item_id": shop.items["HINGE"], "qty": Decimal(qty)},),
        ),
    )
    return transfers.ship_out(uow, ActCommand(made.id, "ship_out", made.version))


def test_a_box_of_a_transfer_is_one_box_not_everything(
    qtbot: Any, database: Any, tmp_path: Path, shop: Any
) -> None:
    sent = database.run(transfer_on_its_way, shop, 30)
    database.run(factories.make_item, "KNOB")
    page = opened(qtbot, transfer_station.create, context_on(database, tmp_path), id=sent.id)
    scan(page, BOX, BOX)
    assert page.form.values()["qty"] == "24"
    assert page.feedback.text.startswith("1 箱 = 12 个. ")
    scan(page, "KNOB")
    assert page.form.values()["qty"] == ""  # the 24 were hinges
    page.back()
    page._open(sent.id)
    scan(page, BOX)
    page.post()
    assert page.feedback.text == "Taken in; 1箱 6个 (18个) still on the way."
    page.form.fill({"goods": PIECE, "qty": "2箱"})
    page.post()
    assert "Only 1箱 6个 (18个) of HINGE are on the way" in page.feedback.text
    page.form.fill({"qty": "1箱6"})
    page.post()
    assert "has arrived completely" in page.feedback.text
    assert evidence(database, sent.id, "arrive") == [{"code": PIECE, "qty": "1", "typed": "1箱6"}]


def counted(*codes: str) -> CountFlow:
    """A counter before a shelf of boxes and loose hinges, never told what is expected."""
    flow = CountFlow()
    hinge = task(
        1,
        "A-01",
        "HINGE",
        uom="个",
        barcodes=(PIECE, BOX),
        factors=(Decimal(1), Decimal(12)),
        barcode_units=("", "箱"),
        units=ItemUnits("个", 0, (Unit("箱", 12),), Decimal(40)),
    )
    flow.load((hinge,))
    for code in ("A-01", PIECE, *codes):
        flow.scan(parse_scan(code))
    return flow


def test_a_blind_count_by_boxes_and_pieces() -> None:
    flow = counted(BOX, BOX)
    answer = flow.scan(parse_scan(PIECE))
    assert str(answer.text) == "2箱 1个 (25个) so far. Scan on, or press Enter to save."
    answer = flow.scan(parse_scan(BOX))
    assert str(answer.text).startswith("1 箱 = 12 个. 3箱 1个 (37个) so far.")
    entry = flow.scan(parse_scan("+5"), typed=True).entry
    assert entry is not None
    assert entry.qty == 42
    assert entry.evidence["reads"] == [
        {"code": BOX, "qty": "12", "unit": "箱", "factor": "12", "times": "3"},
        {"code": PIECE, "qty": "1", "times": "1"},
        {"typed": "+5", "qty": "42"},
    ]
    assert str(flow.saved().text) == "HINGE at A-01: 3箱 6个 (42个) noted."


def test_a_blind_count_typed_in_boxes_by_one_key_and_in_kilos() -> None:
    flow = counted()
    assert str(flow.next_step().text) == (
        "HINGE: type how many 个 are there, or 2箱3, or scan every piece and 箱."
    )
    assert str(flow.next_unit().text) == "Numbers are typed in 箱 now: 1 箱 = 12 个"
    entry = flow.scan(parse_scan("3"), typed=True).entry
    assert entry is not None
    assert entry.qty == 36
    flow = counted()
    entry = flow.scan(parse_scan("2.5kg"), typed=True).entry
    assert entry is not None
    assert entry.qty == 63
    answer = flow.saved()
    assert (answer.kind, str(answer.text)) == (
        "unknown",
        "2.5kg = 62.5 个, rounded to 63. HINGE at A-01: 5箱 3个 (63个) noted.",
    )
    flow = counted(f"]C101{PIECE.zfill(14)}3103000400")
    assert flow.tally == 10


def test_a_number_scanned_on_the_shelf_is_never_in_boxes() -> None:
    flow = counted()
    flow.next_unit()
    entry = flow.scan(parse_scan("36")).entry
    assert entry is not None
    assert entry.qty == 36


def test_a_label_scanned_twice_is_no_carrier(
    qtbot: Any, database: Any, tmp_path: Path, released: Any, shop: Any
) -> None:
    database.run(sales_shop.pick_everything, released)
    database.run(sales_shop.verify, released)
    page = opened(qtbot, shipping_station.create, context_on(database, tmp_path), id=released.id)
    scan(page, f"X.{shop.exit_code}", "SF123456", "SF123456")
    assert page.feedback.text == "SF123456 is no carrier. Type its number or name."
    write(page, "7")  # there are not so many on the list
    assert page.feedback.text == "7 is no carrier. Type its number or name."
    write(page, "德邦")
    assert (page.sheet.state, page.sheet.carrier) == ("shipped", "德邦")


def test_the_other_unit_is_offered_beside_the_quantity(
    qtbot: Any, database: Any, tmp_path: Path, shop: Any
) -> None:
    bought = database.run(order, shop, (shop.items["HINGE"], 40))
    page = opened(qtbot, receiving_station.create, context_on(database, tmp_path), id=bought.id)
    scan(page, PIECE)
    title = page.strip._titles[page.strip.qty]
    assert title.text() == "Quantity now (个)  F2: other unit"
    press(qtbot, page, Qt.Key.Key_F2)  # from the scan field too
    assert title.text() == "Quantity now (箱)  1个 = 1 个"
    page.strip.qty.selectAll()
    QTest.keyClicks(page.strip.qty, "3")
    assert title.text() == "Quantity now (箱)  3 箱 = 36 个"


def test_one_key_types_boxes_that_arrive_from_another_warehouse(
    qtbot: Any, database: Any, tmp_path: Path, shop: Any
) -> None:
    sent = database.run(transfer_on_its_way, shop, 30)
    page = opened(qtbot, transfer_station.create, context_on(database, tmp_path), id=sent.id)
    page.next_unit()
    assert page.feedback.text == "Scan the goods first."
    page._row_chosen(0)
    field = page.form.unit_field()
    assert field.text() == "30"
    page.next_unit()
    assert page.feedback.text == "Numbers are typed in 箱 now: 1 箱 = 12 个"
    assert field.text() == "2箱6个"  # the same thirty
    field.selectAll()
    QTest.keyClicks(field, "2")
    page.post()
    assert page.feedback.text == "Taken in; 6个 still on the way."
    assert evidence(database, sent.id, "arrive")[0]["typed"] == "2箱"
    page._row_chosen(0)
    assert field.text() == "6"  # the next goods begin in pieces
    page.post()
    assert "has arrived completely" in page.feedback.text
