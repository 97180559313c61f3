"""Nobody walks around a blind count: counters, storekeepers and planners with plain SQL."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import psycopg
import pytest

from desktop_app.core.errors import PermissionDenied, RuleRefused
from desktop_app.services import counting, installation
from desktop_app.services.counting import CountEntry
from tests.database_server import PASSWORD
from tests.scenarios.test_counting import Count, make_count


def refused(count: Count, login: str, sql: str, *params: Any) -> str:
    """Run ``sql`` as that login and give the database's code; commits what it may."""
    with (
        psycopg.connect(count.database.dsn(login)) as connection,
        pytest.raises(psycopg.Error) as told,
    ):
        connection.execute(sql.encode(), params)
        connection.commit()
    return str(told.value.sqlstate)


def hire(database: Any, login: str, job: str) -> None:
    with psycopg.connect(database.dsn("owner")) as connection:
        installation.create_login(connection, login, PASSWORD, (job,))


def to_review(count: Count, counted: int = 60) -> None:
    for login in ("counter", "counter2"):
        count.enter("HINGE@A-01", counted, login)
        count.compare()
    count.cause("HINGE@A-01", "MISSING")


TABLES = (
    "stock_balance",
    "stock_move",
    "document_line",
    "document",
    "act",
    "count_result",
    "count_entry",
    "count_plan",
    "count_draw",
    "count_found",
    "reservation",
    "item_cost",
)
FUNCTIONS = (
    "stock_available(ARRAY[1::bigint])",
    "count_books(1)",
    "line_done(1, 'post')",
    "ledger_differences()",
    "count_compare(1, '{}', '{}')",
)


def test_the_counter_reads_no_quantity_anywhere(database) -> None:
    count = make_count(database, {"HINGE": 100})
    for table in TABLES:
        assert refused(count, "counter", f"SELECT * FROM {table}") == "42501", table
    for call in FUNCTIONS:
        assert refused(count, "counter", f"SELECT * FROM {call}") in ("42501", "SP004"), call


def test_the_counter_sees_places_and_the_own_entry_only(database) -> None:
    count = make_count(database, {"HINGE": 100})
    count.enter("HINGE@A-01", 42)
    assert count.tasks("counter")["HINGE@A-01"].entered_qty == 42
    other = count.tasks("counter2")["HINGE@A-01"]
    assert (other.entered_qty, other.is_counted) == (None, True)


def test_the_storekeeper_and_the_owner_must_not_count_blind(database) -> None:
    count = make_count(database, {"HINGE": 100})
    task = count.tasks()["HINGE@A-01"]
    insert = "INSERT INTO count_entry (line_id, round, qty) VALUES (%s, 1, 100)"
    assert refused(count, "storekeeper", insert, task.line_id) == "42501"
    assert refused(count, "owner", insert, task.line_id) == "SP040"
    with pytest.raises(PermissionDenied, match="whoever can see stock must not count"):
        count.enter("HINGE@A-01", 100, "owner")


def test_an_entry_is_stamped_by_the_server_and_never_changed(database) -> None:
    count = make_count(database, {"HINGE": 100})
    task = count.tasks()["HINGE@A-01"]
    forged = "INSERT INTO count_entry (line_id, round, qty, counted_by) VALUES (%s, 1, 5, 'li')"
    assert refused(count, "counter", forged, task.line_id) == "42501"
    count.enter("HINGE@A-01", 100)
    assert refused(count, "counter", "UPDATE count_entry SET qty = 1") == "42501"
    assert refused(count, "owner", "DELETE FROM count_entry") == "42501"
    assert refused(count, "postgres", "UPDATE count_entry SET qty = 1") == "SP020"


def test_second_counts_are_taken_only_for_lines_that_were_asked_for(database) -> None:
    count = make_count(database, {"HINGE": 100, "SCREW@A-02": 40})
    screw = count.tasks()["SCREW@A-02"]
    count.enter("HINGE@A-01", 50)
    count.enter("SCREW@A-02", 40)
    count.compare()
    assert (
        refused(
            count,
            "counter2",
            "INSERT INTO count_entry (line_id, round, qty) VALUES (%s, 2, 1)",
            screw.line_id,
        )
        == "SP042"
    )
    with pytest.raises(RuleRefused, match="not being counted"):
        database.as_user("counter2").run(counting.enter, CountEntry(screw.line_id, 2, Decimal(1)))


