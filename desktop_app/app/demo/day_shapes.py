"""Transfer, production and outsourcing: the other shapes on the same engine."""

from __future__ import annotations

from decimal import Decimal

from desktop_app.app.demo import day_purchase
from desktop_app.app.demo.record import expect
from desktop_app.app.demo.world import World
from desktop_app.core.errors import ConfirmationRequired
from desktop_app.domain.bom import BOMLine, LossBasis
from desktop_app.queries.manufacturing import make_order
from desktop_app.queries.stock import line_stock
from desktop_app.services import (
    bills_of_material,
    documents,
    manufacturing,
    outsourcing,
    transfers,
)
from desktop_app.services.bills_of_material import BOMDraft
from desktop_app.services.documents import ActCommand, DocumentRef, Draft
from desktop_app.services.manufacturing import Completion, Finish, Scrapping
from desktop_app.services.material import Handling, NewOrder
from desktop_app.services.outsourcing import Decision, Return
from desktop_app.services.transfers import Arrival, Settlement

SENT = Decimal(24)
PLATED = "JL-0123-NI"
GRAMS = Decimal("19.2")


def transfer(world: World) -> None:
    """Two transfers to the shop: one arrives whole, of the other four pieces are missing."""
    codes = day_purchase.best_sellers(3)
    whole = _send(world, codes[:1])
    arrived = world.run(
        "cangku", transfers.arrive, Arrival(whole.id, f"I.{codes[0]}", SENT, "B.S-01")
    )
    expect(arrived.state == "received", f"{whole.number} is {arrived.state}")
    short = _send(world, codes[1:])
    world.run("cangku", transfers.arrive, Arrival(short.id, f"I.{codes[1]}", SENT, "B.S-02"))
    world.run("cangku", transfers.arrive, Arrival(short.id, f"I.{codes[2]}", SENT - 4, "B.S-03"))
    world.refused(
        "cangku",
        "take in more than is on the way",
        transfers.arrive,
        Arrival(short.id, f"I.{codes[2]}", Decimal(9), "B.S-03"),
    )
    disputed = world.run(
        "cangku",
        transfers.report_difference,
        ActCommand(short.id, "dispute", reason="门店少收 4 只, 外箱破损"),
    )
    expect(disputed.state == "disputed", f"{short.number} is {disputed.state}")
    world.refused(
        "cangku",
        "write off what is missing in transit",
        transfers.settle,
        Settlement(short.id, "lost", "找不到"),
    )
    world.made["transfer"] = disputed
    world.record.fact("in_transit_disputed", "4")


def _send(world: World, codes: list[str]) -> DocumentRef:
    made = world.run(
        "cangku",
        documents.create,
        Draft(
            "transfer",
            {"warehouse_id": world.demo.warehouse, "to_warehouse_id": world.demo.shop},
            tuple({"item_id": world.demo.items[code], "qty": SENT} for code in codes),
        ),
    )
    sent = world.run("cangku", transfers.ship_out, ActCommand(made.id, "ship_out", made.version))
    expect(sent.state == "in_transit", f"{made.number} is {sent.state}")
    return sent


def production(world: World) -> None:
    """A new BOM version over three levels, then a work order from release to finish."""
    _bom(world)
    order = issued_work_order(world, Decimal(50))
    world.run(
        "cangku", manufacturing.scrap, Scrapping(order.id, f"I.{PLATED}", Decimal(1), "电镀起泡")
    )
    made = world.run("cangku", manufacturing.complete, Completion(order.id, Decimal(49)))
    expect(made.state == "released", f"{order.number} is {made.state}")
    finish = Finish(order.id, "一套缺件")
    asked = world.refused(
        "jihua", "finish while material lies in production", manufacturing.finish, finish
    )
    assert isinstance(asked, ConfirmationRequired)
    done = world.run(
        "jihua", manufacturing.finish, Finish(order.id, finish.reason, frozenset({asked.key}))
    )
    expect(done.state == "closed", f"{order.number} is {done.state}")
    world.pdf("jihua", order, "order", "work-order")
    world.made["work_order"] = done


def issued_work_order(world: World, qty: Decimal) -> DocumentRef:
    """A work order for ``qty`` sets, released, with all its material issued as proposed."""
    order = world.run(
        "jihua",
        manufacturing.create_order,
        NewOrder(world.demo.items["JM-SET"], qty, world.demo.warehouse),
    )
    world.run("jihua", manufacturing.release, ActCommand(order.id, "release", order.version))
    for line in world.read("cangku", make_order, order.id).components:
        for found in line.proposals:
            world.run(
                "cangku",
                manufacturing.issue,
                Handling(order.id, f"I.{line.item_code}", f"B.{found.place}", found.qty, found.lot),
            )
    return order


def _bom(world: World) -> None:
    items = world.demo.items
    world.run(
        "jihua",
        bills_of_material.save_bom,
        BOMDraft(
            items["JM-BOX"],
            (
                BOMLine(items["JM-SET"], Decimal(6), Decimal(0), LossBasis.OF_ISSUE),
                BOMLine(items["HZ-01"], Decimal(2), Decimal("0.01"), LossBasis.OF_ISSUE),
            ),
            version="2",
            remark="双层盒",
        ),
    )
    needs = world.read("jihua", bills_of_material.explosion, items["JM-BOX"], Decimal(10))
    world.record.fact("bom_of_10_JM-BOX", {need.code: str(need.qty) for need in needs})
    expect(max(need.level for need in needs) >= 3, "the BOM has too few levels")


def outsource(world: World) -> None:
    """Plating outside: what fits the scale is stock, what does not is frozen until decided."""
    order = plating_order(world, Decimal(200))
    fits = world.run(
        "jihua", outsourcing.receive, Return(order.id, Decimal(100), weight_g=GRAMS * 100)
    )
    expect(not fits.frozen, "goods of the right weight were frozen")
    odd = world.run(
        "jihua", outsourcing.receive, Return(order.id, Decimal(100), weight_g=GRAMS * 91)
    )
    expect(odd.frozen, "a mismatch of weight was not frozen")
    before = _free(world)
    world.refused(
        "jihua",
        "decide on frozen goods without the right",
        outsourcing.decide,
        Decision(odd.receipt.id, accept=True, reason="看起来没问题"),
    )
    accepted = world.run(
        "zhijian",
        outsourcing.decide,
        Decision(odd.receipt.id, accept=True, reason="复称: 秤未归零, 数量 100 无误"),
    )
    expect(accepted.state == "received", f"{odd.receipt.number} is {accepted.state}")
    expect(_free(world) == before + 100, "accepted goods are not free stock")
    world.record.fact("frozen_because", str(odd.warning))
    world.made["outsourcing_order"] = order
    world.made["outsourcing_receipt"] = accepted


def _free(world: World) -> Decimal:
    item = world.demo.items[PLATED]
    return world.read("jihua", line_stock, [item], world.demo.warehouse)[item].available


def plating_order(world: World, qty: Decimal) -> DocumentRef:
    """An approved order at the plater's with its material sent."""
    order = world.run(
        "jihua",
        outsourcing.create_order,
        NewOrder(
            world.demo.items[PLATED], qty, world.demo.warehouse, party_id=world.demo.subcontractor
        ),
    )
    world.run("jihua", documents.act, ActCommand(order.id, "approve", order.version))
    for line in world.read("jihua", make_order, order.id).components:
        for found in line.proposals:
            world.run(
                "jihua",
                outsourcing.issue,
                Handling(order.id, f"I.{line.item_code}", f"B.{found.place}", found.qty, found.lot),
            )
    return order
