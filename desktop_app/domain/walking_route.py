"""The order in which a picker passes the bins of a warehouse."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class Stop:
    """A bin and where it stands; ``id`` is its location."""

    id: int
    code: str
    zone: str = ""
    aisle: str = ""
    rack: str = ""
    level: str = ""


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key that puts A-2 before A-10."""
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part.casefold())
        for part in re.findall(r"\d+|\D+", text)
    )


def serpentine(stops: Sequence[Stop]) -> list[int]:
    """Ids in walking order: up one aisle and down the next, each rack from bottom to top.

    Zones come one after the other; a bin without an aisle stands where its code sorts.
    """
    ordered = sorted(stops, key=lambda stop: (natural(stop.zone), natural(stop.aisle)))
    found: list[int] = []
    aisles = groupby(ordered, key=lambda stop: (stop.zone, stop.aisle))
    for number, (_aisle, members) in enumerate(aisles):
        racks: dict[str, list[Stop]] = {}
        for stop in members:
            racks.setdefault(stop.rack or stop.code, []).append(stop)
        for rack in sorted(racks, key=natural, reverse=bool(number % 2)):
            shelf = sorted(racks[rack], key=lambda s: (natural(s.level), natural(s.code)))
            found += [stop.id for stop in shelf]
    return found


def by_code(stops: Sequence[Stop]) -> list[int]:
    """Ids in the order of their codes."""
    return [stop.id for stop in sorted(stops, key=lambda stop: natural(stop.code))]
