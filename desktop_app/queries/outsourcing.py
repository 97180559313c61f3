"""Receipts from subcontractors that wait for a decision, and what lies with whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class WeighedReceipt:
    """A receipt with the weighing of its product, grams and base units."""

    id: int
    kind: str
    number: str
    state: str
    version: int
    party: str
    warehouse: str
    order_number: str
    item_code: str
    item_name: str
    uom: str
    counted: Decimal
    weight_g: Decimal | None
    unit_weight_g: Decimal | None
    expected_g: Decimal | None
    tolerance_pct: Decimal
    received_at: datetime

    @property
    def like_count(self) -> Decimal | None:
        """How many pieces this weight stands for, half up to whole ones."""
        if self.weight_g is None or not self.unit_weight_g:
            return None
        return (self.weight_g / self.unit_weight_g).quantize(Decimal(1), ROUND_HALF_UP)


@dataclass(frozen=True)
class AtSubcontractor:
    """Our material at a subcontractor."""

    party: str
    item_code: str
    item_name: str
    uom: str
    lot: str
    qty: Decimal


_RECEIPT = """
SELECT d.id, d.kind, d.number, d.state, d.version, p.name, w.name, coalesce(o.number, ''), i.code,
       i.name, i.uom, l.qty, x.weight_g, i.unit_weight_g, x.expected_g, coalesce(x.tolerance_pct, 0),
       coalesce((SELECT max(a.at) FROM act a WHERE a.document_id = d.id
                 AND a.verb IN ('receive', 'freeze')), d.created_at)
FROM document d JOIN document_line l ON l.document_id = d.id AND l.role = 'output'
JOIN item i ON i.id = l.item_id JOIN party p ON p.id = d.party_id JOIN warehouse w ON w.id = d.warehouse_id
LEFT JOIN document o ON o.id = d.origin_id LEFT JOIN outsourcing_receipt_line x ON x.line_id = l.id
WHERE d.kind = 'outsourcing_receipt'
"""


def receipt_view(uow: UnitOfWork, receipt_id: int) -> WeighedReceipt:
    """The receipt and its weighing. Raises NotFound."""
    found = uow.find(WeighedReceipt, _RECEIPT + " AND d.id = %s", (receipt_id,))
    if found is None:
        raise NotFound(N_("This is not an outsourcing receipt."))
    return found


def frozen_receipts(uow: UnitOfWork, limit: int = 100) -> list[WeighedReceipt]:
    """Receipts that wait for the quality lead, the oldest first."""
    return uow.all(
        WeighedReceipt, _RECEIPT + " AND d.state = 'frozen' ORDER BY d.id LIMIT %s", (limit,)
    )


def at_subcontractors(uow: UnitOfWork, party_id: int | None = None) -> list[AtSubcontractor]:
    """What lies at subcontractors (of one, or of all): it is still our stock."""
    return uow.all(
        AtSubcontractor,
        "SELECT p.name, i.code, i.name, i.uom, o.code, b.on_hand FROM stock_balance b"
        " JOIN location l ON l.id = b.location_id AND l.kind = 'subcontractor'"
        " JOIN party p ON p.id = l.party_id JOIN item i ON i.id = b.item_id"
        " JOIN lot o ON o.id = b.lot_id WHERE b.on_hand > 0"
        " AND (%(party)s::bigint IS NULL OR p.id = %(party)s) ORDER BY p.name, i.code, o.code",
        {"party": party_id},
    )
