"""What the receiving and put-away stations show. No price is read here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import STATE_TITLES
from desktop_app.domain.scanned_quantity import ScannedQuantity
from desktop_app.domain.units import ItemUnits
from desktop_app.queries.items import units_of

RECEIVABLE = ("approved", "part")
TOLERANCE_KEY = "receiving.over_tolerance_pct"
"""Company setting: per cent of the ordered quantity that may come on top unasked."""


@dataclass(frozen=True)
class OpenLine:
    """A line of an order at the dock; quantities in base units."""

    line_id: int
    line_no: int
    item_id: int
    item_code: str
    item_name: str
    spec: str
    uom: str
    uom_decimals: int
    tracking: str
    shelf_life: int | None
    shelf_life_unit: str
    ordered: Decimal
    received: Decimal
    remark: str
    units: ItemUnits | None = None

    @property
    def open(self) -> Decimal:
        """Still to come; never below zero."""
        return max(Decimal(0), self.ordered - self.received)


@dataclass(frozen=True)
class ReceivingView:
    """An order as the receiving station shows it."""

    order_id: int
    number: str
    state: str
    version: int
    supplier: str
    warehouse_id: int
    warehouse: str
    due_date: date | None
    lines: tuple[OpenLine, ...]
    tolerance_pct: Decimal


@dataclass(frozen=True)
class WaitingOrder:
    """An approved order with something still to come."""

    order_id: int
    number: str
    supplier: str
    warehouse: str
    due_date: date | None
    lines_open: int


@dataclass(frozen=True)
class PutAwayLine:
    """A receipt line: what came, what was put away, and where it should go.

    ``why`` says how the bin was found: default, same (the item lies there), empty, "".
    """

    line_id: int
    line_no: int
    item_id: int
    item_code: str
    item_name: str
    spec: str
    uom: str
    uom_decimals: int
    lot_code: str
    expires_at: datetime | None
    received: Decimal
    put_away: Decimal
    bin_id: int | None
    bin_code: str
    why: str
    units: ItemUnits | None = None

    @property
    def open(self) -> Decimal:
        """Still lying at the dock."""
        return max(Decimal(0), self.received - self.put_away)


@dataclass(frozen=True)
class PutAwayView:
    """A receipt as the put-away station shows it."""

    receipt_id: int
    number: str
    state: str
    version: int
    supplier: str
    warehouse_id: int
    warehouse: str
    lines: tuple[PutAwayLine, ...]


@dataclass(frozen=True)
class WaitingReceipt:
    """A receipt whose goods still lie at the dock."""

    receipt_id: int
    number: str
    supplier: str
    warehouse: str
    received_at: datetime
    lines_open: int


@dataclass(frozen=True)
class Goods:
    """An item that was scanned; ``factor`` base units to one scan of this code.

    ``qty`` is set when the code itself says how much is in the package; ``amount`` tells both.
    """

    item_id: int
    item_code: str
    item_name: str
    uom: str
    factor: Decimal
    qty: Decimal | None = None
    lot: str = ""
    expiry: date | None = None
    amount: ScannedQuantity | None = None


_HEAD = """
SELECT d.id, d.number, d.state, d.version, p.name, w.id, w.name, d.due_date
FROM document d JOIN party p ON p.id = d.party_id JOIN warehouse w ON w.id = d.warehouse_id
WHERE d.id = %s AND d.kind = %s
"""
_ORDER_LINES = """
SELECT l.id, l.line_no, l.item_id, i.code, i.name, i.spec, i.uom, i.uom_decimals, i.tracking,
       i.shelf_life, i.shelf_life_unit, l.qty, coalesce(done.qty, 0), l.remark
