"""The pages behind F12 and "bin at a minute", on a real database."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt

from desktop_app.core.settings import Settings
from desktop_app.domain.locations import LocationKind
from desktop_app.domain.scan_codes import bin_code, item_code, parse_scan
from desktop_app.queries.stock import row_key
from desktop_app.queries.trace import Flow
from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.context import AppContext, CompanyInfo, CurrentUser
from desktop_app.runtime.notifier import RecordingNotifier
from desktop_app.runtime.operations import InlineOperations
from desktop_app.services import documents, reversal
from desktop_app.views.actions import ACTIONS
from desktop_app.views.base.row_table import choose_row
from desktop_app.views.trace import bin_page, why_page
from desktop_app.views.trace.chart import bars_of
from desktop_app.views.trace.why_page import Subject
from desktop_app.views.trace.words import FLOW_WORDS, flow_word
from tests.views.page_fakes import ALL, Opened
from tests.warehouse_life import Life


class Desk:
    """A person at a PC with the real database behind."""

    def __init__(self, database, folder) -> None:
        self.database = database
        self.opened = Opened()
        self.context = AppContext(
            InlineOperations(database.as_user("owner")),
            ChangeBus(),
            RecordingNotifier(),
            Settings.load(folder / "settings.json"),
            CurrentUser("owner", "Wang", ALL),
            CompanyInfo("Demo"),
            self.opened,
        )
        self.life: Life = database.run(self._fill)

    def _fill(self, uow) -> Life:
        life = Life(uow)
        item = life.items[0]
        life.receive(item, Decimal(210), 0, Decimal(1))
        life.count(item, Decimal(200), 0, Decimal(0))
        life.receive(item, Decimal(57), 0, Decimal(1))
        life.ship(item, Decimal(24), 0, Decimal(0))
        return life

    @property
    def item(self) -> int:
        return self.life.items[0]

    @property
    def place(self) -> int:
        return self.life.shop.bins["A-01"]


@pytest.fixture
def desk(database, tmp_path) -> Desk:
    return Desk(database, tmp_path)


def _shown(qtbot, page):
    qtbot.addWidget(page)
    page.resize(1146, 690)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


def _column(page, name: str) -> list[str]:
    place = [column.name for column in page.model.columns].index(name)
    return [page.model.index(row, place).data() for row in range(page.model.rowCount())]


def test_one_sentence_explains_the_number_from_the_count_on(qtbot, desk) -> None:
    page = _shown(
        qtbot, why_page.create(desk.context, {"item_id": desk.item, "location_id": desk.place})
    )
    assert page.sentence.text().startswith("236 pcs = 200 counted on ")
    assert page.sentence.text().endswith(" + 60 received − 24 picked")
    assert page.chart.accessibleName() == page.sentence.text()
    assert _column(page, "delta") == ["−24", "+57", "+3", "= 200"]
    assert _column(page, "balance") == ["236", "260", "203", ""]
    assert page.gap.isHidden()


def test_enter_on_a_row_opens_its_document(qtbot, desk) -> None:
    page = _shown(qtbot, why_page.create(desk.context, {"item_id": desk.item}))
    number = _column(page, "number")[0]
    choose_row(page.table, 0)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    page_id, params = desk.opened.calls[-1]
    assert (page_id, params["kind"]) == ("document", "shipment")
    assert desk.database.read(documents.view, params["id"]).number == number


def test_the_key_of_a_stock_row_is_understood(qtbot, desk) -> None:
    key = desk.database.read(
        lambda uow: uow.scalar(f"SELECT {row_key('%s', '%s', '0')}", (desk.item, desk.place))
    )
    assert Subject.of({"why_id": key}) == Subject(desk.item, desk.place)
    assert Subject.of({"id": key + 7}) == Subject(desk.item, desk.place, None, 7)
    assert Subject.of({"id": desk.item}) == Subject(desk.item)
    stock = ACTIONS["list:stock"].load()(desk.context, {"list": "list:stock"})
    _shown(qtbot, stock)
    stock.table.choose_row(0)
    stock.explain()
    page_id, params = desk.opened.calls[-1]
    assert (page_id, Subject.of(params)) == ("why", Subject(desk.item, desk.place))
    assert Subject.of({}) == Subject()


def test_a_page_without_an_item_waits_for_a_scan(qtbot, desk) -> None:
    page = _shown(qtbot, why_page.create(desk.context, {}))
    assert page.sentence.text() == "Choose or scan an item."
    code = desk.database.read(
        lambda uow: uow.scalar("SELECT code FROM item WHERE id = %s", (desk.item,))
    )
    assert page.on_scan(parse_scan(item_code(code)))
    assert page.title() == f"Why: {code}"
    assert page.on_scan(parse_scan(bin_code("A-01")))
    assert page.place.text() == "A-01"
    page.on_scan(parse_scan("NOBODY-KNOWS"))
    assert desk.context.notifier.sounds[-1] == "unknown"


def test_older_acts_are_shown_on_demand_and_the_sums_stay(qtbot, desk, monkeypatch) -> None:
    monkeypatch.setattr(why_page.trace.waterfall, "__defaults__", (None, None, None, 2, None))
    page = _shown(
        qtbot, why_page.create(desk.context, {"item_id": desk.item, "location_id": desk.place})
    )
    sentence = page.sentence.text()
    assert _column(page, "act")[2:] == ["Received: 1 moves", "Counted"]
    qtbot.keyClick(page.table, Qt.Key.Key_F7)
    assert _column(page, "act")[2:] == ["Receive", "Counted"]
    assert page.sentence.text() == sentence
    assert _column(page, "delta") == ["−24", "+57", "+3", "= 200"]
    assert not page.older.isEnabled()


def test_reversed_and_red_acts_are_told_apart(qtbot, desk) -> None:
    wrong = desk.life.posted[1]
    desk.database.run(
        reversal.reverse,
        documents.ActCommand(desk.database.run(_receive, desk), "reverse", reason="typo"),
    )
    page = _shown(qtbot, why_page.create(desk.context, {"item_id": desk.item}))
    assert _column(page, "act")[:2] == ["Red entry", "Receive (reversed)"]
    assert _column(page, "reason")[0] == "typo"
    assert wrong.number in _column(page, "number")


def _receive(uow, desk) -> int:
    draft = documents.Draft(
        "purchase_receipt",
        {"party_id": desk.life.shop.supplier, "warehouse_id": desk.life.shop.warehouse},
        ({"item_id": desk.item, "qty": Decimal(9), "to_location_id": desk.place},),
    )
    return documents.create_and_act(uow, draft, documents.ActCommand(0, "receive")).id


def test_the_table_goes_to_excel_as_seen(qtbot, desk, tmp_path) -> None:
    page = _shown(qtbot, why_page.create(desk.context, {"item_id": desk.item}))
    page.write_to(tmp_path / "why.xlsx")
    sheet = load_workbook(tmp_path / "why.xlsx").active
    assert sheet["A1"].value == page.sentence.text()
    assert sheet.max_row == 3 + page.model.rowCount()


def test_the_chart_never_has_more_bars_than_fit_and_always_ends_at_the_number(qtbot, desk) -> None:
    page = _shown(qtbot, why_page.create(desk.context, {"item_id": desk.item}))
    for most in (3, 4, 8, 50):
        bars = bars_of(page._found, most)
        assert len(bars) <= most
        assert bars[-1].after == 236
        for before, after in pairwise(bars):
            assert after.delta is None or before.after == after.before
    choose_row(page.table, 1)
    place = next(n for n, bar in enumerate(page.chart.bars) if bar.key == page.model.row_id(1))
    x = (place + 0.5) * page.chart.width() / len(page.chart.bars)
    choose_row(page.table, 0)
    qtbot.mouseClick(
        page.chart,
        Qt.MouseButton.LeftButton,
        pos=page.chart.rect().topLeft() + type(page.chart.rect().topLeft())(int(x), 20),
    )
    assert page.table.currentIndex().row() == 1


def test_every_kind_of_flow_has_words_of_its_own(desk) -> None:
    inside = {LocationKind.BIN, LocationKind.RECEIVING}
    for kind in LocationKind:
        for inbound in (True, False):
            assert flow_word(Flow(kind, inbound))
            assert kind in inside or Flow(kind, inbound) in FLOW_WORDS


def test_a_bin_is_looked_into_at_a_typed_minute(qtbot, desk) -> None:
    page = _shown(qtbot, bin_page.create(desk.context, {"location_id": desk.place}))
    assert page.summary.text().startswith("A-01 held one kind of goods on ")
    assert page.goods.index(0, 5).data() == "236"
    qtbot.keyClick(page, Qt.Key.Key_F8)
    assert page.goods.index(0, 5).data() == "260"
    qtbot.keyClick(page, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert page.goods.index(0, 5).data() == "236"
    day_before = page._found.at - timedelta(days=1)
    page.moment.setText(f"{day_before:%Y-%m-%d %H:%M}")
    qtbot.keyClick(page.moment, Qt.Key.Key_Return)
    assert page.summary.text().startswith("A-01 was empty on ")
    page.moment.setText("yesterday or so")
    qtbot.keyClick(page.moment, Qt.Key.Key_Return)
    assert "is not a" in page.wrong.text()


def test_rows_of_a_bin_lead_to_item_and_document(qtbot, desk) -> None:
    page = _shown(qtbot, bin_page.create(desk.context, {"id": desk.place}))
    qtbot.keyClick(page.goods_table, Qt.Key.Key_Return)
    assert desk.opened.calls[-1] == ("why", {"item_id": desk.item, "location_id": desk.place})
    qtbot.keyClick(page.events_table, Qt.Key.Key_Return)
    assert desk.opened.calls[-1][1]["kind"] == "shipment"
    page.on_scan(parse_scan(bin_code("A-02")))
    assert page.title() == "Bin A-02"
    page.on_scan(parse_scan(bin_code("NOWHERE")))
    assert desk.context.notifier.sounds[-1] == "unknown"


def test_stock_values_are_up_to_date_when_looked_at(qtbot, desk) -> None:
    page = _shown(
        qtbot, ACTIONS["list:stock_value"].load()(desk.context, {"list": "list:stock_value"})
    )
    assert page.table.rows.values(0)["qty"] == 236
    assert page.table.rows.values(0)["value"] == 236
    desk.database.run(_receive, desk)
    page.refresh()
    assert page.table.rows.values(0)["qty"] == 245


@pytest.mark.parametrize("page_id", ["why", "bin_at", "bin"])
def test_the_pages_are_registered(page_id, desk, qtbot) -> None:
    page = ACTIONS[page_id].load()(desk.context, {})
    qtbot.addWidget(page)
    assert page.title()
