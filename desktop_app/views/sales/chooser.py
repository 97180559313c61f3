"""The first face of a sales station: which shipment is worked on, and how it is found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.core.i18n import tr
from desktop_app.domain.document_type import STATE_TITLES
from desktop_app.domain.scan_codes import ScanResult
from desktop_app.queries.picking import FoundDocument, OpenShipment, ShipmentSheet
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.station import StationPage, enlarge
from desktop_app.views.base.station_table import StationColumn, StationTable
from desktop_app.views.sales.walk import is_document


def _columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Shipment"), lambda row: row.number, 18, bold=True),
        StationColumn(tr("State"), lambda row: tr(STATE_TITLES.get(row.state, row.state)), 10),
        StationColumn(tr("Customer"), lambda row: row.customer, stretch=True),
        StationColumn(tr("Order"), lambda row: row.order_number, 18),
        StationColumn(tr("Warehouse"), lambda row: row.warehouse, 15),
        StationColumn(tr("Since"), lambda row: f"{row.released_at.astimezone():%m-%d %H:%M}", 11),
        StationColumn(
            tr("Lines left"), lambda row: f"{row.lines_left}/{row.lines}", 10, right=True
        ),
    )


class ShipmentStation(StationPage):
    """A station that works on one shipment at a time.

    Subclasses give ``states`` (what the list offers), fill ``work`` and override
    :meth:`opened`, :meth:`working_scan`, :meth:`working_enter`.
    """

    states: Sequence[str] = ()

    def __init__(
        self,
        context: AppContext,
        title: str,
        services: Any,
        shipment_id: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, title, parent)
        self.services = services
        self.sheet: ShipmentSheet | None = None
        self._wanted = shipment_id
        self._shipments: tuple[OpenShipment, ...] = ()
        self.table = StationTable(_columns(), self)
        self.table.chosen.connect(self._open_row)
        self.nothing = self.table.empty
        enlarge(self.bar, 1.3)
        self.work = QWidget(self)
        self.faces = QStackedWidget(self)
        for face in (self.table, self.work):
            self.faces.addWidget(face)
        self.body.addWidget(self.faces, 1)

    def topics(self) -> frozenset[str]:
        return frozenset({"document:shipment"})

    def reload(self) -> None:
        if self.sheet is not None or self._wanted is not None:
            self.open_shipment(self.sheet.id if self.sheet is not None else self._wanted or 0)
        else:
            self.show_list()

    def show_list(self) -> None:
        """Offer the shipments that wait."""
        self.sheet, self._wanted = None, None
        self.subtitle.setText("")
        self.context.operations.query(
            self.services.open_shipments,
            list(self.states),
            on_done=self._listed,
            on_error=self.failed,
            owner=self,
        )

    def open_shipment(self, shipment_id: int) -> None:
        """Fetch a shipment and work on it."""
        self.context.operations.query(
            self.services.get_sheet,
            shipment_id,
            on_done=self._fetched,
            on_error=self._not_fetched,
            owner=self,
        )

    def opened(self, sheet: ShipmentSheet) -> None:
        """A shipment was fetched, for the first time or again."""

    def working_scan(self, code: ScanResult) -> None:
        """A code that is no document number was scanned while a shipment is open."""

    def working_enter(self) -> None:
        """Enter in the empty field while a shipment is open."""

    def order_without_shipment(self, found: FoundDocument) -> None:
        """An order's number was scanned and nothing of it is being picked."""
        self.tell("unknown", tr("{number} has nothing to be worked on here.", number=found.number))

    def scanned(self, code: ScanResult) -> None:
        if is_document(code):
            self.context.operations.query(
                self.services.find_document,
                code.code,
                owner=self,
                on_done=lambda found: self._found(code.code, found),
                on_error=self.failed,
            )
        elif self.sheet is not None:
            self.working_scan(code)
        else:
            self.tell("wrong", tr("Scan a shipment or an order first."))

    def enter_pressed(self) -> None:
        if self.sheet is None:
            self._open_row(self.table.current_row())
        else:
            self.working_enter()

    def back(self) -> None:
        if not self.bar.isHidden():
            self.bar.dismiss()
        elif self.sheet is not None:
            self.show_list()
        self.scan_field.setFocus()

    def _listed(self, rows: Sequence[OpenShipment]) -> None:
        if self.sheet is not None:
            return
        self._shipments = tuple(rows)
        self.table.show_rows(self._shipments)
        self.faces.setCurrentWidget(self.table)
        if rows:
            self.nothing.hide()
        else:
            self.nothing.say(tr("Nothing waits here. Scan an order or a shipment."))
        self.prompt(tr("Scan the pick list or the order, or choose a line and press Enter"))
        self.show_keys()
        self.scan_field.setFocus()

    def show_keys(self) -> None:
        """Offer the keys that mean something now."""

    def _open_row(self, row: int) -> None:
        if 0 <= row < len(self._shipments):
            self.open_shipment(self._shipments[row].id)

    def _found(self, number: str, found: FoundDocument | None) -> None:
        if found is None:
            self.tell("unknown", tr("Unknown code {code}. Nothing was changed.", code=number))
        elif found.shipment_id is not None:
            self.context.notifier.sound("ok")
            self.open_shipment(found.shipment_id)
        else:
            self.order_without_shipment(found)

    def _fetched(self, sheet: ShipmentSheet) -> None:
        self.sheet = sheet
        self.faces.setCurrentWidget(self.work)
        self.subtitle.setText(
            " · ".join(
                part
                for part in (sheet.number, sheet.order_number, sheet.customer, sheet.warehouse)
                if part
            )
        )
        self.opened(sheet)
        self.show_keys()
        self.scan_field.setFocus()

    def _not_fetched(self, error: Exception) -> None:
        self._wanted = None
        self.failed(error)
