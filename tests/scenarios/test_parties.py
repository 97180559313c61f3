"""A partner is kept whole; its own item codes work in its documents."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from desktop_app.core.errors import InvalidInput, StaleDocument
from desktop_app.queries import parties as queries
from desktop_app.services import (
    documents,
    order_paper,
    parties,
    party_items,
    party_prices,
    print_snapshots,
    receiving,
)
from desktop_app.services.documents import Draft
from tests import factories, sales_shop


def _partner(uow: Any, **more: Any) -> int:
    return parties.save_party(uow, {"code": "P9", "name": "金华美佳", **more})


def test_one_partner_may_be_customer_supplier_and_carrier(uow: Any) -> None:
    party = _partner(
        uow,
        is_customer=True,
        is_supplier=True,
        is_carrier=True,
        tax_id="91330100 799655058b",
        bank="ICBC 1208",
        payment_terms="月结",
        payment_days=30,
        credit_limit=Decimal(5000),
    )
    kept = queries.party_record(uow, party)
    assert kept["tax_id"] == "91330100799655058B"
    assert (kept["payment_days"], kept["credit_limit"]) == (30, 5000)
    assert queries.carriers(uow) == ["金华美佳"]
    parties.save_party(
        uow,
        {"code": "P9", "name": "金华美佳", "credit_limit": None, "payment_days": None},
        party_id=party,
        version=1,
    )
    assert queries.party_record(uow, party)["credit_limit"] is None
    with pytest.raises(StaleDocument):
        parties.save_party(uow, {"code": "P9", "name": "x"}, party_id=party, version=1)


def test_contacts_and_addresses_are_changed_row_by_row(uow: Any) -> None:
    party = _partner(
        uow,
        contacts=[{"name": "Wang", "phone": "138"}, {"name": "Li"}],
        addresses=[
            {"address": "South gate", "receiver": "Li"},
            {"purpose": "invoice", "address": "Office"},
        ],
    )
    _wang, li = queries.party_record(uow, party)["contacts"]
    parties.save_party(
        uow,
        {"code": "P9", "name": "x", "contacts": [{**li, "phone": "139"}, {"name": "Zhao"}]},
        party_id=party,
        version=1,
    )
    kept = queries.party_record(uow, party)
    assert [(c["id"] == li["id"], c["name"], c["phone"]) for c in kept["contacts"]] == [
        (True, "Li", "139"),
        (False, "Zhao", ""),
    ]
    assert [a["purpose"] for a in kept["addresses"]] == ["delivery", "invoice"]
    assert [a.address for a in queries.delivery_addresses(uow, party)] == ["South gate"]
    with pytest.raises(InvalidInput) as wrong:
        parties.save_party(
            uow,
            {"code": "P9", "name": "x", "contacts": [{"phone": "1"}]},
            party_id=party,
            version=2,
        )
    assert (wrong.value.problems[0].field, wrong.value.problems[0].line_no) == ("name", 1)


def test_a_contact_of_somebody_else_is_not_moved(uow: Any) -> None:
    party = _partner(uow, contacts=[{"name": "Wang"}])
    (wang,) = queries.party_record(uow, party)["contacts"]
    other = parties.save_party(uow, {"code": "P8", "name": "Other", "contacts": [wang]})
    assert queries.party_record(uow, party)["contacts"][0]["name"] == "Wang"
    assert queries.party_record(uow, other)["contacts"] == ()


def test_their_code_finds_our_item_in_their_documents_only(uow: Any) -> None:
    ours, other = factories.make_item(uow, "HINGE"), factories.make_item(uow, "MJ-77")
    party = _partner(
        uow, is_customer=True, own_codes=[{"item_id": ours, "code": "mj-77", "name": "美佳合页"}]
    )
    assert party_items.resolve_for(uow, "MJ-77", party).id == ours
    assert party_items.resolve_for(uow, "MJ-77").id == other
    assert party_items.resolve_for(uow, "MJ-78", party) is None
    assert [
        hit.id for hit in party_items.search_for(uow, "mj", kinds=("item",), party_id=party)
    ] == [
        ours,
        other,
    ]
    assert party_items.search_for(uow, "合页", kinds=("item",), party_id=party)[0].id == ours
    assert party_items.search_for(uow, "100%_", kinds=("item",), party_id=party) == []
    assert queries.their_codes(uow, party, (ours, other))[ours].code == "mj-77"


def test_the_suppliers_own_label_is_understood_at_the_dock(uow: Any) -> None:
    shop = factories.make_shop(uow)
    item = factories.make_item(uow)
    parties.save_own_codes(uow, shop.supplier, [{"item_id": item, "code": "HD-0815"}])
    order = documents.create(
        uow,
        Draft(
            "purchase_order",
            {"party_id": shop.supplier, "warehouse_id": shop.warehouse},
            ({"item_id": item, "qty": Decimal(1), "unit_price": Decimal(5)},),
        ),
    )
    found = receiving.identify(uow, "HD-0815", order.id)
    assert found is not None and found.item_id == item
    assert receiving.identify(uow, "HD-0815") is None


def test_one_code_for_two_items_is_refused(uow: Any) -> None:
    one, two = factories.make_item(uow), factories.make_item(uow)
    party = _partner(uow)
    for rows, field in (
        ([{"item_id": one, "code": "X"}, {"item_id": two, "code": "x"}], "code"),
        ([{"item_id": one}, {"item_id": one}], "item_id"),
    ):
        with pytest.raises(InvalidInput) as wrong:
            parties.save_own_codes(uow, party, rows)
        assert (wrong.value.problems[0].field, wrong.value.problems[0].line_no) == (field, 2)


def test_the_price_history_is_this_partners_and_this_sides(uow: Any) -> None:
    shop = factories.make_shop(uow)
    item = factories.make_item(uow)
    for price, customer in ((10, shop.customer), (12, shop.customer), (99, shop.customer2)):
        sales_shop.order(uow, shop, (item, 1), price=price, customer=customer)
    documents.create(
        uow,
        Draft(
            "purchase_order",
            {"party_id": shop.customer, "warehouse_id": shop.warehouse},
            ({"item_id": item, "qty": Decimal(1), "unit_price": Decimal(5)},),
        ),
    )
    found = party_prices.price_history(uow, "sales_order", shop.customer, item)
    assert [row.price for row in found] == [12, 10]
    assert party_prices.price_history(uow, "transfer", shop.customer, item) == []
    assert [row.price for row in party_prices.last_prices_of(uow, shop.customer)] == [12]


def test_prices_stay_hidden_from_the_storekeeper(database: Any) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item)
    database.run(sales_shop.order, shop, (item, 1), price=10)
    keeper = database.as_user("storekeeper")
    assert keeper.read(party_prices.price_history, "sales_order", shop.customer, item) == []
    assert keeper.read(party_prices.last_prices_of, shop.customer) == []
    assert keeper.read(queries.open_amount, shop.customer) is None


def test_their_code_is_printed_on_the_delivery_note_and_the_purchase_order(uow: Any) -> None:
    shop = factories.make_shop(uow)
    item = factories.make_item(uow, "HINGE", name="Hinge")
    for party in (shop.customer, shop.supplier):
        parties.save_own_codes(
            uow, party, [{"item_id": item, "code": "MJ-1", "name": "Their hinge"}]
        )
    factories.stock_up(uow, shop, item, 5)
    order = sales_shop.order(uow, shop, (item, 2), price=10)
    shipment = sales_shop.release(uow, order)
    note = print_snapshots.delivery_note(uow, shipment.id)
    assert note.lines[0].their_name == "MJ-1 Their hinge"
    bought = documents.create(
        uow,
        Draft(
            "purchase_order",
            {"party_id": shop.supplier, "warehouse_id": shop.warehouse},
            ({"item_id": item, "qty": Decimal(1), "unit_price": Decimal(5)},),
        ),
    )
    paper = order_paper.order(uow, bought.id)
    assert "theirs" in [column.id for column in paper.columns]
    assert "MJ-1 Their hinge" in paper.rows[0]
