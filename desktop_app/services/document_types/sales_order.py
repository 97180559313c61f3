"""销售订单: starts approved; its deposit locks stock; it is done only when all has left."""

from __future__ import annotations

from desktop_app.core.i18n import N_
from desktop_app.domain.document_type import SAME, DocumentType, Editor, Field, Store, Transition
from desktop_app.services.document_types import steps

SALES_ORDER = DocumentType(
    kind="sales_order",
    title=N_("Sales order"),
    plural=N_("Sales orders"),
    prefix="XSD",
    area="sales",
    write_permission="sales.write",
    editable_states=(),
    party_role="customer",
    price_side="sales",
    extension="sales_order",
    head_fields=(
        steps.party(N_("Customer")),
        steps.WAREHOUSE,
        steps.DOC_DATE,
        steps.DUE_DATE,
        steps.REFERENCE,
        Field("receiver", N_("Receiver"), Editor.TEXT, Store.EXTENSION, width=12),
        Field("phone", N_("Phone"), Editor.TEXT, Store.EXTENSION, width=14),
        Field("address", N_("Address"), Editor.TEXT, Store.EXTENSION, width=32),
        steps.REMARK,
    ),
    line_fields=(steps.ITEM, steps.QTY, *steps.price_fields("sales.price"), steps.LINE_REMARK),
    transitions=(
        steps.create("approved", "sales.write"),
        Transition(
            "deposit",
            N_("Take deposit"),
            ("approved", "picking", "part"),
            SAME,
            "sales.deposit",
            evidence=("deposit", "until"),
            requires_reason=True,
        ),
        Transition(
            "release_deposit",
            N_("Release the lock"),
            ("approved", "picking", "part"),
            SAME,
            "sales.deposit",
            requires_reason=True,
        ),
        Transition(
            "exceed_credit",
            N_("Accept beyond the credit limit"),
            ("approved",),
            SAME,
            "sales.deposit",
            evidence=("amount",),
            requires_reason=True,
            button=False,
        ),
        Transition(
            "readdress",
            N_("Change the delivery address"),
            ("approved", "picking", "part"),
            SAME,
            "sales.write",
            evidence=("address",),
            button=False,
        ),
        Transition(
            "release",
            N_("Release to picking"),
            ("approved", "part"),
            "picking",
            "stock.ship",
            key="F8",
        ),
        Transition(
            "unrelease",
            N_("Picking cancelled"),
            ("picking",),
            "approved",
            "stock.ship",
            button=False,
        ),
        Transition(
            "unrelease_part",
            N_("Picking cancelled"),
            ("picking",),
            "part",
            "stock.ship",
            button=False,
        ),
        Transition(
            "ship_part", N_("Part shipped"), ("picking",), "part", "stock.ship", button=False
        ),
        Transition(
            "ship_rest",
            N_("All shipped"),
            ("picking",),
            "done",
            "stock.ship",
            button=False,
            complete=True,
        ),
        Transition(
            "undo_ship",
            N_("Shipment reversed"),
            ("part", "done"),
            "part",
            "document.reverse",
            button=False,
        ),
        Transition(
            "close", N_("Close by hand"), ("part",), "closed", "sales.write", requires_reason=True
        ),
        steps.void(("approved",), "sales.write"),
    ),
    progress=(("ship", N_("Really out")),),
    complete_verb="ship",
)
