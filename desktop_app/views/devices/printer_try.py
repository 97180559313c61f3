"""Trying a printer: a test label, a calibration label, and how far they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core import clock
from desktop_app.core.i18n import Message, tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.label_bitmap import Symbology
from desktop_app.domain.label_design import Barcode, Box, LabelDesign, LabelKind, Text
from desktop_app.domain.label_json import to_json
from desktop_app.hardware.labels.languages import LANGUAGES
from desktop_app.hardware.labels.profile import PrinterProfile
from desktop_app.hardware.lamp import Lamp
from desktop_app.queries import print_jobs
from desktop_app.queries.print_jobs import STATES, LabelRow
from desktop_app.reporting.labels.calibration import LINE_AT, line_length
from desktop_app.runtime.context import AppContext
from desktop_app.runtime.device_host import Hosted
from desktop_app.services import print_queue, printer_calibration
from desktop_app.services.print_queue import PrintOrder
from desktop_app.services.printer_calibration import Measured
from desktop_app.views.base.device_lamps import dot, lamp_text
from desktop_app.views.base.inline_bar import Asked, InlineBar
from desktop_app.views.base.millimetres import mm_problem, read_mm
from desktop_app.views.base.station import enlarge
from desktop_app.views.base.station_table import StationColumn
from desktop_app.views.base.widgets import heading, muted_label, problem_label, show_problem
from desktop_app.views.master_data.master_page import QuietTable

Row = tuple[str, LabelRow]
_NARROW = 72
"""Pixels of a field for one number: the question stands on one line."""
_MOST = 300
"""mm; more was not measured on a label."""


def test_design(profile: PrinterProfile) -> LabelDesign:
    """A label of the printer's size: a frame, Chinese and Latin words, bars and a QR code."""
    w, h = profile.width_mm, profile.height_mm
    side = min(Decimal(14), h - Decimal(16))
    elements = (
        Box(Decimal(1), Decimal(1), w - 2, h - 2),
        Text("账实通 Stockproof", Decimal(3), Decimal("2.5"), w - 6, Decimal(5), Decimal(10), bold=True),
        Text("{name}", Decimal(3), Decimal("7.5"), w - 6, Decimal(4), Decimal(7)),
        Barcode(
            Symbology.CODE128, "TEST-2468", Decimal(2), Decimal(12), w - side - 5, h - Decimal(15),
            human_readable=True,
        ),
        Barcode(
            Symbology.QR, "TEST-2468", w - side - 2, Decimal(12), side, side
        ),
    )  # fmt: skip
    return LabelDesign(LabelKind.ITEM, "Test", w, h, elements)


def _columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Label"), lambda r: r[0], 24, bold=True),
        StationColumn(tr("State"), lambda r: tr(STATES[r[1].state]), 16),
        StationColumn(tr("When"), lambda r: f"{r[1].changed_at.astimezone():%H:%M:%S}", 10),
        StationColumn(tr("Note"), lambda r: r[1].detail, stretch=True),
    )


def _labels_of(uow: UnitOfWork, jobs: dict[int, str]) -> list[Row]:
    found: list[Row] = []
    for job_id, title in jobs.items():
        _, labels = print_jobs.job(uow, job_id)
        found += [(title, label) for label in labels]
    return found[::-1]


