"""Why a count may differ: likely causes ranked from plain facts (N28).

A hint is a guess with its reason, never an entry: a person chooses the cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from desktop_app.core.i18n import N_, Message

_ZERO = Decimal(0)
SHOWN = 3


@dataclass(frozen=True)
class OtherDifference:
    """Another line of the same count that differs, at ``place`` or of another item there."""

    item_code: str
    place: str
    difference: Decimal
    same_item: bool
    same_place: bool


@dataclass(frozen=True)
class LateMove:
    """A document posted after the count, or still open, with goods of this item.

    ``sign`` is +1 when it brings goods to the place and -1 when it takes them.
    """

    number: str
    qty: Decimal
    sign: int
    posted: bool


@dataclass(frozen=True)
class DifferenceFacts:
    """What is known about one line that differs."""

    book: Decimal
    counted: Decimal
    within_tolerance: bool
    first_count: Decimal | None = None
    pack_factors: tuple[Decimal, ...] = ()
    uom_decimals: int = 0
    others: tuple[OtherDifference, ...] = ()
    late: tuple[LateMove, ...] = field(default_factory=tuple)

    @property
    def difference(self) -> Decimal:
        """Counted − book."""
        return self.counted - self.book


@dataclass(frozen=True)
class CauseHint:
    """A likely cause: ``weight`` 0..100, ``reason`` says what speaks for it."""

    code: str
    weight: int
    reason: Message


def rank_causes(facts: DifferenceFacts) -> tuple[CauseHint, ...]:
    """Likely causes, likeliest first, at most three; none when nothing differs."""
    if facts.difference == 0:
        return ()
    found = [*_elsewhere(facts), *_late(facts), *_units(facts), *_miscounted(facts), *_usual(facts)]
    best: dict[str, CauseHint] = {}
    for hint in found:
        if hint.code not in best or best[hint.code].weight < hint.weight:
            best[hint.code] = hint
    return tuple(sorted(best.values(), key=lambda hint: (-hint.weight, hint.code))[:SHOWN])


def _elsewhere(facts: DifferenceFacts) -> list[CauseHint]:
    hints = []
    for other in facts.others:
        if other.difference != -facts.difference:
            continue
        if other.same_item:
            hints.append(
                CauseHint(
                    "WRONG_BIN",
                    95,
                    Message(
                        N_("The same quantity is off the other way at {place}."),
                        {"place": other.place},
                    ),
                )
            )
        elif other.same_place:
            hints.append(
                CauseHint(
                    "WRONG_ITEM",
                    85,
                    Message(
                        N_("{item} in the same bin is off by the same quantity the other way."),
                        {"item": other.item_code},
                    ),
                )
            )
    return hints


def _late(facts: DifferenceFacts) -> list[CauseHint]:
    hints = []
    for move in facts.late:
        if move.qty * move.sign != facts.difference:
            continue
        if move.posted:
            hints.append(
                CauseHint(
                    "LATE_DOC",
                    90,
                    Message(
                        N_("{number} for exactly this quantity was posted after the count."),
                        {"number": move.number},
                    ),
                )
            )
        else:
            code = "UNREG_IN" if move.sign > 0 else "UNREG_OUT"
            hints.append(
                CauseHint(
                    code,
                    75,
                    Message(
                        N_("{number} for exactly this quantity is still open."),
                        {"number": move.number},
                    ),
                )
            )
    return hints


def _units(facts: DifferenceFacts) -> list[CauseHint]:
    larger, smaller = max(facts.book, facts.counted), min(facts.book, facts.counted)
    hints = []
    for factor in facts.pack_factors:
        if factor > 1 and smaller > 0 and smaller * factor == larger:
            hints.append(
                CauseHint(
                    "UNIT",
                    88,
                    Message(
                        N_("One figure is exactly {factor} times the other, the size of a pack."),
                        {"factor": f"{factor.normalize():f}"},
                    ),
                )
            )
        elif factor > 1 and facts.difference % factor == 0:
            hints.append(
                CauseHint(
                    "UNIT",
                    45,
                    Message(
                        N_("The difference is a whole number of packs of {factor}."),
                        {"factor": f"{factor.normalize():f}"},
                    ),
                )
            )
    return hints


def _miscounted(facts: DifferenceFacts) -> list[CauseHint]:
    hints = []
    if facts.first_count is not None and facts.first_count != facts.counted:
        hints.append(
            CauseHint(
                "COUNT",
                70,
                Message(
                    N_("The two counts differ from each other ({first} and {second})."),
                    {
                        "first": f"{facts.first_count.normalize():f}",
                        "second": f"{facts.counted.normalize():f}",
                    },
                ),
            )
        )
    digits = sorted(f"{facts.book.normalize():f}"), sorted(f"{facts.counted.normalize():f}")
    if facts.book != facts.counted and digits[0] == digits[1] and len(digits[0]) > 1:
        hints.append(
            CauseHint(
                "COUNT", 60, Message(N_("Both figures have the same digits in another order."))
            )
        )
    return hints


def _usual(facts: DifferenceFacts) -> list[CauseHint]:
    hints = []
    if facts.within_tolerance:
        code, weight = ("WEIGH", 50) if facts.uom_decimals else ("NORMAL", 65)
        hints.append(
            CauseHint(
                code, weight, Message(N_("The difference is within the tolerance of its class."))
            )
        )
    if facts.difference > 0:
        hints.append(CauseHint("UNREG_IN", 20, Message(N_("More is there than the books say."))))
    else:
        text = Message(N_("Less is there than the books say."))
        hints += [CauseHint("UNREG_OUT", 25, text), CauseHint("MISSING", 20, text)]
        if facts.counted == _ZERO:
            hints.append(
                CauseHint(
                    "WRONG_BIN",
                    30,
                    Message(N_("Nothing at all is left here; it may lie in another bin.")),
                )
            )
    return hints


@dataclass(frozen=True)
class DifferingLine:
    """A differing line of a count, to be held against the others."""

    line_id: int
    item_id: int
    item_code: str
    place: str
    difference: Decimal


def seen_from(line: DifferingLine, lines: Sequence[DifferingLine]) -> tuple[OtherDifference, ...]:
    """The other differing lines as seen from ``line``."""
    return tuple(
        OtherDifference(
            other.item_code,
            other.place,
            other.difference,
            other.item_id == line.item_id,
            other.place == line.place,
        )
        for other in lines
        if other.line_id != line.line_id
    )
