"""The simulated printer: its labels as pictures, its paper, its lid and its plug."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from desktop_app.core.i18n import tr
from desktop_app.hardware.simulators.printer import SimulatedPrinter
from desktop_app.hardware.simulators.printer_transport import SimulatedPrinterTransport
from desktop_app.hardware.transports.transport import Transport
from desktop_app.views.devices.simulator_panels import Desk
from desktop_app.views.labels.bitmap_view import to_qimage

SHOWN = 8
LOOK_MS = 300
ROLL = 50
"""Labels of the roll that is put in."""


class PrinterDesk(Desk):
    """Shows the last labels, newest first, and lets paper run out."""

    def __init__(
        self,
        printer: SimulatedPrinter,
        transport: Transport,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Simulated printer"), parent)
        assert isinstance(transport, SimulatedPrinterTransport)
        self._printer, self._transport = printer, transport
        self._count = -1
        self.state = QLabel(self, wordWrap=True)
        self.labels = QListWidget(self)
        self.labels.setViewMode(QListWidget.ViewMode.IconMode)
        self.labels.setIconSize(QSize(240, 160))
        self.labels.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.labels.setMovement(QListWidget.Movement.Static)
        self.labels.setSpacing(6)
        self.labels.setAccessibleName(tr("Printed labels"))
        self.out_button = QPushButton(tr("Paper out"), self)
        self.roll_button = QPushButton(tr("Put in paper"), self)
        self.few_button = QPushButton(tr("Only 2 labels left"), self)
        self.open = QCheckBox(tr("Cover open"), self)
        self.open.setChecked(printer.head_open)
        self.plug = QCheckBox(tr("Plugged in"), self)
        self.plug.setChecked(transport.plugged)
        self._build()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Show what was printed since the last look."""
        printer = self._printer
        left = printer.paper_left
        paper = (
            tr("Paper: plenty") if left is None else tr("Paper: {count} labels left", count=left)
        )
        self.state.setText(
            paper
            + " · "
            + tr("Printed: {count}", count=printer.printed_count)
            + " · "
            + tr("Waiting: {count}", count=printer.waiting_count)
        )
        if printer.printed_count == self._count:
            return
        self._count = printer.printed_count
        self.labels.clear()
        for bitmap in list(printer.labels)[-SHOWN:][::-1]:
            picture = QPixmap.fromImage(to_qimage(bitmap)).scaled(
                self.labels.iconSize(),
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            self.labels.addItem(QListWidgetItem(QIcon(picture), ""))

    def _build(self) -> None:
        self.out_button.clicked.connect(lambda _c=False: self._printer.load_paper(0))
        self.few_button.clicked.connect(lambda _c=False: self._printer.load_paper(2))
        self.roll_button.clicked.connect(lambda _c=False: self._printer.load_paper(ROLL))
        self.open.toggled.connect(lambda on: self._printer.set_state(head_open=on))
        self.plug.toggled.connect(self._set_plug)
        grid = QGridLayout()
        grid.addWidget(self.roll_button, 0, 0)
        grid.addWidget(self.out_button, 0, 1)
        grid.addWidget(self.few_button, 1, 0, 1, 2)
        grid.addWidget(self.open, 2, 0)
        grid.addWidget(self.plug, 2, 1)
        self.column.addWidget(self.state)
        self.column.addWidget(self.labels, 1)
        self.column.addLayout(grid)

    def _set_plug(self, plugged: bool) -> None:
        self._transport.plugged = plugged
