"""What every page is given: the doors to the rest of the program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.notifier import Notifier
from desktop_app.runtime.operations import Operations
from desktop_app.runtime.scans import ScanHub

if TYPE_CHECKING:  # the devices' libraries are loaded when there are devices
    from desktop_app.runtime.device_host import DeviceHost


@dataclass(frozen=True)
class CurrentUser:
    """Who is logged in to the database; ``permissions`` are the codes they hold."""

    login: str
    display_name: str
    permissions: frozenset[str] = frozenset()

    def may(self, permission: str | None) -> bool:
        """True when no permission is needed or this user holds it.

        Only for hiding what would be refused: the database decides.
        """
        return permission is None or permission in self.permissions


@dataclass(frozen=True)
class CompanyInfo:
    """The company of the open database; ``database`` is how its place is shown."""

    name: str
    database: str = ""


OpenPage = Callable[[str, dict[str, Any]], None]
"""``open_page(page_id, params)`` opens a tab or brings it to the front."""


@dataclass(frozen=True)
class AppContext:
    """Handed to each page; holds no data of its own.

    ``settings`` is the loaded ``core.settings.Settings``; ``devices`` runs the devices of this
    PC and ``scans`` brings every code (both None in tests of pages that need none).
    """

    operations: Operations
    bus: ChangeBus
    notifier: Notifier
    settings: Any
    user: CurrentUser
    company: CompanyInfo
    open_page: OpenPage
    devices: DeviceHost | None = None
    scans: ScanHub | None = None
