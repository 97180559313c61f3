"""Labels of a warehouse's bins on sheets, in the usual preview."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from desktop_app.reporting.layouts.bin_labels import GRIDS
from desktop_app.runtime.context import AppContext
from desktop_app.services import place_labels
from desktop_app.services.place_labels import PlaceLabels
from desktop_app.services.printing import LayoutChoice
from desktop_app.views.base.page_services import PrintServices
from desktop_app.views.base.preview import PreviewPage

_BIN_LABELS = tuple(LayoutChoice(grid.id, grid.title) for grid in GRIDS)


def create_bin_labels(context: AppContext, params: dict[str, Any]) -> PreviewPage:
    """``id`` of the warehouse, ``title`` for the tab; ``wanted`` names a zone or bins, ``start``
    is the first free label of a used sheet.
    """
    wish = PlaceLabels(str(params.get("wanted") or ""), int(params.get("start") or 1))
    services = PrintServices(
        lambda _kind: _BIN_LABELS,
        _no_papers,
        lambda uow, warehouse_id, size, _options: place_labels.render(
            uow, warehouse_id, replace(wish, size=size)
        ),
        _not_logged,
    )
    return _page(context, "bin_labels", params, services)


def _page(
    context: AppContext, kind: str, params: dict[str, Any], services: PrintServices
) -> PreviewPage:
    return PreviewPage(
        context, kind, int(params["id"]), str(params.get("title", "")), services=services
    )


def _no_papers(_layout: str) -> tuple[str, ...]:
    return ()


def _not_logged(_uow: Any, _record_id: int, _layout: str, _copies: int = 1) -> int:
    """Labels are no documents: a second print is not a copy."""
    return 0
