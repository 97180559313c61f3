"""Transfers as their station shows them: shipped, arrived, written off, still on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.units import ItemUnits
from desktop_app.queries.items import units_of


@dataclass(frozen=True)
class TransferLine:
    """One line; quantities in base units."""

    line_id: int
    line_no: int
    item_id: int
    item_code: str
    item_name: str
    spec: str
    uom: str
    uom_decimals: int
    tracking: str
    lots: str
    planned: Decimal
    shipped: Decimal
    arrived: Decimal
    written_off: Decimal
    units: ItemUnits | None = None

    @property
    def missing(self) -> Decimal:
        """Shipped, but neither arrived nor written off: it is in transit."""
        return self.shipped - self.arrived - self.written_off


@dataclass(frozen=True)
class TransferView:
    """A transfer at the station."""

    id: int
    kind: str
    number: str
    state: str
    version: int
    warehouse: str
    to_warehouse: str
    reference: str
    lines: tuple[TransferLine, ...]

    @property
    def missing(self) -> Decimal:
        """Everything of it that is in transit."""
        return sum((line.missing for line in self.lines), Decimal(0))


@dataclass(frozen=True)
class OnTheWay:
    """A transfer with goods in transit."""

    id: int
    number: str
    state: str
    warehouse: str
    to_warehouse: str
    missing: Decimal
    shipped_at: datetime


_HEAD = """
SELECT d.id, d.kind, d.number, d.state, d.version, f.name, t.name, d.reference
FROM document d JOIN warehouse f ON f.id = d.warehouse_id JOIN warehouse t ON t.id = d.to_warehouse_id
WHERE d.id = %s AND d.kind = 'transfer'
"""
_LINES = """
SELECT l.id, l.line_no, l.item_id, i.code, i.name, i.spec, i.uom, i.uom_decimals, i.tracking,
       coalesce((SELECT string_agg(DISTINCT o.code, ', ') FROM stock_move m JOIN lot o ON o.id = m.lot_id
                 WHERE m.line_id = l.id AND m.lot_id <> 0), ''),
       l.qty, coalesce(s.qty, 0), coalesce(a.qty, 0), coalesce(w.qty, 0)
FROM document_line l JOIN item i ON i.id = l.item_id
LEFT JOIN line_done(%(id)s, 'ship_out') s ON s.line_id = l.id
LEFT JOIN line_done(%(id)s, 'arrive') a ON a.line_id = l.id
LEFT JOIN line_done(%(id)s, 'settle') w ON w.line_id = l.id
WHERE l.document_id = %(id)s ORDER BY l.line_no
"""
_WAITING = """
SELECT d.id, d.number, d.state, f.name, t.name,
       (SELECT sum(b.qty) FROM goods_between(d.id) b),
       (SELECT max(a.at) FROM act a WHERE a.document_id = d.id AND a.verb = 'ship_out')
FROM document d JOIN warehouse f ON f.id = d.warehouse_id JOIN warehouse t ON t.id = d.to_warehouse_id
WHERE d.kind = 'transfer' AND d.state IN ('in_transit', 'disputed')
ORDER BY d.state, d.id LIMIT %s
"""


def transfer_view(uow: UnitOfWork, transfer_id: int) -> TransferView:
    """The transfer with what is still on the way. Raises NotFound."""
    head: Sequence[Any] | None = uow.execute(_HEAD, (transfer_id,)).fetchone()
    if head is None:
        raise NotFound(N_("This is not a transfer."))
    rows = uow.all(TransferLine, _LINES, {"id": transfer_id})
    units = units_of(uow, (row.item_id for row in rows))
    lines = tuple(replace(row, units=units.get(row.item_id)) for row in rows)
    return TransferView(*(*head, lines))


def transfer_id_of(uow: UnitOfWork, number: str) -> int:
    """The transfer of that number. Raises NotFound."""
    found = uow.scalar(
        "SELECT id FROM document WHERE number = %s AND kind = 'transfer'", (number.strip().upper(),)
    )
    if found is None:
        raise NotFound(N_("{code} is no transfer here."), code=number)
    return int(found)


def on_the_way(uow: UnitOfWork, limit: int = 100) -> list[OnTheWay]:
    """Transfers with goods in transit, disputes first."""
    return uow.all(OnTheWay, _WAITING, (limit,))
