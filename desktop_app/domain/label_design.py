"""A label as a person designed it: a page in millimetres with text, codes, lines and pictures.

Nothing here knows printers or pixels: ``reporting.labels.render`` draws a design at the dots of
one printer. Designs are values; the designer screen makes a changed copy with
``dataclasses.replace``. JSON is read and written by ``label_json``, fields are declared in
``label_fields``, templates and conditions are explained in ``label_text``.

All places and sizes are ``Decimal`` millimetres from the top left corner of the label, type
sizes are points (1 pt = 1/72 in), turns are degrees clockwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from desktop_app.core.i18n import N_
from desktop_app.domain.label_bitmap import Symbology

MIN_SIDE, MAX_SIDE = Decimal(10), Decimal(300)
"""Sides of a label in mm."""
MOST_ELEMENTS = 200
MOST_PICTURE_BYTES = 2_000_000
TURNS = (0, 90, 180, 270)


class LabelKind(StrEnum):
    """What a label is stuck on."""

    ITEM = "item"
    BIN = "bin"
    BOX = "box"
    LOT = "lot"
    SHIPPING = "shipping"
    PERSON = "person"


KIND_TITLES = {
    LabelKind.ITEM: N_("Item label"),
    LabelKind.BIN: N_("Bin label"),
    LabelKind.BOX: N_("Box label"),
    LabelKind.LOT: N_("Lot label"),
    LabelKind.SHIPPING: N_("Shipping label"),
    LabelKind.PERSON: N_("Badge"),
}
SYMBOLOGY_TITLES = {
    Symbology.CODE128: N_("Code 128"),
    Symbology.EAN13: N_("EAN-13"),
    Symbology.GS1_128: N_("GS1-128"),
    Symbology.DATAMATRIX: N_("Data Matrix"),
    Symbology.GS1_DATAMATRIX: N_("GS1 DataMatrix"),
    Symbology.QR: N_("QR code"),
}


class Align(StrEnum):
    """Where a text or symbol stands in the width of its place."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Rise(StrEnum):
    """Where a text stands in the height of its place."""

    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


@dataclass(frozen=True)
class Text:
    """Words at a place: ``text`` is a template (``[Lot {lot}]``, see ``label_text``).

    ``wrap`` breaks lines at the width; ``shrink`` takes smaller type, down to ``min_size``,
    until the text fits; what still does not fit is cut with … and warned of. ``white`` prints
    white letters (on a filled box).
    """

    text: str
    x: Decimal
    y: Decimal
    w: Decimal
    h: Decimal
    size: Decimal = Decimal(8)
    bold: bool = False
    align: Align = Align.LEFT
    rise: Rise = Rise.TOP
    wrap: bool = False
    shrink: bool = True
    min_size: Decimal = Decimal("5.5")
    turn: int = 0
    white: bool = False
    when: str = ""


@dataclass(frozen=True)
class Barcode:
    """A symbol at a place, quiet zones included in ``w`` and ``h``.

    ``module_dots`` is the width of a module in dots of the printer; 0 takes ``module_mm``
    (rounded to whole dots); when that is 0 too, the widest whole-dot module that fits, at most
    0.5 mm for bars. ``human_readable`` prints the text below, of
    ``text_size`` points. ``data`` is a template; for GS1 with brackets: ``(01){gtin}[(10){lot}]``.
    An empty result draws nothing.
    """

    symbology: Symbology
    data: str
    x: Decimal
    y: Decimal
    w: Decimal
    h: Decimal
    module_dots: int = 0
    module_mm: Decimal = Decimal(0)
    human_readable: bool = False
    text_size: Decimal = Decimal("6.5")
    align: Align = Align.CENTRE
    turn: int = 0
    when: str = ""


@dataclass(frozen=True)
class Line:
    """A line from (x, y) to (x2, y2), ``width`` mm thick, at least one dot."""

    x: Decimal
    y: Decimal
    x2: Decimal
    y2: Decimal
    width: Decimal = Decimal("0.25")
    when: str = ""


