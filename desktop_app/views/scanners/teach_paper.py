"""The printed page of the four codes, in the usual preview."""

from __future__ import annotations

from typing import Any

from desktop_app.core.i18n import N_, tr
from desktop_app.domain.gs1_elements import split
from desktop_app.hardware.scanners.teaching import TEACH_CODES, TeachCode
from desktop_app.reporting import registry
from desktop_app.reporting.snapshots import ScannerCode, ScannerPageSnapshot
from desktop_app.runtime.context import AppContext
from desktop_app.services.printing import LayoutChoice
from desktop_app.views.base.page_services import PrintServices
from desktop_app.views.base.preview import PreviewPage

_CHOICES = (LayoutChoice("scanner_page", N_("Teach a scanner")),)


def snapshot() -> ScannerPageSnapshot:
    """The codes as the paper wants them."""
    return ScannerPageSnapshot(tuple(_code(code) for code in TEACH_CODES))


def create(context: AppContext, _params: dict[str, Any]) -> PreviewPage:
    """Factory named in the table of actions."""
    services = PrintServices(
        lambda _kind: _CHOICES,
        lambda _layout: (),
        lambda _uow, _id, _layout, _options: registry.render("scanner_page", snapshot()),
        lambda _uow, _id, _layout, _copies=1: 0,
    )
    return PreviewPage(context, "scanner_page", 0, tr("Teach a scanner"), services=services)


def _code(code: TeachCode) -> ScannerCode:
    text = code.text
    if code.symbol == "gs1_128":
        elements = split(text)
        if isinstance(elements, tuple):
            text = "".join(f"({ai}){value}" for ai, value in elements)
    return ScannerCode(text, code.symbol, tr(code.title), text)
