"""Trying a printer: a test label, a calibration label, and how far they are."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.core import clock
from desktop_app.core.i18n import tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.label_bitmap import Symbology
from desktop_app.domain.label_design import Barcode, Box, LabelDesign, LabelKind, Picture, Text
from desktop_app.domain.label_json import to_json
from desktop_app.hardware.labels.profile import PrinterProfile
from desktop_app.hardware.lamp import Lamp
from desktop_app.queries import print_jobs
from desktop_app.queries.print_jobs import STATES, LabelRow
from desktop_app.reporting.labels.calibration import calibration_label
from desktop_app.reporting.labels.render import to_image
from desktop_app.runtime.context import AppContext
from desktop_app.runtime.device_host import Hosted
from desktop_app.services import print_queue
from desktop_app.services.print_queue import PrintOrder
from desktop_app.views.base.device_lamps import dot, lamp_text
from desktop_app.views.base.station import enlarge
from desktop_app.views.base.station_table import StationColumn
from desktop_app.views.base.widgets import heading, muted_label, problem_label, show_problem
from desktop_app.views.master_data.master_page import QuietTable

Row = tuple[str, LabelRow]


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


def calibration_design(profile: PrinterProfile) -> LabelDesign:
    """The calibration label at the very dots of the printer, as one picture."""
    drawn = calibration_label(profile.width_mm, profile.height_mm, profile.dpi)
    written = io.BytesIO()
    to_image(drawn).save(written, "PNG")
    zero = Decimal(0)
    picture = Picture(written.getvalue(), zero, zero, profile.width_mm, profile.height_mm)
    return LabelDesign(
        LabelKind.ITEM, "Calibration", profile.width_mm, profile.height_mm, (picture,)
    )


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
    """F8 prints a test label, F6 a calibration label; both go through the durable queue."""

    def __init__(self, context: AppContext, hosted: Hosted, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._device = context, hosted.device
        self._profile = PrinterProfile.from_json(hosted.device.settings.get("profile") or {})
        self._jobs: dict[int, str] = {}
        self.lamp = QLabel(self)
        self.sentence = QLabel(self, wordWrap=True)
        enlarge(self.sentence, 1.3)
        self.problem = problem_label()
        self.test_button = QPushButton(tr("Test label") + "  F8", self)
        self.calibration_button = QPushButton(tr("Calibration label") + "  F6", self)
        self.queue_button = QPushButton(tr("Label queue"), self)
        self.table = QuietTable(_columns(), self)
        self._build()
        self.show_lamp(hosted.lamp)

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
            calibration_design,
            self._profile,
            on_done=lambda design: self._print(tr("Calibration label"), design),
            on_error=self._failed,
            owner=self,
        )

    def refresh(self) -> None:
        """How far the labels are."""
        if self._jobs:
            self._context.operations.query(
                _labels_of, dict(self._jobs), on_done=self.table.show_rows, on_error=self._failed,
                owner=self,
            )  # fmt: skip

    def _print(self, title: str, design: LabelDesign) -> None:
        show_problem(self.problem, "")
        named = {"name": f"{self._device.name}  {clock.now():%Y-%m-%d %H:%M:%S}"}
        order = PrintOrder(self._device.id, title, to_json(design), (named,))
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
            (self.queue_button, lambda: self._context.open_page("list:print_job", {})),
        )
        self.setFocusProxy(self.test_button)
        keys, state = QHBoxLayout(), QHBoxLayout()
        for button, run in runs:
            button.clicked.connect(lambda _checked=False, run=run: run())
            button.setEnabled(may)
            keys.addWidget(button)
        keys.addStretch(1)
        state.addWidget(self.lamp, 0, Qt.AlignmentFlag.AlignVCenter)
        state.addWidget(self.sentence, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addLayout(state)
        column.addLayout(keys)
        column.addWidget(self.problem)
        column.addWidget(heading(tr("Printed from here")))
        column.addWidget(
            muted_label(
                tr(
                    "On the calibration label measure the line: another length means a wrong dpi."
                    " The frame stands 1 mm inside each edge: correct the offsets by what is missing."
                )
            )
        )
        column.addWidget(self.table, 1)
