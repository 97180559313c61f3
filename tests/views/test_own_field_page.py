"""A field is added by its form, and at once items and orders have it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from desktop_app.domain.own_fields import OwnField
from desktop_app.queries.own_fields import record_values
from desktop_app.services import own_fields
from desktop_app.views import lists
from desktop_app.views.base import factories as pages, known_fields
from desktop_app.views.master_data import item_page
from desktop_app.views.settings import own_field_page
from tests import factories
from tests.views.station_world import context_on, opened


@pytest.fixture(autouse=True)
def _forget() -> Any:
    yield
    known_fields.remember(())


def test_the_form_declares_a_field(qtbot: Any, database: Any, tmp_path: Path) -> None:
    page = opened(qtbot, own_field_page.create, context_on(database, tmp_path))
    page.form.editor("title").setText("合同号")
    page.save()
    assert "Tick at least one place" in page.bar.text
    row = next(n for n, s in enumerate(own_fields.scopes()) if s.code == "sales_order")
    page.places.item(row, 2).setCheckState(Qt.CheckState.Checked)
    assert page.places.shown() == ("sales_order",)
    page.save()
    (saved,) = database.read(own_fields.load)
    assert (saved.name, saved.required_in) == ("hth", ("sales_order",))
    assert not page.form.editor("name").isEnabled()
    page.places.item(row, 1).setCheckState(Qt.CheckState.Unchecked)
    assert page.places.required() == ()


def test_an_item_is_written_with_its_own_fields(qtbot: Any, database: Any, tmp_path: Path) -> None:
    database.run(own_fields.save, _own("origin", "产地"))
    database.run(own_fields.save, _own("pieces", "每箱", editor="number"))
    database.run(
        own_fields.save,
        _own("box_kg", "箱重", editor="formula", formula="pieces * unit_weight_g / 1000"),
    )
    known_fields.remember(database.read(own_fields.load))
    page = opened(qtbot, item_page.create, context_on(database, tmp_path))
    for name, text in (("code", "H-1"), ("name", "Hinge"), ("custom.origin", "佛山")):
        page.form.editor(name).setText(text)
    page.form.editor("unit_weight_g").setText("50")
    page.form.editor("unit_weight_g").textEdited.emit("50")
    page.form.editor("custom.pieces").setText("144")
    page.form.editor("custom.pieces").textEdited.emit("144")
    assert _shown(page, "custom.box_kg") == "7.2"
    page.save()
    assert database.read(record_values, "item", page.record_id) == {
        "custom.origin": "佛山",
        "custom.pieces": Decimal(144),
    }
    again = opened(qtbot, item_page.create, context_on(database, tmp_path), id=page.record_id)
    assert again.form.editor("custom.origin").text() == "佛山"
    assert _shown(again, "custom.box_kg") == "7.2"


def test_an_order_line_computes_while_it_is_written(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    database.run(
        own_fields.save, _own("cut", "刀数", editor="number", scopes=("purchase_order.line",))
    )
    database.run(
        own_fields.save,
        _own(
            "cuts", "总刀数", editor="formula", formula="qty * cut", scopes=("purchase_order.line",)
        ),
    )
    known_fields.remember(database.read(own_fields.load))
    item = database.run(factories.make_item, "H-2")
    page = opened(
        qtbot, pages.create_document, context_on(database, tmp_path), kind="purchase_order"
    )
    page.lines.load(({"item_id": item, "qty": Decimal(5), "custom.cut": Decimal(3)},), writing=True)
    columns = [column.name for column in page.lines.model.columns]
    index = page.lines.model.index(0, columns.index("custom.cuts"))
    assert page.lines.model.data(index) == "15"
    assert page.lines.drafts()[0]["custom.cut"] == Decimal(3)


def test_lists_get_their_columns(qtbot: Any, database: Any, tmp_path: Path) -> None:
    database.run(own_fields.save, _own("origin", "产地"))
    known_fields.remember(database.read(own_fields.load))
    page = opened(qtbot, lists.create, context_on(database, tmp_path), list="list:item")
    assert page.table.columns[-1].title == "产地"


def _own(name: str, title: str, **given: Any) -> OwnField:
    values: dict[str, Any] = {"editor": "text", "scopes": ("item",), **given}
    return OwnField(0, name, title, **values)


def _shown(page: Any, name: str) -> str:
    for part in page.form._all():
        if name in getattr(part, "_shown", {}):
            return str(part._shown[name].text())
    raise AssertionError(name)
