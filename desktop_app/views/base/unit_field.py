"""A field for a quantity in any unit of the item: "27", "2箱3个", or F2 and then "2"."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop_app.core.errors import InvalidInput
from desktop_app.core.i18n import tr
from desktop_app.domain.quantities import SCALE, format_quantity
from desktop_app.domain.scanned_quantity import Reads, UnitChoice
from desktop_app.domain.units import Entry, ItemUnits, names_unit


class UnitField(QLineEdit):
    """A typed number stands in the chosen unit; F2 goes to the next one.

    ``story`` tells what stands there ("2 箱 = 24 个", "1 箱 = 12 个"), "" in base units. A
    proposed quantity is written anew in another unit; a typed number keeps its digits.
    """

    story = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = UnitChoice(ItemUnits("", SCALE))
        self._proposed: Decimal | None = None
        self._goods: object = None
        self.textChanged.connect(lambda _text: self._tell())

    def use(self, goods: object, units: ItemUnits) -> None:
        """Ask for goods with these units; other ``goods`` begin in the base unit again."""
        if goods != self._goods or units != self.choice.units:
            if self._goods is not None:
                self._proposed = None
            self.choice, self._goods = UnitChoice(units), goods
        self._tell()

    def propose(self, qty: Decimal | None) -> None:
        """Put a quantity of base units there, as it is typed in the chosen unit."""
        self._proposed = qty
        self.setText("" if qty is None else self.choice.typed(qty))
        self.setModified(False)

    def next_unit(self) -> bool:
        """The following unit of the item; False when there is but one."""
        following = self.choice.following()
        if following == self.choice:
            return False
        self.choice = following
        if self._proposed is not None and not self.isModified():
            self.propose(self._proposed)
        self.setFocus()
        self.selectAll()
        self._tell()
        return True

    def read(self) -> Entry:
        """What stands there, in base units; "+3" comes on top of what was counted before.

        Raises InvalidInput at ``qty``.
        """
        text = self.text().strip()
        if not text.startswith("+") or self._proposed is None:
            return self.choice.read(text)
        more = self.choice.read(text.lstrip("+"))
        return Entry(self._proposed + more.qty, more.note)

    def in_words(self) -> str:
        """What stands there with its unit, for whoever reads it elsewhere: "2箱", "24"."""
        text = self.text().strip()
        if text.startswith("+") and self._proposed is not None:
            return format_quantity(self.read().qty)
        if not text or not self.choice.name or names_unit(text):
            return text
        return f"{text}{self.choice.name}"

    def offer(self, text: str) -> None:
        """Propose base units for goods whose units are looked up only when F2 is pressed."""
        self.forget()
        self.setText(text)
        if text.replace(".", "", 1).isdecimal():
            self._proposed = Decimal(text)

    def forget(self) -> None:
        """Nothing stands here, and other goods begin in their base unit."""
        self.choice, self._proposed, self._goods = UnitChoice(ItemUnits("", SCALE)), None, None
        self.clear()
        self._tell()

    def evidence(self, qty: Decimal) -> Reads:
        """What was typed, when a person typed it."""
        reads = Reads()
        if self.isModified():
            reads.type(self.text(), qty, self.choice.name)
        return reads

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2 and not event.modifiers():
            self.next_unit()
            return
        super().keyPressEvent(event)

    def _tell(self) -> None:
        self.story.emit(self._words())

    def _words(self) -> str:
        units, text = self.choice.units, self.text().strip()
        if not units.units:
            return ""
        hint = self.choice.words() if self.choice.name else tr("F2: other unit")
        try:
            qty = self.read().qty if text else None
        except InvalidInput:
            qty = None
        plain = qty is not None and text == format_quantity(qty)
        if qty is None or plain:
            return hint
        return f"{text}{self._said_unit()} = {format_quantity(qty)} {units.base}"

    def _said_unit(self) -> str:
        plain = self.text().strip().replace(".", "", 1).isdecimal()
        return f" {self.choice.name}" if plain and self.choice.name else ""
