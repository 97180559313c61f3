"""A document on paper: layout, zoom, pages, printing, saving as PDF."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.i18n import tr
from desktop_app.core.paths import documents_dir
from desktop_app.core.settings import PRINTER
from desktop_app.reporting.paper import PAPERS
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.inline_bar import InlineBar
from desktop_app.views.base.page import Page
from desktop_app.views.base.page_services import PrintServices, print_services
from desktop_app.views.base.paper_row import PaperRow
from desktop_app.views.base.print_guard import PrintGuard
from desktop_app.views.base.print_job import PrintJob
from desktop_app.views.base.view_memory import view_memory
from desktop_app.views.base.widgets import primary_button

ZOOM_STEP = 1.2
ZOOM_LIMITS = (0.25, 5.0)


class PreviewPage(Page):
    """Shows the PDF of one document in a chosen layout; prints without a dialog.

    Printer, copies and layout are remembered per document kind on this PC.
    """

    def __init__(
        self,
        context: AppContext,
        kind: str,
        document_id: int,
        name: str,
        *,
        services: PrintServices | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, parent)
        self._services = services or print_services()
        self._kind = kind
        self._document_id = document_id
        self._name = name
        self._papers_of: dict[str, tuple[str, ...]] = {}
        self._pdf = b""
        self._buffer: QBuffer | None = None
        self.document = QPdfDocument(self)
        self._build()
        self._connect()
        self._fill_choices()

    def title(self) -> str:
        return tr("Print {number}", number=self._name)

    def reload(self) -> None:
        """Render the chosen layout."""
        layout = self.layouts.currentData()
        if layout is None:
            self.bar.tell(tr("There is no layout for this kind of document yet."))
            return
        self.bar.clear()
        self._set_ready(False)
        self.context.operations.query(
            self._services.render,
            self._document_id,
            layout,
            self.options(),
            on_done=self.show_pdf,
            on_error=self._failed,
        )

    def options(self) -> dict[str, Any]:
        """What was chosen beside the layout: fields of ``reporting.options.PrintOptions``."""
        paper = self.papers.currentData()
        found: dict[str, Any] = {"paper": paper} if paper else {}
        if self.paper_row.names:
            found["plies"] = self.paper_row.names
        return found

    def show_pdf(self, pdf: bytes) -> None:
        """Show a finished PDF."""
        self._pdf = bytes(pdf)
        buffer = QBuffer(self)
        buffer.setData(QByteArray(self._pdf))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(buffer)
        if self._buffer is not None:
            self._buffer.deleteLater()
        self._buffer = buffer
        self._pages.setMaximum(max(1, self.document.pageCount()))
        self._of_pages.setText(f"/ {self.document.pageCount()}")
        self._set_ready(self.document.pageCount() > 0)

    def print_now(self) -> None:
        """Send it to the chosen printer (Ctrl+P)."""
        printer = self.printers.currentData()
        if not self._pdf or not printer:
            self.bar.tell(tr("No printer is set up on this PC. Save as PDF instead."))
            return
        self._remember()
        job = PrintJob(self._pdf, str(printer), self._copies.value(), self._name)
        self.guard.send(job, self._printed)

    def test_print(self) -> None:
        """A sheet without margins that shows where this printer hits the paper (F7)."""
        printer = self.printers.currentData()
        if printer:
            self.guard.test(str(printer), self.papers.currentData() or "a4")
        else:
            self.bar.tell(tr("No printer is set up on this PC. Save as PDF instead."))

    def save_pdf(self) -> None:
        """Keep it as a file (Ctrl+S)."""
        if not self._pdf:
            return
        name = re.sub(r'[\\/:*?"<>|\s]+', "_", self._name) + ".pdf"
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Save as PDF"), str(documents_dir() / name), tr("PDF file (*.pdf)")
        )
        if chosen:
            self.context.operations.background(
                Path(chosen).write_bytes,
                self._pdf,
                on_done=lambda _size: self.context.notifier.success(
                    tr("Saved: {file}", file=chosen)
                ),
                on_error=self._failed,
                owner=self,
            )

    def zoom_by(self, factor: float) -> None:
        """Larger or smaller; leaves "fit to width"."""
        self.view.setZoomMode(QPdfView.ZoomMode.Custom)
        low, high = ZOOM_LIMITS
        self.view.setZoomFactor(min(high, max(low, self.view.zoomFactor() * factor)))

    def fit_width(self) -> None:
        """As wide as the window."""
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)

    def _build(self) -> None:
        self.view = QPdfView(self)
        self.view.setDocument(self.document)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitInView)
        self.bar = InlineBar(self)
        self.layouts = QComboBox(self)
        self.papers = QComboBox(self)
        self.printers = QComboBox(self)
        self.printers.setPlaceholderText(tr("No printer"))
        self.paper_row = PaperRow(self.context.operations, self)
        self.guard = PrintGuard(self.context, self.bar, self.paper_row)
        self._copies = QSpinBox(self, minimum=1, maximum=99)
        self._pages = QSpinBox(self, minimum=1)
        self._of_pages = QLabel("/ 0", self)
        self._print = primary_button(tr("Print (Ctrl+P)"))
        self._save = QPushButton(tr("Save as PDF (Ctrl+S)"), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        # rows: with the words of both languages one does not fit a 1366 pixel screen
        column.addLayout(self._paper_row())
        column.addWidget(self.paper_row)
        column.addLayout(self._view_row())
        column.addWidget(self.bar)
        column.addWidget(self.view, 1)

    def _paper_row(self) -> QHBoxLayout:
        """What is printed, on what, and where to."""
        row = QHBoxLayout()
        row.setSpacing(8)
        self._add(row, tr("Layout"), self.layouts)
        self._add(row, tr("Paper"), self.papers)
        row.addStretch(1)
        self._add(row, tr("Printer"), self.printers)
        self._add(row, tr("Copies"), self._copies)
        row.addWidget(self._save)
        row.addWidget(self._print)
        return row

    def _view_row(self) -> QHBoxLayout:
        """Which page is looked at, and how large."""
        row = QHBoxLayout()
        row.setSpacing(8)
        self._add(row, tr("Page"), self._pages)
        self._add(row, "", self._of_pages)
        for title, action in (
            ("−", self._smaller),
            ("+", self._larger),
            (tr("Fit width"), self.fit_width),
        ):
            button = QPushButton(title, self)
            button.clicked.connect(lambda _checked=False, run=action: run())
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _add(self, row: QHBoxLayout, title: str, widget: QWidget) -> None:
        if title:
            label = QLabel(title, self)
            label.setBuddy(widget)
            row.addWidget(label)
        row.addWidget(widget)

    def _connect(self) -> None:
        self.layouts.activated.connect(self._layout_chosen)
        self.papers.activated.connect(self._option_chosen)
        self.paper_row.plies_chosen.connect(self.reload)
        self.paper_row.test_wanted.connect(self.test_print)
        self.printers.currentIndexChanged.connect(lambda _place: self._printer_chosen())
        self._pages.valueChanged.connect(self._go_to)
        self.view.pageNavigator().currentPageChanged.connect(self._page_shown)
        self._print.clicked.connect(lambda _checked=False: self.print_now())
        self._save.clicked.connect(lambda _checked=False: self.save_pdf())
        keys = {
            "Ctrl+P": self.print_now,
            "Ctrl+S": self.save_pdf,
            "F7": self.test_print,
            "+": self._larger,
            "-": self._smaller,
            "0": self.fit_width,
        }
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for key, action in keys.items():
            QShortcut(QKeySequence(key), self, action, context=scope)

    def _fill_choices(self) -> None:
        for layout in self._services.layouts_for(self._kind):
            self.layouts.addItem(tr(layout.title), layout.id)
            self._papers_of[layout.id] = self._services.papers_for(layout.id)
        for name in QPrinterInfo.availablePrinterNames():
            self.printers.addItem(name, name)
        kept = view_memory().get(self._memory_key(), {})
        usual = kept.get("printer") or self.context.settings.get(PRINTER)
        usual = usual or QPrinterInfo.defaultPrinterName()
        self.printers.setCurrentIndex(max(0, self.printers.findData(usual)))
        self.layouts.setCurrentIndex(max(0, self.layouts.findData(kept.get("layout"))))
        self._fill_papers()
        self.papers.setCurrentIndex(max(0, self.papers.findData(kept.get("paper"))))
        self._copies.setValue(int(kept.get("copies", 1)))
        self.paper_row.choose_plies(int(kept.get("plies", 0)))
        self._printer_chosen()
        self._set_ready(False)

    def _set_ready(self, ready: bool) -> None:
        for widget in (self._print, self._save, self._pages):
            widget.setEnabled(ready)

    def _fill_papers(self) -> None:
        self.papers.clear()
        for paper in self._papers_of.get(str(self.layouts.currentData()), ()):
            self.papers.addItem(tr(PAPERS[paper].title), paper)
        if self.papers.count():
            self.papers.setCurrentIndex(0)
        self.paper_row.offer_plies(self._services.has_plies(str(self.layouts.currentData())))

    def _layout_chosen(self, _place: int) -> None:
        self._fill_papers()
        self.reload()

    def _printer_chosen(self) -> None:
        self.paper_row.show_printer(str(self.printers.currentData() or ""))

    def _option_chosen(self, _choice: object) -> None:
        self.reload()

    def _go_to(self, page: int) -> None:
        if self.view.pageNavigator().currentPage() != page - 1:
            self.view.pageNavigator().jump(page - 1, QPointF(), 0)

    def _page_shown(self, page: int) -> None:
        self._pages.setValue(page + 1)

    def _larger(self) -> None:
        self.zoom_by(ZOOM_STEP)

    def _smaller(self) -> None:
        self.zoom_by(1 / ZOOM_STEP)

    def _printed(self, _result: Any) -> None:
        self.context.notifier.success(tr("Sent to {printer}", printer=self.printers.currentText()))
        self.context.operations.command(
            self._services.log_print,
            self._document_id,
            self.layouts.currentData(),
            self._copies.value(),
            on_error=self._failed,
        )

    def _failed(self, error: Exception) -> None:
        self._set_ready(bool(self._pdf))
        self.bar.tell(str(error), wrong=True)

    def _memory_key(self) -> str:
        return f"print.{self._kind}"

    def _remember(self) -> None:
        view_memory().put(
            self.context.operations,
            self._memory_key(),
            {
                "printer": self.printers.currentData(),
                "layout": self.layouts.currentData(),
                "copies": self._copies.value(),
                "paper": self.papers.currentData(),
                "plies": len(self.paper_row.names),
            },
        )
