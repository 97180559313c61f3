"""The step about rows: counts to click on, the grid, the reason of the cell one stands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.i18n import tr
from desktop_app.runtime.context import AppContext
from desktop_app.services.importing import reading, stage
from desktop_app.services.importing.reading import ReadIn
from desktop_app.services.importing.stage import ACTIONS, Counts, DraftRow
from desktop_app.views.base.widgets import problem_label, show_problem
from desktop_app.views.importing.draft_model import PAGE, DraftModel


class DraftPanel(QWidget):
    """Every staged row; wrong cells are written over and looked at again.

    Signals:
        changed(): the counts are others.
        failed(error): a call went wrong.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._draft: ReadIn | None = None
        self._action = ""
        self.counts = Counts()
        self.model = DraftModel(self)
        self.model.wanted.connect(self._fetch)
        self.model.typed.connect(self._mend)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        self.table.setAccessibleName(tr("Rows of the file"))
        self.table.setAlternatingRowColors(True)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(30)
        self.table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.table.selectionModel().currentChanged.connect(self._tell)
        self.why = problem_label()
        self.skipped = QLabel(self)
        self.skipped.setProperty("role", "muted")
        self._chips = QButtonGroup(self)
        self.chips: dict[str, QPushButton] = {}
        row = QHBoxLayout()
        row.setSpacing(8)
        for action in ("", *ACTIONS):
            row.addWidget(self._chip(action))
        row.addWidget(self.skipped)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        column.addWidget(self.why)

    def show_draft(
        self,
        draft: ReadIn,
        fields: Sequence[Any],
        scaled: Mapping[str, tuple[str, Decimal]] | None = None,
    ) -> None:
        """Show a draft; the refused rows first when there are any. ``scaled``: see the model."""
        self._draft, self.counts = draft, draft.counts
        self._scaled = scaled or {}
        self._fields = list(fields)
        self.skipped.setText(
            tr("{count} rows with totals left out", count=draft.skipped) if draft.skipped else ""
        )
        self._show_counts()
        self.show_only("refused" if draft.counts.refused else "")

    def show_only(self, action: str) -> None:
        """Rows of one action; "" all."""
        self._action = action
        self.chips[action].setChecked(True)
        self.model.begin(self._fields, self._scaled)
        self._widths()
        self._fetch(0)

    def _chip(self, action: str) -> QPushButton:
        chip = QPushButton(self)
        chip.setCheckable(True)
        chip.clicked.connect(lambda _c=False: self.show_only(action))
        self._chips.addButton(chip)
        self.chips[action] = chip
        return chip

    def _show_counts(self) -> None:
        self.chips[""].setText(tr("All {count}", count=f"{self.counts.rows:,}"))
        for action, title in ACTIONS.items():
            count = getattr(self.counts, action)
            self.chips[action].setText(f"{tr(title)}  {count:,}")
            self.chips[action].setEnabled(count > 0)

    def _fetch(self, after: int) -> None:
        if self._draft is not None:
            self._context.operations.query(
                stage.page,
                self._draft.draft_id,
                self._action,
                after,
                PAGE,
                on_done=self._fetched,
                on_error=self.failed.emit,
                owner=self,
            )

    def _fetched(self, rows: Sequence[DraftRow]) -> None:
        first = self.model.rowCount() == 0
        self.model.add(rows)
        if first and rows:
            self._to_first_wrong()

    def _to_first_wrong(self) -> None:
        row = self.model.row(0)
        wrong = {trouble.field for trouble in row.troubles}
        place = next((n for n, f in enumerate(self._fields) if f.name in wrong), None)
        self.table.setCurrentIndex(self.model.index(0, 0 if place is None else place + 2))

    def _mend(self, row_no: int, field: str, typed: str) -> None:
        if self._draft is not None:
            self._context.operations.command(
                reading.mend,
                self._draft.draft_id,
                row_no,
                field,
                typed,
                on_done=lambda counts: self._mended(counts, row_no),
                on_error=self.failed.emit,
                owner=self,
            )

    def _mended(self, counts: Counts, row_no: int) -> None:
        self.counts = counts
        self._show_counts()
        self.changed.emit()
        assert self._draft is not None
        self._context.operations.query(
            stage.page,
            self._draft.draft_id,
            "",
            row_no - 1,
            1,
            on_done=self._replaced,
            on_error=self.failed.emit,
            owner=self,
        )

    def _replaced(self, rows: Sequence[DraftRow]) -> None:
        if rows:
            self.model.replace(rows[0])
            self._tell(self.table.currentIndex())

    def _tell(self, current: QModelIndex, _before: QModelIndex | None = None) -> None:
        text = self.model.trouble(current)
        if not text and current.isValid():
            text = self.model.trouble(self.model.index(current.row(), 0))
        show_problem(self.why, text)

    def _widths(self) -> None:
        self.table.setColumnWidth(0, 64)
        self.table.setColumnWidth(1, 120)
        for number, field in enumerate(self._fields, start=2):
            wide = field.kind == "text"
            self.table.setColumnWidth(number, 200 if wide else 130)

    _fields: list[Any] = []
    _scaled: Mapping[str, tuple[str, Decimal]] = {}
