"""Opening a file by what is in it, not by what it is called."""

from __future__ import annotations

import re
from pathlib import Path

from desktop_app.core.i18n import N_, Message
from desktop_app.exchange.importing.cells import Source, UnreadableFile
from desktop_app.exchange.importing.html_source import HtmlSource
from desktop_app.exchange.importing.text_source import TextSource
from desktop_app.exchange.importing.xls_source import XlsSource
from desktop_app.exchange.importing.xlsx_package import PASSWORD
from desktop_app.exchange.importing.xlsx_source import XlsxSource

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SEARCHED = 256 * 1024**2

_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", N_("a picture")),
    (b"\xff\xd8\xff", N_("a picture")),
    (b"GIF8", N_("a picture")),
    (b"BM", N_("a picture")),
    (b"II*\0", N_("a picture")),
    (b"MM\0*", N_("a picture")),
    (b"RIFF", N_("a picture or a sound")),
    (b"%PDF", N_("a PDF")),
    (b"{\\rtf", N_("a text document (RTF)")),
    (b"Rar!", N_("an archive (RAR)")),
    (b"7z\xbc\xaf", N_("an archive (7z)")),
    (b"\x1f\x8b", N_("an archive (gzip)")),
    (b"MZ", N_("a program")),
    (b"\x7fELF", N_("a program")),
    (b"SQLite format 3", N_("a database")),
)
_NOT_A_TABLE = N_("{file} is {what}, not a table, whatever its name says.")
_EMPTY = N_("{file} is empty.")
_MISSING = N_("{file} is not there (any more).")
_LOCKED = N_("{file} cannot be opened. Close it in Excel, or ask for the right to read it.")
_UNREADABLE = N_("{file} cannot be read: {reason}")
_OTHER = N_(
    "{file} is saved as {what}. Open it, save it as Excel workbook (.xlsx), and import that."
)
_XML_2003 = N_("an XML table of Excel 2003")
_MHTML = N_("a web archive (MHTML)")

_PAGE = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body|meta|table|style|div)\b", re.IGNORECASE)
_MARKUP = re.compile(rb"\s*<[?!a-z]", re.IGNORECASE)


def open_source(
    path: Path, *, encoding: str = "", delimiter: str = "", password: None = None
) -> Source:
    """The file at ``path``, ready to be read.

    ``encoding`` and ``delimiter`` overrule what is found out about a text file. There is no
    ``password``: protected files are refused with a sentence. Raises UnreadableFile.
    """
    path = Path(path)
    try:
        return _open(path, encoding, delimiter)
    except FileNotFoundError as fault:
        raise UnreadableFile(_MISSING, file=path.name) from fault
    except (PermissionError, IsADirectoryError) as fault:
        raise UnreadableFile(_LOCKED, file=path.name) from fault
    except OSError as fault:
        raise UnreadableFile(_UNREADABLE, file=path.name, reason=fault.strerror) from fault


def _open(path: Path, encoding: str, delimiter: str) -> Source:
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise UnreadableFile(_EMPTY, file=path.name)
    if head.startswith(b"PK"):
        return XlsxSource(path)
    if head.startswith(_OLE):
        _refuse_encrypted(path)
        return XlsSource(path)
    if head.startswith(_BIFF):
        return XlsSource(path)
    for magic, what in _KINDS:
        if head.startswith(magic) and not _is_text(head, magic):
            raise UnreadableFile(_NOT_A_TABLE, file=path.name, what=Message(what))
    markup = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in markup and b"<?xml" in markup:
        raise UnreadableFile(_OTHER, file=path.name, what=Message(_XML_2003))
    if markup[:200].lower().lstrip().startswith(b"mime-version:"):
        raise UnreadableFile(_OTHER, file=path.name, what=Message(_MHTML))
    if _PAGE.match(markup) or (_MARKUP.match(markup) and b"<table" in markup.lower()):
        return HtmlSource(path, encoding=encoding)
    return TextSource(path, encoding=encoding, delimiter=delimiter)


def _is_text(head: bytes, magic: bytes) -> bool:
    """A heading may begin with "BM" or "MZ"; a picture has bytes no text has."""
    return len(magic) == 2 and not re.search(rb"[\x00-\x08\x0e-\x1a]", head)


def _refuse_encrypted(path: Path) -> None:
    """A protected .xlsx hides inside the old container, beside a stream of this name."""
    with path.open("rb") as stream:
        if _ENCRYPTED in stream.read(_SEARCHED):
            raise UnreadableFile(PASSWORD, file=path.name)
