"""The last fifty codes of this PC: what each one was, and teaching the unknown ones."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from desktop_app.core import clock
from desktop_app.core.i18n import N_, tr
from desktop_app.core.paths import documents_dir
from desktop_app.core.settings import EXPORT_FOLDER
from desktop_app.domain.symbologies import name_of
from desktop_app.exchange.xlsx import XlsxColumn, write_table
from desktop_app.runtime.context import AppContext
from desktop_app.runtime.scans import ScanEntry, source_title
from desktop_app.views.base.empty_state import EmptyState
from desktop_app.views.base.page import Page
from desktop_app.views.base.page_services import ServiceCall
from desktop_app.views.base.pickers import PickerField
from desktop_app.views.base.row_table import choose_row, keep_to_rows
from desktop_app.views.base.widgets import (
    heading,
    muted_label,
    primary_button,
    problem_label,
    show_problem,
    title_label,
)
from desktop_app.views.theme import current

PERMISSION = "master.write"
COLUMNS = (N_("Time"), N_("Code"), N_("Answer"), N_("Symbol"), N_("Scanner"))
RESULTS = {"ok": N_("understood"), "unknown": N_("unknown"), "wrong": N_("refused")}
_CODE_COLUMN, _ANSWER_COLUMN = 1, 2


class ScanLogPage(Page):
    """Unknown codes stand in red; the chosen one can be taught to an item below."""

    def __init__(self, context: AppContext, search: ServiceCall, teach: ServiceCall) -> None:
        super().__init__(context)
        self._teach = teach
        self._entries: tuple[ScanEntry, ...] = ()
        self.table = self._make_table()
        self.prompt = heading("")
        self.item = PickerField(context, search, ("item",), self)
        self.item.setAccessibleName(tr("Item"))
        self.item.setMinimumWidth(320)
        self.problem = problem_label()
        self.save_button = primary_button(tr("Teach (Ctrl+S)"))
        self.save_button.clicked.connect(self.teach)
        self.item.edited.connect(self._enable)
        self.item.moved_on.connect(self.save_button.setFocus)
        self.table.itemSelectionChanged.connect(self._chosen)
        QShortcut(QKeySequence("Ctrl+S"), self, self.save_button.click)
        QShortcut(QKeySequence("F2"), self.table, self.item.setFocus)
        QShortcut(QKeySequence("Ctrl+E"), self, self.ask_and_export)
        copy = QShortcut(QKeySequence.StandardKey.Copy, self.table, self.copy)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        self._lay_out()
        if context.scans is not None:
            context.scans.history.changed.connect(self._changed)
        self.setFocusProxy(self.table)

    def title(self) -> str:
        return tr("Last scans")

    def reload(self) -> None:
        """Show what the hub remembers; the chosen row stays chosen."""
        if self.context.scans is None:
            return
        chosen = self.entry()
        self._entries = self.context.scans.history.entries
        self.table.blockSignals(True)
        self.table.setRowCount(len(self._entries))
        for row, entry in enumerate(self._entries):
            self._fill(row, entry)
        self.table.blockSignals(False)
        self._choose(chosen)

    def entry(self) -> ScanEntry | None:
        """The chosen scan."""
        row = self.table.currentRow()
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def teach(self) -> None:
        """From now on the chosen code names the picked item."""
        entry, item_id = self.entry(), self.item.value()
        if entry is None or item_id is None or not self._may():
            return
        show_problem(self.problem, "")
        self.context.operations.command(
            self._teach,
            entry.symbology + entry.code,
            item_id,
            on_done=lambda title: self._taught(entry, str(title)),
            on_error=self._refused,
            owner=self,
        )

    def copy(self) -> None:
        """The table as text with tabs, for Excel."""
        lines = ["\t".join(tr(title) for title in COLUMNS)]
        lines += ["\t".join(self._cells(entry)) for entry in self._entries]
        QApplication.clipboard().setText("\n".join(lines))

    def ask_and_export(self) -> None:
        """Ctrl+E: choose a file for the list."""
        folder = self.context.settings.get(EXPORT_FOLDER) or str(documents_dir())
        name = f"{tr('Last scans')}-{clock.now():%Y%m%d-%H%M}.xlsx"
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            tr("Export to Excel"),
            str(Path(folder) / name),
            tr("Excel workbook (*.xlsx)"),
        )
        if chosen:
            self.export(Path(chosen))

    def export(self, path: Path) -> None:
        """Write the list as it stands here, in the background."""
        columns = tuple(XlsxColumn(tr(title), width=24) for title in COLUMNS)
        self.context.operations.background(
            write_table,
            path,
            tr("Last scans"),
            columns,
            [self._cells(entry) for entry in self._entries],
            on_done=lambda _: self.context.notifier.success(tr("Exported: {file}", file=path)),
            on_error=self.context.notifier.error,
            owner=self,
        )

    def _taught(self, entry: ScanEntry, title: str) -> None:
        if self.context.scans is not None:
            self.context.scans.history.taught(entry.code, title)
        self.item.show_value(None)
        self.context.notifier.success(
            tr("{code} is {item} from now on.", code=entry.code, item=title)
        )
        self.table.setFocus()

    def _refused(self, error: Exception) -> None:
        problems = getattr(error, "problems", ())
        text = str(problems[0].message) if problems else str(error)
        show_problem(self.problem, text)
        self.context.notifier.sound("wrong")

    def _changed(self) -> None:
        if self.isVisible():
            self.reload()
        else:
            self._stale = True

    def _chosen(self) -> None:
        entry = self.entry()
        show_problem(self.problem, "")
        if entry is None:
            self.prompt.setText(tr("Scan something: it appears here."))
        else:
            self.prompt.setText(tr("Teach: {code} is item", code=entry.code))
        self._enable()

    def _enable(self) -> None:
        entry = self.entry()
        teachable = self._may() and entry is not None and entry.kind != "ok"
        self.item.setEnabled(teachable)
        self.save_button.setEnabled(teachable and self.item.value() is not None)

    def _may(self) -> bool:
        return self.context.user.may(PERMISSION)

    def _choose(self, before: ScanEntry | None) -> None:
        serials = [(entry.serial, entry.at, entry.code) for entry in self._entries]
        wanted = (before.serial, before.at, before.code) if before else None
        row = serials.index(wanted) if wanted in serials else self._first_unknown()
        choose_row(self.table, row)
        self._chosen()

    def _first_unknown(self) -> int:
        return next((n for n, e in enumerate(self._entries) if e.kind == "unknown"), 0)

    def _fill(self, row: int, entry: ScanEntry) -> None:
        for column, text in enumerate(self._cells(entry)):
            cell = QTableWidgetItem(text)
            cell.setToolTip(text)
            if entry.kind != "ok" and column in (_CODE_COLUMN, _ANSWER_COLUMN):
                cell.setForeground(QColor(current().wrong))
            self.table.setItem(row, column, cell)

    @staticmethod
    def _cells(entry: ScanEntry) -> tuple[str, ...]:
        result = tr(RESULTS.get(entry.kind, RESULTS["ok"]))
        answer = f"{result} · {entry.answer}" if entry.answer else result
        answer = answer.replace("\x1d", "<GS>")
        shown = entry.code.replace("\x1d", "<GS>")
        return (
            _time(entry.at),
            shown,
            answer,
            name_of(entry.symbology),
            source_title(entry.source),
        )

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, len(COLUMNS), self)
        table.setHorizontalHeaderLabels([tr(title) for title in COLUMNS])
        table.setAccessibleName(tr("Last scans"))
        keep_to_rows(table, 32)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate((150, 300, 0, 150, 150)):
            table.setColumnWidth(column, width)
        header.setSectionResizeMode(_ANSWER_COLUMN, QHeaderView.ResizeMode.Stretch)
        EmptyState(table).watch(table.model(), tr("Nothing read yet."))
        return table

    def _lay_out(self) -> None:
        card = QFrame(self)
        card.setObjectName("card")
        strip = QHBoxLayout(card)
        strip.setContentsMargins(16, 12, 16, 12)
        strip.setSpacing(12)
        strip.addWidget(self.prompt)
        strip.addWidget(self.item)
        strip.addWidget(self.save_button)
        strip.addWidget(self.problem, 1)
        advice = muted_label(
            tr("The last fifty codes of this PC. F2 picks an item for a code nobody knows.")
            if self._may()
            else tr("The last fifty codes of this PC.")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 24)
        column.setSpacing(12)
        column.addWidget(title_label(tr("Last scans")))
        column.addWidget(advice)
        column.addWidget(self.table, 1)
        column.addWidget(card)


def _time(at: str) -> str:
    try:
        return datetime.fromisoformat(at).strftime("%m-%d %H:%M:%S")
    except ValueError:
        return at


def create(context: AppContext, _params: dict[str, Any]) -> ScanLogPage:
    """Factory named in the table of actions."""
    from desktop_app.services import barcode_teaching, scanning

    return ScanLogPage(context, scanning.search, barcode_teaching.teach)
