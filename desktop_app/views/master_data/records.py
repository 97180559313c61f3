"""The forms of master data as data: fields, how a record is read and how it is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import Field
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
