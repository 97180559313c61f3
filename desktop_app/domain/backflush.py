"""How much of each issued component a reported quantity of product has used up."""

from __future__ import annotations

from decimal import Decimal

from desktop_app.domain.bom import round_up


def consumption(
    planned: Decimal,
    total: Decimal,
    made_before: Decimal,
    now: Decimal,
    used_before: Decimal,
    decimals: int,
) -> Decimal:
    """What making ``now`` more of the product uses of a component, base units.

    ``planned`` of it (loss included) make ``total`` of the product. The use is proportional
    to everything made so far and rounded up to the unit's ``decimals``, less what was used
    before: many small reports use as much as one large one. Never negative. Raises
    ValueError when ``total`` is not above zero.
    """
    if total <= 0:
        raise ValueError("an order makes more than nothing")
    so_far = round_up(planned * (made_before + now) / total, decimals)
    return max(Decimal(0), so_far - used_before)
