"""A partner: its form and what is under way with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.core.i18n import tr
from desktop_app.domain.document_type import STATE_TITLES
from desktop_app.queries.master_data import PartyDocument, party_documents
from desktop_app.runtime.context import AppContext
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.views.base.station_table import StationColumn
from desktop_app.views.base.widgets import heading
from desktop_app.views.master_data.master_page import MasterPage, QuietTable
from desktop_app.views.master_data.records import PARTY


def _columns() -> tuple[StationColumn, ...]:
    return (
        StationColumn(tr("Number"), lambda r: r.number, 24, bold=True),
        StationColumn(tr("Document"), lambda r: tr(DOCUMENT_TYPES[r.kind].title), 20),
        StationColumn(tr("State"), lambda r: tr(STATE_TITLES[r.state]), 14, stretch=True),
    )


class PartyPage(MasterPage):
    """Enter on a document opens it."""

    def __init__(
        self,
        context: AppContext,
        party_id: int | None = None,
        proposal: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(context, PARTY, party_id, proposal)

    def build_below(self) -> QWidget:
        side = QWidget(self)
        self.documents = QuietTable(_columns(), self)
        self.documents.chosen.connect(self._open)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(heading(tr("Under way")))
        column.addWidget(self.documents, 1)
        return side

    def show_more(self, record_id: int) -> None:
        if self.context.user.may("stock.read"):
            self.context.operations.query(
                party_documents, record_id, on_done=self._show_documents, on_error=self._failed
            )

    def _show_documents(self, rows: Sequence[PartyDocument]) -> None:
        self._rows = tuple(rows)
        self.documents.show_rows(self._rows)

    def _open(self, row: int) -> None:
        found = self._rows[row]
        self.context.open_page("document", {"kind": found.kind, "id": found.id})

    _rows: tuple[PartyDocument, ...] = ()


def create(context: AppContext, params: dict[str, Any]) -> PartyPage:
    """``id`` opens a partner; ``proposal`` are the first values of a new one."""
    return PartyPage(context, params.get("id"), params.get("proposal"))
