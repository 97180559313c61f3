"""Picking by scan: the next bin in huge letters, goods, lot, quantity; a wrong scan stops nothing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.core.errors import ConfirmationRequired, InvalidInput
from desktop_app.core.i18n import tr
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.scan_codes import ScanResult
from desktop_app.domain.scanned_quantity import ScannedQuantity, in_both, in_units, looks_typed
from desktop_app.domain.units import names_unit
from desktop_app.queries.picking import FoundDocument, PickTask, ShipmentSheet
from desktop_app.runtime.context import AppContext
from desktop_app.services.documents import ActCommand
from desktop_app.services.pick_scans import WrongScan
from desktop_app.services.picking import Pick, Relocate
from desktop_app.views.base.inline_bar import Asked
from desktop_app.views.base.station import enlarge
from desktop_app.views.base.station_table import StationColumn, StationTable
from desktop_app.views.base.widgets import muted_label
from desktop_app.views.sales.chooser import ShipmentStation
from desktop_app.views.sales.station_services import PickingServices, picking_services
from desktop_app.views.sales.walk import Stage, Walk


def _columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Bin"), lambda task: task.bin_code, 10, bold=True),
        StationColumn(tr("Item"), lambda task: task.item_code, 14),
        StationColumn(
            tr("Name"), lambda task: f"{task.item_name} {task.spec}".strip(), stretch=True
        ),
        StationColumn(tr("Lot"), lambda task: task.lot_code, 12),
        StationColumn(tr("Quantity"), _amount, 16, right=True, bold=True),
    )


def _amount(task: PickTask) -> str:
    if task.units is not None and task.units.units:
        return in_both(task.qty, task.units)
    return f"{format_quantity(task.qty)} {task.uom}"


class NextPick(QFrame):
    """The card a person reads from two metres: bin, goods, lot and how many."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.bin, self.item, self.name, self.lot, self.qty, self.base = (
            QLabel(self) for _ in range(6)
        )
        for label, size, bold in (
            (self.bin, 4.2, True),
            (self.item, 2.0, True),
            (self.name, 1.4, False),
            (self.lot, 1.6, True),
            (self.qty, 4.2, True),
            (self.base, 1.6, False),
        ):
            enlarge(label, size, bold=bold)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setWordWrap(True)
        self.bin.setMinimumWidth(260)
        for label in (self.qty, self.base):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        goods = QVBoxLayout()
        goods.setSpacing(2)
        for label in (self.item, self.name, self.lot):
            goods.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 12, 24, 12)
        row.setSpacing(24)
        row.addWidget(self.bin)
        row.addLayout(goods, 1)
        amount = QVBoxLayout()
        amount.setSpacing(0)
        for label in (self.qty, self.base):
            amount.addWidget(label)
        row.addLayout(amount)

    def show_task(self, task: PickTask | None) -> None:
        """Show where to go; without a task the card is hidden."""
        self.setVisible(task is not None)
        if task is None:
            return
        self.bin.setText(task.bin_code)
        self.item.setText(task.item_code)
        self.name.setText(f"{task.item_name} {task.spec}".strip())
        expires = (
            f"  {tr('expires {date}', date=f'{task.expires_at.astimezone():%Y-%m-%d}')}"
            if task.expires_at is not None
            else ""
        )
        self.lot.setText(f"{tr('Lot')} {task.lot_code}{expires}" if task.lot_code else "")
        self.lot.setVisible(bool(task.lot_code))
        base = f"{format_quantity(task.qty)} {task.uom}"
        packs = in_units(task.qty, task.units) if task.units is not None else ""
        self.qty.setText(packs or base)
        self.base.setText(base)
        self.base.setVisible(bool(packs))
        self.setAccessibleName(f"{task.bin_code} {task.item_code} {packs} {base}")


