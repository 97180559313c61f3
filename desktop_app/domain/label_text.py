"""Templates and conditions on a label.

A template is text with fields in braces: ``{name}``. A part in square brackets is left out
when one of its fields is empty: ``[Lot {lot}]`` prints nothing for goods without a lot. Doubled
braces and brackets stand for themselves: ``{{``, ``[[``. After a colon stands a form:

==============  ========================================================
``{gtin:14}``   digits filled up with zeros on the left to that length
``{made:yymmdd}``  an ISO date as GS1 wants it
``{made:compact}`` an ISO date without hyphens: 20260101
``{code:upper}``   capitals
==============  ========================================================

A condition says when an element is drawn: ``lot``, ``not lot``, ``unit = kg``,
``state != "on hold"``, joined with ``and`` and ``or`` (``and`` binds tighter). A field alone is
true when it has a value. There is nothing else in this language, so a design from a stranger can
do no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_

LONGEST = 500
"""Characters of a template or condition."""
FORMS = ("yymmdd", "compact", "upper")

_FIELD = r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?"
_PLACE = re.compile(rf"\{{({_FIELD})(?::([a-z]+|[1-9][0-9]?))?\}}")
_TEMPLATE_PART = re.compile(r"\{\{|\}\}|\[\[|\]\]|\{[^{}]*\}|[\[\]{}]|[^\[\]{}]+")
_CONDITION_PART = re.compile(
    r"\s*(?:(?P<sign>!=|<>|=)|(?P<quoted>\"[^\"]*\"|'[^']*')|(?P<word>[^\s=!<>\"']+))"
)


class TemplateError(UserError):
    """The template or condition cannot be used; the message names the place."""

    code = "label.template"


@dataclass(frozen=True)
class _Place:
    name: str
    form: str


_Piece = str | _Place
_Part = tuple[tuple[_Piece, ...], bool]
"""Pieces, and whether they vanish together when a field is empty."""


def fill(template: str, fields: Mapping[str, str]) -> str:
    """The template with its fields; a field that is absent is empty. Raises TemplateError."""
    return "".join(_filled(part, fields) for part in _parsed(template))


def names(template: str) -> tuple[str, ...]:
    """The fields a template asks for, in order. Raises TemplateError."""
    found = (p.name for part, _ in _parsed(template) for p in part if isinstance(p, _Place))
    return tuple(dict.fromkeys(found))


def escaped(text: str) -> str:
    """``text`` as a template that prints exactly ``text``."""
    return re.sub(r"[\[\]{}]", lambda found: found.group() * 2, text)


def holds(condition: str, fields: Mapping[str, str]) -> bool:
    """Whether the condition is met; an empty one always is. Raises TemplateError."""
    terms = _condition(condition)
    return not terms or any(all(term.holds(fields) for term in group) for group in terms)


def condition_names(condition: str) -> tuple[str, ...]:
    """The fields a condition asks for. Raises TemplateError."""
    return tuple(dict.fromkeys(t.name for group in _condition(condition) for t in group))


def _filled(part: _Part, fields: Mapping[str, str]) -> str:
    pieces, optional = part
    values = [p if isinstance(p, str) else _formed(fields.get(p.name, ""), p.form) for p in pieces]
    lost = optional and any(
        not value for piece, value in zip(pieces, values, strict=True) if isinstance(piece, _Place)
    )
    return "" if lost else "".join(values)


def _formed(value: str, form: str) -> str:
    if not value or not form:
        return value
    if form.isdigit():
        return value.zfill(int(form))
    if form == "upper":
        return value.upper()
    digits = value.replace("-", "")
    return digits[2:8] if form == "yymmdd" else digits


@lru_cache(maxsize=1024)
def _parsed(template: str) -> tuple[_Part, ...]:
    if len(template) > LONGEST:
        raise TemplateError(
            N_("The text is too long: {longest} characters at most."), longest=LONGEST
        )
    parts: list[_Part] = []
    pieces: list[_Piece] = []
    inside = False
    for sign in _TEMPLATE_PART.findall(template):
        if sign in ("[", "]"):
            if inside is (sign == "["):
                raise _bracket(template)
            parts.append((tuple(pieces), inside))
            pieces, inside = [], sign == "["
        else:
            pieces.append(_piece(sign, template))
    if inside:
        raise _bracket(template)
    parts.append((tuple(pieces), False))
    return tuple(part for part in parts if part[0])


def _piece(token: str, template: str) -> _Piece:
    if token in ("{{", "}}", "[[", "]]"):
        return token[0]
    if not token.startswith(("{", "}")):
        return token
    found = _PLACE.fullmatch(token)
    if not found or (
        found.group(2) and not found.group(2).isdigit() and found.group(2) not in FORMS
    ):
        raise TemplateError(
            N_("“{part}” in “{template}” is not a field. Write {{name}}, or {{{{ for a brace."),
            part=token,
            template=template,
        )
    return _Place(found.group(1), found.group(2) or "")


def _bracket(template: str) -> TemplateError:
    return TemplateError(
        N_("A square bracket in “{template}” has no partner. Write [[ for a bracket."),
        template=template,
    )


@dataclass(frozen=True)
class _Term:
    name: str
    sign: str
    value: str
    negated: bool

    def holds(self, fields: Mapping[str, str]) -> bool:
        actual = fields.get(self.name, "")
        if not self.sign:
            met = bool(actual)
        else:
            met = (actual == self.value) is (self.sign == "=")
        return met is not self.negated


@lru_cache(maxsize=512)
def _condition(text: str) -> tuple[tuple[_Term, ...], ...]:
    """Alternatives, each of terms that must all hold."""
    if len(text) > LONGEST:
        raise TemplateError(
            N_("The text is too long: {longest} characters at most."), longest=LONGEST
        )
    tokens = list(_tokens(text))
    groups: list[tuple[_Term, ...]] = []
    terms: list[_Term] = []
    at = 0
    while at < len(tokens):
        term, at = _term(tokens, at, text)
        terms.append(term)
        if at == len(tokens):
            break
        joint = tokens[at].lower()
        if joint not in ("and", "or") or at + 1 == len(tokens):
            raise _wrong(text)
        if joint == "or":
            groups.append(tuple(terms))
            terms = []
        at += 1
    return (*groups, tuple(terms)) if terms else ()


def _tokens(text: str) -> Iterator[str]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _CONDITION_PART.match(text, at, end)
        if not found:
            raise _wrong(text)
        yield found.group().strip()
        at = found.end()


def _term(tokens: list[str], at: int, text: str) -> tuple[_Term, int]:
    negated = tokens[at].lower() == "not" and at + 1 < len(tokens)
    at += negated
    name = tokens[at]
    if not re.fullmatch(_FIELD, name) or name.lower() in ("and", "or", "not"):
        raise _wrong(text)
    if at + 1 == len(tokens) or tokens[at + 1] not in ("=", "!=", "<>"):
        return _Term(name, "", "", negated), at + 1
    if at + 2 == len(tokens) or tokens[at + 2] in ("=", "!=", "<>"):
        raise _wrong(text)
    value = tokens[at + 2]
    bare = value[1:-1] if value[0] in "\"'" else value
    return _Term(name, "=" if tokens[at + 1] == "=" else "!=", bare, negated), at + 3


def _wrong(text: str) -> TemplateError:
    return TemplateError(
        N_("“{condition}” is not a condition. Write for example: lot, not lot, unit = kg."),
        condition=text,
    )
