"""A document service that lives in memory, and a document type to try the page with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from desktop_app.core.errors import StaleDocument
from desktop_app.domain.document_type import NEW, DocumentType, Editor, Field, Store, Transition
from desktop_app.domain.scan_codes import ScanResult
from desktop_app.views.base.page_services import DocumentServices

ORDER = DocumentType(
    kind="purchase_order",
    title="Purchase order",
    plural="Purchase orders",
    prefix="CGD",
    area="purchase",
    write_permission="purchase.write",
    price_side="sales",
    head_fields=(
        Field("party_id", "Supplier", Editor.PARTY, required=True),
        Field("warehouse_id", "Warehouse", Editor.WAREHOUSE, required=True),
        Field("doc_date", "Date", Editor.DATE),
        Field("due_date", "Due date", Editor.DATE),
        Field("reference", "Their number"),
        Field("remark", "Remark"),
    ),
    line_fields=(
        Field("item_id", "Item", Editor.ITEM, Store.LINE, required=True, width=18),
        Field("qty", "Quantity", Editor.QUANTITY, Store.LINE, required=True, width=10, total=True),
        Field(
            "unit_price", "Price", Editor.PRICE, Store.PRICE, width=10, permission="purchase.price"
        ),
        Field(
            "gross",
            "Amount",
            Editor.MONEY,
            Store.PRICE,
            width=12,
            total=True,
            permission="purchase.price",
        ),
        Field("remark", "Remark", Editor.TEXT, Store.LINE, width=18),
    ),
    transitions=(
        Transition("create", "Save", (NEW,), "draft", "purchase.write", button=False),
        Transition(
            "approve",
            "Approve",
            ("draft",),
            "approved",
            "purchase.approve",
            key="F8",
            done="Approved",
        ),
        Transition(
            "ship", "Ship", ("approved",), "part", "stock.ship", evidence=("exit_code", "waybill")
        ),
        Transition("void", "Void", ("draft",), "void", "purchase.write", requires_reason=True),
    ),
    progress=(("receive", "Received"),),
    complete_verb="receive",
)


@dataclass(frozen=True)
class Hit:
    kind: str
    id: int
    title: str
    subtitle: str = ""
    code: str = ""
    qty: Decimal = Decimal(1)


ITEMS = (
    Hit("item", 11, "A-100  不锈钢合页 镀镍", "60×40", "6901234500011"),
    Hit("item", 12, "A-200  Wooden train set", "12 parts", "6901234500028"),
    Hit("item", 13, "B-300  不锈钢合页 哑光", "60×40", "6901234500035"),
)
PLACES = (
    Hit("party", 21, "苏州小天鹅玩具有限公司", "C001"),
    Hit("party", 22, "Green Gables", "C002"),
    Hit("warehouse", 1, "Main", "WH1"),
    Hit("warehouse", 2, "North", "WH2"),
)


@dataclass(frozen=True)
class Stock:
    on_hand: Decimal
    available: Decimal


@dataclass(frozen=True)
class LastPrice:
    price: Decimal
    number: str
    date: date


@dataclass(frozen=True)
class Draft:
    kind: str
    head: dict[str, Any]
    lines: tuple[dict[str, Any], ...] = ()
    origin_id: int | None = None
    uuid: Any = None
    confirmed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Command:
    document_id: int
    verb: str
    version: int
    entries: tuple[Any, ...] = ()
    evidence: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    uuid: Any = None
    confirmed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ref:
    id: int
    number: str
    state: str
    version: int


@dataclass(frozen=True)
class Act:
    id: int
    verb: str
    actor: str
    workstation: str
    at: datetime
    reason: str = ""
    evidence: Any = field(default_factory=dict)


@dataclass(frozen=True)
class Link:
    document_id: int
    kind: str
    number: str
    state: str
    relation: str


@dataclass(frozen=True)
class Hold:
    line_no: int
    item_code: str
    qty: Decimal
    until: date | None
    reason: str


@dataclass(frozen=True)
class View:
    id: int
    kind: str
    number: str
    state: str
    version: int
    head: dict[str, Any]
    lines: list[dict[str, Any]]
    acts: list[Act]
    links: list[Link] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    moved_stock: bool = False


AT = datetime(2026, 1, 5, 6, 3, tzinfo=UTC)


class FakeDocuments:
    """Keeps views by id; ``refuse`` is raised by the next change."""

    def __init__(self) -> None:
        self.views: dict[int, View] = {}
        self.drafts: list[Draft] = []
        self.commands: list[Command] = []
        self.refuse: list[Exception] = []

    def services(self, **changes: Any) -> DocumentServices:
        found = DocumentServices(
            get_view=self.get_view,
            create=self.create,
            save=self.save,
            step_service=lambda _kind, _verb: self.act,
            derive=self.derive,
            draft=Draft,
            command=Command,
            line_stock=self.line_stock,
            last_prices=self.last_prices,
            search=self.search,
            resolve=self.resolve,
        )
        return replace(found, **changes)

    def get_view(self, _uow: Any, document_id: int) -> View:
        return self.views[document_id]

    def create(self, _uow: Any, draft: Draft) -> Ref:
        self.drafts.append(draft)
        self._maybe_refuse()
        return self._keep(len(self.views) + 1, 1, "draft", draft, "create")

    def save(self, _uow: Any, document_id: int, version: int, draft: Draft) -> Ref:
        self.drafts.append(draft)
        self._maybe_refuse()
        if self.views[document_id].version != version:
            raise StaleDocument("{number} was changed", number="CGD-20260105-0001")
        return self._keep(document_id, version + 1, "draft", draft, "save")

    def act(self, _uow: Any, command: Command) -> Ref:
        self.commands.append(command)
        self._maybe_refuse()
        step = ORDER.transition(command.verb)
        assert step is not None
        old = self.views[command.document_id]
        act = Act(len(old.acts) + 1, step.verb, "li", "PC-02", AT, command.reason, command.evidence)
        new = replace(
            old,
            state=step.target,
            version=old.version + 1,
            acts=[*old.acts, act],
            moved_stock=step.verb == "ship",
        )
        self.views[old.id] = new
        return Ref(new.id, new.number, new.state, new.version)

    def derive(self, _uow: Any, document_type: DocumentType, origin_id: int) -> Draft:
        origin = self.views[origin_id]
        lines = [{**line, "id": None, "origin_line_id": line["id"]} for line in origin.lines]
        return Draft(document_type.kind, dict(origin.head), tuple(lines), origin_id)

    def line_stock(self, _uow: Any, items: Any, _warehouse: Any) -> dict[int, Stock]:
        return {item: Stock(Decimal(120), Decimal(8)) for item in items}

    def last_prices(self, _uow: Any, _kind: str, _party: int, items: Any) -> dict[int, LastPrice]:
        return {
            item: LastPrice(Decimal("12.5"), "XSD-20251230-0004", date(2025, 12, 30))
            for item in items
        }

    def search(
        self, _uow: Any, text: str, *, kinds: tuple[str, ...], limit: int
    ) -> tuple[Hit, ...]:
        wanted = text.lower()
        return tuple(
            hit
            for hit in (*ITEMS, *PLACES)
            if hit.kind in kinds and wanted in f"{hit.title} {hit.subtitle} {hit.code}".lower()
        )[:limit]

    def resolve(self, _uow: Any, scan: ScanResult) -> Hit | None:
        return next((hit for hit in ITEMS if hit.code == scan.text), None)

    def _maybe_refuse(self) -> None:
        if self.refuse:
            raise self.refuse.pop(0)

    def _keep(self, key: int, version: int, state: str, draft: Draft, verb: str) -> Ref:
        titles = {hit.id: hit for hit in (*ITEMS, *PLACES)}
        head = dict(draft.head)
        for name in ("party", "warehouse"):
            if head.get(f"{name}_id"):
                head[f"{name}_name"] = titles[head[f"{name}_id"]].title
        lines = [
            {
                **line,
                "id": key * 100 + n,
                "line_no": n,
                "done": {"receive": Decimal(2)},
                "item_code": titles[line["item_id"]].title.split()[0],
                "item_name": titles[line["item_id"]].title.split(None, 1)[1],
            }
            for n, line in enumerate(draft.lines, start=1)
        ]
        number = f"CGD-20260105-{key:04d}"
        before = self.views[key].acts if key in self.views else []
        acts = [*before, Act(len(before) + 1, verb, "li", "PC-01", AT)]
        self.views[key] = View(key, draft.kind, number, state, version, head, lines, acts)
        return Ref(key, number, state, version)
