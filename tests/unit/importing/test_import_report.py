"""The judge of the import report: it must see what is wrong, not only what is right."""

from __future__ import annotations

from pathlib import Path

from benchmarks import import_expect as expect, import_made
from benchmarks.import_judge import judge
from benchmarks.import_report import as_markdown, measure
from benchmarks.import_sets import SETS, Column, ImportSet
from desktop_app.exchange.importing.fields import ImportField

DATA = Path(__file__).parents[2] / "data" / "importing"
CODE = Column(1, ImportField("code", "StockCode", "code", ("StockCode",)), expect.text)


def _shipped(name: str, like: str) -> ImportSet:
    found = next(s for group in SETS.values() for s in group if s.file.endswith(like))
    return ImportSet(name, found.columns, found.heading_row, found.delimiter)


def test_the_shipped_pieces_are_read_right_or_refused() -> None:
    for name, like in (
        ("scms_delivery.csv", "scms_2006_to_2011-06.csv.gz"),
        ("goods_template.xls", "goods_template.xls"),
        ("goods_template.xlsx", "goods_template.xlsx"),
        ("bom_two_headings.csv", "AUX-PS_r3B5.csv"),
        ("online_retail.csv", "order_lines_2010-12_to_2011-05.csv.gz"),
    ):
        verdict = judge(DATA, _shipped(name, like))
        assert (verdict.wrong, verdict.needless, verdict.faults) == (0, 0, []), name
        assert verdict.right + verdict.refused + verdict.left_out == verdict.rows > 0


def test_another_value_than_expected_is_counted_as_wrong() -> None:
    upper = Column(1, CODE.field, lambda raw: raw.text.upper())
    verdict = judge(DATA, ImportSet("online_retail.csv", (upper,)))
    assert verdict.wrong > 0
    assert "became" in verdict.faults[0]


def test_a_value_where_a_refusal_is_due_is_counted_as_wrong() -> None:
    never = Column(1, CODE.field, lambda raw: expect.REFUSE)
    verdict = judge(DATA, ImportSet("online_retail.csv", (never,)))
    assert verdict.wrong == verdict.rows


def test_a_refusal_without_need_is_counted() -> None:
    number = Column(2, ImportField("d", "Description", "quantity", ("Description",)), expect.text)
    verdict = judge(DATA, ImportSet("online_retail.csv", (number,)))
    assert verdict.needless == verdict.refused == verdict.rows


def test_another_heading_or_column_is_told() -> None:
    other = Column(0, CODE.field, expect.text)
    verdict = judge(DATA, ImportSet("online_retail.csv", (other,), heading_row=2))
    assert any("heading" in fault for fault in verdict.faults)
    assert any("mapped" in fault for fault in verdict.faults)


def test_the_long_table_and_the_page(tmp_path: Path) -> None:
    timings = measure(tmp_path, 400)
    assert [timing.rows for timing in timings] == [400, 400]
    assert timings[0].refused == timings[1].refused > 0
    verdict = judge(DATA, ImportSet("online_retail.csv", (CODE,)))
    page = as_markdown({"x": [verdict]}, timings, [("cut", "not complete")])
    assert "| cut | not complete |" in page
    assert import_made.FIELDS[0].title == "货号"
