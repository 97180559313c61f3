"""A page on a real database, without threads: what the clerk sees is what was posted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop_app.core.errors import ServerUnreachable
from desktop_app.core.settings import Settings
from desktop_app.domain.permissions import PERMISSIONS
from desktop_app.domain.scan_codes import parse_scan
from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.context import AppContext, CompanyInfo, CurrentUser
from desktop_app.runtime.notifier import RecordingNotifier
from desktop_app.runtime.operations import InlineOperations
from desktop_app.views.base.page import Page
from tests.views.page_fakes import Opened

ALL = frozenset(permission.code for permission in PERMISSIONS)


class CutLine:
    """The connection of one PC; ``cut`` loses the answer of the next command, not its work."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self.cut = False

    def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        result = self._database.run(function, *args, **kwargs)
        if self.cut:
            self.cut = False
            raise ServerUnreachable("gone")
        return result

    def read(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return self._database.read(function, *args, **kwargs)


def context_on(database: Any, folder: Path, permissions: frozenset[str] = ALL) -> AppContext:
    """A context whose calls really happen, at once."""
    return AppContext(
        operations=InlineOperations(database),
        bus=ChangeBus(),
        notifier=RecordingNotifier(),
        settings=Settings.load(folder / "settings.json"),
        user=CurrentUser("owner", "Owner", permissions),
        company=CompanyInfo("Demo"),
        open_page=Opened(),
    )


def opened(
    qtbot: Any,
    create: Callable[[AppContext, dict[str, Any]], Page],
    context: AppContext,
    **params: Any,
) -> Any:
    """The page, shown as in a tab."""
    page = create(context, params)
    qtbot.addWidget(page)
    page.resize(1366, 700)
    page.show()
    return page


def scan(page: Any, *codes: str) -> None:
    """Codes from a scanner, one after the other."""
    for code in codes:
        page.on_scan(parse_scan(code))
