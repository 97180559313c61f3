"""Who changed the price, when, from which screen: and nobody can make it unsaid."""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal

import psycopg
import pytest

from desktop_app.core.change_source import changes_from
from desktop_app.domain.bom import BOMLine, LossBasis
from desktop_app.queries.change_log import CHANGES
from desktop_app.queries.listing import ListRequest
from desktop_app.services import bills_of_material, listing, master_data
from desktop_app.services.bills_of_material import BOMDraft
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


def _seen(database, **wanted):
    """(which, before, after) of the rows of the list, as people read it, oldest first."""
    page = database.as_user("storekeeper").read(listing.fetch, CHANGES, ListRequest())
    rows = [dict(zip(page.columns, row, strict=True)) for row in reversed(page.rows)]
    rows = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return [(row["which"], row["old"], row["new"]) for row in rows]


def test_components_are_told_by_name_with_unit_and_loss(database):
    product = database.run(factories.make_item, "HINGE", name="Hinge")
    part = database.run(factories.make_item, "BLANK", name="Hinge, blank", uom="kg", uom_decimals=3)

    def save(uow, rate, basis, bom=None):
        line = BOMLine(part, Decimal("0.250"), Decimal(rate), basis)
        return bills_of_material.save_bom(uow, BOMDraft(product, (line,)), bom_id=bom)

    bom = database.run(save, "0", LossBasis.OF_ISSUE)
    database.run(save, "0.05", LossBasis.OF_ISSUE, bom)
    database.run(save, "0.025", LossBasis.ON_TOP, bom)
    which = "BLANK Hinge, blank"
    assert _seen(database, part="component") == [
        (which, None, "0.25 kg"),
        (which, "0.25 kg", None),
        (which, None, "0.25 kg ÷ (1 − 5 %)"),
        (which, "0.25 kg ÷ (1 − 5 %)", None),
        (which, None, "0.25 kg × (1 + 2.5 %)"),
    ]


def test_places_blanks_and_merged_items_are_told_by_name(database):
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item, "HINGE", name="Hinge")
    blank = database.run(factories.make_item, "BLANK", name="Hinge, blank")
    database.run(_change, item, blank_item_id=blank, default_location_id=shop.bins["A-02"])
    assert _seen(database, record="item", field="blank_item_id") == [
        ("", None, "BLANK Hinge, blank")
    ]
    assert _seen(database, record="item", field="default_location_id") == [("", None, "A-02")]
    database.run(
        lambda uow: uow.execute(
            "INSERT INTO item_bin (item_id, warehouse_id, location_id) VALUES (%s, %s, %s)",
            (item, shop.warehouse, shop.bins["A-03"]),
        )
    )
    assert _seen(database, part="bin") == [("W1", None, "A-03")]


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
