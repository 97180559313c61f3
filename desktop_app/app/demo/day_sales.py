"""Sell with a deposit, pick, verify and ship: the real orders of the excerpt, and a quarrel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from uuid import uuid4

from PySide6.QtCore import Qt

from desktop_app.app.demo.company import demo_rows
from desktop_app.app.demo.record import expect
from desktop_app.app.demo.screen import Screen, at_screen
from desktop_app.app.demo.world import World
from desktop_app.core import clock
from desktop_app.core.errors import ConfirmationRequired, InsufficientStock
from desktop_app.queries import picking as pick_queries, sales as sales_queries
from desktop_app.queries.stock import line_stock
from desktop_app.services import documents, picking, sales, shipping
from desktop_app.services.documents import ActCommand, DocumentRef, Draft

ORDERS = 40
"""How many of the excerpt's orders come in this day; six of them stay open for the pictures."""
LEFT_OPEN = 6
WANTED_BY_TWO = "22423"
OTHER_PC = "SALES-2"
NOTHING = Decimal(0)


def take_orders(world: World) -> None:
    """The first orders of the data set, as they were placed."""
    lines = pieces = 0
    for number, rows in _real_orders(ORDERS):
        draft = _draft(world, number, rows)
        made = world.run("xiaoshou", documents.create, draft)
        expect(made.state == "approved", f"{made.number} is {made.state}")
        world.made[f"order-{number}"] = made
        lines += len(draft.lines)
        pieces += sum(int(row["quantity"]) for row in rows)
    world.record.fact("orders", ORDERS)
    world.record.fact("lines", lines)
    world.record.fact("pieces", pieces)


def deposit_and_quarrel(world: World) -> None:
    """Goods locked by a deposit are refused to the other PC, which reads who holds them."""
    item = world.demo.items[_popular(world)]
    free = world.read("xiaoshou", line_stock, [item], world.demo.warehouse)[item].available
    first = _order_of(world, item, (free * 3 / 5).to_integral_value())
    deposit = sales.TakeDeposit(
        first.id,
        None,
        first_amount(world, first),
        clock.today() + timedelta(days=14),
        "微信收定金, 客户 12 月提货",
    )
    world.run("xiaoshou", sales.take_deposit, deposit)
    world.run("xiaoshou", sales.take_deposit, deposit)  # the button was pressed twice
    holds = world.read("xiaoshou", sales_queries.order_holds, first.id)
    expect(holds.locked == holds.lines[0].ordered, f"{holds.locked} locked")
    second = _order_of(world, item, (free * 3 / 5).to_integral_value(), customer=1)
    wanted = sales.TakeDeposit(
        second.id, None, first_amount(world, second), clock.today() + timedelta(days=7), "现金定金"
    )
    refusal = world.refused(
        "xiaoshou",
        f"lock the same goods from {OTHER_PC}",
        sales.take_deposit,
        wanted,
        workstation=OTHER_PC,
    )
    expect(
        isinstance(refusal, InsufficientStock) and first.number in str(refusal),
        f"the holder is not named: {refusal}",
    )
    with at_screen(world, "xiaoshou") as screen:
        screen.open("document", id=first.id, number=first.number, kind="sales_order")
        screen.grab("day-deposit")
    half = holds.locked // 2
    line = holds.lines[0].line_id
    world.refused(
        "xiaoshou",
        "release half a piece",
        sales.release_lock,
        sales.ReleaseLock(first.id, None, "客户同意分两次提货", {line: Decimal("0.5")}),
    )
    world.run(
        "xiaoshou",
        sales.release_lock,
        sales.ReleaseLock(first.id, None, "客户同意分两次提货", {line: half}),
    )
    world.person("xiaoshou", OTHER_PC).run(sales.take_deposit, wanted)
    log = world.read("xiaoshou", sales_queries.lock_log, first.id)
    expect(len(log) == 2, f"{len(log)} entries in the log of the lock")
    world.record.fact("refused_with", str(refusal))
    world.made["deposit_order"] = first
    world.notes["held_item"] = item


def ship_orders(world: World) -> None:
    """One parcel by hand at the stations, the others by the same scans through the services."""
    numbers = [number for number, _rows in _real_orders(ORDERS - LEFT_OPEN)]
    _first_parcel(world, world.made[f"order-{numbers[0]}"])
    parts = 0
    for count, number in enumerate(numbers[1:], start=1):
        shipment = _release(world, world.made[f"order-{number}"])
        if shipment is None:
            continue
        _pick_and_ship(world, shipment, f"SF{1_400_000_000 + count}", part=count == 1)
        state = world.read("xiaoshou", documents.view, world.made[f"order-{number}"].id).state
        parts += state == "part"
    expect(parts >= 1, "no order was shipped in part")
    world.record.fact("part_shipped", parts)


def _real_orders(count: int) -> list[tuple[str, list[dict[str, str]]]]:
    rows = groupby(demo_rows("order_lines.csv"), key=lambda row: row["order"])
    return [(number, list(lines)) for (number, lines), _ in zip(rows, range(count), strict=False)]


def _draft(world: World, number: str, rows: Sequence[dict[str, str]]) -> Draft:
    return Draft(
        "sales_order",
        {
            "party_id": world.demo.customers[rows[0]["customer"]],
            "warehouse_id": world.demo.warehouse,
            "reference": number,
            "due_date": clock.today() + timedelta(days=2),
        },
        tuple(
            {
                "item_id": world.demo.items[row["code"]],
                "qty": Decimal(row["quantity"]),
                "unit_price": Decimal(row["price"]),
            }
            for row in rows
        ),
    )


