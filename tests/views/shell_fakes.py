"""A window without a server: what the shell's tests stand on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop_app.core.errors import NotFound
from desktop_app.core.settings import LANGUAGE, SOUND, THEME, WORKSTATION, Settings
from desktop_app.domain.permissions import PERMISSIONS
from desktop_app.queries.home import HomeOverview, Task
from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.context import CompanyInfo, CurrentUser
from desktop_app.runtime.notifier import Notifier
from desktop_app.runtime.operations import InlineOperations, Operations
from desktop_app.runtime.translator import speak
from desktop_app.views.shell import Shell
from desktop_app.views.shell_services import ShellServices


class FakeDatabase:
    """Calls the function with itself as unit of work; ``broken`` raises instead."""

    def __init__(self) -> None:
        self.broken: Exception | None = None
        self.calls: list[str] = []

    def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self.calls.append(getattr(function, "__name__", "?"))
        if self.broken is not None:
            raise self.broken
        return function(self, *args, **kwargs)

    read = run


@dataclass(frozen=True)
class FakeHit:
    kind: str
    id: int
    title: str
    subtitle: str = ""


@dataclass
class FakeServices:
    """Answers of the services the window calls."""

    overview: HomeOverview = field(default_factory=HomeOverview)
    hits: list[FakeHit] = field(default_factory=list)
    targets: dict[str, FakeHit] = field(default_factory=dict)
    searched: list[str] = field(default_factory=list)

    def as_services(self) -> ShellServices:
        return ShellServices(self._resolve, self._search, self._overview)

    def _resolve(self, _uow: Any, code: str) -> FakeHit:
        if code not in self.targets:
            raise NotFound("nothing has the code {code}", code=code)
        return self.targets[code]

    def _search(self, _uow: Any, text: str, limit: int) -> list[FakeHit]:
        self.searched.append(text)
        return self.hits[:limit]

    def _overview(self, _uow: Any) -> HomeOverview:
        return self.overview


BUSY_DAY = HomeOverview(
    (
        Task("late_shipments", "Waiting to ship for more than 48 hours", 3, "wrong", ("keys", {})),
        Task("frozen_documents", "Frozen documents", 1, "wrong", ("keys", {})),
        Task("low_stock", "Items at or below the reorder point", 14, "warning", ("keys", {})),
        Task("expiring_lots", "Batches that expire soon", 6, "warning", ("keys", {})),
        Task("my_drafts", "My drafts", 2, "info", ("keys", {})),
        Task("open_counts", "Open counts", 1, "info", ("keys", {})),
        Task("disputes", "Differences in transit", 0, "wrong", ("keys", {})),
    ),
    tuple(
        (date(2026, 1, 5) + timedelta(days=14 * n), Decimal(rate) / 1000)
        for n, rate in enumerate((871, 884, 902, 897, 921, 934, 948, 941, 962, 968, 975, 981))
    ),
)


def make_settings(folder: Path, language: str = "en", theme: str = "light") -> Settings:
    """Settings in a temporary folder, silent."""
    settings = Settings.load(folder / "settings.json")
    settings.set(LANGUAGE, language)
    settings.set(THEME, theme)
    settings.set(SOUND, False)
    settings.set(WORKSTATION, "PC-1")
    return settings


def make_shell(
    folder: Path,
    services: FakeServices | None = None,
    *,
    language: str = "en",
    theme: str = "light",
    permissions: frozenset[str] | None = None,
    operations: Operations | None = None,
    notifier: Notifier | None = None,
) -> Shell:
    """A shell over fakes; ``shell.context.operations`` runs inline unless given."""
    speak(language)
    every = frozenset(permission.code for permission in PERMISSIONS)
    return Shell(
        operations or InlineOperations(FakeDatabase()),
        ChangeBus(),
        notifier or Notifier(),
        make_settings(folder, language, theme),
        CurrentUser("li4", "李四", every if permissions is None else permissions),
        CompanyInfo("Demo 五金制品厂", "local"),
        (services or FakeServices()).as_services(),
    )
