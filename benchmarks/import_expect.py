"""What a cell must become, said a second time and in another way than the program says it.

Raw cells come from raw XML, xlrd or the csv module, not from the program's readers.
"""

from __future__ import annotations

import csv
import gzip
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

REFUSE = object()
"""The cell must be refused; any value would be silently wrong."""
NOTHING = object()
"""The cell is empty."""


@dataclass(frozen=True)
class Raw:
    """A cell as the file holds it: ``text``; ``number`` when it is stored as one."""

    text: str
    number: str = ""
    is_day: bool = False


Grid = dict[int, dict[int, Raw]]
Expect = Callable[[Raw], Any]
_DAY_0 = datetime(1899, 12, 30)  # noqa: DTZ001 - a day number has no zone
SPREADSHEET = Context(prec=15, rounding=ROUND_HALF_UP)


def read_raw(path: Path, delimiter: str) -> Grid:
    """Every filled cell of the first table, rows from 1 and columns from 0."""
    if path.suffix == ".xlsx":
        return dict(_raw_xlsx(path))
    if path.suffix == ".xls" and path.read_bytes()[:4] == b"\xd0\xcf\x11\xe0":
        return _raw_xls(path)
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as stream:
        return {
            number: {at: Raw(text) for at, text in enumerate(fields) if text.strip()}
            for number, fields in enumerate(csv.reader(stream, delimiter=delimiter), 1)
        }


def _raw_xlsx(path: Path) -> Iterator[tuple[int, dict[int, Raw]]]:
    """From the XML as it stands; texts by number, days by their style."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        shared: list[str] = []
        if "xl/sharedStrings.xml" in names:
            tree = ET.fromstring(archive.read("xl/sharedStrings.xml"))
            shared = ["".join(t.text or "" for t in si.iter() if _is(t, "t")) for si in tree]
        styles = ET.fromstring(archive.read("xl/styles.xml"))
        custom = {
            e.get("numFmtId"): e.get("formatCode", "") for e in styles.iter() if _is(e, "numFmt")
        }
        looks = next(e for e in styles if _is(e, "cellXfs"))
        days = [
            "y" in custom.get(xf.get("numFmtId"), "") or xf.get("numFmtId") in ("14", "22")
            for xf in looks
        ]
        sheet = next(n for n in sorted(names) if re.fullmatch(r"xl/worksheets/sheet1?\.xml", n))
        root = ET.fromstring(archive.read(sheet))
    for row in root.iter():
        if _is(row, "row"):
            yield int(row.get("r", "0")), dict(_raw_cells(row, shared, days))


def _raw_cells(row: ET.Element, shared: list[str], days: list[bool]) -> Iterator[tuple[int, Raw]]:
    for cell in row:
        at = 0
        for letter in re.sub(r"\d", "", cell.get("r", "")):
            at = at * 26 + "ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(letter) + 1
        stored = next((e.text or "" for e in cell if _is(e, "v")), "")
        if cell.get("t") == "s":
            raw = Raw(shared[int(stored)])
        elif cell.get("t") == "inlineStr":
            raw = Raw("".join(t.text or "" for t in cell.iter() if _is(t, "t")))
        elif cell.get("t", "n") == "n" and stored:
            raw = Raw(_general(stored), stored, days[int(cell.get("s", "0"))])
        else:
            raw = Raw(stored)
        if raw.text.strip():
            yield at - 1, raw


def _is(element: ET.Element, name: str) -> bool:
    return element.tag.endswith("}" + name)


def _general(stored: str) -> str:
    value = SPREADSHEET.create_decimal(stored)
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _raw_xls(path: Path) -> Grid:
    import xlrd

    grid: Grid = {}
    book = xlrd.open_workbook(str(path))
    sheet = book.sheet_by_index(0)
    for row in range(sheet.nrows):
        cells = {}
        for column in range(sheet.ncols):
            kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
            if kind == xlrd.XL_CELL_TEXT and value.strip():
                cells[column] = Raw(value)
            elif kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
                cells[column] = Raw(_general(repr(value)), repr(value), kind == xlrd.XL_CELL_DATE)
        grid[row + 1] = cells
    return grid


def text(raw: Raw) -> Any:
    """The text without blanks at its ends."""
    return raw.text.strip().replace("\r\n", "\n")


def code(raw: Raw) -> Any:
    """The text; a code Excel has turned into a day cannot be had back."""
    return REFUSE if raw.is_day else text(raw)


def number(decimals: int = 6, *, negative: bool = False, rounded: bool = True) -> Expect:
    """A plain number; a spreadsheet's computed one is rounded to ``decimals``."""

    def expect(raw: Raw) -> Any:
        if not raw.number and not re.fullmatch(r"\s*[-+]?(\d+\.?\d*|\.\d+)\s*", raw.text):
            return REFUSE
        value = SPREADSHEET.create_decimal(raw.number) if raw.number else Decimal(raw.text.strip())
        if value < 0 and not negative:
            return REFUSE
        kept = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        if kept != value and not (raw.number and rounded):
            return REFUSE
        return kept

    return expect


def whole(raw: Raw) -> Any:
    """A whole number."""
    value = number(0, rounded=False)(raw)
    return value if value is REFUSE else int(value)


def days(*formats: str) -> Expect:
    """A day in one of the formats this column is known to use."""

    def expect(raw: Raw) -> Any:
        moment = moments(*formats)(raw)
        return moment if moment is REFUSE else moment.date()

    return expect


def moments(*formats: str) -> Expect:
    """A moment in one of these formats, or an Excel day number."""

    def expect(raw: Raw) -> Any:
        if raw.number and raw.is_day:
            seconds = round(Decimal(raw.number) * 86400)
            return _DAY_0 + timedelta(seconds=seconds)
        for written in formats:
            try:
                return datetime.strptime(raw.text.strip(), written)  # noqa: DTZ007 - as the file
            except ValueError:
                continue
        return REFUSE

    return expect


def yes_no(raw: Raw) -> Any:
    """TRUE and 1, FALSE and 0."""
    return {"TRUE": True, "1": True, "FALSE": False, "0": False}.get(raw.text.strip(), REFUSE)


def barcode(raw: Raw) -> Any:
    """Digits whose check digit is right (GS1 lengths); own numbers as they stand."""
    code = raw.text.strip()
    if len(code) in (8, 12, 13, 14) and code.isdigit():
        body = [int(digit) for digit in code.zfill(14)]
        if (10 - (3 * sum(body[0:13:2]) + sum(body[1:13:2])) % 10) % 10 != body[13]:
            return REFUSE
    return code


def same(found: Any, wanted: Any) -> bool:
    """Equal in value and in kind."""
    if isinstance(wanted, Decimal):
        return isinstance(found, Decimal) and found == wanted
    return type(found) is type(wanted) and bool(found == wanted)
