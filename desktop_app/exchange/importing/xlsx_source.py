"""An xlsx or xlsm file as a Source. Macros, links and everything outside the cells stay unread."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from desktop_app.core.i18n import N_, Message
from desktop_app.exchange.importing.cells import LetGo, Merge, RawRow, SheetInfo, column_index
from desktop_app.exchange.importing.shared_texts import SharedTexts
from desktop_app.exchange.importing.xlsx_cells import RowCells
from desktop_app.exchange.importing.xlsx_package import XlsxPackage
from desktop_app.exchange.importing.xlsx_stream import children
from desktop_app.exchange.importing.xlsx_workbook import chunks, read_workbook

_EMPTY_RUN = 2_000
"""After so many empty rows the rest is searched for values before it is read."""
_MOST_MERGES = 10_000

_MACROS = N_("{file} contains macros. They are not run; only the values are read.")

_MERGE = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
)
_VALUE = re.compile(rb"[<:](?:v|is|f)[\s>]")
_OVERLAP = 200


class XlsxSource(LetGo):
    """See :class:`cells.Source`. Raises UnreadableFile when the workbook does not fit together."""

    def __init__(self, path: Path) -> None:
        self._file = path.name
        self._package = XlsxPackage(path)
        self._texts: SharedTexts | None = None
        self.progress = 0.0
        try:
            self._workbook = read_workbook(self._package)
        except BaseException:
            self._package.close()
            raise

    @property
    def kind(self) -> str:
        return "xlsm" if "xl/vbaProject.bin" in self._package else "xlsx"

    @property
    def sheets(self) -> tuple[SheetInfo, ...]:
        return tuple(info for info, _ in self._workbook.sheets)

    @property
    def notes(self) -> tuple[Message, ...]:
        return (Message(_MACROS, {"file": self._file}),) if self.kind == "xlsm" else ()

    @property
    def epoch_1904(self) -> bool:
        return self._workbook.epoch_1904

    def rows(self, sheet: str) -> Iterator[RawRow]:
        """The rows with something in them."""
        part = self._workbook.part(sheet)
        texts = self._shared_texts()
        size = max(self._package.size(part), 1)
        done = 0

        def on_progress(count: int) -> None:
            nonlocal done
            done += count
            self.progress = min(done / size, 1.0)

        with self._package.open(part) as stream:
            elements = children(stream, "sheetData", self._file, on_progress)
            yield from self._filled(elements, texts, lambda: self._values_after(part, done))
        self.progress = 1.0

    def merged(self, sheet: str) -> tuple[Merge, ...]:
        """The merged cells, found without parsing the rows before them."""
        found: dict[Merge, None] = {}
        for block in self._blocks(self._workbook.part(sheet), 0):
            for match in _MERGE.finditer(block) if b"mergeCell " in block else ():
                first, top, last, bottom = (part.decode("ascii") for part in match.groups())
                merge = Merge(int(top), int(bottom), column_index(first), column_index(last))
                found[merge] = None
            if len(found) > _MOST_MERGES:
                break
        return tuple(found)

    def close(self) -> None:
        self._package.close()

    def _filled(
        self, elements: Iterator[Element], texts: SharedTexts, more: Callable[[], bool]
    ) -> Iterator[RawRow]:
        cells: RowCells | None = None
        row_no = empty = 0
        for element in elements:
            space, brace, tag = element.tag.rpartition("}")
            if tag != "row":
                continue
            if cells is None:
                cells = RowCells(self._file, space + brace, texts, self._workbook.looks)
            row_no = _row_number(element, row_no)
            found = cells.read(element, row_no) if len(element) else ()
            if found:
                yield RawRow(row_no, found)
                continue
            empty += 1
            # A sheet of a million formatted but empty rows must not be parsed to its end.
            if empty == _EMPTY_RUN and not more():
                return

    def _values_after(self, part: str, offset: int) -> bool:
        return any(_VALUE.search(block) for block in self._blocks(part, offset))

    def _blocks(self, part: str, offset: int) -> Iterator[bytes]:
        """The bytes of a part from about ``offset`` on, each with the end of the one before."""
        tail = b""
        passed = 0
        with self._package.open(part) as stream:
            for chunk in chunks(stream, self._file):
                passed += len(chunk)
                if passed > offset:
                    yield tail + chunk
                    tail = chunk[-_OVERLAP:]

    def _shared_texts(self) -> SharedTexts:
        if self._texts is None:
            part = self._workbook.texts_part
            if part is None or part not in self._package:
                self._texts = SharedTexts(None, self._file)
            else:
                with self._package.open(part) as stream:
                    self._texts = SharedTexts(stream, self._file)
        return self._texts


def _row_number(element: Element, last: int) -> int:
    """What the row calls itself, unless that runs backwards."""
    try:
        number = int(element.get("r", ""))
    except ValueError:
        number = 0
    return number if number > last else last + 1
