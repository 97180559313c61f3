"""One walk along the bins: what is expected next, as plain values without a widget."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from desktop_app.core.i18n import tr
from desktop_app.domain.quantities import SCALE
from desktop_app.domain.scan_codes import ScanKind, ScanResult
from desktop_app.domain.scanned_quantity import (
    Reads,
    ScannedQuantity,
    UnitChoice,
    in_both,
    settled,
)
from desktop_app.domain.units import ItemUnits
from desktop_app.queries.picking import PickTask, ShipmentSheet

ZERO = Decimal(0)


class Stage(StrEnum):
    """What the next scan must be."""

    BIN = "bin"
    ITEM = "item"
    LOT = "lot"
    QTY = "qty"
    DONE = "done"


@dataclass
class Walk:
    """The sheet being picked and how far the present task has got."""

    sheet: ShipmentSheet
    stage: Stage = Stage.BIN
    bin_code: str = ""
    item_code: str = ""
    lot: str = ""
    counted: Decimal = ZERO
    scans: int = 0
    said: str = ""
    """What the last code stands for: "1 箱 = 12 个"."""
    choice: UnitChoice | None = None
    """The unit a plain number is typed in."""
    reads: Reads = field(default_factory=Reads)

    @property
    def task(self) -> PickTask | None:
        """Where to go now."""
        return self.sheet.next_task

    def is_bin(self, code: ScanResult) -> bool:
        """True when the scan names the bin of the task."""
        task = self.task
        return task is not None and code.code.strip().upper() == task.bin_code.upper()

    def at_bin(self) -> None:
        """The right bin was scanned."""
        assert self.task is not None
        self.bin_code, self.stage = self.task.bin_code, Stage.ITEM

    def take(self, code: str, lot: str, amount: ScannedQuantity) -> None:
        """The right goods were scanned; each further scan counts up."""
        assert self.task is not None
        self.item_code = code
        self.lot = lot or self.lot
        self.counted += amount.qty
        self.scans += 1
        self.said = amount.words()
        self.reads.scan(code, amount)
        missing_lot = self.task.lot_id != 0 and not self.lot
        self.stage = Stage.LOT if missing_lot else Stage.QTY

    def give_lot(self, lot: str) -> None:
        """The lot was typed or read."""
        self.lot, self.stage = lot.strip().upper(), Stage.QTY

    @property
    def offered(self) -> Decimal:
        """What Enter picks: all of the task after one piece's scan, else what was counted."""
        all_of_it = self.task is not None and self.scans <= 1 and not self.said
        return self.task.qty if all_of_it and self.task is not None else self.total()

    @property
    def is_full(self) -> bool:
        """All that the task asks for has been counted."""
        return self.task is not None and self.total() >= self.task.qty

    def too_much(self, amount: ScannedQuantity) -> bool:
        """One more of these would be more than the task asks for."""
        return self.task is not None and self.total(amount.qty) > self.task.qty

    def total(self, more: Decimal = ZERO) -> Decimal:
        """Counted so far and ``more``, in the decimals of the item."""
        units = self.task.units if self.task is not None else None
        return settled(self.counted + more, units.decimals if units is not None else SCALE)

    def read(self, text: str) -> Decimal:
        """A typed quantity in base units; "+3" comes on top of what was scanned.

        Raises InvalidInput.
        """
        units = self.task.units if self.task is not None else None
        choice = self.choice or UnitChoice(units or ItemUnits("", SCALE))
        more = text.strip().startswith("+")
        qty = choice.read(text.strip().lstrip("+")).qty
        return self.total(qty) if more else qty

    def next_unit(self) -> UnitChoice | None:
        """F2: type the next number in the item's next unit; None when it has but one."""
        units = self.task.units if self.task is not None else None
        if units is None or not units.units:
            return None
        self.choice = (self.choice or UnitChoice(units)).following()
        return self.choice

    def count_again(self) -> None:
        """The quantity was refused: the goods are right, say how many anew."""
        self.counted, self.scans, self.said = ZERO, 0, ""
        self.reads.clear()

    def scan_again(self) -> None:
        """The goods were refused: at the bin still, scan them anew."""
        self.item_code, self.lot = "", ""
        self.count_again()
        self.stage = Stage.ITEM if self.bin_code else Stage.BIN

    def step_back(self) -> bool:
        """Forget the present task's scans; False when there was nothing to forget."""
        if self.stage in (Stage.BIN, Stage.DONE):
            return False
        self.restart(self.sheet)
        return True

    def restart(self, sheet: ShipmentSheet) -> None:
        """Go on with what the server says is left; scans survive when nothing changed."""
        if sheet is not self.sheet and sheet.tasks == self.sheet.tasks:
            self.sheet = sheet
            return
        same = self.bin_code and sheet.next_task and sheet.next_task.bin_code == self.bin_code
        keep = self.bin_code if same and sheet is not self.sheet else ""
        self.sheet = sheet
        self.item_code, self.lot, self.bin_code, self.choice = "", "", keep, None
        self.count_again()
        if not sheet.tasks:
            self.stage = Stage.DONE
        else:
            self.stage = Stage.ITEM if keep else Stage.BIN

    def prompt(self) -> str:
        """What to do now, as a sentence."""
        task = self.task
        if task is None or self.stage is Stage.DONE:
            return tr("Everything is picked. Bring it to the shipping dock.")
        if self.stage is Stage.BIN:
            return tr("Go to {bin} and scan it", bin=task.bin_code)
        if self.stage is Stage.ITEM:
            return tr("{bin} is right. Scan {item}", bin=task.bin_code, item=task.item_code)
        if self.stage is Stage.LOT:
            return tr("Scan or type lot {lot}", lot=task.lot_code)
        return self._what_to_type(task)

    def _what_to_type(self, task: PickTask) -> str:
        facts = {
            "counted": in_both(self.total(), task.units),
            "qty": in_both(task.qty, task.units),
            "offered": in_both(self.offered, task.units),
        }
        if self.choice is not None and self.choice.name:
            said = tr(
                "{counted} of {qty} scanned: type how many {unit}, or Enter for {offered}",
                unit=self.choice.title,
                **facts,
            )
        else:
            said = tr(
                "{counted} of {qty} scanned: scan on, type the quantity, or Enter for {offered}",
                **facts,
            )
        return tr("{what}. {next}", what=self.said, next=said) if self.said else said


def is_document(code: ScanResult) -> bool:
    """True for the number of a document."""
    return code.kind is ScanKind.DOCUMENT
