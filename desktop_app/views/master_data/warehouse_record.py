"""The form of a warehouse as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import Editor, Field
from desktop_app.domain.locations import WAREHOUSE_KINDS
from desktop_app.queries.places import warehouse_record
from desktop_app.services import places
from desktop_app.views.master_data.records import MasterSpec


def _save(
    uow: UnitOfWork, values: Mapping[str, Any], warehouse_id: int | None, version: int | None
) -> int:
    """Save the head, then the bins and the walking route that were changed in the table."""
    if warehouse_id is None:
        return places.save_warehouse(
            uow,
            str(values["code"]),
            str(values["name"]),
            str(values["exit_code"]),
            str(values.get("address") or ""),
            str(values.get("kind") or "own"),
            values.get("party_id"),
        )
    places.change_warehouse(uow, warehouse_id, values, version)
    if values.get("bins"):
        places.change_bins(uow, warehouse_id, values["bins"])
    if values.get("route"):
        places.save_route(uow, warehouse_id, values["route"])
    return warehouse_id


WAREHOUSE = MasterSpec(
    kind="warehouse",
    new_title=N_("New warehouse"),
    fields=(
        Field("code", N_("Code"), required=True),
        Field("name", N_("Name"), required=True, width=24),
        Field("exit_code", N_("Exit code"), required=True),
        Field(
            "kind",
            N_("Kind"),
            Editor.CHOICE,
            required=True,
            choices=tuple(WAREHOUSE_KINDS.items()),
        ),
        Field("party_id", N_("Subcontractor"), Editor.PARTY, width=24),
        Field("address", N_("Address"), width=30),
        Field("is_active", N_("In use"), Editor.YES_NO),
    ),
    load=warehouse_record,
    save=_save,
    topics=frozenset({"place"}),
    defaults=lambda: {"kind": "own", "is_active": True},
)
