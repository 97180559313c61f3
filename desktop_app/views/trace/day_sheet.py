"""The sheet of a sealed day in the usual preview: print it, sign it, file it."""

from __future__ import annotations

from typing import Any

from desktop_app.core.i18n import N_, tr
from desktop_app.queries.day_seals import day_of
from desktop_app.runtime.context import AppContext
from desktop_app.services import printing
from desktop_app.services.printing import LayoutChoice
from desktop_app.views.base.page_services import PrintServices
from desktop_app.views.base.preview import PreviewPage

_CHOICES = (LayoutChoice("day_sheet", N_("Day sheet")),)


def create(context: AppContext, params: dict[str, Any]) -> PreviewPage:
    """``id`` is the key of a row of the sealed days."""
    day = day_of(int(params["id"]))
    services = PrintServices(
        lambda _kind: _CHOICES,
        lambda _layout: (),
        lambda uow, _id, _layout, _options: printing.render_day_sheet(uow, day),
        lambda _uow, _id, _layout, _copies=1: 0,
    )
    name = f"{tr('Day sheet')} {day.isoformat()}"
    return PreviewPage(context, "day_sheet", int(params["id"]), name, services=services)
