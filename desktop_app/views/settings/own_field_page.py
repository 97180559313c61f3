"""An own field: what it is called, what may stand in it, and where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_, tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import Editor, Field
from desktop_app.domain.own_fields import EDITOR_TITLES, OwnField
from desktop_app.runtime.context import AppContext
from desktop_app.services import own_fields
from desktop_app.views.base.widgets import heading, muted_label
from desktop_app.views.master_data.master_page import MasterPage
from desktop_app.views.master_data.records import MasterSpec

PERMISSION = "user.manage"
_HEAD = (
    Field("title", N_("Title"), required=True, width=24),
    Field(
        "editor",
        N_("Kind of field"),
        Editor.CHOICE,
        required=True,
        choices=tuple(EDITOR_TITLES.items()),
    ),
    Field("name", N_("Short name")),
    Field("choices", N_("Choices, with commas between"), width=30),
    Field("formula", N_("Formula"), width=30),
    Field("decimals", N_("Decimals"), Editor.INTEGER),
    Field("categories", N_("Only for the item categories"), width=24),
    Field("position", N_("Sequence"), Editor.INTEGER),
    Field("in_list", N_("In lists"), Editor.YES_NO),
    Field("in_print", N_("On paper"), Editor.YES_NO),
    Field("is_active", N_("In use"), Editor.YES_NO),
)
_LISTS = ("choices", "categories")


def _load(uow: UnitOfWork, field_id: int) -> dict[str, Any]:
    found = next((f for f in own_fields.load(uow) if f.id == field_id), None)
    if found is None:
        raise NotFound(N_("What you asked for does not exist (any more)."))
    values = asdict(found)
    return values | {name: "，".join(values[name]) for name in _LISTS} | {"code": found.title}


def _save(
    uow: UnitOfWork, values: Mapping[str, Any], field_id: int | None, version: int | None
) -> int:
    known = own_fields.load(uow)
    given = dict(values)
    for name in _LISTS:
        words = str(given.get(name) or "").replace("，", ",").replace("、", ",").split(",")
        given[name] = tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
    given["name"] = str(given.get("name") or "") or own_fields.proposed_name(
        str(given["title"]), [f.name for f in known]
    )
    given["formula"] = str(given.get("formula") or "")
    given["decimals"] = 2 if given.get("decimals") is None else given["decimals"]
    given["position"] = given.get("position") or 0
    return own_fields.save(uow, OwnField(id=field_id or 0, version=version or 1, **given))


SPEC = MasterSpec(
    kind="own_field",
    new_title=N_("New own field"),
    fields=_HEAD,
    load=_load,
    save=_save,
    topics=frozenset({own_fields.TOPIC}),
    defaults=lambda: {"editor": "text", "decimals": 2, "in_list": True, "is_active": True},
)


class ScopeTable(QTableWidget):
    """Where the field is shown and where it must be filled: two ticks a row, Space toggles."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._scopes = own_fields.scopes()
        super().__init__(len(self._scopes), 3, parent)
        self.setHorizontalHeaderLabels([tr("Where"), tr("Shown"), tr("Required")])
        self.setAccessibleName(tr("Where the field is shown"))
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for row, scope in enumerate(self._scopes):
            title = QTableWidgetItem(str(scope.title))
            title.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            self.setItem(row, 0, title)
            self.setItem(row, 1, self._tick())
            if scope.may_be_required:
                self.setItem(row, 2, self._tick())
            else:
                plain = QTableWidgetItem("")
                plain.setFlags(Qt.ItemFlag.NoItemFlags)
                plain.setToolTip(tr("Stations write these without asking."))
                self.setItem(row, 2, plain)
        self.itemChanged.connect(self._changed)

    def show_scopes(self, shown: tuple[str, ...], required: tuple[str, ...]) -> None:
        """Show a stored declaration."""
        self.blockSignals(True)
        for row, scope in enumerate(self._scopes):
            self._set(row, 1, ticked=scope.code in shown)
            if scope.may_be_required:
                self._set(row, 2, ticked=scope.code in required)
        self.blockSignals(False)

    def shown(self) -> tuple[str, ...]:
        """The places ticked."""
        return self._ticked(1)

    def required(self) -> tuple[str, ...]:
        """The places where it must be filled."""
        return self._ticked(2)

    def _ticked(self, column: int) -> tuple[str, ...]:
        return tuple(
            scope.code
            for row, scope in enumerate(self._scopes)
            if (cell := self.item(row, column)) is not None
            and cell.checkState() is Qt.CheckState.Checked
        )

    def _set(self, row: int, column: int, *, ticked: bool) -> None:
        cell = self.item(row, column)
        if cell is not None:
            cell.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def _changed(self, cell: QTableWidgetItem) -> None:
        """Required means shown; not shown means not required."""
        on = cell.checkState() is Qt.CheckState.Checked
        self.blockSignals(True)
        if cell.column() == 2 and on:
            self._set(cell.row(), 1, ticked=True)
        elif cell.column() == 1 and not on and self._scopes[cell.row()].may_be_required:
            self._set(cell.row(), 2, ticked=False)
        self.blockSignals(False)
        self.edited.emit()

    @staticmethod
    def _tick() -> QTableWidgetItem:
        cell = QTableWidgetItem("")
        cell.setFlags(
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsUserCheckable
            | Qt.ItemFlag.ItemIsSelectable
        )
        cell.setCheckState(Qt.CheckState.Unchecked)
        return cell


class OwnFieldPage(MasterPage):
    """The declaration above, the places below."""

    def __init__(
        self,
        context: AppContext,
        field_id: int | None = None,
        proposal: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(context, SPEC, field_id, proposal)
        scopes = tuple((proposal or {}).get("scopes", ()))
        if scopes:
            self.places.show_scopes(scopes, ())

    def may_write(self) -> bool:
        return self.context.user.may(PERMISSION)

    def build_below(self) -> QWidget:
        side = QWidget(self)
        self.places = ScopeTable(side)
        self.places.setEnabled(self.may_write())
        self.places.edited.connect(self.mark_dirty)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(heading(tr("Where the field is shown")))
        column.addWidget(
            muted_label(
                tr(
                    "A formula reads other fields by their short names: qty * unit_weight_g / 1000,"
                    ' if(grade = "A", 1, 2), due_date - doc_date.'
                )
            )
        )
        column.addWidget(self.places, 1)
        return side

    def save(self) -> None:
        # The worker thread must not read widgets.
        self._sent = (self.places.shown(), self.places.required())
        super().save()

    def save_call(
        self, uow: Any, values: Mapping[str, Any], record_id: int | None, version: int | None
    ) -> int:
        shown, required = self._sent
        return _save(uow, {**values, "scopes": shown, "required_in": required}, record_id, version)

    def _show(self, values: Mapping[str, Any]) -> None:
        super()._show(values)
        self.places.show_scopes(tuple(values["scopes"]), tuple(values["required_in"]))
        for name in ("name", "editor"):
            self.form.editor(name).setEnabled(False)

    _sent: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


def create(context: AppContext, params: dict[str, Any]) -> OwnFieldPage:
    """``id`` opens a field, ``proposal`` begins a new one."""
    return OwnFieldPage(context, params.get("id"), params.get("proposal"))
