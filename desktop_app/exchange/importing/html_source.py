"""A web page with a table, as many Chinese web systems hand out under the name .xls."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from desktop_app.core.i18n import N_, Message
from desktop_app.exchange.importing.cells import (
    EMPTY,
    MAX_COLUMNS,
    Cell,
    LetGo,
    Merge,
    RawRow,
    SheetInfo,
    UnreadableFile,
    column_letters,
)
from desktop_app.exchange.importing.shared_texts import text_cell
from desktop_app.exchange.importing.text_encoding import Encoding, detect
from desktop_app.exchange.importing.xlsx_cells import TOO_WIDE

_MOST_BYTES = 128 * 1024**2
_BLOCK = 64 * 1024
_MOST_SPAN = 1_000

_IS_PAGE = N_("{file} is a web page, though it is called otherwise; its table was read.")
_NO_TABLE = N_("{file} is a web page without a table.")
_TOO_LARGE = N_("{file} is a web page of {size} MB; save it as .xlsx and import that.")
_TABLE = N_("Table {number}")


class HtmlSource(LetGo):
    """See :class:`cells.Source`. Each table is a sheet, the longest one first."""

    kind = "html"
    epoch_1904 = False

    def __init__(self, path: Path, *, encoding: str = "") -> None:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise UnreadableFile(_TOO_LARGE, file=path.name, size=size // 1024**2)
        self._path = path
        self._encoding = Encoding(encoding) if encoding else detect(path)
        self.progress = 0.0
        counts: dict[int, int] = {}
        for table, _ in self._read():
            counts[table] = counts.get(table, 0) + 1
        if not counts:
            raise UnreadableFile(_NO_TABLE, file=path.name)
        self._tables = {
            str(Message(_TABLE, {"number": table})): (table, rows)
            for table, rows in sorted(counts.items(), key=lambda pair: -pair[1])
        }

    @property
    def encoding(self) -> str:
        """The codec the page is read with."""
        return self._encoding.name

    @property
    def sheets(self) -> tuple[SheetInfo, ...]:
        return tuple(SheetInfo(name, rows) for name, (_, rows) in self._tables.items())

    @property
    def notes(self) -> tuple[Message, ...]:
        page = Message(_IS_PAGE, {"file": self._path.name})
        return (page, self._encoding.note) if self._encoding.note else (page,)

    def rows(self, sheet: str) -> Iterator[RawRow]:
        """The rows of that table with something in them."""
        wanted, count = self._tables[sheet]
        for table, row in self._read():
            if table == wanted and row.cells:
                self.progress = min(row.row_no / count, 1.0)
                yield row
        self.progress = 1.0

    def merged(self, sheet: str) -> tuple[Merge, ...]:
        wanted, _ = self._tables[sheet]
        reader = _TableReader(self._path.name)
        for _ in self._read(reader):
            pass
        return tuple(merge for table, merge in reader.merges if table == wanted)

    def _read(self, reader: _TableReader | None = None) -> Iterator[tuple[int, RawRow]]:
        reader = reader or _TableReader(self._path.name)
        name = self._encoding.name
        with io.TextIOWrapper(self._path.open("rb"), name, "replace") as stream:
            while block := stream.read(_BLOCK):
                reader.feed(block)
                yield from reader.take()
        reader.end()
        yield from reader.take()


@dataclass
class _Table:
    """A table being read; ``hanging``: rows that cells above still reach into, by column."""

    number: int
    row_no: int = 0
    cells: list[Cell] | None = None
    text: list[str] | None = None
    span: tuple[int, int] = (1, 1)
    hanging: dict[int, int] = field(default_factory=dict)


class _TableReader(HTMLParser):
    """Collects rows as their end comes; forgiving about missing end tags, as browsers are."""

    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self._file = file
        self._open: list[_Table] = []
        self._count = 0
        self._done: list[tuple[int, RawRow]] = []
        self.merges: list[tuple[int, Merge]] = []

    def take(self) -> list[tuple[int, RawRow]]:
        """The rows finished since the last call."""
        done, self._done = self._done, []
        return done

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._count += 1
            self._open.append(_Table(self._count))
            return
        if not self._open:
            return
        table = self._open[-1]
        if tag == "tr":
            self._end_row(table)
            table.cells = []
            table.row_no += 1
        elif tag in ("td", "th") and table.cells is not None:
            self._end_cell(table)
            table.text = []
            given = dict(attrs)
            table.span = (_span(given.get("colspan")), _span(given.get("rowspan")))
        elif tag == "br" and table.text is not None:
            table.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if not self._open:
            return
        table = self._open[-1]
        if tag in ("td", "th"):
            self._end_cell(table)
        elif tag in ("tr", "table"):
            self._end_row(table)
        if tag == "table":
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].text is not None:
            self._open[-1].text.append(data)

    def end(self) -> None:
        """Close what the page left open."""
        self.close()
        while self._open:
            self._end_row(self._open.pop())

    def _end_row(self, table: _Table) -> None:
        self._end_cell(table)
        if table.cells is None:
            return
        cells, table.cells = table.cells, None
        table.hanging = {at: left - 1 for at, left in table.hanging.items() if left > 1}
        while cells and cells[-1] is EMPTY:
            cells.pop()
        self._done.append((table.number, RawRow(table.row_no, tuple(cells))))

    def _end_cell(self, table: _Table) -> None:
        texts, table.text = table.text, None
        cells = table.cells
        if texts is None or cells is None:
            return
        while table.hanging.get(len(cells)):
            cells.append(EMPTY)
        at = len(cells)
        wide, high = table.span
        cells.append(text_cell("".join(texts).strip()))
        cells.extend([EMPTY] * (wide - 1))
        if len(cells) > MAX_COLUMNS:
            letters = column_letters(MAX_COLUMNS - 1)
            raise UnreadableFile(TOO_WIDE, file=self._file, column=letters)
        if high > 1:
            # Counted down at the end of this row, so one more than the rows below.
            table.hanging.update(dict.fromkeys(range(at, at + wide), high))
        if wide > 1 or high > 1:
            merge = Merge(table.row_no, table.row_no + high - 1, at, at + wide - 1)
            self.merges.append((table.number, merge))


def _span(value: str | None) -> int:
    return min(max(int(value), 1), _MOST_SPAN) if value and value.isdigit() else 1
