"""Stand-ins for everything below the generic pages: context, services, sample declarations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop_app.core.settings import Settings
from desktop_app.domain.document_type import Editor
from desktop_app.domain.permissions import PERMISSIONS
from desktop_app.queries.listing import Column, ListPage, ListRequest, ListSpec, ListTotals
from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.context import AppContext, CompanyInfo, CurrentUser
from desktop_app.runtime.notifier import RecordingNotifier
from desktop_app.runtime.operations import InlineOperations
from desktop_app.views.base.page_services import ListServices

ALL = frozenset(permission.code for permission in PERMISSIONS)


class DirectDatabase:
    """Calls the function with a unit of work that fakes do not look at."""

    def run(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        return function(None, *args, **kwargs)

    def read(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        return function(None, *args, **kwargs)


@dataclass
class Opened:
    """What pages asked the shell to open."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __call__(self, page_id: str, params: dict[str, Any]) -> None:
        self.calls.append((page_id, params))


def make_context(folder: Path, permissions: frozenset[str] = ALL) -> AppContext:
    return AppContext(
        operations=InlineOperations(DirectDatabase()),
        bus=ChangeBus(),
        notifier=RecordingNotifier(),
        settings=Settings.load(folder / "settings.json"),
        user=CurrentUser("li", "李芳", permissions),
        company=CompanyInfo("Demo"),
        open_page=Opened(),
    )


ORDERS = ListSpec(
    id="sales_orders",
    title="Sales orders",
    source="document",
    key="id",
    opens="document",
    columns=(
        Column("number", "Number", "number", width=20),
        Column("date", "Date", "date", Editor.DATE, width=11),
        Column("state", "State", "state", width=12),
        Column("party", "Customer", "party", width=24),
        Column("qty", "Quantity", "qty", Editor.QUANTITY, width=12, total=True),
        Column("amount", "Amount", "amount", Editor.MONEY, width=14, total=True),
        Column("note", "Note", "note", width=24),
        Column("item_id", "Item id", "item_id", Editor.INTEGER, visible=False),
    ),
    search=("number", "party"),
    topics=("document.sales_order",),
    sort="number",
    descending=True,
    document_kind="sales_order",
)
STATES = ("draft", "approved", "part", "done", "frozen", "void")
PARTIES = ("苏州小天鹅玩具有限公司", "Green Gables Gifts Ltd", "义乌市佳美日用百货商行")


class FakeOrders:
    """A list of ``count`` orders, paged by key as the real engine does."""

    def __init__(self, count: int = 250) -> None:
        self.rows = [self._row(number) for number in range(count, 0, -1)]
        self.requests: list[ListRequest] = []
        self.error: Exception | None = None
        self.exported: list[tuple[Any, ...]] = []

    def _row(self, number: int) -> tuple[Any, ...]:
        qty = Decimal(number % 40) if number % 7 else Decimal(-3)
        return (
            f"XSD-20260105-{number:04d}",
            date(2026, 1, 1 + number % 28),
            STATES[number % 6],
            PARTIES[number % 3],
            qty + Decimal("0.500"),
            qty * Decimal("12.35"),
            "加急" if number % 5 == 0 else None,
            7000 + number,
        )

    def services(self) -> ListServices:
        return ListServices(self.fetch, self.totals, self.export)

    def matching(self, request: ListRequest) -> list[tuple[int, tuple[Any, ...]]]:
        keyed = [(7000 - place, row) for place, row in enumerate(self.rows)]
        return [
            (key, row) for key, row in keyed if request.search.lower() in (row[0] + row[3]).lower()
        ]

    def fetch(self, _uow: Any, spec: ListSpec, request: ListRequest) -> ListPage:
        self.requests.append(request)
        if self.error is not None:
            raise self.error
        keyed = self.matching(request)
        if request.after is not None:
            keyed = [(key, row) for key, row in keyed if key < request.after[1]]
        page = keyed[: request.limit]
        cursor = (page[-1][1][0], page[-1][0]) if page else None
        names = tuple(column.name for column in spec.columns)
        return ListPage(names, tuple(r for _, r in page), tuple(k for k, _ in page), cursor)

    def totals(self, _uow: Any, _spec: ListSpec, request: ListRequest) -> ListTotals:
        rows = [row for _, row in self.matching(request)]
        sums = {
            "qty": sum((r[4] for r in rows), Decimal(0)),
            "amount": sum((r[5] for r in rows), Decimal(0)),
        }
        return ListTotals(len(rows), False, sums)

    def export(self, _uow: Any, *args: Any) -> None:
        self.exported.append(args)
