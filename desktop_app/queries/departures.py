"""Everything the ship act needs to know, in one round trip, its rows locked in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.posting import ActEntry, DocumentSnapshot, LineSnapshot
from desktop_app.queries.snapshots import HEAD_COLUMNS, snapshot_of


@dataclass(frozen=True)
class Departure:
    """A shipment at the door: ``door`` is the code that hangs there, ``staged`` what stands at
    the dock for its lines.
    """

    shipment: DocumentSnapshot
    door: str
    staged: tuple[ActEntry, ...]


# A shipment always has an order: there is no other way to make one. Rows are locked in the
# order in which they are named, the older document first.
_HEAD = (
    f"SELECT w.exit_code, {HEAD_COLUMNS} FROM document d JOIN document o ON o.id = d.origin_id"
    " JOIN warehouse w ON w.id = d.warehouse_id WHERE d.id = %s FOR NO KEY UPDATE OF o, d"
)
# In a statement of its own: read after the lock was got. Each line looks its pins up, so that
# no kept plan ever reads the pins of all shipments.
_LINES = (
    "SELECT l.id, l.line_no, l.item_id, (SELECT i.code FROM item i WHERE i.id = l.item_id), l.qty,"
    " l.role, l.lot_id, l.location_id, l.to_location_id, l.origin_line_id,"
    " n.qty, n.lot_id, n.box_id, n.reservation_id FROM document_line l LEFT JOIN LATERAL ("
    " SELECT * FROM allocation n WHERE n.line_id = l.id AND n.qty > 0"
    " AND (SELECT p.kind FROM location p WHERE p.id = n.location_id) = 'staging' OFFSET 0) n ON true"
    " WHERE l.document_id = %s ORDER BY l.line_no, n.lot_id, n.reservation_id"
)
_OF_LINE = 10


def get_departure(uow: UnitOfWork, shipment_id: int) -> Departure:
    """Locks the order, then the shipment (documents in order of their ids). Raises NotFound."""
    with uow.pipeline():
        head = uow.execute(_HEAD, (shipment_id,))
        lines = uow.execute(_LINES, (shipment_id,))
    row = head.fetchone()
    if row is None:
        raise NotFound(N_("This document does not exist."))
    rows = lines.fetchall()
    return Departure(snapshot_of(row[1:], _lines(rows)), str(row[0]), _staged(rows))


def _lines(rows: Iterable[tuple[Any, ...]]) -> tuple[LineSnapshot, ...]:
    """One per line, whose row is there once for every pin."""
    return tuple({row[0]: LineSnapshot(*row[:_OF_LINE]) for row in rows}.values())


def _staged(rows: Iterable[tuple[Any, ...]]) -> tuple[ActEntry, ...]:
    pins = ((row[0], *row[_OF_LINE:]) for row in rows)
    return tuple(
        ActEntry(line_id, qty, lot_id, box_id, reservation_id=reservation_id)
        for line_id, qty, lot_id, box_id, reservation_id in pins
        if qty is not None
    )
