"""A new item while writing an order: typed, made, chosen, and on to the quantity."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.core.errors import InvalidInput
from desktop_app.domain.bom import BOMLine
from desktop_app.domain.document_type import Editor
from desktop_app.services import bills_of_material, quick_new
from desktop_app.services.bills_of_material import BOMDraft
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.scanning import SearchHit
from desktop_app.views.base import quick_new as panel_module
from desktop_app.views.base.field_editors import make_editor
from desktop_app.views.base.pickers import KINDS, PickerField, picker_for
from desktop_app.views.manufacturing import order_page
from desktop_app.views.master_data import bom_page
from tests import factories
from tests.views.document_fakes import FakeDocuments
from tests.views.page_fakes import make_context
from tests.views.station_world import context_on, opened


@pytest.fixture
def field(qtbot, tmp_path) -> Iterator[PickerField]:
    found = picker_for(Editor.ITEM, make_context(tmp_path), FakeDocuments().search)
    qtbot.addWidget(found)
    found.show()
    found.setFocus()
    yield found


def test_the_last_row_offers_a_new_one(field, qtbot):
    QTest.keyClicks(field, "zzz")
    qtbot.waitUntil(field.popup.isVisible)
    assert "zzz" in field.popup.model().index(0).data()
    assert not field.popup.currentIndex().isValid()


def test_the_list_takes_no_place_in_the_focus_chain_of_another_window(field):
    """With a focus proxy there, Qt crashed when the third page after two pickers was born."""
    assert field.popup.isWindow() and field.popup.focusProxy() is None


def test_ctrl_n_makes_it_takes_it_and_moves_on(field, qtbot, monkeypatch):
    asked = []

    def make(_uow, kind, values):
        asked.append((kind, values))
        return SearchHit("item", 99, "Z-1  Hook", "")

    monkeypatch.setattr(panel_module.quick_new, "make", make)
    QTest.keyClicks(field, "Z-1")
    panel = field.make_new()
    assert panel is not None
    panel._make = make
    assert panel.fields["code"].text() == "Z-1"
    panel.fields["name"].setText("Hook")
    with qtbot.waitSignal(field.moved_on):
        QTest.keyClick(panel.fields["barcode"], Qt.Key.Key_Return)
    assert asked[0][0] == "item" and asked[0][1]["name"] == "Hook"
    assert field.value() == 99


def test_esc_leaves_everything_as_it_was(field, qtbot):
    QTest.keyClicks(field, "hook")
    panel = field.make_new()
    with qtbot.waitSignal(panel.left):
        QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert field.text() == "hook"
    assert field.value() is None


def test_what_was_typed_goes_where_it_belongs():
    assert quick_new.proposed("item", "6901234567892") == {"barcode": "6901234567892"}
    assert quick_new.proposed("item", "HJ-35") == {"code": "HJ-35"}
    assert quick_new.proposed("item", "镀镍铰链") == {"name": "镀镍铰链"}
    assert quick_new.proposed("location", "a-01") == {"code": "A-01"}


def test_the_service_makes_items_partners_and_bins(uow):
    shop = factories.make_shop(uow)
    hit = quick_new.make(
        uow, "item", {"code": "Z-1", "name": "Hook", "uom": "kg", "barcode": "6901234567892"}
    )
    assert hit.title == "Z-1  Hook"
    supplier = quick_new.make(uow, "supplier", {"code": "S9", "name": "Wang"})
    assert uow.scalar("SELECT is_supplier FROM party WHERE id = %s", (supplier.id,))
    place = quick_new.make(uow, "location", {"code": "A-99"})
    assert uow.scalar("SELECT warehouse_id FROM location WHERE id = %s", (place.id,)) == (
        shop.warehouse
    )


def test_a_lot_and_a_warehouse_are_made_while_choosing(database) -> None:
    item = database.run(factories.make_item, "GLUE", tracking="lot", barcodes={"4006381333931": 1})
    hit = database.run(
        quick_new.make, "lot", {"code": "L-9", "item": "4006381333931", "expires": "2027-05-31"}
    )
    kept = database.run(
        lambda u: u.execute(
            "SELECT item_id, expires_at::date::text FROM lot WHERE id = %s", (hit.id,)
        ).fetchone()
    )
    assert (hit.title, kept) == ("L-9", (item, "2027-05-31"))
    for wrong in ({"item": ""}, {"item": "GHOST"}, {"item": "GLUE", "expires": "soon"}):
        with pytest.raises(InvalidInput):
            database.run(quick_new.make, "lot", {"code": "L-10", **wrong})
    made = database.run(
        quick_new.make, "warehouse", {"code": "W9", "name": "Annex", "exit_code": "EXIT-9"}
    )
    assert made.title == "Annex"


def _bom_field(qtbot, database, tmp_path):
    context = context_on(database, tmp_path)
    page = opened(qtbot, order_page.create, context, kind="work_order")
    return page, page.form.editor("bom_id"), context


def test_a_new_bill_of_materials_is_written_from_the_order_and_found_coming_back(
    qtbot, database, tmp_path
):
    product = database.run(factories.make_item, "LAMP", name="Lamp")
    part = database.run(factories.make_item, "BASE")
    page, field, context = _bom_field(qtbot, database, tmp_path)
    page.form.show_values({"output_item_id": product, "item_code": "LAMP"})
    field.setFocus()
    field.open_list()
    assert "New bill of materials" in field.popup.model().index(0).data()
    QTest.keyClick(field, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert context.open_page.calls[-1] == ("bom", {"item_id": product})
    written = opened(qtbot, bom_page.create, context, item_id=product)
    assert written.form.value("item_id") == product
    database.run(bills_of_material.save_bom, BOMDraft(product, (BOMLine(part, Decimal(1)),), "A"))
    QApplication.sendEvent(field, QFocusEvent(QEvent.Type.FocusIn))
    assert "LAMP A" in field.popup.model().index(0).data()


def test_without_a_product_an_empty_bill_of_materials_begins(qtbot, database, tmp_path):
    _page, field, context = _bom_field(qtbot, database, tmp_path)
    field.make_new()
    assert context.open_page.calls[-1] == ("bom", {"id": None})


PICKED = [
    (document_type, field)
    for document_type in DOCUMENT_TYPES
    for field in (*document_type.head_fields, *document_type.line_fields)
    if field.editor in KINDS
]


@pytest.mark.parametrize(
    ("document_type", "field"),
    PICKED,
    ids=[f"{document_type.kind}.{field.name}" for document_type, field in PICKED],
)
def test_every_picker_of_every_document_offers_a_new_one(qtbot, tmp_path, document_type, field):
    editor = make_editor(
        field,
        make_context(tmp_path),
        FakeDocuments().search,
        party_role=document_type.party_role,
    )
    qtbot.addWidget(editor)
    assert editor.may_make()
