"""The top of a document: what it is, in which state, whether goods moved, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.i18n import tr
from desktop_app.domain.document_type import DocumentType, Transition
from desktop_app.views.base.state_badge import StateBadge
from desktop_app.views.base.tones import Tone, tone
from desktop_app.views.base.widgets import primary_button, title_label


class DocumentBar(QWidget):
    """Title line and buttons.

    Signals:
        save_wanted(), print_wanted(), labels_wanted(), copy_wanted(), step_wanted(transition),
        derive_wanted(document type): the person pressed the button.
    """

    save_wanted = Signal()
    print_wanted = Signal()
    labels_wanted = Signal()
    copy_wanted = Signal()
    step_wanted = Signal(object)
    derive_wanted = Signal(object)

    def __init__(self, document_type: DocumentType, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._type = document_type
        self._steps: tuple[Transition, ...] = ()
        self.title = title_label("")
        self.badge = StateBadge("", self)
        self.stock = QLabel(self)
        self.unsaved = QLabel(self)
        self.save_button = QPushButton(tr("Save (Ctrl+S)"), self)
        self.main_button = primary_button("")
        self.more_button = QPushButton(tr("More (F10)"), self)
        self.print_button = QPushButton(tr("Print (F9)"), self)
        self._menu = QMenu(self)
        self.labelled = False
        """Whether the menu offers labels."""
        self._build()

    @property
    def menu(self) -> QMenu:
        """What F10 opens."""
        return self._menu

    @property
    def main_step(self) -> Transition | None:
        """What F8 does: the first step that asks for no reason, else none."""
        marked = (step for step in self._steps if step.key == "F8")
        plain = (step for step in self._steps if not step.requires_reason)
        return next(marked, next(plain, None))

    def show_identity(self, number: str | None, state: str, moved_stock: bool) -> None:
        """Number, state and the sentence everybody looks for: have goods moved?"""
        self.title.setText(f"{tr(self._type.title)}  {number or tr('(new)')}")
        self.badge.set_state(state)
        if not state:
            self.stock.setText(tr("Not saved yet"))
            ink = Tone.MUTED
        else:
            self.stock.setText(tr("Stock has moved") if moved_stock else tr("Stock has not moved"))
            ink = Tone.GOOD if moved_stock else Tone.MUTED
        self.stock.setStyleSheet(f"color: {tone(ink).name()}; font-weight: bold;")

    def show_unsaved(self, unsaved: bool) -> None:
        """The mark of typed but unsaved input."""
        self.unsaved.setText(tr("● not saved") if unsaved else "")

    def show_steps(
        self,
        steps: Sequence[Transition],
        derivable: Sequence[DocumentType],
        *,
        may_write: bool,
        is_new: bool,
    ) -> None:
        """Buttons for what is possible now."""
        self._steps = tuple(steps)
        main = self.main_step
        self.save_button.setVisible(may_write)
        self.save_button.setProperty("primary", main is None)
        self.save_button.style().unpolish(self.save_button)
        self.save_button.style().polish(self.save_button)
        self.main_button.setVisible(main is not None)
        if main is not None:
            self.main_button.setText(f"{tr(main.title)} (F8)")
        self.print_button.setVisible(not is_new)
        self._fill_menu(main, derivable, is_new)

    def set_busy(self, busy: bool) -> None:
        """No button can be pressed while a change is under way."""
        for button in (self.save_button, self.main_button, self.more_button):
            button.setEnabled(not busy)

    def open_menu(self) -> None:
        """Show the other steps under their button (F10)."""
        if self.more_button.isEnabled() and self._menu.actions():
            self._menu.popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))
            self._menu.setActiveAction(self._menu.actions()[0])

    def _fill_menu(
        self, main: Transition | None, derivable: Sequence[DocumentType], is_new: bool
    ) -> None:
        self._menu.clear()
        for target in derivable:
            self._add(tr("Generate {kind}", kind=tr(target.title)), self.derive_wanted, target)
        if derivable:
            self._menu.addSeparator()
        for step in self._steps:
            if step is not main:
                self._add(tr(step.title), self.step_wanted, step)
        if not is_new:
            self._menu.addSeparator()
            if self.labelled:
                labels = QAction(tr("Labels for the label printer") + "\tShift+F9", self._menu)
                labels.triggered.connect(self.labels_wanted)
                self._menu.addAction(labels)
            copy = QAction(tr("Copy to a new document") + "\tCtrl+D", self._menu)
            copy.triggered.connect(self.copy_wanted)
            self._menu.addAction(copy)
        self.more_button.setVisible(bool(self._menu.actions()))

    def _add(self, text: str, signal: Any, value: object) -> None:
        action = QAction(text, self._menu)
        action.triggered.connect(lambda _checked=False: signal.emit(value))
        self._menu.addAction(action)

    def _press_main(self) -> None:
        if self.main_step is not None:
            self.step_wanted.emit(self.main_step)

    def _build(self) -> None:
        self.unsaved.setStyleSheet(f"color: {tone(Tone.ASK_EDGE).name()};")
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.title, self.badge, self.stock, self.unsaved):
            row.addWidget(widget)
        row.addStretch(1)
        for button in (self.print_button, self.more_button, self.save_button, self.main_button):
            row.addWidget(button)
        self.save_button.clicked.connect(lambda _checked=False: self.save_wanted.emit())
        self.main_button.clicked.connect(lambda _checked=False: self._press_main())
        self.more_button.clicked.connect(lambda _checked=False: self.open_menu())
        self.print_button.clicked.connect(lambda _checked=False: self.print_wanted.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
