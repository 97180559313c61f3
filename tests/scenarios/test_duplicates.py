"""Two cards for one hinge: found, merged with its stock, or said to be two."""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal

import psycopg
import pytest

from desktop_app.core.errors import EvidenceMissing, RuleRefused
from desktop_app.domain.bom import BOMLine, BOMLoop
from desktop_app.queries import duplicates as pairs, trace
from desktop_app.queries.duplicates import DUPLICATES
from desktop_app.queries.listing import ListRequest
from desktop_app.queries.missing_parameters import MISSING, WAIVED, rule_of
from desktop_app.services import (
    bills_of_material,
    documents,
    duplicates,
    listing,
    master_data,
    scanning,
)
from desktop_app.services.bills_of_material import BOMDraft
from tests import factories


def _pairs(uow):
    page = listing.fetch(uow, DUPLICATES, ListRequest())
    rows = [dict(zip(page.columns, row, strict=True)) for row in page.rows]
    return {(row["reason"], row["code"], row["other_code"]) for row in rows}


@pytest.fixture
def shop(uow):
    return factories.make_shop(uow)


@pytest.fixture
def two(uow, shop):
    keep = factories.make_item(uow, "hj-35", name="Hinge 35", barcodes={"6901234567892": 1})
    lose = factories.make_item(
        uow,
        "HJ-35",
        name="Hinge",
        barcodes={"06901234567892": 1, "555": 10},
        sales_price=Decimal("8.5"),
        partners=[{"party_id": shop.supplier, "code": "HD-1"}],
    )
    return keep, lose


def test_likely_duplicates_are_offered_with_the_reason(uow, two):
    factories.make_item(uow, "N1", name="Ｎｕｔ  M6")
    factories.make_item(uow, "N2", name="nut m6")
    assert _pairs(uow) == {("barcode", "hj-35", "HJ-35"), ("name", "N1", "N2")}


def test_a_code_as_it_was_scanned_comes_before_its_other_spellings(uow, two):
    keep, lose = two
    found = [scanning.resolve(uow, code) for code in ("hj-35", "HJ-35")]
    assert [target.id for target in found if target is not None] == [keep, lose]


def test_a_pair_said_to_be_two_things_is_not_offered_again(uow, two):
    keep, lose = two
    with pytest.raises(EvidenceMissing):
        duplicates.not_a_duplicate(uow, "item", lose, keep, " ")
    duplicates.not_a_duplicate(uow, "item", lose, keep, "other thickness")
    assert _pairs(uow) == set()


def test_the_merged_item_brings_codes_prices_and_stock_and_stays_visible(uow, shop, two):
    keep, lose = two
    factories.stock_up(uow, shop, keep, 5, "A-01")
    factories.stock_up(uow, shop, lose, 7, "A-01")
    factories.stock_up(uow, shop, lose, 3, "A-02")
    numbers = duplicates.merge_items(uow, keep, lose, "the same hinge")
    assert len(numbers) == 1 and numbers[0].startswith("HB")
    assert factories.on_hand(uow, keep, shop.bins["A-01"]) == 12
    assert factories.on_hand(uow, keep, shop.bins["A-02"]) == 3
    assert factories.on_hand(uow, lose) == 0
    assert uow.scalar("SELECT price FROM item_sales_price WHERE item_id = %s", (keep,)) == Decimal(
        "8.5"
    )
    for code in ("HJ-35", "555", "06901234567892"):
        target = scanning.resolve(uow, code)
        assert target is not None and target.id == keep
    assert "merged from HJ-35" in scanning.resolve(uow, "HJ-35").title
    hit = scanning.search(uow, "HJ-35", 5, ("item",))[0]
    assert hit.id == keep
    assert trace.waterfall(uow, lose) is not None
    assert _pairs(uow) == set()
    assert duplicates.merge_items(uow, keep, lose, "again") == ()
    uow.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_lots_go_over_with_their_expiry(uow, shop):
    keep = factories.make_item(uow, "K", tracking="lot")
    lose = factories.make_item(uow, "L", tracking="lot")
    lot = factories.make_lot(uow, lose, "B1")
    factories.stock_up(uow, shop, lose, 4, lot=lot)
    duplicates.merge_items(uow, keep, lose, "same")
    row = uow.execute(
        "SELECT o.code, b.on_hand FROM stock_balance b JOIN lot o ON o.id = b.lot_id"
        " WHERE b.item_id = %s AND b.on_hand > 0",
        (keep,),
    ).fetchall()
    assert row == [("B1", Decimal(4))]


