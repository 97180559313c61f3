"""The figures of a count as data: title, formula and how each is read from the metrics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from desktop_app.core.i18n import N_
from desktop_app.core.registry import Registry
from desktop_app.domain.counting import CountMetrics


@dataclass(frozen=True)
class Figure:
    """One rate; ``short`` heads a column. ``good_high``: 100 % is best; ``money``: only for those who see costs."""

    id: str
    title: str
    short: str
    formula: str
    read: Callable[[CountMetrics], Decimal | None]
    good_high: bool = False
    money: bool = False


FIGURES = Registry(
    (
        Figure(
            "ira",
            N_("Right within tolerance"),
            N_("Within tolerance"),
            N_("records within tolerance ÷ records counted"),
            lambda m: m.ira,
            good_high=True,
        ),
        Figure(
            "ira_exact",
            N_("Exactly right"),
            N_("Exact"),
            N_("records without any difference ÷ records counted"),
            lambda m: m.ira_exact,
            good_high=True,
        ),
        Figure(
            "vdr_mean",
            N_("Book–shelf difference, mean"),
            N_("Mean difference"),
            N_("mean of |book − counted| ÷ the larger of both; book 0 and goods there: 100 %"),
            lambda m: m.vdr_mean,
        ),
        Figure(
            "vdr_sum",
            N_("Book–shelf difference, by quantity"),
            N_("By quantity"),
            N_("Σ |book − counted| ÷ Σ book"),
            lambda m: m.vdr_sum,
        ),
        Figure(
            "val_gap_abs",
            N_("Book–shelf difference, by value"),
            N_("By value"),
            N_("Σ |counted − book| × cost ÷ Σ book × cost"),
            lambda m: m.val_gap_abs,
            money=True,
        ),
        Figure(
            "val_gap_net",
            N_("Net value gap"),
            N_("Net value"),
            N_("Σ (counted − book) × cost ÷ Σ book × cost"),
            lambda m: m.val_gap_net,
            money=True,
        ),
    ),
    key=lambda figure: figure.id,
)


def percent(rate: Decimal | None, places: int = 2) -> str:
    """A share as text, "1.20 %" (the space does not break); a dash when its divisor is zero."""
    return "—" if rate is None else f"{rate * 100:.{places}f}\u00a0%"
