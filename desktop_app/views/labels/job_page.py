"""A print job: every label and how far it is; what may have come out is asked here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QPushButton, QVBoxLayout

from desktop_app.core.i18n import tr
from desktop_app.queries import print_jobs
from desktop_app.queries.print_jobs import STATES, JobHead, LabelRow
from desktop_app.runtime.context import AppContext
from desktop_app.services import print_queue
from desktop_app.views.base.inline_bar import Asked, InlineBar
from desktop_app.views.base.page import Page
from desktop_app.views.base.row_table import choose_row
from desktop_app.views.base.station_table import StationColumn
from desktop_app.views.base.tones import Tone
from desktop_app.views.base.widgets import muted_label, title_label
from desktop_app.views.master_data.master_page import QuietTable

PATIENCE_MS = 20_000
"""How long labels may lie in the queue untouched before somebody is told."""
_TONES = {"uncertain": Tone.ASK_EDGE, "failed": Tone.WRONG, "confirmed": Tone.GOOD}


def _columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Label"), lambda r: str(r.seq), 7, right=True, bold=True),
        StationColumn(tr("What"), _about, 30, stretch=True),
        StationColumn(
            tr("State"), lambda r: tr(STATES[r.state]), 18, tone=lambda r: _TONES.get(r.state)
        ),
        StationColumn(tr("Note"), lambda r: r.detail, 34),
        StationColumn(tr("Who"), lambda r: r.changed_by, 12),
        StationColumn(
            tr("When"), lambda r: r.changed_at.astimezone().strftime("%m-%d %H:%M:%S"), 15
        ),
    )


def _about(row: LabelRow) -> str:
    fields = row.fields
    code = fields.get("item_code") or fields.get("bin") or fields.get("document") or ""
    parts = (code, fields.get("name", ""), fields.get("lot", ""), fields.get("copy", ""))
    return "  ".join(part for part in parts if part)


class PrintJobPage(Page):
    """F8 it came out, F9 it did not: print it; F6 print again; Del what still waits."""

    def __init__(self, context: AppContext, job_id: int) -> None:
        super().__init__(context)
        self._job_id = job_id
        self._rows: tuple[LabelRow, ...] = ()
        self._asked = False
        self._pc = ""
        self._told_to_wait = False
        self._waiting: frozenset[int] = frozenset()
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._still_waiting)
        self.heading = title_label(tr("Labels"))
        self.about = muted_label("")
        self.bar = InlineBar(self)
        self.table = QuietTable(_columns(), self)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.heading)
        head.addStretch(1)
        self.buttons: dict[str, QPushButton] = {}
        for name, title, key, run in (
            ("yes", tr("It came out"), "F8", lambda: self._answer(came_out=True)),
            ("no", tr("It did not: print it"), "F9", lambda: self._answer(came_out=False)),
            ("again", tr("Print again …"), "F6", self.ask_again),
            ("retry", tr("Try the failed ones"), "F7", lambda: self._do(print_queue.retry)),
            ("cancel", tr("Cancel what waits"), "Del", lambda: self._do(print_queue.cancel)),
        ):
            head.addWidget(self._button(name, title, key, run))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.about)
        column.addWidget(self.bar)
        column.addWidget(self.table, 1)

    def title(self) -> str:
        return self.heading.text()

    def topics(self) -> frozenset[str]:
        return frozenset({print_queue.TOPIC})

    def reload(self) -> None:
        self.context.operations.query(
            print_jobs.job, self._job_id, on_done=self._show, on_error=self._failed
        )

    def chosen(self) -> tuple[LabelRow, ...]:
        """The selected labels, or all of them."""
        rows = {index.row() for index in self.table.selectionModel().selectedRows()}
        return tuple(self._rows[row] for row in sorted(rows)) or self._rows

    def ask_again(self) -> None:
        """Print the chosen labels again, with a reason (F6)."""
        seqs = [row.seq for row in self.chosen()]
        self.bar.ask(
            tr("Print {count} labels again, marked as copies?", count=len(seqs)),
            (Asked("reason", tr("Why"), required=True),),
            tr("Print again"),
            lambda answers: self._again(seqs, answers["reason"]),
        )

    def _again(self, seqs: Sequence[int], reason: str) -> None:
        self.context.operations.command(
            print_queue.reprint,
            self._job_id,
            list(seqs),
            reason,
            uuid4(),
            on_done=lambda job_id: self.context.open_page("print_job", {"id": job_id}),
            on_error=self._failed,
            owner=self,
        )

    def _answer(self, *, came_out: bool) -> None:
        """For the chosen labels in doubt; without any, for the one the question is about."""
        doubtful = [row for row in self._rows if row.state == "uncertain"]
        selected = {index.row() for index in self.table.selectionModel().selectedRows()}
        asked = [row.id for row in doubtful if self._rows.index(row) in selected]
        asked = asked or [row.id for row in doubtful[:1]]
        if asked:
            self._do(lambda uow, _job: print_queue.answer(uow, asked, came_out=came_out))

    def _do(self, call: Callable[[Any, int], Any]) -> None:
        self.context.operations.command(
            call, self._job_id, on_done=lambda _n: self.reload(), on_error=self._failed, owner=self
        )

    def _show(self, found: tuple[JobHead, list[LabelRow]]) -> None:
        head, rows = found
        self._rows = tuple(rows)
        self.heading.setText(head.title)
        told = tr(
            "{printer} at {pc}, asked for by {who} at {when}",
            printer=head.printer,
            pc=head.workstation,
            who=head.requested_by,
            when=head.at.astimezone().strftime("%Y-%m-%d %H:%M"),
        )
        if head.copy_of is not None:
            told += " · " + tr("copy of job {job}: {reason}", job=head.copy_of, reason=head.reason)
        self.about.setText(told)
        self.table.show_rows(self._rows)
        states = {row.state for row in self._rows}
        self.buttons["yes"].setVisible("uncertain" in states)
        self.buttons["no"].setVisible("uncertain" in states)
        self.buttons["retry"].setVisible("failed" in states)
        self.buttons["cancel"].setVisible(bool(states & {"queued", "failed", "uncertain"}))
        if not self.bar.asking:
            self._ask_about_first("uncertain" in states)
        self._watch(head.workstation)
        self.title_changed.emit(self.title())

    def _watch(self, pc: str) -> None:
        """Begin to wait anew whenever something moved."""
        waiting = frozenset(row.id for row in self._rows if row.state == "queued")
        if waiting != self._waiting:
            self._pc, self._waiting = pc, waiting
            self._patience.stop()
            if self._told_to_wait and not self.bar.asking:
                self.bar.clear()
            self._told_to_wait = False
            if waiting:
                self._patience.start()

    def _still_waiting(self) -> None:
        """Nothing was taken from the queue for a while: the printer's PC has said why, or it may be
        off, which cannot be seen from here.
        """
        if self.bar.asking or self._asked:
            return
        self._told_to_wait = True
        why = next((row.detail for row in self._rows if row.id in self._waiting and row.detail), "")
        if why and why != tr(print_queue.NOT_OUT):
            text = tr("{count} labels still wait for {pc}. {why}")
        else:
            text = tr(
                "{count} labels still wait for {pc}: is the program open there, and the printer"
                " ready?"
            )
        self.bar.tell(text.format(count=len(self._waiting), pc=self._pc, why=why))

    def _ask_about_first(self, doubtful: bool) -> None:
        if not doubtful:
            if self._asked:
                self.bar.clear()
            self._asked = False
            return
        first = next(row for row in self._rows if row.state == "uncertain")
        self._asked = True
        self.bar.tell(
            tr(
                "Look at the printer: did label {number} ({what}) come out? {why}",
                number=first.seq,
                what=_about(first) or "—",
                why=first.detail,
            ),
            wrong=True,
        )
        choose_row(self.table, self._rows.index(first))

    def _failed(self, error: Exception) -> None:
        self.bar.tell(str(error), wrong=True)

    def _button(self, name: str, title: str, key: str, run: Callable[[], None]) -> QPushButton:
        button = QPushButton(f"{title}  {key}", self)
        button.clicked.connect(lambda _c=False: run())
        self.buttons[name] = button
        QShortcut(
            QKeySequence(key), self, run, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        return button


def create(context: AppContext, params: dict[str, Any]) -> PrintJobPage:
    """``id`` of the job."""
    return PrintJobPage(context, int(params["id"]))
