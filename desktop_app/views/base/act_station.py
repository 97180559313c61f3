"""The one station behind transfers, work orders and outsourcing: scan, act, next.

Scan a document (or choose one that waits), then scan place and goods, Enter: done. F8 does
the step, F9 goes to the next kind of step, Esc goes back. What it offers is declared in an
:class:`~desktop_app.views.base.act_steps.ActStationSpec`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.errors import ConfirmationRequired, InvalidInput
from desktop_app.core.i18n import tr
from desktop_app.domain.document_type import STATE_TITLES
from desktop_app.domain.scan_codes import ScanKind, ScanResult
from desktop_app.domain.units import ItemUnits
from desktop_app.runtime.context import AppContext
from desktop_app.services import goods_by_scan
from desktop_app.services.goods_by_scan import Handled
from desktop_app.views.base.act_form import ActForm
from desktop_app.views.base.act_steps import ActStationSpec, ActStep, Request, Said
from desktop_app.views.base.act_weights import ActWeights
from desktop_app.views.base.scan_tally import ScanTally
from desktop_app.views.base.station import StationPage, enlarge
from desktop_app.views.base.station_table import StationTable
from desktop_app.views.base.weight_strip import WeightStrip


class ActStationPage(StationPage):
    """A station made from its declaration; ``document`` opens that number or id at once."""

    def __init__(
        self,
        context: AppContext,
        spec: ActStationSpec,
        document: str | int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, tr(spec.title), parent)
        self.spec = spec
        self.view: Any = None
        self.step: ActStep | None = None
        self._document = document
        self._waiting: tuple[Any, ...] = ()
        self._scans = ScanTally()
        self._uuid: UUID = uuid4()
        self._busy = False
        self._just_said = False
        self._table: StationTable | None = None
        self._buttons: list[tuple[ActStep, QPushButton]] = []
        self._build()

    def topics(self) -> frozenset[str]:
        if self.view is not None:
            return frozenset({f"document:{self.view.id}"})
        return self.spec.topics

    def reload(self) -> None:
        """Fetch what is open, or what waits; typed values stay."""
        code = self.view.id if self.view is not None else self._document
        if code is not None:
            self._open(code)
        else:
            self.context.operations.query(
                self.spec.waiting, on_done=self._show_waiting, on_error=self.failed
            )

    def scanned(self, code: ScanResult) -> None:
        if code.problem is not None:
            self.tell("wrong", str(code.problem))
        elif code.kind is ScanKind.DOCUMENT or self.view is None:
            self._open(code.text)
        elif self.step is None or not self.form.take_scan(code):
            self.tell("unknown", tr("{code} is not asked for here.", code=code.text))
        elif self.form.unit_field() is not None and code.text == self.form.goods():
            self.context.operations.query(
                goods_by_scan.find_goods,
                code.text,
                on_done=lambda goods: self._count(code.text, goods),
                on_error=self.failed,
                owner=self,
            )
        else:
            self.context.notifier.sound("ok")
            self._prompt()

    def _count(self, code: str, goods: Handled) -> None:
        """A box scanned counts a box, twice two; one piece only says which goods these are."""
        field = self.form.unit_field()
        if field is None or code != self.form.goods():
            return
        if self._scans.goods not in (None, goods.item_id):
            field.forget()  # that was how many of the others
        self._scans.begin(goods.item_id)
        self._scans.scan(code, goods.amount)
        field.use(goods.item_id, goods.units)
        qty = self._scans.quantity(None, goods.decimals)
        if qty is not None:
            field.propose(qty)
            field.setFocus()
            field.selectAll()
        words = goods.amount.words()
        next_step = tr(self.step.prompt or self.step.title) if self.step is not None else ""
        self.tell("ok", tr("{what}. {next}", what=words, next=next_step) if words else next_step)

    def post(self) -> None:
        """Carry out the step with what is entered."""
        if self._busy or self.view is None or self.step is None:
            return
        try:
            values = self.form.values()
        except InvalidInput as error:
            self._refused(error)
            return
        self._send(
            Request(self.view.id, values, self._uuid, evidence=self._weights.evidence(values))
        )

    def labels(self) -> None:
        """F9: the next kind of step."""
        steps = [step for step, _button in self._buttons]
        if self.step in steps and len(steps) > 1:
            self._choose(steps[(steps.index(self.step) + 1) % len(steps)])

    def back(self) -> None:
        if self.bar.isVisible():
            self.bar.clear()
        elif self.view is not None:
            self.view, self.step, self._document = None, None, None
            self.form.hide()
            self.scale.want(False)
            self._show_steps()
            self.reload()

    def enter_pressed(self) -> None:
        if self.view is None:
            self._row_chosen(self._table.current_row() if self._table else -1)
        elif self.step is not None:
            self.form.focus_next_empty()

    def next_unit(self) -> None:
        """F2: type the quantity in the next unit of the goods scanned."""
        goods = self.form.goods()
        if self.step is None or self.form.unit_field() is None:
            return
        if not goods:
            self.tell("wrong", tr("Scan the goods first."))
            return
        self.context.operations.query(
            goods_by_scan.units_for,
            goods,
            on_done=lambda units: self._use_units(goods, units),
            on_error=self.failed,
            owner=self,
        )

    def _use_units(self, goods: str, units: ItemUnits) -> None:
        field = self.form.unit_field()
        if field is None or goods != self.form.goods():
            return
        field.use(self._scans.goods or goods, units)
        if not field.next_unit():
            self.tell("unknown", tr("{item} has one unit only.", item=goods))
            return
        choice = field.choice
        self.prompt(
            tr("Numbers are typed in {unit} now: {what}", unit=choice.title, what=choice.words())
        )

    def weigh(self) -> None:
        """F4: the steady weight of this PC's scale into its field, or why it is not taken."""
        self.scale.take()

    def _build(self) -> None:
        self._step_row = QHBoxLayout()
        self._step_row.setSpacing(8)
        self._step_row.addStretch(1)
        self.form = ActForm(self)
        self.form.entered.connect(self.post)
        self.form.hide()
        self._table_box = QVBoxLayout()
        self.body.addLayout(self._step_row)
        self.scale = WeightStrip(self.context, self)
        self._weights = ActWeights(self.form, self.scale, self.tell)
        self.scale.taken.connect(self._weights.take)
        self.scale.refused.connect(lambda why: self.tell("wrong", why))
        self.scale.was_box.connect(self._weights.take_back)
        self.scale.box_changed.connect(lambda text: self.tell("ok", text))
        self.body.addWidget(self.scale)
        self.body.addWidget(self.form)
        self.body.addLayout(self._table_box, 1)
        self.post_key = self.add_key(tr("F8  Do it"), self.post, primary=True)
        self.next_key = self.add_key(tr("F9  Next kind of step"), self.labels)
        self.unit_key = self.add_key(tr("F2  Unit"), self.next_unit)
        self.shortcut("F2", self.next_unit)
        self.weigh_key = self.add_key(tr("F4  Weight from the scale"), self.weigh)
        self.add_key(tr("Esc  Back"), self.back)
        self._show_steps()

    def _open(self, code: str | int) -> None:
        self.context.operations.query(
            self.spec.open, code, on_done=self._show_view, on_error=self._open_failed
        )

    def _open_failed(self, error: Exception) -> None:
        self._document, self._just_said = None, False
        self.failed(error)
        if self.view is None:
            self.context.operations.query(self.spec.waiting, on_done=self._list_waiting)

    def _show_view(self, view: Any) -> None:
        """Show a document; the same step goes on where it still fits."""
        new = self.view is None or self.view.id != view.id
        self.view = view
        self._show_steps()
        steps = [step for step, _button in self._buttons]
        going_on = self.step is not None and self.step in steps and not new
        self._choose(
            self.step if going_on and self.step else (steps[0] if steps else None), keep=going_on
        )
        self._just_said = False

    def _show_waiting(self, rows: Any) -> None:
        self._list_waiting(rows)
        self.prompt(tr(self.spec.ask) if self._waiting else tr(self.spec.nothing))

    def _list_waiting(self, rows: Any) -> None:
        self._waiting = tuple(rows)
        self.subtitle.setText("")
        self._put_table(self.spec.waiting_columns(), self._waiting)
        self.scan_field.setFocus()

    def _show_steps(self) -> None:
        for _step, button in self._buttons:
            _take_away(self._step_row, button)
        self._buttons = []
        if self.view is not None:
            for step in self.spec.steps:
                if step.fits(self.view) and self.context.user.may(step.permission):
                    self._buttons.append((step, self._step_button(step)))
        self.post_key.setVisible(bool(self._buttons))
        self.weigh_key.hide()
        self.unit_key.hide()
        self.next_key.setVisible(len(self._buttons) > 1)

    def _step_button(self, step: ActStep) -> QPushButton:
        button = QPushButton(tr(step.title), self)
        enlarge(button, 1.2)
        button.clicked.connect(lambda _checked=False: self._choose(step))
        self._step_row.insertWidget(self._step_row.count() - 1, button)
        return button

    def _choose(self, step: ActStep | None, *, keep: bool = False) -> None:
        """Go to a step; without one the document is only shown."""
        self.step = step
        self.subtitle.setText(self.spec.describe(self.view))
        for known, button in self._buttons:
            button.setProperty("primary", known is step)
            button.style().unpolish(button)
            button.style().polish(button)
        self.form.setVisible(step is not None)
        if step is None:
            self.scale.want(False)
            self._say_nothing_to_do()
            shown = self.spec.steps[0]
            fitting = next((s for s in self.spec.steps if self.view.kind in s.kinds), shown)
            self._put_table(fitting.columns(), fitting.rows(self.view))
            return
        self.form.show_fields(step.fields(self.view))
        self.weigh_key.setVisible(self.form.weight_field() is not None)
        self.unit_key.setVisible(self.form.unit_field() is not None)
        self._weights.ask()
        self._put_table(step.columns(), step.rows(self.view))
        if not keep:
            self._uuid = uuid4()
            self._weights.clear()
            self._scans.clear()
            self.form.clear()
            self._prompt()

    def _say_nothing_to_do(self) -> None:
        if not self._just_said:
            state = tr(STATE_TITLES.get(self.view.state, self.view.state))
            self.prompt(
                tr(
                    "{number} is {state}; there is nothing to do here for you.",
                    number=self.view.number,
                    state=state,
                )
            )

    def _prompt(self) -> None:
        """Say what comes next, unless the answer to the last act still stands there."""
        if self.step is not None and not self._just_said:
            self.prompt(tr(self.step.prompt) if self.step.prompt else tr(self.step.title))

    def _put_table(self, columns: Any, rows: tuple[Any, ...]) -> None:
        table = StationTable(columns, self)
        table.chosen.connect(self._row_chosen)
        table.show_rows(rows)
        if self._table is not None:
            place = self._table.current_row()
            _take_away(self._table_box, self._table)
            if 0 <= place < len(rows):
                table.choose(place)
        self._table_box.addWidget(table)
        self._table = table

    def _row_chosen(self, place: int) -> None:
        if self.view is None:
            if 0 <= place < len(self._waiting):
                self._open(self._waiting[place].id)
        elif self.step is not None:
            rows = self.step.rows(self.view)
            if 0 <= place < len(rows):
                self._scans.clear()
                self.form.fill(self.step.fill(self.view, rows[place]))

    def _send(self, request: Request) -> None:
        if self.step is None:
            return
        self._busy = True
        self.form.show_problems(())
        self.context.operations.command(
            self.step.run,
            request,
            owner=self,
            on_done=self._done,
            on_error=lambda error: self._refused(error, request),
        )

    def _done(self, said: Said) -> None:
        self._busy = False
        self._uuid = uuid4()
        self._weights.clear()
        self._scans.clear()
        self.bar.clear()
        self.form.clear()
        self.tell(said.kind, str(said.message))
        if said.done is not None:
            self.offer_photo(said.done.id, said.done.number or "")
        self._just_said = True  # until the document has come back
        self.reload()

    def _refused(self, error: Exception, request: Request | None = None) -> None:
        self._busy = False
        if isinstance(error, InvalidInput):
            self.form.show_problems(error.problems)
            self.tell("wrong", "; ".join(str(problem.message) for problem in error.problems))
        elif isinstance(error, ConfirmationRequired) and request is not None:
            again = replace(request, confirmed=request.confirmed | {error.key})
            self.prompt(str(error))
            self.bar.ask(str(error), (), tr("Yes, go on"), lambda _answers: self._send(again))
        else:
            self.failed(error)


def _take_away(layout: QBoxLayout, widget: QWidget) -> None:
    """At once: what is only deleted later would still be painted meanwhile."""
    layout.removeWidget(widget)
    widget.hide()
    widget.deleteLater()
