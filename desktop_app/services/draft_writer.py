"""Writes what a person typed into the tables of a document type, field by field.

Which table keeps a field is declared on the field (``Field.store``); nothing here knows
a particular document type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from psycopg import Cursor, sql
from psycopg.types.json import Jsonb

from desktop_app.core.errors import FieldProblem, InvalidInput, RuleRefused, StaleDocument
from desktop_app.core.i18n import N_, Message
from desktop_app.database.arrays import number_array
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import DocumentType, Field, Store
from desktop_app.domain.own_fields import PREFIX, to_json

CENT = Decimal("0.01")
LIMIT = Decimal(10) ** 12
NEW_ID = sql.SQL("(SELECT currval('document_id_seq'))")
"""The document this session inserted last: lets later statements go in the same pipeline."""
LINE_COLUMNS = (
    "item_id",
    "qty",
    "role",
    "lot_id",
    "location_id",
    "to_location_id",
    "origin_line_id",
    "remark",
)
LINE_TYPES = ("bigint", "numeric", "text", "bigint", "bigint", "bigint", "bigint", "text")
LINE_DEFAULTS: Mapping[str, Any] = {"qty": Decimal(0), "role": "", "lot_id": 0, "remark": ""}


@dataclass(frozen=True)
class Draft:
    """A document as typed: values by field name, of the editors' types.

    ``uuid`` is made by the screen when the form opens: saved twice, created once.
    ``confirmed`` are the keys of soft rules the person has agreed to, for the ``reason``.
    """

    kind: str
    head: Mapping[str, Any]
    lines: tuple[Mapping[str, Any], ...] = ()
    origin_id: int | None = None
    reverses_id: int | None = None
    uuid: UUID = field(default_factory=uuid4)
    confirmed: tuple[str, ...] = ()
    reason: str = ""


def check_filled(document_type: DocumentType, draft: Draft) -> None:
    """Raises InvalidInput with every missing or impossible value, named by place.

    Needs no database; :func:`check_decimals` looks at what depends on the item.
    """
    problems = [
        FieldProblem(f.name, Message(N_("{field} is missing."), {"field": Message(f.title)}))
        for f in document_type.head_fields
        if f.required and draft.head.get(f.name) in (None, "")
    ]
    for line_no, line in enumerate(draft.lines, start=1):
        problems.extend(_line_problems(document_type, line_no, line))
    if problems:
        raise InvalidInput(tuple(problems))


def check_decimals(draft: Draft, items: Mapping[int, tuple[str, int]]) -> None:
    """Raises InvalidInput for quantities finer than the unit of their item.

    ``items`` maps item ids to (code, decimals of the unit).
    """
    problems = []
    for line_no, line in enumerate(draft.lines, start=1):
        quantity = line.get("qty")
        code, decimals = items.get(line.get("item_id") or 0, ("", 6))
        if quantity is not None and quantity != round(quantity, decimals):
            values = {"line": line_no, "qty": f"{quantity:f}", "decimals": decimals, "item": code}
            text = N_("Line {line} {item}: {qty} has more than {decimals} decimals.")
            problems.append(FieldProblem("qty", Message(text, values), line_no))
    if problems:
        raise InvalidInput(tuple(problems))


def _line_problems(
    document_type: DocumentType, line_no: int, line: Mapping[str, Any]
) -> list[FieldProblem]:
    found = []
    for f in document_type.line_fields:
        value = line.get(f.name)
        if f.required and (value is None or value == ""):
            text = Message(
                N_("Line {line}: {field} is missing."), {"line": line_no, "field": Message(f.title)}
            )
            found.append(FieldProblem(f.name, text, line_no))
        elif f.name == "qty" and value is not None:
            problem = _quantity_problem(value)
            if problem:
                found.append(FieldProblem("qty", Message(problem, {"line": line_no}), line_no))
    return found


def _quantity_problem(quantity: Decimal) -> str:
    if not quantity.is_finite() or abs(quantity) >= LIMIT:
        return N_("Line {line}: the quantity is too large.")
    if quantity <= 0:
        return N_("Line {line}: the quantity must be above zero.")
    return ""


def item_ids(draft: Draft) -> list[int]:
    """The items a draft mentions, once each."""
    return sorted({line["item_id"] for line in draft.lines if line.get("item_id")})


def insert(
    uow: UnitOfWork,
    document_type: DocumentType,
    draft: Draft,
    *,
    bare: bool = False,
) -> Cursor[Any]:
    """Queue the statements that insert head, lines and what hangs on them.

    Nothing is awaited: later statements of the same pipeline find the new document by
    :data:`NEW_ID`. ``bare`` leaves out extension and prices (a red entry has them on its
    original). The returned cursor has the document's id.
    """
    columns, values = _head(document_type, draft)
    statement = _statement(tuple(columns), with_lines=bool(draft.lines))
    arrays = _line_arrays(draft.lines) if draft.lines else []
    inserted = uow.connection.execute(statement, (*values, *arrays))
    _write_own_fields(uow, draft.lines, NEW_ID)
    if not bare:
        _insert_parts(uow, document_type, draft, NEW_ID)
    return inserted


@lru_cache(maxsize=64)
def _statement(columns: tuple[str, ...], *, with_lines: bool) -> bytes:
    """Head and lines in one statement, kept as bytes: composing SQL anew for each document
    costs as much as running it.
    """
    places = sql.SQL(", ").join([sql.Placeholder()] * len(columns))
    head = sql.SQL("INSERT INTO document ({}) VALUES ({})").format(_names(columns), places)
    lines = f", l AS ({_LINES.format(owner='d.id', source='d, ')})" if with_lines else ""
    return f"WITH d AS ({head.as_string()} RETURNING id){lines} SELECT id FROM d".encode()


_LINES = (
    f"INSERT INTO document_line (document_id, line_no, {', '.join(LINE_COLUMNS)})"
    " SELECT {owner}, u.* FROM {source}unnest("
    + ", ".join(f"%s::{kind}[]" for kind in ("bigint", *LINE_TYPES))
    + ") AS u"
)


def replace(
    uow: UnitOfWork, document_type: DocumentType, document_id: int, version: int, draft: Draft
) -> None:
    """Overwrite an editable document. Raises StaleDocument."""
    columns, values = _head(document_type, draft)
    editable = [
        (c, v)
        for c, v in zip(columns, values, strict=True)
        if c not in ("kind", "origin_id", "reverses_id")
    ]
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
    owner = sql.SQL(str(int(document_id)))
    with uow.pipeline():
        uow.execute("DELETE FROM document_line WHERE document_id = %s", (document_id,))
        if draft.lines:
            uow.execute(_LINES.format(owner=document_id, source=""), _line_arrays(draft.lines))
            _write_own_fields(uow, draft.lines, owner)
        _insert_parts(uow, document_type, draft, owner)


def _stale(uow: UnitOfWork, document_id: int) -> StaleDocument | RuleRefused:
    row = uow.execute(
        "SELECT d.number, a.actor FROM document d LEFT JOIN act a ON a.document_id = d.id"
        " WHERE d.id = %s ORDER BY a.id DESC LIMIT 1",
        (document_id,),
    ).fetchone()
    if row is None:
        return RuleRefused(N_("This document does not exist."))
    return StaleDocument(
        N_(
            "{number} was changed by {by} meanwhile. What you typed is kept: reload or apply it"
            " again."
        ),
        number=row[0],
        by=row[1] or "?",
    )


def _head(document_type: DocumentType, draft: Draft) -> tuple[list[str], list[Any]]:
    values: dict[str, Any] = {
        "kind": document_type.kind,
        "origin_id": draft.origin_id,
        "reverses_id": draft.reverses_id,
    }
    for f in document_type.head_fields:
        given = draft.head.get(f.name)
        if f.store is Store.DOCUMENT and given is not None:
            values[f.name] = given
    for name in ("party_id", "remark"):
        if name not in values and draft.head.get(name) is not None:
            values[name] = draft.head[name]
    if _has_own_fields(draft.head):
        values["custom"] = Jsonb(to_json(draft.head))
    return list(values), list(values.values())


def _has_own_fields(values: Mapping[str, Any]) -> bool:
    return any(name.startswith(PREFIX) for name in values)


def _write_own_fields(uow: UnitOfWork, lines: Sequence[Mapping[str, Any]], owner: sql.SQL) -> None:
    """The company's own fields of the lines; a document without any sends nothing."""
    numbers = [n for n, line in enumerate(lines, start=1) if _has_own_fields(line)]
    if numbers:
        uow.connection.execute(
            sql.SQL(
                "UPDATE document_line l SET custom = u.custom FROM unnest(%s::bigint[], %s::jsonb[])"
                " AS u(line_no, custom) WHERE l.document_id = {} AND l.line_no = u.line_no"
            ).format(owner),
            (number_array(numbers), [Jsonb(to_json(lines[n - 1])) for n in numbers]),
        )


