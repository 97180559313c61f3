"""销售出库单: picked by scan, verified, and out of the door with exit code and waybill.

Made only by releasing an order to picking, so it names no origin kind to generate it from.
"""

from __future__ import annotations

from desktop_app.core.i18n import N_
from desktop_app.domain.document_type import SAME, DocumentType, Editor, Field, Store, Transition
from desktop_app.services.document_types import steps

_PICK = (("bin", "staging"), ("receiving", "staging"))
_SHIP = (("staging", "customer"),)
_BACK = (("staging", "bin"), ("staging", "receiving"))

SHIPMENT = DocumentType(
    kind="shipment",
    title=N_("Shipment"),
    plural=N_("Shipments"),
    prefix="XSC",
    area="sales",
    write_permission="stock.ship",
    editable_states=(),
    party_role="customer",
    extension="shipment",
    head_fields=(
        steps.party(N_("Customer")),
        steps.WAREHOUSE,
        steps.DOC_DATE,
        Field("carrier", N_("Carrier"), Editor.TEXT, Store.EXTENSION, width=14),
        Field("waybill", N_("Waybill"), Editor.TEXT, Store.EXTENSION, width=20),
        steps.REMARK,
    ),
    line_fields=(steps.ITEM, steps.QTY, steps.LOT, steps.FROM_BIN, steps.LINE_REMARK),
    transitions=(
        steps.create("released", "stock.ship"),
        Transition(
            "pick",
            N_("Pick"),
            ("released",),
            SAME,
            "stock.ship",
            evidence=("scans",),
            moves=_PICK,
            plan=steps.by_entries(None, "staging"),
            button=False,
        ),
        Transition(
            "pick_rest",
            N_("All picked"),
            ("released",),
            "picked",
            "stock.ship",
            button=False,
            complete=True,
        ),
        Transition(
            "repick",
            N_("Take from another bin"),
            ("released",),
            SAME,
            "stock.ship",
            requires_reason=True,
            button=False,
        ),
        Transition(
            "pick_short",
            N_("Picked short"),
            ("released",),
            "picked",
            "stock.ship",
            requires_reason=True,
        ),
        Transition(
            "verify",
            N_("Verify"),
            ("picked",),
            "verified",
            "stock.ship",
            evidence=("scans",),
            button=False,
        ),
        Transition(
            "ship",
            N_("Ship"),
            ("verified",),
            "shipped",
            "stock.ship",
            evidence=("exit_code", "waybill"),
            moves=_SHIP,
            plan=steps.by_entries("staging", "customer"),
            button=False,
        ),
        Transition(
            "cancel",
            N_("Cancel picking"),
            ("released", "picked", "verified"),
            "void",
            "stock.ship",
            requires_reason=True,
            moves=_BACK,
            must_move=False,
            plan=steps.by_entries("staging", None),
        ),
        *steps.red_entry(("shipped",), (*_PICK, *_SHIP)),
    ),
    progress=(("pick", N_("Picked")), ("ship", N_("Really out"))),
    complete_verb="pick",
)
