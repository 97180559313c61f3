"""The zip around an xlsx file, judged before anything of it is unpacked."""

from __future__ import annotations

import os
import posixpath
import zipfile
import zlib
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, ParseError, fromstring

from desktop_app.core.i18n import N_, Message
from desktop_app.exchange.importing.cells import UnreadableFile
from desktop_app.exchange.importing.xlsx_stream import DAMAGED, HOSTILE, refuse_declarations

_MOST_PARTS = 5_000
_MOST_BYTES = 4 * 1024**3
_MOST_RATIO = 300
"""Real sheets shrink 5 to 60 times; deflate reaches 1,032 on a bomb."""
_ALWAYS_FINE = 64 * 1024**2
_SMALL_PART = 32 * 1024**2

TRUNCATED = N_(
    "{file} is not complete; the copy or download was interrupted. Copy it again from where"
    " it comes from."
)
PASSWORD = N_(
    "{file} is protected by a password. Open it in Excel, remove the password, save it, and"
    " import that."
)
_TOO_LARGE = N_("{file} unpacks to {size} MB; that is no list of goods. It was not read.")
_NO_SHEETS = N_("{file} is {what}, not a spreadsheet.")
_OTHER_SPREADSHEET = N_(
    "{file} is saved as {what}. Open it, save it as Excel workbook (.xlsx), and import that."
)
_WHAT = {
    "word/document.xml": N_("a Word document"),
    "ppt/presentation.xml": N_("a presentation"),
}
_ARCHIVE = N_("an archive (zip)")
_BINARY = N_("a binary workbook (.xlsb)")
_ODS = N_("an OpenDocument table (.ods)")
_NUMBERS = N_("an Apple Numbers table")


class XlsxPackage:
    """The parts of an xlsx file by name. Raises UnreadableFile for anything else."""

    def __init__(self, path: Path) -> None:
        self.file = path.name
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as fault:
            raise UnreadableFile(TRUNCATED, file=self.file) from fault
        try:
            self._parts = {_plain(i.filename): i for i in self._zip.infolist()}
            self._judge(os.path.getsize(path))
        except BaseException:
            self.close()
            raise

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._parts

    def size(self, name: str) -> int:
        """Unpacked bytes of a part."""
        return self._parts[_plain(name)].file_size

    def open(self, name: str) -> IO[bytes]:
        """A part as a stream. Raises UnreadableFile when it is not there."""
        info = self._parts.get(_plain(name))
        if info is None:
            raise UnreadableFile(DAMAGED, file=self.file)
        try:
            return self._zip.open(info)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as fault:
            raise UnreadableFile(DAMAGED, file=self.file) from fault

    def xml(self, name: str) -> Element:
        """A small part, parsed whole. Raises UnreadableFile."""
        if name in self and self.size(name) > _SMALL_PART:
            raise UnreadableFile(HOSTILE, file=self.file)
        try:
            with self.open(name) as stream:
                data = stream.read()
            refuse_declarations(data[: 64 * 1024], self.file)
            return fromstring(data)  # noqa: S314 - entities are refused above
        except (ParseError, zipfile.BadZipFile, zlib.error, EOFError, ValueError) as fault:
            raise UnreadableFile(DAMAGED, file=self.file) from fault

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part refers to inside the file: id -> (last word of the type, part)."""
        folder, base = posixpath.split(name)
        rels = posixpath.join(folder, "_rels", base + ".rels")
        if rels not in self:
            return {}
        found = {}
        for link in self.xml(rels):
            if link.get("TargetMode") == "External":
                continue
            target = link.get("Target", "").replace("\\", "/")
            part = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[link.get("Id", "")] = (link.get("Type", "").rpartition("/")[2], part)
        return found

    def close(self) -> None:
        """Let the file go."""
        self._zip.close()

    def _judge(self, packed: int) -> None:
        total = sum(info.file_size for info in self._parts.values())
        if len(self._zip.infolist()) > _MOST_PARTS or total > _MOST_BYTES:
            raise UnreadableFile(_TOO_LARGE, file=self.file, size=total // 1024**2)
        if total > _ALWAYS_FINE and total > _MOST_RATIO * max(packed, 1):
            raise UnreadableFile(_TOO_LARGE, file=self.file, size=total // 1024**2)
        for info in self._parts.values():
            grown = info.file_size > _MOST_RATIO * max(info.compress_size, 1)
            if info.file_size > _ALWAYS_FINE and grown:
                raise UnreadableFile(_TOO_LARGE, file=self.file, size=total // 1024**2)
            if info.flag_bits & 1:
                raise UnreadableFile(PASSWORD, file=self.file)
        self._refuse_others()

    def _refuse_others(self) -> None:
        names = self._parts
        for part, what in _WHAT.items():
            if part in names:
                raise UnreadableFile(_NO_SHEETS, file=self.file, what=Message(what))
        other = (
            _BINARY
            if "xl/workbook.bin" in names
            else _ODS
            if "mimetype" in names and "content.xml" in names
            else _NUMBERS
            if any(name.startswith("index/") and name.endswith(".iwa") for name in names)
            else None
        )
        if other:
            raise UnreadableFile(_OTHER_SPREADSHEET, file=self.file, what=Message(other))
        if "[content_types].xml" not in names:
            raise UnreadableFile(_NO_SHEETS, file=self.file, what=Message(_ARCHIVE))


def _plain(name: str) -> str:
    """Part names differ in case and slashes from writer to writer."""
    return name.replace("\\", "/").lstrip("/").lower()
