"""A warehouse's life made of random steps through the real services, for property tests.

A step that the present stock does not allow is left out, so that any list of steps is a life.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from desktop_app.core.errors import InsufficientStock
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.posting import ActEntry
from desktop_app.services import counting, documents, reversal
from tests import factories

BINS = ("A-01", "A-02", "A-03")
VERBS = ("receive", "open", "move", "scrap", "found", "ship", "give_back", "make", "count", "undo")

Step = tuple[str, int, int, int, int]
"""Verb, item number, quantity, bin number, price in cents."""

steps: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(
        st.sampled_from(VERBS),
        st.integers(0, 1),
        st.integers(1, 60),
        st.integers(0, len(BINS) - 1),
        st.integers(0, 999),
    ),
    min_size=4,
    max_size=14,
)


def cents_are_odd(price: Decimal) -> bool:
    """A coin to toss: whether small differences are left as they are."""
    return int(price * 100) % 2 == 1


@dataclass
class Life:
    """One shop with two raw items and a product."""

    uow: UnitOfWork
    shop: factories.Shop = field(init=False)
    items: list[int] = field(init=False)
    product: int = field(init=False)
    posted: list[documents.DocumentRef] = field(default_factory=list)
    shipped: list[list[Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shop = factories.make_shop(self.uow)
        self.items = [factories.make_item(self.uow), factories.make_item(self.uow)]
        self.product = factories.make_item(self.uow)

    def live(self, step: Step) -> bool:
        """Do one step; False when the stock does not allow it."""
        verb, number, qty, place, cents = step
        item, wanted = self.items[number], Decimal(qty)
        here = self.shop.bins[BINS[place]]
        if verb in ("move", "scrap", "ship", "make", "count"):
            there = factories.on_hand(self.uow, item, here)
            if there == 0:
                return False
            wanted = min(wanted, there)
        return bool(getattr(self, verb)(item, wanted, place, Decimal(cents) / 100))

    def receive(self, item: int, qty: Decimal, place: int, price: Decimal) -> bool:
        """Goods from the supplier at a price."""
        line = {
            "item_id": item,
            "qty": qty,
            "unit_price": price,
            "to_location_id": self.shop.bins[BINS[place]],
        }
        return self._post("purchase_receipt", "receive", line, party_id=self.shop.supplier)

    def open(self, item: int, qty: Decimal, place: int, price: Decimal) -> bool:
        """Opening stock at a price."""
        self.posted.append(
            factories.stock_up(self.uow, self.shop, item, qty, BINS[place], price=price)
        )
        return True

    def move(self, item: int, qty: Decimal, place: int, _price: Decimal) -> bool:
        """From one bin to the next."""
        target = self.shop.bins[BINS[(place + 1) % len(BINS)]]
        line = {
            "item_id": item,
            "qty": qty,
            "location_id": self.shop.bins[BINS[place]],
            "to_location_id": target,
        }
        return self._post("bin_move", "move", line)

    def scrap(self, item: int, qty: Decimal, place: int, _price: Decimal) -> bool:
        """Written off."""
        line = {"item_id": item, "qty": qty, "location_id": self.shop.bins[BINS[place]]}
        return self._post("other_issue", "post", line)

    def found(self, item: int, qty: Decimal, place: int, _price: Decimal) -> bool:
        """Turned up."""
        line = {"item_id": item, "qty": qty, "to_location_id": self.shop.bins[BINS[place]]}
        return self._post("other_receipt", "post", line)

    def ship(self, item: int, qty: Decimal, place: int, _price: Decimal) -> bool:
        """Picked, verified and out of the door."""
        draft = documents.Draft(
            "shipment",
            {"party_id": self.shop.customer, "warehouse_id": self.shop.warehouse},
            ({"item_id": item, "qty": qty, "location_id": self.shop.bins[BINS[place]]},),
        )
        ref = documents.create(self.uow, draft)
        line = self._line(ref.id)
        entry = ActEntry(line, qty)
        out = {"exit_code": self.shop.exit_code, "waybill": "SF1"}
        for verb, entries, evidence in (
            ("pick", (entry,), {"scans": "1"}),
            ("pick_rest", (), {}),
            ("verify", (), {"scans": []}),
            ("ship", (entry,), out),
        ):
            ref = documents.act(
                self.uow, documents.ActCommand(ref.id, verb, entries=entries, evidence=evidence)
            )
        self.posted.append(ref)
        self.shipped.append([line, item, qty])
        return True

    def give_back(self, item: int, qty: Decimal, place: int, _price: Decimal) -> bool:
        """A customer brings goods back: of a shipment when there was one."""
        sent = next((s for s in self.shipped if s[1] == item and s[2] > 0), [None, item, qty])
        qty = min(qty, sent[2])
        sent[2] -= qty
        line = {
            "item_id": item,
            "qty": qty,
            "origin_line_id": sent[0],
            "to_location_id": self.shop.bins[BINS[place]],
        }
        return self._post("sales_return", "receive_back", line, party_id=self.shop.customer)

    def make(self, item: int, qty: Decimal, place: int, _price: Decimal) -> bool:
        """Components become two pieces of product."""
        here = self.shop.bins[BINS[place]]
        draft = documents.Draft(
            "work_order",
            {
                "warehouse_id": self.shop.warehouse,
                "output_item_id": self.product,
                "output_qty": Decimal(2),
            },
            (
                {"item_id": self.product, "qty": Decimal(2), "role": "output"},
                {"item_id": item, "qty": qty, "role": "component"},
            ),
        )
        ref = documents.create_and_act(self.uow, draft, documents.ActCommand(0, "release"))
        output, component = self._lines(ref.id)
        places = dict(
            self.uow.execute(
                "SELECT code, id FROM location WHERE code IN ('PRODUCTION', 'PROCESS')"
            ).fetchall()
        )
        documents.act(
            self.uow,
            documents.ActCommand(
                ref.id,
                "issue",
                evidence={"scans": "1"},
                entries=(ActEntry(component, qty, from_location_id=here),),
            ),
        )
        documents.act(
            self.uow,
            documents.ActCommand(
                ref.id,
                "complete",
                entries=(
                    ActEntry(
                        output, Decimal(2), from_location_id=places["PROCESS"], to_location_id=here
                    ),
                    ActEntry(
                        component,
                        qty,
                        from_location_id=places["PRODUCTION"],
                        to_location_id=places["PROCESS"],
                    ),
                ),
            ),
        )
        return True

    def count(self, item: int, qty: Decimal, place: int, price: Decimal) -> bool:
        """An open count of one bin finds ``qty``; goods move before it is approved."""
        here = self.shop.bins[BINS[place]]
        draft = documents.Draft(
            "stock_count",
            {"warehouse_id": self.shop.warehouse, "blind": False},
            ({"item_id": item, "qty": Decimal(0), "location_id": here},),
        )
        ref = documents.create_and_act(self.uow, draft, documents.ActCommand(0, "start"))
        line = self._line(ref.id)
        counting.enter(self.uow, counting.CountEntry(line, 1, qty))
        self.receive(item, Decimal(3), place, Decimal(1))
        counting.compare(self.uow, counting.CompareCount(ref.id))
        counting.set_cause(self.uow, line, "UNREG_OUT")
        counting.approve(self.uow, counting.ApproveCount(ref.id, leave_small=cents_are_odd(price)))
        return True

    def undo(self, _item: int, _qty: Decimal, _place: int, _price: Decimal) -> bool:
        """The newest document that still can be is reversed."""
        if not self.posted:
            return False
        ref = self.posted.pop()
        try:
            with self.uow.connection.transaction():
                reversal.reverse(self.uow, documents.ActCommand(ref.id, "reverse", reason="wrong"))
        except InsufficientStock:
            return False
        return True

    def _post(self, kind: str, verb: str, line: dict[str, Any], **head: Any) -> bool:
        draft = documents.Draft(kind, {"warehouse_id": self.shop.warehouse, **head}, (line,))
        self.posted.append(
            documents.create_and_act(self.uow, draft, documents.ActCommand(0, verb, reason="life"))
        )
        return True

    def _line(self, document_id: int) -> int:
        return self._lines(document_id)[0]

    def _lines(self, document_id: int) -> list[int]:
        rows = self.uow.execute(
            "SELECT id FROM document_line WHERE document_id = %s ORDER BY line_no", (document_id,)
        )
        return [row[0] for row in rows.fetchall()]
