"""账实差异率 over the last twelve counts, with the formula on screen."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.i18n import N_, tr
from desktop_app.domain.document_type import Editor
from desktop_app.queries import counting_metrics
from desktop_app.queries.counting_metrics import TrendPoint
from desktop_app.queries.listing import Column
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.empty_state import EmptyState
from desktop_app.views.base.field_editors import ChoiceField
from desktop_app.views.base.page import Page
from desktop_app.views.base.row_table import keep_to_rows
from desktop_app.views.base.row_table_model import RowTableModel
from desktop_app.views.base.widgets import (
    CELL_PADDING,
    muted_label,
    problem_label,
    show_problem,
    title_label,
)
from desktop_app.views.counting.figures import FIGURES, Figure, percent
from desktop_app.views.counting.trend_chart import ChartPoint, TrendChart

FIRST_SHOWN = "vdr_mean"


def _table_columns(costs: bool) -> tuple[Column, ...]:
    return (
        Column("number", N_("Number"), "", width=22),
        Column("day", N_("Date"), "", Editor.DATE, width=12),
        Column("n", N_("Lines"), "", Editor.INTEGER, width=7),
        *(
            Column(figure.id, figure.short, "", Editor.INTEGER, width=16)
            for figure in FIGURES
            if costs or not figure.money
        ),
    )


class AccuracyPage(Page):
    """A chart of one rate, the choice of the rate, and all rates as a table."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._costs = context.user.may("cost.read")
        self.points: tuple[TrendPoint, ...] = ()
        shown = [figure for figure in FIGURES if self._costs or not figure.money]
        self.choice = ChoiceField([(f.id, f.title) for f in shown], may_be_empty=False)
        self.choice.setAccessibleName(tr("Figure"))
        self.choice.show_value(FIRST_SHOWN)
        self.choice.edited.connect(self._draw)
        self.formula = muted_label("")
        self.warning = problem_label()
        self.chart = TrendChart(self)
        self.model = RowTableModel(_table_columns(self._costs), self)
        self.table = self._make_table()
        self._lay_out()

    def title(self) -> str:
        return tr("Book and shelf")

    def topics(self) -> frozenset[str]:
        return frozenset({"count", "document:stock_count"})

    def reload(self) -> None:
        self.context.operations.query(
            counting_metrics.trend,
            on_done=self._show,
            on_error=self.context.notifier.error,
            owner=self,
        )

    def _show(self, points: tuple[TrendPoint, ...]) -> None:
        self.points = points
        columns = self.model.columns
        rows = [
            (
                p.number,
                p.day,
                p.metrics.n,
                *(percent(FIGURES[c.name].read(p.metrics)) for c in columns[3:]),
            )
            for p in reversed(points)
        ]
        self.model.set_page(
            [c.name for c in columns],
            rows,
            [p.document_id for p in reversed(points)],
            has_more=False,
        )
        self._draw()

    def _draw(self) -> None:
        figure = FIGURES[str(self.choice.value() or FIRST_SHOWN)]
        self.formula.setText(
            tr("{title} = {formula}", title=tr(figure.title), formula=tr(figure.formula))
        )
        show_problem(self.warning, self._relapse(figure))
        self.chart.show_points(
            [ChartPoint(p.day.isoformat(), figure.read(p.metrics)) for p in self.points],
            good_high=figure.good_high,
        )

    def _relapse(self, figure: Figure) -> str:
        """The warning when the newest count is worse than the one before it (N27)."""
        rates = [rate for p in self.points if (rate := figure.read(p.metrics)) is not None]
        if len(rates) < 2:
            return ""
        before, now = (abs(rate) for rate in rates[-2:])
        if now >= before if figure.good_high else now <= before:
            return ""
        return tr(
            "Worse than the count before: {before} → {now}. Look for what changed.",
            before=percent(rates[-2]),
            now=percent(rates[-1]),
        )

    def _open(self, index: QModelIndex) -> None:
        self.context.open_page("count:review", {"document_id": self.model.row_id(index.row())})

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self.model)
        keep_to_rows(table, 30)
        table.activated.connect(self._open)
        letter = table.fontMetrics().horizontalAdvance("0")
        for place, column in enumerate(self.model.columns):
            words = table.fontMetrics().horizontalAdvance(tr(column.title)) + 32
            table.setColumnWidth(place, max(column.width * letter + CELL_PADDING, words))
        EmptyState(table).watch(self.model, tr("No count has been approved yet."))
        return table

    def _lay_out(self) -> None:
        choose = QHBoxLayout()
        choose.setSpacing(12)
        choose.addWidget(QLabel(tr("Figure")))
        choose.addWidget(self.choice)
        choose.addWidget(self.formula, 1)
        card = QFrame(self)
        card.setObjectName("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(12, 12, 12, 8)
        inside.addWidget(self.chart)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(10)
        column.addWidget(
            title_label(tr("Book and shelf: the last {n} counts", n=counting_metrics.TREND_LENGTH))
        )
        column.addWidget(
            muted_label(
                tr(
                    "Approved counts only. Plus is never set off against minus, except in the net value."
                )
            )
        )
        column.addLayout(choose)
        column.addWidget(self.warning)
        column.addWidget(card, 3)
        column.addWidget(self.table, 2)
        self.setFocusProxy(self.choice)


def create(context: AppContext, params: dict[str, Any]) -> AccuracyPage:
    """Factory named in the table of actions."""
    return AccuracyPage(context)
