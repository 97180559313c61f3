"""A clerk takes in the table she already keeps: look, mend, take in, take back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from PySide6.QtCore import Qt

from desktop_app.services.importing import reading
from desktop_app.services.importing.stage import Counts
from desktop_app.views import lists
from desktop_app.views.importing import import_page, run_page
from tests import factories
from tests.views.station_world import context_on, opened


def book(folder: Path, *rows: tuple[Any, ...], name: str = "货品.xlsx") -> Path:
    """A workbook with these rows."""
    made = Workbook()
    for row in rows:
        made.active.append(row)
    made.save(folder / name)
    return folder / name


@pytest.fixture
def goods(tmp_path: Path) -> Path:
    """A list as shops keep it: a title above, a total below, one wrong cell."""
    return book(
        tmp_path,
        ("佛山金龙五金 货品表",),
        (),
        ("货号", "名称*", "规格", "单位", "条码", "安全库存", "销售价", "我的备注"),
        ("00123", "镀镍铰链", "4寸", "只", "6901234567892", 100, 12.5, "x"),
        ("00124", "镀铬铰链", "4寸", "只", "6901234567893", "很多", 13, "y"),
        ("合计", None, None, None, None, 100, 25.5, None),
    )


def test_from_the_file_to_the_goods_and_back(
    qtbot: Any, database: Any, tmp_path: Path, goods: Path
) -> None:
    context = context_on(database, tmp_path)
    page = opened(qtbot, import_page.create, context, kind="item", path=str(goods))
    assert page.columns.heading.value() == 3
    assert [page.columns.table.box(row).currentData() for row in range(8)] == [
        "code", "name", "spec", "uom", "barcode", "safety_stock", "sales_price", "",
    ]  # fmt: skip
    page.read()
    assert page.rows.counts == Counts(new=1, refused=1)
    assert page.rows.model.rowCount() == 1, "the refused row is in front"
    assert "totals left out" in page.rows.skipped.text()
    fields = [f.name for f in page.columns.mapped_fields()]
    model = page.rows.model
    for name, text in (("safety_stock", "250"), ("barcode", "6901234567908")):
        index = model.index(0, 2 + fields.index(name))
        assert model.data(index, Qt.ItemDataRole.BackgroundRole) is not None
        assert model.trouble(index)
        model.setData(index, text)
    assert page.rows.counts == Counts(new=2)
    assert "2" in page.main.text()
    page.run()
    assert context.open_page.calls[-1][0] == "import_run"
    kept = database.run(
        lambda u: u.execute(
            "SELECT i.code, i.name, i.safety_stock, b.barcode FROM item i JOIN item_barcode b"
            " ON b.item_id = i.id ORDER BY i.code"
        ).fetchall()
    )
    assert kept == [
        ("00123", "镀镍铰链", Decimal(100), "6901234567892"),
        ("00124", "镀铬铰链", Decimal(250), "6901234567908"),
    ]
    run = opened(qtbot, run_page.create, context, id=context.open_page.calls[-1][1]["id"])
    run.reload()
    run.ask()
    run.bar.confirm()
    assert run.run.state == "undone" and not run.undo_button.isVisible()
    history = opened(qtbot, lists.create, context, list="list:import")
    history.reload()
    assert history.table.rows.values(0)["state"] == "undone"


def test_what_a_column_is_can_be_said_otherwise_and_is_remembered(
    qtbot: Any, database: Any, tmp_path: Path, goods: Path
) -> None:
    context = context_on(database, tmp_path)
    page = opened(qtbot, import_page.create, context, kind="item", path=str(goods))
    page.columns.table.box(7).setCurrentIndex(page.columns.table.box(7).findData("category"))
    page.columns.table.chosen.emit(7, "category")
    page.columns.table.chosen.emit(1, "")
    page.read()
    assert "Name" in page.bar.text
    page.columns.table.chosen.emit(1, "name")
    page.read()
    page.run()
    again = opened(qtbot, import_page.create, context, kind="item", path=str(goods))
    assert again.columns.table.box(7).currentData() == "category"


def test_a_column_per_warehouse_becomes_opening_stock(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    def shop(uow: Any) -> int:
        factories.make_shop(uow)
        return factories.make_item(uow, "NUT")

    nut = database.run(shop)
    path = book(tmp_path, ("货号", "名称", "Main warehouse"), ("NUT", "Nut", 12), ("GHOST", "?", 3))
    context = context_on(database, tmp_path)
    page = opened(qtbot, import_page.create, context, kind="opening_stock", path=str(path))
    page.read()
    assert page.rows.counts == Counts(new=1, refused=1), page.bar.text
    page.run()
    assert database.read(factories.on_hand, nut) == 12


def test_a_broken_file_is_told_and_nothing_happens(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    broken = tmp_path / "货品.xlsx"
    broken.write_bytes(b"PK\x03\x04 this is no workbook")
    page = opened(qtbot, import_page.create, context_on(database, tmp_path), path=str(broken))
    assert page.bar.text and page.main.isEnabled()


def test_template_and_refused_rows_as_excel(
    qtbot: Any, database: Any, tmp_path: Path, goods: Path
) -> None:
    empty = tmp_path / "template.xlsx"
    database.read(reading.template, "item", empty)
    context = context_on(database, tmp_path)
    page = opened(qtbot, import_page.create, context, kind="item", path=str(empty))
    assert page.columns.missing() == []
    page.open_file(goods)
    page.read()
    out = tmp_path / "refused.xlsx"
    assert database.read(reading.refused_to_excel, page._draft.draft_id, out) == 1


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("big5hkscs", "貨號,名稱\n00123,鍍鎳鉸鏈\n"),
        ("shift_jis", "編號,名称\n00123,ニッケル蝶番\n"),
    ],
    ids=["big5", "shift-jis"],
)
def test_another_encoding_is_chosen_and_the_preview_drawn_again(
    qtbot: Any, database: Any, tmp_path: Path, codec: str, text: str
) -> None:
    path = tmp_path / "goods.csv"
    path.write_bytes(text.encode(codec))
    context = context_on(database, tmp_path)
    page = opened(qtbot, import_page.create, context, kind="item", path=str(path))
    panel = page.columns
    name = text.splitlines()[1].split(",")[1]
    assert panel.encodings.isVisibleTo(page)
    assert name not in panel.table.item(1, 2).text(), "the guess was right: no test of the choice"
    panel.encodings.setCurrentIndex(panel.encodings.findData(codec))
    panel.encodings.activated.emit(panel.encodings.currentIndex())
    assert panel.table.item(1, 2).text() == name
    assert panel.encodings.currentData() == codec, "the choice stays"
    for column, field in ((0, "code"), (1, "name")):
        panel.table.chosen.emit(column, field)
    page.read()
    assert page.rows.counts == Counts(new=1), page.bar.text
    page.run()
    assert database.run(lambda u: u.scalar("SELECT name FROM item WHERE code = '00123'")) == name
    page.open_file(book(tmp_path, ("货号", "名称"), ("1", "x")))
    assert not panel.encodings.isVisibleTo(page), "a workbook has no encoding to choose"
    assert panel.encoding() == ""


def test_automatic_says_what_it_found(qtbot: Any, database: Any, tmp_path: Path) -> None:
    path = tmp_path / "goods.csv"
    path.write_bytes("货号,名称\n00123,镀镍铰链\n".encode("gb18030"))
    context = context_on(database, tmp_path)
    page = opened(qtbot, import_page.create, context, kind="item", path=str(path))
    assert "GB18030" in page.columns.encodings.itemText(0)
    assert page.columns.encodings.currentIndex() == 0


def test_a_cell_typed_again_means_what_its_column_means(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    """Kilograms stay kilograms, a comma of a semicolon file stays in doubt."""
    path = tmp_path / "goods.csv"
    path.write_text(
        "货号;名称;单重(kg);安全库存\n1;Hinge;0.25;7\n2;Screw;0.3O;1,500\n", encoding="utf-8"
    )
    context = context_on(database, tmp_path)
    page = opened(qtbot, import_page.create, context, kind="item", path=str(path))
    page.read()
    assert page.rows.counts == Counts(new=1, refused=1)
    model, fields = page.rows.model, [f.name for f in page.columns.mapped_fields()]
    weight, safety = (2 + fields.index(name) for name in ("unit_weight_g", "safety_stock"))
    assert model.headerData(weight, Qt.Orientation.Horizontal) == "单重(kg)"
    assert model.data(model.index(0, weight)) == "0.3O"
    model.setData(model.index(0, weight), "0.3")
    assert model.data(model.index(0, weight)) == "0.3", "shown in the unit of the file"
    model.setData(model.index(0, safety), "2,500")
    assert "2.500" in model.trouble(model.index(0, safety))
    out = tmp_path / "refused.xlsx"
    database.read(reading.refused_to_excel, page._draft.draft_id, out)
    sheet = [[c.value for c in row] for row in load_workbook(out).active.iter_rows()]
    told = dict(zip(sheet[0], sheet[1], strict=True))
    assert told["单重(kg)"] == "0.3"
    model.setData(model.index(0, safety), "1.500")
    assert page.rows.counts == Counts(new=2)
    page.run()
    kept = database.run(
        lambda u: u.execute(
            "SELECT code, unit_weight_g, safety_stock FROM item ORDER BY code"
        ).fetchall()
    )
    assert kept == [("1", 250, 7), ("2", 300, Decimal("1.5"))]


def test_a_day_typed_again_is_read_in_the_order_the_file_has_shown(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    def shop(uow: Any) -> None:
        factories.make_shop(uow)
        factories.make_item(uow, "GLUE", tracking="lot")

    database.run(shop)
    path = tmp_path / "stock.csv"
    path.write_text(
        "货号,仓库,数量,批号,有效期\nGLUE,W1,5,L1,05/06/2027\nGLUE,W1,5,L2,25/06/2027\n"
        "GLUE,W1,5,L3,03-xx\n",
        encoding="utf-8",
    )
    context = context_on(database, tmp_path)
    page = opened(qtbot, import_page.create, context, kind="opening_stock", path=str(path))
    page.read()
    fields = [f.name for f in page.columns.mapped_fields()]
    place = page.rows.model.index(0, 2 + fields.index("expiry"))
    page.rows.model.setData(place, "03/04/2027")
    assert page.rows.counts == Counts(new=3)
    assert page.rows.model.data(place) == "2027-04-03"
