"""The daily check of a scale with a test weight, kept on record."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.errors import AppError, InvalidInput
from desktop_app.core.i18n import tr
from desktop_app.domain.quantities import format_quantity, parse_quantity
from desktop_app.domain.weighing import grams
from desktop_app.hardware.scales import scale_check
from desktop_app.hardware.scales.capture import Weighed
from desktop_app.hardware.scales.protocol import ScaleProfile
from desktop_app.hardware.scales.scale_check import CheckVerdict
from desktop_app.runtime import weights
from desktop_app.runtime.context import AppContext
from desktop_app.runtime.device_host import Hosted
from desktop_app.services import devices
from desktop_app.views.base.station_table import StationColumn
from desktop_app.views.base.tones import Tone
from desktop_app.views.base.widgets import muted_label, primary_button, problem_label, show_problem
from desktop_app.views.devices.weight_display import WeightDisplay
from desktop_app.views.master_data.master_page import QuietTable


def _columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Test weight g"), lambda v: format_quantity(v.load_g), 14, right=True),
        StationColumn(
            tr("Shown g"), lambda v: format_quantity(v.shown_g), 14, right=True, bold=True
        ),
        StationColumn(tr("Error g"), lambda v: format_quantity(v.error_g), 12, right=True),
        StationColumn(tr("Allowed g"), lambda v: format_quantity(v.tolerance_g), 12, right=True),
        StationColumn(tr("Result"), lambda v: str(v.message), stretch=True, tone=_tone),
    )


def _tone(verdict: CheckVerdict) -> Tone:
    return Tone.GOOD if verdict.passed else Tone.WRONG


class ScaleCheckTab(QWidget):
    """Put the test weight on, F8 compares it and writes the record; then the next step."""

    def __init__(self, context: AppContext, hosted: Hosted, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._hosted = context, hosted
        profile = ScaleProfile.from_settings(hosted.device.settings.get("profile") or {})
        self._division_g = grams(profile.division, profile.unit)
        self.loads_g = [
            grams(load, profile.unit)
            for load in scale_check.loads(profile.capacity, profile.division)
        ]
        self.verdicts: tuple[CheckVerdict, ...] = ()
        self._waiting: CheckVerdict | None = None
        self.display = WeightDisplay(self)
        self.load = QLineEdit(self)
        self.tolerance = QLineEdit(self)
        self.tolerance.setPlaceholderText(tr("as the law allows"))
        self.next = QLabel(self, wordWrap=True)
        self.problem = problem_label()
        self.check_button = primary_button(tr("Compare and keep") + "  F8")
        self.print_button = QPushButton(tr("Print the result") + "  Ctrl+P", self)
        self.list_button = QPushButton(tr("Checks of scales"), self)
        self.table = QuietTable(_columns(), self)
        self._build()
        self._propose()

    def seen(self, weighed: Weighed) -> None:
        """A reading came."""
        self.display.show_weighed(weighed)

    def run(self) -> None:
        """Compare the steady weight with the test weight and keep the result (F8)."""
        if self._waiting is not None:
            return
        show_problem(self.problem, "")
        try:
            load = parse_quantity(self.load.text(), field="load")
            typed = self.tolerance.text().strip()
            allowed: Decimal | None = parse_quantity(typed, field="tolerance") if typed else None
            taken = weights.judged(self._hosted)
            verdict = scale_check.judge(load, taken.shown, taken.unit, self._division_g, allowed)
        except AppError as error:
            show_problem(self.problem, _sentence(error))
            return
        self._waiting = verdict
        self._context.operations.command(
            devices.record_check,
            self._hosted.device.id,
            verdict.load_g,
            verdict.shown_g,
            verdict.tolerance_g,
            on_done=self._kept,
            on_error=self._refused,
        )

    def print_result(self) -> None:
        """The record of the last day of checks, to be signed (Ctrl+P)."""
        self._context.open_page("scale_check_paper", {"id": self._hosted.device.id})

    def _kept(self, passed: bool) -> None:
        if self._waiting is None:
            return
        self.verdicts = (self._waiting, *self.verdicts)
        self._waiting = None
        self.table.show_rows(self.verdicts)
        self._context.notifier.sound("ok" if passed else "wrong")
        self._propose()

    def _refused(self, error: Exception) -> None:
        self._waiting = None
        show_problem(self.problem, str(error))

    def _propose(self) -> None:
        done = {verdict.load_g for verdict in self.verdicts if verdict.passed}
        left = [load for load in self.loads_g if load not in done]
        if not left:
            self.next.setText(tr("Checked at 25, 50 and 100 %: the scale may be used."))
            return
        self.load.setText(format_quantity(left[0]))
        share = scale_check.SHARES[self.loads_g.index(left[0])]
        self.next.setText(
            tr(
                "Next: {share} % of the capacity. Put {weight} g of test weights on and press F8;"
                " with other weights write what they weigh.",
                share=share,
                weight=format_quantity(left[0], grouping=True),
            )
        )

    def _build(self) -> None:
        self.check_button.clicked.connect(lambda _checked=False: self.run())
        self.list_button.clicked.connect(
            lambda _checked=False: self._context.open_page("list:scale_check", {})
        )
        self.print_button.clicked.connect(lambda _checked=False: self.print_result())
        QShortcut(
            QKeySequence("Ctrl+P"),
            self,
            self.print_result,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )
        self.load.returnPressed.connect(self.run)
        self.load.setAccessibleName(tr("Test weight g"))
        self.tolerance.setAccessibleName(tr("Allowed g"))
        row = QHBoxLayout()
        for widget in (
            QLabel(tr("Test weight g"), self),
            self.load,
            QLabel(tr("Allowed g"), self),
            self.tolerance,
            self.check_button,
            self.print_button,
            self.list_button,
        ):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.display)
        column.addWidget(self.next)
        column.addLayout(row)
        column.addWidget(self.problem)
        column.addWidget(
            muted_label(
                tr("Allowed without an entry: 1, 2 or 3 divisions (class III scales in use).")
            )
        )
        column.addWidget(self.table, 1)


def _sentence(error: AppError) -> str:
    if isinstance(error, InvalidInput):
        return "; ".join(str(problem.message) for problem in error.problems)
    return str(error)
