"""The rows of a table, read: values by field, and a reason for every cell refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from desktop_app.core.i18n import N_, Message, tr
from desktop_app.domain.quantities import fold_digits
from desktop_app.exchange.importing.cells import ImportCancelled, RawRow, Source
from desktop_app.exchange.importing.convert import ColumnFacts, Converter, converter
from desktop_app.exchange.importing.dates import TwoWays, ways
from desktop_app.exchange.importing.fields import ImportField
from desktop_app.exchange.importing.headings import Heading, is_total
from desktop_app.exchange.importing.mapping import ColumnMapping, ColumnMatch

_EVERY = 200
"""Rows between two looks at whether the person has cancelled."""
_DAY_LIKE = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b.*")

_TOTAL = N_("A line of totals; it is left out.")
_NOTHING = N_("Nothing stands in the columns taken; the row is left out.")
_REQUIRED = N_("“{column}” must not be empty.")
_TOO_FAR = N_("“{cell}” stands right of the last column.")
_CANCELLED = N_("The reading was stopped; nothing was taken in.")


class CellProblem(NamedTuple):
    """Why one cell is refused. ``column`` counts from 0, -1 when the file has no such column;
    ``text`` is what stands in the file. ``field`` is "" when the row as a whole is wrong.
    """

    field: str
    column: int
    message: Message
    text: str


class ReadRow(NamedTuple):
    """One row. ``values`` by field name, empty and refused cells absent; a repeated field has
    a dict by key. ``skipped``: why the row is no data, else None.
    """

    row_no: int
    values: dict[str, Any]
    problems: tuple[CellProblem, ...] = ()
    skipped: Message | None = None


class _Column(NamedTuple):
    at: int
    field: str
    key: str
    convert: Converter


def _never() -> bool:
    return False


def read_table(
    source: Source,
    sheet: str,
    heading: Heading,
    mapping: ColumnMapping,
    fields: Sequence[ImportField],
    *,
    cancelled: Callable[[], bool] = _never,
) -> Iterator[ReadRow]:
    """All rows below the heading, as they come; memory does not grow with them.

    Raises UnreadableFile when the file breaks off, and ImportCancelled soon after
    ``cancelled`` says so.
    """
    return TableReader(source, sheet, heading, mapping, fields, cancelled).rows()


class TableReader:
    """The rows of :func:`read_table`, and how the columns were read."""

    def __init__(
        self,
        source: Source,
        sheet: str,
        heading: Heading,
        mapping: ColumnMapping,
        fields: Sequence[ImportField],
        cancelled: Callable[[], bool] = _never,
    ) -> None:
        self._source, self._sheet, self._heading = source, sheet, heading
        self._fields = {field.name: field for field in fields}
        self._cancelled = cancelled
        self._matches = [match for match in mapping.columns if match.field in self._fields]
        self._orders = {m.column: m.date_order for m in self._matches if m.date_order}
        self._surveyed = False
        self._columns = [self._column(match) for match in self._matches]
        mapped = {match.field for match in self._matches}
        self._required = [f for f in fields if f.required and f.name in mapped]
        # Only text can be cut in wrong places by a comma too many.
        self._width = heading.width if source.kind == "text" and heading.last_row else None

    def rows(self) -> Iterator[ReadRow]:
        """See :func:`read_table`."""
        last = self._heading.last_row
        for count, raw in enumerate(self._source.rows(self._sheet)):
            if count % _EVERY == 0:
                self._look_up()
            if raw.row_no > last:
                yield self._read(raw)

    def styles(self) -> dict[str, ColumnFacts]:
        """By field how its column is written. After the last row this holds what the days of the
        whole file have shown; "" is for fields without a column.
        """
        found = {match.field: self._facts(match) for match in self._matches}
        return {**found, "": ColumnFacts(doubtful_commas=self._doubtful_commas())}

    def _look_up(self) -> None:
        if self._cancelled():
            raise ImportCancelled(_CANCELLED)

    def _read(self, raw: RawRow) -> ReadRow:
        cells = raw.cells
        values: dict[str, Any] = {}
        problems: list[CellProblem] = []
        width = len(cells)
        for column in self._columns:
            index, field, key, convert = column
            if index >= width:
                continue
            cell = cells[index]
            try:
                value, problem = convert(cell)
            except TwoWays as doubt:
                value, problem = self._decided(column, raw, doubt)
            if problem is not None:
                problems.append(CellProblem(field, index, problem, cell.text))
            elif value is None:
                continue
            elif key:
                values.setdefault(field, {})[key] = value
            else:
                values[field] = value
        if is_total(raw):
            return ReadRow(raw.row_no, {}, (), Message(_TOTAL))
        if not values and not problems:
            return ReadRow(raw.row_no, {}, (), Message(_NOTHING))
        self._judge_row(raw, values, problems)
        return ReadRow(raw.row_no, values, tuple(problems))

    def _judge_row(self, raw: RawRow, values: dict[str, Any], problems: list[CellProblem]) -> None:
        for field in self._required:
            if field.name not in values and all(p.field != field.name for p in problems):
                column = next(m.column for m in self._matches if m.field == field.name)
                message = Message(_REQUIRED, {"column": tr(field.title)})
                problems.append(CellProblem(field.name, column, message, raw.cell(column).text))
        if self._width is not None and len(raw.cells) > self._width:
            text = raw.cells[-1].text
            message = Message(_TOO_FAR, {"cell": text[:40]})
            problems.append(CellProblem("", len(raw.cells) - 1, message, text))

    def _decided(self, column: _Column, raw: RawRow, doubt: TwoWays) -> tuple[Any, Message | None]:
        """Look at the whole columns of days once, then read the cell again."""
        if not self._surveyed:
            self._survey()
            self._columns[:] = [self._column(match) for match in self._matches]
            again = next(c for c in self._columns if c.at == column.at)
            try:
                return again.convert(raw.cells[column.at])
            except TwoWays:
                pass
        return None, doubt.message()

    def _survey(self) -> None:
        self._surveyed = True
        days = [
            match.column
            for match in self._matches
            if self._fields[match.field].kind in ("date", "timestamp")
            and match.column not in self._orders
        ]
        seen: dict[int, set[str]] = {column: set() for column in days}
        for count, raw in enumerate(self._source.rows(self._sheet)):
            if count % _EVERY == 0:
                self._look_up()
            if raw.row_no <= self._heading.last_row:
                continue
            for column, texts in seen.items():
                value = raw.cell(column).value
                if isinstance(value, str):
                    text = fold_digits(value)
                    if _DAY_LIKE.fullmatch(text):
                        texts.add(text)
        self._orders.update((column, ways(texts)) for column, texts in seen.items())

    def _column(self, match: ColumnMatch) -> _Column:
        field = self._fields[match.field]
        key = match.key if field.repeated else ""
        return _Column(match.column, match.field, key, converter(field, self._facts(match)))

    def _facts(self, match: ColumnMatch) -> ColumnFacts:
        return ColumnFacts(
            match.factor,
            self._orders.get(match.column, ""),
            self._source.epoch_1904,
            self._doubtful_commas(),
        )

    def _doubtful_commas(self) -> bool:
        """Where a semicolon parts the columns, a comma may be the decimal sign."""
        return getattr(self._source, "delimiter", "") == ";"
