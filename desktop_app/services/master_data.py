"""Master data under one name: items, lots, partners, warehouses and bins."""

from __future__ import annotations

from desktop_app.services.items import save_item as save_item
from desktop_app.services.lots import save_lot as save_lot
from desktop_app.services.parties import save_party as save_party
from desktop_app.services.places import (
    change_warehouse as change_warehouse,
    save_bins as save_bins,
    save_warehouse as save_warehouse,
)
