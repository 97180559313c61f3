"""Purchase to receive: an order, goods scanned at the dock in parts, put away, labels."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from PySide6.QtCore import Qt

from desktop_app.app.demo.company import demo_rows
from desktop_app.app.demo.record import expect
from desktop_app.app.demo.screen import at_screen
from desktop_app.app.demo.world import World
from desktop_app.core import clock
from desktop_app.core.errors import ConfirmationRequired
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.queries.receiving import ReceivingView, put_away_view, receiving_view
from desktop_app.services import documents, purchasing, receiving
from desktop_app.services.documents import ActCommand, DocumentRef, Draft
from desktop_app.services.receiving import PutAway, Receive, ReceiveEntry

MILK, YEAST = "HNY-1L", "JX-500"
BEST_SELLERS = 4


def play(world: World) -> None:
    """The whole way of a purchase, part of it with the hands at the stations."""
    order = _order(world)
    first = _receive_by_scan(world, order)
    _put_away_by_scan(world, first)
    _receive_the_rest(world, order)


def best_sellers(count: int) -> list[str]:
    """Item codes the real orders ask for most."""
    wanted: dict[str, Decimal] = {}
    for row in demo_rows("order_lines.csv"):
        wanted[row["code"]] = wanted.get(row["code"], Decimal(0)) + Decimal(row["quantity"])
    return sorted(wanted, key=lambda code: (-wanted[code], code))[:count]


def purchase_draft(world: World, lines: dict[str, int], supplier: str = "S01") -> Draft:
    """A purchase order of (item code, quantity)."""
    return Draft(
        "purchase_order",
        {
            "party_id": world.demo.suppliers[supplier],
            "warehouse_id": world.demo.warehouse,
            "due_date": clock.today() + timedelta(days=3),
        },
        tuple(
            {
                "item_id": world.demo.items[code],
                "qty": Decimal(qty),
                "unit_price": Decimal("1.35") + Decimal(number) / 5,
            }
            for number, (code, qty) in enumerate(lines.items())
        ),
    )


def _order(world: World) -> DocumentRef:
    lines = dict.fromkeys(best_sellers(BEST_SELLERS), 240) | {YEAST: 60, MILK: 48}
    made = world.run("caigou", documents.create, purchase_draft(world, lines))
    world.refused(
        "cangku",
        "approve a purchase order",
        purchasing.approve,
        ActCommand(made.id, "approve", made.version),
    )
    world.refused(
        "cangku", "receive on an order that is not approved", receiving.open_order, made.number
    )
    approved = world.run("caigou", purchasing.approve, ActCommand(made.id, "approve", made.version))
    expect(approved.state == "approved", f"{made.number} is {approved.state}")
    world.made["purchase_order"] = approved
    world.pdf("caigou", approved, "order", "purchase-order")
    return approved


def _receive_by_scan(world: World, order: DocumentRef) -> DocumentRef:
    """At the station: the order's code, one item piece by piece, others code once + quantity."""
    view = world.read("cangku", receiving_view, order.id)
    codes = {line.item_code: world.read("cangku", _barcode, line.item_id) for line in view.lines}
    with at_screen(world, "cangku") as screen:
        page = screen.open("receiving")
        screen.scan(order.number)
        goods = [line.item_code for line in view.lines]
        for _piece in range(3):
            screen.scan(codes[goods[0]])
        for code in goods[1:3]:
            screen.scan(codes[code])
            screen.type("120")
        screen.scan("4006381333931")
        expect(page.feedback.kind == "unknown", "a foreign code was taken for goods")
        screen.grab("day-receiving")
        screen.press(Qt.Key.Key_F8)
        expect(page.posted is not None, f"nothing was received: {page.feedback.text}")
        result = page.posted
        expect(result.order_state == "part", f"the order is {result.order_state}")
        posted: DocumentRef = result.receipt
        screen.press(Qt.Key.Key_F9)
        screen.grab("day-labels")
    now = world.read("cangku", receiving_view, order.id)
    expect(
        [line.received for line in now.lines][:3] == [3, 120, 120],
        "received is not what was scanned",
    )
    world.pdf("cangku", posted, "item_labels", "item-labels")
    world.made["purchase_receipt"] = posted
    return posted


