"""The record of an item, a partner or a warehouse as its form shows it, under one name."""

from __future__ import annotations

from desktop_app.queries.items import item_record as item_record
from desktop_app.queries.parties import (
    PartyDocument as PartyDocument,
    party_documents as party_documents,
    party_record as party_record,
)
from desktop_app.queries.places import (
    BinRow as BinRow,
    warehouse_places as warehouse_places,
    warehouse_record as warehouse_record,
)
