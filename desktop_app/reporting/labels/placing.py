"""Where symbols stand: whole-dot modules, quiet zones, turns. Integers only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from desktop_app.domain.label_bitmap import PlacedSymbol, Symbology, dots_per_mm, to_dots, to_mm
from desktop_app.domain.label_design import Align, Barcode
from desktop_app.reporting.labels.symbols import Modules
from desktop_app.reporting.labels.warnings import WarningKind

if TYPE_CHECKING:
    from desktop_app.reporting.labels.painting import Sheet

_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
_LEAST_BAR = 2
_QUIET_SIDES_ONLY = frozenset({Symbology.CODE128, Symbology.EAN13, Symbology.GS1_128})


def least_module(dpi: int) -> int:
    """The fewest dots that are at least two and at least 0.25 mm (203 dpi: 2, 300 dpi: 3)."""
    dots = dots_per_mm(dpi)
    return max(2, -(-dots.numerator // (4 * dots.denominator)))


def most_module(dpi: int) -> int:
    """The widest bar taken without being asked: 0.5 mm."""
    return max(least_module(dpi), int(dots_per_mm(dpi) / 2))


def module(element: Barcode, made: Modules, width: int, height: int, dpi: int) -> int:
    """Dots of a module for a place of ``width`` × ``height`` dots; 0 when nothing fits.

    A place too narrow for the quiet zones still gets the symbol (and a warning): white may
    stand around the place.
    """
    sides = 2 * element.symbology.quiet
    matrix = element.symbology.is_matrix
    bare = min(width // made.width, height // made.height) if matrix else width // made.width
    if element.module_dots or element.module_mm:
        wished = element.module_dots or max(1, to_dots(element.module_mm, dpi))
        return wished if wished <= bare else 0
    whole = width // (made.width + sides)
    if matrix:
        whole = min(whole, height // (made.height + sides))
    least = least_module(dpi)
    if whole >= least:
        return whole if matrix else min(whole, most_module(dpi))
    narrow = min(bare, least)
    # One dot is no bar: ink spreads further than that.
    return narrow if narrow >= _LEAST_BAR else 0


def symbol_left(element: Barcode, room: int, wide: int, dots: int) -> int:
    """The first black dot of a symbol within its place, quiet zone kept where there is room."""
    quiet = element.symbology.quiet * dots
    free = room - wide - 2 * quiet
    if free < 0:
        return max(0, (room - wide) // 2)
    return quiet + aligned(element.align, free)


def aligned(align: Align, free: int) -> int:
    """Dots to leave at the left of ``free`` dots."""
    if align is Align.LEFT or free <= 0:
        return 0 if align is Align.LEFT else min(0, free) // 2
    return free if align is Align.RIGHT else free // 2


def turned(part: Image.Image, turn: int) -> Image.Image:
    """``part`` turned clockwise."""
    return part.transpose(_TURNS[turn]) if turn else part


def corner(
    turn: int, at: tuple[int, int], room: tuple[int, int], part: tuple[int, int, int, int]
) -> tuple[int, int]:
    """Top left corner on the label of ``part`` (x, y, w, h in its unturned room)."""
    x, y, w, h = part
    across, down = room
    left, top = {
        0: (x, y),
        90: (down - y - h, x),
        180: (across - x - w, down - y - h),
        270: (y, across - x - w),
    }[turn]
    return at[0] + left, at[1] + top


def check_quiet_zones(sheet: Sheet) -> None:
    """Warn of each symbol without enough white around it, measured on the finished picture."""
    for index, placed in sheet.symbols:
        quiet = placed.symbology.quiet * placed.module
        if all(_is_white(sheet, zone) for zone in _zones(placed, quiet)):
            continue
        wanted, room = _along(sheet, placed, quiet)
        if placed.symbology in _QUIET_SIDES_ONLY and wanted > room:
            sheet.warn(
                WarningKind.LABEL_TOO_NARROW, index, text=placed.data, wanted=wanted, room=room
            )
            continue
        sheet.warn(
            WarningKind.QUIET_ZONE, index, text=placed.data, mm=to_mm(quiet, sheet.dpi).normalize()
        )


def _along(sheet: Sheet, placed: PlacedSymbol, quiet: int) -> tuple[int, int]:
    """Dots a symbol needs along its bars' row, white included, and what the label has."""
    if placed.turn % 180 == 0:
        return placed.width + 2 * quiet, sheet.width
    return placed.height + 2 * quiet, sheet.height


def _zones(placed: PlacedSymbol, quiet: int) -> list[tuple[int, int, int, int]]:
    """Rectangles (left, top, right, bottom) that must be white."""
    left, top = placed.x, placed.y
    right, bottom = left + placed.width, top + placed.height
    beside = [(left - quiet, top, left, bottom), (right, top, right + quiet, bottom)]
    above = [(left, top - quiet, right, top), (left, bottom, right, bottom + quiet)]
    if placed.symbology not in _QUIET_SIDES_ONLY:
        return beside + above
    if placed.symbology is Symbology.EAN13:
        # The right quiet zone of an EAN-13 is 7 modules, the left 11.
        short = 7 * placed.module
        beside[1] = (right, top, right + short, bottom)
    return beside if placed.turn % 180 == 0 else above


def _is_white(sheet: Sheet, zone: tuple[int, int, int, int]) -> bool:
    left, top, right, bottom = zone
    if left < 0 or top < 0 or right > sheet.width or bottom > sheet.height:
        return False
    return sheet.image.crop(zone).getbbox() is None
