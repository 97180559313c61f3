"""``python -m benchmarks.import_report --data FOLDER [--rows N] [--out FILE]``.

Reads real tables with the program, judges every cell with a second reader, measures a long
table with errors in it, and writes docs/import-report.md. Exit status 1 when a cell became
something else than it should.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks import import_made
from benchmarks.import_judge import Verdict, judge
from benchmarks.import_sets import SETS
from desktop_app.core import clock
from desktop_app.exchange.importing.headings import find_heading
from desktop_app.exchange.importing.mapping import propose_mapping
from desktop_app.exchange.importing.sources import open_source
from desktop_app.exchange.importing.table import read_table

REPORT = Path(__file__).parents[1] / "docs" / "import-report.md"
_MB = 2**20


@dataclass(frozen=True)
class Timing:
    """A long table read once: rows with a refused cell, seconds, those of the processor
    (others may share it), memory grown meanwhile.
    """

    what: str
    rows: int
    refused: int
    seconds: float
    busy: float
    grown_mb: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the report; 0 only when nothing was read silently wrong."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as made:
        timings = measure(Path(made), options.rows)
        told = import_made.sentences(Path(made))
    verdicts = {
        name: [judge(options.data, chosen) for chosen in sets] for name, sets in SETS.items()
    }
    options.out.write_text(as_markdown(verdicts, timings, told), encoding="utf-8")
    wrong = sum(v.wrong for group in verdicts.values() for v in group)
    faults = [f"{v.file}: {f}" for group in verdicts.values() for v in group for f in v.faults]
    print("\n".join(faults))
    print(f"{options.out}: {wrong} rows silently wrong")
    return 1 if wrong or faults else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.import_report")
    parser.add_argument("--data", type=Path, required=True, help="folder with the real tables")
    parser.add_argument("--rows", type=int, default=import_made.ROWS, help="rows of the long table")
    parser.add_argument("--out", type=Path, default=REPORT)
    return parser


def measure(folder: Path, rows: int) -> list[Timing]:
    """Read the long table as xlsx and as text."""
    kinds: tuple[tuple[str, str, Callable[[Path, int], None]], ...] = (
        ("xlsx", "long.xlsx", import_made.write_long_xlsx),
        ("csv, GB18030, semicolons", "long.csv", import_made.write_long_csv),
    )
    timings = []
    for what, name, write in kinds:
        write(folder / name, rows)
        timings.append(_timed(what, folder / name))
    return timings


def _timed(what: str, path: Path) -> Timing:
    process = psutil.Process()
    before = process.memory_info().rss
    highest = before
    done = threading.Event()

    def watch() -> None:
        nonlocal highest
        while not done.wait(0.05):
            highest = max(highest, process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    rows = refused = 0
    begun, busy = time.perf_counter(), time.process_time()
    try:
        with open_source(path) as source:
            sheet = source.sheets[0].name
            heading = find_heading(source, sheet, import_made.FIELDS)
            mapping = propose_mapping(heading, import_made.FIELDS)
            for row in read_table(source, sheet, heading, mapping, import_made.FIELDS):
                rows += 1
                refused += bool(row.problems)
    finally:
        seconds, busy = time.perf_counter() - begun, time.process_time() - busy
        done.set()
        watcher.join()
    return Timing(what, rows, refused, seconds, busy, (highest - before) / _MB)


def as_markdown(
    verdicts: dict[str, list[Verdict]], timings: Sequence[Timing], told: Sequence[tuple[str, str]]
) -> str:
    """The report as it stands in docs."""
    load = "?"
    with suppress(OSError, AttributeError):
        load = f"{os.getloadavg()[0]:.1f}"
    parts = [
        "# Import report: real tables, read and judged cell by cell",
        "",
        f"Written by `python -m benchmarks.import_report` on {clock.now():%Y-%m-%d %H:%M},",
        f"{os.cpu_count()} cores shared with other work (load {load} while it was written).",
        "",
        "Every file is read by the program (heading found, columns mapped by name) and a second time by",
        "other means (raw XML, xlrd, the csv module), with the heading row, the column and the meaning of",
        "each cell given by hand. *Right*: every taken cell is exactly what it must be. *Refused*: at least",
        "one cell has a reason beside it and no value. *Left out*: totals and rows with nothing in the",
        "columns taken, shown with the reason. *Silently wrong* must be 0; so must *refused needlessly*.",
        "",
        "| set | rows | right | refused | left out | silently wrong | refused needlessly | cells | s | rows/s |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]  # fmt: skip
    parts += [_line(f"**{name}**", group) for name, group in verdicts.items()]
    parts += [_line("all", [v for group in verdicts.values() for v in group])]
    parts += ["", "Seconds are for reading with conversion, without the second reader.", ""]
    parts += ["## By file", "", *_by_file(verdicts)]
    parts += ["", "## Long table with errors", "", *_long(timings)]
    parts += ["", "## Broken, disguised and hostile files", "", "| file | what the person is told |", "|---|---|"]  # fmt: skip
    parts += [f"| {what} | {sentence} |" for what, sentence in told]
    return "\n".join(parts) + "\n"


def _line(name: str, group: Sequence[Verdict]) -> str:
    rows, seconds = sum(v.rows for v in group), sum(v.seconds for v in group)
    figures = (
        rows,
        sum(v.right for v in group),
        sum(v.refused for v in group),
        sum(v.left_out for v in group),
        sum(v.wrong for v in group),
        sum(v.needless for v in group),
        sum(v.cells for v in group),
    )
    shown = " | ".join(f"{figure:,}" for figure in figures)
    return f"| {name} | {shown} | {seconds:.2f} | {rows / max(seconds, 0.001):,.0f} |"


def _by_file(verdicts: dict[str, list[Verdict]]) -> list[str]:
    lines = ["| file | rows | right | refused | left out | wrong | reasons (cells) |", "|---|--:|--:|--:|--:|--:|---|"]  # fmt: skip
    for group in verdicts.values():
        for v in group:
            reasons = "; ".join(f"{text} ({count})" for text, count in v.reasons.most_common(4))
            lines.append(
                f"| {v.file} | {v.rows:,} | {v.right:,} | {v.refused:,} | {v.left_out:,}"
                f" | {v.wrong:,} | {reasons} |"
            )
    reasons_of_all = sum((v.reasons for group in verdicts.values() for v in group), Counter())
    lines += ["", f"Cells refused or rows left out in all: {sum(reasons_of_all.values()):,}."]
    return lines


def _long(timings: Sequence[Timing]) -> list[str]:
    return [
        f"{len(import_made.FIELDS)} columns; about one row in twenty has a wrong number, day, barcode, word or",
        "no code. From opening the file to the last row converted; checks against the database come on top.",
        "",
        "| format | rows | rows with a refused cell | seconds | rows/s | rows/s of processor time | memory grown |",
        "|---|--:|--:|--:|--:|--:|--:|",
        *(
            f"| {t.what} | {t.rows:,} | {t.refused:,} | {t.seconds:.1f} | {t.rows / t.seconds:,.0f}"
            f" | {t.rows / t.busy:,.0f} | {t.grown_mb:.0f} MB |"
            for t in timings
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
