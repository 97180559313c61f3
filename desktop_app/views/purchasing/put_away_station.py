"""The put-away station: scan a bin, scan the goods, say how much; one press each."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.errors import InvalidInput, ServerUnreachable
from desktop_app.core.i18n import tr
from desktop_app.domain.scan_codes import ScanKind, ScanResult
from desktop_app.domain.scanned_quantity import ScannedQuantity, in_both
from desktop_app.domain.units import ItemUnits
from desktop_app.queries.receiving import Goods, PutAwayLine, PutAwayView, waiting_receipts
from desktop_app.runtime.context import AppContext
from desktop_app.services import receiving
from desktop_app.services.documents import DocumentRef
from desktop_app.services.receiving import PutAway
from desktop_app.views.base.form_errors import mark_field
from desktop_app.views.base.scan_tally import ScanTally
from desktop_app.views.base.station import LARGE, StationPage, enlarge
from desktop_app.views.base.station_table import StationTable
from desktop_app.views.base.unit_field import UnitField
from desktop_app.views.base.widgets import problem_label, show_problem
from desktop_app.views.purchasing.columns import put_away_columns, receipt_columns


class PutAwayStation(StationPage):
    """Bin first, then goods: a wrong bin is refused before anything is carried there.

    A put-away whose answer was lost is sent again with the same uuid: it happens once.
    """

    def __init__(
        self, context: AppContext, receipt_id: int | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, tr("Put goods away"), parent)
        self.view: PutAwayView | None = None
        self.line: PutAwayLine | None = None
        self.bin_code = ""
        self._scans = ScanTally()
        self._receipt_id = receipt_id
        self._receipts: list[Any] = []
        self._pending: PutAway | None = None
        self._build()
        self._post_key = self.add_key(tr("F8  Put away"), self.post, primary=True)
        self._unit_key = self.add_key(tr("F2  Unit"), self.next_unit)
        self.shortcut("F2", self.next_unit)
        self._labels_key = self.add_key(tr("F9  Labels"), self.labels)
        self.add_key(tr("Esc  Back"), self.back)
        self._show_hand()
        self._next()

    def topics(self) -> frozenset[str]:
        return frozenset({"document:purchase_receipt", "place"})

    def reload(self) -> None:
        """Fetch receipts or the open receipt again; bin and goods in hand stay."""
        wanted = self.view.receipt_id if self.view else self._receipt_id
        self._receipt_id = None
        if wanted is not None:
            self.context.operations.query(
                receiving.open_receipt, wanted, on_done=self._show, on_error=self.failed
            )
        else:
            self.context.operations.query(
                waiting_receipts, on_done=self._show_receipts, on_error=self.failed
            )

    # ------------------------------------------------------------ scanning

    def scanned(self, code: ScanResult) -> None:
        """A receipt opens; a bin is where to; goods are what; in this order."""
        if code.problem is not None:
            self.tell("wrong", str(code.problem))
        elif code.kind is ScanKind.DOCUMENT:
            self._open(code.code)
        elif self.view is None:
            self.tell("wrong", tr("Scan the receipt first."))
        elif code.kind is ScanKind.BIN or not self.bin_code:
            self._ask_bin(code)
        else:
            self.context.operations.query(
                receiving.identify,
                code,
                self.view.receipt_id,
                on_done=lambda goods: self._goods(code, goods),
                on_error=self.failed,
                owner=self,
            )

    def _ask_bin(self, code: ScanResult) -> None:
        if self.view is None:
            return
        self.context.operations.query(
            receiving.find_bin,
            code.text,
            self.view.warehouse_id,
            on_done=self._bin_found,
            on_error=self.failed,
        )

    def _bin_found(self, found: tuple[int, str]) -> None:
        self.bin_code = found[1]
        self._show_hand()
        self.tell("ok", tr("Bin {bin}. Now scan the goods.", bin=self.bin_code))
        self.scan_field.setFocus()

    def _goods(self, code: ScanResult, goods: Goods | None) -> None:
        if self.view is None:
            return
        if goods is None:
            self._maybe_a_bin(code)
            return
        lines = [line for line in self.view.lines if line.item_id == goods.item_id and line.open]
        if goods.lot:
            lines = [line for line in lines if line.lot_code.upper() == goods.lot.upper()]
        if not lines:
            self.tell(
                "wrong",
                tr(
                    "{item} {name} does not lie at the dock for this receipt.",
                    item=goods.item_code,
                    name=goods.item_name,
                ),
            )
            return
        if len({line.lot_code for line in lines}) > 1:
            self.table.choose(self.view.lines.index(lines[0]))
            self.tell(
                "unknown",
                tr(
                    "{item} came in several lots. Scan the lot's label, or choose the line.",
                    item=goods.item_code,
                ),
            )
            return
        self._take(lines[0], goods, code.text)

    def _maybe_a_bin(self, code: ScanResult) -> None:
        """Typed bins come without their letter: try them before calling a code unknown."""
        view = self.view
        if view is None:
            return
        self.context.operations.query(
            receiving.find_bin,
            code.text,
            view.warehouse_id,
            on_done=self._bin_found,
            on_error=lambda _error: self.tell(
                "unknown", tr("Unknown code {code}. Nothing was moved.", code=code.text)
            ),
            owner=self,
        )

    def _take(self, line: PutAwayLine, goods: Goods | None = None, code: str = "") -> None:
        """Goods in hand: a piece means all that lies there, boxes and further scans count up."""
        self._scans.begin(line.line_id)
        amount = ScannedQuantity(Decimal(1))
        if goods is not None:
            amount = goods.amount or ScannedQuantity(goods.qty or goods.factor)
            if self._scans.with_one_more(amount, line.uom_decimals) > line.open:
                self._too_much(line, amount)
                return
            self._scans.scan(code, amount)
        self.line = line
        if self.view is not None and line in self.view.lines:
            self.table.choose(self.view.lines.index(line))
        self._show_hand()
        self.qty.propose(self._scans.quantity(line.open, line.uom_decimals))
        self.qty.setFocus()
        self.qty.selectAll()
        self._say_hand(line, amount)

    def _say_hand(self, line: PutAwayLine, amount: ScannedQuantity) -> None:
        said = tr(
            "{item}: {open} at the dock. Enter puts {qty} into {bin}.",
            item=line.item_code,
            open=in_both(line.open, line.units),
            qty=in_both(self.qty.read().qty, line.units),
            bin=self.bin_code or "…",
        )
        words = amount.words()
        self.tell("ok", tr("{what}. {next}", what=words, next=said) if words else said)

    def _too_much(self, line: PutAwayLine, amount: ScannedQuantity) -> None:
        """A box where only pieces are left: what was counted before stays."""
        self.tell(
            "wrong",
            tr(
                "{item}: {scan}, but only {left} lie at the dock. Nothing was counted.",
                item=line.item_code,
                scan=amount.words() or in_both(amount.qty, line.units),
                left=in_both(line.open - self._scans.counted, line.units),
            ),
        )

    def enter_pressed(self) -> None:
        """Enter without a code: open the chosen receipt or take the chosen line."""
        if self.view is None:
            self._receipt_chosen(self.receipts.current_row())
        else:
            self._line_chosen(self.table.current_row())

    def table_in_front(self) -> StationTable:
        return self.receipts if self.view is None else self.table

    # ------------------------------------------------------------ posting

    def post(self) -> None:
        """F8 or Enter in the quantity: the goods in hand go into the bin."""
        if self._pending is not None:
            self._send(self._pending)
            return
        if self.view is None or not self.bin_code or self.line is None:
            self._next(wrong=True)
            return
        mark_field(self.qty, "")
        show_problem(self.problem, "")
        try:
            qty = self.qty.read().qty
        except InvalidInput as error:
            self._complain(str(error))
            return
        if qty > self.line.open:
            self._complain(
                tr(
                    "{item}: {qty} is more than the {left} at the dock. Nothing was moved.",
                    item=self.line.item_code,
                    qty=in_both(qty, self.line.units),
                    left=in_both(self.line.open, self.line.units),
                )
            )
            return
        reads = (*self._scans.reads.evidence(), *self.qty.evidence(qty).evidence())
        self._send(
            PutAway(self.view.receipt_id, self.line.line_id, self.bin_code, qty, uuid4(), reads)
        )

    def _send(self, command: PutAway) -> None:
        self._pending = command
        self._post_key.setEnabled(False)
        self.context.operations.command(
            receiving.put_away, command, on_done=self._posted, on_error=self._refused
        )

    def _posted(self, result: DocumentRef) -> None:
        command, self._pending = self._pending, None
        self._post_key.setEnabled(True)
        item = self.line.item_code if self.line else ""
        where = command.bin_code if command else ""
        units = self.line.units if self.line else None
        qty = in_both(command.qty, units) if command else ""
        self._lay_down()
        self.bin_code = ""
        self._show_hand()
        self.scan_field.setFocus()
        self.offer_photo(result.id, result.number or "")
        self.reload()
        if result.state == "put_away":
            self.tell("ok", tr("{number}: everything is put away.", number=result.number))
        else:
            self.tell(
                "ok",
                tr(
                    "{qty} × {item} lies in {bin}. Scan the next bin.",
                    qty=qty,
                    item=item,
                    bin=where,
                ),
            )

    def _refused(self, error: Exception) -> None:
        self._post_key.setEnabled(True)
        if not isinstance(error, ServerUnreachable):
            self._pending = None
        if isinstance(error, InvalidInput):
            self._complain(str(error))
        else:
            self.failed(error)

    def _complain(self, sentence: str) -> None:
        mark_field(self.qty, sentence)
        show_problem(self.problem, sentence)
        self.qty.setFocus()
        self.qty.selectAll()
        self.tell("wrong", sentence)

    # ------------------------------------------------------------ the other keys

    def labels(self) -> None:
        """F9: labels of the receipt's goods."""
        if self.view is None:
            self.tell("wrong", tr("Scan the receipt first."))
            return
        self.context.open_page(
            "print_labels",
            {"kind": "item", "document": self.view.receipt_id, "title": self.view.number},
        )

    def back(self) -> None:
        """Esc: lay the goods down, then the bin, then close the receipt."""
        if self.line is not None:
            self._lay_down()
        elif self.bin_code:
            self.bin_code = ""
        elif self.view is not None:
            self.view = None
            self._pending = None
            self.reload()
        mark_field(self.qty, "")
        show_problem(self.problem, "")
        self._show_hand()
        self.scan_field.setFocus()
        self._next()

    def _lay_down(self) -> None:
        """Nothing is in hand any more."""
        self.line = None
        self._scans = ScanTally()
        self.qty.use(None, self.qty.choice.units)  # the next goods begin in base units
        self.qty.propose(None)

    def next_unit(self) -> None:
        """F2: type the quantity in the item's next unit."""
        if self.line is None:
            self._next(wrong=True)
        elif self.qty.next_unit():
            choice = self.qty.choice
            self.prompt(
                tr(
                    "Numbers are typed in {unit} now: {what}",
                    unit=choice.title,
                    what=choice.words(),
                )
            )
        else:
            self.tell("unknown", tr("{item} has one unit only.", item=self.line.item_code))

    # ------------------------------------------------------------ showing

    def _open(self, code: str) -> None:
        self.context.operations.query(
            receiving.open_receipt, code, on_done=self._opened, on_error=self.failed
        )

    def _opened(self, view: PutAwayView) -> None:
        self.line, self.bin_code = None, ""
        self._show(view)
        self.tell("ok", tr("{number} is open. Scan a bin.", number=view.number))

    def _show(self, view: PutAwayView) -> None:
        first = self.view is None
        self.view = view
        if self.line is not None:
            mine = self.line.line_id
            self.line = next((line for line in view.lines if line.line_id == mine), None)
        self.subtitle.setText(f"{view.number} · {view.supplier} · {view.warehouse}")
        self.table.show_rows(view.lines)
        self._show_hand()
        if first:
            self._next()

    def _show_receipts(self, receipts: list[Any]) -> None:
        self._receipts = receipts
        self.receipts.show_rows(receipts)
        self._show_hand()

    def _receipt_chosen(self, row: int) -> None:
        if 0 <= row < len(self._receipts):
            self._open(self._receipts[row].number)

    def _line_chosen(self, row: int) -> None:
        if self.view is None or row < 0:
            return
        line = self.view.lines[row]
        if not line.open:
            self.tell("wrong", tr("{item} is put away already.", item=line.item_code))
        elif not self.bin_code:
            self.tell("wrong", tr("Scan the bin first, then the goods."))
        else:
            self._take(line)

    def _show_hand(self) -> None:
        self.stack.setCurrentIndex(0 if self.view is None else 1)
        for key in (self._post_key, self._unit_key, self._labels_key):
            key.setVisible(self.view is not None)
        if self.view is None:
            self.subtitle.setText("")
        self._bin_text.setText(self.bin_code or "—")
        item = f"{self.line.item_code}  {self.line.item_name}" if self.line else "—"
        lot = f"  {self.line.lot_code}" if self.line and self.line.lot_code else ""
        self._item_text.setText(item + lot)
        self.qty.setEnabled(self.line is not None)
        if self.line is not None:
            units = self.line.units or ItemUnits(self.line.uom, self.line.uom_decimals)
            self.qty.use(self.line.line_id, units)

    def _next(self, *, wrong: bool = False) -> None:
        """What to do now; ``wrong`` when somebody tried something else."""
        if self.view is None:
            text = tr("Scan a receipt, or choose one and press Enter.")
        elif not self.bin_code:
            text = tr("Scan the bin first, then the goods.")
        else:
            text = tr("Bin {bin}. Now scan the goods.", bin=self.bin_code)
        if wrong:
            self.tell("wrong", text)
        else:
            self.prompt(text)

    def _build(self) -> None:
        self.receipts = StationTable(
            receipt_columns(), self, empty_text=tr("Everything received is put away.")
        )
        self.receipts.chosen.connect(self._receipt_chosen)
        self.table = StationTable(put_away_columns(), self)
        self.table.chosen.connect(self._line_chosen)
        work = QWidget(self)
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        column.addWidget(self._hand())
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.receipts)
        self.stack.addWidget(work)
        self.body.addWidget(self.stack, 1)

    def _hand(self) -> QFrame:
        """Bin, goods and quantity in hand."""
        frame = QFrame(self)
        frame.setObjectName("card")
        self._bin_text, self._item_text = QLabel(frame), QLabel(frame)
        self._item_text.setWordWrap(True)
        self.qty = UnitField(frame)
        self.qty.setMinimumWidth(110)
        self.qty.setMaximumWidth(220)
        self.qty.setAccessibleName(tr("Quantity"))
        self.qty.returnPressed.connect(self.post)
        self.problem = problem_label()
        unit = QLabel(tr("Quantity"), frame)
        self.qty.story.connect(
            lambda told: unit.setText(f"{tr('Quantity')}  {told}" if told else tr("Quantity"))
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for place, (title, widget, stretch) in enumerate(
            (
                (QLabel(tr("Bin"), frame), self._bin_text, 1),
                (QLabel(tr("Goods"), frame), self._item_text, 2),
                (unit, self.qty, 0),
            )
        ):
            enlarge(widget, LARGE, bold=widget is self._bin_text)
            grid.addWidget(title, 0, place)
            grid.addWidget(widget, 1, place)
            grid.setColumnStretch(place, stretch)
        column = QVBoxLayout(frame)
        column.setContentsMargins(12, 8, 12, 8)
        column.addLayout(grid)
        column.addWidget(self.problem)
        return frame


def create(context: AppContext, params: dict[str, Any]) -> PutAwayStation:
    """The station; ``id`` opens a receipt at once."""
    receipt_id = params.get("id")
    return PutAwayStation(context, int(receipt_id) if receipt_id is not None else None)
