"""What happens to a code, wherever it was scanned: the page first, else open what it names."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop_app.core import clock
from desktop_app.core.errors import EnvironmentFault, NotFound, UserError
from desktop_app.core.i18n import tr
from desktop_app.domain.scan_codes import ScanResult, parse_scan
from desktop_app.runtime.context import AppContext
from desktop_app.runtime.scans import TYPED
from desktop_app.views.actions import ACTIONS
from desktop_app.views.base.scan_bar import ScanBar
from desktop_app.views.shell_services import ShellServices
from desktop_app.views.workspace import Workspace

TAKES_SCANS = "takesScans"
"""Property of a field in a dialog that is there to be scanned into."""

LATE_ANSWER_S = 5.0
"""So long after a scan the sound of a page is its answer to that scan."""


class ScanDesk(QObject):
    """Takes codes one after the other and answers each with a sentence and a sound."""

    def __init__(
        self, context: AppContext, services: ShellServices, workspace: Workspace, bar: ScanBar
    ) -> None:
        super().__init__(bar)
        self._context = context
        self._resolve = services.resolve
        self._workspace = workspace
        self._bar = bar
        self._asked = 0
        self._entry = 0
        self._entry_at = 0.0
        self._page_answers = False
        context.notifier.sounded.connect(self._heard)

    def scanned(self, code: str, symbology: str = "", _raw: Any = None, source: str = "") -> None:
        """A code from a scanner, a photo or the pad. A dialog in front keeps the page from it."""
        scan = parse_scan(symbology + code, source=source)
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            self._take(scan)
            return
        field = dialog.focusWidget()
        if isinstance(field, QLineEdit) and field.property(TAKES_SCANS):
            field.insert(scan.text)
            return
        self._remember(scan, "wrong")
        self._answer(
            "wrong", tr("Close the window in front first: {code} was not used.", code=scan.text)
        )

    def typed(self, raw: str) -> None:
        """A code typed into the scan bar."""
        self._take(parse_scan(raw, source=TYPED))

    def _take(self, scan: ScanResult) -> None:
        """The page in front may use the code, else it is looked up."""
        page = self._workspace.front()
        hub = self._context.scans
        read = hub is not None and scan.source != TYPED
        if read and hub.is_repeat(scan.text) and page and page.ignores_repeats:
            self._remember(scan, "ok")
            told = tr("{code} was read twice in a moment: counted once.", code=scan.text)
            hub.history.answered(self._entry, "ok", told)
            self._bar.say("ok", told)
            return
        self._asked += 1
        self._remember(scan, "ok")
        if scan.problem is not None:
            self._answer("wrong", str(scan.problem))
            return
        self._page_answers = True
        if page is not None and page.on_scan(scan):
            self._bar.say("ok", scan.text)
            return
        self._page_answers = False
        asked = self._asked
        self._bar.say("busy", tr("Looking up {code} …", code=scan.text))
        self._context.operations.query(
            self._resolve,
            scan.text,
            on_done=lambda target: self._found(asked, scan.text, target),
            on_error=lambda error: self._failed(asked, scan.text, error),
            owner=self,
        )

    def _found(self, asked: int, code: str, target: Any) -> None:
        if asked != self._asked:
            return  # a later code is already under way; its page must not be covered
        if target is None:
            self._unknown(code)
            return
        self._answer("ok", target.title)
        if target.kind not in ACTIONS:
            return  # a person's badge or an exit code means something on a station only
        params: dict[str, Any] = {"id": target.id}
        if target.kind == "document":
            params["number"] = target.title
        self._context.open_page(target.kind, params)

    def _failed(self, asked: int, code: str, error: Exception) -> None:
        if isinstance(error, NotFound):
            if asked == self._asked:
                self._unknown(code)
            return
        if isinstance(error, UserError):
            self._answer("wrong", str(error))
            return
        lost = isinstance(error, EnvironmentFault)
        self._answer(
            "wrong",
            tr("{code} was not looked up: no connection.", code=code)
            if lost
            else tr("{code} was not looked up.", code=code),
        )
        self._context.notifier.error(error)

    def _unknown(self, code: str) -> None:
        self._answer("unknown", tr("Unknown code {code}. Nothing was changed.", code=code))

    def _answer(self, kind: str, text: str) -> None:
        self._bar.say(kind, text)
        self._context.notifier.sound(kind)
        if self._context.scans is not None:
            self._context.scans.history.answered(self._entry, kind, text)

    def _remember(self, scan: ScanResult, kind: str) -> None:
        self._page_answers = False
        if self._context.scans is None:
            return
        page = self._workspace.front()
        where = page.title() if page is not None else ""
        history = self._context.scans.history
        self._entry = history.add(scan.text, kind, where, scan.source, scan.symbology)
        self._entry_at = clock.monotonic()

    def _heard(self, kind: str) -> None:
        """A station answers in its own place; its first sound tells how."""
        recent = clock.monotonic() - self._entry_at < LATE_ANSWER_S
        if self._page_answers and recent and self._context.scans is not None:
            self._context.scans.history.answered(self._entry, kind, "")
        self._page_answers = False
