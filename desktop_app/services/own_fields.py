"""Own fields: declared, changed and switched off by whoever manages the company's rules.

What a value may be is kept by the database (models/sql/87_own_fields.sql); here a
declaration is judged: formulas are read, names are free, choices are there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from psycopg.types.json import Jsonb

from desktop_app.core.errors import FieldProblem, InvalidInput, StaleRecord, UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.own_fields import (
    BASE_FIELDS,
    EDITOR_TITLES,
    FORMULA,
    LINE,
    OwnField,
    check_formula,
    sort_of,
    to_json,
)
from desktop_app.queries.own_fields import definitions
from desktop_app.services.document_types import DOCUMENT_TYPES

TOPIC = "own_field"
REQUIRED_KINDS = ("sales_order", "purchase_order", "work_order", "outsourcing_order")
"""Documents people write in a form; the others are made by stations, which do not ask."""
_COLUMNS = (
    "name",
    "title",
    "editor",
    "choices",
    "decimals",
    "formula",
    "scopes",
    "required_in",
    "categories",
    "position",
    "in_list",
    "in_print",
    "is_active",
)


@dataclass(frozen=True)
class Scope:
    """A place where own fields can stand. ``title`` is English; lines are told apart."""

    code: str
    title: Message
    may_be_required: bool


def scopes() -> tuple[Scope, ...]:
    """Items, partners, every document type and the lines of those that have lines."""
    found = [
        Scope("item", Message(N_("Items")), may_be_required=True),
        Scope("party", Message(N_("Partners")), may_be_required=True),
    ]
    for known in DOCUMENT_TYPES:
        required = known.kind in REQUIRED_KINDS
        title = Message(known.plural)
        found.append(Scope(known.kind, title, required))
        if known.line_fields:
            lines = Message(N_("{documents}: lines"), {"documents": title})
            found.append(Scope(known.kind + LINE, lines, required))
    return tuple(found)


def load(uow: UnitOfWork) -> tuple[OwnField, ...]:
    """Every own field, in order."""
    return definitions(uow)


def save(uow: UnitOfWork, field: OwnField) -> int:
    """Declare a field (``id`` 0) or change it. Returns its id.

    The short name and the kind of a field that exists stay as they are: values depend on
    them. Raises InvalidInput, StaleDocument, PermissionDenied.
    """
    known = definitions(uow)
    before = next((f for f in known if f.id == field.id), None)
    if before is not None:
        field = replace(field, name=before.name, editor=before.editor)
    _check(field, known)
    values = [getattr(field, column) for column in _COLUMNS]
    values = [list(value) if isinstance(value, tuple) else value for value in values]
    if before is None:
        places = ", ".join(["%s"] * len(_COLUMNS))
        saved = uow.scalar(
            f"INSERT INTO custom_field ({', '.join(_COLUMNS)}) VALUES ({places}) RETURNING id",
            values,
        )
    else:
        sets = ", ".join(f"{column} = %s" for column in _COLUMNS)
        saved = uow.scalar(
            f"UPDATE custom_field SET {sets}, version = version + 1 WHERE id = %s AND version = %s"
            " RETURNING id",
            (*values, field.id, field.version),
        )
        if saved is None:
            raise StaleRecord
    uow.touch(TOPIC)
    return int(saved)


def proposed_name(title: str, taken: Sequence[str]) -> str:
    """A short name for a title: its pinyin initials or ASCII letters, made unique."""
    from desktop_app.domain.pinyin_search import search_text

    folded = "".join(title.split())
    # Behind the text itself come its full pinyin and its initials, likeliest reading first.
    spelled = search_text(folded).split() or [title]
    plain = re.sub(r"[^a-z0-9]+", "_", spelled[min(2, len(spelled) - 1)].lower()).strip("_")
    base = plain if re.match(r"[a-z]", plain) else f"field_{plain}".strip("_")
    base = base[:30] or "field"
    names = [base, *(f"{base}_{number}" for number in range(2, 100))]
    return next(name for name in names if name not in taken)


def saved_with(
    uow: UnitOfWork,
    scope: str,
    save_record: Callable[..., int],
    values: Mapping[str, Any],
    record_id: int | None,
    version: int | None,
) -> int:
    """Save a record of master data with its own fields in one transaction. Returns its id."""
    plain = {name: value for name, value in values.items() if not name.startswith("custom.")}
    saved = save_record(uow, plain, record_id, version)
    if len(plain) < len(values):
        keep(uow, scope, saved, values)
    return saved


def keep(uow: UnitOfWork, scope: str, record_id: int, values: Mapping[str, Any]) -> None:
    """Write the ``custom.`` values of an item or partner; fields not among them stay."""
    table = {"item": "item", "party": "party"}[scope]
    given = {name: value for name, value in values.items() if name.startswith("custom.")}
    names = [name.removeprefix("custom.") for name in given]
    uow.execute(
        f"UPDATE {table} SET custom = (custom - %s::text[]) || %s WHERE id = %s"
        f" AND custom IS DISTINCT FROM (custom - %s::text[]) || %s",
        (names, kept := Jsonb(to_json(given)), record_id, names, kept),
    )


def _check(field: OwnField, known: Sequence[OwnField]) -> None:
    problems = [*_form_problems(field), *_formula_problems(field, known)]
    allowed = {scope.code: scope for scope in scopes()}
    for scope in field.scopes:
        if scope not in allowed:
            problems.append(_problem("scopes", N_("This place is unknown.")))
    for scope in field.required_in:
        if scope in allowed and not allowed[scope].may_be_required:
            text = N_("{place}: stations write these without asking, so nothing can be required.")
            problems.append(_problem("required_in", text, place=allowed[scope].title))
    base = {name for scope in field.scopes for name in BASE_FIELDS[sort_of(scope)]}
    if field.name in base:
        problems.append(
            _problem("name", N_("“{field}” is a field of the program."), field=field.name)
        )
    if problems:
        raise InvalidInput(tuple(problems))


def _form_problems(field: OwnField) -> list[FieldProblem]:
    found = []
    if not field.title.strip():
        found.append(_problem("title", N_("{field} is missing."), field=Message(N_("Title"))))
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", field.name):
        found.append(
            _problem(
                "name",
                N_(
                    "The field's short name has small letters, digits and _ and begins with a"
                    " letter."
                ),
            )
        )
    if field.editor not in EDITOR_TITLES:
        found.append(_problem("editor", N_("This kind of field is unknown.")))
    if field.editor == "choice" and not field.choices:
        found.append(_problem("choices", N_("Write at least one choice.")))
    if not field.scopes:
        found.append(_problem("scopes", N_("Tick at least one place where it is shown.")))
    return found


def _formula_problems(field: OwnField, known: Sequence[OwnField]) -> list[FieldProblem]:
    """A formula must make sense in every place, and so must those that read this field."""
    others = [f for f in known if f.id != field.id]
    found = []
    for own in (field, *others):
        if own.editor != FORMULA or not own.is_active:
            continue
        for scope in own.scopes:
            try:
                check_formula(own.formula, (field, *others), scope)
            except UserError as error:
                if own is field:
                    found.append(FieldProblem("formula", error.message))
                elif _worked_before(own, known, scope):
                    text = N_("The formula of “{other}” reads this field: {problem}")
                    found.append(_problem("scopes", text, other=own.title, problem=error.message))
                break
    return found


def _worked_before(own: OwnField, known: Sequence[OwnField], scope: str) -> bool:
    try:
        check_formula(own.formula, known, scope)
    except UserError:
        return False
    return True


def _problem(name: str, text: str, **values: Any) -> FieldProblem:
    return FieldProblem(name, Message(text, values))
