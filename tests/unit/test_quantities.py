"""What a clerk types becomes exactly one Decimal or one sentence."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from desktop_app.core.errors import InvalidInput
from desktop_app.domain.quantities import (
    MAX_QUANTITY,
    convert,
    format_fixed,
    format_price,
    format_quantity,
    packs_up,
    parse_quantity,
    split_packs,
)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12", "12"),
        ("  12.50 ", "12.5"),
        ("１２．５", "12.5"),
        ("12。5", "12.5"),
        ("1,234.5", "1234.5"),
        ("1，234，567", "1234567"),
        ("1 234", "1234"),
        (".5", "0.5"),
        ("5.", "5"),
        ("+3", "3"),
        ("\u3000７\u3000", "7"),
        ("0", "0"),
        ("2.0000000000", "2"),
    ],
)
def test_typed_text_is_read(typed: str, value: str) -> None:
    assert parse_quantity(typed) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter a number."),
        ("   ", "Enter a number."),
        ("12a", "not a number"),
        ("1e30", "without E"),
        ("12,5", "use a point"),
        ("1,2345", "use a point"),
        ("1 2", "not a number"),
        ("1.2.3", "not a number"),
        ("-1", "negative"),
        ("−1", "negative"),
        ("1000000000000", "too large"),
        ("9" * 500, "too large"),
        ("NaN", "not a number"),
        ("Infinity", "not a number"),
        ("1.0000001", "At most 6 decimals"),
        ("٣", "not a number"),
        ("十二", "not a number"),
        ("1_000", "not a number"),
        ("½", "not a number"),
    ],
)
def test_anything_else_gets_a_sentence(typed: str, said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_quantity(typed, field="qty", line_no=3)
    (problem,) = caught.value.problems
    assert said in str(problem)
    assert (problem.field, problem.line_no) == ("qty", 3)


def test_unit_decides_the_decimals() -> None:
    assert parse_quantity("2.00", decimals=0) == 2
    with pytest.raises(InvalidInput, match="Whole numbers only"):
        parse_quantity("2.5", decimals=0)
    with pytest.raises(InvalidInput, match="more than zero"):
        parse_quantity("0", allow_zero=False)
    assert parse_quantity("-2.5", decimals=1, allow_negative=True) == Decimal("-2.5")


def test_numbers_are_shown_plainly() -> None:
    assert format_quantity(Decimal("1200.500000")) == "1200.5"
    assert format_quantity(Decimal("1E+3")) == "1000"
    assert format_quantity(Decimal("-0.000")) == "0"
    assert format_quantity(Decimal("1234567.8"), grouping=True) == "1,234,567.8"
    assert format_fixed(Decimal("1234.565"), 2) == "1,234.57"
    assert [format_price(Decimal(p)) for p in ("12.5", "3.1250", "7")] == ["12.50", "3.125", "7.00"]


_quantities = st.decimals(min_value=0, max_value=10**11, places=6)
_factors = st.integers(min_value=1, max_value=10**6)


@given(st.decimals(min_value=-MAX_QUANTITY, max_value=MAX_QUANTITY, places=6))
def test_shown_text_reads_back(value: Decimal) -> None:
    for grouping in (False, True):
        shown = format_quantity(value, grouping=grouping)
        assert parse_quantity(shown, allow_negative=True) == value


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(typed: str) -> None:
    try:
        value = parse_quantity(typed)
    except InvalidInput as refused:
        assert str(refused)
    else:
        assert Decimal(0) <= value <= MAX_QUANTITY


@given(_quantities, _factors, _factors)
def test_conversion_is_within_half_a_millionth(qty: Decimal, num: int, den: int) -> None:
    error = Fraction(convert(qty, num, den)) - Fraction(qty) * num / den
    assert abs(error) <= Fraction(1, 2_000_000)
    assert convert(Decimal("0.5"), 1, 1, 0) == 1


@given(_quantities, st.decimals(min_value="0.000001", max_value=10**6, places=6))
def test_packs_hold_the_quantity(qty: Decimal, pack: Decimal) -> None:
    packs = split_packs(qty, pack)
    assert packs.count * pack + packs.rest == qty
    assert 0 <= packs.rest < pack
    assert packs_up(qty, pack) - packs.count in (0, 1)
    assert packs_up(qty, pack) * pack >= qty


def test_impossible_factors_and_packs_are_refused() -> None:
    with pytest.raises(ValueError, match="factor"):
        convert(Decimal(1), 0, 1)
    with pytest.raises(ValueError, match="pack"):
        packs_up(Decimal(1), Decimal(0))
    with pytest.raises(ValueError, match="negative"):
        split_packs(Decimal(-1), Decimal(1))
