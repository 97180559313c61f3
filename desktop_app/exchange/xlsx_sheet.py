"""A streamed sheet that writes a whole row at a time.

openpyxl's write-only sheet builds a cell object, looks its style up and writes an element
for every value. Here the style numbers are looked up once per column and the row is one
element, which makes a formatted export faster than openpyxl's plain one. The workbook,
styles, dimensions and packaging stay openpyxl's.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.xml.constants import XML_NS
from openpyxl.xml.functions import Element, SubElement

from desktop_app.core.i18n import tr

TEXT_LIMIT = 32_767
"""Characters that Excel accepts in a cell."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Text beginning so is marked as text, or Excel would run it on the next edit."""

_SPACE = f"{{{XML_NS}}}space"
_HEADING_FILL = PatternFill("solid", fgColor="FFE8EDF3")
_THIN = Side(style="thin")

Put = Callable[[Any, str, Any], None]
"""put(row element, cell reference, value): adds the cell to the row."""


class StreamSheet(WriteOnlyWorksheet):  # type: ignore[misc]  # openpyxl has no types
    """A sheet of ``book``; rows are appended by :meth:`put_row` only."""

    def __init__(self, book: Workbook, title: str) -> None:
        super().__init__(book, title)
        self.used = 0
        book._add_sheet(self)

    def put_row(self, puts: Iterable[tuple[Put, Any]]) -> None:
        """One row: for each column how to write and what; None leaves the cell empty."""
        self.used += 1
        number = str(self.used)
        row = Element("row", {"r": number})
        for letter, (put, value) in zip(_LETTERS, puts, strict=False):
            if value is not None and value != "":
                put(row, letter + number, value)
        self.append([row])

    def discard(self) -> None:
        """Close what is open and remove the temporary file; never raises."""
        # The disk may be the very reason, so closing may fail as well.
        with contextlib.suppress(Exception):
            self.close()
        with contextlib.suppress(Exception):
            self._writer.cleanup()

    def _write_rows(self) -> Generator[None, list[Any], None]:
        xf = self._writer.xf.send(True)
        with xf.element("sheetData"):
            try:
                while True:
                    (row,) = yield
                    xf.write(row)
            except GeneratorExit:
                pass
        self._writer.xf.send(None)


_LETTERS = tuple(get_column_letter(index) for index in range(1, 513))


def style(
    sheet: StreamSheet,
    number_format: str = "General",
    *,
    bold: bool = False,
    heading: bool = False,
    total: bool = False,
    quoted: bool = False,
    size: float = 11,
) -> str:
    """The number of a style in the workbook, as the file wants it."""
    cell = WriteOnlyCell(sheet)
    cell.number_format = number_format
    cell.font = Font(bold=bold or heading or total, size=size)
    if heading:
        cell.fill = _HEADING_FILL
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = Border(bottom=_THIN)
    if total:
        cell.border = Border(top=_THIN)
    if quoted:
        cell.quotePrefix = True
    return str(cell.style_id)


def text_put(plain: str, quoted: str) -> Put:
    """Writes text as text whatever it begins with."""

    def put(row: Any, reference: str, value: Any) -> None:
        text = clean(str(value))
        chosen = quoted if text.startswith(FORMULA_STARTS) else plain
        cell = SubElement(row, "c", {"r": reference, "s": chosen, "t": "inlineStr"})
        inline = SubElement(SubElement(cell, "is"), "t")
        inline.text = text
        if text[:1].isspace() or text[-1:].isspace() or "\n" in text:
            inline.set(_SPACE, "preserve")

    return put


def value_put(sheet: StreamSheet, number_format: str, *, total: bool = False) -> Put:
    """Writes any value of a column: numbers and days as such, all else as text.

    A whole number in a column of optional decimals gets a format of its own, or Excel
    would show "12." for 12.
    """
    number = style(sheet, number_format, total=total)
    whole = style(sheet, number_format.replace(".######", ""), total=total)
    text = text_put(style(sheet, "@", total=total), style(sheet, "@", total=total, quoted=True))

    def put(row: Any, reference: str, value: Any) -> None:
        if isinstance(value, bool):
            text(row, reference, tr("Yes") if value else tr("No"))
            return
        written = _number(value)
        if written is None:
            text(row, reference, value)
            return
        chosen = number if "." in written else whole
        cell = SubElement(row, "c", {"r": reference, "s": chosen})
        SubElement(cell, "v").text = written

    return put


def _number(value: Any) -> str | None:
    """What stands in the file for a number or a time; None for everything else."""
    if isinstance(value, Decimal):
        # Digit by digit: openpyxl's own path would round to 16 digits.
        if not value.is_finite():
            return None
        digits = format(value, "f")
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        local = value.astimezone().replace(tzinfo=None) if value.tzinfo else value
        return str(to_excel(local))
    if isinstance(value, date):
        return str(to_excel(value))
    return None


def clean(text: str) -> str:
    """``text`` without characters that an Excel file must not hold, and not too long."""
    if not text.isprintable():
        text = ILLEGAL_CHARACTERS_RE.sub("", text)
    return text[:TEXT_LIMIT]
