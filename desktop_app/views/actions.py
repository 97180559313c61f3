"""Every screen of the program as data: navigation, menus and the palette read this table.

A row names its factory as ``"module:callable"``; the module is imported when the screen is
first opened, so start-up does not pay for screens nobody looks at. The callable takes the
context and the parameters and returns a :class:`~desktop_app.views.base.page.Page`.
"""

from __future__ import annotations

from collections.abc import Iterator

from desktop_app.core.i18n import N_
from desktop_app.core.registry import Registry
from desktop_app.domain.document_type import DocumentType
from desktop_app.queries.home import TASK_LISTS
from desktop_app.queries.listing import ListSpec
from desktop_app.queries.master_lists import PARTY_ROLES
from desktop_app.runtime.context import CurrentUser
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.lists import LISTS
from desktop_app.views.action import GROUPS as GROUPS, Action as Action, Group as Group
from desktop_app.views.office_actions import OFFICE

_DOCUMENTS = "desktop_app.views.base.factories"
_MASTER = "desktop_app.views.master_data"
_MAKE = "desktop_app.views.manufacturing.order_page"
_LIST = "desktop_app.views.lists:create"
_TRACE = "desktop_app.views.trace"

DOCUMENT_ICONS = {
    "purchase_receipt": "receive",
    "shipment": "ship",
    "sales_return": "undo",
    "transfer": "transfer",
    "bin_move": "bin",
    "outsourcing_receipt": "receive",
}
"""Where the icon of the area would not tell two lists apart."""

TASK_ICONS = {
    "late_shipments": "ship",
    "frozen_documents": "frozen",
    "frozen_customers": "frozen",
    "disputes": "dispute",
    "expired_locks": "lock",
    "low_stock": "low",
    "expiring_lots": "expiry",
    "expiring": "expiry",
    "missing_parameters": "edit",
    "my_drafts": "edit",
    "open_counts": "counting",
}
"""Icons of the home page's cards and of the lists behind them, by task."""

LIST_PLACES: dict[str, tuple[str, str]] = {
    "list:stock": ("warehouse", "item"),
    "list:move": ("warehouse", "clock"),
    "list:item": ("master", "item"),
    "list:family": ("master", "item"),
    "list:party": ("master", "party"),
    "list:place": ("master", "bin"),
    "list:customer": ("master", "party"),
    "list:supplier": ("master", "party"),
    "list:subcontractor": ("master", "party"),
    "list:carrier": ("master", "ship"),
    "list:bom": ("production", "production"),
    "list:warehouse": ("master", "warehouse"),
    "list:refused": ("reports", "lock"),
    "list:own_field": ("settings", "edit"),
    "list:import": ("master", "refresh"),
    "list:duplicates": ("master", "item"),
    "list:change_log": ("reports", "clock"),
    "list:waived_parameters": ("reports", "reports"),
    "list:print_job": ("warehouse", "print"),
    "list:label_design": ("settings", "edit"),
    "list:device": ("settings", "scan"),
    "list:scale_check": ("reports", "reports"),
    "list:day_seal": ("reports", "lock"),
}
"""Area and icon of the lists that belong to no document type."""


MASTER: dict[str, tuple[str, str, str, str]] = {
    "item": (N_("Item"), N_("New item"), "item", "item_page"),
    "family": (N_("Family"), N_("New family"), "item", "family_page"),
    "party": (N_("Partner"), N_("New partner"), "party", "party_page"),
    "warehouse": (N_("Warehouse"), N_("New warehouse"), "warehouse", "warehouse_page"),
    "bom": (N_("Bill of materials"), N_("New bill of materials"), "production", "bom_page"),
}
"""Master data forms: title, title of a new one, icon, module."""


def _master_actions(kind: str, title: str, new: str, sign: str, module: str) -> Iterator[Action]:
    factory = f"{_MASTER}.{module}:create"
    yield Action(kind, title, sign, "", None, "", factory)
    yield Action(
        f"new:{kind}",
        new,
        "plus",
        "",
        "master.write",
        "master",
        factory,
        {"id": None},
        in_navigation=False,
    )


def _document_actions(document_type: DocumentType) -> Iterator[Action]:
    kind, area = document_type.kind, document_type.area
    sign = DOCUMENT_ICONS.get(kind, area)
    read = document_type.read_permission or (None if area == "counting" else "stock.read")
    yield Action(
        f"list:{kind}",
        document_type.plural,
        sign,
        "",
        read,
        area,
        _LIST,
        {"list": f"list:{kind}", "kind": kind},
    )
    if not document_type.is_written:
        return
    yield Action(
        f"new:{kind}",
        N_("New {document}"),
        "plus",
        "",
        document_type.write_permission,
        area,
        f"{_DOCUMENTS}:create_document",
        {"kind": kind, "id": None},
        in_navigation=False,
        words={"document": document_type.title},
    )


