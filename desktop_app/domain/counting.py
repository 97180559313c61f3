"""Blind counts: the provable draw, tolerance, difference metrics and cause codes.

Rates are fractions (0.012 is 1.2 %). Plus is never netted against minus except in the
one figure that says so (net value gap).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

from desktop_app.core.i18n import N_
from desktop_app.core.registry import Registry

_ZERO = Decimal(0)
_ONE = Decimal(1)
_WIDE = Context(prec=60)

Z_95 = Decimal("1.959964")
"""Standard normal quantile of a two-sided 95 % interval."""

CLASS_TOLERANCE: dict[str, Decimal] = {
    "A": Decimal("0.01"),
    "B": Decimal("0.03"),
    "C": Decimal("0.05"),
}
"""Share of the book quantity a count may differ by, per ABC class (inclusive)."""


def draw(candidates: Iterable[int], size: int, seed: int) -> tuple[int, ...]:
    """The ids to count: a random sample that anybody can draw again.

    How to prove a draw: sort the candidate ids ascending, drop repeats, then
    ``random.Random(seed).sample(ids, size)`` (Mersenne Twister, CPython). Seed and the
    number of candidates are kept with the plan. Fewer candidates than ``size``: all of
    them. Raises ValueError when ``size`` is negative.
    """
    if size < 0:
        raise ValueError("a sample has no negative size")
    ordered = sorted(set(candidates))
    return tuple(random.Random(seed).sample(ordered, min(size, len(ordered))))


@dataclass(frozen=True)
class CountedRecord:
    """One counted item × place × lot: book at the counting second, and what was counted.

    Quantities in base units; ``unit_cost`` in company currency per base unit.
    """

    book: Decimal
    counted: Decimal
    abc_class: str = "C"
    unit_cost: Decimal = _ZERO
    tolerance: Decimal | None = None
    """Share of the book allowed; None: that of the ABC class."""

    @property
    def difference(self) -> Decimal:
        """Counted − book: surplus positive, missing negative."""
        return self.counted - self.book


def allowed_difference(record: CountedRecord) -> Decimal:
    """Largest difference, in base units, that is still accepted."""
    share = record.tolerance
    if share is None:
        share = CLASS_TOLERANCE.get(record.abc_class, _ZERO)
    return abs(record.book) * share


def within_tolerance(record: CountedRecord) -> bool:
    """True when the book counts as right. Book 0 tolerates nothing."""
    return abs(record.difference) <= allowed_difference(record)


def needs_recount(record: CountedRecord) -> bool:
    """True when another person must count this record again."""
    return not within_tolerance(record)


def difference_rate(book: Decimal, counted: Decimal) -> Decimal:
    """|book − counted| ÷ max(book, counted), at most 1; book 0 with a count is 1 (100 %)."""
    if book == counted:
        return _ZERO
    largest = max(book, counted)
    if book <= 0 or largest <= 0:
        return _ONE
    return min(_ONE, abs(book - counted) / largest)


def book_rate(book: Decimal, counted: Decimal) -> Decimal | None:
    """|book − counted| ÷ book, the form owners quote; None when the book says 0."""
    return abs(book - counted) / book if book > 0 else None


@dataclass(frozen=True)
class Interval:
    """Bounds of a share, both within 0..1."""

    low: Decimal
    high: Decimal


def wilson(successes: int, n: int, z: Decimal = Z_95) -> Interval:
    """Wilson score interval of ``successes`` in ``n`` draws.

    (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n). Without draws nothing is known:
    0..1. Raises ValueError unless 0 <= successes <= n.
    """
    if not 0 <= successes <= n:
        raise ValueError("successes lie between 0 and n")
    if n == 0:
        return Interval(_ZERO, _ONE)
    share, z2 = Decimal(successes) / n, z * z
    half = z * _WIDE.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    middle, scale = share + z2 / (2 * n), 1 + z2 / n
    low = _ZERO if successes == 0 else max(_ZERO, (middle - half) / scale)
    high = _ONE if successes == n else min(_ONE, (middle + half) / scale)
    return Interval(low, high)


@dataclass(frozen=True)
class CountMetrics:
    """How far books and goods are apart; a rate is None when its divisor is zero."""

    n: int
    ira: Decimal | None
    """Records within tolerance ÷ records (库存准确率)."""
    ira_interval: Interval
    ira_exact: Decimal | None
    """Records with no difference ÷ records (严格相符率)."""
    vdr_mean: Decimal | None
    """Mean of ``difference_rate`` (平均账实差异率)."""
    vdr_book: Decimal | None
    """Mean of ``book_rate`` over records whose book is above zero."""
    vdr_sum: Decimal | None
    """Σ|book − counted| ÷ Σ book (差异率汇总)."""
    val_gap_net: Decimal | None
    """Σ(counted − book)·cost ÷ Σ book·cost."""
    val_gap_abs: Decimal | None
    """Σ|counted − book|·cost ÷ Σ book·cost."""


def metrics(records: Sequence[CountedRecord]) -> CountMetrics:
    """All rates of one count. Book 0 with something counted makes a summed rate 1."""
    n = len(records)
    right = sum(1 for record in records if within_tolerance(record))
    exact = sum(1 for record in records if record.difference == 0)
    rates = [difference_rate(record.book, record.counted) for record in records]
    quoted = [book_rate(record.book, record.counted) for record in records]
    known = [rate for rate in quoted if rate is not None]
    book = _total(record.book for record in records)
    book_value = _total(record.book * record.unit_cost for record in records)
    gap = _total(abs(record.difference) for record in records)
    net = _total(record.difference * record.unit_cost for record in records)
    gross = _total(abs(record.difference) * record.unit_cost for record in records)
    return CountMetrics(
        n=n,
        ira=_mean(Decimal(right), n),
        ira_interval=wilson(right, n),
        ira_exact=_mean(Decimal(exact), n),
        vdr_mean=_mean(_total(rates), n),
        vdr_book=_mean(_total(known), len(known)),
        vdr_sum=_rate(gap, book, n),
        val_gap_net=_rate(net, book_value, n),
        val_gap_abs=_rate(gross, book_value, n),
    )


def metrics_by_class(records: Sequence[CountedRecord]) -> dict[str, CountMetrics]:
    """The same rates per ABC class, in class order."""
    classes = sorted({record.abc_class for record in records})
    return {
        name: metrics([record for record in records if record.abc_class == name])
        for name in classes
    }


def _total(values: Iterable[Decimal]) -> Decimal:
    return sum(values, _ZERO)


def _mean(total: Decimal, n: int) -> Decimal | None:
    return total / n if n else None


def _rate(part: Decimal, whole: Decimal, n: int) -> Decimal | None:
    if n == 0:
        return None
    if whole == 0:
        return _ZERO if part == 0 else _ONE
    return part / whole


@dataclass(frozen=True)
class CauseCode:
    """Why book and goods differ. ``code`` is permanent."""

    code: str
    title: str


CAUSE_CODES = Registry(
    (
        CauseCode("NORMAL", N_("Normal deviation")),
        CauseCode("MISSING", N_("Lost")),
        CauseCode("DAMAGE", N_("Damaged")),
        CauseCode("UNREG_IN", N_("Receipt not recorded")),
        CauseCode("UNREG_OUT", N_("Issue not recorded")),
        CauseCode("WRONG_BIN", N_("Put in the wrong bin")),
        CauseCode("WRONG_ITEM", N_("Wrong item issued or finishes mixed up")),
        CauseCode("UNIT", N_("Wrong unit or conversion")),
        CauseCode("COUNT", N_("Counting mistake")),
        CauseCode("LATE_DOC", N_("Document came late")),
        CauseCode("LOSS_PARAM", N_("Loss rate not updated")),
        CauseCode("LABEL", N_("Wrong label")),
        CauseCode("SCRAP_UNREC", N_("Scrap not recorded")),
        CauseCode("BORROW", N_("Lending not recorded")),
        CauseCode("WEIGH", N_("Weighing error")),
        CauseCode("PROCESSOR", N_("Difference at the subcontractor")),
        CauseCode("THEFT", N_("Suspected theft")),
        CauseCode("OTHER", N_("Other cause")),
    ),
    key=lambda cause: cause.code,
)
"""Without classes nobody can tell loss, wrong entry, theft and system fault apart."""
