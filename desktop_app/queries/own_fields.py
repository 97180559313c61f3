"""The company's own fields: their declarations, their values of a record, their list columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_, tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain import formula
from desktop_app.domain.document_type import Editor
from desktop_app.domain.own_fields import (
    BASE_FIELDS,
    EDITOR_TITLES,
    FORMULA,
    LINE,
    OwnField,
    as_field,
    computed,
    from_json,
    kinds,
    of_scope,
    sort_of,
)
from desktop_app.domain.quantities import format_quantity
from desktop_app.queries.formula_sql import to_sql
from desktop_app.queries.listing import Column, ListSpec

_ALL = """
SELECT id, name, title, editor, choices, decimals, formula, scopes, required_in, categories, position,
       in_list, in_print, is_active, version FROM custom_field ORDER BY position, id
"""
OWN_FIELDS = ListSpec(
    id="list:own_field",
    title=N_("Own fields"),
    columns=(
        Column("title", N_("Title"), "f.title", width=20, never_null=True),
        Column("name", N_("Short name"), "f.name", width=14, never_null=True),
        Column("editor", N_("Kind of field"), "f.editor", Editor.CHOICE, labels=EDITOR_TITLES),
        Column("formula", N_("Formula"), "f.formula", width=30),
        Column("choices", N_("Choices"), "array_to_string(f.choices, ', ')", width=20),
        Column("scopes", N_("Shown in"), "array_to_string(f.scopes, ', ')", width=30),
        Column("required_in", N_("Required in"), "array_to_string(f.required_in, ', ')", width=20),
        Column("is_active", N_("In use"), "f.is_active", Editor.YES_NO, width=8),
    ),
    source="custom_field f",
    key="f.id",
    opens="own_field",
    search=("f.title", "f.name"),
    topics=("own_field",),
    sort="title",
)
_CASTS = {"number": "numeric", "date": "date", "yes_no": "boolean"}
_ALIASES = {"item": "i", "party": "p", "document": "d"}
"""The tables' short names in the lists' sources."""


def definitions(uow: UnitOfWork) -> tuple[OwnField, ...]:
    """Every own field, also those no longer shown, in their order."""
    rows = uow.execute(_ALL).fetchall()
    return tuple(_own_field(row) for row in rows)


def _own_field(row: Sequence[Any]) -> OwnField:
    values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in row]
    return OwnField(*values)


def record_values(uow: UnitOfWork, scope: str, record_id: int) -> dict[str, Any]:
    """The own values of an item or partner by ``custom.<name>``; empty when it has none."""
    stored = uow.scalar(f"SELECT custom FROM {_table(scope)} WHERE id = %s", (record_id,))
    return from_json(definitions(uow), scope, stored)


def with_values(
    fields: Sequence[OwnField], kind: str, head: dict[str, Any], lines: Sequence[dict[str, Any]]
) -> None:
    """Put the own values of a document beside its other values."""
    for scope, values in ((kind, head), *((kind + LINE, line) for line in lines)):
        values.update(from_json(fields, scope, values.get("custom")))
        values.update(computed(fields, scope, values))


def notes(uow: UnitOfWork, document_id: int) -> str:
    """The own fields of a document and of its order that belong on paper, as one line."""
    fields = [own for own in definitions(uow) if own.in_print]
    if not fields:
        return ""
    found: dict[str, str] = {}
    for kind, custom, doc_date, due_date, reference, remark in uow.execute(
        "SELECT d.kind, d.custom, d.doc_date, d.due_date, d.reference, d.remark FROM document d"
        " WHERE d.id = %(id)s OR d.id = (SELECT origin_id FROM document WHERE id = %(id)s)"
        " ORDER BY d.id = %(id)s",
        {"id": document_id},
    ).fetchall():
        values = {
            **from_json(fields, kind, custom),
            "doc_date": doc_date,
            "due_date": due_date,
            "reference": reference,
            "remark": remark,
        }
        values |= computed(fields, kind, values)
        for own in of_scope(fields, kind):
            if values.get(own.key) not in (None, ""):
                found[own.title] = _told(values[own.key])
    return "  ".join(f"{title}: {value}" for title, value in found.items())


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return tr("Yes") if value else tr("No")
    return format_quantity(value) if isinstance(value, Decimal) else str(value)


def with_columns(spec: ListSpec, fields: Sequence[OwnField]) -> ListSpec:
    """The list with the own fields of its records behind its columns."""
    scope = spec.document_kind or (spec.opens if spec.opens in ("item", "party") else "")
    alias = _ALIASES.get(sort_of(scope)) if scope else None
    if alias is None or spec.source.split(" ")[1:2] != [alias]:
        return spec
    columns = [
        column
        for own in of_scope(fields, scope)
        if own.in_list and (column := _column(own, fields, scope, alias)) is not None
    ]
    return replace(spec, columns=(*spec.columns, *columns)) if columns else spec


def _column(own: OwnField, fields: Sequence[OwnField], scope: str, alias: str) -> Column | None:
    field = as_field(own, fields, scope)
    if field is None:
        return None
    if own.editor != FORMULA:
        return Column(own.key, own.title, _stored(own, alias), field.editor)
    shown = of_scope(fields, scope)
    columns = {f.name: _stored(f, alias) for f in shown if f.editor != FORMULA}
    columns |= {name: f"{alias}.{name}" for name in BASE_FIELDS[sort_of(scope)]}
    try:
        tree = formula.parse(own.formula)
        expression = to_sql(tree, columns, kinds(shown, scope), own.decimals)
    except UserError:
        return None
    return Column(own.key, own.title, expression, field.editor)


def _stored(own: OwnField, alias: str) -> str:
    # The name is one of our own form (a-z, 0-9, _): a constraint keeps it so.
    value = f"{alias}.custom->>'{own.name}'"
    return f"({value})::{_CASTS[own.editor]}" if own.editor in _CASTS else f"({value})"


def _table(scope: str) -> str:
    return {"item": "item", "party": "party"}[scope]
