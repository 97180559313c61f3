"""Which encoding a text file is in: decided by the whole file, told when it is a guess."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core.i18n import N_, Message
from desktop_app.exchange.importing.cells import UnreadableFile

CHOICES: tuple[tuple[str, str], ...] = (
    ("utf-8-sig", "UTF-8"),
    ("gb18030", "GB18030 / GBK"),
    ("big5hkscs", "Big5"),
    ("utf-16", "UTF-16"),
    ("shift_jis", "Shift-JIS"),
    ("euc_kr", "EUC-KR"),
    ("cp1252", "Windows-1252"),
)
"""What a person may choose: codec and name. UTF-8 takes a mark at its beginning or none."""
HEAD = 64 * 1024
_BLOCK = 1024 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HANZI = re.compile(rb"[\xb0-\xf7\xa1-\xa9][\xa1-\xfe]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_HIGH = re.compile(rb"[\x80-\xff]")

BINARY = N_("{file} is not a text or Excel file, or it is damaged.")
_WESTERN = N_(
    "The encoding of {file} is not certain; it was read as Western European. Look at the"
    " letters with accents, or save it as CSV UTF-8."
)
_CUT = N_("{file} ends in the middle of a character; its end may be missing.")
_CHINESE_BROKEN = N_(
    "{file} was read as GB18030, but some characters do not fit; cells with them are refused."
)


@dataclass(frozen=True)
class Encoding:
    """A codec name, and what the person should know about the choice."""

    name: str
    note: Message | None = None


def spoken_name(codec: str) -> str:
    """What people call a codec."""
    return dict(CHOICES).get(codec) or codec.upper().removesuffix("-SIG")


def detect(path: Path) -> Encoding:
    """The encoding of a text file. Raises UnreadableFile when it is no text."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    for bom, name in _BOMS:
        if head.startswith(bom):
            return Encoding(name)
    if b"\0" in head:
        return Encoding(_without_bom(head, path.name))
    whole, cut = _decodes(path, "utf-8")
    if whole:
        note = Message(_CUT, {"file": path.name}) if cut else None
        return Encoding("utf-8", note)
    if _looks_chinese(path):
        whole, cut = _decodes(path, "gb18030")
        note = Message(_CHINESE_BROKEN, {"file": path.name}) if cut or not whole else None
        return Encoding("gb18030", note)
    return Encoding("cp1252", Message(_WESTERN, {"file": path.name}))


def _without_bom(head: bytes, file: str) -> str:
    """UTF-16 has many zero bytes, all on one side; a few stray ones are a broken text."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 50 > len(head) and min(even, odd) == 0:
        return "utf-16-le" if odd else "utf-16-be"
    if len(_CONTROL.findall(head)) * 100 > len(head):
        raise UnreadableFile(BINARY, file=file)
    return "utf-8"


def _decodes(path: Path, name: str) -> tuple[bool, bool]:
    """Whether the file is all in ``name``; and whether it ends within a character."""
    decoder = codecs.getincrementaldecoder(name)()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                decoder.decode(block)
    except UnicodeDecodeError:
        return False, False
    return True, bool(decoder.getstate()[0])


def _looks_chinese(path: Path) -> bool:
    """Most high bytes come in pairs that are common Chinese characters (GB 2312 rows)."""
    high = paired = 0
    with path.open("rb") as stream:
        for _ in range(16):
            block = stream.read(_BLOCK)
            high += len(_HIGH.findall(block))
            paired += 2 * len(_HANZI.findall(block))
    return high > 0 and paired >= high * 0.8
