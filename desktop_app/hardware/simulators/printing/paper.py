"""The label inside a simulated printer: a picture that commands draw on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import zxingcpp
from PIL import Image

from desktop_app.domain.label_bitmap import Bitmap

LONGEST = 20_000
"""Dots; a strip of endless paper is cut there, so that garbage cannot fill the memory."""
_WIDEST = 4_000
_FORMATS = {
    "128": zxingcpp.BarcodeFormat.Code128,
    "ean13": zxingcpp.BarcodeFormat.EAN13,
    "qr": zxingcpp.BarcodeFormat.QRCode,
}


@dataclass(frozen=True)
class Printed:
    """A label that was asked for ``copies`` times."""

    bitmap: Bitmap
    copies: int = 1


@dataclass(frozen=True)
class Asked:
    """A question about the printer's status, as it was sent."""

    query: bytes


@dataclass(frozen=True)
class Reset:
    """Labels still waiting are dropped."""


@dataclass(frozen=True)
class Nothing:
    """A command that changes nothing outside."""


Event = Printed | Asked | Reset | Nothing


class Canvas:
    """A label of ``width`` × ``height`` dots; what lies outside is cut as on paper."""

    def __init__(self, width: int, height: int) -> None:
        width = max(1, min(width, _WIDEST))
        self._image = Image.new("1", (width, max(1, min(height, LONGEST))), 0)

    def picture(self, x: int, y: int, row_bytes: int, rows: bytes, *, zero_is_black: bool) -> None:
        """Draw rows of ``row_bytes`` bytes at that place, over what is there."""
        height = len(rows) // row_bytes if row_bytes else 0
        if height < 1 or row_bytes * 8 > _WIDEST * 2 or height > LONGEST:
            return
        if zero_is_black:
            rows = bytes(255 - byte for byte in rows)
        part = Image.frombytes("1", (row_bytes * 8, height), rows)
        self._image.paste(1, (x, y), part)

    def symbol(self, kind: str, data: str, x: int, y: int, module: int, height: int) -> None:
        """Draw a bar code by itself; one that cannot be made stays away, as on a printer."""
        if not 1 <= module <= 40:
            return
        try:
            made = zxingcpp.create_barcode(data, _FORMATS[kind])
            dots = made.to_image(scale=1, add_quiet_zones=False)
        except Exception:  # the binding raises several types
            return
        rows, columns = dots.shape
        grey = Image.frombytes("L", (columns, rows), bytes(memoryview(cast(Any, dots)).cast("B")))
        part = grey.point([255 if n < 128 else 0 for n in range(256)]).convert("1")
        high = rows * module if kind == "qr" else max(1, min(height, LONGEST))
        if kind != "qr":
            part = part.crop((0, 0, columns, 1))
        part = part.resize((columns * module, high), Image.Resampling.NEAREST)
        self._image.paste(1, (x, y), part)

    def bitmap(self, *, turned: bool = False) -> Bitmap:
        """What was drawn; ``turned`` when the printer prints upside down."""
        image = self._image.transpose(Image.Transpose.ROTATE_180) if turned else self._image
        return Bitmap(image.width, image.height, image.tobytes())


def self_test_page(width: int, height: int) -> Bitmap:
    """A printer's own page: every other dot down its middle, a frame around."""
    page = Canvas(width, height)
    bars = bytes(0xAA if 4 < row < height - 5 else 0xFF for row in range(height))
    wide = (width + 7) // 8
    rows = b"".join(bars[row : row + 1] * wide for row in range(height))
    page.picture(0, 0, wide, rows, zero_is_black=False)
    return page.bitmap()
