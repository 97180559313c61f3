"""The forms of master data as data: fields, how a record is read and how it is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import Editor, Field
from desktop_app.queries import master_data as records
from desktop_app.services import master_data
from desktop_app.views.base.tabbed_form import FormTab

Values = Mapping[str, Any]


@dataclass(frozen=True)
class MasterSpec:
    """A kind of record. ``save(uow, values, id or None, version or None)`` returns the id.

    With ``tabs`` the fields stand in tabs, with the tables that belong to the record.
    """

    kind: str
    new_title: str
    fields: tuple[Field, ...]
    load: Callable[[UnitOfWork, int], Values]
    save: Callable[[UnitOfWork, Values, int | None, int | None], int]
    topics: frozenset[str]
    defaults: Callable[[], Values] = dict
    tabs: tuple[FormTab, ...] = ()


_TEXTS = ("contact", "phone", "address", "tax_id", "orders_frozen_reason")
"""Fields whose empty text is a value: clearing them must be saved."""


def _save_party(uow: UnitOfWork, values: Values, party_id: int | None, version: int | None) -> int:
    return master_data.save_party(uow, _cleared(values), party_id=party_id, version=version)


def _save_warehouse(
    uow: UnitOfWork, values: Values, warehouse_id: int | None, _version: int | None
) -> int:
    if warehouse_id is not None:
        return master_data.change_warehouse(uow, warehouse_id, values)
    return master_data.save_warehouse(
        uow,
        str(values["code"]),
        str(values["name"]),
        str(values["exit_code"]),
        str(values.get("address") or ""),
    )


def _cleared(values: Values) -> dict[str, Any]:
    return {
        name: "" if value is None and name in _TEXTS else value for name, value in values.items()
    }


PARTY = MasterSpec(
    kind="party",
    new_title=N_("New partner"),
    fields=(
        Field("code", N_("Code"), required=True),
        Field("name", N_("Name"), required=True, width=30),
        Field("tax_id", N_("Tax number")),
        Field("is_customer", N_("Customer"), Editor.YES_NO),
        Field("is_supplier", N_("Supplier"), Editor.YES_NO),
        Field("is_subcontractor", N_("Subcontractor"), Editor.YES_NO),
        Field("contact", N_("Contact")),
        Field("phone", N_("Phone")),
        Field("address", N_("Address"), width=30),
        Field("orders_frozen_reason", N_("New orders frozen because"), width=30),
    ),
    load=records.party_record,
    save=_save_party,
    topics=frozenset({"party"}),
)
WAREHOUSE = MasterSpec(
    kind="warehouse",
    new_title=N_("New warehouse"),
    fields=(
        Field("code", N_("Code"), required=True),
        Field("name", N_("Name"), required=True, width=24),
        Field("exit_code", N_("Exit code"), required=True),
        Field("address", N_("Address"), width=30),
    ),
    load=records.warehouse_record,
    save=_save_warehouse,
    topics=frozenset({"place"}),
)
