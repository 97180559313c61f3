"""An old .xls workbook (Excel 2 to 2003, WPS) as a Source, read by xlrd.

xlrd reads a sheet whole; the format ends at 65,536 rows, so memory has a bound. It runs no
macros and opens nothing else. Numbers are binary doubles in the file; 15 digits are taken.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
from desktop_app.exchange.importing.number_looks import Look, look_of
from desktop_app.exchange.importing.shared_texts import text_cell
from desktop_app.exchange.importing.xlsx_cells import FORMULA_ERROR, TOO_WIDE
from desktop_app.exchange.importing.xlsx_package import PASSWORD

_MOST_BYTES = 128 * 1024**2
_EVERY = 200
_DAMAGED = N_(
    "{file} is damaged or not really an Excel file. Open it in Excel or WPS, save it as .xlsx,"
    " and import that."
)
_TOO_LARGE = N_("{file} has {size} MB; save it as .xlsx and import that.")
_BUILT_IN_FORMATS = range(164)


class XlsSource(LetGo):
    """See :class:`cells.Source`."""

    kind = "xls"

    def __init__(self, path: Path) -> None:
        self._file = path.name
        self.progress = 0.0
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise UnreadableFile(_TOO_LARGE, file=path.name, size=size // 1024**2)
        self._book = _open(path)
        self._looks: dict[int, Look] = {}
        if not self._book.nsheets:
            self.close()
            raise UnreadableFile(_DAMAGED, file=path.name)

    @property
    def sheets(self) -> tuple[SheetInfo, ...]:
        hidden = self._book._sheet_visibility
        infos = [
            SheetInfo(name, None, bool(hidden[index]))
            for index, name in enumerate(self._book.sheet_names())
        ]
        return tuple(sorted(infos, key=lambda info: info.hidden))

    @property
    def notes(self) -> tuple[Message, ...]:
        return ()

    @property
    def epoch_1904(self) -> bool:
        return bool(self._book.datemode)

    def rows(self, sheet: str) -> Iterator[RawRow]:
        """The rows with something in them."""
        table = self._sheet(sheet)
        for index in range(table.nrows):
            if index % _EVERY == 0:
                self.progress = index / table.nrows
            cells = [self._cell(cell, index, at) for at, cell in enumerate(table.row(index))]
            while cells and cells[-1] is EMPTY:
                cells.pop()
            if len(cells) > MAX_COLUMNS:
                letters = column_letters(MAX_COLUMNS - 1)
                raise UnreadableFile(TOO_WIDE, file=self._file, column=letters)
            if cells:
                yield RawRow(index + 1, tuple(cells))
        self.progress = 1.0

    def merged(self, sheet: str) -> tuple[Merge, ...]:
        return tuple(
            Merge(top + 1, bottom, left, right - 1)
            for top, bottom, left, right in self._sheet(sheet).merged_cells
        )

    def close(self) -> None:
        self._book.release_resources()

    def _sheet(self, name: str) -> Any:
        try:
            return self._book.sheet_by_name(name)
        except Exception as fault:  # xlrd fails in its own ways on damaged files
            raise UnreadableFile(_DAMAGED, file=self._file) from fault

    def _cell(self, cell: Any, row: int, column: int) -> Cell:
        kind, value = cell.ctype, cell.value
        if kind == 1:
            return text_cell(value)
        if kind in (2, 3):
            name = f"{column_letters(column)}{row + 1}"
            return self._look(cell.xf_index)(f"{value:.15g}", name)
        if kind == 4:
            return Cell(bool(value), "TRUE" if value else "FALSE")
        if kind == 5:
            return _error(value, f"{column_letters(column)}{row + 1}")
        return EMPTY

    def _look(self, style: int | None) -> Look:
        style = style or 0
        if style not in self._looks:
            self._looks[style] = self._new_look(style)
        return self._looks[style]

    def _new_look(self, style: int) -> Look:
        try:
            key = self._book.xf_list[style].format_key
            known = self._book.format_map.get(key)
        except IndexError:
            return look_of(0)
        text = known.format_str if known is not None else ""
        if not text and key in _BUILT_IN_FORMATS:
            return look_of(key, epoch_1904=self.epoch_1904)
        return look_of(text, epoch_1904=self.epoch_1904)


def _error(value: int, name: str) -> Cell:
    from xlrd.biffh import error_text_from_code

    text = error_text_from_code.get(value, f"#{value}")
    return Cell(None, text, Message(FORMULA_ERROR, {"cell": name, "error": text}))


def _open(path: Path) -> Any:
    import xlrd

    try:
        return xlrd.open_workbook(
            str(path),
            logfile=io.StringIO(),
            formatting_info=True,
            ragged_rows=True,
            on_demand=True,
        )
    except OSError:
        raise
    except Exception as fault:  # xlrd fails in its own ways on damaged files
        sentence = PASSWORD if "encrypted" in str(fault).lower() else _DAMAGED
        raise UnreadableFile(sentence, file=path.name) from fault
