"""The weight of this PC's scale, taken into a field: refused with a sentence when not sure.

By hand a weight may be taken before it is steady; the record of the act says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.weighing import PIECES, UnitLock, conversion_text, grams
from desktop_app.hardware.scales.capture import Weighed

if TYPE_CHECKING:
    from desktop_app.runtime.device_host import DeviceHost, Hosted

_NO_SCALE = N_("No scale is set up on this PC.")
_SILENT = N_("{scale} shows no weight. {why}")
_MANY = N_("{scales} carry a load: empty one of them.")
_OVERLOAD = N_("{scale} is overloaded. Take something off the pan.")
_UNDERLOAD = N_("{scale} is below zero. Put the pan on, empty it and press zero.")
_ERROR = N_("{scale} reports error {code}.")
_MOVING = N_(
    "The weight is not steady yet. Wait a moment and press the key again; Shift with the key"
    " takes it as it is, on record."
)
_EMPTY = N_("The pan is empty.")
_BROKEN_COUNT = N_("{scale} shows {value} pieces; that is no count.")


@dataclass(frozen=True)
class TakenWeight:
    """A weight: as ``shown`` in the scale's ``unit`` after this program's ``tare``, and in grams.

    ``steady`` False: a person took it by hand. ``raw`` is the frame of the scale. A counting scale
    shows pieces: then the unit is PIECES and there are no grams.
    """

    scale: str
    shown: Decimal
    unit: str
    grams: Decimal
    division_g: Decimal
    steady: bool = True
    tare: Decimal | None = None
    raw: bytes = b""

    @property
    def is_count(self) -> bool:
        """The scale counted; ``shown`` are pieces."""
        return self.unit == PIECES

    @property
    def text(self) -> Message:
        """What the screen says: "Bench: 1.25 kg = 1250 g"."""
        if self.is_count:
            return Message(
                N_("{scale} counted {count}"),
                {"scale": self.scale, "count": format_quantity(self.shown)},
            )
        if self.unit == "g":
            return Message(
                N_("{scale}: {weight} g"),
                {"scale": self.scale, "weight": format_quantity(self.shown)},
            )
        converted = conversion_text(self.shown, self.unit, "g")
        return Message(N_("{scale}: {weight}"), {"scale": self.scale, "weight": converted})


def take_weight(host: DeviceHost | None, *, by_hand: bool = False) -> TakenWeight:
    """The weight of the scale of this PC, steady unless taken ``by_hand``.

    Raises UserError when there is none, it moves, is overloaded, empty, or in another unit than
    the one it is set up with (pounds never pass as kilograms).
    """
    return judged(chosen_scale(host), by_hand=by_hand)


def chosen_scale(host: DeviceHost | None) -> Hosted:
    """The scale that carries a load, else the first. Raises UserError for none, and for two loads."""
    scales = host.scales() if host is not None else ()
    if not scales:
        raise UserError(_NO_SCALE)
    loaded = [scale for scale in scales if _carries(scale)]
    if len(loaded) > 1:
        raise UserError(_MANY, scales=", ".join(scale.device.name for scale in loaded))
    return loaded[0] if loaded else scales[0]


def judged(
    hosted: Hosted,
    weighed: Weighed | None = None,
    *,
    by_hand: bool = False,
    counts: bool = False,
) -> TakenWeight:
    """The weight of that scale, now or as ``weighed``; ``counts``: pieces will do as well.

    Raises UserError as :func:`take_weight`.
    """
    name, profile = hosted.device.name, hosted.running.profile
    weighed = weighed or hosted.running.latest
    if weighed is None:
        raise UserError(_SILENT, scale=name, why=hosted.lamp.sentence)
    reading = weighed.reading
    for wrong, text in ((reading.overload, _OVERLOAD), (reading.underload, _UNDERLOAD)):
        if wrong:
            raise UserError(text, scale=name)
    if reading.error:
        raise UserError(_ERROR, scale=name, code=reading.error)
    if weighed.value is None or not (weighed.steady or by_hand):
        raise UserError(_MOVING)
    if counts and weighed.unit == PIECES:
        return _counted(name, weighed.value, weighed)
    other = UnitLock(profile.unit).problem(weighed.unit, weighed.value)
    if other is not None:
        raise UserError("{why}", why=other)
    if weighed.value <= 0 or weighed.value < profile.min_weight:
        raise UserError(_EMPTY)
    return TakenWeight(
        name,
        weighed.value,
        weighed.unit,
        grams(weighed.value, weighed.unit),
        grams(profile.division, profile.unit),
        weighed.steady,
        weighed.tare,
        reading.raw,
    )


def _counted(name: str, value: Decimal, weighed: Weighed) -> TakenWeight:
    if value == 0:
        raise UserError(_EMPTY)
    if value < 0 or value != value.to_integral_value():
        raise UserError(_BROKEN_COUNT, scale=name, value=format_quantity(value))
    nothing = Decimal(0)
    return TakenWeight(
        name, value, PIECES, nothing, nothing, weighed.steady, weighed.tare, weighed.reading.raw
    )


def _carries(hosted: Hosted) -> bool:
    latest = hosted.running.latest
    if latest is None or latest.value is None:
        return latest is not None
    return bool(abs(latest.value) >= hosted.running.profile.min_weight)
