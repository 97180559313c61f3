"""The shop's own tables are taken in, looked at before, and taken back as a whole."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from desktop_app.core.errors import PermissionDenied, RuleRefused, UserError
from desktop_app.core.i18n import Message
from desktop_app.domain.own_fields import OwnField
from desktop_app.queries.master_data import party_record
from desktop_app.services import own_fields
from desktop_app.services.importing import runs, stage
from desktop_app.services.importing.stage import CellTrouble, Counts, StagedRow
from desktop_app.services.importing.targets import completed
from tests import factories


def draft(uow, kind: str, *rows: dict[str, Any]) -> int:
    """Rows as the reader of a file delivers them."""
    made = stage.begin(uow, kind, "from the shop.xlsx", b"sha", {})
    stage.add(
        uow,
        made,
        (StagedRow(number, completed(kind, row)) for number, row in enumerate(rows, start=2)),
    )
    return made


def taken(uow, kind: str, *rows: dict[str, Any], uuid: UUID | None = None) -> runs.Run:
    return runs.run(uow, draft(uow, kind, *rows), uuid or uuid4())


def test_new_changed_same_and_refused_are_told_before_anything_is_written(uow) -> None:
    factories.make_item(uow, "A-1", name="Hinge", safety_stock=Decimal(5))
    factories.make_item(uow, "A-2", name="Screw")
    made = draft(
        uow,
        "item",
        {"code": "A-1", "name": "Hinge", "safety_stock": Decimal("5.000")},
        {"code": "A-2", "name": "Screw 4 mm"},
        {"code": "00123", "name": "镀镍铰链", "barcode": "6901234567892", "sales_price": "12.5"},
        {"code": "a-1", "name": "Another one: only the case differs"},
        {"code": "00123", "name": "The same code again"},
        {"code": "A-9"},
    )
    assert runs.check(uow, made) == Counts(new=2, changed=1, same=1, refused=2)
    assert uow.scalar("SELECT count(*) FROM item WHERE code = '00123'") == 0
    refused = stage.page(uow, made, "refused")
    assert [(row.row_no, str(row.troubles[0].message)) for row in refused] == [
        (6, "Row 4 of the file says something about the same one already."),
        (7, "This cell is needed."),
    ]
    run = runs.run(uow, made, uuid4())
    assert run.counts == Counts(2, 1, 1, 2)
    code, name, price, key = uow.execute(
        "SELECT i.code, i.name, p.price, i.search_text FROM item i JOIN item_sales_price p"
        " ON p.item_id = i.id JOIN item_barcode b ON b.item_id = i.id"
        " WHERE b.barcode = '6901234567892'"
    ).fetchone()
    assert (code, name, price) == ("00123", "镀镍铰链", Decimal("12.5"))
    assert "dnjl" in key
    assert uow.scalar("SELECT safety_stock FROM item WHERE code = 'A-2'") == 0


def test_a_cell_is_mended_in_the_grid(uow) -> None:
    made = stage.begin(uow, "item", "x.csv", b"", {})
    bad = CellTrouble("safety_stock", Message("“{typed}” is not a number.", {"typed": "viele"}))
    stage.add(uow, made, [StagedRow(2, {"code": "M-1", "name": "x"}, (bad,))])
    assert runs.check(uow, made).refused == 1
    stage.mend(uow, made, 2, "safety_stock", Decimal(12), None)
    assert runs.check(uow, made, (2,)) == Counts(new=1)
    runs.run(uow, made, uuid4())
    assert uow.scalar("SELECT safety_stock FROM item WHERE code = 'M-1'") == 12


def test_sent_twice_it_is_taken_in_once(uow) -> None:
    uuid = uuid4()
    made = draft(uow, "item", {"code": "T-1", "name": "Twice"})
    first = runs.run(uow, made, uuid)
    assert runs.run(uow, made, uuid) == first


def test_an_import_is_taken_back_as_a_whole(uow) -> None:
    item = factories.make_item(uow, "B-1", name="Before", sales_price=Decimal(3))
    run = taken(
        uow,
        "item",
        {"code": "B-1", "name": "After", "sales_price": "4", "barcode": "4006381333931"},
        {"code": "B-2", "name": "New", "sales_price": "9"},
    )
    assert uow.scalar("SELECT name FROM item WHERE id = %s", (item,)) == "After"
    assert runs.undo(uow, run.id, uuid4()).state == "undone"
    assert uow.execute(
        "SELECT i.name, p.price FROM item i JOIN item_sales_price p ON p.item_id = i.id"
        " WHERE i.id = %s",
        (item,),
    ).fetchone() == ("Before", 3)
    assert uow.scalar("SELECT count(*) FROM item_barcode") == 0
    assert uow.scalar("SELECT count(*) FROM item WHERE code = 'B-2'") == 0
    again = taken(uow, "item", {"code": "B-2", "name": "New, corrected"})
    assert again.counts.new == 1


def test_what_was_changed_or_used_since_stops_the_taking_back(uow) -> None:
    shop = factories.make_shop(uow)
    used = taken(uow, "item", {"code": "U-1", "name": "Used"})
    item = uow.scalar("SELECT id FROM item WHERE code = 'U-1'")
    factories.stock_up(uow, shop, item, 5)
    with pytest.raises(RuleRefused, match="U-1"):
        runs.undo(uow, used.id, uuid4())
    changed = taken(uow, "party", {"code": "P-1", "name": "Hongda", "is_supplier": True})
    uow.execute("UPDATE party SET phone = '1', version = version + 1 WHERE code = 'P-1'")
    with pytest.raises(RuleRefused, match="P-1"):
        runs.undo(uow, changed.id, uuid4())


def test_opening_stock_with_lots_and_amounts_is_posted_and_reversed(uow) -> None:
    shop = factories.make_shop(uow)
    factories.make_item(uow, "GLUE", tracking="lot")
    nut = factories.make_item(uow, "NUT", barcodes={"4006381333931": 1})
    run = taken(
        uow,
        "opening_stock",
        {"item": "GLUE", "warehouse": "W1", "place": "A-02", "lot": "L7", "expiry": "2027-05-31",
         "qty": "12", "amount": "100"},
        {"item": "4006381333931", "warehouse": "Main warehouse", "qty": "250", "unit_price": "0.4"},
        {"item": "NUT", "warehouse": "W1", "lot": "X", "qty": "1"},
        {"item": "NUT", "warehouse": "Nowhere", "qty": "1"},
        {"item": "GLUE", "warehouse": "W1", "qty": "1"},
        {"item": "NUT", "warehouse": "W1", "qty": "1.5"},
        {"item": "NUT", "warehouse": "W1", "qty": "-3"},
    )  # fmt: skip
    assert run.counts == Counts(new=2, refused=5)
    assert factories.on_hand(uow, nut) == 250
    lot = uow.execute("SELECT code, expires_at::date::text FROM lot WHERE code = 'L7'").fetchone()
    assert lot == ("L7", "2027-05-31")
    assert factories.on_hand(uow, nut, shop.docks["receiving"]) == 250
    runs.undo(uow, run.id, uuid4())
    assert factories.on_hand(uow, nut) == 0


def test_orders_are_grouped_by_their_number(uow) -> None:
    factories.make_shop(uow)
    factories.make_item(uow, "NUT")
    factories.make_item(uow, "BOLT")
    rows = [
        {"reference": order, "party": "S1", "warehouse": "W1", "item": item, "qty": "10",
         "unit_price": "2.5", "doc_date": "2026-01-05"}
        for order in ("PO-1", "PO-2") for item in ("NUT", "BOLT")
    ]  # fmt: skip
    run = taken(uow, "purchase_order", *rows, {**rows[0], "party": "C1"})
    assert run.counts == Counts(new=4, refused=1)
    assert uow.scalar("SELECT count(*) FROM document WHERE kind = 'purchase_order'") == 2
    runs.undo(uow, run.id, uuid4())
    states = uow.execute("SELECT DISTINCT state FROM document WHERE kind = 'purchase_order'")
    assert states.fetchall() == [("void",)]


def test_bills_of_materials(uow) -> None:
    for code in ("LAMP", "BASE", "SHADE"):
        factories.make_item(uow, code)
    rows = ({"product": "LAMP", "item": "BASE", "qty": "1"},
            {"product": "LAMP", "item": "SHADE", "qty": "2", "loss_rate": "5"},
            {"product": "LAMP", "item": "LAMP", "qty": "2"},
            {"product": "GHOST", "item": "BASE", "qty": "2"})  # fmt: skip
    run = taken(uow, "bom", *rows)
    assert run.counts == Counts(new=2, refused=2)
    assert uow.scalar("SELECT count(*) FROM bom_line") == 2
    runs.undo(uow, run.id, uuid4())
    assert uow.scalar("SELECT count(*) FROM bom WHERE is_active") == 0
    assert taken(uow, "bom", rows[0]).counts.new == 1


def test_bins_partners_and_own_fields(uow) -> None:
    factories.make_shop(uow)
    own_fields.save(uow, OwnField(0, "region", "地区", "text", scopes=("party",)))
    run = taken(
        uow,
        "place",
        {"warehouse": "W1", "code": "B-01-1", "zone": "B", "aisle": "01", "level": "1"},
        {"warehouse": "W1", "code": "A-01", "name": "Renamed"},
    )
    assert run.counts == Counts(new=1, changed=1)
    assert uow.execute(
        "SELECT kind, zone, name FROM location WHERE code = 'B-01-1'"
    ).fetchone() == ("bin", "B", "B-01-1")
    people = taken(
        uow, "party", {"code": "C9", "name": "新客户", "is_customer": True, "custom.region": "佛山"}
    )
    assert people.counts.new == 1
    party = uow.scalar("SELECT id FROM party WHERE code = 'C9'")
    assert party_record(uow, party)["custom"] == {"region": "佛山"}
    assert taken_same(uow, {"code": "C9", "name": "新客户", "custom.region": "佛山"}).same == 1
    runs.undo(uow, run.id, uuid4())
    assert uow.scalar("SELECT name FROM location WHERE code = 'A-01'") == "A-01"


def taken_same(uow, row: dict[str, Any]) -> Counts:
    return runs.check(uow, draft(uow, "party", row))


def test_nothing_new_is_said_and_prices_follow_rights(database) -> None:
    database.run(factories.make_item, "N-1")
    with pytest.raises(UserError, match="Nothing"):
        database.run(lambda uow: taken(uow, "item", {"code": "N-1", "name": "N-1"}))
    buyer = database.as_user("buyer")
    with pytest.raises(PermissionDenied):
        buyer.run(lambda uow: taken(uow, "item", {"code": "N-2", "name": "x", "sales_price": "1"}))
    assert database.read(lambda uow: uow.scalar("SELECT count(*) FROM item")) == 1
    made = buyer.run(lambda uow: draft(uow, "item", {"code": "N-3", "name": "x"}))
    sales = database.as_user("sales")
    with pytest.raises(UserError, match="forgotten"):
        sales.run(runs.check, made)


def test_whoever_may_not_see_prices_takes_in_and_back_a_table_without_any(database) -> None:
    database.run(lambda u: factories.make_item(u, "Q-1", name="Before", sales_price=Decimal(7)))
    buyer = database.as_user("buyer")
    rows = ({"code": "Q-1", "name": "After"}, {"code": "Q-2", "name": "New"})
    run = buyer.run(lambda uow: taken(uow, "item", *rows))
    assert run.counts == Counts(new=1, changed=1)
    assert buyer.run(runs.undo, run.id, uuid4()).state == "undone"
    kept = database.read(
        lambda u: u.execute(
            "SELECT i.name, p.price FROM item i JOIN item_sales_price p ON p.item_id = i.id"
        ).fetchall()
    )
    assert kept == [("Before", Decimal(7))]


def test_a_new_record_that_was_changed_since_stops_the_taking_back(uow) -> None:
    run = taken(uow, "item", {"code": "V-1", "name": "New"}, {"code": "V-2", "name": "New"})
    assert uow.scalar("SELECT count(*) FROM import_row WHERE run_id = %s", (run.id,)) == 2, (
        "a row of the import leaves one row on record"
    )
    uow.execute("UPDATE item SET name = 'x', version = version + 1 WHERE code = 'V-2'")
    with pytest.raises(RuleRefused, match=r"Changed again since the import: V-2\."):
        runs.undo(uow, run.id, uuid4())
