"""Records of delimited text, one at a time, with broken quotation marks kept to their line.

A quotation mark that is never closed would make a CSV reader swallow the rest of the file as
one cell; here only the line it stands on is spoilt, and says so.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TextIO

from desktop_app.core.i18n import N_
from desktop_app.exchange.importing.cells import UnreadableFile

DELIMITERS = ",\t;|"
_LONGEST_LINE = 1_000_000
_MOST_LINES = 200
_SAMPLE_RECORDS = 60

_LONG = N_("{file} has a line of more than a million characters; that is no table.")


class Record(NamedTuple):
    """The fields of one row; ``sound`` is False when its quotation marks do not fit."""

    fields: list[str]
    sound: bool = True


class _Lines:
    """Physical lines with those put back first; remembers what was taken for a record."""

    def __init__(self, stream: TextIO | Iterable[str], file: str) -> None:
        self._next = _limited(stream, file)
        self._back: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _MOST_LINES:
            raise csv.Error("too many lines in one record")
        line = self._back.popleft() if self._back else next(self._next)
        self.taken.append(line)
        return line

    def put_back(self, lines: list[str]) -> None:
        """Give these lines out again."""
        self._back.extendleft(reversed(lines))


def _limited(stream: TextIO | Iterable[str], file: str) -> Iterator[str]:
    if not hasattr(stream, "readline"):
        yield from stream
        return
    while line := stream.readline(_LONGEST_LINE + 1):
        if len(line) > _LONGEST_LINE:
            raise UnreadableFile(_LONG, file=file)
        yield line


def records(stream: TextIO | Iterable[str], delimiter: str, file: str) -> Iterator[Record]:
    """The records of ``stream`` (opened with newline=""). Raises UnreadableFile."""
    lines = _Lines(stream, file)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    width = 0
    while True:
        lines.taken.clear()
        try:
            line = next(lines)
        except StopIteration:
            return
        if '"' not in line:
            fields = line.rstrip("\r\n").split(delimiter)
            width = len(fields)
            yield Record(fields)
            continue
        lines.taken.clear()
        lines.put_back([line])
        try:
            fields = next(reader)
        except (csv.Error, StopIteration):
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            yield _spoilt(lines, delimiter)
            continue
        if len(lines.taken) > 1 and len(fields) != width and _swallowed(fields, delimiter):
            # A mark that closes by chance lines below leaves a row of another width.
            yield _spoilt(lines, delimiter)
            continue
        if len(lines.taken) == 1:
            width = len(fields)
        yield Record(fields)


def _swallowed(fields: list[str], delimiter: str) -> bool:
    """One of the cells holds what looks like rows."""
    return any("\n" in field and delimiter in field for field in fields)


def _spoilt(lines: _Lines, delimiter: str) -> Record:
    first, *rest = lines.taken
    lines.put_back(rest)
    return Record(first.rstrip("\r\n").split(delimiter), sound=False)


def guess_delimiter(text: str) -> str:
    """The delimiter that cuts most lines of a sample into the same number of cells."""
    lines = text.splitlines(keepends=True)
    named = lines[0].strip().lower() if lines else ""
    if named.startswith("sep=") and len(named) == 5:
        return named[4]
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        score = _score(lines[:-1] or lines, delimiter)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _score(lines: list[str], delimiter: str) -> float:
    counts: dict[int, int] = {}
    total = 0
    for record in records(lines, delimiter, ""):
        if not any(record.fields):
            continue
        total += 1
        if record.sound:
            counts[len(record.fields)] = counts.get(len(record.fields), 0) + 1
        if total >= _SAMPLE_RECORDS:
            break
    found = [(count, width) for width, count in counts.items() if width > 1]
    if not found or not total:
        return 0.0
    count, width = max(found)
    return count / total * (1 + min(width, 50) / 100)
