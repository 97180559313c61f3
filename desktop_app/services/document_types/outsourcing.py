"""委外: material goes to a subcontractor, product comes back and is weighed."""

from __future__ import annotations

from desktop_app.core.i18n import N_
from desktop_app.domain.document_type import SAME, DocumentType, Editor, Field, Store, Transition
from desktop_app.services.document_types import steps
from desktop_app.services.document_types.manufacturing import OUTPUT_FIELDS, ROLE

_ISSUE = (("bin", "subcontractor"), ("receiving", "subcontractor"))
_RETURN = (("subcontractor", "receiving"), ("subcontractor", "bin"))
_USED = ("subcontractor", "process")

OUTSOURCING_ORDER = DocumentType(
    kind="outsourcing_order",
    title=N_("Outsourcing order"),
    plural=N_("Outsourcing orders"),
    prefix="WWD",
    area="outsourcing",
    write_permission="outsourcing.write",
    party_role="subcontractor",
    extension="work_order",
    head_fields=(
        steps.party(N_("Subcontractor")), *OUTPUT_FIELDS, steps.WAREHOUSE, steps.DOC_DATE,
        steps.DUE_DATE, steps.REMARK,
    ),
    line_fields=(ROLE, steps.ITEM, steps.QTY, steps.LOT, steps.FROM_BIN, steps.LINE_REMARK),
    transitions=(
        steps.create("draft", "outsourcing.write"),
        Transition("approve", N_("Approve"), ("draft",), "approved", "outsourcing.write", key="F8"),
        Transition("issue", N_("Issue material"), ("approved",), "issued", "outsourcing.write",
                   evidence=("scans",), moves=_ISSUE,
                   plan=steps.by_entries(None, "subcontractor"), button=False),
        Transition("issue", N_("Issue material"), ("issued", "part"), SAME, "outsourcing.write",
                   evidence=("scans",), moves=_ISSUE,
                   plan=steps.by_entries(None, "subcontractor"), button=False),
        Transition("return_material", N_("Return material"), ("issued", "part"), SAME,
                   "outsourcing.write", moves=_RETURN,
                   plan=steps.by_entries("subcontractor", "receiving?"), button=False),
        Transition("receive_part", N_("Part received"), ("issued", "part"), "part",
                   "outsourcing.write", button=False),
        Transition("receive_rest", N_("All received"), ("issued", "part"), "done",
                   "outsourcing.write", button=False),
        Transition("accepted_part", N_("Frozen goods accepted"), ("issued", "part"), "part",
                   "quality.decide", button=False),
        Transition("accepted_rest", N_("Frozen goods accepted, all received"), ("issued", "part"),
                   "done", "quality.decide", button=False),
        Transition("undo_receive", N_("Receipt reversed"), ("part", "done"), "part",
                   "document.reverse", button=False),
        Transition("close", N_("Close by hand"), ("issued", "part"), "closed",
                   "outsourcing.write", requires_reason=True),
        steps.void(("draft", "approved"), "outsourcing.write"),
    ),
    progress=(
        ("issue", N_("Issued")), ("receive", N_("Received")), ("accept", N_("Accepted after freeze")),
    ),
    complete_verb="receive",
)

OUTSOURCING_RECEIPT = DocumentType(
    kind="outsourcing_receipt",
    title=N_("Outsourcing receipt"),
    plural=N_("Outsourcing receipts"),
    prefix="WWR",
    area="outsourcing",
    write_permission="outsourcing.write",
    party_role="subcontractor",
    line_extension="outsourcing_receipt_line",
    origin_kinds=("outsourcing_order",),
    head_fields=(
        steps.party(N_("Subcontractor")), steps.WAREHOUSE, steps.DOC_DATE, steps.REFERENCE,
        steps.REMARK,
    ),
    line_fields=(
        ROLE, steps.ITEM, steps.QTY, steps.LOT, steps.TO_BIN,
        Field("weight_g", N_("Weight g"), Editor.QUANTITY, Store.LINE_EXTENSION, width=10),
        Field("expected_g", N_("Expected g"), Editor.QUANTITY, Store.COMPUTED, width=10),
        Field("matches", N_("Weight fits"), Editor.YES_NO, Store.COMPUTED, width=8),
        steps.LINE_REMARK,
    ),
    transitions=(
        steps.create("draft", "outsourcing.write"),
        Transition("receive", N_("Receive"), ("draft",), "received", "outsourcing.write",
                   moves=(_USED, ("process", "receiving"), ("process", "bin")),
                   plan=steps.by_role("receiving?"), key="F8"),
        Transition("freeze", N_("Receive frozen"), ("draft",), "frozen", "outsourcing.write",
                   moves=(_USED, ("process", "hold")), plan=steps.by_role("hold")),
        Transition("accept", N_("Accept"), ("frozen",), "received", "quality.decide",
                   evidence=("decision",), requires_reason=True, moves=(("hold", "receiving"),),
                   plan=steps.outputs("hold", "receiving")),
        Transition("reject", N_("Reject"), ("frozen",), "rejected", "quality.decide",
                   evidence=("decision",), requires_reason=True, moves=(("hold", "subcontractor"),),
                   plan=steps.outputs("hold", "subcontractor")),
        steps.void(("draft",), "outsourcing.write"),
        *steps.red_entry(("received",), (_USED, ("process", "receiving"), ("process", "bin"),
                                         ("process", "hold"), ("hold", "receiving"))),
    ),
    progress=(("receive", N_("Received")),),
    complete_verb="receive",
)
