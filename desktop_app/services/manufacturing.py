"""生产任务单: components by scan into production, product out of it, nothing left behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4, uuid5

from desktop_app.core.errors import ConfirmationRequired
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.backflush import consumption
from desktop_app.domain.posting import ActEntry, DocumentSnapshot
from desktop_app.domain.quantities import format_quantity
from desktop_app.queries.manufacturing import MakeLine, MakeOrder, make_order
from desktop_app.queries.snapshots import get_snapshot
from desktop_app.services import documents, goods_by_scan, master_data, material
from desktop_app.services.documents import ActCommand, DocumentRef
from desktop_app.services.goods_by_scan import LotAt, wrong
from desktop_app.services.material import Handling, NewOrder

PUT_BACK = "put_back"


@dataclass(frozen=True)
class Completion:
    """Finished product. ``place`` "" is the receiving dock; ``lot`` for items kept by lot.

    ``used`` maps component lines to what was truly used, where that differs from the plan;
    such a difference, and more product than ordered, needs a ``reason``.
    """

    order_id: int
    qty: Decimal
    place: str = ""
    lot: str = ""
    expires_at: datetime | None = None
    used: Mapping[int, Decimal] = field(default_factory=dict)
    reason: str = ""
    uuid: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Scrapping:
    """Material spoilt in production; the reason is required."""

    order_id: int
    goods: str
    qty: Decimal
    reason: str
    lot: str = ""
    uuid: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Finish:
    """End of an order. ``confirmed`` holds "put_back" once the person agreed to it.

    ``reason`` is needed when less was made than ordered.
    """

    order_id: int
    reason: str = ""
    confirmed: frozenset[str] = frozenset()
    uuid: UUID = field(default_factory=uuid4)


def create_order(uow: UnitOfWork, order: NewOrder) -> DocumentRef:
    """A work order with its components by BOM. Raises InvalidInput, NotFound (no BOM)."""
    return material.create_order(uow, "work_order", order)


def release(uow: UnitOfWork, command: ActCommand) -> DocumentRef:
    """Let work begin (verb release)."""
    return documents.act(uow, command)


def issue(uow: UnitOfWork, handling: Handling) -> DocumentRef:
    """Take material from a bin into production; see :func:`services.material.issue`."""
    return material.issue(uow, handling)


def put_back(uow: UnitOfWork, handling: Handling) -> DocumentRef:
    """Bring unused material back; see :func:`services.material.put_back`."""
    return material.put_back(uow, handling)


def complete(uow: UnitOfWork, completion: Completion) -> DocumentRef:
    """Report product: components are used up in proportion, the product appears.

    Raises InvalidInput at qty, lot, place or reason, and at ``used`` when more of a
    component would be used than was issued.
    """
    order = get_snapshot(uow, completion.order_id)
    again = documents.result_of(uow, completion.uuid)
    if again is not None:
        return again
    uow.attempt = (order.id, "complete")
    documents.step_of(order, "complete")
    view = make_order(uow, order.id, propose=False)
    _check_completion(view, completion)
    place = (
        goods_by_scan.find_place(uow, completion.place, order.warehouse_id)
        if completion.place.strip()
        else order.places["receiving"]
    )
    product = ActEntry(
        view.product.line_id,
        completion.qty,
        output_lot(uow, view.product, completion.lot, completion.expires_at),
        from_location_id=order.places["process"],
        to_location_id=place,
    )
    used = _used(uow, order, view, completion)
    documents.take_step(
        uow,
        order,
        ActCommand(
            order.id,
            "complete",
            entries=(*used, product),
            reason=completion.reason,
            uuid=completion.uuid,
            evidence={"qty": str(completion.qty), "used_as_typed": sorted(completion.used)},
        ),
    )
    return documents.finish(uow, order.id)


def _check_completion(view: MakeOrder, completion: Completion) -> None:
    product = view.product
    qty = completion.qty
    if not qty.is_finite() or qty <= 0 or qty != round(qty, product.uom_decimals):
        raise wrong(
            "qty", N_("{qty} is not a quantity of {item}."), qty=str(qty), item=product.item_code
        )
    if qty > product.open:
        goods_by_scan.need_reason(
            completion.reason,
            N_("{planned} were ordered and {made} made; {qty} more is too much. Give a reason."),
            planned=format_quantity(product.planned),
            made=format_quantity(product.made),
            qty=format_quantity(qty),
        )


def output_lot(uow: UnitOfWork, product: MakeLine, lot: str, expires_at: datetime | None) -> int:
    """The lot of a product, created when new. Raises InvalidInput at ``lot``."""
    if product.tracking == "none":
        if lot.strip():
            raise wrong("lot", N_("{item} is not kept by lot."), item=product.item_code)
        return 0
    if not lot.strip():
        raise wrong("lot", N_("Give the lot of {item}."), item=product.item_code)
    return master_data.save_lot(uow, product.item_id, lot.strip().upper(), expires_at=expires_at)


def _used(
    uow: UnitOfWork, order: DocumentSnapshot, view: MakeOrder, completion: Completion
) -> list[ActEntry]:
    """What is used up of each component, from the lots that were issued first."""
    entries: list[ActEntry] = []
    product = view.product
    for line in view.components:
        planned = consumption(
            line.planned,
            product.planned,
            product.made,
            completion.qty,
            line.used,
            line.uom_decimals,
        )
        qty = completion.used.get(line.line_id, planned)
        if qty != planned:
            goods_by_scan.need_reason(
                completion.reason,
                N_("{item}: {planned} would be used by plan, {qty} were. Say why."),
                item=line.item_code,
                planned=format_quantity(planned),
                qty=format_quantity(qty),
            )
        if not 0 <= qty <= line.there:
            raise wrong(
                "used",
                N_(
                    "Line {line} {item}: {qty} are needed, {there} are in production."
                    " Issue the rest first or type what was truly used."
                ),
                line=line.line_no,
                item=line.item_code,
                qty=format_quantity(qty),
                there=format_quantity(line.there),
            )
        lots = goods_by_scan.lots_between(uow, order.id, line.line_id)
        entries += from_lots(
            line.line_id, qty, lots, order.places["production"], order.places["process"]
        )
    return entries


def from_lots(
    line_id: int, qty: Decimal, lots: Sequence[LotAt], source: int, target: int
) -> list[ActEntry]:
    """``qty`` taken from the lots in their order, one entry per lot."""
    entries = []
    for lot in lots:
        taken = min(qty, lot.qty)
        if taken > 0:
            entries.append(
                ActEntry(line_id, taken, lot.lot_id, from_location_id=source, to_location_id=target)
            )
            qty -= taken
    return entries


def scrap(uow: UnitOfWork, scrapping: Scrapping) -> DocumentRef:
    """Write off spoilt material of the order. Raises InvalidInput at goods, qty, lot, reason."""
    order = get_snapshot(uow, scrapping.order_id)
    again = documents.result_of(uow, scrapping.uuid)
    if again is not None:
        return again
    uow.attempt = (order.id, "scrap")
    documents.step_of(order, "scrap")
    goods_by_scan.need_reason(scrapping.reason, N_("Say why it is scrapped."))
    goods = goods_by_scan.find_goods(uow, scrapping.goods)
    line = goods_by_scan.line_for(order, goods, "component")
    lots = goods_by_scan.lots_between(uow, order.id, line.id)
    lot = goods_by_scan.choose_lot(goods, lots, scrapping.lot)
    qty = goods_by_scan.check_quantity(goods, scrapping.qty)
    there = sum((known.qty for known in lots if known.lot_id == lot), Decimal(0))
    if qty > there:
        raise wrong(
            "qty",
            N_("Only {there} of {item} are in production for this order."),
            there=format_quantity(there),
            item=goods.code,
        )
    documents.take_step(
        uow,
        order,
        ActCommand(
            order.id,
            "scrap",
            entries=(ActEntry(line.id, qty, lot),),
            reason=scrapping.reason,
            uuid=scrapping.uuid,
            evidence={"scan": scrapping.goods},
        ),
    )
    return documents.finish(uow, order.id)


def finish(uow: UnitOfWork, command: Finish) -> DocumentRef:
    """End the order; what is left in production goes back to the bins it came from.

    Raises ConfirmationRequired ("put_back") naming what is to be carried back, InvalidInput
    at ``reason`` when less was made than ordered.
    """
    order = get_snapshot(uow, command.order_id)
    again = documents.result_of(uow, command.uuid)
    if again is not None:
        return again
    uow.attempt = (order.id, "finish")
    documents.step_of(order, "finish")
    product = make_order(uow, order.id, propose=False).product
    if product.open > 0:
        goods_by_scan.need_reason(
            command.reason,
            N_("{made} of {planned} were made. Say why the order ends with less."),
            made=format_quantity(product.made),
            planned=format_quantity(product.planned),
        )
    _return_the_rest(uow, order, command)
    documents.take_step(
        uow,
        order,
        ActCommand(
            order.id,
            "finish_short" if product.open > 0 else "finish",
            reason=command.reason,
            uuid=command.uuid,
        ),
    )
    return documents.finish(uow, order.id)


def _return_the_rest(uow: UnitOfWork, order: DocumentSnapshot, command: Finish) -> None:
    rows = uow.execute(
        "SELECT b.line_id, b.lot_id, b.qty, i.code, came.id, came.code FROM goods_between(%s) b"
        " JOIN item i ON i.id = b.item_id JOIN LATERAL (SELECT f.id, f.code FROM stock_move m"
        "  JOIN location f ON f.id = m.from_location_id WHERE m.line_id = b.line_id"
        "  AND m.lot_id = b.lot_id AND f.kind IN ('bin', 'receiving') ORDER BY m.id DESC LIMIT 1)"
        " came ON true WHERE b.qty > 0 ORDER BY 1, 2",
        (order.id,),
    ).fetchall()
    if not rows:
        return
    if PUT_BACK not in command.confirmed:
        raise ConfirmationRequired(
            PUT_BACK,
            N_("Left in production: {rest}. Is it carried back to these bins?"),
            rest=", ".join(
                f"{format_quantity(qty)} {item} → {place}"
                for _line, _lot, qty, item, _id, place in rows
            ),
        )
    documents.take_step(
        uow,
        order,
        ActCommand(
            order.id,
            "return_material",
            uuid=uuid5(command.uuid, "rest"),
            reason=command.reason,
            entries=tuple(
                ActEntry(line, qty, lot, to_location_id=place)
                for line, lot, qty, _item, place, _code in rows
            ),
        ),
    )
