"""Files made by hand for the tests of reading: no writer library decides what stands in them."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def letters(index: int) -> str:
    """Column letters by openpyxl, so that the reader's own are proved."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(index + 1))


def cell(reference: str, value: object, style: int = 0) -> str:
    """A ``c`` element: numbers as numbers, everything else as inline text."""
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return f'<c r="{reference}" s="{style}"><v>{value}</v></c>'
    return f'<c r="{reference}" s="{style}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def rows_xml(rows: Sequence[Sequence[object]], first: int = 1) -> str:
    """``row`` elements; a value that begins with "<c" is put in as it is."""
    out = []
    for number, values in enumerate(rows, first):
        cells = "".join(
            value if str(value).startswith("<c") else cell(f"{letters(at)}{number}", value)
            for at, value in enumerate(values)
        )
        out.append(f'<row r="{number}">{cells}</row>')
    return "".join(out)


def make_xlsx(
    path: Path,
    rows: str,
    *,
    formats: Sequence[str] = (),
    shared: Sequence[str] = (),
    after: str = "",
    epoch_1904: bool = False,
    extra: dict[str, bytes] | None = None,
    sheet: str | None = None,
    declaration: str = "",
) -> Path:
    """A workbook with one sheet; style n + 1 has the n-th of ``formats``."""
    sheet = sheet or (
        f'<?xml version="1.0" encoding="UTF-8"?>{declaration}<worksheet xmlns="{MAIN}">'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )
    number_formats = "".join(
        f'<numFmt numFmtId="{164 + at}" formatCode="{escape(f, {chr(34): "&quot;"})}"/>'
        for at, f in enumerate(formats)
    )
    styles = "".join(f'<xf numFmtId="{164 + at}"/>' for at in range(len(formats)))
    texts = "".join(f"<si>{text}</si>" for text in shared)
    parts = {
        **_frame(epoch_1904),
        "xl/worksheets/sheet1.xml": sheet,
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{number_formats}</numFmts>'
        f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return path


def _frame(epoch_1904: bool) -> dict[str, str]:
    """The parts every workbook has."""
    return {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"/>',
        "_rels/.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="r1" Type="{LINKS}/'
        'officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">'
        f'<workbookPr date1904="{int(epoch_1904)}"/>'
        '<sheets><sheet name="商品" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELS}">'
        f'<Relationship Id="r1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{LINKS}/styles" Target="styles.xml"/>'
        f'<Relationship Id="r3" Type="{LINKS}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
        "</Relationships>",
    }


def make_csv(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A text file in that encoding."""
    path.write_bytes(text.encode(encoding))
    return path


def make_xls(path: Path, cells: Sequence[tuple[int, int, object]], formats: Sequence[str]) -> Path:
    """A BIFF8 stream with one sheet: (row, column, value or (number, style)) from 0.

    Layout: [MS-XLS] 2.4; only the records a reader needs.
    """
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    head += _record(0x22, struct.pack("<H", 0))
    font = struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + _text8("Arial")
    head += _record(0x31, font) * 5
    for at, number_format in enumerate(formats):
        head += _record(0x41E, struct.pack("<H", 164 + at) + _text16(number_format))
    for key in (0, *range(164, 164 + len(formats))):
        head += _record(0xE0, struct.pack("<HHHBBBBIIH", 0, key, 1, 0x20, 0, 0, 0, 0, 0, 0))
    name = _text8("Sheet1")
    end = _record(0x0A, b"")
    start = len(head) + 4 + 6 + len(name) + len(end)
    head += _record(0x85, struct.pack("<IBB", start, 0, 0) + name) + end
    body = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for row, column, value in cells:
        body += _xls_cell(row, column, value)
    path.write_bytes(head + body + end)
    return path


def _xls_cell(row: int, column: int, value: object) -> bytes:
    style = 0
    if isinstance(value, tuple):
        value, style = value
    place = struct.pack("<HHH", row, column, style)
    if isinstance(value, bool):
        return _record(0x205, place + struct.pack("<BB", value, 0))
    if isinstance(value, (int, float)):
        return _record(0x203, place + struct.pack("<d", value))
    if str(value).startswith("#"):
        return _record(0x205, place + struct.pack("<BB", 0x17, 1))
    return _record(0x204, place + _text16(str(value)))


def _record(number: int, data: bytes) -> bytes:
    return struct.pack("<HH", number, len(data)) + data


def _text8(text: str) -> bytes:
    return struct.pack("<BB", len(text), 1) + text.encode("utf-16-le")


def _text16(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")
