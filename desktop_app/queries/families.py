"""Families of items: their axes and every variant that exists."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.variants import Axis, options_text
from desktop_app.queries.records import record

_FAMILY = "SELECT * FROM item_family WHERE id = %s"
_AXES = (
    "SELECT id, name, options, codes, is_finish FROM item_axis WHERE family_id = %s"
    " ORDER BY position, id"
)
_VARIANTS = """
SELECT i.id, i.variant, i.code, i.name, i.is_active,
       coalesce((SELECT min(b.barcode) FROM item_barcode b
                 WHERE b.item_id = i.id AND b.factor = 1), ''),
       i.blank_item_id, coalesce(k.code, ''), i.uom
FROM item i LEFT JOIN item k ON k.id = i.blank_item_id
WHERE i.family_id = %s AND i.merged_into_id IS NULL ORDER BY i.code
"""


@dataclass(frozen=True)
class VariantRow:
    """An item of a family. ``price`` and ``on_hand`` only for a login that may see them."""

    id: int
    variant: dict[str, str]
    code: str
    name: str
    is_active: bool
    barcode: str
    blank_item_id: int | None
    blank_code: str
    uom: str
    price: Decimal | None = None
    on_hand: Decimal | None = None


@dataclass(frozen=True)
class FamilyGrid:
    """What the grid of a family is drawn from."""

    code: str
    name: str
    code_pattern: str
    name_pattern: str
    axes: tuple[Axis, ...]
    items: tuple[VariantRow, ...]


def family_record(uow: UnitOfWork, family_id: int) -> dict[str, Any]:
    """A family as its form shows it; ``options`` of an axis as typed. Raises NotFound."""
    found = record(uow, _FAMILY, family_id)
    found["axes"] = [
        {"id": id_, "name": name, "options": options_text(options, codes), "is_finish": finish}
        for id_, name, options, codes, finish in uow.execute(_AXES, (family_id,)).fetchall()
    ]
    return found


def axes_of(uow: UnitOfWork, family_id: int) -> tuple[Axis, ...]:
    """The axes of a family in order."""
    return tuple(
        Axis(name, tuple(options), tuple(codes), finish)
        for _id, name, options, codes, finish in uow.execute(_AXES, (family_id,)).fetchall()
    )


def family_grid(uow: UnitOfWork, family_id: int) -> FamilyGrid:
    """Axes, patterns and items of a family. Raises NotFound."""
    found = record(uow, _FAMILY, family_id)
    rows = uow.execute(_VARIANTS, (family_id,)).fetchall()
    ids = [row[0] for row in rows]
    prices = _known(uow, "item_sales_price", "SELECT item_id, price FROM item_sales_price"
                    " WHERE item_id = ANY(%s)", ids)  # fmt: skip
    there = _known(uow, "stock_balance", "SELECT item_id, sum(on_hand) FROM stock_balance"
                   " WHERE item_id = ANY(%s) GROUP BY 1", ids)  # fmt: skip
    return FamilyGrid(
        found["code"],
        found["name"],
        found["code_pattern"],
        found["name_pattern"],
        axes_of(uow, family_id),
        tuple(
            replace(VariantRow(*row), price=prices.get(row[0]), on_hand=there.get(row[0]))
            for row in rows
        ),
    )


def _known(uow: UnitOfWork, table: str, sql: str, ids: list[int]) -> dict[int, Decimal]:
    """The figures by item, empty for a login that may not read the table."""
    if not uow.scalar("SELECT has_table_privilege(%s, 'SELECT')", (table,)):
        return {}
    return dict(uow.execute(sql, (ids,)).fetchall())
