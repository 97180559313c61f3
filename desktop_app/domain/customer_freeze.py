"""Why a customer's new orders are frozen (N9), from the text kept with the customer."""

from __future__ import annotations

from desktop_app.core.i18n import N_, Message

LATE = "late:"
"""Begins the text when orders waited too long; their numbers follow (sql/85_parties_places)."""
HOURS = 48
"""How long an order may wait to ship before its customer is frozen."""


def frozen_because(kept: str) -> Message | None:
    """The sentence behind the kept text; None for a customer who is not frozen."""
    if not kept:
        return None
    if kept.startswith(LATE):
        return Message(
            N_("waiting to ship for more than {hours} hours: {numbers}"),
            {"numbers": kept.removeprefix(LATE), "hours": HOURS},
        )
    return Message("{reason}", {"reason": kept})
