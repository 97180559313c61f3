"""Families and their variants: every combination of axis values, its code and its name.

A variant maps axis names to values ({"finish": "镀镍", "size": "40"}). Along a finish axis
there is one more combination for each of the others: the blank, which has no finish yet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message
from desktop_app.domain.pinyin_search import search_text
from desktop_app.domain.quantities import fold_digits

MOST_COMBINATIONS = 2000
"""More rows than that nobody ticks; the family is then several families."""
_PLACE = re.compile(r"(\{[^{}]*\})")

Variant = Mapping[str, str]


@dataclass(frozen=True)
class Axis:
    """``options`` are the values in order, ``codes`` their parts of an item code ("" = by rule)."""

    name: str
    options: tuple[str, ...]
    codes: tuple[str, ...] = ()
    is_finish: bool = False

    def code_of(self, option: str) -> str:
        """The code part of a value: as declared, else the value itself or its initials."""
        place = self.options.index(option) if option in self.options else -1
        given = self.codes[place] if 0 <= place < len(self.codes) else ""
        return given or rule_code(option)


def combinations(axes: Sequence[Axis]) -> list[dict[str, str]]:
    """Every variant in the order of the axes, the blank before its finishes.

    Raises InvalidInput at ``axes`` when there are more than 2,000.
    """
    used = [axis for axis in axes if axis.options]
    count = prod(len(axis.options) + axis.is_finish for axis in used)
    if count > MOST_COMBINATIONS:
        raise _problem(
            N_("These axes make {count} variants; at most {most} fit into one family."),
            count=count,
            most=MOST_COMBINATIONS,
        )
    if not used:
        return []
    choices = [(("", *axis.options) if axis.is_finish else axis.options) for axis in used]
    return [
        {axis.name: value for axis, value in zip(used, values, strict=True) if value}
        for values in product(*choices)
    ]


def blank_of(axes: Sequence[Axis], variant: Variant) -> dict[str, str] | None:
    """The variant this finish is made from: the same without finish; None for a blank itself."""
    finishes = {axis.name for axis in axes if axis.is_finish}
    if not finishes & set(variant):
        return None
    return {name: value for name, value in variant.items() if name not in finishes}


def proposed_code(pattern: str, family: str, axes: Sequence[Axis], variant: Variant) -> str:
    """The pattern with ``{family}``, ``{values}`` and ``{axis name}`` filled by code parts."""
    parts = {a.name: a.code_of(variant[a.name]) for a in axes if variant.get(a.name)}
    values = {"family": family, "values": "-".join(parts.values()), **parts}
    filled = _fill(pattern, values, axes, apart=False)
    return re.sub(r"([-_./ ])\1+", r"\1", filled).strip("-_./ ")


def proposed_name(pattern: str, family: str, axes: Sequence[Axis], variant: Variant) -> str:
    """The pattern filled by values; words of Latin letters are kept apart by a blank."""
    parts = {a.name: variant[a.name] for a in axes if variant.get(a.name)}
    values = ""
    for part in parts.values():
        values = _beside(values, part)
    given = {"family": family, "values": values, **parts}
    filled = _fill(pattern, given, axes, apart=True)
    return " ".join(filled.split())


def rule_code(option: str) -> str:
    """A code part without a declared one: "Red" → RED, "镀镍" → DN."""
    folded = fold_digits(option)
    if not folded.isascii():
        folded = search_text(folded).split(" ")[-1] if " " not in folded else folded
    return re.sub(r"[^\w.]+", "", folded).upper()


def read_options(text: str, *, field: str = "axes") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Values and code parts typed as "镀镍=NI, 镀铬=CR, 哑光".

    Raises InvalidInput at ``field`` for a value or a code part that stands there twice.
    """
    options: list[str] = []
    codes: list[str] = []
    for part in re.split(r"[,，;；、\n]+", text):
        value, _, code = part.replace("＝", "=").partition("=")
        if value.strip():
            options.append(value.strip())
            codes.append(fold_digits(code))
    for words in (options, [code for code in codes if code]):
        twice = next((word for word in words if words.count(word) > 1), None)
        if twice is not None:
            raise _problem(N_("“{value}” stands there twice."), field, value=twice)
    return tuple(options), tuple(codes)


def options_text(options: Sequence[str], codes: Sequence[str]) -> str:
    """Values and code parts as they are typed."""
    padded = [*codes, *([""] * len(options))]
    return ", ".join(
        f"{value}={code}" if code else value for value, code in zip(options, padded, strict=False)
    )


def renamed_options(before: Sequence[str], after: Sequence[str]) -> dict[str, str]:
    """Values that got another name: same place, same number of values, new to the list."""
    if len(before) != len(after):
        return {}
    return {
        old: new
        for old, new in zip(before, after, strict=True)
        if old != new and old not in after and new not in before
    }


def _fill(pattern: str, values: Mapping[str, str], axes: Sequence[Axis], *, apart: bool) -> str:
    absent = {axis.name for axis in axes}
    filled = ""
    for piece in _PLACE.split(pattern):
        name = piece[1:-1] if _PLACE.fullmatch(piece) else None
        if name is not None and (name in values or name in absent):
            word = values.get(name, "")
            filled = _beside(filled, word) if apart else filled + word
        else:
            filled += piece
    return filled


def _beside(left: str, right: str) -> str:
    """Two texts in a row; a blank between two words of Latin letters."""
    words = left[-1:].isascii() and left[-1:].isalnum() and right[:1].isascii()
    return f"{left} {right}" if words and right[:1].isalnum() else left + right


def _problem(text: str, field: str = "axes", **values: object) -> InvalidInput:
    return InvalidInput((FieldProblem(field, Message(text, dict(values))),))
