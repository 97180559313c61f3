"""A table pasted from Excel (tab-separated text) into rows, with a problem per wrong cell.

Nothing is guessed and nothing is lost: good cells become values, each wrong cell gets a
sentence with its row and column, and the page shows both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message, tr
from desktop_app.domain.quantities import fold_digits, parse_quantity

MAX_ROWS = 10_000
"""More than this is an import, not a paste."""


class PastedKind(StrEnum):
    """What a column must hold."""

    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    QUANTITY = "quantity"
    PRICE = "price"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"


@dataclass(frozen=True)
class PastedColumn:
    """One expected column. ``title`` is what a heading row may call it.

    ``decimals`` overrides what the kind allows; ``allow_negative`` is for differences.
    """

    name: str
    kind: PastedKind = PastedKind.TEXT
    required: bool = False
    title: str = ""
    decimals: int | None = None
    allow_negative: bool = False


PastedValue = str | Decimal | date | None


@dataclass(frozen=True)
class PastedRow:
    """One row: ``line_no`` counts the pasted lines from 1, heading included.

    A wrong or empty cell is None in ``values``; ``texts`` keeps what was pasted.
    """

    line_no: int
    values: Mapping[str, PastedValue]
    texts: Mapping[str, str]


@dataclass(frozen=True)
class PastedTable:
    """All rows with something in them, and every problem in reading order."""

    rows: tuple[PastedRow, ...]
    problems: tuple[FieldProblem, ...]


def parse_pasted(text: str, columns: Sequence[PastedColumn]) -> PastedTable:
    """``text`` from the clipboard as rows of ``columns``, in their order.

    When the first row names the columns (by ``title`` or ``name``), it is taken as a
    heading and the columns may stand in any order. Never raises.
    """
    lines = [(number, cells) for number, cells in enumerate(_cells(text), 1) if any(cells)]
    if not lines:
        return PastedTable((), (FieldProblem("", Message(N_("There is nothing to paste."))),))
    if len(lines) > MAX_ROWS:
        problem = Message(
            N_("{count} rows are too many to paste; use the import for more than {limit}."),
            {"count": len(lines), "limit": MAX_ROWS},
        )
        return PastedTable((), (FieldProblem("", problem),))
    order = _heading(lines[0][1], columns)
    if order is not None:
        lines = lines[1:]
    rows: list[PastedRow] = []
    problems: list[FieldProblem] = []
    for number, cells in lines:
        row, wrong = _read_row(number, cells, order or list(columns))
        problems.extend(wrong)
        rows.append(row)
    if order is not None:
        problems.extend(_missing_columns(columns, order))
    return PastedTable(tuple(rows), tuple(problems))


# A quoted cell ends at a quote before a tab or line end, else the quote is part of the text.
_CELL = re.compile(r'"((?:[^"]|"")*)"(?=\t|\r?\n|\Z)|([^\t\r\n]*)')


def _cells(text: str) -> list[list[str]]:
    rows: list[list[str]] = [[]]
    at = 0
    while True:
        found = _CELL.match(text, at)
        assert found is not None  # the pattern matches the empty text  # noqa: S101
        quoted = found.group(1)
        cell = found.group(2) if quoted is None else quoted.replace('""', '"')
        rows[-1].append(cell.strip().replace("\u200b", "").replace("\ufeff", ""))
        at = found.end()
        if at >= len(text):
            return rows
        if text[at] == "\t":
            at += 1
        else:
            at += 2 if text.startswith("\r\n", at) else 1
            rows.append([])


def _heading(
    cells: Sequence[str], columns: Sequence[PastedColumn]
) -> list[PastedColumn | None] | None:
    """The columns in the order of a heading row, or None when it is none.

    It is one when at least two of its cells (or all of them) name a column.
    """
    names = {_plain(name): column for column in columns for name in _names(column)}
    order = [names.get(_plain(cell)) for cell in cells]
    found = len([column for column in order if column is not None])
    filled = len([cell for cell in cells if cell])
    return order if found and (found >= 2 or found == filled) else None


def _names(column: PastedColumn) -> tuple[str, ...]:
    return (column.name, column.title, tr(column.title)) if column.title else (column.name,)


def _plain(text: str) -> str:
    return re.sub(r"[\s*＊]", "", fold_digits(text)).casefold()


def _missing_columns(
    columns: Sequence[PastedColumn], order: Sequence[PastedColumn | None]
) -> list[FieldProblem]:
    return [
        FieldProblem(
            column.name,
            Message(N_("The column “{column}” is missing."), {"column": _shown(column)}),
        )
        for column in columns
        if column.required and column not in order
    ]


def _shown(column: PastedColumn) -> str:
    return tr(column.title) if column.title else column.name


def _read_row(
    number: int, cells: Sequence[str], columns: Sequence[PastedColumn | None]
) -> tuple[PastedRow, list[FieldProblem]]:
    values: dict[str, PastedValue] = {}
    texts: dict[str, str] = {}
    problems: list[FieldProblem] = []
    for index, column in enumerate(columns):
        if column is None:
            continue
        text = cells[index] if index < len(cells) else ""
        texts[column.name] = text
        values[column.name] = None
        try:
            values[column.name] = _read(text, column)
        except InvalidInput as wrong:
            message = wrong.problems[0].message
            problems.append(FieldProblem(column.name, message, number))
    extra = [cell for cell in cells[len(columns) :] if cell]
    if extra:
        message = Message(N_("“{cell}” stands right of the last column."), {"cell": extra[0]})
        problems.append(FieldProblem("", message, number))
    return PastedRow(number, values, texts), problems


def _read(text: str, column: PastedColumn) -> PastedValue:
    if not text:
        if column.required:
            raise _problem(N_("“{column}” must not be empty."), column=_shown(column))
        return None
    return _READERS[column.kind](text, column)


def _problem(text: str, **values: object) -> InvalidInput:
    return InvalidInput((FieldProblem("", Message(text, values)),))


def _text(text: str, column: PastedColumn) -> PastedValue:
    return text


def _code(text: str, column: PastedColumn) -> PastedValue:
    """A code; a long number that Excel has shortened is refused, its digits are lost."""
    if re.fullmatch(r"\d(\.\d+)?E\+\d+", text, re.IGNORECASE):
        raise _problem(
            N_("Excel has shortened the code “{cell}”. Format the column as text and copy again."),
            cell=text,
        )
    return fold_digits(text)


def _number(default: int) -> Callable[[str, PastedColumn], PastedValue]:
    def read(text: str, column: PastedColumn) -> PastedValue:
        decimals = default if column.decimals is None else column.decimals
        plain = re.sub(r"^[¥￥$]\s*", "", text)
        return parse_quantity(
            plain, decimals=decimals, allow_negative=column.allow_negative, field=column.name
        )

    return read


def _percent(text: str, column: PastedColumn) -> PastedValue:
    """A percentage: "13%", "13" and "13 %" all mean 13."""
    return _number(4)(fold_digits(text).removesuffix("%").strip(), column)


_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\s+0?0:00(?::00)?)?")


def _date(text: str, column: PastedColumn) -> PastedValue:
    folded = fold_digits(text)
    found = _DATE.fullmatch(folded) or re.fullmatch(r"(\d{4})(\d\d)(\d\d)", folded)
    try:
        if found:
            year, month, day = (int(part) for part in found.groups())
            return date(year, month, day)
    except ValueError:
        pass  # the 30th of February: said below like any other text
    raise _problem(N_("“{cell}” is not a date; write 2026-01-31."), cell=text)


_READERS: Mapping[PastedKind, Callable[[str, PastedColumn], PastedValue]] = {
    PastedKind.TEXT: _text,
    PastedKind.CODE: _code,
    PastedKind.INTEGER: _number(0),
    PastedKind.QUANTITY: _number(6),
    PastedKind.PRICE: _number(6),
    PastedKind.MONEY: _number(2),
    PastedKind.PERCENT: _percent,
    PastedKind.DATE: _date,
}
