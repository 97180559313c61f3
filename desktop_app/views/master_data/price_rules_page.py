"""Tax rates by day and the levels customers buy at, on one page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import Editor, Field, Store
from desktop_app.runtime.context import AppContext
from desktop_app.services.price_rules import price_rules, save_price_rules
from desktop_app.views.base.form_table import TableSpec
from desktop_app.views.base.tabbed_form import FormTab
from desktop_app.views.master_data.master_page import MasterPage
from desktop_app.views.master_data.records import MasterSpec

TAXES = TableSpec(
    "taxes",
    N_("Tax rates"),
    (
        Field("code", N_("Code"), Editor.TEXT, Store.LINE, required=True, width=12),
        Field("valid_from", N_("Valid from"), Editor.DATE, Store.LINE, required=True, width=12),
        Field("rate", N_("Tax %"), Editor.PERCENT, Store.LINE, required=True, width=8),
        Field("name", N_("Name"), Editor.TEXT, Store.LINE, required=True, width=30),
    ),
    hint=N_("A new rate is a new row; old documents keep theirs."),
)
LEVELS = TableSpec(
    "levels",
    N_("Price levels"),
    (
        Field("code", N_("Code"), Editor.TEXT, Store.LINE, required=True, width=10),
        Field("name", N_("Name"), Editor.TEXT, Store.LINE, required=True, width=24),
    ),
    hint=N_("A customer has a level, an item a price in it."),
)


def _save(uow: UnitOfWork, values: Mapping[str, Any], _record_id: int | None, version: Any) -> int:
    return save_price_rules(uow, values, version)


PRICE_RULES = MasterSpec(
    kind="price_rules",
    new_title=N_("Taxes and price levels"),
    fields=(),
    load=price_rules,
    save=_save,
    topics=frozenset({"price_rules"}),
    tabs=(FormTab(N_("Taxes and price levels"), (), (TAXES, LEVELS)),),
)


class PriceRulesPage(MasterPage):
    """The only record of its kind: nothing new to begin."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context, PRICE_RULES, 1)
        self.new_button.hide()

    def begin_new(self) -> None:
        """There is only one such record."""


def create(context: AppContext, _params: dict[str, Any]) -> PriceRulesPage:
    """The page needs nothing to open."""
    return PriceRulesPage(context)