def _insert_parts(
    uow: UnitOfWork, document_type: DocumentType, draft: Draft, owner: sql.SQL
) -> None:
    if document_type.extension:
        _upsert(
            uow,
            document_type.extension,
            "document_id",
            owner,
            _stored(document_type.head_fields, Store.EXTENSION, draft.head),
        )
    if document_type.line_extension:
        for line_no, line in enumerate(draft.lines, start=1):
            if line.get("role") != "component":
                _upsert(
                    uow,
                    document_type.line_extension,
                    "line_id",
                    _line_id(owner, line_no),
                    _stored(document_type.line_fields, Store.LINE_EXTENSION, line),
                )
    if document_type.price_side:
        _insert_prices(uow, document_type.price_side, owner, draft.lines)


def _line_id(owner: sql.SQL, line_no: int) -> sql.Composed:
    return sql.SQL("(SELECT id FROM document_line WHERE document_id = {} AND line_no = {})").format(
        owner, sql.Literal(line_no)
    )


def _stored(fields: Sequence[Field], store: Store, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f.name: values[f.name]
        for f in fields
        if f.store is store and values.get(f.name) is not None
    }


def _upsert(
    uow: UnitOfWork, table: str, key: str, key_value: sql.Composable, values: dict[str, Any]
) -> None:
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
        sql.SQL(
            "INSERT INTO {table} ({columns}) VALUES ({places}) ON CONFLICT ({key}) DO {update}"
        ).format(
            table=sql.Identifier(table),
            columns=_names(columns),
            places=sql.SQL(", ").join([key_value, *[sql.Placeholder()] * len(values)]),
            key=sql.Identifier(key),
            update=update,
        ),
        list(values.values()),
    )


