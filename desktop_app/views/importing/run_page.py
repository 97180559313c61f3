"""An import that was carried out: what it did, and taking it back as a whole."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from desktop_app.core.i18n import tr
from desktop_app.queries.imports import STATES
from desktop_app.runtime.context import AppContext
from desktop_app.services.importing import runs
from desktop_app.services.importing.targets import TARGETS
from desktop_app.views.base.inline_bar import InlineBar
from desktop_app.views.base.page import Page
from desktop_app.views.base.widgets import muted_label, title_label


class ImportRunPage(Page):
    """Facts and one key."""

    def __init__(self, context: AppContext, run_id: int) -> None:
        super().__init__(context)
        self._run_id = run_id
        self._uuid = uuid4()
        self.run: runs.Run | None = None
        self.heading = title_label(tr("Import"))
        self.undo_button = QPushButton(tr("Take the whole import back") + "  F8", self)
        self.undo_button.clicked.connect(lambda _c=False: self.ask())
        self.undo_button.hide()
        self.bar = InlineBar(self)
        self.facts = QFormLayout()
        self.facts.setHorizontalSpacing(16)
        self.facts.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        head = QHBoxLayout()
        head.addWidget(self.heading)
        head.addStretch(1)
        head.addWidget(self.undo_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addLayout(self.facts)
        column.addWidget(
            muted_label(
                tr(
                    "Taking back puts changed records as they were, retires new ones and reverses"
                    " documents. It is refused when something was changed or used since."
                )
            )
        )
        column.addStretch(1)
        QShortcut(
            QKeySequence("F8"),
            self,
            self.ask,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )

    def title(self) -> str:
        return self.heading.text()

    def topics(self) -> frozenset[str]:
        return frozenset({runs.TOPIC})

    def reload(self) -> None:
        self.context.operations.query(
            runs.get, self._run_id, on_done=self._show, on_error=self._failed
        )

    def ask(self) -> None:
        """Ask once more: this touches every row of the import."""
        if self.run is not None and self.run.state == "done":
            self.bar.ask(
                tr("Take {file} back as a whole?", file=self.run.file_name),
                (),
                tr("Yes, take it back"),
                lambda _answers: self.undo(),
            )

    def undo(self) -> None:
        """Take it back."""
        self.undo_button.setEnabled(False)
        self.context.operations.command(
            runs.undo, self._run_id, self._uuid, on_done=self._undone, on_error=self._failed
        )

    def _undone(self, run: runs.Run) -> None:
        self.context.notifier.success(tr("{file} was taken back.", file=run.file_name))
        self._show(run)

    def _show(self, run: runs.Run) -> None:
        self.run = run
        self.heading.setText(run.file_name)
        self.title_changed.emit(self.title())
        self.bar.clear()
        self.undo_button.setEnabled(True)
        self.undo_button.setVisible(
            run.state == "done" and self.context.user.may(TARGETS[run.kind].permission)
        )
        while self.facts.rowCount():
            self.facts.removeRow(0)
        for title, value in (
            (tr("What"), tr(TARGETS[run.kind].title)),
            (tr("When"), run.at.astimezone().strftime("%Y-%m-%d %H:%M")),
            (tr("Who"), run.imported_by),
            (tr("State"), tr(STATES[run.state])),
            (tr("New"), f"{run.counts.new:,}"),
            (tr("Changed"), f"{run.counts.changed:,}"),
            (tr("Unchanged"), f"{run.counts.same:,}"),
            (tr("Refused"), f"{run.counts.refused:,}"),
        ):
            label = QLabel(value)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.facts.addRow(title, label)

    def _failed(self, error: Exception) -> None:
        self.undo_button.setEnabled(True)
        self.bar.tell(str(error), wrong=True)


def create(context: AppContext, params: dict[str, Any]) -> ImportRunPage:
    """``id`` is the import."""
    return ImportRunPage(context, int(params["id"]))
