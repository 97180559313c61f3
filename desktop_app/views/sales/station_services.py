"""The use cases of the sales stations, as values so that tests can give fakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ServiceCall = Callable[..., Any]
"""A function whose first parameter is the unit of work; handed to ``Operations``."""


@dataclass(frozen=True)
class PickingServices:
    """What the picking station needs."""

    open_shipments: ServiceCall
    get_sheet: ServiceCall
    find_document: ServiceCall
    resolve: ServiceCall
    release: ServiceCall
    pick: ServiceCall
    relocate: ServiceCall
    pick_short: ServiceCall


@dataclass(frozen=True)
class ShippingServices:
    """What the shipping station needs."""

    open_shipments: ServiceCall
    get_sheet: ServiceCall
    find_document: ServiceCall
    resolve: ServiceCall
    verify: ServiceCall
    ship: ServiceCall
    carriers: ServiceCall


@dataclass(frozen=True)
class HoldServices:
    """What the head of a sales order needs beyond the generic page."""

    order_holds: ServiceCall
    release_lock: ServiceCall


@dataclass(frozen=True)
class CustomerServices:
    """What the head of a sales order asks about its customer."""

    frozen_reason: ServiceCall
    delivery_addresses: ServiceCall


def picking_services() -> PickingServices:
    """The real ones."""
    from desktop_app.queries import picking as queries
    from desktop_app.services import picking, scanning

    return PickingServices(
        queries.open_shipments,
        queries.get_sheet_in_units,
        queries.find_document,
        scanning.resolve,
        picking.release_to_picking,
        picking.pick,
        picking.relocate,
        picking.pick_short,
    )


def shipping_services() -> ShippingServices:
    """The real ones."""
    from desktop_app.queries import parties, picking as queries
    from desktop_app.services import scanning, shipping

    return ShippingServices(
        queries.open_shipments,
        queries.get_sheet_in_units,
        queries.find_document,
        scanning.resolve,
        shipping.verify,
        shipping.ship,
        parties.carriers,
    )


def hold_services() -> HoldServices:
    """The real ones."""
    from desktop_app.queries import sales as queries
    from desktop_app.services import sales

    return HoldServices(queries.order_holds, sales.release_lock)


def customer_services() -> CustomerServices:
    """The real ones."""
    from desktop_app.queries import parties

    return CustomerServices(parties.frozen_reason, parties.delivery_addresses)
