"""Asks about labels that may have come out, on the PC of the printer and on the one that wanted
them: a job that waits for an answer nobody asks for would wait for ever.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop_app.core.logging import get_logger
from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.operations import Operations
from desktop_app.services import print_queue
from desktop_app.services.print_queue import Question

_log = get_logger("runtime.print_questions")


class PrintQuestions(QObject):
    """Follows the queue. Signal: ``asked(Question)``, once for each label that is in doubt."""

    asked = Signal(object)

    def __init__(
        self,
        operations: Operations,
        bus: ChangeBus,
        workstation: str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._operations = operations
        self._workstation = workstation
        self._known: frozenset[int] = frozenset()
        bus.changed.connect(self._topics_changed)

    def look(self) -> None:
        """Ask the database what is in doubt."""
        self._operations.query(
            print_queue.questions,
            self._workstation,
            on_done=self._found,
            on_error=self._away,
            owner=self,
        )

    def _topics_changed(self, topics: frozenset[str]) -> None:
        if topics & {print_queue.TOPIC, "*"}:
            self.look()

    def _found(self, questions: tuple[Question, ...]) -> None:
        known, self._known = self._known, frozenset(q.label_id for q in questions)
        for question in questions:
            if question.label_id not in known:
                self.asked.emit(question)

    def _away(self, error: Exception) -> None:
        _log.info("labels in doubt not asked for: %s", error)
