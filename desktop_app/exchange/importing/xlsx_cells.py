"""One row element of an xlsx sheet into cells: the hot loop of the whole import."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from xml.etree.ElementTree import Element

from desktop_app.core.i18n import N_, Message
from desktop_app.exchange.importing.cells import (
    EMPTY,
    MAX_COLUMNS,
    Cell,
    UnreadableFile,
    column_index,
    column_letters,
)
from desktop_app.exchange.importing.number_looks import Look
from desktop_app.exchange.importing.shared_texts import SharedTexts, rich_text, text_cell, unescape
from desktop_app.exchange.importing.xlsx_stream import DAMAGED

_REMEMBERED = 4_096
"""More would be slower: the garbage collector visits what is kept."""
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]+")

FORMULA_ERROR = N_("Cell {cell}: the formula gives {error}. Correct it in Excel.")
_NO_RESULT = N_(
    "Cell {cell} holds a formula without a result. Open the file in Excel and save it, then"
    " import again."
)
_LOST_TEXT = N_("Cell {cell}: its text is missing in the file.")
TOO_WIDE = N_(
    "{file} has values beyond column {column}; that is no table to import. Keep only the"
    " columns needed."
)


class RowCells:
    """Turns rows of one sheet into cells; ``looks`` are the number formats by style."""

    def __init__(self, file: str, name_space: str, texts: SharedTexts, looks: Sequence[Look]):
        self._file = file
        self._v, self._f, self._is = (name_space + name for name in ("v", "f", "is"))
        self._texts = texts
        self._looks = looks
        self._columns = {column_letters(index): index for index in range(MAX_COLUMNS)}
        self._numbers: dict[tuple[str | None, str | None], Cell] = {}

    def read(self, row: Element, row_no: int) -> tuple[Cell, ...]:
        """The cells of ``row`` up to the last filled one."""
        cells: list[Cell] = []
        digits = len(str(row_no))
        numbers = self._numbers
        shared = self._texts.cell
        value_tag = self._v
        at = -1
        for element in row:
            get = element.get
            reference = get("r")
            if reference is None:
                at += 1
            else:
                found = self._columns.get(reference[:-digits])
                at = self._column(reference) if found is None else found
            count = len(element)
            if not count:
                continue
            kind = get("t")
            first = element[0]
            if count > 1 or first.tag != value_tag:
                cell = self._other(element, kind, at, row_no)
            elif kind is None or kind == "n":
                stored = first.text
                cell = numbers.get((stored, get("s"))) or self._number(stored, get("s"), at, row_no)
            elif kind == "s" and first.text:
                cell = shared(first.text) or self._other(element, kind, at, row_no)
            else:
                cell = self._other(element, kind, at, row_no)
            if cell is EMPTY:
                continue
            if len(cells) == at:
                cells.append(cell)
            else:
                self._place(cells, at, cell)
        return tuple(cells)

    def _place(self, cells: list[Cell], at: int, cell: Cell) -> None:
        if at >= MAX_COLUMNS:
            letters = column_letters(MAX_COLUMNS - 1)
            raise UnreadableFile(TOO_WIDE, file=self._file, column=letters)
        while len(cells) <= at:
            cells.append(EMPTY)
        cells[at] = cell

    def _column(self, reference: str) -> int:
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            raise UnreadableFile(DAMAGED, file=self._file)
        return column_index(found[1])

    def _number(self, stored: str | None, style: str | None, at: int, row_no: int) -> Cell:
        if not stored or stored.isspace():
            return EMPTY
        try:
            look = self._looks[int(style or 0)]
        except (ValueError, IndexError):
            look = self._looks[0]
        cell = look(stored.strip(), "")
        if cell.problem is not None:
            return look(stored.strip(), f"{column_letters(at)}{row_no}")
        if cell.problem is None:
            if len(self._numbers) >= _REMEMBERED:
                self._numbers.clear()
            self._numbers[stored, style] = cell
        return cell

    def _other(self, element: Element, kind: str | None, at: int, row_no: int) -> Cell:
        stored: str | None = None
        formula = False
        for child in element:
            if child.tag == self._v:
                stored = child.text
            elif child.tag == self._is:
                return text_cell(rich_text(child))
            elif child.tag == self._f:
                formula = True
        if kind == "s":
            found = self._texts.cell(stored) if stored else EMPTY
            if found is not None:
                return found
        name = f"{column_letters(at)}{row_no}"
        if kind == "s":
            return Cell(None, "", Message(_LOST_TEXT, {"cell": name}))
        if kind in (None, "n"):
            if formula and not stored:
                return Cell(None, "", Message(_NO_RESULT, {"cell": name}))
            return self._number(stored, element.get("s"), at, row_no)
        return _typed(kind, stored or "", name)


def _typed(kind: str | None, stored: str, name: str) -> Cell:
    if kind == "b":
        truth = stored.strip().lower() in ("1", "true")
        return Cell(truth, "TRUE" if truth else "FALSE") if stored.strip() else EMPTY
    if kind == "e":
        return Cell(None, stored, Message(FORMULA_ERROR, {"cell": name, "error": stored}))
    if kind == "d":
        return _iso(stored, name)
    return text_cell(unescape(stored) if "_x" in stored else stored)


def _iso(stored: str, name: str) -> Cell:
    try:
        moment = datetime.fromisoformat(stored.strip()).replace(tzinfo=None)
    except ValueError:
        return text_cell(stored)
    if "T" in stored or moment.time() != moment.min.time():
        return Cell(moment, moment.isoformat(" "))
    return Cell(moment.date(), moment.date().isoformat())
