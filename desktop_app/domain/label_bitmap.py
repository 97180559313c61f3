"""The picture of a label in printer dots, and the bar codes a printer may draw itself.

Reporting draws it, hardware sends it, the designer shows it: it is the very same value, so
what is seen on the screen is what comes out of the printer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

_INCH_MM = Fraction(254, 10)
_WHOLE_DOTS: dict[int, int] = {203: 8}
"""Heads sold as 203 dpi have exactly 8 dots per mm (203.2 dpi)."""

_FLIP = bytes(255 - n for n in range(256))


class Symbology(StrEnum):
    """The bar codes a label may carry."""

    CODE128 = "code128"
    EAN13 = "ean13"
    GS1_128 = "gs1_128"
    DATAMATRIX = "datamatrix"
    GS1_DATAMATRIX = "gs1_datamatrix"
    QR = "qr"

    @property
    def is_matrix(self) -> bool:
        """Whether it is two-dimensional (square modules)."""
        return self in (Symbology.DATAMATRIX, Symbology.GS1_DATAMATRIX, Symbology.QR)

    @property
    def is_gs1(self) -> bool:
        """Whether its data is a GS1 element string with bracketed identifiers."""
        return self in (Symbology.GS1_128, Symbology.GS1_DATAMATRIX)

    @property
    def quiet(self) -> int:
        """Modules to leave white on each side (GS1 General Specifications 5.4 and 5.6,
        ISO/IEC 18004): 10 beside bars (11 left of an EAN), 1 around a Data Matrix, 4 around a QR.
        """
        if self is Symbology.EAN13:
            return 11
        if self is Symbology.QR:
            return 4
        return 1 if self.is_matrix else 10


def dots_per_mm(dpi: int) -> Fraction:
    """Dots per millimetre of a head sold as ``dpi`` (203: exactly 8, 300: 11.81)."""
    whole = _WHOLE_DOTS.get(dpi)
    return Fraction(whole) if whole else Fraction(dpi) / _INCH_MM


def to_dots(mm: Decimal, dpi: int) -> int:
    """Millimetres as whole dots, nearest, halves up. Exact: no float is involved."""
    scaled = Fraction(mm) * dots_per_mm(dpi)
    return int((scaled + Fraction(1, 2)) // 1)


def to_mm(dots: int, dpi: int) -> Decimal:
    """Dots as millimetres with three decimals."""
    exact = Fraction(dots) / dots_per_mm(dpi)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.001"))


@dataclass(frozen=True)
class Bitmap:
    """A one-bit picture: ``rows`` holds ``row_bytes`` bytes for each of ``height`` rows.

    The highest bit of a byte is the leftmost dot; 1 is black. Bits beyond ``width`` are 0.
    Raises ValueError when the length of ``rows`` does not fit.
    """

    width: int
    height: int
    rows: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise ValueError("a bitmap needs at least one dot")
        if len(self.rows) != self.row_bytes * self.height:
            raise ValueError("the rows do not fit the size of the bitmap")

    @property
    def row_bytes(self) -> int:
        """Bytes of one row."""
        return (self.width + 7) // 8

    def row(self, y: int) -> bytes:
        """The bytes of row ``y`` (0 is the top)."""
        start = y * self.row_bytes
        return self.rows[start : start + self.row_bytes]

    def is_black(self, x: int, y: int) -> bool:
        """Whether that dot is black."""
        return bool(self.rows[y * self.row_bytes + x // 8] >> (7 - x % 8) & 1)

    def inverted(self) -> bytes:
        """The rows with 0 for black, padding white: what TSPL and EPL2 want."""
        return self.rows.translate(_FLIP)

    @classmethod
    def blank(cls, width: int, height: int) -> Bitmap:
        """A white picture."""
        return cls(width, height, bytes((width + 7) // 8 * height))


@dataclass(frozen=True)
class PlacedSymbol:
    """A bar code as it stands on the label, in dots; ``x, y`` is its top left corner.

    ``module`` is the width of one module, ``width`` and ``height`` are the symbol without quiet
    zones, ``turn`` is 0, 90, 180 or 270 degrees clockwise. ``data`` of a GS1 symbol has
    brackets: ``(01)06901234567892(10)A1``.
    """

    symbology: Symbology
    data: str
    x: int
    y: int
    module: int
    width: int
    height: int
    turn: int = 0
