"""Under the head of a sales order: is the customer frozen, and where do the goods go?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from desktop_app.core.i18n import tr
from desktop_app.domain.customer_freeze import frozen_because
from desktop_app.queries.parties import DeliveryAddress
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.tones import Tone, tone
from desktop_app.views.sales.station_services import CustomerServices, customer_services


class CustomerStrip(QFrame):
    """Says when new orders are frozen, and offers the customer's delivery addresses (F6).

    Signals:
        address_chosen(address): fill it in.
        addresses_known(addresses): of another customer than before; the best one first.
    """

    address_chosen = Signal(object)
    addresses_known = Signal(object)

    def __init__(
        self,
        context: AppContext,
        services: CustomerServices | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._services = services or customer_services()
        self._party_id: int | None = None
        self._may_choose = False
        self.addresses: tuple[DeliveryAddress, ...] = ()
        self.frozen = QLabel(self)
        self.frozen.setWordWrap(True)
        self.open_button = QPushButton(tr("Open the customer"), self)
        self.open_button.clicked.connect(lambda _checked=False: self._open_customer())
        self.address_button = QPushButton(tr("Delivery address (F6)"), self)
        self.address_button.clicked.connect(lambda _checked=False: self.offer())
        self.menu = QMenu(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.frozen, 1)
        row.addWidget(self.open_button)
        row.addStretch(0)
        row.addWidget(self.address_button)
        self._show("")

    def follow(self, party_id: int | None, *, may_choose: bool) -> None:
        """Another customer, or another state of the order: ask again."""
        changed = party_id != self._party_id
        self._party_id, self._may_choose = party_id, may_choose
        if party_id is None:
            self.addresses = ()
            self._show("")
            return
        if changed:
            self.addresses = ()
        self._context.operations.query(
            self._services.frozen_reason,
            party_id,
            on_done=self._show,
            on_error=self._context.notifier.error,
            owner=self,
        )
        self._context.operations.query(
            self._services.delivery_addresses,
            party_id,
            on_done=lambda found: self._known(party_id, found, changed),
            on_error=self._context.notifier.error,
            owner=self,
        )

    def offer(self) -> None:
        """Open the list of addresses (F6)."""
        if not self._may_choose or not self.addresses:
            return
        self.menu.clear()
        for address in self.addresses:
            text = "  ".join(
                part for part in (address.receiver, address.phone, address.address) if part
            )
            action = QAction(text.replace("&", "&&"), self.menu)
            action.triggered.connect(
                lambda _checked=False, found=address: self.address_chosen.emit(found)
            )
            self.menu.addAction(action)
        self.menu.setActiveAction(self.menu.actions()[0])
        self.menu.popup(self.address_button.mapToGlobal(self.address_button.rect().bottomLeft()))

    def _known(self, party_id: int, found: Sequence[DeliveryAddress], changed: bool) -> None:
        if party_id != self._party_id:
            return
        self.addresses = tuple(found)
        self.address_button.setVisible(self._may_choose and bool(self.addresses))
        self._hide_empty()
        if changed and self.addresses:
            self.addresses_known.emit(self.addresses)

    def _show(self, kept: str) -> None:
        why = frozen_because(kept)
        self.frozen.setText(
            "" if why is None else tr("New orders of this customer are frozen: {why}", why=why)
        )
        self.frozen.setStyleSheet(f"color: {tone(Tone.WRONG).name()}; font-weight: bold;")
        self.open_button.setVisible(why is not None)
        self.address_button.setVisible(self._may_choose and bool(self.addresses))
        self._hide_empty()

    def _hide_empty(self) -> None:
        """Nothing to say takes no room."""
        self.setVisible(not self.open_button.isHidden() or not self.address_button.isHidden())

    def _open_customer(self) -> None:
        self._context.open_page("party", {"id": self._party_id})


def address_fields(address: DeliveryAddress) -> Mapping[str, Any]:
    """The fields of an order's head that an address fills."""
    return {"receiver": address.receiver, "phone": address.phone, "address": address.address}
