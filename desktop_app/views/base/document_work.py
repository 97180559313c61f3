"""One document being worked on: loading, saving, acting, once each, with what may go wrong.

Holds no widget. A uuid stays the same until its call has succeeded, so a double click or a
resend after a lost connection posts once.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop_app.core.errors import (
    AlreadyRecorded,
    ConfirmationRequired,
    InsufficientStock,
    InvalidInput,
    StaleDocument,
)
from desktop_app.domain.document_type import DocumentType, Transition
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.page_services import DocumentServices


class DocumentWork(QObject):
    """The conversation with the services about one document.

    Signals:
        loaded(view): what the server holds, asked for by open or after a change.
        drafted(draft): a new document proposed from its origin.
        saved(reference): create or save went through.
        acted(transition, reference): a step went through.
        invalid(problems): places that are wrong.
        short(error): InsufficientStock.
        stale(): somebody else changed the document meanwhile.
        confirmation_wanted(error, repeat): ask, then call ``repeat()`` or ``repeat(reason)``.
        failed(error): anything else.
        busy_changed(bool): a change is under way; buttons are to be disabled.
    """

    loaded = Signal(object)
    drafted = Signal(object)
    saved = Signal(object)
    acted = Signal(object, object)
    invalid = Signal(object)
    short = Signal(object)
    stale = Signal()
    confirmation_wanted = Signal(object, object)
    failed = Signal(object)
    busy_changed = Signal(bool)

    def __init__(
        self,
        context: AppContext,
        document_type: DocumentType,
        services: DocumentServices,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._services = services
        self.document_type = document_type
        self.document_id: int | None = None
        self.version = 0
        self.state = ""
        self.origin_id: int | None = None
        self.view: Any = None
        self.busy = False
        self._uuids: dict[str, uuid.UUID] = {}

    @property
    def is_new(self) -> bool:
        """Not saved yet."""
        return self.document_id is None

    def may_write(self) -> bool:
        """The state lets fields be changed and this login may do it."""
        writable = self.is_new or self.state in self.document_type.editable_states
        return writable and self._context.user.may(self.document_type.write_permission)

    def steps(self) -> tuple[Transition, ...]:
        """Steps offered as buttons from the present state to this login, in declared order."""
        if self.is_new:
            return ()
        return tuple(
            step
            for step in self.document_type.verbs_from(self.state)
            if step.button and self._context.user.may(step.permission)
        )

    def open(self, document_id: int) -> None:
        """Ask for the document as it is now."""
        self.document_id = document_id
        self._context.operations.query(
            self._services.get_view, document_id, on_done=self._loaded, on_error=self._load_failed
        )

    def look(self, on_view: Any) -> None:
        """Ask for the document without taking it over (who changed it meanwhile?)."""
        self._context.operations.query(
            self._services.get_view,
            self.document_id,
            owner=self,
            on_done=on_view,
            on_error=self.failed.emit,
        )

    def derive(self, origin_id: int) -> None:
        """Ask for a new document proposed from ``origin_id``: the rest of it."""
        self.origin_id = origin_id
        self._context.operations.query(
            self._services.derive,
            self.document_type,
            origin_id,
            on_done=self._drafted,
            on_error=self._load_failed,
        )

    def take_over(self, view: Any) -> None:
        """Continue from ``view``: its version is the one to change."""
        self.view = view
        self.document_id, self.version, self.state = view.id, view.version, view.state

    def save(
        self,
        head: Mapping[str, Any],
        lines: Sequence[Mapping[str, Any]],
        confirmed: frozenset[str] = frozenset(),
        reason: str = "",
    ) -> None:
        """Create the document, or save it when it exists already."""
        if self.busy:
            return
        draft = self._services.draft(
            kind=self.document_type.kind,
            uuid=self._uuid("create" if self.is_new else "save"),
            head=dict(head),
            lines=tuple(dict(line) for line in lines),
            origin_id=self.origin_id,
            **_confirmed(confirmed),
            **({"reason": reason} if reason else {}),
        )

        def repeat(key: str, why: str) -> None:
            self.save(head, lines, confirmed | {key}, why or reason)

        if self.is_new:
            self._run(self._services.create, draft, done=self._saved, repeat=repeat)
        else:
            self._run(
                self._services.save,
                self.document_id,
                self.version,
                draft,
                done=self._saved,
                repeat=repeat,
            )

    def act(
        self,
        step: Transition,
        evidence: Mapping[str, Any],
        reason: str,
        confirmed: frozenset[str] = frozenset(),
    ) -> None:
        """Carry out one step of the life cycle."""
        if self.busy or self.is_new:
            return
        command = self._services.command(
            uuid=self._uuid(f"{step.verb}@{self.version}"),
            document_id=self.document_id,
            version=self.version,
            verb=step.verb,
            entries=(),
            evidence=dict(evidence),
            reason=reason,
            **_confirmed(confirmed),
        )
        call = self._services.step_service(self.document_type.kind, step.verb)

        def done(reference: Any) -> None:
            self._uuids.clear()
            self.acted.emit(step, reference)
            self._reload()

        def repeat(key: str, why: str) -> None:
            self.act(step, evidence, why or reason, confirmed | {key})

        self._run(call, command, done=done, repeat=repeat)

    def _uuid(self, purpose: str) -> uuid.UUID:
        return self._uuids.setdefault(purpose, uuid.uuid4())

    def _run(self, call: Any, *args: Any, done: Any, repeat: Any) -> None:
        self._set_busy(True)

        def finished(value: Any) -> None:
            self._set_busy(False)
            done(value)

        def refused(error: Exception) -> None:
            self._set_busy(False)
            self._sort_out(error, repeat)

        self._context.operations.command(
            call, *args, on_done=finished, on_error=refused, owner=self
        )

    def _sort_out(self, error: Exception, repeat: Any) -> None:
        """Each kind of refusal has its own place on the page."""
        if isinstance(error, ConfirmationRequired):
            key = error.key
            self.confirmation_wanted.emit(error, lambda why="": repeat(key, why))
        elif isinstance(error, InvalidInput):
            self.invalid.emit(error.problems)
        elif isinstance(error, InsufficientStock):
            self.short.emit(error)
        elif isinstance(error, StaleDocument):
            self.stale.emit()
        elif isinstance(error, AlreadyRecorded) and self.document_id is not None:
            self._uuids.clear()
            self._reload()
        else:
            self.failed.emit(error)

    def _saved(self, reference: Any) -> None:
        self._uuids.clear()
        self.document_id, self.version, self.state = (
            reference.id,
            reference.version,
            reference.state,
        )
        self.saved.emit(reference)
        self._reload()

    def _reload(self) -> None:
        if self.document_id is not None:
            self.open(self.document_id)

    def _loaded(self, view: Any) -> None:
        self.take_over(view)
        self.loaded.emit(view)

    def _drafted(self, draft: Any) -> None:
        self.drafted.emit(draft)

    def _load_failed(self, error: Exception) -> None:
        self.failed.emit(error)

    def _set_busy(self, busy: bool) -> None:
        self.busy = busy
        self.busy_changed.emit(busy)


def _confirmed(keys: frozenset[str]) -> dict[str, Any]:
    """Soft rules the person has agreed to; left out when there are none."""
    return {"confirmed": tuple(sorted(keys))} if keys else {}
