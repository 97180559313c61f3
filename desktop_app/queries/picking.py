"""What a picker and a packer see: where to go next, what stands at the dock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from psycopg import Cursor

from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.allocation import Candidate
from desktop_app.domain.units import ItemUnits
from desktop_app.queries.items import units_of

DOCK_WALK = 2_147_483_647
"""Goods still at the receiving dock are fetched last on the walk."""


@dataclass(frozen=True)
class Candidates:
    """Item id to the balances goods may be taken from; ``now`` is the server's clock."""

    now: datetime | None
    by_item: Mapping[int, Sequence[Candidate]]


@dataclass(frozen=True)
class PickTask:
    """Fetch ``qty`` base units of the item from the bin for that line."""

    line_id: int
    line_no: int
    location_id: int
    bin_code: str
    route_seq: int
    item_id: int
    item_code: str
    item_name: str
    spec: str
    uom: str
    tracking: str
    lot_id: int
    lot_code: str
    expires_at: datetime | None
    box_id: int
    qty: Decimal
    units: ItemUnits | None = None


@dataclass(frozen=True)
class PickedItem:
    """What stands at the dock for a shipment, by item and lot."""

    line_no: int
    item_id: int
    item_code: str
    item_name: str
    uom: str
    lot_code: str
    qty: Decimal
    units: ItemUnits | None = None


@dataclass(frozen=True)
class Pin:
    """A part of a reservation pinned to a place for a shipment line."""

    reservation_id: int
    line_id: int
    item_id: int
    location_id: int
    location_code: str
    staged: bool
    lot_id: int
    lot_code: str
    box_id: int
    qty: Decimal


@dataclass(frozen=True)
class OpenShipment:
    """A shipment somebody has to work on."""

    id: int
    number: str
    state: str
    customer: str
    warehouse: str
    order_number: str
    lines: int
    lines_left: int
    released_at: datetime


@dataclass(frozen=True)
class ShipmentSheet:
    """A shipment as the stations show it. ``exit_name`` names the door whose code is asked."""

    id: int
    number: str
    state: str
    version: int
    customer: str
    warehouse: str
    order_number: str
    carrier: str
    waybill: str
    lines: int
    tasks: tuple[PickTask, ...]
    picked: tuple[PickedItem, ...]

    @property
    def next_task(self) -> PickTask | None:
        """Where to go now, or None when everything is fetched."""
        return self.tasks[0] if self.tasks else None


_CANDIDATES = f"""
SELECT clock_timestamp(), b.item_id, b.location_id,
       CASE WHEN l.kind = 'bin' THEN l.route_seq ELSE {DOCK_WALK} END, l.code,
       b.on_hand - b.allocated, CASE WHEN o.id = 0 THEN NULL ELSE o.created_at END,
       b.lot_id, o.code, o.expires_at, b.box_id, o.held
FROM stock_balance b JOIN location l ON l.id = b.location_id JOIN lot o ON o.id = b.lot_id
WHERE b.item_id = ANY(%s::bigint[]) AND l.warehouse_id = %s AND l.is_active
  AND l.kind IN ('bin', 'receiving') AND b.on_hand > b.allocated
"""


def ask_candidates(uow: UnitOfWork, items: Sequence[int], warehouse_id: int) -> Cursor[Any]:
    """Queue the query for bins of a warehouse that goods may be taken from.

    Goods at the shipping dock are already on their way and never a source.
    """
    return uow.execute(_CANDIDATES, (list(items), warehouse_id))


def take_candidates(asked: Cursor[Any]) -> Candidates:
    """The answer of :func:`ask_candidates`."""
    found: dict[int, list[Candidate]] = defaultdict(list)
    now = None
    for moment, item_id, *values in asked.fetchall():
        now = moment
        found[item_id].append(Candidate(*values))
    return Candidates(now, found)


