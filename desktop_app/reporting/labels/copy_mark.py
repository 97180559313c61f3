"""The word that tells a label printed again from the first one, whatever the design is.

A design may place ``{copy}`` itself. Where it does not, or where the word would be cut, it is
set here in a frame: where the label is white, else over words, never over a bar code or the
white around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from desktop_app.domain.label_bitmap import to_dots
from desktop_app.domain.label_design import LabelDesign, Text
from desktop_app.domain.label_text import holds, names
from desktop_app.reporting.labels import lettering
from desktop_app.reporting.labels.painting import Sheet
from desktop_app.reporting.labels.warnings import WarningKind

FIELD = "copy"
_SIZES = (Decimal(9), Decimal(7), Decimal(5))
"""Points, the first that finds white."""
_STEP = Decimal(1)
_EDGE = Decimal(1)

Place = tuple[int, int, int, int]


def mark_copy(sheet: Sheet, design: LabelDesign) -> None:
    """Set the word of the field ``copy`` unless the design has set it whole."""
    word = sheet.fields.get(FIELD, "").strip()
    if not word or _set_by_design(sheet, design):
        return
    busy = _symbols(sheet)
    choices = [(size, place) for size in _SIZES for place in _places(sheet, word, size)]
    free = [
        (size, place) for size, place in choices if not any(_meet(place, code) for code in busy)
    ]
    if not free:
        return  # nothing but bar codes on it: the code must still be read
    size, place = next(
        (
            (size, place)
            for size, place in free
            if sheet.image.crop(_around(place)).getbbox() is None
        ),
        min(free, key=lambda choice: _ink(sheet, choice[1])),
    )
    _draw(sheet, word, size, place)


def _set_by_design(sheet: Sheet, design: LabelDesign) -> bool:
    cut = {found.element for found in sheet.warnings if found.kind is WarningKind.TEXT_CUT}
    return any(
        isinstance(element, Text)
        and index not in cut
        and FIELD in names(element.text)
        and holds(element.when, sheet.fields)
        for index, element in enumerate(design.elements)
    )


def _symbols(sheet: Sheet) -> list[Place]:
    """The bar codes with the white they need."""
    found = []
    for _, placed in sheet.symbols:
        quiet = placed.symbology.quiet * placed.module
        across = quiet if placed.symbology.is_matrix or placed.turn % 180 == 0 else 0
        down = quiet if placed.symbology.is_matrix or placed.turn % 180 else 0
        right, bottom = placed.x + placed.width, placed.y + placed.height
        found.append((placed.x - across, placed.y - down, right + across, bottom + down))
    return found


def _places(sheet: Sheet, word: str, size: Decimal) -> Iterator[Place]:
    """Where the frame could stand, the lower right corner first."""
    px = sheet.points(size)
    pad = max(2, px // 5)
    wide = lettering.measure(word, px, bold=True) + 2 * pad
    high = lettering.pitch(px) + pad
    edge, step = to_dots(_EDGE, sheet.dpi), to_dots(_STEP, sheet.dpi)
    for top in range(sheet.height - edge - high, edge - 1, -step):
        for left in range(sheet.width - edge - wide, edge - 1, -step):
            yield (left, top, left + wide, top + high)


def _meet(one: Place, other: Place) -> bool:
    """Whether two rectangles share a dot."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _around(place: Place) -> Place:
    """With a little white, so that the frame does not stick to words."""
    left, top, right, bottom = place
    gap = max(2, (bottom - top) // 8)
    return (left - gap, top - gap, right + gap, bottom + gap)


def _ink(sheet: Sheet, place: Place) -> int:
    return sheet.image.crop(place).histogram()[-1]


def _draw(sheet: Sheet, word: str, size: Decimal, place: Place) -> None:
    left, top, right, bottom = place
    px = sheet.points(size)
    pad = max(2, px // 5)
    sheet.draw.rectangle((left, top, right - 1, bottom - 1), fill=0, outline=1)
    lettering.draw_line(sheet.draw, word, left + pad, top + pad // 2, px, bold=True)
