"""The lines of a document with everything beside them: totals, stock, last price, scan, paste."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.core import clock
from desktop_app.core.errors import FieldProblem, InsufficientStock
from desktop_app.core.i18n import N_, tr
from desktop_app.domain.document_type import DocumentType, Editor
from desktop_app.domain.units import ItemUnits
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.line_model import ITEM, PRICE, TAX, Line, line_columns, takes_stock
from desktop_app.views.base.line_partner import LinePartner, their_name
from desktop_app.views.base.line_paste import LinePaste
from desktop_app.views.base.line_table import LineTable
from desktop_app.views.base.line_table_model import LineTableModel
from desktop_app.views.base.page_services import DocumentServices
from desktop_app.views.base.totals_bar import TotalsBar
from desktop_app.views.base.values import format_value
from desktop_app.views.base.view_memory import view_memory

_LOOK_UP_MS = 120


class LineSection(QWidget):
    """Line table, its foot and the strip about the current line.

    Signals:
        edited(): the person changed a line.
        why_wanted(line): F12 on a line.
    """

    edited = Signal()
    why_wanted = Signal(object)

    def __init__(
        self,
        context: AppContext,
        document_type: DocumentType,
        services: DocumentServices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._type = document_type
        self._services = services
        self._party_id: int | None = None
        self._warehouse_id: int | None = None
        self._day: date | None = None
        self._theirs: Mapping[int, Any] = {}
        self.model = LineTableModel(document_type, self)
        self.partner = LinePartner(context, document_type, services, self)
        self.table = LineTable(context, self.model, self.partner.search, self)
        self.partner.follow(self.table)
        self.totals = TotalsBar(self.table, self)
        self.about = QLabel(self)
        self.about.setProperty("role", "muted")
        self.wrong = QLabel(self)
        self.wrong.setProperty("role", "problem")
        self._look_up = QTimer(self, singleShot=True, interval=_LOOK_UP_MS)
        self._look_up.timeout.connect(self.look_up)
        self._paste = LinePaste(context, self.partner.search, self.table)
        self._build()
        self._connect()

    def load(self, rows: Iterable[Mapping[str, Any]], *, writing: bool) -> None:
        """Show lines, for writing or for looking."""
        shows_stock = self._context.user.may("stock.read")
        columns = line_columns(
            self._type, self._context.user.may, editing=writing, shows_stock=shows_stock
        )
        warns = takes_stock(self._type)
        self.model.configure(columns, read_only=not writing, warns_short=warns)
        self.model.load(rows, spare=writing)
        self.table.size_columns(view_memory().get(self._memory_key(), {}))
        self.look_up()
        self._show_totals()
        self._tell_about(self.table.currentIndex().row())

    def use_party(self, party_id: int | None) -> None:
        """Prices of another partner count now."""
        if party_id != self._party_id:
            self._party_id = self.partner.party_id = party_id
            self._theirs = {}
            self._look_up.start()

    def use_warehouse(self, warehouse_id: int | None) -> None:
        """Stock of another warehouse counts now."""
        if warehouse_id != self._warehouse_id:
            self._warehouse_id = warehouse_id
            self._look_up.start()

    def use_day(self, day: date | None) -> None:
        """Taxes of another day count now; None is today."""
        if day != self._day:
            self._day = day
            self._look_up.start()

    def drafts(self) -> list[dict[str, Any]]:
        """The lines as the document service takes them; an open cell counts."""
        self.table.finish_editing()
        return self.model.sheet.drafts()

    def problems(self) -> tuple[FieldProblem, ...]:
        """Unreadable and missing cells."""
        self.table.finish_editing()
        return self.model.sheet.problems()

    def show_problems(self, problems: Mapping[tuple[int | None, str], str]) -> None:
        """Sentences beside the lines; the first wrong cell gets the focus."""
        self.model.sheet.show_problems(problems)
        self.model.refresh()
        self._tell_about(self.table.currentIndex().row())

    def focus_first_problem(self) -> bool:
        """Go to the first wrong cell; False when there is none."""
        for row, line in enumerate(self.model.sheet.lines):
            for column, declared in enumerate(self.model.columns):
                if declared.name in line.problems:
                    self.table.edit_cell(row, column)
                    return True
        return False

    def show_shortages(self, error: InsufficientStock) -> None:
        """Mark the short lines and name who holds the goods."""
        problems: dict[tuple[int | None, str], str] = {}
        for shortage in error.shortages:
            sentence = tr(
                "only {available} available",
                available=format_value(Editor.QUANTITY, shortage.available),
            )
            if shortage.holders:
                sentence += "; " + tr("held by {documents}", documents=", ".join(shortage.holders))
            problems[(shortage.line_no, "qty")] = sentence
        self.show_problems(problems)

    def add_scanned(self, hit: Any, qty: Decimal = Decimal(1)) -> None:
        """A scanned item: its line counts up, or it gets one."""
        self.table.finish_editing()
        row = self.model.add_scanned(hit, qty)
        self.table.setCurrentIndex(self.model.index(row, max(0, self.model.column_of("qty"))))

    def look_up(self) -> None:
        """Ask for units, stock, last prices and taxes of the items on the lines."""
        items = self.model.sheet.item_ids()
        if not items:
            return
        operations = self._context.operations
        if self._services.item_units is not None:
            operations.query(
                self._services.item_units,
                items,
                on_done=self._units_known,
                on_error=self._side_failed,
            )
        if self.model.read_only:
            return
        self.partner.ask_codes(items, self._theirs_known)
        if self._context.user.may("stock.read"):
            operations.query(
                self._services.line_stock,
                items,
                self._warehouse_id,
                on_done=self._stock_known,
                on_error=self._side_failed,
            )
        if self._party_id is not None and self.model.column_of(PRICE) >= 0:
            operations.query(
                self._services.last_prices,
                self._type.kind,
                self._party_id,
                items,
                on_done=self._prices_known,
                on_error=self._side_failed,
            )
        if self._services.tax_rates is not None and self.model.column_of(TAX) >= 0:
            operations.query(
                self._services.tax_rates,
                self._day or clock.today(),
                items,
                on_done=self._taxes_known,
                on_error=self._side_failed,
            )

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addWidget(self.totals)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 2, 8, 2)
        foot.setSpacing(16)
        foot.addWidget(self.about)
        foot.addWidget(self.wrong, 1)
        self.about.setMinimumHeight(20)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.model.edited.connect(self._was_edited)
        self.model.item_changed.connect(self._item_changed)
        self.table.line_focused.connect(self._tell_about)
        self.table.why_wanted.connect(self._why)
        self.table.horizontalHeader().sectionResized.connect(self._resized)
        self._keep_widths = QTimer(self, singleShot=True, interval=600)
        self._keep_widths.timeout.connect(self._remember_widths)

    def _was_edited(self) -> None:
        self._show_totals()
        self._tell_about(self.table.currentIndex().row())
        self.edited.emit()

    def _item_changed(self, _row: int) -> None:
        self._look_up.start()

    def _stock_known(self, found: Mapping[int, Any]) -> None:
        for line in self.model.sheet.lines:
            line.stock = found.get(line.values.get(ITEM, 0))
        self._side_known()

    def _prices_known(self, found: Mapping[int, Any]) -> None:
        """Last prices stand beside the line, and fill a price nobody has typed."""
        for line in self.model.sheet.lines:
            known = found.get(line.values.get(ITEM, 0))
            line.last_price = known
            if known is not None:
                line.propose(PRICE, known.price)
        self._side_known()

    def _taxes_known(self, found: Mapping[int, Decimal]) -> None:
        """The rate of the item's tax code that holds on the day of the document."""
        for line in self.model.sheet.lines:
            line.propose(TAX, found.get(line.values.get(ITEM, 0)))
        self._side_known()

    def _units_known(self, found: Mapping[int, ItemUnits]) -> None:
        self.model.sheet.use_units(found)
        self._side_known()

    def _theirs_known(self, found: Mapping[int, Any]) -> None:
        self._theirs = found
        self._tell_about(self.table.currentIndex().row())

    def _side_known(self) -> None:
        self.model.refresh()
        self._show_totals()
        self._tell_about(self.table.currentIndex().row())

    def _side_failed(self, error: Exception) -> None:
        self.about.setText(tr("Stock and prices are not known now: {reason}", reason=str(error)))

    def _show_totals(self) -> None:
        sheet = self.model.sheet
        count = len(sheet.sent_lines())
        sums = {
            place: format_value(column.kind, sheet.total(column))
            for place, column in enumerate(self.model.columns)
            if column.total
        }
        text = tr("{count} lines", count=count) if count != 1 else tr("1 line")
        self.totals.show_totals(text, sums)

    def _tell_about(self, row: int) -> None:
        known = 0 <= row < self.model.rowCount()
        line = self.model.line(row) if known else None
        theirs = their_name(self._theirs, line.values.get(ITEM)) if line else ""
        self.about.setText(line_story(line, theirs) if line else "")
        self.wrong.setText("; ".join(self.model.line(row).problems.values()) if known else "")

    def _why(self, row: int) -> None:
        self.why_wanted.emit(self.model.line(row))

    def _memory_key(self) -> str:
        return f"lines.{self._type.kind}"

    def _resized(self, _section: int, _old: int, _new: int) -> None:
        if self.isVisible():
            self._keep_widths.start()

    def _remember_widths(self) -> None:
        memory = view_memory()
        widths = {**memory.get(self._memory_key(), {}), **self.table.widths()}
        memory.put(self._context.operations, self._memory_key(), widths)