def _put_away_by_scan(world: World, receipt: DocumentRef) -> None:
    view = world.read("cangku", put_away_view, receipt.id)
    with at_screen(world, "cangku") as screen:
        page = screen.open("put_away", id=receipt.id)
        for number, line in enumerate(view.lines):
            screen.scan(f"B.{line.bin_code}")
            screen.scan(f"I.{line.item_code}")
            if number == len(view.lines) - 1:
                screen.grab("day-put-away")
            screen.press(Qt.Key.Key_Return)
        expect(page.feedback.kind == "ok", page.feedback.text)
    state = world.read("cangku", documents.view, receipt.id).state
    expect(state == "put_away", f"{receipt.number} is {state}")


def _receive_the_rest(world: World, order: DocumentRef) -> None:
    """What was missing, five pieces too many (asked), lots with expiry, put away to the end."""
    view = world.read("cangku", receiving_view, order.id)
    soon = clock.now() + timedelta(days=6)
    entries = tuple(_rest(view, line_no, soon) for line_no in range(1, len(view.lines) + 1))
    entries = (ReceiveEntry(entries[0].line_id, entries[0].qty + 5), *entries[1:])
    command = Receive(order.id, entries, reference="SH-20817")
    asked = world.refused(
        "cangku", "five pieces more than ordered, unasked", receiving.receive, command
    )
    expect(isinstance(asked, ConfirmationRequired), f"over-receipt was not asked about: {asked}")
    assert isinstance(asked, ConfirmationRequired)
    done = world.run(
        "cangku",
        receiving.receive,
        Receive(
            order.id,
            entries,
            frozenset({asked.key}),
            "供应商多送 5 只, 照收",
            "SH-20817",
            uuid=command.uuid,
        ),
    )
    again = world.run("cangku", receiving.receive, command)
    expect(again.receipt.id == done.receipt.id, "a receipt sent twice was posted twice")
    expect(done.order_state == "done", f"the order is {done.order_state}")
    put_away_all(world, done.receipt)
    world.record.fact("over_receipt", str(asked))
    world.made["second_receipt"] = done.receipt


def _rest(view: ReceivingView, line_no: int, expires: datetime) -> ReceiveEntry:
    line = view.lines[line_no - 1]
    if line.tracking == "none":
        return ReceiveEntry(line.line_id, line.open)
    return ReceiveEntry(
        line.line_id, line.open, f"{line.item_code[:2]}-{clock.today():%y%m%d}", expires
    )


def put_away_all(world: World, receipt: DocumentRef) -> None:
    """Everything of a receipt into the bins the program proposes."""
    for line in world.read("cangku", put_away_view, receipt.id).lines:
        world.run(
            "cangku",
            receiving.put_away,
            PutAway(receipt.id, line.line_id, f"B.{line.bin_code}", line.open),
        )


def receive_all(world: World, order: DocumentRef, put_away: bool = True) -> DocumentRef:
    """The quick way for later steps: the whole order in one receipt."""
    view = world.read("cangku", receiving_view, order.id)
    soon = clock.now() + timedelta(days=9)
    entries = tuple(_rest(view, line.line_no, soon) for line in view.lines)
    done = world.run("cangku", receiving.receive, Receive(order.id, entries))
    if put_away:
        put_away_all(world, done.receipt)
    return done.receipt


def _barcode(uow: UnitOfWork, item_id: int) -> str:
    return str(
        uow.scalar(
            "SELECT barcode FROM item_barcode WHERE item_id = %s ORDER BY 1 LIMIT 1", (item_id,)
        )
        or uow.scalar("SELECT code FROM item WHERE id = %s", (item_id,))
    )
