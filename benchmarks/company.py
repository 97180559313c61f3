"""The real company of the bench, made and used through the program's own services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

from desktop_app.database.unit_of_work import Database, UnitOfWork
from desktop_app.services import documents, master_data, picking, shipping
from desktop_app.services.documents import ActCommand, DocumentRef, Draft

BINS = 40
MOST_LINES = 500


@dataclass(frozen=True)
class Company:
    """Ids of what :func:`create` made; ``items`` in order."""

    warehouse: int
    exit_code: str
    bins: tuple[int, ...]
    party: int
    items: tuple[int, ...]


def create(database: Database, items: int, bins: int = BINS) -> Company:
    """One warehouse, its bins, one partner and so many items."""
    return database.run(_create, items, bins)


def _create(uow: UnitOfWork, items: int, bins: int) -> Company:
    warehouse = master_data.save_warehouse(uow, "W1", "Main warehouse", "W1-EXIT")
    places = master_data.save_bins(uow, warehouse, [f"A-{n:03d}" for n in range(1, bins + 1)])
    party = master_data.save_party(
        uow, {"code": "P1", "name": "Somebody", "is_customer": True, "is_supplier": True}
    )
    made = [
        master_data.save_item(uow, {"code": f"ITEM-{n:05d}", "name": f"Item {n}"})
        for n in range(1, items + 1)
    ]
    return Company(warehouse, "W1-EXIT", tuple(places.values()), party, tuple(made))


def stock_up(database: Database, company: Company, place: int, qty: Decimal) -> None:
    """Opening stock of every item at one bin, in documents of 500 lines."""
    for first in range(0, len(company.items), MOST_LINES):
        lines = tuple(
            {"item_id": item, "qty": qty, "to_location_id": place}
            for item in company.items[first : first + MOST_LINES]
        )
        database.run(
            documents.create_and_act,
            Draft("opening_stock", {"warehouse_id": company.warehouse}, lines),
            ActCommand(0, "post", reason="opening stock"),
        )


def receive(
    database: Database, company: Company, items: Sequence[int], qty: Decimal
) -> DocumentRef:
    """A receipt at the dock, written and posted in one call."""
    return database.run(
        documents.create_and_act,
        Draft(
            "purchase_receipt",
            {"party_id": company.party, "warehouse_id": company.warehouse},
            tuple({"item_id": item, "qty": qty} for item in items),
        ),
        ActCommand(0, "receive"),
    )


def move(
    database: Database,
    company: Company,
    items: Sequence[int],
    qty: Decimal,
    source: int,
    target: int,
) -> DocumentRef:
    """A bin move, written and posted in one call."""
    return database.run(
        documents.create_and_act,
        Draft(
            "bin_move",
            {"warehouse_id": company.warehouse},
            tuple(
                {"item_id": item, "qty": qty, "location_id": source, "to_location_id": target}
                for item in items
            ),
        ),
        ActCommand(0, "move"),
    )


def prepare_shipment(
    database: Database, company: Company, items: Sequence[int], qty: Decimal
) -> DocumentRef:
    """An order whose shipment is picked and verified, waiting at the exit."""
    return database.run(_prepare, company, tuple(items), qty)


def _prepare(uow: UnitOfWork, company: Company, items: Sequence[int], qty: Decimal) -> DocumentRef:
    head = {"party_id": company.party, "warehouse_id": company.warehouse}
    lines = tuple({"item_id": item, "qty": qty, "unit_price": Decimal(10)} for item in items)
    order = documents.create(uow, Draft("sales_order", head, lines))
    shipment = picking.release_to_picking(uow, order.id, None, uuid4())
    picking.pick_all(uow, shipment.id, uuid4(), "bench")
    return shipping.verify_all(uow, shipment.id, uuid4(), "bench")


def ship(database: Database, company: Company, shipment: DocumentRef, waybill: str) -> DocumentRef:
    """The exit is scanned, the waybill given, the goods leave."""
    return database.run(
        shipping.ship, shipping.Ship(shipment.id, shipment.version, company.exit_code, waybill)
    )
