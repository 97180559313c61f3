"""Costs, the seal, and everything taken away as Excel files."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from desktop_app.app import company
from desktop_app.app.demo.record import expect
from desktop_app.app.demo.world import World
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.queries import costs
from desktop_app.queries.listing import ListRequest
from desktop_app.queries.own_fields import definitions, with_columns
from desktop_app.services import costing, listing, sealing
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.lists import LISTS, document_list


def value(world: World) -> None:
    """The ledger valued by finance alone; a replay from the beginning gives the same money."""
    report = world.run("caiwu", costing.update)
    expect(report.complete and report.moves > 0, f"costs read {report.moves} moves")
    worth = world.read("caiwu", costs.stock_value)
    world.run("caiwu", costing.rebuild)
    again = world.read("caiwu", costs.stock_value)
    expect(worth == again, f"valued {worth}, replayed {again}")
    world.refused("cangku", "read costs", costs.stock_value)
    world.record.fact("stock_value", str(worth.quantize(Decimal("0.01"))))
    world.record.fact("moves_valued", report.moves)


def seal(world: World) -> None:
    """Yesterday is sealed, today can not be yet; nothing differs from the ledger."""
    world.run("caiwu", sealing.seal_days)
    sealed: Any = world.run("caiwu", _seal_yesterday)
    world.refused("caiwu", "seal a day that is not over", _seal_today)
    world.refused("cangku", "seal a day", _seal_yesterday)
    report = world.read("caiwu", sealing.verify)
    expect(report.days >= 1 and report.is_clean, f"verify: {report}")
    world.record.fact("days_sealed", report.days)
    world.record.fact("seal", bytes(sealed).hex())


def _seal_yesterday(uow: UnitOfWork) -> Any:
    """All of the demo happened today, so the chain begins with the empty day before."""
    return uow.scalar("SELECT seal_day((now() AT TIME ZONE 'UTC')::date - 1)")


def _seal_today(uow: UnitOfWork) -> Any:
    return uow.scalar("SELECT seal_day((now() AT TIME ZONE 'UTC')::date)")


def take_away(world: World) -> None:
    """Every list as an Excel file, with all its columns."""
    rows: dict[str, int] = {}
    own = world.read(company.OWNER, definitions)
    for plain in (*LISTS, *map(document_list, DOCUMENT_TYPES)):
        spec = with_columns(plain, own)
        name = spec.id.removeprefix("list:")
        path = world.record.path("xlsx", f"{name}.xlsx")
        rows[name] = world.read(
            company.OWNER,
            listing.export,
            spec,
            ListRequest(),
            [column.name for column in spec.columns],
            path,
        )
    expect(rows["stock"] > 0 and rows["sales_order"] > 0, f"empty lists: {rows}")
    world.record.fact("rows", rows)
