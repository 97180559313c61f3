"""Quantities with a unit behind them, typed into the lines of a document."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.domain.document_type import Editor, Field, Store
from desktop_app.domain.units import ItemUnits, Unit
from desktop_app.services.prices import LastPrice
from desktop_app.views.base.line_section import LineSection, line_story
from tests.views.document_fakes import ORDER, FakeDocuments
from tests.views.page_fakes import make_context

HINGE = ItemUnits("只", 0, (Unit("箱", 12),), Decimal(3))
TO_BUY = ItemUnits("只", 0, (Unit("箱", 12, for_sales=True),))


def _section(qtbot: Any, tmp_path: Any, units: ItemUnits, **services: Any) -> LineSection:
    fakes = FakeDocuments().services(
        item_units=lambda _uow, items: dict.fromkeys(items, units), **services
    )
    found = LineSection(make_context(tmp_path), ORDER, fakes)
    qtbot.addWidget(found)
    found.use_party(21)
    found.load((), writing=True)
    found.resize(1000, 400)
    found.show()
    found.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is found)
    found.table.start()
    return found


@pytest.fixture(autouse=True)
def _home(tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("STOCKPROOF_HOME", str(tmp_path))


def write(*cells: str) -> None:
    """Keys press Latin letters; an input method inserts Chinese ones."""
    for text in cells:
        if text.isascii():
            QTest.keyClicks(QApplication.focusWidget(), text)
        else:
            QApplication.focusWidget().insert(text)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def test_three_boxes_are_thirty_six_pieces(qtbot: Any, tmp_path: Any) -> None:
    section = _section(qtbot, tmp_path, HINGE)
    write("A-100", "3箱")
    section.look_up()
    line = section.model.line(0)
    assert line.values["qty"] == 36
    assert line_story(line).startswith("不锈钢合页 镀镍   ·   36 只 = 3 箱 ≈ 108 g")
    qty = section.model.index(0, section.model.column_of("qty"))
    assert "36 只 = 3 箱" in str(qty.data(Qt.ItemDataRole.ToolTipRole))


def test_a_weight_that_does_not_come_out_even_says_so(qtbot: Any, tmp_path: Any) -> None:
    section = _section(qtbot, tmp_path, HINGE)
    write("A-100", "1kg")
    section.look_up()
    line = section.model.line(0)
    assert line.values["qty"] == 333
    assert "1kg = 333.3 只, rounded to 333" in line_story(line)
    section.model.setData(section.model.index(0, section.model.column_of("qty")), "40")
    assert "rounded" not in line_story(line)


def test_a_unit_the_item_does_not_have_stays_red(qtbot: Any, tmp_path: Any) -> None:
    section = _section(qtbot, tmp_path, HINGE)
    write("A-100", "2托")
    section.look_up()
    assert "no unit “托”" in section.model.line(0).problems["qty"]
    assert section.problems()


def test_typing_is_faster_than_the_look_up(qtbot: Any, tmp_path: Any) -> None:
    """The clerk has typed on before the units of the item are known."""
    section = _section(qtbot, tmp_path, HINGE)
    write("A-100", "2箱")
    assert section.model.line(0).problems["qty"].startswith("The units of the item")
    qtbot.waitUntil(lambda: section.model.line(0).values.get("qty") == 24)
    assert not section.model.line(0).problems


def test_the_unit_to_sell_in_is_proposed_and_can_go(qtbot: Any, tmp_path: Any) -> None:
    section = _section(qtbot, tmp_path, TO_BUY)
    write("A-100")
    section.look_up()
    column = section.model.column_of("qty")
    section.table.edit_cell(0, column + 2)
    section.table.edit_cell(0, column)
    editor = QApplication.focusWidget()
    assert editor.text() == "箱"
    write("5")
    assert section.model.line(0).values["qty"] == 60
    section.model.setData(section.model.index(0, column), "")
    section.table.edit_cell(0, column)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Delete)
    write("7")
    assert section.model.line(0).values["qty"] == 7


def test_pasted_boxes_are_converted_too(qtbot: Any, tmp_path: Any) -> None:
    section = _section(qtbot, tmp_path, HINGE)
    section.table.finish_editing()
    section.table.setCurrentIndex(section.model.index(0, 0))
    section.table.paste_wanted.emit("A-100\t2箱\nA-200\t5")
    qtbot.waitUntil(lambda: section.model.line(0).values.get("qty") == 24)
    assert section.model.line(1).values["qty"] == 5


def test_a_price_tells_its_level_and_follows_the_partner(qtbot: Any, tmp_path: Any) -> None:
    known = {21: LastPrice(Decimal(9), source="level", level="Wholesale"), 22: LastPrice(Decimal(11), source="list")}  # fmt: skip
    section = _section(
        qtbot,
        tmp_path,
        HINGE,
        last_prices=lambda _uow, _kind, party, items: dict.fromkeys(items, known[party]),
    )
    write("A-100", "1")
    section.look_up()
    line = section.model.line(0)
    assert line.values["unit_price"] == 9
    assert "price 9 of level Wholesale" in line_story(line)
    section.use_party(22)
    section.look_up()
    assert line.values["unit_price"] == 11
    assert "list price 11" in line_story(line)
    section.table.finish_editing()
    section.model.setData(section.model.index(0, section.model.column_of("unit_price")), "10")
    section.use_party(21)
    section.look_up()
    assert line.values["unit_price"] == 10


def test_the_tax_is_that_of_the_day(qtbot: Any, tmp_path: Any, monkeypatch: Any) -> None:
    taxed = (*ORDER.line_fields, Field("tax_rate", "Tax %", Editor.PERCENT, Store.PRICE))
    monkeypatch.setitem(globals(), "ORDER", replace(ORDER, line_fields=taxed))
    section = _section(
        qtbot,
        tmp_path,
        HINGE,
        tax_rates=lambda _uow, day, items: dict.fromkeys(
            items, Decimal(1 if day < date(2028, 1, 1) else 3)
        ),
    )
    write("A-100", "1")
    section.use_day(date(2027, 12, 31))
    section.look_up()
    assert section.model.line(0).values["tax_rate"] == 1
    section.use_day(date(2028, 1, 1))
    section.look_up()
    assert section.model.line(0).values["tax_rate"] == 3
