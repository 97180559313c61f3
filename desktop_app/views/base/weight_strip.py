"""The scale on a page where goods are handled: what it shows, and its weight for the field in hand.

F4 takes the steady weight, Shift+F4 takes it as it is (the record says so), F6 takes the box off.
A steady load put on while the page asks for a weight is taken by itself, once.
"""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from desktop_app.core import clock
from desktop_app.core.errors import UserError
from desktop_app.core.i18n import tr
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.weighing import shown_unit
from desktop_app.domain.weighing_record import WeighingRecord
from desktop_app.hardware.scales.capture import AutoCapture, Weighed
from desktop_app.hardware.scales.reading import Mode
from desktop_app.hardware.scales.talk import EXPIRES_S
from desktop_app.queries.devices import failed_last_check
from desktop_app.runtime.context import AppContext
from desktop_app.runtime.device_host import Hosted
from desktop_app.runtime.weights import TakenWeight, chosen_scale, judged, take_weight
from desktop_app.views.base.station import enlarge
from desktop_app.views.base.widgets import muted_label
from desktop_app.views.theme import current

_LOOK_MS = 250


class WeightStrip(QFrame):
    """Hidden while nothing is weighed or this PC has no scale; the keys answer all the same.

    Signals:
        taken(TakenWeight): by the key, or a load by itself.
        refused(str): why no weight is taken.
        box_changed(str): what the tare is now.
        was_box(): the load taken last was the empty box; take it back.
    """

    taken = Signal(object)
    refused = Signal(str)
    box_changed = Signal(str)
    was_box = Signal()

    def __init__(self, context: AppContext, page: QWidget) -> None:
        super().__init__(page)
        self.setObjectName("card")
        self._context, self._host = context, context.devices
        self._wanted = False
        self.counts = False
        """The page takes pieces too, from a scale in counting mode."""
        self.by_key = False
        """The weight just told was asked for by the key."""
        self.again = False
        """The weight just told is of a load that was taken before: it replaces, never adds."""
        self._taken_from: set[int] = set()
        self._loads: dict[int, AutoCapture] = {}
        self._current: int | None = None
        self._shown: Weighed | None = None
        self._seen = float("-inf")
        self.scale, self.value = QLabel(self), QLabel(self)
        self.state, self.box = muted_label(""), muted_label("")
        self.warning = QLabel(tr("Did not pass its last check: do not weigh with it."), self)
        self.warning.setStyleSheet(f"color: {current().wrong}; font-weight: bold;")
        self.warning.hide()
        enlarge(self.scale, 1.2)
        enlarge(self.value, 1.8, bold=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(12)
        for label in (self.scale, self.value, self.state, self.box, self.warning):
            label.setTextFormat(Qt.TextFormat.PlainText)
            row.addWidget(label)
        row.addStretch(1)
        keys = muted_label(tr("F4 weight · Shift+F4 as it is · F6 box off"))
        for label in (self.state, self.box, keys):
            label.setWordWrap(False)
        row.addWidget(keys)
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.check_age)
        for key, run in (
            ("F4", self.take),
            ("Shift+F4", lambda: self.take(by_hand=True)),
            ("F6", self.take_box_off),
        ):
            QShortcut(
                QKeySequence(key), page, run, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
            )
        if self._host is not None:
            self._host.weighed.connect(self._weighed)
        self.hide()

    @property
    def wanted(self) -> bool:
        """The page asks for a weight now."""
        return self._wanted

    def want(self, wanted: bool) -> None:
        """Begin or end to ask for weights. What lies on the pan already is left to the key."""
        if wanted and not self._wanted:
            self._begin_anew()
            self._ask_for_checks()
        self._wanted = wanted
        here = wanted and self._host is not None and bool(self._host.scales())
        self.setVisible(here)
        if here:
            self._timer.start()
            self.check_age()
        else:
            self._timer.stop()

    def _ask_for_checks(self) -> None:
        """A scale that showed a test weight wrong says so wherever it weighs."""
        self.warning.hide()
        for hosted in self._host.scales() if self._host is not None else ():
            self._context.operations.query(
                failed_last_check,
                hosted.device.id,
                on_done=lambda failed: self.warning.setVisible(failed or self._warned()),
                on_error=lambda _error: None,  # the weight is taken all the same
                owner=self,
            )

    def _warned(self) -> bool:
        return not self.warning.isHidden()

    def take(self, *, by_hand: bool = False) -> None:
        """F4: the steady weight now; Shift+F4: as it is."""
        if not self._wanted:
            return
        try:
            hosted = chosen_scale(self._host)
            found = judged(hosted, by_hand=by_hand, counts=self.counts)
        except UserError as error:
            self.refused.emit(str(error))
            return
        self._begin_anew()  # this load is taken
        self.by_key = True
        self._tell(hosted, found)
        self.by_key = False

    def take_box_off(self) -> None:
        """F6: the box on the pan is not weighed any more; with an empty pan it is forgotten."""
        if not self._wanted:
            return
        try:
            scale = chosen_scale(self._host)
            tare: Decimal | None = scale.running.take_box_off()
        except UserError as error:
            self.refused.emit(str(error))
            return
        if scale.device.id in self._taken_from:
            self._taken_from.discard(scale.device.id)
            self.was_box.emit()
        self._begin_anew()  # the pan with its box counts as empty
        if tare is None:
            self.box_changed.emit(tr("No box is taken off any more."))
        else:
            weight = f"{format_quantity(tare)} {scale.running.profile.unit}"
            self.box_changed.emit(
                tr("{weight} of the box is taken off from now on.", weight=weight)
            )

    def record(
        self, entered: Decimal, unit: str, taken: TakenWeight | None, proposed: Decimal | None
    ) -> WeighingRecord:
        """The evidence for a weight ``entered``: from ``taken``, or typed beside what is shown."""
        if taken is not None:
            return record_of(taken, entered, unit, proposed)
        try:
            beside = take_weight(self._host, by_hand=True)
        except UserError:
            return WeighingRecord(entered, unit)
        return record_of(beside, entered, unit, None)

    def check_age(self) -> None:
        """Two seconds old is grey and no weight any more."""
        old = clock.monotonic() - self._seen > EXPIRES_S
        scales = self._host.scales() if self._host is not None else ()
        if old and scales:
            self.scale.setText(scales[0].device.name)
            self.state.setText(str(scales[0].lamp.sentence))
            if self._shown is None:
                self.value.setText("—")
        theme = current()
        steady = self._shown is not None and self._shown.steady
        colour = theme.muted if old else theme.good if steady else theme.text
        self.value.setStyleSheet(f"color: {colour};")

    def _tell(self, hosted: Hosted, found: TakenWeight) -> None:
        self.again = hosted.device.id in self._taken_from
        self._taken_from.add(hosted.device.id)
        self.taken.emit(found)

    def _begin_anew(self) -> None:
        """Every pan must be empty before its next load; the one that is counts at once."""
        for hosted in self._host.scales() if self._host is not None else ():
            load = self._load(hosted)
            load.reset()
            if hosted.running.latest is not None:
                load.see(hosted.running.latest)

    def _load(self, hosted: Hosted) -> AutoCapture:
        least = hosted.running.profile.min_weight
        return self._loads.setdefault(hosted.device.id, AutoCapture(least))

    def _weighed(self, device_id: int, weighed: Weighed) -> None:
        hosted = self._host.find(device_id) if self._host is not None else None
        if hosted is None or hosted.running is None:
            return
        found = self._load(hosted).see(weighed)
        if self._load(hosted).armed:
            self._taken_from.discard(device_id)  # the pan is empty: whatever comes is another load
        if not self._wanted or not self.isVisible():
            return
        least = hosted.running.profile.min_weight
        if self._current in (None, device_id) or (weighed.value or Decimal(0)) >= least:
            self._current = device_id  # of two scales the one with the load is shown
            self._show(hosted.device.name, weighed)
        if found is None:
            return
        try:
            self._tell(hosted, judged(hosted, weighed, counts=self.counts))
        except UserError as error:
            self.refused.emit(str(error))

    def _show(self, name: str, weighed: Weighed) -> None:
        self._shown, self._seen = weighed, clock.monotonic()
        self.scale.setText(name)
        if weighed.value is None:
            self.value.setText("—")
            self.state.setText(missing_text(weighed))
        else:
            self.value.setText(f"{weighed.value:f} {shown_unit(weighed.unit)}")
            self.state.setText(tr("Steady") if weighed.steady else tr("Not steady"))
        self.box.setText(tare_text(weighed))
        self.check_age()


def record_of(
    taken: TakenWeight, entered: Decimal, unit: str, proposed: Decimal | None
) -> WeighingRecord:
    """A weight of the scale as evidence of what was ``entered``."""
    return WeighingRecord(
        entered,
        unit,
        scale=taken.scale,
        shown=taken.shown,
        unit=taken.unit,
        tare=taken.tare,
        steady=taken.steady,
        proposed=proposed,
        raw=taken.raw.hex(),
    )


def tare_text(weighed: Weighed) -> str:
    """Who takes a tare off this weight: this program or the scale, never both."""
    if weighed.reading.mode is Mode.NET:
        return tr("Net: the scale takes its own tare off")
    if weighed.tare is not None:
        weight = f"{format_quantity(weighed.tare)} {weighed.unit}"
        return tr("Net: this program takes {weight} off for the box", weight=weight)
    return ""


def missing_text(weighed: Weighed) -> str:
    """Why there is no number."""
    reading = weighed.reading
    if reading.overload:
        return tr("Overload")
    if reading.underload:
        return tr("Below zero")
    if reading.error:
        return tr("Error {code}", code=reading.error)
    return "…"
