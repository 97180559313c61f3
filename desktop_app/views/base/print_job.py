"""Sends a finished PDF to a printer page by page, at the printer's own resolution."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QSize, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from desktop_app.core.errors import EnvironmentFault
from desktop_app.core.i18n import N_, Message
from desktop_app.reporting.printer_forms import (
    Ink,
    PrinterForms,
    Size,
    cut_fault,
    form_fault,
    guide,
)

MOST_DPI = 600
"""Finer than this only costs memory: a page of A4 at 600 dpi is 140 MB."""
_MM = 25.4
_LOOK_DPI = 50.8
"""Two dots to a mm: enough to see what would be cut."""


@dataclass(frozen=True)
class PrintJob:
    """``output`` names a PDF file to print into instead of paper (tests, archive).

    ``right_mm`` and ``down_mm`` move everything, for a printer that does not hit the sheet.
    """

    pdf: bytes
    printer_name: str
    copies: int = 1
    title: str = ""
    output: str = ""
    right_mm: float = 0.0
    down_mm: float = 0.0

    def run(self) -> int:
        """Print every page; returns their number. Raises EnvironmentFault."""
        document = self._document()
        pages = document.pageCount()
        self._paint(document, self._printer(document.pagePointSize(0)))
        document.close()
        return pages

    def faults(self, *, edges: bool = True) -> tuple[Message, ...]:
        """Why this printer would spoil the sheets; nothing when all is well. Prints nothing.

        ``edges``: also whether something stands where it cannot print. Raises EnvironmentFault.
        """
        document = self._document()
        points = document.pagePointSize(0)
        wanted = (points.width() / 72 * _MM, points.height() / 72 * _MM)
        forms = self._forms(points)
        wrong = form_fault(forms, wanted)
        if wrong is not None:
            document.close()
            return (wrong, guide(wanted, sys.platform))
        pages = tuple(self._ink(document, n) for n in range(document.pageCount())) if edges else ()
        document.close()
        cut = cut_fault(forms, pages)
        return () if cut is None else (cut,)

    def moved(self, right_mm: float, down_mm: float) -> PrintJob:
        """The same, moved."""
        return replace(self, right_mm=right_mm, down_mm=down_mm)

    def _document(self) -> QPdfDocument:
        document = QPdfDocument()
        buffer = QBuffer(document)
        buffer.setData(QByteArray(self.pdf))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        document.load(buffer)
        if document.pageCount() < 1:
            raise EnvironmentFault(N_("The document could not be prepared for printing."))
        return document

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
        # Sheets go in upright (A4 across is A4 turned); tractor paper is as wide as it is.
        turned = QPageSize(points.transposed(), QPageSize.Unit.Point)
        landscape = (
            points.width() > points.height() and turned.id() is not QPageSize.PageSizeId.Custom
        )
        printer.setPageSize(turned if landscape else QPageSize(points, QPageSize.Unit.Point))
        printer.setPageOrientation(
            QPageLayout.Orientation.Landscape if landscape else QPageLayout.Orientation.Portrait
        )
        printer.setFullPage(True)
        return printer

    def _forms(self, points: QSizeF) -> PrinterForms:
        printer = self._printer(points)
        layout = printer.pageLayout()
        given = layout.fullRect(QPageLayout.Unit.Millimeter)
        info = QPrinterInfo.printerInfo(self.printer_name)
        low, high = info.minimumPhysicalPageSize(), info.maximumPhysicalPageSize()
        layout.setUnits(QPageLayout.Unit.Millimeter)
        margins = layout.minimumMargins()
        return PrinterForms(
            self.printer_name,
            (given.width(), given.height()),
            tuple(_mm(size) for size in info.supportedPageSizes()),
            info.supportsCustomPageSizes(),
            _mm(low),
            _mm(high),
            (margins.left(), margins.top(), margins.right(), margins.bottom()),
        )

    def _ink(self, document: QPdfDocument, page: int) -> Ink:
        """Where the ink ends once the page was moved; a white page is white to the middle."""
        image = _drawn(document, page, _LOOK_DPI)
        light = QImage(image.size(), QImage.Format.Format_RGB32)
        light.fill(0xFFFFFFFF)
        painter = QPainter(light)
        painter.drawImage(0, 0, image)
        painter.end()
        box = _ink_box(light)
        mm = _MM / _LOOK_DPI
        wide, high = light.width() * mm, light.height() * mm
        if box is None:
            return Ink(page + 1, wide, high, wide, high)
        left, top = box[0] * mm + self.right_mm, box[1] * mm + self.down_mm
        right, bottom = wide - box[2] * mm - self.right_mm, high - box[3] * mm - self.down_mm
        return Ink(page + 1, left, top, right, bottom)

    def _paint(self, document: QPdfDocument, printer: QPrinter) -> None:
        painter = QPainter()
        if not painter.begin(printer):
            raise EnvironmentFault(
                N_("The printer {printer} does not take the job."), printer=self.printer_name
            )
        dots = printer.resolution()
        corner = QPointF(self.right_mm / _MM * dots, self.down_mm / _MM * dots)
        for page in range(document.pageCount()):
            if page:
                printer.newPage()
            painter.drawImage(corner, _drawn(document, page, dots))
        painter.end()


def _drawn(document: QPdfDocument, page: int, dpi: float) -> QImage:
    size = document.pagePointSize(page) * dpi / 72
    return document.render(page, QSize(round(size.width()), round(size.height())))


def _ink_box(picture: QImage) -> tuple[int, int, int, int] | None:
    """Left, top, right, bottom of what is not white. No QBitmap: this runs in a worker."""
    grey = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    size = (grey.width(), grey.height())
    stride = grey.bytesPerLine()
    seen = Image.frombytes("L", size, bytes(grey.constBits()), "raw", "L", stride, 1)
    return seen.point(_INK).getbbox()


_INK = [255 if n < 200 else 0 for n in range(256)]


def _mm(size: QPageSize) -> Size:
    found = size.size(QPageSize.Unit.Millimeter)
    return (found.width(), found.height())
