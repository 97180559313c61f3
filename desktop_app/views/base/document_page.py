"""The one page behind every document type: head, lines, steps, history, driven by its declaration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from desktop_app.core import clock
from desktop_app.core.errors import (
    ConfirmationRequired,
    FieldProblem,
    InsufficientStock,
    UserError,
)
from desktop_app.core.i18n import tr
from desktop_app.domain.document_type import DocumentType, Editor, Transition
from desktop_app.runtime.context import AppContext
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.views.base.document_bar import DocumentBar
from desktop_app.views.base.document_scan import DocumentScan
from desktop_app.views.base.document_work import DocumentWork
from desktop_app.views.base.form_errors import by_place
from desktop_app.views.base.head_form import HeadForm
from desktop_app.views.base.inline_bar import Asked, InlineBar
from desktop_app.views.base.line_model import Line
from desktop_app.views.base.line_section import LineSection
from desktop_app.views.base.page import Page, ScanResult
from desktop_app.views.base.page_services import DocumentServices, document_services
from desktop_app.views.base.side_panel import SidePanel
from desktop_app.views.base.step_questions import answered, questions
from desktop_app.views.base.values import format_value
from desktop_app.views.base.view_memory import view_memory

ENDED = ("void", "closed", "reversed", "rejected")
LABELLED = (
    "shipment",
    "purchase_receipt",
    "other_receipt",
    "opening_stock",
    "work_order",
    "outsourcing_receipt",
)
"""Kinds whose goods or cartons get labels."""


@dataclass(frozen=True)
class Proposal:
    """What a new document starts from: a copy, or values another screen knows already."""

    head: Mapping[str, Any] = field(default_factory=dict)
    lines: Sequence[Mapping[str, Any]] = ()
    origin_id: int | None = None


class DocumentPage(Page):
    """Write, save, act on, print and explain one document.

    ``proposal`` or ``origin_id`` start a new one; without them it is blank.
    """

    def __init__(
        self,
        context: AppContext,
        document_type: DocumentType,
        document_id: int | None = None,
        *,
        proposal: Proposal | None = None,
        origin_id: int | None = None,
        services: DocumentServices | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, parent)
        self.document_type = document_type
        self._services = services or document_services()
        self.work = DocumentWork(context, document_type, self._services, self)
        self.work.document_id = document_id
        self._proposal = proposal
        self._origin_id = origin_id
        self._started = False
        self._dirty = False
        self._edits = 0
        self._edits_sent = 0
        self._next_step: Transition | None = None
        self._build()
        self._connect()
        self._shortcuts()

    def title(self) -> str:
        if self.work.view is not None and self.work.view.number:
            return str(self.work.view.number)
        return tr("New: {kind}", kind=tr(self.document_type.title))

    def topics(self) -> frozenset[str]:
        if self.work.is_new:
            return frozenset()
        return frozenset({f"document:{self.work.document_id}"})

    def is_dirty(self) -> bool:
        return self._dirty

    def reload(self) -> None:
        """Fetch again; while something is typed only a change by others is looked for."""
        if self.work.is_new:
            self._start_new()
        elif self._dirty:
            self.work.look(self._compare)
        else:
            self.work.open(self.work.document_id or 0)

    def on_scan(self, code: ScanResult) -> bool:
        asking = self.bar.focused_field()
        if asking is not None:
            asking.setText(code.code)
            self.bar.answer_next()
            return True
        return self.work.may_write() and self._scan.take(code)

    def open_number(self, number: str) -> None:
        """Show the saved document of that number instead of a new one."""
        self._started = True
        self.context.operations.query(
            self._services.search,
            number,
            kinds=("document",),
            limit=1,
            on_done=self._number_found,
            on_error=self._failed,
        )

    def save(self, then: Transition | None = None) -> None:
        """Check, then create or save; ``then`` is carried out when that went through."""
        if self.work.busy or not self.work.may_write():
            return
        problems = (*self.head.problems(), *self.lines.problems())
        lines = self.lines.drafts()
        if problems:
            self._show_problems(problems)
            return
        self._next_step = then
        self._edits_sent = self._edits
        self.bar.clear()
        self.work.save(self.head.values(), lines)

    def step(self, step: Transition) -> None:
        """Carry out a step, saving first what is typed and asking for what it needs."""
        if self.work.busy:
            return
        if self._dirty and self.work.may_write():
            self.save(then=step)
            return
        asked = questions(step)
        if not asked:
            self.work.act(step, {}, "")
            return
        self.bar.ask(
            f"{tr(step.title)}:",
            asked,
            tr(step.title),
            lambda answers: self.work.act(step, *answered(step, answers)),
        )

    def copy(self) -> None:
        """A new document with the same goods (Ctrl+D)."""
        keep = {f.name for f in self.document_type.head_fields}
        head = {**{k: v for k, v in self.head.values().items() if k in keep}, **self.head.titles()}
        head.pop("doc_date", None)
        proposal = Proposal(head, self.lines.model.sheet.copied())
        self.context.open_page("document", {"kind": self.document_type.kind, "proposal": proposal})

    def print_preview(self) -> None:
        """The document on paper (F9)."""
        if not self.work.is_new:
            self.context.open_page(
                "preview",
                {
                    "kind": self.document_type.kind,
                    "document_id": self.work.document_id,
                    "title": self.title(),
                },
            )

    def print_labels(self) -> None:
        """Labels of its goods, or of a shipment's cartons, for the label printer (Shift+F9)."""
        number, kind = self.work.document_id, self.document_type.kind
        if self.work.is_new or kind not in LABELLED or not self.context.user.may("label.print"):
            return
        what = (
            {"kind": "shipping", "shipment": number}
            if kind == "shipment"
            else {"kind": "item", "document": number}
        )
        self.context.open_page("print_labels", {**what, "title": self.title()})

    def _build(self) -> None:
        self.top = DocumentBar(self.document_type, self)
        self.top.labelled = self.document_type.kind in LABELLED and self.context.user.may(
            "label.print"
        )
        self.bar = InlineBar(self)
        self.head = HeadForm(
            self.context,
            self.document_type.head_fields,
            self._services.search,
            self,
            party_role=self.document_type.party_role,
        )
        self.lines = LineSection(self.context, self.document_type, self._services, self)
        self.side = SidePanel(self.document_type, self)
        self.side.hide()
        self._photos: Any = None
        self._scan = DocumentScan(self.context, self.lines.partner.resolve, self.lines, self)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.addWidget(self.lines)
        split.addWidget(self.side)
        split.setStretchFactor(0, 1)
        split.setSizes([1000, 288])
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 4)
        column.setSpacing(8)
        column.addWidget(self.top)
        column.addWidget(self.bar)
        column.addWidget(self.head)
        column.addWidget(split, 1)

    def _connect(self) -> None:
        self.top.save_wanted.connect(self.save)
        self.top.step_wanted.connect(self.step)
        self.top.copy_wanted.connect(self.copy)
        self.top.print_wanted.connect(self.print_preview)
        self.top.labels_wanted.connect(self.print_labels)
        self.top.derive_wanted.connect(self._derive)
        self.head.edited.connect(self._head_edited)
        self.head.left.connect(self.lines.table.start)
        self.lines.edited.connect(self._edited)
        self.lines.why_wanted.connect(self._why)
        self.side.link_opened.connect(self._open_link)
        work = self.work
        work.loaded.connect(self._show_view)
        work.drafted.connect(self._show_new)
        work.saved.connect(self._saved)
        work.acted.connect(self._acted)
        work.invalid.connect(self._show_problems)
        work.short.connect(self._show_shortage)
        work.stale.connect(self._stale_refused)
        work.confirmation_wanted.connect(self._confirm)
        work.failed.connect(self._failed)
        work.busy_changed.connect(self.top.set_busy)

    def _shortcuts(self) -> None:
        keys = {
            "Ctrl+S": self.save,
            "F8": self._main_step,
            "Ctrl+Return": self._main_step,
            "F9": self.print_preview,
            "Shift+F9": self.print_labels,
            "F10": self.top.open_menu,
            "Ctrl+D": self.copy,
        }
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for key, action in keys.items():
            QShortcut(QKeySequence(key), self, action, context=scope)

    def _main_step(self) -> None:
        main = self.top.main_step
        if main is not None:
            self.step(main)
        elif self.work.may_write():
            self.save()

    def _start_new(self) -> None:
        if self._started:
            return
        self._started = True
        if self._origin_id is not None:
            self._show_new(Proposal(self._first_head()))
            self.work.derive(self._origin_id)
        else:
            self._show_new(self._proposal or Proposal())

    def _first_head(self) -> dict[str, Any]:
        """Today, and the warehouse this PC used last."""
        names = {f.name: f for f in self.document_type.head_fields}
        head: dict[str, Any] = {}
        if "doc_date" in names:
            head["doc_date"] = clock.today()
        last = view_memory().get("last.warehouse")
        if "warehouse_id" in names and isinstance(last, dict):
            head |= {"warehouse_id": last.get("id"), "warehouse_title": last.get("title")}
        return head

    def _show_new(self, proposal: Any) -> None:
        """Show a blank, copied or derived document; all three have head and lines."""
        head = {**self._first_head(), **{k: v for k, v in proposal.head.items() if v is not None}}
        if proposal.origin_id is not None:
            self.work.origin_id = proposal.origin_id
        self.head.show_values(head)
        self._use_head()
        self.lines.load(proposal.lines, writing=True)
        self._show_bar()
        self._set_dirty(bool(proposal.lines))
        self.head.focus_field()

    def _show_view(self, view: Any) -> None:
        """Show what the server holds; input typed since the last save stays as it is."""
        writing = self.work.may_write()
        if not self._dirty:
            self.head.show_values(view.head)
            self.head.set_read_only(not writing)
            self._use_head()
            place = self.lines.table.currentIndex()
            self.lines.load(view.lines, writing=writing)
            self.lines.table.setCurrentIndex(self.lines.model.index(place.row(), place.column()))
        self._show_photos(view.id)
        self.side.show_view(view)
        self.side.show()
        self._show_bar()
        self.title_changed.emit(self.title())

    def _show_photos(self, document_id: int) -> None:
        """The photos' tab, made with the first document: pictures are not loaded at the start."""
        if self._photos is None:
            from desktop_app.views.devices.photos_panel import PhotosPanel

            self._photos = PhotosPanel(self.context, self.side)
            self.side.add_photos(self._photos)
        self._photos.show_document(document_id)

    def _show_bar(self) -> None:
        view, work = self.work.view, self.work
        number = view.number if view is not None else None
        moved = bool(view.moved_stock) if view is not None else False
        self.top.show_identity(number, work.state, moved)
        self.top.show_steps(
            work.steps(), self._derivable(), may_write=work.may_write(), is_new=work.is_new
        )

    def _derivable(self) -> tuple[DocumentType, ...]:
        """Types that can be generated from this document now by this login."""
        work = self.work
        if work.is_new or work.state in ENDED or work.state in self.document_type.editable_states:
            return ()
        return tuple(
            target
            for target in DOCUMENT_TYPES
            if self.document_type.kind in target.origin_kinds
            and self.context.user.may(target.write_permission)
        )

    def _head_edited(self, name: str) -> None:
        if name in ("party_id", "warehouse_id", "doc_date"):
            self._use_head()
        self._edited()

    def _use_head(self) -> None:
        self.lines.use_party(self.head.value("party_id"))
        self.lines.use_warehouse(self.head.value("warehouse_id"))
        self.lines.use_day(self.head.value("doc_date"))

    def _edited(self) -> None:
        self._edits += 1
        self._set_dirty(True)

    def _set_dirty(self, dirty: bool) -> None:
        self.top.show_unsaved(dirty)
        if dirty != self._dirty:
            self._dirty = dirty
            self.dirty_changed.emit(dirty)

    def _saved(self, _reference: Any) -> None:
        if self._edits == self._edits_sent:
            self._set_dirty(False)
        self.context.notifier.success(tr("Saved"))
        self._remember_warehouse()
        step, self._next_step = self._next_step, None
        if step is not None and not self._dirty:
            self.step(step)

    def _acted(self, step: Transition, reference: Any) -> None:
        """Say it; a step that made another document (a shipment) opens that one."""
        self.bar.clear()
        self.context.notifier.success(tr(step.done or step.title))
        if reference.id != self.work.document_id:
            self.context.open_page("document", {"number": reference.number, "id": reference.id})

    def _show_problems(self, problems: tuple[FieldProblem, ...]) -> None:
        places = by_place(problems)
        in_head = {name: text for (line, name), text in places.items() if line is None}
        self.head.show_problems(in_head)
        self.lines.show_problems(places)
        known = [name for name in in_head if name in self.head]
        elsewhere = [text for name, text in in_head.items() if name not in self.head]
        self._next_step = None
        if elsewhere:
            self.bar.tell("; ".join(elsewhere), wrong=True)
        if known:
            self.head.focus_field(known[0])
        else:
            self.lines.focus_first_problem()

    def _show_shortage(self, error: InsufficientStock) -> None:
        self._next_step = None
        self.lines.show_shortages(error)
        holders = dict.fromkeys(name for s in error.shortages for name in s.holders)
        actions = [
            (name, lambda number=name: self.context.open_page("document", {"number": number}))
            for name in list(holders)[:3]
        ]
        self.bar.tell(str(error), actions, wrong=True)

    def _confirm(self, error: ConfirmationRequired, repeat: Any) -> None:
        asked = (Asked("reason", tr("Reason")),) if error.needs_reason else ()
        self.bar.ask(
            str(error), asked, tr("Yes, go on"), lambda given: repeat(given.get("reason", ""))
        )

    def _failed(self, error: Exception) -> None:
        self._next_step = None
        if isinstance(error, UserError):
            self.bar.tell(str(error), wrong=True)
        else:
            self.context.notifier.error(error)

    def _stale_refused(self) -> None:
        self._next_step = None
        self.work.look(self._compare)

    def _compare(self, view: Any) -> None:
        """Somebody else changed what is being edited here: say who, and let the person choose."""
        if view.version == self.work.version:
            return
        last = view.acts[-1] if view.acts else None
        who = last.actor if last is not None else "?"
        when = format_value(Editor.TIMESTAMP, last.at) if last is not None else ""
        self.bar.tell(
            tr(
                "{who} changed this document at {when}. What you typed is still here.",
                who=who,
                when=when,
            ),
            (
                (tr("Show theirs"), lambda: self._take_theirs(view)),
                (tr("Keep mine, on top of theirs"), lambda: self._keep_mine(view)),
            ),
            wrong=True,
        )

    def _take_theirs(self, view: Any) -> None:
        self.bar.clear()
        self._set_dirty(False)
        self.work.take_over(view)
        self._show_view(view)

    def _keep_mine(self, view: Any) -> None:
        self.bar.clear()
        self.work.take_over(view)
        self._show_view(view)

    def _number_found(self, hits: Sequence[Any]) -> None:
        if hits:
            self.work.open(hits[0].id)
        else:
            self.bar.tell(tr("This document does not exist."), wrong=True)

    def _derive(self, target: DocumentType) -> None:
        self.context.open_page(
            "document", {"kind": target.kind, "origin_id": self.work.document_id}
        )

    def _why(self, line: Line) -> None:
        params = {
            "document_id": self.work.document_id,
            "line_id": line.values.get("id"),
            "item_id": line.values.get("item_id"),
            "warehouse_id": self.head.value("warehouse_id"),
        }
        self.context.open_page("why", {k: v for k, v in params.items() if v is not None})

    def _open_link(self, link: Any) -> None:
        self.context.open_page("document", {"kind": link.kind, "id": link.document_id})

    def _remember_warehouse(self) -> None:
        warehouse_id = self.head.value("warehouse_id")
        if warehouse_id is not None:
            title = self.head.titles().get("warehouse_title", "")
            view_memory().put(
                self.context.operations, "last.warehouse", {"id": warehouse_id, "title": title}
            )
