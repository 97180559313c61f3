"""Weights: units, counting by weight, learning what one piece weighs.

Everything is Decimal and exact up to one rounding. The spread is the standard deviation of one
piece in grams, so a count by weight says how sure it is: "weighs like 236 ± 1". With unit weight
u from N pieces, spread s and a scale of division d, n pieces weigh n·u with the variance
n·s² + n²·s²/N + d²/12 (the last is the rounding of the display, uniform over one division).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message
from desktop_app.domain.quantities import SCALE, format_quantity, round_half_up
from desktop_app.domain.units import GRAMS, canonical

CONFIDENCE = Decimal(2)
"""Standard deviations either side of a count: 95 of 100 true counts lie within."""

COARSEST_PERCENT = Decimal(50)
"""A scale counts pieces only when its division is at most this part of one piece."""

LEAST_WEIGHINGS = 3
"""Weighings after which a spread is told."""

PIECES = N_("pcs")
"""The unit of a scale in counting mode."""

_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_TWELVE = Decimal(12)

_NO_WEIGHT_UNIT = N_("“{unit}” is no unit of weight; known: kg, g, t, 斤, lb, oz.")
_OTHER_UNIT = N_("The scale shows {shown}, but {locked} is expected here. Switch its unit back.")
_OTHER_WEIGHT = N_("The scale shows {weight}, but {locked} is expected here. Switch its unit back.")
_CONVERTED = N_("{shown} = {converted}")
_TOO_COARSE = N_(
    "This scale is too coarse for counting: one division is {division} g, one piece {piece} g."
)
_PIECES_NEEDED = N_(
    "Put on at least {pieces} pieces, so that the scale's division does not matter."
)
_ODD_SAMPLE = N_("This sample weighs {found} g a piece, the others {known} g. Counted right?")


# ---------------------------------------------------------------- units


def grams(value: Decimal, unit: str, *, field: str = "weight") -> Decimal:
    """``value`` ``unit`` in grams, exactly. Raises InvalidInput at ``field`` for no weight unit."""
    factor = _factor(unit, field)
    # every factor is a finite decimal: the pound is 453.59237 g
    return _EXACT.divide(
        _EXACT.multiply(value, Decimal(factor.numerator)), Decimal(factor.denominator)
    )


def convert_weight(
    value: Decimal, unit: str, into: str, places: int = SCALE, *, field: str = "weight"
) -> Decimal:
    """``value`` in another unit, rounded once, half up, to ``places`` decimals.

    Raises InvalidInput at ``field`` when one of the two is no unit of weight.
    """
    if canonical(unit) == canonical(into):
        return value
    exact = Fraction(value) * _factor(unit, field) / _factor(into, field)
    scaled = exact * 10**places
    whole = (2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if exact >= 0 else -whole).scaleb(-places)


@dataclass(frozen=True)
class UnitLock:
    """The unit a screen expects from the scale, so that pounds never pass as kilograms."""

    unit: str

    def problem(self, shown: str, value: Decimal | None = None) -> Message | None:
        """Why a weight in ``shown`` must not be taken; None when the unit is the locked one.

        With its ``value`` the sentence tells what it would be in the expected unit.
        """
        if canonical(shown) == canonical(self.unit):
            return None
        if value is not None and {canonical(shown), canonical(self.unit)} <= set(GRAMS):
            weight = conversion_text(value, shown, self.unit)
            return Message(_OTHER_WEIGHT, {"weight": weight, "locked": self.unit})
        return Message(_OTHER_UNIT, {"shown": shown_unit(shown), "locked": self.unit})


def shown_unit(unit: str) -> str:
    """A scale's unit as people read it; that of a counting scale is a word."""
    return str(Message(PIECES)) if unit == PIECES else unit


def conversion_text(value: Decimal, unit: str, into: str) -> Message:
    """What a screen shows beside a converted weight: "0.5 kg = 500 g"."""
    converted = convert_weight(value, unit, into)
    return Message(
        _CONVERTED,
        {
            "shown": f"{format_quantity(value)} {unit}",
            "converted": f"{format_quantity(converted)} {into}",
        },
    )


# ---------------------------------------------------------------- learning


@dataclass(frozen=True)
class Sample:
    """One weighing of counted pieces: ``net_g`` grams for ``pieces``."""

    pieces: int
    net_g: Decimal

    def __post_init__(self) -> None:
        if self.pieces <= 0 or self.net_g <= 0:
            raise ValueError("a sample has pieces and a weight")


