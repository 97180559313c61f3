"""委外: material to a subcontractor, product back over the scale.

The weight is compared with unit weight × count. What does not fit is received frozen: it
lies in the quality hold, nobody can sell or ship it, until somebody with the quality
permission accepts or rejects it with a reason. The database judges again (75_weight_gate).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4, uuid5

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.backflush import consumption
from desktop_app.domain.posting import DocumentSnapshot
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.tolerance import Tolerance, WeighingVerdict, check_weight
from desktop_app.queries.manufacturing import MakeLine, MakeOrder, make_order
from desktop_app.queries.snapshots import get_snapshot
from desktop_app.services import documents, goods_by_scan, manufacturing, material
from desktop_app.services.documents import ActCommand, DocumentRef, Draft
from desktop_app.services.goods_by_scan import wrong
from desktop_app.services.material import Handling, NewOrder

MISMATCH = N_(
    "{count} counted, but {weight} g weighs like {like} (expected {expected} g ± {allowed}"
    " g). The goods are frozen until the quality lead decides."
)


@dataclass(frozen=True)
class Return:
    """Product brought by the subcontractor: counted, and its net weight in grams typed in.

    ``used`` maps the order's component lines to what they truly used, where that differs
    from the BOM. ``reason`` is needed for more than was ordered.
    """

    order_id: int
    qty: Decimal
    weight_g: Decimal | None = None
    lot: str = ""
    expires_at: datetime | None = None
    used: Mapping[int, Decimal] = field(default_factory=dict)
    reference: str = ""
    reason: str = ""
    uuid: UUID = field(default_factory=uuid4)
    evidence: Mapping[str, Any] = field(default_factory=dict)
    """What the scale showed and what was typed (domain.weighing_record)."""


@dataclass(frozen=True)
class Returned:
    """Where a return left things. ``warning`` says why it was frozen, None when it fits."""

    receipt: DocumentRef
    order_state: str
    frozen: bool
    like_count: Decimal | None = None
    warning: Message | None = None


@dataclass(frozen=True)
class Decision:
    """What the quality lead decides on frozen goods; the reason is required."""

    receipt_id: int
    accept: bool
    reason: str
    uuid: UUID = field(default_factory=uuid4)


def create_order(uow: UnitOfWork, order: NewOrder) -> DocumentRef:
    """An outsourcing order with its material by BOM. Raises InvalidInput, NotFound."""
    return material.create_order(uow, "outsourcing_order", order)


def issue(uow: UnitOfWork, handling: Handling) -> DocumentRef:
    """Send material: from now on it is stock at the subcontractor. See services.material."""
    return material.issue(uow, handling)


def put_back(uow: UnitOfWork, handling: Handling) -> DocumentRef:
    """Material the subcontractor gives back unused. See services.material."""
    return material.put_back(uow, handling)


def receive(uow: UnitOfWork, command: Return) -> Returned:
    """Take product in: weighed and fitting it is stock, else it is frozen.

    Raises InvalidInput at qty, weight_g, lot or reason; InsufficientStock when more
    material would be used than the subcontractor has.
    """
    order = get_snapshot(uow, command.order_id)
    view = make_order(uow, order.id, propose=False)
    again = documents.result_of(uow, command.uuid)
    if again is not None:
        return Returned(again, order.state, again.state == "frozen")
    uow.attempt = (order.id, "receive")
    documents.step_of(order, "receive_part")
    _check(view, command)
    verdict = judge(uow, view.product, command)
    draft = _draft(uow, order, view, command)
    frozen = verdict is not None and not verdict.ok
    receipt = documents.create_and_act(
        uow,
        draft,
        ActCommand(
            0,
            "freeze" if frozen else "receive",
            evidence=_evidence(command, verdict),
            reason=command.reason,
            uuid=uuid5(command.uuid, "post"),
        ),
    )
    if frozen and verdict is not None:
        return Returned(receipt, order.state, True, verdict.like_count, warning(command, verdict))
    state = _tell_order(uow, order, command.uuid, receipt.number, ("receive_part", "receive_rest"))
    return Returned(receipt, state, False, verdict.like_count if verdict else None)


def judge(uow: UnitOfWork, product: MakeLine, command: Return) -> WeighingVerdict | None:
    """Does the weight fit the count? None for an item without a unit weight.

    Raises InvalidInput at ``weight_g`` when it was not weighed.
    """
    if product.unit_weight_g is None:
        return None
    if command.weight_g is None:
        raise wrong(
            "weight_g", N_("Weigh the goods: {item} has a unit weight."), item=product.item_code
        )
    if not command.weight_g.is_finite() or command.weight_g < 0:
        raise wrong("weight_g", N_("This is not a weight in grams."))
    percent = uow.scalar("SELECT weight_tolerance_pct FROM item WHERE id = %s", (product.item_id,))
    return check_weight(command.qty, command.weight_g, product.unit_weight_g, Tolerance(percent))


def warning(command: Return, verdict: WeighingVerdict) -> Message:
    """Why the goods are frozen: what their weight stands for."""
    return Message(
        MISMATCH,
        {
            "count": format_quantity(command.qty),
            "weight": format_quantity(command.weight_g or Decimal(0)),
            "like": format_quantity(verdict.like_count),
            "expected": format_quantity(verdict.expected_g),
            "allowed": format_quantity(verdict.allowed_g),
        },
    )


def _check(view: MakeOrder, command: Return) -> None:
    product = view.product
    qty = command.qty
    if not qty.is_finite() or qty <= 0 or qty != round(qty, product.uom_decimals):
        raise wrong(
            "qty", N_("{qty} is not a quantity of {item}."), qty=str(qty), item=product.item_code
        )
    waiting = product.open - product.frozen
    if qty > waiting:
        goods_by_scan.need_reason(
            command.reason,
            N_(
                "{planned} were ordered, {made} came and {frozen} are frozen; {qty}"
                " more is too much. Give a reason."
            ),
            planned=format_quantity(product.planned),
            made=format_quantity(product.made),
            frozen=format_quantity(product.frozen),
            qty=format_quantity(qty),
        )
    unknown = set(command.used) - {line.line_id for line in view.components}
    if unknown:
        raise UserError(N_("A line does not belong to this order. Open the order again."))


def by_bom(view: MakeOrder, qty: Decimal) -> dict[int, Decimal]:
    """Component line id to what ``qty`` of the product uses by the order's plan."""
    product = view.product
    before = product.made + product.frozen
    return {
        line.line_id: consumption(
            line.planned, product.planned, before, qty, line.used, line.uom_decimals
        )
        for line in view.components
    }


