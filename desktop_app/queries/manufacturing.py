"""Orders that make a product from components, at home or outside, as their stations show them.

A work order and an outsourcing order have the same lines: one ``output`` and its
``component`` lines. Every figure is read from the moves of these lines and of the receipt
lines that name them as their origin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.allocation import allocate, walking_order
from desktop_app.queries.picking import ask_candidates, take_candidates

_ZERO = Decimal(0)


@dataclass(frozen=True)
class Proposal:
    """Take ``qty`` from that bin (and lot): first expired, first out."""

    place: str
    lot: str
    qty: Decimal


@dataclass(frozen=True)
class MakeLine:
    """A line of an order that makes something; base units.

    Of a component: ``issued`` less ``returned`` less ``used`` less ``scrapped`` lies in
    production or with the subcontractor. Of the product: ``made`` is good, ``frozen`` waits
    for a decision.
    """

    line_id: int
    line_no: int
    role: str
    item_id: int
    item_code: str
    item_name: str
    spec: str
    uom: str
    uom_decimals: int
    tracking: str
    unit_weight_g: Decimal | None
    planned: Decimal
    issued: Decimal
    returned: Decimal
    used: Decimal
    scrapped: Decimal
    made: Decimal
    frozen: Decimal
    proposals: tuple[Proposal, ...] = ()

    @property
    def open(self) -> Decimal:
        """Still to be issued, or of the product still to be made."""
        done = self.made if self.role == "output" else self.issued - self.returned
        return max(_ZERO, self.planned - done)

    @property
    def there(self) -> Decimal:
        """Of a component: what lies in production or at the subcontractor for this order."""
        return self.issued - self.returned - self.used - self.scrapped

    @property
    def take_from(self) -> str:
        """Where to take it, as one reads it at the shelf."""
        return ", ".join(f"{p.place} {p.lot}".strip() for p in self.proposals[:3])


@dataclass(frozen=True)
class MakeOrder:
    """A work order or an outsourcing order at its station."""

    id: int
    kind: str
    number: str
    state: str
    version: int
    party: str
    warehouse_id: int
    warehouse: str
    due_date: date | None
    bom_version: str
    lines: tuple[MakeLine, ...]

    @property
    def product(self) -> MakeLine:
        """The line that is made. Raises NotFound when the order has none."""
        for line in self.lines:
            if line.role == "output":
                return line
        raise NotFound(N_("{number} has no product line."), number=self.number)

    @property
    def components(self) -> tuple[MakeLine, ...]:
        """The lines that are used up."""
        return tuple(line for line in self.lines if line.role == "component")


@dataclass(frozen=True)
class WaitingOrder:
    """An order that somebody works on."""

    id: int
    kind: str
    number: str
    state: str
    party: str
    product: str
    planned: Decimal
    due_date: date | None


_HEAD = """
SELECT d.id, d.kind, d.number, d.state, d.version, coalesce(p.name, ''), w.id, w.name, d.due_date,
       coalesce(b.version, '')
FROM document d JOIN warehouse w ON w.id = d.warehouse_id LEFT JOIN party p ON p.id = d.party_id
LEFT JOIN work_order o ON o.document_id = d.id LEFT JOIN bom b ON b.id = o.bom_id
WHERE d.id = %s AND d.kind IN ('work_order', 'outsourcing_order')
"""
# One pass over the moves of the lines and of their receipts; a place kind is enough to tell
# what a move meant, and a mirrored move counts backwards by itself.
_LINES = """
SELECT l.id, l.line_no, l.role, l.item_id, i.code, i.name, i.spec, i.uom, i.uom_decimals, i.tracking,
       i.unit_weight_g, l.qty, coalesce(m.issued, 0), coalesce(m.returned, 0), coalesce(m.used, 0),
       coalesce(m.scrapped, 0), coalesce(m.made, 0), coalesce(m.frozen, 0)
