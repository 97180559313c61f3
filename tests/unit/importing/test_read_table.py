"""Whole tables, read as a person would: the right values, or a reason beside the cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.i18n import use_language
from desktop_app.exchange.importing.cells import ImportCancelled, UnreadableFile
from desktop_app.exchange.importing.fields import WEIGHT_IN_G, ImportField
from desktop_app.exchange.importing.headings import find_heading
from desktop_app.exchange.importing.mapping import propose_mapping, with_date_order
from desktop_app.exchange.importing.sources import open_source
from desktop_app.exchange.importing.table import ReadRow, read_table
from tests.unit.importing.making import make_csv, make_xlsx, rows_xml

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "data" / "importing"
CODE = ImportField("code", "Item code", "code", ("货号",), required=True)
QTY = ImportField("qty", "Quantity", "quantity", ("数量", "Line Item Quantity"), required=True)


def table(path: Path, *fields: ImportField, order: dict[int, str] | None = None) -> list[ReadRow]:
    with open_source(path) as source:
        sheet = source.sheets[0].name
        heading = find_heading(source, sheet, fields)
        mapping = propose_mapping(heading, fields)
        for column, way in (order or {}).items():
            mapping = with_date_order(mapping, column, way)
        return list(read_table(source, sheet, heading, mapping, fields))


def reasons(row: ReadRow) -> dict[str, str]:
    return {problem.field: str(problem.message) for problem in row.problems}


def test_a_stock_list_with_everything_that_goes_wrong(tmp_path: Path) -> None:
    text = (
        "二月库存,,\n货号,数量,有效期\n00123,5,2026-02-01\n84029g,1.5,\n84029G,十,2026-13-01\n"
        ",3,\n6.9E+12,1,20260201\n小计,9.5,\n,,\nA9,-1,2026年2月1日,多出来\n"
    )
    expiry = ImportField("expiry", "Expires", "date", ("有效期",))
    rows = table(make_csv(tmp_path / "a.csv", text, "gb18030"), CODE, QTY, expiry)
    assert [row.row_no for row in rows] == [3, 4, 5, 6, 7, 8, 10]
    assert rows[0].values == {"code": "00123", "qty": Decimal(5), "expiry": date(2026, 2, 1)}
    assert rows[1].values["code"] == "84029g" and rows[2].values["code"] == "84029G"
    assert reasons(rows[2]) == {
        "qty": "“十” is not a number.",
        "expiry": "“2026-13-01” is not a date; write 2026-01-31.",
    }
    assert rows[2].problems[0].column == 1 and rows[2].problems[0].text == "十"
    assert reasons(rows[3]) == {"code": "“Item code” must not be empty."}
    assert "shortened" in reasons(rows[4])["code"]
    assert rows[5].skipped is not None and rows[5].values == {}
    assert reasons(rows[6]) == {
        "qty": "It cannot be negative.",
        "": "“多出来” stands right of the last column.",
    }


def test_the_reasons_are_in_the_readers_language(tmp_path: Path) -> None:
    path = make_csv(tmp_path / "a.csv", "货号,数量\nA,x\n")
    use_language("zh_CN", ROOT / "resources" / "translations")
    try:
        assert reasons(table(path, CODE, QTY)[0]) == {"qty": "“x”不是数字。"}
    finally:
        use_language("en", ROOT / "resources" / "translations")


def test_formula_errors_name_their_cell(tmp_path: Path) -> None:
    rows = rows_xml(
        [["货号", "数量"], ["A1", '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'], ["A2", 4]]
    )
    read = table(make_xlsx(tmp_path / "a.xlsx", rows), CODE, QTY)
    assert "B2" in reasons(read[0])["qty"] and "#DIV/0!" in reasons(read[0])["qty"]
    assert read[1].values == {"code": "A2", "qty": Decimal(4)}


def test_the_jsherp_goods_template() -> None:
    fields = (
        ImportField("name", "Name", "text", ("名称",), required=True),
        ImportField("weight", "Unit weight g", "quantity", ("基础重量",), units=WEIGHT_IN_G),
        ImportField("barcode", "Barcode", "barcode", ("基本条码",)),
        ImportField("active", "Active", "yes_no", ("状态",)),
        ImportField("stock", "Stock", "quantity", repeated=True, key_patterns=(r"仓库\d+",)),
    )
    for name in ("goods_template.xls", "goods_template.xlsx"):
        rows = table(DATA / name, *fields)
        assert [row.values for row in rows] == [
            {
                "name": "可乐test", "weight": Decimal(5000), "barcode": "2001", "active": True,
                "stock": {f"仓库{n}": Decimal(10) for n in range(1, 6)},
            },
            {
                "name": "啤酒test", "weight": Decimal(2000), "barcode": "2011", "active": True,
                "stock": {f"仓库{n}": Decimal(20) for n in range(1, 6)},
            },
        ]  # fmt: skip


def test_deliveries_with_two_date_styles_and_words_for_numbers() -> None:
    fields = (
        ImportField("id", "ID", "code", ("ID",), required=True),
        ImportField("asked", "Asked", "date", ("PQ First Sent to Client Date",)),
        ImportField("due", "Due", "date", ("Scheduled Delivery Date",)),
        QTY,
        ImportField("weight", "Weight", "quantity", ("Weight (Kilograms)",)),
        ImportField("freight", "Freight", "money", ("Freight Cost (USD)",)),
    )
    rows = table(DATA / "scms_delivery.csv", *fields)
    assert len(rows) == 53
    assert all("due" in row.values and "qty" in row.values for row in rows)
    told = {str(p.message) for row in rows for p in row.problems if p.field == "weight"}
    assert "“Weight Captured Separately” is not a number." in told
    asked = [row.values["asked"] for row in rows if "asked" in row.values]
    assert asked and all(isinstance(day, date) for day in asked)
    refused = {p.text for row in rows for p in row.problems if p.field == "asked"}
    assert "Pre-PQ Process" in refused


def test_cancellations_and_codes_that_differ_by_case() -> None:
    fields = (
        ImportField("code", "Code", "code", ("StockCode",), required=True),
        ImportField("qty", "Quantity", "quantity", ("Quantity",), allow_negative=True),
        ImportField("at", "Date", "timestamp", ("InvoiceDate",)),
    )
    rows = table(DATA / "online_retail.csv", *fields)
    codes = {row.values["code"] for row in rows}
    assert len(codes) > len({code.lower() for code in codes})
    assert any(row.values["qty"] < 0 for row in rows)
    assert not any(row.problems for row in rows)


def test_a_bill_of_materials_with_prices_by_distributor() -> None:
    fields = (
        ImportField("part", "Part", "code", ("Part name",), required=True),
        QTY,
        ImportField("price", "Unit price", "price", ("Unit price €",), repeated=True),
    )
    rows = table(DATA / "bom_two_headings.csv", *fields)
    assert rows[0].values == {
        "part": "2n2 (Y2)",
        "qty": Decimal(2),
        "price": {
            "Digi-Key": Decimal("0.155"),
            "Mouser": Decimal("0.194"),
            "TME": Decimal("0.107"),
        },
    }
    assert [row.row_no for row in rows if row.skipped and "totals" in str(row.skipped)]


class TestDaysOfAColumn:
    DUE = ImportField("due", "Due", "date", ("交期",))

    def days(self, tmp_path: Path, *texts: str, **options: Any) -> list[Any]:
        lines = "\n".join(f"A{n},{text}" for n, text in enumerate(texts))
        path = make_csv(tmp_path / "a.csv", f"货号,交期\n{lines}\n")
        return [row.values.get("due", "?") for row in table(path, CODE, self.DUE, **options)]

    def test_decided_by_a_later_cell(self, tmp_path: Path) -> None:
        assert self.days(tmp_path, "1/2/07", "x", "12/22/06") == [
            date(2007, 1, 2), "?", date(2006, 12, 22),
        ]  # fmt: skip

    def test_refused_when_nothing_decides(self, tmp_path: Path) -> None:
        assert self.days(tmp_path, "1/2/2007", "3/3/2007", "2007-01-05") == [
            "?", date(2007, 3, 3), date(2007, 1, 5),
        ]  # fmt: skip

    def test_decided_by_the_person(self, tmp_path: Path) -> None:
        assert self.days(tmp_path, "1/2/2007", order={1: "dmy"}) == [date(2007, 2, 1)]

    def test_refused_when_the_column_contradicts_itself(self, tmp_path: Path) -> None:
        assert self.days(tmp_path, "13/1/2007", "1/13/2007", "1/2/2007")[2] == "?"


def test_cancelled_between_rows(tmp_path: Path) -> None:
    path = make_csv(tmp_path / "a.csv", "货号,数量\n" + "A,1\n" * 5000)
    asked = iter([False] * 5 + [True] * 100)
    with open_source(path) as source:
        heading = find_heading(source, "a", (CODE, QTY))
        mapping = propose_mapping(heading, (CODE, QTY))
        rows = read_table(source, "a", heading, mapping, (CODE, QTY), cancelled=lambda: next(asked))
        with pytest.raises(ImportCancelled):
            assert len(list(rows)) < 1500


def test_a_file_that_breaks_off_says_so_at_the_end(tmp_path: Path) -> None:
    path = make_xlsx(
        tmp_path / "a.xlsx", rows_xml([["货号", "数量"]] + [["A", 1]] * 3000) + "<row>"
    )
    with pytest.raises(UnreadableFile):
        table(path, CODE, QTY)
