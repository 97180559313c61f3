"""A partner: its form, what is under way, last prices, and whether new orders are frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QTabWidget, QWidget

from desktop_app.core.i18n import tr
from desktop_app.domain.customer_freeze import frozen_because
from desktop_app.domain.document_type import STATE_TITLES, Editor
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.tax_ids import tax_id_warning
from desktop_app.queries.parties import (
    FreezeEvent,
    PartyDocument,
    freeze_log,
    open_amount,
    party_documents,
    price_levels,
)
from desktop_app.runtime.context import AppContext
from desktop_app.services import parties
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.party_prices import PriceRow, last_prices_of
from desktop_app.views.base.inline_bar import Asked
from desktop_app.views.base.station_table import StationColumn
from desktop_app.views.base.tabbed_form import TabbedForm
from desktop_app.views.base.tones import Tone
from desktop_app.views.base.values import format_value
from desktop_app.views.master_data.master_page import MasterPage, QuietTable
from desktop_app.views.master_data.party_record import PARTY


def _documents() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Number"), lambda r: r.number, 22, bold=True),
        StationColumn(tr("Document"), lambda r: tr(DOCUMENT_TYPES[r.kind].title), 18),
        StationColumn(tr("Date"), lambda r: format_value(Editor.DATE, r.doc_date), 12),
        StationColumn(tr("Due date"), lambda r: format_value(Editor.DATE, r.due_date), 12),
        StationColumn(tr("State"), lambda r: tr(STATE_TITLES[r.state]), 14, stretch=True),
    )


def _prices() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Item"), lambda r: r.item_code, 16, bold=True),
        StationColumn(tr("Name"), lambda r: r.item_name, stretch=True),
        StationColumn(
            tr("Price"), lambda r: format_value(Editor.PRICE, r.price), 12, right=True, bold=True
        ),
        StationColumn(
            tr("Quantity"), lambda r: f"{format_quantity(r.qty, grouping=True)} {r.uom}", 12, True
        ),
        StationColumn(tr("Date"), lambda r: format_value(Editor.DATE, r.day), 12),
        StationColumn(tr("Document"), lambda r: r.number, 22),
    )


def _freezes() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("When"), lambda r: format_value(Editor.TIMESTAMP, r.at), 17),
        StationColumn(
            tr("What"),
            lambda r: tr("Frozen") if r.frozen else tr("Released"),
            10,
            bold=True,
            tone=lambda r: Tone.WRONG if r.frozen else Tone.GOOD,
        ),
        StationColumn(tr("Late order"), lambda r: r.number, 22),
        StationColumn(tr("Reason"), lambda r: r.reason, stretch=True),
        StationColumn(tr("Who"), lambda r: r.actor, 14),
        StationColumn(tr("PC"), lambda r: r.workstation, 14),
    )


class PartyPage(MasterPage):
    """Enter on a document or a price opens it; F7 freezes or releases the customer's orders."""

    def __init__(
        self,
        context: AppContext,
        party_id: int | None = None,
        proposal: dict[str, Any] | None = None,
    ) -> None:
        self._frozen = ""
        super().__init__(context, PARTY, party_id, proposal)
        self.freeze_key = self.add_key(tr("Freeze new orders"), "F7", self.ask_freeze)
        if isinstance(self.form, TabbedForm):
            self.form.editor("tax_id").edited.connect(self._check_tax_id)
        self.context.operations.query(price_levels, on_done=self._use_levels, on_error=self._failed)
        self._show_freeze_key()

    def build_below(self) -> QWidget:
        below = QTabWidget(self, documentMode=True)
        self.documents = QuietTable(_documents(), self, empty_text=tr("No open documents."))
        self.documents.chosen.connect(lambda row: self._open(self._rows[row]))
        self.prices = QuietTable(
            _prices(), self, empty_text=tr("No prices yet: orders and receipts bring them.")
        )
        self.prices.chosen.connect(self._open_price)
        self.freezes = QuietTable(_freezes(), self, empty_text=tr("Never frozen."))
        for title, table in (
            (tr("Under way"), self.documents),
            (tr("Last prices"), self.prices),
            (tr("Frozen and released"), self.freezes),
        ):
            below.addTab(table, title)
        return below

    def show_more(self, record_id: int) -> None:
        if not self.context.user.may("stock.read"):
            return
        for query, show in (
            (party_documents, self._show_documents),
            (last_prices_of, self._show_prices),
            (freeze_log, self._show_freezes),
            (open_amount, self._show_open_amount),
        ):
            self.context.operations.query(query, record_id, on_done=show, on_error=self._failed)

    def ask_freeze(self) -> None:
        """Freeze the customer's new orders, or release them: a reason is needed (F7)."""
        if self.record_id is None or not self._may_freeze():
            return
        if self._frozen:
            text, yes, call = tr("Release this customer:"), tr("Let order again"), parties.release
        else:
            text, yes, call = tr("Freeze new orders:"), tr("Freeze new orders"), parties.freeze
        self.bar.ask(
            text, (Asked("reason", tr("Reason")),), yes, lambda given: self._decide(call, given)
        )

    def _decide(self, call: Any, given: Mapping[str, str]) -> None:
        self.context.operations.command(
            call,
            self.record_id,
            given["reason"],
            on_done=lambda _nothing: self._decided(),
            on_error=self._failed,
            owner=self,
        )

    def _decided(self) -> None:
        self.context.notifier.success(tr("Saved"))
        self.reload()

    def _may_freeze(self) -> bool:
        return self.context.user.may("sales.deposit")

    def _show(self, values: Mapping[str, Any]) -> None:
        super()._show(values)
        self._frozen = str(values.get("orders_frozen_reason") or "")
        self._is_customer = bool(values.get("is_customer"))
        why = frozen_because(self._frozen)
        if why is not None:
            actions = ((tr("Let order again"), self.ask_freeze),) if self._may_freeze() else ()
            self.bar.tell(tr("New orders are frozen: {why}", why=why), actions, wrong=True)
        self._show_freeze_key()
        self._check_tax_id()

    def _show_freeze_key(self) -> None:
        title = tr("Let order again") if self._frozen else tr("Freeze new orders")
        self.freeze_key.setText(f"{title}  F7")
        self.freeze_key.setVisible(
            self.record_id is not None and self._is_customer and self._may_freeze()
        )

    def _check_tax_id(self) -> None:
        """A slip of the pen is told beside the field; it never stops anybody."""
        warning = tax_id_warning(str(self.form.value("tax_id") or ""))
        self.form.show_remark("tax_id", "" if warning is None else str(warning))

    def _use_levels(self, levels: Sequence[tuple[str, str]]) -> None:
        editor: Any = self.form.editor("price_level")
        editor.use_choices(tuple(levels))

    def _show_documents(self, rows: Sequence[PartyDocument]) -> None:
        self._rows = tuple(rows)
        self.documents.show_rows(self._rows)

    def _show_prices(self, rows: Sequence[PriceRow]) -> None:
        self._price_rows = tuple(rows)
        self.prices.show_rows(self._price_rows)

    def _show_freezes(self, rows: Sequence[FreezeEvent]) -> None:
        self.freezes.show_rows(tuple(rows))

    def _show_open_amount(self, amount: Any) -> None:
        self.form.show_computed("open_amount", amount)

    def _open(self, found: PartyDocument) -> None:
        self.context.open_page("document", {"kind": found.kind, "id": found.id})

    def _open_price(self, row: int) -> None:
        found = self._price_rows[row]
        self.context.open_page("document", {"kind": found.kind, "id": found.document_id})

    _rows: tuple[PartyDocument, ...] = ()
    _price_rows: tuple[PriceRow, ...] = ()
    _is_customer = False


def create(context: AppContext, params: dict[str, Any]) -> PartyPage:
    """``id`` opens a partner; ``proposal`` are the first values of a new one."""
    return PartyPage(context, params.get("id"), params.get("proposal"))
