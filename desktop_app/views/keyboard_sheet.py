"""F1: every key of the program on one sheet, declared once as data."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop_app.core.i18n import N_, tr
from desktop_app.runtime.context import AppContext
from desktop_app.views.actions import listed_actions
from desktop_app.views.base.page import Page
from desktop_app.views.base.widgets import heading, title_label

WINDOW_KEYS: tuple[tuple[str, str], ...] = (
    ("F1", N_("This sheet")),
    ("Ctrl+K", N_("Command palette: screens, documents, items, partners")),
    ("Ctrl+J", N_("Scan bar")),
    ("Ctrl+M", N_("Navigation")),
    ("Ctrl+B", N_("Show or hide the navigation")),
    ("Ctrl+W", N_("Close the tab")),
    ("Ctrl+Tab", N_("Next tab")),
    ("Ctrl+Shift+Tab", N_("Previous tab")),
    ("Alt+1 … Alt+9", N_("Tab 1 to 9")),
    ("Alt+Q", N_("Answer the newest message")),
    ("F11", N_("Full screen")),
    ("Ctrl++", N_("Larger text")),
    ("Ctrl+-", N_("Smaller text")),
    ("Ctrl+0", N_("Normal size of text")),
    ("Ctrl+Shift+L", N_("Chinese or English")),
    ("Ctrl+Shift+T", N_("Light or dark")),
    ("Ctrl+Shift+U", N_("Somebody else works here")),
)
PAGE_KEYS: tuple[tuple[str, str], ...] = (
    ("Enter", N_("Next field; opens the row in a list")),
    ("Esc", N_("Close the editor")),
    ("F2", N_("Edit the cell or open its picker")),
    ("F2", N_("At a station: a number is typed in the item's next unit")),
    ("+3", N_("At a station: on top of what was scanned")),
    ("Ctrl+Shift+P", N_("At a station: photos of the step just taken")),
    ("F3", N_("Search in the list")),
    ("F5", N_("Reload")),
    ("F6", N_("New document of this kind")),
    ("F9", N_("Print preview")),
    ("Shift+F9", N_("Labels for the label printer")),
    ("F12", N_("Why is this number so?")),
    ("Ctrl+S", N_("Save")),
    ("Ctrl+Enter", N_("Save and take the next step")),
    ("Ctrl+E", N_("Export the list to Excel")),
    ("Ctrl+C", N_("Copy rows for Excel")),
    ("Ctrl+1 … Ctrl+9", N_("A part of the record: units, prices …")),
    ("F7", N_("On a line: this partner's earlier prices")),
    ("F6", N_("On a sales order: the customer's addresses")),
    ("Alt+↑, Alt+↓", N_("Move a line, or a bin on the walking route")),
    ("Ctrl+Ins, Ctrl+Del", N_("Insert a line, take a line away")),
)


class KeyboardSheet(Page):
    """Two columns of keys; scrolls with the arrow keys."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        sheet = QWidget(self)
        grid = QGridLayout(sheet)
        grid.setContentsMargins(24, 16, 24, 24)
        grid.setHorizontalSpacing(32)
        grid.addWidget(title_label(tr("Keys")), 0, 0, 1, 2)
        screens = [(a.shortcut, a.label()) for a in listed_actions(context.user) if a.shortcut]
        grid.addWidget(_block(tr("Everywhere"), _translated(WINDOW_KEYS)), 1, 0, 2, 1)
        typed = (tr("3 boxes, 2.5 kg"), tr("A quantity in another unit of the item"))
        grid.addWidget(_block(tr("On pages"), [*_translated(PAGE_KEYS), typed]), 1, 1)
        grid.addWidget(_block(tr("Screens"), screens), 2, 1)
        grid.setRowStretch(3, 1)
        area = QScrollArea(self)
        area.setWidget(sheet)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)
        self.setFocusProxy(area)

    def title(self) -> str:
        return tr("Keys")


def create(context: AppContext, params: dict[str, object]) -> KeyboardSheet:
    """Factory named in the table of actions."""
    return KeyboardSheet(context)


def _translated(rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(key, tr(what)) for key, what in rows]


def _block(title: str, rows: Sequence[tuple[str, str]]) -> QFrame:
    card = QFrame()
    card.setObjectName("card")
    grid = QGridLayout(card)
    grid.setContentsMargins(16, 12, 16, 12)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    grid.addWidget(heading(title), 0, 0, 1, 2)
    for number, (key, what) in enumerate(rows, start=1):
        label = QLabel(key)
        label.setProperty("role", "muted")
        label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        grid.addWidget(label, number, 0)
        grid.addWidget(QLabel(what), number, 1)
    grid.setRowStretch(grid.rowCount(), 1)
    return card
