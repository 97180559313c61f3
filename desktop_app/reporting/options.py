"""What the person who prints may choose, apart from the content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PrintOptions:
    """Options of one print.

    ``paper`` is an id of ``paper.PAPERS`` ("" = the layout's usual one). ``draft`` marks a
    document that has not been posted; ``copy_no`` is 0 for the first print and counts
    reprints. ``plies`` names the copies: listed at the edge of carbon paper, printed as
    separate sheets elsewhere. ``hidden`` holds ids of table columns to leave out.
    ``offset_x``/``offset_y`` shift the print right and down, in mm, for a printer that is
    not exact. ``foot_on_every_page`` repeats totals and signatures on each sheet that can
    be torn off; else they stand on the last one.
    """

    paper: str = ""
    show_prices: bool = True
    draft: bool = False
    copy_no: int = 0
    printed_at: datetime | None = None
    printed_by: str = ""
    plies: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    offset_x: float = 0.0
    offset_y: float = 0.0
    foot_on_every_page: bool = True