FROM document_line l JOIN item i ON i.id = l.item_id
LEFT JOIN line_done(%(id)s, 'receive') done ON done.line_id = l.id
WHERE l.document_id = %(id)s ORDER BY l.line_no
"""
_WAITING = """
SELECT d.id, d.number, p.name, w.name, d.due_date,
  (SELECT count(*) FROM document_line l LEFT JOIN line_done(d.id, 'receive') x ON x.line_id = l.id
   WHERE l.document_id = d.id AND l.qty > coalesce(x.qty, 0))
FROM document d JOIN party p ON p.id = d.party_id JOIN warehouse w ON w.id = d.warehouse_id
WHERE d.kind = 'purchase_order' AND d.state IN ('approved', 'part')
ORDER BY d.due_date NULLS LAST, d.id LIMIT %s
"""
_WAITING_RECEIPTS = """
SELECT d.id, d.number, p.name, w.name,
  (SELECT max(a.at) FROM act a WHERE a.document_id = d.id AND a.verb = 'receive'),
  (SELECT count(*) FROM document_line l LEFT JOIN line_done(d.id, 'put_away') x ON x.line_id = l.id
   WHERE l.document_id = d.id AND l.qty > coalesce(x.qty, 0))
FROM document d JOIN party p ON p.id = d.party_id JOIN warehouse w ON w.id = d.warehouse_id
WHERE d.kind = 'purchase_receipt' AND d.state = 'received' ORDER BY d.id LIMIT %s
"""
# The proposed bin: the item's own, else where the item lies already (same lot first, then
# the fullest); items that have neither get the next empty bins of the route.
_PUT_AWAY_LINES = """
SELECT l.id, l.line_no, l.item_id, i.code, i.name, i.spec, i.uom, i.uom_decimals, o.code,
       o.expires_at, coalesce(come.qty, 0), coalesce(away.qty, 0),
       coalesce(own.id, same.id), coalesce(own.code, same.code, ''),
       CASE WHEN own.id IS NOT NULL THEN 'default' WHEN same.id IS NOT NULL THEN 'same' ELSE '' END
FROM document_line l JOIN item i ON i.id = l.item_id JOIN lot o ON o.id = l.lot_id
JOIN document d ON d.id = l.document_id
LEFT JOIN line_done(%(id)s, 'receive') come ON come.line_id = l.id
LEFT JOIN line_done(%(id)s, 'put_away') away ON away.line_id = l.id
LEFT JOIN location own ON own.id = i.default_location_id AND own.kind = 'bin' AND own.is_active
      AND own.warehouse_id = d.warehouse_id
LEFT JOIN LATERAL (
  SELECT b.id, b.code FROM stock_balance s JOIN location b ON b.id = s.location_id
  WHERE s.item_id = l.item_id AND s.on_hand > 0 AND b.kind = 'bin' AND b.is_active
    AND b.warehouse_id = d.warehouse_id
  ORDER BY (s.lot_id = l.lot_id) DESC, s.on_hand DESC, b.route_seq, b.code LIMIT 1) same ON true
WHERE l.document_id = %(id)s ORDER BY l.line_no
"""
_EMPTY_BINS = """
SELECT b.id, b.code FROM location b
WHERE b.kind = 'bin' AND b.is_active AND b.warehouse_id = %s
  AND NOT EXISTS (SELECT 1 FROM stock_balance s WHERE s.location_id = b.id AND s.on_hand > 0)
  AND NOT EXISTS (SELECT 1 FROM item x WHERE x.default_location_id = b.id)
ORDER BY b.route_seq, b.code LIMIT %s
"""


def order_id_of(uow: UnitOfWork, number: str) -> int | None:
    """The purchase order of that number; a receipt's number leads to its order too."""
    found = uow.scalar(
        "SELECT CASE d.kind WHEN 'purchase_order' THEN d.id ELSE o.id END FROM document d"
        " LEFT JOIN document o ON o.id = d.origin_id AND o.kind = 'purchase_order'"
        " WHERE d.number = %s AND d.kind IN ('purchase_order', 'purchase_receipt')",
        (number.strip().upper(),),
    )
    return int(found) if found is not None else None


