"""销售退货单: goods come back from a customer; inspected in hold, or straight to the dock."""

from __future__ import annotations

from desktop_app.core.i18n import N_
from desktop_app.domain.document_type import DocumentType, Transition
from desktop_app.services.document_types import steps

_BACK = (("customer", "receiving"), ("customer", "bin"), ("customer", "hold"))

SALES_RETURN = DocumentType(
    kind="sales_return",
    title=N_("Sales return"),
    plural=N_("Sales returns"),
    prefix="XST",
    area="sales",
    write_permission="sales.write",
    party_role="customer",
    price_side="sales",
    origin_kinds=("shipment",),
    head_fields=(
        steps.party(N_("Customer")),
        steps.WAREHOUSE,
        steps.DOC_DATE,
        steps.REFERENCE,
        steps.REMARK,
    ),
    line_fields=(
        steps.ITEM,
        steps.QTY,
        steps.LOT,
        steps.TO_BIN,
        *steps.price_fields("sales.price"),
        steps.LINE_REMARK,
    ),
    transitions=(
        steps.create("draft", "sales.write"),
        Transition(
            "receive_back",
            N_("Receive back"),
            steps.AT_ONCE,
            "received",
            "stock.receive",
            moves=_BACK,
            plan=steps.all_lines("customer", "receiving?"),
            key="F8",
        ),
        steps.void(("draft",), "sales.write"),
        *steps.red_entry(("received",), _BACK),
    ),
    progress=(("receive_back", N_("Received")),),
    complete_verb="receive_back",
)
