"""What an xlsx file says about its sheets before any row is read."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.etree.ElementTree import Element

from desktop_app.core.i18n import N_
from desktop_app.exchange.importing.cells import SheetInfo, UnreadableFile
from desktop_app.exchange.importing.number_looks import Look, look_of
from desktop_app.exchange.importing.xlsx_package import XlsxPackage
from desktop_app.exchange.importing.xlsx_stream import CHUNK, DAMAGED

_NO_TABLE = N_("{file} has no sheet with cells.")
_LAST_ROW = re.compile(rb'<(?:\w+:)?dimension\s[^>]*ref="[A-Z$]+\d+:[A-Z$]+\$?(\d+)"')


@dataclass(frozen=True)
class Workbook:
    """The sheets with their parts, the number formats by style, and where texts are kept."""

    sheets: tuple[tuple[SheetInfo, str], ...]
    looks: tuple[Look, ...]
    texts_part: str | None
    epoch_1904: bool

    def part(self, sheet: str) -> str:
        """The part of the sheet of that name. Raises KeyError."""
        for info, part in self.sheets:
            if info.name == sheet:
                return part
        raise KeyError(sheet)


def read_workbook(package: XlsxPackage) -> Workbook:
    """Read workbook and styles. Raises UnreadableFile when they do not fit together."""
    root = package.related("")
    main = next((part for kind, part in root.values() if kind == "officeDocument"), "")
    main = main if main in package else "xl/workbook.xml"
    workbook = package.xml(main)
    links = package.related(main)
    parts = dict(links.values())
    epoch_1904 = any(
        bare(e) == "workbookPr" and e.get("date1904", "0") in ("1", "true") for e in workbook
    )
    sheets = [
        (_info(package, element, part), part)
        for element in workbook.iter()
        if bare(element) == "sheet" and (part := _part(element, links))
    ]
    sheets.sort(key=lambda pair: pair[0].hidden)
    if not sheets:
        raise UnreadableFile(_NO_TABLE, file=package.file)
    looks = _looks(package, parts.get("styles"), epoch_1904)
    return Workbook(tuple(sheets), looks, parts.get("sharedStrings"), epoch_1904)


def chunks(stream: IO[bytes], file: str) -> Iterator[bytes]:
    """The bytes of a part. Raises UnreadableFile when they are damaged."""
    try:
        while chunk := stream.read(CHUNK):
            yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as fault:
        raise UnreadableFile(DAMAGED, file=file) from fault


def bare(element: Element) -> str:
    """The name of an element without its name space."""
    return element.tag.rpartition("}")[2]


def _part(element: Element, links: dict[str, tuple[str, str]]) -> str:
    link = next((value for key, value in element.items() if key.endswith("}id")), "")
    kind, part = links.get(link, ("", ""))
    return part if kind == "worksheet" else ""


def _info(package: XlsxPackage, element: Element, part: str) -> SheetInfo:
    with package.open(part) as stream:
        head = next(chunks(stream, package.file), b"")
    found = _LAST_ROW.search(head)
    hidden = element.get("state", "visible") != "visible"
    return SheetInfo(element.get("name", ""), int(found[1]) if found else None, hidden)


def _looks(package: XlsxPackage, part: str | None, epoch_1904: bool) -> tuple[Look, ...]:
    plain = look_of(0)
    if part is None or part not in package:
        return (plain,)
    styles = package.xml(part)
    formats = {
        e.get("numFmtId", ""): e.get("formatCode", "") for e in styles.iter() if bare(e) == "numFmt"
    }
    made: dict[str, Look] = {}
    looks = []
    for group in styles:
        for style in group if bare(group) == "cellXfs" else ():
            number = style.get("numFmtId", "0")
            if number not in made:
                known = formats.get(number) or (int(number) if number.isdigit() else 0)
                made[number] = look_of(known, epoch_1904=epoch_1904)
            looks.append(made[number])
    return tuple(looks) or (plain,)
