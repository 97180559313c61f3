"""Taking a file in: choose it, say what its columns are, look at every row, take it in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.i18n import tr
from desktop_app.runtime.context import AppContext
from desktop_app.services.importing import reading, runs, stage
from desktop_app.services.importing.reading import FileLook, ReadIn
from desktop_app.services.importing.targets import TARGETS
from desktop_app.views.base.inline_bar import InlineBar
from desktop_app.views.base.page import Page
from desktop_app.views.base.widgets import muted_label, primary_button, title_label
from desktop_app.views.importing.columns_panel import ColumnsPanel
from desktop_app.views.importing.draft_panel import DraftPanel

FILES = "*.xlsx *.xlsm *.xls *.csv *.tsv *.txt *.htm *.html"


class ImportPage(Page):
    """Two steps on one page; nothing is written before the person has seen every row."""

    _rows_read = Signal(int)

    def __init__(self, context: AppContext, kind: str = "") -> None:
        super().__init__(context)
        self._path: Path | None = None
        self._look: FileLook | None = None
        self._draft: ReadIn | None = None
        self._uuid: UUID = uuid4()
        self._stop = threading.Event()
        self._busy = False
        self.setAcceptDrops(True)
        self._build(kind)
        self._rows_read.connect(self._show_progress)

    def title(self) -> str:
        return tr("Import")

    def is_dirty(self) -> bool:
        return self._draft is not None

    # ------------------------------------------------------------ the file

    @property
    def kind(self) -> str:
        """What is to be taken in."""
        return str(self.kinds.currentData() or "")

    def choose(self) -> None:
        """Let the person choose a file (F2)."""
        chosen, _ = QFileDialog.getOpenFileName(
            self, tr("Choose a table"), "", tr("Tables ({files})", files=FILES)
        )
        if chosen:
            self.open_file(Path(chosen))

    def open_file(self, path: Path) -> None:
        """Look into a file: its columns, its first rows."""
        self._path = path
        self.columns.begin()
        self.file.setText(path.name)
        self._ask_look("", None)

    def _ask_look(self, sheet: str, heading_row: int | None) -> None:
        if self._path is None or self._busy:
            return
        self._set_busy(tr("Looking into the file …"))
        self.context.operations.query(
            reading.look,
            self.kind,
            self._path,
            sheet,
            heading_row,
            self.columns.encoding(),
            on_done=self._looked,
            on_error=self._failed,
        )

    def _looked(self, seen: FileLook) -> None:
        self._set_free()
        self._look, self._draft = seen, None
        self.columns.show_look(seen)
        self.steps.setCurrentWidget(self.columns)
        self.bar.clear()
        if seen.notes:
            self.bar.tell("; ".join(str(note) for note in seen.notes))
        self._show_keys()

    # ------------------------------------------------------------ the rows

    def read(self) -> None:
        """Read every row and compare it with what is there (F8): nothing is written."""
        if self._look is None or self._busy:
            return
        missing = self.columns.missing()
        if missing:
            self.bar.tell(
                tr("Say which column is: {fields}", fields=", ".join(missing)), wrong=True
            )
            return
        self._stop = threading.Event()
        self._set_busy(tr("Reading …"), can_stop=True)
        self.context.operations.command(
            reading.read_in,
            self.kind,
            self._look,
            self.columns.mapping,
            self._rows_read.emit,
            self._stop.is_set,
            on_done=self._read,
            on_error=self._failed,
        )

    def _read(self, result: ReadIn) -> None:
        self._set_free()
        assert self._look is not None
        self._draft, self._uuid = result, uuid4()
        self.rows.show_draft(result, self.columns.mapped_fields(), self.columns.scaled())
        self.steps.setCurrentWidget(self.rows)
        self._show_keys()
        self.dirty_changed.emit(True)

    def run(self) -> None:
        """Take every row in that is not refused (F8)."""
        if self._draft is None or self._busy:
            return
        self._set_busy(tr("Taking in …"))
        self.context.operations.command(
            runs.run, self._draft.draft_id, self._uuid, on_done=self._ran, on_error=self._failed
        )

    def _ran(self, run: runs.Run) -> None:
        self._set_free()
        self._draft, self._look = None, None
        self.dirty_changed.emit(False)
        told = tr(
            "{file}: {new} new, {changed} changed, {same} unchanged, {refused} refused.",
            file=run.file_name,
            new=run.counts.new,
            changed=run.counts.changed,
            same=run.counts.same,
            refused=run.counts.refused,
        )
        self.context.notifier.success(told)
        self.context.open_page("import_run", {"id": run.id})
        self._start_over()

    def back(self) -> None:
        """From the rows back to the columns."""
        if self._draft is not None and not self._busy:
            self._draft = None
            self.dirty_changed.emit(False)
            self.steps.setCurrentWidget(self.columns)
            self._show_keys()

    def stop(self) -> None:
        """Stop reading; nothing was written."""
        self._stop.set()

    # ------------------------------------------------------------ around

    def save_template(self) -> None:
        """An empty table of this kind, to be filled in."""
        self._save_file(tr("Template"), reading.template, self.kind)

    def save_refused(self) -> None:
        """The refused rows with their reasons."""
        if self._draft is not None:
            self._save_file(tr("Refused rows"), reading.refused_to_excel, self._draft.draft_id)

    def _save_file(self, name: str, call: Callable[..., Any], about: Any) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, name, f"{tr(TARGETS[self.kind].title)}-{name}.xlsx", tr("Excel workbook (*.xlsx)")
        )
        if chosen:
            self.context.operations.query(
                call,
                about,
                Path(chosen),
                on_done=lambda _n: self.context.notifier.success(
                    tr("Exported: {file}", file=chosen)
                ),
                on_error=self._failed,
                owner=self,
            )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if event.mimeData().hasUrls() and not self._busy:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.open_file(Path(files[0]))

    def _failed(self, error: Exception) -> None:
        self._set_free()
        self.bar.tell(str(error), wrong=True)

    def _main(self) -> None:
        if self._draft is not None:
            self.run()
        elif self._look is not None:
            self.read()
        else:
            self.choose()

    def _start_over(self) -> None:
        self._path = None
        self.file.clear()
        self.steps.setCurrentWidget(self.empty)
        self._show_keys()

    def _set_busy(self, text: str, *, can_stop: bool = False) -> None:
        self._busy = True
        self.doing.setText(text)
        self.progress.show()
        self.stop_button.setVisible(can_stop)
        self._show_keys()

    def _set_free(self) -> None:
        self._busy = False
        self.doing.clear()
        self.progress.hide()
        self.stop_button.hide()
        self._show_keys()

    def _show_progress(self, rows: int) -> None:
        self.doing.setText(tr("{count} rows read …", count=f"{rows:,}"))

    def _show_keys(self) -> None:
        self.main.setEnabled(not self._busy)
        self.kinds.setEnabled(not self._busy and self._draft is None)
        self.back_button.setVisible(self._draft is not None)
        self.refused_button.setVisible(self._draft is not None)
        if self._draft is not None:
            count = self.rows.counts.new + self.rows.counts.changed
            self.main.setText(tr("Take {count} rows in", count=f"{count:,}") + "  F8")
            self.main.setEnabled(not self._busy and count > 0)
        elif self._look is not None:
            self.main.setText(tr("Look at every row") + "  F8")
        else:
            self.main.setText(tr("Choose a file …") + "  F2")

    def _build(self, kind: str) -> None:
        self.kinds = QComboBox(self)
        self.kinds.setAccessibleName(tr("What is taken in"))
        for target in TARGETS:
            if self.context.user.may(target.permission):
                self.kinds.addItem(tr(target.title), target.kind)
        self.kinds.setCurrentIndex(max(0, self.kinds.findData(kind)))
        self.kinds.activated.connect(lambda _i: self._ask_look("", None))
        self.file = QLineEdit(self, readOnly=True)
        self.file.setPlaceholderText(tr("Choose a file (F2) or drop it here"))
        self.bar = InlineBar(self)
        self.progress = QProgressBar(self, minimum=0, maximum=0, textVisible=False)
        self.progress.setFixedHeight(4)
        self.progress.hide()
        self.doing = muted_label("")
        self.stop_button = self._button(tr("Stop"), self.stop)
        self.stop_button.hide()
        self.columns = ColumnsPanel(self)
        self.columns.look_wanted.connect(self._ask_look)
        self.rows = DraftPanel(self.context, self)
        self.rows.changed.connect(self._show_keys)
        self.rows.failed.connect(self._failed)
        self.empty = self._welcome()
        self.steps = QStackedWidget(self)
        for step in (self.empty, self.columns, self.rows):
            self.steps.addWidget(step)
        self._lay_out()
        for key, run in (("F2", self.choose), ("F8", self._main), ("Ctrl+E", self.save_refused)):
            QShortcut(
                QKeySequence(key), self, run, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
            )
        self._show_keys()

    def _lay_out(self) -> None:
        self.main = primary_button("")
        self.main.clicked.connect(lambda _c=False: self._main())
        self.back_button = self._button(tr("Back to the columns"), self.back)
        self.refused_button = self._button(
            tr("Refused rows to Excel") + "  Ctrl+E", self.save_refused
        )
        self.template_button = self._button(tr("Empty template"), self.save_template)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(title_label(tr("Import")))
        head.addStretch(1)
        for button in (self.template_button, self.refused_button, self.back_button, self.main):
            head.addWidget(button)
        choice = QHBoxLayout()
        choice.setSpacing(8)
        choice.addWidget(QLabel(tr("What is taken in")))
        choice.addWidget(self.kinds)
        choice.addWidget(self.file, 1)
        choice.addWidget(self._button(tr("Choose …"), self.choose))
        under_way = QHBoxLayout()
        under_way.addWidget(self.doing, 1)
        under_way.addWidget(self.stop_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(choice)
        column.addWidget(self.bar)
        column.addWidget(self.progress)
        column.addLayout(under_way)
        column.addWidget(self.steps, 1)

    def _welcome(self) -> QWidget:
        side = QWidget(self)
        column = QVBoxLayout(side)
        text = muted_label(
            tr(
                "Excel, CSV or text, as you keep it: title rows, totals and other columns may stay."
                " Before anything is written you see every row: new, changed, unchanged or refused"
                " with the reason. A whole import can be taken back."
            )
        )
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        column.addWidget(text)
        column.addStretch(2)
        return side

    def _button(self, text: str, run: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.clicked.connect(lambda _checked=False: run())
        return button


def create(context: AppContext, params: dict[str, Any]) -> ImportPage:
    """``kind`` is what is taken in; ``path`` opens a file at once."""
    page = ImportPage(context, str(params.get("kind") or ""))
    if params.get("path"):
        page.open_file(Path(str(params["path"])))
    return page


__all__ = ["ImportPage", "create", "stage"]
