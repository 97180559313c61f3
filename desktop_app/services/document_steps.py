"""Which use case carries out a step asked for on the generic page.

Most steps are nothing but ``documents.act``. A step that does more in the same transaction
(remember prices, tell the order, reserve stock) names its own use case here. Each takes the
unit of work and an ``ActCommand``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import DocumentType
from desktop_app.services import (
    credit,
    documents,
    outsourcing,
    picking,
    purchasing,
    receiving,
    returns,
    reversal,
    sales,
    shipping,
    transfers,
)
from desktop_app.services.documents import ActCommand, DocumentRef, Draft

StepService = Callable[[UnitOfWork, ActCommand], DocumentRef]

REVERSE = "reverse"

STEPS: Mapping[tuple[str, str], StepService] = {
    ("purchase_order", "approve"): purchasing.approve,
    ("purchase_receipt", "receive"): receiving.receive_draft,
    ("sales_order", "deposit"): sales.deposit_step,
    ("sales_order", "release_deposit"): sales.release_lock_step,
    ("sales_order", "release"): sales.release_step,
    ("shipment", "pick_short"): picking.pick_short,
    ("shipment", "cancel"): shipping.cancel,
    ("transfer", "ship_out"): transfers.ship_out,
    ("transfer", "dispute"): transfers.report_difference,
    ("outsourcing_receipt", "receive"): outsourcing.receive_draft,
    ("outsourcing_receipt", "freeze"): outsourcing.receive_draft,
    ("outsourcing_receipt", "accept"): outsourcing.decide_step,
    ("outsourcing_receipt", "reject"): outsourcing.decide_step,
}
"""(kind, verb) of the steps with a use case of their own."""

CREATIONS: Mapping[str, Callable[[UnitOfWork, Draft], DocumentRef]] = {
    "sales_order": credit.create_order,
}
"""Kinds whose first saving is looked at beyond what their fields say."""

DERIVATIONS: Mapping[str, Callable[[UnitOfWork, int], Draft]] = {
    "sales_return": returns.derive_return,
    "outsourcing_receipt": outsourcing.derive_receipt,
}
"""Kinds whose draft is not simply the rest of the origin's lines."""


def service_for(kind: str, verb: str) -> StepService:
    """The use case of that step; reversing is the same for every type."""
    if verb == REVERSE:
        return reversal.reverse
    return STEPS.get((kind, verb), documents.act)


def create(uow: UnitOfWork, draft: Draft) -> DocumentRef:
    """Save a new document as a page does. Raises what ``documents.create`` raises, and
    ConfirmationRequired for soft rules of its kind.
    """
    return CREATIONS.get(draft.kind, documents.create)(uow, draft)


def derive_titled(uow: UnitOfWork, document_type: DocumentType, origin_id: int) -> Draft:
    """``documents.derive`` with the titles a page shows beside ids, taken from the origin.

    Raises UserError when nothing is left of the origin.
    """
    own = DERIVATIONS.get(document_type.kind)
    draft = own(uow, origin_id) if own else documents.derive(uow, document_type.kind, origin_id)
    origin = documents.view(uow, origin_id)
    known = {line["id"]: line for line in origin.lines}
    lines = tuple(
        {**_titles(known.get(line.get("origin_line_id"), {})), **line} for line in draft.lines
    )
    head = {**_titles(origin.head), **draft.head}
    return Draft(draft.kind, head, lines, draft.origin_id, uuid=draft.uuid)


def _titles(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name.endswith(("_code", "_name"))}
