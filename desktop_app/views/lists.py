"""Makes the page of any list of the program."""

from __future__ import annotations

from typing import Any

from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_
from desktop_app.queries.costs import STOCK_VALUE
from desktop_app.queries.home import TASK_LISTS
from desktop_app.queries.listing import ListSpec
from desktop_app.queries.master_lists import PARTY_ROLES
from desktop_app.queries.own_fields import with_columns
from desktop_app.runtime.context import AppContext
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.lists import LISTS, document_list
from desktop_app.views.base.known_fields import known_own_fields
from desktop_app.views.base.list_page import ListPage
from desktop_app.views.master_data.record_lists import ChangesPage, DuplicatesPage, MissingPage
from desktop_app.views.trace.stock_value import StockValuePage

PAGES: dict[str, type[ListPage]] = {
    STOCK_VALUE.id: StockValuePage,
    "list:change_log": ChangesPage,
    "list:duplicates": DuplicatesPage,
    "list:missing_parameters": MissingPage,
}
"""Lists whose page does more than show them."""
NEW_PAGES: dict[str, tuple[str, str]] = {
    "list:item": ("new:item", "master.write"),
    "list:party": ("new:party", "master.write"),
    **{spec.id: ("new:party", "master.write") for spec in PARTY_ROLES},
    "list:warehouse": ("new:warehouse", "master.write"),
    "list:bom": ("new:bom", "master.write"),
    "list:import": ("import", "stock.read"),
    "list:device": ("new:device", "device.manage"),
    "list:label_design": ("new:label_design", "device.manage"),
    "list:own_field": ("new:own_field", "user.manage"),
    "list:work_order": ("make:work_order", "production.write"),
    "list:outsourcing_order": ("make:outsourcing_order", "outsourcing.write"),
}
"""What F6 opens in place of a blank document, and the permission it needs."""
_TASKS = {spec.id: spec for spec in TASK_LISTS}


def create(context: AppContext, params: dict[str, Any]) -> ListPage:
    """``list`` names the list; ``filters`` ({column: text as typed}) narrow it from the start.

    Raises NotFound for a list that does not exist.
    """
    name = str(params.get("list", ""))
    spec = with_columns(find_list(name), known_own_fields())
    document_type = DOCUMENT_TYPES.get(name.removeprefix("list:"))
    written = document_type is not None and document_type.is_written
    needed = document_type.write_permission if document_type and written else None
    new_page, needed = NEW_PAGES.get(name, ("", needed))
    may_create = needed is not None and context.user.may(needed)
    page = PAGES.get(spec.id, ListPage)(context, spec, may_create=may_create, new_page=new_page)
    for column, text in dict(params.get("filters") or {}).items():
        page.set_filter(column, str(text))
    return page


def find_list(name: str) -> ListSpec:
    """The declaration of a list by its id. Raises NotFound."""
    document_type = DOCUMENT_TYPES.get(name.removeprefix("list:"))
    spec = (
        LISTS.get(name)
        or _TASKS.get(name)
        or (document_list(document_type) if document_type else None)
    )
    if spec is None:
        raise NotFound(N_("There is no list called {name}."), name=name)
    return spec
