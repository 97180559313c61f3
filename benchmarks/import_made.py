"""Files made for the report: a long table with errors in it, and the broken and disguised ones."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

from desktop_app.core.errors import UserError
from desktop_app.exchange.importing.fields import ImportField
from desktop_app.exchange.importing.sources import open_source

ROWS = 200_000
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"

FIELDS = (
    ImportField("code", "货号", "code", required=True),
    ImportField("name", "名称", required=True),
    ImportField("spec", "规格"),
    ImportField("barcode", "条码", "barcode"),
    ImportField("uom", "单位"),
    ImportField("qty", "数量", "quantity", required=True),
    ImportField("price", "单价", "price"),
    ImportField("amount", "金额", "money"),
    ImportField("lot", "批号", "code"),
    ImportField("expiry", "有效期", "date"),
    ImportField("active", "启用", "yes_no"),
    ImportField("remark", "备注"),
)


def long_rows(count: int) -> Iterator[list[object]]:
    """Stock lines of twelve columns; about one row in twenty has something wrong in it."""
    draw = random.Random(20260105)
    for number in range(count):
        digits = f"690{draw.randrange(10**9):09d}"
        total = sum(int(d) * (3 if at % 2 else 1) for at, d in enumerate(digits))
        qty, price = draw.randrange(1, 5000), draw.randrange(100, 99999) / 100
        row: list[object] = [
            f"WJ-{number % 60_000:05d}", f"镀镍铰链 {number % 9_000}", f"{draw.randrange(10, 99)}mm",
            f"{digits}{-total % 10}", "只", qty, price, round(qty * price, 2),
            f"26{number % 12 + 1:02d}{draw.randrange(1, 29):02d}", 46_000 + draw.randrange(900),
            "是" if number % 7 else "否", "" if number % 3 else f"第 {number} 行",
        ]  # fmt: skip
        wrong = draw.randrange(100)
        if wrong < 5:
            at, value = ((5, "十二"), (3, "6901234567890"), (9, "明年"), (0, ""), (10, "也许"))[
                wrong
            ]
            row[at] = value
        yield row


def write_long_xlsx(path: Path, count: int) -> None:
    """The long table as Excel writes it: shared texts, days by style."""
    texts: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            heading = [field.title for field in FIELDS]
            for number, row in enumerate([heading, *long_rows(count)], 1):
                cells = "".join(_cell(at, number, value, texts) for at, value in enumerate(row))
                part.write(f'<row r="{number}">{cells}</row>'.encode())
            part.write(b"</sheetData></worksheet>")
        items = "".join(f"<si><t>{text}</t></si>" for text in texts)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{items}</sst>')
        for name, text in _small_parts().items():
            archive.writestr(name, text)


def _cell(at: int, number: int, value: object, texts: dict[str, int]) -> str:
    reference = f"{'ABCDEFGHIJKL'[at]}{number}"
    if value == "":
        return ""
    if isinstance(value, str):
        index = texts.setdefault(value, len(texts))
        return f'<c r="{reference}" t="s"><v>{index}</v></c>'
    return f'<c r="{reference}" s="{int(at == 9)}"><v>{value!r}</v></c>'


def _small_parts() -> dict[str, str]:
    kinds = (
        ("worksheet", "worksheets/sheet1.xml"),
        ("styles", "styles.xml"),
        ("sharedStrings", "sharedStrings.xml"),
    )
    links = "".join(
        f'<Relationship Id="r{at}" Type="{_LINKS}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(kinds)
    )  # fmt: skip
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="r0" '
        f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>'
        '<sheet name="库存" sheetId="1" r:id="r0"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELS}">{links}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="14"/></cellXfs></styleSheet>',
    }


def write_long_csv(path: Path, count: int) -> None:
    """The same as GB18030 text with semicolons; days are day numbers."""
    with path.open("w", encoding="gb18030", newline="") as out:
        out.write(";".join(field.title for field in FIELDS) + "\r\n")
        for row in long_rows(count):
            out.write(";".join(map(str, row)) + "\r\n")


def sentences(folder: Path) -> list[tuple[str, str]]:
    """What the program says to each broken, disguised or hostile file."""
    told = []
    for name, (what, data) in _bad_files(folder).items():
        path = folder / name
        path.write_bytes(data)
        try:
            with open_source(path) as source:
                problems = [
                    cell.problem
                    for row in source.rows(source.sheets[0].name)
                    for cell in row.cells
                    if cell.problem
                ]
                said = [str(note) for note in (*source.notes, *problems[:1])]
        except UserError as refused:
            said = [str(refused)]
        told.append((what, " ".join(said) or "read; nothing to say"))
    return told


def _bad_files(folder: Path) -> dict[str, tuple[str, bytes]]:
    write_long_xlsx(folder / "good.xlsx", 500)
    good = (folder / "good.xlsx").read_bytes()
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000
    empty = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, 1_000_000))
    return {
        "cut.xlsx": ("download broken off", good[: len(good) // 2]),
        "secret.xlsx": ("password", ole + "EncryptedPackage".encode("utf-16-le")),
        "bomb.xlsx": ("zip bomb, 2 GB in 2 MB", _bomb()),
        "laugh.xlsx": ("XML entities", _with_sheet('<!DOCTYPE a [<!ENTITY b "b">]><worksheet/>')),
        "formula.xlsx": ("formula error", _with_sheet(_sheet('<row r="1"><c r="A1" t="e"><f>X</f><v>#REF!</v></c></row>'))),
        "nothing.xlsx": ("formula without result", _with_sheet(_sheet('<row r="1"><c r="A1"><f>X</f></c></row>'))),
        "empty-rows.xlsx": ("a million empty rows", _with_sheet(_sheet(f'<row r="1"><c r="A1"><v>1</v></c></row>{empty}'))),
        "macro.xlsm": ("macros", _with_sheet(_sheet('<row r="1"><c r="A1"><v>1</v></c></row>'), {"xl/vbaProject.bin": "x"})),
        "wide.xlsx": ("16,384 columns", _with_sheet(_sheet('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'))),
        "wrong.xlsx": ("wrong XML inside", _with_sheet("<worksheet><sheetData></worksheet>")),
        "photo.xlsx": ("picture renamed", b"\x89PNG\r\n\x1a\n" + b"\0" * 99),
        "letter.xlsx": ("Word document", _zip({"[Content_Types].xml": "<Types/>", "word/document.xml": "<a/>"})),
        "page.xls": ("web page called .xls", "<html><table><tr><td>货号</td></tr></table></html>".encode("gbk")),
        "none.csv": ("empty file", b""),
        "noise.csv": ("no text at all", bytes(range(256)) * 50),
        "zero.csv": ("a zero byte", b"code,qty\n" + b"A,1\n" * 99 + b"A\0,1\n"),
        "quote.csv": ("quotation mark not closed", b'a,b\n"x,1\n' + b"y,2\n" * 500),
        "ansi.csv": ("unknown encoding", "café;1\nthé;2\n".encode("cp1252")),
    }  # fmt: skip


def _sheet(rows: str) -> str:
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def _with_sheet(sheet: str, more: dict[str, str] | None = None) -> bytes:
    parts = {"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}"/>'}
    return _zip({**parts, **_small_parts(), **(more or {})})


def _zip(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            block = b" " * 4_000_000
            for _ in range(500):
                part.write(block)
    return out.getvalue()
