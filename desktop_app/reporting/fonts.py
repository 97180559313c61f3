"""The fonts on paper: Noto Sans SC, shipped with the program and embedded as a subset.

One family holds Chinese, Latin and digits, because reportlab does not fall back from one
font to another: a character the font lacks would silently vanish from a print. Such
characters are replaced by 〓 (the printers' mark for a missing glyph) instead.
"""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from desktop_app.core.errors import EnvironmentFault
from desktop_app.core.i18n import N_
from desktop_app.core.paths import resources_dir

REGULAR = "NotoSansSC"
BOLD = "NotoSansSC-Bold"
MISSING_GLYPH = "〓"

_FILES = {REGULAR: "NotoSansSC-Regular.ttf", BOLD: "NotoSansSC-Bold.ttf"}
_lock = Lock()


def register_fonts() -> None:
    """Make both fonts known to reportlab; cheap when done before, safe from any thread.

    Raises EnvironmentFault when the program's font files are missing or damaged.
    """
    with _lock:
        known = pdfmetrics.getRegisteredFontNames()
        for name, file in _FILES.items():
            if name in known:
                continue
            path = resources_dir() / "fonts" / file
            try:
                pdfmetrics.registerFont(TTFont(name, str(path)))
            except Exception as fault:  # reportlab raises its own and OSError alike
                raise EnvironmentFault(
                    N_("The program's font {file} cannot be read. Install the program again."),
                    file=file,
                ) from fault


@lru_cache(maxsize=2)
def _glyphs(font: str) -> frozenset[int]:
    return frozenset(pdfmetrics.getFont(font).face.charToGlyph)


def printable(text: str, font: str = REGULAR) -> str:
    """``text`` with line ends and tabs as spaces and unknown characters as 〓."""
    glyphs = _glyphs(font)
    return "".join(
        " "
        if character in "\t\r\n\v\f\u2028\u2029"
        else character
        if ord(character) in glyphs
        else ""
        if not character.isprintable()
        else MISSING_GLYPH
        for character in text
    )


def text_width(text: str, font: str, size: float) -> float:
    """Width of ``text`` in points."""
    return float(pdfmetrics.stringWidth(text, font, size))
