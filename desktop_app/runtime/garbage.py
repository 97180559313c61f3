"""Reference cycles are collected in the GUI thread, and between two events.

Python runs its cyclic collector in whichever thread happens to allocate. A closed page is
such a cycle (slots, lambdas, layouts); collected by a worker, its Qt objects would be
destroyed there while the GUI thread may be painting them: a crash nobody can repeat. A
collection in the middle of a widget's construction is no better. So the automatic
collector is switched off and a timer of the GUI thread does its work.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

from desktop_app.core import clock

INTERVAL_MS = 200

PAUSE = 50
"""A full collection waits fifty times as long as the last one took: 2 % of the time at most."""


class GuiThreadCollector(QObject):
    """Does from a timer what Python's own collector would do, by its thresholds.

    Make it, start it and stop it in the GUI thread. What exists at the start (modules,
    translations, the look) is set aside: no collection looks at it again.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._full_from = clock.monotonic()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.collect_what_is_due)

    def start(self) -> None:
        """Python's automatic collector rests from here on."""
        gc.disable()
        gc.freeze()
        self._timer.start()

    def stop(self) -> None:
        """As it was before ``start``."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    @Slot()
    def collect_what_is_due(self) -> None:
        """Nothing, the young objects, or all of them."""
        young, _, old = gc.get_count()
        enough, _, enough_old = gc.get_threshold()
        begun = clock.monotonic()
        if old > enough_old and begun >= self._full_from:
            gc.collect()
            ended = clock.monotonic()
            self._full_from = ended + PAUSE * (ended - begun)
        elif young > enough:
            gc.collect(1)
