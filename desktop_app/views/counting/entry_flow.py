"""What the counting station does with each scan, apart from how it looks.

Place, then item, then how many: each scan is answered by a sentence. Book quantities are
nowhere in here, because the counter's login cannot read them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from desktop_app.core.errors import InvalidInput
from desktop_app.core.i18n import N_, Message
from desktop_app.domain.quantities import format_quantity, parse_quantity
from desktop_app.domain.scan_codes import ScanKind, ScanResult
from desktop_app.domain.scanned_quantity import (
    Reads,
    ScannedQuantity,
    UnitChoice,
    in_both,
    quantity_of,
    settled,
)
from desktop_app.domain.units import Entry, ItemUnits
from desktop_app.queries.counting import TaskRow
from desktop_app.services.counting_entry import CountEntry

TYPED_DIGITS = 7
SCANNED_DIGITS = 4
"""A longer number is a barcode read at the wrong moment, not a quantity."""


@dataclass(frozen=True)
class Answer:
    """What to say about a scan; ``entry`` is to be saved now."""

    kind: str
    text: Message
    entry: CountEntry | None = None


class CountFlow:
    """Where the counter stands: ``place``, ``task`` and the ``tally`` of it so far."""

    def __init__(self) -> None:
        self.document_id: int | None = None
        self.place: str = ""
        self.task: TaskRow | None = None
        self.tally: Decimal | None = None
        self.choice: UnitChoice | None = None
        """The unit a plain number is typed in; None for the base unit."""
        self._reads = Reads()
        self._said = ""
        self._all: tuple[TaskRow, ...] = ()

    @property
    def tasks(self) -> tuple[TaskRow, ...]:
        """Lines of the chosen count that this person may count, in walking order."""
        return tuple(t for t in self._all if t.document_id == self.document_id and not t.was_mine)

    @property
    def open_tasks(self) -> tuple[TaskRow, ...]:
        """Those nobody has counted yet in this round."""
        return tuple(task for task in self.tasks if not task.is_counted)

    @property
    def others_only(self) -> bool:
        """True when all that is left must be counted by somebody else."""
        mine = [t for t in self._all if t.document_id == self.document_id and t.was_mine]
        return not self.open_tasks and any(not task.is_counted for task in mine)

    def load(self, tasks: Sequence[TaskRow]) -> None:
        """Take the tasks as they are now and keep the place where possible."""
        self._all = tuple(tasks)
        documents = [task.document_id for task in self._all]
        if self.document_id not in documents:
            self.document_id = documents[0] if documents else None
            self._forget()
        if self.task is not None:
            line_id, was = self.task.line_id, self.task.round
            self.task = next(
                (t for t in self.open_tasks if t.line_id == line_id and t.round == was), None
            )
            self.tally = self.tally if self.task is not None else None
            if self.task is None:
                self._new_goods()

    def scan(self, code: ScanResult, *, typed: bool = False) -> Answer:
        """A code or a typed text, in the light of what is chosen already."""
        keys = _keys(code)
        if code.kind is ScanKind.DOCUMENT:
            return self._choose_count(code)
        if self.task is not None and keys & _codes(self.task):
            return self._one_more(code, keys)
        place = self._place_of(code, keys)
        if place:
            return self._go_to(place)
        here = [t for t in self.tasks if t.location_code == self.place and keys & _codes(t)]
        if here:
            return self._choose_item(here, code)
        if self._known_item(keys):
            return self._elsewhere(keys)
        if self.task is not None and (quantity := self._quantity(code, typed)) is not None:
            return quantity
        if code.problem is not None:
            return Answer("wrong", code.problem)
        return Answer("unknown", Message(N_("{code} is not on this count."), {"code": code.text}))

    def take(self, task: TaskRow) -> Answer:
        """A line chosen by the keyboard."""
        if task.is_counted:
            return Answer("wrong", Message(N_("This line was counted already.")))
        if self.tally is not None and self.task is not None:
            return self._save_first()
        self.place, self.task, self.tally = task.location_code, task, None
        self._new_goods()
        return self._ask_quantity(task)

    def confirm(self) -> Answer | None:
        """Enter without a text: save the tally; None when no line is chosen yet."""
        if self.task is None:
            return None
        if self.tally is None:
            return Answer(
                "wrong", Message(N_("Type what you counted; nothing there is typed as 0."))
            )
        return self._save(self.tally)

    def saved(self) -> Answer:
        """The entry was recorded: what comes next."""
        task, tally = self.task, self.tally
        note = self._said
        self.task, self.tally = None, None
        self._new_goods()
        if task is None:
            return self.next_step()
        said = {
            "item": task.item_code,
            "place": task.location_code,
            "qty": counted_text(tally or Decimal(0), task),
        }
        text = Message(N_("{item} at {place}: {qty} noted."), said)
        if note:
            return Answer("unknown", Message(N_("{what}. {next}"), {"what": note, "next": text}))
        return Answer("ok", text)

    def next_unit(self) -> Answer:
        """F2: a plain number is typed in the item's next unit."""
        task = self.task
        if task is None:
            return Answer("wrong", Message(N_("Scan the item first.")))
        if task.units is None or not task.units.units:
            return Answer(
                "unknown", Message(N_("{item} has one unit only."), {"item": task.item_code})
            )
        self.choice = (self.choice or UnitChoice(task.units)).following()
        told = {"unit": self.choice.title, "what": self.choice.words()}
        return Answer("ask", Message(N_("Numbers are typed in {unit} now: {what}"), told))

    def _new_goods(self) -> None:
        """Other goods are counted: the base unit again, nothing read yet."""
        self.choice, self._said = None, ""
        self._reads.clear()

    def back(self) -> Answer:
        """Esc: drop the tally, then the item, then the place."""
        if self.tally is not None:
            self.tally = None
        elif self.task is not None:
            self.task = None
        else:
            self.place = ""
        self._new_goods()
        return self.next_step()

    def next_step(self) -> Answer:
        """The sentence for where the counter stands."""
        if self.document_id is None:
            return Answer("ask", Message(N_("No count is open. The office starts one.")))
        if not self.open_tasks:
            text = (
                N_("The rest must be counted by somebody else.")
                if self.others_only
                else N_("Every place is counted. Thank you; the office goes on.")
            )
            return Answer("ask", Message(text))
        if self.task is not None:
            return self._ask_quantity(self.task)
        left = [task for task in self.open_tasks if task.location_code == self.place]
        if self.place and left:
            return Answer(
                "ask",
                Message(
                    N_("{place}: scan the item ({count} left here)."),
                    {"place": self.place, "count": len(left)},
                ),
            )
        return Answer(
            "ask",
            Message(
                N_("Go to {place} and scan the bin."), {"place": self.open_tasks[0].location_code}
            ),
        )

    def skip(self) -> TaskRow | None:
        """F8: the first open line behind the present place; leaves the present one open."""
        self.task, self.tally = None, None
        self._new_goods()
        places = list(dict.fromkeys(task.location_code for task in self.open_tasks))
        if not places:
            return None
        at = places.index(self.place) + 1 if self.place in places else 0
        self.place = ""
        wanted = places[at % len(places)]
        return next(task for task in self.open_tasks if task.location_code == wanted)

    def _forget(self) -> None:
        self.place, self.task, self.tally = "", None, None
        self._new_goods()

    def _choose_count(self, code: ScanResult) -> Answer:
        found = next((task for task in self._all if task.number == code.code), None)
        if found is None:
            return Answer(
                "unknown", Message(N_("{number} is not an open count."), {"number": code.code})
            )
        self.document_id = found.document_id
        self._forget()
        return self.next_step()

    def _place_of(self, code: ScanResult, keys: frozenset[str]) -> str:
        if code.kind not in (ScanKind.BIN, ScanKind.CODE):
            return ""
        return next((t.location_code for t in self.tasks if t.location_code.upper() in keys), "")

    def _go_to(self, place: str) -> Answer:
        if self.tally is not None:
            return self._save_first()
        self.place, self.task = place, None
        if not any(task.location_code == place for task in self.open_tasks):
            return Answer("wrong", Message(N_("{place} is counted already."), {"place": place}))
        return Answer("ok", self.next_step().text)

    def _choose_item(self, here: Sequence[TaskRow], code: ScanResult) -> Answer:
        if self.tally is not None:
            return self._save_first()
        fitting = [t for t in here if not code.lot or t.lot_code.upper() == code.lot.upper()]
        left = [task for task in fitting if not task.is_counted]
        if not left:
            text = (
                N_("This line was counted already.")
                if fitting
                else N_("Lot {lot} is not listed here. Report it with F9 if it lies here.")
            )
            return Answer("wrong", Message(text, {"lot": code.lot or ""}))
        if len(left) > 1:
            return Answer(
                "unknown",
                Message(
                    N_("Several lots of {item} lie here: scan the lot label or choose the line."),
                    {"item": left[0].item_code},
                ),
            )
        self.task, self.tally = left[0], None
        self._new_goods()
        return Answer("ok", self._ask_quantity(left[0]).text)

    def _elsewhere(self, keys: frozenset[str]) -> Answer:
        item = next(task.item_code for task in self.tasks if keys & _codes(task))
        if not self.place:
            return Answer("wrong", Message(N_("Scan the bin first, then {item}."), {"item": item}))
        return Answer(
            "wrong",
            Message(
                N_("{item} is not listed at {place}. Report it with F9 if it lies here."),
                {"item": item, "place": self.place},
            ),
        )

    def _known_item(self, keys: frozenset[str]) -> bool:
        return any(keys & _codes(task) for task in self.tasks)

    def _one_more(self, code: ScanResult, keys: frozenset[str]) -> Answer:
        task = self.task
        assert task is not None
        if code.lot and task.lot_code and code.lot.upper() != task.lot_code.upper():
            return Answer(
                "wrong",
                Message(
                    N_("This is lot {lot}; {wanted} is being counted."),
                    {"lot": code.lot, "wanted": task.lot_code},
                ),
            )
        amount = _one_scan(task, code, keys)
        self._reads.scan(code.text, amount)
        self.tally = settled((self.tally or Decimal(0)) + amount.qty, task.uom_decimals)
        text = Message(
            N_("{qty} so far. Scan on, or press Enter to save."),
            {"qty": counted_text(self.tally, task)},
        )
        what = amount.words()
        if not what:
            return Answer("ok", text)
        return Answer("ok", Message(N_("{what}. {next}"), {"what": what, "next": text}))

    def _quantity(self, code: ScanResult, typed: bool) -> Answer | None:
        task = self.task
        assert task is not None
        text = code.text
        more = typed and text.startswith("+")
        choice = self.choice or UnitChoice(task.units or ItemUnits(task.uom, task.uom_decimals))
        try:
            if typed:
                entry = choice.read(text.lstrip("+"))  # "3箱4" on the shelf
            else:
                entry = Entry(parse_quantity(text, decimals=task.uom_decimals))
        except InvalidInput as error:
            looks_typed = typed and any(c.isdigit() for c in code.text)
            return Answer("wrong", error.problems[0].message) if looks_typed else None
        qty = entry.qty + (self.tally or Decimal(0)) if more else entry.qty
        if qty >= 10 ** (TYPED_DIGITS if typed else SCANNED_DIGITS):
            return Answer(
                "wrong",
                Message(
                    N_("{code} looks like a barcode, not like a quantity."), {"code": code.text}
                ),
            )
        self._reads.type(text, qty, choice.name)
        self._said = str(entry.note) if entry.note is not None else ""
        return self._save(qty)

    def _save(self, qty: Decimal) -> Answer:
        task = self.task
        assert task is not None
        self.tally = qty
        reads = [dict(row) for row in self._reads.evidence()]
        entry = CountEntry(task.line_id, task.round, qty, evidence={"reads": reads})
        return Answer("ask", Message(N_("Saving …")), entry)

    def _save_first(self) -> Answer:
        return Answer(
            "wrong",
            Message(
                N_("Press Enter to save {qty} first, or Esc to drop it."),
                {"qty": _tally_text(self.tally, self.task)},
            ),
        )

    @staticmethod
    def _ask_quantity(task: TaskRow) -> Answer:
        lot = f" / {task.lot_code}" if task.lot_code else ""
        told = {"item": task.item_code + lot, "uom": task.uom}
        packs = task.units.units if task.units is not None else ()
        if not packs:
            text = N_("{item}: type how many {uom} are there, or now scan every piece.")
            return Answer("ask", Message(text, told))
        text = N_(
            "{item}: type how many {uom} are there, or {example}, or scan every piece and {unit}."
        )
        unit = packs[0].name
        return Answer("ask", Message(text, {**told, "unit": unit, "example": f"2{unit}3"}))


