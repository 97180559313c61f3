"""Counting by weight: what a packer sees, and how sure it is."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from desktop_app.core.errors import InvalidInput
from desktop_app.domain.weighing import (
    Sample,
    UnitLock,
    UnitWeight,
    check_sample_size,
    conversion_text,
    convert_weight,
    count_by_weight,
    expected_weight,
    grams,
    learn,
    merge,
    odd_sample,
    pieces_to_learn,
)

D = Decimal
HINGE = UnitWeight(D("19.2"), D("0.04"), 200)


@pytest.mark.parametrize(
    ("value", "unit", "into", "shown"),
    [
        ("1", "lb", "g", "453.59237"),
        ("1", "oz", "g", "28.349523"),
        ("0.5", "kg", "g", "500"),
        ("500", "g", "kg", "0.5"),
        ("16", "oz", "lb", "1"),
        ("1", "kg", "lb", "2.204623"),
        ("2", "斤", "公斤", "1"),
        ("-1", "kg", "lb", "-2.204623"),
    ],
)
def test_units_of_weight_convert_with_one_rounding(value, unit, into, shown) -> None:
    assert convert_weight(D(value), unit, into) == D(shown)


def test_grams_are_exact() -> None:
    assert grams(D("0.001"), "lb") == D("0.45359237")
    assert grams(D("1"), "oz") == D("28.349523125")
    with pytest.raises(InvalidInput):
        grams(D(1), "pcs")
    assert str(conversion_text(D("0.5"), "kg", "g")) == "0.5 kg = 500 g"


@given(st.decimals(min_value=-9999, max_value=9999, places=3), st.sampled_from(["lb", "oz", "kg"]))
def test_there_and_back_is_the_same_weight(value: Decimal, unit: str) -> None:
    assert convert_weight(convert_weight(value, unit, "g", 12), "g", unit, 3) == value


def test_pounds_do_not_pass_as_kilograms() -> None:
    lock = UnitLock("kg")
    assert lock.problem("KG") is None
    assert lock.problem("公斤") is None
    assert "shows lb, but kg" in str(lock.problem("lb"))


def test_weighs_like_236_give_or_take_one() -> None:
    estimate = count_by_weight(D("4531.2"), HINGE, D(1))
    assert (estimate.pieces, estimate.margin, estimate.low, estimate.high) == (236, 0, 236, 236)
    loose = UnitWeight(D("19.2"), D("0.5"), 200)
    estimate = count_by_weight(D("4531.2"), loose, D(1))
    assert str(estimate.message) == "Weighs like 236 ± 1"
    assert (estimate.low, estimate.high) == (235, 237)
    assert estimate.difference(237) == 0
    assert estimate.difference(230) == 6


def test_thirty_grams_for_ten_pieces_of_two_is_five_more() -> None:
    assert count_by_weight(D(30), UnitWeight(D(2), D("0.02"), 100)).difference(10) == 5


def test_an_unknown_spread_is_told() -> None:
    estimate = count_by_weight(D(100), UnitWeight(D(2)))
    assert estimate.margin is None
    assert str(estimate.message) == "Weighs like about 50"


def test_a_weight_between_two_counts_is_suspicious() -> None:
    estimate = count_by_weight(D(29), UnitWeight(D(2), D("0.001"), 1000))
    assert not estimate.whole
    assert str(estimate.message) == "Between 14 and 15 pieces: mixed goods, or a wrong tare?"


def test_a_coarse_scale_does_not_count_screws() -> None:
    with pytest.raises(InvalidInput, match=r"one division is 1 g, one piece 1\.15 g"):
        count_by_weight(D(100), UnitWeight(D("1.15"), D("0.01"), 100), D(1))
    with pytest.raises(InvalidInput):
        count_by_weight(D(-1), HINGE)


def test_nothing_on_the_pan_is_no_piece() -> None:
    assert count_by_weight(D(0), HINGE, D(1)).pieces == 0


def test_learning_from_counted_samples() -> None:
    learnt = learn([Sample(10, D("192.3")), Sample(10, D("191.7")), Sample(20, D("384.0"))])
    assert learnt.mean_g == D("19.2")
    assert learnt.pieces == 40
    # squares 0.09/10 + 0.09/10 + 0 over two degrees of freedom
    assert learnt.spread_g == D("0.094868")
    assert learn([Sample(10, D(192))]).spread_g is None
    with pytest.raises(ValueError):
        learn([])


def test_what_the_display_rounds_away_is_no_spread_of_the_goods() -> None:
    samples = [Sample(10, D(192)), Sample(10, D(193)), Sample(10, D(192))]
    coarse, fine = learn(samples, D(1)), learn(samples)
    assert coarse.spread_g is not None
    assert fine.spread_g is not None
    assert coarse.spread_g < fine.spread_g


def test_learning_finds_the_true_spread() -> None:
    rng = random.Random(7)

    def weighed(pieces: int) -> Sample:
        total = sum(rng.gauss(19.2, 0.3) for _ in range(pieces))
        return Sample(pieces, Decimal(str(round(total, 2))))

    learnt = learn([weighed(25) for _ in range(40)], D("0.01"))
    assert abs(learnt.mean_g - D("19.2")) < D("0.05")
    assert learnt.spread_g is not None
    assert D("0.2") < learnt.spread_g < D("0.4")


def test_one_missing_in_a_hundred_is_flagged() -> None:
    rng = random.Random(3)
    unit = UnitWeight(D("19.2"), D("0.1"), 1000)
    missed = wrong = 0
    for _ in range(300):
        full = sum(rng.gauss(19.2, 0.1) for _ in range(100))
        short = sum(rng.gauss(19.2, 0.1) for _ in range(99))
        wrong += count_by_weight(Decimal(str(round(full))), unit, D(1)).difference(100) != 0
        missed += count_by_weight(Decimal(str(round(short))), unit, D(1)).difference(100) == 0
    assert missed == 0
    assert wrong == 0


def test_merging_goes_by_pieces_and_a_drift_widens_the_spread() -> None:
    known = UnitWeight(D("19.2"), D("0.1"), 300, 30)
    same = merge(known, UnitWeight(D("19.2"), D("0.1"), 100, 10))
    assert same.mean_g == D("19.2")
    assert same.pieces == 400
    assert same.spread_g is not None
    assert same.spread_g <= D("0.1")
    plated = merge(known, UnitWeight(D("19.6"), D("0.1"), 100, 10))
    assert plated.mean_g == D("19.3")
    assert plated.spread_g is not None
    assert plated.spread_g > D("0.3")
    assert merge(UnitWeight(D(19)), known) == known
    assert merge(UnitWeight(D(19), None, 10), UnitWeight(D(21), None, 10)).spread_g is None


def test_a_miscounted_sample_is_questioned() -> None:
    assert odd_sample(HINGE, Sample(10, D("192.4")), D(1)) is None
    told = odd_sample(HINGE, Sample(10, D("211.2")), D(1))
    assert "21.12 g a piece, the others 19.2 g" in str(told)


def test_how_many_pieces_to_put_on() -> None:
    assert pieces_to_learn(D("1.15"), D(1)) == 44
    assert pieces_to_learn(D(500), D(1)) == 1
    assert "at least 44 pieces" in str(check_sample_size(Sample(20, D(23)), D(1)))
    assert check_sample_size(Sample(50, D("57.5")), D(1)) is None
    with pytest.raises(ValueError):
        pieces_to_learn(D(0), D(1))
    for wrong in ((0, "1"), (1, "0"), (1, "-1")):
        with pytest.raises(ValueError):
            Sample(wrong[0], D(wrong[1]))


@settings(max_examples=60)
@given(st.integers(1, 5000), st.integers(1, 400))
def test_the_exact_weight_of_a_count_is_that_count(pieces: int, tenths: int) -> None:
    unit = UnitWeight(D(tenths) / 10, D("0.001"), 1000)
    weight, allowed = expected_weight(pieces, unit)
    estimate = count_by_weight(weight, unit)
    assert estimate.pieces == pieces
    assert estimate.low <= pieces <= estimate.high
    assert allowed >= 0