def line_story(line: Line, theirs: str = "") -> str:
    """What is known about a line, in one row of words; ``theirs`` is the partner's name of it."""
    parts = [
        str(line.values.get("item_name") or ""),
        theirs,
        line.unit_story(),
        *line.notes.values(),
    ]
    on_hand = getattr(line.stock, "on_hand", None)
    if on_hand is not None:
        parts.append(tr("on hand {qty}", qty=format_value(Editor.QUANTITY, on_hand)))
        parts.append(
            tr(
                "available {qty}",
                qty=format_value(Editor.QUANTITY, getattr(line.stock, "available", None)),
            )
        )
    if line.last_price is not None:
        parts.append(
            tr(
                price_words(line.last_price),
                price=format_value(Editor.PRICE, line.last_price.price),
                source=price_source(line.last_price),
            )
        )
    return "   ·   ".join(part for part in parts if part)


PRICE_WORDS = {
    "last": N_("last price {price} ({source})"),
    "level": N_("price {price} of level {source}"),
    "list": N_("list price {price}"),
}
"""How a proposed price is told, by where it came from."""


def price_words(known: Any) -> str:
    """The sentence for a proposed price."""
    return PRICE_WORDS.get(getattr(known, "source", "last"), PRICE_WORDS["last"])


def price_source(known: Any) -> str:
    """Where a price came from: document number and day, or the name of the level."""
    if getattr(known, "source", "last") == "level":
        return str(known.level)
    number = getattr(known, "number", None) or ""
    day = format_value(Editor.DATE, getattr(known, "date", None))
    return " ".join(part for part in (str(number), day) if part)
