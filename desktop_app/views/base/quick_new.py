"""A small panel under a picker: what is missing is made without leaving the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from desktop_app.core.errors import InvalidInput
from desktop_app.core.i18n import N_, tr
from desktop_app.runtime.context import AppContext
from desktop_app.services import quick_new
from desktop_app.views.base.form_errors import by_place, mark_field
from desktop_app.views.base.screen_room import room_around
from desktop_app.views.base.widgets import heading, primary_button, problem_label, show_problem

PERMISSION = "master.write"
_PARTNER = (("code", N_("Code")), ("name", N_("Name")), ("phone", N_("Phone")))
FORMS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "item": (
        N_("New item"),
        (
            ("code", N_("Code")),
            ("name", N_("Name")),
            ("spec", N_("Specification")),
            ("uom", N_("Unit")),
            ("barcode", N_("Barcode")),
        ),
    ),
    "party": (N_("New partner"), _PARTNER),
    "customer": (N_("New customer"), _PARTNER),
    "supplier": (N_("New supplier"), _PARTNER),
    "subcontractor": (N_("New subcontractor"), _PARTNER),
    "location": (N_("New bin"), (("code", N_("Code")), ("warehouse", N_("Warehouse code")))),
    "lot": (
        N_("New lot"),
        (
            ("code", N_("Lot")),
            ("item", N_("Item code or barcode")),
            ("expires", N_("Expires")),
        ),
    ),
    "warehouse": (
        N_("New warehouse"),
        (("code", N_("Code")), ("name", N_("Name")), ("exit_code", N_("Exit code"))),
    ),
}
"""Title and fields by what a picker looks for; a kind in neither table cannot be made here."""
PAGES: dict[str, tuple[str, str]] = {"bom": ("bom", N_("New bill of materials"))}
"""What has lines does not fit under a field: the page it is written on, and the title."""
WIDTH = 380


class QuickNewPanel(QFrame):
    """A child of its picker, so that a table keeps the cell open while somebody types here.

    Signals:
        made(hit): saved; the picker takes it.
        left(): Esc, nothing was made.
    """

    made = Signal(object)
    left = Signal()
    change_source = "quick_new"

    def __init__(
        self,
        context: AppContext,
        kind: str,
        parent: QWidget,
        make: Callable[..., Any] = quick_new.make,
    ) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("palette")
        self._context, self._kind, self._make, self._busy = context, kind, make, False
        title, fields = FORMS[kind]
        self._column = QGridLayout(self)
        self._column.setContentsMargins(12, 10, 12, 10)
        self._column.setSpacing(6)
        self._title = heading(tr(title))
        self._column.addWidget(self._title, 0, 0, 1, 2)
        self.fields: dict[str, QLineEdit] = {}
        for row, (name, words) in enumerate(fields, start=1):
            field = QLineEdit(self)
            field.setAccessibleName(tr(words))
            field.returnPressed.connect(self._entered)
            self._column.addWidget(QLabel(tr(words), self), row, 0)
            self._column.addWidget(field, row, 1)
            self._column.setColumnStretch(1, 1)
            self.fields[name] = field
        self.problem = problem_label()
        self._column.addWidget(self.problem, len(fields) + 1, 0, 1, 2)
        self._column.addWidget(self._buttons(), len(fields) + 2, 0, 1, 2)

    def open_below(self, field: QWidget, typed: str) -> None:
        """Show under the field, inside the screen, with what was typed where it belongs."""
        proposal = quick_new.proposed(self._kind, typed)
        self._busy = False
        for name, editor in self.fields.items():
            editor.setText(proposal.get(name, ""))
            mark_field(editor, "")
        show_problem(self.problem, "")
        self.adjustSize()
        width = max(WIDTH, field.width())
        self.setFixedWidth(width)
        place = field.mapToGlobal(QPoint(0, field.height()))
        screen = room_around(place)
        if place.y() + self.height() > screen.bottom():
            place = field.mapToGlobal(QPoint(0, -self.height()))
        self.move(max(screen.left(), min(place.x(), screen.right() - width)), place.y())
        self.show()
        self.activateWindow()
        empty = [f for f in self.fields.values() if not f.text()]
        (empty or list(self.fields.values()))[0].setFocus(Qt.FocusReason.PopupFocusReason)

    def save(self) -> None:
        """Make the record (F8, Ctrl+Enter, Enter in the last field)."""
        if self._busy:
            return
        self._busy = True
        values = {name: field.text() for name, field in self.fields.items()}
        self._context.operations.command(
            self._make,
            self._kind,
            values,
            owner=self,
            on_done=self._made,
            on_error=self._refused,
        )

    def _buttons(self) -> QWidget:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        save = primary_button(tr("Make and choose") + "  F8")
        save.clicked.connect(self.save)
        leave = QPushButton(tr("Cancel (Esc)"), row)
        leave.clicked.connect(self._leave)
        line.addStretch(1)
        line.addWidget(save)
        line.addWidget(leave)
        return row

    def _entered(self) -> None:
        """Enter: to the next field, after the last one save."""
        fields = list(self.fields.values())
        sender = self.sender()
        place = next(n for n, field in enumerate(fields, start=1) if field is sender)
        if place == len(fields):
            self.save()
        else:
            fields[place].setFocus()

    def _made(self, hit: Any) -> None:
        self.hide()
        self.made.emit(hit)

    def _refused(self, error: Exception) -> None:
        self._busy = False
        places = {}
        if isinstance(error, InvalidInput):
            places = {name: text for (_line, name), text in by_place(error.problems).items()}
        for name, field in self.fields.items():
            mark_field(field, places.get(name, ""))
        show_problem(self.problem, "; ".join(places.values()) or str(error))
        first = next((name for name in places if name in self.fields), next(iter(self.fields)))
        self.fields[first].setFocus()

    def _leave(self) -> None:
        self.hide()
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        with_control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif event.key() == Qt.Key.Key_F8 or (
            with_control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self.save()
        else:
            super().keyPressEvent(event)
