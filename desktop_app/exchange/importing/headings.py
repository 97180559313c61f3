"""Where the heading is: under titles and instructions, in one row or in two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from desktop_app.core.i18n import N_, Message
from desktop_app.exchange.importing.cells import Merge, RawRow, Source, column_letters
from desktop_app.exchange.importing.fields import ImportField
from desktop_app.exchange.importing.wording import known_words, plain, spoken

LOOKED_AT = 60
"""Rows in which the heading is looked for."""
_LONG_TITLE = 60
_BY_CHANCE = 0.55

_REPEATED = N_("“{title}” stands over {count} columns; they are called {names}.")
_NO_HEADING = N_("No heading was found; the columns are called by their letters.")

_NUMBER = re.compile(r"[-+¥￥$€£(]?\s*[\d.,' ]+\s*%?\)?")
_TOTAL_BEGINS = re.compile(r"\s*[stg本合小总共累]", re.IGNORECASE)
_TOTAL = re.compile(
    r"(?:sub-?total|grandtotal|totals?|sum|本页合计|本页小计|本月合计|合计|小计|总计|共计|累计)"
    r"(?:[:：(（].*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class HeadingColumn:
    """One column. ``name`` is unique; ``group`` is what stands above several titles."""

    index: int
    name: str
    title: str
    group: str = ""


@dataclass(frozen=True)
class Heading:
    """The heading; data begin below ``last_row``. Both rows are 0 when there is none."""

    first_row: int
    last_row: int
    columns: tuple[HeadingColumn, ...]
    notes: tuple[Message, ...] = ()

    def column(self, index: int) -> HeadingColumn | None:
        """The column at ``index``, or None right of the table."""
        return next((column for column in self.columns if column.index == index), None)

    @property
    def width(self) -> int:
        """Columns of the table."""
        return max((column.index for column in self.columns), default=-1) + 1


def preview(source: Source, sheet: str, count: int = LOOKED_AT) -> list[RawRow]:
    """The first ``count`` rows with something in them. Raises UnreadableFile."""
    return list(islice(source.rows(sheet), count))


def find_heading(source: Source, sheet: str, fields: Sequence[ImportField] = ()) -> Heading:
    """The most likely heading; ``fields`` help to know it. Raises UnreadableFile."""
    rows = preview(source, sheet)
    merges = source.merged(sheet)
    words = known_words(fields)
    scores = [_score(rows, at, words) for at in range(min(len(rows), 40))]
    best = max(range(len(scores)), key=scores.__getitem__, default=-1)
    if best < 0 or scores[best] <= 0:
        return _lettered(rows)
    upper = lower = rows[best]
    if best + 1 < len(rows) and _is_pair(upper, rows[best + 1], merges):
        lower = rows[best + 1]
    elif best and _is_pair(rows[best - 1], lower, merges):
        upper = rows[best - 1]
    return _heading(upper, lower, merges, rows)


def heading_at(source: Source, sheet: str, first_row: int, last_row: int | None = None) -> Heading:
    """The heading where the person says it is: one row, or two. Raises UnreadableFile."""
    last_row = last_row or first_row
    rows = preview(source, sheet, last_row + LOOKED_AT)
    blank = RawRow(first_row, ())
    upper = next((row for row in rows if row.row_no == first_row), blank)
    lower = next((row for row in rows if row.row_no == last_row), blank)
    return _heading(upper, lower, source.merged(sheet), rows)


def is_total(row: RawRow) -> bool:
    """A line of totals: it begins with such a word and names nothing else."""
    first = next((cell.text for cell in row.cells if cell.text), "")
    if not _TOTAL_BEGINS.match(first) or not _TOTAL.fullmatch(re.sub(r"\s", "", first)):
        return False
    filled = [cell.text for cell in row.cells if cell.text]
    others = [text for text in filled[1:] if not _NUMBER.fullmatch(text.strip())]
    return len(others) <= 1 and all(len(text.strip()) <= 4 for text in others)


def _score(rows: Sequence[RawRow], at: int, words: frozenset[str]) -> float:
    """How much row ``at`` looks like a heading; 0 or less when it does not."""
    row = rows[at]
    filled = [cell for cell in row.cells if cell.text]
    names = [cell.text for cell in filled if _is_title(cell.text) and isinstance(cell.value, str)]
    known = len({plain(name) for name in names} & words)
    below = [sum(1 for cell in r.cells if cell.text) for r in rows[at + 1 : at + 11]]
    width = max(sorted(below)[len(below) // 2] if below else len(filled), 1)
    share = len(names) / len(filled)
    if share < _BY_CHANCE and known < 2:
        return 0.0
    different = len({plain(name) for name in names}) / len(names) if names else 0.0
    reach = min(len(names) / width, 1.5)
    if reach < 0.3 and not known:
        return 0.0
    return 3 * known + 2 * share + 3 * reach + different - 0.15 * at


def _is_title(text: str) -> bool:
    text = text.strip()
    short = len(text) <= _LONG_TITLE and text.count("\n") < 3
    return short and not _NUMBER.fullmatch(text) and bool(re.search(r"[^\W\d_]|#", text))


def _titles(row: RawRow) -> dict[int, str]:
    return {index: " ".join(cell.text.split()) for index, cell in enumerate(row.cells) if cell.text}


def _is_pair(upper: RawRow, lower: RawRow, merges: Sequence[Merge]) -> bool:
    """Whether ``upper`` groups the titles of ``lower``."""
    above, below = _titles(upper), _titles(lower)
    if lower.row_no != upper.row_no + 1 or not above or not below:
        return False
    if not all(map(_is_title, (*above.values(), *below.values()))):
        return False
    groups = _groups(above, below, upper.row_no, merges)
    wide = [at for at in above if sum(1 for column in below if groups.get(column) == at) > 1]
    if not wide:
        return False
    width = max(*above, *below) + 1
    if any(
        m.first_row == upper.row_no and m.first_column < m.last_column < m.first_column + width - 1
        for m in merges
    ):
        return True
    if len(above) == 1:
        return False  # a title over the table
    if len({plain(title) for title in below.values()}) < len(below):
        return True
    return all(column in wide or column not in below for column in above)


def _groups(
    above: dict[int, str], below: dict[int, str], upper_row: int, merges: Sequence[Merge]
) -> dict[int, int]:
    """For each column which cell of the upper row stands over it."""
    found: dict[int, int] = {}
    spans = {m.first_column: m.last_column for m in merges if m.first_row == upper_row}
    starts = sorted(above)
    for number, at in enumerate(starts):
        until = starts[number + 1] if number + 1 < len(starts) else max(*above, *below) + 1
        if at in spans:
            until = min(until, spans[at] + 1)
        found.update(dict.fromkeys(range(at, until), at))
    return found


def _heading(
    upper: RawRow, lower: RawRow, merges: Sequence[Merge], rows: Sequence[RawRow]
) -> Heading:
    above = _titles(upper) if upper is not lower else {}
    below = _titles(lower)
    groups = _groups(above, below, upper.row_no, merges) if above else {}
    merged = {
        m.first_column
        for m in merges
        if m.first_row == upper.row_no == m.last_row and m.first_column < m.last_column
    }
    titles: dict[int, tuple[str, str]] = {}
    for index in sorted({*above, *below}):
        over = above.get(groups.get(index, -1), "")
        if index not in below:
            titles[index] = (above[index], "")
        else:
            titles[index] = (below[index], over)
    often = _counts(plain(title) for title, _ in titles.values())
    names = {}
    for index, (title, over) in titles.items():
        told = over and (often[plain(title)] > 1 or groups.get(index) in merged or index in above)
        names[index] = f"{over} / {title}" if told else title
    unique, notes = _unique(names)
    columns = [
        HeadingColumn(index, unique[index], title, over) for index, (title, over) in titles.items()
    ]
    columns.extend(_nameless(set(titles), [r for r in rows if r.row_no > lower.row_no]))
    columns.sort(key=lambda column: column.index)
    return Heading(upper.row_no, lower.row_no, tuple(columns), notes)


def _counts(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return counts


def _unique(names: dict[int, str]) -> tuple[dict[int, str], tuple[Message, ...]]:
    """Number repeated names, and tell which."""
    same: dict[str, list[int]] = {}
    for index, name in names.items():
        same.setdefault(name.casefold(), []).append(index)
    taken = {name.casefold() for name in names.values()}
    unique = dict(names)
    notes = []
    for indexes in same.values():
        for index in indexes[1:]:
            number = 2
            while (name := f"{names[index]} ({number})").casefold() in taken:
                number += 1
            taken.add(name.casefold())
            unique[index] = name
        if len(indexes) > 1:
            listed = spoken([unique[index] for index in indexes])
            facts = {"title": names[indexes[0]], "count": len(indexes), "names": listed}
            notes.append(Message(_REPEATED, facts))
    return unique, tuple(notes)


def _nameless(titled: set[int], rows: Sequence[RawRow]) -> list[HeadingColumn]:
    """Columns with values but without a title are called by their letter.

    Right of the titles a few values are no column: they come from a comma too many.
    """
    width = max((len(row.cells) for row in rows), default=0)
    last = max(titled, default=-1)
    found = []
    for index in range(width):
        filled = sum(1 for row in rows if row.cell(index).text)
        if index not in titled and filled and (index < last or filled * 5 >= len(rows)):
            found.append(HeadingColumn(index, column_letters(index), ""))
    return found


def _lettered(rows: Sequence[RawRow]) -> Heading:
    return Heading(0, 0, tuple(_nameless(set(), rows)), (Message(_NO_HEADING),))
