"""Two records side by side: which stays, what goes over, and the merge itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from desktop_app.core.i18n import tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.quantities import format_quantity
from desktop_app.queries.duplicates import MergePlan, item_plan, party_plan
from desktop_app.runtime.context import AppContext
from desktop_app.services import duplicates
from desktop_app.views.base.inline_bar import Asked, InlineBar
from desktop_app.views.base.page import Page
from desktop_app.views.base.widgets import heading, muted_label, primary_button, title_label


class MergePage(Page):
    """F4 changes which one stays, F8 merges after a reason; Enter on a card opens it."""

    change_source = "duplicates"

    def __init__(self, context: AppContext, record: str, pair: tuple[int, int]) -> None:
        super().__init__(context)
        self.record, self._keep, self._lose = record, pair[0], pair[1]
        self.plan: MergePlan | None = None
        self.bar = InlineBar(self)
        self.stays, self.goes = QLabel(self), QLabel(self)
        self.facts = QLabel(self)
        self.facts.setWordWrap(True)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.merge_button = primary_button(tr("Merge") + "  F8")
        self.swap_button = QPushButton(tr("Keep the other one") + "  F4", self)
        self.setWindowTitle(tr("Merge duplicates"))
        self._build()

    def topics(self) -> frozenset[str]:
        return frozenset({self.record})

    def reload(self) -> None:
        """Ask again what merging would do."""
        plan = item_plan if self.record == "item" else party_plan
        self.context.operations.query(
            plan, self._keep, self._lose, on_done=self._show, on_error=self._failed
        )

    def swap(self) -> None:
        """The other one stays (F4)."""
        self._keep, self._lose = self._lose, self._keep
        self.refresh()

    def ask_merge(self) -> None:
        """Merge for a reason (F8)."""
        if self.plan is None or self.plan.blockers or not self.context.user.may("master.write"):
            return
        self.bar.ask(
            tr(
                "Merge {lose} into {keep}. This cannot be undone:",
                lose=self.plan.lose_code,
                keep=self.plan.keep_code,
            ),
            (Asked("reason", tr("Reason")),),
            tr("Merge"),
            lambda given: self._merge(given["reason"]),
        )

    def _merge(self, reason: str) -> None:
        self.merge_button.setEnabled(False)
        call: Any = _merge_items if self.record == "item" else duplicates.merge_parties
        self.context.operations.command(
            call, self._keep, self._lose, reason, on_done=self._merged, on_error=self._failed
        )

    def _merged(self, numbers: Any) -> None:
        text = tr("Merged into {code}.", code=self.plan.keep_code if self.plan else "")
        if numbers:
            text += " " + tr("Stock moved by {documents}.", documents=", ".join(numbers))
        self.context.notifier.success(text)
        self.close_wanted.emit()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(title_label(tr("Merge duplicates")))
        head.addStretch(1)
        head.addWidget(self.swap_button)
        head.addWidget(self.merge_button)
        column.addLayout(head)
        column.addWidget(self.bar)
        cards = QHBoxLayout()
        cards.setSpacing(12)
        for words, label in ((tr("Stays"), self.stays), (tr("Is merged away"), self.goes)):
            card = QFrame(self)
            card.setProperty("card", True)
            inside = QVBoxLayout(card)
            inside.addWidget(muted_label(words))
            label.setProperty("role", "heading")
            label.setWordWrap(True)
            inside.addWidget(label)
            cards.addWidget(card, 1)
        column.addLayout(cards)
        column.addWidget(heading(tr("What will happen")))
        column.addWidget(self.facts)
        column.addStretch(1)
        self.swap_button.clicked.connect(lambda _checked=False: self.swap())
        self.merge_button.clicked.connect(lambda _checked=False: self.ask_merge())
        for key, run in (("F4", self.swap), ("F8", self.ask_merge)):
            QShortcut(
                QKeySequence(key), self, run, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
            )

    def _show(self, plan: MergePlan) -> None:
        self.plan = plan
        self.stays.setText(f"{plan.keep_code}  {plan.keep_name}")
        self.goes.setText(f"{plan.lose_code}  {plan.lose_name}")
        self.facts.setText("\n".join(f"•  {line}" for line in facts(plan, self.record)))
        self.merge_button.setEnabled(not plan.blockers and self.context.user.may("master.write"))
        if plan.blockers:
            self.bar.tell(
                tr(
                    "{code} is still used by {documents}. Finish or close these first.",
                    code=plan.lose_code,
                    documents=", ".join(plan.blockers[:8]),
                ),
                wrong=True,
            )

    def _failed(self, error: Exception) -> None:
        self.merge_button.setEnabled(True)
        self.bar.tell(str(error), wrong=True)


def facts(plan: MergePlan, record: str) -> list[str]:
    """What merging does, in sentences."""
    found = [
        tr(
            "Typing or scanning {code} finds {keep} from then on.",
            code=plan.lose_code,
            keep=plan.keep_code,
        ),
        tr("Documents and history of {code} stay under its code.", code=plan.lose_code),
    ]
    if record == "item":
        found += [
            tr(
                "{count} barcodes and {codes} partner codes go over.",
                count=plan.barcodes,
                codes=plan.partner_codes,
            ),
            tr("Units, prices and usual bins go over where the other has none."),
            tr(
                "Stock of {qty} moves by a merge document, place by place.",
                qty=f"{format_quantity(plan.stock)} {plan.uom}",
            )
            if plan.stock
            else tr("There is no stock to move."),
        ]
    else:
        found.append(tr("Contacts, addresses and own item codes go over."))
    if plan.drafts:
        found.append(tr("Drafts are changed: {documents}", documents=", ".join(plan.drafts)))
    if plan.uom_differs and plan.stock:
        found.append(tr("The two are counted in different units and there is stock."))
    found.append(tr("A merge cannot be undone."))
    return found


def _merge_items(uow: UnitOfWork, keep: int, lose: int, reason: str) -> tuple[str, ...]:
    return duplicates.merge_items(uow, keep, lose, reason)


def create(context: AppContext, params: dict[str, Any]) -> MergePage:
    """``record`` item or party, ``pair`` the two ids: the first stays unless changed."""
    keep, lose = params["pair"]
    return MergePage(context, params["record"], (int(keep), int(lose)))
