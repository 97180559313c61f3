"""A family: its axes above, the grid of all its variants below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop_app.core.errors import InvalidInput
from desktop_app.core.i18n import N_, tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import Editor, Field, Store
from desktop_app.queries.families import FamilyGrid, family_grid, family_record
from desktop_app.runtime.context import AppContext
from desktop_app.services import families
from desktop_app.services.families import MadeVariants, VariantDraft
from desktop_app.views.base.form_table import TableSpec
from desktop_app.views.base.tabbed_form import FormTab
from desktop_app.views.master_data.master_page import MasterPage
from desktop_app.views.master_data.records import MasterSpec
from desktop_app.views.master_data.variant_grid import VariantGrid

AXES = TableSpec(
    "axes",
    N_("Axes"),
    (
        Field("name", N_("Axis"), Editor.TEXT, Store.LINE, required=True, width=16),
        Field("is_finish", N_("Finish of a blank"), Editor.YES_NO, Store.LINE, width=16),
        Field("options", N_("Values"), Editor.TEXT, Store.LINE, required=True, width=60),
    ),
    rows=3,
    hint=N_("Values with their part of the code: Nickel=NI, Chrome=CR, Matt=MT"),
)


def _save(
    uow: UnitOfWork, values: Mapping[str, Any], family_id: int | None, version: int | None
) -> int:
    given = {name: "" if value is None else value for name, value in values.items()}
    return families.save_family(uow, given, family_id=family_id, version=version)


FAMILY = MasterSpec(
    kind="family",
    new_title=N_("New family"),
    fields=(
        Field("code", N_("Family code"), required=True),
        Field("name", N_("Family name"), required=True, width=30),
        Field("remark", N_("Remark"), width=30),
        Field("code_pattern", N_("Pattern of codes")),
        Field("name_pattern", N_("Pattern of names")),
    ),
    load=family_record,
    save=_save,
    topics=frozenset({"family", "item", "stock"}),
    defaults=lambda: {
        "code_pattern": "{family}-{values}",
        "name_pattern": "{values}{family}",
    },
    tabs=(
        FormTab(N_("Family"), ("code", "name", "remark", "code_pattern", "name_pattern"), (AXES,)),
    ),
)


class FamilyPage(MasterPage):
    """F4 ticks all that is missing, F9 makes what is ticked, F7 opens a variant."""

    def __init__(self, context: AppContext, family_id: int | None = None) -> None:
        super().__init__(context, FAMILY, family_id)
        self.add_key(tr("Open variant"), "F7", self.grid.open_current)
        self.shortcut("F4", self.grid.tick_missing)
        self.shortcut("F9", self.make)
        self.grid.setVisible(family_id is not None)

    def build_below(self) -> QWidget:
        self.grid = VariantGrid(self.context, self)
        self.grid.making.connect(self._make)
        self.grid.opening.connect(lambda item: self.context.open_page("item", {"id": item}))
        return self.grid

    def show_more(self, record_id: int) -> None:
        self.grid.show()
        self.context.operations.query(
            family_grid, record_id, on_done=self._show_grid, on_error=self._failed
        )

    def make(self) -> None:
        """Make what is ticked (F9)."""
        self.grid.make()

    def _make(self, drafts: Sequence[VariantDraft]) -> None:
        if self._dirty:
            self.bar.tell(tr("Save the family first: its axes were changed."), wrong=True)
            return
        self.grid.make_button.setEnabled(False)
        self.context.operations.command(
            families.make_variants,
            self.record_id,
            list(drafts),
            on_done=self._made,
            on_error=self._not_made,
        )

    def _made(self, result: MadeVariants) -> None:
        self.grid.make_button.setEnabled(True)
        said = [tr("{count} variants made", count=len(result.made))]
        if result.joined:
            said.append(tr("{count} items joined the family", count=len(result.joined)))
        if result.kept:
            said.append(tr("{count} kept up to date", count=len(result.kept)))
        self.context.notifier.success(", ".join(said))
        self.grid.forget_typed()
        self.reload()

    def _not_made(self, error: Exception) -> None:
        self.grid.make_button.setEnabled(True)
        if isinstance(error, InvalidInput):
            self.grid.show_problems(error.problems)
        else:
            self._failed(error)

    def _show_grid(self, grid: FamilyGrid) -> None:
        self.grid.show_grid(grid, writing=self.may_write())


def create(context: AppContext, params: dict[str, Any]) -> FamilyPage:
    """``id`` opens a family; without it a new one begins."""
    return FamilyPage(context, params.get("id"))
