"""Print preview: layouts, pages, zoom, and a print job into a file."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from desktop_app.core.errors import EnvironmentFault, UserError
from desktop_app.views.base.page_services import PrintServices
from desktop_app.views.base.preview import PreviewPage
from desktop_app.views.base.print_job import PrintJob
from tests.views.page_fakes import make_context


@dataclass(frozen=True)
class Layout:
    id: str
    title: str


def two_pages() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    for page in (1, 2):
        canvas.drawString(72, 720, f"Delivery note, page {page}")
        canvas.showPage()
    canvas.save()
    return target.getvalue()


@pytest.fixture
def asked() -> list:
    return []


@pytest.fixture
def printed() -> list:
    return []


@pytest.fixture
def page(qtbot, tmp_path, monkeypatch, asked, printed) -> PreviewPage:
    monkeypatch.setenv("STOCKPROOF_HOME", str(tmp_path))

    def render(_uow, document_id, layout, options):
        asked.append((document_id, layout, options))
        if layout == "broken":
            raise UserError("This layout is broken")
        return two_pages()

    services = PrintServices(
        lambda _kind: (Layout("note", "Delivery note"), Layout("broken", "Broken")),
        lambda _layout: ("241_half", "a4"),
        render,
        lambda *given: printed.append(given[1:]),
    )
    found = PreviewPage(make_context(tmp_path), "shipment", 7, "XSC-1", services=services)
    qtbot.addWidget(found)
    found.resize(1100, 700)
    found.show()
    return found


def test_the_first_layout_is_rendered_and_its_pages_counted(page, asked):
    assert asked == [(7, "note", {"paper": "241_half"})]
    page.papers.setCurrentIndex(1)
    page.papers.activated.emit(1)
    assert asked[-1] == (7, "note", {"paper": "a4"})
    assert page.document.pageCount() == 2
    assert page._of_pages.text() == "/ 2"
    page._pages.setValue(2)
    assert page.view.pageNavigator().currentPage() == 1


def test_zoom_leaves_the_fit_and_stays_within_limits(page):
    page.zoom_by(1000)
    assert page.view.zoomFactor() == 5.0
    page.fit_width()
    assert page.view.zoomMode() is QPdfView.ZoomMode.FitToWidth


def test_a_layout_that_fails_says_so_and_keeps_what_is_shown(page):
    page.layouts.setCurrentIndex(1)
    page.reload()
    assert page.bar.text == "This layout is broken"
    assert page.document.pageCount() == 2


def test_a_print_is_remembered(page, printed, monkeypatch):
    jobs = []

    def run(job: PrintJob) -> None:
        jobs.append(job)

    monkeypatch.setattr(PrintJob, "run", run)
    page.printers.addItem("Office", "Office")
    page.printers.setCurrentIndex(page.printers.count() - 1)
    page._copies.setValue(2)
    page.print_now()
    assert [(job.printer_name, job.copies) for job in jobs] == [("Office", 2)]
    assert printed == [(7, "note", 2)]


def test_no_printer_is_a_sentence_not_a_crash(page):
    page.printers.clear()
    page.print_now()
    assert "No printer" in page.bar.text


def test_a_job_prints_every_page_at_its_size(qapp, tmp_path):
    file = tmp_path / "out.pdf"
    assert PrintJob(two_pages(), "", output=str(file)).run() == 2
    printed = QPdfDocument()
    printed.load(str(file))
    assert printed.pageCount() == 2
    assert abs(printed.pagePointSize(0).width() - A4[0]) < 2
    printed.close()


def test_a_broken_pdf_is_refused(qapp):
    with pytest.raises(EnvironmentFault):
        PrintJob(b"not a pdf", "nowhere").run()
