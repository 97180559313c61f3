"""Who changed the price, when, from which screen: and nobody can make it unsaid."""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal

import psycopg
import pytest

from desktop_app.core.change_source import changes_from
from desktop_app.services import master_data
from tests import factories

_LOG = (
    "SELECT field, old, new, actor, workstation, source FROM change_log WHERE record = 'item'"
    " AND record_id = %s AND part LIKE %s ORDER BY id"
)


def _log(database, item, part="", login="owner"):
    read = database.as_user(login).read
    return read(lambda uow: uow.execute(_LOG, (item, part)).fetchall())


def _change(uow, item, **values):
    kept = {"code": "HINGE", "name": "Hinge"} | values
    return master_data.save_item(uow, kept, item_id=item, version=1)


def test_a_changed_field_tells_old_new_who_where_and_from_which_screen(database):
    item = database.run(factories.make_item, "HINGE", name="Hinge")
    with changes_from("item"):
        database.as_user("buyer", workstation="PC-7").run(
            _change, item, lead_time_days=9, custom=None
        )
    made, changed = _log(database, item)
    assert made[:4] == ("", None, "HINGE Hinge", "owner")
    assert changed == ("lead_time_days", None, 9, "buyer", "PC-7", "item")


def test_saving_the_same_again_says_nothing(database):
    item = database.run(factories.make_item, "HINGE", name="Hinge")
    database.run(_change, item)
    assert len(_log(database, item)) == 1


def test_what_belongs_to_the_item_is_logged_with_it(database):
    item = database.run(factories.make_item, "HINGE", barcodes={"690": 1})
    database.run(_change, item, barcodes={"691": 1})
    assert [row[0] for row in _log(database, item, "barcode:%")] == ["", "", ""]
    assert _log(database, item, "barcode:691")[0][2] is not None


def test_own_fields_count_one_by_one(database):
    item = database.run(factories.make_item, "HINGE")
    database.run(
        lambda uow: uow.execute(
            'UPDATE item SET custom = \'{"origin": "佛山"}\' WHERE id = %s', (item,)
        )
    )
    assert _log(database, item)[-1][:3] == ("custom.origin", None, "佛山")


def test_price_changes_are_seen_by_those_who_may_see_prices(database):
    item = database.run(factories.make_item, "HINGE", sales_price=Decimal(8))
    database.run(_change, item, sales_price=Decimal(9), purchase_price=Decimal(5))
    assert len(_log(database, item, "sales_price%", "sales")) == 2
    assert _log(database, item, "purchase_price%", "sales") == []
    assert _log(database, item, "%price%", "storekeeper") == []
    assert len(_log(database, item, "", "storekeeper")) == 2


@pytest.mark.parametrize("login", ["storekeeper", "sales", "owner"])
@pytest.mark.parametrize(
    "attack",
    [
        "INSERT INTO change_log (record, record_id, field, actor) VALUES ('item', 1, 'name', 'boss')",
        "UPDATE change_log SET actor = 'boss'",
        "DELETE FROM change_log",
        "TRUNCATE change_log",
        "ALTER TABLE item DISABLE TRIGGER change_log_changed",
        "ALTER TABLE change_log DISABLE ROW LEVEL SECURITY",
    ],
)
def test_history_cannot_be_forged_by_plain_sql(worker_database, login, attack):
    with (
        closing(psycopg.connect(worker_database.dsn(login))) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(attack)


def test_not_even_the_owner_of_the_tables_edits_it(database):
    database.run(factories.make_item, "HINGE")
    with closing(psycopg.connect(database.dsn("postgres"))) as connection:
        for attack in ("UPDATE change_log SET actor = 'boss'", "DELETE FROM change_log"):
            with pytest.raises(psycopg.Error, match="append_only"):
                connection.execute(attack)
            connection.rollback()


def test_a_login_cannot_pose_as_another_in_the_log(database):
    item = database.run(factories.make_item, "HINGE", name="Hinge")
    with closing(psycopg.connect(database.dsn("buyer"))) as connection:
        connection.execute("SELECT set_config('role', 'sp_user', false)")
        connection.execute("RESET ROLE")
        connection.execute("UPDATE item SET name = 'Mine' WHERE id = %s", (item,))
        connection.commit()
    assert _log(database, item)[-1][3] == "buyer"


def test_ten_thousand_rows_are_two_statements(database):
    database.run(
        lambda uow: uow.execute(
            "INSERT INTO item (code, name) SELECT 'N' || g, 'Nut' FROM generate_series(1, 500) g"
        )
    )
    database.run(lambda uow: uow.execute("UPDATE item SET lead_time_days = 3, abc_class = 'A'"))
    counts = database.read(
        lambda uow: uow.execute(
            "SELECT field, count(*) FROM change_log WHERE record = 'item' GROUP BY 1 ORDER BY 1"
        ).fetchall()
    )
    assert counts == [("", 500), ("abc_class", 500), ("lead_time_days", 500)]
