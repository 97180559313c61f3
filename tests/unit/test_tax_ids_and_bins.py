"""Tax numbers, bins by pattern, walking routes: pure rules with known answers."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from desktop_app.core.errors import InvalidInput
from desktop_app.domain.bin_patterns import MOST_BINS, bins_of_pattern, place_of_code
from desktop_app.domain.customer_freeze import frozen_because
from desktop_app.domain.tax_ids import ALPHABET, check_character, tax_id_warning
from desktop_app.domain.walking_route import Stop, by_code, natural, serpentine

BODY = st.text(ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize(
    "good",
    [
        "914403001922038216",  # Huawei
        "91330100799655058B",  # Alibaba (China)
        "9144030071526726XG",  # Tencent
        "91330100 7996 5505 8b",
        "９１３３０１００７９９６５５０５８Ｂ",
        "330100799655058",  # 15 digits, before 2015
        "",
    ],
)
def test_right_tax_numbers_are_left_alone(good: str) -> None:
    assert tax_id_warning(good) is None


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ("91330100799655058C", "check character"),
        ("9133010079965505OB", "“O”"),
        ("DE129273398", "11"),
        ("9133010079965505", "16"),
    ],
)
def test_a_slip_in_a_tax_number_is_told(wrong: str, word: str) -> None:
    assert word in str(tax_id_warning(wrong))


@given(BODY, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_noticed(body: str, place: int, other: str) -> None:
    number = body + check_character(body)
    assert tax_id_warning(number) is None
    if number[place] != other:
        assert tax_id_warning(number[:place] + other + number[place + 1 :]) is not None


@pytest.mark.parametrize(
    ("pattern", "count", "first", "last"),
    [
        ("A-01-1…A-12-4", 48, "A-01-1", "A-12-4"),
        ("a-01-1 到 a-12-4", 48, "A-01-1", "A-12-4"),
        ("A-01-1~A-12-4", 48, "A-01-1", "A-12-4"),
        ("A-01-1 .. C-02-2", 12, "A-01-1", "C-02-2"),
        ("A01至A12", 12, "A01", "A12"),
        ("A-[01..12]-[1..3]", 36, "A-01-1", "A-12-3"),
        ("[A..C]-[1 到 2]", 6, "A-1", "C-2"),
        ("B-1, B-2，B-3 B-1", 3, "B-1", "B-3"),
        ("W1-9…W1-11", 3, "W1-9", "W1-11"),
    ],
)
def test_bins_by_pattern(pattern: str, count: int, first: str, last: str) -> None:
    codes = [spec.code for spec in bins_of_pattern(pattern)]
    assert (len(codes), codes[0], codes[-1]) == (count, first, last)
    assert len(set(codes)) == count


@pytest.mark.parametrize(
    "pattern", ["", " , ", "A-01…B", "A-5…A-1", "A-1…A-x", "[01..99999]", "A-1-1…Z-99-99"]
)
def test_a_pattern_that_means_nothing_or_too_much_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        bins_of_pattern(pattern)
    assert refused.value.problems[0].field == "bins"


@given(st.integers(1, MOST_BINS))
def test_a_run_of_n_makes_n_bins(n: int) -> None:
    assert len(bins_of_pattern(f"R-0001…R-{n:04d}")) == n


def test_a_bin_knows_where_it_is() -> None:
    first = bins_of_pattern("A-01-1…A-02-2", zone="五金")[0]
    assert (first.zone, first.aisle, first.rack, first.level) == ("五金", "A", "01", "1")
    of_house = place_of_code("W1-A-03-2", "W1")
    assert (of_house.zone, of_house.aisle, of_house.rack, of_house.level) == ("", "A", "03", "2")
    deep = place_of_code("N-K-A-03-2")
    assert (deep.zone, deep.aisle) == ("N-K", "A")
    plain = place_of_code("A012")
    assert (plain.aisle, plain.rack) == ("A", "012")


def test_the_route_goes_up_one_aisle_and_down_the_next() -> None:
    stops = [
        Stop(number, f"{aisle}-{rack}-{level}", "", aisle, rack, level)
        for number, (aisle, rack, level) in enumerate(
            (aisle, rack, level) for aisle in "BA" for rack in ("10", "2") for level in "21"
        )
    ]
    walk = {stop.id: stop.code for stop in stops}
    assert [walk[id_] for id_ in serpentine(stops)] == [
        "A-2-1",
        "A-2-2",
        "A-10-1",
        "A-10-2",
        "B-10-1",
        "B-10-2",
        "B-2-1",
        "B-2-2",
    ]
    assert walk[by_code(stops)[0]] == "A-2-1"
    assert natural("A-2") < natural("A-10")


def test_why_a_customer_is_frozen() -> None:
    assert frozen_because("") is None
    assert "XSD-1" in str(frozen_because("late:XSD-1")) and "48" in str(
        frozen_because("late:XSD-1")
    )
    assert str(frozen_because("owes {too} much")) == "owes {too} much"
