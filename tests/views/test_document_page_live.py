"""The generic pages on a real server: an order written, approved and found again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.domain.scan_codes import parse_scan
from desktop_app.runtime.context import AppContext
from desktop_app.runtime.operations import InlineOperations
from desktop_app.services import listing
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.lists import document_list
from desktop_app.views.base.document_page import DocumentPage, Proposal
from desktop_app.views.base.list_page import ListPage
from desktop_app.views.base.page_services import ListServices, document_services
from desktop_app.views.base.preview import PreviewPage
from tests import factories
from tests.database_server import TestDatabase
from tests.views.page_fakes import make_context

CTRL = Qt.KeyboardModifier.ControlModifier
ORDER = DOCUMENT_TYPES["purchase_order"]


@pytest.fixture
def context(database: TestDatabase, tmp_path: Path, monkeypatch) -> AppContext:
    monkeypatch.setenv("STOCKPROOF_HOME", str(tmp_path))
    database.run(factories.make_shop)
    database.run(factories.make_item, "HINGE-N", name="不锈钢合页 镀镍")
    database.run(factories.make_item, "HINGE-M", name="不锈钢合页 哑光")
    mine = database.as_user("owner", workstation="PC-1")
    return replace(make_context(tmp_path), operations=InlineOperations(mine))


def open_page(qtbot: Any, context: AppContext, document_id: int | None = None) -> DocumentPage:
    page = DocumentPage(context, ORDER, document_id, services=document_services())
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is page)
    return page


def key(which: Qt.Key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), which, modifiers)


def write(*texts: str) -> None:
    for text in texts:
        QTest.keyClicks(QApplication.focusWidget(), text)
        key(Qt.Key.Key_Return)


def test_an_order_is_written_saved_changed_and_approved_by_keyboard(qtbot, context):
    page = open_page(qtbot, context)
    write("hongda", "main")
    page.head.editor("remark").setFocus()
    key(Qt.Key.Key_Return)
    write("hinge-n", "20")
    assert page.on_scan(parse_scan("HINGE-M"))
    key(Qt.Key.Key_S, CTRL)
    assert page.bar.text == ""
    assert page.title().startswith(ORDER.prefix)
    assert page.lines.model.index(0, 1).data() == "不锈钢合页 镀镍"
    assert page.lines.model.line(1).values["qty"] == Decimal(1)
    page.lines.table.edit_cell(1, page.lines.model.column_of("qty"))
    write("7.5")
    key(Qt.Key.Key_S, CTRL)
    assert "decimals" in page.lines.wrong.text()  # whole pieces only; said beside the line
    QTest.keyClicks(QApplication.focusWidget(), "7")
    key(Qt.Key.Key_S, CTRL)
    key(Qt.Key.Key_F8)
    assert page.bar.text == ""
    assert page.top.badge.text() == "Approved"
    assert [act.verb for act in page.work.view.acts] == ["create", "approve"]
    assert not page.is_dirty()


def test_a_sales_order_goes_to_picking_with_one_key(qtbot, context, database):
    shop = database.run(factories.make_shop, "Z")
    item = database.run(factories.make_item, "TRAIN", name="Train set")
    database.run(factories.stock_up, shop, item, 30)
    page = DocumentPage(
        context,
        DOCUMENT_TYPES["sales_order"],
        services=document_services(),
        proposal=Proposal(
            {
                "party_id": shop.customer,
                "party_name": "Meijia Shop",
                "warehouse_id": shop.warehouse,
                "warehouse_name": "M",
            }
        ),
    )
    qtbot.addWidget(page)
    page.show()
    page.on_scan(parse_scan("TRAIN"))
    page.lines.look_up()
    assert page.lines.model.index(0, page.lines.model.column_of("available")).data() == "30"
    page.save()
    assert page.bar.text == ""
    page._main_step()
    assert page.bar.text == ""
    assert page.top.badge.text() == "Picking"
    opened, params = context.open_page.calls[-1]
    assert opened == "document"
    assert params["number"].startswith("XSC-")
    assert page.side.holds.rowCount() == 1


def test_two_people_on_one_draft(qtbot, context):
    first = open_page(qtbot, context)
    write("hongda", "main")
    first.on_scan(parse_scan("HINGE-N"))
    first.save()
    assert first.bar.text == ""
    second = open_page(qtbot, context, first.work.document_id)
    second.head.editor("remark").setText("second")
    second._edited()
    second.save()
    first.head.editor("reference").setText("first")
    first._edited()
    first.save()
    assert "changed this document" in first.bar.text
    assert first.head.value("reference") == "first"


def test_the_list_finds_it_filters_and_opens(qtbot, context):
    page = open_page(qtbot, context)
    write("hongda", "main")
    page.on_scan(parse_scan("HINGE-N"))
    page.save()
    services = ListServices(listing.fetch, listing.totals, listing.export)
    orders = ListPage(context, document_list(ORDER), services=services)
    qtbot.addWidget(orders)
    orders.show()
    assert orders.bar.text == ""
    assert orders.table.rows.rowCount() == 1
    for column, text in (
        ("state", "draft"),
        ("doc_date", "T"),
        ("ordered", "1"),
        ("created_at", "T"),
        ("party", "=Hongda Hardware"),
    ):
        orders.set_filter(column, text)
        orders.table.filter_header._announce()
        assert orders.bar.text == "", column
        assert orders.table.rows.rowCount() == 1, column
    orders._sort("created_at", True)
    assert orders.bar.text == ""
    orders.open_row(0)
    assert context.open_page.calls[-1] == (
        "document",
        {"id": page.work.document_id, "kind": "purchase_order"},
    )


def test_a_receipt_is_generated_from_its_order_and_moves_stock(qtbot, context):
    page = open_page(qtbot, context)
    write("hongda", "main")
    page.on_scan(parse_scan("HINGE-N"))
    page.save()
    key(Qt.Key.Key_F8)
    assert [found.kind for found in page._derivable()] == ["purchase_receipt"]
    receipt = DocumentPage(
        context,
        DOCUMENT_TYPES["purchase_receipt"],
        origin_id=page.work.document_id,
        services=document_services(),
    )
    qtbot.addWidget(receipt)
    receipt.show()
    assert receipt.bar.text == ""
    assert "Hongda" in receipt.head.editor("party_id").text()
    assert receipt.lines.model.index(0, 1).data() == "不锈钢合页 镀镍"
    receipt.save(then=receipt.document_type.transition("receive"))
    assert receipt.bar.text == ""
    assert receipt.top.stock.text() == "Stock has moved"
    page.refresh()
    assert page.top.badge.text() == "Done"
    assert page.side.links.rowCount() == 1


def test_the_order_is_shown_on_paper(qtbot, context):
    page = open_page(qtbot, context)
    write("hongda", "main")
    page.on_scan(parse_scan("HINGE-N"))
    page.save()
    preview = PreviewPage(context, "purchase_order", page.work.document_id, page.title())
    qtbot.addWidget(preview)
    preview.show()
    assert preview.bar.text == ""
    assert preview.document.pageCount() == 1
    for layout in range(preview.layouts.count()):
        preview.layouts.setCurrentIndex(layout)
        preview._layout_chosen(layout)
        assert preview.bar.text == ""
