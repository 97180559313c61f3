"""Choice of lots and bins, and the walking order."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from desktop_app.domain.allocation import (
    Candidate,
    Policy,
    allocate,
    allocated_qty,
    is_usable,
    walking_order,
)

D = Decimal
NOW = datetime(2026, 1, 5, 8, tzinfo=timezone(timedelta(hours=8)))


def _days(days: int) -> datetime:
    return NOW + timedelta(days=days)


def _place(
    number: int,
    qty: str,
    expires: int | None = None,
    received: int = -1,
    route: int = 0,
    held: bool = False,
) -> Candidate:
    return Candidate(
        location_id=number,
        route_seq=route or number,
        location_code=f"A-{number:02}",
        free_qty=D(qty),
        received_at=_days(received),
        lot_id=number,
        lot_code=f"L{number}",
        expires_at=None if expires is None else _days(expires),
        held=held,
    )


moments = st.one_of(st.none(), st.integers(-5, 5).map(_days))
candidates = st.builds(
    Candidate,
    location_id=st.integers(1, 50),
    route_seq=st.integers(0, 9),
    location_code=st.sampled_from(["A-01", "A-02", "B-01"]),
    free_qty=st.decimals("0", "100", places=3),
    received_at=moments,
    lot_id=st.integers(0, 9),
    expires_at=moments,
    held=st.booleans(),
)


@given(
    st.lists(candidates, max_size=20), st.decimals("0", "500", places=3), st.sampled_from(Policy)
)
def test_never_more_than_there_is_nor_than_wanted(
    places: list[Candidate], qty: Decimal, policy: Policy
) -> None:
    result = allocate(places, qty, now=NOW, policy=policy)
    assert allocated_qty(result.picks) + result.shortage == qty
    assert all(0 < pick.qty <= pick.candidate.free_qty for pick in result.picks)
    assert all(is_usable(pick.candidate, NOW) for pick in result.picks)
    free = sum((c.free_qty for c in places if is_usable(c, NOW)), D(0))
    assert result.shortage == max(D(0), qty - free)


@given(st.lists(candidates, max_size=12), st.decimals("0", "500", places=3))
def test_order_of_the_input_does_not_matter(places: list[Candidate], qty: Decimal) -> None:
    keyed = {(c.location_id, c.lot_id, c.box_id): c for c in places}
    straight = list(keyed.values())
    mixed = list(reversed(straight))
    assert allocate(straight, qty, now=NOW) == allocate(mixed, qty, now=NOW)


def test_first_expired_first_out_then_oldest_receipt() -> None:
    places = [
        _place(1, "5", None, -9),
        _place(2, "5", 30, -1),
        _place(3, "5", 10, -1),
        _place(4, "5", 30, -3),
    ]
    picks = allocate(places, D(18), now=NOW).picks
    assert [(p.candidate.lot_id, p.qty) for p in picks] == [
        (3, D(5)),
        (4, D(5)),
        (2, D(5)),
        (1, D(3)),
    ]


def test_first_in_first_out() -> None:
    places = [_place(1, "5", 10, -1), _place(2, "5", 30, -7)]
    picks = allocate(places, D(6), now=NOW, policy=Policy.FIFO).picks
    assert [p.candidate.lot_id for p in picks] == [2, 1]


def test_smallest_balance_first_so_that_bins_become_empty() -> None:
    result = allocate([_place(1, "50"), _place(2, "2")], D(4), now=NOW)
    assert [(p.candidate.lot_id, p.qty) for p in result.picks] == [(2, D(2)), (1, D(2))]


def test_expired_to_the_hour_and_held_goods_stay() -> None:
    places = [_place(1, "5", 0), _place(2, "5", 9, held=True), _place(3, "5", 1)]
    result = allocate(places, D(8), now=NOW)
    assert [p.candidate.lot_id for p in result.picks] == [3]
    assert result.shortage == 3


def test_walking_order_follows_the_route() -> None:
    places = [_place(1, "1", 5, route=30), _place(2, "1", 6, route=10), _place(3, "1", 7, route=20)]
    picks = allocate(places, D(3), now=NOW).picks
    assert [p.candidate.location_id for p in walking_order(picks)] == [2, 3, 1]


def test_negative_wish_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        allocate([], D(-1), now=NOW)
