"""Every screen of the program as data: navigation, menus and the palette read this table.

A row names its factory as ``"module:callable"``; the module is imported when the screen is
first opened, so start-up does not pay for screens nobody looks at. The callable takes the
context and the parameters and returns a :class:`~desktop_app.views.base.page.Page`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop_app.core.i18n import N_, Message
from desktop_app.core.registry import Registry
from desktop_app.domain.document_type import DocumentType
from desktop_app.queries.home import TASK_LISTS
from desktop_app.queries.listing import ListSpec
from desktop_app.queries.master_lists import PARTY_ROLES
from desktop_app.runtime.context import AppContext, CurrentUser
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.lists import LISTS
from desktop_app.views.base.page import Page

PageFactory = Callable[[AppContext, dict[str, Any]], Page]


@dataclass(frozen=True)
class Group:
    """An area of the left navigation."""

    id: str
    title: str
    icon: str


@dataclass(frozen=True)
class Action:
    """One screen. ``group`` "" keeps it out of navigation and palette (it needs parameters).

    ``params`` are given to the factory below what the caller passes. ``permission`` None
    means everybody. ``shortcut`` is a key sequence valid in the whole window. ``words``
    fill the places of ``title``, themselves translated.
    """

    id: str
    title: str
    icon: str
    shortcut: str
    permission: str | None
    group: str
    factory: str
    params: Mapping[str, Any] = field(default_factory=dict)
    in_navigation: bool = True
    words: Mapping[str, str] = field(default_factory=dict)

    def label(self) -> str:
        """The title in the present language."""
        return str(Message(self.title, {name: Message(word) for name, word in self.words.items()}))

    def english(self) -> str:
        """The title as it is in the source."""
        return self.title.format_map(self.words)

    def load(self) -> PageFactory:
        """Import the factory. Raises ImportError or AttributeError when it is missing."""
        module, _, name = self.factory.partition(":")
        factory: PageFactory = getattr(importlib.import_module(module), name)
        return factory

    def is_listed(self) -> bool:
        """True when it opens without parameters and so appears in the palette."""
        return bool(self.group)


GROUPS = Registry(
    (
        Group("home", N_("Home"), "home"),
        Group("purchase", N_("Purchase"), "purchase"),
        Group("sales", N_("Sales"), "sales"),
        Group("warehouse", N_("Warehouse"), "warehouse"),
        Group("counting", N_("Counts"), "counting"),
        Group("production", N_("Production"), "production"),
        Group("outsourcing", N_("Outsourcing"), "outsourcing"),
        Group("master", N_("Master data"), "master"),
        Group("reports", N_("Reports"), "reports"),
        Group("settings", N_("Settings"), "settings"),
    ),
    key=lambda group: group.id,
)

_SETTINGS = "desktop_app.views.settings"
_DOCUMENTS = "desktop_app.views.base.factories"
_MASTER = "desktop_app.views.master_data"
_MAKE = "desktop_app.views.manufacturing.order_page"
_SCANNERS = "desktop_app.views.scanners"
_LIST = "desktop_app.views.lists:create"
_TRACE = "desktop_app.views.trace"
_LABELS = "desktop_app.views.labels"
_DEVICES = "desktop_app.views.devices"

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
        Action(
            "duplicate",
            N_("Merge duplicates"),
            "item",
            "",
            "stock.read",
            "",
            f"{_MASTER}.merge_page:create",
        ),
        Action(
            "history",
            N_("History"),
            "clock",
            "",
            "stock.read",
            "",
            f"{_MASTER}.record_lists:create_history",
        ),
        Action(
            "price_rules",
            N_("Taxes and price levels"),
            "reports",
            "",
            "stock.read",
            "master",
            f"{_MASTER}.price_rules_page:create",
        ),
        Action(
            "bin_labels",
            N_("Bin labels"),
            "print",
            "",
            None,
            "",
            f"{_MASTER}.labels:create_bin_labels",
        ),
        Action(
            "settings",
            N_("Settings"),
            "settings",
            "Ctrl+,",
            None,
            "settings",
            f"{_SETTINGS}.settings_page:create",
        ),
        Action(
            "keys",
            N_("Keys"),
            "keyboard",
            "F1",
            None,
            "settings",
            "desktop_app.views.keyboard_sheet:create",
            in_navigation=False,
        ),
        Action(
            "scans",
            N_("Last scans"),
            "scan",
            "Ctrl+Shift+J",
            None,
            "warehouse",
            f"{_SCANNERS}.log_page:create",
            in_navigation=False,
        ),
        Action(
            "teach_scanner",
            N_("Teach a scanner"),
            "scan",
            "",
            None,
            "settings",
            f"{_SCANNERS}.teach_page:create",
        ),
        Action(
            "scanner_codes",
            N_("Teach a scanner"),
            "print",
            "",
            None,
            "",
            f"{_SCANNERS}.teach_paper:create",
        ),
        Action(
            "print_labels",
            N_("Labels"),
            "print",
            "",
            "label.print",
            "",
            f"{_LABELS}.print_page:create",
        ),
        Action(
            "label_sheet", N_("Label sheet"), "print", "", None, "", f"{_LABELS}.sheet_page:create"
        ),
        Action("print_job", N_("Labels"), "print", "", None, "", f"{_LABELS}.job_page:create"),
        Action(
            "label_designer",
            N_("Label designer"),
            "edit",
            "",
            None,
            "",
            f"{_LABELS}.designer.page:create",
        ),
        Action(
            "new:label_design",
            N_("New label design"),
            "plus",
            "",
            "device.manage",
            "settings",
            f"{_LABELS}.designer.page:create",
            {"id": 0},
            in_navigation=False,
        ),
        Action(
            "devices",
            N_("Devices"),
            "scan",
            "",
            None,
            "settings",
            f"{_DEVICES}.devices_page:create",
        ),
        Action("device", N_("Device"), "scan", "", None, "", f"{_DEVICES}.device_page:create"),
        Action(
            "new:device",
            N_("New device"),
            "plus",
            "",
            "device.manage",
            "settings",
            f"{_DEVICES}.device_page:create",
            {"id": None},
            in_navigation=False,
        ),
        Action(
            "device_test", N_("Try a device"), "scan", "", None, "", f"{_DEVICES}.test_page:create"
        ),
        Action(
            "scale_check",
            N_("Try a device"),
            "scan",
            "",
            None,
            "",
            f"{_DEVICES}.test_page:create_of_check",
        ),
        Action("device_log", N_("Byte log"), "scan", "", None, "", f"{_DEVICES}.log_page:create"),
        Action(
            "import",
            N_("Import a file"),
            "export",
            "",
            None,
            "master",
            "desktop_app.views.importing.import_page:create",
        ),
        Action(
            "import_run",
            N_("Import"),
            "refresh",
            "",
            None,
            "",
            "desktop_app.views.importing.run_page:create",
        ),
        Action(
            "own_field",
            N_("Own field"),
            "edit",
            "",
            None,
            "",
            f"{_SETTINGS}.own_field_page:create",
        ),
        Action(
            "new:own_field",
            N_("New own field"),
            "plus",
            "",
            "user.manage",
            "settings",
            f"{_SETTINGS}.own_field_page:create",
            {"id": None},
            in_navigation=False,
        ),
        Action(
            "users",
            N_("Users"),
            "users",
            "",
            "user.manage",
            "settings",
            f"{_SETTINGS}.users_page:create",
        ),
    ),
    key=lambda action: action.id,
)


def listed_actions(user: CurrentUser) -> tuple[Action, ...]:
    """The screens this user may open from the navigation or the palette, in order."""
    return tuple(a for a in ACTIONS if a.is_listed() and user.may(a.permission))
