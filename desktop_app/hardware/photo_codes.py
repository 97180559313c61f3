"""Bar codes in a photo: bytes of a picture in, the codes found in it out.

zxing-cpp reads, pillow opens. A picture comes from anywhere, so its size is bounded before
it is unpacked, and whatever is wrong with it becomes a sentence. When nothing is found at
once, the picture is tried larger, smaller and with more contrast; an EAN or UPC must not be
contradicted by a second look at another size.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_
from desktop_app.domain.symbologies import RETAIL, split as split_symbology

MAX_BYTES = 24 * 1024 * 1024
MAX_DOTS = 40_000_000
WORK_SIDE = 2_400
_SECOND_LOOKS = (1.5, 2.0)
_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "MPO")


class PictureRefused(UserError):
    """The bytes are not a picture that can be looked at."""

    code = "photo_codes.refused"


@dataclass(frozen=True)
class PhotoCode:
    """A code in a photo.

    ``text`` has GS as separator; ``symbology`` is the AIM identifier ("]E0"), ``name`` what
    people call it. ``corners`` are dots of the picture as it is shown upright, clockwise
    from the top left of the symbol.
    """

    text: str
    symbology: str
    name: str
    corners: tuple[tuple[int, int], ...]

    @property
    def announced(self) -> str:
        """The text with its identifier in front, as ``domain.scan_codes`` reads it."""
        return self.symbology + self.text


def read_codes(content: bytes) -> tuple[PhotoCode, ...]:
    """The codes in a picture, from top to bottom; empty when there is none.

    Raises PictureRefused for bytes that are no picture, or one too large to unpack.
    """
    picture = _opened(content)
    for scale, attempt in _attempts(picture):
        found = _sure([_code(barcode, scale) for barcode in _barcodes(attempt)], attempt)
        if found:
            return tuple(sorted(dict.fromkeys(found), key=lambda code: code.corners[0][::-1]))
    return ()


def _barcodes(picture: Image.Image) -> list[zxingcpp.Barcode]:
    found = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)
    return [barcode for barcode in found if barcode.valid]


def _sure(found: list[PhotoCode], picture: Image.Image) -> list[PhotoCode]:
    """``found`` without retail codes that other sizes of the picture contradict.

    Ten digits and one check digit: a blurred or striped EAN can be read as another valid
    one. A wrong article is worse than none.
    """
    if not any(code.symbology in RETAIL for code in found):
        return found
    looks = [_retail(_scaled(picture, scale)) for scale in _SECOND_LOOKS]
    return [
        code
        for code in found
        if code.symbology not in RETAIL
        or any(code.text in look for look in looks)
        or not any(looks)
    ]


def _retail(picture: Image.Image) -> set[str]:
    return {b.text for b in _barcodes(picture) if b.symbology_identifier[:3] in RETAIL}


def _opened(content: bytes) -> Image.Image:
    if len(content) > MAX_BYTES:
        raise PictureRefused(
            N_("The picture is larger than {limit} MB."), limit=MAX_BYTES // (1024 * 1024)
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pillow warns of size before we judge it
            picture = Image.open(io.BytesIO(content), formats=_FORMATS)
            if picture.width * picture.height > MAX_DOTS:
                raise _too_many_dots()
            picture.draft("L", (WORK_SIDE * 2, WORK_SIDE * 2))
            return _grey(ImageOps.exif_transpose(picture))
    except UserError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_dots() from error
    except Exception as error:
        # Decoders of pillow raise many kinds of exception for broken bytes.
        raise PictureRefused(N_("This is not a picture that can be read.")) from error


def _too_many_dots() -> PictureRefused:
    return PictureRefused(
        N_("The picture has more than {limit} million dots; it is not unpacked."),
        limit=MAX_DOTS // 1_000_000,
    )


def _grey(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "P", "PA"):
        # bars on a transparent ground are printed on white
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture)
    return picture.convert("L")


def _attempts(picture: Image.Image) -> Iterator[tuple[float, Image.Image]]:
    """The picture in the order of what helps most often, with its scale to the original."""
    side = max(picture.size)
    scale = min(1.0, WORK_SIDE / side)
    usual = _scaled(picture, scale)
    yield scale, usual
    if side < WORK_SIDE // 2:
        yield 2.0, _scaled(picture, 2.0)
    yield scale, ImageOps.autocontrast(usual.filter(ImageFilter.MedianFilter(3)), cutoff=2)
    yield scale / 2, _scaled(picture, scale / 2)
    yield scale, usual.filter(ImageFilter.UnsharpMask(3, 200, 0))
    if scale < 1:
        yield 1.0, picture


def _scaled(picture: Image.Image, scale: float) -> Image.Image:
    if scale == 1:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.BICUBIC)


def _code(barcode: zxingcpp.Barcode, scale: float) -> PhotoCode:
    place = barcode.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    symbology = split_symbology(barcode.symbology_identifier + "x")[0]
    return PhotoCode(
        barcode.text,
        symbology,
        str(barcode.format),
        tuple((round(corner.x / scale), round(corner.y / scale)) for corner in corners),
    )
