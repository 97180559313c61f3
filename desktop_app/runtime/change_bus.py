"""Committed changes, from this PC and all others, as one Qt signal."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

GATHER_MS = 40
"""A posting touches several topics in a row; screens reload once for all of them."""


class ChangeBus(QObject):
    """``changed(frozenset[str])`` on the GUI thread, gathered over a short moment.

    Give :meth:`publish` to ``Database.listen``; it may be called from any thread.
    """

    changed = Signal(object)
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(GATHER_MS)
        self._timer.timeout.connect(self.flush)
        self._arrived.connect(self._gather, Qt.ConnectionType.AutoConnection)

    def publish(self, topics: Iterable[str]) -> None:
        """Announce changed topics; thread-safe."""
        self._arrived.emit(frozenset(topics))

    @Slot(object)
    def _gather(self, topics: frozenset[str]) -> None:
        self._waiting |= topics
        self._timer.start()

    @Slot()
    def flush(self) -> None:
        """Emit what has been gathered now instead of in a moment."""
        self._timer.stop()
        topics, self._waiting = frozenset(self._waiting), set()
        if topics:
            self.changed.emit(topics)
