"""Contracts every document type keeps; a new type is covered the moment it is registered."""

from __future__ import annotations

import pytest

from desktop_app.domain import lifecycle
from desktop_app.domain.document_type import STATE_TITLES, DocumentType, Store
from desktop_app.domain.permissions import PERMISSIONS
from desktop_app.models import Base
from desktop_app.queries.listing import ListRequest
from desktop_app.services import listing, lists
from desktop_app.services.document_types import DOCUMENT_TYPES

ALL = list(DOCUMENT_TYPES)
VERBS = frozenset(step.verb for kind in ALL for step in kind.transitions)
IDS = [document_type.kind for document_type in ALL]


@pytest.mark.parametrize("document_type", ALL, ids=IDS)
def test_the_declaration_is_sound(document_type: DocumentType) -> None:
    assert lifecycle.problems(document_type, all_verbs=VERBS) == []


@pytest.mark.parametrize("document_type", ALL, ids=IDS)
def test_every_field_has_its_column(document_type: DocumentType) -> None:
    tables = Base.metadata.tables
    homes = {
        Store.DOCUMENT: "document",
        Store.LINE: "document_line",
        Store.EXTENSION: document_type.extension,
        Store.LINE_EXTENSION: document_type.line_extension,
        Store.PRICE: f"{document_type.price_side}_line_price",
    }
    for field in (*document_type.head_fields, *document_type.line_fields):
        if field.store is not Store.COMPUTED:
            home = homes[field.store]
            assert home and field.name in tables[home].columns, (field.name, home)


@pytest.mark.parametrize("document_type", ALL, ids=IDS)
def test_states_have_titles_and_permissions_exist(document_type: DocumentType) -> None:
    assert set(document_type.states) <= set(STATE_TITLES)
    assert document_type.write_permission in PERMISSIONS
    assert all(step.permission in PERMISSIONS for step in document_type.transitions)


@pytest.mark.parametrize("document_type", ALL, ids=IDS)
def test_a_red_entry_may_undo_everything_the_type_can_move(document_type: DocumentType) -> None:
    mirror = document_type.transition("mirror")
    if mirror is None:
        return
    reachable = {
        s for step in document_type.transitions if step.verb == "reverse" for s in step.sources
    }
    forward = {
        pair
        for step in document_type.transitions
        if step.verb != "mirror" and step.target in (*reachable, "=")
        for pair in step.moves
    }
    assert {(target, source) for source, target in forward} <= set(mirror.moves)


@pytest.mark.parametrize("document_type", ALL, ids=IDS)
def test_its_list_opens_sorts_and_searches(uow, document_type: DocumentType) -> None:
    spec = lists.document_list(document_type)
    for column in spec.columns:
        listing.fetch(uow, spec, ListRequest(sort=column.name, search="x", limit=5))
    assert listing.totals(uow, spec, ListRequest()).count >= 0


@pytest.mark.parametrize("spec", list(lists.LISTS), ids=lambda spec: spec.id)
def test_every_list_opens_sorts_and_searches(uow, spec) -> None:
    for column in spec.columns:
        listing.fetch(uow, spec, ListRequest(sort=column.name, search="x", limit=5))
    assert listing.totals(uow, spec, ListRequest()).count >= 0


def test_the_database_knows_exactly_the_declared_transitions(uow) -> None:
    declared = {
        (kind.kind, step.verb, source, source if step.target == "=" else step.target)
        for kind in ALL
        for step in kind.transitions
        for source in step.sources
    }
    known = set(uow.execute("SELECT kind, verb, from_state, to_state FROM transition").fetchall())
    assert known == declared
