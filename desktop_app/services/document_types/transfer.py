"""调拨单: ship, in transit, receive; what does not arrive stays open as a dispute."""

from __future__ import annotations

from desktop_app.core.i18n import N_
from desktop_app.domain.document_type import SAME, DocumentType, Transition
from desktop_app.services.document_types import steps

_SHIP = (("bin", "transit"), ("receiving", "transit"))
_RECEIVE = (("transit", "receiving"), ("transit", "bin"), ("transit", "hold"))
"""Into a quality or defective warehouse goods may be sent; nothing leaves a hold this way."""

TRANSFER = DocumentType(
    kind="transfer",
    title=N_("Transfer"),
    plural=N_("Transfers"),
    prefix="DB",
    area="warehouse",
    write_permission="stock.transfer",
    head_fields=(
        steps.WAREHOUSE,
        steps.TO_WAREHOUSE,
        steps.DOC_DATE,
        steps.REFERENCE,
        steps.REMARK,
    ),
    line_fields=(steps.ITEM, steps.QTY, steps.LOT, steps.FROM_BIN, steps.LINE_REMARK),
    transitions=(
        steps.create("draft", "stock.transfer"),
        Transition(
            "ship_out",
            N_("Ship"),
            ("draft",),
            "in_transit",
            "stock.transfer",
            moves=_SHIP,
            plan=steps.all_lines(None, "transit"),
            key="F8",
        ),
        Transition(
            "arrive",
            N_("Receive"),
            ("in_transit", "disputed"),
            SAME,
            "stock.receive",
            moves=_RECEIVE,
            plan=steps.by_entries("transit", "to_receiving?"),
            button=False,
        ),
        Transition(
            "arrive_rest",
            N_("All received"),
            ("in_transit", "disputed"),
            "received",
            "stock.receive",
            button=False,
            complete=True,
        ),
        Transition(
            "dispute",
            N_("Report a difference"),
            ("in_transit",),
            "disputed",
            "stock.receive",
            requires_reason=True,
        ),
        Transition(
            "settle",
            N_("Settle the dispute"),
            ("disputed",),
            "closed",
            "stock.adjust",
            requires_reason=True,
            evidence=("decision",),
            moves=(("transit", "difference"), ("transit", "scrap")),
            plan=steps.by_entries("transit", "difference?"),
            button=False,
        ),
        steps.void(("draft",), "stock.transfer"),
        *steps.red_entry(("received",), (*_SHIP, *_RECEIVE)),
    ),
    progress=(
        ("ship_out", N_("Shipped")),
        ("arrive", N_("Received")),
        ("settle", N_("Written off")),
    ),
    complete_verb="arrive",
)
