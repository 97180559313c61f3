"""A camera made of code: it looks at a box with a label, a little unsteady as hands are.

Every frame is a whole picture, so that codes in it are read by the same program as a real one's.
"""

from __future__ import annotations

import io
from typing import Any, cast

import zxingcpp
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 640, 480
FRAMES_PER_S = 4
_BOX, _TABLE = (186, 146, 98), (92, 98, 106)
_TURNS = (-6, -4, -1, 2, 5, 3, 0, -3)
"""Degrees the hand turns from frame to frame."""
_MODULE = 7
_LABEL = (300, 240)


class SimulatedCamera:
    """``code`` is what stands on the label it sees, as a QR code."""

    def __init__(self, code: str = "6901234567892") -> None:
        self.code = code
        self._count = 0

    def frame(self) -> bytes:
        """The next picture, as PNG."""
        turn = _TURNS[self._count % len(_TURNS)]
        self._count += 1
        picture = Image.new("RGB", (WIDTH, HEIGHT), _TABLE)
        draw = ImageDraw.Draw(picture)
        draw.rectangle((70, 60, WIDTH - 70, HEIGHT - 40), fill=_BOX)
        draw.line((70, 130, WIDTH - 70, 130), fill=(150, 116, 74), width=4)
        label = self._label().convert("RGBA").rotate(
            turn, Image.Resampling.BICUBIC, expand=True, fillcolor=(0, 0, 0, 0)
        )  # fmt: skip
        corner = ((WIDTH - label.width) // 2, (HEIGHT - label.height) // 2 + 10)
        picture.paste(label, corner, label)
        written = io.BytesIO()
        picture.save(written, "PNG")
        return written.getvalue()

    def _label(self) -> Image.Image:
        made = zxingcpp.create_barcode(self.code, zxingcpp.BarcodeFormat.QRCode)
        dots = made.to_image(scale=1, add_quiet_zones=True)
        high, wide = dots.shape
        code = Image.frombytes("L", (wide, high), bytes(memoryview(cast(Any, dots)).cast("B")))
        scale = max(1, min(_MODULE, (_LABEL[1] - 30) // high))
        code = code.resize((wide * scale, high * scale), Image.Resampling.NEAREST)
        label = Image.new("L", _LABEL, 255)
        label.paste(code, ((_LABEL[0] - code.width) // 2, 4))
        draw = ImageDraw.Draw(label)
        draw.text((_LABEL[0] // 2, _LABEL[1] - 14), self.code, fill=0, anchor="mm")
        return label
