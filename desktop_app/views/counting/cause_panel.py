"""Why does this line differ? Likely causes as buttons, all causes as a list, a note."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.i18n import tr
from desktop_app.domain.count_causes import CauseHint
from desktop_app.domain.counting import CAUSE_CODES
from desktop_app.domain.document_type import Editor
from desktop_app.queries.counting import ReviewRow
from desktop_app.views.base.field_editors import ChoiceField, LineField
from desktop_app.views.base.widgets import heading, muted_label


class CausePanel(QFrame):
    """Emits ``chosen(line_id, code, note)``; Enter in the note saves."""

    chosen = Signal(int, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._row: ReviewRow | None = None
        self._title = heading("")
        self._reasons = muted_label("")
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self.cause = ChoiceField([(c.code, c.title) for c in CAUSE_CODES], may_be_empty=True)
        self.cause.setAccessibleName(tr("Cause"))
        self.note = LineField(Editor.TEXT)
        self.note.setPlaceholderText(tr("Note: what was found, who was asked"))
        self.cause.moved_on.connect(self.note.setFocus)
        self.note.moved_on.connect(self.save)
        self.save_button = QPushButton(tr("Save cause"))
        self.save_button.clicked.connect(self.save)
        self._lay_out()
        self.show_row(None, ())

    def show_row(
        self, row: ReviewRow | None, hints: Sequence[CauseHint], *, editable: bool = False
    ) -> None:
        """Show the line in question; what is being typed for the same line stays."""
        same = row is not None and self._row is not None and row.line_id == self._row.line_id
        self._row = row
        differs = row is not None and row.difference != 0
        self.setEnabled(differs and editable)
        self._title.setText(
            tr("{item} at {place}", item=row.item_code, place=row.location_code)
            if row is not None
            else tr("Cause of the difference")
        )
        self._reasons.setText(
            "\n".join(f"{tr(CAUSE_CODES[hint.code].title)}: {hint.reason}" for hint in hints)
            if differs
            else tr("No difference here.")
        )
        self._show_buttons(hints if differs and editable else ())
        if row is not None and not (same and self.note.hasFocus()):
            self.cause.show_value(row.cause_code or None)
            self.note.show_value(row.note)

    def save(self) -> None:
        """Tell what was chosen."""
        if self._row is not None and self.isEnabled():
            self.chosen.emit(self._row.line_id, self.cause.value() or "", self.note.text().strip())

    def begin(self) -> None:
        """Put the cursor where the cause is chosen."""
        if self.isEnabled():
            self.cause.setFocus()

    def _show_buttons(self, hints: Sequence[CauseHint]) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for hint in hints:
            button = QPushButton(tr(CAUSE_CODES[hint.code].title), self)
            button.setToolTip(str(hint.reason))
            button.clicked.connect(lambda _checked=False, code=hint.code: self._take(code))
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)

    def _take(self, code: str) -> None:
        self.cause.show_value(code)
        self.save()

    def _lay_out(self) -> None:
        entry = QHBoxLayout()
        entry.setSpacing(8)
        entry.addWidget(QLabel(tr("Cause")))
        entry.addWidget(self.cause, 2)
        entry.addWidget(self.note, 3)
        entry.addWidget(self.save_button)
        likely = QHBoxLayout()
        likely.setSpacing(8)
        likely.addWidget(QLabel(tr("Likely:")))
        likely.addLayout(self._buttons, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(6)
        column.addWidget(self._title)
        column.addLayout(likely)
        column.addWidget(self._reasons)
        column.addLayout(entry)
