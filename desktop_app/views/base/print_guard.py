"""What stands between the button and the printer: the form is checked before paper is spoilt."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from desktop_app.core.i18n import Message, tr
from desktop_app.reporting import registry
from desktop_app.reporting.layouts.paper_test import CROSS
from desktop_app.reporting.options import PrintOptions
from desktop_app.reporting.snapshots import PaperTestSnapshot
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.inline_bar import Asked, InlineBar
from desktop_app.views.base.millimetres import mm_problem, read_mm
from desktop_app.views.base.paper_row import PaperRow
from desktop_app.views.base.print_job import PrintJob

Done = Callable[[Any], None]
_FARTHEST = 60
"""mm; a cross farther from the edge was not measured on this sheet."""


class PrintGuard:
    """Sends jobs moved by the printer's offsets; a form that does not fit is told, not printed."""

    def __init__(self, context: AppContext, bar: InlineBar, row: PaperRow) -> None:
        self._operations = context.operations
        self._notifier = context.notifier
        self._bar, self._row = bar, row

    def send(self, job: PrintJob, done: Done) -> None:
        """Check, then print; the person may print in spite of what was found."""
        self._check(self._moved(job), done, edges=True)

    def test(self, printer: str, paper: str) -> None:
        """Print the sheet without margins, then ask where its cross stands."""
        right, down = self._row.moved
        snapshot = PaperTestSnapshot(printer, f"{right}", f"{down}")

        def draw() -> PrintJob:
            pdf = registry.render("paper_test", snapshot, PrintOptions(paper=paper))
            return PrintJob(pdf, printer, title=tr("Test print of a sheet"))

        self._operations.background(
            draw,
            on_done=lambda job: self._check(self._moved(job), self._tested, edges=False),
            on_error=self._failed,
            owner=self._row,
        )

    def _check(self, job: PrintJob, done: Done, *, edges: bool) -> None:
        self._operations.background(
            job.faults,
            edges=edges,
            on_done=lambda faults: self._checked(job, done, faults),
            on_error=self._failed,
            owner=self._row,
        )

    def _checked(self, job: PrintJob, done: Done, faults: tuple[Message, ...]) -> None:
        if not faults or self._row.accepts(faults[0]):
            self._print(job, done)
            return

        def anyway() -> None:
            self._bar.clear()
            if len(faults) == 1:  # a margin: the same with every sheet, asked about once
                self._row.accept(faults[0])
            self._print(job, done)

        told = "\n".join(str(fault) for fault in faults)
        self._bar.tell(told, ((tr("Print all the same"), anyway),), wrong=True)

    def _print(self, job: PrintJob, done: Done) -> None:
        self._operations.background(job.run, on_done=done, on_error=self._failed)

    def _moved(self, job: PrintJob) -> PrintJob:
        right, down = self._row.moved
        return job.moved(float(right), float(down))

    def _tested(self, _pages: Any) -> None:
        self._bar.ask(
            tr("How far does the cross stand from the edges of the paper, in mm?"),
            (
                Asked("left", tr("from the left"), check=_wrong),
                Asked("top", tr("from the top"), check=_wrong),
            ),
            tr("Correct"),
            lambda answers: self._correct(
                *(read_mm(answers[n], _FARTHEST) for n in ("left", "top"))
            ),
        )

    def _correct(self, left: Decimal | None, top: Decimal | None) -> None:
        if left is None or top is None:
            return
        self._row.correct(left, top, CROSS)
        right, down = self._row.moved
        self._notifier.success(
            tr("Everything is now moved right by {right} mm, down by {down} mm.",
               right=right, down=down)
        )  # fmt: skip

    def _failed(self, error: Exception) -> None:
        self._bar.tell(str(error), wrong=True)


def _wrong(text: str) -> str:
    return mm_problem(text, _FARTHEST)
