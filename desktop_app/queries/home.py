"""What needs a person now: each task is a list, and its number counts that very list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import STATE_TITLES, Editor
from desktop_app.queries.listing import Column, ListSpec, person_name
from desktop_app.queries.missing_parameters import MISSING
from desktop_app.queries.stock import row_key

TREND_COUNTS = 12
_TO_SHIP = "('approved', 'picking', 'part')"


@dataclass(frozen=True)
class Task:
    """One card: ``count`` things of this sort; ``opens`` is (page id, parameters).

    ``tone`` is wrong, warning or info.
    """

    id: str
    title: str
    count: int
    tone: str
    opens: tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class HomeOverview:
    """``accuracy``: per posted count, oldest first, records without difference ÷ records."""

    tasks: tuple[Task, ...] = ()
    accuracy: tuple[tuple[date, Decimal], ...] = ()


@dataclass(frozen=True)
class TaskList:
    """A task as data: the list behind it."""

    id: str
    tone: str
    spec: ListSpec = field(repr=False)


def _documents(
    name: str,
    title: str,
    where: str,
    *,
    source: str = "",
    extra: tuple[Column, ...] = (),
    topics: tuple[str, ...] = (),
) -> ListSpec:
    return ListSpec(
        id=f"list:{name}",
        title=title,
        columns=(
            Column("number", N_("Number"), "d.number", width=20, never_null=True),
            Column("kind", N_("Document"), "d.kind", Editor.CHOICE, width=18),
            Column("state", N_("State"), "d.state", Editor.CHOICE, width=12, labels=STATE_TITLES),
            Column("party", N_("Partner"), "p.name", width=26),
            Column("warehouse", N_("Warehouse"), "w.name", width=14),
            *extra,
            Column("created_by", N_("Written by"), person_name("d.created_by"), width=12),
            Column(
                "created_at",
                N_("Written at"),
                "d.created_at",
                Editor.TIMESTAMP,
                width=16,
                never_null=True,
            ),
            Column("remark", N_("Remark"), "d.remark", width=24),
        ),
        source="document d LEFT JOIN party p ON p.id = d.party_id"
        f" LEFT JOIN warehouse w ON w.id = d.warehouse_id{source}",
        key="d.id",
        opens="document",
        search=("d.number", "p.search_text", "d.remark"),
        topics=topics,
        where=where,
        permission="stock.read",
    )


LATE = _documents(
    "late_shipments",
    N_("Waiting to ship for more than 48 hours"),
    # An order for later waits from the day it is due: sql/85_parties_places, late_orders().
    f"d.kind = 'sales_order' AND d.state IN {_TO_SHIP}"
    " AND greatest(d.created_at, d.due_date::timestamptz) < now() - interval '48 hours'",
    extra=(Column("due_date", N_("Due date"), "d.due_date", Editor.DATE, width=11),),
    topics=("document:sales_order",),
)
FROZEN_CUSTOMERS = ListSpec(
    id="list:frozen_customers",
    title=N_("Customers whose new orders are frozen"),
    columns=(
        Column("code", N_("Code"), "p.code", width=12, never_null=True),
        Column("name", N_("Name"), "p.name", width=30),
        Column(
            "why",
            N_("Late orders, or the reason"),
            "CASE WHEN p.orders_frozen_reason LIKE 'late:%%' THEN substr(p.orders_frozen_reason, 6)"
            " ELSE p.orders_frozen_reason END",
            width=44,
        ),
        Column(
            "since",
            N_("Since"),
            "(SELECT max(f.at) FROM customer_freeze f WHERE f.party_id = p.id AND f.frozen)",
            Editor.TIMESTAMP,
            width=16,
        ),
        Column("contact", N_("Contact"), "p.contact", width=12),
        Column("phone", N_("Phone"), "p.phone", width=16),
    ),
    source="party p",
    key="p.id",
    opens="party",
    search=("p.search_text",),
    topics=("party",),
    sort="code",
    where="p.orders_frozen_reason <> ''",
    permission="stock.read",
)
FROZEN = _documents(
    "frozen_documents",
    N_("Frozen documents"),
    "d.kind = ANY (ARRAY(SELECT t.kind FROM transition t WHERE t.to_state = 'frozen'))"
    " AND d.state = 'frozen'",
    topics=("document:outsourcing_receipt",),
)
DISPUTES = _documents(
    "disputes",
    N_("Differences in transit"),
    "d.kind = 'transfer' AND d.state = 'disputed'",
    topics=("document:transfer",),
)
LOCKS = _documents(
    "expired_locks",
    N_("Stock held past its end date"),
    "d.id IN (SELECT l.document_id FROM reservation r JOIN document_line l ON l.id = r.line_id"
    " WHERE r.qty_open > 0 AND r.until < now())",
    source=" LEFT JOIN sales_order s ON s.document_id = d.id",
    extra=(Column("lock_until", N_("Held until"), "s.lock_until", Editor.DATE, width=11),),
    topics=("document:sales_order", "reservation"),
)
MY_DRAFTS = _documents(
    "my_drafts",
    N_("My drafts"),
    "d.kind = ANY (ARRAY(SELECT k.kind FROM document_kind k)) AND d.state = 'draft'"
    " AND d.created_by = session_user",
)
OPEN_COUNTS = _documents(
    "open_counts",
    N_("Open counts"),
    "d.kind = 'stock_count' AND d.state IN ('counting', 'recount', 'review')",
    topics=("document:stock_count",),
)
# How much of an item may be promised to a customer, in all warehouses together.
_SELLABLE = (
    "(SELECT coalesce(sum(b.on_hand), 0) FROM stock_balance b JOIN location l ON l.id = b.location_id"
    " JOIN lot o ON o.id = b.lot_id WHERE b.item_id = i.id AND l.kind IN ('bin','receiving','staging')"
    " AND NOT o.held AND (o.expires_at IS NULL OR o.expires_at > now()))"
)
LOW_STOCK = ListSpec(
    id="list:low_stock",
    title=N_("Items below their safety stock"),
    columns=(
        Column("code", N_("Item code"), "i.code", width=16, never_null=True),
        Column("name", N_("Name"), "i.name", width=34),
        Column("spec", N_("Specification"), "i.spec", width=18),
        Column("sellable", N_("On hand"), _SELLABLE, Editor.QUANTITY, width=12),
        Column("safety_stock", N_("Safety stock"), "i.safety_stock", Editor.QUANTITY, width=12),
        Column("uom", N_("Unit"), "i.uom", width=7),
    ),
    source="item i",
    key="i.id",
    opens="why",
    search=("i.search_text",),
    topics=("item", "stock"),
    sort="code",
    where=f"i.is_active AND i.safety_stock > 0 AND {_SELLABLE} < i.safety_stock",
    permission="stock.read",
)
EXPIRING = ListSpec(
    id="list:expiring",
    title=N_("Batches that expire within 30 days"),
    columns=(
        Column("lot", N_("Lot"), "o.code", width=16),
        Column("item_code", N_("Item code"), "i.code", width=16),
        Column("item_name", N_("Name"), "i.name", width=30),
        Column("expires_at", N_("Expires"), "o.expires_at", Editor.TIMESTAMP, width=16),
        Column(
            "on_hand",
            N_("On hand"),
            "(SELECT sum(b.on_hand) FROM stock_balance b WHERE b.item_id = o.item_id"
            " AND b.lot_id = o.id)",
            Editor.QUANTITY,
            width=12,
        ),
        Column("uom", N_("Unit"), "i.uom", width=7),
    ),
    source="lot o JOIN item i ON i.id = o.item_id",
    # Item and lot in one key, as the page behind it takes them (views/trace).
    key=row_key("o.item_id", "0", "o.id"),
    opens="why",
    search=("o.code", "i.search_text"),
    topics=("stock",),
    sort="expires_at",
    where="o.expires_at < now() + interval '30 days' AND EXISTS (SELECT 1 FROM stock_balance b"
    " WHERE b.item_id = o.item_id AND b.lot_id = o.id AND b.on_hand > 0)",
    permission="stock.read",
)

TASKS: tuple[TaskList, ...] = (
    TaskList("late_shipments", "wrong", LATE),
    TaskList("frozen_customers", "wrong", FROZEN_CUSTOMERS),
    TaskList("frozen_documents", "wrong", FROZEN),
    TaskList("disputes", "wrong", DISPUTES),
    TaskList("expired_locks", "warning", LOCKS),
    TaskList("low_stock", "warning", LOW_STOCK),
    TaskList("expiring_lots", "warning", EXPIRING),
    TaskList("missing_parameters", "warning", MISSING),
    TaskList("my_drafts", "info", MY_DRAFTS),
    TaskList("open_counts", "info", OPEN_COUNTS),
)
TASK_LISTS: tuple[ListSpec, ...] = tuple(task.spec for task in TASKS)

_ACCURACY = """
SELECT r.at, r.rate FROM (
  SELECT d.id, d.doc_date AS at,
         round(avg(CASE WHEN c.book_qty = c.counted_qty THEN 1 ELSE 0 END), 4) AS rate
  FROM (SELECT id, doc_date FROM document WHERE kind = 'stock_count' AND state = 'posted'
        ORDER BY id DESC LIMIT %s) d
  JOIN count_result c ON c.document_id = d.id GROUP BY d.id, d.doc_date) r ORDER BY r.id
