"""Explosion of bills of materials."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from desktop_app.domain.bom import (
    BillOfMaterials,
    BOMLine,
    BOMLoop,
    BOMVersionMissing,
    LossBasis,
    explode,
    gross_need,
    low_level_codes,
    round_up,
    select_versions,
)

D = Decimal


def _bom(
    item: int, *lines: tuple[int, str], output: str = "1", version: str = "1", active: bool = True
) -> BillOfMaterials:
    parts = tuple(BOMLine(child, D(qty)) for child, qty in lines)
    return BillOfMaterials(item, parts, D(output), version, active)


def _by_item(*boms: BillOfMaterials) -> dict[int, BillOfMaterials]:
    return {bom.item_id: bom for bom in boms}


def test_several_levels_and_an_item_used_twice() -> None:
    boms = _by_item(_bom(1, (2, "2"), (4, "1")), _bom(2, (3, "3"), (4, "0.5")))
    needs = explode(boms, 1, D(10))
    assert [(n.item_id, n.level, n.qty, n.made) for n in needs] == [
        (1, 0, D(10), True),
        (2, 1, D(20), True),
        (3, 2, D(60), False),
        (4, 2, D(20), False),
    ]


def test_need_is_for_the_output_quantity_and_rounded_up_once() -> None:
    boms = _by_item(_bom(1, (2, "1"), (3, "1"), (4, "0.4"), output="3"), _bom(3, (2, "1")))
    needs = {need.item_id: need.qty for need in explode(boms, 1, D(4), {4: 2})}
    assert needs == {1: D(4), 2: D(4), 3: D(2), 4: D("0.54")}


def test_both_meanings_of_a_loss_rate() -> None:
    assert round_up(gross_need(D(100), D("0.1"), LossBasis.OF_ISSUE), 0) == 112
    assert gross_need(D(100), D("0.1"), LossBasis.ON_TOP) == 110
    for rate in ("-0.1", "1"):
        with pytest.raises(ValueError, match="loss rate"):
            gross_need(D(1), D(rate), LossBasis.OF_ISSUE)


def test_what_a_division_leaves_is_not_a_piece() -> None:
    third = BillOfMaterials(1, (BOMLine(2, D(1)),), D(3))
    assert explode({1: third}, 1, D(9))[1].qty == 3
    assert round_up(D(3) + D("1e-20"), 0) == 3
    assert round_up(D("3.000001"), 0) == 4


@given(st.decimals("0.000001", "10000", places=6), st.decimals("0", "0.9", places=4))
def test_loss_of_issue_leaves_at_least_the_net_need(net: Decimal, rate: Decimal) -> None:
    issued = round_up(gross_need(net, rate, LossBasis.OF_ISSUE), 6)
    assert issued * (1 - rate) >= net - D("1e-11")


def test_a_loop_is_named_with_its_path() -> None:
    boms = _by_item(_bom(1, (2, "1")), _bom(2, (3, "1")), _bom(3, (4, "1"), (2, "1")))
    with pytest.raises(BOMLoop) as caught:
        explode(boms, 1, D(1), names={2: "HINGE", 3: "PIN"})
    assert caught.value.path == (2, 3, 2)
    assert "HINGE → PIN → HINGE" in str(caught.value)


def test_an_item_may_not_contain_itself() -> None:
    with pytest.raises(BOMLoop) as caught:
        low_level_codes(_by_item(_bom(1, (1, "1"))), 1)
    assert caught.value.path == (1, 1)


def test_versions() -> None:
    boms = [
        _bom(1, (2, "1"), version="1"),
        _bom(1, (3, "1"), version="2"),
        _bom(1, (4, "1"), version="3", active=False),
    ]
    assert select_versions(boms)[1].version == "2"
    assert select_versions(boms, {1: "3"})[1].version == "3"
    with pytest.raises(BOMVersionMissing):
        select_versions(boms, {1: "9"})


@st.composite
def acyclic(draw: st.DrawFn) -> dict[int, BillOfMaterials]:
    """Items 0..n, components always with a higher number."""
    n = draw(st.integers(1, 9))
    boms = {}
    for item in range(n):
        children = draw(st.sets(st.integers(item + 1, n), max_size=3))
        if children:
            lines = tuple(BOMLine(c, D(draw(st.integers(1, 4)))) for c in sorted(children))
            boms[item] = BillOfMaterials(item, lines)
    return boms


@given(acyclic(), st.integers(1, 50))
def test_explosion_equals_walking_every_path(boms: dict[int, BillOfMaterials], qty: int) -> None:
    expected: dict[int, Decimal] = {}
    deepest: dict[int, int] = {}

    def walk(item: int, need: Decimal, level: int) -> None:
        expected[item] = expected.get(item, D(0)) + need
        deepest[item] = max(deepest.get(item, 0), level)
        for line in boms[item].lines if item in boms else ():
            walk(line.item_id, need * line.qty_per, level + 1)

    walk(0, D(qty), 0)
    needs = explode(boms, 0, D(qty))
    assert {need.item_id: need.qty for need in needs} == expected
    assert {need.item_id: need.level for need in needs} == deepest


def test_nothing_to_make_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        explode({}, 1, D(0))
