"""What the scale told for the step of a station that is being entered: a weight, or pieces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from desktop_app.core.i18n import N_, Message
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.weighing_record import EVIDENCE
from desktop_app.runtime.weights import TakenWeight
from desktop_app.views.base.act_form import ActForm
from desktop_app.views.base.weight_strip import WeightStrip, record_of

_COUNTED = N_("{count}. Switch it to weighing for the weight.")


class ActWeights:
    """Puts weights and counts of ``strip`` into their fields, and keeps them for the record.

    A load by itself only fills a field in which nobody typed; the key always does.
    """

    def __init__(self, form: ActForm, strip: WeightStrip, tell: Callable[[str, str], None]) -> None:
        self._form, self._strip, self._tell = form, strip, tell
        self._weight: TakenWeight | None = None
        self._count: TakenWeight | None = None

    def clear(self) -> None:
        """Another step, or everything was posted."""
        self._weight = self._count = None

    def ask(self) -> None:
        """The form shows its fields: the scale serves those that want it."""
        self._strip.counts = self._form.counted_field() is not None
        self._strip.want(self._form.weight_field() is not None)

    def take(self, taken: TakenWeight) -> None:
        """A load was taken."""
        if taken.is_count:
            self._take_count(taken)
            return
        if self._may_fill(self._form.weight_text(), self._weight.grams if self._weight else None):
            self._weight = taken
            self._form.take_weight(taken.grams)
            self._tell("ok", str(taken.text))

    def take_back(self) -> None:
        """The load taken last was the empty box."""
        name = self._form.weight_field()
        if name and self._weight and self._form.weight_text() == _text(self._weight.grams):
            self._form.fill({name: ""})
        self._weight = None

    def evidence(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the scale showed for the numbers entered, for the record of the act."""
        records = []
        counted, weighed = self._form.counted_field(), self._form.weight_field()
        if self._count is not None and counted and values.get(counted.name) is not None:
            entered = values[counted.name]
            records.append(record_of(self._count, entered, counted.counts, self._count.shown))
        if weighed is not None and values.get(weighed) is not None:
            proposed = self._weight.grams if self._weight is not None else None
            records.append(self._strip.record(values[weighed], "g", self._weight, proposed))
        return {EVIDENCE: [record.as_json() for record in records]} if records else {}

    def _take_count(self, taken: TakenWeight) -> None:
        field = self._form.counted_field()
        if field is None:
            return
        before = self._count.shown if self._count else None
        if self._may_fill(self._form.text_of(field.name), before):
            self._count = taken
            self._form.fill({field.name: _text(taken.shown)})
            self._tell("ok", str(Message(_COUNTED, {"count": taken.text})))

    def _may_fill(self, present: str, before: Decimal | None) -> bool:
        ours = "" if before is None else _text(before)
        return present in ("", ours) or self._strip.by_key


def _text(number: Decimal) -> str:
    return format_quantity(number)