def test_without_stock_nothing_is_posted(uow, two):
    assert duplicates.merge_items(uow, *two, "same") == ()
    assert uow.scalar("SELECT count(*) FROM document WHERE kind = 'item_merge'") == 0


def test_an_open_order_is_named_and_a_draft_follows(uow, shop, two):
    keep, lose = two
    factories.stock_up(uow, shop, lose, 10)
    order = documents.create(
        uow,
        documents.Draft(
            "sales_order",
            {"party_id": shop.customer, "warehouse_id": shop.warehouse},
            ({"item_id": lose, "qty": Decimal(2)},),
        ),
    )
    draft = documents.create(
        uow,
        documents.Draft(
            "bin_move",
            {"warehouse_id": shop.warehouse},
            (
                {
                    "item_id": lose,
                    "qty": Decimal(1),
                    "location_id": shop.bins["A-01"],
                    "to_location_id": shop.bins["A-02"],
                },
            ),
        ),
    )
    plan = pairs.item_plan(uow, keep, lose)
    assert order.number in plan.blockers and draft.number in plan.drafts
    with pytest.raises(RuleRefused, match=order.number):
        duplicates.merge_items(uow, keep, lose, "same")
    documents.act(uow, documents.ActCommand(order.id, "void", order.version, reason="wrong"))
    duplicates.merge_items(uow, keep, lose, "same")
    assert (
        uow.scalar("SELECT item_id FROM document_line WHERE document_id = %s", (draft.id,)) == keep
    )


def _draft_move(uow, shop, item, lot=0):
    """A bin move that nobody has carried out yet."""
    line = {
        "item_id": item,
        "qty": Decimal(1),
        "lot_id": lot,
        "location_id": shop.bins["A-01"],
        "to_location_id": shop.bins["A-02"],
    }
    draft = documents.Draft("bin_move", {"warehouse_id": shop.warehouse}, (line,))
    return documents.create(uow, draft)


@pytest.mark.parametrize("known", [True, False])
def test_a_draft_names_the_lot_of_the_survivor(uow, shop, known):
    keep = factories.make_item(uow, "K", tracking="lot")
    lose = factories.make_item(uow, "L", tracking="lot")
    there = factories.make_lot(uow, keep, "B1") if known else None
    draft = _draft_move(uow, shop, lose, factories.make_lot(uow, lose, "B1"))
    duplicates.merge_items(uow, keep, lose, "same")
    item, lot_of, code, lot = uow.execute(
        "SELECT l.item_id, o.item_id, o.code, o.id FROM document_line l JOIN lot o"
        " ON o.id = l.lot_id WHERE l.document_id = %s",
        (draft.id,),
    ).fetchone()
    assert (item, lot_of, code) == (keep, keep, "B1")
    assert there in (None, lot)


def test_a_draft_whose_numbers_would_mean_something_else_stops_the_merge(uow, shop):
    kilos = factories.make_item(uow, "KG", uom="kg", uom_decimals=3)
    lots = factories.make_item(uow, "LOT", tracking="lot")
    lose = factories.make_item(uow, "L")
    draft = _draft_move(uow, shop, lose)
    with pytest.raises(RuleRefused, match=draft.number):
        duplicates.merge_items(uow, kilos, lose, "same")
    with pytest.raises(RuleRefused, match=draft.number):
        duplicates.merge_items(uow, lots, lose, "same")
    assert uow.scalar("SELECT merged_into_id FROM item WHERE id = %s", (lose,)) is None


def _bom(uow, product, component, version="1"):
    line = BOMLine(component, Decimal(2))
    return bills_of_material.save_bom(uow, BOMDraft(product, (line,), version))


def test_numbers_of_a_bill_of_materials_keep_their_unit(uow):
    product, lose = factories.make_item(uow, "P"), factories.make_item(uow, "L")
    kilos = factories.make_item(uow, "KG", uom="kg", uom_decimals=3)
    _bom(uow, product, lose)
    with pytest.raises(RuleRefused, match="P 1"):
        duplicates.merge_items(uow, kilos, lose, "same")


def test_what_is_made_from_the_other_is_not_the_other(uow):
    product, blank = factories.make_item(uow, "PLATED"), factories.make_item(uow, "BLANK")
    _bom(uow, product, blank)
    with pytest.raises(BOMLoop, match="PLATED"):
        duplicates.merge_items(uow, product, blank, "same")


def test_of_two_bills_of_materials_the_survivors_stays_the_active_one(uow):
    keep, lose, part = (factories.make_item(uow, code) for code in ("K", "L", "PART"))
    _bom(uow, keep, part, "A")
    _bom(uow, lose, part, "B")
    duplicates.merge_items(uow, keep, lose, "same")
    assert uow.execute(
        "SELECT version, is_active FROM bom WHERE item_id = %s ORDER BY 1", (keep,)
    ).fetchall() == [("A", True), ("B", False)]


