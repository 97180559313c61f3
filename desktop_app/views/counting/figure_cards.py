"""The rates of a count as a row of cards, each with its formula below."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.core.i18n import tr
from desktop_app.domain.counting import CountMetrics
from desktop_app.views.base.widgets import heading, muted_label
from desktop_app.views.counting.figures import FIGURES, percent

SHOWN = ("ira", "ira_exact", "vdr_mean", "vdr_sum", "val_gap_abs")


class FigureCards(QWidget):
    """Shows the rates and says how each is worked out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._values: dict[str, QLabel] = {}
        self._formulas: dict[str, QLabel] = {}
        self._cards: dict[str, QFrame] = {}
        for name in SHOWN:
            row.addWidget(self._card(name), 1)

    def show_metrics(
        self, metrics: CountMetrics, by_class: Mapping[str, CountMetrics], sees_costs: bool
    ) -> None:
        """Show the rates; those in money only to holders of the right."""
        remarks = {"ira": _certainty(metrics), "ira_exact": _classes(by_class)}
        for name, card in self._cards.items():
            figure = FIGURES[name]
            self._values[name].setText(percent(figure.read(metrics)))
            self._formulas[name].setText(f"{tr(figure.formula)}\n{remarks.get(name, '')}".strip())
            card.setVisible(sees_costs or not figure.money)

    def _card(self, name: str) -> QFrame:
        card = QFrame(self)
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(2)
        self._values[name] = heading("—")
        self._formulas[name] = muted_label("")
        column.addWidget(QLabel(tr(FIGURES[name].title)))
        column.addWidget(self._values[name])
        column.addWidget(self._formulas[name])
        column.addStretch(1)
        self._cards[name] = card
        return card


def _certainty(metrics: CountMetrics) -> str:
    if not metrics.n:
        return ""
    return tr(
        "{low}–{high} % with 95 % certainty, n = {n}",
        low=f"{metrics.ira_interval.low * 100:.0f}",
        high=f"{metrics.ira_interval.high * 100:.0f}",
        n=metrics.n,
    )


def _classes(by_class: Mapping[str, CountMetrics]) -> str:
    if len(by_class) < 2:
        return ""
    return " · ".join(
        f"{name} {percent(found.ira_exact, 0)} (n = {found.n})" for name, found in by_class.items()
    )
