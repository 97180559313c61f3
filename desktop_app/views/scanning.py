"""What happens to a code, wherever it was scanned: the page first, else open what it names."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop_app.core.errors import EnvironmentFault, NotFound, UserError
from desktop_app.core.i18n import tr
from desktop_app.domain.scan_codes import parse_scan
from desktop_app.runtime.context import AppContext
from desktop_app.views.actions import ACTIONS
from desktop_app.views.base.scan_bar import ScanBar
from desktop_app.views.shell_services import ShellServices
from desktop_app.views.workspace import Workspace


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

    def scanned(self, raw: str) -> None:
        """A code from a scanner. A dialog in front gets it as typed text, not the page."""
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            self.typed(raw)
            return
        field = dialog.focusWidget()
        if isinstance(field, QLineEdit):
            field.insert(parse_scan(raw).text)

    def typed(self, raw: str) -> None:
        """A code to act upon: the page in front may use it, else it is looked up."""
        self._asked += 1
        scan = parse_scan(raw)
        if scan.problem is not None:
            self._answer("wrong", str(scan.problem))
            return
        page = self._workspace.front()
        if page is not None and page.on_scan(scan):
            self._bar.say("ok", scan.text)
            return
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
