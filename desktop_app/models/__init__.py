"""All tables; importing this package completes ``Base.metadata``."""

from desktop_app.models import (
    counting,
    documents,
    ledger,
    manufacturing,
    master_data,
    sales,
    system,
)
from desktop_app.models.base import Base

__all__ = [
    "Base",
    "counting",
    "documents",
    "ledger",
    "manufacturing",
    "master_data",
    "sales",
    "system",
]
