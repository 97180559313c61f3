"""Which lots and bins serve a quantity, and in which order a person walks to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from desktop_app.domain.posting import NO_BOX, NO_LOT

_ZERO = Decimal(0)


class Policy(StrEnum):
    """Which goods go first."""

    FEFO = "fefo"
    """First expired, first out; then the oldest receipt. Without expiry: last."""
    FIFO = "fifo"
    """First received, first out; then the earlier expiry."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A balance goods may be taken from. ``free_qty`` in base units, not pinned by others."""

    location_id: int
    route_seq: int
    location_code: str
    free_qty: Decimal
    received_at: datetime | None = None
    lot_id: int = NO_LOT
    lot_code: str = ""
    expires_at: datetime | None = None
    box_id: int = NO_BOX
    held: bool = False


@dataclass(frozen=True, slots=True)
class Pick:
    """Take ``qty`` > 0 base units from there."""

    candidate: Candidate
    qty: Decimal


@dataclass(frozen=True, slots=True)
class AllocationResult:
    """Picks in the order of the policy; ``shortage`` is what nothing could serve."""

    picks: tuple[Pick, ...]
    shortage: Decimal


def allocate(
    candidates: Iterable[Candidate],
    qty: Decimal,
    *,
    now: datetime,
    policy: Policy = Policy.FEFO,
) -> AllocationResult:
    """Choose lots and bins for ``qty`` base units.

    Held goods and goods expired at ``now`` (the database's clock, given by the caller)
    are never proposed. Among goods of equal age the smallest balance goes first, so that
    places become empty. Raises ValueError when ``qty`` is negative.
    """
    if qty < 0:
        raise ValueError("a negative quantity cannot be allocated")
    usable = [candidate for candidate in candidates if is_usable(candidate, now)]
    rest, picks = qty, []
    for candidate in sorted(usable, key=_ORDER[policy]):
        if rest <= 0:
            break
        taken = min(candidate.free_qty, rest)
        picks.append(Pick(candidate, taken))
        rest -= taken
    return AllocationResult(tuple(picks), rest)


def is_usable(candidate: Candidate, now: datetime) -> bool:
    """True when something is free there, not held, and not expired at ``now``."""
    if candidate.held or candidate.free_qty <= 0:
        return False
    return candidate.expires_at is None or candidate.expires_at > now


def walking_order(picks: Iterable[Pick]) -> list[Pick]:
    """Picks along the warehouse's route, then by bin code, lot and box."""
    return sorted(
        picks,
        key=lambda pick: (
            pick.candidate.route_seq,
            pick.candidate.location_code,
            pick.candidate.lot_code,
            pick.candidate.lot_id,
            pick.candidate.box_id,
        ),
    )


def allocated_qty(picks: Sequence[Pick]) -> Decimal:
    """Sum of the picked quantities, base units."""
    return sum((pick.qty for pick in picks), _ZERO)


def _age(at: datetime | None) -> tuple[bool, float]:
    """Sort key of a moment; unknown comes last."""
    return (at is None, at.timestamp() if at else 0)


def _place(candidate: Candidate) -> tuple[Any, ...]:
    return (
        candidate.free_qty,
        candidate.route_seq,
        candidate.location_code,
        candidate.lot_id,
        candidate.box_id,
        candidate.location_id,
    )


def _fefo(candidate: Candidate) -> tuple[Any, ...]:
    return (_age(candidate.expires_at), _age(candidate.received_at), _place(candidate))


def _fifo(candidate: Candidate) -> tuple[Any, ...]:
    return (_age(candidate.received_at), _age(candidate.expires_at), _place(candidate))


_ORDER: dict[Policy, Callable[[Candidate], tuple[Any, ...]]] = {
    Policy.FEFO: _fefo,
    Policy.FIFO: _fifo,
}
