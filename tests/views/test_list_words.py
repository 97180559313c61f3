"""A list shows people by name, codes in words and its sums, on the screen and in Excel alike."""

from __future__ import annotations

from decimal import Decimal

from desktop_app.core.i18n import N_, Message
from desktop_app.queries.list_engine import fetch, totals
from desktop_app.queries.listing import Column, ListRequest, ListSpec, person_name
from desktop_app.services import access
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.lists import LISTS, document_list
from desktop_app.views.base.filter_text import parse_filter
from desktop_app.views.base.values import format_cell
from tests import factories


def column(spec: ListSpec, name: str) -> Column:
    return next(known for known in spec.columns if known.name == name)


def test_who_wrote_a_document_is_called_by_name_and_quantities_add_up(uow) -> None:
    shop = factories.make_shop(uow)
    item = factories.make_item(uow)
    for qty in (236, 14):
        factories.stock_up(uow, shop, item, qty)
    spec = document_list(DOCUMENT_TYPES["opening_stock"])
    page = fetch(uow, spec, ListRequest())
    # The name is looked up by the login that is stored, whoever reads the list.
    named = {row[page.columns.index("created_by")] for row in page.rows}
    assert named == {access.whoami(uow).display_name}
    assert totals(uow, spec, ListRequest()).sums["ordered"] == Decimal(250)


def test_a_login_becomes_the_name_of_its_person(uow) -> None:
    known = uow.scalar("SELECT " + person_name("'owner'::text"))
    gone = uow.scalar("SELECT " + person_name("'left-long-ago'::text"))
    assert (known, gone) == (access.whoami(uow).display_name, "left-long-ago")


def test_places_outside_every_warehouse_are_told_in_words_and_found_by_them() -> None:
    place = column(LISTS["list:move"], "from_place")
    assert format_cell(place, "PRODUCTION") == "In production"
    assert format_cell(place, "A-01-1") == "A-01-1"
    found = parse_filter(place, "In production")
    assert found is not None
    assert (found.operator, found.value) == ("contains", "PRODUCTION")
    plain = parse_filter(place, "A-0")
    assert plain is not None
    assert plain.value == "A-0"


def test_several_codes_in_one_cell_are_all_told() -> None:
    known = Column(
        "scopes",
        "",
        "",
        labels={
            "item": N_("Items"),
            "order.line": Message(
                N_("{documents}: lines"), {"documents": Message(N_("Sales orders"))}
            ),
        },
    )
    assert known.label("item, order.line") == "Items, Sales orders: lines"
    assert known.label("item, other") is None
    assert known.label(3) is None