@dataclass(frozen=True)
class Box:
    """A frame with a border of ``width`` mm inside its place; ``filled`` makes it black."""

    x: Decimal
    y: Decimal
    w: Decimal
    h: Decimal
    width: Decimal = Decimal("0.25")
    filled: bool = False
    when: str = ""


@dataclass(frozen=True)
class Picture:
    """A PNG or JPEG scaled into its place without distortion.

    ``dither`` spreads grey over dots (photos); without it, darker than the middle is black.
    """

    content: bytes = field(repr=False)
    x: Decimal
    y: Decimal
    w: Decimal
    h: Decimal
    dither: bool = False
    when: str = ""


Element = Text | Barcode | Line | Box | Picture


@dataclass(frozen=True)
class LabelDesign:
    """A design: ``elements`` are drawn in order, later ones above earlier ones."""

    kind: LabelKind
    name: str
    width_mm: Decimal
    height_mm: Decimal
    elements: tuple[Element, ...] = ()

    def with_element(self, index: int, element: Element) -> LabelDesign:
        """A copy with that element replaced. Raises IndexError when there is none."""
        if not 0 <= index < len(self.elements):
            raise IndexError(index)
        changed = (*self.elements[:index], element, *self.elements[index + 1 :])
        return replace(self, elements=changed)


@dataclass(frozen=True)
class LabelSize:
    """A usual label; ``gap_mm`` lies between two labels of the roll."""

    width_mm: Decimal
    height_mm: Decimal
    gap_mm: Decimal = Decimal(2)

    @property
    def title(self) -> str:
        """As shops write it: 60×40."""
        return f"{self.width_mm:f}×{self.height_mm:f}"


LABEL_SIZES: tuple[LabelSize, ...] = (
    LabelSize(Decimal(40), Decimal(30)),
    LabelSize(Decimal(60), Decimal(40)),
    LabelSize(Decimal(70), Decimal(50)),
    LabelSize(Decimal(100), Decimal(100)),
    LabelSize(Decimal(100), Decimal(150), Decimal(3)),
)
"""The usual rolls in Chinese shops; any other size may be typed."""


def bounds(element: Element) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Left, top, right and bottom of an element in mm."""
    if isinstance(element, Line):
        return (
            min(element.x, element.x2),
            min(element.y, element.y2),
            max(element.x, element.x2),
            max(element.y, element.y2),
        )
    return (element.x, element.y, element.x + element.w, element.y + element.h)


_LEAST_MATRIX = Decimal(10)
"""mm; a matrix code that replaces flat bars is at least as high, where the label has room."""
_MATRIX_FOR = {
    Symbology.GS1_128: Symbology.GS1_DATAMATRIX,
    Symbology.CODE128: Symbology.QR,
}


def as_matrix(design: LabelDesign, index: int) -> LabelDesign | None:
    """The design with the bars of an element as a matrix code of the same content, its readable
    text beside it; None when the element is no code that has such a relative.
    """
    element = design.elements[index]
    if not isinstance(element, Barcode) or element.symbology not in _MATRIX_FOR:
        return None
    side = min(max(element.h, _LEAST_MATRIX), element.w, design.height_mm - element.y)
    made = replace(
        element,
        symbology=_MATRIX_FOR[element.symbology],
        w=side,
        h=side,
        turn=0,
        module_dots=0,
        module_mm=Decimal(0),
        human_readable=False,
    )
    changed = design.with_element(index, made)
    beside = element.w - side - 1
    if not element.human_readable or beside <= 0:
        return changed
    # What stood below the bars stands beside the square, which is too narrow for it.
    words = Text(element.data, element.x + side + 1, element.y, beside, side, element.text_size)
    return replace(
        changed, elements=(*changed.elements, replace(words, wrap=True, when=element.when))
    )
