"""What a scale showed for an act, and what a person made of it: evidence kept with the act.

Who and at which PC stands with the act itself. A quantity that was typed over the scale's is told
beside it, so that nobody can say later that the scale had shown it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from desktop_app.core.i18n import N_, Message
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.weighing import shown_unit

EVIDENCE = "weighings"
"""The key of the list of records in an act's evidence."""

_SHOWN = N_("{scale} showed {weight}")
_NOTHING = N_("no scale showed a weight")
_TARE = N_("after {tare} for the box")
_MOVING = N_("taken by hand before it was steady")
_LIKE = N_("weighs like {pieces} ± {margin}")
_ABOUT = N_("weighs like about {pieces}")
_TYPED = N_("{qty} {unit} typed by hand")


@dataclass(frozen=True)
class WeighingRecord:
    """One load on the scale, or a weight that was typed without one.

    ``shown`` is the display in ``unit`` after ``tare``, None when no scale showed anything;
    ``pieces`` ± ``margin`` is what it weighs like, None when the weight itself is the quantity.
    ``proposed`` is the quantity the program filled in, ``entered`` the one posted, in
    ``entered_unit``. ``raw`` is the frame of the scale in hex.
    """

    entered: Decimal
    entered_unit: str
    item: str = ""
    scale: str = ""
    shown: Decimal | None = None
    unit: str = ""
    tare: Decimal | None = None
    steady: bool = True
    pieces: int | None = None
    margin: int | None = None
    proposed: Decimal | None = None
    raw: str = ""

    @property
    def by_hand(self) -> bool:
        """A person decided the quantity, not the scale."""
        return self.proposed is None or self.entered != self.proposed or not self.steady

    def as_json(self) -> dict[str, str]:
        """Plain JSON; what is not known is left out."""
        told = {
            "item": self.item,
            "scale": self.scale,
            "shown": _plain(self.shown),
            "unit": self.unit if self.shown is not None else "",
            "tare": _plain(self.tare),
            "steady": ("yes" if self.steady else "no") if self.shown is not None else "",
            "pieces": "" if self.pieces is None else str(self.pieces),
            "margin": "" if self.margin is None else str(self.margin),
            "proposed": _plain(self.proposed),
            "entered": _plain(self.entered),
            "entered_unit": self.entered_unit,
            "manual": "yes" if self.by_hand else "no",
            "raw": self.raw,
        }
        return {key: value for key, value in told.items() if value}

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> WeighingRecord | None:
        """The record written by :meth:`as_json`; None when it is none of this version's."""
        entered = _number(kept.get("entered"))
        if entered is None:
            return None
        pieces, margin = _number(kept.get("pieces")), _number(kept.get("margin"))
        return WeighingRecord(
            entered,
            str(kept.get("entered_unit") or ""),
            str(kept.get("item") or ""),
            str(kept.get("scale") or ""),
            _number(kept.get("shown")),
            str(kept.get("unit") or ""),
            _number(kept.get("tare")),
            kept.get("steady") != "no",
            None if pieces is None else int(pieces),
            None if margin is None else int(margin),
            _number(kept.get("proposed")),
            str(kept.get("raw") or ""),
        )

    def sentences(self) -> tuple[Message, ...]:
        """What the history says of it, part by part."""
        parts = [self._display()]
        if self.tare is not None:
            parts.append(Message(_TARE, {"tare": f"{format_quantity(self.tare)} {self.unit}"}))
        if not self.steady:
            parts.append(Message(_MOVING))
        if self.pieces is not None:
            text = _ABOUT if self.margin is None else _LIKE
            parts.append(Message(text, {"pieces": self.pieces, "margin": self.margin}))
        if self.proposed is None or self.entered != self.proposed:
            facts = {"qty": format_quantity(self.entered), "unit": self.entered_unit}
            parts.append(Message(_TYPED, facts))
        return tuple(parts)

    def _display(self) -> Message:
        if self.shown is None:
            return Message(_NOTHING)
        weight = f"{format_quantity(self.shown)} {shown_unit(self.unit)}"
        return Message(_SHOWN, {"scale": self.scale, "weight": weight})


def _plain(value: Decimal | None) -> str:
    return "" if value is None else format_quantity(value)


def _number(kept: Any) -> Decimal | None:
    try:
        value = Decimal(str(kept)) if kept not in (None, "") else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() else None
