"""The page of a sales order: the generic one with customer, deposit and locks in the head."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from desktop_app.queries.parties import DeliveryAddress
from desktop_app.views.base.document_page import DocumentPage
from desktop_app.views.sales.customer_strip import CustomerStrip, address_fields
from desktop_app.views.sales.order_holds_panel import OrderHoldsPanel

ADDRESSABLE = ("approved", "picking", "part")
"""States of an order whose goods may still be sent elsewhere."""


class SalesOrderPage(DocumentPage):
    """Shows below the head whether the customer is frozen, what the order has locked, ordered
    out and really out; F6 offers the customer's delivery addresses.
    """

    def _build(self) -> None:
        super()._build()
        self.customer = CustomerStrip(self.context, parent=self)
        self.holds = OrderHoldsPanel(self.context, parent=self)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        place = column.indexOf(self.head) + 1
        column.insertWidget(place, self.holds)
        column.insertWidget(place, self.customer)

    def _connect(self) -> None:
        super()._connect()
        self.work.loaded.connect(self._fetch_holds)
        self.holds.changed.connect(self.reload)
        self.customer.address_chosen.connect(self._send_to)
        self.customer.addresses_known.connect(self._propose_address)

    def _shortcuts(self) -> None:
        super()._shortcuts()
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence("F6"), self, self.customer.offer, context=scope)

    def _use_head(self) -> None:
        super()._use_head()
        self.customer.follow(self.head.value("party_id"), may_choose=self._may_readdress())

    def _may_readdress(self) -> bool:
        if self.work.is_new:
            return self.work.may_write()
        return self.work.state in ADDRESSABLE and self.context.user.may("sales.write")

    def _propose_address(self, addresses: tuple[DeliveryAddress, ...]) -> None:
        """The first address of a newly chosen customer, where none was typed."""
        if self.work.is_new and not self.head.value("address"):
            self._fill(addresses[0])

    def _send_to(self, address: DeliveryAddress) -> None:
        """Fill a new order; a written one is re-addressed by an act."""
        if self.work.is_new:
            self._fill(address)
            self._edited()
            return
        step = self.document_type.transition("readdress")
        assert step is not None
        self.work.act(step, address_fields(address), "")

    def _fill(self, address: DeliveryAddress) -> None:
        for name, value in address_fields(address).items():
            if name in self.head:
                self.head.editor(name).show_value(value)

    def _fetch_holds(self, view: Any) -> None:
        self.holds.fetch(view.id)
