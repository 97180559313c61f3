"""A file read by the program, judged cell by cell against what it must become."""

from __future__ import annotations

import gzip
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.import_expect import NOTHING, REFUSE, Raw, read_raw, same
from benchmarks.import_sets import Column, ImportSet
from desktop_app.exchange.importing.fields import ImportField
from desktop_app.exchange.importing.headings import find_heading
from desktop_app.exchange.importing.mapping import propose_mapping
from desktop_app.exchange.importing.sources import open_source
from desktop_app.exchange.importing.table import ReadRow, read_table

_TOTAL = re.compile(r"(sub)?total.{0,3}|合计|小计|总计", re.IGNORECASE)


@dataclass
class Verdict:
    """What became of the rows of one file."""

    file: str
    rows: int = 0
    right: int = 0
    refused: int = 0
    left_out: int = 0
    wrong: int = 0
    cells: int = 0
    needless: int = 0
    seconds: float = 0.0
    reasons: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def fault(self, told: str) -> None:
        """Keep the first few things that are wrong, to be looked at."""
        if len(self.faults) < 20:
            self.faults.append(told)


@contextmanager
def plain_file(path: Path) -> Iterator[Path]:
    """A packed file unpacked for the time of reading, under its own name."""
    if path.suffix != ".gz":
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        unpacked = Path(folder) / path.stem
        with gzip.open(path, "rb") as packed, unpacked.open("wb") as out:
            shutil.copyfileobj(packed, out)
        yield unpacked


def judge(folder: Path, chosen: ImportSet) -> Verdict:
    """Read the file once for the time and once for the verdict."""
    verdict = Verdict(chosen.file)
    with plain_file(folder / chosen.file) as path:
        begun = time.perf_counter()
        for _ in _read(path, chosen, verdict):
            pass
        verdict.seconds = time.perf_counter() - begun
        grid = read_raw(path, chosen.delimiter)
        rest = {row: cells for row, cells in grid.items() if row > chosen.heading_row and cells}
        for row in _read(path, chosen, verdict):
            cells = rest.pop(row.row_no, None)
            if cells is None:
                verdict.wrong += 1
                verdict.fault(f"row {row.row_no} does not exist")
                continue
            verdict.rows += 1
            _judge_row(row, cells, chosen.columns, verdict)
    verdict.rows += len(rest)
    verdict.wrong += len(rest)
    if rest:
        verdict.fault(f"rows lost: {sorted(rest)[:5]}")
    return verdict


def _read(path: Path, chosen: ImportSet, verdict: Verdict) -> Iterator[ReadRow]:
    fields: dict[str, ImportField] = {column.field.name: column.field for column in chosen.columns}
    wanted = tuple(fields.values())
    with open_source(path) as source:
        sheet = source.sheets[0].name
        heading = find_heading(source, sheet, wanted)
        mapping = propose_mapping(heading, wanted)
        if heading.last_row != chosen.heading_row:
            verdict.fault(f"heading found in row {heading.last_row}")
        found = {(match.column, match.field, match.key) for match in mapping.columns}
        for column in chosen.columns:
            if (column.at, column.field.name, column.key) not in found:
                verdict.fault(f"{column.field.title} {column.key}: mapped to another column")
        yield from read_table(source, sheet, heading, mapping, wanted)


def _judge_row(
    row: ReadRow, cells: dict[int, Raw], columns: tuple[Column, ...], verdict: Verdict
) -> None:
    if row.skipped is not None:
        first = cells[min(cells)].text.strip()
        if any(column.at in cells for column in columns) and not _TOTAL.fullmatch(first):
            verdict.wrong += 1
            verdict.fault(f"row {row.row_no} left out: {first!r}")
        else:
            verdict.left_out += 1
            verdict.reasons[str(row.skipped)] += 1
        return
    outcomes = {_judge_cell(row, cells, column, verdict) for column in columns}
    told = {problem.field for problem in row.problems}
    for problem in row.problems:
        shown = re.sub(r"“[^“”]*”", "“…”", str(problem.message), count=1)
        shown = re.sub(r"barcode [\d]+", "barcode …", shown)
        verdict.reasons[shown] += 1
    for column in columns:
        needed = column.field.required and column.at not in cells
        if needed and column.field.name not in told:
            outcomes.add("wrong")
            verdict.fault(f"row {row.row_no}: {column.field.title} is empty and nobody says so")
    if "wrong" in outcomes:
        verdict.wrong += 1
    elif row.problems:
        verdict.refused += 1
    else:
        verdict.right += 1


def _judge_cell(row: ReadRow, cells: dict[int, Raw], column: Column, verdict: Verdict) -> str:
    raw = cells.get(column.at)
    wanted = NOTHING if raw is None else column.expect(raw)
    if wanted not in (NOTHING, REFUSE) and column.factor != 1:
        wanted = wanted * column.factor
    value = row.values.get(column.field.name, NOTHING)
    if column.key and value is not NOTHING:
        value = value.get(column.key, NOTHING)
    refused = any(problem.column == column.at for problem in row.problems)
    if raw is not None:
        verdict.cells += 1
    if refused:
        if wanted is not REFUSE and wanted is not NOTHING:
            verdict.needless += 1
            verdict.fault(f"row {row.row_no}: {column.field.title} refused: {raw}")
        return "refused"
    if wanted is NOTHING and value is NOTHING:
        return "right"
    if wanted is REFUSE or value is NOTHING or not same(value, wanted):
        verdict.fault(f"row {row.row_no}: {column.field.title}: {raw} became {value!r}")
        return "wrong"
    return "right"
