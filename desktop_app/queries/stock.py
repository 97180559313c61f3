"""Stock of items: what lies where, and what of it may still be promised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from desktop_app.database.unit_of_work import UnitOfWork

_ZERO = Decimal(0)
_LOTS = 10**7
_PLACES = 10**6


def row_key(item: str, place: str, lot: str) -> str:
    """SQL of one number that stands for item, place and lot of a stock row in a list.

    Room for 900,000 items, a million places and ten million lots in a bigint.
    """
    return f"(({item}::bigint * {_PLACES} + {place}) * {_LOTS} + {lot})"


def split_row_key(key: int) -> tuple[int, int | None, int | None]:
    """Item, place and lot of such a number; a number that is only an item's id is one."""
    if key < _PLACES * _LOTS:
        return key, None, None
    rest, lot = divmod(key, _LOTS)
    item, place = divmod(rest, _PLACES)
    return item, place or None, lot or None


@dataclass(frozen=True)
class LineStock:
    """Stock beside a document line, in the base unit.

    ``on_hand`` is what may be sold (held and expired lots left out), ``available`` is
    that less ``reserved``, the open reservations of everybody.
    """

    on_hand: Decimal = _ZERO
    available: Decimal = _ZERO
    reserved: Decimal = _ZERO


@dataclass(frozen=True)
class PlaceStock:
    """What of an item lies at one place, of one lot."""

    location_id: int
    place: str
    place_kind: str
    warehouse: str
    lot_id: int
    lot: str
    expires_at: datetime | None
    held: bool
    on_hand: Decimal
    allocated: Decimal


def line_stock(
    uow: UnitOfWork, item_ids: Iterable[int], warehouse_id: int | None = None
) -> dict[int, LineStock]:
    """Stock of each item in that warehouse (None: in all); an unknown item has none."""
    items = sorted(set(item_ids))
    rows = uow.execute(
        "SELECT item_id, sum(on_hand), sum(on_hand) - sum(reserved), sum(reserved)"
        " FROM stock_available(%s::bigint[]) WHERE %s::bigint IS NULL OR warehouse_id = %s"
        " GROUP BY item_id",
        (items, warehouse_id, warehouse_id),
    ).fetchall()
    found = {item: LineStock(*values) for item, *values in rows}
    return {item: found.get(item, LineStock()) for item in items}


def item_stock(uow: UnitOfWork, item_id: int) -> tuple[PlaceStock, ...]:
    """Every place and lot where the item lies now, in walking order."""
    return tuple(
        uow.all(
            PlaceStock,
            "SELECT l.id, l.code, l.kind, coalesce(w.name, ''), o.id, o.code, o.expires_at, o.held,"
            " sum(b.on_hand), sum(b.allocated) FROM stock_balance b JOIN location l"
            " ON l.id = b.location_id JOIN lot o ON o.id = b.lot_id LEFT JOIN warehouse w"
            " ON w.id = l.warehouse_id WHERE b.item_id = %s AND b.on_hand > 0"
            " GROUP BY l.id, w.id, o.id ORDER BY w.name, l.route_seq, l.code, o.expires_at, o.code",
            (item_id,),
        )
    )
