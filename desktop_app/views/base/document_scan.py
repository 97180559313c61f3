"""What a scanned code means on a document being written: one more of that item."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject

from desktop_app.core.i18n import tr
from desktop_app.domain.scan_codes import ScanKind, ScanResult
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.line_section import LineSection
from desktop_app.views.base.page_services import ServiceCall

GOODS = (ScanKind.ITEM, ScanKind.LOT, ScanKind.GS1, ScanKind.CODE)


class DocumentScan(QObject):
    """Resolves codes in the order they were scanned and adds them to the lines."""

    def __init__(
        self, context: AppContext, resolve: ServiceCall, lines: LineSection, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._resolve = resolve
        self._lines = lines

    def take(self, scan: ScanResult) -> bool:
        """Use a code of goods; documents, bins and people are the window's business."""
        if scan.kind not in GOODS:
            return False
        self._context.operations.query(
            self._resolve,
            scan,
            owner=self,
            on_done=lambda target: self._resolved(scan, target),
            on_error=lambda error: self._refused("wrong", str(error)),
        )
        return True

    def _resolved(self, scan: ScanResult, target: Any) -> None:
        if target is None:
            self._refused(
                "unknown", tr("Unknown code {code}. Nothing was changed.", code=scan.text)
            )
        elif target.kind != "item":
            self._refused("wrong", tr("“{code}” is not an item", code=scan.text))
        else:
            qty = target.qty if isinstance(target.qty, Decimal) else Decimal(target.qty)
            self._lines.add_scanned(target, qty)
            self._context.notifier.sound("ok")

    def _refused(self, sound: str, sentence: str) -> None:
        self._context.notifier.sound(sound)
        self._context.notifier.warning(sentence)
