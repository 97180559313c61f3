"""What a clerk types with a unit behind it, in base units: exact, or refused with a sentence."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from desktop_app.core.errors import InvalidInput
from desktop_app.domain.units import (
    ItemUnits,
    Unit,
    describe,
    factor_text,
    names_unit,
    parse_factor,
    read_entry,
    weight_text,
)

HINGE = ItemUnits("只", 0, (Unit("盒", 6), Unit("箱", 12)), Decimal(3))
FLOUR = ItemUnits("kg", 3, (Unit("袋", 25),))
WIRE = ItemUnits("m", 2, (Unit("卷", 1000, 3),))


@pytest.mark.parametrize(
    ("typed", "qty"),
    [
        ("36", 36),
        ("3箱", 36),
        ("３ 箱", 36),
        ("3ctn", 36),
        ("2箱6只", 30),
        ("2箱+6", 30),
        ("1,200只", 1200),
        ("0.5箱 1盒", 12),
        ("300g", 100),
        ("1.5公斤", 500),
        ("5件", 5),
    ],
)
def test_boxes_and_kilos_become_pieces(typed: str, qty: int) -> None:
    entry = read_entry(typed, HINGE)
    assert (entry.qty, entry.note) == (qty, None)


@pytest.mark.parametrize(
    ("typed", "units", "qty", "note"),
    [
        ("2.5kg", HINGE, "833", "2.5kg = 833.3 只, rounded to 833"),
        ("1 斤", HINGE, "167", "1 斤 = 166.7 只, rounded to 167"),
        ("1卷", WIRE, "333.33", "1卷 = 333.33333 m, rounded to 333.33"),
        ("1.05盒", HINGE, "6", "1.05盒 = 6.3 只, rounded to 6"),
        ("1.25盒", HINGE, "8", "1.25盒 = 7.5 只, rounded to 8"),
    ],
)
def test_what_is_rounded_is_told(typed: str, units: ItemUnits, qty: str, note: str) -> None:
    entry = read_entry(typed, units)
    assert (entry.qty, str(entry.note)) == (Decimal(qty), note)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("3box", "could be 盒 or 箱"),
        ("2托", "no unit “托”. Known: 只, 盒, 箱, kg"),
        ("1.5", "Whole numbers only"),
        ("0.0001kg", "less than the smallest quantity"),
        ("x3箱", "not a number"),
        ("-3箱", "not a number"),
        ("", "Enter a number"),
        ("99999999999999箱", "too large"),
    ],
)
def test_what_could_mean_two_things_is_refused(typed: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        read_entry(typed, HINGE)


def test_an_item_kept_by_weight_needs_no_weight_of_a_piece() -> None:
    assert read_entry("500g", FLOUR).qty == Decimal("0.5")
    assert read_entry("2袋", FLOUR).qty == 50
    assert read_entry("1t", FLOUR).qty == 1000
    assert weight_text(Decimal(3), FLOUR) == ""


def test_without_the_weight_of_a_piece_kilos_are_refused() -> None:
    with pytest.raises(InvalidInput, match="weight of one piece"):
        read_entry("1kg", ItemUnits("只", 0, (Unit("箱", 12),)))


def test_a_quantity_tells_its_boxes_and_its_weight() -> None:
    assert describe(Decimal(36), HINGE) == "3 箱"
    assert describe(Decimal(40), HINGE) == "3 箱 + 4 只"
    assert describe(Decimal(7), HINGE) == "1 盒 + 1 只"
    assert describe(Decimal(5), HINGE) == ""
    assert weight_text(Decimal(400), HINGE) == "1.2 kg"
    assert weight_text(Decimal(5), HINGE) == "15 g"


@pytest.mark.parametrize(
    ("typed", "factor", "shown"),
    [("12", (12, 1), "12"), ("0.5", (1, 2), "0.5"), ("1000/3", (1000, 3), "1000/3"),
     ("2:6", (1, 3), "1/3"), ("１２", (12, 1), "12")],
)  # fmt: skip
def test_a_factor_stays_a_ratio(typed: str, factor: tuple[int, int], shown: str) -> None:
    found = parse_factor(typed)
    assert (found.numerator, found.denominator) == factor
    assert factor_text(*factor) == shown


@pytest.mark.parametrize("typed", ["", "0", "x", "1/0", "-2", "12箱"])
def test_no_factor(typed: str) -> None:
    with pytest.raises(InvalidInput):
        parse_factor(typed)


def test_a_plain_number_names_no_unit() -> None:
    assert not names_unit("1,200.5")
    assert not names_unit("箱")
    assert not names_unit("1e30")
    assert names_unit("3箱")


@given(
    count=st.integers(1, 10**6),
    num=st.integers(1, 10**4),
    den=st.integers(1, 10**3),
    decimals=st.integers(0, 6),
)
def test_rounding_is_half_up_and_within_half_a_step(
    count: int, num: int, den: int, decimals: int
) -> None:
    units = ItemUnits("只", decimals, (Unit("箱", num, den),))
    exact = Fraction(count * num, den)
    step = Fraction(1, 10**decimals)
    if exact < step / 2:
        with pytest.raises(InvalidInput):
            read_entry(f"{count}箱", units)
        return
    entry = read_entry(f"{count}箱", units)
    assert abs(Fraction(entry.qty) - exact) <= step / 2
    assert (entry.note is None) == (Fraction(entry.qty) == exact)
