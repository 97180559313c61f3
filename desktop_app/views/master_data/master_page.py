"""A record of master data: written, saved whole, kept when somebody else was faster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.errors import InvalidInput, StaleDocument
from desktop_app.core.i18n import N_, tr
from desktop_app.domain.own_fields import form_fields, from_json
from desktop_app.queries.change_log import RECORDS
from desktop_app.runtime.context import AppContext
from desktop_app.services import own_fields, scanning
from desktop_app.views.base.form_errors import by_place
from desktop_app.views.base.head_form import HeadForm
from desktop_app.views.base.inline_bar import InlineBar
from desktop_app.views.base.known_fields import known_own_fields
from desktop_app.views.base.page import Page
from desktop_app.views.base.station_table import StationColumn, StationTable
from desktop_app.views.base.tabbed_form import FormTab, TabbedForm
from desktop_app.views.base.tones import Tone, tone
from desktop_app.views.base.widgets import hide_unless, primary_button, title_label
from desktop_app.views.master_data.records import MasterSpec

WRITE = "master.write"


class QuietTable(StationTable):
    """The table of a station in the usual size of type."""

    def __init__(
        self,
        columns: tuple[StationColumn, ...],
        parent: QWidget | None = None,
        *,
        empty_text: str = "",
    ) -> None:
        super().__init__(columns, parent, factor=1.0, empty_text=empty_text)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 12)


class MasterPage(Page):
    """Fields of a record with Enter moving on; Ctrl+S saves, Ctrl+N begins the next one.

    Subclasses add what belongs to the record below the form (:meth:`build_below`) and fill
    it in :meth:`show_more`; ``keys`` is the row of buttons beside the title.
    """

    def __init__(
        self,
        context: AppContext,
        spec: MasterSpec,
        record_id: int | None = None,
        proposal: Mapping[str, Any] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, parent)
        self.spec = spec
        self.change_source = spec.kind
        self.record_id = record_id
        self.version: int | None = None
        self._proposal = dict(proposal or {})
        self._dirty = False
        self._busy = False
        self._record_keys: list[QPushButton] = []
        self._below: QWidget | None = None
        self.heading = title_label(tr(spec.new_title))
        self.heading.setMinimumWidth(120)  # a long name gives way to the keys beside it
        self.unsaved = QLabel(tr("Not saved"), self)
        self.unsaved.setStyleSheet(f"color: {tone(Tone.ASK_EDGE).name()};")
        self.unsaved.hide()
        self.bar = InlineBar(self)
        self.form = self.build_form()
        self.keys = QHBoxLayout()
        self.save_button = primary_button(tr("Save") + "  Ctrl+S")
        self.new_button = QPushButton(tr("New") + "  Ctrl+N", self)
        self.wanted_field = ""
        """Where to begin when the record is first shown (a task names the field)."""
        self._build()
        if spec.kind in RECORDS and context.user.may("stock.read"):
            self.add_key(tr("History"), "Ctrl+H", self.history)
        if record_id is None:
            self._begin()

    def title(self) -> str:
        return self.heading.text()

    def topics(self) -> frozenset[str]:
        return self.spec.topics if self.record_id is not None else frozenset()

    def is_dirty(self) -> bool:
        return self._dirty

    def reload(self) -> None:
        """Fetch again; typed values stay until they are saved."""
        if self.record_id is None:
            return
        if not self._dirty:
            self.context.operations.query(
                self.spec.load, self.record_id, on_done=self._show, on_error=self._failed
            )
        self.show_more(self.record_id)

    def may_write(self) -> bool:
        """This login may change master data."""
        return self.context.user.may(WRITE)

    def save(self) -> None:
        """Check and save the whole record (Ctrl+S, F8)."""
        if self._busy or not self.may_write():
            return
        problems = self.form.problems()
        if problems:
            self.show_problems(problems)
            return
        self._busy = True
        self.save_button.setEnabled(False)
        self.context.operations.command(
            self.save_call,
            self.form.values(),
            self.record_id,
            self.version,
            on_done=self._saved,
            on_error=self._refused,
        )

    def save_call(
        self, uow: Any, values: Mapping[str, Any], record_id: int | None, version: int | None
    ) -> int:
        """The service call behind :meth:`save`."""
        return own_fields.saved_with(
            uow, self.spec.kind, self.spec.save, values, record_id, version
        )

    def history(self) -> None:
        """Who changed which field of this record (Ctrl+H)."""
        if self.record_id is not None:
            params = {"id": f"{self.spec.kind}:{self.record_id}", "name": self.title()}
            self.context.open_page("history", params)

    def begin_new(self) -> None:
        """An empty form for the next record, in a tab of its own when this one is kept."""
        self.context.open_page(f"new:{self.spec.kind}", {})

    def build_form(self) -> HeadForm | TabbedForm:
        """The fields of the record: in one grid, or in tabs when the spec declares tabs."""
        own = form_fields(known_own_fields(), self.spec.kind)
        fields = (*self.spec.fields, *own)
        if not self.spec.tabs:
            return HeadForm(self.context, fields, scanning.search, self)
        tabs = self.spec.tabs
        if own:
            tabs = (*tabs, FormTab(N_("Own fields"), tuple(field.name for field in own)))
        return TabbedForm(self.context, fields, tabs, scanning.search, self)

    def build_below(self) -> QWidget | None:
        """What stands below the form; None for nothing."""
        return None

    def show_more(self, record_id: int) -> None:
        """Fill what stands below the form."""

    def show_problems(self, problems: Any) -> None:
        """Sentences beside their fields; others in the bar."""
        places = {name: text for (_line, name), text in by_place(problems).items()}
        self.form.show_problems({n: t for n, t in places.items() if n in self.form})
        elsewhere = [text for name, text in places.items() if name not in self.form]
        if elsewhere:
            self.bar.tell("; ".join(elsewhere), wrong=True)
        known = [name for name in places if name in self.form]
        if known:
            self.form.focus_field(known[0])

    def mark_dirty(self, dirty: bool = True) -> None:
        """Something was typed, or nothing is left to save."""
        self.unsaved.setVisible(dirty)
        if dirty != self._dirty:
            self._dirty = dirty
            self.dirty_changed.emit(dirty)

    def add_key(self, text: str, key: str, run: Any) -> QPushButton:
        """A button with its key beside the title."""
        button = QPushButton(f"{text}  {key}", self)
        button.clicked.connect(lambda _checked=False: run())
        self.keys.insertWidget(self.keys.count() - 2, button)
        button.setVisible(self.record_id is not None)
        self._record_keys.append(button)
        self.shortcut(key, run)
        return button

    def shortcut(self, key: str, run: Any) -> None:
        """A key of this page."""
        QShortcut(
            QKeySequence(key), self, run, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        )

    def _build(self) -> None:
        self.save_button.clicked.connect(lambda _checked=False: self.save())
        self.new_button.clicked.connect(lambda _checked=False: self.begin_new())
        self.keys.setSpacing(8)
        self.keys.addWidget(self.new_button)
        self.keys.addWidget(self.save_button)
        for key, run in (("Ctrl+S", self.save), ("F8", self.save), ("Ctrl+N", self.begin_new)):
            self.shortcut(key, run)
        hide_unless(self.may_write(), self.save_button, self.new_button)
        self.form.set_read_only(not self.may_write())
        self.form.edited.connect(lambda _name: self._edited())
        self.form.left.connect(self._form_left)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.heading)
        head.addWidget(self.unsaved)
        head.addStretch(1)
        head.addLayout(self.keys)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addWidget(self.form)
        self._below = self.build_below()
        if self._below is not None:
            column.addWidget(self._below, 1)
        elif isinstance(self.form, TabbedForm):
            column.setStretchFactor(self.form, 1)
        else:
            column.addStretch(1)

    def _edited(self) -> None:
        self.form.compute(self.form.values())
        self.mark_dirty()

    def _form_left(self) -> None:
        self.save_button.setFocus()

    def _begin(self) -> None:
        self.form.show_values({**self.spec.defaults(), **self._proposal})
        self.form.focus_field()

    def _show(self, values: Mapping[str, Any]) -> None:
        self.version = values.get("version")
        for button in self._record_keys:
            button.show()
        own = from_json(known_own_fields(), self.spec.kind, values.get("custom"))
        self.form.show_values({**values, **own})
        self.heading.setText(" ".join(str(values.get(n) or "") for n in ("code", "name")).strip())
        self.title_changed.emit(self.title())
        self.bar.clear()
        if self.wanted_field in self.form:
            self.form.focus_field(self.wanted_field)
        self.wanted_field = ""

    def _saved(self, record_id: int) -> None:
        self._busy = False
        self.save_button.setEnabled(True)
        self.record_id = record_id
        self.mark_dirty(False)
        self.context.notifier.success(tr("Saved"))
        self.reload()

    def _refused(self, error: Exception) -> None:
        self._busy = False
        self.save_button.setEnabled(True)
        if isinstance(error, InvalidInput):
            self.show_problems(error.problems)
        elif isinstance(error, StaleDocument):
            self.bar.tell(str(error), ((tr("Show theirs"), self._take_theirs),), wrong=True)
        else:
            self._failed(error)

    def _take_theirs(self) -> None:
        self.mark_dirty(False)
        self.reload()

    def _failed(self, error: Exception) -> None:
        self.bar.tell(str(error), wrong=True)
