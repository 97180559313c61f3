"""Attacks with plain SQL by low-rights logins: all refused, balances unchanged (promise 3)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from desktop_app.services import documents
from tests import factories
from tests.database_server import RunningServer, TestDatabase


@dataclass
class House:
    """A shop with 50 hinges in A-01, and one posted document to attack."""

    database: Any
    shop: factories.Shop
    item: int
    document: documents.DocumentRef

    def sql(self, login: str, *statements: str, **values: Any) -> None:
        """Run the statements as that login in one committed transaction."""
        with closing(psycopg.connect(self.database.dsn(login))) as connection:
            for statement in statements:
                connection.execute(statement.encode(), values or None)
            connection.commit()

    def balances(self) -> list[tuple[Any, ...]]:
        return self.database.read(
            lambda uow: uow.execute(
                "SELECT item_id, location_id, lot_id, on_hand, allocated FROM stock_balance"
                " ORDER BY 1, 2, 3"
            ).fetchall()
        )


@pytest.fixture(scope="module")
def shared_house(server: RunningServer) -> Iterator[House]:
    """For attacks that must change nothing: one house stands for all of them."""
    database = server.clone()
    yield from _house(database)
    database.drop()


@pytest.fixture
def house(database) -> Iterator[House]:
    yield from _house(database)


def _house(database: TestDatabase) -> Iterator[House]:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item, "HINGE")
    document = database.run(factories.stock_up, shop, item, 50, price="3.20")
    made = House(database, shop, item, document)
    before = made.balances()
    yield made
    assert made.balances() == before, "an attack changed the balances"
    assert database.read(lambda u: u.execute("SELECT * FROM ledger_differences()").fetchall()) == []


LOGINS = ("storekeeper", "counter", "sales", "owner")

FORBIDDEN = {
    "update a move": "UPDATE stock_move SET qty = qty * 2",
    "delete a move": "DELETE FROM stock_move",
    "truncate the ledger": "TRUNCATE stock_move",
    "update an act": "UPDATE act SET actor = 'boss'",
    "delete an act": "DELETE FROM act",
    "write a balance": "UPDATE stock_balance SET on_hand = 999",
    "insert a balance": "INSERT INTO stock_balance (item_id, location_id, on_hand) VALUES (1, 1, 5)",
    "delete a document": "DELETE FROM document",
    "set a state": "UPDATE document SET state = 'draft'",
    "set a number": "UPDATE document SET number = 'QC-1'",
    "set a version": "UPDATE document SET version = 1",
    "allow everything": "UPDATE transition SET role = 'sp_user'",
    "add a transition": "INSERT INTO transition VALUES ('shipment','ship','released','shipped',"
    "'sp_user','{}',false,false,false)",
    "add a movement rule": "INSERT INTO movement_rule VALUES ('opening_stock','post','bin','scrap')",
    "move the counter": "UPDATE number_series SET last_no = 0",
    "switch triggers off": "ALTER TABLE stock_move DISABLE TRIGGER ALL",
    "switch triggers off for me": "SET session_replication_role = replica",
    "replace a guard": "CREATE OR REPLACE FUNCTION act_guard() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RETURN NEW; END'",
    "shadow a table": "CREATE TABLE public.stock_move2 (x int)",
    "become the owner of the tables": "SET ROLE sp_owner",
    "write an allocation": "INSERT INTO allocation VALUES (1, 1, 1, 0, 0, 1, 5)",
    "release by hand": "UPDATE reservation SET qty_open = 0",
    "forge a seal": "INSERT INTO day_seal (day, act_count, move_count, row_digests, previous, hash)"
    " VALUES ('2020-01-01', 0, 0, '', '', '')",
    "wipe refusals": "DELETE FROM refused_attempt",
    "make a superuser": "CREATE ROLE boss SUPERUSER LOGIN",
    "grant a permission": "GRANT sp_p_cost_read TO storekeeper",
}


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("attack", FORBIDDEN)
def test_nobody_changes_history_or_rules_by_sql(
    shared_house: House, login: str, attack: str
) -> None:
    with pytest.raises(psycopg.Error):
        shared_house.sql(login, FORBIDDEN[attack])


def test_a_move_without_an_act_is_refused(house: House) -> None:
    move = (
        "INSERT INTO stock_move (act_id, line_id, item_id, from_location_id, to_location_id, qty)"
        " SELECT a.id, l.id, l.item_id, %(bin)s, %(other)s, 5 FROM act a JOIN document_line l"
        " ON l.document_id = a.document_id WHERE a.verb = 'post' LIMIT 1"
    )
    with pytest.raises(psycopg.Error, match="move_refused") as refused:
        house.sql("storekeeper", move, bin=house.shop.bins["A-01"], other=house.shop.bins["A-02"])
    assert '"no_act"' in (refused.value.diag.message_detail or "")


def test_a_state_cannot_be_skipped(house: House) -> None:
    order, shipment = _shipment(house)
    act = (
        "INSERT INTO act (uuid, document_id, verb, evidence) VALUES (%(uuid)s, %(doc)s, 'ship',"
        ' \'{"exit_code": "EXIT-W1", "waybill": "DB1"}\')'
    )
    with pytest.raises(psycopg.Error, match="transition_refused"):
        house.sql("storekeeper", act, uuid=uuid.uuid4(), doc=shipment)
    with pytest.raises(psycopg.Error, match="transition_refused"):
        house.sql(
            "storekeeper",
            "INSERT INTO act (uuid, document_id, verb) VALUES (%(uuid)s, %(doc)s, 'ship_rest')",
            uuid=uuid.uuid4(),
            doc=order,
        )


@pytest.mark.parametrize("person", ["storekeeper", "counter", "buyer"])
def test_the_way_out_of_the_door_asks_for_every_step_before_it(house: House, person: str) -> None:
    order, shipment = _shipment(house)
    depart = (
        "SELECT * FROM ship_departure(%(uuid)s, %(twin)s, %(doc)s, NULL, ARRAY['EXIT-W1'], '{}',"
        ' \'{"exit_code": "EXIT-W1", "waybill": "DB1"}\', \'[]\')'
    )
    with pytest.raises(psycopg.Error) as refused:
        house.sql(person, depart, uuid=uuid.uuid4(), twin=uuid.uuid4(), doc=shipment)
    assert refused.value.sqlstate in ("SP003", "42501")
    states = house.database.read(
        lambda uow: uow.execute(
            "SELECT state FROM document WHERE id = ANY(%s) ORDER BY id", ([order, shipment],)
        ).fetchall()
    )
    assert states == [("approved",), ("released",)]


def _shipment(house: House) -> tuple[int, int]:
    """An approved order and a released, unpicked shipment, made by plain SQL as far as allowed."""
    with psycopg.connect(house.database.dsn("owner")) as connection:
        ids: list[int] = []
        for kind in ("sales_order", "shipment"):
            row = connection.execute(
                "INSERT INTO document (kind, party_id, warehouse_id, origin_id)"
                " VALUES (%s, %s, %s, %s) RETURNING id",
                (kind, house.shop.customer, house.shop.warehouse, ids[0] if ids else None),
            ).fetchone()
            assert row is not None
            connection.execute(
                "INSERT INTO document_line (document_id, line_no, item_id, qty) VALUES (%s, 1, %s, 5)",
                (row[0], house.item),
            )
            connection.execute(
                "INSERT INTO act (uuid, document_id, verb) VALUES (%s, %s, 'create')",
                (uuid.uuid4(), row[0]),
            )
            connection.execute("SELECT assign_number(%s)", (row[0],))
            ids.append(row[0])
    return ids[0], ids[1]


def test_actor_time_and_states_are_stamped_whatever_is_sent(house: House) -> None:
    forged = (
        "INSERT INTO act (uuid, document_id, verb, actor, at) VALUES (%(uuid)s, %(doc)s,"
        " 'reverse', 'boss', '2001-01-01')"
    )
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        house.sql("finance", forged, uuid=uuid.uuid4(), doc=house.document.id)
    house.database.as_user("finance").run(_note_reversal, house)
    row = house.database.read(
        lambda uow: uow.execute(
            "SELECT actor, at > now() - interval '1 minute', from_state, to_state FROM act"
            " WHERE verb = 'reverse'"
        ).fetchone()
    )
    assert row is None or row[0] == "finance"


def _note_reversal(uow, house: House) -> None:
    """A refused attempt is stamped by the server too."""
    uow.execute(
        "INSERT INTO refused_attempt (document_id, verb, code, message)"
        " VALUES (%s, 'reverse', 'x', 'x')",
        (house.document.id,),
    )
    row = uow.execute("SELECT actor FROM refused_attempt ORDER BY id DESC LIMIT 1").fetchone()
    assert row[0] == "finance"


def test_an_act_that_moves_goods_cannot_be_only_a_word(house: House) -> None:
    with pytest.raises(psycopg.Error, match="act_without_goods"):
        _run_owner(house, "post", "nothing moved")


def _run_owner(house: House, verb: str, reason: str) -> None:
    with closing(psycopg.connect(house.database.dsn("owner"))) as connection:
        row = connection.execute(
            "INSERT INTO document (kind, warehouse_id) VALUES ('other_receipt', %s) RETURNING id",
            (house.shop.warehouse,),
        ).fetchone()
        assert row is not None
        for word in ("create", verb):
            connection.execute(
                "INSERT INTO act (uuid, document_id, verb, reason) VALUES (%s, %s, %s, %s)",
                (uuid.uuid4(), row[0], word, reason),
            )
        connection.execute("SELECT assign_number(%s)", (row[0],))
        connection.commit()


def test_a_document_without_act_and_number_cannot_stay(house: House) -> None:
    with pytest.raises(psycopg.Error, match="number_missing"):
        house.sql(
            "sales",
            "INSERT INTO document (kind, party_id) VALUES ('sales_order', %(party)s)",
            party=house.shop.customer,
        )


def test_lines_of_a_posted_document_are_frozen(house: House) -> None:
    for statement in (
        "UPDATE document_line SET qty = 1",
        "DELETE FROM document_line",
        "UPDATE purchase_line_price SET unit_price = 1, net = 50, gross = 50",
        "UPDATE document SET remark = 'changed'",
    ):
        with pytest.raises(psycopg.Error, match=r"not_editable|permission denied|append_only"):
            house.sql("owner", statement)


def test_the_storekeeper_reads_no_price_and_no_cost(house: House) -> None:
    for table in (
        "purchase_line_price",
        "sales_line_price",
        "item_purchase_price",
        "item_sales_price",
        "item_cost",
        "move_cost",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            house.sql("storekeeper", f"SELECT * FROM {table}")


def test_a_counter_reads_no_balance_by_any_road(house: House) -> None:
    for source in (
        "stock_balance",
        "stock_move",
        "document_line",
        "document",
        "act",
        "reservation",
        "count_result",
        "count_entry",
        "stock_available(ARRAY[1]::bigint[])",
        "line_done(1, 'post')",
        "ledger_differences()",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            house.sql("counter", f"SELECT * FROM {source}")


def test_a_balance_cannot_be_driven_negative_even_with_an_act(house: House) -> None:
    with pytest.raises(psycopg.Error, match="stock_short") as refused:
        _issue(house, Decimal(51))
    assert '"item": "HINGE"' in (refused.value.diag.message_detail or "")


def _issue(house: House, qty: Decimal) -> None:
    """Write stock off by plain SQL as the owner: an allowed act, too much of it."""
    with psycopg.connect(house.database.dsn("owner")) as connection:
        document = connection.execute(
            "INSERT INTO document (kind, warehouse_id) VALUES ('other_issue', %s) RETURNING id",
            (house.shop.warehouse,),
        ).fetchone()[0]
        line = connection.execute(
            "INSERT INTO document_line (document_id, line_no, item_id, qty) VALUES (%s, 1, %s, %s)"
            " RETURNING id",
            (document, house.item, qty),
        ).fetchone()[0]
        connection.execute(
            "INSERT INTO act (uuid, document_id, verb) VALUES (%s, %s, 'create')",
            (uuid.uuid4(), document),
        )
        act = connection.execute(
            "INSERT INTO act (uuid, document_id, verb, reason) VALUES (%s, %s, 'post', 'x')"
            " RETURNING id",
            (uuid.uuid4(), document),
        ).fetchone()[0]
        connection.execute(
            "INSERT INTO stock_move (act_id, line_id, item_id, from_location_id, to_location_id, qty)"
            " SELECT %s, %s, %s, %s, id, %s FROM location WHERE code = 'SCRAP'",
            (act, line, house.item, house.shop.bins["A-01"], qty),
        )
