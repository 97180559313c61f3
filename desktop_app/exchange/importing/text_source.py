"""A delimited text file (CSV, TSV, whatever it is called) as a Source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import TextIOWrapper as _Text
from pathlib import Path
from typing import IO, cast

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
from desktop_app.exchange.importing.delimited import guess_delimiter, records
from desktop_app.exchange.importing.shared_texts import text_cell
from desktop_app.exchange.importing.text_encoding import HEAD, Encoding, detect
from desktop_app.exchange.importing.xlsx_cells import TOO_WIDE

_EVERY = 500
_QUOTES = N_("The quotation marks of row {row} do not fit; the row may be cut in the wrong places.")
_AS_TEXT = re.compile(r'="([^"]*)"')
"""How web systems keep Excel from shortening a code: ="00123"."""
_UNKNOWN = N_("There is no encoding named “{name}”.")


class TextSource(LetGo):
    """See :class:`cells.Source`. ``encoding`` and ``delimiter`` overrule what is found out."""

    kind = "text"
    epoch_1904 = False

    def __init__(self, path: Path, *, encoding: str = "", delimiter: str = "") -> None:
        self._path = path
        self._encoding = Encoding(encoding) if encoding else detect(path)
        self.progress = 0.0
        try:
            with self._open() as stream:
                head = stream.read(HEAD)
        except LookupError as fault:
            raise UnreadableFile(_UNKNOWN, name=encoding) from fault
        self._hinted = head[:4].lower() == "sep=" and head[5:6] in ("\r", "\n")
        self.delimiter = delimiter or guess_delimiter(head)

    @property
    def encoding(self) -> str:
        """The codec the text is read with."""
        return self._encoding.name

    @property
    def sheets(self) -> tuple[SheetInfo, ...]:
        return (SheetInfo(self._path.stem),)

    @property
    def notes(self) -> tuple[Message, ...]:
        return (self._encoding.note,) if self._encoding.note else ()

    def rows(self, sheet: str) -> Iterator[RawRow]:
        """The records with something in them; ``row_no`` counts records as Excel does."""
        size = max(self._path.stat().st_size, 1)
        with self._open() as stream:
            for row_no, record in enumerate(records(stream, self.delimiter, self._path.name), 1):
                if row_no % _EVERY == 0:
                    self.progress = min(cast("IO[bytes]", stream.buffer).tell() / size, 1.0)
                if row_no == 1 and self._hinted:
                    continue
                cells = [_cell(text) if text else EMPTY for text in record.fields]
                if not record.sound:
                    cells = [_spoilt(text, row_no) for text in record.fields]
                while cells and cells[-1] is EMPTY:
                    cells.pop()
                if len(cells) > MAX_COLUMNS:
                    letters = column_letters(MAX_COLUMNS - 1)
                    raise UnreadableFile(TOO_WIDE, file=self._path.name, column=letters)
                if cells:
                    yield RawRow(row_no, tuple(cells))
        self.progress = 1.0

    def merged(self, sheet: str) -> tuple[Merge, ...]:
        return ()

    def _open(self) -> _Text:
        # What cannot be decoded becomes U+FFFD, and its cell is refused.
        return _Text(self._path.open("rb"), self._encoding.name, "replace", newline="")


def _cell(text: str) -> Cell:
    if text.startswith('="'):
        kept = _AS_TEXT.fullmatch(text.strip())
        if kept:
            return text_cell(kept[1])
    return text_cell(text)


def _spoilt(text: str, row_no: int) -> Cell:
    return Cell(None, text[:200], Message(_QUOTES, {"row": row_no}))
