"""Labels that show whether a printer is set right.

The calibration label has a frame 1 mm inside the edges, rulers, a measured line that proves the
dpi, stairs that show a shift of 0.1 mm, patterns that show too much or too little darkness,
and bars with X = 2, 3 and 4 dots. :func:`darkness_design` is printed once per darkness step: the
best step keeps the fine lines apart and the small bars scannable.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from PIL import Image

from desktop_app.core.i18n import tr
from desktop_app.domain.label_bitmap import Bitmap, Symbology, to_dots
from desktop_app.domain.label_design import (
    Align,
    Barcode,
    Box,
    Element,
    LabelDesign,
    LabelKind,
    Line,
    Picture,
    Rise,
    Text,
)
from desktop_app.domain.label_fields import DARKNESS
from desktop_app.domain.label_text import escaped
from desktop_app.reporting.labels.render import from_image, render, to_png

MODULES = (2, 3, 4)
"""Dots of a module in the bar-code ladder."""
LINE_AT = (Decimal(4), Decimal(8))
"""Where the left end of the measured line stands, mm from the left and the top edge."""
_TICK = Decimal("0.125")
_FRAME = Decimal(1)
_SIDE = Decimal("4.2")


def calibration_label(width_mm: Decimal, height_mm: Decimal, dpi: int) -> Bitmap:
    """The calibration label for paper of that size and a head of ``dpi``."""
    elements: list[Element] = [
        Box(_FRAME, _FRAME, width_mm - 2, height_mm - 2, _TICK),
        *_ruler(width_mm, height_mm),
        *_stairs(height_mm),
        *_measured_line(width_mm),
        Text(
            f"{width_mm:f} × {height_mm:f} mm  {dpi} dpi",
            Decimal(4),
            Decimal("8.8"),
            width_mm - 6,
            Decimal(3),
            Decimal(6),
        ),
        *_ladder(width_mm, height_mm),
    ]
    return _drawn(elements, width_mm, height_mm, dpi, patterns=Decimal("12"), across=6)


def darkness_design(width: Decimal, height: Decimal, dpi: int) -> LabelDesign:
    """The label of a darkness step: its number (the field ``darkness``) large, patterns, and
    the thinnest bars. One design for all steps.
    """
    beside, top = Decimal(14), Decimal(14)
    paper = Image.new("1", (to_dots(width, dpi), to_dots(height, dpi)), 0)
    _patterns(paper, to_dots(Decimal(3), dpi), to_dots(top, dpi), to_dots(_SIDE, dpi), 2)
    elements = (
        as_picture(from_image(paper), width, height),
        Text(
            escaped(tr("Darkness {step}", step="\0")).replace("\0", "{" + DARKNESS + "}"),
            Decimal(3),
            Decimal(2),
            width - 5,
            Decimal(8),
            Decimal(18),
            bold=True,
        ),
        Text("国圆酬醴镶囊 8B0O", Decimal(3), Decimal("10.5"), width - 5, Decimal(3), Decimal(6)),
        Barcode(
            Symbology.CODE128,
            "D{" + DARKNESS + "}",
            beside,
            top,
            width - beside - 1,
            height - top - 2,
            module_dots=MODULES[0],
            human_readable=True,
        ),
    )
    return LabelDesign(LabelKind.ITEM, "Darkness", width, height, elements)


def line_length(width: Decimal) -> Decimal:
    """How long the measured line is on paper of that width: 50 mm, less on small paper."""
    return min(Decimal(50), (width - 8) // 10 * 10)


def as_picture(bitmap: Bitmap, width: Decimal, height: Decimal) -> Picture:
    """A bitmap as the picture that fills a label, dot for dot."""
    zero = Decimal(0)
    return Picture(to_png(bitmap), zero, zero, width, height)


def _drawn(
    elements: list[Element],
    width: Decimal,
    height: Decimal,
    dpi: int,
    *,
    patterns: Decimal,
    across: int,
) -> Bitmap:
    design = LabelDesign(LabelKind.ITEM, "", width, height, tuple(elements))
    drawn = render(design, {}, dpi=dpi).bitmap
    image = Image.frombytes("1", (drawn.width, drawn.height), drawn.rows)
    _patterns(image, to_dots(Decimal(3), dpi), to_dots(patterns, dpi), to_dots(_SIDE, dpi), across)
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
    """The line whose length proves the dpi and whose left end tells the offsets."""
    length = line_length(width)
    x, y = LINE_AT
    ends = [Line(at, y - 1, at, y + 1, _TICK) for at in (x, x + length)]
    return [
        Line(x, y, x + length, y, _TICK),
        *ends,
        Text(
            f"{length:f} mm",
            x,
            y - Decimal("2.6"),
            length,
            Decimal("2.4"),
            Decimal(6),
            align=Align.CENTRE,
            rise=Rise.BOTTOM,
        ),
    ]


def _stairs(height: Decimal) -> list[Element]:
    """Ten steps at the left edge, each beginning 0.1 mm farther in.

    Steps that touch the edge of the paper tell in tenths of a mm how far left it prints.
    """
    top = height - _FRAME - 10
    return [
        Line(Decimal(n) / 10, top + n, Decimal(3), top + n, _TICK) for n in range(10) if top > 12
    ]


def _ladder(width: Decimal, height: Decimal) -> list[Element]:
    """Bars with modules of 2, 3 and 4 dots, one below the other."""
    top, left = Decimal("16.8"), Decimal(9)
    each = (height - top - Decimal("1.6")) / len(MODULES)
    found: list[Element] = []
    for row, dots in enumerate(MODULES):
        y = top + each * row
        found += [
            Text(f"X{dots}", Decimal(4), y, Decimal(5), each, Decimal(7), rise=Rise.MIDDLE),
            Barcode(
                Symbology.CODE128,
                str(dots),
                left,
                y,
                width - left - 2,
                each - Decimal("0.6"),
                module_dots=dots,
                align=Align.LEFT,
            ),
        ]
    return found


def _patterns(image: Image.Image, left: int, top: int, side: int, across: int) -> None:
    """Solid, chequered and lines of 1 and 2 dots: they run together when it is too dark."""
    rules: tuple[Callable[[int, int], bool], ...] = (
        lambda x, y: True,
        lambda x, y: (x + y) % 2 == 0,
        lambda x, y: (x // 2 + y // 2) % 2 == 0,
        lambda x, y: x % 2 == 0,
        lambda x, y: y % 2 == 0,
        lambda x, y: x % 4 < 2,
    )
    for number, rule in enumerate(rules):
        row, column = divmod(number, across)
        x0, y0 = left + column * (side + 2), top + row * (side + 2)
        for y in range(min(side, image.height - y0)):
            for x in range(min(side, image.width - x0)):
                if rule(x, y):
                    image.putpixel((x0 + x, y0 + y), 1)
