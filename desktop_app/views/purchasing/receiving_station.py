"""The receiving station: scan an order, count what came, post it with F8."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.errors import ConfirmationRequired, InvalidInput, ServerUnreachable
from desktop_app.core.i18n import N_, Message, tr
from desktop_app.domain.scan_codes import ScanKind, ScanResult
from desktop_app.domain.scanned_quantity import in_both
from desktop_app.queries.receiving import (
    Goods,
    OpenLine,
    ReceivingView,
    receiving_view,
    waiting_orders,
)
from desktop_app.runtime.context import AppContext
from desktop_app.services import receiving
from desktop_app.services.receiving import Receive, Received
from desktop_app.views.base.inline_bar import Asked
from desktop_app.views.base.station import StationPage
from desktop_app.views.base.station_table import StationTable
from desktop_app.views.purchasing import new_boxes
from desktop_app.views.purchasing.columns import order_columns, tally_columns
from desktop_app.views.purchasing.dock_scale import DockScale
from desktop_app.views.purchasing.entry_strip import EntryStrip
from desktop_app.views.purchasing.tally import Key, Tally

PUT_AWAY = "put_away"
_OVER = N_("{item}: {now} counted, but only {open} still open.")
_COMPLETE = N_("{number} posted; the order is complete. Enter puts away, F9 prints labels.")
_STAYS_OPEN = N_("{number} posted; the order stays open. Enter puts away, F9 prints labels.")


class ReceivingStation(StationPage):
    """Choose or scan an order, scan goods or type quantities, post part or all of it.

    A posting whose answer was lost with the connection is sent again as it was (same
    uuid), so that it is posted once; what was counted meanwhile stays for the next one.
    """

    def __init__(
        self, context: AppContext, order_id: int | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, tr("Receive goods"), parent)
        self.tally: Tally | None = None
        self.key: Key | None = None
        self.posted: Received | None = None
        self._order_id = order_id
        self._pending: Receive | None = None
        self._asking = False
        self._orders: list[Any] = []
        self._build()
        self._keys()
        self._refresh()
        self._tell_what_to_do()

    # ------------------------------------------------------------ the page

    def topics(self) -> frozenset[str]:
        return frozenset({"document:purchase_order", "document:purchase_receipt"})

    def is_dirty(self) -> bool:
        return self.tally is not None and not self.tally.is_empty()

    def reload(self) -> None:
        """Fetch orders or the open order again; the count stays."""
        if self.tally is not None:
            self.context.operations.query(
                receiving_view,
                self.tally.view.order_id,
                on_done=self._refreshed,
                on_error=self.failed,
            )
            return
        self.context.operations.query(
            waiting_orders, on_done=self._show_orders, on_error=self.failed
        )
        if self._order_id is not None:
            wanted, self._order_id = self._order_id, None
            self._open(wanted)

    # ------------------------------------------------------------ scanning

    def scanned(self, code: ScanResult) -> None:
        """An order's number opens it; anything else is goods (or the lot asked for)."""
        if code.problem is not None:
            self.tell("wrong", str(code.problem))
        elif code.kind is ScanKind.DOCUMENT:
            self._open_scanned(code.code)
        elif self.tally is None:
            self.tell("wrong", tr("Scan the purchase order first, then the goods."))
        else:
            self.context.operations.query(
                receiving.identify,
                code,
                self.tally.view.order_id,
                on_done=lambda goods: self._identified(code, goods),
                on_error=self.failed,
                owner=self,
            )

    def _open_scanned(self, number: str) -> None:
        if self.is_dirty():
            self.tell("wrong", tr("Post what was counted first (F8), or discard it (Esc)."))
            return
        self._open(number)

    def _open(self, code: str | int) -> None:
        self.context.operations.query(
            receiving.open_order, code, on_done=self._opened, on_error=self.failed
        )

    def _opened(self, view: ReceivingView) -> None:
        self.tally, self.posted = Tally(view), None
        self._pending = None
        self.scale.heaps.forget()
        self._nothing_in_hand()
        self._refresh()
        self.scan_field.setFocus()
        self.tell("ok", tr("{number} is open. Scan the goods.", number=view.number))

    def _identified(self, code: ScanResult, goods: Goods | None) -> None:
        tally = self.tally
        if tally is None:
            return
        if goods is None:
            if self._lot_is_missing() and code.kind is ScanKind.CODE:
                self.strip.lot.setText(code.text)
                self._fields_changed()
                self._counted(tally)
            else:
                self.tell(
                    "unknown", tr("Unknown code {code}. Nothing was counted.", code=code.text)
                )
            return
        line = tally.line_for(goods.item_id)
        if line is None:
            self.tell(
                "wrong",
                tr(
                    "{item} {name} is not on this order. Nothing was counted.",
                    item=goods.item_code,
                    name=goods.item_name,
                ),
            )
            return
        key = tally.add(line, goods, code.text)
        added = goods.qty if goods.qty is not None else goods.factor
        self.scale.heaps.scanned(key, tally.counted[key].qty, added)
        self._show_key(key)
        self._refresh()
        self._counted(tally, goods.amount.words() if goods.amount is not None else "")

    def _counted(self, tally: Tally, what: str = "") -> None:
        """Answer a scan and go to where the next typing belongs; ``what`` the code stands for."""
        if self.key is None:
            return
        line, now = tally.line(self.key[0]), tally.now(self.key[0])
        facts = _facts(line, now)
        kind, text = "ok", tr("{item}: {now} of {open} still open.", **facts)
        if self._lot_is_missing():
            text = (
                tr("{item}: {now}. Now scan or type the serial number.", **facts)
                if line.tracking == "serial"
                else tr("{item}: {now}. Now scan or type the lot.", **facts)
            )
        elif now > line.open:
            kind, text = "unknown", tr(_OVER, **facts)
        self.tell(kind, tr("{what}. {next}", what=what, next=text) if what else text)
        self.strip.go_to(self.strip.lot if self._lot_is_missing() else self.strip.qty)

    def _lot_is_missing(self) -> bool:
        return (
            self.tally is not None
            and self.key is not None
            and not self.key[1]
            and self.tally.line(self.key[0]).tracking != "none"
        )

    def _heap_counted(self, key: Key, _qty: Decimal, said: Message) -> None:
        """The goods in hand were counted by weight; Enter goes on, a person may correct it."""
        if self.tally is not None:
            self._show_key(key)
            self._refresh()
            self._counted(self.tally)
            self.tell("ok", str(said))

    # ------------------------------------------------------------ typing

    def _row_chosen(self, row: int) -> None:
        """A line chosen by hand: type its quantity; goods kept by lot begin a new lot."""
        if self.tally is not None and 0 <= row < len(self.tally.view.lines):
            self._show_key((self.tally.view.lines[row].line_id, ""))
            self.strip.go_to(self.strip.qty)

    def _fields_changed(self) -> None:
        """Take over what was typed into the strip."""
        found = self.strip.read()
        if found is None or self.tally is None or self.key is None:
            return
        qty, lot, expires_at = found
        known = self.tally.counted.get(self.key)
        if known is None or known.qty != qty:
            self.scale.heaps.typed(self.key, qty)
        self.tally.typed(self.key, self.strip.qty.text(), qty, self.strip.qty.choice.name)
        if lot:
            named = self.tally.name_lot(self.key, lot, expires_at)
            self.scale.heaps.renamed(self.key, named)
            self.key = named
        self._show_key(self.key)
        self._refresh()

    def _typed_all(self) -> None:
        doubt, note = self.scale.doubt(), self.strip.note
        line_id = self.key[0] if self.key else None
        self._nothing_in_hand()
        self.scan_field.setFocus()
        row = (
            next((row for row in self.tally.rows() if row.line.line_id == line_id), None)
            if self.tally
            else None
        )
        if doubt is not None:
            self.tell("unknown", str(doubt))
        elif row is not None and row.over:
            self.tell("unknown", tr(_OVER, **_facts(row.line, row.now)))
        elif note is not None:
            self.tell("unknown", str(note))
        else:
            self.prompt(tr("Scan the next goods, or F8 to post."))

    # ------------------------------------------------------------ posting

    def post(self) -> None:
        """F8: post what was counted as a receipt; the rest of the order stays open."""
        if self.tally is None:
            self.tell("wrong", tr("Scan the purchase order first, then the goods."))
            return
        if self._asking and not self.bar.isHidden():
            self.bar.confirm()
            return
        if self.strip.has_cursor():
            if self.strip.read() is None:
                return
            self._fields_changed()
        if self.tally.is_empty() and self._pending is None:
            self.tell(
                "wrong", tr("Nothing has been counted yet. Scan the goods or type a quantity.")
            )
            return
        self._send(
            self._pending
            or Receive(
                self.tally.view.order_id,
                self.tally.entries(),
                reference=self.reference.text().strip(),
                evidence={
                    "reads": self.tally.evidence(),
                    **self.scale.heaps.evidence(self.tally.parts()),
                },
            )
        )

    def _send(self, command: Receive) -> None:
        self._pending, self._asking = command, False
        self._post_key.setEnabled(False)
        self.prompt(tr("Posting …"))
        self.context.operations.command(
            receiving.receive, command, on_done=self._received, on_error=self._refused
        )

    def _received(self, result: Received) -> None:
        command, self._pending = self._pending, None
        self._post_key.setEnabled(True)
        self.posted = result
        self.bar.clear()
        if self.tally is not None and command is not None:
            self.tally.remove(command.entries)
            self.scale.heaps.forget()
        self.reference.clear()
        self._nothing_in_hand()
        self.scan_field.setFocus()
        self.reload()
        done = result.order_state == "done"
        text = _COMPLETE if done else _STAYS_OPEN
        self.tell("ok", tr(text, number=result.receipt.number))
        self.offer_photo(result.receipt.id, result.receipt.number or "")

    def _refused(self, error: Exception) -> None:
        command = self._pending
        self._post_key.setEnabled(True)
        if not isinstance(error, ServerUnreachable):
            self._pending = None  # nothing was posted; after a lost line nobody knows
        if isinstance(error, ConfirmationRequired) and command is not None:
            self._ask(command, error)
        elif isinstance(error, InvalidInput):
            self._show_problem(error)
        else:
            self.failed(error)

    def _ask(self, command: Receive, error: ConfirmationRequired) -> None:
        over = error.key.startswith("over_receipt")
        asked = (Asked("reason", tr("Reason")),) if over and not command.reason else ()
        self.tell("unknown", tr("Please decide: the question is below."))
        self._asking = True
        self.bar.ask(
            str(error),
            asked,
            tr("Take it"),
            lambda answers: self._send(
                replace(
                    command,
                    confirmed=command.confirmed | {error.key},
                    reason=answers.get("reason") or command.reason,
                )
            ),
        )

    def _show_problem(self, error: InvalidInput) -> None:
        problem = error.problems[0]
        self.tell("wrong", str(error))
        if self.tally is None or problem.line_no is None:
            return
        line = next(n for n in self.tally.view.lines if n.line_no == problem.line_no)
        mine = [key for key in self.tally.counted if key[0] == line.line_id]
        if mine:
            self._show_key(next((key for key in mine if not key[1]), mine[-1]))
            self.strip.complain(problem.field, str(problem))

    # ------------------------------------------------------------ the other keys

    def labels(self) -> None:
        """F9: labels of the goods just posted."""
        if self.posted is None:
            self.tell("wrong", tr("Labels are printed from a receipt; post it first (F8)."))
            return
        receipt = self.posted.receipt
        self.context.open_page(
            "print_labels", {"kind": "item", "document": receipt.id, "title": receipt.number}
        )

    def box_labels(self) -> None:
        """F7: number new boxes for the goods just posted, and label them."""
        if self.posted is None:
            self.tell("wrong", tr("Labels are printed from a receipt; post it first (F8)."))
            return
        new_boxes.ask(self, self.posted.receipt)

    def enter_pressed(self) -> None:
        """Enter without a code: open the chosen order or line, or put away what was posted."""
        if self.tally is None:
            self._order_chosen(self.orders.current_row())
        elif self.posted is not None and not self.is_dirty():
            self.put_away()
        else:
            self._row_chosen(self.lines.current_row())

    def put_away(self) -> None:
        """On to the put-away station with the receipt just posted."""
        self.context.open_page(PUT_AWAY, {"id": self.posted.receipt.id} if self.posted else {})

    def table_in_front(self) -> StationTable:
        return self.orders if self.tally is None else self.lines

    def back(self) -> None:
        """Esc: out of the strip, then out of the order; a count is given up only when asked."""
        if not self.bar.isHidden():
            self.bar.dismiss()
        elif self.strip.has_cursor() or self.reference.hasFocus():
            self.scan_field.setFocus()
        elif self.is_dirty():
            self._asking = False
            self.bar.ask(
                tr("Discard what was counted but not posted?"),
                (),
                tr("Discard"),
                lambda _answers: self._close_order(),
            )
        elif self.tally is not None:
            self._close_order()

    def _close_order(self) -> None:
        self.tally, self.posted, self._pending = None, None, None
        self._nothing_in_hand()
        self._refresh()
        self.reload()
        self.scan_field.setFocus()
        self._tell_what_to_do()

    # ------------------------------------------------------------ showing

    def _show_key(self, key: Key) -> None:
        if self.tally is None:
            return
        self.key = key
        line = self.tally.line(key[0])
        self.scale.serve(self.tally, key)
        self.strip.show_entry(line, self.tally.counted.get(key))
        self.lines.choose(self.tally.view.lines.index(line))

    def _nothing_in_hand(self) -> None:
        self.key = None
        self.strip.show_entry(None, None)
        self.scale.serve(None, None)

    def _refreshed(self, view: ReceivingView) -> None:
        if self.tally is not None and self.tally.view.order_id == view.order_id:
            self.tally.view = view
            self._refresh()

    def _show_orders(self, orders: list[Any]) -> None:
        self._orders = orders
        self.orders.show_rows(orders)

    def _order_chosen(self, row: int) -> None:
        if 0 <= row < len(self._orders):
            self._open(self._orders[row].order_id)

    def _refresh(self) -> None:
        tally = self.tally
        self.stack.setCurrentIndex(0 if tally is None else 1)
        self.reference.setVisible(tally is not None)
        self._post_key.setVisible(tally is not None)
        for key in self._later_keys:
            key.setVisible(self.posted is not None)
        self.dirty_changed.emit(self.is_dirty())
        if tally is None:
            self.subtitle.setText("")
            return
        view = tally.view
        due = tr("due {date}", date=view.due_date.isoformat()) if view.due_date else ""
        self.subtitle.setText(
            " · ".join(part for part in (view.number, view.supplier, view.warehouse, due) if part)
        )
        self.lines.show_rows(tally.rows())

    def _tell_what_to_do(self) -> None:
        self.prompt(tr("Scan a purchase order, or choose one and press Enter."))

    def _build(self) -> None:
        self.orders = StationTable(
            order_columns(), self, empty_text=tr("No purchase order waits for goods.")
        )
        self.orders.chosen.connect(self._order_chosen)
        self.lines = StationTable(tally_columns(), self)
        self.lines.chosen.connect(self._row_chosen)
        self.strip = EntryStrip(self)
        self.strip.changed.connect(self._fields_changed)
        self.strip.finished.connect(self._typed_all)
        self.reference = QLineEdit(self)
        self.reference.setPlaceholderText(tr("Delivery note no."))
        self.reference.setAccessibleName(tr("Delivery note no."))
        self.reference.setMaximumWidth(260)
        self.reference.hide()
        order = QWidget(self)
        column = QVBoxLayout(order)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.lines, 1)
        column.addWidget(self.strip)
        self.scale = DockScale(self.context, self)
        self.scale.counted.connect(self._heap_counted)
        self.scale.refused.connect(lambda why: self.tell("wrong", why))
        self.scale.box_changed.connect(lambda text: self.tell("ok", text))
        column.addWidget(self.scale)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.orders)
        self.stack.addWidget(order)
        self.body.addWidget(self.stack, 1)

    def _keys(self) -> None:
        self._post_key = self.add_key(tr("F8  Post receipt"), self.post, primary=True)
        self._later_keys = (
            self.add_key(tr("F9  Labels"), self.labels),
            self.add_key(tr("F7  Box labels"), self.box_labels),
            self.add_key(tr("Enter  Put away"), self.put_away),
        )
        self.shortcut("F7", self.box_labels)
        self.shortcut("F2", self.strip.next_unit)
        self.keys.addWidget(self.reference)
        self.add_key(tr("Esc  Back"), self.back)


def _facts(line: OpenLine, now: Decimal) -> dict[str, str]:
    return {
        "item": line.item_code,
        "now": in_both(now, line.units),
        "open": in_both(line.open, line.units),
    }


def create(context: AppContext, params: dict[str, Any]) -> ReceivingStation:
    """The station; ``id`` opens an order at once."""
    order_id = params.get("id")
    return ReceivingStation(context, int(order_id) if order_id is not None else None)
