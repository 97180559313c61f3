"""生产任务单: issued by scan, completed, scrapped, finished; nothing appears from nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from desktop_app.core import clock
from desktop_app.core.errors import (
    ConfirmationRequired,
    EvidenceMissing,
    InvalidInput,
    RuleRefused,
    TransitionRefused,
)
from desktop_app.domain.bom import BOMLine, LossBasis
from desktop_app.domain.posting import ActEntry
from desktop_app.queries.manufacturing import make_order
from desktop_app.services import (
    bills_of_material,
    documents,
    manufacturing,
    order_paper,
    reversal,
)
from desktop_app.services.documents import ActCommand
from desktop_app.services.manufacturing import Completion, Finish, Scrapping
from desktop_app.services.material import Handling, NewOrder
from tests import factories


@dataclass(frozen=True)
class Work:
    shop: factories.Shop
    items: dict[str, int]
    order: int


def _work(uow, **product) -> Work:
    """100 lamps from 1 base (3 % loss of issue) and 2 kept-by-lot arms each."""
    shop = factories.make_shop(uow)
    items = {
        "LAMP": factories.make_item(uow, "LAMP", **product),
        "BASE": factories.make_item(uow, "BASE"),
        "ARM": factories.make_item(uow, "ARM", tracking="lot"),
    }
    bills_of_material.save_bom(
        uow,
        bills_of_material.BOMDraft(
            items["LAMP"],
            (
                BOMLine(items["BASE"], Decimal(1), Decimal("0.03"), LossBasis.OF_ISSUE),
                BOMLine(items["ARM"], Decimal(2)),
            ),
        ),
    )
    factories.stock_up(uow, shop, items["BASE"], 150, "A-01")
    soon = factories.make_lot(uow, items["ARM"], "SOON", clock.now() + timedelta(days=9))
    late = factories.make_lot(uow, items["ARM"], "LATE", clock.now() + timedelta(days=90))
    factories.stock_up(uow, shop, items["ARM"], 300, "A-02", lot=late)
    factories.stock_up(uow, shop, items["ARM"], 150, "A-03", lot=soon)
    order = manufacturing.create_order(uow, NewOrder(items["LAMP"], Decimal(100), shop.warehouse))
    manufacturing.release(uow, ActCommand(order.id, "release", order.version))
    return Work(shop, items, order.id)


def _issue_all(uow, work: Work) -> None:
    manufacturing.issue(uow, Handling(work.order, "BASE", "A-01"))
    manufacturing.issue(uow, Handling(work.order, "ARM", "A-03", Decimal(150)))
    manufacturing.issue(uow, Handling(work.order, "ARM", "B.A-02"))


def test_an_order_knows_its_components_and_where_to_take_them(uow) -> None:
    work = _work(uow)
    view = make_order(uow, work.order)
    base, arm = view.components
    assert (base.planned, arm.planned) == (104, 200)
    assert base.take_from == "A-01"
    assert [(p.place, p.lot, p.qty) for p in arm.proposals] == [
        ("A-02", "LATE", 50),
        ("A-03", "SOON", 150),
    ]  # the expiring lot whole, in walking order


def test_the_printed_order_names_the_product(uow) -> None:
    work = _work(uow)
    heads = dict(order_paper.order(uow, work.order).heads)
    name = uow.scalar("SELECT name FROM item WHERE id = %s", (work.items["LAMP"],))
    assert heads["Product"] == f"LAMP {name}"
    assert str(work.items["LAMP"]) not in heads.values()


def test_from_material_to_lamps_and_nothing_left(database) -> None:
    work = database.run(_work)
    keeper = database.as_user("storekeeper")
    keeper.run(_issue_all, work)
    keeper.run(manufacturing.complete, Completion(work.order, Decimal(40)))
    view = keeper.read(make_order, work.order)
    assert (view.product.made, view.components[0].used, view.components[1].used) == (40, 42, 80)
    keeper.run(manufacturing.complete, Completion(work.order, Decimal(60), place="A-05"))
    view = keeper.read(make_order, work.order)
    assert [line.there for line in view.components] == [0, 0]
    assert keeper.run(manufacturing.finish, Finish(work.order)).state == "done"
    assert keeper.read(factories.on_hand, work.items["LAMP"]) == 100
    assert database.read(lambda u: u.execute("SELECT * FROM ledger_differences()").fetchall()) == []


def test_a_wrong_bin_or_item_is_refused_by_name(uow) -> None:
    work = _work(uow)
    factories.make_item(uow, "SCREW")
    with pytest.raises(InvalidInput, match="SCREW is not on SC-"):
        manufacturing.issue(uow, Handling(work.order, "SCREW", "A-01", Decimal(1)))
    with pytest.raises(InvalidInput, match="XX-9 is no bin here"):
        manufacturing.issue(uow, Handling(work.order, "BASE", "XX-9", Decimal(1)))
    with pytest.raises(InvalidInput, match="Lot NIX of ARM does not lie there"):
        manufacturing.issue(uow, Handling(work.order, "ARM", "A-02", Decimal(1), lot="nix"))


def test_more_than_planned_needs_a_reason_also_from_a_plain_client(database) -> None:
    work = database.run(_work)
    database.run(manufacturing.issue, Handling(work.order, "BASE", "A-01"))
    more = Handling(work.order, "BASE", "A-01", Decimal(2))
    with pytest.raises(InvalidInput, match="104 planned, 104 issued; 2 more is too much"):
        database.run(manufacturing.issue, more)
    line = database.read(make_order, work.order).components[0].line_id
    plain = ActCommand(
        work.order,
        "issue",
        evidence={"scans": ["x"]},
        entries=(ActEntry(line, Decimal(1), from_location_id=work.shop.bins["A-01"]),),
    )
    with pytest.raises(EvidenceMissing, match="105 would be issued, 104 are planned"):
        database.run(documents.act, plain)
    database.run(manufacturing.issue, replace(more, reason="two were bent"))
    assert database.read(make_order, work.order).components[0].there == 106


def test_no_product_without_material(database) -> None:
    work = database.run(_work)
    database.run(manufacturing.issue, Handling(work.order, "BASE", "A-01", Decimal(10)))
    with pytest.raises(InvalidInput, match="Line 2 BASE: 11 are needed, 10 are in production"):
        database.run(manufacturing.complete, Completion(work.order, Decimal(10)))
    arm = database.read(make_order, work.order).components[1].line_id
    base = database.read(make_order, work.order).components[0].line_id
    honest = Completion(work.order, Decimal(10), used={base: Decimal(10), arm: Decimal(0)})
    with pytest.raises(InvalidInput, match="Say why"):
        database.run(manufacturing.complete, honest)
    database.run(manufacturing.complete, replace(honest, reason="arms came from the sample box"))
    assert database.read(make_order, work.order).product.made == 10


def test_scrap_and_the_rest_goes_back_before_the_end(database) -> None:
    work = database.run(_work)
    database.run(_issue_all, work)
    database.run(manufacturing.complete, Completion(work.order, Decimal(90)))
    with pytest.raises(InvalidInput, match="Say why it is scrapped"):
        database.run(manufacturing.scrap, Scrapping(work.order, "BASE", Decimal(2), " "))
    database.run(manufacturing.scrap, Scrapping(work.order, "BASE", Decimal(2), "cracked"))
    with pytest.raises(InvalidInput, match="90 of 100 were made"):
        database.run(manufacturing.finish, Finish(work.order))
    end = Finish(work.order, reason="customer took 90")
    with pytest.raises(ConfirmationRequired, match="8 BASE → A-01, 20 ARM → A-02"):
        database.run(manufacturing.finish, end)
    ended = database.run(manufacturing.finish, replace(end, confirmed=frozenset({"put_back"})))
    assert ended.state == "closed"
    assert database.read(factories.on_hand, work.items["BASE"], work.shop.bins["A-01"]) == 54


def test_plain_calls_cannot_end_an_order_early_or_use_anothers_material(database) -> None:
    work = database.run(_work)
    database.run(_issue_all, work)
    with pytest.raises(RuleRefused, match="104 of it are still on the way or in production"):
        database.run(documents.act, ActCommand(work.order, "finish_short", reason="enough"))
    other = database.run(
        manufacturing.create_order, NewOrder(work.items["LAMP"], Decimal(1), work.shop.warehouse)
    )
    database.run(manufacturing.release, ActCommand(other.id, "release"))
    with pytest.raises(TransitionRefused, match="only 0 of 1 done"):
        database.run(documents.act, ActCommand(other.id, "finish"))
    line = database.read(make_order, other.id).components[0].line_id
    steal = ActCommand(other.id, "scrap", reason="mine", entries=(ActEntry(line, Decimal(1)),))
    with pytest.raises(RuleRefused, match="more would be taken"):
        database.run(documents.act, steal)


def test_product_kept_by_lot_gets_one_and_the_order_can_be_reversed(database) -> None:
    work = database.run(_work, tracking="lot", shelf_life=240)
    database.run(_issue_all, work)
    with pytest.raises(InvalidInput, match="Give the lot of LAMP"):
        database.run(manufacturing.complete, Completion(work.order, Decimal(100)))
    database.run(manufacturing.complete, Completion(work.order, Decimal(100), lot="l-1"))
    done = database.run(manufacturing.finish, Finish(work.order))
    database.run(reversal.reverse, ActCommand(done.id, "reverse", reason="wrong BOM"))
    assert database.read(factories.on_hand, work.items["LAMP"]) == 0
    assert database.read(factories.on_hand, work.items["BASE"], work.shop.bins["A-01"]) == 150


def test_the_bom_of_another_product_is_refused_at_its_field(uow) -> None:
    work = _work(uow)
    bom = uow.scalar("SELECT id FROM bom WHERE item_id = %s", (work.items["LAMP"],))
    with pytest.raises(InvalidInput, match="makes another product") as refused:
        manufacturing.create_order(
            uow, NewOrder(work.items["BASE"], Decimal(1), work.shop.warehouse, bom)
        )
    assert refused.value.problems[0].field == "bom_id"
