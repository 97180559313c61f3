"""F12 on any quantity: why is this number so?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core import clock
from desktop_app.core.i18n import tr
from desktop_app.core.paths import documents_dir
from desktop_app.core.settings import EXPORT_FOLDER
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.scan_codes import ScanResult
from desktop_app.queries import trace
from desktop_app.queries.holders import Holder
from desktop_app.queries.stock import PlaceStock, item_stock, split_row_key
from desktop_app.queries.trace import Waterfall
from desktop_app.runtime.context import AppContext
from desktop_app.services import scanning
from desktop_app.views.base.page import Page
from desktop_app.views.base.pickers import PickerField
from desktop_app.views.base.row_table import choose_row, keep_to_rows
from desktop_app.views.base.widgets import (
    CELL_PADDING,
    heading,
    hide_unless,
    muted_label,
    problem_label,
    show_problem,
)
from desktop_app.views.trace.chart import WaterfallChart, legend
from desktop_app.views.trace.why_rows import COLUMNS, WhyModel, plain, rows_of
from desktop_app.views.trace.why_side import WhySide
from desktop_app.views.trace.words import number, sentence


@dataclass(frozen=True)
class Subject:
    """What is asked about."""

    item_id: int | None = None
    location_id: int | None = None
    warehouse_id: int | None = None
    lot_id: int | None = None

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> Subject:
        """From what ``open_page("why", …)`` was given: ids, or the key of a stock row."""
        key = params.get("item_id") or params.get("id") or params.get("why_id")
        if key is None:
            return cls()
        named = {name: params.get(name) for name in ("location_id", "warehouse_id", "lot_id")}
        item, place, lot = split_row_key(key)
        named["location_id"] = named["location_id"] or place
        named["lot_id"] = named["lot_id"] or lot
        return cls(item, **named)


@dataclass(frozen=True)
class Answer:
    """Everything the page shows, read in one go."""

    found: Waterfall
    holders: tuple[Holder, ...]
    places: tuple[PlaceStock, ...]


def explain(uow: UnitOfWork, subject: Subject) -> Answer:
    """Read the explanation, who holds the goods and where they lie. Raises NotFound."""
    assert subject.item_id is not None
    found = trace.waterfall(
        uow, subject.item_id, subject.location_id, subject.warehouse_id, subject.lot_id
    )
    holders = trace.who_holds(uow, subject.item_id, subject.warehouse_id, subject.location_id)
    return Answer(found, holders, item_stock(uow, subject.item_id))


class WhyPage(Page):
    """One sentence, a waterfall, the acts behind it, and who holds the goods."""

    def __init__(
        self, context: AppContext, subject: Subject, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, parent)
        self._subject = subject
        self._found: Waterfall | None = None
        self.item = PickerField(context, scanning.search, ("item",), self)
        self.place = PickerField(context, scanning.search, ("location",), self)
        self.sentence = heading(tr("Choose or scan an item."))
        self.sentence.setWordWrap(True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.gap = problem_label()
        self.scope = muted_label("")
        self.chart = WaterfallChart(self)
        self.model = WhyModel(self)
        self.table = QTableView(self)
        self.side = WhySide(self)
        self.older = QPushButton(tr("Older acts (F7)"))
        self.excel = QPushButton(tr("Excel (Ctrl+E)"))
        self.label = QPushButton(tr("Label (F9)"))
        hide_unless(context.user.may("label.print"), self.label)
        self._build()
        self._connect()

    def title(self) -> str:
        if self._found is None:
            return tr("Why this number")
        return tr("Why: {item}", item=self._found.subject.item_code)

    def topics(self) -> frozenset[str]:
        return frozenset({"stock", "reservation"})

    def reload(self) -> None:
        """Ask again; the acts shown before stay until the answer is there."""
        if self._subject.item_id is None:
            self.item.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.context.operations.query(
            explain, self._subject, on_done=self._answered, on_error=self._failed
        )

    def ask(self, subject: Subject) -> None:
        """Explain another number on this page."""
        self._subject = subject
        self.reload()

    def on_scan(self, code: ScanResult) -> bool:
        """A scanned item or bin is asked about, a document is opened."""
        self.context.operations.query(
            scanning.resolve, code, on_done=self._scanned, on_error=self._failed, owner=self
        )
        return True

    def show_older(self) -> None:
        """The page of acts before those shown (F7)."""
        found = self._found
        if found is None or found.next_before is None:
            return
        asked = self._subject
        self.context.operations.query(
            trace.waterfall,
            asked.item_id,
            asked.location_id,
            asked.warehouse_id,
            asked.lot_id,
            before=found.next_before,
            on_done=self._older_known,
            on_error=self._failed,
            owner=self,
        )

    def export(self) -> None:
        """Write what is shown to an Excel file (Ctrl+E)."""
        if self._found is None:
            return
        name = f"{self._found.subject.item_code}-{clock.now():%Y%m%d-%H%M}.xlsx"
        folder = str(self.context.settings.get(EXPORT_FOLDER)) or str(documents_dir())
        safe = "".join("_" if sign in '\\/:*?"<>|' else sign for sign in name)
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Export to Excel"), str(Path(folder) / safe), tr("Excel workbook (*.xlsx)")
        )
        if chosen:
            self.write_to(Path(chosen))

    def write_to(self, path: Path) -> None:
        """Write the acts as seen to ``path``, in the background."""
        from desktop_app.exchange.xlsx import XlsxColumn, write_table

        rows = [tuple(plain(cell) for cell in row.cells) for row in self.model.explained]
        columns = [XlsxColumn(tr(column.title), width=column.width) for column in COLUMNS]
        self.context.operations.background(
            write_table,
            path,
            self.title(),
            columns,
            rows,
            subtitle_lines=(self.sentence.text(), self.scope.text()),
            on_done=lambda _count: self.context.notifier.success(
                tr("Exported: {file}", file=path.name)
            ),
            on_error=self.context.notifier.error,
            owner=self,
        )

    # ------------------------------------------------------------ parts

    def _build(self) -> None:
        asked = QHBoxLayout()
        asked.setSpacing(8)
        for label, field, width in ((tr("Item"), self.item, 320), (tr("Place"), self.place, 160)):
            asked.addWidget(muted_label(label))
            field.setAccessibleName(label)
            field.setFixedWidth(width)
            asked.addWidget(field)
        asked.addWidget(self.scope, 1)
        asked.addWidget(self.older)
        asked.addWidget(self.label)
        asked.addWidget(self.excel)
        main = QWidget(self)
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.chart, 2)
        column.addWidget(muted_label(legend()))
        column.addWidget(self.table, 3)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(main)
        split.addWidget(self.side)
        split.setStretchFactor(0, 1)
        split.setSizes([1000, 240])
        split.setChildrenCollapsible(False)
        split.setVisible(False)
        self._answer_room = split
        self.older.setEnabled(False)
        self.excel.setEnabled(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 12, 16, 12)
        outer.setSpacing(8)
        outer.addLayout(asked)
        outer.addWidget(self.sentence)
        outer.addWidget(self.gap)
        outer.addWidget(split, 1)
        outer.addStretch(0)
        self._set_up_table()

    def _set_up_table(self) -> None:
        table = self.table
        table.setModel(self.model)
        keep_to_rows(table, 26)
        table.horizontalHeader().setStretchLastSection(True)
        table.setAccessibleName(tr("Acts, the newest first"))
        character = max(7, table.fontMetrics().horizontalAdvance("0"))
        for place, known in enumerate(COLUMNS):
            table.setColumnWidth(place, known.width * character + CELL_PADDING)

    def _connect(self) -> None:
        self.item.picked.connect(self._item_picked)
        self.place.picked.connect(self._place_picked)
        self.item.moved_on.connect(self.place.setFocus)
        self.place.moved_on.connect(self.table.setFocus)
        self.older.clicked.connect(self.show_older)
        self.excel.clicked.connect(self.export)
        self.table.activated.connect(self._open_row)
        self.table.selectionModel().currentRowChanged.connect(self._row_chosen)
        self.chart.picked.connect(self._bar_picked)
        self.side.holder_opened.connect(
            lambda holder: self._open_document(holder.kind, holder.document_id)
        )
        self.side.place_opened.connect(self._place_opened)
        self.label.clicked.connect(self.print_label)
        keys = (("F7", self.show_older), ("Ctrl+E", self.export), ("F9", self.print_label))
        for key, run in keys:
            QShortcut(
                QKeySequence(key), self, run, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
            )

    def print_label(self) -> None:
        """The label of these goods, of the lot when one is asked about (F9)."""
        found = self._found
        if found is None or not self.context.user.may("label.print"):
            return
        lot = self._subject.lot_id or 0
        self.context.open_page(
            "print_labels",
            {
                "kind": "lot" if lot else "item",
                "goods": [(found.subject.item_id, lot, None)],
                "title": found.subject.item_code,
            },
        )

    # ------------------------------------------------------------ answers

    def _answered(self, answer: Answer) -> None:
        self.side.show_holders(answer.holders)
        self.side.show_places(answer.places)
        subject = answer.found.subject
        self.item.show_value(subject.item_id, f"{subject.item_code}  {subject.item_name}")
        self.place.show_value(self._subject.location_id, subject.place or "")
        where = "" if subject.place else subject.warehouse or tr("All places together")
        scope = (where, f"{tr('Lot')} {subject.lot}" if subject.lot else "")
        self.scope.setText(" · ".join(part for part in scope if part))
        self._show(answer.found)

    def _show(self, found: Waterfall) -> None:
        first = self._found is None
        self._found = found
        self._answer_room.setVisible(True)
        self.excel.setEnabled(True)
        self.sentence.setText(sentence(found))
        show_problem(
            self.gap,
            tr(
                "{qty} is not explained by the ledger: somebody has changed it. Run the check of"
                " the ledger.",
                qty=number(found.gap),
            )
            if found.gap
            else "",
        )
        self.chart.show_waterfall(found, self.sentence.text())
        chosen = self.table.currentIndex().row()
        self.model.show_rows(rows_of(found))
        choose_row(self.table, max(0, min(chosen, self.model.rowCount() - 1)))
        self.older.setEnabled(found.next_before is not None)
        if first and not self.item.hasFocus():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.title_changed.emit(self.title())

    def _older_known(self, page: Waterfall) -> None:
        found = self._found
        if found is not None and found.next_before is not None:
            self._show(
                replace(
                    found,
                    older=page.older,
                    steps=(*page.steps, *found.steps),
                    next_before=page.next_before,
                )
            )

    def _failed(self, error: Exception) -> None:
        self.sentence.setText(str(error))
        self.context.notifier.error(error)

    # ------------------------------------------------------------ what a person does

    def _item_picked(self, hit: Any) -> None:
        if hit is not None:
            self.ask(Subject(hit.id, self._subject.location_id))

    def _place_picked(self, hit: Any) -> None:
        place = hit.id if hit is not None else None
        self.ask(replace(self._subject, location_id=place, warehouse_id=None))

    def _place_opened(self, place: PlaceStock) -> None:
        self.ask(
            replace(
                self._subject,
                location_id=place.location_id,
                warehouse_id=None,
                lot_id=place.lot_id or None,
            )
        )

    def _scanned(self, target: Any) -> None:
        if target is None or target.kind not in ("item", "bin", "document"):
            self.context.notifier.sound("unknown")
            return
        self.context.notifier.sound("ok")
        if target.kind == "document":
            self.context.open_page("document", {"id": target.id, "number": target.title})
        elif target.kind == "item":
            self.ask(Subject(target.id, self._subject.location_id))
        elif self._subject.item_id is not None:
            self.ask(replace(self._subject, location_id=target.id, warehouse_id=None, lot_id=None))
        else:
            self.context.open_page("bin_at", {"location_id": target.id})

    def _open_row(self, index: QModelIndex) -> None:
        row = self.model.explained[index.row()]
        if row.older:
            self.show_older()
        elif row.document_id is not None:
            self._open_document(row.kind, row.document_id)

    def _open_document(self, kind: str, document_id: int) -> None:
        self.context.open_page("document", {"kind": kind, "id": document_id})

    def _row_chosen(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid():
            self.chart.choose(self.model.explained[index.row()].key)

    def _bar_picked(self, key: int) -> None:
        row = self.model.row_of(key)
        if row is not None:
            choose_row(self.table, row)


def create(context: AppContext, params: dict[str, Any]) -> WhyPage:
    """Factory named in the table of actions."""
    return WhyPage(context, Subject.of(params))
