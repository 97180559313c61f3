"""The scale at the dock: heaps for the goods in hand, counted by what one piece weighs."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.domain.weighing import UnitWeight
from desktop_app.queries.devices import unit_weight
from desktop_app.runtime.context import AppContext
from desktop_app.runtime.weights import TakenWeight
from desktop_app.views.base.heaps import Heaps
from desktop_app.views.base.weight_strip import WeightStrip
from desktop_app.views.purchasing.tally import Key, Tally


class DockScale(WeightStrip):
    """Weighs for the entry it was given; ``heaps`` remembers what was weighed for each.

    ``counted(entry key, its quantity now, Message)`` follows each heap.
    """

    counted = Signal(object, object, object)

    def __init__(self, context: AppContext, page: QWidget) -> None:
        super().__init__(context, page)
        self._context = context
        self.counts = True
        self.heaps = Heaps()
        self._tally: Tally | None = None
        self._key: Key | None = None
        self.taken.connect(self._ask)
        self.was_box.connect(self._take_back)

    def serve(self, tally: Tally | None, key: Key | None) -> None:
        """The goods in hand; None ends weighing. Serial numbers are scanned one by one."""
        self._tally, self._key = tally, key
        self.want(tally is not None and key is not None and tally.line(key[0]).tracking != "serial")

    def _ask(self, taken: TakenWeight) -> None:
        if self._tally is None or self._key is None:
            return
        key, again = self._key, self.again
        self._context.operations.query(
            unit_weight,
            self._tally.line(key[0]).item_id,
            on_done=lambda unit: self._count(key, taken, unit, again),
            on_error=lambda error: self.refused.emit(str(error)),
            owner=self,
        )

    def _count(self, key: Key, taken: TakenWeight, unit: UnitWeight | None, again: bool) -> None:
        if self._tally is None or key != self._key:
            return
        known = self._tally.counted.get(key)
        present = known.qty if known is not None else Decimal(0)
        line = self._tally.line(key[0])
        try:
            total, said = self.heaps.add(key, line, present, taken, unit, again=again)
        except UserError as error:
            self.refused.emit(str(error))
            return
        self._tally.put(key, total)
        self.counted.emit(key, total, said)

    def _take_back(self) -> None:
        base = self.heaps.take_back(self._key) if self._key is not None else None
        if base is not None and self._tally is not None and self._key is not None:
            self._tally.put(self._key, base)
            self.counted.emit(self._key, base, Message(N_("The box is not counted.")))

    def doubt(self) -> Message | None:
        """Why the quantity of the goods in hand looks wrong beside their weight."""
        known = self._tally.counted.get(self._key) if self._tally and self._key else None
        return self.heaps.doubt(self._key, known.qty) if self._key and known else None
