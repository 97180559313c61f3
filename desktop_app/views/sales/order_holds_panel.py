"""In the head of a sales order: deposit, end of the lock, ordered out and really out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.i18n import tr
from desktop_app.domain.document_type import Editor
from desktop_app.domain.quantities import format_quantity
from desktop_app.queries.sales import HoldLine, OrderHolds
from desktop_app.runtime.context import AppContext
from desktop_app.services.sales import ReleaseLock
from desktop_app.views.base.inline_bar import Asked, InlineBar
from desktop_app.views.base.station_table import StationColumn, StationTable
from desktop_app.views.base.tones import Tone, tone
from desktop_app.views.base.values import CannotRead, format_value, read_value
from desktop_app.views.sales.station_services import HoldServices, hold_services

LOCKABLE = ("approved", "picking", "part")
"""States of an order in which stock can be locked or released."""


def _columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Line"), lambda line: str(line.line_no), 4, right=True),
        StationColumn(tr("Item"), lambda line: f"{line.item_code}  {line.item_name}", stretch=True),
        StationColumn(tr("Ordered out"), lambda line: format_quantity(line.ordered), 9, right=True),
        StationColumn(
            tr("Locked"), lambda line: format_quantity(line.locked), 9, right=True, tone=_lock_tone
        ),
        StationColumn(tr("Picked"), lambda line: format_quantity(line.picked), 9, right=True),
        StationColumn(
            tr("Really out"),
            lambda line: format_quantity(line.shipped),
            9,
            right=True,
            tone=_out_tone,
        ),
        StationColumn(
            tr("Locked until"),
            lambda line: format_value(Editor.DATE, _day(line)),
            12,
            tone=lambda line: Tone.WRONG if line.overdue else None,
        ),
    )


def _day(line: HoldLine) -> Any:
    return line.until.astimezone().date() if line.until is not None else None


def _lock_tone(line: HoldLine) -> Tone | None:
    return Tone.LINK if line.locked > 0 else Tone.MUTED


def _out_tone(line: HoldLine) -> Tone | None:
    return Tone.GOOD if line.shipped >= line.ordered else None


class Figure(QWidget):
    """One number with its name above it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(title, self)
        self._title.setProperty("role", "muted")
        self.value = QLabel("", self)
        self.value.setProperty("role", "heading")
        self.value.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._title)
        column.addWidget(self.value)

    def show_value(self, text: str, which: Tone | None = None) -> None:
        """Show ``text``, coloured when it means something."""
        self.value.setText(text)
        self.value.setStyleSheet(f"color: {tone(which).name()};" if which is not None else "")
        self.setAccessibleName(f"{self._title.text()} {text}")


