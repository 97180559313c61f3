"""Pasting a table from Excel into the lines: every cell lands, wrong ones say why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject

from desktop_app.core.i18n import tr
from desktop_app.domain.document_type import Editor
from desktop_app.domain.units import names_unit
from desktop_app.exchange.pasted import PastedColumn, PastedKind, PastedTable, parse_pasted
from desktop_app.runtime.context import AppContext
from desktop_app.views.base.line_model import ITEM, QTY, Line, LineColumn
from desktop_app.views.base.line_table import LineTable
from desktop_app.views.base.page_services import ServiceCall
from desktop_app.views.base.values import REFERENCES

_KINDS = {
    Editor.INTEGER: PastedKind.INTEGER,
    Editor.QUANTITY: PastedKind.QUANTITY,
    Editor.PRICE: PastedKind.PRICE,
    Editor.MONEY: PastedKind.MONEY,
    Editor.PERCENT: PastedKind.PERCENT,
    Editor.DATE: PastedKind.DATE,
}


class LinePaste(QObject):
    """Puts rows from the clipboard at the current cell, downwards and to the right.

    A heading row names the columns; without one they are the columns from the current one.
    """

    def __init__(self, context: AppContext, search: ServiceCall, table: LineTable) -> None:
        super().__init__(table)
        self._context = context
        self._search = search
        self._table = table
        table.paste_wanted.connect(self.paste)

    def paste(self, text: str) -> None:
        """Read ``text``, look the item codes up, then fill the lines."""
        columns = self._columns()
        if not columns or not text.strip():
            return
        wanted = [_pasted(column) for column in columns]
        table: PastedTable = parse_pasted(text, wanted)
        if not table.rows:
            self._context.notifier.warning("; ".join(str(p) for p in table.problems))
            return
        codes = tuple(dict.fromkeys(row.texts[ITEM] for row in table.rows if row.texts.get(ITEM)))
        start = max(0, self._table.currentIndex().row())
        if not codes:
            self._fill(table, {}, start)
            return
        self._context.operations.query(
            find_items,
            self._search,
            codes,
            owner=self,
            on_done=lambda found: self._fill(table, found, start),
            on_error=lambda _error: self._fill(table, {}, start),
        )

    def _columns(self) -> list[LineColumn]:
        first = max(0, self._table.currentIndex().column())
        return [c for n, c in enumerate(self._table.lines.columns) if c.editable and n >= first]

    def _fill(self, table: PastedTable, items: Mapping[str, Any], start: int) -> None:
        model = self._table.lines
        problems = {(p.line_no, p.field): str(p.message) for p in table.problems}
        wrong = 0
        for offset, row in enumerate(table.rows):
            place = start + offset
            if place >= model.rowCount() and not model.grows:
                break
            if place >= model.rowCount():
                model.insert_line(model.rowCount())
            line = model.line(place)
            for name, text in row.texts.items():
                reason = problems.get((row.line_no, name), "")
                wrong += self._put(place, line, name, text, row.values.get(name), reason, items)
        model.refresh()
        model.edited.emit()
        said = tr("{count} lines pasted", count=len(table.rows))
        if wrong:
            said += " · " + tr("{count} cells need a look (red)", count=wrong)
            self._context.notifier.warning(said)
        else:
            self._context.notifier.info(said)

    def _put(
        self,
        place: int,
        line: Line,
        name: str,
        text: str,
        value: Any,
        reason: str,
        items: Mapping[str, Any],
    ) -> bool:
        """Put one cell; True when it is wrong."""
        model = self._table.lines
        column = model.columns[model.column_of(name)]
        if not model.may_edit(place, column):
            return False
        if name == QTY and names_unit(text):
            model.sheet.type_into(line, column, text)
            return False
        if not reason and text and column.kind in REFERENCES:
            if name == ITEM and text in items:
                model.set_item(place, items[text])
                return False
            reason = tr("Nothing found for “{typed}”", typed=text)
        if reason and text:
            line.typed[name], line.problems[name] = text, reason
            return True
        if value is not None:
            model.sheet.set_value(line, name, value)
        return False


def find_items(uow: Any, search: ServiceCall, codes: Sequence[str]) -> dict[str, Any]:
    """Search hits by pasted code: the hit whose code it is, or the only hit there is."""
    found = {}
    for code in codes:
        hits = search(uow, code, kinds=("item",), limit=5)
        exact = [h for h in hits if h.title.casefold().split(" ")[0] == code.casefold()]
        if exact or len(hits) == 1:
            found[code] = (exact or hits)[0]
    return found


def _pasted(column: LineColumn) -> PastedColumn:
    kind = (
        PastedKind.CODE if column.kind in REFERENCES else _KINDS.get(column.kind, PastedKind.TEXT)
    )
    return PastedColumn(column.name, kind, title=column.title)