def _list_action(spec: ListSpec) -> Action:
    area, sign = LIST_PLACES.get(spec.id, ("reports", "reports"))
    return Action(
        spec.id,
        spec.title,
        sign,
        "",
        spec.permission,
        area,
        _LIST,
        {"list": spec.id},
        in_navigation=spec not in PARTY_ROLES,
    )


def _task_action(spec: ListSpec) -> Action:
    """The list behind a card of the home page: found by the palette, not in the tree."""
    name = spec.id.removeprefix("list:")
    return Action(
        spec.id,
        spec.title,
        TASK_ICONS.get(name, "document"),
        "",
        spec.permission,
        "home",
        _LIST,
        {"list": spec.id},
        in_navigation=False,
    )


_TASK_IDS = frozenset(spec.id for spec in TASK_LISTS)

ACTIONS: Registry[Action] = Registry(
    (
        Action(
            "home", N_("Home"), "home", "Alt+Home", None, "home", "desktop_app.views.home:create"
        ),
        Action(
            "document", N_("Document"), "document", "", None, "", f"{_DOCUMENTS}:create_document"
        ),
        Action(
            "preview", N_("Print preview"), "print", "", None, "", f"{_DOCUMENTS}:create_preview"
        ),
        Action(
            "receiving",
            N_("Receive goods"),
            "receive",
            "",
            "stock.receive",
            "purchase",
            "desktop_app.views.purchasing.receiving_station:create",
        ),
        Action(
            "put_away",
            N_("Put goods away"),
            "bin",
            "",
            "stock.receive",
            "purchase",
            "desktop_app.views.purchasing.put_away_station:create",
        ),
        Action(
            "picking",
            N_("Picking station"),
            "scan",
            "",
            "stock.ship",
            "sales",
            "desktop_app.views.sales.picking_station:create",
        ),
        Action(
            "shipping",
            N_("Shipping station"),
            "ship",
            "",
            "stock.ship",
            "sales",
            "desktop_app.views.sales.shipping_station:create",
        ),
        Action(
            "transfer_station",
            N_("Receive transfers"),
            "transfer",
            "",
            "stock.receive",
            "warehouse",
            "desktop_app.views.transfers.station:create",
        ),
        Action(
            "work_station",
            N_("Production station"),
            "scan",
            "",
            "production.write",
            "production",
            "desktop_app.views.manufacturing.station:create",
        ),
        Action(
            "outsourcing_station",
            N_("Outsourcing station"),
            "scan",
            "",
            "stock.read",
            "outsourcing",
            "desktop_app.views.outsourcing.station:create",
        ),
        Action(
            "make:work_order",
            N_("Work order by BOM"),
            "plus",
            "",
            "production.write",
            "production",
            f"{_MAKE}:create",
            {"kind": "work_order"},
        ),
        Action(
            "make:outsourcing_order",
            N_("Outsourcing by BOM"),
            "plus",
            "",
            "outsourcing.write",
            "outsourcing",
            f"{_MAKE}:create",
            {"kind": "outsourcing_order"},
        ),
        *(row for known in DOCUMENT_TYPES for row in _document_actions(known)),
        *(_list_action(spec) for spec in LISTS if spec.id not in _TASK_IDS),
        *(_task_action(spec) for spec in TASK_LISTS),
        Action(
            "why",
            N_("Why is this number so?"),
            "why",
            "",
            "stock.read",
            "warehouse",
            f"{_TRACE}.why_page:create",
        ),
        Action(
            "bin_at",
            N_("Bin at a minute"),
            "clock",
            "",
            "stock.read",
            "warehouse",
            f"{_TRACE}.bin_page:create",
        ),
        Action("bin", N_("Bin"), "bin", "", "stock.read", "", f"{_TRACE}.bin_page:create"),
        Action(
            "count:enter",
            N_("Enter counts"),
            "scan",
            "",
            "count.enter",
            "counting",
            "desktop_app.views.counting.entry_station:create",
        ),
        Action(
            "count:plan",
            N_("Plan a count"),
            "plus",
            "",
            "count.plan",
            "counting",
            "desktop_app.views.counting.plan_page:create",
        ),
        Action(
            "count:accuracy",
            N_("Book and shelf"),
            "reports",
            "",
            "stock.read",
            "counting",
            "desktop_app.views.counting.trend_page:create",
        ),
        Action(
            "count:review",
            N_("Stock count"),
            "counting",
            "",
            "stock.read",
            "",
            "desktop_app.views.counting.review_page:create",
        ),
        *(row for kind, words in MASTER.items() for row in _master_actions(kind, *words)),
        *OFFICE,
    ),
    key=lambda action: action.id,
)


def listed_actions(user: CurrentUser) -> tuple[Action, ...]:
    """The screens this user may open from the navigation or the palette, in order."""
    return tuple(a for a in ACTIONS if a.is_listed() and user.may(a.permission))
