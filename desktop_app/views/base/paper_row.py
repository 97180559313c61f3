"""How one printer hits the sheet: copies on carbon paper, offsets, and the test print.

Offsets belong to the printer, so they are kept per printer on this PC and applied when it
prints; a PDF that is saved is never moved.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from desktop_app.core.i18n import Message, tr
from desktop_app.reporting.options import PLIES
from desktop_app.runtime.operations import Operations
from desktop_app.views.base.view_memory import view_memory

MOST_MM = 30.0
STEP_MM = 0.1


class PaperRow(QWidget):
    """Plies, offsets and the test print. Signals: ``plies_chosen()``, ``test_wanted()``."""

    plies_chosen = Signal()
    test_wanted = Signal()

    def __init__(self, operations: Operations, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations = operations
        self._printer = ""
        self.plies = QComboBox(self)
        for names in PLIES:
            self.plies.addItem(_title(names), names)
        self.plies.activated.connect(lambda _place: self.plies_chosen.emit())
        self.right, self.down = self._spin(), self._spin()
        self.test = QPushButton(tr("Test print (F7)"), self)
        self.test.clicked.connect(lambda _c=False: self.test_wanted.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._plies_title = self._add(row, tr("Carbon copies"), self.plies)
        row.addStretch(1)
        self._add(row, tr("Move right"), self.right)
        self._add(row, tr("Move down"), self.down)
        row.addWidget(self.test)

    def show_printer(self, printer: str) -> None:
        """Show what is kept for a printer; without one nothing can be moved."""
        self._printer = printer
        kept = self._kept()
        for spin, name in ((self.right, "right"), (self.down, "down")):
            spin.blockSignals(True)
            spin.setValue(float(kept.get(name, 0)))
            spin.blockSignals(False)
            spin.setEnabled(bool(printer))
        self.test.setEnabled(bool(printer))

    def offer_plies(self, offered: bool) -> None:
        """Whether the form chosen may have copies."""
        self.plies.setVisible(offered)
        self._plies_title.setVisible(offered)

    def choose_plies(self, count: int) -> None:
        """Choose the set of that many copies."""
        sizes = [len(names) for names in PLIES]
        self.plies.setCurrentIndex(sizes.index(count) if count in sizes else 0)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the copies in the language of the moment; none when not offered."""
        if self.plies.isHidden():
            return ()
        return tuple(tr(name) for name in self.plies.currentData())

    @property
    def moved(self) -> tuple[Decimal, Decimal]:
        """Right and down, in mm, to a tenth."""
        return Decimal(str(round(self.right.value(), 1))), Decimal(str(round(self.down.value(), 1)))

    def correct(self, left: Decimal, top: Decimal, wanted: int) -> None:
        """The cross stood ``left`` and ``top`` mm from the edges instead of ``wanted``."""
        right, down = self.moved
        self.right.setValue(float(right + wanted - left))
        self.down.setValue(float(down + wanted - top))

    def accepts(self, sentence: Message) -> bool:
        """Whether somebody said once that this is no trouble with this printer."""
        return str(sentence) in self._kept().get("accepted", [])

    def accept(self, sentence: Message) -> None:
        """Remember that this is no trouble with this printer."""
        known = list(self._kept().get("accepted", []))
        self._keep({**self._kept(), "accepted": [*known, str(sentence)]})

    def _kept(self) -> dict[str, Any]:
        kept = view_memory().get(f"paper.{self._printer}", {})
        return kept if isinstance(kept, dict) else {}

    def _keep(self, values: dict[str, Any]) -> None:
        view_memory().put(self._operations, f"paper.{self._printer}", values)

    def _moved(self, _value: float) -> None:
        right, down = self.moved
        self._keep({**self._kept(), "right": str(right), "down": str(down)})

    def _spin(self) -> QDoubleSpinBox:
        spin = QDoubleSpinBox(self)
        spin.setRange(-MOST_MM, MOST_MM)
        spin.setDecimals(1)
        spin.setSingleStep(STEP_MM)
        spin.setSuffix(" mm")
        spin.setKeyboardTracking(False)
        spin.valueChanged.connect(self._moved)
        return spin

    def _add(self, row: QHBoxLayout, title: str, widget: QWidget) -> QLabel:
        label = QLabel(title, self)
        label.setBuddy(widget)
        widget.setAccessibleName(title)
        row.addWidget(label)
        row.addWidget(widget)
        return label


def _title(names: tuple[str, ...]) -> str:
    if not names:
        return tr("None")
    return tr("{count}: {names}", count=len(names), names=" / ".join(tr(name) for name in names))
