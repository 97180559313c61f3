"""The same labels on sheets of A4: the preview of a PDF, one layout per kind of sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desktop_app.core.i18n import N_
from desktop_app.domain.label_design import LabelDesign
from desktop_app.reporting.labels.sheet import GRIDS, cut_grid, sheets
from desktop_app.runtime.context import AppContext
from desktop_app.services.printing import LayoutChoice
from desktop_app.views.base.page_services import PrintServices
from desktop_app.views.base.preview import PreviewPage

CUT = "cut"
_CUT_CHOICE = LayoutChoice(CUT, N_("Plain paper, to be cut"))


def create(context: AppContext, params: dict[str, Any]) -> PreviewPage:
    """``design``, ``labels`` (the values of each), ``title``, ``start`` on a used sheet."""
    design: LabelDesign = params["design"]
    labels: Sequence[Mapping[str, str]] = params["labels"]
    fitting = [
        LayoutChoice(grid.id, grid.title)
        for grid in GRIDS
        if grid.width >= design.width_mm and grid.height >= design.height_mm
    ]

    def render(_uow: Any, _id: int, layout: str, _options: Any = None) -> bytes:
        grid = cut_grid(design) if layout == CUT else GRIDS[layout]
        start = int(params.get("start", 1))
        return sheets(design, labels, grid, start=start, outlines=layout == CUT).pdf

    services = PrintServices(
        lambda _kind: (_CUT_CHOICE, *fitting), lambda _layout: (), render, _not_logged
    )
    return PreviewPage(context, "label_sheet", 0, str(params.get("title", "")), services=services)


def _not_logged(_uow: Any, _record_id: int, _layout: str, _copies: int = 1) -> int:
    """Labels are no documents: a second sheet is not a copy."""
    return 0
