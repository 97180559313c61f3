"""The item's tabs, its family's grid, taxes and levels: by keyboard, on a real database."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.queries import families as family_queries
from desktop_app.queries.items import item_record
from desktop_app.services import families, price_rules
from desktop_app.views.base.tones import Tone, tone
from desktop_app.views.master_data import family_page, item_page, price_rules_page
from tests import factories
from tests.views.station_world import context_on, opened

CTRL = Qt.KeyboardModifier.ControlModifier
HINGE = {
    "code": "JL",
    "name": "Hinge",
    "axes": (
        {"name": "finish", "options": "Nickel=NI, Chrome=CR", "is_finish": True},
        {"name": "size", "options": "40, 60"},
    ),
}


def _focus(qtbot: Any, page: Any) -> None:
    page.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is page.window())


def write(*cells: str) -> None:
    for text in cells:
        QTest.keyClicks(QApplication.focusWidget(), text)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def test_every_tab_is_reached_and_written_by_keyboard(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    database.run(factories.make_shop)
    page = opened(qtbot, item_page.create, context_on(database, tmp_path))
    _focus(qtbot, page)
    page.form.focus_field("code")
    write("X1", "Yeast")
    QTest.keyClick(page, Qt.Key.Key_2, CTRL)
    write("box", "12")
    barcodes = page.form.table("barcodes")
    barcodes.table.start()
    write("1690", "box")
    QTest.keyClick(page, Qt.Key.Key_5, CTRL)
    assert page.form.tabs.currentIndex() == 4
    page.form.editor("shelf_life").setText("18")
    page.form.editor("shelf_life_unit").show_value("months")
    QTest.keyClick(page, Qt.Key.Key_S, CTRL)
    saved = database.read(item_record, page.record_id)
    assert (saved["code"], saved["shelf_life"], saved["shelf_life_unit"]) == ("X1", 18, "months")
    assert [(r["unit"], r["factor"]) for r in saved["units"]] == [("box", "12")]
    assert [(r["barcode"], r["factor"]) for r in saved["barcodes"]] == [("1690", 12)]


def test_a_wrong_row_brings_its_tab_to_the_front(qtbot: Any, database: Any, tmp_path: Path) -> None:
    page = opened(qtbot, item_page.create, context_on(database, tmp_path))
    page.form.show_values(
        {"code": "X", "name": "X", "uom": "pcs", "tracking": "none", "abc_class": "C",
         "shelf_life_unit": "days", "units": [{"unit": "box", "factor": "none"}]}
    )  # fmt: skip
    page.save()
    assert page.record_id is None
    assert page.form.tabs.currentIndex() == 1
    assert "“none” is no factor" in page.form.table("units").problem.text()
    assert page.form.tabs.tabBar().tabTextColor(1) == tone(Tone.WRONG)
    page.form.show_problems({})
    assert page.form.tabs.tabBar().tabTextColor(1) != QColor(tone(Tone.WRONG))


def test_without_the_right_no_price_is_on_the_form(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    item = database.run(factories.make_item)
    context = context_on(database, tmp_path, frozenset({"stock.read", "master.write"}))
    page = opened(qtbot, item_page.create, context, id=item)
    assert "sales_price" not in page.form
    assert "level_prices" not in page.form
    assert "tax_code" in page.form
    page.save()
    assert not page.bar.text


def test_the_family_grid_makes_what_is_ticked(qtbot: Any, database: Any, tmp_path: Path) -> None:
    page = opened(qtbot, family_page.create, context_on(database, tmp_path))
    page.form.editor("code").setText("JL")
    page.form.editor("name").setText("Hinge")
    page.form.table("axes").show_values({"axes": HINGE["axes"]})
    page.save()
    grid = page.grid
    assert [line.values["code"] for line in grid.model.sheet.lines] == [
        "JL-40", "JL-60", "JL-NI-40", "JL-NI-60", "JL-CR-40", "JL-CR-60",
    ]  # fmt: skip
    page.make()
    assert "Tick what is to be made" in grid.problem.text()
    grid.tick_missing()
    grid.model.setData(
        grid.model.index(1, 0), Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole
    )
    price = grid.model.column_of("unit_price")
    grid.table.setCurrentIndex(grid.model.index(2, grid.model.column_of("barcode")))
    grid.table.paste_wanted.emit("690001\t9.5\n690002\t9.9")
    page.make()
    items = {r.code: r for r in database.read(family_queries.family_grid, page.record_id).items}
    assert sorted(items) == ["JL-40", "JL-CR-40", "JL-CR-60", "JL-NI-40", "JL-NI-60"]
    assert (items["JL-NI-40"].barcode, items["JL-NI-40"].price) == ("690001", Decimal("9.5"))
    assert (items["JL-NI-40"].blank_code, items["JL-NI-60"].blank_code) == ("JL-40", "")
    assert grid.count.text() == "5 there, 1 missing, 0 ticked"
    grid.model.setData(grid.model.index(2, price), "10")
    page.make()
    assert database.read(item_record, items["JL-NI-40"].id)["sales_price"] == 10
    code = grid.model.columns[grid.model.column_of("code")]
    assert not grid.model.may_edit(2, code)
    grid.table.setCurrentIndex(grid.model.index(2, 0))
    grid.open_current()
    assert page.context.open_page.calls[-1] == ("item", {"id": items["JL-NI-40"].id})


def test_news_from_elsewhere_leaves_ticks_and_codes(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    family = database.run(families.save_family, HINGE)
    page = opened(qtbot, family_page.create, context_on(database, tmp_path), id=family)
    page.grid.tick_missing()
    page.grid.model.setData(page.grid.model.index(0, page.grid.model.column_of("code")), "MINE")
    database.run(
        families.make_variants, family, [families.VariantDraft({"size": "60"}, "JL-60", "Sixty")]
    )
    page.reload()
    values = [line.values for line in page.grid.model.sheet.lines]
    assert (values[0]["code"], values[0]["make"]) == ("MINE", True)
    assert values[1]["name"] == "Sixty"
    page.grid.model.setData(page.grid.model.index(0, page.grid.model.column_of("code")), "JL-60")
    page.make()
    assert "Two rows" in page.grid.problem.text() or "another variant" in page.grid.problem.text()
    assert page.grid.model.line(0).problems["code"]


def test_from_an_item_to_its_siblings_and_its_blank(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    family = database.run(families.save_family, HINGE)
    made = database.run(
        families.make_variants,
        family,
        [
            families.VariantDraft({"size": "40"}, "JL-40", "Blank"),
            families.VariantDraft({"size": "40", "finish": "Nickel"}, "JL-NI-40", "Nickel"),
        ],
    ).made
    context = context_on(database, tmp_path)
    page = opened(qtbot, item_page.create, context, id=made[1])
    page.open_family()
    page.open_blank()
    assert context.open_page.calls == [("family", {"id": family}), ("item", {"id": made[0]})]
    plain = opened(qtbot, item_page.create, context, id=made[0])
    assert plain.family_key.isVisible()
    assert not plain.blank_key.isVisible()


def test_pictures_by_file_and_by_paste(qtbot: Any, database: Any, tmp_path: Path) -> None:
    item = database.run(factories.make_item)
    page = opened(qtbot, item_page.create, context_on(database, tmp_path), id=item)
    made = io.BytesIO()
    Image.new("RGB", (300, 200), "navy").save(made, "JPEG")
    (tmp_path / "front.jpg").write_bytes(made.getvalue())
    (tmp_path / "letter.jpg").write_bytes(b"no picture at all")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / n)) for n in ("front.jpg", "letter.jpg")])
    page.pictures.take(mime)
    assert page.pictures.list.count() == 1
    assert page.pictures.problem.text().startswith("letter.jpg: This is no picture")
    pasted = QMimeData()
    image = QImage(20, 10, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    pasted.setImageData(image)
    page.pictures.take(pasted)
    assert page.pictures.list.count() == 2
    page.pictures.list.setCurrentRow(1)
    page.pictures.make_first()
    assert page.pictures.list.item(0).text() == "Pasted picture"
    page.pictures.list.setCurrentRow(0)
    page.pictures.remove()
    assert page.pictures.list.item(0).text() == "front.jpg"
    assert not page.pictures._image.isNull()
    new = opened(qtbot, item_page.create, context_on(database, tmp_path))
    assert not new.pictures.add_button.isEnabled()
    assert "Save the item first" in new.pictures.hint.text()


def test_a_new_rate_and_a_new_level_are_rows(qtbot: Any, database: Any, tmp_path: Path) -> None:
    page = opened(qtbot, price_rules_page.create, context_on(database, tmp_path))
    levels = page.form.table("levels")
    levels.show_values({"levels": [{"code": "W", "name": "Wholesale"}]})
    page.mark_dirty()
    page.save()
    assert database.read(price_rules.price_rules)["levels"] == [{"code": "W", "name": "Wholesale"}]
    item = opened(qtbot, item_page.create, context_on(database, tmp_path))
    rows = item.form.table("level_prices").model.sheet.lines
    assert [line.values["level_name"] for line in rows] == ["Wholesale"]
    codes = item.form.editor("tax_code")
    assert codes.findData("LEVY") > 0
