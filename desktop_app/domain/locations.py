"""Kinds of ledger end points.

Stock always moves from a location to a location (DESIGN 2.1). Physical kinds have a
balance that can never be negative; the others (supplier, customer …) are the world
outside and only appear in the ledger.
"""

from __future__ import annotations

from enum import StrEnum

from desktop_app.core.i18n import N_


class LocationKind(StrEnum):
    """What a ledger end point is."""

    BIN = "bin"
    RECEIVING = "receiving"
    STAGING = "staging"
    HOLD = "hold"
    TRANSIT = "transit"
    SUBCONTRACTOR = "subcontractor"
    PRODUCTION = "production"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    SCRAP = "scrap"
    DIFFERENCE = "difference"
    OPENING = "opening"
    PROCESS = "process"


PHYSICAL = (
    LocationKind.BIN,
    LocationKind.RECEIVING,
    LocationKind.STAGING,
    LocationKind.HOLD,
    LocationKind.TRANSIT,
    LocationKind.SUBCONTRACTOR,
    LocationKind.PRODUCTION,
)
"""Kinds with a balance: on_hand >= 0 holds there."""

SELLABLE = (LocationKind.BIN, LocationKind.RECEIVING, LocationKind.STAGING)
"""Kinds whose goods count as available to a customer (unless expired)."""

TITLES: dict[str, str] = {
    LocationKind.BIN: N_("Bin"),
    LocationKind.RECEIVING: N_("Receiving dock"),
    LocationKind.STAGING: N_("Shipping dock"),
    LocationKind.HOLD: N_("Quality hold"),
    LocationKind.TRANSIT: N_("In transit"),
    LocationKind.SUBCONTRACTOR: N_("At subcontractor"),
    LocationKind.PRODUCTION: N_("In production"),
    LocationKind.SUPPLIER: N_("Supplier"),
    LocationKind.CUSTOMER: N_("Customer"),
    LocationKind.SCRAP: N_("Scrap"),
    LocationKind.DIFFERENCE: N_("Count difference"),
    LocationKind.OPENING: N_("Opening stock"),
    LocationKind.PROCESS: N_("Process (components become product)"),
}
