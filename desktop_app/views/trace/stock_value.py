"""The list of stock values: costs are brought up to date each time it is looked at."""

from __future__ import annotations

from desktop_app.core.i18n import tr
from desktop_app.services import costing
from desktop_app.services.costing import CostReport
from desktop_app.views.base.list_page import ListPage


class StockValuePage(ListPage):
    """Reads the acts since the last time into the costs, then shows the list as usual."""

    def reload(self) -> None:
        """Posting never touches money, so whoever looks at values carries it forward."""
        self.context.operations.command(
            costing.update,
            on_done=self._projected,
            on_error=self.context.notifier.error,
            owner=self,
        )

    def _projected(self, report: CostReport) -> None:
        if not report.complete:
            self.context.notifier.info(
                tr("Somebody is posting just now; the newest acts are not in the values yet.")
            )
        super().reload()
