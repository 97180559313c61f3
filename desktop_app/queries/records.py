"""One record of master data as its form shows it: values by field name."""

from __future__ import annotations

from typing import Any

from psycopg.rows import dict_row

from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork


def record(uow: UnitOfWork, sql: str, record_id: int) -> dict[str, Any]:
    """The row of a statement that takes an id. Raises NotFound."""
    with uow.connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(sql.encode(), (record_id,)).fetchone()
    if found is None:
        raise NotFound(N_("What you asked for does not exist (any more)."))
    return found