_TASKS = f"""
SELECT l.id, l.line_no, p.id, p.code, CASE WHEN p.kind = 'bin' THEN p.route_seq ELSE {DOCK_WALK} END,
       i.id, i.code, i.name, i.spec, i.uom, i.tracking, n.lot_id, o.code, o.expires_at, n.box_id,
       sum(n.qty)
FROM document_line l JOIN allocation n ON n.line_id = l.id AND n.qty > 0
JOIN location p ON p.id = n.location_id AND p.kind <> 'staging'
JOIN item i ON i.id = n.item_id JOIN lot o ON o.id = n.lot_id
WHERE l.document_id = %s
GROUP BY l.id, p.id, i.id, n.lot_id, o.code, o.expires_at, n.box_id ORDER BY 5, 4, 2, 13
"""
_PICKED = """
SELECT min(l.line_no), i.id, i.code, i.name, i.uom, o.code, sum(n.qty)
FROM document_line l JOIN allocation n ON n.line_id = l.id AND n.qty > 0
JOIN location p ON p.id = n.location_id AND p.kind = 'staging'
JOIN item i ON i.id = n.item_id JOIN lot o ON o.id = n.lot_id
WHERE l.document_id = %s GROUP BY i.id, o.code ORDER BY 1, 6
"""
PINS = """
SELECT n.reservation_id, n.line_id, n.item_id, n.location_id, p.code, p.kind = 'staging', n.lot_id,
       o.code, n.box_id, n.qty
FROM document_line l
JOIN LATERAL (SELECT * FROM allocation n WHERE n.line_id = l.id AND n.qty > 0 OFFSET 0) n ON true
JOIN location p ON p.id = n.location_id JOIN lot o ON o.id = n.lot_id
WHERE l.document_id = %s ORDER BY l.line_no, p.code, n.lot_id, n.reservation_id
"""
_SHIPMENT = """
SELECT d.id, d.number, d.state, d.version, coalesce(p.name, ''), coalesce(w.name, ''),
       coalesce(o.number, ''), coalesce(s.carrier, ''), coalesce(s.waybill, ''),
       (SELECT count(*) FROM document_line l WHERE l.document_id = d.id)
FROM document d LEFT JOIN party p ON p.id = d.party_id LEFT JOIN warehouse w ON w.id = d.warehouse_id
LEFT JOIN document o ON o.id = d.origin_id LEFT JOIN shipment s ON s.document_id = d.id
WHERE d.id = %s AND d.kind = 'shipment'
"""


def get_sheet(uow: UnitOfWork, shipment_id: int) -> ShipmentSheet:
    """The shipment with what is left to fetch (in walking order) and what is at the dock.

    Raises NotFound.
    """
    head: tuple[Any, ...] = uow.one(lambda *row: row, _SHIPMENT, (shipment_id,))
    tasks = tuple(uow.all(PickTask, _TASKS, (shipment_id,)))
    picked = tuple(uow.all(PickedItem, _PICKED, (shipment_id,)))
    return ShipmentSheet(*(*head, tasks, picked))


def get_sheet_in_units(uow: UnitOfWork, shipment_id: int) -> ShipmentSheet:
    """The same for a person: each item with the units it may be counted in. Raises NotFound."""
    sheet = get_sheet(uow, shipment_id)
    items = {task.item_id for task in sheet.tasks} | {row.item_id for row in sheet.picked}
    units = units_of(uow, items)
    return replace(
        sheet,
        tasks=tuple(replace(task, units=units.get(task.item_id)) for task in sheet.tasks),
        picked=tuple(replace(row, units=units.get(row.item_id)) for row in sheet.picked),
    )


def pins(uow: UnitOfWork, shipment_id: int) -> list[Pin]:
    """What is pinned for the shipment's lines, at bins and at the shipping dock."""
    return uow.all(Pin, PINS, (shipment_id,))


def open_shipments(uow: UnitOfWork, states: Sequence[str]) -> list[OpenShipment]:
    """Shipments in one of the states, the oldest first."""
    return uow.all(
        OpenShipment,
        "SELECT d.id, d.number, d.state, coalesce(p.name, ''), coalesce(w.name, ''),"
        " coalesce(o.number, ''), (SELECT count(*) FROM document_line l WHERE l.document_id = d.id),"
        " (SELECT count(DISTINCT l.id) FROM document_line l JOIN allocation n ON n.line_id = l.id"
        "  AND n.qty > 0 JOIN location k ON k.id = n.location_id AND k.kind <> 'staging'"
        "  WHERE l.document_id = d.id), d.created_at"
        " FROM document d LEFT JOIN party p ON p.id = d.party_id"
        " LEFT JOIN warehouse w ON w.id = d.warehouse_id LEFT JOIN document o ON o.id = d.origin_id"
        " WHERE d.kind = 'shipment' AND d.state = ANY(%s::text[]) ORDER BY d.id LIMIT 200",
        (list(states),),
    )


@dataclass(frozen=True)
class FoundDocument:
    """What a scanned number names; ``shipment_id`` is the shipment to work on, if any."""

    id: int
    kind: str
    number: str
    state: str
    version: int
    shipment_id: int | None


def find_document(uow: UnitOfWork, number: str) -> FoundDocument | None:
    """A shipment by its own number, or by the number of its order (the one being worked on)."""
    return uow.find(
        FoundDocument,
        "SELECT d.id, d.kind, d.number, d.state, d.version, CASE WHEN d.kind = 'shipment' THEN d.id"
        " ELSE (SELECT max(s.id) FROM document s WHERE s.origin_id = d.id AND s.kind = 'shipment'"
        "       AND s.state IN ('released', 'picked', 'verified')) END"
        " FROM document d WHERE d.number = %s",
        (number,),
    )
