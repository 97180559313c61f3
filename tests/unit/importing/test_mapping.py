"""Which column means what: by Chinese and English names, by unit, by group, and remembered."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from desktop_app.exchange.importing.fields import WEIGHT_IN_G, ImportField
from desktop_app.exchange.importing.headings import Heading, HeadingColumn, find_heading
from desktop_app.exchange.importing.mapping import (
    SURE,
    ColumnMapping,
    heading_key,
    propose_mapping,
    with_date_order,
)
from desktop_app.exchange.importing.sources import open_source

DATA = Path(__file__).parents[2] / "data" / "importing"
CODE = ImportField("code", "Item code", "code", ("货号", "编码", "StockCode"), required=True)
NAME = ImportField("name", "Name", "text", ("名称", "品名", "Description"))
QTY = ImportField("qty", "Quantity", "quantity", ("数量", "库存数量"), required=True)
WEIGHT = ImportField("weight", "Unit weight g", "quantity", ("单重", "重量"), units=WEIGHT_IN_G)
PRICE = ImportField("price", "Price", "price", ("单价", "Unit price"))
LIFE = ImportField("life", "Shelf life", "integer", ("保质期(天)",))
PHONE = ImportField("phone", "Phone", "text", ("手机号码", "电话", "联系电话"))
STOCK = ImportField(
    "stock", "Stock", "quantity", ("库存",), repeated=True,
    keys=("深圳仓", "佛山仓"), key_patterns=(r"仓库\s*\d+",),
)  # fmt: skip
ALL = (CODE, NAME, QTY, WEIGHT, PRICE, LIFE, PHONE, STOCK)


def heading(*names: str, group: str = "") -> Heading:
    columns = tuple(HeadingColumn(at, name, name, group) for at, name in enumerate(names))
    return Heading(1, 1, columns)


def mapped(*names: str) -> dict[str, str]:
    proposal = propose_mapping(heading(*names), ALL)
    return {names[match.column]: match.field for match in proposal.columns}


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("货号", "code"),
        ("货 号*", "code"),
        ("stock_code", "code"),
        ("ＳｔｏｃｋＣｏｄｅ", "code"),
        ("code", "code"),
        ("Item code (required)", "code"),
        ("品名", "name"),
        ("库存数量（必填）", "qty"),
        ("Quantity", "qty"),
        ("Line Item Quantity", "qty"),
        ("单价(元)", "price"),
        ("Unit price €", "price"),
        ("保质期(天)", "life"),
        ("手机号码", "phone"),
    ],
)
def test_headings_as_shops_write_them(title: str, field: str) -> None:
    assert mapped(title) == {title: field}


@pytest.mark.parametrize("title", ["Order notes", "Price list", "保质期(月)", "备注", "", "Unit"])
def test_what_only_looks_alike_is_left_out(title: str) -> None:
    assert mapped(title) == {}


def test_each_field_once_and_the_likelier_alias_first() -> None:
    assert mapped("联系电话", "手机号码", "名称", "Name") == {"手机号码": "phone", "Name": "name"}


def test_a_unit_in_the_heading_becomes_a_factor() -> None:
    proposal = propose_mapping(heading("货号", "重量(kg)"), ALL)
    assert proposal.of(1) is not None
    assert proposal.of(1).factor == Decimal(1000)
    assert propose_mapping(heading("单重(g)"), ALL).of(0).factor == 1
    assert propose_mapping(heading("重量"), ALL).of(0).confidence < SURE, "grams or kilograms?"
    assert propose_mapping(heading("Unit weight g"), ALL).of(0).confidence > SURE
    pounds = propose_mapping(heading("单重(lb)"), ALL)
    assert pounds.of(0) is None
    assert "lb" in str(pounds.notes[0])


def test_missing_required_fields_are_named() -> None:
    assert propose_mapping(heading("名称"), ALL).missing == ("code", "qty")


def test_one_column_per_warehouse() -> None:
    proposal = propose_mapping(heading("货号", "仓库1", "仓库2", "深圳仓", "佛山仓库存"), ALL)
    assert [(m.field, m.key) for m in proposal.columns[1:]] == [
        ("stock", "仓库1"), ("stock", "仓库2"), ("stock", "深圳仓"), ("stock", "佛山仓"),
    ]  # fmt: skip


def test_the_warehouse_columns_of_jsherp() -> None:
    with open_source(DATA / "goods_template.xlsx") as source:
        found = find_heading(source, source.sheets[0].name, ALL)
    keys = [m.key for m in propose_mapping(found, ALL).columns if m.field == "stock"]
    assert keys == ["仓库1", "仓库2", "仓库3", "仓库4", "仓库5"]


def test_prices_of_five_distributors_by_the_group_above() -> None:
    price = ImportField("price", "Unit price", "price", ("Unit price €",), repeated=True)
    with open_source(DATA / "bom_two_headings.csv") as source:
        found = find_heading(source, source.sheets[0].name, (price,))
    keys = [match.key for match in propose_mapping(found, (price,)).columns]
    assert keys == ["Farnell / Element14", "Digi-Key", "Mouser", "RS Components", "TME"]


def test_a_price_under_a_group_is_only_a_proposal() -> None:
    proposal = propose_mapping(heading("Unit price", group="Mouser"), ALL)
    assert proposal.columns[0].field == "price"
    assert proposal.columns[0].confidence < SURE


def test_remembered_by_name_wherever_the_column_went() -> None:
    first = heading("A", "B", "C")
    chosen = ColumnMapping(()).changed(first, ALL, 0, "code").changed(first, ALL, 2, "qty")
    chosen = with_date_order(chosen, 0, "dmy")
    assert chosen.missing == ()
    moved = heading("C", "A", "X")
    again = propose_mapping(moved, ALL, chosen.to_json(first))
    assert [(m.column, m.field, m.date_order) for m in again.columns] == [
        (0, "qty", ""), (1, "code", "dmy"),
    ]  # fmt: skip
    assert heading_key(first) == heading_key(heading("c", "B", "a "))


def test_a_choice_of_the_person_takes_the_field_from_the_other_column() -> None:
    at = heading("货号", "编号")
    proposal = propose_mapping(at, ALL)
    changed = proposal.changed(at, ALL, 1, "code")
    assert [(m.column, m.field) for m in changed.columns] == [(1, "code")]
    assert changed.changed(at, ALL, 1, None).columns == ()
