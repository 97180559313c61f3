"""Everything the ship act needs to know, in one round trip, its rows locked in order."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from psycopg.rows import args_row

from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.posting import DocumentSnapshot
from desktop_app.queries.picking import PINS, Pin
from desktop_app.queries.snapshots import ask_snapshot, take_snapshot


@dataclass(frozen=True)
class Departure:
    """A shipment at the door. ``order_id`` None: it belongs to no order.

    ``open_lines`` maps the order's line ids to what had not left before; ``recorded`` tells
    that the act of this uuid was posted already.
    """

    recorded: bool
    shipment: DocumentSnapshot
    order_id: int | None
    door: str
    staged: tuple[Pin, ...]
    open_lines: dict[int, Decimal]


_ORDER = "(SELECT origin_id FROM document WHERE id = %(id)s)"
_LOCK_ORDER = f"SELECT id FROM document WHERE id = {_ORDER} FOR NO KEY UPDATE"
# Asked after the shipment is locked: a twin of this act is then either committed, and found,
# or has not begun.
_DOOR = (
    "SELECT w.exit_code, EXISTS (SELECT 1 FROM act WHERE uuid = %(uuid)s) FROM document d"
    " JOIN warehouse w ON w.id = d.warehouse_id WHERE d.id = %(id)s"
)
_OPEN = (
    f"SELECT l.id, l.qty - coalesce(d.qty, 0) FROM document_line l LEFT JOIN line_done({_ORDER}, 'ship')"
    f" d ON d.line_id = l.id WHERE l.document_id = {_ORDER}"
)


def get_departure(uow: UnitOfWork, shipment_id: int, act_uuid: UUID) -> Departure:
    """Locks the order, then the shipment (documents in order of their ids). Raises NotFound."""
    params = {"id": shipment_id}
    with uow.connection.cursor(row_factory=args_row(Pin)) as pins:
        with uow.pipeline():
            order = uow.execute(_LOCK_ORDER, params)
            asked = ask_snapshot(uow, shipment_id)
            door = uow.execute(_DOOR, {**params, "uuid": act_uuid})
            pins.execute(PINS.encode(), (shipment_id,))
            open_lines = uow.execute(_OPEN, params)
        row, exit_row = order.fetchone(), door.fetchone()
        return Departure(
            bool(exit_row and exit_row[1]),
            take_snapshot(asked),
            row[0] if row else None,
            str(exit_row[0]) if exit_row else "",
            tuple(pin for pin in pins.fetchall() if pin.staged),
            dict(open_lines.fetchall()),
        )
