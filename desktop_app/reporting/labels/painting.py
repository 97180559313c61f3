"""How each element of a design becomes black dots."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from PIL import Image, ImageDraw, UnidentifiedImageError

from desktop_app.core.i18n import Message
from desktop_app.domain.label_bitmap import PlacedSymbol, to_dots, to_mm
from desktop_app.domain.label_design import Barcode, Box, Line, Picture, Rise, Text
from desktop_app.domain.label_text import fill, names
from desktop_app.reporting.labels import lettering, placing
from desktop_app.reporting.labels.symbols import NOT_GS1, Modules, modules
from desktop_app.reporting.labels.warnings import LabelWarning, WarningKind, warning

_LARGEST_PICTURE = 40_000_000
"""Pixels; a file that claims more is refused before it is unpacked."""


@dataclass
class Sheet:
    """A label while it is drawn. In ``image`` a set dot is black."""

    width: int
    height: int
    dpi: int
    fields: Mapping[str, str]
    native: Callable[[PlacedSymbol], bool] | None
    image: Image.Image = field(init=False)
    draw: ImageDraw.ImageDraw = field(init=False)
    symbols: list[tuple[int, PlacedSymbol]] = field(default_factory=list)
    left_to_printer: list[PlacedSymbol] = field(default_factory=list)
    warnings: list[LabelWarning] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.image = Image.new("1", (self.width, self.height), 0)
        self.draw = painter(self.image)

    def place(self, x: Decimal, y: Decimal, w: Decimal, h: Decimal) -> tuple[int, int, int, int]:
        """Left, top, width and height in dots; both edges are rounded, so neighbours meet."""
        left, top = to_dots(x, self.dpi), to_dots(y, self.dpi)
        return left, top, to_dots(x + w, self.dpi) - left, to_dots(y + h, self.dpi) - top

    def points(self, size: Decimal) -> int:
        """Type size in dots, nearest."""
        return to_dots(size * Decimal("25.4") / 72, self.dpi)

    def thickness(self, mm: Decimal) -> int:
        """A line's thickness in dots, at least one."""
        return max(1, to_dots(mm, self.dpi))

    def warn(self, kind: WarningKind, element: int, **values: object) -> None:
        """Keep a warning."""
        self.warnings.append(warning(kind, element, **values))


def painter(image: Image.Image) -> ImageDraw.ImageDraw:
    """A brush that knows no grey."""
    draw = ImageDraw.Draw(image)
    draw.fontmode = "1"
    return draw


def text(sheet: Sheet, index: int, element: Text) -> None:
    """Draw words; what does not fit is cut and warned of."""
    words = fill(element.text, sheet.fields).strip()
    if not words:
        return
    left, top, width, height = sheet.place(element.x, element.y, element.w, element.h)
    if width < 1 or height < 1:
        return
    across, down = (width, height) if element.turn % 180 == 0 else (height, width)
    px = sheet.points(element.size)
    lines = lettering.fitted(
        words,
        across,
        down,
        px,
        sheet.points(element.min_size) if element.shrink else px,
        bold=element.bold,
        wrap=element.wrap,
    )
    if lines.cut:
        sheet.warn(WarningKind.TEXT_CUT, index, text=words)
    if lines.missing:
        sheet.warn(WarningKind.MISSING_GLYPH, index, signs=lines.missing)
    ink = 0 if element.white else 1
    if element.turn == 0:
        _set(sheet.draw, lines, (left, top, across, down), element, ink)
        return
    part = Image.new("1", (across, down), 0)
    _set(painter(part), lines, (0, 0, across, down), element, 1)
    turned = placing.turned(part, element.turn)
    sheet.image.paste(ink, (left, top), turned)


