"""Formulas of own fields as SQL expressions, so that lists can sort and filter by them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from desktop_app.domain.formula import FUNCTIONS, Kind, Literal, Name, Node, kind_of

_PLAIN = {
    "negative": "(-{0})",
    "not": "(NOT {0})",
    "/": "({0} / nullif({1}, 0))",
    "round": "round({0}, greatest(0, least(12, trunc({1})))::int)",
}
_SQL_FUNCTIONS = {"min": "least", "max": "greatest", "ceiling": "ceil"}


def to_sql(
    node: Node,
    columns: Mapping[str, str],
    kinds: Mapping[str, Kind],
    decimals: int | None = None,
) -> str:
    """The same formula as an SQL expression over ``columns`` (expressions of our own).

    The text of a formula reaches SQL as quoted literals only.
    """
    found = _sql(node, columns, kinds)
    if decimals is not None and kind_of(node, kinds) is Kind.NUMBER:
        return f"round({found}, {int(decimals)})"
    return found


def _sql(node: Node, columns: Mapping[str, str], kinds: Mapping[str, Kind]) -> str:
    if isinstance(node, Literal):
        if isinstance(node.value, Decimal):
            return f"{node.value:f}::numeric"
        # A per cent sign would be read as a placeholder by the driver.
        return "'" + node.value.replace("'", "''").replace("%", "%%") + "'::text"
    if isinstance(node, Name):
        return f"({columns[node.name]})"
    given = [_sql(argument, columns, kinds) for argument in node.arguments]
    of_kinds = [kind_of(argument, kinds) for argument in node.arguments]
    return _sql_operation(node.sign, given, of_kinds)


def _sql_operation(sign: str, given: list[str], kinds: list[Kind]) -> str:
    if sign == "if":
        return f"CASE WHEN {given[0]} THEN {given[1]} ELSE {given[2]} END"
    if sign == "&":
        return "concat(" + ", ".join(map(_sql_text, given, kinds)) + ")"
    if sign in _PLAIN:
        return _PLAIN[sign].format(*given)
    if sign in ("min", "max"):
        # least() and greatest() pass over what is empty; here it makes the whole empty.
        empty = " OR ".join(f"{value} IS NULL" for value in given)
        return f"CASE WHEN {empty} THEN NULL ELSE {_SQL_FUNCTIONS[sign]}({', '.join(given)}) END"
    if sign in FUNCTIONS:
        return f"{_SQL_FUNCTIONS.get(sign, sign)}({', '.join(given)})"
    if kinds[0] is Kind.DATE and sign in ("+", "-"):
        if kinds[1] is Kind.DATE:
            return f"({given[0]} - {given[1]})::numeric"
        return f"({given[0]} {sign} {given[1]}::int)"
    return f"({given[0]} {sign.upper()} {given[1]})"


def _sql_text(value: str, kind: Kind) -> str:
    return f"trim_scale({value})" if kind is Kind.NUMBER else f"{value}::text"
