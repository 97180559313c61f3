"""Scans of the goods in hand, counted up: a box is a box, one piece alone means all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from desktop_app.domain.scanned_quantity import Reads, ScannedQuantity, settled

ZERO = Decimal(0)


@dataclass
class ScanTally:
    """What was scanned of one kind of goods; other goods begin anew."""

    goods: object = None
    counted: Decimal = ZERO
    reads: Reads = field(default_factory=Reads)
    _scans: int = 0
    _only_named: bool = False

    def begin(self, goods: object) -> None:
        """These goods are in hand now."""
        if goods != self.goods:
            self.clear()
            self.goods = goods

    def clear(self) -> None:
        """Nothing is in hand."""
        self.goods, self.counted, self._scans, self._only_named = None, ZERO, 0, False
        self.reads.clear()

    def with_one_more(self, amount: ScannedQuantity, decimals: int) -> Decimal:
        """What it would come to with this scan, in the decimals of the item."""
        return settled(self.counted + amount.qty, decimals)

    def scan(self, code: str, amount: ScannedQuantity) -> None:
        """Count a scan."""
        self.counted += amount.qty
        self._scans += 1
        self._only_named = self._scans == 1 and amount.is_one
        self.reads.scan(code, amount)

    def quantity(self, otherwise: Decimal | None, decimals: int) -> Decimal | None:
        """What is offered: ``otherwise`` when one piece only named the goods, else the count."""
        if not self._scans or self._only_named:
            return otherwise
        return settled(self.counted, decimals)
