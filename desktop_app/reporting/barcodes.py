"""Bar codes as rectangles of whole modules.

At 203 dpi a module of 0.25 mm falls between two dots and does not scan (tried); so on
labels a module is a whole number of dots and begins on a dot, and elsewhere it is never
thinner than that. Patterns come from python-barcode (Code 128, EAN) and reportlab (QR).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from barcode import EAN8, EAN13, Code128
from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRCode, QRErrorCorrectLevel
from reportlab.pdfgen.canvas import Canvas

from desktop_app.domain.gs1 import check_digit_ok
from desktop_app.reporting.paper import DOT, MM

QUIET = 10
"""Modules left white on both sides of a linear code (GS1 General Specifications 5.4)."""

QR_QUIET = 4
"""Modules left white around a QR code (ISO/IEC 18004)."""

_HAIR = 0.06 * DOT
_OFFICE_MODULE = 0.33 * MM


@dataclass(frozen=True)
class Bars:
    """A linear code: ``modules`` is 1 for black; ``text`` is what a scanner returns."""

    text: str
    modules: str

    def width(self, module: float) -> float:
        """Width in points with both quiet zones."""
        return (len(self.modules) + 2 * QUIET) * module


@lru_cache(maxsize=256)
def code128(text: str) -> Bars:
    """``text`` as Code 128. Raises ValueError when it is not printable ASCII."""
    if not text or not text.isascii() or not text.isprintable():
        raise ValueError("Code 128 here holds printable ASCII only")
    return Bars(text, str(Code128(text).build()[0]))


@lru_cache(maxsize=256)
def item_bars(text: str) -> Bars:
    """EAN-13 or EAN-8 when ``text`` is one with a right check digit, else Code 128."""
    if check_digit_ok(text) and len(text) in (8, 13):
        symbol = EAN13(text) if len(text) == 13 else EAN8(text)
        return Bars(text, str(symbol.build()[0]).replace("G", "1"))
    return code128(text)


def fitting_module(bars: Bars, width: float, *, dots: bool) -> float | None:
    """The module in points for ``bars`` in ``width`` points, or None when it cannot fit.

    ``dots``: whole dots at 203 dpi, three at most, two at least.
    """
    if not dots:
        module = min(_OFFICE_MODULE, width / (len(bars.modules) + 2 * QUIET))
        return module if module >= 2 * DOT else None
    for count in (3, 2):
        if bars.width(count * DOT) <= width + 0.01:
            return count * DOT
    return None


def draw_bars(canvas: Canvas, bars: Bars, x: float, y: float, module: float, height: float) -> None:
    """Draw ``bars`` with its left quiet zone beginning at ``x``, foot at ``y`` (points)."""
    canvas.setFillGray(0)
    start = x + QUIET * module
    run = 0
    for index, bit in enumerate(bars.modules + "0"):
        if bit == "1":
            run += 1
        elif run:
            left = start + (index - run) * module
            _black(canvas, left, y, run * module, height)
            run = 0


def _black(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    """A filled rectangle, a hair inside its dots: a raster that rounds outwards (pdfium,
    printer drivers) would otherwise give it a dot too many."""
    canvas.rect(x + _HAIR, y + _HAIR, width - 2 * _HAIR, height - 2 * _HAIR, stroke=0, fill=1)


def on_dot(value: float) -> float:
    """``value`` moved down to the raster of 203 dpi."""
    return int(value / DOT + 1e-6) * DOT


@lru_cache(maxsize=64)
def qr_matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """Rows of a QR code (level M) holding ``text`` in UTF-8."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    # Plain bytes: the Kanji mode reportlab would pick for Chinese is Shift-JIS.
    code.addData(text if text.isascii() else QR8bitByte(text))
    code.make()
    size = range(code.getModuleCount())
    return tuple(tuple(bool(code.isDark(row, column)) for column in size) for row in size)


def qr_side(text: str, room: float) -> float:
    """Side in points of a QR code of whole dots within ``room``; 0 when it cannot fit."""
    count = len(qr_matrix(text)) + 2 * QR_QUIET
    module = int(room / DOT + 1e-6) // count
    return module * count * DOT if module >= 2 else 0.0


def draw_qr(canvas: Canvas, text: str, x: float, y: float, side: float, *, dots: bool) -> float:
    """Draw a QR code inside a square of ``side`` points; returns the side really used.

    The foot left corner of the square is (x, y); modules are whole dots when ``dots``.
    Raises ValueError when a module would be thinner than two dots.
    """
    matrix = qr_matrix(text)
    count = len(matrix) + 2 * QR_QUIET
    module = side / count
    if dots:
        module = int(side / DOT + 1e-6) // count * DOT
    if module < 2 * DOT - 0.001:
        raise ValueError("the QR code does not fit")
    canvas.setFillGray(0)
    for row, bits in enumerate(matrix):
        top = y + (count - QR_QUIET - row) * module
        for left, length in _runs(bits):
            _black(canvas, x + (QR_QUIET + left) * module, top - module, length * module, module)
    return module * count


def _runs(bits: tuple[bool, ...]) -> list[tuple[int, int]]:
    """(start, length) of each black run of a row."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for index, bit in enumerate((*bits, False)):
        if bit and start is None:
            start = index
        elif not bit and start is not None:
            runs.append((start, index - start))
            start = None
    return runs
