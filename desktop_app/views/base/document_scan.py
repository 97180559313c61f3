"""What a scanned code means on a document being written: one more of that item."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject

from desktop_app.core.i18n import tr
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.line_section import LineSection
from desktop_app.views.base.page import ScanResult
from desktop_app.views.base.page_services import ServiceCall

_DOCUMENT_NUMBER = re.compile(r"[A-Z]{2,4}-\d{8}-\d{4,}")


class DocumentScan(QObject):
    """Resolves codes in the order they were scanned and adds them to the lines."""

    def __init__(
        self, context: AppContext, resolve: ServiceCall, lines: LineSection, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._resolve = resolve
        self._lines = lines

    def take(self, code: ScanResult) -> bool:
        """Use the code unless it is a document's own number, which the window opens."""
        if _DOCUMENT_NUMBER.fullmatch(code.code):
            return False
        self._context.operations.query(
            self._resolve, code.code, owner=self,
            on_done=lambda target: self._resolved(code.code, target),
            on_error=lambda error: self._unknown(code.code, str(error)))
        return True

    def _resolved(self, code: str, target: Any) -> None:
        if target is None or target.kind != "item":
            self._unknown(code, tr("“{code}” is not an item", code=code))
            return
        qty = getattr(target, "qty", None)
        self._lines.add_scanned(target, qty if isinstance(qty, Decimal) else Decimal(1))
        self._context.notifier.sound("ok")

    def _unknown(self, code: str, sentence: str) -> None:
        self._context.notifier.sound("unknown")
        self._context.notifier.warning(sentence or tr("Unknown code {code}", code=code))
