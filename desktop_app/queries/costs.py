"""Costs as the last projection left them; readers of costs only (the database refuses others)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import Editor
from desktop_app.queries.listing import Column, ListSpec

STOCK_VALUE = ListSpec(
    id="list:stock_value",
    title=N_("Stock value"),
    columns=(
        Column("code", N_("Item code"), "i.code", width=16, never_null=True),
        Column("name", N_("Name"), "i.name", width=34),
        Column("spec", N_("Specification"), "i.spec", width=18),
        Column("qty", N_("On hand"), "c.qty", Editor.QUANTITY, width=12),
        Column("uom", N_("Unit"), "i.uom", width=7),
        Column("average", N_("Average cost"), "c.average", Editor.PRICE, width=12),
        Column("value", N_("Value"), "c.value", Editor.MONEY, width=14, total=True),
    ),
    source="item_cost c JOIN item i ON i.id = c.item_id",
    key="i.id",
    opens="why",
    search=("i.search_text",),
    topics=("cost",),
    sort="code",
    where="c.qty <> 0 OR c.value <> 0",
    permission="cost.read",
)


@dataclass(frozen=True)
class ItemCost:
    """Moving average of an item: ``value`` = money in stock, ``average`` = per base unit."""

    item_id: int
    qty: Decimal
    value: Decimal
    average: Decimal


def item_costs(uow: UnitOfWork, item_ids: list[int]) -> dict[int, ItemCost]:
    """Costs of these items as far as the projection has read. Raises PermissionDenied."""
    rows = uow.all(
        ItemCost,
        "SELECT item_id, qty, value, average FROM item_cost WHERE item_id = ANY(%s)",
        (item_ids,),
    )
    return {row.item_id: row for row in rows}


def stock_value(uow: UnitOfWork) -> Decimal:
    """Money in all stock together, without tax. Raises PermissionDenied."""
    return Decimal(uow.scalar("SELECT coalesce(sum(value), 0) FROM item_cost"))
