"""Pictures from files and the clipboard: judged, turned upright, made small, written anew.

What is kept is never the file that came: it is decoded and encoded again, so that nothing
but a picture gets into the database (no hidden data, no place where it was taken).
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_

MOST_BYTES = 20 * 1024 * 1024
"""Largest file that is looked at."""
MOST_PIXELS = 60_000_000
LONGEST_EDGE = 1600
"""Pixels of the longer edge that is kept: a page of A4 at 140 dots per inch."""
QUALITY = 85
_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept."""

    content: bytes
    media_type: str
    sha256: bytes
    width: int
    height: int


def prepared(content: bytes) -> Picture:
    """The picture in ``content``, upright, at most 1600 pixels long, as JPEG (PNG when clear).

    Raises UserError when it is too large, no picture, or broken.
    """
    if len(content) > MOST_BYTES:
        raise UserError(
            N_("The picture has {size} MB; at most {most} MB are taken."),
            size=-(-len(content) // 2**20),
            most=MOST_BYTES // 2**20,
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _again(content)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        raise UserError(
            N_("This is no picture that can be read (JPEG, PNG, WebP, BMP, GIF or TIFF).")
        ) from error


def _again(content: bytes) -> Picture:
    with Image.open(io.BytesIO(content), formats=_FORMATS) as found:
        if found.width * found.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        found.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
        upright = ImageOps.exif_transpose(found)
        clear = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
        picture = upright.convert("RGBA" if clear else "RGB")
    picture.thumbnail((LONGEST_EDGE, LONGEST_EDGE), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    if clear:
        picture.save(written, "PNG", optimize=True)
    else:
        picture.save(written, "JPEG", quality=QUALITY, optimize=True)
    made = written.getvalue()
    media_type = "image/png" if clear else "image/jpeg"
    return Picture(made, media_type, hashlib.sha256(made).digest(), *picture.size)
