"""Sends a finished PDF to a printer page by page, at the printer's own resolution."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter

from desktop_app.core.errors import EnvironmentFault
from desktop_app.core.i18n import N_

MOST_DPI = 600
"""Finer than this only costs memory: a page of A4 at 600 dpi is 140 MB."""


@dataclass(frozen=True)
class PrintJob:
    """``output`` names a PDF file to print into instead of paper (tests, archive)."""

    pdf: bytes
    printer_name: str
    copies: int = 1
    title: str = ""
    output: str = ""

    def run(self) -> int:
        """Print every page; returns their number. Raises EnvironmentFault."""
        buffer = QBuffer()
        buffer.setData(QByteArray(self.pdf))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        document = QPdfDocument()
        document.load(buffer)
        pages = document.pageCount()
        if pages < 1:
            raise EnvironmentFault(N_("The document could not be prepared for printing."))
        self._paint(document, self._printer(document.pagePointSize(0)))
        document.close()
        return pages

    def _printer(self, points: QSizeF) -> QPrinter:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if self.output:
            printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
            printer.setOutputFileName(self.output)
        else:
            printer.setPrinterName(self.printer_name)
        printer.setDocName(self.title)
        printer.setCopyCount(self.copies)
        printer.setResolution(min(MOST_DPI, printer.resolution()))
        landscape = points.width() > points.height()
        upright = points.transposed() if landscape else points
        printer.setPageSize(QPageSize(upright, QPageSize.Unit.Point))
        printer.setPageOrientation(
            QPageLayout.Orientation.Landscape if landscape else QPageLayout.Orientation.Portrait
        )
        printer.setFullPage(True)
        return printer

    def _paint(self, document: QPdfDocument, printer: QPrinter) -> None:
        painter = QPainter()
        if not painter.begin(printer):
            raise EnvironmentFault(
                N_("The printer {printer} does not take the job."), printer=self.printer_name
            )
        scale = printer.resolution() / 72
        for page in range(document.pageCount()):
            if page:
                printer.newPage()
            size = document.pagePointSize(page) * scale
            image = document.render(page, QSize(round(size.width()), round(size.height())))
            painter.drawImage(0, 0, image)
        painter.end()
