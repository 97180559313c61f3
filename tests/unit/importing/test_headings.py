"""Headings under titles, instructions, merged cells and in two rows; totals are no data."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.exchange.importing.cells import Cell, RawRow
from desktop_app.exchange.importing.fields import ImportField
from desktop_app.exchange.importing.headings import Heading, find_heading, heading_at, is_total
from desktop_app.exchange.importing.sources import open_source
from tests.unit.importing.making import make_csv, make_xlsx, rows_xml

DATA = Path(__file__).parents[2] / "data" / "importing"
FIELDS = (
    ImportField("code", "Item code", "code", ("货号", "编码")),
    ImportField("qty", "Quantity", "quantity", ("数量",)),
)


def found(path: Path, fields: tuple[ImportField, ...] = FIELDS) -> Heading:
    with open_source(path) as source:
        return find_heading(source, source.sheets[0].name, fields)


def names(heading: Heading) -> list[str]:
    return [column.name for column in heading.columns]


def test_under_a_title_and_blank_rows(tmp_path: Path) -> None:
    text = "佛山五金库存表,,\n制表：李四,,2026-01-05\n\n货号,名称,数量\nA1,铰链,5\n"
    heading = found(make_csv(tmp_path / "a.csv", text))
    assert (heading.first_row, heading.last_row) == (4, 4)
    assert names(heading) == ["货号", "名称", "数量"]


def test_the_instructions_of_jsherp_are_no_heading() -> None:
    for name in ("goods_template.xlsx", "goods_template.xls"):
        for fields in (FIELDS, ()):
            heading = found(DATA / name, fields)
            assert (heading.first_row, heading.last_row) == (2, 2)
            assert names(heading)[0] == "名称*"
            assert names(heading)[-1] == "仓库5"


def test_two_rows_with_repeated_names_of_five_distributors() -> None:
    heading = found(DATA / "bom_two_headings.csv")
    assert (heading.first_row, heading.last_row) == (1, 2)
    assert "Mouser / Unit price €" in names(heading)
    assert "TME / MOQ" in names(heading)
    assert names(heading)[:3] == ["#", "Qty", "Part name"]
    assert "THT" in names(heading), "a name that stands once needs no group"
    assert len(set(names(heading))) == len(names(heading))


def test_merged_heads_are_filled_across(tmp_path: Path) -> None:
    rows = rows_xml(
        [
            ["货号", "名称", "期初", None, "本期", None],
            [None, None, "数量", "金额", "数量", "金额"],
            ["A1", "铰链", 5, 12.5, 1, 2],
        ]
    )
    merges = "".join(f'<mergeCell ref="{ref}"/>' for ref in ("A1:A2", "B1:B2", "C1:D1", "E1:F1"))
    path = make_xlsx(tmp_path / "a.xlsx", rows, after=f"<mergeCells>{merges}</mergeCells>")
    heading = found(path)
    assert (heading.first_row, heading.last_row) == (1, 2)
    assert names(heading) == [
        "货号", "名称", "期初 / 数量", "期初 / 金额", "本期 / 数量", "本期 / 金额",
    ]  # fmt: skip


def test_a_merged_title_over_all_is_no_group(tmp_path: Path) -> None:
    rows = rows_xml([["二月库存"], ["货号", "名称", "数量"], ["A1", "铰链", 5]])
    after = '<mergeCells><mergeCell ref="A1:C1"/></mergeCells>'
    heading = found(make_xlsx(tmp_path / "a.xlsx", rows, after=after))
    assert (heading.first_row, heading.last_row) == (2, 2)
    assert names(heading) == ["货号", "名称", "数量"]


def test_data_of_texts_only_is_not_taken_into_the_heading(tmp_path: Path) -> None:
    text = "Product code,Product,Group\nNM89,Digitizer,X-Ray\nPK77,Burette,Burette\n"
    heading = found(make_csv(tmp_path / "a.csv", text), ())
    assert (heading.first_row, heading.last_row) == (1, 1)


def test_repeated_and_missing_names(tmp_path: Path) -> None:
    text = "MPN,Maker,MPN,,MPN\nA1,Bourns,17,D,5\nA2,TDK,3,4,5\n"
    heading = found(make_csv(tmp_path / "a.csv", text))
    assert names(heading) == ["MPN", "Maker", "MPN (2)", "D", "MPN (3)"]
    assert "3 columns" in str(heading.notes[0])


def test_no_heading_at_all(tmp_path: Path) -> None:
    heading = found(make_csv(tmp_path / "a.csv", "1,5.5\n2,7\n3,8\n"))
    assert (heading.first_row, heading.last_row) == (0, 0)
    assert names(heading) == ["A", "B"]
    assert heading.notes


def test_the_person_can_point_at_it(tmp_path: Path) -> None:
    path = make_csv(tmp_path / "a.csv", "x,y\n货号,数量\nA1,1\n")
    with open_source(path) as source:
        assert names(heading_at(source, "a", 2)) == ["货号", "数量"]
        assert heading_at(source, "a", 1, 2).last_row == 2


@pytest.mark.parametrize(
    ("texts", "total"),
    [
        (["合计", "", "5"], True),
        (["", "小 计：", "5"], True),
        (["总计（A类）", "12.50"], True),
        (["Total", "", "1,234.50"], True),
        (["Sub-total", "12"], True),
        (["Grand Total:", "12"], True),
        (["本页合计", "件", "30"], True),
        (["Total", "Toothpaste with mint", "5"], False),
        (["TOTAL-1", "5"], False),
        (["小计算器", "电子", "5"], False),
        (["合计算盘", "5"], False),
        (["A1", "合计", "5"], False),
        ([], False),
    ],
)
def test_lines_of_totals(texts: list[str], total: bool) -> None:
    row = RawRow(9, tuple(Cell(text or None, text) for text in texts))
    assert is_total(row) is total