class PickingStation(ShipmentStation):
    """Choose a shipment, then bin, goods and quantity until nothing is left."""

    states = ("released",)

    def __init__(
        self,
        context: AppContext,
        shipment_id: int | None = None,
        services: PickingServices | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            context, tr("Picking station"), services or picking_services(), shipment_id, parent
        )
        self.walk: Walk | None = None
        self._sending = False
        self._uuid: UUID | None = None
        self.card = NextPick(self.work)
        self.rest = StationTable(_columns(), self.work)
        self.rest.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.left = muted_label("")
        column = QVBoxLayout(self.work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.card)
        column.addWidget(self.left)
        column.addWidget(self.rest, 1)
        self.unit_key = self.add_key(tr("F2  Unit"), self.next_unit)
        self.short_key = self.add_key(tr("F8  Close short"), self.post)
        self.other_key = self.add_key(tr("F9  Bin is short: fetch elsewhere"), self.labels)
        self.print_key = self.add_key(tr("Ctrl+P  Pick list"), self.print_list)
        self.add_key(tr("Esc  Back"), self.back)
        self.shortcut("Ctrl+P", self.print_list)
        self.shortcut("F2", self.next_unit)
        self.show_keys()

    def opened(self, sheet: ShipmentSheet) -> None:
        if self.walk is None or self.walk.sheet.id != sheet.id:
            self.walk = Walk(sheet)
        self.walk.restart(sheet)
        if sheet.state != "released":
            self.walk.stage = Stage.DONE
        self.show_walk()

    def show_walk(self) -> None:
        """Draw the next pick, what comes after it and what to do."""
        walk = self.walk
        if walk is None:
            return
        self.card.show_task(walk.task if walk.stage is not Stage.DONE else None)
        self.rest.show_rows(walk.sheet.tasks[1:])
        self.left.setText(
            tr(
                "{left} of {lines} lines still to be picked",
                left=len({t.line_id for t in walk.sheet.tasks}),
                lines=walk.sheet.lines,
            )
        )
        self.prompt(walk.prompt())

    def show_keys(self) -> None:
        busy = self.sheet is not None and self.sheet.state == "released"
        self.unit_key.setVisible(busy)
        self.short_key.setVisible(busy)
        self.other_key.setVisible(busy)
        self.print_key.setVisible(self.sheet is not None)

    def working_scan(self, code: ScanResult) -> None:
        walk = self.walk
        asking = self.bar.focused_field()
        if asking is not None:
            asking.setText(code.text)
        elif walk is None or walk.task is None or walk.stage is Stage.DONE:
            self.tell("wrong", tr("This shipment is picked already."))
        elif walk.stage is Stage.BIN:
            self._bin_scanned(walk, code)
        elif walk.stage is Stage.LOT and code.lot is None:
            walk.give_lot(code.text)
            self._count_or_ask(walk)
        elif self.by_hand and self._is_number(walk, code):
            self._type(walk, code.text)
        else:
            typed = self.by_hand and walk.stage is Stage.QTY and looks_typed(code.text)
            self.context.operations.query(
                self.services.resolve,
                code,
                owner=self,
                on_error=self.failed,
                on_done=lambda target: self._goods_scanned(walk, code, target, typed),
            )

    def working_enter(self) -> None:
        walk = self.walk
        if walk is None or self._sending:
            return
        if walk.stage is Stage.QTY and walk.task is not None:
            self._send(walk, walk.offered)
        elif walk.stage is Stage.DONE and self.sheet is not None and self.sheet.state == "picked":
            self.context.open_page("shipping", {"id": self.sheet.id})

    def post(self) -> None:
        """F8: what is left cannot be found; close with less, and say why."""
        if self.sheet is None or self.sheet.state != "released":
            return
        self.bar.ask(
            tr("Close with less than ordered:"),
            (Asked("reason", tr("Reason")),),
            tr("Close short"),
            self._close_short,
        )

    def labels(self) -> None:
        """F9: the bin does not hold what the list says."""
        task = self.walk.task if self.walk is not None else None
        if self.sheet is None or self.sheet.state != "released" or task is None:
            return
        self.bar.ask(
            tr("Not enough in {bin}:", bin=task.bin_code),
            (Asked("reason", tr("Reason")),),
            tr("Fetch elsewhere"),
            lambda answers: self._relocate(task, answers),
        )

    def print_list(self) -> None:
        """Ctrl+P: the list on paper, in walking order."""
        if self.sheet is not None:
            self.context.open_page(
                "preview",
                {"kind": "shipment", "document_id": self.sheet.id, "title": self.sheet.number},
            )

    def back(self) -> None:
        if (
            self.bar.isHidden()
            and self.walk is not None
            and self.sheet is not None
            and self.walk.step_back()
        ):
            self.show_walk()
            return
        super().back()

    def order_without_shipment(self, found: FoundDocument) -> None:
        if found.kind != "sales_order" or found.state not in ("approved", "part"):
            super().order_without_shipment(found)
            return
        self.context.notifier.sound("ok")
        self.bar.ask(
            tr("Release {number} to picking?", number=found.number),
            (),
            tr("Release to picking"),
            lambda _answers: self.release(found),
        )

    def release(self, found: FoundDocument, confirmed: tuple[str, ...] = ()) -> None:
        """Make the pick list of an order; a part of it only when confirmed."""
        self._uuid = self._uuid or uuid4()

        def refused(error: Exception) -> None:
            if isinstance(error, ConfirmationRequired):
                self.tell("wrong", str(error))
                self.bar.ask(
                    str(error),
                    (),
                    tr("Yes, go on"),
                    lambda _answers: self.release(found, (error.key,)),
                )
            else:
                self._uuid = None
                self.failed(error)

        self.context.operations.command(
            self.services.release,
            found.id,
            found.version,
            self._uuid,
            confirmed,
            on_done=self._released,
            on_error=refused,
            owner=self,
        )

    def _released(self, shipment: Any) -> None:
        self._uuid = None
        self.tell("ok", tr("{number} is ready to be picked", number=shipment.number))
        self.open_shipment(shipment.id)

    def _bin_scanned(self, walk: Walk, code: ScanResult) -> None:
        if walk.is_bin(code):
            walk.at_bin()
            self.context.notifier.sound("ok")
            self.prompt(walk.prompt())
            return
        self._refuse(walk, code.text, "")

    def _goods_scanned(
        self, walk: Walk, code: ScanResult, target: Any, typed: bool = False
    ) -> None:
        """A code was looked up; what nobody knows may be a typed quantity: "3箱"."""
        task = walk.task
        if walk is not self.walk or task is None:
            return
        if target is None and typed:
            self._type(walk, code.text)
            return
        if target is None or target.kind != "item" or target.id != task.item_id:
            self._refuse(walk, walk.bin_code or task.bin_code, code.text)
            return
        amount = target.amount or ScannedQuantity(target.qty)
        if walk.too_much(amount):
            self._too_much(walk, task, amount)
            return
        walk.take(code.text, target.lot or "", amount)
        self._count_or_ask(walk)

    def _too_much(self, walk: Walk, task: PickTask, amount: ScannedQuantity) -> None:
        """A box where only pieces are left: what was counted before stays."""
        self.tell(
            "wrong",
            tr(
                "{item}: {scan}, but only {left} still to be picked here. Nothing was counted;"
                " take single pieces.",
                item=task.item_code,
                scan=amount.words() or in_both(amount.qty, task.units),
                left=in_both(task.qty - walk.total(), task.units),
            ),
        )

    def _count_or_ask(self, walk: Walk) -> None:
        if walk.stage is Stage.QTY and walk.is_full:
            self._send(walk, walk.counted)
            return
        self.context.notifier.sound("ok")
        self.prompt(walk.prompt())

    @staticmethod
    def _is_number(walk: Walk, code: ScanResult) -> bool:
        """A plain number is the quantity, unless it is the code of these very goods."""
        task = walk.task
        if walk.stage is not Stage.QTY or task is None:
            return False
        known = code.text in (task.item_code, walk.item_code)
        return not known and looks_typed(code.text) and not names_unit(code.text)

    def _type(self, walk: Walk, text: str) -> None:
        """A quantity was typed: base units, another unit, or "+3" on top."""
        try:
            qty = walk.read(text)
        except InvalidInput as wrong:
            self.tell("wrong", str(wrong))
            return
        walk.reads.type(text, qty, walk.choice.name if walk.choice is not None else "")
        self._send(walk, qty)

    def next_unit(self) -> None:
        """F2: a plain number is typed in the item's next unit."""
        walk = self.walk
        if walk is None or walk.task is None:
            return
        if walk.stage is not Stage.QTY:
            self.tell("wrong", tr("Scan the goods first."))
            return
        choice = walk.next_unit()
        if choice is None:
            self.tell("unknown", tr("{item} has one unit only.", item=walk.task.item_code))
            return
        self.prompt(
            tr("Numbers are typed in {unit} now: {what}", unit=choice.title, what=choice.words())
        )

    def _refuse(self, walk: Walk, bin_code: str, item_code: str) -> None:
        """Let the service say what was expected: the attempt stays on record."""
        if walk.task is not None:
            wrong = Pick(walk.sheet.id, walk.task.line_id, bin_code, item_code, None, "")
            self.context.operations.command(
                self.services.pick, wrong, on_done=self._picked, on_error=self.failed, owner=self
            )

    def _send(self, walk: Walk, qty: Decimal) -> None:
        task = walk.task
        if task is None or self._sending:
            return
        self._sending = True
        self._uuid = self._uuid or uuid4()
        command = Pick(
            walk.sheet.id,
            task.line_id,
            walk.bin_code,
            walk.item_code,
            qty,
            walk.lot or "",
            self._uuid,
            walk.reads.evidence(),
        )
        self.context.operations.command(
            self.services.pick, command, on_done=self._picked, on_error=self._not_picked, owner=self
        )

    def _picked(self, shipment: Any) -> None:
        self._sending, self._uuid = False, None
        self.context.notifier.sound("ok")
        self.open_shipment(shipment.id)

    def _not_picked(self, error: Exception) -> None:
        """Only the figure was wrong: the goods stay in hand, say how many anew."""
        self._sending, self._uuid = False, None
        if self.walk is not None and isinstance(error, WrongScan) and error.place == "qty":
            self.walk.count_again()
        elif self.walk is not None:
            self.walk.scan_again()
        self.failed(error)

    def _relocate(self, task: PickTask, answers: Mapping[str, str]) -> None:
        if self.sheet is None:
            return
        command = Relocate(self.sheet.id, task.line_id, task.location_id, answers["reason"])
        self.context.operations.command(
            self.services.relocate,
            command,
            on_done=self._moved_on,
            on_error=self.failed,
            owner=self,
        )

    def _close_short(self, answers: Mapping[str, str]) -> None:
        if self.sheet is None:
            return
        command = ActCommand(
            self.sheet.id, "pick_short", self.sheet.version, reason=answers["reason"]
        )
        self.context.operations.command(
            self.services.pick_short,
            command,
            on_done=self._moved_on,
            on_error=self.failed,
            owner=self,
        )

    def _moved_on(self, shipment: Any) -> None:
        self.context.notifier.sound("ok")
        self.open_shipment(shipment.id)


def create(context: AppContext, params: dict[str, Any]) -> PickingStation:
    """The station, on the shipment ``id`` when one is given."""
    return PickingStation(context, params.get("id"))
