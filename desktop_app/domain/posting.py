"""What a posting rule returns: planned moves, and what it is given: a snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

NO_LOT = 0
NO_BOX = 0


@dataclass(frozen=True)
class StockKey:
    """The place of a balance. Sorted by this order wherever rows are locked."""

    item_id: int
    location_id: int
    lot_id: int = NO_LOT
    box_id: int = NO_BOX

    def sort_key(self) -> tuple[int, int, int, int]:
        """The one lock order of the program (see models/sql/balance.sql)."""
        return (self.item_id, self.location_id, self.lot_id, self.box_id)


@dataclass(frozen=True)
class PlannedMove:
    """One move that an act will make. ``qty`` > 0 in the item's base unit.

    ``line_id`` is the document line that explains the move; ``reservation_id`` is set
    when the goods taken are held by that reservation; ``weight_g`` is the second
    quantity (catch weight) when it was measured.
    """

    line_id: int
    item_id: int
    from_location_id: int
    to_location_id: int
    qty: Decimal
    lot_id: int = NO_LOT
    box_id: int = NO_BOX
    reservation_id: int | None = None
    weight_g: Decimal | None = None

    @property
    def source(self) -> StockKey:
        """The balance the goods leave."""
        return StockKey(self.item_id, self.from_location_id, self.lot_id, self.box_id)

    @property
    def target(self) -> StockKey:
        """The balance the goods arrive at."""
        return StockKey(self.item_id, self.to_location_id, self.lot_id, self.box_id)


@dataclass(frozen=True)
class LineSnapshot:
    """One document line as a posting rule sees it. Quantities in base units.

    ``done`` maps a verb to the quantity already moved for this line by acts of that
    verb (reversals subtracted), so that a rule knows what is still open.
    """

    id: int
    line_no: int
    item_id: int
    item_code: str
    qty: Decimal
    role: str = ""
    lot_id: int = NO_LOT
    location_id: int | None = None
    to_location_id: int | None = None
    origin_line_id: int | None = None
    done: Mapping[str, Decimal] = field(default_factory=dict)

    def done_by(self, verb: str) -> Decimal:
        """Quantity moved so far by that verb."""
        return self.done.get(verb, Decimal(0))


@dataclass(frozen=True)
class DocumentSnapshot:
    """A document as a posting rule sees it: a value, read in the posting transaction.

    ``places`` names the ledger end points of this document (``supplier``, ``customer``,
    ``receiving``, ``staging``, ``hold``, ``transit``, ``to_receiving``, ``production``,
    ``subcontractor``, ``scrap``, ``difference``, ``opening``, ``process``) as location ids; names that do not apply are absent.
    """

    id: int
    kind: str
    number: str | None
    state: str
    version: int
    lines: tuple[LineSnapshot, ...]
    places: Mapping[str, int]
    origin_id: int | None = None
    party_id: int | None = None
    warehouse_id: int | None = None
    to_warehouse_id: int | None = None

    def line(self, line_id: int) -> LineSnapshot:
        """The line of that id. Raises KeyError when it is not of this document."""
        return self._line_by_id[line_id]

    @cached_property
    def _line_by_id(self) -> Mapping[int, LineSnapshot]:
        return {line.id: line for line in self.lines}


@dataclass(frozen=True)
class ActEntry:
    """One handled quantity of an act: this line, this much, this lot, from/to here.

    Given by a screen (scanned, typed, weighed). Places left None are chosen by the rule.
    """

    line_id: int
    qty: Decimal
    lot_id: int = NO_LOT
    box_id: int = NO_BOX
    from_location_id: int | None = None
    to_location_id: int | None = None
    reservation_id: int | None = None
    weight_g: Decimal | None = None


@dataclass(frozen=True)
class ActInput:
    """What the person did: verb, handled quantities and evidence."""

    verb: str
    entries: tuple[ActEntry, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)
