"""Picking by typing: keyboard, scanner, nothing found."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_app.domain.document_type import Editor
from desktop_app.views.base.field_editors import DateField
from desktop_app.views.base.pickers import PickerField, picker_for
from tests.views.document_fakes import FakeDocuments
from tests.views.page_fakes import make_context


@pytest.fixture
def field(qtbot, tmp_path) -> PickerField:
    found = picker_for(Editor.ITEM, make_context(tmp_path), FakeDocuments().search)
    qtbot.addWidget(found)
    found.show()
    found.setFocus()
    return found


def test_enter_takes_the_first_hit_at_once_and_moves_on(field, qtbot):
    QTest.keyClicks(field, "hua")
    field.clear()
    field.insert("合页")
    field.textEdited.emit("合页")
    with qtbot.waitSignal(field.moved_on):
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.value() == 11
    assert field.text().startswith("A-100")


def test_a_scanned_barcode_with_enter_picks_the_item(field):
    QTest.keyClicks(field, "6901234500028")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.value() == 12


def test_down_chooses_another_hit(field, qtbot):
    QTest.keyClick(field, Qt.Key.Key_F2)
    assert len(field.hits) == 3
    assert field.popup.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.value() == 12
    assert not field.popup.isVisible()


def test_typing_alone_searches_after_a_pause(field, qtbot):
    QTest.keyClicks(field, "wooden")
    qtbot.waitUntil(field.popup.isVisible)
    assert [hit.id for hit in field.hits] == [12]
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not field.popup.isVisible()


def test_nothing_found_stays_and_says_so(field):
    QTest.keyClicks(field, "zzz")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.value() is None
    assert field.problem() == "Choose one from the list"
    assert "zzz" in field.toolTip()
    assert field.text() == "zzz"
    assert field._context.notifier.sounds == ["unknown"]


def test_changing_the_text_unpicks_and_clearing_is_none(field, qtbot):
    field.show_value(11, "A-100")
    with qtbot.waitSignal(field.edited):
        QTest.keyClicks(field, "x")
    assert field.value() is None
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    assert field.problem() == ""


def test_ctrl_enter_is_left_to_the_page(field, qtbot):
    field.show_value(11, "A-100")
    with qtbot.assertNotEmitted(field.moved_on):
        QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_date_keys_in_a_field(qtbot):
    field = DateField()
    qtbot.addWidget(field)
    field.show()
    field.setFocus()
    QTest.keyClicks(field, "2026-02-10")
    QTest.keyClick(field, Qt.Key.Key_Plus)
    assert field.text() == "2026-02-11"
    QTest.keyClick(field, Qt.Key.Key_H)
    assert field.text() == "2026-02-28"
    QTest.keyClick(field, Qt.Key.Key_Minus)
    assert field.text() == "2026-02-27"
