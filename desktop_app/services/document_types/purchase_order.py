"""采购订单: what was ordered from a supplier. Goods arrive by purchase receipts."""

from __future__ import annotations

from desktop_app.core.i18n import N_
from desktop_app.domain.document_type import SAME, DocumentType, Transition
from desktop_app.services.document_types import steps

PURCHASE_ORDER = DocumentType(
    kind="purchase_order",
    title=N_("Purchase order"),
    plural=N_("Purchase orders"),
    prefix="CGD",
    area="purchase",
    write_permission="purchase.write",
    party_role="supplier",
    price_side="purchase",
    head_fields=(
        steps.party(N_("Supplier")),
        steps.WAREHOUSE,
        steps.DOC_DATE,
        steps.DUE_DATE,
        steps.REFERENCE,
        steps.REMARK,
    ),
    line_fields=(
        steps.ITEM,
        steps.QTY,
        *steps.price_fields("purchase.price"),
        steps.LINE_REMARK,
    ),
    transitions=(
        steps.create("draft", "purchase.write"),
        Transition("approve", N_("Approve"), ("draft",), "approved", "purchase.approve", key="F8"),
        Transition(
            "reopen",
            N_("Back to draft"),
            ("approved",),
            "draft",
            "purchase.approve",
            requires_reason=True,
            key="Shift+F8",
        ),
        Transition(
            "receive_part",
            N_("Part received"),
            ("approved", "part"),
            "part",
            "stock.receive",
            button=False,
        ),
        Transition(
            "receive_rest",
            N_("All received"),
            ("approved", "part"),
            "done",
            "stock.receive",
            button=False,
            complete=True,
        ),
        Transition(
            "undo_receive",
            N_("Receipt reversed"),
            ("part", "done"),
            "part",
            "document.reverse",
            button=False,
        ),
        Transition(
            "close",
            N_("Close by hand"),
            ("approved", "part"),
            "closed",
            "purchase.approve",
            requires_reason=True,
        ),
        Transition(
            "note",
            N_("Note"),
            ("approved", "part", "done"),
            SAME,
            "purchase.write",
            requires_reason=True,
        ),
        steps.void(("draft",), "purchase.write"),
    ),
    progress=(("receive", N_("Received")),),
    complete_verb="receive",
)
