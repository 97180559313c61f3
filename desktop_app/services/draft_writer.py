"""Writes what a person typed into the tables of a document type, field by field.

Which table keeps a field is declared on the field (``Field.store``); nothing here knows
a particular document type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID, uuid4

from psycopg import sql

from desktop_app.core.errors import FieldProblem, InvalidInput, RuleRefused, StaleDocument
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import DocumentType, Field, Store

CENT = Decimal("0.01")
LIMIT = Decimal(10) ** 12
LINE_COLUMNS = ("item_id", "qty", "role", "lot_id", "location_id", "to_location_id",
                "origin_line_id", "remark")
LINE_TYPES = ("bigint", "numeric", "text", "bigint", "bigint", "bigint", "bigint", "text")
LINE_DEFAULTS: Mapping[str, Any] = {"qty": Decimal(0), "role": "", "lot_id": 0, "remark": ""}


@dataclass(frozen=True)
class Draft:
    """A document as typed: values by field name, of the editors' types.

    ``uuid`` is made by the screen when the form opens: saved twice, created once.
    """

    kind: str
    head: Mapping[str, Any]
    lines: tuple[Mapping[str, Any], ...] = ()
    origin_id: int | None = None
    reverses_id: int | None = None
    uuid: UUID = field(default_factory=uuid4)


def check(uow: UnitOfWork, document_type: DocumentType, draft: Draft) -> None:
    """Raises InvalidInput with every missing or impossible value, named by place."""
    problems = [
        FieldProblem(f.name, Message(N_("{field} is missing."), {"field": Message(f.title)}))
        for f in document_type.head_fields
        if f.required and draft.head.get(f.name) in (None, "")
    ]
    decimals = _decimals(uow, draft.lines)
    for line_no, line in enumerate(draft.lines, start=1):
        problems.extend(_line_problems(document_type, line_no, line, decimals))
    if problems:
        raise InvalidInput(tuple(problems))


def _line_problems(
    document_type: DocumentType, line_no: int, line: Mapping[str, Any], decimals: Mapping[int, int]
) -> list[FieldProblem]:
    found = [
        FieldProblem(
            f.name,
            Message(N_("Line {line}: {field} is missing."),
                    {"line": line_no, "field": Message(f.title)}),
            line_no,
        )
        for f in document_type.line_fields
        if f.required and line.get(f.name) in (None, "")
    ]
    quantity = line.get("qty")
    if not found and quantity is not None and any(f.name == "qty" for f in document_type.line_fields):
        text = _quantity_problem(quantity, decimals.get(line["item_id"], 6))
        if text:
            values = {"line": line_no, "qty": f"{quantity:f}" if quantity.is_finite() else "?",
                      "decimals": decimals.get(line["item_id"], 6)}
            found.append(FieldProblem("qty", Message(text, values), line_no))
    return found


def _quantity_problem(quantity: Decimal, decimals: int) -> str:
    if not quantity.is_finite() or abs(quantity) >= LIMIT:
        return N_("Line {line}: the quantity is too large.")
    if quantity <= 0:
        return N_("Line {line}: the quantity must be above zero.")
    if quantity != round(quantity, decimals):
        return N_("Line {line}: {qty} has more than {decimals} decimals.")
    return ""


def _decimals(uow: UnitOfWork, lines: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    items = sorted({line["item_id"] for line in lines if line.get("item_id")})
    if not items:
        return {}
    rows = uow.execute("SELECT id, uom_decimals FROM item WHERE id = ANY(%s)", (items,)).fetchall()
    return dict(rows)


def insert(
    uow: UnitOfWork, document_type: DocumentType, draft: Draft, *, bare: bool = False
) -> int:
    """Insert head and lines in one statement, then what hangs on them. Returns the id.

    ``bare`` leaves out extension and prices (a red entry has them on its original).
    """
    columns, values = _head(document_type, draft)
    statement = sql.SQL(
        "WITH d AS (INSERT INTO document ({columns}) VALUES ({places}) RETURNING id),"
        " l AS (INSERT INTO document_line (document_id, line_no, {line_columns})"
        " SELECT d.id, u.* FROM d, unnest({line_places}) AS u RETURNING id, line_no)"
        " SELECT d.id, array_agg(l.id ORDER BY l.line_no) FROM d LEFT JOIN l ON true GROUP BY d.id"
    ).format(
        columns=_names(columns),
        places=sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
        line_columns=_names(LINE_COLUMNS),
        line_places=_array_places(("bigint", *LINE_TYPES)),
    )
    numbers = list(range(1, len(draft.lines) + 1))
    row = uow.connection.execute(
        statement, (*values, numbers, *_line_arrays(draft.lines))
    ).fetchone()
    assert row is not None
    document_id, line_ids = row[0], row[1]
    if not bare:
        with uow.pipeline():
            _insert_parts(uow, document_type, draft, document_id, line_ids)
    return int(document_id)


def replace(
    uow: UnitOfWork, document_type: DocumentType, document_id: int, version: int, draft: Draft
) -> None:
    """Overwrite an editable document. Raises StaleDocument."""
    columns, values = _head(document_type, draft)
    editable = [(c, v) for c, v in zip(columns, values, strict=True)
                if c not in ("kind", "origin_id", "reverses_id")]
    changed = uow.connection.execute(
        sql.SQL("UPDATE document SET {sets} WHERE id = %s AND version = %s RETURNING id").format(
            sets=sql.SQL(", ").join(
                sql.SQL("{} = {}").format(sql.Identifier(c), sql.Placeholder()) for c, _ in editable
            )
        ),
        (*(v for _, v in editable), document_id, version),
    ).fetchone()
    if changed is None:
        raise _stale(uow, document_id)
    uow.execute("DELETE FROM document_line WHERE document_id = %s", (document_id,))
    row = uow.connection.execute(
        sql.SQL(
            "WITH l AS (INSERT INTO document_line (document_id, line_no, {line_columns})"
            " SELECT %s, u.* FROM unnest({line_places}) AS u RETURNING id, line_no)"
            " SELECT array_agg(id ORDER BY line_no) FROM l"
        ).format(
            line_columns=_names(LINE_COLUMNS),
            line_places=_array_places(("bigint", *LINE_TYPES)),
        ),
        (document_id, list(range(1, len(draft.lines) + 1)), *_line_arrays(draft.lines)),
    ).fetchone()
    with uow.pipeline():
        _insert_parts(uow, document_type, draft, document_id, row[0] if row else None)


def _stale(uow: UnitOfWork, document_id: int) -> StaleDocument | RuleRefused:
    row = uow.execute(
        "SELECT d.number, a.actor FROM document d LEFT JOIN act a ON a.document_id = d.id"
        " WHERE d.id = %s ORDER BY a.id DESC LIMIT 1",
        (document_id,),
    ).fetchone()
    if row is None:
        return RuleRefused(N_("This document does not exist."))
    return StaleDocument(
        N_("{number} was changed by {by} meanwhile. What you typed is kept: reload or apply it"
           " again."),
        number=row[0],
        by=row[1] or "?",
    )


def _head(document_type: DocumentType, draft: Draft) -> tuple[list[str], list[Any]]:
    values: dict[str, Any] = {"kind": document_type.kind, "origin_id": draft.origin_id,
                              "reverses_id": draft.reverses_id}
    for f in document_type.head_fields:
        given = draft.head.get(f.name)
        if f.store is Store.DOCUMENT and given is not None:
            values[f.name] = given
    for name in ("party_id", "remark"):
        if name not in values and draft.head.get(name) is not None:
            values[name] = draft.head[name]
    return list(values), list(values.values())


def _insert_parts(
    uow: UnitOfWork,
    document_type: DocumentType,
    draft: Draft,
    document_id: int,
    line_ids: Sequence[int] | None,
) -> None:
    if document_type.extension:
        _upsert(uow, document_type.extension, "document_id", document_id,
                _stored(document_type.head_fields, Store.EXTENSION, draft.head))
    for line_id, line in zip(line_ids or (), draft.lines, strict=True):
        if document_type.line_extension and line.get("role") != "component":
            _upsert(uow, document_type.line_extension, "line_id", line_id,
                    _stored(document_type.line_fields, Store.LINE_EXTENSION, line))
    if document_type.price_side and line_ids:
        _insert_prices(uow, document_type.price_side, line_ids, draft.lines)


def _stored(fields: Sequence[Field], store: Store, values: Mapping[str, Any]) -> dict[str, Any]:
    return {f.name: values[f.name] for f in fields
            if f.store is store and values.get(f.name) is not None}


def _upsert(uow: UnitOfWork, table: str, key: str, key_value: int, values: dict[str, Any]) -> None:
    columns = [key, *values]
    update = (
        sql.SQL("UPDATE SET {}").format(
            sql.SQL(", ").join(
                sql.SQL("{0} = excluded.{0}").format(sql.Identifier(c)) for c in values
            )
        )
        if values
        else sql.SQL("NOTHING")
    )
    uow.connection.execute(
        sql.SQL("INSERT INTO {table} ({columns}) VALUES ({places}) ON CONFLICT ({key}) DO {update}").format(
            table=sql.Identifier(table),
            columns=_names(columns),
            places=sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
            key=sql.Identifier(key),
            update=update,
        ),
        (key_value, *values.values()),
    )


def _insert_prices(
    uow: UnitOfWork, side: str, line_ids: Sequence[int], lines: Sequence[Mapping[str, Any]]
) -> None:
    priced = [(line_id, *line_amounts(line)) for line_id, line in zip(line_ids, lines, strict=True)
              if line.get("unit_price") is not None]
    if priced:
        columns = [list(column) for column in zip(*priced, strict=True)]
        uow.connection.execute(
            sql.SQL(
                "INSERT INTO {} (line_id, unit_price, tax_rate, net, tax, gross) SELECT * FROM"
                " unnest(%s::bigint[], %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[],"
                " %s::numeric[])"
            ).format(sql.Identifier(f"{side}_line_price")),
            columns,
        )


def line_amounts(line: Mapping[str, Any]) -> tuple[Decimal, Decimal, Decimal, Decimal, Decimal]:
    """(unit price, tax rate %, net, tax, gross): prices include tax; net + tax = gross.

    Rounded by line, half up, as DESIGN section 4 says ("tax and rounding").
    """
    price = Decimal(line["unit_price"])
    rate = Decimal(line.get("tax_rate") or 0)
    gross = (price * Decimal(line["qty"])).quantize(CENT, ROUND_HALF_UP)
    net = (gross / (1 + rate / 100)).quantize(CENT, ROUND_HALF_UP)
    return price, rate, net, gross - net, gross


def _line_arrays(lines: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    return [
        [line.get(column) if line.get(column) is not None else LINE_DEFAULTS.get(column)
         for line in lines]
        for column in LINE_COLUMNS
    ]


def _names(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(c) for c in columns)


def _array_places(types: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL("{}::{}[]").format(sql.Placeholder(), sql.SQL(t)) for t in types)