def receiving_view(uow: UnitOfWork, order_id: int) -> ReceivingView:
    """The order with ordered, received and open quantities. Raises UserError."""
    head = uow.execute(_HEAD, (order_id, "purchase_order")).fetchone()
    if head is None:
        raise UserError(N_("This is not a purchase order."))
    rows = uow.all(OpenLine, _ORDER_LINES, {"id": order_id})
    units = units_of(uow, (row.item_id for row in rows))
    lines = tuple(replace(row, units=units.get(row.item_id)) for row in rows)
    id_, number, state, version, supplier, warehouse_id, warehouse, due = head
    return ReceivingView(
        id_,
        number,
        state,
        version,
        supplier,
        warehouse_id,
        warehouse,
        due,
        lines,
        over_tolerance(uow),
    )


def refuse_closed(number: str, state: str) -> UserError:
    """Why nothing can be received on an order in that state."""
    return UserError(
        N_("{number} is {state}; goods are received on approved orders only."),
        number=number,
        state=Message(STATE_TITLES.get(state, state)),
    )


def over_tolerance(uow: UnitOfWork) -> Decimal:
    """Per cent of the ordered quantity that may be received on top unasked; 0 when not set."""
    value = uow.scalar("SELECT value #>> '{}' FROM setting WHERE key = %s", (TOLERANCE_KEY,))
    try:
        percent = Decimal(value) if value is not None else Decimal(0)
    except ArithmeticError:
        return Decimal(0)
    return percent if percent.is_finite() and percent > 0 else Decimal(0)


def waiting_orders(uow: UnitOfWork, limit: int = 100) -> list[WaitingOrder]:
    """Orders with something still to come, the most urgent first."""
    return uow.all(WaitingOrder, _WAITING, (limit,))


def waiting_receipts(uow: UnitOfWork, limit: int = 100) -> list[WaitingReceipt]:
    """Receipts with goods still at the dock, the oldest first."""
    return uow.all(WaitingReceipt, _WAITING_RECEIPTS, (limit,))


def put_away_view(uow: UnitOfWork, receipt_id: int) -> PutAwayView:
    """The receipt with what still lies at the dock and a bin for it. Raises UserError."""
    head = uow.execute(_HEAD, (receipt_id, "purchase_receipt")).fetchone()
    if head is None:
        raise UserError(N_("This is not a purchase receipt."))
    lines = tuple(uow.all(PutAwayLine, _PUT_AWAY_LINES, {"id": receipt_id}))
    id_, number, state, version, supplier, warehouse_id, warehouse, _due = head
    units = units_of(uow, (line.item_id for line in lines))
    lines = tuple(replace(line, units=units.get(line.item_id)) for line in lines)
    lines = _with_empty_bins(uow, warehouse_id, lines)
    return PutAwayView(id_, number, state, version, supplier, warehouse_id, warehouse, lines)


def _with_empty_bins(
    uow: UnitOfWork, warehouse_id: int, lines: tuple[PutAwayLine, ...]
) -> tuple[PutAwayLine, ...]:
    """Give each new item an empty bin of its own, nearest first."""
    homeless = list(
        dict.fromkeys(line.item_id for line in lines if line.bin_id is None and line.open)
    )
    if not homeless:
        return lines
    empty = uow.execute(_EMPTY_BINS, (warehouse_id, len(homeless))).fetchall()
    places = dict(zip(homeless, empty, strict=False))
    return tuple(
        replace(line, bin_id=places[line.item_id][0], bin_code=places[line.item_id][1], why="empty")
        if line.bin_id is None and line.item_id in places
        else line
        for line in lines
    )


def receipt_id_of(uow: UnitOfWork, number: str) -> int | None:
    """The purchase receipt of that number, or None."""
    found = uow.scalar(
        "SELECT id FROM document WHERE number = %s AND kind = 'purchase_receipt'",
        (number.strip().upper(),),
    )
    return int(found) if found is not None else None