@dataclass(frozen=True)
class UnitWeight:
    """What one piece weighs. ``spread_g`` is None until enough was weighed.

    ``pieces`` were counted for it in ``weighings`` weighings (LEAST_WEIGHINGS when not remembered).
    """

    mean_g: Decimal
    spread_g: Decimal | None = None
    pieces: int = 0
    weighings: int = LEAST_WEIGHINGS

    def __post_init__(self) -> None:
        if self.mean_g <= 0 or (self.spread_g is not None and self.spread_g < 0):
            raise ValueError("a unit weight is above zero, a spread not below it")


def learn(samples: Sequence[Sample], division_g: Decimal = Decimal(0)) -> UnitWeight:
    """The unit weight from counted samples of any size.

    Mean = Σ weight ÷ Σ pieces. Variance of one piece = Σ (weight − n·mean)² / n ÷ (k − 1) for k
    samples, less what the division of the scale explains; both to six decimals. Raises ValueError without samples.
    """
    if not samples:
        raise ValueError("nothing was weighed")
    pieces = sum(sample.pieces for sample in samples)
    total = sum((sample.net_g for sample in samples), Decimal(0))
    mean = _EXACT.divide(total, Decimal(pieces))
    spread = None
    if len(samples) >= LEAST_WEIGHINGS:
        squares = Decimal(0)
        rounding = Decimal(0)
        for sample in samples:
            off = sample.net_g - sample.pieces * mean
            squares += _EXACT.divide(off * off, Decimal(sample.pieces))
            rounding += _EXACT.divide(division_g * division_g, _TWELVE * sample.pieces)
        variance = _EXACT.divide(squares, Decimal(len(samples) - 1))
        variance -= _EXACT.divide(rounding, Decimal(len(samples)))
        spread = round_half_up(_EXACT.sqrt(max(variance, Decimal(0))), SCALE)
    return UnitWeight(round_half_up(mean, SCALE), spread, pieces, len(samples))


def merge(known: UnitWeight, fresh: UnitWeight) -> UnitWeight:
    """What is known with what was newly learnt: means by pieces, spreads by weighings.

    The difference between the two means counts as one more weighing's spread, so a drift of
    the goods widens the spread instead of hiding in the mean.
    """
    pieces = known.pieces + fresh.pieces
    if known.pieces <= 0 or pieces <= 0:
        return fresh
    weight = known.mean_g * known.pieces + fresh.mean_g * fresh.pieces
    mean = _EXACT.divide(weight, Decimal(pieces))
    off = known.mean_g - fresh.mean_g
    between = _EXACT.divide(off * off * known.pieces * fresh.pieces, Decimal(pieces))
    squares, free = between, 1
    for one in (known, fresh):
        if one.spread_g is not None:
            squares += one.spread_g * one.spread_g * (one.weighings - 1)
            free += one.weighings - 1
    told = known.spread_g is not None or fresh.spread_g is not None
    spread = round_half_up(_EXACT.sqrt(_EXACT.divide(squares, Decimal(free))), SCALE)
    return UnitWeight(
        round_half_up(mean, SCALE),
        spread if told else None,
        pieces,
        known.weighings + fresh.weighings,
    )


def odd_sample(known: UnitWeight, sample: Sample, division_g: Decimal) -> Message | None:
    """Why a sample looks miscounted beside what is known; None when it fits.

    It does not fit when another number of pieces explains its weight better.
    """
    like = _EXACT.divide(sample.net_g, known.mean_g).to_integral_value(ROUND_HALF_UP)
    off = abs(sample.net_g - sample.pieces * known.mean_g)
    if like == sample.pieces or off <= division_g:
        return None
    found = _EXACT.divide(sample.net_g, Decimal(sample.pieces))
    return Message(_ODD_SAMPLE, {"found": _plain(found, 3), "known": _plain(known.mean_g, 3)})


def pieces_to_learn(rough_g: Decimal, division_g: Decimal, percent: Decimal = Decimal(1)) -> int:
    """How many pieces make half a division less than ``percent`` of the sample's weight."""
    if rough_g <= 0 or percent <= 0:
        raise ValueError("a weight and a share are above zero")
    needed = _EXACT.divide(division_g * 50, rough_g * percent)
    return max(1, int(needed.to_integral_value(ROUND_CEILING)))


