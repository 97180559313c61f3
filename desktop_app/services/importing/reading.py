"""From a file to a staged draft: look at it, map its columns, read it in, mend a cell."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop_app.core.i18n import Message, tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.exchange.importing.cells import Cell, RawRow
from desktop_app.exchange.importing.convert import ColumnFacts, convert_cell
from desktop_app.exchange.importing.fields import ImportField
from desktop_app.exchange.importing.headings import Heading, find_heading, heading_at, preview
from desktop_app.exchange.importing.mapping import ColumnMapping, heading_key, propose_mapping
from desktop_app.exchange.importing.sources import open_source
from desktop_app.exchange.importing.table import ReadRow, TableReader
from desktop_app.exchange.xlsx import XlsxColumn, XlsxKind, write_table
from desktop_app.services.importing import runs, stage
from desktop_app.services.importing.stage import CellTrouble, Counts, StagedRow
from desktop_app.services.importing.targets import TARGETS, completed, fields_of

TELL_EVERY = 2_000
"""Rows between two signs of life."""
SPREAD = "opening_stock"
"""The kind whose rows may become several: a column per warehouse."""
ROW = "_row"
"""Where such a row keeps its number in the file."""


@dataclass(frozen=True)
class FileLook:
    """A file before it is read in: its sheets, its first rows, what its columns seem to be.

    ``encoding`` is what a text file is read with, "" for a workbook; ``chosen_encoding`` what
    the person said, "" when it was found out.
    """

    path: Path
    sheets: tuple[str, ...]
    sheet: str
    notes: tuple[Message, ...]
    first_rows: tuple[RawRow, ...]
    heading: Heading
    mapping: ColumnMapping
    fields: tuple[ImportField, ...] = field(repr=False)
    encoding: str = ""
    chosen_encoding: str = ""


@dataclass(frozen=True)
class ReadIn:
    """A draft that was read and checked; ``skipped`` rows were totals and the like."""

    draft_id: int
    counts: Counts
    skipped: int


def look(
    uow: UnitOfWork,
    kind: str,
    path: Path,
    sheet: str = "",
    heading_row: int | None = None,
    encoding: str = "",
) -> FileLook:
    """What is in the file and what its columns probably mean; ``encoding`` overrules what is
    found out about a text file. Raises UnreadableFile.
    """
    fields = fields_of(uow, kind)
    with open_source(path, encoding=encoding) as source:
        names = tuple(info.name for info in source.sheets)
        chosen = sheet if sheet in names else names[0]
        heading = (
            find_heading(source, chosen, fields)
            if heading_row is None
            else heading_at(source, chosen, heading_row)
        )
        known = runs.remembered(uow, kind, heading_key(heading))
        return FileLook(
            path,
            names,
            chosen,
            source.notes,
            tuple(preview(source, chosen)),
            heading,
            propose_mapping(heading, fields, known or None),
            fields,
            getattr(source, "encoding", ""),
            encoding,
        )


def read_in(
    uow: UnitOfWork,
    kind: str,
    seen: FileLook,
    mapping: ColumnMapping,
    progress: Callable[[int], None] = lambda rows: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ReadIn:
    """Read the file into a draft and compare it with the database: the dry run.

    Raises UnreadableFile, ImportCancelled; nothing is kept then.
    """
    kept = mapping.to_json(seen.heading)
    draft_id = stage.begin(uow, kind, seen.path.name, _digest(seen.path), kept)
    counted = _Counted(kind, progress)
    with open_source(seen.path, encoding=seen.chosen_encoding) as source:
        table = TableReader(source, seen.sheet, seen.heading, mapping, seen.fields, cancelled)
        stage.add(uow, draft_id, counted.staged(table.rows()))
        styles = {name: style.to_json() for name, style in table.styles().items()}
    stage.keep_styles(uow, draft_id, styles)
    runs.remember(uow, kind, heading_key(seen.heading), kept)
    return ReadIn(draft_id, runs.check(uow, draft_id), counted.skipped)


class _Counted:
    """Turns read rows into staged ones and tells how far it is."""

    def __init__(self, kind: str, progress: Callable[[int], None]) -> None:
        self._kind = kind
        self._progress = progress
        self.skipped = 0

    def staged(self, rows: Iterator[ReadRow]) -> Iterator[StagedRow]:
        number = 0
        for count, row in enumerate(rows, start=1):
            if count % TELL_EVERY == 0:
                self._progress(count)
            if row.skipped:
                self.skipped += 1
                continue
            troubles = tuple(
                CellTrouble(problem.field, problem.message, problem.text)
                for problem in row.problems
            )
            if self._kind != SPREAD:
                yield StagedRow(row.row_no, completed(self._kind, row.values), troubles)
                continue
            for values in _per_warehouse(row):
                number += 1
                yield StagedRow(number, {**values, ROW: row.row_no}, troubles)


def _per_warehouse(row: ReadRow) -> Iterator[dict[str, Any]]:
    """A row with a column per warehouse says something about each of them."""
    plain = {name: value for name, value in row.values.items() if name != "stock"}
    per_key = row.values.get("stock")
    if not isinstance(per_key, Mapping):
        yield plain
        return
    for warehouse, quantity in per_key.items():
        if quantity:
            yield {**plain, "warehouse": warehouse, "qty": quantity}


def mend(uow: UnitOfWork, draft_id: int, row_no: int, field_name: str, typed: str) -> Counts:
    """Take what was typed into a cell of the grid, and look at that row again.

    It is read as the file's column is: with its unit, its way of writing numbers and days.
    """
    draft = stage.get(uow, draft_id)
    wanted = next(f for f in fields_of(uow, draft.kind) if f.name == field_name)
    styles = draft.mapping.get("styles", {})
    text = typed.strip()
    style = ColumnFacts.from_json(styles.get(field_name) or styles.get("") or {})
    if text.count(".") == 1 and "," not in text:
        # Of two meanings a file may have, 1.234 typed here is the one that was asked for.
        style = replace(style, doubtful_commas=False)
    value, wrong = convert_cell(Cell(text or None, text), wanted, style)
    trouble = CellTrouble(field_name, wrong, typed) if wrong is not None else None
    stage.mend(uow, draft_id, row_no, field_name, value, trouble)
    return runs.check(uow, draft_id, (row_no,))


def template(uow: UnitOfWork, kind: str, path: Path) -> int:
    """An empty table to fill in: the columns of a target, the needed ones first."""
    fields = sorted(fields_of(uow, kind), key=lambda f: not f.required)
    columns = [
        XlsxColumn(tr(f.title) + ("*" if f.required else ""), XlsxKind.TEXT, 16)
        for f in fields
        if not f.repeated
    ]
    return write_table(path, tr(TARGETS[kind].title), columns, ())


def refused_to_excel(uow: UnitOfWork, draft_id: int, path: Path) -> int:
    """The refused rows with their reasons, to be put right in Excel. Returns how many.

    A column in another unit keeps the file's heading and unit: what is typed again means the same.
    """
    draft = stage.get(uow, draft_id)
    fields = [f for f in fields_of(uow, draft.kind) if not f.repeated]
    scaled = {
        match["field"]: (match["heading"], Decimal(match["factor"]))
        for match in draft.mapping.get("columns", ())
        if Decimal(match["factor"]) != 1
    }
    columns = [
        XlsxColumn(tr("Row"), XlsxKind.INTEGER, 8),
        XlsxColumn(tr("Why not"), XlsxKind.TEXT, 50),
        *(XlsxColumn(scaled.get(f.name, (tr(f.title),))[0], XlsxKind.TEXT, 16) for f in fields),
    ]
    factors = {f.name: scaled[f.name][1] if f.name in scaled else None for f in fields}
    return write_table(path, tr("Refused rows"), columns, _refused(uow, draft_id, factors))


def in_file_unit(value: Any, factor: Decimal | None) -> Any:
    """A staged number in the unit of the file's column; None as the factor leaves it alone."""
    if factor is None or value in (None, ""):
        return value
    return format((Decimal(str(value)) / factor).normalize(), "f")


def _refused(
    uow: UnitOfWork, draft_id: int, factors: Mapping[str, Decimal | None]
) -> Iterator[tuple[Any, ...]]:
    after = 0
    while rows := stage.page(uow, draft_id, "refused", after):
        for row in rows:
            typed = {t.field: t.typed for t in row.troubles if t.typed}
            shown = (
                typed.get(name, in_file_unit(row.values.get(name), factor))
                for name, factor in factors.items()
            )
            reasons = "; ".join(str(trouble.message) for trouble in row.troubles)
            yield (row.values.get(ROW, row.row_no), reasons, *(_cell(value) for value in shown))
        after = rows[-1].row_no


def _cell(value: Any) -> str | None:
    if isinstance(value, bool):
        return tr("Yes") if value else tr("No")
    return None if value is None else str(value)


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
