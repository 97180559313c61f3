"""委外: material sent, product weighed; what does not fit waits for the quality lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest

from desktop_app.core import clock
from desktop_app.core.errors import (
    InsufficientStock,
    InvalidInput,
    PermissionDenied,
    RuleRefused,
)
from desktop_app.domain.bom import BOMLine
from desktop_app.domain.posting import ActEntry
from desktop_app.queries import outsourcing as receipts
from desktop_app.queries.manufacturing import make_order
from desktop_app.services import (
    bills_of_material,
    document_steps,
    documents,
    outsourcing,
    reversal,
    sales,
)
from desktop_app.services.documents import ActCommand, Draft
from desktop_app.services.material import Handling, NewOrder
from desktop_app.services.outsourcing import Decision, Return
from tests import factories


@dataclass(frozen=True)
class Plating:
    shop: factories.Shop
    blank: int
    cup: int
    order: int
    place: int


def _plating(uow, sent: int = 300) -> Plating:
    """240 plated cups of 50 g each (± 2 %) from as many blanks."""
    shop = factories.make_shop(uow)
    blank = factories.make_item(uow, "BLANK")
    cup = factories.make_item(
        uow, "CUP", unit_weight_g=Decimal(50), weight_tolerance_pct=Decimal(1)
    )
    bills_of_material.save_bom(uow, bills_of_material.BOMDraft(cup, (BOMLine(blank, Decimal(1)),)))
    factories.stock_up(uow, shop, blank, 500)
    order = outsourcing.create_order(
        uow, NewOrder(cup, Decimal(240), shop.warehouse, party_id=shop.subcontractor)
    )
    documents.act(uow, ActCommand(order.id, "approve", order.version))
    place = uow.scalar("SELECT id FROM location WHERE party_id = %s", (shop.subcontractor,))
    outsourcing.issue(
        uow, Handling(order.id, "BLANK", "A-01", Decimal(sent), reason="a full pallet")
    )
    return Plating(shop, blank, cup, order.id, place)


def _dock(uow, work: Plating) -> Decimal:
    return factories.on_hand(uow, work.cup, work.shop.docks["receiving"])


def test_material_sent_out_is_still_ours_and_fitting_weight_comes_in(database) -> None:
    work = database.run(_plating)
    planner = database.as_user("planner")
    assert [
        (row.party, row.item_code, row.qty) for row in planner.read(receipts.at_subcontractors)
    ] == [("Jinhua Plating", "BLANK", 300)]
    first = planner.run(outsourcing.receive, Return(work.order, Decimal(140), Decimal(7010)))
    assert (first.frozen, first.order_state, first.receipt.state) == (False, "part", "received")
    rest = planner.run(outsourcing.receive, Return(work.order, Decimal(100), Decimal(5000)))
    assert rest.order_state == "done"
    assert planner.read(_dock, work) == 240
    assert planner.read(factories.on_hand, work.blank, work.place) == 60


def test_a_mismatch_freezes_and_says_what_it_weighs_like(database) -> None:
    work = database.run(_plating)
    planner = database.as_user("planner")
    back = planner.run(outsourcing.receive, Return(work.order, Decimal(240), Decimal(11800)))
    assert back.frozen and back.receipt.state == "frozen" and back.order_state == "issued"
    assert "240 counted, but 11800 g weighs like 236 (expected 12000 g ± 120 g)" in str(
        back.warning
    )
    [waiting] = planner.read(receipts.frozen_receipts)
    assert (waiting.number, waiting.like_count) == (back.receipt.number, 236)
    hold = work.shop.docks["hold"]
    assert planner.read(factories.on_hand, work.cup, hold) == 240
    available = planner.read(
        lambda u: u.execute(
            "SELECT sum(on_hand) FROM stock_available(ARRAY[%s::bigint])", (work.cup,)
        ).fetchone()
    )
    assert available[0] in (None, 0)


def test_frozen_goods_cannot_be_moved_sold_or_decided_by_the_planner(database) -> None:
    work = database.run(_plating)
    back = database.run(outsourcing.receive, Return(work.order, Decimal(240), Decimal(11800)))
    hold = work.shop.docks["hold"]
    move = Draft(
        "bin_move",
        {"warehouse_id": work.shop.warehouse},
        (
            {
                "item_id": work.cup,
                "qty": Decimal(1),
                "location_id": hold,
                "to_location_id": work.shop.bins["A-02"],
            },
        ),
    )
    with pytest.raises(RuleRefused, match="may not move goods from W1-H to A-02"):
        database.as_user("storekeeper").run(documents.create_and_act, move, ActCommand(0, "move"))
    with pytest.raises(PermissionDenied, match="Decide on frozen goods"):
        database.as_user("planner").run(
            outsourcing.decide, Decision(back.receipt.id, True, "looks fine")
        )


def test_frozen_goods_are_promised_to_nobody_until_they_are_accepted(database) -> None:
    work = database.run(_plating)
    back = database.run(outsourcing.receive, Return(work.order, Decimal(240), Decimal(11800)))
    order = database.run(
        documents.create,
        Draft(
            "sales_order",
            {"party_id": work.shop.customer, "warehouse_id": work.shop.warehouse},
            ({"item_id": work.cup, "qty": Decimal(5), "unit_price": Decimal(10)},),
        ),
    )

    def lock() -> None:
        now = database.read(documents.view, order.id)
        database.run(
            sales.take_deposit,
            sales.TakeDeposit(
                order.id, now.version, Decimal(50), clock.today() + timedelta(days=9), "deposit"
            ),
        )

    with pytest.raises(InsufficientStock):
        lock()
    database.run(outsourcing.decide, Decision(back.receipt.id, True, "recounted"))
    lock()


def test_the_quality_lead_accepts_with_a_reason_and_the_order_learns_it(database) -> None:
    work = database.run(_plating)
    back = database.run(outsourcing.receive, Return(work.order, Decimal(240), Decimal(11800)))
    quality = database.as_user("quality")
    with pytest.raises(InvalidInput, match="Say why"):
        quality.run(outsourcing.decide, Decision(back.receipt.id, True, " "))
    done = quality.run(outsourcing.decide, Decision(back.receipt.id, True, "recounted: 240"))
    assert done.state == "received"
    assert database.read(_dock, work) == 240
    assert database.read(documents.view, work.order).state == "done"
    red = database.run(reversal.reverse, ActCommand(done.id, "reverse", reason="counted again"))
    assert red.state == "mirrored"
    assert database.read(factories.on_hand, work.blank, work.place) == 300
    assert database.read(make_order, work.order).product.open == 240


def test_rejected_goods_go_back_and_still_used_material(database) -> None:
    work = database.run(_plating)
    back = database.run(outsourcing.receive, Return(work.order, Decimal(240), Decimal(11800)))
    database.as_user("quality").run(
        outsourcing.decide, Decision(back.receipt.id, False, "four are missing")
    )
    assert database.read(factories.on_hand, work.cup, work.place) == 240
    assert database.read(factories.on_hand, work.blank, work.place) == 60


def test_the_plain_verb_cannot_wave_a_mismatch_through(database) -> None:
    work = database.run(_plating)
    planner = database.as_user("planner")
    for role, weight in (("output", Decimal(11800)), ("output", None), ("", Decimal(11800))):
        draft = _receipt_draft(work, role, weight)
        with pytest.raises(RuleRefused, match="the weight does not fit the count"):
            planner.run(documents.create_and_act, draft, ActCommand(0, "receive"))
    assert database.read(_dock, work) == 0


def test_a_true_weight_does_not_let_other_goods_through(database) -> None:
    work = database.run(_plating)
    planner = database.as_user("planner")
    made = planner.run(documents.create, _receipt_draft(work, "output", Decimal(12000)))
    line = planner.read(documents.view, made.id).lines[0]["id"]

    def forge(uow) -> None:
        uow.execute(
            "INSERT INTO act (uuid, document_id, verb) VALUES (gen_random_uuid(), %s, 'receive')",
            (made.id,),
        )
        uow.execute(
            "INSERT INTO stock_move (act_id, line_id, item_id, from_location_id,"
            " to_location_id, qty) SELECT max(a.id), %s, %s, (SELECT id FROM location WHERE"
            " code = 'PROCESS'), %s, 250 FROM act a",
            (line, work.cup, work.shop.docks["receiving"]),
        )

    with pytest.raises(RuleRefused, match="not those that were weighed"):
        planner.run(forge)
    with pytest.raises(PermissionDenied):
        planner.run(lambda u: u.execute("DELETE FROM outsourcing_receipt_line"))


def test_a_typed_verdict_is_overwritten(database) -> None:
    work = database.run(_plating)
    made = database.run(documents.create, _receipt_draft(work, "output", Decimal(11800)))
    with psycopg.connect(database.dsn("planner")) as plain:
        plain.execute("UPDATE outsourcing_receipt_line SET matches = true, expected_g = 11800")
        plain.commit()
        assert plain.execute(
            "SELECT matches, expected_g FROM outsourcing_receipt_line"
        ).fetchone() == (False, 12000)
    assert database.read(documents.view, made.id).lines[0]["matches"] is False


def test_the_account_of_a_subcontractor_never_goes_below_zero(database) -> None:
    work = database.run(_plating, 100)
    planner = database.as_user("planner")
    with pytest.raises(InvalidInput, match="120 used, but only 100 are at Jinhua Plating"):
        planner.run(outsourcing.receive, Return(work.order, Decimal(120), Decimal(6000)))
    line = planner.read(make_order, work.order).components[0].line_id
    true_use = Return(work.order, Decimal(120), Decimal(6000), used={line: Decimal(100)})
    assert planner.run(outsourcing.receive, true_use).order_state == "part"
    with pytest.raises(InsufficientStock):
        planner.run(
            documents.act,
            ActCommand(
                work.order,
                "return_material",
                entries=(ActEntry(line, Decimal(1), to_location_id=work.shop.bins["A-01"]),),
            ),
        )
    assert planner.read(factories.on_hand, work.blank, work.place) == 0


def test_goods_with_a_unit_weight_must_be_weighed(database) -> None:
    work = database.run(_plating)
    with pytest.raises(InvalidInput, match="Weigh the goods: CUP has a unit weight"):
        database.run(outsourcing.receive, Return(work.order, Decimal(240)))
    with pytest.raises(InvalidInput, match="300 more is too much"):
        database.run(outsourcing.receive, Return(work.order, Decimal(300), Decimal(15000)))


def _receipt_draft(work: Plating, role: str, weight: Decimal | None) -> Draft:
    return Draft(
        "outsourcing_receipt",
        {"party_id": work.shop.subcontractor, "warehouse_id": work.shop.warehouse},
        ({"role": role, "item_id": work.cup, "qty": Decimal(240), "weight_g": weight},),
        work.order,
    )


def test_a_receipt_generated_from_its_order_on_a_page_tells_the_order(database) -> None:
    work = database.run(_plating)
    draft = database.read(outsourcing.derive_receipt, work.order)
    assert [(line["role"], line["qty"]) for line in draft.lines] == [
        ("output", 240),
        ("component", 240),
    ]
    weighed = Draft(
        draft.kind,
        draft.head,
        ({**draft.lines[0], "weight_g": Decimal(12010)}, draft.lines[1]),
        draft.origin_id,
    )
    made = database.run(documents.create, weighed)
    step = document_steps.service_for("outsourcing_receipt", "receive")
    assert database.run(step, ActCommand(made.id, "receive")).state == "received"
    assert database.read(documents.view, work.order).state == "done"
