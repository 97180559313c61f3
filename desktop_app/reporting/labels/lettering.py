"""Words in whole dots: measured, broken, made smaller, and drawn without grey.

Noto Sans SC through FreeType's monochrome rasteriser; the basic layout engine, so that a label
is the same on every system. A sign the font lacks becomes 〓 and is reported.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from PIL import ImageDraw, ImageFont

from desktop_app.core.errors import EnvironmentFault
from desktop_app.core.i18n import N_
from desktop_app.core.paths import resources_dir
from desktop_app.reporting.fonts import BOLD, MISSING_GLYPH, REGULAR, printable, register_fonts
from desktop_app.reporting.text import words, wrap_measured

_FILES = {False: "NotoSansSC-Regular.ttf", True: "NotoSansSC-Bold.ttf"}
_ELLIPSIS = "…"
_SMALLEST = 6
_REFERENCE = 500
_SLACK = 1.06
"""Hinting makes a line a little narrower or wider than its outlines."""


@dataclass(frozen=True)
class Lines:
    """Text ready to draw at ``px`` dots of type size. ``cut``: not everything is there."""

    lines: tuple[str, ...]
    px: int
    bold: bool
    cut: bool = False
    missing: str = ""

    @property
    def height(self) -> int:
        """Dots from the top of the first line to the foot of the last."""
        return pitch(self.px) * len(self.lines)


def pitch(px: int) -> int:
    """Dots from line to line: 1.15 of the type size, rounded up."""
    return (px * 23 + 19) // 20


def baseline(px: int) -> int:
    """Dots from the top of a line to where letters stand: 0.93 of the type size."""
    return (px * 93 + 50) // 100


@lru_cache(maxsize=24)  # some 3 MB each
def font(px: int, bold: bool) -> ImageFont.FreeTypeFont:
    """The program's font. Raises EnvironmentFault when its file is missing or damaged."""
    file = _FILES[bold]
    try:
        return ImageFont.truetype(
            str(resources_dir() / "fonts" / file), px, layout_engine=ImageFont.Layout.BASIC
        )
    except OSError as fault:
        raise EnvironmentFault(
            N_("The program's font {file} cannot be read. Install the program again."), file=file
        ) from fault


@lru_cache(maxsize=32_768)
def _advance(sign: str, px: int, bold: bool) -> int:
    return round(font(px, bold).getlength(sign, mode="1"))


def measure(text: str, px: int, bold: bool) -> int:
    """Width of one line in dots."""
    return sum(_advance(sign, px, bold) for sign in text)


@lru_cache(maxsize=8192)
def _ems(sign: str, bold: bool) -> float:
    """The unhinted advance of a sign as a part of the type size."""
    return font(_REFERENCE, bold).getlength(sign) / _REFERENCE


def _surely_wider(text: str, width: int, px: int, bold: bool) -> bool:
    """Whether ``text`` cannot fit, told without loading the font at ``px``."""
    return sum(_ems(sign, bold) for sign in text) * px > width * _SLACK + 2


def _hopeless(text: str, width: int, height: int, px: int, *, bold: bool, wrap: bool) -> bool:
    """Whether that size need not be tried."""
    lines = text.split("\n")
    if not wrap:
        return any(_surely_wider(line, width, px, bold) for line in lines)
    ems = (sum(_ems(sign, bold) for sign in line) for line in lines)
    least = sum(max(1, math.ceil((em * px - 2) / (width * _SLACK))) for em in ems)
    return least > 1 and least * pitch(px) > height


@lru_cache(maxsize=4096)
def shown(text: str, bold: bool) -> tuple[str, str]:
    """``text`` (line ends kept) as the font can print it, and the signs it lacks."""
    register_fonts()
    name = BOLD if bold else REGULAR
    lines = [printable(line, name) for line in text.splitlines()]
    missing = (
        ""
        if not any(MISSING_GLYPH in line for line in lines)
        else "".join(
            dict.fromkeys(
                s for s in text if s != MISSING_GLYPH and printable(s, name) == MISSING_GLYPH
            )
        )
    )
    return "\n".join(lines), missing


@lru_cache(maxsize=2048)
def fitted(
    text: str, width: int, height: int, px: int, least: int, *, bold: bool, wrap: bool
) -> Lines:
    """``text`` as large as it fits ``width`` × ``height`` dots, from ``px`` down to ``least``.

    A little smaller is preferred to one more line, and smaller to a divided word. What does not
    fit at ``least`` ends with … and is marked ``cut``.
    """
    clean, missing = shown(text, bold)
    least = max(_SMALLEST, min(px, least))
    for size in _sizes(clean, width, px, least, bold=bold, wrap=wrap):
        broken, size = size > 0, abs(size)
        if size > least and _hopeless(clean, width, height, size, bold=bold, wrap=broken):
            continue
        lines = _broken(clean, width, size, bold=bold, wrap=broken)
        # One line needs no leading; at its least it is better a little high than cut.
        alone = len(lines) == 1 and (size <= height or size == least)
        high = alone or pitch(size) * len(lines) <= height
        if high and all(measure(line, size, bold) <= width for line in lines):
            return Lines(lines, size, bold, missing=missing)
    room = max(1, height // pitch(least))
    lines = _broken(clean, width, least, bold=bold, wrap=wrap)
    kept = [_cut(line, width, least, bold=bold) for line in lines[:room]]
    if len(lines) > room:
        kept[-1] = _cut(kept[-1] + _ELLIPSIS, width, least, bold=bold)
    return Lines(tuple(kept), least, bold, cut=True, missing=missing)


def _sizes(text: str, width: int, px: int, least: int, *, bold: bool, wrap: bool) -> Iterator[int]:
    """Type sizes in the order they are tried; negative: without breaking lines."""
    if not wrap:
        yield from range(-px, -least + 1)
        return
    yield from range(-px, -max(least, px * 85 // 100) + 1)
    unbroken = words(text)
    for size in range(px, least - 1, -1):
        if any(_surely_wider(word, width, size, bold) for word in unbroken):
            continue
        if all(measure(word, size, bold) <= width for word in unbroken):
            yield size
    yield from range(px, least - 1, -1)


def _broken(text: str, width: int, px: int, *, bold: bool, wrap: bool) -> tuple[str, ...]:
    if not wrap:
        return tuple(text.split("\n"))
    return tuple(
        line
        for paragraph in text.split("\n")
        for line in wrap_measured(paragraph, width, lambda part: measure(part, px, bold))
    )


def _cut(line: str, width: int, px: int, *, bold: bool) -> str:
    if measure(line, px, bold) <= width:
        return line
    line = line.removesuffix(_ELLIPSIS)
    while line and measure(line + _ELLIPSIS, px, bold) > width:
        line = line[:-1]
    return line + _ELLIPSIS


def draw_line(
    draw: ImageDraw.ImageDraw, line: str, x: int, top: int, px: int, *, bold: bool, ink: int = 1
) -> None:
    """Draw one line with its top at ``top``; ``ink`` 1 is black, 0 white."""
    draw.text((x, top + baseline(px)), line, fill=ink, font=font(px, bold), anchor="ls")
