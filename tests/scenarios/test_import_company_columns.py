"""What a company declared itself comes in from its tables too: own fields, price levels."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from desktop_app.core.i18n import tr, use_language
from desktop_app.core.paths import resources_dir
from desktop_app.domain.own_fields import OwnField
from desktop_app.services import own_fields, price_rules
from desktop_app.services.importing import reading, runs, stage
from desktop_app.services.importing.reading import ReadIn
from desktop_app.services.importing.stage import Counts
from tests import factories


def read(uow: Any, kind: str, path: Path, text: str) -> ReadIn:
    """The table as the page reads it, every column by its proposed meaning."""
    path.write_text(text, encoding="utf-8")
    seen = reading.look(uow, kind, path)
    return reading.read_in(uow, kind, seen, seen.mapping)


def declare(uow: Any, name: str, title: str, editor: str, *scopes: str, **more: Any) -> None:
    own_fields.save(uow, OwnField(0, name, title, editor, scopes=scopes, **more))


@pytest.fixture
def shop(uow: Any) -> factories.Shop:
    made = factories.make_shop(uow)
    factories.make_item(uow, "NUT")
    factories.make_item(uow, "BOLT")
    return made


def test_own_fields_of_an_order_and_of_its_lines(uow, shop, tmp_path: Path) -> None:
    declare(uow, "project", "项目", "text", "sales_order")
    declare(uow, "drawing", "图号", "text", "sales_order.line")
    declare(uow, "depth", "孔深", "number", "sales_order.line")
    declare(uow, "urgent", "加急", "yes_no", "sales_order", "sales_order.line")
    declare(uow, "twice", "双倍", "formula", "sales_order.line", formula="qty * 2")
    made = read(
        uow,
        "sales_order",
        tmp_path / "订单.csv",
        "订单号,客户,仓库,货号,数量,项目,图号,孔深,加急,加急 (of the line)\n"
        "SO-1,C1,W1,NUT,5,,D-007,-1.5,是,否\n"
        "SO-1,C1,W1,BOLT,3,地铁五号线,D-008,,是,是\n",
    )
    assert made.counts == Counts(new=2)
    run = runs.run(uow, made.draft_id, uuid4())
    head = uow.scalar("SELECT custom FROM document WHERE kind = 'sales_order'")
    assert head == {"project": "地铁五号线", "urgent": True}
    lines = uow.execute(
        "SELECT l.custom FROM document_line l JOIN document d ON d.id = l.document_id"
        " WHERE d.kind = 'sales_order' ORDER BY l.line_no"
    ).fetchall()
    assert lines == [
        ({"drawing": "D-007", "depth": "-1.5", "urgent": False},),
        ({"drawing": "D-008", "urgent": True},),
    ]
    assert runs.undo(uow, run.id, uuid4()).state == "undone"


def test_rows_of_one_order_that_say_different_things_of_it_are_refused(
    uow, shop, tmp_path: Path
) -> None:
    declare(uow, "project", "项目", "text", "purchase_order")
    made = read(
        uow,
        "purchase_order",
        tmp_path / "采购.csv",
        "订单号,供应商,仓库,货号,数量,交货日期,项目\n"
        "PO-1,S1,W1,NUT,5,2026-03-01,甲\n"
        "PO-1,S1,W1,BOLT,3,2026-03-01,乙\n"
        "PO-1,S1,W1,BOLT,3,2026-04-01,\n"
        "PO-2,S1,W1,BOLT,3,2026-04-01,乙\n",
    )
    assert made.counts == Counts(new=2, refused=2)
    told = [
        (row.row_no, t.field, str(t.message))
        for row in stage.page(uow, made.draft_id, "refused")
        for t in row.troubles
    ]
    assert [(no, field) for no, field, _ in told] == [(3, "custom.project"), (4, "due_date")]
    assert "row 2 says “甲”" in told[0][2]
    assert reading.mend(uow, made.draft_id, 3, "custom.project", "甲") == Counts(new=3, refused=1)


def test_a_required_choice_of_the_lines_is_refused_beside_its_cell(
    uow, shop, tmp_path: Path
) -> None:
    declare(uow, "finish", "表面", "choice", "sales_order.line", choices=("镀镍", "哑光"),
            required_in=("sales_order.line",))  # fmt: skip
    made = read(
        uow,
        "sales_order",
        tmp_path / "订单.csv",
        "订单号,客户,仓库,货号,数量,表面\nSO-1,C1,W1,NUT,5,镀镍\nSO-2,C1,W1,NUT,5,镀金\nSO-3,C1,W1,NUT,5,\n",
    )
    assert made.counts == Counts(new=1, refused=2)
    refused = stage.page(uow, made.draft_id, "refused")
    assert {row.troubles[0].field for row in refused} == {"line.custom.finish"}
    assert reading.mend(uow, made.draft_id, 3, "line.custom.finish", "哑光").new == 2


def test_own_fields_of_the_lines_of_opening_stock(uow, shop, tmp_path: Path) -> None:
    declare(uow, "shelf_note", "货架备注", "text", "opening_stock.line")
    made = read(
        uow,
        "opening_stock",
        tmp_path / "期初.csv",
        "货号,仓库,数量,货架备注\nNUT,W1,5,靠墙\n",
    )
    runs.run(uow, made.draft_id, uuid4())
    assert uow.scalar("SELECT custom FROM document_line WHERE custom <> '{}'") == {
        "shelf_note": "靠墙"
    }


@pytest.fixture
def levels(uow: Any) -> None:
    known = price_rules.price_rules(uow)
    rows = ({"code": "VIP", "name": "大客户"}, {"code": "P", "name": "批发"})
    price_rules.save_price_rules(uow, {"taxes": known["taxes"], "levels": rows})


def _level_prices(uow: Any) -> list[tuple[Any, ...]]:
    return uow.execute(
        "SELECT i.code, x.level, x.price FROM item_level_price x JOIN item i ON i.id = x.item_id"
        " ORDER BY 1, 2"
    ).fetchall()


def test_a_column_per_price_level(uow, shop, levels, tmp_path: Path) -> None:
    before = "货号,批发价\nNUT,0.9\n"
    runs.run(uow, read(uow, "price", tmp_path / "a.csv", before).draft_id, uuid4())
    assert _level_prices(uow) == [("NUT", "P", Decimal("0.9"))]
    text = "货号,销售价,大客户价,批发价\nNUT,1.2,1.0,0.9\nBOLT,,,0.5\nNUT2,,1,\n"
    made = read(uow, "price", tmp_path / "b.csv", text)
    assert made.counts == Counts(changed=2, refused=1)
    run = runs.run(uow, made.draft_id, uuid4())
    assert _level_prices(uow) == [
        ("BOLT", "P", Decimal("0.5")),
        ("NUT", "P", Decimal("0.9")),
        ("NUT", "VIP", Decimal(1)),
    ]
    again = read(uow, "price", tmp_path / "b.csv", text)
    assert again.counts == Counts(same=2, refused=1)
    runs.undo(uow, run.id, uuid4())
    assert _level_prices(uow) == [("NUT", "P", Decimal("0.9"))]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("kind", ["price", "sales_order", "purchase_order"])
def test_the_template_has_these_columns_and_is_read_again(
    uow, shop, levels, tmp_path: Path, kind: str, language: str
) -> None:
    declare(uow, "urgent", "加急", "yes_no", kind, f"{kind}.line") if kind != "price" else None
    use_language(language, resources_dir() / "translations")
    try:
        path = tmp_path / "template.xlsx"
        reading.template(uow, kind, path)
        seen = reading.look(uow, kind, path)
        titles = [cell.value for cell in next(load_workbook(path).active.iter_rows())]
        wanted = [f.name for f in seen.fields if not f.repeated]
        assert len(titles) == len(set(titles)) == len(wanted)
        assert {match.field for match in seen.mapping.columns} == set(wanted)
        assert kind != "price" or tr("Price {level}", level="批发") in titles
    finally:
        use_language("en", resources_dir() / "translations")
