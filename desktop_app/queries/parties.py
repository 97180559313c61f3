"""Partners as pages show them: the record, what is under way, what they call our goods."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from psycopg.rows import dict_row

from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.queries.records import record

ENDED = (
    "'void', 'done', 'closed', 'reversed', 'mirrored', 'shipped', 'put_away', 'posted', 'rejected',"
    " 'received'"
)
"""States after which nothing is expected of a partner any more."""


@dataclass(frozen=True)
class PartyDocument:
    """A document of a partner that is not finished."""

    id: int
    number: str
    kind: str
    state: str
    doc_date: Any = None
    due_date: Any = None


@dataclass(frozen=True)
class FreezeEvent:
    """New orders frozen (``frozen``) or released: who, where, when, why.

    ``number`` is the order that waited too long; empty when a person decided.
    """

    frozen: bool
    number: str
    reason: str
    actor: str
    workstation: str
    at: datetime


@dataclass(frozen=True)
class TheirCode:
    """What a partner calls an item of ours."""

    item_id: int
    code: str
    name: str

    @property
    def text(self) -> str:
        """Code and name in one."""
        return " ".join(part for part in (self.code, self.name) if part)


@dataclass(frozen=True)
class DeliveryAddress:
    """Where goods may go; ``main`` is the partner's own address."""

    title: str
    receiver: str
    phone: str
    address: str


_OPEN_DOCUMENTS = f"""
SELECT d.id, d.number, d.kind, d.state, d.doc_date, d.due_date FROM document d
WHERE d.party_id = %s AND d.state NOT IN ({ENDED}) AND d.number IS NOT NULL
ORDER BY d.id DESC LIMIT 50
"""
_OWN_CODES = """
SELECT p.item_id, i.code AS item_code, i.name AS item_name, p.code, p.name, p.pack_size,
       p.min_order_qty, p.lead_time_days, p.is_preferred
FROM party_item p JOIN item i ON i.id = p.item_id WHERE p.party_id = %s ORDER BY i.code
"""


def party_record(uow: UnitOfWork, party_id: int) -> dict[str, Any]:
    """A partner with ``contacts``, ``addresses`` and ``own_codes``. Raises NotFound."""
    found = record(uow, "SELECT * FROM party WHERE id = %s", party_id)
    found["contacts"] = _rows(
        uow,
        "SELECT id, name, role, phone, email, remark FROM party_contact WHERE party_id = %s"
        " ORDER BY position, id",
        party_id,
    )
    found["addresses"] = _rows(
        uow,
        "SELECT id, purpose, receiver, phone, address FROM party_address WHERE party_id = %s"
        " ORDER BY position, id",
        party_id,
    )
    found["own_codes"] = _rows(uow, _OWN_CODES, party_id)
    return found


def _rows(uow: UnitOfWork, sql: str, party_id: int) -> tuple[dict[str, Any], ...]:
    with uow.connection.cursor(row_factory=dict_row) as cursor:
        return tuple(cursor.execute(sql.encode(), (party_id,)).fetchall())


def party_documents(uow: UnitOfWork, party_id: int) -> list[PartyDocument]:
    """What is under way with a partner, the newest first."""
    return uow.all(PartyDocument, _OPEN_DOCUMENTS, (party_id,))


def freeze_log(uow: UnitOfWork, party_id: int) -> list[FreezeEvent]:
    """Every freeze and release of a customer, the newest first."""
    return uow.all(
        FreezeEvent,
        "SELECT f.frozen, coalesce(d.number, ''), f.reason, coalesce(u.display_name, f.actor),"
        " f.workstation, f.at FROM customer_freeze f LEFT JOIN document d ON d.id = f.document_id"
        " LEFT JOIN app_user u ON u.login = f.actor WHERE f.party_id = %s ORDER BY f.id DESC"
        " LIMIT 200",
        (party_id,),
    )


def frozen_reason(uow: UnitOfWork, party_id: int) -> str:
    """Why the customer's new orders are frozen, as kept; empty when they are not."""
    return str(
        uow.scalar("SELECT orders_frozen_reason FROM party WHERE id = %s", (party_id,)) or ""
    )


def open_amount(uow: UnitOfWork, party_id: int) -> Decimal | None:
    """Amount of open sales orders less deposits; None for a login that may not see prices."""
    if not uow.scalar("SELECT has_table_privilege('sales_line_price', 'SELECT')"):
        return None
    return Decimal(uow.scalar("SELECT customer_open_amount(%s)", (party_id,)))


def their_codes(uow: UnitOfWork, party_id: int, items: Iterable[int]) -> dict[int, TheirCode]:
    """Item id to what the partner calls it; items without a name of theirs are left out."""
    rows = uow.all(
        TheirCode,
        "SELECT item_id, code, name FROM party_item WHERE party_id = %s AND item_id = ANY(%s)"
        " AND (code <> '' OR name <> '')",
        (party_id, sorted(set(items))),
    )
    return {row.item_id: row for row in rows}


def delivery_addresses(uow: UnitOfWork, party_id: int) -> list[DeliveryAddress]:
    """Where goods for a customer may go: delivery addresses first, then the main one."""
    return uow.all(
        DeliveryAddress,
        "SELECT address, receiver, phone, address FROM ("
        " SELECT 0 AS rank, position, receiver, phone, address FROM party_address"
        " WHERE party_id = %(id)s AND purpose = 'delivery'"
        " UNION ALL SELECT 1, 0, contact, phone, address FROM party"
        " WHERE id = %(id)s AND address <> '') a ORDER BY rank, position",
        {"id": party_id},
    )


def carriers(uow: UnitOfWork) -> list[str]:
    """Names of the carriers, the ones used lately first."""
    rows = uow.execute(
        "SELECT p.name FROM party p LEFT JOIN (SELECT carrier, max(document_id) AS last"
        " FROM (SELECT carrier, document_id FROM shipment WHERE carrier <> ''"
        " ORDER BY document_id DESC LIMIT 500) s GROUP BY carrier) u ON u.carrier = p.name"
        " WHERE p.is_carrier AND p.is_active ORDER BY u.last DESC NULLS LAST, p.name"
    ).fetchall()
    return [name for (name,) in rows]


def price_levels(uow: UnitOfWork) -> list[tuple[str, str]]:
    """Price levels as (code, name), in their order."""
    return uow.execute("SELECT code, name FROM price_level ORDER BY position, code").fetchall()
