"""A sealed day cannot be changed unnoticed: the report names the very row."""

from __future__ import annotations

import psycopg
import pytest

from desktop_app.core.errors import PermissionDenied
from desktop_app.services import sealing
from tests import factories

TO_YESTERDAY = (
    "UPDATE act SET at = at - interval '1 day'; UPDATE stock_move SET at = at - interval '1 day'"
)


def _tamper(database, statement: str) -> None:
    """What a superuser with bad intentions could do: every trigger is off."""
    with psycopg.connect(database.dsn("postgres")) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(statement)


@pytest.fixture
def sealed(database):
    """Two documents of yesterday, sealed by finance."""
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item, "HINGE")
    database.run(factories.stock_up, shop, item, 5, "A-01")
    database.run(factories.stock_up, shop, item, 7, "A-02")
    _tamper(database, TO_YESTERDAY)
    assert len(database.as_user("finance").run(sealing.seal_days)) == 1
    return database


def _report(database) -> sealing.VerifyReport:
    return database.as_user("finance").read(sealing.verify)


def test_an_untouched_day_is_clean_and_sealed_once(sealed) -> None:
    report = _report(sealed)
    assert report.is_clean
    assert (report.days, report.unsealed) == (1, ())
    assert sealed.as_user("finance").run(sealing.seal_days) == ()


EXTRA_MOVE = (
    "INSERT INTO stock_move (act_id, line_id, item_id, from_location_id, to_location_id, qty)"
    " SELECT act_id, line_id, item_id, from_location_id, to_location_id, 1 FROM stock_move"
    " WHERE id = {move}"
)


@pytest.mark.parametrize(
    ("statement", "table", "what"),
    [
        ("UPDATE stock_move SET qty = 500 WHERE id = {move}", "stock_move", "changed"),
        ("UPDATE act SET actor = 'somebody' WHERE id = {act}", "act", "changed"),
        ("DELETE FROM stock_move WHERE id = {move}", "stock_move", "missing"),
        (EXTRA_MOVE, "stock_move", "added"),
    ],
)
def test_the_report_names_the_row(sealed, statement, table, what) -> None:
    move, act = sealed.read(
        lambda uow: uow.execute("SELECT id, act_id FROM stock_move ORDER BY id LIMIT 1").fetchone()
    )
    newest = sealed.read(lambda uow: uow.scalar("SELECT max(id) FROM stock_move"))
    _tamper(sealed, statement.format(move=move, act=act))
    report = _report(sealed)
    row = next(f for f in report.findings if f.what == what)
    assert row.table == table
    assert row.row_id == {"act": act}.get(table, move if what != "added" else row.row_id)
    assert what != "added" or row.row_id > newest
    assert str(row.row_id) in str(row.message)
    assert {f.what for f in report.findings} == {what, "chain_broken"}
    assert bool(report.differences) == (table == "stock_move")


def test_a_balance_that_does_not_fit_the_ledger_is_named(sealed) -> None:
    _tamper(sealed, "UPDATE stock_balance SET on_hand = 236 WHERE on_hand = 5")
    (difference,) = _report(sealed).differences
    assert (difference.item, difference.place) == ("HINGE", "A-01")
    assert (difference.on_hand, difference.by_ledger) == (236, 5)
    assert str(difference.message) == "HINGE at A-01: the balance says 236, the ledger 5."


def test_a_missing_seal_breaks_the_chain_and_its_day_is_told(sealed) -> None:
    _tamper(sealed, "UPDATE day_seal SET day = day - 1")
    report = _report(sealed)
    assert report.findings
    assert len(report.unsealed) == 1


def test_only_who_may_seal_can(database) -> None:
    shop = database.run(factories.make_shop)
    database.run(factories.stock_up, shop, database.run(factories.make_item), 5)
    _tamper(database, TO_YESTERDAY)
    for function in (sealing.seal_days, sealing.verify):
        with pytest.raises(PermissionDenied):
            database.as_user("buyer").run(function)
