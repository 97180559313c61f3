"""What a customer sends back: at most what left, at the price it was sold for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.queries.snapshots import get_snapshot
from desktop_app.services.draft_writer import Draft


@dataclass(frozen=True)
class _Out:
    """Goods of a shipment line that are still with the customer."""

    line_id: int
    item_id: int
    lot_id: int
    qty: Decimal
    order_line: int | None


_OPEN = """
SELECT l.id, l.item_id, m.lot_id, m.qty, coalesce(b.qty, 0), l.origin_line_id
FROM document_line l
JOIN (SELECT v.line_id, v.lot_id, sum(v.qty) AS qty FROM act a JOIN stock_move v
           ON v.act_id = a.id WHERE a.document_id = %(id)s AND a.verb = 'ship' GROUP BY 1, 2) m
       ON m.line_id = l.id
LEFT JOIN line_done(%(id)s, 'receive_back') b ON b.line_id = l.id
WHERE l.document_id = %(id)s ORDER BY l.line_no, m.lot_id
"""
_PRICES = (
    "SELECT line_id, unit_price, tax_rate FROM sales_line_price WHERE line_id = ANY(%s::bigint[])"
)


def derive_return(uow: UnitOfWork, shipment_id: int, *, to_hold: bool = False) -> Draft:
    """A draft of the return for what was shipped and has not come back yet.

    Prices are those of the order when this login may see them. ``to_hold`` sends the goods
    to quality hold instead of the receiving dock. Raises UserError when nothing is left.
    """
    shipment = get_snapshot(uow, shipment_id, lock=False)
    rows = _still_out(uow, shipment_id)
    if shipment.kind != "shipment" or shipment.state != "shipped" or not rows:
        raise UserError(
            N_("Nothing shipped is left that could come back on {number}."), number=shipment.number
        )
    prices = _prices(uow, [row.order_line for row in rows if row.order_line is not None])
    hold = shipment.places.get("hold") if to_hold else None
    lines = tuple(
        {
            "item_id": row.item_id,
            "qty": row.qty,
            "lot_id": row.lot_id,
            "origin_line_id": row.line_id,
            "to_location_id": hold,
            **prices.get(row.order_line or 0, {}),
        }
        for row in rows
    )
    head = {"party_id": shipment.party_id, "warehouse_id": shipment.warehouse_id}
    return Draft("sales_return", head, lines, shipment_id)


def _still_out(uow: UnitOfWork, shipment_id: int) -> list[_Out]:
    """Shipped less returned, by line and lot; what came back counts for the first lots."""
    found: list[_Out] = []
    back: dict[int, Decimal] = {}
    for line_id, item_id, lot_id, gone, returned, order_line in uow.execute(
        _OPEN, {"id": shipment_id}
    ).fetchall():
        came = min(back.setdefault(line_id, returned), gone)
        back[line_id] -= came
        if gone > came:
            found.append(_Out(line_id, item_id, lot_id, gone - came, order_line))
    return found


def _prices(uow: UnitOfWork, lines: list[int]) -> dict[int, dict[str, object]]:
    if not lines or not uow.scalar("SELECT has_table_privilege('sales_line_price', 'SELECT')"):
        return {}
    return {
        line_id: {"unit_price": price, "tax_rate": rate}
        for line_id, price, rate in uow.execute(_PRICES, (lines,)).fetchall()
    }
