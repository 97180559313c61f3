"""The lamp of a device: one colour, one plain sentence, the next step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desktop_app.core.i18n import N_, Message


class Colour(StrEnum):
    """GREY off · BLUE connecting · GREEN fresh data · AMBER look at it · RED does not work."""

    GREY = "grey"
    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True)
class Lamp:
    """What a screen shows beside a device; both messages are translated when shown."""

    colour: Colour
    sentence: Message
    next_step: Message | None = None
    setup: bool = False
    """Something must be set up on this PC first; the page shows how."""


OFF = Lamp(Colour.GREY, Message(N_("Switched off.")))
CONNECTING = Lamp(Colour.BLUE, Message(N_("Connecting …")))
WAITING = Lamp(Colour.BLUE, Message(N_("Connected; waiting for the first data.")))
