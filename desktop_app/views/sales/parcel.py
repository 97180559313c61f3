"""What was scanned again at the dock, against what was picked: plain values, no widget."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop_app.domain.scanned_quantity import Reads, ScannedQuantity, settled
from desktop_app.domain.units import ItemUnits
from desktop_app.queries.picking import ShipmentSheet
from desktop_app.services.shipping import Scanned

ZERO = Decimal(0)


@dataclass
class ParcelRow:
    """One item at the dock, all its lots together."""

    item_id: int
    item_code: str
    item_name: str
    uom: str
    lots: str
    picked: Decimal
    scanned: Decimal = ZERO
    units: ItemUnits | None = None

    @property
    def left(self) -> Decimal:
        """Picked but not scanned again yet."""
        return max(self.picked - self.scanned, ZERO)


class Parcel:
    """Counts scans of one shipment; the service compares them once more."""

    def __init__(self, sheet: ShipmentSheet) -> None:
        self.shipment_id = sheet.id
        self._rows: dict[int, ParcelRow] = {}
        self._scans: dict[tuple[int, str, str], Decimal] = {}
        self._reads: dict[tuple[int, str, str], Reads] = {}
        self.last: int | None = None
        self._last_scan: tuple[int, str, str] | None = None
        for found in sheet.picked:
            row = self._rows.setdefault(
                found.item_id,
                ParcelRow(
                    found.item_id,
                    found.item_code,
                    found.item_name,
                    found.uom,
                    "",
                    ZERO,
                    units=found.units,
                ),
            )
            row.picked += found.qty
            row.lots = ", ".join(part for part in (row.lots, found.lot_code) if part)

    def rows(self) -> list[ParcelRow]:
        """Every item, in order of the lines."""
        return list(self._rows.values())

    def row(self, item_id: int) -> ParcelRow:
        """The row of an item. Raises KeyError."""
        return self._rows[item_id]

    def row_number(self, item_id: int) -> int:
        """Place of an item in :meth:`rows`."""
        return list(self._rows).index(item_id)

    def knows(self, item_id: int) -> bool:
        """True when the item belongs to the shipment."""
        return item_id in self._rows

    def add(self, item_id: int, code: str, amount: ScannedQuantity, lot: str) -> bool:
        """Count a scan; False (and nothing counted) when it is more than was picked."""
        row = self._rows[item_id]
        self.last = item_id
        total = self._settled(row, row.scanned + amount.qty)
        if total > row.picked:
            return False
        key = (item_id, code, lot)
        self._scans[key] = self._scans.get(key, ZERO) + total - row.scanned
        self._reads.setdefault(key, Reads()).scan(code, amount)
        row.scanned = total
        self._last_scan = key
        return True

    def last_row(self) -> ParcelRow | None:
        """The goods scanned last; None before the first scan."""
        return self._rows[self._last_scan[0]] if self._last_scan is not None else None

    def set_last(self, qty: Decimal, typed: str, *, more: bool = False) -> bool:
        """The last scanned goods are so many, or so many ``more``; False when too many."""
        key = self._last_scan
        if key is None:
            return False
        row = self._rows[key[0]]
        qty += self._scans[key] if more else ZERO
        rest = row.scanned - self._scans[key]
        if rest + qty > row.picked:
            return False
        row.scanned = rest + qty
        self._scans[key] = qty
        self._reads[key].type(typed, qty)
        return True

    @staticmethod
    def _settled(row: ParcelRow, qty: Decimal) -> Decimal:
        return settled(qty, row.units.decimals) if row.units is not None else qty

    def take_all(self) -> None:
        """The goods were verified before: nothing is left to be scanned."""
        for row in self._rows.values():
            row.scanned = row.picked
        self.last = None

    def is_empty(self) -> bool:
        """Nothing was scanned yet."""
        return not any(self._scans.values())

    def is_complete(self) -> bool:
        """Everything picked was scanned."""
        return all(row.scanned == row.picked for row in self._rows.values())

    def scans(self) -> tuple[Scanned, ...]:
        """What was read, as it is compared and kept."""
        return tuple(
            Scanned(key[1], qty, key[2], self._reads[key].evidence())
            for key, qty in self._scans.items()
            if qty > 0
        )