def check_sample_size(sample: Sample, division_g: Decimal) -> Message | None:
    """Why a sample is too small to learn from; None when it is large enough."""
    piece = _EXACT.divide(sample.net_g, Decimal(sample.pieces))
    needed = pieces_to_learn(piece, division_g)
    return None if sample.pieces >= needed else Message(_PIECES_NEEDED, {"pieces": needed})


# ---------------------------------------------------------------- counting


@dataclass(frozen=True)
class CountEstimate:
    """How many pieces a weight stands for. ``low`` to ``high`` are the whole counts that fit.

    ``margin`` is None while the spread is unknown. ``whole`` is False when no whole count fits:
    other goods in between, or a wrong tare.
    """

    pieces: int
    exact: Decimal
    margin: int | None
    low: int
    high: int
    whole: bool = True

    @property
    def message(self) -> Message:
        """The sentence of the screen."""
        if not self.whole:
            low = int(self.exact.to_integral_value(ROUND_FLOOR))
            return Message(
                N_("Between {low} and {high} pieces: mixed goods, or a wrong tare?"),
                {"low": low, "high": low + 1},
            )
        if self.margin is None:
            return Message(N_("Weighs like about {pieces}"), {"pieces": self.pieces})
        return Message(
            N_("Weighs like {pieces} ± {margin}"), {"pieces": self.pieces, "margin": self.margin}
        )

    def difference(self, claimed: int) -> int:
        """Pieces more (+) or less (−) than claimed by weight; 0 when the claim fits."""
        return 0 if self.low <= claimed <= self.high else self.pieces - claimed


def count_by_weight(
    net_g: Decimal,
    unit: UnitWeight,
    division_g: Decimal = Decimal(0),
    confidence: Decimal = CONFIDENCE,
) -> CountEstimate:
    """How many pieces ``net_g`` grams are.

    Raises InvalidInput at "weight" when the division is too coarse for such pieces, and for a
    weight below zero.
    """
    if net_g < 0:
        raise InvalidInput((FieldProblem("weight", Message(N_("It cannot be negative."))),))
    if division_g * 100 > unit.mean_g * COARSEST_PERCENT:
        facts = {"division": format_quantity(division_g), "piece": _plain(unit.mean_g, 3)}
        raise InvalidInput((FieldProblem("weight", Message(_TOO_COARSE, facts)),))
    exact = _EXACT.divide(net_g, unit.mean_g)
    pieces = int(exact.to_integral_value(ROUND_HALF_UP))
    if unit.spread_g is None:
        return CountEstimate(pieces, exact, None, pieces, pieces)
    reach = _EXACT.divide(confidence * _deviation(exact, unit, division_g), unit.mean_g)
    low = max(0, int((exact - reach).to_integral_value(ROUND_CEILING)))
    high = int((exact + reach).to_integral_value(ROUND_FLOOR))
    if low > high:
        return CountEstimate(pieces, exact, 0, pieces, pieces, whole=False)
    return CountEstimate(pieces, exact, max(high - pieces, pieces - low), low, high)


def expected_weight(
    pieces: int,
    unit: UnitWeight,
    division_g: Decimal = Decimal(0),
    confidence: Decimal = CONFIDENCE,
) -> tuple[Decimal, Decimal]:
    """What ``pieces`` weigh and how far off they may be, both in grams."""
    allowed = confidence * _deviation(Decimal(pieces), unit, division_g)
    return pieces * unit.mean_g, allowed


def _deviation(pieces: Decimal, unit: UnitWeight, division_g: Decimal) -> Decimal:
    spread = unit.spread_g or Decimal(0)
    variance = pieces * spread * spread
    if unit.pieces > 0:
        variance += _EXACT.divide((pieces * spread) ** 2, Decimal(unit.pieces))
    variance += _EXACT.divide(division_g * division_g, _TWELVE)
    return _EXACT.sqrt(variance)


def _plain(value: Decimal, places: int) -> str:
    return format_quantity(value.quantize(Decimal(1).scaleb(-places), context=_EXACT))


def _factor(unit: str, field: str) -> Fraction:
    factor = GRAMS.get(canonical(unit))
    if factor is None:
        raise InvalidInput((FieldProblem(field, Message(_NO_WEIGHT_UNIT, {"unit": unit})),))
    return factor