def test_who_counted_does_not_approve(database) -> None:
    count = make_count(database, {"HINGE": 100})
    # Somebody who is given stock rights after having counted is still the counter.
    hire(database, "turncoat", "counter")
    count.enter("HINGE@A-01", 100, "turncoat")
    count.compare()
    hire(database, "turncoat", "finance")
    with pytest.raises(PermissionDenied, match="Whoever counted must not approve"):
        count.approve("turncoat")


def test_the_planner_types_no_figures_into_the_result(database) -> None:
    count = make_count(database, {"HINGE": 100})
    count.enter("HINGE@A-01", 60)
    count.compare()
    line = count.rows()["HINGE@A-01"].line_id
    assert refused(count, "finance", "UPDATE count_result SET book_qty = 60") == "42501"
    assert (
        refused(
            count,
            "finance",
            "INSERT INTO count_result (line_id, document_id, book_qty,"
            " counted_qty) VALUES (%s, %s, 1, 1)",
            line,
            count.ref.id,
        )
        == "42501"
    )
    assert refused(count, "finance", "UPDATE count_result SET recount = false") == "SP042"


def test_a_difference_seen_by_one_person_is_not_posted(database) -> None:
    count = make_count(database, {"HINGE": 100})
    count.enter("HINGE@A-01", 60)
    # A planner skips the recount by plain SQL: the act is refused at the approval.
    with psycopg.connect(database.dsn("finance")) as connection:
        connection.execute("SELECT count_compare(%s, '{C}', '{5}')", (count.ref.id,))
        connection.execute(
            "INSERT INTO act (uuid, document_id, verb) VALUES (gen_random_uuid(), %s, 'compare')",
            (count.ref.id,),
        )
        connection.execute("UPDATE count_result SET cause_code = 'MISSING'")
    with pytest.raises(RuleRefused, match="only one person has seen"):
        count.approve()


@pytest.mark.parametrize(("sent", "code"), [("41", "SP048"), ("40", None), ("39", "SP048")])
def test_only_the_exact_difference_can_be_posted(database, sent: str, code: str | None) -> None:
    count = make_count(database, {"HINGE": 100})
    to_review(count)
    row = count.rows()["HINGE@A-01"]

    def post(connection: Any) -> None:
        act = connection.execute(
            "INSERT INTO act (uuid, document_id, verb) VALUES (gen_random_uuid(), %s,"
            " 'approve_count') RETURNING id",
            (count.ref.id,),
        ).fetchone()[0]
        connection.execute(
            "INSERT INTO stock_move (act_id, line_id, item_id, from_location_id, to_location_id,"
            " qty) SELECT %s, %s, %s, %s, id, %s FROM location WHERE code = 'DIFFERENCE'",
            (act, row.line_id, row.item_id, row.location_id, sent),
        )
        connection.commit()

    with psycopg.connect(database.dsn("finance")) as connection:
        if code is None:
            post(connection)
        else:
            with pytest.raises(psycopg.Error) as told:
                post(connection)
            assert told.value.sqlstate == code
    assert count.on_hand("HINGE") == (60 if code is None else 100)


def test_an_approval_without_the_goods_is_refused(database) -> None:
    count = make_count(database, {"HINGE": 100})
    to_review(count)
    assert (
        refused(
            count,
            "finance",
            "INSERT INTO act (uuid, document_id, verb) VALUES"
            " (gen_random_uuid(), %s, 'approve_count')",
            count.ref.id,
        )
        == "SP048"
    )


def test_causes_are_fixed_once_posted(database) -> None:
    count = make_count(database, {"HINGE": 100})
    to_review(count)
    count.approve()
    with pytest.raises(RuleRefused):
        count.cause("HINGE@A-01", "THEFT")


def test_the_recorded_draw_cannot_be_rewritten(database) -> None:
    count = make_count(database, {"HINGE": 100})
    assert refused(count, "finance", "UPDATE count_draw SET item_ids = '{1}'") == "42501"
    assert refused(count, "postgres", "DELETE FROM count_draw") == "SP020"
    assert (
        refused(
            count,
            "finance",
            "INSERT INTO count_draw (document_id, item_ids) VALUES (%s, '{1}')",
            count.ref.id,
        )
        == "SP042"
    )
    assert refused(count, "finance", "UPDATE count_plan SET seed = 1") == "SP021"
