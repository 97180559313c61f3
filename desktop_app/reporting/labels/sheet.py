"""The same designs many-up on A4 label sheets, as PDF.

Each label is the exact picture :func:`render` draws at 600 dpi, one dot to 1/600 inch: never a
drawing that somebody's driver rasterises anew (reference: 0.25 mm modules are lost that way).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_
from desktop_app.core.registry import Registry
from desktop_app.domain.label_bitmap import Bitmap
from desktop_app.domain.label_design import LabelDesign
from desktop_app.reporting.labels.render import render, to_image
from desktop_app.reporting.labels.warnings import LabelWarning

SHEET_DPI = 600
PAGE_WIDTH, PAGE_HEIGHT = Decimal(210), Decimal(297)
_POINT = Decimal(72) / Decimal("25.4")
_DOT = 72 / SHEET_DPI


@dataclass(frozen=True)
class SheetGrid:
    """An A4 sheet of labels in mm; ``left`` and ``top`` are the margins to the first label."""

    id: str
    title: str
    columns: int
    rows: int
    width: Decimal
    height: Decimal
    left: Decimal
    top: Decimal
    gap_x: Decimal = Decimal(0)
    gap_y: Decimal = Decimal(0)

    @property
    def per_page(self) -> int:
        """Labels on one sheet."""
        return self.columns * self.rows


@dataclass(frozen=True)
class LabelSheets:
    """The printed sheets. ``warnings`` are (number of the label from 1, warning)."""

    pdf: bytes
    pages: int
    warnings: tuple[tuple[int, LabelWarning], ...]


def _grid(name: str, title: str, across: int, down: int, *sizes: str) -> SheetGrid:
    return SheetGrid(name, title, across, down, *(Decimal(size) for size in sizes))


GRIDS: Registry[SheetGrid] = Registry(
    (
        _grid("65", N_("65 labels, 38.1 × 21.2 mm"), 5, 13, "38.1", "21.2", "4.75", "10.7", "2.5"),
        _grid("40", N_("40 labels, 48.5 × 25.4 mm"), 4, 10, "48.5", "25.4", "8", "21.5"),
        _grid("24", N_("24 labels, 70 × 37 mm"), 3, 8, "70", "37", "0", "0.5"),
        _grid("24b", N_("24 labels, 64 × 34 mm"), 3, 8, "64", "33.9", "7.2", "12.9", "2.5"),
        _grid("21", N_("21 labels, 63.5 × 38.1 mm"), 3, 7, "63.5", "38.1", "7.2", "15.1", "2.5"),
        _grid("16", N_("16 labels, 105 × 37 mm"), 2, 8, "105", "37", "0", "0.5"),
        _grid("14", N_("14 labels, 99.1 × 38.1 mm"), 2, 7, "99.1", "38.1", "4.7", "15.1", "2.5"),
        _grid("10", N_("10 labels, 105 × 57 mm"), 2, 5, "105", "57", "0", "6"),
        _grid("8", N_("8 labels, 99.1 × 67.7 mm"), 2, 4, "99.1", "67.7", "4.7", "13.1", "2.5"),
        _grid("4", N_("4 labels, 105 × 148 mm"), 2, 2, "105", "148", "0", "0.5"),
    ),
    key=lambda grid: grid.id,
)
"""Sheets sold under many names; another one is a ``SheetGrid`` of its own or :func:`cut_grid`."""


def cut_grid(design: LabelDesign, *, margin: Decimal = Decimal(8)) -> SheetGrid:
    """As many of ``design`` as go on a plain A4 sheet, to be cut apart.

    Raises UserError when not even one does.
    """
    across = int((PAGE_WIDTH - 2 * margin) // design.width_mm)
    down = int((PAGE_HEIGHT - 2 * margin) // design.height_mm)
    if across < 1 or down < 1:
        raise UserError(N_("The label is larger than a sheet of A4."))
    left = (PAGE_WIDTH - across * design.width_mm) / 2
    return SheetGrid("cut", "", across, down, design.width_mm, design.height_mm, left, margin)


def sheets(
    design: LabelDesign,
    labels: Sequence[Mapping[str, str]],
    grid: SheetGrid,
    *,
    start: int = 1,
    offset_x_mm: Decimal = Decimal(0),
    offset_y_mm: Decimal = Decimal(0),
    outlines: bool = False,
) -> LabelSheets:
    """``labels`` (the fields of each) from place ``start`` of the first sheet on, row by row.

    ``outlines`` draws fine lines to cut along. Raises UserError when the design is larger than
    the sheet's labels, when there is nothing to print, or ``start`` is not on the sheet.
    """
    _check(design, labels, grid, start)
    buffer = BytesIO()
    size = (float(PAGE_WIDTH * _POINT), float(PAGE_HEIGHT * _POINT))
    canvas = Canvas(buffer, pagesize=size, pageCompression=1)
    warnings: list[tuple[int, LabelWarning]] = []
    place = start - 1
    for number, fields in enumerate(labels, 1):
        drawn = render(design, fields, dpi=SHEET_DPI)
        warnings += [(number, found) for found in drawn.warnings]
        if place == grid.per_page:
            canvas.showPage()
            place = 0
        left, top = _corner(grid, place)
        _draw(canvas, drawn.bitmap, left + offset_x_mm, top + offset_y_mm, outlines=outlines)
        place += 1
    canvas.showPage()
    canvas.save()
    pages = -(-(start - 1 + len(labels)) // grid.per_page)
    return LabelSheets(buffer.getvalue(), pages, tuple(warnings))


def _check(
    design: LabelDesign, labels: Sequence[Mapping[str, str]], grid: SheetGrid, start: int
) -> None:
    if not labels:
        raise UserError(N_("There is no label to print."))
    if not 1 <= start <= grid.per_page:
        raise UserError(
            N_("The sheet has places 1 to {most}; {start} is none of them."),
            most=grid.per_page,
            start=start,
        )
    if design.width_mm > grid.width or design.height_mm > grid.height:
        raise UserError(
            N_("The design is {wide} × {high} mm, the labels of this sheet are {w} × {h} mm."),
            wide=design.width_mm,
            high=design.height_mm,
            w=grid.width,
            h=grid.height,
        )


def _corner(grid: SheetGrid, place: int) -> tuple[Decimal, Decimal]:
    row, column = divmod(place, grid.columns)
    return (
        grid.left + column * (grid.width + grid.gap_x),
        grid.top + row * (grid.height + grid.gap_y),
    )


def _draw(canvas: Canvas, bitmap: Bitmap, left: Decimal, top: Decimal, *, outlines: bool) -> None:
    wide, high = bitmap.width * _DOT, bitmap.height * _DOT
    x, y = float(left * _POINT), float((PAGE_HEIGHT - top) * _POINT) - high
    # reportlab keeps equal pictures once; grey is what it compresses without making it colour.
    grey: Image.Image = to_image(bitmap).convert("L")
    canvas.drawImage(ImageReader(grey), x, y, wide, high)
    if outlines:
        canvas.setLineWidth(0.25)
        canvas.setDash(2, 3)
        canvas.rect(x, y, wide, high)
        canvas.setDash()
