"""Labels that show whether a printer is set right.

The calibration label has a frame 1 mm inside the edges, rulers, a measured line that proves the
dpi, a vernier that shows a shift of 0.1 mm, patterns that show too much or too little darkness,
and bars with X = 2, 3 and 4 dots. :func:`darkness_label` is printed once per darkness step: the
best step keeps the fine lines apart and the small bars scannable.
"""

from __future__ import annotations

from decimal import Decimal

from PIL import Image

from desktop_app.core.i18n import N_, tr
from desktop_app.domain.label_bitmap import Bitmap, Symbology, to_dots
from desktop_app.domain.label_design import (
    Align,
    Barcode,
    Box,
    Element,
    LabelDesign,
    LabelKind,
    Line,
    Rise,
    Text,
)
from desktop_app.domain.label_text import escaped
from desktop_app.reporting.labels.render import from_image, render

MODULES = (2, 3, 4)
"""Dots of a module in the bar-code ladder."""
_TICK = Decimal("0.125")
_FRAME = Decimal(1)


def calibration_label(width_mm: Decimal, height_mm: Decimal, dpi: int) -> Bitmap:
    """The calibration label for paper of that size and a head of ``dpi``."""
    elements: list[Element] = [
        Box(_FRAME, _FRAME, width_mm - 2, height_mm - 2, _TICK),
        *_ruler(width_mm, height_mm),
        *_measured_line(width_mm),
        *_vernier(width_mm),
        *_ladder(width_mm, height_mm),
        Text(
            f"{width_mm:f} × {height_mm:f} mm  {dpi} dpi",
            Decimal(4),
            height_mm - Decimal("4.6"),
            width_mm - 8,
            Decimal(3),
            Decimal(6),
        ),
    ]
    design = LabelDesign(LabelKind.ITEM, "", width_mm, height_mm, tuple(elements))
    drawn = render(design, {}, dpi=dpi)
    image = Image.frombytes("1", (drawn.bitmap.width, drawn.bitmap.height), drawn.bitmap.rows)
    _patterns(image, to_dots(Decimal(4), dpi), to_dots(Decimal(13), dpi), dpi)
    return from_image(image)


def darkness_label(darkness: int, width_mm: Decimal, height_mm: Decimal, dpi: int) -> Bitmap:
    """The label of one darkness step: its number large, patterns, and the thinnest bars."""
    third = width_mm / 3
    elements: tuple[Element, ...] = (
        Text(
            escaped(tr(N_("Darkness {step}"), step=darkness)),
            Decimal(2), Decimal(2), width_mm - 4, Decimal(8), Decimal(18), bold=True,
        ),
        Text("国圆酬醴镶囊 8B0O", Decimal(2), Decimal("10.5"), third * 2, Decimal(3), Decimal(6)),
        Barcode(
            Symbology.CODE128, f"D{darkness}", Decimal(1), height_mm - 10, width_mm - 2,
            Decimal(9), module_dots=MODULES[0], human_readable=True,
        ),
    )
    design = LabelDesign(LabelKind.ITEM, "", width_mm, height_mm, elements)
    drawn = render(design, {}, dpi=dpi)
    image = Image.frombytes("1", (drawn.bitmap.width, drawn.bitmap.height), drawn.bitmap.rows)
    _patterns(image, to_dots(Decimal(2), dpi), to_dots(Decimal(14), dpi), dpi)
    return from_image(image)


def _ruler(width: Decimal, height: Decimal) -> list[Element]:
    """Ticks each mm from the paper's own edges: where the frame ends tells the offset."""
    found: list[Element] = []
    for mm in range(2, int(width) - 1):
        long = Decimal(2) if mm % 10 == 0 else Decimal("1.4") if mm % 5 == 0 else Decimal("0.8")
        found.append(Line(Decimal(mm), _FRAME, Decimal(mm), _FRAME + long, _TICK))
        if mm % 10 == 0:
            found.append(_number(mm, Decimal(mm) - 2, _FRAME + 2))
    for mm in range(2, int(height) - 1):
        long = Decimal(2) if mm % 10 == 0 else Decimal("1.4") if mm % 5 == 0 else Decimal("0.8")
        found.append(Line(_FRAME, Decimal(mm), _FRAME + long, Decimal(mm), _TICK))
    return found


def _number(mm: int, x: Decimal, y: Decimal) -> Text:
    return Text(str(mm), x, y, Decimal(4), Decimal("2.2"), Decimal(5), align=Align.CENTRE)


def _measured_line(width: Decimal) -> list[Element]:
    """A line of 50 mm (less on small paper): measured shorter or longer, the dpi is wrong."""
    length = min(Decimal(50), (width - 8) // 10 * 10)
    x, y = Decimal(4), Decimal(8)
    ends = [Line(at, y - 1, at, y + 1, _TICK) for at in (x, x + length)]
    return [
        Line(x, y, x + length, y, _TICK),
        *ends,
        Text(
            f"{length:f} mm", x, y - Decimal("2.6"), length, Decimal("2.4"), Decimal(6),
            align=Align.CENTRE, rise=Rise.BOTTOM,
        ),
    ]


def _vernier(width: Decimal) -> list[Element]:
    """Ten ticks 1.0 mm apart above ten 0.9 mm apart: where two meet tells tenths of a mm."""
    y = Decimal("10.6")
    x = Decimal(4)
    found: list[Element] = []
    for n in range(11):
        found.append(Line(x + n, y - Decimal("0.9"), x + n, y, _TICK))
        lower = x + n * Decimal("0.9")
        found.append(Line(lower, y, lower, y + Decimal("0.9"), _TICK))
    found.append(
        Text("0.1 mm", x + 12, y - 1, min(Decimal(12), width - x - 14), Decimal("2.2"), Decimal(5))
    )
    return found


def _ladder(width: Decimal, height: Decimal) -> list[Element]:
    """Bars with modules of 2, 3 and 4 dots, beside the patterns; those that fit."""
    x, top = Decimal(17), Decimal(13)
    room = height - top - 5
    each = room / len(MODULES)
    return [
        Barcode(
            Symbology.CODE128, f"X{dots}", x, top + each * row, width - x - 2,
            each - Decimal("0.4"), module_dots=dots, human_readable=True,
            text_size=Decimal(5), align=Align.LEFT,
        )
        for row, dots in enumerate(MODULES)
    ]


def _patterns(image: Image.Image, left: int, top: int, dpi: int) -> None:
    """Solid, chequered and lines of 1, 2 and 3 dots: they run together when it is too dark."""
    side = to_dots(Decimal(5), dpi)
    free = (image.height - top) // (side + 2)
    rules = (
        lambda x, y: True,
        lambda x, y: (x + y) % 2 == 0,
        lambda x, y: (x // 2 + y // 2) % 2 == 0,
        lambda x, y: x % 2 == 0,
        lambda x, y: y % 2 == 0,
        lambda x, y: x % 4 < 2,
    )
    for number, rule in enumerate(rules):
        row, column = divmod(number, 2)
        if row >= free:
            return
        x0, y0 = left + column * (side + 2), top + row * (side + 2)
        for y in range(min(side, image.height - y0)):
            for x in range(side):
                if rule(x, y):
                    image.putpixel((x0 + x, y0 + y), 1)
