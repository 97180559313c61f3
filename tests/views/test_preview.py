"""Print preview: layouts, pages, zoom, and a print job into a file."""

from __future__ import annotations

import io
from dataclasses import dataclass
from decimal import Decimal

import pytest
from PySide6.QtGui import QPageLayout
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QPushButton
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from desktop_app.core.errors import EnvironmentFault, UserError
from desktop_app.reporting.options import PrintOptions
from desktop_app.reporting.printer_forms import PrinterForms
from desktop_app.reporting.registry import render
from desktop_app.views.base.page_services import PrintServices
from desktop_app.views.base.preview import PreviewPage
from desktop_app.views.base.print_job import PrintJob
from tests.golden.paper_samples import delivery_note
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
        lambda layout: layout == "note",
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
    choose_printer(page, "Office")
    page._copies.setValue(2)
    page.print_now()
    assert [(job.printer_name, job.copies) for job in jobs] == [("Office", 2)]
    assert printed == [(7, "note", 2)]


def choose_printer(page: PreviewPage, name: str) -> None:
    page.printers.addItem(name, name)
    page.printers.setCurrentIndex(page.printers.count() - 1)


@pytest.fixture
def jobs(monkeypatch) -> list[PrintJob]:
    """What goes to the printer; the forms it has are told by ``forms``."""
    sent: list[PrintJob] = []
    monkeypatch.setattr(PrintJob, "run", lambda job: sent.append(job) or 1)
    return sent


def with_forms(monkeypatch, **told) -> None:
    """A printer whose driver says ``told`` of itself."""
    known = {"given": (210.0, 297.0), "sizes": ((210.0, 297.0),), **told}
    monkeypatch.setattr(PrintJob, "_forms", lambda job, _p: PrinterForms(job.printer_name, **known))


def test_a_printer_without_the_form_is_told_before_paper_is_spoilt(
    page, jobs, printed, monkeypatch
):
    with_forms(monkeypatch, sizes=((139.7, 241.0), (215.9, 279.4)))
    choose_printer(page, "Office")
    page.print_now()
    assert jobs == [] == printed
    assert "has no form of 210 × 297 mm" in page.bar.text
    page.bar.findChildren(QPushButton)[0].click()  # all the same
    assert len(jobs) == 1
    page.print_now()
    assert len(jobs) == 1, "a wrong form is told each time"


def test_a_driver_that_takes_another_size_is_told(page, jobs, monkeypatch):
    with_forms(monkeypatch, given=(215.9, 279.4), sizes=())
    choose_printer(page, "Office")
    page.print_now()
    assert "would take 215.9 × 279.4 mm, this sheet is 210 × 297 mm" in page.bar.text
    assert jobs == []


def test_ink_in_the_margin_the_printer_cannot_reach_is_asked_about_once(page, jobs, monkeypatch):
    with_forms(monkeypatch, margins=(40.0, 6.0, 6.0, 6.0))
    choose_printer(page, "Needle")
    page.print_now()
    assert "leaves 40.0 mm white at the left edge: page 1 would be cut there" in page.bar.text
    page.bar.findChildren(QPushButton)[0].click()
    page.print_now()
    assert len(jobs) == 2
    choose_printer(page, "Another")
    page.print_now()
    assert len(jobs) == 2, "each printer is asked about"


def test_offsets_belong_to_the_printer_and_move_only_what_is_printed(page, jobs, monkeypatch):
    with_forms(monkeypatch)
    choose_printer(page, "Needle")
    page.paper_row.right.setValue(1.5)
    page.paper_row.down.setValue(-0.7)
    page.print_now()
    choose_printer(page, "Laser")
    assert page.paper_row.moved == (0, 0)
    page.print_now()
    assert [(job.right_mm, job.down_mm) for job in jobs] == [(1.5, -0.7), (0.0, 0.0)]
    page.printers.setCurrentIndex(page.printers.count() - 2)
    assert page.paper_row.moved == (Decimal("1.5"), Decimal("-0.7"))


def test_moving_too_far_over_the_edge_is_noticed(page, jobs, monkeypatch):
    with_forms(monkeypatch, margins=(6.0, 6.0, 6.0, 6.0))
    choose_printer(page, "Needle")
    page.paper_row.right.setValue(-21.0)  # the text stands 25.4 mm from the left
    page.print_now()
    assert "left edge" in page.bar.text
    assert jobs == []


def test_the_copies_of_carbon_paper_are_named_on_the_sheet(page, asked, jobs, monkeypatch):
    with_forms(monkeypatch)
    page.paper_row.plies.setCurrentIndex(2)
    page.paper_row.plies.activated.emit(2)
    names = asked[-1][2]["plies"]
    assert len(names) == 3
    assert names[1] == "Red: customer"
    page.layouts.setCurrentIndex(1)
    page.layouts.activated.emit(1)
    assert page.paper_row.plies.isHidden()
    assert "plies" not in asked[-1][2]


def test_the_test_print_asks_where_the_cross_stands_and_corrects(page, jobs, printed, monkeypatch):
    with_forms(monkeypatch, given=(241.0, 139.7), sizes=(), margins=(9.0, 9.0, 9.0, 9.0))
    choose_printer(page, "Needle")
    page.paper_row.right.setValue(1.0)
    page.test_print()
    assert [job.printer_name for job in jobs] == ["Needle"], "margins are what it shows"
    assert printed == [], "a test print is no copy of the document"
    page.bar.field("left").setText("2x")
    page.bar.field("top").setText("18.5")
    page.bar.confirm()
    assert page.bar.field("left").placeholderText() == "Between 0 and 60"
    page.bar.field("left").setText("21，5")
    page.bar.confirm()
    assert page.paper_row.moved == (Decimal("-0.5"), Decimal("1.5"))


def test_what_is_printed_is_really_moved(qapp, tmp_path):
    """Ink of the sheet as it is, and of the sheet moved by 10 mm right and 5 mm up."""
    at = []
    for right, down in ((0.0, 0.0), (10.0, -5.0)):
        file = tmp_path / f"{right}.pdf"
        PrintJob(two_pages(), "", output=str(file)).moved(right, down).run()
        job = PrintJob(file.read_bytes(), "")
        at.append(job._ink(job._document(), 0))
    assert at[1].left - at[0].left == pytest.approx(10, abs=0.6)
    assert at[1].top - at[0].top == pytest.approx(-5, abs=0.6)


def test_tractor_paper_keeps_its_width_and_a4_across_is_turned(qapp, tmp_path):
    """241 mm is the width of the paper: turned by a driver it would feed 140 mm wide."""
    for paper, turned in (("241_half", False), ("a4_wide", True), ("a4", False)):
        pdf = render("delivery_note", delivery_note(2), PrintOptions(paper=paper))
        job = PrintJob(pdf, "", output=str(tmp_path / "x.pdf"))
        layout = job._printer(job._document().pagePointSize(0)).pageLayout()
        assert (layout.orientation() is QPageLayout.Orientation.Landscape) is turned, paper


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
