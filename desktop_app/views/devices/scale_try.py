"""Trying a scale: the weight large, tare and zero with the scale's answer, loads taken by itself."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.core import clock
from desktop_app.core.errors import UserError
from desktop_app.core.i18n import tr
from desktop_app.domain.quantities import format_quantity
from desktop_app.hardware.scales.capture import AutoCapture, Captured, Weighed
from desktop_app.hardware.scales.protocol import ScaleProfile
from desktop_app.hardware.scales.talk import CommandResult, Outcome
from desktop_app.runtime.context import AppContext
from desktop_app.runtime.device_host import Hosted
from desktop_app.views.base.station_table import StationColumn
from desktop_app.views.base.tones import Tone, tone
from desktop_app.views.base.widgets import heading, muted_label
from desktop_app.views.devices.weight_display import MODES, WeightDisplay
from desktop_app.views.master_data.master_page import QuietTable

KEPT = 200
Row = tuple[datetime, Captured]


def _columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("When"), lambda r: f"{r[0]:%H:%M:%S}", 10),
        StationColumn(
            tr("Weight"),
            lambda r: f"{format_quantity(r[1].value)} {r[1].unit}",
            16,
            right=True,
            bold=True,
        ),
        StationColumn(tr("Kind"), lambda r: tr(MODES[r[1].mode]) if MODES[r[1].mode] else "", 10),
        StationColumn(
            tr("How taken"),
            lambda r: tr("by hand") if r[1].manual else tr("by itself"),
            stretch=True,
        ),
        StationColumn(
            tr("Steady"),
            lambda r: tr("Yes") if r[1].steady else tr("No"),
            8,
            tone=lambda r: None if r[1].steady else Tone.WRONG,
        ),
    )


class ScaleTry(QWidget):
    """F6 tares and F7 zeroes the scale, Shift+F6 lets this program take the box off, F8 takes the weight by hand; each load is taken once by itself."""

    def __init__(self, context: AppContext, hosted: Hosted, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._device, self._running = hosted.device, hosted.running
        profile = ScaleProfile.from_settings(hosted.device.settings.get("profile") or {})
        self.capture = AutoCapture(profile.min_weight)
        self.captured: list[Row] = []
        self._latest: Weighed | None = None
        self.display = WeightDisplay(self)
        self.answer = QLabel(self, wordWrap=True)
        self.table = QuietTable(
            _columns(), self, empty_text=tr("No weight taken yet: put something on the scale.")
        )
        self.tare_button = QPushButton(tr("Set tare") + "  F6", self)
        self.box_button = QPushButton(tr("Box off by this program") + "  Shift+F6", self)
        self.zero_button = QPushButton(tr("Zero") + "  F7", self)
        self.take_button = QPushButton(tr("Take by hand") + "  F8", self)
        self.tare_button.clicked.connect(lambda _checked=False: self.command("tare"))
        self.box_button.clicked.connect(lambda _checked=False: self.take_box_off())
        self.zero_button.clicked.connect(lambda _checked=False: self.command("zero"))
        self.take_button.clicked.connect(lambda _checked=False: self.run())
        self.setFocusProxy(self.take_button)
        keys = QHBoxLayout()
        for button in (self.tare_button, self.zero_button, self.box_button, self.take_button):
            keys.addWidget(button)
        keys.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.display)
        column.addLayout(keys)
        column.addWidget(self.answer)
        column.addWidget(heading(tr("Weights taken")))
        column.addWidget(
            muted_label(
                tr("A steady load is taken once, by itself; then the pan must be empty again.")
            )
        )
        column.addWidget(self.table, 1)

    def command(self, name: str) -> None:
        """Ask for tare or zero; what the scale answers is shown."""
        if self._context.devices is not None:
            self._say(tr("Waiting for the scale …"), Tone.MUTED)
            self._context.devices.command(self._device.id, name)

    def take_box_off(self) -> None:
        """This program takes off what lies on the pan; with an empty pan it stops doing so."""
        try:
            tare = self._running.take_box_off()
        except UserError as error:
            self._say(str(error), Tone.WRONG)
            return
        self.capture.reset()
        if self._running.latest is not None:
            self.capture.see(self._running.latest)  # the pan with its box counts as empty
        if tare is None:
            self._say(tr("No box is taken off any more."), Tone.MUTED)
        else:
            weight = f"{format_quantity(tare)} {self._running.profile.unit}"
            self._say(tr("{weight} of the box is taken off from now on.", weight=weight), Tone.GOOD)

    def answered(self, result: CommandResult) -> None:
        """How the command ended."""
        done = result.outcome is Outcome.DONE
        title = tr("Set tare") if result.command == "tare" else tr("Zero")
        self._say(f"{title}: {result.message}", Tone.GOOD if done else Tone.WRONG)

    def seen(self, weighed: Weighed) -> None:
        """A reading came."""
        self._latest = weighed
        self.display.show_weighed(weighed)
        found = self.capture.see(weighed)
        if found is not None:
            self._context.notifier.sound("ok")
            self._keep(found)

    def run(self) -> None:
        """Take what is shown now (F8)."""
        try:
            shown = None if self.display.is_old else self._latest
            self._keep(self.capture.take_by_hand(shown))
        except UserError as error:
            self._say(str(error), Tone.WRONG)

    def _keep(self, captured: Captured) -> None:
        self.captured = [(clock.now(), captured), *self.captured[: KEPT - 1]]
        self.table.show_rows(self.captured)
        self.table.choose(0)

    def _say(self, text: str, how: Tone) -> None:
        self.answer.setText(text)
        self.answer.setStyleSheet(f"color: {tone(how).name()};")
