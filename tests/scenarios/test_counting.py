"""The fifth of the month: twenty items drawn, two people walk, the books are put right."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from desktop_app.core.errors import (
    ConfirmationRequired,
    InsufficientStock,
    InvalidInput,
    PermissionDenied,
    RuleRefused,
    TransitionRefused,
)
from desktop_app.domain.counting import draw
from desktop_app.domain.posting import ActEntry
from desktop_app.queries import counting as queries, counting_metrics
from desktop_app.services import counting, documents
from desktop_app.services.counting import (
    ApproveCount,
    CompareCount,
    CountEntry,
    FoundGoods,
    PlanCount,
)
from tests import factories, sales_shop


@dataclass
class Count:
    """A count under way: who does what is told by the login."""

    database: Any
    shop: factories.Shop
    ref: documents.DocumentRef

    def tasks(self, login: str = "counter") -> dict[str, queries.TaskRow]:
        rows = self.database.as_user(login).read(counting.tasks, self.ref.id)
        return {f"{row.item_code}@{row.location_code}": row for row in rows}

    def enter(self, place: str, qty: Any, login: str = "counter") -> None:
        task = self.tasks("counter")[place]
        amount = None if qty is None else Decimal(str(qty))
        self.database.as_user(login).run(
            counting.enter, CountEntry(task.line_id, task.round, amount)
        )

    def compare(self, *confirmed: str, login: str = "finance", **options: Any) -> str:
        command = CompareCount(self.ref.id, confirmed=frozenset(confirmed), **options)
        self.ref = self.database.as_user(login).run(counting.compare, command)
        return str(self.ref.state)

    def rows(self, login: str = "finance") -> dict[str, queries.ReviewRow]:
        review = self.database.as_user(login).read(counting_metrics.review, self.ref.id)
        return {f"{row.item_code}@{row.location_code}": row for row in review.rows}

    def cause(self, place: str, code: str, login: str = "finance") -> None:
        self.database.as_user(login).run(
            counting.set_cause, self.rows()[place].line_id, code, "seen"
        )

    def approve(self, login: str = "finance", **options: Any) -> None:
        command = ApproveCount(self.ref.id, **options)
        self.ref = self.database.as_user(login).run(counting.approve, command)

    def on_hand(self, item: str, bin_code: str = "A-01") -> Decimal:
        return Decimal(
            self.database.read(factories.on_hand, self.shop.items[item], self.shop.bins[bin_code])
        )


def make_count(database: Any, stock: dict[str, int], **options: Any) -> Count:
    """A shop with that stock in A-01 (or ``item@bin``) and a count of all of it."""
    shop = database.run(factories.make_shop)
    for name, qty in stock.items():
        code, _, bin_code = name.partition("@")
        if code not in shop.items:
            shop.items[code] = database.run(factories.make_item, code)
        database.run(factories.stock_up, shop, shop.items[code], qty, bin_code or "A-01")
    plan = PlanCount(shop.warehouse, **options)
    return Count(database, shop, database.as_user("finance").run(counting.plan_and_start, plan))


def take_out(database: Any, count: Count, item: str, qty: int, bin_code: str = "A-01") -> None:
    """Goods leave a bin as scrap, with a document."""
    line = {
        "item_id": count.shop.items[item],
        "qty": Decimal(qty),
        "location_id": count.shop.bins[bin_code],
    }
    draft = documents.Draft("other_issue", {"warehouse_id": count.shop.warehouse}, (line,))
    database.run(documents.create_and_act, draft, documents.ActCommand(0, "post", reason="used"))


def test_a_clean_count_changes_nothing(database) -> None:
    count = make_count(database, {"HINGE": 100, "SCREW@A-02": 40})
    count.enter("HINGE@A-01", 100)
    count.enter("SCREW@A-02", 40)
    assert count.compare() == "review"
    count.approve()
    assert count.ref.state == "posted"
    assert (count.on_hand("HINGE"), count.on_hand("SCREW", "A-02")) == (100, 40)


def test_a_difference_is_recounted_explained_and_posted_alone(database) -> None:
    count = make_count(database, {"HINGE": 323, "SCREW@A-02": 40})
    count.enter("HINGE@A-01", 236)
    count.enter("SCREW@A-02", 40)
    assert count.compare() == "recount"
    assert list(count.tasks("counter2")) == ["HINGE@A-01"]
    count.enter("HINGE@A-01", 236, "counter2")
    assert count.compare() == "review"
    with pytest.raises(RuleRefused, match="choose a cause"):
        count.approve()
    count.cause("HINGE@A-01", "UNREG_OUT")
    count.approve()
    assert (count.on_hand("HINGE"), count.on_hand("SCREW", "A-02")) == (236, 40)
    moves = database.run(
        lambda uow: uow.execute(
            "SELECT m.qty, t.kind FROM stock_move m JOIN act a ON a.id = m.act_id JOIN location t"
            " ON t.id = m.to_location_id WHERE a.verb = 'approve_count'"
        ).fetchall()
    )
    assert moves == [(Decimal(87), "difference")]
    assert count.rows()["HINGE@A-01"].cause_code == "UNREG_OUT"
    assert (
        database.run(lambda uow: uow.execute("SELECT * FROM ledger_differences()").fetchall()) == []
    )


def test_goods_issued_after_the_bin_was_counted_are_not_missing(database) -> None:
    count = make_count(database, {"HINGE": 100})
    count.enter("HINGE@A-01", 100)
    take_out(database, count, "HINGE", 30)
    assert count.compare() == "review"
    assert count.rows()["HINGE@A-01"].book_qty == 100
    count.approve()
    assert count.on_hand("HINGE") == 70


def test_goods_received_before_the_bin_was_counted_are_in_the_book(database) -> None:
    count = make_count(database, {"HINGE": 100})
    database.run(factories.stock_up, count.shop, count.shop.items["HINGE"], 20)
    count.enter("HINGE@A-01", 118)
    take_out(database, count, "HINGE", 50)
    assert count.compare() == "review" or count.ref.state == "recount"
    row = count.rows()["HINGE@A-01"]
    assert (row.book_qty, row.difference) == (120, -2)


def test_the_recount_is_compared_with_the_book_of_its_own_second(database) -> None:
    count = make_count(database, {"HINGE": 100})
    count.enter("HINGE@A-01", 60)
    count.compare()
    take_out(database, count, "HINGE", 10)
    count.enter("HINGE@A-01", 90, "counter2")
    take_out(database, count, "HINGE", 5)
    assert count.compare() == "review"
    row = count.rows()["HINGE@A-01"]
    assert (row.book_qty, row.counted_qty, row.difference) == (90, 90, 0)
    count.approve()
    assert count.on_hand("HINGE") == 85


def test_the_time_on_a_paper_sheet_is_the_second_of_the_count(database) -> None:
    count = make_count(database, {"HINGE": 100})
    seen_at = database.run(lambda uow: uow.scalar("SELECT clock_timestamp()"))
    take_out(database, count, "HINGE", 40)
    task = count.tasks()["HINGE@A-01"]
    counter = database.as_user("counter")
    counter.run(counting.enter, CountEntry(task.line_id, 1, Decimal(100), seen_at))
    assert count.compare() == "review"
    assert count.rows()["HINGE@A-01"].difference == 0


def test_a_time_before_the_count_began_is_refused(database) -> None:
    before = database.run(lambda uow: uow.scalar("SELECT clock_timestamp()"))
    count = make_count(database, {"HINGE": 100})
    task = count.tasks()["HINGE@A-01"]
    with pytest.raises(RuleRefused, match="time on the sheet"):
        database.as_user("counter").run(
            counting.enter, CountEntry(task.line_id, 1, Decimal(100), before)
        )


def test_an_uncounted_line_is_asked_about_and_never_changed(database) -> None:
    count = make_count(database, {"HINGE": 100, "SCREW@A-02": 40})
    count.enter("HINGE@A-01", 100)
    with pytest.raises(ConfirmationRequired, match="not counted yet"):
        count.compare()
    assert count.compare("uncounted") == "review"
    assert count.rows()["SCREW@A-02"].book_qty is None
    count.approve()
    assert count.on_hand("SCREW", "A-02") == 40


def test_zero_must_be_typed(database) -> None:
    count = make_count(database, {"HINGE": 5})
    with pytest.raises(InvalidInput, match="nothing there is typed as 0"):
        count.enter("HINGE@A-01", None)
    count.enter("HINGE@A-01", 0)
    assert count.compare() == "recount"


def test_nothing_counted_is_not_a_count(database) -> None:
    count = make_count(database, {"HINGE": 5})
    with pytest.raises(RuleRefused, match="Nothing was counted"):
        count.compare()


def test_half_a_piece_is_not_counted(database) -> None:
    count = make_count(database, {"HINGE": 5})
    with pytest.raises(InvalidInput, match="At most 0 decimals"):
        count.enter("HINGE@A-01", "4.5")
    with pytest.raises(InvalidInput, match="between 0 and"):
        count.enter("HINGE@A-01", "1e30")


def test_the_same_figure_sent_twice_counts_once_another_is_refused(database) -> None:
    count = make_count(database, {"HINGE": 5})
    count.enter("HINGE@A-01", 5)
    count.enter("HINGE@A-01", 5)
    with pytest.raises(RuleRefused, match="counted already"):
        count.enter("HINGE@A-01", 4)
    with pytest.raises(RuleRefused, match="counted already"):
        count.enter("HINGE@A-01", 5, "counter2")


def test_the_recount_needs_another_pair_of_eyes(database) -> None:
    count = make_count(database, {"HINGE": 100})
    count.enter("HINGE@A-01", 50)
    count.compare()
    assert count.tasks("counter")["HINGE@A-01"].was_mine
    with pytest.raises(PermissionDenied, match="another person"):
        count.enter("HINGE@A-01", 50)
    count.enter("HINGE@A-01", 50, "counter2")


def test_what_nobody_recounted_drops_out_of_the_count(database) -> None:
    count = make_count(database, {"HINGE": 100, "SCREW@A-02": 40})
    count.enter("HINGE@A-01", 50)
    count.enter("SCREW@A-02", 40)
    count.compare()
    with pytest.raises(ConfirmationRequired, match="not recounted"):
        count.compare()
    assert count.compare("not_recounted") == "review"
    count.approve()
    assert count.on_hand("HINGE") == 100


def test_good_lines_can_be_mixed_into_the_recount(database) -> None:
    count = make_count(database, {"HINGE": 100, "SCREW@A-02": 40, "NUT@A-03": 7})
    for place, qty in (("HINGE@A-01", 50), ("SCREW@A-02", 40), ("NUT@A-03", 7)):
        count.enter(place, qty)
    count.compare(mix_good=1)
    assert len(count.tasks("counter2")) == 2


def test_a_surplus_comes_in_from_the_difference(database) -> None:
    count = make_count(database, {"HINGE": 100})
    for login in ("counter", "counter2"):
        count.enter("HINGE@A-01", 130, login)
        count.compare()
    count.cause("HINGE@A-01", "UNREG_IN")
    count.approve()
    assert count.on_hand("HINGE") == 130


def test_small_differences_may_stay_in_the_books(database) -> None:
    count = make_count(database, {"HINGE": 100})
    count.enter("HINGE@A-01", 97)
    assert count.compare() == "review"  # class C: 5 %
    count.approve(leave_small=True)
    assert count.on_hand("HINGE") == 100


def test_the_company_may_set_its_own_tolerance(database) -> None:
    database.run(
        lambda uow: uow.execute(
            "INSERT INTO setting (key, value) VALUES ('count.tolerance', '{\"C\": \"0.005\"}')"
        )
    )
    count = make_count(database, {"HINGE": 1000})
    count.enter("HINGE@A-01", 990)
    assert count.compare() == "recount"


def test_goods_that_left_meanwhile_are_not_posted_away_twice(database) -> None:
    count = make_count(database, {"HINGE": 100})
    for login in ("counter", "counter2"):
        count.enter("HINGE@A-01", 60, login)
        count.compare()
    count.cause("HINGE@A-01", "MISSING")
    take_out(database, count, "HINGE", 80)
    with pytest.raises(InsufficientStock, match="40 were missing at A-01 .* only 20 are left"):
        count.approve()
    assert count.on_hand("HINGE") == 20


def test_an_emptied_place_is_on_the_list_because_the_book_may_be_wrong(database) -> None:
    shop = database.run(factories.make_shop)
    hinge = database.run(factories.make_item, "HINGE")
    shop.items["HINGE"] = hinge
    database.run(factories.stock_up, shop, hinge, 10, "A-01")
    database.run(factories.stock_up, shop, hinge, 10, "A-05")
    made = database.run(counting.plan, PlanCount(shop.warehouse, remark="first"))
    count = Count(database, shop, made)
    take_out(database, count, "HINGE", 10, "A-05")
    count.ref = database.as_user("finance").run(counting.plan_and_start, PlanCount(shop.warehouse))
    assert list(count.tasks()) == ["HINGE@A-01", "HINGE@A-05"]
    count.enter("HINGE@A-05", 4)
    count.enter("HINGE@A-01", 10)
    assert count.compare() == "recount"


def test_goods_nobody_listed_are_reported_not_posted(database) -> None:
    count = make_count(database, {"HINGE": 5})
    found = FoundGoods(count.ref.id, count.shop.bins["A-07"], Decimal(12), note="brass knobs")
    database.as_user("counter").run(counting.report_found, found)
    rows = database.read(queries.found, count.ref.id)
    assert [(r.location_code, r.note, r.qty, r.counted_by) for r in rows] == [
        ("A-07", "brass knobs", Decimal(12), "counter")
    ]
    with pytest.raises(InvalidInput, match="Say what was found"):
        database.as_user("counter").run(
            counting.report_found, FoundGoods(count.ref.id, count.shop.bins["A-07"], Decimal(1))
        )


def test_the_draw_can_be_repeated_from_what_was_recorded(database) -> None:
    stock = {f"I{n:02d}@A-{n % 12 + 1:02d}": n + 1 for n in range(30)}
    count = make_count(database, stock, sample_size=8, seed=20260105)
    proof = database.read(counting.verify_draw, count.ref.id)
    expected = draw(count.shop.items.values(), 8, 20260105)
    assert proof.planned == tuple(sorted(expected))
    assert (proof.holds, proof.candidates, proof.seed_given) == (True, 30, True)
    lines = [row.location_code for row in count.tasks().values()]
    assert lines == sorted(lines)  # the walking order of this shop


def test_a_plan_sent_twice_draws_once(database) -> None:
    shop = database.run(factories.make_shop)
    database.run(factories.stock_up, shop, database.run(factories.make_item), 5)
    command = PlanCount(shop.warehouse)
    assert database.run(counting.plan, command) == database.run(counting.plan, command)


def test_an_empty_warehouse_has_nothing_to_draw(database) -> None:
    shop = database.run(factories.make_shop)
    with pytest.raises(InvalidInput, match="Nothing to draw from"):
        database.run(counting.plan, PlanCount(shop.warehouse))
    with pytest.raises(InvalidInput, match="between 1 and"):
        database.run(counting.plan, PlanCount(shop.warehouse, sample_size=0))


def test_sheets_name_places_and_a_recount_is_a_new_sheet(database) -> None:
    count = make_count(database, {"HINGE": 100, "SCREW@A-02": 40})
    first = database.as_user("finance").read(counting.blind_sheet, count.ref.id)
    assert [(line.bin, line.item_code) for line in first.lines] == [
        ("A-01", "HINGE"),
        ("A-02", "SCREW"),
    ]
    assert (first.code, first.is_recount) == (count.ref.number, False)
    count.enter("HINGE@A-01", 50)
    count.enter("SCREW@A-02", 40)
    count.compare()
    again = database.as_user("finance").read(counting.blind_sheet, count.ref.id)
    assert ([line.item_code for line in again.lines], again.is_recount) == (["HINGE"], True)


def test_an_open_count_of_one_person_needs_no_second(database) -> None:
    count = make_count(database, {"HINGE": 100}, blind=False)
    count.enter("HINGE@A-01", 60, "owner")
    assert count.compare(login="owner") == "review"
    count.cause("HINGE@A-01", "MISSING", "owner")
    count.approve("owner")
    assert count.on_hand("HINGE") == 60


def test_likely_causes_come_first(database) -> None:
    count = make_count(database, {"HINGE": 100, "HINGE@A-02": 50, "SCREW@A-03": 144})
    count.database.run(
        lambda uow: uow.execute(
            "INSERT INTO item_barcode (barcode, item_id, factor) VALUES ('BOX-12', %s, 12)",
            (count.shop.items["SCREW"],),
        )
    )
    for login in ("counter", "counter2"):
        for place, qty in (("HINGE@A-01", 70), ("HINGE@A-02", 80), ("SCREW@A-03", 12)):
            count.enter(place, qty, login)
        count.compare()
    hints = database.as_user("finance").read(counting.cause_hints, count.ref.id)
    first = {place: hints[row.line_id][0] for place, row in count.rows().items()}
    assert {place: hint.code for place, hint in first.items()} == {
        "HINGE@A-01": "WRONG_BIN",
        "HINGE@A-02": "WRONG_BIN",
        "SCREW@A-03": "UNIT",
    }
    assert "A-02" in str(first["HINGE@A-01"].reason)


def test_a_document_posted_late_explains_the_difference(database) -> None:
    count = make_count(database, {"HINGE": 100})
    for login in ("counter", "counter2"):
        count.enter("HINGE@A-01", 60, login)
        count.compare()
    take_out(database, count, "HINGE", 40)
    hints = database.as_user("finance").read(counting.cause_hints, count.ref.id)
    assert next(hint.code for hint in next(iter(hints.values()))) == "LATE_DOC"


def test_the_trend_equals_the_figures_worked_out_by_hand(database) -> None:
    count = make_count(database, {"HINGE": 100, "SCREW@A-02": 50})
    for counted in (
        (("HINGE@A-01", 98), ("SCREW@A-02", 50)),
        (("HINGE@A-01", 78), ("SCREW@A-02", 50)),
    ):
        if count.ref.state == "posted":
            count.ref = database.as_user("finance").run(
                counting.plan_and_start, PlanCount(count.shop.warehouse)
            )
        for place, qty in counted:
            count.enter(place, qty)
        if count.compare() == "recount":
            count.enter("HINGE@A-01", 78, "counter2")
            count.compare()
            count.cause("HINGE@A-01", "MISSING")
        count.approve()
    first, second = database.as_user("finance").read(counting_metrics.trend)
    # First: 2 of 100 off, within the 5 % of class C; (2/100 + 0) / 2; 2 / 150.
    assert (first.metrics.ira, first.metrics.ira_exact) == (1, Decimal("0.5"))
    assert first.metrics.vdr_mean == Decimal("0.01")
    assert first.metrics.vdr_sum == Decimal(2) / 150
    # Second: 78 of 98, out of tolerance; (20/98 + 0) / 2; 20 / 148.
    assert (second.metrics.ira, second.metrics.n) == (Decimal("0.5"), 2)
    assert second.metrics.vdr_mean == Decimal(20) / 98 / 2
    assert second.metrics.vdr_sum == Decimal(20) / 148


def test_the_value_gap_is_for_those_who_see_costs(database) -> None:
    count = make_count(database, {"HINGE": 100})
    database.run(
        lambda uow: uow.execute(
            "INSERT INTO item_cost (item_id, qty, value, average) VALUES (%s, 100, 250, 2.5)",
            (count.shop.items["HINGE"],),
        )
    )
    count.enter("HINGE@A-01", 98)
    count.compare()
    seen = database.as_user("finance").read(counting_metrics.review, count.ref.id)
    assert seen.metrics.val_gap_abs == Decimal("0.02")
    assert seen.rows[0].value == Decimal("-5.0")
    hidden = database.as_user("storekeeper").read(counting_metrics.review, count.ref.id)
    assert (hidden.metrics.val_gap_abs, hidden.rows[0].value) == (None, None)


def test_a_void_count_takes_no_entries(database) -> None:
    count = make_count(database, {"HINGE": 100})
    task = count.tasks()["HINGE@A-01"]
    database.as_user("finance").run(
        documents.act, documents.ActCommand(count.ref.id, "void", reason="holiday")
    )
    with pytest.raises(RuleRefused, match="not being counted"):
        database.as_user("counter").run(counting.enter, CountEntry(task.line_id, 1, Decimal(1)))
    with pytest.raises(TransitionRefused):
        count.compare()


def test_missing_goods_are_taken_from_loose_stock_first_then_from_boxes(database) -> None:
    count = make_count(database, {"HINGE": 10})
    box = database.run(lambda uow: uow.scalar("INSERT INTO box (code) VALUES ('BX1') RETURNING id"))
    line = {
        "item_id": count.shop.items["HINGE"],
        "qty": Decimal(30),
        "to_location_id": count.shop.bins["A-01"],
    }
    draft = documents.Draft("opening_stock", {"warehouse_id": count.shop.warehouse}, (line,))
    entry = ActEntry(1, Decimal(30), box_id=box, to_location_id=count.shop.bins["A-01"])
    database.run(
        documents.create_and_act,
        draft,
        documents.ActCommand(0, "post", entries=(entry,), reason="boxed"),
    )
    for login in ("counter", "counter2"):
        count.enter("HINGE@A-01", 25, login)
        count.compare()
    assert count.rows()["HINGE@A-01"].book_qty == 40
    count.cause("HINGE@A-01", "MISSING")
    count.approve()
    left = database.run(
        lambda uow: uow.execute(
            "SELECT box_id = 0, on_hand FROM stock_balance WHERE location_id = %s ORDER BY box_id",
            (count.shop.bins["A-01"],),
        ).fetchall()
    )
    assert left == [(True, Decimal(0)), (False, Decimal(25))]


def test_a_loss_of_promised_goods_names_who_waits_for_them(database) -> None:
    count = make_count(database, {"HINGE": 100})
    order = database.run(sales_shop.order, count.shop, (count.shop.items["HINGE"], 90))
    database.run(sales_shop.deposit, order, 900)
    for login in ("counter", "counter2"):
        count.enter("HINGE@A-01", 60, login)
        count.compare()
    count.cause("HINGE@A-01", "MISSING")
    with pytest.raises(InsufficientStock, match=order.number):
        count.approve()
    assert count.on_hand("HINGE") == 100


def test_lots_are_counted_one_by_one(database) -> None:
    shop = database.run(factories.make_shop)
    milk = shop.items["MILK"] = database.run(factories.make_item, "MILK", tracking="lot")
    lots = [database.run(factories.make_lot, milk, code) for code in ("L1", "L2")]
    for lot in lots:
        database.run(factories.stock_up, shop, milk, 10, "A-01", lot=lot)
    ref = database.as_user("finance").run(counting.plan_and_start, PlanCount(shop.warehouse))
    counter = database.as_user("counter")
    tasks = counter.read(counting.tasks, ref.id)
    assert [task.lot_code for task in tasks] == ["L1", "L2"]
    # A right total over wrong lots is wrong: plus is never set off against minus.
    for task, qty in zip(tasks, (15, 5), strict=True):
        counter.run(counting.enter, CountEntry(task.line_id, 1, Decimal(qty)))
    count = Count(database, shop, ref)
    assert count.compare() == "recount"
    assert len(count.tasks("counter2")) >= 1
    assert database.as_user("finance").read(counting_metrics.metrics, ref.id).ira_exact == 0
