"""The printed record of a scale's check, in the usual preview."""

from __future__ import annotations

from typing import Any

from desktop_app.core.i18n import N_, tr
from desktop_app.reporting import registry
from desktop_app.runtime.context import AppContext
from desktop_app.services import scale_check_paper
from desktop_app.services.printing import LayoutChoice
from desktop_app.views.base.page_services import PrintServices
from desktop_app.views.base.preview import PreviewPage

LAYOUT = "scale_check"
_CHOICES = (LayoutChoice(LAYOUT, N_("Check of a scale")),)


def create(context: AppContext, params: dict[str, Any]) -> PreviewPage:
    """Factory named in the table of actions; ``id`` is the scale's."""
    services = PrintServices(
        lambda _kind: _CHOICES,
        lambda _layout: (),
        lambda uow, device_id, _layout, options: registry.render(
            LAYOUT, scale_check_paper.sheet(uow, device_id), options
        ),
        lambda _uow, _id, _layout, _copies=1: 0,
    )
    return PreviewPage(
        context, LAYOUT, int(params["id"]), tr("Check of a scale"), services=services
    )
