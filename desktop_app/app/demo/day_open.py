"""What is still going on when the day ends, so that every screen has something to show."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

from desktop_app.app.demo import day_count, day_purchase, day_sales, day_shapes
from desktop_app.app.demo.record import expect
from desktop_app.app.demo.world import World
from desktop_app.queries.receiving import receiving_view
from desktop_app.services import (
    documents,
    manufacturing,
    outsourcing,
    picking,
    purchasing,
    receiving,
)
from desktop_app.services.documents import Draft
from desktop_app.services.manufacturing import Completion
from desktop_app.services.outsourcing import Return
from desktop_app.services.receiving import Receive, ReceiveEntry


def leave_work(world: World) -> None:
    """Orders to receive, parcels to pick, a count, frozen goods, material in production."""
    _purchases(world)
    _parcels(world)
    world.made["open_count"] = day_count.leave_one_open(world)
    _making(world)
    order = day_shapes.plating_order(world, Decimal(80))
    odd = world.run(
        "jihua", outsourcing.receive, Return(order.id, Decimal(80), weight_g=day_shapes.GRAMS * 71)
    )
    expect(odd.frozen, "a mismatch of weight was not frozen")
    world.made["open_outsourcing_order"] = day_shapes.plating_order(world, Decimal(40))
    world.made["frozen_receipt"] = odd.receipt
    world.made["sales_return"] = _return(world)


def _purchases(world: World) -> None:
    codes = day_purchase.best_sellers(9)[4:]
    draft = day_purchase.purchase_draft(world, dict.fromkeys(codes, 144) | {"JX-500": 40}, "S03")
    order = world.run("caigou", purchasing.create_approved, draft)
    lines = world.read("cangku", receiving_view, order.id).lines
    done = world.run(
        "cangku",
        receiving.receive,
        Receive(
            order.id,
            tuple(ReceiveEntry(line.line_id, Decimal(60)) for line in lines[:4]),
            reference="SH-31002",
        ),
    )
    world.made["open_purchase_order"], world.made["open_receipt"] = order, done.receipt
    draft = day_purchase.purchase_draft(world, dict.fromkeys(codes[:3], 72), "S02")
    world.run("caigou", documents.create, draft)


def _parcels(world: World) -> None:
    """One parcel to pick, one picked and waiting for its check, one checked."""
    orders = [ref for name, ref in world.made.items() if name.startswith("order-")]
    for order, name in zip(
        orders[-day_sales.LEFT_OPEN :], ("to_pick", "picked", "verified"), strict=False
    ):
        shipment = world.run(
            "cangku", picking.release_to_picking, order.id, None, uuid4(), ("part_release",)
        )
        if name != "to_pick":
            day_sales.pick_all(world, shipment)
        if name == "verified":
            day_sales.verify(world, shipment)
        world.made[name] = shipment


def _making(world: World) -> None:
    order = day_shapes.issued_work_order(world, Decimal(30))
    world.run("cangku", manufacturing.complete, Completion(order.id, Decimal(12)))
    world.made["open_work_order"] = order


def _return(world: World) -> documents.DocumentRef:
    """A customer sends one piece of the first parcel back."""
    draft = world.read("xiaoshou", documents.derive, "sales_return", world.made["shipment"].id)
    one = {**draft.lines[0], "qty": Decimal(1)}
    return world.run(
        "xiaoshou", documents.create, Draft(draft.kind, draft.head, (one,), draft.origin_id)
    )
