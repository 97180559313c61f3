"""A table pasted from Excel: values where they are right, a sentence where they are not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, strategies as st

from desktop_app.exchange.pasted import (
    MAX_ROWS,
    PastedColumn,
    PastedKind,
    PastedTable,
    parse_pasted,
)

COLUMNS = (
    PastedColumn("item", PastedKind.CODE, required=True, title="Item"),
    PastedColumn("qty", PastedKind.QUANTITY, required=True, title="Quantity", decimals=2),
    PastedColumn("price", PastedKind.PRICE, title="Price"),
    PastedColumn("due", PastedKind.DATE, title="Due"),
    PastedColumn("note", title="Note"),
)


def said(table: PastedTable) -> list[tuple[int | None, str, str]]:
    return [(problem.line_no, problem.field, str(problem)) for problem in table.problems]


def test_a_clean_table_becomes_values() -> None:
    table = parse_pasted(
        "00123\t1,200.50\t￥3.5\t2026/1/5\t急\r\n84029G\t１２\t\t2026年12月31日\t\r\n", COLUMNS
    )
    assert said(table) == []
    first, second = table.rows
    assert first.values == {
        "item": "00123",
        "qty": Decimal("1200.50"),
        "price": Decimal("3.5"),
        "due": date(2026, 1, 5),
        "note": "急",
    }
    assert second.values["qty"] == 12
    assert second.values["price"] is None
    assert second.values["due"] == date(2026, 12, 31)


def test_each_wrong_cell_is_named_and_the_rest_is_kept() -> None:
    table = parse_pasted(
        "A1\t1O\t2\n\t5\nA3\t-1\nA4\t1.234\n6.92111E+12\t1\nA6\t1\t1\t2026-02-30\nA7\t1\t1\t\tx\ty",
        COLUMNS,
    )
    assert [(line, field) for line, field, _ in said(table)] == [
        (1, "qty"),
        (2, "item"),
        (3, "qty"),
        (4, "qty"),
        (5, "item"),
        (6, "due"),
        (7, ""),
    ]
    messages = [text for _, _, text in said(table)]
    assert "“1O” is not a number" in messages[0]
    assert "must not be empty" in messages[1]
    assert "negative" in messages[2]
    assert "At most 2 decimals" in messages[3]
    assert "Excel has shortened" in messages[4]
    assert "not a date" in messages[5]
    assert table.rows[0].values["item"] == "A1"
    assert table.rows[0].values["qty"] is None
    assert table.rows[0].texts["qty"] == "1O"
    assert len(table.rows) == 7


def test_a_heading_row_orders_the_columns() -> None:
    table = parse_pasted("Quantity\tStock\tItem *\n5\t99\tA1\n", COLUMNS)
    assert said(table) == []
    (row,) = table.rows
    assert (row.line_no, row.values["item"], row.values["qty"]) == (2, "A1", 5)
    missing = parse_pasted("Item\tNote\nA1\tx\n", COLUMNS)
    assert said(missing) == [(None, "qty", "The column “Quantity” is missing.")]


def test_quoted_cells_and_stray_quotes() -> None:
    table = parse_pasted(
        'A1\t1\t\t\t"two\nlines ""here"""\nA2\t1\t\t\t5" pipe\nA3\t1\t\t\t"open', COLUMNS
    )
    assert said(table) == []
    assert [row.values["note"] for row in table.rows] == ['two\nlines "here"', '5" pipe', '"open']


def test_blank_lines_are_skipped_and_nothing_is_said_so() -> None:
    table = parse_pasted("\n\nA1\t1\n\t\t\n", COLUMNS)
    assert [row.line_no for row in table.rows] == [3]
    assert said(parse_pasted(" \t\n", COLUMNS)) == [(None, "", "There is nothing to paste.")]


def test_too_much_is_refused_as_a_whole() -> None:
    table = parse_pasted("A1\t1\n" * (MAX_ROWS + 1), COLUMNS)
    assert table.rows == ()
    assert "too many" in said(table)[0][2]


def test_percent_and_integer() -> None:
    columns = (PastedColumn("rate", PastedKind.PERCENT), PastedColumn("n", PastedKind.INTEGER))
    table = parse_pasted("13%\t2\n９ ％\t2.5", columns)
    assert table.rows[0].values == {"rate": 13, "n": 2}
    assert table.rows[1].values["rate"] == 9
    assert said(table) == [(2, "n", "Whole numbers only; 2.5 has decimals.")]


@given(st.text(alphabet='ab1.,-"\t\r\n年％', max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    table = parse_pasted(text, COLUMNS)
    for row in table.rows:
        assert set(row.values) <= {column.name for column in COLUMNS}
