"""Everything the ship act needs to know, in one round trip, its rows locked in order."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from psycopg.rows import args_row

from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.posting import DocumentSnapshot
from desktop_app.queries.picking import PINS, Pin
from desktop_app.queries.snapshots import ask_snapshot, take_snapshot


@dataclass(frozen=True)
class Departure:
    """A shipment at the door. ``order_id`` None: it belongs to no order.

    ``open_lines`` maps the order's line ids to what had not left before.
    """

    shipment: DocumentSnapshot
    order_id: int | None
    door: str
    staged: tuple[Pin, ...]
    open_lines: dict[int, Decimal]


_ORDER = "(SELECT origin_id FROM document WHERE id = %(id)s)"
# A shipment always has an order: there is no other way to make one.
_LOCK_ORDER = (
    "SELECT o.id, w.exit_code FROM document s JOIN document o ON o.id = s.origin_id"
    " JOIN warehouse w ON w.id = s.warehouse_id WHERE s.id = %(id)s FOR NO KEY UPDATE OF o"
)
_OPEN = (
    f"SELECT l.id, l.qty - coalesce(d.qty, 0) FROM document_line l LEFT JOIN line_done({_ORDER}, 'ship')"
    f" d ON d.line_id = l.id WHERE l.document_id = {_ORDER}"
)


def get_departure(uow: UnitOfWork, shipment_id: int) -> Departure:
    """Locks the order, then the shipment (documents in order of their ids). Raises NotFound."""
    params = {"id": shipment_id}
    with uow.connection.cursor(row_factory=args_row(Pin)) as pins:
        with uow.pipeline():
            order = uow.execute(_LOCK_ORDER, params)
            asked = ask_snapshot(uow, shipment_id, done=False)
            pins.execute(PINS.encode(), (shipment_id,))
            open_lines = uow.execute(_OPEN, params)
        row = order.fetchone()
        return Departure(
            take_snapshot(asked),
            row[0] if row else None,
            str(row[1]) if row else "",
            tuple(pin for pin in pins.fetchall() if pin.staged),
            dict(open_lines.fetchall()),
        )
