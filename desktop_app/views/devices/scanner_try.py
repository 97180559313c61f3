"""Trying a scanner: every code it reads, what it is, and the bytes behind it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop_app.core import clock
from desktop_app.core.i18n import tr
from desktop_app.domain.scan_codes import ScanResult, parse_scan
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.station import enlarge
from desktop_app.views.base.station_table import StationColumn
from desktop_app.views.base.widgets import heading, muted_label
from desktop_app.views.master_data.master_page import QuietTable

KEPT = 50
SAMPLES = (
    "6901234567892",
    "(01)06901234567892(10)A12(17)270131",
    "]C1010690123456789217270131" + "10A12",
    "A-01-02",
)
"""Codes on the pad: an EAN, GS1 in brackets, GS1-128 as a scanner sends it, a bin."""

Row = tuple[datetime, str, str, bytes]


def _columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("When"), lambda r: f"{r[0]:%H:%M:%S}", 10),
        StationColumn(tr("Code"), lambda r: r[1].replace("\x1d", "␝"), 26, bold=True),
        StationColumn(tr("Symbology"), lambda r: r[2], 8),
        StationColumn(tr("Read as"), lambda r: read_as(parse_scan(r[2] + r[1])), stretch=True),
        StationColumn(tr("Bytes"), lambda r: r[3].hex(" ").upper(), 22),
    )


def read_as(code: ScanResult) -> str:
    """What the program understands: item, lot, expiry, quantity."""
    if code.problem is not None:
        return str(code.problem)
    parts = [code.text]
    if code.lot:
        parts.append(tr("Lot {lot}", lot=code.lot))
    if code.qty is not None:
        parts.append(f"{tr('Quantity')} {code.qty.normalize():f}")
    return " · ".join(part for part in parts if part)


class ScannerTry(QWidget):
    """Scan something: it appears here, and nowhere else."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.rows: list[Row] = []
        self.last = QLabel(tr("Scan any code."), self)
        enlarge(self.last, 2.4, bold=True)
        self.table = QuietTable(_columns(), self, empty_text=tr("Nothing read yet."))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.last)
        column.addWidget(heading(tr("The last codes")))
        column.addWidget(
            muted_label(tr("Codes scanned while this page is in front are only shown, not used."))
        )
        column.addWidget(self.table, 1)

    def scanned(self, code: str, symbology: str, raw: bytes) -> None:
        """A code came from the scanner."""
        self.rows = [(clock.now(), code, symbology, raw), *self.rows[: KEPT - 1]]
        self.last.setText(code.replace("\x1d", "␝"))
        self.table.show_rows(self.rows)
        self.table.choose(0)
        self._context.notifier.sound("ok")
