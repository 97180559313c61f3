"""The generic list page with a fake engine behind it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from desktop_app.core.errors import UserError
from desktop_app.views.base.list_page import PAGE_SIZE, ListPage
from tests.views.page_fakes import ORDERS, FakeOrders, make_context


@pytest.fixture
def orders() -> FakeOrders:
    return FakeOrders(250)


@pytest.fixture
def page(qtbot, tmp_path, monkeypatch, orders) -> ListPage:
    monkeypatch.setenv("STOCKPROOF_HOME", str(tmp_path))
    found = ListPage(make_context(tmp_path), ORDERS, services=orders.services())
    qtbot.addWidget(found)
    found.resize(1200, 700)
    found.show()
    return found


def test_first_page_totals_and_selection(page):
    assert page.table.rows.rowCount() == PAGE_SIZE
    assert page.totals.count_text == "250 rows"
    assert set(page.totals.sums) == {4, 5}
    assert page.table.selected_ids() == (7000,)


def test_scrolling_to_the_end_fetches_the_next_page(page, orders):
    page.table.scrollToBottom()
    page.table.rows.fetchMore(page.table.rootIndex())
    assert page.table.rows.rowCount() >= 2 * PAGE_SIZE
    assert orders.requests[-1].after is not None
    while page.table.rows.canFetchMore(page.table.rootIndex()):
        page.table.rows.fetchMore(page.table.rootIndex())
    assert page.table.rows.rowCount() == 250


def test_search_narrows_after_a_pause_and_says_when_nothing_matches(page, qtbot, orders):
    page.search.setFocus()
    QTest.keyClicks(page.search, "no such")
    qtbot.waitUntil(lambda: orders.requests[-1].search == "no such")
    assert page.empty.sentence == "Nothing matches what you searched for."
    page.clear_filters()
    assert page.empty.sentence == ""
    assert page.table.rows.rowCount() == PAGE_SIZE


def test_a_filter_that_cannot_be_read_is_marked_and_not_sent(page, qtbot, orders):
    page.set_filter("date", "2026-13")
    page.set_filter("qty", ">=5")
    qtbot.waitUntil(lambda: len(orders.requests) > 1)
    assert [f.column for f in orders.requests[-1].filters] == ["qty"]


def test_a_click_on_a_title_sorts_there_and_back(page, orders):
    header = page.table.filter_header
    place = header.sectionViewportPosition(4) + 10
    for descending in (False, True):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=_at(place))
        assert orders.requests[-1].sort == "qty"
        assert orders.requests[-1].descending is descending


def _at(x: int):
    from PySide6.QtCore import QPoint

    return QPoint(x, 8)


def test_enter_opens_the_row_and_f12_asks_why(page):
    page.table.choose_row(2)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    QTest.keyClick(page.table, Qt.Key.Key_F12)
    (opened, params), (why, asked) = page.context.open_page.calls
    assert (opened, params) == ("document", {"id": 6998, "kind": "sales_order"})
    assert why == "why"
    assert asked["document_id"] == 6998
    assert asked["item_id"] == 7248


def test_f6_writes_a_new_document(page):
    QTest.keyClick(page.table, Qt.Key.Key_F6)
    assert page.context.open_page.calls == [("document", {"kind": "sales_order", "id": None})]


def test_a_change_elsewhere_keeps_selection_and_rows(page, orders):
    page.table.rows.fetchMore(page.table.rootIndex())
    loaded = page.table.rows.rowCount()
    page.table.choose_row(120)
    chosen = page.table.selected_ids()
    orders.rows[120] = (*orders.rows[120][:4], Decimal(99), *orders.rows[120][5:])
    page.context.bus.publish({"document.sales_order"})
    page.context.bus.flush()
    assert page.table.rows.rowCount() == loaded
    assert page.table.selected_ids() == chosen
    assert page.table.rows.raw(120, 4) == Decimal(99)


def test_an_error_is_said_in_the_page_and_goes_away(page, orders):
    orders.error = UserError("The moon is in the way")
    page.refresh()
    assert "The moon is in the way" in page.bar.text
    assert page.table.rows.rowCount() == PAGE_SIZE
    orders.error = None
    page.refresh()
    assert page.bar.text == ""


def test_copy_gives_titles_and_plain_numbers(page):
    page.table.choose_row(0)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    title, row = QGuiApplication.clipboard().text().split("\n")
    assert title.split("\t")[:3] == ["Number", "Date", "State"]
    assert row.split("\t")[0] == "XSD-20260105-0250"
    assert "," not in row


def test_columns_are_remembered(page, qtbot, tmp_path):
    page.table.set_column_shown("note", False)
    page.table.filter_header.resizeSection(0, 222)
    qtbot.waitUntil(lambda: '"number": 222' in _memory(tmp_path))
    again = ListPage(page.context, ORDERS, services=FakeOrders(3).services())
    qtbot.addWidget(again)
    again.refresh()
    assert "note" not in [column.name for column in again.table.visible_columns()]
    assert again.table.filter_header.sectionSize(0) == 222


def _memory(folder: Path) -> str:
    file = folder / "config" / "views.json"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def test_export_is_given_what_is_seen(page, orders, tmp_path, monkeypatch):
    page.table.set_column_shown("party", False)
    columns = tuple(column.name for column in page.table.visible_columns())
    page._export.run(ORDERS, page.request, columns, tmp_path / "orders")
    ((_spec, request, given, path),) = orders.exported
    assert request.after is None
    assert "party" not in given
    assert path.name == "orders.xlsx"
    assert not page._export.busy


def test_an_empty_list_offers_the_first_document(qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("STOCKPROOF_HOME", str(tmp_path))
    found = ListPage(make_context(tmp_path), ORDERS, services=FakeOrders(0).services())
    qtbot.addWidget(found)
    found.show()
    assert "F6" in found.empty.sentence
    assert found.totals.count_text == "0 rows"
