"""Ask why: any number adds up from the last count to now, and a bin can be looked at in the past."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from desktop_app.core.errors import NotFound, UserError
from desktop_app.queries import trace
from desktop_app.queries.trace import Flow
from desktop_app.services import documents, reversal
from tests import factories, sales_shop, warehouse_life
from tests.warehouse_life import BINS, Life

_PROPERTY = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def _adds_up(found: trace.Waterfall) -> None:
    assert found.gap == 0
    assert found.end == found.subject.on_hand
    moved = sum((block.delta for block in found.older), Decimal(0))
    moved += sum((step.delta for step in found.steps), Decimal(0))
    assert found.start.qty + moved == found.end
    assert sum((qty for _, qty in found.flows), found.start.qty) == found.end
    if found.steps:
        assert found.steps[-1].balance == found.end


@_PROPERTY
@given(steps=warehouse_life.steps)
def test_every_number_adds_up_whatever_happened(uow, steps) -> None:
    with uow.connection.transaction(force_rollback=True):
        life = Life(uow)
        for step in steps:
            life.live(step)
        for item in (*life.items, life.product):
            for scope in (
                {},
                {"warehouse_id": life.shop.warehouse},
                *({"location_id": life.shop.bins[code]} for code in BINS),
            ):
                _adds_up(trace.waterfall(uow, item, **scope))
                _adds_up(trace.waterfall(uow, item, **scope, limit=2))


@_PROPERTY
@given(steps=warehouse_life.steps)
def test_a_bin_in_the_past_is_what_a_replay_of_the_ledger_says(uow, steps) -> None:
    with uow.connection.transaction(force_rollback=True):
        life = Life(uow)
        for step in steps:
            life.live(step)
        place = life.shop.bins["A-01"]
        moves = uow.execute(
            "SELECT at, item_id, from_location_id, to_location_id, qty FROM stock_move"
            " WHERE %s IN (from_location_id, to_location_id) ORDER BY id",
            (place,),
        ).fetchall()
        for moment, *_rest in moves:
            expected: dict[int, Decimal] = defaultdict(Decimal)
            for at, item, _source, target, qty in moves:
                if at <= moment:
                    expected[item] += qty if target == place else -qty
            found = trace.bin_at(uow, place, moment)
            assert {row.item_id: row.qty for row in found.rows} == {
                item: qty for item, qty in expected.items() if qty
            }
            assert found.before[0].at == moment
        before_all = trace.bin_at(uow, place, moves[0][0] - timedelta(seconds=1)) if moves else None
        assert before_all is None or (before_all.rows, before_all.before) == ((), ())


def test_a_count_is_the_new_beginning_and_later_acts_follow(uow) -> None:
    life = Life(uow)
    item, place = life.items[0], life.shop.bins["A-01"]
    life.receive(item, Decimal(210), 0, Decimal(1))
    life.count(item, Decimal(200), 0, Decimal(0))
    life.receive(item, Decimal(57), 0, Decimal(1))
    life.ship(item, Decimal(24), 0, Decimal(0))
    found = trace.waterfall(uow, item, location_id=place)
    assert found.start.qty == 200
    assert found.start.counts[0].counted_by == "owner"
    assert found.start.counts[0].number.startswith("PD-")
    assert [(step.delta, step.balance) for step in found.steps] == [(3, 203), (57, 260), (-24, 236)]
    assert found.steps[-1].verb == "pick"
    assert found.steps[-1].from_places == ("A-01",)
    assert found.end == 236
    anywhere = trace.waterfall(uow, item)
    assert dict(anywhere.flows) == {
        Flow("supplier", inbound=True): 60,
        Flow("customer", inbound=False): -24,
    }


def test_a_reversed_document_stays_visible_on_both_sides(uow) -> None:
    life = Life(uow)
    item = life.items[0]
    life.receive(item, Decimal(30), 0, Decimal(1))
    wrong = life.posted[-1]
    red = reversal.reverse(uow, documents.ActCommand(wrong.id, "reverse", reason="wrong goods"))
    first, second = trace.waterfall(uow, item).steps
    assert (first.number, first.is_reversed, first.is_red) == (wrong.number, True, False)
    assert (second.number, second.is_reversed, second.is_red) == (red.number, False, True)
    assert second.reason == "wrong goods"


def test_older_acts_come_page_by_page_and_nothing_is_lost_between(uow) -> None:
    life = Life(uow)
    item = life.items[0]
    for number in range(1, 13):
        life.receive(item, Decimal(number), 0, Decimal(1))
    seen, before = [], None
    while True:
        page = trace.waterfall(uow, item, limit=5, before=before)
        seen = [*page.steps, *seen]
        before = page.next_before
        if before is None:
            break
    assert [step.delta for step in seen] == list(range(1, 13))
    assert seen[-1].balance == 78


def test_who_holds_names_document_until_and_reason(uow) -> None:
    shop = factories.make_shop(uow)
    item = factories.make_item(uow, sales_price=10)
    factories.stock_up(uow, shop, item, 10)
    assert trace.who_holds(uow, item, shop.warehouse) == ()
    order = sales_shop.order(uow, shop, (item, 4))
    sales_shop.deposit(uow, order, 40, reason="paid by transfer")
    (holder,) = trace.who_holds(uow, item, shop.warehouse)
    assert (holder.number, holder.qty, holder.reason) == (order.number, 4, "paid by transfer")
    assert holder.until is not None
    assert holder.party == "Meijia Shop"
    assert trace.who_holds(uow, item, shop.warehouse + 1) == ()
    assert trace.who_holds(uow, item, location_id=shop.bins["A-12"]) == (holder,)
    sales_shop.release(uow, order)
    assert [pinned.place for h in trace.who_holds(uow, item) for pinned in h.set_aside] == ["A-01"]


def test_what_is_unknown_or_outside_is_said(uow) -> None:
    with pytest.raises(NotFound):
        trace.waterfall(uow, 999_999)
    outside = uow.scalar("SELECT id FROM location WHERE code = 'CUSTOMER'")
    moment = uow.scalar("SELECT now()")
    with pytest.raises(UserError):
        trace.bin_at(uow, outside, moment)
    with pytest.raises(NotFound):
        trace.bin_at(uow, 999_999, moment)