class PrinterTry(QWidget):
    """F8 prints a test label, F6 a calibration label, Shift+F8 the darkness steps, all through the
    durable queue; F4 takes what was measured, F3 is the printer's own test page.
    """

    def __init__(self, context: AppContext, hosted: Hosted, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._device = context, hosted.device
        self._profile = PrinterProfile.from_json(hosted.device.settings.get("profile") or {})
        self._jobs: dict[int, str] = {}
        self.lamp = QLabel(self)
        self.sentence = QLabel(self, wordWrap=True)
        enlarge(self.sentence, 1.3)
        self.problem = problem_label()
        self.bar = InlineBar(self)
        self.test_button = QPushButton(tr("Test label") + "  F8", self)
        self.calibration_button = QPushButton(tr("Calibration label") + "  F6", self)
        self.measure_button = QPushButton(tr("Enter what was measured …") + "  F4", self)
        self.darkness_button = QPushButton(tr("Darkness labels") + "  Shift+F8", self)
        self.own_button = QPushButton(tr("The printer's own test page") + "  F3", self)
        self.queue_button = QPushButton(tr("Label queue"), self)
        self.table = QuietTable(_columns(), self)
        self._build()
        self.show_lamp(hosted.lamp)
        if context.devices is not None:
            context.devices.self_tested.connect(self._self_tested)

    def show_lamp(self, lamp: Lamp) -> None:
        """How the printer says it is."""
        self.lamp.setPixmap(dot(lamp.colour))
        self.sentence.setText(lamp_text(lamp))

    def run(self) -> None:
        """Print a test label (F8)."""
        self._print(tr("Test label"), test_design(self._profile))

    def calibrate(self) -> None:
        """Print the calibration label (F6)."""
        self._context.operations.background(
            printer_calibration.calibration_design,
            self._profile,
            on_done=lambda design: self._print(tr("Calibration label"), design),
            on_error=self._failed,
            owner=self,
        )

    def measure(self) -> None:
        """Ask what was measured on the calibration label; the offsets follow from it (F4)."""
        length = line_length(self._profile.width_mm)
        self.bar.ask(
            tr("The long line, in mm:"),
            (
                Asked("left", tr("from the left ({mm})", mm=LINE_AT[0]), check=_wrong),
                Asked("top", tr("from the top ({mm})", mm=LINE_AT[1]), check=_wrong),
                Asked("length", tr("length ({mm})", mm=length), check=_wrong),
            ),
            tr("Correct"),
            lambda given: self._correct({name: _number(text) for name, text in given.items()}),
        )
        for name in ("left", "top", "length"):
            self.bar.field(name).setMinimumWidth(_NARROW)

    def darkness(self) -> None:
        """Print a label for each darkness step, then ask which is best (Shift+F8)."""
        labels = printer_calibration.darkness_labels(self._profile)
        if not labels:
            show_problem(self.problem, tr("This printer's darkness is set on the printer itself."))
            return
        self._context.operations.background(
            printer_calibration.darkness_design,
            self._profile,
            on_done=lambda design: self._print(tr("Darkness labels"), design, labels),
            on_error=self._failed,
            owner=self,
        )
        if self._context.user.may("device.manage"):
            self.bar.ask(
                tr("Which darkness reads best? Lines apart, small bars scannable."),
                (Asked("step", tr("Darkness"), check=_wrong),),
                tr("Keep"),
                lambda given: self._keep_darkness(_number(given["step"])),
            )

    def own_page(self) -> None:
        """Let the printer print its own test page (F3)."""
        if self._context.devices is not None and self.own_button.isEnabled():
            self._context.devices.self_test(self._device.id)

    def refresh(self) -> None:
        """How far the labels are."""
        if self._jobs:
            self._context.operations.query(
                _labels_of, dict(self._jobs), on_done=self.table.show_rows, on_error=self._failed,
                owner=self,
            )  # fmt: skip

    def _correct(self, given: dict[str, Decimal | None]) -> None:
        found = [given[name] for name in ("left", "top", "length")]
        left, top, length = (value or Decimal(0) for value in found)
        self._context.operations.command(
            printer_calibration.correct,
            self._device.id,
            Measured(left, top, length),
            on_done=self._corrected,
            on_error=self._failed,
            owner=self,
        )

    def _corrected(self, profile: PrinterProfile) -> None:
        self._profile = profile
        self._context.notifier.success(
            tr(
                "The label is now moved right by {right} mm, down by {down} mm.",
                right=profile.offset_x_mm,
                down=profile.offset_y_mm,
            )
        )

    def _keep_darkness(self, step: Decimal | None) -> None:
        self._context.operations.command(
            printer_calibration.set_darkness,
            self._device.id,
            int(step or 0),
            on_done=self._darkness_kept,
            on_error=self._failed,
            owner=self,
        )

    def _darkness_kept(self, profile: PrinterProfile) -> None:
        self._profile = profile
        self._context.notifier.success(tr("Darkness {step} is kept.", step=profile.darkness))

    def _self_tested(self, device_id: int, why: Message | None) -> None:
        if device_id != self._device.id:
            return
        show_problem(self.problem, "" if why is None else str(why))
        if why is None:
            self._context.notifier.success(tr("The printer was told to print its own test page."))

    def _print(
        self, title: str, design: LabelDesign, labels: Sequence[Mapping[str, str]] = ()
    ) -> None:
        show_problem(self.problem, "")
        named = {"name": f"{self._device.name}  {clock.now():%Y-%m-%d %H:%M:%S}"}
        order = PrintOrder(self._device.id, title, to_json(design), tuple(labels) or (named,))
        self._context.operations.command(
            print_queue.enqueue,
            order,
            on_done=lambda job_id: self._queued(job_id, title),
            on_error=self._failed,
            owner=self,
        )

    def _queued(self, job_id: int, title: str) -> None:
        self._jobs[job_id] = title
        self.refresh()

    def _failed(self, error: Exception) -> None:
        show_problem(self.problem, str(error))

    def _build(self) -> None:
        may = self._context.user.may("label.print")
        runs: tuple[tuple[QPushButton, Any], ...] = (
            (self.test_button, self.run),
            (self.calibration_button, self.calibrate),
            (self.measure_button, self.measure),
            (self.darkness_button, self.darkness),
            (self.own_button, self.own_page),
            (self.queue_button, lambda: self._context.open_page("list:print_job", {})),
        )
        self.setFocusProxy(self.test_button)
        keys, state = QGridLayout(), QHBoxLayout()
        for place, (button, run) in enumerate(runs):
            button.clicked.connect(lambda _checked=False, run=run: run())
            button.setEnabled(may)
            keys.addWidget(button, *divmod(place, 3))
        keys.setColumnStretch(3, 1)
        self.measure_button.setEnabled(self._context.user.may("device.manage"))
        self.own_button.setEnabled(may and bool(LANGUAGES[self._profile.language].self_test()))
        for key, run in (("F4", self.measure), ("Shift+F8", self.darkness), ("F3", self.own_page)):
            scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
            QShortcut(QKeySequence(key), self, run, context=scope)
        state.addWidget(self.lamp, 0, Qt.AlignmentFlag.AlignVCenter)
        state.addWidget(self.sentence, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addLayout(state)
        column.addLayout(keys)
        column.addWidget(self.bar)
        column.addWidget(self.problem)
        column.addWidget(heading(tr("Printed from here")))
        column.addWidget(
            muted_label(
                tr(
                    "On the calibration label measure the line: another length means a wrong dpi."
                    " Where its left end stands tells the offsets: F4 works them out to 0.1 mm."
                )
            )
        )
        column.addWidget(self.table, 1)


def _number(text: str) -> Decimal | None:
    return read_mm(text, _MOST)


def _wrong(text: str) -> str:
    return mm_problem(text, _MOST)
