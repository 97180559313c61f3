"""The last look before the street: scan the goods again, the exit code, the waybill."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.core.errors import InvalidInput
from desktop_app.core.i18n import N_, tr
from desktop_app.domain.document_type import STATE_TITLES
from desktop_app.domain.quantities import SCALE, format_quantity
from desktop_app.domain.scan_codes import ScanResult
from desktop_app.domain.scanned_quantity import ScannedQuantity, UnitChoice, in_both, looks_typed
from desktop_app.domain.units import ItemUnits, names_unit
from desktop_app.queries.picking import ShipmentSheet
from desktop_app.runtime.context import AppContext
from desktop_app.services.shipping import Ship, Verify, VerifyRefused
from desktop_app.views.base.delegates import state_ink
from desktop_app.views.base.station import enlarge
from desktop_app.views.base.station_table import StationColumn, StationTable
from desktop_app.views.base.tones import Tone, tone
from desktop_app.views.sales.chooser import ShipmentStation
from desktop_app.views.sales.parcel import Parcel, ParcelRow
from desktop_app.views.sales.station_services import ShippingServices, shipping_services

STEPS = (
    ("picked", N_("Picked")),
    ("verify", N_("Goods scanned again")),
    ("exit", N_("Exit code")),
    ("waybill", N_("Waybill")),
    ("carrier", N_("Carrier")),
    ("shipped", N_("Shipped")),
)
"""What stands between the dock and the street, in order."""
MOST_CARRIERS = 9
"""Carriers offered by a number key."""
_TIMES = re.compile(r"[*xX×](\d{1,7}(?:\.\d{1,6})?)|[*×](\d.{0,19})")


def _row_tone(row: ParcelRow) -> Tone | None:
    if row.scanned == row.picked:
        return Tone.GOOD
    return Tone.WRONG if row.scanned > row.picked else None


def _left(row: ParcelRow) -> str:
    return in_both(row.left, row.units) if row.left else ""


def _columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Item"), lambda row: row.item_code, 16, bold=True),
        StationColumn(tr("Name"), lambda row: row.item_name, stretch=True),
        StationColumn(tr("Lots"), lambda row: row.lots, 18),
        StationColumn(tr("Picked"), lambda row: format_quantity(row.picked), 9, right=True),
        StationColumn(
            tr("Scanned"),
            lambda row: format_quantity(row.scanned),
            9,
            right=True,
            bold=True,
            tone=_row_tone,
        ),
        StationColumn(tr("Unit"), lambda row: row.uom, 5),
        StationColumn(tr("Left"), _left, 16, right=True, bold=True),
    )


class StepRow(QWidget):
    """The steps in one row, each on a coloured bar: done, now, still to come."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        self._steps: dict[str, tuple[QLabel, QFrame]] = {}
        for column, (name, title) in enumerate(STEPS):
            label = QLabel(tr(title), self, alignment=Qt.AlignmentFlag.AlignCenter)
            enlarge(label, 1.2, bold=True)
            bar = QFrame(self)
            bar.setFixedHeight(6)
            grid.addWidget(label, 0, column)
            grid.addWidget(bar, 1, column)
            grid.setColumnStretch(column, 1)
            self._steps[name] = (label, bar)

    def show_step(self, now: str) -> None:
        """``now`` is the step to be done; what is before it is done."""
        place = list(self._steps).index(now)
        for number, (label, bar) in enumerate(self._steps.values()):
            done = number < place or now == "shipped"
            which = Tone.GOOD if done else Tone.LINK if number == place else Tone.MUTED
            label.setStyleSheet(f"color: {tone(which).name()};")
            ground = tone(Tone.LINE if which is Tone.MUTED else which)
            bar.setStyleSheet(f"background: {ground.name()}; border-radius: 3px;")