def counted_text(qty: Decimal, task: TaskRow) -> str:
    """What was counted, in boxes too where the goods come in boxes: "2箱 3个 (27个)"."""
    if task.units is not None and task.units.units:
        return in_both(qty, task.units)
    return f"{format_quantity(qty)} {task.uom}"


def _tally_text(tally: Decimal | None, task: TaskRow | None) -> str:
    plain = format_quantity(tally or Decimal(0))
    return plain if task is None else counted_text(tally or Decimal(0), task)


def _one_scan(task: TaskRow, code: ScanResult, keys: frozenset[str]) -> ScannedQuantity:
    """What one scan of that barcode means: a piece, a box, a weight."""
    units = task.units or ItemUnits(task.uom, task.uom_decimals)
    names = [*task.barcode_units, *("" for _ in task.barcodes)]
    for barcode, factor, unit in zip(task.barcodes, task.factors, names, strict=False):
        if barcode.upper() in keys:
            return quantity_of(code, units, unit, factor)
    return quantity_of(code, units)


def _keys(code: ScanResult) -> frozenset[str]:
    given = (code.code, code.text, code.barcode or "", *code.candidates)
    return frozenset(key.upper() for key in given if key)


def _codes(task: TaskRow) -> frozenset[str]:
    return frozenset((task.item_code.upper(), *(barcode.upper() for barcode in task.barcodes)))