def _draft(uow: UnitOfWork, order: DocumentSnapshot, view: MakeOrder, command: Return) -> Draft:
    product = view.product
    lot = manufacturing.output_lot(uow, product, command.lot, command.expires_at)
    lines: list[dict[str, Any]] = [
        {
            "role": "output",
            "item_id": product.item_id,
            "qty": command.qty,
            "lot_id": lot,
            "origin_line_id": product.line_id,
            "weight_g": command.weight_g,
        }
    ]
    planned = by_bom(view, command.qty)
    for line in view.components:
        used = command.used.get(line.line_id, planned[line.line_id])
        if used < 0 or used != round(used, line.uom_decimals):
            raise wrong(
                "used", N_("{qty} is not a quantity of {item}."), qty=str(used), item=line.item_code
            )
        lots = goods_by_scan.lots_at(uow, line.item_id, order.places["subcontractor"])
        there = sum((known.qty for known in lots), Decimal(0))
        if used > there:
            raise wrong(
                "used",
                N_(
                    "{item}: {used} used, but only {there} are at {party}. Issue what"
                    " was sent, or type what was truly used."
                ),
                item=line.item_code,
                used=format_quantity(used),
                there=format_quantity(there),
                party=view.party,
            )
        lines += (
            {
                "role": "component",
                "item_id": line.item_id,
                "qty": part.qty,
                "lot_id": part.lot_id,
                "origin_line_id": line.line_id,
            }
            for part in manufacturing.from_lots(line.line_id, used, lots, 0, 0)
        )
    head = {
        "party_id": order.party_id,
        "warehouse_id": order.warehouse_id,
        "reference": command.reference,
    }
    return Draft("outsourcing_receipt", head, tuple(lines), order.id, uuid=command.uuid)