FROM document_line l JOIN item i ON i.id = l.item_id
LEFT JOIN LATERAL (
  SELECT sum(v.qty) FILTER (WHERE v.shelf_from AND v.there_to) AS issued,
         sum(v.qty) FILTER (WHERE v.there_from AND v.shelf_to) AS returned,
         coalesce(sum(v.qty) FILTER (WHERE v.there_from AND v.t = 'process'), 0)
         - coalesce(sum(v.qty) FILTER (WHERE v.f = 'process' AND v.there_to), 0) AS used,
         sum(v.qty) FILTER (WHERE v.there_from AND v.t = 'scrap') AS scrapped,
         coalesce(sum(v.qty) FILTER (WHERE v.f IN ('process', 'hold') AND v.shelf_to), 0)
         - coalesce(sum(v.qty) FILTER (WHERE v.shelf_from AND v.t IN ('process', 'hold')), 0) AS made,
         coalesce(sum(v.qty) FILTER (WHERE v.t = 'hold'), 0)
         - coalesce(sum(v.qty) FILTER (WHERE v.f = 'hold'), 0) AS frozen
  FROM (
    SELECT x.qty, f.kind AS f, t.kind AS t,
           f.kind IN ('bin', 'receiving') AS shelf_from, t.kind IN ('bin', 'receiving') AS shelf_to,
           f.kind IN ('production', 'subcontractor') AS there_from,
           t.kind IN ('production', 'subcontractor') AS there_to
    FROM document_line c JOIN stock_move x ON x.line_id = c.id
    JOIN location f ON f.id = x.from_location_id JOIN location t ON t.id = x.to_location_id
    WHERE c.id = l.id OR c.origin_line_id = l.id) v
) m ON true
WHERE l.document_id = %s ORDER BY l.role DESC, l.line_no
"""
_WAITING = """
SELECT d.id, d.kind, d.number, d.state, coalesce(p.name, ''), i.code || ' ' || i.name, o.output_qty,
       d.due_date
FROM document d JOIN work_order o ON o.document_id = d.id JOIN item i ON i.id = o.output_item_id
LEFT JOIN party p ON p.id = d.party_id
WHERE d.kind = %s AND d.state IN ('released', 'approved', 'issued', 'part')
ORDER BY d.due_date NULLS LAST, d.id LIMIT %s
"""


def make_order(uow: UnitOfWork, order_id: int, *, propose: bool = True) -> MakeOrder:
    """The order with issued, used and made; ``propose`` adds where to take material.

    Raises NotFound.
    """
    head: Sequence[Any] | None = uow.execute(_HEAD, (order_id,)).fetchone()
    if head is None:
        raise NotFound(N_("This is not an order that makes something."))
    lines = uow.all(MakeLine, _LINES, (order_id,))
    order = MakeOrder(*(*head, tuple(lines)))
    return replace(order, lines=_with_proposals(uow, order)) if propose else order


def _with_proposals(uow: UnitOfWork, order: MakeOrder) -> tuple[MakeLine, ...]:
    wanted = [line for line in order.components if line.open > 0]
    if not wanted:
        return order.lines
    found = take_candidates(
        ask_candidates(uow, sorted({line.item_id for line in wanted}), order.warehouse_id)
    )
    if found.now is None:
        return order.lines
    proposed = {}
    for line in wanted:
        picks = allocate(found.by_item.get(line.item_id, ()), line.open, now=found.now).picks
        proposed[line.line_id] = tuple(
            Proposal(pick.candidate.location_code, pick.candidate.lot_code, pick.qty)
            for pick in walking_order(picks)
        )
    return tuple(replace(line, proposals=proposed.get(line.line_id, ())) for line in order.lines)


def order_id_of(uow: UnitOfWork, number: str, kinds: Sequence[str]) -> int:
    """The order of that number. Raises NotFound."""
    found = uow.scalar(
        "SELECT id FROM document WHERE number = %s AND kind = ANY(%s)",
        (number.strip().upper(), list(kinds)),
    )
    if found is None:
        raise NotFound(N_("{code} is no such order here."), code=number)
    return int(found)


def waiting_orders(uow: UnitOfWork, kind: str, limit: int = 100) -> list[WaitingOrder]:
    """Orders of a kind that are under way, the most urgent first."""
    return uow.all(WaitingOrder, _WAITING, (kind, limit))
