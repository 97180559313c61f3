"""What the person who prints may choose, apart from the content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desktop_app.core.i18n import N_

PLIES: tuple[tuple[str, ...], ...] = (
    (),
    (N_("White: we keep"), N_("Red: customer")),
    (N_("White: we keep"), N_("Red: customer"), N_("Yellow: return")),
    (N_("White: we keep"), N_("Red: customer"), N_("Yellow: return"), N_("Blue: accounts")),
)
"""Sets of carbon paper as they are sold, the top sheet first."""


@dataclass(frozen=True)
class PrintOptions:
    """Options of one print.

    ``paper`` is an id of ``paper.PAPERS`` ("" = the layout's usual one). ``draft`` marks a
    document that has not been posted; ``copy_no`` is 0 for the first print and counts
    reprints. ``plies`` names the copies: listed at the edge of carbon paper, printed as
    separate sheets elsewhere. ``hidden`` holds ids of table columns to leave out.
    ``foot_on_every_page`` repeats totals and signatures on each sheet that can
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
    foot_on_every_page: bool = True
