"""Draw, tolerance and metrics of a blind count."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from desktop_app.domain.counting import (
    CAUSE_CODES,
    CountedRecord,
    book_rate,
    difference_rate,
    draw,
    metrics,
    metrics_by_class,
    needs_recount,
    wilson,
)

D = Decimal

stock = st.decimals("0", "100000", places=3)
records = st.builds(CountedRecord, stock, stock, st.sampled_from("ABC"), stock)


def _record(book: str, counted: str, cost: str = "1", abc: str = "C") -> CountedRecord:
    return CountedRecord(D(book), D(counted), abc, D(cost))


@given(st.sets(st.integers(1, 10**6), max_size=80), st.integers(0, 30), st.integers(0, 2**63 - 1))
def test_a_draw_can_be_repeated_from_its_seed(ids: set[int], size: int, seed: int) -> None:
    drawn = draw(ids, size, seed)
    assert drawn == draw(sorted(ids, reverse=True), size, seed)
    assert len(set(drawn)) == len(drawn) == min(size, len(ids))
    assert set(drawn) <= ids
    if size <= len(ids):
        assert list(drawn) == random.Random(seed).sample(sorted(ids), size)


def test_the_draw_stays_the_same_for_ever() -> None:
    assert draw(range(1, 101), 5, 20260105) == DRAWN_20260105


DRAWN_20260105 = (98, 86, 50, 26, 60)


def test_a_negative_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        draw([1], -1, 1)


@pytest.mark.parametrize(
    ("abc", "counted", "again"),
    [
        ("A", "99", False),
        ("A", "98.9", True),
        ("B", "103", False),
        ("B", "104", True),
        ("C", "95", False),
        ("C", "94", True),
    ],
)
def test_tolerance_follows_the_class(abc: str, counted: str, again: bool) -> None:
    assert needs_recount(_record("100", counted, abc=abc)) is again


def test_book_zero_tolerates_nothing_and_own_tolerance_wins() -> None:
    assert needs_recount(_record("0", "0.000001"))
    assert not needs_recount(_record("0", "0"))
    assert needs_recount(CountedRecord(D(100), D(99), "C", tolerance=D(0)))


@pytest.mark.parametrize(
    ("book", "counted", "rate", "quoted"),
    [
        ("0", "0", "0", None),
        ("0", "5", "1", None),
        ("5", "0", "1", "1"),
        ("100", "80", "0.2", "0.2"),
        ("80", "100", "0.2", "0.25"),
        ("-87", "236", "1", None),
    ],
)
def test_difference_rates(book: str, counted: str, rate: str, quoted: str | None) -> None:
    assert difference_rate(D(book), D(counted)) == D(rate)
    assert book_rate(D(book), D(counted)) == (None if quoted is None else D(quoted))


def test_metrics_of_a_worked_example() -> None:
    result = metrics(
        [
            _record("100", "100", "2"),
            _record("100", "96", "10"),
            _record("100", "80", "1"),
            _record("0", "4", "5"),
        ]
    )
    assert result.n == 4
    assert result.ira == D("0.5")
    assert result.ira_exact == D("0.25")
    assert result.vdr_mean == D("0.31")
    assert result.vdr_book == D("0.08")
    assert result.vdr_sum == D(28) / D(300)
    assert result.val_gap_net == D(-40) / D(1300)
    assert result.val_gap_abs == D(80) / D(1300)


def test_plus_never_heals_minus() -> None:
    result = metrics([_record("100", "90"), _record("100", "110")])
    assert result.ira == 0
    assert result.vdr_sum == D("0.1")
    assert result.val_gap_net == 0


def test_nothing_counted_has_no_rate() -> None:
    result = metrics([])
    assert (result.n, result.ira, result.vdr_mean, result.vdr_sum) == (0, None, None, None)
    assert (result.ira_interval.low, result.ira_interval.high) == (0, 1)


def test_wilson_against_published_figures() -> None:
    interval = wilson(19, 20)
    assert round(interval.low, 4) == D("0.7639")
    assert round(interval.high, 4) == D("0.9911")
    assert round(wilson(0, 10).high, 4) == D("0.2775")


@given(st.integers(1, 500), st.data())
def test_wilson_contains_the_share(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    interval = wilson(k, n)
    assert 0 <= interval.low <= D(k) / n <= interval.high <= 1


@given(st.lists(records, min_size=1, max_size=30))
def test_rates_stay_shares(counted: list[CountedRecord]) -> None:
    result = metrics(counted)
    assert result.ira is not None and result.ira_exact is not None
    assert 0 <= result.ira_exact <= result.ira <= 1
    assert result.vdr_mean is not None and 0 <= result.vdr_mean <= 1
    assert sum(part.n for part in metrics_by_class(counted).values()) == result.n


def test_cause_codes_are_the_agreed_ones() -> None:
    assert len(CAUSE_CODES) == 18
    assert {"NORMAL", "LOSS_PARAM", "PROCESSOR", "THEFT"} <= {c.code for c in CAUSE_CODES}
