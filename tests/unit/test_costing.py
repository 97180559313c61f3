"""Moving average: values are conserved and a replay may stop anywhere."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from desktop_app.domain.costing import CostEvent, CostKind, MovingAverage, replay

D = Decimal

quantities = st.decimals("0.000001", "9999", places=6)
prices = st.one_of(st.none(), st.decimals("0", "999", places=6))


@st.composite
def histories(draw: st.DrawFn) -> list[CostEvent]:
    """Any moves in any order, also such as make the quantity negative for a while."""
    kinds = draw(st.lists(st.sampled_from(CostKind), max_size=25))
    return [
        CostEvent(number, draw(quantities), kind, draw(prices)) for number, kind in enumerate(kinds)
    ]


def _event(move_id: int, kind: CostKind, qty: str, price: str | None = None) -> CostEvent:
    return CostEvent(move_id, D(qty), kind, None if price is None else D(price))


@given(histories())
def test_sum_of_values_is_the_value_of_the_stock(events: list[CostEvent]) -> None:
    state = MovingAverage()
    costs = replay(events, state)
    assert sum((cost.value for cost in costs), D(0)) == state.value


@given(histories(), st.data())
def test_going_on_from_any_cut_equals_a_full_replay(
    events: list[CostEvent], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(events)))
    whole = MovingAverage()
    expected = replay(events, whole)
    first = MovingAverage()
    before = replay(events[:cut], first)
    stored = MovingAverage(first.qty, first.value, first.average)
    assert before + replay(events[cut:], stored) == expected
    assert stored == whole


@given(histories())
def test_no_stock_has_no_value_and_stock_never_a_negative_one(events: list[CostEvent]) -> None:
    state = MovingAverage()
    for event in events:
        state.apply(event)
        if state.qty == 0:
            assert state.value == 0
        if state.qty > 0:
            assert state.value >= 0


def test_average_moves_with_each_receipt() -> None:
    state = MovingAverage()
    costs = replay(
        [
            _event(1, CostKind.RECEIPT, "10", "10"),
            _event(2, CostKind.RECEIPT, "10", "20"),
            _event(3, CostKind.ISSUE, "5"),
        ],
        state,
    )
    assert [cost.value for cost in costs] == [D(100), D(200), D(-75)]
    assert costs[2].unit_cost == D(15)
    assert (state.qty, state.value, state.average) == (D(15), D(225), D(15))


def test_the_last_issue_takes_the_leftover() -> None:
    state = MovingAverage()
    state.apply(_event(1, CostKind.RECEIPT, "3", "0.333333"))
    state.apply(_event(2, CostKind.RECEIPT, "4", "0.1"))
    out = [state.apply(_event(number, CostKind.ISSUE, "1")) for number in range(3, 10)]
    assert state.value == 0
    assert sum((cost.value for cost in out), D(0)) == D("-1.399999")


def test_a_return_comes_back_at_the_cost_of_its_issue() -> None:
    state = MovingAverage()
    state.apply(_event(1, CostKind.RECEIPT, "10", "10"))
    issue = state.apply(_event(2, CostKind.ISSUE, "4"))
    state.apply(_event(3, CostKind.RECEIPT, "6", "30"))
    back = state.apply(CostEvent(4, D(4), CostKind.RETURN_IN, issue.unit_cost))
    assert (back.value, back.estimated) == (D(40), False)
    unknown = state.apply(_event(5, CostKind.RETURN_IN, "1"))
    assert unknown.estimated
    assert unknown.unit_cost == D("17.5")


def test_a_receipt_without_price_uses_the_average_even_from_empty() -> None:
    state = MovingAverage()
    state.apply(_event(1, CostKind.RECEIPT, "2", "7"))
    state.apply(_event(2, CostKind.ISSUE, "2"))
    cost = state.apply(_event(3, CostKind.RECEIPT, "3"))
    assert (cost.unit_cost, cost.value, cost.estimated) == (D(7), D(21), True)


def test_return_to_supplier_leaves_at_its_receipt_price_but_never_below_nothing() -> None:
    state = MovingAverage()
    state.apply(_event(1, CostKind.RECEIPT, "10", "10"))
    state.apply(_event(2, CostKind.RECEIPT, "10", "20"))
    assert state.apply(_event(3, CostKind.ISSUE, "2", "20")).value == D(-40)
    state.apply(_event(4, CostKind.ISSUE, "17"))
    assert state.apply(_event(5, CostKind.ISSUE, "0.5", "200")).value == -D("14.444444")
    assert state.value == 0


def test_goods_that_left_too_early_are_settled_by_the_next_receipt() -> None:
    state = MovingAverage()
    state.apply(_event(1, CostKind.RECEIPT, "1", "5"))
    early = state.apply(_event(2, CostKind.ISSUE, "3"))
    assert early.estimated
    assert (state.qty, state.value) == (D(-2), D(-10))
    state.apply(_event(3, CostKind.RECEIPT, "5", "6"))
    assert (state.qty, state.value, state.average) == (D(3), D(18), D(6))


def test_moves_inside_the_house_are_neutral() -> None:
    state = MovingAverage(D(2), D(10), D(5))
    cost = state.apply(_event(1, CostKind.NEUTRAL, "2"))
    assert (cost.value, cost.unit_cost) == (D(0), D(5))
    assert state == MovingAverage(D(2), D(10), D(5))


@pytest.mark.parametrize(("qty", "price"), [("0", "1"), ("-1", "1"), ("1", "-1")])
def test_impossible_moves_are_refused(qty: str, price: str) -> None:
    with pytest.raises(ValueError, match=r"quantity|price"):
        _event(1, CostKind.RECEIPT, qty, price)


def test_the_largest_numbers_of_the_database_stay_exact() -> None:
    state = MovingAverage()
    cost = state.apply(_event(1, CostKind.RECEIPT, "123456789.123456", "98765.432109"))
    assert cost.value == D("12193263124567.823187")
