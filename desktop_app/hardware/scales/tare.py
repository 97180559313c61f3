"""The weight of the box: known to this program or to the scale, never to both."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from enum import StrEnum

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_
from desktop_app.hardware.scales.capture import Weighed
from desktop_app.hardware.scales.reading import Mode

_ON_THE_SCALE = N_("The scale has taken a tare itself; clear it there before this program does.")
_NOT_STEADY = N_("Wait until the weight is steady, then take the tare.")


class TareOwner(StrEnum):
    """Who took the tare off the weight shown."""

    NOBODY = "nobody"
    PROGRAM = "program"
    SCALE = "scale"


class ProgramTare:
    """A tare kept by this program, in the unit of the scale.

    When the scale begins to send net weights, the program's tare is dropped, so that it is never
    taken off twice.
    """

    def __init__(self) -> None:
        self._tare: Decimal | None = None
        self._unit = ""

    @property
    def tare(self) -> Decimal | None:
        """What is taken off now; None for nothing."""
        return self._tare

    def take(self, weighed: Weighed | None) -> None:
        """Take what lies on the pan as tare.

        Raises UserError when the scale shows a net weight, no number, or is not steady.
        """
        if weighed is None or weighed.reading.value is None or not weighed.steady:
            raise UserError(_NOT_STEADY)
        self.type_in(weighed.reading.value, weighed)

    def type_in(self, tare: Decimal, weighed: Weighed) -> None:
        """Use a known tare (a box of known weight), in the unit of ``weighed``.

        Raises UserError when the scale shows a net weight.
        """
        if weighed.reading.mode is Mode.NET:
            raise UserError(_ON_THE_SCALE)
        self._tare, self._unit = tare, weighed.unit

    def clear(self) -> None:
        """Take nothing off any more."""
        self._tare = None

    def apply(self, weighed: Weighed) -> Weighed:
        """``weighed`` with the tare off; the tare is dropped when the scale has its own."""
        if weighed.reading.mode is Mode.NET or weighed.unit != self._unit:
            self._tare = None
        return weighed if self._tare is None else replace(weighed, tare=self._tare)

    def owner(self, weighed: Weighed) -> TareOwner:
        """Who took a tare off ``weighed``."""
        if weighed.reading.mode is Mode.NET:
            return TareOwner.SCALE
        return TareOwner.NOBODY if weighed.tare is None else TareOwner.PROGRAM
