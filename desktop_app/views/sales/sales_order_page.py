"""The page of a sales order: the generic one with its deposit and locks in the head."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from desktop_app.views.base.document_page import DocumentPage
from desktop_app.views.sales.order_holds_panel import OrderHoldsPanel


class SalesOrderPage(DocumentPage):
    """Shows below the head what the order has locked, ordered out and really out."""

    def _build(self) -> None:
        super()._build()
        self.holds = OrderHoldsPanel(self.context, parent=self)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(column.indexOf(self.head) + 1, self.holds)

    def _connect(self) -> None:
        super()._connect()
        self.work.loaded.connect(self._fetch_holds)
        self.holds.changed.connect(self.reload)

    def _fetch_holds(self, view: Any) -> None:
        self.holds.fetch(view.id)
