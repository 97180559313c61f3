"""采购入库单: goods arrive at the receiving dock and are put away to bins."""

from __future__ import annotations

from desktop_app.core.i18n import N_
from desktop_app.domain.document_type import SAME, DocumentType, Transition
from desktop_app.services.document_types import steps

_ARRIVE = (("supplier", "receiving"), ("supplier", "bin"))
_PUT_AWAY = (("receiving", "bin"),)

PURCHASE_RECEIPT = DocumentType(
    kind="purchase_receipt",
    title=N_("Purchase receipt"),
    plural=N_("Purchase receipts"),
    prefix="CGR",
    area="purchase",
    write_permission="stock.receive",
    party_role="supplier",
    price_side="purchase",
    origin_kinds=("purchase_order",),
    head_fields=(
        steps.party(N_("Supplier")),
        steps.WAREHOUSE,
        steps.DOC_DATE,
        steps.REFERENCE,
        steps.REMARK,
    ),
    line_fields=(steps.ITEM, steps.QTY, steps.LOT, steps.TO_BIN, steps.LINE_REMARK),
    transitions=(
        steps.create("draft", "stock.receive"),
        Transition(
            "receive",
            N_("Receive"),
            steps.AT_ONCE,
            "received",
            "stock.receive",
            moves=_ARRIVE,
            plan=steps.all_lines("supplier", "receiving?"),
            key="F8",
        ),
        Transition(
            "put_away",
            N_("Put away"),
            ("received",),
            SAME,
            "stock.receive",
            moves=_PUT_AWAY,
            plan=steps.by_entries("receiving", None),
            button=False,
        ),
        Transition(
            "put_away_rest",
            N_("All put away"),
            ("received",),
            "put_away",
            "stock.receive",
            button=False,
            complete=True,
        ),
        steps.void(("draft",), "stock.receive"),
        *steps.red_entry(("received", "put_away"), (*_ARRIVE, *_PUT_AWAY)),
    ),
    progress=(("receive", N_("Received")), ("put_away", N_("Put away"))),
    complete_verb="put_away",
)