"""


def overview(uow: UnitOfWork) -> HomeOverview:
    """Tasks and the accuracy trend, in two statements. What a login may not read is left out.

    A blind counter sees only how many counts wait for entries.
    """
    if not uow.scalar("SELECT has_table_privilege('document', 'SELECT')"):
        return HomeOverview(_counter_tasks(uow))
    counted = " UNION ALL ".join(
        f"SELECT {number}, (SELECT count(*) FROM {task.spec.source} WHERE {task.spec.where})"
        for number, task in enumerate(TASKS)
    )
    counts: dict[int, int] = dict(uow.execute(counted).fetchall())
    tasks = tuple(
        Task(task.id, task.spec.title, counts[number], task.tone, (task.spec.id, {}))
        for number, task in enumerate(TASKS)
    )
    return HomeOverview(tasks, tuple(uow.execute(_ACCURACY, (TREND_COUNTS,)).fetchall()))


def _counter_tasks(uow: UnitOfWork) -> tuple[Task, ...]:
    if not uow.scalar("SELECT has_table_privilege('count_task', 'SELECT')"):
        return ()
    waiting = uow.scalar("SELECT count(DISTINCT document_id) FROM count_task")
    return (Task("open_counts", OPEN_COUNTS.title, waiting, "info", ("count:enter", {})),)
