"""Lists about the state of master data: duplicates, what is missing, what was changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from desktop_app.core.i18n import tr
from desktop_app.queries.change_log import RECORDS, history_of
from desktop_app.queries.missing_parameters import rule_of
from desktop_app.runtime.context import AppContext
from desktop_app.services import duplicates
from desktop_app.views.base.inline_bar import Asked
from desktop_app.views.base.list_page import ListPage

PAGES = {"item": "item", "party": "party", "warehouse": "warehouse", "bom": "bom", "lot": "lot"}
"""Pages of the records that the lists name."""


class JudgedList(ListPage):
    """A list whose rows a person may strike off for a reason (F7)."""

    def _shortcuts(self) -> None:
        super()._shortcuts()
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence("F7"), self, self.judge, context=scope)

    def judge(self) -> None:
        """Ask why the current row is all right as it is."""
        row = self.table.currentIndex().row()
        if row < 0 or not self.context.user.may("master.write"):
            return
        self.bar.ask(
            self.question(row),
            (Asked("reason", tr("Reason")),),
            self.answer_title(),
            lambda given: self._run(self.call(row), given["reason"]),
        )

    def question(self, row: int) -> str:
        """What is asked about the row."""
        raise NotImplementedError

    def answer_title(self) -> str:
        """The button that strikes it off."""
        raise NotImplementedError

    def call(self, row: int) -> Callable[[Any, str], None]:
        """The service call with (uow, reason)."""
        raise NotImplementedError

    def _run(self, call: Callable[[Any, str], None], reason: str) -> None:
        self.context.operations.command(
            call,
            reason,
            on_done=lambda _nothing: self.refresh(),
            on_error=self._refused,
            owner=self,
        )

    def _refused(self, error: Exception) -> None:
        self.bar.tell(str(error), wrong=True)


class DuplicatesPage(JudgedList):
    """Enter opens the pair for merging, F7 says that they are two different things."""

    change_source = "duplicates"

    def open_row(self, row: int) -> None:
        """Look at the pair and merge it."""
        if 0 <= row < self.table.rows.rowCount():
            values = self.table.rows.values(row)
            key = self.table.rows.row_id(row)
            self.context.open_page(
                "duplicate",
                {"id": key, "record": values["record"], "pair": (values["id"], values["other"])},
            )

    def question(self, row: int) -> str:
        values = self.table.rows.values(row)
        return tr(
            "{code} and {other} are different things:",
            code=values["code"],
            other=values["other_code"],
        )

    def answer_title(self) -> str:
        return tr("Not a duplicate")

    def call(self, row: int) -> Callable[[Any, str], None]:
        values = self.table.rows.values(row)
        pair = (values["record"], values["id"], values["other"])
        return lambda uow, reason: duplicates.not_a_duplicate(uow, *pair, reason)


class MissingPage(JudgedList):
    """Enter opens the record at the field, F7 accepts that it stays empty."""

    change_source = "missing_parameters"

    def open_row(self, row: int) -> None:
        """The record, at the field that is empty."""
        if 0 <= row < self.table.rows.rowCount():
            rule, record_id = rule_of(self.table.rows.row_id(row))
            self.context.open_page(rule.record, {"id": record_id, "field": rule.field})

    def question(self, row: int) -> str:
        values = self.table.rows.values(row)
        rule, _ = rule_of(self.table.rows.row_id(row))
        return tr("{code} needs no “{parameter}”:", code=values["code"], parameter=tr(rule.title))

    def answer_title(self) -> str:
        return tr("Accept as not needed")

    def call(self, row: int) -> Callable[[Any, str], None]:
        rule, record_id = rule_of(self.table.rows.row_id(row))
        return lambda uow, reason: duplicates.accept_missing(
            uow, rule.record, record_id, rule.parameter, reason
        )


class ChangesPage(ListPage):
    """Enter opens the record that was changed."""

    def open_row(self, row: int) -> None:
        """The page of the record, when it has one."""
        if 0 <= row < self.table.rows.rowCount():
            values = self.table.rows.values(row)
            page = PAGES.get(str(values.get("record", "")))
            if page is not None:
                self.context.open_page(page, {"id": values["record_id"]})


def create_history(context: AppContext, params: dict[str, Any]) -> ListPage:
    """``id`` is "item:5", ``name`` what the record is called. Raises KeyError for no such log."""
    record, _, record_id = str(params["id"]).partition(":")
    title = tr("History of {name}", name=params.get("name") or tr(RECORDS[record]))
    return ChangesPage(context, history_of(record, int(record_id), title), may_create=False)
