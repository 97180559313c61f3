"""The list model: pages, formats, and Qt's own model checks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt

from desktop_app.core import clock
from desktop_app.domain.document_type import Editor
from desktop_app.queries.listing import Column, Filter
from desktop_app.views.base.columns import ColumnLayout
from desktop_app.views.base.date_keys import read_date, shift_date
from desktop_app.views.base.filter_text import parse_filter
from desktop_app.views.base.row_table_model import RowTableModel
from desktop_app.views.base.values import CannotRead, format_value, read_value

COLUMNS = (
    Column("code", "Code", "code"),
    Column("qty", "Quantity", "qty", Editor.QUANTITY, total=True),
    Column("amount", "Amount", "amount", Editor.MONEY),
    Column("day", "Day", "day", Editor.DATE),
    Column("state", "State", "state"),
    Column("cost", "Cost", "cost", Editor.MONEY, permission="cost.read"),
)
NAMES = ("day", "code", "qty", "amount", "state")
ROWS = (
    (date(2026, 1, 5), "A", Decimal("1200.500000"), Decimal("-3"), "draft"),
    (date(2026, 1, 6), "B", Decimal("0.000000"), Decimal("12.345"), "done"),
)


@pytest.fixture
def model(qtbot) -> RowTableModel:
    found = RowTableModel(COLUMNS)
    found.set_page(NAMES, ROWS, (7, 8), has_more=True)
    return found


def test_qt_finds_the_model_sound(model, qtmodeltester):
    qtmodeltester.check(model)


def test_values_are_found_by_name_and_formatted(model):
    texts = [model.index(0, n).data() for n in range(len(COLUMNS))]
    assert texts == ["A", "1,200.5", "-3.00", "2026-01-05", "Draft", ""]
    assert model.index(1, 1).data() == "0"


def test_a_column_the_server_did_not_deliver_is_known(model):
    assert "cost" not in model.delivered
    assert model.values(1)["code"] == "B"


def test_numbers_stand_right_and_negative_ones_have_a_colour(model):
    index = model.index(0, 2)
    assert index.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert index.data(Qt.ItemDataRole.ForegroundRole) is not None
    assert model.index(0, 1).data(Qt.ItemDataRole.ForegroundRole) is None


def test_a_further_page_skips_rows_already_shown(model, qtbot):
    with qtbot.waitSignal(model.more_wanted):
        model.fetchMore(model.index(-1, -1))
    model.append_page(
        (ROWS[1], (date(2026, 1, 7), "C", Decimal(1), Decimal(1), "done")), (8, 9), has_more=False
    )
    assert [model.row_id(n) for n in range(model.rowCount())] == [7, 8, 9]
    assert model.row_of(9) == 2
    assert not model.canFetchMore(model.index(-1, -1))


def test_a_stored_layout_fits_the_columns_of_today():
    stored = {
        "order": ["qty", "gone", "code"],
        "hidden": ["amount", "gone"],
        "widths": {"qty": 5, "code": "wide"},
    }
    layout = ColumnLayout.from_json(stored, COLUMNS)
    assert set(layout.order) == {column.name for column in COLUMNS}
    assert layout.order.index("qty") < layout.order.index("code")
    assert layout.hidden == {"amount"}
    assert layout.widths == {"qty": 40}
    assert ColumnLayout.from_json("nonsense", COLUMNS) == ColumnLayout.default(COLUMNS)


def column(kind: Editor, name: str = "x") -> Column:
    return Column(name, name, name, kind)


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        (Editor.TEXT, "abc", Filter("x", "contains", "abc")),
        (Editor.TEXT, "=abc", Filter("x", "=", "abc")),
        (Editor.TEXT, "a；b", Filter("x", "in", ("a", "b"))),
        (Editor.TEXT, "=", Filter("x", "empty")),
        (Editor.TEXT, "<>", Filter("x", "not_empty")),
        (Editor.QUANTITY, "５", Filter("x", "=", Decimal(5))),
        (Editor.QUANTITY, ">=5", Filter("x", ">=", Decimal(5))),
        (Editor.INTEGER, ">5", Filter("x", ">=", Decimal(6))),
        (Editor.QUANTITY, "9..1", Filter("x", "between", Decimal(1), Decimal(9))),
        (Editor.DATE, "2026-02", Filter("x", "between", date(2026, 2, 1), date(2026, 2, 28))),
        (Editor.DATE, "2026", Filter("x", "between", date(2026, 1, 1), date(2026, 12, 31))),
        (Editor.DATE, ">2026-01", Filter("x", ">=", date(2026, 2, 1))),
        (Editor.DATE, "<=2026-01-05", Filter("x", "<=", date(2026, 1, 5))),
        (Editor.QUANTITY, "  ", None),
    ],
)
def test_filter_text_is_understood(kind, text, wanted):
    assert parse_filter(column(kind), text) == wanted


def test_a_state_is_filtered_by_the_words_shown():
    assert parse_filter(column(Editor.TEXT, "state"), "part") == Filter("state", "in", ("part",))
    with pytest.raises(CannotRead):
        parse_filter(column(Editor.TEXT, "state"), "no such state")


@pytest.mark.parametrize("text", ["5x", "1e30", ">", "2026-13"])
def test_a_filter_that_means_nothing_says_so(text):
    kind = Editor.DATE if "13" in text else Editor.QUANTITY
    with pytest.raises(CannotRead):
        parse_filter(column(kind), text)


def test_accountants_date_keys():
    today = clock.today()
    assert read_date("t") == today
    assert read_date("5") == today.replace(day=5)
    assert (read_date("+3") - today).days == 3
    assert read_date("1-5") == date(today.year, 1, 5)
    assert read_date("2026年2月3日") == date(2026, 2, 3)
    assert read_date("45") is None
    assert shift_date(date(2026, 2, 10), "h") == date(2026, 2, 28)
    assert shift_date(date(2026, 2, 10), "m") == date(2026, 2, 1)
    assert shift_date(date(2026, 1, 1), "-") == date(2025, 12, 31)


@pytest.mark.parametrize("text", ["12a", "1e30", "-5", "1.2345678", "9" * 20])
def test_a_quantity_that_cannot_be_is_refused(text):
    with pytest.raises(CannotRead):
        read_value(Editor.QUANTITY, text)


def test_typed_values_are_read_exactly():
    assert read_value(Editor.QUANTITY, "１，２００．５０") == Decimal("1200.5")
    assert read_value(Editor.PERCENT, "13%") == Decimal(13)
    assert read_value(Editor.TEXT, "  ") is None
    assert format_value(Editor.PRICE, Decimal("12.500000")) == "12.5"
    assert format_value(Editor.YES_NO, True) == "Yes"
