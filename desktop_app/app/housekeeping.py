"""Chores nobody should have to remember: sealing past days, carrying costs forward, freezing
customers whose orders wait too long.

Whoever may do them does them, from whichever PC is open; twice is harmless, because a
sealed day is not sealed again and the cost projection goes on from where it stands.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from desktop_app.core.logging import get_logger
from desktop_app.runtime.context import CurrentUser
from desktop_app.runtime.operations import Operations
from desktop_app.services import costing, parties, sealing

EVERY_MS = 60 * 60 * 1000
SOON_MS = 5_000
"""Not before the first screens have been asked for."""

CHORES = (
    ("ledger.seal", sealing.seal_days),
    ("cost.read", costing.update),
    ("sales.write", parties.freeze_late),
)

_log = get_logger("chores")


class Housekeeping(QObject):
    """Runs each chore the user has the permission for: soon, then every hour."""

    def __init__(self, operations: Operations, user: CurrentUser, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._chores = [chore for permission, chore in CHORES if user.may(permission)]
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.run)

    def begin(self) -> None:
        """Start the clock."""
        if self._chores:
            QTimer.singleShot(SOON_MS, self, self.run)
            self._timer.start()

    def run(self) -> None:
        """Hand every chore to the write thread; a failure is logged, not shown."""
        for chore in self._chores:
            self._operations.command(chore, on_error=self._failed, owner=self)

    def _failed(self, error: Exception) -> None:
        _log.warning("a chore failed: %s", error)
