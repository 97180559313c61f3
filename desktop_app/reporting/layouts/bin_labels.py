"""Labels for bins, exits and badges on A4, two by seven, with lines to cut along."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from desktop_app.core.i18n import tr
from desktop_app.reporting.barcodes import code128, draw_bars, draw_qr, fitting_module
from desktop_app.reporting.blocks import draw_fitted
from desktop_app.reporting.fonts import BOLD
from desktop_app.reporting.options import PrintOptions
from desktop_app.reporting.paper import MM, PAPERS, Paper
from desktop_app.reporting.sheet import new_canvas
from desktop_app.reporting.snapshots import BinLabel, BinLabelsSnapshot
from desktop_app.reporting.text import fit, fit_line

COLUMNS, ROWS = 2, 7
_PAD = 3 * MM


def render(snapshot: BinLabelsSnapshot, options: PrintOptions) -> bytes:
    """The PDF: fourteen labels to a sheet; a sentence when there is none."""
    paper = PAPERS[options.paper or "a4"]
    canvas, buffer = new_canvas(snapshot.title or tr("Bin labels"), paper.size)
    per_page = COLUMNS * ROWS
    for first in range(0, len(snapshot.labels), per_page):
        canvas.translate(options.offset_x * MM, -options.offset_y * MM)
        for place, label in enumerate(snapshot.labels[first : first + per_page]):
            _draw(canvas, paper, place, label)
        canvas.showPage()
    if not snapshot.labels:
        text = fit(tr("There is no label to print."), paper.size[0] - 40 * MM, 11)
        draw_fitted(canvas, text, 20 * MM, paper.size[1] - 30 * MM, paper.size[0] - 40 * MM)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw(canvas: Canvas, paper: Paper, place: int, label: BinLabel) -> None:
    wide = (paper.width - 2 * paper.side) * MM / COLUMNS
    high = (paper.height - 2 * paper.edge) * MM / ROWS
    row, column = divmod(place, COLUMNS)
    left = paper.side * MM + column * wide
    top = (paper.height - paper.edge) * MM - row * high
    canvas.setLineWidth(0.3)
    canvas.setDash(2, 3)
    canvas.rect(left, top - high, wide, high)
    canvas.setDash()
    inner = wide - 2 * _PAD
    code = fit_line(label.code, inner, 24, BOLD, min_size=9)
    draw_fitted(canvas, code, left + _PAD, top - 2 * MM, inner, font=BOLD, align="centre")
    y = top - 2 * MM - code.height
    if label.caption:
        caption = fit_line(label.caption, inner, 9)
        draw_fitted(canvas, caption, left + _PAD, y, inner, align="centre")
    _draw_code(canvas, label.scan_code, left, top - high + 2.5 * MM, wide)


def _draw_code(canvas: Canvas, text: str, left: float, bottom: float, wide: float) -> None:
    """Bars when they fit the cell, else a QR code, with the text below."""
    bars = code128(text)
    module = fitting_module(bars, wide - 2 * MM, dots=False)
    height = 13 * MM
    caption = fit_line(text, wide - 2 * _PAD, 7)
    base = bottom + caption.height
    if module is not None:
        draw_bars(canvas, bars, left + (wide - bars.width(module)) / 2, base, module, height)
    else:
        side = 20 * MM
        draw_qr(canvas, text, left + (wide - side) / 2, base - 1 * MM, side, dots=False)
    draw_fitted(canvas, caption, left + _PAD, base, wide - 2 * _PAD, align="centre")
