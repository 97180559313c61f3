"""Every screen of the program as data: navigation, menus and the palette read this table.

A row names its factory as ``"module:callable"``; the module is imported when the screen is
first opened, so start-up does not pay for screens nobody looks at. The callable takes the
context and the parameters and returns a :class:`~desktop_app.views.base.page.Page`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop_app.core.i18n import N_
from desktop_app.core.registry import Registry
from desktop_app.runtime.context import AppContext, CurrentUser
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
    means everybody. ``shortcut`` is a key sequence valid in the whole window.
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
        Group("counting", N_("Counting"), "counting"),
        Group("production", N_("Production"), "production"),
        Group("outsourcing", N_("Outsourcing"), "outsourcing"),
        Group("master", N_("Master data"), "master"),
        Group("reports", N_("Reports"), "reports"),
        Group("settings", N_("Settings"), "settings"),
    ),
    key=lambda group: group.id,
)

_SETTINGS = "desktop_app.views.settings"

ACTIONS: Registry[Action] = Registry(
    (
        Action("home", N_("Home"), "home", "Alt+Home", None, "home",
               "desktop_app.views.home:create"),
        Action("settings", N_("Settings"), "settings", "Ctrl+,", None, "settings",
               f"{_SETTINGS}.settings_page:create"),
        Action("keys", N_("Keys"), "keyboard", "F1", None, "settings",
               "desktop_app.views.keyboard_sheet:create", in_navigation=False),
        Action("users", N_("Users"), "users", "", "user.manage", "settings",
               f"{_SETTINGS}.users_page:create"),
    ),
    key=lambda action: action.id,
)


def listed_actions(user: CurrentUser) -> tuple[Action, ...]:
    """The screens this user may open from the navigation or the palette, in order."""
    return tuple(a for a in ACTIONS if a.is_listed() and user.may(a.permission))