class ShippingStation(ShipmentStation):
    """Choose a picked shipment, scan its goods again, then exit code, waybill and carrier."""

    states = ("picked", "verified")

    def __init__(
        self,
        context: AppContext,
        shipment_id: int | None = None,
        services: ShippingServices | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            context, tr("Shipping station"), services or shipping_services(), shipment_id, parent
        )
        self.parcel: Parcel | None = None
        self.step = "verify"
        self._exit_code = ""
        self._waybill = ""
        self._carrier = ""
        self._carriers: tuple[str, ...] = ()
        self._uuid: UUID | None = None
        self._sending = False
        self._said = ""
        self._choice: UnitChoice | None = None
        self.state = QLabel(self.work, alignment=Qt.AlignmentFlag.AlignCenter)
        enlarge(self.state, 3.4, bold=True)
        self.steps = StepRow(self.work)
        self.facts = QLabel(self.work, alignment=Qt.AlignmentFlag.AlignCenter)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        enlarge(self.facts, 1.6, bold=True)
        self.goods = StationTable(_columns(), self.work)
        self.goods.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self.work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.state)
        column.addWidget(self.steps)
        column.addWidget(self.facts)
        column.addWidget(self.goods, 1)
        self.unit_key = self.add_key(tr("F2  Unit"), self.next_unit)
        self.shortcut("F2", self.next_unit)
        self.verify_key = self.add_key(tr("F8  Verify"), self.post, primary=True)
        self.print_key = self.add_key(tr("F9  Print delivery note"), self.labels)
        self.parcel_key = self.add_key(tr("Shift+F9  Parcel labels"), self.parcel_labels)
        self.shortcut("Shift+F9", self.parcel_labels)
        self.add_key(tr("Esc  Back"), self.back)
        self.show_keys()

    def show_list(self) -> None:
        super().show_list()
        self._ask_carriers()

    def _ask_carriers(self) -> None:
        self.context.operations.query(
            self.services.carriers, on_done=self._carriers_known, on_error=self.failed, owner=self
        )

    def _carriers_known(self, names: Sequence[str]) -> None:
        self._carriers = tuple(names)[:MOST_CARRIERS]

    def opened(self, sheet: ShipmentSheet) -> None:
        if not self._carriers:
            self._ask_carriers()
        if self.parcel is None or self.parcel.shipment_id != sheet.id:
            self.parcel = Parcel(sheet)
            self._said, self._choice = "", None
            self._exit_code = self._waybill = ""
        if sheet.state != "picked":
            self.parcel.take_all()
        if sheet.state == "picked":
            self.step = "verify"
        elif sheet.state == "shipped":
            self.step = "shipped"
        elif self.step not in ("waybill", "carrier"):
            self.step = "exit"
        ready = sheet.state in ("picked", "verified", "shipped")
        self.state.setText(tr(STATE_TITLES.get(sheet.state, sheet.state)))
        self.state.setStyleSheet(f"color: {state_ink(sheet.state).name()};")
        self.steps.setVisible(ready)
        self.show_parcel()
        if not ready:
            self.prompt(
                tr(
                    "{number} is {state}: it has to be picked first",
                    number=sheet.number,
                    state=tr(STATE_TITLES.get(sheet.state, sheet.state)),
                )
            )

    def show_parcel(self) -> None:
        """Draw what was scanned and what to do next."""
        if self.parcel is not None:
            self.goods.show_rows(self.parcel.rows())
            if self.parcel.last:
                self.goods.choose(self.parcel.row_number(self.parcel.last))
        self.steps.show_step(self.step)
        self.facts.setText(" · ".join(self._facts()))
        self.facts.setVisible(bool(self.facts.text()))
        self.prompt(self._next())

    def _facts(self) -> list[str]:
        """What was read at the door so far."""
        sheet = self.sheet
        if sheet is not None and sheet.state == "shipped":
            return [part for part in (sheet.waybill, sheet.carrier) if part]
        code = tr("Exit code {code}", code=self._exit_code) if self._exit_code else ""
        return [part for part in (code, self._waybill) if part and self.step != "verify"]

    def show_keys(self) -> None:
        state = self.sheet.state if self.sheet is not None else ""
        self.verify_key.setVisible(state == "picked")
        self.unit_key.setVisible(state == "picked")
        self.print_key.setVisible(state in ("verified", "shipped"))
        self.parcel_key.setVisible(
            state in ("picked", "verified", "shipped") and self.context.user.may("label.print")
        )

    def working_scan(self, code: ScanResult) -> None:
        if self.sheet is None or self._sending:
            return
        if self.step == "verify":
            self._count(code)
        elif self.step == "exit":
            self._exit_code = code.text
            self.step = "waybill"
            self.context.notifier.sound("ok")
            self.show_parcel()
        elif self.step == "waybill":
            self._waybill = code.text
            self.step = "carrier"
            self.context.notifier.sound("ok")
            self.show_parcel()
        elif self.step == "carrier":
            self._take_carrier(code)
        else:
            self.tell("wrong", tr("This shipment has left already."))

    def working_enter(self) -> None:
        if self.step == "carrier" and not self._sending:
            self._ship()
        elif self.step == "shipped":
            self.show_list()

    def post(self) -> None:
        """F8: what was scanned is all there is; compare it."""
        if self.sheet is not None and self.parcel is not None and self.step == "verify":
            self._verify()

    def labels(self) -> None:
        """F9: the delivery note that goes into the parcel."""
        if self.sheet is not None:
            self.context.open_page(
                "preview",
                {"kind": "shipment", "document_id": self.sheet.id, "title": self.sheet.number},
            )

    def parcel_labels(self) -> None:
        """Shift+F9: a label for each carton; the page asks how many there are."""
        if self.sheet is not None and not self.parcel_key.isHidden():
            self.context.open_page(
                "print_labels",
                {"kind": "shipping", "shipment": self.sheet.id, "title": self.sheet.number},
            )

    def back(self) -> None:
        if self.sheet is not None and self.step in ("waybill", "carrier") and not self._sending:
            self.step = "exit" if self.step == "waybill" else "waybill"
            self._waybill = ""
            self._exit_code = self._exit_code if self.step == "waybill" else ""
            self.show_parcel()
            return
        self.parcel = None
        self.step = "verify"
        super().back()

    def is_dirty(self) -> bool:
        return self.parcel is not None and self.step == "verify" and not self.parcel.is_empty()

    def _next(self) -> str:
        if self.step == "verify":
            if self.parcel is not None and self.parcel.last:
                row = self.parcel.row(self.parcel.last)
                said = tr(
                    "{item}: {scanned} of {picked}. Scan on; *12 gives the quantity",
                    item=row.item_code,
                    scanned=in_both(row.scanned, row.units),
                    picked=in_both(row.picked, row.units),
                )
                return tr("{what}. {next}", what=self._said, next=said) if self._said else said
            return tr("Scan everything that goes into the parcel")
        return {
            "exit": tr(
                "Scan the exit code of {warehouse}",
                warehouse=self.sheet.warehouse if self.sheet else "",
            ),
            "waybill": tr("Scan the waybill"),
            "carrier": "   ".join(
                (
                    tr("Carrier? Enter: {carrier}", carrier=self._carrier or tr("none")),
                    *(f"{number} {name}" for number, name in enumerate(self._carriers, start=1)),
                )
            ),
            "shipped": tr(
                "{number} has left. Enter: next shipment",
                number=self.sheet.number if self.sheet else "",
            ),
        }[self.step]

    def _take_carrier(self, code: ScanResult) -> None:
        """A name, or the number of one on the list; a label scanned here is no carrier."""
        text = code.text
        if not self.by_hand or (text.isdecimal() and not 1 <= int(text) <= len(self._carriers)):
            self.tell("wrong", tr("{code} is no carrier. Type its number or name.", code=text))
            return
        self._carrier = self._carriers[int(text) - 1] if text.isdecimal() else text
        self._ship()

    def _count(self, code: ScanResult) -> None:
        times = _TIMES.fullmatch(code.text)
        parcel = self.parcel
        if parcel is None or self.sheet is None or self.sheet.state != "picked":
            return
        if times is not None and self._type(parcel, times.group(1) or times.group(2)):
            return
        typed = self.by_hand and parcel.last_row() is not None and looks_typed(code.text)
        self.context.operations.query(
            self.services.resolve,
            code,
            owner=self,
            on_error=self.failed,
            on_done=lambda target: self._resolved(parcel, code, target, typed),
        )

    def _type(self, parcel: Parcel, text: str) -> bool:
        """ "*12", "*2箱3": so many of what was scanned last; False when it is no quantity."""
        row = parcel.last_row()
        if row is None and not names_unit(text):
            self.tell("wrong", tr("Scan the goods first, then type *quantity"))
            return True
        if row is None:
            return False
        choice = self._choice or UnitChoice(row.units or ItemUnits(row.uom, SCALE))
        try:
            qty = choice.read(text.lstrip("+")).qty
        except InvalidInput as wrong:
            self.tell("wrong", str(wrong))
            return True
        self._said = ""
        if parcel.set_last(qty, text, more=text.startswith("+")):
            self._counted(parcel)
            return True
        self.tell(
            "wrong",
            tr(
                "{item}: {typed} is more than was picked ({picked}). Nothing was counted.",
                item=row.item_code,
                typed=in_both(qty, row.units),
                picked=in_both(row.picked, row.units),
            ),
        )
        return True

    def next_unit(self) -> None:
        """F2: the number behind * is in the next unit of what was scanned last."""
        row = self.parcel.last_row() if self.parcel is not None else None
        if row is None or self.step != "verify":
            return
        if row.units is None or not row.units.units:
            self.tell("unknown", tr("{item} has one unit only.", item=row.item_code))
            return
        known = self._choice if self._choice and self._choice.units is row.units else None
        self._choice = (known or UnitChoice(row.units)).following()
        self.prompt(
            tr(
                "Numbers are typed in {unit} now: {what}",
                unit=self._choice.title,
                what=self._choice.words(),
            )
        )

    def _resolved(self, parcel: Parcel, code: ScanResult, target: Any, typed: bool = False) -> None:
        """A code was looked up; what nobody knows may be a typed quantity: "2箱3"."""
        if parcel is not self.parcel:
            return
        if target is None and typed:
            self._type(parcel, code.text)
            return
        if target is None or target.kind != "item":
            self.tell("unknown", tr("Unknown code {code}. Nothing was changed.", code=code.text))
        elif not parcel.knows(target.id):
            self.tell(
                "wrong",
                tr("{item} is not in this shipment. Take it out of the parcel.", item=target.title),
            )
        else:
            self._add(parcel, code, target)

    def _add(self, parcel: Parcel, code: ScanResult, target: Any) -> None:
        amount = target.amount or ScannedQuantity(target.qty)
        row = parcel.row(target.id)
        if self._choice is not None and self._choice.units is not row.units:
            self._choice = None
        self._said = ""
        if parcel.add(target.id, code.text, amount, target.lot or ""):
            self._said = amount.words()
            self._counted(parcel)
        elif amount.is_one:
            self.tell("wrong", tr("{item}: that is more than was picked", item=target.title))
        else:
            self.tell(
                "wrong",
                tr(
                    "{item}: {scan}, but only {left} are not scanned yet. Nothing was counted.",
                    item=row.item_code,
                    scan=amount.words(),
                    left=in_both(row.left, row.units),
                ),
            )

    def _counted(self, parcel: Parcel) -> None:
        if parcel.is_complete():
            self.show_parcel()
            self._verify()
            return
        self.context.notifier.sound("ok")
        self.show_parcel()

    def _verify(self) -> None:
        if self.sheet is None or self.parcel is None or self._sending:
            return
        self._sending = True
        self._uuid = self._uuid or uuid4()
        self.context.operations.command(
            self.services.verify,
            Verify(self.sheet.id, self.sheet.version, self.parcel.scans(), self._uuid),
            on_done=self._verified,
            on_error=self._not_verified,
            owner=self,
        )

    def _verified(self, shipment: Any) -> None:
        self._sending, self._uuid = False, None
        self.step = "exit"
        self.offer_photo(shipment.id, shipment.number or "")
        self.context.notifier.sound("ok")
        self.open_shipment(shipment.id)

    def _not_verified(self, error: Exception) -> None:
        self._sending, self._uuid = False, None
        if isinstance(error, VerifyRefused):
            self.tell("wrong", str(error))
        else:
            self.failed(error)

    def _ship(self) -> None:
        if self.sheet is None:
            return
        self._sending = True
        self._uuid = self._uuid or uuid4()
        command = Ship(
            self.sheet.id,
            self.sheet.version,
            self._exit_code,
            self._waybill,
            self._carrier,
            self._uuid,
        )
        self.context.operations.command(
            self.services.ship,
            command,
            on_done=self._shipped,
            on_error=self._not_shipped,
            owner=self,
        )

    def _shipped(self, shipment: Any) -> None:
        self._sending, self._uuid = False, None
        self.step = "shipped"
        self.offer_photo(shipment.id, shipment.number or "")
        self.open_shipment(shipment.id)
        self.tell("ok", self._next())

    def _not_shipped(self, error: Exception) -> None:
        """Start again at the door: that is what was wrong, or must be scanned anew anyway."""
        self._sending, self._uuid = False, None
        self.step = "exit"
        self._exit_code = self._waybill = ""
        self.show_parcel()
        self.failed(error)


def create(context: AppContext, params: dict[str, Any]) -> ShippingStation:
    """The station, on the shipment ``id`` when one is given."""
    return ShippingStation(context, params.get("id"))