class OrderHoldsPanel(QFrame):
    """Deposit and lock of one order; F7 shows them by line, and releases one of them.

    Signals:
        changed(): a lock was released here; the page has to be fetched again.
    """

    changed = Signal()

    def __init__(
        self,
        context: AppContext,
        services: HoldServices | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._context = context
        self._services = services or hold_services()
        self.holds: OrderHolds | None = None
        self.deposit, self.until = Figure(tr("Deposit"), self), Figure(tr("Locked until"), self)
        self.locked, self.ordered = Figure(tr("Locked"), self), Figure(tr("Ordered out"), self)
        self.shipped = Figure(tr("Really out"), self)
        self.more = QPushButton(tr("By line (F7)"), self)
        self.more.setCheckable(True)
        self.more.toggled.connect(self._show_lines)
        self.release = QPushButton(tr("Release this line…"), self)
        self.release.clicked.connect(self.ask_release)
        self.bar = InlineBar(self)
        self.table = StationTable(_columns(), self)
        self.table.setFont(self.font())
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.table.setMaximumHeight(140)
        self.table.chosen.connect(lambda _row: self.ask_release())
        self._lay_out()
        QShortcut(
            QKeySequence("F7"),
            parent or self,
            self.more.toggle,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )
        self.hide()

    def fetch(self, document_id: int) -> None:
        """Ask for the holds of an order and show them."""
        self._context.operations.query(
            self._services.order_holds,
            document_id,
            on_done=self.show_holds,
            owner=self,
            on_error=self._context.notifier.error,
        )

    def show_holds(self, holds: OrderHolds) -> None:
        """Show the figures of an order."""
        self.holds = holds
        self.deposit.show_value(_deposit_text(holds))
        locked = holds.locked
        last = holds.lock_until if locked > 0 else None
        self.until.show_value(
            format_value(Editor.DATE, last) or "–", Tone.WRONG if holds.overdue else None
        )
        self.locked.show_value(
            format_quantity(locked, grouping=True), Tone.LINK if locked > 0 else None
        )
        ordered = sum((line.ordered for line in holds.lines), Decimal(0))
        shipped = sum((line.shipped for line in holds.lines), Decimal(0))
        self.ordered.show_value(format_quantity(ordered, grouping=True))
        self.shipped.show_value(
            format_quantity(shipped, grouping=True), Tone.GOOD if shipped >= ordered > 0 else None
        )
        self.table.show_rows(holds.lines)
        self.release.setEnabled(locked > 0 and self._may_release())
        self.show()

    def ask_release(self) -> None:
        """Ask how many of the chosen line are to be given back, and why."""
        row = self.table.current_row()
        if self.holds is None or not 0 <= row < len(self.holds.lines) or not self._may_release():
            return
        line = self.holds.lines[row]
        if line.locked <= 0:
            self.bar.tell(tr("Line {line} has nothing locked", line=line.line_no))
            return
        self.bar.ask(
            tr("Release line {line} {item}:", line=line.line_no, item=line.item_code),
            (Asked("qty", tr("Quantity"), check=_quantity_problem), Asked("reason", tr("Reason"))),
            tr("Release"),
            lambda answers: self._release(line, answers),
        )
        self.bar.field("qty").setText(format_quantity(line.locked))
        self.bar.field("qty").selectAll()

    def _may_release(self) -> bool:
        return (
            self.holds is not None
            and self.holds.state in LOCKABLE
            and self._context.user.may("sales.deposit")
        )

    def _release(self, line: HoldLine, answers: Mapping[str, str]) -> None:
        if self.holds is None:
            return
        qty = read_value(Editor.QUANTITY, answers["qty"])
        command = ReleaseLock(
            self.holds.document_id, self.holds.version, answers["reason"], {line.line_id: qty}
        )
        self._context.operations.command(
            self._services.release_lock,
            command,
            on_done=self._released,
            owner=self,
            on_error=lambda error: self.bar.tell(str(error), wrong=True),
        )

    def _released(self, _reference: Any) -> None:
        self._context.notifier.success(tr("The lock was released"))
        self.changed.emit()

    def _show_lines(self, shown: bool) -> None:
        self.table.setVisible(shown)
        self.release.setVisible(shown)
        if shown:
            self.table.setFocus()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(24)
        for figure in (self.deposit, self.until, self.locked, self.ordered, self.shipped):
            row.addWidget(figure)
        row.addStretch(1)
        row.addWidget(self.release)
        row.addWidget(self.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 6)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.bar)
        column.addWidget(self.table)
        self.table.hide()
        self.release.hide()


def _deposit_text(holds: OrderHolds) -> str:
    paid = format_value(Editor.MONEY, holds.deposit)
    if holds.gross is None or holds.gross <= 0:
        return paid
    return tr(
        "{paid} of {gross} ({percent}%)",
        paid=paid,
        gross=format_value(Editor.MONEY, holds.gross),
        percent=f"{holds.deposit * 100 / holds.gross:.0f}",
    )


def _quantity_problem(text: str) -> str:
    try:
        value = read_value(Editor.QUANTITY, text)
    except CannotRead as wrong:
        return str(wrong.message)
    return "" if value is not None and value > 0 else tr("More than zero")
