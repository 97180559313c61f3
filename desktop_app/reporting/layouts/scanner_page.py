"""The page that teaches the program a scanner: a few codes to scan in order, on A4."""

from __future__ import annotations

from functools import lru_cache

from reportlab.pdfgen.canvas import Canvas

from desktop_app.core.i18n import Message, tr
from desktop_app.domain.label_bitmap import Symbology
from desktop_app.reporting.barcodes import Bars, code128, draw_bars, draw_qr
from desktop_app.reporting.blocks import draw_fitted
from desktop_app.reporting.fonts import BOLD
from desktop_app.reporting.labels.symbols import modules
from desktop_app.reporting.options import PrintOptions
from desktop_app.reporting.paper import MM, PAPERS
from desktop_app.reporting.sheet import new_canvas
from desktop_app.reporting.snapshots import ScannerCode, ScannerPageSnapshot
from desktop_app.reporting.text import fit, fit_line

_EDGE = 20 * MM
_ROW = 52 * MM
_MODULE = 0.35 * MM
_QR_SIDE = 32 * MM


def render(snapshot: ScannerPageSnapshot, options: PrintOptions) -> bytes:
    """The PDF. Raises ValueError for a code that its symbol cannot hold."""
    paper = PAPERS["a4"]
    canvas, buffer = new_canvas(tr("Teach a scanner"), paper.size)
    wide = paper.size[0] - 2 * _EDGE
    top = paper.size[1] - _EDGE
    head = fit_line(tr("Teach a scanner"), wide, 20, BOLD)
    draw_fitted(canvas, head, _EDGE, top, wide, font=BOLD)
    advice = fit(
        tr("Open “Teach a scanner” in the program, then scan these codes from top to bottom."),
        wide,
        11,
    )
    draw_fitted(canvas, advice, _EDGE, top - head.height - 2 * MM, wide)
    first = top - head.height - advice.height - 10 * MM
    for number, code in enumerate(snapshot.codes):
        _draw(canvas, number + 1, code, first - number * _ROW, wide)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw(canvas: Canvas, number: int, code: ScannerCode, top: float, wide: float) -> None:
    title = fit_line(f"{number}  {code.title}", wide, 12, BOLD)
    draw_fitted(canvas, title, _EDGE, top, wide, font=BOLD)
    foot = top - title.height
    if code.symbol == "qr":
        draw_qr(canvas, code.text, _EDGE, foot - _QR_SIDE - 1 * MM, _QR_SIDE, dots=False)
        shown = fit_line(code.shown, wide - _QR_SIDE, 9)
        draw_fitted(canvas, shown, _EDGE + _QR_SIDE + 4 * MM, foot - 14 * MM, wide - _QR_SIDE)
        return
    bars = _gs1_bars(code.text) if code.symbol == "gs1_128" else code128(code.text)
    draw_bars(canvas, bars, _EDGE, foot - 22 * MM, _MODULE, 20 * MM)
    shown = fit_line(code.shown, wide, 9)
    draw_fitted(canvas, shown, _EDGE + 10 * _MODULE, foot - 23 * MM, wide)


@lru_cache(maxsize=16)
def _gs1_bars(printed: str) -> Bars:
    """GS1-128 from the form with brackets."""
    symbol = modules(Symbology.GS1_128, printed)
    if isinstance(symbol, Message):
        raise ValueError(str(symbol))  # noqa: TRY004 - the code is wrong, not its type
    dots = (symbol.picture.getpixel((x, 0)) for x in range(symbol.width))
    return Bars(printed, "".join("1" if dot else "0" for dot in dots))
