"""调拨: what was sent is either there, or on the way, or explained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest

from desktop_app.core import clock
from desktop_app.core.errors import (
    EvidenceMissing,
    InsufficientStock,
    InvalidInput,
    PermissionDenied,
    RuleRefused,
    TransitionRefused,
)
from desktop_app.domain.posting import ActEntry
from desktop_app.queries import transfers as transfer_queries
from desktop_app.services import documents, master_data, reversal, transfers
from desktop_app.services.documents import ActCommand
from tests import factories


@dataclass(frozen=True)
class Two:
    shop: factories.Shop
    north: int
    bins: dict[str, int]
    hinge: int


def _two_warehouses(uow) -> Two:
    shop = factories.make_shop(uow)
    north = master_data.save_warehouse(uow, "N1", "North store", "EXIT-N1")
    bins = master_data.save_bins(uow, north, ["N-01", "N-02"])
    hinge = factories.make_item(uow, "H1", barcodes={"6901234567892": 1})
    factories.stock_up(uow, shop, hinge, 100)
    return Two(shop, north, bins, hinge)


def _sent(uow, two: Two, qty: int = 40) -> documents.DocumentRef:
    draft = documents.Draft(
        "transfer",
        {"warehouse_id": two.shop.warehouse, "to_warehouse_id": two.north},
        ({"item_id": two.hinge, "qty": Decimal(qty)},),
    )
    made = documents.create(uow, draft)
    return transfers.ship_out(uow, ActCommand(made.id, "ship_out", made.version))


def test_goods_leave_travel_and_arrive_in_parts_by_scan(database) -> None:
    two = database.run(_two_warehouses)
    keeper = database.as_user("storekeeper")
    sent = keeper.run(_sent, two)
    assert sent.state == "in_transit"
    assert keeper.read(factories.on_hand, two.hinge, two.shop.bins["A-01"]) == 60
    assert keeper.read(transfer_queries.transfer_view, sent.id).missing == 40
    first = keeper.run(
        transfers.arrive, transfers.Arrival(sent.id, "6901234567892", Decimal(25), place="B.N-01")
    )
    assert first.state == "in_transit"
    rest = keeper.run(transfers.arrive, transfers.Arrival(sent.id, "H1"))
    assert rest.state == "received"
    assert keeper.read(factories.on_hand, two.hinge, two.bins["N-01"]) == 25
    assert keeper.read(transfer_queries.on_the_way) == []
    assert database.read(lambda u: u.execute("SELECT * FROM ledger_differences()").fetchall()) == []


def test_the_same_scan_sent_twice_arrives_once(database) -> None:
    two = database.run(_two_warehouses)
    sent = database.run(_sent, two)
    scan = transfers.Arrival(sent.id, "H1", Decimal(5))
    assert database.run(transfers.arrive, scan) == database.run(transfers.arrive, scan)
    assert database.read(transfer_queries.transfer_view, sent.id).missing == 35


def test_a_difference_stays_open_until_found_or_decided(database) -> None:
    two = database.run(_two_warehouses)
    keeper = database.as_user("storekeeper")
    sent = keeper.run(_sent, two)
    keeper.run(transfers.arrive, transfers.Arrival(sent.id, "H1", Decimal(37)))
    with pytest.raises(EvidenceMissing):
        keeper.run(transfers.report_difference, ActCommand(sent.id, "dispute"))
    disputed = keeper.run(
        transfers.report_difference,
        ActCommand(sent.id, "dispute", reason="3 missing, box was open"),
    )
    assert disputed.state == "disputed"
    [row] = keeper.read(transfer_queries.on_the_way)
    assert (row.state, row.missing) == ("disputed", 3)
    found = keeper.run(transfers.arrive, transfers.Arrival(sent.id, "H1", Decimal(1)))
    assert found.state == "disputed"
    lost = transfers.Settlement(sent.id, "lost", "carrier pays")
    with pytest.raises(PermissionDenied):
        keeper.run(transfers.settle, lost)
    assert database.run(transfers.settle, lost).state == "closed"
    line = database.read(transfer_queries.transfer_view, sent.id).lines[0]
    assert (line.arrived, line.written_off, line.missing) == (38, 2, 0)


def test_everything_found_ends_the_dispute_as_received(database) -> None:
    two = database.run(_two_warehouses)
    sent = database.run(_sent, two)
    database.run(transfers.report_difference, ActCommand(sent.id, "dispute", reason="none came"))
    assert database.run(transfers.arrive, transfers.Arrival(sent.id, "H1")).state == "received"


def test_more_than_was_sent_does_not_arrive(database) -> None:
    two = database.run(_two_warehouses)
    sent = database.run(_sent, two)
    with pytest.raises(InvalidInput, match="Only 40 of H1 are on the way"):
        database.run(transfers.arrive, transfers.Arrival(sent.id, "H1", Decimal(41)))
    with pytest.raises(InvalidInput, match="belongs to Main warehouse"):
        database.run(transfers.arrive, transfers.Arrival(sent.id, "H1", Decimal(1), place="A-02"))


def test_plain_calls_cannot_take_another_transfers_goods_or_close_one_short(database) -> None:
    two = database.run(_two_warehouses)
    mine, other = database.run(_sent, two, 10), database.run(_sent, two, 30)
    view = database.read(transfer_queries.transfer_view, mine.id)
    greedy = ActCommand(mine.id, "arrive", entries=(ActEntry(view.lines[0].line_id, Decimal(15)),))
    with pytest.raises(RuleRefused, match="more would be taken than lies there"):
        database.run(documents.act, greedy)
    with pytest.raises(TransitionRefused, match="only 0"):
        database.run(documents.act, ActCommand(mine.id, "arrive_rest"))
    part = ActCommand(mine.id, "dispute", reason="lost")
    database.run(transfers.report_difference, part)
    some = ActCommand(
        mine.id,
        "settle",
        reason="lost",
        evidence={"decision": "lost"},
        entries=(ActEntry(view.lines[0].line_id, Decimal(4)),),
    )
    with pytest.raises(RuleRefused, match="6 of it are still on the way"):
        database.run(documents.act, some)
    assert database.read(transfer_queries.transfer_view, other.id).missing == 30


def test_nothing_is_sent_that_is_not_free(database) -> None:
    two = database.run(_two_warehouses)
    with pytest.raises(InsufficientStock, match="101 wanted, only 100 free"):
        database.run(_sent, two, 101)
    same = documents.Draft(
        "transfer",
        {"warehouse_id": two.north, "to_warehouse_id": two.north},
        ({"item_id": two.hinge, "qty": Decimal(1)},),
    )
    made = database.run(documents.create, same)
    with pytest.raises(Exception, match="use a bin move here"):
        database.run(transfers.ship_out, ActCommand(made.id, "ship_out"))


def test_a_received_transfer_is_reversed_and_the_goods_are_back(database) -> None:
    two = database.run(_two_warehouses)
    sent = database.run(_sent, two)
    database.run(transfers.arrive, transfers.Arrival(sent.id, "H1"))
    database.run(reversal.reverse, ActCommand(sent.id, "reverse", reason="wrong warehouse"))
    assert database.read(factories.on_hand, two.hinge, two.shop.bins["A-01"]) == 100
    assert (
        database.read(
            lambda u: u.scalar(
                "SELECT sum(b.on_hand) FROM stock_balance b JOIN location l ON l.id = b.location_id"
                " WHERE l.kind = 'transit'"
            )
        )
        == 0
    )


def test_goods_kept_by_lot_leave_first_expired_and_arrive_by_label(database) -> None:
    def ready(uow) -> tuple[Two, int]:
        two = _two_warehouses(uow)
        milk = factories.make_item(uow, "MILK", tracking="lot")
        for code, days, place in (("LATE", 90, "A-02"), ("SOON", 9, "A-03")):
            lot = factories.make_lot(uow, milk, code, clock.now() + timedelta(days=days))
            factories.stock_up(uow, two.shop, milk, 30, place, lot=lot)
        made = documents.create(
            uow,
            documents.Draft(
                "transfer",
                {"warehouse_id": two.shop.warehouse, "to_warehouse_id": two.north},
                ({"item_id": milk, "qty": Decimal(40)},),
            ),
        )
        transfers.ship_out(uow, ActCommand(made.id, "ship_out"))
        return two, made.id

    _two, transfer = database.run(ready)
    assert database.read(transfer_queries.transfer_view, transfer).lines[0].lots == "LATE, SOON"
    with pytest.raises(InvalidInput, match="in several lots: SOON, LATE"):
        database.run(transfers.arrive, transfers.Arrival(transfer, "MILK", Decimal(5)))
    with pytest.raises(InvalidInput, match="Only 10 of lot LATE"):
        database.run(transfers.arrive, transfers.Arrival(transfer, "L.MILK..LATE", Decimal(11)))
    database.run(transfers.arrive, transfers.Arrival(transfer, "L.MILK..SOON", Decimal(30)))
    assert database.run(transfers.arrive, transfers.Arrival(transfer, "MILK")).state == "received"