def _insert_prices(
    uow: UnitOfWork, side: str, owner: sql.SQL, lines: Sequence[Mapping[str, Any]]
) -> None:
    priced = [
        (line_no, *line_amounts(line))
        for line_no, line in enumerate(lines, start=1)
        if line.get("unit_price") is not None
    ]
    if priced:
        uow.connection.execute(
            sql.SQL(
                "INSERT INTO {table} (line_id, unit_price, tax_rate, net, tax, gross)"
                " SELECT l.id, u.price, u.rate, u.net, u.tax, u.gross FROM unnest(%s::bigint[],"
                " %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[])"
                " AS u(line_no, price, rate, net, tax, gross)"
                " JOIN document_line l ON l.document_id = {owner} AND l.line_no = u.line_no"
            ).format(table=sql.Identifier(f"{side}_line_price"), owner=owner),
            [number_array(column) for column in zip(*priced, strict=True)],
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


def _line_arrays(lines: Sequence[Mapping[str, Any]]) -> list[Any]:
    columns: list[Any] = [number_array(range(1, len(lines) + 1))]
    for column, kind in zip(LINE_COLUMNS, LINE_TYPES, strict=True):
        default = LINE_DEFAULTS.get(column)
        given = (line.get(column) for line in lines)
        values = [default if value is None else value for value in given]
        columns.append(values if kind == "text" else number_array(values))
    return columns


def _names(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(c) for c in columns)
