"""The workbook of an exported list: heading, rows, totals, print set-up, further sheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from desktop_app.core.i18n import tr
from desktop_app.exchange.xlsx import XlsxColumn, XlsxKind
from desktop_app.exchange.xlsx_sheet import StreamSheet, style, text_put, value_put

_BAD_IN_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", " "))

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


def write_book(
    file: Path,
    title: str,
    columns: Sequence[XlsxColumn],
    rows: Iterable[tuple[Any, ...]],
    totals: Mapping[str, Any] | None,
    subtitles: Sequence[str],
    limit: int,
) -> int:
    """Write the workbook straight to ``file``; returns the number of rows."""
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
