"""The one page behind every list: driven by a ListSpec, paged by the server."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.i18n import tr
from desktop_app.queries import listing
from desktop_app.queries.listing import ListRequest, ListSpec, ListTotals
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.columns import ColumnLayout
from desktop_app.views.base.empty_state import EmptyState
from desktop_app.views.base.export import ListExport
from desktop_app.views.base.inline_bar import InlineBar
from desktop_app.views.base.list_table import ListTable
from desktop_app.views.base.page import Page
from desktop_app.views.base.page_services import ListServices, list_services
from desktop_app.views.base.totals_bar import TotalsBar
from desktop_app.views.base.view_memory import view_memory

PAGE_SIZE = 100
MOST_RELOADED = 1000
"""A reload after a change brings back at most so many rows at once."""
SEARCH_MS = 300
SHOW_BUSY_MS = 300


class ListPage(Page):
    """Search, filter, sort, totals, export, open.

    ``new_document`` permission is judged by the caller: F6 is offered when the spec names a
    document kind and ``may_create`` is true.
    """

    def __init__(
        self,
        context: AppContext,
        spec: ListSpec,
        parent: QWidget | None = None,
        *,
        services: ListServices | None = None,
        may_create: bool = True,
        new_page: str = "",
    ) -> None:
        super().__init__(context, parent)
        self.spec = spec
        self._services = services or list_services()
        self._new_page = new_page
        self._may_create = may_create and (spec.document_kind is not None or bool(new_page))
        self._request = ListRequest(sort=spec.sort, descending=spec.descending, limit=PAGE_SIZE)
        self._asked = 0
        self._loading_more = False
        self._cursor: tuple[Any, int] | None = None
        self.setWindowTitle(tr(spec.title))
        self._build()
        self._connect()
        self._shortcuts()

    def title(self) -> str:
        return tr(self.spec.title)

    def topics(self) -> frozenset[str]:
        return frozenset(self.spec.topics)

    @property
    def request(self) -> ListRequest:
        """What is asked of the server now, without the place in the list."""
        return replace(self._request, after=None, limit=PAGE_SIZE)

    def reload(self) -> None:
        """Fetch the loaded stretch again; selection and scroll position stay."""
        loaded = self.table.rows.rowCount()
        limit = min(MOST_RELOADED, max(PAGE_SIZE, loaded))
        self._fetch(replace(self._request, after=None, limit=limit), keep_place=loaded > 0)

    def set_filter(self, column: str, text: str) -> None:
        """Filter a column from outside (home page, a link)."""
        self.table.filter_header.set_text(column, text)

    def open_row(self, row: int) -> None:
        """Open what the row stands for; a row about a document (a move) opens that document."""
        if not 0 <= row < self.table.rows.rowCount():
            return
        values = self.table.rows.values(row)
        params: dict[str, Any] = {"id": self.table.rows.row_id(row)}
        if self.spec.document_kind is not None:
            self.context.open_page(self.spec.opens, params | {"kind": self.spec.document_kind})
        elif values.get("number"):
            self.context.open_page("document", {"number": values["number"]})
        else:
            self.context.open_page(self.spec.opens, params | {"row": values})

    def open_new(self) -> None:
        """A new document of the list's kind, or what ``new_page`` makes (F6)."""
        if self._may_create and self._new_page:
            self.context.open_page(self._new_page, {})
        elif self._may_create:
            self.context.open_page("document", {"kind": self.spec.document_kind, "id": None})

    def explain(self) -> None:
        """Why is this number so? (F12): opens the waterfall for the current cell's row."""
        index = self.table.currentIndex()
        if not index.isValid():
            return
        values = self.table.rows.values(index.row())
        key = self.table.rows.row_id(index.row())
        params = {name: value for name, value in values.items() if name.endswith("_id") and value}
        params.setdefault("id" if self.spec.opens == "why" else f"{self.spec.opens}_id", key)
        params |= {
            "row": values,
            "column": self.table.columns[index.column()].name,
            "list": self.spec.id,
        }
        self.context.open_page("why", params)

    def export(self) -> None:
        """Write everything that matches, as seen, to xlsx (Ctrl+E)."""
        columns = tuple(column.name for column in self.table.visible_columns())
        self._export.ask_and_run(self.spec, self.request, columns)

    def _build(self) -> None:
        layout = ColumnLayout.from_json(view_memory().get(self._memory_key()), self.spec.columns)
        self.search = QLineEdit(self, placeholderText=tr("Search (F3)"), clearButtonEnabled=True)
        self.search.setMinimumWidth(260)
        self.search.setMaximumWidth(420)
        self.bar = InlineBar(self)
        self.table = ListTable(self.spec, layout, self)
        self.totals = TotalsBar(self.table, self)
        self.empty = EmptyState(self.table)
        self._export = ListExport(self.context, self._services.export, self)
        self._busy = QProgressBar(self, minimum=0, maximum=0, textVisible=False)
        self._busy.setStyleSheet("QProgressBar { min-height: 0; border: none; }")
        self._busy.setFixedHeight(3)
        keep = self._busy.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self._busy.setSizePolicy(keep)
        self._busy.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        column.addLayout(self._tools())
        column.addWidget(self.bar)
        column.addWidget(self._busy)
        column.addWidget(self.table, 1)
        column.addWidget(self.totals)

    def _tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.search, 1)
        self._clear = QPushButton(tr("Clear filters"), self, flat=True)
        self._clear.hide()
        row.addWidget(self._clear)
        row.addStretch(1)
        self._columns_button = QPushButton(tr("Columns"), self)
        self._refresh_button = QPushButton(tr("Refresh (F5)"), self)
        self._export_button = QPushButton(tr("Excel (Ctrl+E)"), self)
        row.addWidget(self._columns_button)
        row.addWidget(self._refresh_button)
        row.addWidget(self._export_button)
        if self._may_create:
            self._new_button = QPushButton(tr("New (F6)"), self)
            self._new_button.setProperty("primary", True)
            self._new_button.clicked.connect(self.open_new)
            row.addWidget(self._new_button)
        return row

    def _connect(self) -> None:
        self._search_later = QTimer(self, singleShot=True, interval=SEARCH_MS)
        self._search_later.timeout.connect(self._ask_anew)
        self._busy_later = QTimer(self, singleShot=True, interval=SHOW_BUSY_MS)
        self._busy_later.timeout.connect(self._busy.show)
        self.search.textEdited.connect(self._search_later.start)
        self.search.textChanged.connect(self._search_later.start)
        self.search.returnPressed.connect(self._search_entered)
        down = QShortcut(QKeySequence("Down"), self.search, self.table.enter_rows)
        down.setContext(Qt.ShortcutContext.WidgetShortcut)
        self.table.filter_header.filters_changed.connect(self._ask_anew)
        self.table.sort_chosen.connect(self._sort)
        self.table.opened.connect(self.open_row)
        self.table.layout_changed.connect(self._remember_layout)
        self.table.rows.more_wanted.connect(self._fetch_more)
        self._clear.clicked.connect(self.clear_filters)
        self._columns_button.clicked.connect(self._choose_columns)
        self._refresh_button.clicked.connect(self.refresh)
        self._export_button.clicked.connect(self.export)

    def _shortcuts(self) -> None:
        keys = {
            "F3": self._focus_search,
            "F5": self.refresh,
            "F6": self.open_new,
            "F12": self.explain,
            "Ctrl+E": self.export,
        }
        for key, action in keys.items():
            scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
            QShortcut(QKeySequence(key), self, action, context=scope)

    def clear_filters(self) -> None:
        """No search and no filter any more."""
        self.search.clear()
        self.table.filter_header.clear()
        self._ask_anew()

    def _focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _search_entered(self) -> None:
        self._ask_anew()
        self.table.enter_rows()

    def _ask_anew(self) -> None:
        self._search_later.stop()
        wanted = replace(
            self._request,
            search=self.search.text().strip(),
            filters=self.table.filter_header.filters(),
        )
        if wanted == self._request:
            return
        self._request = wanted
        self._clear.setVisible(self._is_narrowed())
        self._fetch(replace(wanted, limit=PAGE_SIZE), keep_place=False)

    def _sort(self, column: str, descending: bool) -> None:
        self._request = replace(self._request, sort=column, descending=descending)
        self._fetch(self.request, keep_place=False)

    def _fetch(self, request: ListRequest, *, keep_place: bool) -> None:
        """Ask for rows and totals; answers to questions asked before are dropped."""
        self._asked += 1
        asked = self._asked
        self._loading_more = False
        self._busy_later.start()
        operations = self.context.operations
        operations.query(
            self._services.fetch,
            self.spec,
            request,
            owner=self,
            on_done=lambda page: self._show(asked, page, request.limit, keep_place),
            on_error=lambda error: self._show_error(asked, error),
        )
        operations.query(
            self._services.totals,
            self.spec,
            request,
            owner=self,
            on_done=lambda totals: self._show_totals(asked, totals),
            on_error=lambda error: self._show_error(asked, error),
        )

    def _fetch_more(self) -> None:
        if self._loading_more or self._cursor is None:
            return
        self._loading_more = True
        asked = self._asked
        self.context.operations.query(
            self._services.fetch,
            self.spec,
            replace(self._request, after=self._cursor, limit=PAGE_SIZE),
            owner=self,
            on_done=lambda page: self._show_more(asked, page),
            on_error=lambda error: self._show_error(asked, error),
        )

    def _show(self, asked: int, page: listing.ListPage, limit: int, keep_place: bool) -> None:
        if asked != self._asked:
            return
        self._quiet()
        rows = self.table.rows
        chosen, scrolled = self.table.selected_ids(), self.table.verticalScrollBar().value()
        current = self.table.currentIndex()
        current_id = rows.row_id(current.row()) if current.isValid() else None
        first_answer = not rows.delivered
        self._cursor = page.cursor if len(page.rows) >= limit else None
        rows.set_page(page.columns, page.rows, page.ids, has_more=self._cursor is not None)
        if first_answer:
            self.table.apply_layout()
        if keep_place:
            self._restore_place(chosen, current_id, current.column(), scrolled)
        elif page.rows:
            self.table.choose_row(0)
            self.table.scrollToTop()
        self._show_emptiness()

    def _restore_place(
        self, chosen: tuple[int, ...], current_id: int | None, column: int, scrolled: int
    ) -> None:
        rows = self.table.rows
        row = rows.row_of(current_id) if current_id is not None else None
        selection = self.table.selectionModel()
        if row is not None:
            flags = selection.SelectionFlag.NoUpdate
            selection.setCurrentIndex(rows.index(row, max(0, column)), flags)
        for key in chosen:
            place = rows.row_of(key)
            if place is not None:
                flags = selection.SelectionFlag.Select | selection.SelectionFlag.Rows
                selection.select(rows.index(place, 0), flags)
        self.table.verticalScrollBar().setValue(scrolled)

    def _show_more(self, asked: int, page: listing.ListPage) -> None:
        if asked != self._asked:
            return
        self._loading_more = False
        self._cursor = page.cursor if len(page.rows) >= PAGE_SIZE else None
        self.table.rows.append_page(page.rows, page.ids, has_more=self._cursor is not None)

    def _show_totals(self, asked: int, totals: ListTotals) -> None:
        if asked != self._asked:
            return
        number = f"{totals.count:,}" + ("+" if totals.capped else "")
        text = tr("{count} rows", count=number) if totals.count != 1 else tr("1 row")
        self.totals.show_totals(text, self.table.totals_texts(totals))

    def _show_error(self, asked: int, error: Exception) -> None:
        if asked != self._asked:
            return
        self._loading_more = False
        self._busy_later.stop()
        self._busy.hide()
        self.bar.tell(
            tr("The list could not be loaded: {reason}", reason=str(error)),
            ((tr("Try again"), self.refresh),),
            wrong=True,
        )

    def _quiet(self) -> None:
        self._busy_later.stop()
        self._busy.hide()
        self.bar.clear()

    def _show_emptiness(self) -> None:
        if self.table.rows.rowCount():
            self.empty.hide()
        elif self._is_narrowed():
            self.empty.say(
                tr("Nothing matches what you searched for."),
                tr("Clear filters"),
                self.clear_filters,
            )
        elif self._may_create:
            self.empty.say(
                tr("Nothing here yet. The first one is written with F6."),
                tr("New (F6)"),
                self.open_new,
            )
        else:
            self.empty.say(tr(self.spec.nothing))

    def _is_narrowed(self) -> bool:
        return bool(self._request.search or self._request.filters)

    def _choose_columns(self) -> None:
        place = self._columns_button.mapToGlobal(self._columns_button.rect().bottomLeft())
        self.table.column_menu().popup(place)

    def _memory_key(self) -> str:
        return f"list.{self.spec.id}"

    def _remember_layout(self) -> None:
        view_memory().put(
            self.context.operations, self._memory_key(), self.table.columns_layout.to_json()
        )
