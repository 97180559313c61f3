"""The limits of DESIGN section 6 as data, and what counts as keeping one.

A section of the bench yields figures by name; :func:`judge` puts each beside its limit. A
limit whose figure is absent is missed: nothing passes because it was not measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isnan
from statistics import median

SIZES = (1, 20, 500)
"""Lines of a posted document."""
CLIENTS = (1, 4, 8)
"""Processes that ship at the same time."""
POSTED = {"receipt": "Receipt", "shipment": "Shipment", "move": "Bin move"}
"""Kinds of posting that are compared with the floor."""


class Kind(StrEnum):
    """On which side of the limit the figure must be."""

    AT_MOST = "at most"
    AT_LEAST = "at least"


@dataclass(frozen=True)
class Limit:
    """One promise about speed. ``unit`` "x" is a ratio to the floor or to a bare library."""

    name: str
    title: str
    limit: float
    unit: str
    kind: Kind = Kind.AT_MOST

    @property
    def section(self) -> str:
        """The part of the bench that measures it."""
        return self.name.split(".", 1)[0]

    def kept(self, figure: float | None) -> bool:
        """Whether the figure keeps the limit; an absent one does not."""
        if figure is None or isnan(figure):
            return False
        return figure <= self.limit if self.kind is Kind.AT_MOST else figure >= self.limit


@dataclass(frozen=True)
class Verdict:
    """A limit beside its figure."""

    limit: Limit
    figure: float | None

    @property
    def kept(self) -> bool:
        """Whether the figure keeps the limit."""
        return self.limit.kept(self.figure)

    @property
    def word(self) -> str:
        """As printed."""
        return "OK" if self.kept else "MISSED"


LIMITS: tuple[Limit, ...] = (
    *(
        Limit(f"posting.{kind}.{lines}", f"{title} of {lines} lines, time / floor", 1.5, "x")
        for kind, title in POSTED.items()
        for lines in SIZES
    ),
    *(
        Limit(f"posting.{kind}.trips", f"{title}: round trips of one document (most)", 8, "trips")
        for kind, title in POSTED.items()
    ),
    *(
        Limit(
            f"posting.{kind}.growth",
            f"{title}: more round trips for 500 lines than for 1",
            0,
            "trips",
        )
        for kind, title in POSTED.items()
    ),
    *(
        Limit(
            f"clients.{n}",
            f"{n} processes shipping the same 50 items, documents/s / floor",
            0.5,
            "x",
            Kind.AT_LEAST,
        )
        for n in CLIENTS
    ),
    Limit("clients.errors", "Errors shown to the shipping processes", 0, "errors"),
    Limit("clients.negative", "Balances below zero afterwards", 0, "rows"),
    Limit("clients.over_reserved", "Items promised beyond what lies there", 0, "rows"),
    Limit("clients.differences", "Balances that differ from the ledger", 0, "rows"),
    Limit("reading.stock", "Stock of one item anywhere", 2, "ms"),
    Limit("reading.list_first", "First page of the list of orders", 50, "ms"),
    Limit("reading.list_next", "Next page of the list of orders", 50, "ms"),
    Limit("reading.why", "Why this number, the item with most moves", 300, "ms"),
    Limit("reading.bin", "What lay in a bin at a minute", 300, "ms"),
    Limit("reading.scan", "Scan to answer over a 1 ms LAN, p95", 50, "ms"),
    Limit("reading.find", "Find anything, 100 k items, p95 of the slowest word", 50, "ms"),
    Limit("startup.window", "Start to usable window, embedded database included, warm", 2, "s"),
    Limit("computing.bom", "Explode a BOM of 10,000 lines on 9 levels", 100, "ms"),
    Limit(
        "computing.xlsx",
        "Export to xlsx, speed / bare openpyxl write-only",
        0.8,
        "x",
        Kind.AT_LEAST,
    ),
    Limit(
        "importing.dry_run",
        "Rows of a 200,000-row xlsx read and checked in a second",
        5_000,
        "rows/s",
        Kind.AT_LEAST,
    ),
    Limit("importing.memory", "Memory a 200,000-row import adds", 100, "MB"),
    Limit("labels.per_minute", "Labels generated in a minute", 1_000, "labels", Kind.AT_LEAST),
    Limit("replay.refused", "Documents of the real orders that were refused", 0, "documents"),
    Limit("replay.totals", "Items whose ledger totals differ from the input", 0, "items"),
    Limit("replay.differences", "Balances that differ from the ledger after the replay", 0, "rows"),
)
SECTIONS = tuple(dict.fromkeys(limit.section for limit in LIMITS))


def ratio(real: Sequence[float], floor: Sequence[float]) -> float:
    """Median of the real times over the median of the floor's. Raises ValueError when empty."""
    if not real or not floor:
        raise ValueError("a ratio needs measured times on both sides")
    return median(real) / median(floor)


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least ``share`` (0 < share <= 1) of the values do not exceed."""
    ordered = sorted(values)
    if not ordered or not 0 < share <= 1:
        raise ValueError("a percentile needs values and a share above 0, at most 1")
    rank = -int(-share * len(ordered) // 1)
    return ordered[max(rank, 1) - 1]


def judge(figures: Mapping[str, float], sections: Sequence[str] = SECTIONS) -> list[Verdict]:
    """Every limit of the sections that were run, in the order of the table."""
    return [
        Verdict(limit, figures.get(limit.name)) for limit in LIMITS if limit.section in sections
    ]
