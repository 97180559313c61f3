"""One field finds the hinge, whatever the clerk remembers of it."""

from __future__ import annotations

import pytest

from desktop_app.queries import search
from desktop_app.queries.listing import ListRequest
from desktop_app.services import listing, master_data, scanning
from desktop_app.services.lists import LISTS
from tests import factories


@pytest.fixture
def hinge(uow):
    shop = factories.make_shop(uow)
    found = factories.make_item(
        uow,
        "HJ-0035",
        name="镀镍铰链",
        spec="35mm",
        barcodes={"6901234567892": 1},
        partners=[{"party_id": shop.supplier, "code": "HD-88x", "name": "Hongda hinge"}],
    )
    factories.make_item(uow, "HJ-0036", name="镀铬合页", spec="35mm")
    return found


@pytest.mark.parametrize(
    "typed",
    [
        "dnjl",
        "jl dn",
        "jiaolian",
        "镍",
        "铰链 35",
        "hj-0035",
        "0035",
        "HJ00 35 mm".replace("00 35", "-0035"),
        "6901234567892",
        "67892",
        "hd-88X",
        "hongda 88",
    ],
)
def test_the_hinge_is_found_by(uow, hinge, typed):
    assert hinge in [hit.id for hit in scanning.search(uow, typed, 20, ("item",))]


def test_one_letter_asks_for_the_beginning_of_a_word(uow, hinge):
    assert hinge in [hit.id for hit in scanning.search(uow, "d", 20, ("item",))]
    assert scanning.search(uow, "v", 20, ("item",)) == []


def test_the_exact_code_comes_first_and_the_barcode_is_named(uow, hinge):
    factories.make_item(uow, "A-HJ-0035", name="Box for HJ-0035")
    assert scanning.search(uow, "hj-0035", 20, ("item",))[0].id == hinge
    assert "6901234567892" in scanning.search(uow, "567892", 20, ("item",))[0].subtitle


def test_a_gtin_is_found_in_its_other_spellings(uow, hinge):
    assert scanning.search(uow, "06901234567892", 20, ("item",))[0].id == hinge


def test_signs_of_patterns_are_only_signs(uow, hinge):
    odd = factories.make_item(uow, "50%_A", name="half\\full")
    assert [hit.id for hit in scanning.search(uow, "%_", 20, ("item",))] == [odd]
    assert [hit.id for hit in scanning.search(uow, "f\\f", 20, ("item",))] == [odd]


def test_several_kinds_share_the_answer(uow, hinge):
    for number in range(12):
        factories.make_item(uow, f"MEI-{number}", name="Mei")
    customer = master_data.save_party(uow, {"code": "C9", "name": "Mei House", "is_customer": True})
    hits = scanning.search(uow, "mei", 10, ("item", "party"))
    assert len(hits) == 10
    assert ("party", customer) in [(hit.kind, hit.id) for hit in hits]


def test_partners_are_found_by_role(uow, hinge):
    assert scanning.search(uow, "hongda", 20, ("customer",)) == []
    assert [hit.title for hit in scanning.search(uow, "hongda", 20, ("supplier",))] == [
        "Hongda Hardware"
    ]


def test_the_list_of_items_answers_the_same(uow, hinge):
    page = listing.fetch(uow, LISTS["list:item"], ListRequest(search="67892"))
    assert page.ids == (hinge,)
    assert listing.totals(uow, LISTS["list:item"], ListRequest(search="dn jl")).count == 1


def test_a_very_common_word_walks_the_list_instead(uow, hinge, monkeypatch):
    monkeypatch.setattr(search, "MOST_OF_LIST", 1)
    assert search.ids_of_list(uow, "item", "35mm") is None
    assert listing.totals(uow, LISTS["list:item"], ListRequest(search="35mm")).count == 2


def test_a_blind_counter_may_look_up_items_too(database):
    database.run(factories.make_item, "HINGE", name="镀镍铰链")
    hits = database.as_user("counter").read(scanning.search, "dnjl", 5, ("item",))
    assert [hit.title for hit in hits] == ["HINGE  镀镍铰链"]
