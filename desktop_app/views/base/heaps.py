"""Counting by weight: the goods in hand, heap by heap, and the record of it.

Goods counted in a unit of weight take the weight itself; pieces are counted by their learnt unit
weight. Each heap is added to what was weighed or typed before; the scan of one piece that only
said which goods these are is not counted besides.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.units import GRAMS, canonical, is_counted
from desktop_app.domain.weighing import (
    CountEstimate,
    UnitWeight,
    conversion_text,
    convert_weight,
    count_by_weight,
)
from desktop_app.domain.weighing_record import EVIDENCE, WeighingRecord
from desktop_app.runtime.weights import TakenWeight
from desktop_app.views.base.weight_strip import record_of

_UNKNOWN = N_("What one piece of {item} weighs is not known yet. Learn it on the scale.")
_COUNTS = N_(
    "{scale} counts pieces, but {item} is kept in {unit}. Switch the scale to weighing and try again."
)
_ADDED = N_("{weighed} Together {total} {unit}.")
_DOUBT = N_("{typed} typed, but it weighs like {pieces} ± {margin}.")
ONE = Decimal(1)
Key = Hashable


class Goods(Protocol):
    """What is counted: its code, and the unit with its decimals."""

    @property
    def item_code(self) -> str: ...
    @property
    def uom(self) -> str: ...
    @property
    def uom_decimals(self) -> int: ...


@dataclass(frozen=True)
class Heap:
    """One load: what was read, how many that is, and what the entry came to with it."""

    taken: TakenWeight
    qty: Decimal
    total: Decimal
    estimate: CountEstimate | None = None


class Heaps:
    """The heaps weighed for each entry (a line, a line with its lot); plain values, no widget."""

    def __init__(self) -> None:
        self._heaps: dict[Key, list[Heap]] = {}
        self._named: dict[Key, Decimal] = {}
        self._settled: dict[Key, Decimal] = {}

    def scanned(self, key: Key, qty: Decimal, added: Decimal) -> None:
        """A code brought an entry to ``qty``. One piece scanned before a heap names its goods."""
        before = self._settled.get(key, Decimal(0))
        if added == ONE and qty - added == before:
            self._named[key] = before
        else:
            self._named.pop(key, None)

    def typed(self, key: Key, qty: Decimal) -> None:
        """A person wrote the quantity: a scan before it is done with."""
        self._named.pop(key, None)
        if key in self._heaps:
            self._settled[key] = qty

    def renamed(self, old: Key, new: Key) -> None:
        """An entry got its lot."""
        if old != new:
            self._heaps.setdefault(new, []).extend(self._heaps.pop(old, []))
            for known in (self._named, self._settled):
                if old in known:
                    known[new] = known.pop(old)

    def forget(self) -> None:
        """Other goods, or everything was posted."""
        self._heaps.clear()
        self._named.clear()
        self._settled.clear()

    def add(
        self,
        key: Key,
        line: Goods,
        present: Decimal,
        taken: TakenWeight,
        unit: UnitWeight | None,
        *,
        again: bool = False,
    ) -> tuple[Decimal, Message]:
        """A heap on the scale: the entry's new quantity, and what is said.

        ``again``: it lies there since it was taken last and takes the place of that weight.

        Raises UserError when the goods cannot be counted on this scale.
        """
        qty, estimate, said = _weighed(line, taken, unit)
        base = self._named.pop(key, present)
        if again and self._heaps.get(key):
            last = self._heaps[key].pop()
            base = last.total - last.qty
        total = base + qty
        self._settled[key] = total
        self._heaps.setdefault(key, []).append(Heap(taken, qty, total, estimate))
        if base:
            facts = {"weighed": said, "total": format_quantity(total), "unit": line.uom}
            said = Message(_ADDED, facts)
        return total, said

    def take_back(self, key: Key) -> Decimal | None:
        """The last heap was the empty box: the quantity without it, None when nothing was."""
        heaps = self._heaps.get(key)
        if not heaps:
            return None
        last = heaps.pop()
        base = last.total - last.qty
        self._settled[key] = base
        return base

    def doubt(self, key: Key, typed: Decimal) -> Message | None:
        """Why a typed quantity looks wrong beside what was weighed; None when it may be right."""
        heaps = self._heaps.get(key)
        margins = [heap.estimate.margin for heap in heaps or () if heap.estimate is not None]
        known = [margin for margin in margins if margin is not None]
        if not heaps or not known or abs(typed - heaps[-1].total) <= sum(known):
            return None
        facts = {
            "typed": format_quantity(typed),
            "pieces": format_quantity(heaps[-1].total),
            "margin": sum(known),
        }
        return Message(_DOUBT, facts)

    def evidence(self, entries: Iterable[tuple[Key, Decimal, Goods]]) -> dict[str, Any]:
        """The record of what was weighed for these quantities; empty when nothing was."""
        told = [
            record.as_json()
            for key, qty, goods in entries
            for record in self._records(key, qty, goods)
        ]
        return {EVIDENCE: told} if told else {}

    def _records(self, key: Key, qty: Decimal, line: Goods) -> list[WeighingRecord]:
        heaps = self._heaps.get(key, [])
        records = []
        after = [next_heap.total - next_heap.qty for next_heap in heaps[1:]]
        for heap, entered in zip(heaps, [*after, qty], strict=False):
            record = record_of(heap.taken, entered, line.uom, heap.total)
            if heap.estimate is not None:
                found = heap.estimate
                record = replace(record, pieces=found.pieces, margin=found.margin)
            records.append(replace(record, item=line.item_code))
        return records


def _weighed(
    line: Goods, taken: TakenWeight, unit: UnitWeight | None
) -> tuple[Decimal, CountEstimate | None, Message]:
    if taken.is_count:
        if not is_counted(line.uom):
            raise UserError(_COUNTS, scale=taken.scale, item=line.item_code, unit=line.uom)
        return taken.shown, None, Message(N_("{count}."), {"count": taken.text})
    if canonical(line.uom) in GRAMS:
        qty = convert_weight(taken.shown, taken.unit, line.uom, line.uom_decimals)
        told = (
            conversion_text(taken.shown, taken.unit, line.uom)
            if canonical(line.uom) != canonical(taken.unit)
            else f"{format_quantity(taken.shown)} {taken.unit}"
        )
        return qty, None, Message(N_("{scale}: {weight}."), {"scale": taken.scale, "weight": told})
    if unit is None:
        raise UserError(_UNKNOWN, item=line.item_code)
    found = count_by_weight(taken.grams, unit, taken.division_g)
    told = Message(N_("{weight}: {count}."), {"weight": taken.text, "count": found.message})
    return Decimal(found.pieces), found, told
