"""Formulas of own fields: ``qty * unit_weight_g / 1000``, ``if(grade = "A", 1.1, 1)``.

A small language of our own, read by a recursive-descent parser: numbers, "texts", names of
fields, ``+ - * / &``, comparisons, ``and or not`` and the functions of :data:`FUNCTIONS`. There
is no way to call anything else, no power and no loop, so a formula always ends. The same tree
is computed in Python (forms) and translated to SQL (lists, filters: ``queries/formula_sql``).

Nothing typed gives nothing: an operation on an empty field is empty, and so is a division
by zero.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, DecimalException
from enum import StrEnum
from typing import Any

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_

LONGEST = 500
DEEPEST = 30
_CONTEXT = Context(prec=34)


class Kind(StrEnum):
    """What a value of the language can be."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    YES_NO = "yes_no"


class FormulaError(UserError):
    """The formula cannot be used; the message names the place."""

    code = "formula.wrong"


@dataclass(frozen=True)
class Literal:
    """A number or a text written in the formula."""

    value: Decimal | str


@dataclass(frozen=True)
class Name:
    """A field."""

    name: str


@dataclass(frozen=True)
class Operation:
    """An operator or a function with its arguments."""

    sign: str
    arguments: tuple[Node, ...]


Node = Literal | Name | Operation

FUNCTIONS: Mapping[str, tuple[int, int]] = {
    "if": (3, 3),
    "round": (2, 2),
    "min": (1, 9),
    "max": (1, 9),
    "abs": (1, 1),
    "floor": (1, 1),
    "ceiling": (1, 1),
    "coalesce": (1, 9),
}
"""Fewest and most arguments by function."""
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>\"[^\"]*\"|'[^']*')|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign><=|>=|<>|!=|[-+*/&=<>(),]))"
)
_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("or",),
    ("and",),
    _COMPARISONS,
    ("&",),
    ("+", "-"),
    ("*", "/"),
)
_FOLD = str.maketrans("（），＋－＊／＝＜＞＆“”‘’", "(),+-*/=<>&\"\"''")


