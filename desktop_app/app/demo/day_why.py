"""Ask why: the waterfall of a number, a bin at a minute, and a reversal with both sides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from desktop_app.app.demo import day_purchase
from desktop_app.app.demo.record import expect
from desktop_app.app.demo.world import World
from desktop_app.core import clock
from desktop_app.queries import trace
from desktop_app.queries.stock import item_stock
from desktop_app.services import documents, purchasing, reversal
from desktop_app.services.documents import ActCommand

SHOWN = 12


def ask_why(world: World) -> None:
    """Every step of the explanation, as the page shows it, into the summary."""
    code = day_purchase.best_sellers(1)[0]
    item = world.demo.items[code]
    found = world.read("cangku", trace.waterfall, item)
    expect(found.gap == 0, f"{found.gap} of {code} cannot be explained")
    expect(
        found.start.qty
        + sum((step.delta for step in found.steps), Decimal(0))
        + sum((block.delta for block in found.older), Decimal(0))
        == found.end,
        f"the explanation of {code} does not add up",
    )
    world.record.fact("item", code)
    world.record.fact(
        "waterfall",
        {
            "start": str(found.start.qty),
            "end": str(found.end),
            "steps": [_step(step) for step in found.steps[-SHOWN:]],
            "held_by": [
                str(holder.number) for holder in world.read("cangku", trace.who_holds, item)
            ],
        },
    )
    _bin_at_a_minute(world, item)


def _step(step: trace.Step) -> dict[str, str]:
    return {
        "number": step.number,
        "verb": step.verb,
        "actor": step.actor,
        "pc": step.workstation,
        "at": step.at.isoformat(timespec="seconds"),
        "change": str(step.delta),
        "after": str(step.balance),
    }


def _bin_at_a_minute(world: World, item: int) -> None:
    place = max(world.read("cangku", item_stock, item), key=lambda row: row.on_hand)
    now = world.read("cangku", trace.bin_at, place.location_id, clock.now())
    moment = now.before[len(now.before) // 2].at
    then = world.read("cangku", trace.bin_at, place.location_id, moment)
    expect(bool(then.rows), f"{then.code} held nothing at {moment}")
    world.record.fact(
        "bin_at_a_minute",
        {
            "bin": then.code,
            "now": _lying(now),
            "at": moment.isoformat(timespec="seconds"),
            "then": _lying(then),
            "events": len(now.before),
        },
    )
    world.notes["item"] = item
    world.notes["bin"] = place.location_id
    world.notes["moment"] = moment


def _lying(found: trace.BinAt) -> dict[str, str]:
    return {row.item_code: str(row.qty) for row in found.rows}


def reverse_a_receipt(world: World) -> None:
    """A receipt that should not be: reversed by finance, both sides linked, balances as before."""
    code = "HZ-01"
    before = _on_hand(world, code)
    order = world.run(
        "caigou", purchasing.create_approved, day_purchase.purchase_draft(world, {code: 300}, "S02")
    )
    receipt = day_purchase.receive_all(world, order, put_away=False)
    expect(_on_hand(world, code) == before + 300, "the receipt did not arrive")
    command = ActCommand(receipt.id, "reverse", reason="收错供应商的货")
    world.refused("cangku", "reverse a posted receipt", reversal.reverse, command)
    red = world.run("caiwu", reversal.reverse, command)
    expect(world.run("caiwu", reversal.reverse, command).id == red.id, "reversed twice")
    expect(_on_hand(world, code) == before, "the reversal left something behind")
    seen: Any = world.read("caiwu", documents.view, receipt.id)
    expect(seen.state == "reversed", f"{receipt.number} is {seen.state}")
    world.record.fact("reversed", {"receipt": receipt.number, "red": red.number})
    world.made["reversed_receipt"] = receipt


def _on_hand(world: World, code: str) -> Decimal:
    rows = world.read("cangku", item_stock, world.demo.items[code])
    return sum((row.on_hand for row in rows), Decimal(0))
