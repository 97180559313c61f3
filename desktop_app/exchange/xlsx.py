"""Rows to an Excel file, streamed: memory does not grow with the number of rows.

Numbers are written as numbers from the exact Decimal (Excel itself keeps 15 digits), days
as days, codes as text so that leading zeros stay. Text that begins like a formula is
marked as text (quote prefix), so that neither Excel nor a later save as CSV runs it. The
file appears whole or not at all: it is written beside its place and then moved there.
"""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from desktop_app.core.errors import DiskFull, EnvironmentFault
from desktop_app.core.i18n import N_, tr
from desktop_app.exchange.xlsx_sheet import StreamSheet, style, text_put, value_put

EXCEL_ROWS = 1_048_576
"""Rows of one sheet; more rows go on in a second sheet with the same heading."""

_BAD_IN_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


class XlsxKind(StrEnum):
    """What a column holds, and so its number format and alignment."""

    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    QUANTITY = "quantity"
    PRICE = "price"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    TIMESTAMP = "timestamp"
    YES_NO = "yes_no"


_FORMATS = {
    XlsxKind.TEXT: "@",
    XlsxKind.CODE: "@",
    XlsxKind.INTEGER: "0",
    XlsxKind.QUANTITY: "#,##0.######",
    XlsxKind.PRICE: "#,##0.00####",
    XlsxKind.MONEY: "#,##0.00",
    XlsxKind.PERCENT: "0.0#%",
    XlsxKind.DATE: "yyyy-mm-dd",
    XlsxKind.TIMESTAMP: "yyyy-mm-dd hh:mm",
    XlsxKind.YES_NO: "@",
}


@dataclass(frozen=True)
class XlsxColumn:
    """One column: heading, kind and width in characters. ``key`` names it for totals."""

    title: str
    kind: XlsxKind = XlsxKind.TEXT
    width: float = 14
    key: str = ""


class FileNotWritable(EnvironmentFault):
    """The file is open in another program, or this user may not write there."""

    code = "file.not_writable"


def write_table(
    file: Path,
    sheet_title: str,
    columns: Sequence[XlsxColumn],
    rows: Iterable[tuple[Any, ...]],
    totals: Mapping[str, Any] | None = None,
    subtitle_lines: Sequence[str] = (),
    *,
    sheet_rows: int = EXCEL_ROWS,
) -> int:
    """Write ``rows`` to ``file`` and return how many there were.

    Each row has one value per column; None leaves a cell empty. ``totals`` maps a
    column's ``key`` to the value of the last row. ``subtitle_lines`` (filters, time,
    person) stand above the heading. After ``sheet_rows`` rows another sheet is begun.
    Raises FileNotWritable or DiskFull, and whatever
    ``rows`` raises (a cancelled export); the old file then stays as it was.
    """
    file = Path(file)
    with _told(file):
        beside = _temporary(file)
        try:
            count = _write(beside, sheet_title, columns, rows, totals, subtitle_lines,
                           sheet_rows)
            os.replace(beside, file)
        finally:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
    return count


@contextlib.contextmanager
def _told(file: Path) -> Iterator[None]:
    """Turn the system's refusals into sentences."""
    try:
        yield
    except PermissionError as fault:
        raise FileNotWritable(
            N_("{file} cannot be written. Close it in Excel, or choose another folder."),
            file=file.name,
        ) from fault
    except FileNotFoundError as fault:
        raise FileNotWritable(
            N_("The folder {folder} does not exist (any more)."), folder=str(file.parent)
        ) from fault
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(
                N_("There is no room left for {file}. Free some space and export again."),
                file=file.name,
            ) from fault
        raise FileNotWritable(
            N_("{file} cannot be written: {reason}"), file=file.name, reason=fault.strerror
        ) from fault


def _temporary(file: Path) -> Path:
    handle, name = tempfile.mkstemp(suffix=".xlsx.part", prefix=".", dir=file.parent)
    os.close(handle)
    # mkstemp makes the file private; a file on a shared folder is for colleagues as well.
    os.chmod(name, 0o666 & ~_umask())
    return Path(name)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


class _Sheets:
    """Writes rows, and opens another sheet when Excel's limit is reached."""

    def __init__(
        self, title: str, columns: Sequence[XlsxColumn], subtitles: Sequence[str], limit: int
    ) -> None:
        self._book = Workbook(write_only=True)
        self._title = title.translate(_BAD_IN_TITLE).strip().strip("'")[:24] or "Sheet"
        self._columns, self._subtitles, self._limit = columns, subtitles, limit
        self._open_sheet()

    def put(self, row: tuple[Any, ...]) -> None:
        """One row of the table."""
        if self._sheet.used >= self._limit:
            self._open_sheet()
        self._sheet.put_row(zip(self._puts, row, strict=True))

    def put_totals(self, totals: Mapping[str, Any]) -> None:
        """The last row, in bold under a line; the first free cell says what it is."""
        if self._sheet.used >= self._limit:
            self._open_sheet()
        values = [totals.get(column.key) if column.key else None for column in self._columns]
        if None in values:
            values[values.index(None)] = tr("Total")
        puts = [value_put(self._sheet, _FORMATS[c.kind], total=True) for c in self._columns]
        self._sheet.put_row(zip(puts, values, strict=True))

    def save(self, file: Path) -> None:
        """Write the book out."""
        self._book.save(file)

    def discard(self) -> None:
        """Give up: close the half-written sheets and remove their temporary files."""
        for sheet in self._book.worksheets:
            sheet.discard()

    def _open_sheet(self) -> None:
        number = len(self._book.worksheets) + 1
        title = self._title if number == 1 else f"{self._title} ({number})"
        sheet = StreamSheet(self._book, title)
        for index, column in enumerate(self._columns, 1):
            sheet.column_dimensions[get_column_letter(index)].width = column.width + 2
        heading_row = len(self._subtitles) + 1
        sheet.freeze_panes = f"A{heading_row + 1}"
        _set_up_print(sheet, heading_row)
        small = text_put(style(sheet, size=9), style(sheet, size=9, quoted=True))
        head = style(sheet, heading=True)
        for line in self._subtitles:
            sheet.put_row([(small, line)])
        sheet.put_row([(text_put(head, head), column.title) for column in self._columns])
        self._sheet = sheet
        self._puts = [value_put(sheet, _FORMATS[column.kind]) for column in self._columns]


_A4 = 9  # the paper code of Excel


def _write(
    file: Path,
    title: str,
    columns: Sequence[XlsxColumn],
    rows: Iterable[tuple[Any, ...]],
    totals: Mapping[str, Any] | None,
    subtitles: Sequence[str],
    limit: int,
) -> int:
    sheets = _Sheets(title, columns, subtitles, limit)
    count = 0
    try:
        for row in rows:
            sheets.put(row)
            count += 1
        if totals:
            sheets.put_totals(totals)
        sheets.save(file)
    except BaseException:
        sheets.discard()
        raise
    return count


def _set_up_print(sheet: StreamSheet, heading_row: int) -> None:
    """A4 across, as wide as the page, the heading on every page, page numbers below."""
    sheet.print_title_rows = f"{heading_row}:{heading_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.oddFooter.right.text = "&P / &N"