def parse(text: str) -> Node:
    """The tree of a formula. Raises FormulaError."""
    if len(text) > LONGEST:
        raise FormulaError(N_("A formula has at most {most} characters."), most=LONGEST)
    return _Parser(text.translate(_FOLD)).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self._words = _words(text)
        self._place = 0
        self._depth = 0

    def whole(self) -> Node:
        found = self._level(0)
        if self._peek():
            raise FormulaError(N_("“{word}” is not expected here."), word=self._peek())
        return found

    def _level(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        left = self._level(level + 1)
        while self._peek() in _LEVELS[level]:
            sign = self._take()
            left = Operation(sign, (left, self._level(level + 1)))
        return left

    def _unary(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise FormulaError(N_("The formula is nested too deeply."))
        sign = self._peek()
        if sign in ("-", "not"):
            self._take()
            found: Node = Operation("negative" if sign == "-" else "not", (self._unary(),))
        else:
            found = self._primary()
        self._depth -= 1
        return found

    def _primary(self) -> Node:
        word = self._take()
        if word == "(":
            inside = self._level(0)
            self._expect(")")
            return inside
        if word[:1] in "\"'" and word:
            return Literal(word[1:-1])
        if word[:1].isdigit():
            return Literal(Decimal(word))
        if word in FUNCTIONS and self._peek() == "(":
            return self._call(word)
        if re.fullmatch(r"[A-Za-z_]\w*", word) and word not in ("and", "or", "not"):
            return Name(word)
        raise FormulaError(
            N_("“{word}” is not expected here."), word=word or N_("the end of the formula")
        )

    def _call(self, name: str) -> Node:
        self._take()
        arguments = [self._level(0)]
        while self._peek() == ",":
            self._take()
            arguments.append(self._level(0))
        self._expect(")")
        fewest, most = FUNCTIONS[name]
        if not fewest <= len(arguments) <= most:
            raise FormulaError(N_("{function} has another number of values."), function=name)
        return Operation(name, tuple(arguments))

    def _expect(self, sign: str) -> None:
        if self._take() != sign:
            raise FormulaError(N_("A “{sign}” is missing."), sign=sign)

    def _peek(self) -> str:
        return self._words[self._place] if self._place < len(self._words) else ""

    def _take(self) -> str:
        word = self._peek()
        self._place += 1
        return word


def _words(text: str) -> list[str]:
    found: list[str] = []
    place = 0
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if match is None:
            raise FormulaError(N_("“{word}” is not expected here."), word=text[place:].strip()[:10])
        word = match.group().strip()
        found.append("<>" if word == "!=" else word)
        place = match.end()
    return found


def names(node: Node) -> frozenset[str]:
    """The fields a formula reads."""
    if isinstance(node, Name):
        return frozenset({node.name})
    if isinstance(node, Operation):
        return frozenset().union(*(names(argument) for argument in node.arguments))
    return frozenset()


# ---------------------------------------------------------------- kinds


def kind_of(node: Node, kinds: Mapping[str, Kind]) -> Kind:
    """What the formula gives. Raises FormulaError for unknown fields and unlike values."""
    if isinstance(node, Literal):
        return Kind.TEXT if isinstance(node.value, str) else Kind.NUMBER
    if isinstance(node, Name):
        if node.name not in kinds:
            raise FormulaError(N_("There is no field “{name}” here."), name=node.name)
        return kinds[node.name]
    given = [kind_of(argument, kinds) for argument in node.arguments]
    found = _result(node.sign, given)
    if found is None:
        raise FormulaError(N_("“{sign}” does not fit these values."), sign=node.sign)
    return found


def _result(sign: str, given: list[Kind]) -> Kind | None:
    """What an operation on these kinds gives, or None when it makes no sense."""
    if sign in ("and", "or", "not"):
        return Kind.YES_NO if set(given) == {Kind.YES_NO} else None
    if sign in _COMPARISONS:
        # Which text comes first depends on a server's collation: texts are only equal or not.
        ordered = sign in ("=", "<>") or given[0] in (Kind.NUMBER, Kind.DATE)
        return Kind.YES_NO if given[0] == given[1] and ordered else None
    if sign == "&":
        return Kind.TEXT
    if sign == "if":
        return given[1] if given[0] is Kind.YES_NO and given[1] == given[2] else None
    if sign == "coalesce" or (sign in ("min", "max") and given[0] is Kind.DATE):
        return given[0] if len(set(given)) == 1 else None
    if Kind.DATE in given and sign in ("+", "-"):
        dates = {
            ("-", Kind.DATE, Kind.DATE): Kind.NUMBER,
            ("-", Kind.DATE, Kind.NUMBER): Kind.DATE,
            ("+", Kind.DATE, Kind.NUMBER): Kind.DATE,
        }
        return dates.get((sign, *given))  # type: ignore[arg-type]
    return Kind.NUMBER if set(given) == {Kind.NUMBER} else None


# ---------------------------------------------------------------- in Python


def compute(node: Node, values: Mapping[str, Any], decimals: int | None = None) -> Any:
    """The formula's value; None when a field it needs is empty or nothing sensible results.

    A number is rounded half up to ``decimals`` places.
    """
    try:
        found = _compute(node, values)
    except (DecimalException, OverflowError, TypeError):
        return None
    if isinstance(found, Decimal) and decimals is not None:
        return _rounded(found, Decimal(decimals))
    return found


def _compute(node: Node, values: Mapping[str, Any]) -> Any:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Name):
        value = values.get(node.name)
        return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if node.sign == "if":
        chosen = 1 if _compute(node.arguments[0], values) else 2
        return _compute(node.arguments[chosen], values)
    given = [_compute(argument, values) for argument in node.arguments]
    if node.sign == "coalesce":
        return next((value for value in given if value is not None), None)
    if node.sign == "&":
        return "".join("" if value is None else _text(value) for value in given)
    if node.sign in ("and", "or"):
        return _logic(node.sign, given)
    if any(value is None for value in given):
        return None
    return _OPERATIONS[node.sign](*given)


def _logic(sign: str, given: list[Any]) -> bool | None:
    """SQL's rule: what decides alone decides although the other is empty."""
    decides = sign == "or"
    if decides in given:
        return decides
    return None if None in given else not decides


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, date):
        return left + timedelta(days=int(right))
    return _CONTEXT.add(left, right)


def _subtract(left: Any, right: Any) -> Any:
    if isinstance(left, date):
        if isinstance(right, date):
            return Decimal((left - right).days)
        return left - timedelta(days=int(right))
    return _CONTEXT.subtract(left, right)


def _divide(left: Decimal, right: Decimal) -> Decimal | None:
    return None if right == 0 else _CONTEXT.divide(left, right)


def _rounded(value: Decimal, places: Decimal) -> Decimal:
    from desktop_app.domain.quantities import round_half_up

    return round_half_up(value, max(0, min(12, int(places))))


_OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "+": _add,
    "-": _subtract,
    "*": _CONTEXT.multiply,
    "/": _divide,
    "negative": operator.neg,
    "not": operator.not_,
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "round": _rounded,
    "min": min,
    "max": max,
    "abs": abs,
    "floor": lambda a: a.to_integral_value(ROUND_FLOOR),
    "ceiling": lambda a: a.to_integral_value(ROUND_CEILING),
}
