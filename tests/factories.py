"""A small shop for tests, made through the real services.

Plain functions; quantities are given as numbers or strings and become Decimal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.services import documents, master_data

_serial = count(1)


@dataclass(frozen=True)
class Shop:
    """Ids of what :func:`make_shop` made."""

    warehouse: int
    exit_code: str
    bins: dict[str, int]
    docks: dict[str, int]
    supplier: int
    customer: int
    customer2: int
    subcontractor: int
    items: dict[str, int] = field(default_factory=dict)


def make_shop(uow: UnitOfWork, prefix: str = "") -> Shop:
    """One warehouse with bins A-01…A-12, partners and no items."""
    warehouse = master_data.save_warehouse(uow, f"{prefix}W1", "Main warehouse", f"{prefix}EXIT-W1")
    bins = master_data.save_bins(uow, warehouse, [f"{prefix}A-{n:02d}" for n in range(1, 13)])
    docks = dict(
        uow.execute(
            "SELECT kind, id FROM location WHERE warehouse_id = %s AND kind <> 'bin'", (warehouse,)
        ).fetchall()
    )

    def party(code: str, name: str, **flags: bool) -> int:
        return master_data.save_party(uow, {"code": prefix + code, "name": name, **flags})

    return Shop(
        warehouse=warehouse,
        exit_code=f"{prefix}EXIT-W1",
        bins={code.removeprefix(prefix): id_ for code, id_ in bins.items()},
        docks=docks,
        supplier=party("S1", "Hongda Hardware", is_supplier=True),
        customer=party("C1", "Meijia Shop", is_customer=True),
        customer2=party("C2", "Xinwang Trade", is_customer=True),
        subcontractor=party("Z1", "Jinhua Plating", is_subcontractor=True),
    )


def make_item(uow: UnitOfWork, code: str = "", **values: Any) -> int:
    """An item; anything not given has its default."""
    code = code or f"ITEM-{next(_serial):04d}"
    return master_data.save_item(uow, {"code": code, "name": values.pop("name", code), **values})


def stock_up(
    uow: UnitOfWork,
    shop: Shop,
    item: int,
    qty: Any,
    bin_code: str = "A-01",
    *,
    lot: int = 0,
    price: Any = None,
) -> documents.DocumentRef:
    """Opening stock in a bin, posted."""
    line: dict[str, Any] = {
        "item_id": item,
        "qty": Decimal(str(qty)),
        "lot_id": lot,
        "to_location_id": shop.bins[bin_code],
    }
    if price is not None:
        line["unit_price"] = Decimal(str(price))
    draft = documents.Draft("opening_stock", {"warehouse_id": shop.warehouse}, (line,))
    return documents.create_and_act(
        uow, draft, documents.ActCommand(0, "post", reason="opening stock")
    )


def make_lot(uow: UnitOfWork, item: int, code: str, expires_at: datetime | None = None) -> int:
    """A lot of an item."""
    return master_data.save_lot(uow, item, code, expires_at=expires_at)


def on_hand(uow: UnitOfWork, item: int, location: int | None = None) -> Decimal:
    """What lies there (or anywhere physical) now."""
    return Decimal(
        uow.scalar(
            "SELECT coalesce(sum(on_hand), 0) FROM stock_balance WHERE item_id = %s"
            " AND (%s::bigint IS NULL OR location_id = %s)",
            (item, location, location),
        )
    )