def test_different_units_with_stock_are_refused(uow, shop):
    keep = factories.make_item(uow, "K", uom="kg", uom_decimals=3)
    lose = factories.make_item(uow, "L")
    factories.stock_up(uow, shop, lose, 4)
    with pytest.raises(RuleRefused, match="different units"):
        duplicates.merge_items(uow, keep, lose, "same")


def test_a_merged_item_cannot_be_brought_back(uow, two):
    duplicates.merge_items(uow, *two, "same")
    with pytest.raises(RuleRefused, match="stays so"):
        uow.execute("UPDATE item SET is_active = true WHERE id = %s", (two[1],))


def test_partners_merge_and_documents_keep_theirs(uow, shop):
    other = master_data.save_party(
        uow, {"code": "s1 ", "name": "HONGDA hardware", "is_supplier": True, "phone": "139"}
    )
    assert _pairs(uow) == {("code", "S1", "s1 ")}
    duplicates.merge_parties(uow, shop.supplier, other, "one firm")
    assert uow.scalar("SELECT phone FROM party WHERE id = %s", (shop.supplier,)) == "139"
    found = scanning.search(uow, "HONGDA", 5, ("supplier",))
    assert [hit.id for hit in found] == [shop.supplier]
    with pytest.raises(RuleRefused, match="merged already"):
        duplicates.merge_parties(uow, other, shop.customer, "x")


def test_goods_cannot_be_turned_into_others_by_a_merge_document(database):
    """A clerk posts a merge of two items that nobody merged."""
    shop = database.run(factories.make_shop)
    brass = database.run(factories.make_item, "BRASS")
    gold = database.run(factories.make_item, "GOLD")
    database.run(factories.stock_up, shop, brass, 5)
    process = database.read(lambda uow: uow.scalar("SELECT id FROM location WHERE kind='process'"))

    def alchemy(uow):
        a = shop.bins["A-01"]
        lines = ({"item_id": brass, "qty": Decimal(5)}, {"item_id": gold, "qty": Decimal(5)})
        entries = (
            documents.ActEntry(1, Decimal(5), from_location_id=a, to_location_id=process),
            documents.ActEntry(2, Decimal(5), from_location_id=process, to_location_id=a),
        )
        draft = documents.Draft("item_merge", {"warehouse_id": shop.warehouse}, lines)
        documents.create_and_act(
            uow, draft, documents.ActCommand(0, "merge", entries=entries, reason="magic")
        )

    with pytest.raises(RuleRefused, match="exactly what it takes out"):
        database.as_user("buyer").run(alchemy)
    assert database.read(factories.on_hand, gold) == 0


def test_the_parts_of_others_cannot_be_taken_by_plain_sql(database):
    keep = database.run(factories.make_item, "K")
    lose = database.run(factories.make_item, "L")
    for login in ("storekeeper", "buyer"):
        with (
            closing(psycopg.connect(database.dsn(login))) as connection,
            pytest.raises(psycopg.Error, match=r"permission_denied|stays_merged"),
        ):
            connection.execute("SELECT merge_item_parts(%s, %s)", (keep, lose))


def test_a_buyer_merges_items_with_stock(database):
    shop = database.run(factories.make_shop)
    keep = database.run(factories.make_item, "K", sales_price=Decimal(3))
    lose = database.run(factories.make_item, "L")
    database.run(factories.stock_up, shop, lose, 5)
    numbers = database.as_user("buyer").run(duplicates.merge_items, keep, lose, "same")
    assert len(numbers) == 1
    assert database.read(factories.on_hand, keep) == 5


def test_what_is_missing_is_listed_with_who_made_it_and_can_be_accepted(uow, shop):
    bare = factories.make_item(uow, "BARE", reorder_point=Decimal(5))
    factories.stock_up(uow, shop, bare, 3)
    page = listing.fetch(uow, MISSING, ListRequest())
    rows = [dict(zip(page.columns, row, strict=True)) for row in page.rows]
    assert {row["parameter"] for row in rows} == {"usual_bin", "lead_time"}
    assert {row["responsible"] for row in rows} == {"owner"}
    rule, record = rule_of(page.ids[0])
    duplicates.accept_missing(uow, rule.record, record, rule.parameter, "made to order")
    assert listing.totals(uow, MISSING, ListRequest()).count == 1
    assert listing.totals(uow, WAIVED, ListRequest()).count == 1
