"""The counting station: scan the bin, scan the item, say how many. No quantity is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core import clock
from desktop_app.core.errors import InvalidInput, UserError
from desktop_app.core.i18n import N_, Message, tr
from desktop_app.domain.quantities import fold_digits, format_quantity, parse_quantity
from desktop_app.domain.scan_codes import ScanResult, parse_scan
from desktop_app.domain.scanned_quantity import UnitChoice, in_units
from desktop_app.domain.units import ItemUnits
from desktop_app.domain.weighing import UnitWeight
from desktop_app.queries.counting import TaskRow
from desktop_app.queries.devices import unit_weight
from desktop_app.runtime.context import AppContext
from desktop_app.runtime.weights import TakenWeight
from desktop_app.services import counting_entry
from desktop_app.services.counting_entry import CountEntry, FoundGoods
from desktop_app.views.base.heaps import Heaps
from desktop_app.views.base.inline_bar import Asked
from desktop_app.views.base.station import StationPage, enlarge
from desktop_app.views.base.station_table import StationColumn, StationTable
from desktop_app.views.base.tones import Tone
from desktop_app.views.base.weight_strip import WeightStrip
from desktop_app.views.base.widgets import muted_label
from desktop_app.views.counting.entry_flow import Answer, CountFlow


class BigCard(QFrame):
    """One fact in type that is read from two steps away."""

    def __init__(self, title: str, factor: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._value = QLabel(self)
        self._value.setTextFormat(Qt.TextFormat.PlainText)
        # A long name is cut, it must not push the table off the screen.
        self._value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        enlarge(self._value, factor, bold=True)
        self._below = muted_label("")
        enlarge(self._below, 1.2)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(2)
        column.addWidget(muted_label(title))
        column.addWidget(self._value)
        column.addWidget(self._below)
        column.addStretch(1)

    @property
    def text(self) -> str:
        """The fact shown."""
        return self._value.text()

    def show_fact(self, value: str, below: str = "") -> None:
        """Show another fact and a remark below it."""
        self._value.setText(value or "—")
        self._below.setText(below)


class CountEntryStation(StationPage):
    """Full-screen entry of a count for a person whose login cannot read balances."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("Count"), parent)
        self.flow = CountFlow()
        self.place_card = BigCard(tr("Bin"), 2.6, self)
        self.item_card = BigCard(tr("Item"), 2.2, self)
        self.tally_card = BigCard(tr("You counted"), 2.6, self)
        cards = QHBoxLayout()
        cards.setSpacing(8)
        for card, share in ((self.place_card, 3), (self.item_card, 5), (self.tally_card, 3)):
            cards.addWidget(card, share)
        self.table = StationTable(_columns(), self, empty_text=tr("No count waits for you."))
        self.table.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.table.chosen.connect(self._chosen)
        self.heaps = Heaps()
        self.scale = WeightStrip(context, self)
        self.scale.counts = True
        self.scale.taken.connect(self._weighed)
        self.scale.refused.connect(lambda why: self.tell("wrong", why))
        self.scale.was_box.connect(self._take_back)
        self.scale.box_changed.connect(lambda text: self.tell("ok", text))
        self.body.addLayout(cards)
        self.body.addWidget(self.scale)
        self.body.addWidget(self.table, 1)
        self.add_key(tr("Enter  Save"), self.enter_pressed, primary=True)
        self.add_key(tr("F8  Next place"), self.post)
        self.add_key(tr("F9  Found here, not listed"), self.labels)
        self.add_key(tr("F7  Time on the sheet"), self.ask_sheet_time)
        self.add_key(tr("F4  Count by weight"), self.weigh)
        self.add_key(tr("F2  Unit"), lambda: self._answer(self.flow.next_unit()))
        self.shortcut("F2", lambda: self._answer(self.flow.next_unit()))
        self.add_key(tr("Esc  Back"), self.back)
        QShortcut(
            QKeySequence("F7"),
            self,
            self.ask_sheet_time,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )
        self.scan_field.setPlaceholderText(tr("Scan a bin or an item, or type a quantity"))
        self.setFocusProxy(self.scan_field)
        self._waiting = False
        self._sheet_time: datetime | None = None

    def topics(self) -> frozenset[str]:
        return frozenset({"count", "document:stock_count"})

    def is_dirty(self) -> bool:
        return self.flow.tally is not None

    def reload(self) -> None:
        self.context.operations.query(
            counting_entry.tasks, on_done=self._show, on_error=self.failed, owner=self
        )

    def scanned(self, code: ScanResult) -> None:
        self._answer(self.flow.scan(code))

    def enter_pressed(self) -> None:
        """Enter: save what was scanned, or take the marked line."""
        answer = self.flow.confirm()
        if answer is not None:
            self._answer(answer)
        elif 0 <= self.table.current_row() < len(self.flow.tasks):
            self._chosen(self.table.current_row())

    def post(self) -> None:
        """F8: leave this place and go to the next open one."""
        task = self.flow.skip()
        self._answer(self.flow.next_step() if task is None else Answer("ask", _go(task)))
        if task is not None:
            self.table.choose(self.flow.tasks.index(task))

    def labels(self) -> None:
        """F9: report goods that no line looks for."""
        if not self.flow.place:
            self.tell("wrong", tr("Scan the bin first."))
            return
        self.bar.ask(
            tr("Found at {place} and not listed:", place=self.flow.place),
            (Asked("note", tr("What is it?")), Asked("qty", tr("How many?"), check=_qty_problem)),
            tr("Report"),
            self._report,
        )

    def ask_sheet_time(self) -> None:
        """F7: entries from a paper sheet carry the time written on it, not the present second."""
        self.bar.ask(
            tr("When was this part of the sheet counted? Empty: just now."),
            (Asked("time", tr("Time (14:30)"), required=False, check=_time_problem),),
            tr("Use this time"),
            self._use_sheet_time,
        )

    def weigh(self) -> None:
        """F4: put the count by weight into the field; Enter saves it, a person may correct it."""
        if self.flow.task is None:
            self.tell("wrong", tr("Scan the item first."))
        else:
            self.scale.take()

    def _weighed(self, taken: TakenWeight) -> None:
        task, again = self.flow.task, self.scale.again
        if task is not None:
            self.context.operations.query(
                unit_weight,
                task.item_id,
                on_done=lambda unit: self._count_heap(task, taken, unit, again),
                on_error=self.failed,
                owner=self,
            )

    def _count_heap(
        self, task: TaskRow, taken: TakenWeight, unit: UnitWeight | None, again: bool
    ) -> None:
        """A heap is added to what is in the field or was scanned piece by piece."""
        if self.flow.task != task:
            return
        try:
            present = self._present(task)
            total, said = self.heaps.add(_key(task), task, present, taken, unit, again=again)
        except UserError as error:
            self.failed(error)
            return
        self.flow.choice = None  # the weight was told in base units
        self.scan_field.setText(format_quantity(total))
        self.scan_field.setFocus()
        self.scan_field.selectAll()
        self.tell("ok", str(said))

    def _take_back(self) -> None:
        """The heap taken last was the empty box."""
        task = self.flow.task
        base = self.heaps.take_back(_key(task)) if task is not None else None
        if base is not None:
            self.scan_field.setText(format_quantity(base) if base else "")

    def _present(self, task: TaskRow) -> Decimal:
        """What is typed in the field, else the pieces scanned. Raises InvalidInput."""
        typed = self.scan_field.text().strip()
        if typed:
            units = task.units or ItemUnits(task.uom, task.uom_decimals)
            return (self.flow.choice or UnitChoice(units)).read(typed).qty
        return self.flow.tally or Decimal(0)

    def back(self) -> None:
        """Esc: one step back; nothing saved is lost."""
        if self.bar.text:
            self.bar.dismiss()
            self.scan_field.setFocus()
            return
        self._answer(self.flow.back())

    def keyPressEvent(self, event: Any) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.flow.tasks:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            row = max(0, min(len(self.flow.tasks) - 1, self.table.current_row() + step))
            self.table.choose(row)
            return
        super().keyPressEvent(event)

    def _typed(self) -> None:
        text = self.scan_field.text().strip()
        self.scan_field.clear()
        if text:
            self._answer(self.flow.scan(parse_scan(text), typed=True))
        else:
            self.enter_pressed()

    def _chosen(self, row: int) -> None:
        self._answer(self.flow.take(self.flow.tasks[row]))
        self.scan_field.setFocus()

    def _answer(self, answer: Answer) -> None:
        if answer.entry is not None:
            self._save(answer.entry)
            return
        if answer.kind == "ask":
            self.prompt(str(answer.text))
        else:
            self.tell(answer.kind, str(answer.text))
        self._show_cards()
        self._mark_next()

    def _use_sheet_time(self, values: Mapping[str, str]) -> None:
        self._sheet_time = _moment(values["time"]) if values["time"] else None
        self._show_subtitle()
        self.scan_field.setFocus()

    def _save(self, entry: CountEntry) -> None:
        if self._waiting:
            return
        entry = replace(entry, counted_at=self._sheet_time, evidence=self._evidence(entry))
        self._waiting = True
        self._show_cards()
        self.context.operations.command(
            counting_entry.enter, entry, on_done=self._saved, on_error=self._refused, owner=self
        )

    def _evidence(self, entry: CountEntry) -> dict[str, Any]:
        task = self.flow.task
        if task is None or entry.qty is None:
            return {}
        return {**entry.evidence, **self.heaps.evidence([(_key(task), entry.qty, task)])}

    def _saved(self, _result: object) -> None:
        self._waiting = False
        self.heaps.forget()
        self._answer(self.flow.saved())
        self.reload()

    def _refused(self, error: Exception) -> None:
        self._waiting = False
        self.failed(error)
        self._show_cards()

    def _report(self, values: Mapping[str, str]) -> None:
        task = next(t for t in self.flow.tasks if t.location_code == self.flow.place)
        found = FoundGoods(
            task.document_id, task.location_id, parse_quantity(values["qty"]), note=values["note"]
        )
        self.context.operations.command(
            counting_entry.report_found,
            found,
            on_done=self._reported,
            on_error=self.failed,
            owner=self,
        )
        self.scan_field.setFocus()

    def _reported(self, _result: object) -> None:
        self.tell("ok", tr("Reported to the office; the books do not change."))

    def _show(self, tasks: tuple[TaskRow, ...]) -> None:
        fresh = self.flow.document_id is None
        self.flow.load(tasks)
        self.table.show_rows(self.flow.tasks)
        self._show_subtitle()
        if fresh or not self.flow.open_tasks:
            self._answer(self.flow.next_step())
        self._show_cards()
        self._mark_next()

    def _show_subtitle(self) -> None:
        done = len(self.flow.tasks) - len(self.flow.open_tasks)
        first = self.flow.tasks[0] if self.flow.tasks else None
        if first is None:
            self.subtitle.setText("")
            return
        text = tr(
            "{number} · {warehouse} · {round} · {done} of {all} places",
            number=first.number,
            warehouse=first.warehouse,
            done=done,
            all=len(self.flow.tasks),
            round=tr("First round") if first.round == 1 else tr("Recount"),
        )
        if self._sheet_time is not None:
            text += " · " + tr("time on the sheet {time}", time=f"{self._sheet_time:%H:%M}")
        self.subtitle.setText(text)

    def _mark_next(self) -> None:
        rows = self.flow.tasks
        wanted = self.flow.task or next(
            (t for t in self.flow.open_tasks if t.location_code == self.flow.place),
            self.flow.open_tasks[0] if self.flow.open_tasks else None,
        )
        if wanted in rows:
            self.table.choose(rows.index(wanted))

    def _show_cards(self) -> None:
        task, tally = self.flow.task, self.flow.tally
        self.scale.want(task is not None)
        if task is None:
            self.heaps.forget()
        self.place_card.show_fact(self.flow.place)
        name = (
            ""
            if task is None
            else " · ".join(part for part in (task.item_name, task.spec, task.lot_code) if part)
        )
        self.item_card.show_fact(task.item_code if task else "", name)
        self.tally_card.show_fact(
            "" if tally is None else format_quantity(tally, grouping=True),
            self._unit_text(task),
        )

    def _unit_text(self, task: TaskRow | None) -> str:
        """The base unit below the count, with the boxes in it and the unit typed now."""
        if task is None:
            return ""
        tally, choice = self.flow.tally, self.flow.choice
        packs = in_units(tally, task.units) if tally and task.units is not None else ""
        typed = tr("F2: {unit}", unit=choice.words()) if choice is not None and choice.name else ""
        return " · ".join(part for part in (task.uom, packs, typed) if part)


