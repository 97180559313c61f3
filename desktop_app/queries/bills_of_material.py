"""Bills of materials: one to edit, everything below a product, everything above a part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.bom import BillOfMaterials, BOMLine, LossBasis


@dataclass(frozen=True)
class ItemName:
    """What an item is called, and its unit."""

    id: int
    code: str
    name: str
    uom: str
    decimals: int


@dataclass(frozen=True)
class BOMRow:
    """A version of an item's BOM. ``stamp`` changes with every save."""

    id: int
    item_id: int
    item_code: str
    item_name: str
    uom: str
    version: str
    output_qty: Decimal
    is_active: bool
    remark: str
    stamp: str


@dataclass(frozen=True)
class BOMLineRow:
    """A component of a BOM; ``loss_rate`` is a fraction."""

    line_no: int
    item_id: int
    item_code: str
    item_name: str
    uom: str
    qty_per: Decimal
    loss_rate: Decimal
    loss_basis: str


@dataclass(frozen=True)
class WhereUsed:
    """A product that contains the item, ``level`` steps above it, through ``path`` of codes."""

    item_id: int
    item_code: str
    item_name: str
    version: str
    level: int
    path: str


_BOM = (
    "SELECT b.id, b.item_id, i.code, i.name, i.uom, b.version, b.output_qty, b.is_active, b.remark,"
    " b.xmin::text FROM bom b JOIN item i ON i.id = b.item_id WHERE {where} ORDER BY i.code, b.id"
)
_LINES = """
SELECT l.line_no, l.item_id, i.code, i.name, i.uom, l.qty_per, l.loss_rate, l.loss_basis
FROM bom_line l JOIN item i ON i.id = l.item_id WHERE l.bom_id = %s ORDER BY l.line_no
"""
_BELOW = """
WITH RECURSIVE chosen AS (
  SELECT DISTINCT ON (b.item_id) b.id, b.item_id, b.version, b.output_qty FROM bom b
  WHERE b.id = ANY(%(fixed)s::bigint[]) OR (b.is_active AND NOT EXISTS (
    SELECT 1 FROM bom f WHERE f.id = ANY(%(fixed)s::bigint[]) AND f.item_id = b.item_id))
  ORDER BY b.item_id, b.id DESC
), below(item_id) AS (
  SELECT unnest(%(items)s::bigint[]) UNION
  SELECT l.item_id FROM below JOIN chosen c ON c.item_id = below.item_id
  JOIN bom_line l ON l.bom_id = c.id
)
SELECT c.item_id, c.version, c.output_qty, l.item_id, l.qty_per, l.loss_rate, l.loss_basis
FROM below JOIN chosen c ON c.item_id = below.item_id JOIN bom_line l ON l.bom_id = c.id
ORDER BY c.item_id, l.line_no
"""
_ABOVE = """
WITH RECURSIVE above AS (
  SELECT b.item_id, b.version, 1 AS level, ARRAY[%(item)s::bigint, b.item_id] AS way
  FROM bom_line l JOIN bom b ON b.id = l.bom_id AND b.is_active WHERE l.item_id = %(item)s
  UNION ALL
  SELECT b.item_id, b.version, a.level + 1, a.way || b.item_id
  FROM above a JOIN bom_line l ON l.item_id = a.item_id JOIN bom b ON b.id = l.bom_id AND b.is_active
  WHERE b.item_id <> ALL (a.way) AND a.level < 30
)
SELECT DISTINCT a.item_id, i.code, i.name, a.version, a.level,
       (SELECT string_agg(x.code, ' → ' ORDER BY n.place) FROM unnest(a.way) WITH ORDINALITY n(id, place)
        JOIN item x ON x.id = n.id)
FROM above a JOIN item i ON i.id = a.item_id ORDER BY a.level, i.code LIMIT 500
"""


def get_bom(uow: UnitOfWork, bom_id: int) -> tuple[BOMRow, tuple[BOMLineRow, ...]]:
    """A version with its components. Raises NotFound."""
    row = uow.find(BOMRow, _BOM.format(where="b.id = %s"), (bom_id,))
    if row is None:
        raise NotFound(N_("This bill of materials does not exist."))
    return row, tuple(uow.all(BOMLineRow, _LINES, (bom_id,)))


def versions(uow: UnitOfWork, item_id: int) -> list[BOMRow]:
    """All versions of an item's BOM, the active one among them."""
    return uow.all(BOMRow, _BOM.format(where="b.item_id = %s"), (item_id,))


def all_boms(uow: UnitOfWork, limit: int = 1000) -> list[BOMRow]:
    """Every version of every BOM, by item code."""
    return uow.all(BOMRow, _BOM.format(where="true") + " LIMIT %s", (limit,))


def boms_below(
    uow: UnitOfWork, item_ids: Sequence[int], fixed: Sequence[int] = ()
) -> dict[int, BillOfMaterials]:
    """The BOMs reachable from the items, in one query: the active version of each item.

    ``fixed`` are BOM ids to be taken instead of the active version of their items.
    """
    heads: dict[int, tuple[str, Decimal]] = {}
    lines: dict[int, list[BOMLine]] = defaultdict(list)
    rows = uow.execute(_BELOW, {"items": list(item_ids), "fixed": list(fixed)}).fetchall()
    for item_id, version, output_qty, component, qty_per, rate, basis in rows:
        heads[item_id] = (version, output_qty)
        lines[item_id].append(BOMLine(component, qty_per, rate, LossBasis(basis)))
    return {
        item: BillOfMaterials(item, tuple(lines[item]), output_qty, version)
        for item, (version, output_qty) in heads.items()
    }


def item_names(uow: UnitOfWork, item_ids: Sequence[int]) -> dict[int, ItemName]:
    """Names and units of items by id."""
    rows = uow.all(
        ItemName,
        "SELECT id, code, name, uom, uom_decimals FROM item WHERE id = ANY(%s)",
        (list(item_ids),),
    )
    return {row.id: row for row in rows}


def where_used(uow: UnitOfWork, item_id: int) -> list[WhereUsed]:
    """Every product that contains the item, directly or through others; active BOMs only."""
    return uow.all(WhereUsed, _ABOVE, {"item": item_id})
