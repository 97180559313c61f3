"""What a screen is in the table of actions, and the areas of the navigation."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop_app.core.i18n import N_, Message
from desktop_app.core.registry import Registry
from desktop_app.runtime.context import AppContext
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
