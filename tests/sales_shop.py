"""A shop with goods to sell, and the steps of a sale as short words."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from desktop_app.core import clock
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.queries import picking as pick_queries
from desktop_app.services import documents, picking, sales, shipping
from desktop_app.services.documents import DocumentRef, Draft
from tests.factories import Shop

NEXT_MONTH = clock.today() + timedelta(days=30)


def order(
    uow: UnitOfWork,
    shop: Shop,
    *lines: tuple[int, Any],
    price: Any = 10,
    customer: int | None = None,
) -> DocumentRef:
    """A sales order of (item, quantity) lines at one price."""
    return documents.create(uow, order_draft(shop, *lines, price=price, customer=customer))


def order_draft(
    shop: Shop, *lines: tuple[int, Any], price: Any = 10, customer: int | None = None
) -> Draft:
    """The draft of such an order."""
    return Draft(
        "sales_order",
        {"party_id": customer or shop.customer, "warehouse_id": shop.warehouse},
        tuple(
            {"item_id": item, "qty": Decimal(str(qty)), "unit_price": Decimal(str(price))}
            for item, qty in lines
        ),
    )


def deposit(
    uow: UnitOfWork,
    ref: DocumentRef,
    amount: Any,
    until: date = NEXT_MONTH,
    reason: str = "deposit by WeChat",
    **more: Any,
) -> DocumentRef:
    """Take a deposit on an order."""
    return sales.take_deposit(
        uow,
        sales.TakeDeposit(
            ref.id, more.pop("version", None), Decimal(str(amount)), until, reason, **more
        ),
    )


def release(uow: UnitOfWork, ref: DocumentRef, *confirmed: str) -> DocumentRef:
    """Release an order to picking; returns the shipment."""
    return picking.release_to_picking(uow, ref.id, None, uuid4(), confirmed)


def pick(
    uow: UnitOfWork,
    shipment: DocumentRef,
    bin_code: str,
    item: str,
    qty: Any = None,
    lot: str = "",
    line: int = 0,
) -> DocumentRef:
    """Scan a bin and goods for the first line that is waiting (or the given one)."""
    tasks = pick_queries.get_sheet(uow, shipment.id).tasks
    line_id = line or (tasks[0].line_id if tasks else 0)
    return picking.pick(
        uow,
        picking.Pick(
            shipment.id, line_id, bin_code, item, None if qty is None else Decimal(str(qty)), lot
        ),
    )


def pick_everything(uow: UnitOfWork, shipment: DocumentRef) -> DocumentRef:
    """Walk the pick list bin by bin, scanning what it asks for."""
    result = shipment
    for task in pick_queries.get_sheet(uow, shipment.id).tasks:
        result = picking.pick(
            uow,
            picking.Pick(
                shipment.id,
                task.line_id,
                f"B.{task.bin_code}",
                f"I.{task.item_code}",
                task.qty,
                task.lot_code,
            ),
        )
    return result


def verify(uow: UnitOfWork, shipment: DocumentRef, *scans: tuple[str, Any]) -> DocumentRef:
    """Scan at the dock; without scans: exactly what stands there."""
    found = [shipping.Scanned(code, Decimal(str(qty))) for code, qty in scans] or [
        shipping.Scanned(p.item_code, p.qty, p.lot_code)
        for p in pick_queries.get_sheet(uow, shipment.id).picked
    ]
    return shipping.verify(uow, shipping.Verify(shipment.id, None, tuple(found)))


def ship(
    uow: UnitOfWork, shipment: DocumentRef, exit_code: str, waybill: str = "SF1234567", **more: Any
) -> DocumentRef:
    """Out of the door."""
    return shipping.ship(
        uow,
        shipping.Ship(shipment.id, None, exit_code, waybill, more.pop("carrier", "顺丰"), **more),
    )


def sell(uow: UnitOfWork, shop: Shop, *lines: tuple[int, Any]) -> tuple[DocumentRef, DocumentRef]:
    """An order shipped in one go: (order, shipment)."""
    made = order(uow, shop, *lines)
    shipment = release(uow, made)
    pick_everything(uow, shipment)
    verify(uow, shipment)
    return made, ship(uow, shipment, shop.exit_code)