def _columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Bin"), lambda t: t.location_code, 10, bold=True, tone=_tone),
        StationColumn(tr("Item"), lambda t: t.item_code, 14, tone=_tone),
        StationColumn(
            tr("Name"),
            lambda t: " ".join(p for p in (t.item_name, t.spec) if p),
            stretch=True,
            tone=_tone,
        ),
        StationColumn(tr("Lot"), lambda t: t.lot_code, 10, tone=_tone),
        StationColumn(tr("Unit"), lambda t: t.uom, 6, tone=_tone),
        StationColumn(tr("You counted"), _own_count, 12, right=True, tone=_tone),
    )


def _own_count(task: TaskRow) -> str:
    if task.entered_qty is not None:
        return format_quantity(task.entered_qty, grouping=True)
    return tr("done") if task.is_counted else ""


def _tone(task: TaskRow) -> Tone | None:
    return Tone.MUTED if task.is_counted else None


def _key(task: TaskRow) -> tuple[int, int]:
    return task.line_id, task.round


def _go(task: TaskRow) -> Message:
    return Message(N_("Go to {place} and scan the bin."), {"place": task.location_code})


def _qty_problem(text: str) -> str:
    try:
        value = parse_quantity(text, allow_zero=False)
    except InvalidInput as error:
        return str(error.problems[0])
    return "" if value > Decimal(0) else tr("Enter a number.")


def _moment(text: str) -> datetime:
    """Today at that time of the clock. Raises ValueError."""
    written = time.fromisoformat(fold_digits(text).replace("：", ":").zfill(5))
    return datetime.combine(clock.today(), written).astimezone()


def _time_problem(text: str) -> str:
    try:
        _moment(text)
    except ValueError:
        return tr("Write the time as 14:30.")
    return ""


def create(context: AppContext, params: dict[str, Any]) -> CountEntryStation:
    """Factory named in the table of actions; ``document_id`` chooses one of several counts."""
    page = CountEntryStation(context)
    page.flow.document_id = params.get("document_id")
    return page
