"""What was counted at the dock so far: plain values, no widget, nothing lost by a reload."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from desktop_app.core import clock
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.scanned_quantity import Reads, settled
from desktop_app.queries.receiving import Goods, OpenLine, ReceivingView
from desktop_app.services.receiving import ReceiveEntry

ZERO = Decimal(0)
Key = tuple[int, str]
"""(order line id, lot or serial number); an empty lot is still to be told."""


@dataclass(frozen=True)
class TallyRow:
    """A line of the order with what lies on the dock for it now."""

    line: OpenLine
    now: Decimal
    lots: str

    @property
    def over(self) -> Decimal:
        """How much more than still open lies there."""
        return max(ZERO, self.now - self.line.open)


@dataclass
class Tally:
    """Counted goods of one order, by line and lot."""

    view: ReceivingView
    counted: dict[Key, ReceiveEntry] = field(default_factory=dict)
    reads: dict[Key, Reads] = field(default_factory=dict)
    _exact: dict[Key, Decimal] = field(default_factory=dict)

    def rows(self) -> list[TallyRow]:
        """Every line of the order with its count."""
        return [
            TallyRow(line, self.now(line.line_id), self._lots(line.line_id))
            for line in self.view.lines
        ]

    def now(self, line_id: int) -> Decimal:
        """Counted for a line, all lots together."""
        return sum((e.qty for (line, _), e in self.counted.items() if line == line_id), ZERO)

    def line(self, line_id: int) -> OpenLine:
        """The order's line. Raises StopIteration for a foreign id."""
        return next(line for line in self.view.lines if line.line_id == line_id)

    def line_for(self, item_id: int) -> OpenLine | None:
        """The line scanned goods belong to: the first still open, else the last of the item."""
        lines = [line for line in self.view.lines if line.item_id == item_id]
        waiting = [line for line in lines if self.now(line.line_id) < line.open]
        chosen = waiting or lines[-1:]
        return chosen[0] if chosen else None

    def add(self, line: OpenLine, goods: Goods, code: str = "") -> Key:
        """Count a scan: the code's own quantity, else one scan's worth. Returns its entry."""
        lot = goods.lot if line.tracking != "none" else ""
        if line.tracking == "lot" and not lot:
            lot = self._last_lot(line.line_id)
        qty = goods.qty if goods.qty is not None else goods.factor
        key = self._count(line, lot, qty, end_of_day(goods.expiry))
        self.reads.setdefault(key, Reads()).scan(code or goods.item_code, goods.amount)
        return key

    def typed(self, key: Key, text: str, qty: Decimal, unit: str = "") -> None:
        """A person wrote the quantity; kept beside what was scanned."""
        known = self.counted.get(key)
        if known is None or known.qty != qty:
            self.reads.setdefault(key, Reads()).type(text, qty, unit)
        self.put(key, qty)

    def evidence(self) -> list[dict[str, Any]]:
        """What was read and typed for each entry, as kept with the receipt."""
        return [
            {
                "line": self.line(line_id).line_no,
                "item": self.line(line_id).item_code,
                "lot": lot,
                "reads": [dict(row) for row in self.reads[line_id, lot].evidence()],
            }
            for line_id, lot in self.counted
            if (line_id, lot) in self.reads
        ]

    def put(self, key: Key, qty: Decimal) -> None:
        """The counted quantity of an entry is this one; zero forgets it."""
        self._exact[key] = qty
        if qty == 0:
            self.counted.pop(key, None)
            self.reads.pop(key, None)
        else:
            known = self.counted.get(key) or ReceiveEntry(key[0], ZERO, key[1])
            self.counted[key] = replace(known, qty=qty)

    def name_lot(self, key: Key, lot: str, expires_at: datetime | None) -> Key:
        """Give an entry its lot and expiry; joins an entry of the same lot."""
        known = self.counted.pop(key, None)
        if known is None:
            return key
        target = (key[0], lot)
        self.reads.setdefault(target, Reads()).rows.extend(self.reads.pop(key, Reads()).rows)
        other = self.counted.get(target)
        self.counted[target] = replace(
            known,
            lot=lot,
            qty=known.qty + (other.qty if other else ZERO),
            expires_at=expires_at or known.expires_at or (other.expires_at if other else None),
        )
        return target

    def parts(self) -> Iterator[tuple[Key, Decimal, OpenLine]]:
        """Key, quantity and order line of everything counted."""
        return ((key, entry.qty, self.line(key[0])) for key, entry in self.counted.items())

    def entries(self) -> tuple[ReceiveEntry, ...]:
        """Everything counted, in the order it was scanned."""
        return tuple(self.counted.values())

    def remove(self, posted: Sequence[ReceiveEntry]) -> None:
        """Take away what was posted; what was counted meanwhile stays."""
        for entry in posted:
            key = (entry.line_id, entry.lot)
            known = self.counted.get(key)
            if known is not None:
                self.put(key, max(ZERO, known.qty - entry.qty))

    def is_empty(self) -> bool:
        """Nothing counted."""
        return not self.counted

    def _count(self, line: OpenLine, lot: str, qty: Decimal, expires_at: datetime | None) -> Key:
        key = (line.line_id, lot)
        known = self.counted.get(key)
        if line.tracking == "serial":
            known, qty = None, Decimal(1)  # one number is one piece, however often it is scanned
        before = known.qty if known else ZERO
        if settled(self._exact.get(key, ZERO), line.uom_decimals) == before:
            before = self._exact.get(key, ZERO)  # three bags of 1000/3 pieces are 1000
        self._exact[key] = before + qty
        self.counted[key] = ReceiveEntry(
            line.line_id,
            settled(before + qty, line.uom_decimals),
            lot,
            expires_at or (known.expires_at if known else None),
        )
        return key

    def _last_lot(self, line_id: int) -> str:
        lots = [lot for line, lot in self.counted if line == line_id]
        return lots[-1] if lots else ""

    def _lots(self, line_id: int) -> str:
        return ", ".join(
            f"{lot or '?'} × {format_quantity(entry.qty)}"
            for (line, lot), entry in self.counted.items()
            if line == line_id and (lot or self.line(line_id).tracking != "none")
        )


def end_of_day(day: date | None) -> datetime | None:
    """A lot that may be used by a day may be used to that day's last second, local time."""
    if day is None:
        return None
    return datetime.combine(day, time(23, 59, 59), tzinfo=clock.now().tzinfo)
