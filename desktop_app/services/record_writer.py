"""Records of master data: checked for what is missing, saved whole, guarded by their version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import sql

from desktop_app.core.errors import FieldProblem, InvalidInput, StaleRecord
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork


def require(values: Mapping[str, Any], names: Sequence[str]) -> None:
    """Raises InvalidInput naming each of ``names`` that is empty."""
    problems = tuple(
        FieldProblem(name, Message(N_("{field} is missing."), {"field": name}))
        for name in names
        if not str(values.get(name) or "").strip()
    )
    if problems:
        raise InvalidInput(problems)


def save_record(
    uow: UnitOfWork, table: str, values: Mapping[str, Any], row_id: int | None, version: int | None
) -> int:
    """Insert a row, or change it when nobody else did since ``version``. Returns its id.

    Raises StaleDocument.
    """
    columns = [sql.Identifier(name) for name in values]
    if row_id is None:
        row = uow.connection.execute(
            sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING id").format(
                sql.Identifier(table),
                sql.SQL(", ").join(columns),
                sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
            ),
            list(values.values()),
        ).fetchone()
        assert row is not None
        return int(row[0])
    row = uow.connection.execute(
        sql.SQL(
            "UPDATE {} SET {}, version = version + 1 WHERE id = %s AND version = %s RETURNING id"
        ).format(
            sql.Identifier(table),
            sql.SQL(", ").join(sql.SQL("{} = %s").format(column) for column in columns),
        ),
        (*values.values(), row_id, version),
    ).fetchone()
    if row is None:
        raise StaleRecord
    return int(row[0])
