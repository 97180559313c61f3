"""Costs as a projection: incremental equals a full replay, and no value is lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from desktop_app.core.errors import PermissionDenied
from desktop_app.queries import costs
from desktop_app.services import costing, documents, reversal
from tests import factories, warehouse_life
from tests.warehouse_life import Life

_PROPERTY = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def _state(uow):
    return (
        uow.execute("SELECT item_id, qty, value, average FROM item_cost ORDER BY 1").fetchall(),
        uow.execute("SELECT move_id, unit_cost, value FROM move_cost ORDER BY 1").fetchall(),
    )


@_PROPERTY
@given(steps=warehouse_life.steps)
def test_stopping_anywhere_gives_what_a_full_replay_gives(uow, steps) -> None:
    with uow.connection.transaction(force_rollback=True):
        life = Life(uow)
        for number, step in enumerate(steps):
            life.live(step)
            if number % 3 == 0:
                costing.update(uow)
        costing.update(uow)
        went_on = _state(uow)
        costing.rebuild(uow)
        assert _state(uow) == went_on
        _value_is_conserved(uow)


def _value_is_conserved(uow) -> None:
    for item_id, qty, value, _average in uow.execute("SELECT * FROM item_cost").fetchall():
        moved = uow.scalar("SELECT sum(value) FROM move_cost WHERE item_id = %s", (item_id,))
        assert moved == value
        assert qty == factories.on_hand(uow, item_id)
        assert value >= 0
    made = uow.execute(
        "SELECT m.act_id, sum(c.value) FROM move_cost c JOIN stock_move m ON m.id = c.move_id"
        " JOIN act a ON a.id = m.act_id WHERE a.verb = 'complete' GROUP BY 1"
    ).fetchall()
    assert all(total == 0 for _act, total in made)


def test_a_receipt_costs_its_own_price_without_tax_and_an_issue_the_average(uow) -> None:
    life = Life(uow)
    item = life.items[0]
    line = {
        "item_id": item,
        "qty": Decimal(10),
        "unit_price": Decimal("11.30"),
        "tax_rate": Decimal(13),
        "to_location_id": life.shop.bins["A-01"],
    }
    life._post("purchase_receipt", "receive", line, party_id=life.shop.supplier)
    life.receive(item, Decimal(10), 0, Decimal(20))
    life.ship(item, Decimal(5), 0, Decimal(0))
    costing.update(uow)
    state = costs.item_costs(uow, [item])[item]
    assert (state.qty, state.value, state.average) == (15, 225, 15)
    assert costs.stock_value(uow) == 225


def test_the_price_stands_on_the_order_line_when_the_receipt_has_none(uow) -> None:
    life = Life(uow)
    item = life.items[0]
    order = documents.create(
        uow,
        documents.Draft(
            "purchase_order",
            {"party_id": life.shop.supplier, "warehouse_id": life.shop.warehouse},
            ({"item_id": item, "qty": Decimal(4), "unit_price": Decimal("2.5")},),
        ),
    )
    line = {
        "item_id": item,
        "qty": Decimal(4),
        "to_location_id": life.shop.bins["A-01"],
        "origin_line_id": life._line(order.id),
    }
    life._post("purchase_receipt", "receive", line, party_id=life.shop.supplier)
    costing.update(uow)
    assert costs.item_costs(uow, [item])[item].value == 10


def test_goods_come_back_at_what_they_left_for_and_a_red_entry_takes_its_value_back(uow) -> None:
    life = Life(uow)
    item = life.items[0]
    life.receive(item, Decimal(10), 0, Decimal(1))
    life.ship(item, Decimal(5), 0, Decimal(0))
    life.receive(item, Decimal(5), 0, Decimal(9))
    dear = life.posted[-1]
    life.give_back(item, Decimal(5), 0, Decimal(0))
    costing.update(uow)
    assert costs.item_costs(uow, [item])[item].value == 5 + 45 + 5
    reversal.reverse(uow, documents.ActCommand(dear.id, "reverse", reason="wrong price"))
    costing.update(uow)
    assert costs.item_costs(uow, [item])[item].value == 10


def test_a_product_costs_what_was_used_for_it(uow) -> None:
    life = Life(uow)
    life.receive(life.items[0], Decimal(3), 0, Decimal("3.33"))
    life.make(life.items[0], Decimal(3), 0, Decimal(0))
    costing.update(uow)
    product = costs.item_costs(uow, [life.product])[life.product]
    assert (product.qty, product.value) == (2, Decimal("9.99"))
    assert costs.item_costs(uow, [life.items[0]])[life.items[0]].value == 0


def test_a_storekeeper_can_neither_read_nor_run_costs(database) -> None:
    finance, storekeeper = database.as_user("finance"), database.as_user("storekeeper")
    assert finance.run(costing.update).complete
    for function in (costing.update, costing.rebuild, costs.stock_value):
        with pytest.raises(PermissionDenied):
            storekeeper.run(function)


def test_an_act_still_under_way_is_not_skipped(database) -> None:
    """Ids are given before the commit: the older act may come last."""
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item)
    slow = database.as_user("owner", workstation="PC-SLOW").connect()
    try:
        from desktop_app.database.unit_of_work import UnitOfWork

        factories.stock_up(UnitOfWork(slow), shop, item, 5, price=2)
        other = database.run(factories.make_item)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(costing, "_WAITS", 2)
            assert not database.as_user("finance").run(costing.update).complete
        slow.commit()
        database.run(factories.stock_up, shop, other, 1, price=1)
        assert database.as_user("finance").run(costing.update).complete
        assert database.as_user("finance").read(costs.stock_value) == 11
    finally:
        slow.close()
