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

_IN_A_WAREHOUSE = (
    LocationKind.BIN,
    LocationKind.RECEIVING,
    LocationKind.STAGING,
    LocationKind.HOLD,
    LocationKind.SUBCONTRACTOR,
)

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

CODES_WITHOUT_WAREHOUSE: dict[str, str] = {
    kind.name: TITLES[kind] for kind in LocationKind if kind not in _IN_A_WAREHOUSE
}
"""What a person reads instead of the code of a place that belongs to no warehouse."""

WAREHOUSE_KINDS: dict[str, str] = {
    "own": N_("Own warehouse"),
    "subcontractor": N_("At a subcontractor"),
    "transit": N_("On the way"),
    "hold": N_("Quality hold"),
    "defective": N_("Defective goods"),
}
"""Kinds of warehouses. What they mean for goods is kept by ``models/sql/85_parties_places``."""
WAREHOUSE_MEANINGS: dict[str, str] = {
    "own": N_("Its goods can be sold; it has bins, docks and a quality hold."),
    "subcontractor": N_("Stands for what lies at that partner; it has no bins of its own."),
    "transit": N_("Stands for goods on the way; it has no bins of its own."),
    "hold": N_("Its goods wait for quality and are never sold."),
    "defective": N_("Its goods are rejected and are never sold."),
}
"""What each kind means, in the words shown beside it."""
QUARANTINE = ("hold", "defective")
"""Kinds of warehouses whose places are all of kind hold."""
