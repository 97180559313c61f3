"""Warehouses and their places as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.walking_route import Stop
from desktop_app.queries.records import record


@dataclass(frozen=True)
class BinRow:
    """A place of a warehouse and what lies in it (``items`` different ones)."""

    id: int
    code: str
    kind: str
    route_seq: int
    items: int
    zone: str = ""
    aisle: str = ""
    rack: str = ""
    level: str = ""
    is_active: bool = True


_ITEMS = (
    "(SELECT count(DISTINCT b.item_id) FROM stock_balance b WHERE b.location_id = l.id"
    " AND b.on_hand > 0)"
)
# A subcontractor's warehouse and goods on the way stand for places of the ledger.
_BELONGS = (
    "(l.warehouse_id = w.id OR (w.kind = 'subcontractor' AND l.kind = 'subcontractor'"
    " AND l.party_id = w.party_id) OR (w.kind = 'transit' AND l.kind = 'transit'))"
)


ON_ROUTE = "({place}.kind = 'bin' OR {place}.kind = 'hold' AND {place}.rack <> '')"
"""Places a picker may pass: bins, also those of a quarantine warehouse; no docks."""


def warehouse_record(uow: UnitOfWork, warehouse_id: int) -> dict[str, Any]:
    """A warehouse with the name of the partner it stands for. Raises NotFound."""
    return record(
        uow,
        "SELECT w.*, p.code AS party_code, p.name AS party_name FROM warehouse w"
        " LEFT JOIN party p ON p.id = w.party_id WHERE w.id = %s",
        warehouse_id,
    )


def warehouse_places(uow: UnitOfWork, warehouse_id: int, *, closed: bool = False) -> list[BinRow]:
    """Docks and bins of a warehouse, bins in walking order; ``closed`` ones too when asked."""
    return uow.all(
        BinRow,
        f"SELECT l.id, l.code, l.kind, l.route_seq, {_ITEMS}, l.zone, l.aisle, l.rack, l.level,"
        f" l.is_active FROM warehouse w JOIN location l ON {_BELONGS}"
        " WHERE w.id = %s AND (l.is_active OR %s)"
        f" ORDER BY {ON_ROUTE.format(place='l')}, l.route_seq, l.code",
        (warehouse_id, closed),
    )


def stops(uow: UnitOfWork, warehouse_id: int) -> list[Stop]:
    """The bins of a warehouse that a picker may pass."""
    return uow.all(
        Stop,
        "SELECT l.id, l.code, l.zone, l.aisle, l.rack, l.level FROM location l"
        f" WHERE l.warehouse_id = %s AND {ON_ROUTE.format(place='l')} AND l.is_active"
        " ORDER BY l.route_seq, l.code",
        (warehouse_id,),
    )


def zones(uow: UnitOfWork, warehouse_id: int) -> list[str]:
    """Zones in use there."""
    rows = uow.execute(
        "SELECT DISTINCT zone FROM location WHERE warehouse_id = %s AND zone <> '' ORDER BY 1",
        (warehouse_id,),
    ).fetchall()
    return [zone for (zone,) in rows]
