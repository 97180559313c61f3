"""A count from plan to posting: progress, book against count, causes, approval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.errors import AppError, ConfirmationRequired
from desktop_app.core.i18n import N_, tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.count_causes import CauseHint
from desktop_app.queries import counting as queries, counting_metrics
from desktop_app.queries.counting import FoundRow
from desktop_app.queries.counting_metrics import CountReview
from desktop_app.runtime.context import AppContext
from desktop_app.services import counting, documents
from desktop_app.services.counting import ApproveCount, CompareCount
from desktop_app.services.documents import ActCommand
from desktop_app.views.base.inline_bar import Asked, InlineBar
from desktop_app.views.base.page import Page
from desktop_app.views.base.state_badge import StateBadge
from desktop_app.views.base.widgets import muted_label, primary_button, title_label
from desktop_app.views.counting.cause_panel import CausePanel
from desktop_app.views.counting.figure_cards import FigureCards
from desktop_app.views.counting.review_table import ReviewTable

_MAIN = {
    "planned": N_("Start counting (F8)"),
    "counting": N_("Compare (F8)"),
    "recount": N_("Compare again (F8)"),
    "review": N_("Approve and post (F8)"),
}
MIXED = 2
"""Good lines that go along on a recount sheet, so that being on it tells nothing."""


@dataclass(frozen=True)
class Loaded:
    """What the page shows, read in one transaction."""

    review: CountReview
    hints: dict[int, tuple[CauseHint, ...]]
    found: list[FoundRow]


def load(uow: UnitOfWork, document_id: int | None, number: str) -> Loaded:
    """The count of that id, or of that number. Raises NotFound."""
    wanted = document_id if document_id is not None else queries.id_of(uow, number)
    return Loaded(
        counting_metrics.review(uow, wanted),
        counting.cause_hints(uow, wanted),
        queries.found(uow, wanted),
    )


class CountReviewPage(Page):
    """One count. F8 takes the next step, F9 prints sheets, Enter goes to the cause."""

    def __init__(
        self,
        context: AppContext,
        document_id: int | None,
        *,
        number: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, parent)
        self._asked = (document_id, number)
        self.review: CountReview | None = None
        self._hints: dict[int, tuple[CauseHint, ...]] = {}
        self._step = uuid4()
        self._confirmed: frozenset[str] = frozenset()
        self.number = title_label(tr("Stock count"))
        self.badge = StateBadge("", self)
        self.facts = muted_label("")
        self.found = muted_label("")
        self.bar = InlineBar(self)
        self.figures = FigureCards(self)
        self.table = ReviewTable(self)
        self.table.row_changed.connect(self._row_changed)
        self.panel = CausePanel(self)
        self.panel.chosen.connect(self._set_cause)
        self.table.entered.connect(self.panel.begin)
        self.main = primary_button("")
        self.main.hide()  # until it is known what comes next
        self.print_button = QPushButton(tr("Print sheets (F9)"))
        self.proof_button = QPushButton(tr("Prove the draw"))
        self.void_button = QPushButton(tr("Give up"))
        self._connect_keys()
        self._lay_out()

    def title(self) -> str:
        return self.review.head.number if self.review else tr("Stock count")

    def topics(self) -> frozenset[str]:
        return frozenset({"count", "document:stock_count"})

    @property
    def document_id(self) -> int:
        """The count shown; 0 before it was read."""
        return self.review.head.id if self.review is not None else self._asked[0] or 0

    def reload(self) -> None:
        self.context.operations.query(
            load, *self._asked, on_done=self._show, on_error=self._failed, owner=self
        )

    def main_step(self) -> None:
        """F8: the step that comes next."""
        state = self.review.head.state if self.review else ""
        if state == "planned":
            self._command(counting.start, self.document_id, self._version(), self._step)
        elif state in ("counting", "recount"):
            self._command(
                counting.compare,
                CompareCount(self.document_id, self._version(), MIXED, self._confirmed, self._step),
            )
        elif state == "review":
            self._ask_approval()

    def print_sheets(self) -> None:
        """F9: the blind sheet of the present round."""
        if self.review is not None:
            self.context.open_page(
                "preview",
                {
                    "kind": "stock_count",
                    "document_id": self.document_id,
                    "title": self.review.head.number,
                },
            )

    def prove(self) -> None:
        """Repeat the draw from seed and candidates and say whether it holds."""
        self.context.operations.query(
            counting.verify_draw,
            self.document_id,
            on_done=self._proved,
            on_error=self._failed,
            owner=self,
        )

    def void(self) -> None:
        """Give the count up; nothing was posted."""
        self.bar.ask(
            tr("Nothing is posted and no book changes. Why is this count given up?"),
            (Asked("reason", tr("Reason")),),
            tr("Give up"),
            lambda values: self._command(
                documents.act,
                ActCommand(
                    self.document_id,
                    "void",
                    self._version(),
                    reason=values["reason"],
                    uuid=self._step,
                ),
            ),
        )

    def _connect_keys(self) -> None:
        keys: tuple[tuple[str, QPushButton, Callable[[], None]], ...] = (
            ("F8", self.main, self.main_step),
            ("F9", self.print_button, self.print_sheets),
            ("", self.proof_button, self.prove),
            ("", self.void_button, self.void),
        )
        for key, button, run in keys:
            button.clicked.connect(lambda _checked=False, run=run: run())
            if key:
                QShortcut(
                    QKeySequence(key),
                    self,
                    run,
                    context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
                )

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        for widget in (self.number, self.badge):
            head.addWidget(widget)
        head.addStretch(1)
        for button in (self.void_button, self.proof_button, self.print_button, self.main):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.facts)
        column.addWidget(self.bar)
        column.addWidget(self.figures)
        column.addWidget(self.table, 1)
        column.addWidget(self.found)
        column.addWidget(self.panel)
        self.setFocusProxy(self.table)

    def _version(self) -> int | None:
        return self.review.head.version if self.review else None

    def _command(self, function: Callable[..., Any], *args: Any) -> None:
        self.main.setEnabled(False)
        self.context.operations.command(
            function, *args, on_done=self._done, on_error=self._failed, owner=self
        )

    def _done(self, _result: object) -> None:
        self._step, self._confirmed = uuid4(), frozenset()
        self.bar.clear()
        self.context.notifier.sound("ok")
        self.reload()

    def _failed(self, error: Exception) -> None:
        self.main.setEnabled(True)
        if isinstance(error, ConfirmationRequired):
            self.bar.ask(str(error), (), tr("Go on"), lambda _v: self._confirm(error.key))
        elif isinstance(error, AppError):
            self.bar.tell(str(error), wrong=True)
        else:
            self.context.notifier.error(error)

    def _confirm(self, key: str) -> None:
        self._confirmed |= {key}
        self.main_step()

    def _ask_approval(self) -> None:
        assert self.review is not None
        differing = sum(1 for row in self.review.rows if row.difference != 0)
        self.bar.ask(
            tr("{count} differences will be posted; nothing else changes.", count=differing),
            (),
            tr("Approve and post"),
            lambda _values: self._command(
                counting.approve, ApproveCount(self.document_id, self._version(), uuid=self._step)
            ),
        )

    def _set_cause(self, line_id: int, code: str, note: str) -> None:
        self.context.operations.command(
            counting.set_cause,
            line_id,
            code,
            note,
            on_done=self._cause_saved,
            on_error=self._failed,
            owner=self,
        )

    def _cause_saved(self, _result: object) -> None:
        self.table.to_next_unexplained()
        self.table.setFocus()
        self.reload()

    def _proved(self, proof: Any) -> None:
        text = tr(
            "Seed {seed}, {candidates} items to draw from: drawing again gives exactly the"
            " same {count} items.",
            seed=proof.seed,
            candidates=f"{proof.candidates:,}",
            count=len(proof.planned),
        )
        if proof.seed_given:
            text += " " + tr("The seed was given by a person.")
        if not proof.holds:
            text = tr(
                "The items of this count are not those that seed {seed} draws.", seed=proof.seed
            )
        self.bar.tell(text, wrong=not proof.holds)

    def _show(self, loaded: Loaded) -> None:
        self._hints, found = loaded.hints, loaded.found
        self.review = review = loaded.review
        head = review.head
        self.number.setText(head.number)
        self.setWindowTitle(head.number)
        self.title_changed.emit(head.number)
        self.badge.set_state(head.state)
        self.facts.setText(self._fact_line(review))
        self.found.setText(
            "\n".join(
                tr(
                    "Found at {place}, not listed: {qty} × {what} ({person})",
                    place=row.location_code,
                    qty=f"{row.qty.normalize():f}",
                    what=row.item_name or row.note,
                    person=row.counted_by,
                )
                for row in found
            )
        )
        self.found.setVisible(bool(found))
        self.figures.setVisible(review.metrics.n > 0)
        self.figures.show_metrics(review.metrics, review.by_class, review.sees_costs)
        self.table.show_review(review)
        self._show_buttons(head.state)
        self._row_changed()

    def _show_buttons(self, state: str) -> None:
        may = self.context.user.may("count.plan")
        self.main.setVisible(state in _MAIN and may)
        self.main.setText(tr(_MAIN.get(state, "")))
        self.main.setEnabled(True)
        self.print_button.setVisible(state in ("planned", "counting", "recount"))
        self.void_button.setVisible(state in _MAIN and may)
        self.panel.setVisible(state in ("review", "posted"))

    def _fact_line(self, review: CountReview) -> str:
        head, progress = review.head, review.progress
        parts = [
            head.warehouse,
            head.doc_date.isoformat(),
            tr("blind") if head.blind else tr("not blind"),
            tr(
                "{drawn} of {candidates} items drawn, seed {seed}",
                drawn=head.sample_size if head.sample_size < head.candidates else head.candidates,
                candidates=f"{head.candidates:,}",
                seed=head.seed,
            ),
            tr(
                "{counted} of {lines} lines counted", counted=progress.counted, lines=progress.lines
            ),
        ]
        if progress.to_recount:
            parts.append(
                tr(
                    "{done} of {lines} recounted",
                    done=progress.recounted,
                    lines=progress.to_recount,
                )
            )
        if head.approved_by:
            parts.append(tr("approved by {person}", person=head.approved_by))
        return "  ·  ".join(parts)

    def _row_changed(self) -> None:
        row = self.table.current_review_row()
        state = self.review.head.state if self.review else ""
        hints = self._hints.get(row.line_id, ()) if row is not None else ()
        editable = state == "review" and self.context.user.may("count.plan")
        self.panel.show_row(row, hints, editable=editable)


def create(context: AppContext, params: dict[str, Any]) -> CountReviewPage:
    """Factory named in the table of actions."""
    return CountReviewPage(context, int(params["document_id"]))
