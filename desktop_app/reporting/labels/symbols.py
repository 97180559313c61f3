"""Bar codes as modules, made by zxing-cpp and kept as one-dot-per-module pictures.

What cannot be encoded is a sentence for the person, never an exception: a label with one wrong
code must still be shown in the designer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

import zxingcpp
from PIL import Image

from desktop_app.core.i18n import N_, Message
from desktop_app.domain import gs1
from desktop_app.domain.label_bitmap import Symbology

_FORMATS = {
    Symbology.CODE128: zxingcpp.BarcodeFormat.Code128,
    Symbology.EAN13: zxingcpp.BarcodeFormat.EAN13,
    Symbology.GS1_128: zxingcpp.BarcodeFormat.Code128,
    Symbology.DATAMATRIX: zxingcpp.BarcodeFormat.DataMatrix,
    Symbology.GS1_DATAMATRIX: zxingcpp.BarcodeFormat.DataMatrix,
    Symbology.QR: zxingcpp.BarcodeFormat.QRCode,
}
_QR_LEVEL = "M"
_NOT_ASCII = N_("only letters, digits and signs of the English keyboard can be bars.")
_NOT_EAN = N_("an EAN-13 has 13 digits.")
_BAD_CHECK_DIGIT = N_("its check digit is wrong.")
NOT_GS1 = N_("it is not a GS1 element string such as (01)06901234567892(10)A1.")
_TOO_LONG = N_("it is too long.")


@dataclass(frozen=True)
class Modules:
    """A symbol without quiet zones: ``picture`` has one dot per module, 1 is black.

    Bars are one row high. ``text`` is what is printed below for people.
    """

    data: str
    text: str
    width: int
    height: int
    picture: Image.Image = field(repr=False, compare=False)


@lru_cache(maxsize=4096)
def modules(symbology: Symbology, data: str) -> Modules | Message:
    """The symbol of ``data``, or why there is none."""
    checked = _checked(symbology, data)
    if isinstance(checked, Message):
        return checked
    options: dict[str, object] = {}
    if symbology.is_gs1:
        options["gs1"] = True
    if symbology is Symbology.QR:
        options["ec_level"] = _QR_LEVEL
    try:
        made = zxingcpp.create_barcode(checked, _FORMATS[symbology], **options)
        drawn = made.to_image(scale=1, add_quiet_zones=False)
    except Exception:  # the binding raises its own, ValueError and RuntimeError alike
        return Message(NOT_GS1 if symbology.is_gs1 else _TOO_LONG)
    height, width = drawn.shape
    # Every row of a linear symbol but EAN's guard bars is the same: the first is enough.
    high = height if symbology.is_matrix else 1
    packed = bytes(memoryview(cast(Any, drawn)).cast("B"))[: width * high]
    grey = Image.frombytes("L", (width, high), packed.translate(_INK))
    return Modules(
        checked,
        _readable(symbology, checked),
        width,
        high,
        grey.convert("1", dither=Image.Dither.NONE),
    )


_INK = bytes(255 if n < 128 else 0 for n in range(256))


def _checked(symbology: Symbology, data: str) -> str | Message:
    """The data as encoded, or the sentence that says what is wrong with it."""
    if symbology is Symbology.EAN13:
        return _ean(data)
    if symbology in (Symbology.CODE128, Symbology.GS1_128) and not (
        data.isascii() and data.isprintable()
    ):
        return Message(_NOT_ASCII)
    if symbology.is_gs1:
        if not data.startswith("("):
            return Message(NOT_GS1)
        read = gs1.read(data)
        if isinstance(read, Message):
            return Message(_BAD_CHECK_DIGIT if "number" in read.values else NOT_GS1)
    return data


def _ean(data: str) -> str | Message:
    number = "0" + data if len(data) == 12 else data
    if len(number) != 13 or not (number.isascii() and number.isdigit()):
        return Message(_NOT_EAN)
    return number if gs1.check_digit_ok(number) else Message(_BAD_CHECK_DIGIT)


def _readable(symbology: Symbology, data: str) -> str:
    if symbology is Symbology.EAN13:
        return f"{data[0]} {data[1:7]} {data[7:]}"
    return data
