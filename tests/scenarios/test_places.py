"""What a warehouse's kind means for its goods; bins made, renamed, closed, walked."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from pypdf import PdfReader

from desktop_app.core.errors import InsufficientStock, InvalidInput, PermissionDenied, RuleRefused
from desktop_app.domain.bin_patterns import bins_of_pattern
from desktop_app.queries.places import stops, warehouse_places
from desktop_app.services import documents, place_labels, places, transfers
from desktop_app.services.document_steps import service_for
from desktop_app.services.documents import ActCommand, Draft
from desktop_app.services.place_labels import PlaceLabels
from desktop_app.services.print_snapshots import pick_list
from desktop_app.services.stock import line_stock
from tests import factories, sales_shop


def _codes(uow: Any, warehouse: int) -> list[str]:
    return [stop.code for stop in stops(uow, warehouse)]


def _text(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_forty_eight_bins_at_once_know_where_they_are(uow: Any) -> None:
    house = places.save_warehouse(uow, "W7", "Hardware", "W7-EXIT")
    made = places.make_bins(uow, house, bins_of_pattern("A-01-1…A-12-4", "W7", "五金"))
    assert len(made) == 48
    rows = warehouse_places(uow, house)
    last = rows[-1]
    assert (last.code, last.zone, last.aisle, last.rack, last.level) == (
        "A-12-4",
        "五金",
        "A",
        "12",
        "4",
    )
    assert (rows[3].code, rows[3].route_seq, last.route_seq) == ("A-01-1", 1, 48)
    with pytest.raises(InvalidInput, match="2 of these bins exist already: A-01-1, A-01-2"):
        places.make_bins(uow, house, bins_of_pattern("a-01-1, A-01-2, A-99"))
    with pytest.raises(InvalidInput, match="scan code"):
        places.make_bins(uow, house, bins_of_pattern("甲-01"))


def test_goods_in_a_quality_or_defective_warehouse_are_never_for_sale(uow: Any) -> None:
    shop = factories.make_shop(uow)
    item = factories.make_item(uow)
    factories.stock_up(uow, shop, item, 10)
    bad = places.save_warehouse(uow, "Q1", "Defective", "Q1-EXIT", kind="defective")
    bins = places.make_bins(uow, bad, bins_of_pattern("Q-01…Q-03"))
    assert {row.kind for row in warehouse_places(uow, bad)} == {"hold"}
    sent = documents.create(
        uow,
        Draft(
            "transfer",
            {"warehouse_id": shop.warehouse, "to_warehouse_id": bad},
            ({"item_id": item, "qty": Decimal(4)},),
        ),
    )
    transfers.ship_out(uow, ActCommand(sent.id, "ship_out"))
    code = uow.scalar("SELECT code FROM item WHERE id = %s", (item,))
    transfers.arrive(uow, transfers.Arrival(sent.id, code, Decimal(3), "Q-02"))
    done = transfers.arrive(uow, transfers.Arrival(sent.id, code))
    assert done.state == "received"
    assert factories.on_hand(uow, item, bins["Q-02"]) == 3
    assert line_stock(uow, [item], bad)[item].available == 0
    assert line_stock(uow, [item], None)[item].available == 6


def test_only_quality_takes_goods_off_a_hold(database: Any) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item)
    database.run(factories.stock_up, shop, item, 10)
    keeper, quality = database.as_user("storekeeper"), database.as_user("quality")

    def move(source: int, target: int) -> Draft:
        line = {
            "item_id": item,
            "qty": Decimal(5),
            "location_id": source,
            "to_location_id": target,
        }
        return Draft("bin_move", {"warehouse_id": shop.warehouse}, (line,))

    hold = shop.docks["hold"]
    keeper.run(documents.create_and_act, move(shop.bins["A-01"], hold), ActCommand(0, "move"))
    back = keeper.run(documents.create, move(hold, shop.bins["A-02"]))
    with pytest.raises(RuleRefused, match="may not move goods"):
        keeper.run(documents.act, ActCommand(back.id, "move"))
    with pytest.raises(PermissionDenied):
        keeper.run(documents.act, ActCommand(back.id, "release_hold", reason="looks fine"))
    release = service_for("bin_move", "release_hold")
    quality.run(release, ActCommand(back.id, "release_hold", reason="measured again: good"))
    assert database.read(factories.on_hand, item, shop.bins["A-02"]) == 5


def test_a_bin_with_goods_cannot_be_closed_and_a_closed_one_takes_none(uow: Any) -> None:
    shop = factories.make_shop(uow)
    item = factories.make_item(uow)
    factories.stock_up(uow, shop, item, 10, "A-01")

    def close(code: str) -> int:
        row = {"id": shop.bins[code], "code": code, "aisle": "A", "rack": code[2:]}
        return places.change_bins(uow, shop.warehouse, [{**row, "is_active": False}])

    with pytest.raises(RuleRefused, match="still lie there"), uow.connection.transaction():
        close("A-01")
    assert close("A-02") == 1
    assert "A-02" not in _codes(uow, shop.warehouse)
    with pytest.raises(RuleRefused, match="is closed"), uow.connection.transaction():
        factories.stock_up(uow, shop, item, 1, "A-02")


def test_the_sentences_of_these_refusals(database: Any) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item)
    database.run(factories.stock_up, shop, item, 10, "A-01")
    row = {"id": shop.bins["A-01"], "code": "A-01", "is_active": False}
    with pytest.raises(RuleRefused, match="A-01 cannot be closed: 1 items"):
        database.run(places.change_bins, shop.warehouse, [row])
    database.run(
        places.change_bins,
        shop.warehouse,
        [{"id": shop.bins["A-02"], "code": "A-02", "is_active": False}],
    )
    with pytest.raises(RuleRefused, match="A-02 is closed"):
        database.run(factories.stock_up, shop, item, 1, "A-02")
    head = {"code": "W1", "name": "Main warehouse", "exit_code": shop.exit_code}
    with pytest.raises(RuleRefused, match="Make a new warehouse"):
        database.run(places.change_warehouse, shop.warehouse, {**head, "kind": "hold"})
    with pytest.raises(RuleRefused, match="cannot be closed"):
        database.run(places.change_warehouse, shop.warehouse, {**head, "is_active": False})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE location SET kind = 'bin' WHERE code = 'Q1-H'",
        (
            "UPDATE location SET warehouse_id = (SELECT id FROM warehouse WHERE code = 'W1')"
            " WHERE code = 'Q-01'"
        ),
        "UPDATE warehouse SET kind = 'own' WHERE code = 'Q1'",
        (
            "INSERT INTO location (code, name, kind, warehouse_id) SELECT 'Q-9', 'x', 'bin', id"
            " FROM warehouse WHERE code = 'Q1'"
        ),
        (
            "INSERT INTO location (code, name, kind, warehouse_id) SELECT 'T-9', 'x', 'bin', id"
            " FROM warehouse WHERE code = 'T1'"
        ),
        "UPDATE location SET is_active = false WHERE code = 'TRANSIT'",
    ],
)
def test_plain_sql_cannot_make_rejected_goods_sellable(database: Any, statement: str) -> None:
    def fill(uow: Any) -> None:
        shop = factories.make_shop(uow)
        item = factories.make_item(uow)
        bad = places.save_warehouse(uow, "Q1", "Defective", "Q1-EXIT", kind="defective")
        places.make_bins(uow, bad, bins_of_pattern("Q-01"))
        places.save_warehouse(uow, "T1", "On the way", "T1-EXIT", kind="transit")
        factories.stock_up(uow, shop, item, 9)
        for target in ("Q1-H", "Q-01"):
            place = uow.scalar("SELECT id FROM location WHERE code = %s", (target,))
            line = {"item_id": item, "qty": Decimal(2), "location_id": shop.bins["A-01"]}
            draft = Draft(
                "bin_move", {"warehouse_id": shop.warehouse}, ({**line, "to_location_id": place},)
            )
            documents.create_and_act(uow, draft, ActCommand(0, "move"))

    database.run(fill)
    with pytest.raises(RuleRefused):
        database.as_user("buyer").run(lambda uow: uow.execute(statement))


def test_an_unused_warehouse_may_become_another_kind(uow: Any) -> None:
    house = places.save_warehouse(uow, "W7", "Spare", "W7-EXIT")
    places.make_bins(uow, house, bins_of_pattern("S-1…S-3"))
    head = {"code": "W7", "name": "Spare", "exit_code": "W7-OUT"}
    places.change_warehouse(uow, house, {**head, "kind": "hold"})
    assert {row.kind for row in warehouse_places(uow, house)} == {"hold"}
    places.change_warehouse(uow, house, {**head, "kind": "own"})
    kinds = [row.kind for row in warehouse_places(uow, house)]
    assert sorted(set(kinds)) == ["bin", "hold", "receiving", "staging"]
    assert kinds.count("bin") == 3
    assert uow.scalar("SELECT exit_code FROM warehouse WHERE id = %s", (house,)) == "W7-OUT"


def test_a_subcontractors_warehouse_shows_what_lies_there(uow: Any) -> None:
    shop = factories.make_shop(uow)
    with pytest.raises(InvalidInput) as wrong:
        places.save_warehouse(uow, "Z1W", "At Jinhua", "Z1-EXIT", kind="subcontractor")
    assert wrong.value.problems[0].field == "party_id"
    house = places.save_warehouse(
        uow, "Z1W", "At Jinhua", "Z1-EXIT", kind="subcontractor", party_id=shop.subcontractor
    )
    assert [row.code for row in warehouse_places(uow, house)] == ["SUB-Z1"]
    with pytest.raises(RuleRefused, match="does not fit"), uow.connection.transaction():
        places.make_bins(uow, house, bins_of_pattern("X-1"))


def test_the_walk_is_typed_dragged_or_made(uow: Any) -> None:
    house = places.save_warehouse(uow, "W7", "Hardware", "W7-EXIT")
    made = places.make_bins(uow, house, bins_of_pattern("A-1…B-2"))
    assert _codes(uow, house) == ["A-1", "A-2", "B-1", "B-2"]
    assert places.make_route(uow, house) == 2
    assert _codes(uow, house) == ["A-1", "A-2", "B-2", "B-1"]
    assert places.save_route(uow, house, [made["B-1"], made["A-1"]]) == 4
    assert _codes(uow, house) == ["B-1", "A-1", "A-2", "B-2"]
    assert places.make_route(uow, house, "code") > 0
    assert _codes(uow, house) == ["A-1", "A-2", "B-1", "B-2"]


def test_old_bins_learn_their_place_from_their_code(uow: Any) -> None:
    house = places.save_warehouse(uow, "W7", "Hardware", "W7-EXIT")
    made = places.save_bins(uow, house, ["W7-A-02-1", "W7-A-01-1"])
    for id_ in made.values():
        uow.execute("UPDATE location SET aisle = '', rack = '', level = '' WHERE id = %s", (id_,))
    places.make_route(uow, house)
    first = warehouse_places(uow, house)[3]
    assert (first.code, first.aisle, first.rack, first.level) == ("W7-A-01-1", "A", "01", "1")


def test_picking_follows_the_new_walk(uow: Any) -> None:
    shop = factories.make_shop(uow)
    items = [factories.make_item(uow) for _ in range(3)]
    for item, code in zip(items, ("A-01", "A-02", "A-03"), strict=True):
        factories.stock_up(uow, shop, item, 5, code)
    places.save_route(uow, shop.warehouse, [shop.bins[c] for c in ("A-03", "A-01", "A-02")])
    order = sales_shop.order(uow, shop, *((item, 1) for item in items))
    shipment = sales_shop.release(uow, order)
    assert [line.bin for line in pick_list(uow, shipment.id).lines] == ["A-03", "A-01", "A-02"]


def test_labels_for_all_for_a_zone_for_a_stretch_and_on_a_used_sheet(uow: Any) -> None:
    house = places.save_warehouse(uow, "W7", "Hardware", "W7-EXIT")
    places.make_bins(uow, house, bins_of_pattern("A-01…A-20", zone="East"))
    places.make_bins(uow, house, bins_of_pattern("B-01…B-02", zone="West"))
    everything = _text(place_labels.render(uow, house))
    assert len(everything) == 2
    for code in ("B.A-01", "B.B-02", "B.W7-R", "B.W7-S", "X.W7-EXIT"):
        assert code in "".join(everything)
    west = "".join(_text(place_labels.render(uow, house, PlaceLabels("west"))))
    assert "B.B-01" in west and "B.A-01" not in west and "X.W7-EXIT" not in west
    stretch = place_labels.snapshot(uow, house, PlaceLabels("A-03…A-05"))
    assert [label.code for label in stretch.labels] == ["A-03", "A-04", "A-05"]
    assert len(_text(place_labels.render(uow, house, PlaceLabels("A-01…A-14", start=1)))) == 1
    assert len(_text(place_labels.render(uow, house, PlaceLabels("A-01…A-14", start=2)))) == 2
    assert len(_text(place_labels.render(uow, house, PlaceLabels("East", size="60x40")))) == 20
    for size in ("99x38", "70x37", "63x38"):
        assert "B.B-02" in "".join(
            _text(place_labels.render(uow, house, PlaceLabels("West", size=size)))
        )
    with pytest.raises(InvalidInput, match="C-01"):
        place_labels.render(uow, house, PlaceLabels("C-01"))


def test_goods_promised_to_somebody_are_not_put_on_hold(uow: Any) -> None:
    shop = factories.make_shop(uow)
    item = factories.make_item(uow)
    factories.stock_up(uow, shop, item, 10)
    order = sales_shop.order(uow, shop, (item, 10), price=10)
    sales_shop.deposit(uow, order, 100)
    line = {
        "item_id": item,
        "qty": Decimal(1),
        "location_id": shop.bins["A-01"],
        "to_location_id": shop.docks["hold"],
    }
    draft = Draft("bin_move", {"warehouse_id": shop.warehouse}, (line,))
    with pytest.raises(InsufficientStock, match="Held by"):
        documents.create_and_act(uow, draft, ActCommand(0, "move"))