def _set(
    draw: ImageDraw.ImageDraw,
    lines: lettering.Lines,
    place: tuple[int, int, int, int],
    element: Text,
    ink: int,
) -> None:
    left, top, width, height = place
    free = height - lines.height
    top += {Rise.TOP: 0, Rise.MIDDLE: free // 2, Rise.BOTTOM: free}[element.rise]
    for line in lines.lines:
        wide = lettering.measure(line, lines.px, lines.bold)
        x = left + placing.aligned(element.align, width - wide)
        lettering.draw_line(draw, line, x, top, lines.px, bold=lines.bold, ink=ink)
        top += lettering.pitch(lines.px)


def barcode(sheet: Sheet, index: int, element: Barcode) -> None:
    """Draw a symbol in whole dots, or warn why it cannot be."""
    data = fill(element.data, sheet.fields).strip()
    if not data:
        return
    made = _made(sheet, element, data)
    if isinstance(made, Message):
        sheet.warn(WarningKind.CODE_WRONG, index, text=data, why=made)
        return
    left, top, width, height = sheet.place(element.x, element.y, element.w, element.h)
    across, down = (width, height) if element.turn % 180 == 0 else (height, width)
    label_px = sheet.points(element.text_size) if element.human_readable else 0
    foot = lettering.pitch(label_px) if label_px else 0
    module = placing.module(element, made, across, down - foot, sheet.dpi)
    if module < 1 or down - foot < 1:
        wanted = (made.width + 2 * element.symbology.quiet) * placing.least_module(sheet.dpi)
        sheet.warn(WarningKind.SYMBOL_TOO_WIDE, index, text=data, wanted=wanted, room=across)
        return
    _check_module(sheet, index, data, module)
    wide = made.width * module
    high = made.height * module if element.symbology.is_matrix else down - foot
    x = placing.symbol_left(element, across, wide, module)
    y = (down - foot - high) // 2
    part = _symbol_part(made, wide, high)
    placed = PlacedSymbol(
        element.symbology,
        made.data,
        *placing.corner(element.turn, (left, top), (across, down), (x, y, wide, high)),
        module,
        *((wide, high) if element.turn % 180 == 0 else (high, wide)),
        element.turn,
    )
    sheet.symbols.append((index, placed))
    if sheet.native and sheet.native(placed):
        sheet.left_to_printer.append(placed)
    else:
        _stamp(sheet, placing.turned(part, element.turn), (placed.x, placed.y))
    if label_px:
        middle = (x + x + wide) // 2
        at = (left, top, across, down)
        _below(sheet, index, element, made.text, at, (middle, y + high), label_px)


def _made(sheet: Sheet, element: Barcode, data: str) -> Modules | Message:
    if element.symbology.is_gs1:
        # A bracket inside a value would be read as another identifier.
        values = (sheet.fields.get(name, "") for name in names(element.data))
        if any("(" in value or ")" in value for value in values):
            return Message(NOT_GS1)
    return modules(element.symbology, data)


def _check_module(sheet: Sheet, index: int, data: str, module: int) -> None:
    if module >= placing.least_module(sheet.dpi):
        return
    mm = to_mm(module, sheet.dpi).normalize()
    sheet.warn(WarningKind.MODULE_THIN, index, text=data, dots=module, mm=mm)


def _symbol_part(made: Modules, width: int, height: int) -> Image.Image:
    return made.picture.resize((width, height), Image.Resampling.NEAREST)


def _stamp(sheet: Sheet, part: Image.Image, at: tuple[int, int]) -> None:
    sheet.image.paste(1, at, part)


def _below(
    sheet: Sheet,
    index: int,
    element: Barcode,
    words: str,
    place: tuple[int, int, int, int],
    foot: tuple[int, int],
    px: int,
) -> None:
    """The readable text below a symbol; ``foot`` is the middle of its lower edge."""
    left, top, across, down = place
    middle, y = foot
    lines = lettering.fitted(words, across, lettering.pitch(px), px, 8, bold=False, wrap=False)
    if lines.cut:
        sheet.warn(WarningKind.TEXT_CUT, index, text=words)
    wide = lettering.measure(lines.lines[0], lines.px, bold=False)
    x = max(0, min(middle - wide // 2, across - wide))
    if element.turn == 0:
        lettering.draw_line(sheet.draw, lines.lines[0], left + x, top + y, lines.px, bold=False)
        return
    part = Image.new("1", (across, down), 0)
    lettering.draw_line(painter(part), lines.lines[0], x, y, lines.px, bold=False)
    _stamp(sheet, placing.turned(part, element.turn), (left, top))


def line(sheet: Sheet, element: Line) -> None:
    """A line, upright and level ones as exact rectangles in the middle of their thickness."""
    thick = sheet.thickness(element.width)
    x, y = to_dots(element.x, sheet.dpi), to_dots(element.y, sheet.dpi)
    x2, y2 = to_dots(element.x2, sheet.dpi), to_dots(element.y2, sheet.dpi)
    half = thick // 2
    if y == y2:
        _fill(sheet, min(x, x2), y - half, abs(x2 - x), thick)
    elif x == x2:
        _fill(sheet, x - half, min(y, y2), thick, abs(y2 - y))
    else:
        sheet.draw.line((x, y, x2, y2), fill=1, width=thick)


def box(sheet: Sheet, element: Box) -> None:
    """A frame whose border lies inside its place, or a filled box."""
    left, top, width, height = sheet.place(element.x, element.y, element.w, element.h)
    thick = sheet.thickness(element.width)
    if element.filled or 2 * thick >= min(width, height):
        _fill(sheet, left, top, width, height)
        return
    _fill(sheet, left, top, width, thick)
    _fill(sheet, left, top + height - thick, width, thick)
    _fill(sheet, left, top, thick, height)
    _fill(sheet, left + width - thick, top, thick, height)


def _fill(sheet: Sheet, left: int, top: int, width: int, height: int) -> None:
    if width > 0 and height > 0:
        sheet.draw.rectangle((left, top, left + width - 1, top + height - 1), fill=1)


def picture(sheet: Sheet, index: int, element: Picture) -> None:
    """A logo or photo, scaled to fit, in the middle of its place."""
    left, top, width, height = sheet.place(element.x, element.y, element.w, element.h)
    if width < 1 or height < 1:
        return
    part = _picture_part(element.content, width, height, element.dither)
    if part is None:
        sheet.warn(WarningKind.PICTURE_WRONG, index)
        return
    _stamp(sheet, part, (left + (width - part.width) // 2, top + (height - part.height) // 2))


@lru_cache(maxsize=32)
def _picture_part(content: bytes, width: int, height: int, dither: bool) -> Image.Image | None:
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > _LARGEST_PICTURE:
                return None
            colours = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    paper = Image.new("RGBA", colours.size, "white")
    paper.alpha_composite(colours)
    grey = paper.convert("L")
    wide = min(width, max(1, grey.width * height // grey.height))
    high = min(height, max(1, grey.height * wide // grey.width))
    grey = grey.resize((wide, high), Image.Resampling.LANCZOS)
    if dither:
        light = grey.convert("1", dither=Image.Dither.FLOYDSTEINBERG)
        return light.point(lambda value: 255 - value)
    return grey.point(_DARK).convert("1", dither=Image.Dither.NONE)


_DARK = [255 if n < 128 else 0 for n in range(256)]
