"""Moving average cost as an incremental projection over an item's moves in act order.

Formula (移动加权平均): new average = (Q·P + q·p) ÷ (Q + q). Posting goods never touches
money; this projection reads the ledger afterwards and can stop and go on anywhere: the
state after a move holds all that the following moves need.

Values have 6 places like the database. Every value is the *change of the stock's value*,
so that the sum of all values equals the stock's value to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum

from desktop_app.domain.quantities import round_half_up

PLACES = 6
_ZERO = Decimal(0)
_WIDE = Context(prec=60)  # a product of two numeric(18,6) has 36 digits


class CostKind(StrEnum):
    """What a move means to the value of an item."""

    RECEIPT = "receipt"
    ISSUE = "issue"
    RETURN_IN = "return_in"
    ADJUSTMENT_IN = "adjustment_in"
    ADJUSTMENT_OUT = "adjustment_out"
    NEUTRAL = "neutral"


_INBOUND = frozenset({CostKind.RECEIPT, CostKind.RETURN_IN, CostKind.ADJUSTMENT_IN})


@dataclass(frozen=True, slots=True)
class CostEvent:
    """One move of one item. ``qty`` > 0 in the base unit.

    ``unit_price``: price per base unit without tax; None when it is not known. For a
    return it is the unit cost of the original issue (or, for goods going back to the
    supplier, of the original receipt). Raises ValueError for a quantity not above zero or a
    negative price.
    """

    move_id: int
    qty: Decimal
    kind: CostKind
    unit_price: Decimal | None = None

    def __post_init__(self) -> None:
        if self.qty <= 0:
            raise ValueError("a move has a quantity above zero")
        if self.unit_price is not None and self.unit_price < 0:
            raise ValueError("a price is not negative")


@dataclass(frozen=True, slots=True)
class MoveCost:
    """What a move did to the stock's value.

    ``value`` is signed: into stock positive, out of stock negative, neutral 0.
    ``unit_cost`` has 6 places. ``estimated`` marks a cost that rests on no price of its
    own (暂估): a receipt or return without one, or goods that left before any came.
    """

    move_id: int
    unit_cost: Decimal
    value: Decimal
    estimated: bool = False


@dataclass(slots=True)
class MovingAverage:
    """Quantity, value and last known average of one item after some move.

    ``average`` survives zero stock, so that goods without a price still get a cost.
    Store the three numbers to go on later; the result equals a full replay.
    """

    qty: Decimal = _ZERO
    value: Decimal = _ZERO
    average: Decimal = _ZERO

    def apply(self, event: CostEvent) -> MoveCost:
        """Take one move into the state and return its cost.

        Rules: a move that brings the quantity to zero takes the whole rest of the value
        (尾差摊到最后一笔). A named cost never takes out more than the stock's value. Should
        the order of moves make the quantity negative for a while, those goods leave at
        the last average, and the receipt that covers them values what is left at its own
        price; the difference (成本补差) is inside that receipt's value.
        """
        if event.kind is CostKind.NEUTRAL:
            return MoveCost(event.move_id, self.average, _ZERO)
        if event.kind in _INBOUND:
            return self._take_in(event)
        return self._give_out(event)

    def _take_in(self, event: CostEvent) -> MoveCost:
        price = self.average if event.unit_price is None else event.unit_price
        was_negative = self.qty < 0
        qty = self.qty + event.qty
        if was_negative:
            value = _product(qty, price if qty > 0 else self.average)
        else:
            value = self.value + _product(event.qty, price)
        change = self._become(qty, value)
        estimated = event.unit_price is None or was_negative
        return MoveCost(event.move_id, round_half_up(price, PLACES), change, estimated)

    def _give_out(self, event: CostEvent) -> MoveCost:
        qty = self.qty - event.qty
        if qty < 0:
            change = self._become(qty, _product(qty, self.average))
            return MoveCost(event.move_id, self.average, change, estimated=True)
        price = event.unit_price
        if price is None:
            leaving = _share(self.value, event.qty, self.qty)
            unit_cost = self.average
        else:
            leaving = min(_product(event.qty, price), self.value)
            unit_cost = round_half_up(price, PLACES)
        change = self._become(qty, self.value - leaving)
        return MoveCost(event.move_id, unit_cost, change)

    def _become(self, qty: Decimal, value: Decimal) -> Decimal:
        """Set the new state; the change of value."""
        if qty == 0:
            value = _ZERO
        change = value - self.value
        self.qty, self.value = qty, value
        if qty > 0:
            self.average = _share(value, Decimal(1), qty)
        return change


def replay(events: Iterable[CostEvent], state: MovingAverage) -> list[MoveCost]:
    """Costs of ``events`` (one item, in act order); ``state`` moves on with them."""
    return [state.apply(event) for event in events]


def _product(qty: Decimal, price: Decimal) -> Decimal:
    return round_half_up(_WIDE.multiply(qty, price), PLACES)


def _share(value: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """``value`` × ``part`` ÷ ``whole``, 6 places, from the unrounded average."""
    return round_half_up(_WIDE.divide(_WIDE.multiply(value, part), whole), PLACES)
