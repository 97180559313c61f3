"""Large XML parts of an xlsx file, a few elements at a time.

The parser is C and so are its elements; Python sees each finished child once and drops it.
Nothing that is not yet finished may grow beyond a bound, whatever the file claims.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from typing import IO, Any, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from desktop_app.core.i18n import N_
from desktop_app.exchange.importing.cells import UnreadableFile

CHUNK = 128 * 1024
_FED = 16 * 1024
"""Parsed at once: elements that stay in the processor's cache are read twice as fast."""
_MOST_UNFINISHED = 8 * 1024 * 1024
"""Bytes of XML that may pass without one row or text being finished."""

DAMAGED = N_(
    "{file} is damaged: its inside breaks off or does not fit together. Open it in Excel,"
    " save it again under another name, and import that."
)
HOSTILE = N_("{file} is built like no Excel file; it was not read.")

_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def children(
    stream: IO[bytes],
    parent: str | None,
    file: str,
    on_progress: Callable[[int], None] | None = None,
) -> Iterator[Element]:
    """The children of the first element named ``parent`` (without name space; None: the root).

    Reads the part to its end, so that its checksum is proved. Raises UnreadableFile.
    """
    try:
        yield from _children(stream, parent, file, on_progress)
        while stream.read(CHUNK):
            pass
    except (ParseError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError) as fault:
        raise UnreadableFile(DAMAGED, file=file) from fault


def _children(
    stream: IO[bytes],
    parent: str | None,
    file: str,
    on_progress: Callable[[int], None] | None,
) -> Iterator[Element]:
    parser: XMLPullParser[Any] = XMLPullParser(("start",))
    root: Element | None = None
    holder: Element | None = None
    unfinished = 0
    while chunk := stream.read(_FED):
        if holder is None:
            refuse_declarations(chunk, file)
        parser.feed(chunk)
        if holder is None:
            for _, element in cast("Iterator[tuple[str, Element]]", parser.read_events()):
                root = element if root is None else root
                if parent is None or _bare(element.tag) == parent:
                    holder = element
                    break
        deque(parser.read_events(), maxlen=0)
        unfinished += len(chunk)
        if holder is not None and root is not None:
            over = holder is not root and root[-1] is not holder
            ready = len(holder) if over else len(holder) - 1
            if ready > 0:
                yield from holder[:ready]
                del holder[:ready]
                unfinished = 0
            if over:
                return
        if unfinished > _MOST_UNFINISHED:
            raise UnreadableFile(HOSTILE, file=file)
        if on_progress is not None:
            on_progress(len(chunk))
    parser.close()
    if holder is None:
        raise UnreadableFile(DAMAGED, file=file)
    yield from holder


def refuse_declarations(head: bytes, file: str) -> None:
    """Raise UnreadableFile when XML declares entities: Excel never does, XML bombs do."""
    if _DECLARATION.search(head.replace(b"\0", b"")):
        raise UnreadableFile(HOSTILE, file=file)


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]
