"""Over-receipt and weight against count."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from desktop_app.domain.tolerance import (
    Tolerance,
    check_over_receipt,
    check_weight,
    net_weight,
)

D = Decimal


@pytest.mark.parametrize(
    ("before", "now", "over", "ok"),
    [
        ("0", "100", "0", True),
        ("60", "40", "0", True),
        ("0", "105", "5", True),
        ("100", "5", "5", True),
        ("100", "6", "6", False),
        ("105", "1", "6", False),
    ],
)
def test_tolerance_is_for_all_part_receipts_together(
    before: str, now: str, over: str, ok: bool
) -> None:
    verdict = check_over_receipt(D(100), D(before), D(now), Tolerance(percent=D(5)))
    assert (verdict.over, verdict.ok, verdict.allowed) == (D(over), ok, D(5))


def test_the_larger_of_percent_and_absolute_counts() -> None:
    tolerance = Tolerance(D(2), D(3))
    assert tolerance.of(D(100)) == 3
    assert tolerance.of(D(1000)) == 20
    with pytest.raises(ValueError, match="negative"):
        Tolerance(D(-1))


def test_weighs_like_236() -> None:
    verdict = check_weight(D(240), D("2950"), D("12.5"), Tolerance(percent=D(1)))
    assert not verdict.ok
    assert (verdict.expected_g, verdict.difference_g, verdict.like_count) == (
        D(3000),
        D(-50),
        D(236),
    )


@given(
    st.integers(0, 5000), st.decimals("0.001", "5000", places=3), st.decimals("0", "20", places=2)
)
def test_the_right_weight_always_fits(count: int, unit: Decimal, percent: Decimal) -> None:
    verdict = check_weight(D(count), unit * count, unit, Tolerance(percent=percent))
    assert verdict.ok
    assert (verdict.difference_g, verdict.like_count) == (0, count)


def test_the_limit_itself_is_allowed() -> None:
    limit = Tolerance(percent=D(2))
    assert check_weight(D(100), D(1020), D(10), limit).ok
    assert not check_weight(D(100), D("1020.001"), D(10), limit).ok


@pytest.mark.parametrize(
    ("count", "weight", "unit"), [("1", "1", "0"), ("-1", "1", "1"), ("1", "-1", "1")]
)
def test_impossible_weighings_are_refused(count: str, weight: str, unit: str) -> None:
    with pytest.raises(ValueError, match="weight"):
        check_weight(D(count), D(weight), D(unit), Tolerance())


def test_net_weight() -> None:
    assert net_weight(D("1000.5"), D("200.5")) == 800
    with pytest.raises(ValueError, match="tare"):
        net_weight(D(1), D(2))
