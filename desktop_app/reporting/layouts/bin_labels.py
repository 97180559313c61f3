"""Labels for bins, exits and badges: on plain A4 to cut, on label sheets, on a label printer."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from desktop_app.core.i18n import N_, tr
from desktop_app.core.registry import Registry
from desktop_app.reporting.barcodes import code128, draw_bars, draw_qr, fitting_module
from desktop_app.reporting.blocks import draw_fitted
from desktop_app.reporting.fonts import BOLD
from desktop_app.reporting.options import PrintOptions
from desktop_app.reporting.paper import MM, PAPERS
from desktop_app.reporting.sheet import new_canvas
from desktop_app.reporting.snapshots import BinLabel, BinLabelsSnapshot
from desktop_app.reporting.text import fit, fit_line


@dataclass(frozen=True)
class LabelGrid:
    """How labels stand on a sheet, in mm: ``left`` and ``top`` are the first label's corner,
    ``step_x`` and ``step_y`` lead to the next one. ``cut`` draws lines to cut along.
    """

    id: str
    title: str
    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    step_x: float
    step_y: float
    paper: str = "a4"
    cut: bool = False

    @property
    def per_sheet(self) -> int:
        """Labels on one sheet."""
        return self.columns * self.rows


GRIDS = Registry(
    (
        LabelGrid(
            "cut", N_("Plain A4 to cut, 2 × 7"), 2, 7, 93, 39.28, 12, 11, 93, 39.28, cut=True
        ),
        LabelGrid(
            "99x38", N_("Label sheet 99 × 38, 2 × 7"), 2, 7, 99.1, 38.1, 4.65, 15.15, 101.6, 38.1
        ),
        LabelGrid("70x37", N_("Label sheet 70 × 37, 3 × 8"), 3, 8, 70, 37, 0, 0.5, 70, 37),
        LabelGrid(
            "63x38", N_("Label sheet 63.5 × 38, 3 × 7"), 3, 7, 63.5, 38.1, 7.2, 15.15, 66, 38.1
        ),
        LabelGrid("60x40", N_("Label printer 60 × 40"), 1, 1, 60, 40, 0, 0, 60, 40, "label_60x40"),
    ),
    key=lambda grid: grid.id,
)
"""Sizes labels are sold in; a label printer's roll is a sheet of one."""


def render(snapshot: BinLabelsSnapshot, options: PrintOptions) -> bytes:
    """The PDF; the labels used up on the first sheet stay white. Without labels a sentence."""
    grid = GRIDS[snapshot.size]
    paper = PAPERS[grid.paper]
    canvas, buffer = new_canvas(snapshot.title or tr("Bin labels"), paper.size)
    used = min(max(snapshot.used, 0), grid.per_sheet - 1)
    cells: list[BinLabel | None] = [*([None] * used), *snapshot.labels]
    for first in range(0, len(cells) if snapshot.labels else 0, grid.per_sheet):
        for place, label in enumerate(cells[first : first + grid.per_sheet]):
            if label is not None:
                _draw(canvas, grid, paper.size[1], place, label)
        canvas.showPage()
    if not snapshot.labels:
        edge = min(20 * MM, paper.size[0] / 10)
        text = fit(tr("There is no label to print."), paper.size[0] - 2 * edge, 11)
        draw_fitted(canvas, text, edge, paper.size[1] - 1.5 * edge, paper.size[0] - 2 * edge)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw(canvas: Canvas, grid: LabelGrid, sheet: float, place: int, label: BinLabel) -> None:
    row, column = divmod(place, grid.columns)
    wide, high = grid.width * MM, grid.height * MM
    left = (grid.left + column * grid.step_x) * MM
    top = sheet - (grid.top + row * grid.step_y) * MM
    if grid.cut:
        canvas.setLineWidth(0.3)
        canvas.setDash(2, 3)
        canvas.rect(left, top - high, wide, high)
        canvas.setDash()
    pad = 3 * MM
    inner = wide - 2 * pad
    code = fit_line(label.code, inner, 24, BOLD, min_size=9)
    draw_fitted(canvas, code, left + pad, top - 2 * MM, inner, font=BOLD, align="centre")
    if label.caption:
        caption = fit_line(label.caption, inner, 9)
        under = top - 2 * MM - code.height
        draw_fitted(canvas, caption, left + pad, under, inner, align="centre")
    _draw_code(canvas, label.scan_code, left, top - high + 2.5 * MM, wide)


def _draw_code(canvas: Canvas, text: str, left: float, bottom: float, wide: float) -> None:
    """Bars when they fit the cell, else a QR code, with the text below."""
    pad = 3 * MM
    bars = code128(text)
    module = fitting_module(bars, wide - 2 * MM, dots=False)
    height = 13 * MM
    caption = fit_line(text, wide - 2 * pad, 7)
    base = bottom + caption.height
    if module is not None:
        draw_bars(canvas, bars, left + (wide - bars.width(module)) / 2, base, module, height)
    else:
        side = 20 * MM
        draw_qr(canvas, text, left + (wide - side) / 2, base - 1 * MM, side, dots=False)
    draw_fitted(canvas, caption, left + pad, base, wide - 2 * pad, align="centre")
