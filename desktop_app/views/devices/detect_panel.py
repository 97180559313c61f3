"""Finding out what a scale speaks: progress, candidates with the weight they read, known weight."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.errors import InvalidInput
from desktop_app.core.i18n import Message, tr
from desktop_app.domain.quantities import format_quantity, parse_quantity
from desktop_app.hardware import detection
from desktop_app.hardware.detection import Candidate, Detected, Verdict
from desktop_app.hardware.scales.registry import PROTOCOLS
from desktop_app.hardware.transports.failures import DeviceError
from desktop_app.hardware.transports.registry import transport_from
from desktop_app.hardware.transports.serial_settings import SerialSettings
from desktop_app.hardware.transports.transport import Transport
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.station_table import StationColumn
from desktop_app.views.base.widgets import heading, muted_label, problem_label, show_problem
from desktop_app.views.master_data.master_page import QuietTable

KNOWN_WEIGHT_S = 2.0
Settings = Mapping[str, Any]


def open_line(transport: Settings, line: SerialSettings | None) -> Transport:
    """A fresh transport of the connection ``transport`` at a line setting."""
    return transport_from(dict(transport) | ({"line": str(line)} if line else {}))


def run_detection(
    transport: Settings,
    progress: Callable[[Message], None],
    stop: threading.Event,
    options: Mapping[str, Any],
    free: Callable[[], None] = lambda: None,
) -> Detected:
    """Listen, then ask harmlessly. Raises DeviceError. Up to half a minute: on a worker.

    ``free`` returns when whoever held the line has let go.
    """
    free()
    serial = transport.get("kind") == "serial"
    return detection.detect(
        partial(open_line, transport),
        lines=detection.LINES if serial else (None,),
        progress=progress,
        stop=stop,
        **options,
    )


def weigh_known(
    transport: Settings,
    candidates: tuple[Candidate, ...],
    known: Decimal,
    free: Callable[[], None] = lambda: None,
) -> str | None:
    """The protocol by which the line now shows ``known``; None: another weight is needed."""
    free()
    best = candidates[0]
    with open_line(transport, best.line) as line:
        data = detection.listen(line, KNOWN_WEIGHT_S)
    return detection.decide_by_weight(known, data, detection.rivals_of(candidates))


def _columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Protocol"), lambda c: tr(PROTOCOLS[c.protocol].title), stretch=True),
        StationColumn(tr("Line settings"), lambda c: str(c.line or ""), 10),
        StationColumn(tr("Reads now"), _reads, 16, right=True, bold=True),
        StationColumn(tr("Fits %"), lambda c: str(c.score), 8, right=True),
    )


def _reads(candidate: Candidate) -> str:
    last = candidate.last
    if last is None or last.value is None:
        return "—"
    return f"{format_quantity(last.value)} {last.unit or ''}".strip()


class DetectPanel(QFrame):
    """Nothing is changed on the scale: tare and zero are never sent.

    Signals:
        found(Candidate): take this protocol, line and options.
        finished(): nothing listens at the line any more.
        setup_needed(): rights or a driver are missing on this PC.
    """

    found = Signal(object)
    finished = Signal()
    setup_needed = Signal()
    _progressed = Signal(str)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._context = context
        self._stop = threading.Event()
        self._transport: Settings = {}
        self._wanted: Callable[[], Settings] = dict
        self._free: Callable[[], None] = lambda: None
        self._detected: Detected | None = None
        self.options: dict[str, Any] = {}
        """Times of the detection, for tests."""
        self.busy = False
        self.start_button = QPushButton(tr("Find out what it speaks"), self)
        self.stop_button = QPushButton(tr("Stop"), self)
        self.sentence = QLabel(self, wordWrap=True)
        self.problem = problem_label()
        self.table = QuietTable(_columns(), self)
        self.table.setMaximumHeight(150)
        self.table.chosen.connect(self._take)
        self.weight = QLineEdit(self)
        self.weight.setPlaceholderText(tr("What the display shows, e.g. 2.5"))
        self.weight.setAccessibleName(tr("Known weight"))
        self.weight_button = QPushButton(tr("Decide"), self)
        self.take_button = QPushButton(tr("Take this protocol"), self)
        self._build()
        self._progressed.connect(self.sentence.setText)

    def wanted(self, transport: Callable[[], Settings]) -> None:
        """Where to take the connection from when the button is pressed."""
        self._wanted = transport

    def when_free(self, free: Callable[[], None]) -> None:
        """What to wait for, on the worker, before the line is used."""
        self._free = free

    def start(self) -> None:
        """Begin; the connection must be complete."""
        if self.busy:
            return
        try:
            self._transport = self._wanted()
        except InvalidInput:
            return
        self._stop = threading.Event()
        self._show_busy(True)
        self._show_candidates(())
        show_problem(self.problem, "")
        self._context.operations.background(
            run_detection,
            self._transport,
            lambda message: self._progressed.emit(str(message)),
            self._stop,
            self.options,
            self._free,
            on_done=self._done,
            on_error=self._failed,
        )

    def stop(self) -> None:
        """End it early."""
        self._stop.set()

    def decide(self) -> None:
        """Compare what the line shows with the weight typed."""
        detected = self._detected
        if detected is None or self.busy:
            return
        try:
            known = parse_quantity(self.weight.text(), field="weight")
        except InvalidInput as error:
            show_problem(self.problem, str(error.problems[0].message))
            return
        self._transport = self._wanted()
        self._show_busy(True)
        self._context.operations.background(
            weigh_known,
            self._transport,
            detected.candidates,
            known,
            self._free,
            on_done=self._decided,
            on_error=self._failed,
        )

    def _done(self, detected: Detected) -> None:
        self._show_busy(False)
        self._detected = detected
        self.sentence.setText(str(detected.message))
        self._show_candidates(detected.candidates)
        asks = detected.verdict is Verdict.ASK_KNOWN_WEIGHT
        self.weight.setVisible(asks)
        self.weight_button.setVisible(asks)
        if asks:
            self.weight.setFocus()
        elif detected.verdict is Verdict.FOUND:
            self.take_button.setFocus()

    def _decided(self, protocol: str | None) -> None:
        self._show_busy(False)
        candidates = self._detected.candidates if self._detected is not None else ()
        for row, candidate in enumerate(candidates):
            if candidate.protocol == protocol:
                self.table.choose(row)
                self._take(row)
                return
        show_problem(self.problem, tr("Still undecided. Put on another weight and type it."))

    def _failed(self, error: Exception) -> None:
        self._show_busy(False)
        step = error.next_step if isinstance(error, DeviceError) else None
        self.sentence.setText("")
        show_problem(self.problem, f"{error} {step}" if step else str(error))
        if isinstance(error, DeviceError) and error.setup:
            self.setup_needed.emit()

    def _take(self, row: int) -> None:
        candidates = self._detected.candidates if self._detected is not None else ()
        if 0 <= row < len(candidates):
            show_problem(self.problem, "")
            self.sentence.setText(
                tr(
                    "Taken: {protocol}. Save it, then compare the weight on the test page.",
                    protocol=tr(PROTOCOLS[candidates[row].protocol].title),
                )
            )
            self.found.emit(candidates[row])

    def _show_candidates(self, candidates: tuple[Candidate, ...]) -> None:
        self.table.show_rows(candidates)
        for widget in (self.table, self.take_button):
            widget.setVisible(bool(candidates))
        self.weight.hide()
        self.weight_button.hide()

    def _show_busy(self, busy: bool) -> None:
        self.busy = busy
        self.start_button.setEnabled(not busy)
        self.weight_button.setEnabled(not busy)
        self.stop_button.setVisible(busy)
        if not busy:
            self.finished.emit()

    def _build(self) -> None:
        self.start_button.clicked.connect(lambda _checked=False: self.start())
        self.stop_button.clicked.connect(lambda _checked=False: self.stop())
        self.weight_button.clicked.connect(lambda _checked=False: self.decide())
        self.weight.returnPressed.connect(self.decide)
        self.take_button.clicked.connect(
            lambda _checked=False: self._take(self.table.current_row())
        )
        head, asked = QHBoxLayout(), QHBoxLayout()
        head.addWidget(heading(tr("What does the scale speak?")))
        head.addStretch(1)
        head.addWidget(self.stop_button)
        head.addWidget(self.start_button)
        for widget in (self.weight, self.weight_button):
            asked.addWidget(widget)
        asked.addStretch(1)
        asked.addWidget(self.take_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(
            muted_label(
                tr(
                    "Listens first, then asks harmless questions. Nothing is changed on the scale:"
                    " tare and zero are never sent."
                )
            )
        )
        column.addWidget(self.sentence)
        column.addWidget(self.problem)
        column.addWidget(self.table)
        column.addLayout(asked)
        self._show_candidates(())
        self._show_busy(False)
