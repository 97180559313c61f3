"""The weight in type that is read from three steps away; old weights turn grey."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.core import clock
from desktop_app.core.i18n import N_, tr
from desktop_app.domain.weighing import shown_unit
from desktop_app.hardware.scales.capture import Weighed
from desktop_app.hardware.scales.reading import Mode
from desktop_app.hardware.scales.talk import EXPIRES_S
from desktop_app.views.base.station import enlarge
from desktop_app.views.base.weight_strip import missing_text, tare_text
from desktop_app.views.theme import current

MODES = {
    Mode.SHOWN: "",
    Mode.GROSS: N_("Gross"),
    Mode.NET: N_("Net"),
    Mode.TARE: N_("Tare"),
    Mode.COUNT: N_("Pieces"),
    Mode.PERCENT: N_("Percent"),
}


def steady_text(weighed: Weighed) -> str:
    """Steady, not steady, or judged by this program because the scale does not tell."""
    if weighed.reading.stable is None:
        return tr("Steady (by its readings)") if weighed.steady else tr("Steady or not: not known")
    return tr("Steady") if weighed.steady else tr("Not steady")


class WeightDisplay(QFrame):
    """Feed it each Weighed. ``is_old`` is True two seconds after the last one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.value = QLabel("—", self, alignment=Qt.AlignmentFlag.AlignRight)
        enlarge(self.value, 5.6, bold=True)
        self.unit = QLabel("", self)
        enlarge(self.unit, 2.4)
        self.mode = QLabel("", self)
        self.state = QLabel("", self)
        for label in (self.mode, self.state):
            enlarge(label, 1.3)
        self.is_old = True
        self._seen = float("-inf")
        self._colour = ""
        row, below = QHBoxLayout(), QHBoxLayout()
        row.addWidget(self.value, 1)
        row.addWidget(self.unit, 0, Qt.AlignmentFlag.AlignBottom)
        below.addWidget(self.mode)
        below.addStretch(1)
        below.addWidget(self.state)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.addLayout(row)
        column.addLayout(below)
        self._timer = QTimer(self)
        self._timer.setInterval(250)
        self._timer.timeout.connect(self.check_age)
        self._timer.start()
        self._paint(current().muted)

    def show_weighed(self, weighed: Weighed) -> None:
        """Show a reading; overload is a word, never a number."""
        self._seen, self.is_old = clock.monotonic(), False
        theme = current()
        value, reading = weighed.value, weighed.reading
        if value is None:
            self.value.setText(missing_text(weighed))
            self.unit.setText("")
        else:
            self.value.setText(f"{value:f}")
            self.unit.setText(shown_unit(weighed.unit))
        mode = tr(MODES[reading.mode]) if MODES[reading.mode] else ""
        self.mode.setText(tare_text(weighed) or mode)
        moving = value is None and not (reading.overload or reading.underload or reading.error)
        self.state.setText(steady_text(weighed) if value is not None or moving else "")
        if value is None and not moving:
            self._paint(theme.wrong)
        else:
            self._paint(theme.good if weighed.steady else theme.text)

    def check_age(self) -> None:
        """Turn grey when nothing came for two seconds."""
        if not self.is_old and clock.monotonic() - self._seen > EXPIRES_S:
            self.is_old = True
            self.state.setText(tr("No weight for two seconds"))
            self._paint(current().muted)

    def _paint(self, colour: str) -> None:
        if colour != self._colour:
            self._colour = colour
            for label in (self.value, self.unit):
                label.setStyleSheet(f"color: {colour};")
