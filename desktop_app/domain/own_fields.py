"""Fields a company adds itself: to items, partners and every document type, without code.

A value lives in the record's ``custom`` under the field's short name; in forms, drafts and
imports its key is ``custom.<name>``. A formula is never stored: it is computed where it is
shown, so it cannot disagree with the fields it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from desktop_app.core.errors import FieldProblem, UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.domain import formula
from desktop_app.domain.document_type import DocumentType, Editor, Field, Store
from desktop_app.domain.formula import Kind

PREFIX = "custom."
LINE = ".line"
"""Suffix of a document kind: the scope of its lines."""
FORMULA = "formula"
EDITORS: Mapping[str, Editor] = {
    "text": Editor.TEXT,
    "number": Editor.QUANTITY,
    "date": Editor.DATE,
    "choice": Editor.CHOICE,
    "yes_no": Editor.YES_NO,
}
EDITOR_TITLES: Mapping[str, str] = {
    "text": N_("Text"),
    "number": N_("A number"),
    "date": N_("Date"),
    "choice": N_("Choice"),
    "yes_no": N_("Yes or no"),
    FORMULA: N_("Formula"),
}
KINDS: Mapping[str, Kind] = {
    "text": Kind.TEXT,
    "choice": Kind.TEXT,
    "number": Kind.NUMBER,
    "date": Kind.DATE,
    "yes_no": Kind.YES_NO,
}
FORMULA_EDITORS: Mapping[Kind, Editor] = {
    Kind.TEXT: Editor.TEXT,
    Kind.NUMBER: Editor.QUANTITY,
    Kind.DATE: Editor.DATE,
    Kind.YES_NO: Editor.YES_NO,
}
BASE_FIELDS: Mapping[str, Mapping[str, Kind]] = {
    "item": {
        "code": Kind.TEXT,
        "name": Kind.TEXT,
        "spec": Kind.TEXT,
        "category": Kind.TEXT,
        "uom": Kind.TEXT,
        "unit_weight_g": Kind.NUMBER,
        "safety_stock": Kind.NUMBER,
        "reorder_point": Kind.NUMBER,
        "lead_time_days": Kind.NUMBER,
        "pack_size": Kind.NUMBER,
    },
    "party": {"code": Kind.TEXT, "name": Kind.TEXT, "payment_days": Kind.NUMBER},
    "document": {
        "doc_date": Kind.DATE,
        "due_date": Kind.DATE,
        "reference": Kind.TEXT,
        "remark": Kind.TEXT,
    },
    "line": {
        "qty": Kind.NUMBER,
        "remark": Kind.TEXT,
        "unit_weight_g": Kind.NUMBER,
        "pack_size": Kind.NUMBER,
    },
}
"""What a formula may read besides own fields, by sort of scope. No prices: a formula must
not show what the login may not see."""


@dataclass(frozen=True)
class OwnField:
    """A field as the company declared it (table ``custom_field``)."""

    id: int
    name: str
    title: str
    editor: str
    choices: tuple[str, ...] = ()
    decimals: int = 2
    formula: str = ""
    scopes: tuple[str, ...] = ()
    required_in: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    position: int = 0
    in_list: bool = True
    in_print: bool = False
    is_active: bool = True
    version: int = 1

    @property
    def key(self) -> str:
        """Its name in forms, drafts and lists."""
        return PREFIX + self.name


def sort_of(scope: str) -> str:
    """item, party, document or line."""
    if scope in ("item", "party"):
        return scope
    return "line" if scope.endswith(LINE) else "document"


def of_scope(fields: Iterable[OwnField], scope: str) -> tuple[OwnField, ...]:
    """The active fields shown there, in their order."""
    found = (f for f in fields if f.is_active and scope in f.scopes)
    return tuple(sorted(found, key=lambda f: (f.position, f.id)))


def kinds(fields: Sequence[OwnField], scope: str) -> dict[str, Kind]:
    """What formulas of that scope may read: base fields and own ones that are typed in."""
    typed = {f.name: KINDS[f.editor] for f in fields if f.editor != FORMULA}
    return {**typed, **BASE_FIELDS[sort_of(scope)]}


def check_formula(text: str, fields: Sequence[OwnField], scope: str) -> Kind:
    """What the formula gives in that scope. Raises FormulaError."""
    return formula.kind_of(formula.parse(text), kinds(of_scope(fields, scope), scope))


def as_field(own: OwnField, fields: Sequence[OwnField], scope: str) -> Field | None:
    """The form field of an own field; None for a formula that no longer fits its fields."""
    required = scope in own.required_in and own.editor != FORMULA
    if own.editor == FORMULA:
        try:
            editor = FORMULA_EDITORS[check_formula(own.formula, fields, scope)]
        except UserError:
            return None
        return Field(
            own.key, own.title, editor, Store.COMPUTED, compute=lambda values: value_of(own, values)
        )
    choices = tuple((choice, choice) for choice in own.choices)
    return Field(own.key, own.title, EDITORS[own.editor], Store.CUSTOM, required, choices)


def form_fields(fields: Sequence[OwnField], scope: str, category: str = "") -> tuple[Field, ...]:
    """The form fields of a scope, those for other item categories left out."""
    shown = (
        as_field(own, fields, scope)
        for own in of_scope(fields, scope)
        if not own.categories or not category or category in own.categories
    )
    return tuple(field for field in shown if field is not None)


def extended(document_type: DocumentType, fields: Sequence[OwnField]) -> DocumentType:
    """The document type with the company's own fields behind its declared ones."""
    head = form_fields(fields, document_type.kind)
    line = form_fields(fields, document_type.kind + LINE) if document_type.line_fields else ()
    if not head and not line:
        return document_type
    return replace(
        document_type,
        head_fields=(*document_type.head_fields, *head),
        line_fields=(*document_type.line_fields, *line),
    )


