"""The receiving and put-away stations on a real database, with scans and keys."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.core.settings import Settings
from desktop_app.domain.permissions import JOB_ROLES
from desktop_app.domain.scan_codes import parse_scan
from desktop_app.queries.receiving import put_away_view
from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.context import AppContext, CompanyInfo, CurrentUser
from desktop_app.runtime.notifier import RecordingNotifier
from desktop_app.runtime.operations import InlineOperations, Operations
from desktop_app.services import documents, receiving
from desktop_app.views.labels import print_page, sheet_page
from desktop_app.views.purchasing.put_away_station import PutAwayStation
from desktop_app.views.purchasing.receiving_station import ReceivingStation
from tests import factories
from tests.scenarios.test_receiving import order
from tests.views.page_fakes import Opened
from tests.views.station_world import CutLine

PHOTO_MODIFIERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def shop(database):
    made = database.run(factories.make_shop)
    made.items["HINGE"] = database.run(
        factories.make_item,
        "HINGE",
        name="镀镍铰链",
        spec="90 mm",
        barcodes={"6921111111116": "1", "16921111111113": "12"},
    )
    made.items["GLUE"] = database.run(
        factories.make_item,
        "GLUE",
        name="木工胶",
        tracking="lot",
        shelf_life=8760,
        barcodes={"6921111111123": "1"},
    )
    made.items["KNOB"] = database.run(factories.make_item, "KNOB", barcodes={"6921111111130": "1"})
    return made


@pytest.fixture
def bought(database, shop):
    return database.run(order, shop, (shop.items["HINGE"], 100), (shop.items["GLUE"], 20))


@pytest.fixture
def line(database) -> CutLine:
    return CutLine(database.as_user("storekeeper"))


@pytest.fixture
def context(line, tmp_path) -> AppContext:
    return AppContext(
        operations=InlineOperations(line),
        bus=ChangeBus(),
        notifier=RecordingNotifier(),
        settings=Settings.load(tmp_path / "settings.json"),
        user=CurrentUser("storekeeper", "李四", frozenset(JOB_ROLES["storekeeper"].permissions)),
        company=CompanyInfo("Demo"),
        open_page=Opened(),
    )


@pytest.fixture
def station(qtbot, context, bought) -> ReceivingStation:
    page = ReceivingStation(context)
    qtbot.addWidget(page)
    page.resize(1180, 680)
    page.show()
    qtbot.waitExposed(page)
    return page


def scan(page, text: str) -> None:
    assert page.on_scan(parse_scan(text))


def cells(table) -> list[list[str]]:
    model = table.model()
    return [
        [
            str(model.data(model.index(r, c), Qt.ItemDataRole.DisplayRole) or "")
            for c in range(model.columnCount())
        ]
        for r in range(model.rowCount())
    ]


def said(page) -> tuple[str, str]:
    return page.feedback.kind, page.feedback.text


def test_scan_the_order_scan_goods_post_a_part(station, bought, database, context) -> None:
    assert cells(station.orders)[0][0] == bought.number
    scan(station, bought.number)
    assert said(station) == ("ok", f"{bought.number} is open. Scan the goods.")
    scan(station, "6921111111116")
    scan(station, "6921111111116")
    scan(station, "16921111111113")  # a box of twelve
    assert cells(station.lines)[0][4:8] == ["100", "0", "100", "14"]
    assert said(station) == ("ok", "1 scan = 12 pcs. HINGE: 14 of 100 still open.")
    QTest.keyClick(station, Qt.Key.Key_F8)
    assert station.feedback.text.endswith(
        "the order stays open. Enter puts away, F9 prints labels."
    )
    assert cells(station.lines)[0][4:8] == ["100", "14", "86", ""]
    assert database.read(factories.on_hand, station.tally.view.lines[0].item_id) == 14
    assert not station.is_dirty()
    assert set(context.notifier.sounds) == {"ok"}


def test_a_code_once_and_the_quantity_typed(station, bought) -> None:
    scan(station, bought.number)
    scan(station, "6921111111116")
    station.strip.qty.setText("６０")  # full-width digits of an input method
    QTest.keyClick(station.strip.qty, Qt.Key.Key_Return)
    assert cells(station.lines)[0][7] == "60"
    assert station.scan_field.hasFocus()
    QTest.keyClicks(station.scan_field, "HINGE")
    QTest.keyClick(station.scan_field, Qt.Key.Key_Return)
    assert cells(station.lines)[0][7] == "61"


def test_a_bad_quantity_is_told_at_its_field_and_nothing_is_lost(station, bought) -> None:
    scan(station, bought.number)
    scan(station, "6921111111116")
    for typed, sentence in (
        ("1.5", "Whole numbers only"),
        ("1e30", "without E"),
        ("-3", "cannot be negative"),
        ("abc", "not a number"),
    ):
        station.strip.qty.setText(typed)
        QTest.keyClick(station.strip.qty, Qt.Key.Key_Return)
        assert sentence in station.strip.problem.text()
        assert station.strip.qty.hasFocus()
    assert station.tally.now(station.tally.view.lines[0].line_id) == 1
    QTest.keyClick(station, Qt.Key.Key_F8)
    assert station.posted is None


def test_wrong_unknown_and_foreign_codes_change_nothing(station, bought, context) -> None:
    scan(station, "6921111111116")
    assert said(station) == ("wrong", "Scan the purchase order first, then the goods.")
    scan(station, "CGD-20990101-0001")
    assert said(station)[0] == "wrong"
    scan(station, bought.number)
    scan(station, "6921111111116")
    scan(station, "4006381333931")
    assert said(station) == ("unknown", "Unknown code 4006381333931. Nothing was counted.")
    scan(station, "6921111111130")
    assert said(station)[1].startswith("KNOB KNOB is not on this order")
    scan(station, "]E06921111111117")
    assert said(station) == ("wrong", "The check digit of 6921111111117 is wrong. Scan again.")
    scan(station, "CGD-20260101-0009")
    assert said(station) == ("wrong", "Post what was counted first (F8), or discard it (Esc).")
    assert [row.now for row in station.tally.rows()] == [1, 0]
    assert context.notifier.sounds[-3:] == ["wrong", "wrong", "wrong"]


def test_lots_are_asked_for_and_taken_by_scan_or_key(station, bought, database) -> None:
    scan(station, bought.number)
    scan(station, "6921111111123")
    assert said(station)[1] == "GLUE: 1. Now scan or type the lot."
    assert station.strip.lot.hasFocus()
    scan(station, "B-77")  # an unknown code is the lot while one is asked for
    scan(station, "6921111111123")  # the same goods again: the same lot
    assert station.tally.rows()[1].lots == "B-77 × 2"
    station.strip.go_to(station.strip.expiry)
    station.strip.expiry.setText("2099-06-30")
    QTest.keyClick(station.strip.expiry, Qt.Key.Key_Return)
    scan(station, "]C1010692111111112317401231" + "10C-88\x1d" + "3705")
    assert station.tally.rows()[1].lots == "B-77 × 2, C-88 × 5"
    QTest.keyClick(station, Qt.Key.Key_F8)
    lots = database.read(
        lambda uow: uow.execute(
            "SELECT o.code, (o.expires_at AT TIME ZONE current_setting('TimeZone'))::date::text, b.on_hand"
            " FROM stock_balance b JOIN lot o ON o.id = b.lot_id WHERE o.id <> 0 ORDER BY 1"
        ).fetchall()
    )
    assert [(code, qty) for code, _, qty in lots] == [("B-77", 2), ("C-88", 5)]
    assert lots[0][1] == "2099-06-30"


def test_posting_without_a_lot_goes_to_the_field(station, bought) -> None:
    scan(station, bought.number)
    scan(station, "6921111111123")
    QTest.keyClick(station, Qt.Key.Key_F8)
    assert said(station) == ("wrong", "Line 2 GLUE: scan or type the lot number.")
    assert station.strip.lot.hasFocus()
    assert station.tally.rows()[1].now == 1


def test_too_much_asks_for_a_reason_in_the_page(station, bought, database) -> None:
    scan(station, bought.number)
    scan(station, "6921111111116")
    station.strip.qty.setText("105")
    QTest.keyClick(station.strip.qty, Qt.Key.Key_Return)
    QTest.keyClick(station, Qt.Key.Key_F8)
    assert "5 more than ordered" in station.bar.text
    station.bar.confirm()
    assert station.posted is None  # no reason, no posting
    station.bar.field("reason").setText("replacement for broken ones")
    station.bar.confirm()
    assert station.posted is not None
    assert database.read(factories.on_hand, station.tally.view.lines[0].item_id) == 105


def test_two_lines_too_many_are_asked_one_after_the_other(station, bought, database) -> None:
    scan(station, bought.number)
    scan(station, "6921111111116")
    station.strip.qty.setText("101")
    QTest.keyClick(station.strip.qty, Qt.Key.Key_Return)
    scan(station, "]C1010692111111112317401231" + "10C-88\x1d" + "3725")
    QTest.keyClick(station, Qt.Key.Key_F8)
    station.bar.field("reason").setText("free goods")
    QTest.keyClick(station, Qt.Key.Key_F8)  # F8 answers the question
    assert "Line 2 GLUE" in station.bar.text
    QTest.keyClick(station, Qt.Key.Key_F8)
    assert station.posted.order_state == "done"
    act = next(
        a
        for a in database.read(documents.view, station.posted.receipt.id).acts
        if a.verb == "receive"
    )
    assert act.reason == "free goods"
    assert [over["line_no"] for over in act.evidence["over_receipt"]] == [1, 2]


def test_a_lost_answer_is_sent_again_and_posted_once(station, bought, line, database) -> None:
    scan(station, bought.number)
    scan(station, "6921111111116")
    line.cut = True
    QTest.keyClick(station, Qt.Key.Key_F8)
    assert station.posted is None
    assert station.is_dirty()
    scan(station, "6921111111116")  # counted while the line was down
    QTest.keyClick(station, Qt.Key.Key_F8)
    assert database.read(factories.on_hand, station.tally.view.lines[0].item_id) == 1
    assert station.tally.rows()[0].now == 1  # still to be posted
    QTest.keyClick(station, Qt.Key.Key_F8)
    assert database.read(factories.on_hand, station.tally.view.lines[0].item_id) == 2


def test_what_another_pc_receives_shows_at_once_and_the_count_stays(
    station, bought, database, context
) -> None:
    scan(station, bought.number)
    scan(station, "6921111111116")
    first = station.tally.view.lines[0].line_id
    database.as_user("storekeeper2").run(
        receiving.receive,
        receiving.Receive(bought.id, (receiving.ReceiveEntry(first, Decimal(30)),)),
    )
    context.bus.changed.emit(frozenset({"document:purchase_receipt"}))
    assert cells(station.lines)[0][4:8] == ["100", "30", "70", "1"]


def test_escape_never_throws_a_count_away_unasked(station, bought) -> None:
    scan(station, bought.number)
    scan(station, "6921111111116")
    QTest.keyClick(station, Qt.Key.Key_Escape)  # out of the quantity
    assert station.scan_field.hasFocus()
    QTest.keyClick(station, Qt.Key.Key_Escape)
    assert station.bar.text == "Discard what was counted but not posted?"
    assert not station.can_close()
    station.bar.confirm()
    assert station.tally is None
    assert station.can_close()


def test_the_other_keys_lead_on(station, bought, context) -> None:
    QTest.keyClick(station, Qt.Key.Key_F9)
    assert said(station)[0] == "wrong"
    scan(station, bought.number)
    scan(station, "6921111111116")
    QTest.keyClick(station, Qt.Key.Key_F8)
    receipt = station.posted.receipt
    QTest.keyClick(station, Qt.Key.Key_F9)
    assert context.open_page.calls[-1] == (
        "print_labels",
        {"kind": "item", "document": receipt.id, "title": receipt.number},
    )
    station.scan_field.setFocus()
    QTest.keyClick(station.scan_field, Qt.Key.Key_Return)
    assert context.open_page.calls[-1] == ("put_away", {"id": receipt.id})


# ---------------------------------------------------------------- put away


@pytest.fixture
def receipt(database, bought):
    view = database.read(receiving.open_order, bought.id)
    return database.run(
        receiving.receive,
        receiving.Receive(
            bought.id,
            (
                receiving.ReceiveEntry(view.lines[0].line_id, Decimal(30)),
                receiving.ReceiveEntry(view.lines[1].line_id, Decimal(6), "L1"),
                receiving.ReceiveEntry(view.lines[1].line_id, Decimal(4), "L2"),
            ),
        ),
    ).receipt


@pytest.fixture
def put_away(qtbot, context, receipt) -> PutAwayStation:
    page = PutAwayStation(context, receipt.id)
    qtbot.addWidget(page)
    page.resize(1180, 680)
    page.show()
    qtbot.waitExposed(page)
    return page


def test_arrows_and_enter_are_enough(station, bought) -> None:
    QTest.keyClick(station.scan_field, Qt.Key.Key_Down)
    QTest.keyClick(station.scan_field, Qt.Key.Key_Return)
    assert station.tally.view.number == bought.number
    QTest.keyClick(station.scan_field, Qt.Key.Key_Down)
    QTest.keyClick(station.scan_field, Qt.Key.Key_Return)
    assert station.strip.line.item_code == "GLUE"
    QTest.keyClicks(station.strip.qty, "8")
    QTest.keyClick(station.strip.qty, Qt.Key.Key_Return)
    QTest.keyClicks(station.strip.lot, "L9")
    QTest.keyClick(station.strip.lot, Qt.Key.Key_Return)
    QTest.keyClick(station.strip.expiry, Qt.Key.Key_Return)
    assert station.tally.rows()[1].lots == "L9 × 8"
    QTest.keyClick(station, Qt.Key.Key_F8)
    assert station.posted is not None


def test_bin_then_goods_then_enter(put_away, receipt, database, shop) -> None:
    assert put_away.feedback.text == "Scan the bin first, then the goods."
    assert "A-01  (empty)" in cells(put_away.table)[0]
    scan(put_away, "B.A-03")
    scan(put_away, "6921111111116")
    assert put_away.qty.text() == "30"
    put_away.qty.setText("20")
    QTest.keyClick(put_away.qty, Qt.Key.Key_Return)
    assert said(put_away) == ("ok", "20 × HINGE lies in A-03. Scan the next bin.")
    assert cells(put_away.table)[0][6] == "10"
    assert database.read(factories.on_hand, shop.items["HINGE"], shop.bins["A-03"]) == 20


def test_goods_before_the_bin_and_wrong_bins_are_refused(put_away, context) -> None:
    scan(put_away, "B.Z-99")
    assert said(put_away) == ("wrong", "B.Z-99 is no bin here.")
    scan(put_away, "B.A-03")
    scan(put_away, "6921111111130")
    assert said(put_away)[1].startswith("KNOB KNOB does not lie at the dock")
    scan(put_away, "NOTHING")
    assert said(put_away) == ("unknown", "Unknown code NOTHING. Nothing was moved.")
    assert "ok" in context.notifier.sounds


def test_several_lots_want_the_lots_label(put_away, receipt) -> None:
    scan(put_away, "B.A-05")
    scan(put_away, "6921111111123")
    assert said(put_away)[0] == "unknown"
    scan(put_away, "L.GLUE..L2")
    assert put_away.line.lot_code == "L2"
    assert put_away.qty.text() == "4"


def test_more_than_at_the_dock_is_told_at_the_field(put_away) -> None:
    scan(put_away, "B.A-05")
    scan(put_away, "6921111111116")
    put_away.qty.setText("31")
    QTest.keyClick(put_away, Qt.Key.Key_F8)
    assert "31 is more than the 30 at the dock" in put_away.problem.text()
    assert put_away.qty.hasFocus()


def test_everything_put_away_closes_the_receipt(put_away, receipt, database, line) -> None:
    for bin_code, code in (
        ("A-01", "6921111111116"),
        ("A-02", "L.GLUE..L1"),
        ("A-02", "L.GLUE..L2"),
    ):
        scan(put_away, bin_code)
        scan(put_away, code)
        line.cut = True
        QTest.keyClick(put_away, Qt.Key.Key_F8)  # the answer is lost …
        QTest.keyClick(put_away, Qt.Key.Key_F8)  # … and sent again: once
    assert said(put_away) == ("ok", f"{receipt.number}: everything is put away.")
    assert database.read(documents.view, receipt.id).state == "put_away"


def test_labels_are_offered_for_each_line(qtbot, context, receipt, put_away) -> None:
    QTest.keyClick(put_away, Qt.Key.Key_F9)
    page_id, params = context.open_page.calls[-1]
    assert page_id == "print_labels"
    page = print_page.create(context, params)
    qtbot.addWidget(page)
    page.show()
    page.reload()
    assert page.labels.maximum() == 3  # one label for each line of the receipt
    page.make_sheet()
    page_id, params = context.open_page.calls[-1]
    sheet = sheet_page.create(context, params)
    qtbot.addWidget(sheet)
    sheet.show()
    assert sheet.document.pageCount() == 1


def test_the_stations_work_off_the_gui_thread(qtbot, context, line, bought) -> None:
    operations = Operations(line)
    page = ReceivingStation(replace(context, operations=operations), bought.id)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.tally is not None)
    scan(page, "6921111111116")
    qtbot.waitUntil(page.is_dirty)
    page.post()
    page.post()  # pressed twice: sent twice with one uuid
    qtbot.waitUntil(lambda: page.posted is not None and not page.is_dirty())
    qtbot.waitUntil(lambda: page.tally.view.lines[0].received == 1)
    operations.shutdown()


def test_damaged_goods_are_photographed_where_they_arrive(
    qtbot, station, bought, database, tmp_path
) -> None:
    """The photo belongs to the receipt just posted; scanning goes on beside the window."""
    QTest.keyClick(station, Qt.Key.Key_P, PHOTO_MODIFIERS)
    assert station._photos is None, "nothing was posted that a photo could show"
    assert not station.photo_button.isVisible()
    scan(station, bought.number)
    scan(station, "6921111111116")
    QTest.keyClick(station, Qt.Key.Key_F8)
    assert station.photo_button.isVisible()
    QTest.keyClick(station, Qt.Key.Key_P, PHOTO_MODIFIERS)
    window = station._photos
    assert window.isVisible() and not window.isModal()
    receipt = station.posted.receipt
    assert receipt.number in window.windowTitle()
    line = database.read(put_away_view, receipt.id).lines[0]
    carried = receiving.PutAway(receipt.id, line.line_id, "A-01", Decimal(1))
    other_pc = database.as_user("storekeeper", workstation="DOCK-2")
    other_pc.run(receiving.put_away, carried)  # before the photo is taken
    picture = tmp_path / "torn-box.png"
    image = QImage(80, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("brown"))
    assert image.save(str(picture))
    window.panel.add_file(picture)
    qtbot.waitUntil(lambda: window.panel.list.count() == 1)
    step = database.run(
        lambda uow: uow.execute(
            "SELECT a.document_id, a.verb FROM attachment t JOIN act a ON a.id = t.act_id"
        ).fetchone()
    )
    assert step == (receipt.id, "receive")
    qtbot.waitUntil(lambda: window.isActiveWindow() and QApplication.focusWidget() is not None)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not window.isVisible()
