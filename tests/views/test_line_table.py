"""Writing lines by keyboard: the habits of a clerk."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.core.errors import InsufficientStock, Shortage
from desktop_app.views.base.line_section import LineSection
from tests.views.document_fakes import ITEMS, ORDER, FakeDocuments
from tests.views.page_fakes import make_context

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def section(qtbot, tmp_path, monkeypatch) -> LineSection:
    monkeypatch.setenv("STOCKPROOF_HOME", str(tmp_path))
    found = LineSection(make_context(tmp_path), ORDER, FakeDocuments().services())
    qtbot.addWidget(found)
    found.use_party(21)
    found.load((), writing=True)
    found.resize(1000, 400)
    found.show()
    found.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is found)
    found.table.start()
    return found


def key(which: Qt.Key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), which, modifiers)


def write(*cells: str) -> None:
    for text in cells:
        QTest.keyClicks(QApplication.focusWidget(), text)
        key(Qt.Key.Key_Return)


def place(section: LineSection) -> tuple[int, str]:
    index = section.table.currentIndex()
    return index.row(), section.model.columns[index.column()].name


def test_qt_finds_the_model_sound(section, qtmodeltester):
    qtmodeltester.check(section.model, force_py=True)


def test_enter_walks_the_cells_and_adds_a_line_at_the_end(section):
    write("A-100", "20", "9.5", "urgent")
    assert place(section) == (1, "item_id")
    write("b-300", "3")
    assert place(section) == (1, "unit_price")
    assert section.drafts() == [
        {"item_id": 11, "qty": Decimal(20), "unit_price": Decimal("9.5"), "remark": "urgent"},
        {"item_id": 13, "qty": Decimal(3)},
    ]


def test_a_blank_last_line_is_not_sent_and_adds_no_other(section):
    write("A-100", "1", "1", "")
    write("", "", "", "")
    assert section.model.rowCount() == 2
    assert len(section.drafts()) == 1


def test_last_price_fills_an_empty_price_but_never_a_typed_one(section, qtbot):
    write("A-100", "2")
    qtbot.waitUntil(lambda: section.model.line(0).values.get("unit_price") == Decimal("12.5"))
    assert "XSD-20251230-0004" in section.about.text()
    section.model.setData(section.model.index(0, section.model.column_of("unit_price")), "7")
    section.look_up()
    assert section.model.line(0).values["unit_price"] == Decimal(7)


def test_stock_beside_the_line_is_red_when_short(section):
    write("A-100", "20")
    section.look_up()
    index = section.model.index(0, section.model.column_of("available"))
    assert index.data() == "8"
    short = index.data(Qt.ItemDataRole.ForegroundRole)
    section.model.setData(section.model.index(0, section.model.column_of("qty")), "5")
    assert index.data(Qt.ItemDataRole.ForegroundRole) != short


def test_wrong_text_stays_with_its_reason(section):
    write("A-100", "3x")
    assert section.model.index(0, section.model.column_of("qty")).data() == "3x"
    assert [(p.field, p.line_no) for p in section.problems()] == [("qty", 1)]
    assert section.focus_first_problem()
    assert place(section) == (0, "qty")


def test_insert_remove_move_and_copy_from_above(section):
    write("A-100", "1", "2", "x", "B-300", "5", "6", "y")
    section.table.edit_cell(1, 0)
    key(Qt.Key.Key_Up, ALT)
    assert [line["item_id"] for line in section.drafts()] == [13, 11]
    section.table.setCurrentIndex(section.model.index(1, 0))
    key(Qt.Key.Key_Insert, CTRL)
    assert section.model.line(1).is_blank()
    key(Qt.Key.Key_F5)
    assert section.model.line(1).values["item_id"] == 13
    assert place(section) == (1, "qty")
    key(Qt.Key.Key_Delete, CTRL)
    assert [line["item_id"] for line in section.drafts()] == [13, 11]


def test_a_scan_adds_a_line_and_then_counts_up(section):
    section.add_scanned(ITEMS[1])
    section.add_scanned(ITEMS[0])
    section.add_scanned(ITEMS[1], Decimal(12))
    assert [(x["item_id"], x["qty"]) for x in section.drafts()] == [
        (12, Decimal(13)),
        (11, Decimal(1)),
    ]


def test_a_scan_while_a_cell_is_open_keeps_what_was_typed(section):
    write("A-100")
    QTest.keyClicks(QApplication.focusWidget(), "7")
    section.add_scanned(ITEMS[1])
    assert [(x["item_id"], x["qty"]) for x in section.drafts()] == [
        (11, Decimal(7)),
        (12, Decimal(1)),
    ]


def test_paste_from_excel_marks_bad_cells_and_loses_nothing(section):
    text = "Item\tQuantity\tRemark\nA-100\t１２\tfirst\nNOPE\t3\t\nB-300\ttwo\tlast\n"
    QGuiApplication.clipboard().setText(text)
    section.table.finish_editing()
    section.table.setFocus()
    section.table.setCurrentIndex(section.model.index(0, 0))
    key(Qt.Key.Key_V, CTRL)
    lines = section.model.sheet.lines
    assert [line.values.get("item_id") for line in lines[:3]] == [11, None, 13]
    assert lines[0].values["qty"] == Decimal(12)
    assert lines[1].typed == {"item_id": "NOPE"}
    assert lines[2].typed == {"qty": "two"}
    assert {(p.field, p.line_no) for p in section.problems()} >= {("item_id", 2), ("qty", 3)}
    assert "2 cells" in section._context.notifier.texts("warning")[0]


def test_shortages_name_the_holder_beside_the_line(section):
    write("A-100", "20", "1", "", "B-300", "2")
    error = InsufficientStock(
        "Not enough", (Shortage(2, "B-300", Decimal(2), Decimal(0), ("XSD-20260101-0007",)),)
    )
    section.show_shortages(error)
    assert "XSD-20260101-0007" in section.model.line(1).problems["qty"]
    assert section.model.line(0).problems == {}


def test_totals_follow(section):
    write("A-100", "20", "2", "", "B-300", "2", "0.5")
    assert section.totals.count_text == "2 lines"
    assert section.totals.sums[section.model.column_of("qty")] == "22"
    assert section.totals.sums[section.model.column_of("gross")] == "41.00"


def test_without_the_permission_there_is_no_price(qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("STOCKPROOF_HOME", str(tmp_path))
    context = make_context(tmp_path, frozenset({"purchase.write", "stock.read"}))
    found = LineSection(context, ORDER, FakeDocuments().services())
    qtbot.addWidget(found)
    found.load((), writing=True)
    assert found.model.column_of("unit_price") == -1
    assert found.model.column_of("gross") == -1


def test_read_only_lines_show_progress_and_cannot_be_written(section):
    rows = [
        {
            "id": 1,
            "item_id": 11,
            "item_code": "A-100",
            "item_name": "x",
            "qty": Decimal(5),
            "done": {"receive": Decimal(2)},
        }
    ]
    section.load(rows, writing=False)
    texts = {c.name: section.model.index(0, n).data() for n, c in enumerate(section.model.columns)}
    assert (texts["item_id"], texts["receive"], texts["open"]) == ("A-100", "2", "3")
    assert not section.model.setData(section.model.index(0, 2), "9")
    section.table.setCurrentIndex(section.model.index(0, 0))
    key(Qt.Key.Key_Delete, CTRL)
    assert section.model.rowCount() == 1
