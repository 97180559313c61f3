"""Book against count, line by line; the figure that differs is what the eye finds first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtCore import QItemSelection, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTableView, QWidget

from desktop_app.core.i18n import N_
from desktop_app.domain.counting import CAUSE_CODES, difference_rate, within_tolerance
from desktop_app.domain.document_type import Editor
from desktop_app.queries.counting import ReviewRow
from desktop_app.queries.counting_metrics import CountReview
from desktop_app.queries.listing import Column
from desktop_app.views.base.row_table import choose_row, keep_to_rows
from desktop_app.views.base.row_table_model import RowTableModel
from desktop_app.views.base.side_panel import evidence_text
from desktop_app.views.base.widgets import CELL_PADDING

_CAUSES = {cause.code: cause.title for cause in CAUSE_CODES} | {"?": N_("cause?")}

COLUMNS = (
    Column("line_no", N_("No."), "", Editor.INTEGER, width=5),
    Column("place", N_("Bin"), "", width=10),
    Column("item", N_("Item"), "", width=13),
    Column("name", N_("Name"), "", width=24),
    Column("lot", N_("Lot"), "", width=9),
    Column("book", N_("Book then"), "", Editor.QUANTITY, width=10),
    Column("first", N_("First count"), "", Editor.QUANTITY, width=10),
    Column("second", N_("Recount"), "", Editor.QUANTITY, width=10),
    Column("difference", N_("Difference"), "", Editor.QUANTITY, width=10),
    Column("rate", N_("Rate"), "", Editor.PERCENT, width=8),
    Column("value", N_("Value"), "", Editor.MONEY, width=11, permission="cost.read"),
    Column("cause", N_("Cause"), "", Editor.CHOICE, width=18, labels=_CAUSES),
    Column("people", N_("Counted by"), "", width=18),
    Column("at", N_("Counted at"), "", Editor.TIMESTAMP, width=16),
    Column("weighed", N_("On the scale"), "", width=40),
)


class ReviewTable(QTableView):
    """Emits ``row_changed()`` when another line is current, ``entered()`` on Enter."""

    row_changed = Signal()
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ReviewRow, ...] = ()
        self.rows_model = RowTableModel(COLUMNS, self)
        self.setModel(self.rows_model)
        keep_to_rows(self, 28)
        letter = self.fontMetrics().horizontalAdvance("0")
        for place, column in enumerate(COLUMNS):
            self.setColumnWidth(place, column.width * letter + CELL_PADDING)
        self.horizontalHeader().setStretchLastSection(True)

    def show_review(self, review: CountReview) -> None:
        """Show the lines; the current one stays current."""
        row = self.current_review_row()
        self._rows = review.rows
        names = tuple(column.name for column in COLUMNS)
        self.rows_model.set_page(
            names,
            [_cells(line) for line in review.rows],
            [line.line_id for line in review.rows],
            has_more=False,
        )
        posted = any(line.book_qty is not None for line in review.rows)
        recounted = any(line.second_qty is not None for line in review.rows)
        lots = any(line.lot_code for line in review.rows)
        for name, shown in (
            ("book", posted),
            ("difference", posted),
            ("rate", posted),
            ("cause", posted),
            ("value", posted and review.sees_costs),
            ("second", recounted),
            ("lot", lots),
            ("weighed", any(line.evidence for line in review.rows)),
        ):
            self.setColumnHidden(names.index(name), not shown)
        place = self.rows_model.row_of(row.line_id) if row is not None else None
        if self._rows:
            choose_row(self, place if place is not None else self._first_difference())

    def current_review_row(self) -> ReviewRow | None:
        """The line the cursor is on."""
        at = self.currentIndex().row()
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def to_next_unexplained(self) -> None:
        """Go to the next line that differs and has no cause yet."""
        at = self.currentIndex().row()
        order = [*range(at + 1, len(self._rows)), *range(max(at, 0))]
        wanted = next(
            (n for n in order if self._rows[n].difference != 0 and not self._rows[n].cause_code),
            None,
        )
        if wanted is not None:
            choose_row(self, wanted)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.row_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            return
        super().keyPressEvent(event)

    def _first_difference(self) -> int:
        return next((n for n, row in enumerate(self._rows) if row.difference != 0), 0)


def _cells(row: ReviewRow) -> tuple[Any, ...]:
    compared = row.book_qty is not None and row.counted_qty is not None
    record = row.record()
    rate = (difference_rate(record.book, record.counted) * 100).quantize(Decimal("0.01"))
    missing = compared and not within_tolerance(record) and not row.cause_code
    people = " / ".join(person for person in (row.first_by, row.second_by) if person)
    return (
        row.line_no,
        row.location_code,
        row.item_code,
        " ".join(part for part in (row.item_name, row.spec) if part),
        row.lot_code,
        row.book_qty,
        row.first_qty,
        row.second_qty,
        row.difference if compared else None,
        rate if compared and row.difference != 0 else None,
        row.value if compared else None,
        row.cause_code or ("?" if missing else ""),
        people,
        row.second_at or row.first_at,
        evidence_text(row.evidence),
    )
