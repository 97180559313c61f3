"""One cell, one field: the exact value or a reason; nothing in between."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from desktop_app.core.i18n import Message
from desktop_app.domain.gs1 import check_digit_ok
from desktop_app.exchange.importing.cells import EMPTY, Cell
from desktop_app.exchange.importing.convert import ColumnFacts, convert_cell
from desktop_app.exchange.importing.dates import ways
from desktop_app.exchange.importing.fields import KINDS, PIECES, WEIGHT_IN_G, ImportField
from desktop_app.exchange.importing.number_looks import excel_number, plain_text


def field(kind: str, **more: Any) -> ImportField:
    return ImportField("f", "F", kind, **more)


def typed(text: str, kind: str, facts: ColumnFacts = ColumnFacts(), **more: Any) -> Any:
    """The value of a text cell; the sentence when it is refused."""
    value, problem = convert_cell(Cell(text, text), field(kind, **more), facts)
    assert value is None or problem is None
    return str(problem) if problem else value


def number(value: str, kind: str, text: str = "", **more: Any) -> Any:
    cell = Cell(Decimal(value), text or value)
    found, problem = convert_cell(cell, field(kind, **more))
    return str(problem) if problem else found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", "5"), ("1,234.50", "1234.5"), ("１２．５", "12.5"), (" 7 ", "7"), ("0.000001", "0.000001"),
        ("1 234", "1234"), ("1'000", "1000"), (".5", "0.5"), ("+3", "3"),
    ],
)  # fmt: skip
def test_quantities(text: str, value: str) -> None:
    assert typed(text, "quantity") == Decimal(value)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Freight Included in Commodity Cost", "is not a number"),
        ("See DN-304 (ID#:10589)", "is not a number"),
        ("Weight Captured Separately", "is not a number"),
        ("N/A", "is not a number"),
        ("-", "is not a number"),
        ("12 pcs", "unit"),
        ("3箱", "unit"),
        ("1,5", "point"),
        ("1.234,56", "is not a number"),
        ("1E+5", "without E"),
        ("-5", "negative"),
        ("50%", "percentage"),
        ("0.0000001", "decimals"),
        ("9999999999999", "too large"),
        ("¥5", "not a number"),
    ],
)
def test_quantities_refused_with_a_reason(text: str, word: str) -> None:
    assert word in typed(text, "quantity")


def test_units_that_a_field_knows() -> None:
    assert typed("12个", "quantity", units=PIECES) == 12
    assert typed("1.5kg", "quantity", units=WEIGHT_IN_G) == 1500
    assert typed("1.5", "quantity", ColumnFacts(factor=Decimal(1000)), units=WEIGHT_IN_G) == 1500
    # A unit in the cell goes before that of the heading.
    assert typed("500g", "quantity", ColumnFacts(factor=Decimal(1000)), units=WEIGHT_IN_G) == 500
    assert "unit" in typed("2箱", "quantity", units=PIECES)


def test_money_and_prices() -> None:
    assert typed("¥1,234.50", "money") == Decimal("1234.50")
    assert typed("12.5元", "price") == Decimal("12.5")
    assert typed("($5.00)", "money", allow_negative=True) == -5
    assert "decimals" in typed("1.234", "money")
    assert number("12.3456", "money", "12.35") == Decimal("12.35"), "as the sheet shows it"
    assert "decimals" in number("12.3456", "money")
    assert number("4.43166666666667", "price") == Decimal("4.431667")
    assert "decimals" in number("4.43166666666667", "price", decimals=4)


def test_percent() -> None:
    assert typed("13%", "percent") == typed("13", "percent") == typed("13 ％", "percent") == 13
    assert number("0.13", "percent", "13%") == 13
    assert "13 %" in number("0.13", "percent")
    assert "13 %" in typed("0.13", "percent")
    assert typed("0.5%", "percent") == Decimal("0.5")
    assert number("0", "percent") == 0
    assert "percentage" in number("0.5", "quantity", "50%")


def test_a_comma_in_a_semicolon_file_may_be_a_decimal_one() -> None:
    doubtful = ColumnFacts(doubtful_commas=True)
    assert "1234 or 1.234" in typed("1,234", "quantity", doubtful)
    assert "1234 or 1.234" in typed("1.234", "quantity", doubtful)
    assert typed("1.23", "quantity", doubtful) == Decimal("1.23")
    assert typed("0.125", "quantity", doubtful) == Decimal("0.125")
    assert typed("1,234.5", "quantity", doubtful) == Decimal("1234.5")
    assert typed("1234", "quantity", doubtful) == 1234


def test_a_number_shown_with_a_dash_is_still_the_number() -> None:
    assert number("123456789", "quantity", "12345-6789") == 123456789
    assert number("123456789", "code", "12345-6789") == "12345-6789"


def test_integers() -> None:
    assert typed("12", "integer") == 12 and isinstance(typed("12", "integer"), int)
    assert "Whole numbers" in typed("1.5", "integer")
    assert number("180", "integer") == 180


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("00123", "00123"), ("84029g", "84029g"), ("84029G", "84029G"), ("Ａ－１", "A-1"),
        ("6901234567892\t", "6901234567892"), ("'00123", "00123"), ("\u200b12", "12"),
        ("1E5", "1E5"), ("2E-10", "2E-10"), ("Ø5 x 5.8", "Ø5 x 5.8"), ("M²", "M²"),
    ],
)  # fmt: skip
def test_codes_digit_by_digit(text: str, code: str) -> None:
    assert typed(text, "code") == code


def test_codes_that_excel_has_spoilt() -> None:
    assert "shortened" in typed("6.90123E+12", "code")
    assert "shortened" in typed("6.90123E+12", "barcode")
    assert "shortened" in typed("6.90123E+12", "reference")
    assert "digits" in number("6228480123456790000", "code")
    assert number("123456789012345", "code") == "123456789012345"
    assert number("123", "code", "000123") == "000123"
    day = Cell(date(2026, 3, 1), "2026-03-01")
    assert "date" in str(convert_cell(day, field("code"))[1])


def test_barcodes() -> None:
    assert typed("6901234567892", "barcode") == "6901234567892"
    assert "check digit" in typed("6901234567891", "barcode")
    assert typed("6901234567891", "barcode", check_digit=False) == "6901234567891"
    assert typed("2001", "barcode") == "2001", "an own number has no check digit"
    assert number("6901234567892", "barcode") == "6901234567892"
    lost = number("36000291452", "barcode")
    assert "036000291452" in lost
    assert typed("00021544", "barcode").startswith("The check digit")


@pytest.mark.parametrize(
    ("text", "value"),
    [("是", True), ("否", False), ("Y", True), ("no", False), ("启用", True), ("禁用", False),
     ("1", True), ("0", False), ("TRUE", True), ("√", True), ("", None)],
)  # fmt: skip
def test_yes_and_no(text: str, value: bool | None) -> None:
    assert typed(text, "yes_no") is value
    assert number("1", "yes_no") is True
    assert "neither" in typed("maybe", "yes_no")


def test_choices() -> None:
    tracking = {"none": ("不管批号", "无"), "lot": ("按批号", "批号")}
    assert typed("按批号", "choice", choices=tracking) == "lot"
    assert typed("LOT", "choice", choices=tracking) == "lot"
    assert "不管批号" in typed("2", "choice", choices=tracking)
    assert "none of" in typed("A-", "choice", choices={"A": ()})


def test_texts() -> None:
    assert typed("  a\r\nb ", "text") == "a\nb"
    assert number("13000000000", "text") == "13000000000"
    assert "longer" in typed("abcdef", "text", max_length=5)


class TestDays:
    @pytest.mark.parametrize(
        "text",
        ["2026-01-05", "2026/1/5", "2026.1.5", "2026年1月5日", "20260105", "5-Jan-26", "05 January 2026",
         "Jan 5, 2026", "２０２６-０１-０５", "2026-01-05 00:00:00", "2026-01-05T13:45:10", "46027"],
    )  # fmt: skip
    def test_written_one_way(self, text: str) -> None:
        assert typed(text, "date") == date(2026, 1, 5)

    @pytest.mark.parametrize(
        ("text", "word"),
        [
            ("Pre-PQ Process", "not a date"), ("Date Not Captured", "not a date"), ("2026-02-30", "not a date"),
            ("2026年1月", "not a date"), ("1月5日", "not a date"), ("5", "not a date"), ("26", "not a date"),
            ("0026-01-05", "likely"), ("1/2/07", "could be 2007-01-02 or 2007-02-01"),
            ("2026-01-05T01:00Z", "not a date"), ("13:45", "not a date"),
        ],
    )  # fmt: skip
    def test_refused(self, text: str, word: str) -> None:
        assert word in typed(text, "date")

    def test_the_column_or_the_person_decides(self) -> None:
        assert typed("1/2/07", "date", ColumnFacts(date_order="mdy")) == date(2007, 1, 2)
        assert typed("1/2/07", "date", ColumnFacts(date_order="dmy")) == date(2007, 2, 1)
        assert typed("26-01-05", "date", ColumnFacts(date_order="ymd")) == date(2026, 1, 5)
        assert typed("13/2/07", "date") == date(2007, 2, 13)
        assert typed("3/3/2007", "date") == date(2007, 3, 3)

    def test_what_a_column_says(self) -> None:
        assert ways(["1/2/07", "2/20/08", "2-Jun-06"]) == "mdy"
        assert ways(["1/2/2007", "20/2/2008"]) == "dmy"
        assert ways(["1/2/07", "3/4/08"]) == ""
        assert ways(["13/2/2007", "2/13/2007"]) == ""
        assert ways(["15/01/07"]) == "", "the 15th of January or the year 15"
        assert ways(["15/01/07", "5/01/07"]) == "dmy"

    def test_numbers_and_moments(self) -> None:
        assert number("46027", "date") == date(2026, 1, 5)
        assert number("20260105", "date") == date(2026, 1, 5)
        assert "not a date" in number("12", "date")
        moment = Cell(datetime(2026, 1, 5, 13, 45), "")
        assert convert_cell(moment, field("date")) == (date(2026, 1, 5), None)
        assert typed("2026-01-05 1:45 PM", "timestamp") == datetime(2026, 1, 5, 13, 45)
        assert convert_cell(
            Cell(Decimal(44565), "44565"), field("date"), ColumnFacts(epoch_1904=True)
        ) == (date(2026, 1, 5), None)


@given(st.decimals(min_value=0, max_value=10**9, places=6))
def test_any_number_comes_back_exactly(value: Decimal) -> None:
    assert typed(format(value, "f"), "quantity") == value
    assert typed(format(value, ",f"), "quantity") == value


@given(st.floats(min_value=1e-9, max_value=1e14))
def test_fifteen_digits_survive_being_stored_as_a_double(value: float) -> None:
    entered = f"{value:.15g}"
    found = excel_number(repr(float(entered)))
    assert found == Decimal(entered)
    assert Decimal(plain_text(found)) == found


@given(st.text(max_size=30), st.sampled_from(KINDS))
def test_any_text_is_a_value_or_a_reason(text: str, kind: str) -> None:
    value, problem = convert_cell(Cell(text, text), field(kind, choices={"a": ("b",)}))
    assert value is None or problem is None
    assert problem is None or (isinstance(problem, Message) and str(problem))


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_any_day_in_any_writing(day: date) -> None:
    for text in (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.day}-{day:%b}-{day.year}",
    ):
        assert typed(text, "date") == day
    numeric = f"{day.day}/{day.month}/{day.year}"
    assert typed(numeric, "date", ColumnFacts(date_order="dmy")) == day


@given(st.integers(0, 10**13 - 1))
def test_a_barcode_is_taken_exactly_when_its_check_digit_is_right(value: int) -> None:
    code = f"{value:013d}"
    assert (typed(code, "barcode") == code) is check_digit_ok(code)


def test_empty_cells_and_problems_pass_through() -> None:
    wrong = Message("x")
    for kind in KINDS:
        assert convert_cell(EMPTY, field(kind)) == (None, None)
        assert convert_cell(Cell(None, "#REF!", wrong), field(kind)) == (None, wrong)
        assert convert_cell(Cell("\u3000", "\u3000"), field(kind)) == (None, None)
