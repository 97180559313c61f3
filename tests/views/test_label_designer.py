"""A label is designed by mouse and keys, seen as it prints, kept, and printed from then on."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from desktop_app.domain.label_bitmap import Symbology
from desktop_app.domain.label_design import Barcode, LabelDesign, LabelKind, Text, bounds
from desktop_app.domain.own_fields import OwnField
from desktop_app.services import label_designs, own_fields
from desktop_app.views import lists
from desktop_app.views.labels.designer import history, page as designer
from tests.views.station_world import context_on, opened


def text(x: str, y: str, said: str = "x") -> Text:
    return Text(said, Decimal(x), Decimal(y), Decimal(10), Decimal(4))


SMALL = LabelDesign(
    LabelKind.ITEM, "s", Decimal(60), Decimal(40), (text("2", "2"), text("20", "30"))
)


def test_edges_pull_each_other_and_the_grid_pulls_the_rest() -> None:
    # 0.3 mm short of the left edge of the first element
    assert history.snapped(SMALL, 1, Decimal("-17.7"), Decimal("-9")) == (-18, -9)
    # far from everything: half-millimetre steps
    right, down = history.snapped(SMALL, 1, Decimal("14.62"), Decimal("-13.4"))
    assert (right % history.GRID, down % history.GRID) == (0, 0)
    # its middle on the middle of the label
    right, _ = history.snapped(SMALL, 1, Decimal("5.2"), Decimal(0))
    left, _, far, _ = bounds(history.moved(SMALL.elements[1], right, Decimal(0)))
    assert (left + far) / 2 == 30


def test_back_and_forth() -> None:
    steps = history.History(SMALL)
    assert not steps.undo()
    steps.change(history.without(SMALL, 0))
    assert steps.undo() and steps.design == SMALL
    assert steps.redo() and len(steps.design.elements) == 1
    assert history.resized(text("0", "0"), Decimal(-50), Decimal(1)).w == Decimal("0.5")


@pytest.fixture
def page(qtbot: Any, database: Any, tmp_path: Path) -> Any:
    database.run(own_fields.save, OwnField(0, "cd", "产地", "text", scopes=("item",)))
    made = opened(qtbot, designer.create, context_on(database, tmp_path), design=SMALL)
    made.resize(1200, 700)
    return made


def test_elements_are_moved_by_mouse_and_keys(page: Any) -> None:
    canvas = page.canvas
    middle = canvas.rect_of(0).center().toPoint()
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=middle)
    assert page.index == 0
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert (page.design.elements[0].x, page.design.elements[0].y) == (
        Decimal("2.5"),
        Decimal("2.1"),
    )
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert page.design.elements[0].w == Decimal("10.5")
    start = canvas.rect_of(0).center().toPoint()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, start + QPoint(40, 30))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start + QPoint(80, 60))
    assert page.design.elements[0].x > 5
    page.undo()
    assert page.design.elements[0].x == Decimal("2.5")
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert len(page.design.elements) == 1


def test_fields_are_offered_and_warnings_told(page: Any) -> None:
    assert "custom.cd" in [field.name for field in page.form._fields]
    page.choose(0)
    edit = page.form.editors["text"]
    edit.setText("{nowhere}")
    edit.editingFinished.emit()
    assert "nowhere" in page.warnings.text()
    edit.setText("{name")
    edit.editingFinished.emit()
    assert "not a field" in page.warnings.text()
    edit.setText("{name} {custom.cd}")
    edit.editingFinished.emit()
    width = page.form.editors["w"]
    width.setText("abc")
    width.editingFinished.emit()
    assert "not a number" in page.form.problem.text()
    width.setText("3")
    width.editingFinished.emit()
    assert "cut" in page.warnings.text()


def test_bars_too_wide_become_a_matrix_code_by_one_key(page: Any) -> None:
    page.change(replace(page.design, width_mm=Decimal(60), height_mm=Decimal(40), elements=()))
    assert page.matrix.isHidden()
    place = map(Decimal, (0, 2, 60, 12))
    page.add(Barcode(Symbology.GS1_128, "(01){gtin}(10)A1B2C3", *place))
    assert "484 dots" in page.warnings.text()
    assert not page.matrix.isHidden()
    page.make_matrix()
    assert page.design.elements[0].symbology is Symbology.GS1_DATAMATRIX
    assert page.warnings.isHidden()
    assert page.matrix.isHidden()
    page.undo()
    assert page.design.elements[0].symbology is Symbology.GS1_128


def test_elements_stand_on_one_line_each_with_the_number_of_their_warning(page: Any) -> None:
    place = map(Decimal, (2, 2, 3, 3))
    page.change(replace(page.design, elements=()))
    page.add(Text("[Lot {lot}\n][Quantity {qty}]", *place))
    assert page.elements.item(0).text() == "1. Text  [Lot {lot} ][Quantity {q"
    assert page.warnings.text().startswith("1. ")


def test_a_design_is_kept_and_offered_first(
    qtbot: Any, page: Any, database: Any, tmp_path: Path
) -> None:
    page.add(designer._new_code(designer.Symbology.QR))
    page.name.setText("我的标签")
    page.is_default.setChecked(True)
    page.save()
    assert not page.is_dirty()
    first = database.read(label_designs.designs, LabelKind.ITEM)[0]
    assert (first.design.name, first.is_default, len(first.design.elements)) == (
        "我的标签",
        True,
        3,
    )
    page.choose(0)
    page.double()
    page.save()
    assert len(database.read(label_designs.get, first.id).design.elements) == 4
    shown = opened(qtbot, lists.create, context_on(database, tmp_path), list="list:label_design")
    shown.reload()
    assert shown.table.rows.values(0)["width"] == 60


def test_every_kind_begins_with_a_proposal(qtbot: Any, database: Any, tmp_path: Path) -> None:
    page = opened(qtbot, designer.create, context_on(database, tmp_path))
    for place in range(page.kinds.count()):
        page.kinds.setCurrentIndex(place)
        page._take_kind()
        assert page.design.kind is LabelKind(page.kinds.currentData())
        assert page.design.elements and not page.warnings.isVisible(), page.warnings.text()
