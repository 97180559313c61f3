"""The simulated scale and the scanner pad: what stands in for a device on the desk."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core import clock
from desktop_app.core.errors import InvalidInput
from desktop_app.core.i18n import tr
from desktop_app.domain.quantities import format_quantity, parse_quantity
from desktop_app.hardware.simulators.scale import SimulatedScale
from desktop_app.hardware.transports.failures import DeviceError
from desktop_app.hardware.transports.memory import MemoryCable
from desktop_app.views.base.widgets import heading, muted_label, problem_label, show_problem

SHARES = (0, 5, 10, 25, 50, 100)
"""Quick weights in percent of the capacity."""


class Desk(QFrame):
    """A card that says that what it holds is made of code."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setMinimumWidth(300)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 8, 12, 12)
        self.column.setSpacing(8)
        self.column.addWidget(heading(title))

    def add_plug(self, cable: MemoryCable) -> QCheckBox:
        """A tick that pulls the plug and puts it back."""
        plug = QCheckBox(tr("Plugged in"), self)
        plug.setChecked(cable.plugged)
        plug.toggled.connect(lambda on: cable.plug() if on else cable.unplug())
        self.column.addWidget(plug)
        return plug


class ScaleDesk(Desk):
    """A slider is the load on the pan; it settles as a real one does."""

    def __init__(
        self, scale: SimulatedScale, cable: MemoryCable | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("Simulated scale"), parent)
        self._scale = scale
        profile = scale.profile
        self._steps = int(profile.capacity / profile.division)
        self.load = Decimal(0)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, int(self._steps * 11 // 10))
        self.slider.setPageStep(max(1, self._steps // 20))
        self.slider.setAccessibleName(tr("Load"))
        self.slider.valueChanged.connect(self._slid)
        self.typed = QLineEdit(self)
        self.typed.setPlaceholderText(tr("Load, e.g. 1.25"))
        self.typed.setAccessibleName(tr("Load"))
        self.typed.returnPressed.connect(self._type)
        self.shown = QLabel(self)
        row = QGridLayout()
        for place, share in enumerate(SHARES):
            load = profile.capacity * share / 100
            text = f"{format_quantity(load)} {profile.unit}" if share else tr("Empty")
            button = QPushButton(text, self)
            button.clicked.connect(lambda _checked=False, load=load: self.put(load))
            row.addWidget(button, place // 3, place % 3)
        over = QPushButton(tr("Too much"), self)
        over.clicked.connect(lambda _c=False: self.put(profile.capacity * 11 / 10))
        row.addWidget(over, 2, 0)
        self.column.addWidget(muted_label(tr("Put something on the pan:")))
        self.column.addWidget(self.slider)
        self.column.addWidget(self.shown)
        self.column.addLayout(row)
        self.column.addWidget(self.typed)
        if cable is not None:
            self.plug = self.add_plug(cable)
        self.column.addStretch(1)
        self._show()

    def put(self, load: Decimal) -> None:
        """Let that load lie on the pan."""
        self.load = load
        self._scale.put(load, clock.monotonic())
        self.slider.blockSignals(True)
        self.slider.setValue(int(load / self._scale.profile.division))
        self.slider.blockSignals(False)
        self._show()

    def _slid(self, steps: int) -> None:
        self.put(steps * self._scale.profile.division)

    def _type(self) -> None:
        try:
            self.put(parse_quantity(self.typed.text()))
        except InvalidInput:
            self.typed.selectAll()

    def _show(self) -> None:
        unit = self._scale.profile.unit
        self.shown.setText(
            tr("On the pan: {load} {unit}", load=format_quantity(self.load), unit=unit)
        )


class ScannerPad(Desk):
    """Codes that are typed or pressed arrive as if a serial scanner had read them."""

    def __init__(
        self, cable: MemoryCable, codes: tuple[str, ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("Scanner pad"), parent)
        self._cable = cable
        self.code = QLineEdit(self)
        self.code.setPlaceholderText(tr("Type a code, Enter scans it"))
        self.code.setAccessibleName(tr("Code"))
        self.code.returnPressed.connect(self._type)
        self.problem = problem_label()
        self.column.addWidget(self.code)
        self.column.addWidget(self.problem)
        self.column.addWidget(muted_label(tr("Or press one of these:")))
        for code in codes:
            button = QPushButton(code.replace("\x1d", "␝"), self)
            button.clicked.connect(lambda _checked=False, code=code: self.scan(code))
            self.column.addWidget(button)
        self.plug = self.add_plug(cable)
        self.column.addStretch(1)

    def scan(self, code: str) -> None:
        """Send the bytes of a scan over the cable."""
        try:
            self._cable.device.write(code.encode("utf-8") + b"\r")
            show_problem(self.problem, "")
        except DeviceError as error:
            show_problem(self.problem, str(error))

    def _type(self) -> None:
        if self.code.text().strip():
            self.scan(self.code.text().strip())
            self.code.clear()


def desk_row(main: QWidget, desk: QWidget | None) -> QHBoxLayout:
    """What is tried beside what stands in for the device."""
    row = QHBoxLayout()
    row.setSpacing(12)
    row.addWidget(main, 3)
    if desk is not None:
        row.addWidget(desk, 1)
    return row
