"""The columns of the file and what each of them is: one choice per column, samples beside it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from desktop_app.core.i18n import tr
from desktop_app.exchange.importing.mapping import SURE
from desktop_app.services.importing.reading import FileLook
from desktop_app.views.base.tones import Tone, tone

SAMPLES = 3


class ColumnsTable(QTableWidget):
    """A row per column of the file.

    Signals:
        chosen(column, field): the person said what a column is ("" = leave it out).
    """

    chosen = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 4, parent)
        self.setHorizontalHeaderLabels(
            [tr("Column of the file"), tr("Is"), tr("First values"), tr("Note")]
        )
        self.setAccessibleName(tr("Columns of the file"))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(34)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.setColumnWidth(0, 220)
        self.setColumnWidth(1, 240)
        self.setColumnWidth(3, 240)

    def show_look(self, seen: FileLook, mapping: Any) -> None:
        """Show the columns with what they seem to be."""
        self.setRowCount(len(seen.heading.columns))
        for row, column in enumerate(seen.heading.columns):
            match = mapping.of(column.index)
            field = match.field if match is not None else None
            self._put(row, 0, column.name)
            self._put(row, 2, self._samples(seen, column.index), quiet=True)
            self._put(row, 3, self._note(match), quiet=True)
            self._choice(row, column.index, seen, field)

    def box(self, row: int) -> QComboBox:
        """The choice of that row."""
        found = self.cellWidget(row, 1)
        assert isinstance(found, QComboBox)
        return found

    def _choice(self, row: int, column: int, seen: FileLook, field: str | None) -> None:
        box = QComboBox(self)
        box.setAccessibleName(tr("What the column is"))
        box.addItem(tr("— leave it out —"), "")
        for known in seen.fields:
            box.addItem(tr(known.title) + (" *" if known.required else ""), known.name)
        box.setCurrentIndex(max(0, box.findData(field or "")))
        box.activated.connect(lambda _i: self.chosen.emit(column, str(box.currentData())))
        self.setCellWidget(row, 1, box)

    def _put(self, row: int, column: int, text: str, *, quiet: bool = False) -> None:
        cell = QTableWidgetItem(text)
        cell.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        cell.setToolTip(text)
        if quiet:
            cell.setForeground(tone(Tone.MUTED))
        self.setItem(row, column, cell)

    @staticmethod
    def _samples(seen: FileLook, index: int) -> str:
        below = (row for row in seen.first_rows if row.row_no > seen.heading.last_row)
        values = (row.cell(index).text for row in below)
        return "  |  ".join([value for value in values if value][:SAMPLES])

    @staticmethod
    def _note(match: Any) -> str:
        if match is None:
            return tr("Left out")
        sure = match.confidence >= SURE
        return (tr("By its name") if sure else tr("Guessed: please look")) + (
            f" · {match.key}" if match.key else ""
        )
