"""The texts an xlsx file keeps once for all cells: packed, so that memory is that of the text."""

from __future__ import annotations

import re
from array import array
from typing import IO
from xml.etree.ElementTree import Element

from desktop_app.core.i18n import N_, Message
from desktop_app.exchange.importing.cells import EMPTY, MAX_TEXT, Cell, UnreadableFile
from desktop_app.exchange.importing.xlsx_stream import children

_MOST_TEXTS = 4_000_000
_MOST_BYTES = 256 * 1024**2
_REMEMBERED = 4_096
"""More would be slower: the garbage collector visits what is kept."""

_TOO_MUCH = N_(
    "{file} holds more text than can be read at once. Save the sheet as CSV (UTF-8) and import"
    " that."
)
_UNREADABLE = N_("“{text}” holds characters that cannot be read.")
_TOO_LONG = N_("A text of more than {limit} characters is no cell of a table.")

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd\ufffe\uffff]")


def text_cell(text: str | None) -> Cell:
    """The cell of a text as it stands in the file; nothing visible is EMPTY."""
    if not text or text.isspace():
        return EMPTY
    if not text.isprintable() or len(text) > MAX_TEXT or "\ufffd" in text:
        return _careful(text)
    return Cell(text, text)


def _careful(text: str) -> Cell:
    if _BROKEN.search(text):
        shown = _BROKEN.sub("\ufffd", text)
        return Cell(None, shown[:MAX_TEXT], Message(_UNREADABLE, {"text": shown[:40]}))
    if len(text) > MAX_TEXT:
        return Cell(None, text[:200] + "…", Message(_TOO_LONG, {"limit": MAX_TEXT}))
    return Cell(text, text)


def rich_text(element: Element) -> str:
    """The text of an ``si`` or ``is`` element: its runs joined, reading aids (rPh) left out."""
    if len(element) == 1 and element[0].text and element[0].tag[-1] == "t":
        text = element[0].text
    else:
        found: list[str] = []
        for child in element:
            tag = child.tag.rpartition("}")[2]
            if tag == "t":
                found.append(child.text or "")
            elif tag == "r":
                found.extend(t.text or "" for t in child if t.tag.rpartition("}")[2] == "t")
        text = "".join(found)
    return unescape(text) if "_x" in text else text


def unescape(text: str) -> str:
    """Excel writes characters XML cannot hold as _x000D_."""
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text).replace("\r\n", "\n")


class SharedTexts:
    """The shared texts by number, UTF-8 in one block. Raises UnreadableFile when too many."""

    def __init__(self, stream: IO[bytes] | None, file: str) -> None:
        self._block = bytearray()
        self._ends = array("Q")
        self._cells: dict[str, Cell] = {}
        if stream is None:
            return
        for element in children(stream, None, file):
            text = rich_text(element)[: MAX_TEXT + 1]
            self._block += text.encode("utf-8", "replace")
            self._ends.append(len(self._block))
            if len(self._ends) > _MOST_TEXTS or len(self._block) > _MOST_BYTES:
                raise UnreadableFile(_TOO_MUCH, file=file)

    def cell(self, number: str) -> Cell | None:
        """The cell showing text ``number``; None when the file has no such text."""
        found = self._cells.get(number)
        if found is not None:
            return found
        try:
            index = int(number)
            end = self._ends[index] if index >= 0 else -1
        except (ValueError, IndexError, OverflowError):
            return None
        if end < 0:
            return None
        start = self._ends[index - 1] if index else 0
        cell = text_cell(self._block[start:end].decode("utf-8", "replace"))
        if len(self._cells) >= _REMEMBERED:
            self._cells.clear()
        self._cells[number] = cell
        return cell