def _popular(world: World) -> str:
    known = world.demo.items
    return WANTED_BY_TWO if WANTED_BY_TWO in known else next(iter(known))


def _order_of(world: World, item: int, qty: Decimal, customer: int = 0) -> DocumentRef:
    party = list(world.demo.customers.values())[customer]
    return world.run(
        "xiaoshou",
        documents.create,
        Draft(
            "sales_order",
            {"party_id": party, "warehouse_id": world.demo.warehouse},
            ({"item_id": item, "qty": qty, "unit_price": Decimal("12.75")},),
        ),
    )


def first_amount(world: World, order: DocumentRef) -> Decimal:
    """A deposit that pays the whole order, so that all of it is locked."""
    _paid, gross = world.read("xiaoshou", sales_queries.paid_and_gross, order.id)
    return gross


def _release(world: World, order: DocumentRef) -> DocumentRef | None:
    """To picking; when only a part is there, that part (the person says yes)."""
    uuid = uuid4()
    try:
        return world.run("cangku", picking.release_to_picking, order.id, None, uuid)
    except ConfirmationRequired as asked:
        return world.run("cangku", picking.release_to_picking, order.id, None, uuid, (asked.key,))
    except InsufficientStock as short:
        world.record.refused("cangku", f"pick {order.number}", str(short))
        return None


def _first_parcel(world: World, order: DocumentRef) -> None:
    shipment = world.run("cangku", picking.release_to_picking, order.id, None, uuid4())
    world.pdf("cangku", shipment, "pick_list", "pick-list")
    world.refused(
        "cangku",
        "ship before anything was picked",
        shipping.ship,
        shipping.Ship(shipment.id, None, "W1-EXIT", "SF1399999999"),
    )
    with at_screen(world, "cangku") as screen:
        page = screen.open("picking", id=shipment.id)
        tasks = world.read("cangku", pick_queries.get_sheet, shipment.id).tasks
        screen.scan("B.C-12-4")
        expect(page.feedback.kind == "wrong", "a wrong bin was taken")
        world.record.refused("cangku", "pick from a wrong bin", page.feedback.text)
        screen.scan(f"B.{tasks[0].bin_code}")
        screen.scan("I.JX-500")
        expect(page.feedback.kind == "wrong", "a wrong item was taken")
        world.record.refused("cangku", "pick a wrong item", page.feedback.text)
        screen.grab("day-picking-refused")
        for number, task in enumerate(tasks):
            if number:
                screen.scan(f"B.{task.bin_code}")
            screen.scan(f"I.{task.item_code}")
            if number == 1:
                screen.grab("day-picking")
            screen.press(Qt.Key.Key_Return)
        expect(page.sheet.state == "picked", f"the shipment is {page.sheet.state}")
        _check_and_ship_by_hand(world, screen, shipment)
    gone = world.read("cangku", documents.view, shipment.id)
    expect(gone.state == "shipped", f"{shipment.number} is {gone.state}")
    world.pdf("xiaoshou", shipment, "delivery_note", "delivery-note")
    world.pdf("cangku", shipment, "delivery_note_plain", "delivery-note-without-prices")
    world.made["shipment"] = shipment


def _check_and_ship_by_hand(world: World, screen: Screen, shipment: DocumentRef) -> None:
    page = screen.open("shipping", id=shipment.id)
    for row in world.read("cangku", pick_queries.get_sheet, shipment.id).picked:
        screen.scan(f"I.{row.item_code}")
        screen.type(f"*{row.qty.normalize():f}")
    screen.grab("day-shipping")
    screen.scan("X.W2-EXIT")
    screen.scan("SF1400000000")
    screen.press(Qt.Key.Key_Return)
    expect(page.feedback.kind == "wrong", "the exit code of another warehouse was taken")
    world.record.refused("cangku", "leave by the wrong door", page.feedback.text)
    screen.scan("X.W1-EXIT")
    screen.scan("SF1400000000")
    screen.type("顺丰")


def _pick_and_ship(world: World, shipment: DocumentRef, waybill: str, *, part: bool) -> None:
    pick_all(world, shipment, leave_last=part)
    if part:
        world.run(
            "cangku",
            picking.pick_short,
            ActCommand(shipment.id, "pick_short", reason="最后一行明天补发"),
        )
    verify(world, shipment)
    world.run(
        "cangku", shipping.ship, shipping.Ship(shipment.id, None, "X.W1-EXIT", waybill, "顺丰")
    )


def pick_all(world: World, shipment: DocumentRef, *, leave_last: bool = False) -> None:
    """Walk the pick list bin by bin with the scanner."""
    tasks = world.read("cangku", pick_queries.get_sheet, shipment.id).tasks
    for task in tasks[:-1] if leave_last else tasks:
        world.run(
            "cangku",
            picking.pick,
            picking.Pick(
                shipment.id,
                task.line_id,
                f"B.{task.bin_code}",
                f"I.{task.item_code}",
                task.qty,
                task.lot_code,
            ),
        )


def verify(world: World, shipment: DocumentRef) -> None:
    """Scan once more what stands at the dock."""
    picked = world.read("cangku", pick_queries.get_sheet, shipment.id).picked
    scans = tuple(shipping.Scanned(row.item_code, row.qty, row.lot_code) for row in picked)
    world.run("cangku", shipping.verify, shipping.Verify(shipment.id, None, scans))
