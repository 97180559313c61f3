"""Material of an order that makes something: issued by scan, put back by scan.

The same for a work order (into production) and an outsourcing order (to the
subcontractor's place): the document type says where the goods go.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.posting import ActEntry, DocumentSnapshot, LineSnapshot
from desktop_app.domain.quantities import format_quantity
from desktop_app.queries.snapshots import get_snapshot
from desktop_app.services import bills_of_material, documents, goods_by_scan
from desktop_app.services.documents import ActCommand, DocumentRef, Draft


@dataclass(frozen=True)
class NewOrder:
    """What is to be made. ``bom_id`` None takes the active version of the product's BOM.

    ``party_id`` is the subcontractor of an outsourcing order.
    """

    item_id: int
    qty: Decimal
    warehouse_id: int
    bom_id: int | None = None
    due_date: date | None = None
    party_id: int | None = None
    remark: str = ""
    uuid: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Handling:
    """Goods of one component scanned at a place.

    ``qty`` may be typed in any unit; None means what the code says, else what is still open.
    ``reason`` is needed to issue more than planned.
    """

    order_id: int
    goods: str
    place: str
    qty: goods_by_scan.Typed = None
    lot: str = ""
    reason: str = ""
    uuid: UUID = field(default_factory=uuid4)


def create_order(uow: UnitOfWork, kind: str, order: NewOrder) -> DocumentRef:
    """Write an order of ``kind`` with its component lines by BOM, loss included.

    Raises InvalidInput, NotFound when the product has no BOM.
    """
    return documents.create(uow, order_draft(uow, kind, order))


def order_draft(uow: UnitOfWork, kind: str, order: NewOrder) -> Draft:
    """The draft of an order: the product line and one line per component."""
    if not order.qty.is_finite() or order.qty <= 0:
        raise InvalidInput(
            (FieldProblem("output_qty", Message(N_("The quantity must be above zero."))),)
        )
    if order.bom_id is not None and order.item_id != uow.scalar(
        "SELECT item_id FROM bom WHERE id = %s", (order.bom_id,)
    ):
        raise InvalidInput(
            (FieldProblem("bom_id", Message(N_("This BOM version makes another product."))),)
        )
    needs = bills_of_material.direct_needs(uow, order.item_id, order.qty, order.bom_id)
    bom_id = order.bom_id or uow.scalar(
        "SELECT id FROM bom WHERE item_id = %s AND is_active ORDER BY id DESC LIMIT 1",
        (order.item_id,),
    )
    head = {
        "output_item_id": order.item_id,
        "output_qty": order.qty,
        "bom_id": bom_id,
        "warehouse_id": order.warehouse_id,
        "due_date": order.due_date,
        "party_id": order.party_id,
        "remark": order.remark,
    }
    lines = (
        {"role": "output", "item_id": order.item_id, "qty": order.qty},
        *(
            {"role": "component", "item_id": need.item_id, "qty": need.qty}
            for need in needs
            if need.qty > 0
        ),
    )
    return Draft(kind, head, lines, uuid=order.uuid)


def issue(uow: UnitOfWork, handling: Handling) -> DocumentRef:
    """Take goods from a bin for the order.

    Raises InvalidInput at place, goods, qty, lot or reason; InsufficientStock when they are
    not there or held for somebody.
    """
    order = get_snapshot(uow, handling.order_id)
    again = documents.result_of(uow, handling.uuid)
    if again is not None:
        return again
    uow.attempt = (order.id, "issue")
    documents.step_of(order, "issue")
    place = goods_by_scan.find_place(uow, handling.place, order.warehouse_id)
    goods = goods_by_scan.find_goods(uow, handling.goods)
    line = goods_by_scan.line_for(order, goods, "component")
    still_open = line.qty - line.done_by("issue") + line.done_by("return_material")
    qty = goods_by_scan.check_quantity(
        goods, goods_by_scan.quantity(goods, handling.qty, still_open)
    )
    if qty > still_open:
        goods_by_scan.need_reason(
            handling.reason,
            N_(
                "{item}: {planned} planned, {issued} issued; {qty} more is too much. Give a reason."
            ),
            item=goods.code,
            planned=format_quantity(line.qty),
            issued=format_quantity(line.qty - still_open),
            qty=format_quantity(qty),
        )
    lot = goods_by_scan.choose_lot(
        goods, goods_by_scan.lots_at(uow, goods.item_id, place), handling.lot
    )
    return _take(uow, order, "issue", ActEntry(line.id, qty, lot, from_location_id=place), handling)


def put_back(uow: UnitOfWork, handling: Handling) -> DocumentRef:
    """Bring material that was not used back to a bin or dock.

    Raises InvalidInput at place, goods, qty or lot.
    """
    order = get_snapshot(uow, handling.order_id)
    again = documents.result_of(uow, handling.uuid)
    if again is not None:
        return again
    uow.attempt = (order.id, "return_material")
    documents.step_of(order, "return_material")
    place = goods_by_scan.find_place(uow, handling.place, order.warehouse_id)
    goods = goods_by_scan.find_goods(uow, handling.goods)
    line = goods_by_scan.line_for(order, goods, "component")
    lot, there = _lot_there(uow, order, line, goods, handling.lot)
    qty = goods_by_scan.check_quantity(goods, goods_by_scan.quantity(goods, handling.qty, there))
    return _take(
        uow, order, "return_material", ActEntry(line.id, qty, lot, to_location_id=place), handling
    )


def _lot_there(
    uow: UnitOfWork,
    order: DocumentSnapshot,
    line: LineSnapshot,
    goods: goods_by_scan.Handled,
    typed: str,
) -> tuple[int, Decimal]:
    """The lot meant and how much of it lies in production or at the subcontractor."""
    lots = (
        goods_by_scan.lots_between(uow, order.id, line.id)
        if order.kind == "work_order"
        else goods_by_scan.lots_at(uow, goods.item_id, order.places["subcontractor"])
    )
    lot_id = goods_by_scan.choose_lot(goods, lots, typed)
    return lot_id, next((lot.qty for lot in lots if lot.lot_id == lot_id), Decimal(0))


def _take(
    uow: UnitOfWork, order: DocumentSnapshot, verb: str, entry: ActEntry, handling: Handling
) -> DocumentRef:
    documents.take_step(
        uow,
        order,
        ActCommand(
            order.id,
            verb,
            entries=(entry,),
            reason=handling.reason,
            uuid=handling.uuid,
            evidence={
                "scans": [handling.place, handling.goods],
                **({"typed": handling.qty} if isinstance(handling.qty, str) else {}),
            },
        ),
    )
    return documents.finish(uow, order.id)