def _evidence(command: Return, verdict: WeighingVerdict | None) -> dict[str, Any]:
    if verdict is None:
        return dict(command.evidence)
    return {
        **command.evidence,
        "weight_g": str(command.weight_g),
        "expected_g": str(verdict.expected_g),
        "like_count": str(verdict.like_count),
        "counted": str(command.qty),
    }


def decide(uow: UnitOfWork, decision: Decision) -> DocumentRef:
    """Accept frozen goods (they become stock at the dock) or reject them (back they go).

    Raises InvalidInput at ``reason``, PermissionDenied, TransitionRefused.
    """
    goods_by_scan.need_reason(decision.reason, N_("Say why you decide so."))
    origin_id = uow.scalar("SELECT origin_id FROM document WHERE id = %s", (decision.receipt_id,))
    order = get_snapshot(uow, origin_id) if origin_id is not None else None
    receipt = get_snapshot(uow, decision.receipt_id)
    again = documents.result_of(uow, decision.uuid)
    if again is not None:
        return again
    verb = "accept" if decision.accept else "reject"
    documents.take_step(
        uow,
        receipt,
        ActCommand(
            receipt.id,
            verb,
            evidence={"decision": verb},
            reason=decision.reason,
            uuid=decision.uuid,
        ),
    )
    if decision.accept and order is not None and order.state in ("issued", "part"):
        _tell_order(
            uow, order, decision.uuid, receipt.number or "", ("accepted_part", "accepted_rest")
        )
    return documents.finish(uow, receipt.id)


def receive_draft(uow: UnitOfWork, command: ActCommand) -> DocumentRef:
    """Post a receipt written by hand on a page (verb receive or freeze); its order is told."""
    again = documents.result_of(uow, command.uuid)
    if again is not None:
        return again
    origin_id = uow.scalar("SELECT origin_id FROM document WHERE id = %s", (command.document_id,))
    order = get_snapshot(uow, origin_id) if origin_id is not None else None
    receipt = get_snapshot(uow, command.document_id)
    documents.take_step(uow, receipt, command)
    if command.verb == "receive" and order is not None and order.state in ("issued", "part"):
        _tell_order(
            uow, order, command.uuid, receipt.number or "", ("receive_part", "receive_rest")
        )
    return documents.finish(uow, receipt.id)


def decide_step(uow: UnitOfWork, command: ActCommand) -> DocumentRef:
    """Accept or reject from the document's own page (verbs accept, reject)."""
    return decide(
        uow, Decision(command.document_id, command.verb == "accept", command.reason, command.uuid)
    )


def derive_receipt(uow: UnitOfWork, order_id: int) -> Draft:
    """A receipt of what is still open of an order, with material used by BOM.

    Raises UserError when nothing is open.
    """
    order = get_snapshot(uow, order_id, lock=False)
    view = make_order(uow, order_id, propose=False)
    rest = view.product.open - view.product.frozen
    if rest <= 0:
        raise UserError(N_("Nothing is left open on {number}."), number=view.number)
    planned = by_bom(view, rest)
    lines = (
        {
            "role": "output",
            "item_id": view.product.item_id,
            "qty": rest,
            "origin_line_id": view.product.line_id,
        },
        *(
            {
                "role": "component",
                "item_id": line.item_id,
                "qty": planned[line.line_id],
                "origin_line_id": line.line_id,
            }
            for line in view.components
            if planned[line.line_id] > 0
        ),
    )
    head = {"party_id": order.party_id, "warehouse_id": order.warehouse_id}
    return Draft("outsourcing_receipt", head, lines, order_id)


def _tell_order(
    uow: UnitOfWork, order: DocumentSnapshot, uuid: UUID, receipt: str, verbs: tuple[str, str]
) -> str:
    """Record on the order that good product came; returns its new state."""
    still_open = make_order(uow, order.id, propose=False).product.open > 0
    step = documents.take_step(
        uow,
        order,
        ActCommand(
            order.id,
            verbs[0] if still_open else verbs[1],
            evidence={"receipt": receipt},
            uuid=uuid5(uuid, "order"),
        ),
    )
    return step.target
