"""The base of everything that fills a tab."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from desktop_app.domain.scan_codes import ScanResult
from desktop_app.runtime.context import AppContext

__all__ = ["EVERYTHING", "SETTINGS_TOPIC", "Page", "ScanResult"]

EVERYTHING = "*"
"""The topic sent after a broken line came back: changes may have been missed."""

SETTINGS_TOPIC = "settings"
"""Settings of this PC were changed; published on this PC's bus only, never sent to others."""


class Page(QWidget):
    """One screen in a tab.

    A page names the change topics it shows; when one of them is touched on any PC it
    reloads at once if it is visible, else when it is next shown. A page with unsaved
    input keeps it: ``reload`` must not throw typed values away.
    """

    title_changed = Signal(str)
    dirty_changed = Signal(bool)
    close_wanted = Signal()
    change_source = ""
    """What the change log calls this screen; documents keep their own record and need none."""
    quiet_ms = 0
    """Wait so long after a change before reloading (pages that are costly to fill)."""
    for_scanning = False
    """A page whose work is scanning: it warns when an input method is about to take the keys."""
    ignores_repeats = False
    """The same code within 300 ms is one scan (a scanner without a trigger reads twice)."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._stale = True
        context.bus.changed.connect(self._on_changed)

    def title(self) -> str:
        """Text of the tab, translated."""
        return self.windowTitle()

    def topics(self) -> frozenset[str]:
        """Change topics this page shows; empty for a page that never reloads by itself."""
        return frozenset()

    def reload(self) -> None:
        """Fetch again what is shown; called on first show and whenever it became stale."""

    def on_scan(self, code: ScanResult) -> bool:
        """A code was scanned while this page is in front; True when the page used it."""
        return False

    def is_dirty(self) -> bool:
        """True while the page holds input that is not saved."""
        return False

    def can_close(self) -> bool:
        """False makes the window ask before the tab is closed."""
        return not self.is_dirty()

    def is_stale(self) -> bool:
        """True when what is shown is known to be out of date."""
        return self._stale

    def refresh(self) -> None:
        """Reload now and be fresh again (F5, reconnect)."""
        self._stale = False
        self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale and not event.spontaneous():
            self.refresh()

    @Slot(object)
    def _on_changed(self, topics: frozenset[str]) -> None:
        if not (topics & self.topics() or (EVERYTHING in topics and self.topics())):
            return
        self._stale = True
        if self.quiet_ms:
            QTimer.singleShot(self.quiet_ms, self, self._refresh_if_stale)
        else:
            self._refresh_if_stale()

    def _refresh_if_stale(self) -> None:
        if self._stale and self.isVisible():
            self.refresh()