def from_json(
    fields: Sequence[OwnField], scope: str, stored: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Values by ``custom.<name>`` from what the database keeps; unreadable ones are left out."""
    kept = stored or {}
    return {
        own.key: value
        for own in of_scope(fields, scope)
        if own.editor != FORMULA and (value := _read(own.editor, kept.get(own.name))) is not None
    }


def to_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the database keeps of a record's ``custom.`` values; empty ones are left out."""
    return {
        name.removeprefix(PREFIX): value if isinstance(value, bool) else str(value)
        for name, value in values.items()
        if name.startswith(PREFIX) and value is not None and value != ""
    }


def _read(editor: str, value: Any) -> Any:
    if value is None:
        return None
    try:
        if editor == "number":
            return Decimal(str(value))
        if editor == "date":
            return date.fromisoformat(str(value))
    except (ArithmeticError, ValueError):
        return None
    return value


def computed(fields: Sequence[OwnField], scope: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The formulas of a scope, by ``custom.<name>``, from a record's values."""
    return {
        own.key: value_of(own, values) for own in of_scope(fields, scope) if own.editor == FORMULA
    }


def value_of(own: OwnField, values: Mapping[str, Any]) -> Any:
    """What a formula field shows beside these values; None when it cannot be computed."""
    plain = {name.removeprefix(PREFIX): value for name, value in values.items()}
    try:
        return formula.compute(formula.parse(own.formula), plain, own.decimals)
    except UserError:
        return None


def problems(
    fields: Sequence[OwnField], scope: str, values: Mapping[str, Any], line_no: int | None = None
) -> list[FieldProblem]:
    """Own fields that are missing though required, or not one of their choices."""
    found = []
    for own in of_scope(fields, scope):
        value = values.get(own.key)
        text = None
        if value in (None, ""):
            if scope in own.required_in and own.editor != FORMULA:
                text = Message(N_("{field} is missing."), {"field": own.title})
        elif own.editor == "choice" and value not in own.choices:
            text = Message(
                N_("{field}: “{value}” is not one of the choices."),
                {"field": own.title, "value": value},
            )
        if text is not None:
            found.append(FieldProblem(own.key, text, line_no))
    return found
