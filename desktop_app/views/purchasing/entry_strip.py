"""The strip below the table: quantity, lot and expiry of the goods in hand."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QWidget

from desktop_app.core import clock
from desktop_app.core.errors import InvalidInput
from desktop_app.core.i18n import Message, tr
from desktop_app.domain.shelf_life import keeps_until
from desktop_app.domain.units import ItemUnits
from desktop_app.queries.receiving import OpenLine
from desktop_app.services.receiving import ReceiveEntry
from desktop_app.views.base.date_keys import read_date
from desktop_app.views.base.form_errors import mark_field
from desktop_app.views.base.station import LARGE, enlarge
from desktop_app.views.base.unit_field import UnitField
from desktop_app.views.base.widgets import problem_label, show_problem
from desktop_app.views.purchasing.tally import end_of_day


class EntryStrip(QFrame):
    """Enter goes from field to field; ``finished`` fires after the last.

    ``changed`` fires when a field was read well: :meth:`values` holds what was typed.
    """

    changed = Signal()
    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._line: OpenLine | None = None
        self._item = QLabel(self)
        self._item.setWordWrap(True)
        enlarge(self._item, 1.3, bold=True)
        self.qty = UnitField(self)
        self._sized(self.qty, 110)
        self.qty.story.connect(self._tell_unit)
        self.note: Message | None = None
        self.lot = self._field(190)
        self.expiry = self._field(150)
        self.expiry.setPlaceholderText("2026-12-31")
        self.problem = problem_label()
        self._titles = {self.qty: QLabel(self), self.lot: QLabel(self), self.expiry: QLabel(self)}
        self._lay_out()
        self.qty.returnPressed.connect(self._after_qty)
        self.lot.returnPressed.connect(self._after_lot)
        self.expiry.returnPressed.connect(self._after_expiry)
        self.show_entry(None, None)

    @property
    def line(self) -> OpenLine | None:
        """The order line in hand."""
        return self._line

    def show_entry(self, line: OpenLine | None, entry: ReceiveEntry | None) -> None:
        """Show the goods in hand and what is known of them."""
        self._line = line
        self.setEnabled(line is not None)
        self._clear_problems()
        tracked = line is not None and line.tracking != "none"
        serial = line is not None and line.tracking == "serial"
        self._item.setText(
            f"{line.item_code}  {line.item_name}"
            if line
            else tr("Scan goods, or choose a line with the arrow keys and Enter.")
        )
        self._titles[self.lot].setText(tr("Serial number") if serial else tr("Lot"))
        for widget in (self.lot, self._titles[self.lot]):
            widget.setVisible(tracked)
        for widget in (self.expiry, self._titles[self.expiry]):
            widget.setVisible(tracked and not serial)
        units = line.units if line is not None else None
        self.qty.use(
            line.line_id if line is not None else None,
            units or ItemUnits(line.uom if line else "", line.uom_decimals if line else 0),
        )
        self.qty.propose(entry.qty if entry else None)
        self.lot.setText(entry.lot if entry else "")
        until = entry.expires_at if entry else None
        self.expiry.setText(until.astimezone().date().isoformat() if until else "")
        self.expiry.setPlaceholderText(proposed_expiry(line))

    def go_to(self, field: QLineEdit) -> None:
        """Put the cursor into a field, its text selected so that typing replaces it."""
        field.setFocus()
        field.selectAll()

    def next_unit(self) -> None:
        """F2: type the quantity in the next unit of the goods in hand."""
        if self._line is not None:
            self.qty.next_unit()

    def has_cursor(self) -> bool:
        """True while one of its fields has the cursor."""
        return any(field.hasFocus() for field in self._titles)

    def complain(self, field: str, sentence: str) -> None:
        """Show what is wrong beside the field ("qty", "lot", "expires_at")."""
        place = {"qty": self.qty, "lot": self.lot}.get(field, self.expiry)
        mark_field(place, sentence)
        show_problem(self.problem, sentence)
        self.go_to(place)

    def read(self) -> tuple[Decimal, str, datetime | None] | None:
        """Quantity, lot and expiry as typed; None when one cannot be read (it is marked)."""
        if self._line is None:
            return None
        self._clear_problems()
        self.note = None
        if self.qty.text().strip():
            try:
                entry = self.qty.read()
            except InvalidInput as error:
                self.complain("qty", str(error))
                return None
            qty, self.note = entry.qty, entry.note
        else:
            qty = Decimal(0)
        typed = self.expiry.text().strip()
        day = read_date(typed) if typed and self._line.tracking == "lot" else None
        if typed and day is None and self._line.tracking == "lot":
            self.complain(
                "expires_at",
                tr("“{typed}” is not a date; write 2026-01-31, 5, +3 or T", typed=typed),
            )
            return None
        lot = self.lot.text().strip() if self._line.tracking != "none" else ""
        return qty, lot, end_of_day(day)

    def _tell_unit(self, story: str) -> None:
        """Above the field: its unit, and what stands there in base units."""
        title = tr("Quantity now")
        if self._line is not None:
            title = tr("Quantity now ({unit})", unit=self.qty.choice.title)
        self._titles[self.qty].setText(f"{title}  {story}" if story else title)

    def _after_qty(self) -> None:
        if self.read() is None:
            return
        self.changed.emit()
        tracked = self._line is not None and self._line.tracking != "none"
        if tracked and not self.lot.text().strip():
            self.go_to(self.lot)
        else:
            self.finished.emit()

    def _after_lot(self) -> None:
        if self.read() is None:
            return
        self.changed.emit()
        if self.expiry.isVisible() and not self.expiry.text():
            self.go_to(self.expiry)
        else:
            self.finished.emit()

    def _after_expiry(self) -> None:
        if self.read() is not None:
            self.changed.emit()
            self.finished.emit()

    def _field(self, width: int) -> QLineEdit:
        field = QLineEdit(self)
        self._sized(field, width)
        return field

    @staticmethod
    def _sized(field: QLineEdit, width: int) -> None:
        enlarge(field, LARGE)
        field.setMinimumWidth(width)

    def _lay_out(self) -> None:
        self._titles[self.expiry].setText(tr("Use by"))
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 8, 12, 8)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.addWidget(self._item, 0, 0, 2, 1)
        for column, (field, title) in enumerate(self._titles.items(), start=1):
            title.setBuddy(field)
            grid.addWidget(title, 0, column)
            grid.addWidget(field, 1, column)
        grid.addWidget(self.problem, 2, 0, 1, 4)
        grid.setColumnStretch(0, 1)

    def _clear_problems(self) -> None:
        for field in self._titles:
            mark_field(field, "")
        show_problem(self.problem, "")


def proposed_expiry(line: OpenLine | None) -> str:
    """The date a lot gets when none is typed: its item's shelf life from today on."""
    if line is None or line.shelf_life is None:
        return "2026-12-31"
    until = keeps_until(clock.now(), line.shelf_life, line.shelf_life_unit)
    return until.date().isoformat()
