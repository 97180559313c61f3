"""What a file is made of, whatever its format: sheets, rows, cells, and one way to refuse it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import Message

MAX_COLUMNS = 1_000
"""A table with more filled columns is no list of goods; reading it would only cost memory."""
MAX_TEXT = 32_767
"""Characters of one cell, Excel's own limit."""

CellValue = str | Decimal | date | datetime | bool | None


class UnreadableFile(UserError):
    """The file cannot be read as a table; the sentence says why and what to do."""

    code = "file.unreadable"


class ImportCancelled(UserError):
    """The person stopped the reading; nothing was taken in."""

    code = "import.cancelled"


class Cell(NamedTuple):
    """One cell. ``text`` is what a person sees in it; ``value`` what the file holds.

    A number is the exact Decimal of the file's own digits, rounded to Excel's 15. A date has a
    date number format in the file; texts stay texts. ``problem``: the cell cannot be trusted,
    whatever it is wanted for (a formula error, unreadable characters).
    """

    value: CellValue
    text: str
    problem: Message | None = None


EMPTY = Cell(None, "")


class RawRow(NamedTuple):
    """The filled part of a row. ``row_no`` counts as the spreadsheet does, from 1.

    ``cells`` ends with the last filled cell; a row without any is not given out.
    """

    row_no: int
    cells: tuple[Cell, ...]

    def cell(self, index: int) -> Cell:
        """The cell of column ``index`` (from 0), EMPTY right of the last one."""
        return self.cells[index] if index < len(self.cells) else EMPTY


class Merge(NamedTuple):
    """Cells merged into one, rows from 1 and columns from 0, both ends included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True)
class SheetInfo:
    """A table of the file. ``row_hint`` is what the file claims; it may lie, or be None."""

    name: str
    row_hint: int | None = None
    hidden: bool = False


class Source(Protocol):
    """An opened file. Rows are read again from the file at each call, a few at a time."""

    @property
    def kind(self) -> str:
        """xlsx, xlsm, xls, text or html: by content, not by name."""
        ...

    @property
    def sheets(self) -> tuple[SheetInfo, ...]:
        """The tables, in the file's order, hidden ones last; a text file has one."""
        ...

    @property
    def notes(self) -> tuple[Message, ...]:
        """What the person should know about this file."""
        ...

    @property
    def epoch_1904(self) -> bool:
        """Day numbers count from 1904 (old Macintosh files)."""
        ...

    @property
    def progress(self) -> float:
        """How far the rows last asked for are read, 0 to 1."""
        ...

    def rows(self, sheet: str) -> Iterator[RawRow]:
        """The rows with something in them. Raises UnreadableFile when the file breaks off."""
        ...

    def merged(self, sheet: str) -> tuple[Merge, ...]:
        """The merged cells; none when the format has no such thing."""
        ...

    def close(self) -> None:
        """Let the file go, so that Excel may write it again."""
        ...

    def __enter__(self) -> Source: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class LetGo:
    """``with``: the file is let go at the end, whatever happened in between."""

    def close(self) -> None:
        """Nothing is held open between the rows."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def column_letters(index: int) -> str:
    """ "A" for column 0, "AF" for column 31."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """0 for "A", 31 for "AF"."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
