"""N9: an order that waits too long freezes its customer; credit limits; other addresses."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import psycopg
import pytest

from desktop_app.core.errors import (
    ConfirmationRequired,
    EvidenceMissing,
    PermissionDenied,
    RuleRefused,
)
from desktop_app.queries import parties as party_queries
from desktop_app.services import credit, document_steps, documents, parties
from desktop_app.services.documents import ActCommand, Draft
from tests import factories, sales_shop


def _grow_old(database: Any, days: int = 3) -> None:
    """Everything written so far was written days ago."""
    with psycopg.connect(database.dsn("postgres")) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE document SET created_at = now() - %s * interval '1 day'", (days,)
        )


def _draft(shop: Any, item: int, qty: int = 1, price: int = 10, **head: Any) -> Draft:
    line = {"item_id": item, "qty": Decimal(qty), "unit_price": Decimal(price)}
    return Draft(
        "sales_order", {"party_id": shop.customer, "warehouse_id": shop.warehouse, **head}, (line,)
    )


def test_a_late_order_freezes_its_customer_until_released_with_a_reason(database: Any) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item)
    late = database.run(documents.create, _draft(shop, item))
    _grow_old(database)
    clerk = database.as_user("sales")
    assert clerk.run(parties.freeze_late) == 1
    assert clerk.run(parties.freeze_late) == 0
    with pytest.raises(RuleRefused, match=f"48 hours: {late.number}"):
        clerk.run(documents.create, _draft(shop, item))
    # Another customer is not touched.
    other = Draft("sales_order", {"party_id": shop.customer2, "warehouse_id": shop.warehouse}, ())
    clerk.run(documents.create, other)
    with pytest.raises(EvidenceMissing):
        clerk.run(parties.release, shop.customer, " ")
    with pytest.raises(PermissionDenied):
        database.as_user("storekeeper").run(parties.release, shop.customer, "he asked")
    clerk.run(parties.release, shop.customer, "goods arrive tomorrow, customer knows")
    clerk.run(documents.create, _draft(shop, item))
    # The same order does not freeze again; a release is made once.
    assert clerk.run(parties.freeze_late) == 0
    with pytest.raises(RuleRefused, match="did that already"):
        clerk.run(parties.release, shop.customer, "again")
    log = clerk.read(party_queries.freeze_log, shop.customer)
    assert [(e.frozen, e.number, e.reason) for e in log] == [
        (False, "", "goods arrive tomorrow, customer knows"),
        (True, late.number, ""),
    ]


def test_the_next_late_order_freezes_again(database: Any) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item)
    database.run(documents.create, _draft(shop, item))
    _grow_old(database)
    database.run(parties.freeze_late)
    database.run(parties.release, shop.customer, "known")
    second = database.run(documents.create, _draft(shop, item))
    _grow_old(database)
    assert database.run(parties.freeze_late) == 1
    assert database.read(party_queries.frozen_reason, shop.customer) == f"late:{second.number}"


def test_an_order_for_next_month_is_not_late(database: Any) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item)
    due = database.run(lambda uow: uow.scalar("SELECT current_date + 30"))
    database.run(documents.create, _draft(shop, item, due_date=due))
    _grow_old(database)
    assert database.run(parties.freeze_late) == 0


def test_writing_an_order_looks_for_late_ones_itself(database: Any) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item)
    database.run(documents.create, _draft(shop, item))
    _grow_old(database)
    with pytest.raises(RuleRefused, match="new orders are frozen"):
        database.run(document_steps.create, _draft(shop, item))


def test_nobody_unfreezes_by_plain_sql(database: Any) -> None:
    shop = database.run(factories.make_shop)
    database.run(parties.freeze, shop.customer, "does not answer")
    for statement in (
        "UPDATE party SET orders_frozen_reason = ''",
        "DELETE FROM customer_freeze",
        "INSERT INTO customer_freeze (party_id, frozen) SELECT id, false FROM party",
    ):
        with pytest.raises((RuleRefused, PermissionDenied)):
            database.as_user("sales").run(lambda uow, sql=statement: uow.execute(sql))
    # Saving the partner's form leaves the freeze alone.
    database.run(
        parties.save_party, {"code": "C1", "name": "Meijia"}, party_id=shop.customer, version=2
    )
    assert database.read(party_queries.frozen_reason, shop.customer) == "does not answer"


def test_beyond_the_credit_limit_somebody_says_why(database: Any) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item)
    database.run(
        parties.save_party,
        {"code": "C1", "name": "Meijia", "credit_limit": Decimal(1000)},
        party_id=shop.customer,
        version=1,
    )
    database.run(factories.stock_up, shop, item, 100)
    clerk = database.as_user("sales")
    first = clerk.run(document_steps.create, _draft(shop, item, 90))
    clerk.run(sales_shop.deposit, first, 300)
    clerk.run(document_steps.create, _draft(shop, item, 40))
    draft = _draft(shop, item, 1)
    with pytest.raises(ConfirmationRequired) as asked:
        clerk.run(document_steps.create, draft)
    assert asked.value.needs_reason and asked.value.key == credit.KEY
    assert "1,010" in str(asked.value) and "not counted" in str(asked.value)
    # Past the service the database asks for the same.
    with pytest.raises(RuleRefused, match="credit limit"):
        clerk.run(documents.create, draft)
    agreed = Draft(
        draft.kind, draft.head, draft.lines, confirmed=(credit.KEY,), reason="pays on Friday"
    )
    order = clerk.run(document_steps.create, agreed)
    act = database.read(documents.view, order.id).acts[-1]
    assert (act.verb, act.reason, act.evidence["limit"]) == (
        "exceed_credit",
        "pays on Friday",
        "1000.00",
    )
    unsaid = Draft(draft.kind, draft.head, draft.lines, confirmed=(credit.KEY,))
    with pytest.raises(EvidenceMissing):
        clerk.run(document_steps.create, unsaid)


def test_goods_go_to_another_address_by_an_act(database: Any) -> None:
    shop = database.run(factories.make_shop)
    item = database.run(factories.make_item)
    order = database.run(documents.create, _draft(shop, item, address="South gate"))
    database.run(
        documents.act,
        ActCommand(
            order.id,
            "readdress",
            order.version,
            evidence={"address": "North gate", "receiver": "Li", "phone": "139"},
        ),
    )
    head = database.read(documents.view, order.id).head
    assert (head["address"], head["receiver"], head["phone"]) == ("North gate", "Li", "139")
