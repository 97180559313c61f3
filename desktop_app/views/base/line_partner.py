"""What the partner of a document has to do with its lines: their item codes, their prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt

from desktop_app.core.i18n import tr
from desktop_app.domain.document_type import DocumentType
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.line_model import ITEM, PRICE
from desktop_app.views.base.line_table import LineTable
from desktop_app.views.base.page_services import DocumentServices
from desktop_app.views.base.price_popup import PricePopup


class LinePartner(QObject):
    """Finds items by the partner's codes and shows the partner's prices of a line (F7)."""

    def __init__(
        self,
        context: AppContext,
        document_type: DocumentType,
        services: DocumentServices,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._type = document_type
        self._services = services
        self._table: LineTable | None = None
        self.party_id: int | None = None
        self.popup: PricePopup | None = None
        self._shown_for = (0, 0)

    def follow(self, table: LineTable) -> None:
        """Take F7 of that table where the document has prices."""
        self._table = table
        if self._services.price_history is not None and self._type.price_side:
            table.take_key(Qt.Key.Key_F7, self.show_prices)

    def search(self, uow: Any, text: str, **options: Any) -> Any:
        """Search for pickers of the lines: also by what the partner calls an item."""
        if self.party_id is None or self._services.search_for is None:
            return self._services.search(uow, text, **options)
        return self._services.search_for(uow, text, **options, party_id=self.party_id)

    def resolve(self, uow: Any, scan: Any) -> Any:
        """What a scan on the lines means: the partner's code of an item counts first."""
        if self.party_id is None or self._services.resolve_for is None:
            return self._services.resolve(uow, scan)
        return self._services.resolve_for(uow, scan, self.party_id)

    def ask_codes(self, items: Sequence[int], on_known: Any) -> None:
        """Hand over what the partner calls these items, by item id."""
        if self.party_id is None or self._services.their_codes is None:
            return
        self._context.operations.query(
            self._services.their_codes,
            self.party_id,
            items,
            on_done=on_known,
            on_error=self._context.notifier.error,
            owner=self,
        )

    def show_prices(self) -> None:
        """Prices of this partner for the item of the current line (F7)."""
        table, history = self._table, self._services.price_history
        if table is None or history is None or self.party_id is None:
            return
        if not table.currentIndex().isValid():
            return
        row = table.currentIndex().row()
        item_id = table.lines.line(row).values.get(ITEM)
        if item_id is None:
            return
        self._context.operations.query(
            history,
            self._type.kind,
            self.party_id,
            item_id,
            on_done=lambda rows: self._show(row, item_id, rows),
            on_error=self._context.notifier.error,
            owner=self,
        )

    def _show(self, row: int, item_id: int, rows: Sequence[Any]) -> None:
        table = self._table
        if table is None or row >= table.lines.rowCount():
            return
        line = table.lines.line(row)
        if line.values.get(ITEM) != item_id:
            return
        if self.popup is None:
            self.popup = PricePopup(table)
            self.popup.taken.connect(self._take)
        self._shown_for = (row, item_id)
        spot = table.visualRect(table.lines.index(row, table.currentIndex().column()))
        title = tr(
            "{item}: prices of this partner",
            item=line.values.get("item_code") or line.values.get("item_name") or "",
        )
        takes = not table.lines.read_only and table.lines.column_of(PRICE) >= 0
        below = table.viewport().mapToGlobal(spot.bottomLeft())
        self.popup.show_prices(title, rows, below, takes=takes)

    def _take(self, price: Any) -> None:
        table, (row, item_id) = self._table, self._shown_for
        if table is None or row >= table.lines.rowCount():
            return
        line = table.lines.line(row)
        if line.values.get(ITEM) == item_id:
            table.lines.sheet.set_value(line, PRICE, price)
            table.lines.refresh()
            table.lines.edited.emit()


def their_name(found: Mapping[int, Any], item_id: int | None) -> str:
    """What the partner calls an item, as a piece of the line's story; "" when unknown."""
    known = found.get(item_id or 0)
    if known is None:
        return ""
    return tr("theirs: {name}", name=known.text)
