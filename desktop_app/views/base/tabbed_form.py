"""A long record in tabs: Ctrl+1 … Ctrl+9 go to a tab, Enter walks on through all of them.

Offers what a HeadForm offers, so that a page need not know which one it has. A part is a
HeadForm, a FormTable or any widget with the same few methods (FormPart).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from desktop_app.core.errors import FieldProblem
from desktop_app.core.i18n import tr
from desktop_app.domain.document_type import Field
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.field_editors import FieldEditor
from desktop_app.views.base.form_table import FormTable, TableSpec
from desktop_app.views.base.head_form import HeadForm
from desktop_app.views.base.page_services import ServiceCall
from desktop_app.views.base.tones import Tone, tone


@dataclass(frozen=True)
class FormTab:
    """A tab: fields of the record by name, then tables side by side."""

    title: str
    fields: tuple[str, ...] = ()
    tables: tuple[TableSpec, ...] = ()


class FormPart(Protocol):
    """What a widget needs to be a part of a form; signals ``edited(str)`` and ``left()``."""

    edited: Any
    left: Any

    def __contains__(self, name: object) -> bool: ...
    def show_values(self, values: Mapping[str, Any]) -> None: ...
    def values(self) -> dict[str, Any]: ...
    def titles(self) -> dict[str, str]: ...
    def problems(self) -> tuple[FieldProblem, ...]: ...
    def show_problems(self, problems: Mapping[str, str]) -> None: ...
    def focus_field(self, name: str | None = None) -> None: ...
    def set_read_only(self, read_only: bool) -> None: ...


class TabbedForm(QWidget):
    """Parts in tabs; the values of all of them together are the record.

    Signals:
        edited(name): the person changed that field or table.
        left(): Enter in the last field of the last tab.
        shown(int): another tab came to the front.
    """

    edited = Signal(str)
    left = Signal()
    shown = Signal(int)

    def __init__(
        self,
        context: AppContext,
        fields: Sequence[Field],
        tabs: Sequence[FormTab],
        search: ServiceCall,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._search = search
        self._parts: list[list[FormPart]] = []
        self.tabs = QTabWidget(self, documentMode=True)
        self.tabs.tabBar().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.setTabBarAutoHide(True)
        self.tabs.currentChanged.connect(self.shown)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        by_name = {field.name: field for field in fields}
        for tab in tabs:
            self._add_declared(tab, by_name)

    def add_tab(self, title: str, *parts: Any) -> int:
        """Add a tab of parts side by side; ``title`` is translated already. Returns its place."""
        body = QWidget(self)
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(16)
        for part in parts:
            row.addWidget(part, 1)
        return self._add(title, body, parts)

    def editor(self, name: str) -> FieldEditor:
        """The editor of that field. Raises KeyError when it has none here."""
        for part in self._all():
            if name in part and isinstance(part, HeadForm):
                return part.editor(name)
        raise KeyError(name)

    def table(self, name: str) -> FormTable:
        """The table of that name. Raises KeyError when it is not here."""
        for part in self._all():
            if isinstance(part, FormTable) and name in part:
                return part
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(name in part for part in self._all())

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show a record."""
        for part in self._all():
            part.show_values(values)
        self.show_problems({})

    def values(self) -> dict[str, Any]:
        """What all parts hold; what cannot be read is left out (see problems)."""
        return {name: value for part in self._all() for name, value in part.values().items()}

    def value(self, name: str) -> Any:
        """One value, None when it is empty, unreadable or not on this form."""
        return self.values().get(name)

    def titles(self) -> dict[str, str]:
        """Titles of the picked references."""
        return {name: text for part in self._all() for name, text in part.titles().items()}

    def show_remark(self, name: str, sentence: str) -> None:
        """Say something about a field that is no mistake."""
        for part in self._all():
            if isinstance(part, HeadForm) and name in part:
                part.show_remark(name, sentence)

    def show_computed(self, name: str, value: Any) -> None:
        """Show a value that nobody types and that arrives later than the others."""
        for part in self._all():
            if isinstance(part, HeadForm):
                part.show_computed(name, value)

    def compute(self, others: Mapping[str, Any]) -> None:
        """Formulas of every part follow what is typed in any."""
        for part in self._all():
            if isinstance(part, HeadForm):
                part.compute(others)

    def problems(self) -> tuple[FieldProblem, ...]:
        """What cannot be read or is missing."""
        return tuple(problem for part in self._all() for problem in part.problems())

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Sentences beside their fields; a tab with one has a red title."""
        for place, parts in enumerate(self._parts):
            for part in parts:
                part.show_problems({n: text for n, text in problems.items() if n in part})
            wrong = any(text and name in part for part in parts for name, text in problems.items())
            self.tabs.tabBar().setTabTextColor(place, tone(Tone.WRONG) if wrong else QColor())

    def focus_field(self, name: str | None = None) -> None:
        """Bring the tab of that field to the front and focus it; None: the first tab's."""
        for place, parts in enumerate(self._parts):
            for part in parts:
                if name is None or name in part:
                    self.tabs.setCurrentIndex(place)
                    part.focus_field(name)
                    return

    def set_read_only(self, read_only: bool) -> None:
        """Nothing can be changed."""
        for part in self._all():
            part.set_read_only(read_only)

    def go_to(self, place: int) -> None:
        """Bring a tab to the front and write in it (Ctrl+1 is the first)."""
        if 0 <= place < len(self._parts):
            self.tabs.setCurrentIndex(place)
            if self._parts[place]:
                self._parts[place][0].focus_field()

    def _all(self) -> list[FormPart]:
        return [part for parts in self._parts for part in parts]

    def _add_declared(self, tab: FormTab, by_name: Mapping[str, Field]) -> None:
        may = self._context.user.may
        fields = [by_name[name] for name in tab.fields if may(by_name[name].permission)]
        tables = [spec for spec in tab.tables if may(spec.permission)]
        parts: list[Any] = []
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        if fields:
            form = HeadForm(self._context, fields, self._search, body)
            column.addWidget(form)
            parts.append(form)
        beside = QHBoxLayout()
        beside.setSpacing(16)
        for spec in tables:
            table = FormTable(self._context, spec, self._search, body)
            beside.addWidget(table, 1)
            parts.append(table)
        column.addLayout(beside, 1)
        if not tables:
            column.addStretch(1)
        if parts:
            self._add(tr(tab.title), body, parts)

    def _add(self, title: str, body: QWidget, parts: Sequence[Any]) -> int:
        place = self.tabs.addTab(body, f"{title}  Ctrl+{len(self._parts) + 1}")
        self._parts.append(list(parts))
        QShortcut(
            QKeySequence(f"Ctrl+{place + 1}"),
            self.parentWidget() or self,
            lambda: self.go_to(place),
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )
        for number, part in enumerate(parts):
            part.edited.connect(self.edited)
            part.left.connect(lambda p=place, n=number: self._go_on(p, n))
        return place

    def _go_on(self, place: int, number: int) -> None:
        """After the last field of a part comes the next part, then the next tab."""
        if number + 1 < len(self._parts[place]):
            self._parts[place][number + 1].focus_field()
        elif place + 1 < len(self._parts):
            self.go_to(place + 1)
        else:
            self.left.emit()
