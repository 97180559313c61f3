"""A design drawn once, at the dots of one printer, without grey.

Every edge is rounded once from millimetres to whole dots; bars are whole dots wide; letters are
set by FreeType's monochrome rasteriser. What comes out is sent to the printer as it is, and is
the preview.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from PIL import Image

from desktop_app.domain.label_bitmap import Bitmap, PlacedSymbol, to_dots
from desktop_app.domain.label_design import Barcode, Box, LabelDesign, Line, Picture, Text, bounds
from desktop_app.domain.label_fields import completed
from desktop_app.domain.label_text import holds
from desktop_app.reporting.labels import painting
from desktop_app.reporting.labels.copy_mark import mark_copy
from desktop_app.reporting.labels.painting import Sheet
from desktop_app.reporting.labels.placing import check_quiet_zones
from desktop_app.reporting.labels.warnings import LabelWarning, WarningKind, warning


@dataclass(frozen=True)
class Rendered:
    """A label ready for the printer. ``symbols`` are all codes on it; ``native`` those of them
    that are not in the picture: give these to the ``LabelJob``.
    """

    bitmap: Bitmap
    symbols: tuple[PlacedSymbol, ...]
    warnings: tuple[LabelWarning, ...]
    native: tuple[PlacedSymbol, ...] = ()


def render(
    design: LabelDesign,
    fields: Mapping[str, str],
    *,
    dpi: int = 203,
    native: Callable[[PlacedSymbol], bool] | None = None,
    margin_mm: Decimal = Decimal(0),
) -> Rendered:
    """Draw ``design`` with ``fields`` for a head of ``dpi``.

    ``native`` tells which symbols the printer draws itself (``LabelLanguage.drawer``).
    ``margin_mm`` is what the head cannot reach. ``ean`` and ``gtin`` are worked out of
    ``barcode``; a value of ``copy`` is set on every label, also when the design has no place for
    it. Raises TemplateError for a template or condition that cannot be read.
    """
    fields = completed(fields)
    sheet = Sheet(
        to_dots(design.width_mm, dpi), to_dots(design.height_mm, dpi), dpi, fields, native
    )
    for index, element in enumerate(design.elements):
        if not holds(element.when, fields):
            continue
        _check_place(sheet, design, index, margin_mm)
        if isinstance(element, Text):
            painting.text(sheet, index, element)
        elif isinstance(element, Barcode):
            painting.barcode(sheet, index, element)
        elif isinstance(element, Line):
            painting.line(sheet, element)
        elif isinstance(element, Box):
            painting.box(sheet, element)
        elif isinstance(element, Picture):
            painting.picture(sheet, index, element)
    check_quiet_zones(sheet)
    mark_copy(sheet, design)
    return Rendered(
        from_image(sheet.image),
        tuple(placed for _, placed in sheet.symbols),
        tuple(sorted(sheet.warnings, key=lambda found: found.element)),
        tuple(sheet.left_to_printer),
    )


def to_image(bitmap: Bitmap) -> Image.Image:
    """The bitmap as a Pillow picture of mode "1", black on white as a person sees it."""
    return Image.frombytes("1", (bitmap.width, bitmap.height), bitmap.inverted())


def from_image(ink: Image.Image) -> Bitmap:
    """A Pillow picture of mode "1" in which set dots are black, as a bitmap."""
    return Bitmap(ink.width, ink.height, ink.tobytes())


def to_png(bitmap: Bitmap, scale: int = 1) -> bytes:
    """The bitmap as a PNG, each dot ``scale`` × ``scale`` pixels."""
    image = to_image(bitmap)
    if scale > 1:
        image = image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=False)
    return buffer.getvalue()


def _check_place(sheet: Sheet, design: LabelDesign, index: int, margin: Decimal) -> None:
    left, top, right, bottom = bounds(design.elements[index])
    inside = (
        left >= margin
        and top >= margin
        and right <= design.width_mm - margin
        and bottom <= design.height_mm - margin
    )
    if not inside:
        sheet.warnings.append(warning(WarningKind.OFF_LABEL, index))
