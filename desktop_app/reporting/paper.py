"""Paper sizes as data. Millimetres on paper, points inside (1 pt = 1/72 in)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from desktop_app.core.i18n import N_
from desktop_app.core.registry import Registry

MM = 72 / 25.4
"""Points per millimetre."""

DOT = 72 / 203
"""Points per dot of a 203 dpi label printer."""


@dataclass(frozen=True)
class Paper:
    """A sheet. ``side`` and ``edge`` are the margins left/right and top/bottom in mm.

    ``body`` is the type size of a table; ``line`` the ruling in mm: 24-pin printers need
    at least 0.3 mm and 9 pt, and no grey.
    """

    id: str
    title: str
    width: float
    height: float
    side: float
    edge: float
    body: float = 9.0
    line: float = 0.15
    dot_matrix: bool = False

    @property
    def dot_size(self) -> tuple[float, float]:
        """Width and height in points, up to whole dots at 203 dpi.

        A label whose width is not whole dots is scaled by a hair when it is rasterised, and
        EAN bars of two dots are lost (tried).
        """
        return (math.ceil(self.width * MM / DOT) * DOT, math.ceil(self.height * MM / DOT) * DOT)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        return (self.width * MM, self.height * MM)


_STRIP = 12.7 + 3.0  # tractor strip of 1/2 inch and a finger's breadth of white, mm

PAPERS = Registry(
    (
        Paper("a4", N_("A4 upright"), 210, 297, 12, 11),
        Paper("a4_wide", N_("A4 across"), 297, 210, 12, 10),
        Paper("241_half", N_("241 × 140 mm, two-part"), 241, 139.7, _STRIP, 5, 9.5, 0.3, True),
        Paper("241_full", N_("241 × 279 mm, full"), 241, 279.4, _STRIP, 6, 9.5, 0.3, True),
        Paper("241_third", N_("241 × 93 mm, three-part"), 241, 93.1, _STRIP, 4, 9.0, 0.3, True),
        Paper("label_60x40", N_("Label 60 × 40 mm"), 60, 40, 2, 1.5, 8),
        Paper("label_40x30", N_("Label 40 × 30 mm"), 40, 30, 1.5, 1.2, 7),
    ),
    key=lambda paper: paper.id,
)
