"""One walk along the bins: what is expected next, as plain values without a widget."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from desktop_app.core.i18n import tr
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.scan_codes import ScanKind, ScanResult
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

    def take(self, code: str, lot: str, qty: Decimal) -> None:
        """The right goods were scanned; each further scan counts up."""
        assert self.task is not None
        self.item_code = code
        self.lot = lot or self.lot
        self.counted += qty
        self.scans += 1
        missing_lot = self.task.lot_id != 0 and not self.lot
        self.stage = Stage.LOT if missing_lot else Stage.QTY

    def give_lot(self, lot: str) -> None:
        """The lot was typed or read."""
        self.lot, self.stage = lot.strip().upper(), Stage.QTY

    @property
    def offered(self) -> Decimal:
        """What Enter picks: all of the task after one scan, what was counted after more."""
        return self.task.qty if self.task is not None and self.scans <= 1 else self.counted

    @property
    def is_full(self) -> bool:
        """All that the task asks for has been counted."""
        return self.task is not None and self.counted >= self.task.qty

    def scan_again(self) -> None:
        """The goods were refused: at the bin still, scan them anew."""
        self.item_code, self.lot, self.counted, self.scans = "", "", ZERO, 0
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
        self.item_code, self.lot, self.counted, self.bin_code = "", "", ZERO, keep
        self.scans = 0
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
        return tr(
            "{counted} of {qty} scanned: scan on, type the quantity, or Enter for {offered}",
            counted=format_quantity(self.counted),
            qty=format_quantity(task.qty),
            offered=format_quantity(self.offered),
        )


def is_document(code: ScanResult) -> bool:
    """True for the number of a document."""
    return code.kind is ScanKind.DOCUMENT
