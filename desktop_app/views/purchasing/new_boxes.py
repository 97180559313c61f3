"""Numbering new boxes for goods that were just posted, and labelling them."""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.core.i18n import tr
from desktop_app.services import boxes
from desktop_app.services.documents import DocumentRef
from desktop_app.views.base.inline_bar import Asked
from desktop_app.views.base.station import StationPage

MOST = 100


def ask(page: StationPage, receipt: DocumentRef) -> None:
    """Ask on ``page`` how many boxes of each goods, make them and open their labels."""
    page.bar.ask(
        tr("New boxes for {number}", number=receipt.number),
        (Asked("count", tr("Boxes of each goods"), check=_problem),),
        tr("Make them"),
        lambda given: _make(page, receipt, given),
    )
    page.bar.field("count").setText("1")
    page.bar.field("count").selectAll()


def _make(page: StationPage, receipt: DocumentRef, given: Mapping[str, str]) -> None:
    page.context.operations.command(
        boxes.for_document,
        receipt.id,
        int(given["count"]),
        on_done=lambda wishes: page.context.open_page(
            "print_labels", {"kind": "box", "goods": wishes, "title": receipt.number}
        ),
        on_error=page.failed,
        owner=page,
    )


def _problem(text: str) -> str:
    return "" if text.isdecimal() and 1 <= int(text) <= MOST else tr("1 to 100")
