"""All tables; importing this package completes ``Base.metadata``."""

from desktop_app.models import (
    counting,
    devices,
    documents,
    items,
    ledger,
    manufacturing,
    master_data,
    parties,
    records,
    sales,
    system,
)
from desktop_app.models.base import Base

__all__ = [
    "Base",
    "counting",
    "devices",
    "documents",
    "items",
    "ledger",
    "manufacturing",
    "master_data",
    "parties",
    "records",
    "sales",
    "system",
]
