"""The generic document page with a document service in memory."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.core import clock
from desktop_app.core.errors import (
    ConfirmationRequired,
    FieldProblem,
    InsufficientStock,
    InvalidInput,
    RuleRefused,
    Shortage,
)
from desktop_app.core.i18n import Message
from desktop_app.domain.scan_codes import parse_scan
from desktop_app.views.base.document_page import DocumentPage
from tests.views.document_fakes import ORDER, FakeDocuments, Link
from tests.views.page_fakes import make_context

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def docs() -> FakeDocuments:
    return FakeDocuments()


@pytest.fixture
def context(tmp_path, monkeypatch):
    monkeypatch.setenv("STOCKPROOF_HOME", str(tmp_path))
    return make_context(tmp_path)


def open_page(qtbot, context, docs: FakeDocuments, document_id=None, **more) -> DocumentPage:
    page = DocumentPage(context, ORDER, document_id, services=docs.services(), **more)
    qtbot.addWidget(page)
    page.resize(1366, 768)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is page)
    return page


@pytest.fixture
def page(qtbot, context, docs) -> DocumentPage:
    return open_page(qtbot, context, docs)


def key(which: Qt.Key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), which, modifiers)


def write(*texts: str) -> None:
    for text in texts:
        QTest.keyClicks(QApplication.focusWidget(), text)
        key(Qt.Key.Key_Return)


def fill(page: DocumentPage) -> None:
    write("green", "main", "5", "+7", "PO-88", "", "A-100", "20")


@pytest.fixture
def saved(page) -> DocumentPage:
    fill(page)
    key(Qt.Key.Key_S, CTRL)
    return page


def test_a_new_document_is_written_without_the_mouse(saved, docs):
    (draft,) = docs.drafts
    today = clock.today()
    assert draft.head["party_id"] == 22
    assert draft.head["doc_date"] == today.replace(day=5)
    assert draft.lines == ({"item_id": 11, "qty": Decimal(20)},)
    assert saved.title() == "CGD-20260105-0001"
    assert not saved.is_dirty()
    assert saved.top.badge.text() == "Draft"
    assert saved.top.stock.text() == "Stock has not moved"


def test_missing_fields_are_named_beside_them_and_nothing_is_sent(page, docs):
    write("green")
    key(Qt.Key.Key_S, CTRL)
    assert docs.drafts == []
    assert page.head._hints["warehouse_id"].text() == "Needed"
    assert QApplication.focusWidget() is page.head.editor("warehouse_id")


def test_the_same_uuid_until_it_went_through(page, docs):
    fill(page)
    docs.refuse = [RuleRefused("The line was cut")]
    page.save()
    assert "The line was cut" in page.bar.text
    page.save()
    first, second = docs.drafts
    assert first.uuid == second.uuid
    page.head.editor("remark").setText("later")
    page._edited()
    page.save()
    assert docs.drafts[2].uuid != first.uuid


def test_problems_of_the_server_go_to_their_places(page, docs):
    fill(page)
    docs.refuse = [
        InvalidInput(
            (
                FieldProblem("due_date", Message("Too late")),
                FieldProblem("qty", Message("Too many"), 1),
            )
        )
    ]
    page.save()
    assert page.head._hints["due_date"].text() == "Too late"
    assert page.lines.model.line(0).problems == {"qty": "Too many"}
    assert page.is_dirty()


def test_a_soft_rule_asks_in_the_page_and_repeats_with_the_answer(page, docs):
    fill(page)
    docs.refuse = [ConfirmationRequired("over", "More than ordered. Take it?")]
    page.save()
    assert page.bar.text == "More than ordered. Take it?"
    key(Qt.Key.Key_Return)
    assert docs.drafts[-1].confirmed == ("over",)
    assert not page.work.is_new


def test_f8_takes_the_main_step_and_saves_first(page, docs):
    fill(page)
    key(Qt.Key.Key_S, CTRL)
    page.head.editor("remark").setText("x")
    page._edited()
    key(Qt.Key.Key_F8)
    assert docs.drafts[-1].head["remark"] == "x"
    assert [command.verb for command in docs.commands] == ["approve"]
    assert page.top.badge.text() == "Approved"
    assert page.lines.model.read_only
    assert page.context.notifier.texts("success")[-1] == "Approved"


def test_evidence_is_asked_inline_and_a_scan_answers(saved, docs):
    key(Qt.Key.Key_F8)
    key(Qt.Key.Key_F8)
    assert saved.bar.text == "Ship:"
    key(Qt.Key.Key_Return)
    saved.bar.confirm()
    assert docs.commands[-1].verb == "approve"
    assert saved.on_scan(parse_scan("X.EXIT-1"))
    write("SF123")
    assert docs.commands[-1].evidence == {"exit_code": "EXIT-1", "waybill": "SF123"}
    assert saved.top.stock.text() == "Stock has moved"


def test_a_reason_is_needed_for_void_and_esc_leaves_it(saved, docs):
    void = ORDER.transition("void")
    saved.step(void)
    key(Qt.Key.Key_Escape)
    assert saved.bar.text == ""
    saved.step(void)
    write("written twice")
    assert docs.commands[-1].reason == "written twice"
    assert "written twice" in saved.side.acts.index(0).data()


def test_somebody_else_was_faster_and_nothing_typed_is_lost(saved, docs, qtbot, context):
    other = open_page(qtbot, context, docs, saved.work.document_id)
    other.head.editor("remark").setText("theirs")
    other._edited()
    other.save()
    saved.head.editor("reference").setText("mine")
    saved._edited()
    saved.save()
    assert "changed this document" in saved.bar.text
    assert saved.head.value("reference") == "mine"
    saved._keep_mine(docs.views[1])
    saved.save()
    assert docs.views[1].version == 3
    assert docs.views[1].head["reference"] == "mine"
    assert not saved.is_dirty()


def test_a_change_elsewhere_is_shown_at_once_when_nothing_is_typed(saved, docs, qtbot, context):
    other = open_page(qtbot, context, docs, saved.work.document_id)
    other.step(ORDER.transition("approve"))
    context.bus.publish({"document:1"})
    context.bus.flush()
    assert saved.top.badge.text() == "Approved"


def test_shortage_marks_the_line_and_opens_the_holder(saved, docs):
    docs.refuse = [
        InsufficientStock(
            "Not enough of {item}",
            (Shortage(1, "A-100", Decimal(20), Decimal(8), ("XSD-20260101-0007",)),),
            item="A-100",
        )
    ]
    key(Qt.Key.Key_F8)
    assert "Not enough of A-100" in saved.bar.text
    assert "XSD-20260101-0007" in saved.lines.model.line(0).problems["qty"]


def test_buttons_rest_while_a_change_is_under_way(page):
    page.work._set_busy(True)
    assert not page.top.save_button.isEnabled()
    fill(page)
    page.save()
    assert page.work.is_new
    page.work._set_busy(False)
    assert page.top.save_button.isEnabled()


def test_a_scan_works_on_a_new_unsaved_document(page):
    assert page.on_scan(parse_scan("6901234500028"))
    assert page.on_scan(parse_scan("6901234500028"))
    assert [(x["item_id"], x["qty"]) for x in page.lines.drafts()] == [(12, Decimal(2))]
    assert page.context.notifier.sounds == ["ok", "ok"]
    page.on_scan(parse_scan("000000"))
    assert page.context.notifier.sounds[-1] == "unknown"
    assert not page.on_scan(parse_scan("CGD-20260101-0004"))


def test_copy_starts_from_the_same_goods(saved, qtbot, docs, context):
    key(Qt.Key.Key_D, CTRL)
    page_id, params = context.open_page.calls[-1]
    assert page_id == "document"
    copy = open_page(qtbot, context, docs, proposal=params["proposal"])
    assert copy.is_dirty()
    assert copy.head.value("party_id") == 22
    assert copy.head.value("doc_date") == clock.today()
    copy.save()
    (line,) = docs.drafts[-1].lines
    assert (line["item_id"], line["qty"]) == (11, Decimal(20))
    assert "id" not in line
    assert copy.work.document_id == 2


def test_a_derived_document_knows_its_origin(saved, qtbot, docs, context):
    derived = open_page(qtbot, context, docs, origin_id=1)
    assert derived.lines.model.line(0).values["origin_line_id"] == 101
    derived.save()
    assert docs.drafts[-1].origin_id == 1
    assert docs.drafts[-1].lines[0]["origin_line_id"] == 101


def test_links_why_and_print_open_their_pages(saved, docs, context):
    docs.views[1].links.append(
        Link(9, "purchase_receipt", "CGR-20260106-0001", "posted", "derived")
    )
    saved.refresh()
    saved._open_link(saved.side.links.row(0))
    saved.lines.table.setCurrentIndex(saved.lines.model.index(0, 2))
    saved.lines.table.setFocus()
    key(Qt.Key.Key_F12)
    key(Qt.Key.Key_F9)
    link, why, paper = context.open_page.calls
    assert link == ("document", {"kind": "purchase_receipt", "id": 9})
    assert why == ("why", {"document_id": 1, "line_id": 101, "item_id": 11, "warehouse_id": 1})
    assert paper[0] == "preview"
    assert paper[1]["document_id"] == 1


def test_without_permission_nothing_can_be_written(qtbot, tmp_path, docs, saved):
    reader = open_page(qtbot, make_context(tmp_path, frozenset({"stock.read"})), docs, 1)
    assert not reader.top.save_button.isVisible()
    assert not reader.top.main_button.isVisible()
    assert reader.lines.model.read_only
    assert not reader.on_scan(parse_scan("6901234500028"))


def test_closing_with_typed_input_is_not_silent(page):
    assert page.can_close()
    write("green")
    assert not page.can_close()
    assert page.top.unsaved.text()


def test_the_last_warehouse_is_offered_again(saved, qtbot, context, docs):
    again = open_page(qtbot, context, docs)
    assert again.head.value("warehouse_id") == 1
    assert isinstance(again.head.value("doc_date"), date)
