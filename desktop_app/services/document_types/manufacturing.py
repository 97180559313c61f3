"""生产任务单: components are issued by scan, product is completed, scrap is reported.

Components wait in production; completing consumes them (production to process) and makes
the product (process to receiving or a bin). The database keeps each order's goods apart
(models/sql/76_goods_between.sql): no order finishes while its material lies in production.
"""

from __future__ import annotations

from desktop_app.core.i18n import N_
from desktop_app.domain.document_type import SAME, DocumentType, Editor, Field, Store, Transition
from desktop_app.services.document_types import steps

_ISSUE = (("bin", "production"), ("receiving", "production"))
_RETURN = (("production", "bin"), ("production", "receiving"))
_COMPLETE = (("production", "process"), ("process", "receiving"), ("process", "bin"))

OUTPUT_FIELDS = (
    Field("output_item_id", N_("Product"), Editor.ITEM, Store.EXTENSION, required=True, width=28),
    Field(
        "output_qty",
        N_("Planned quantity"),
        Editor.QUANTITY,
        Store.EXTENSION,
        required=True,
        width=12,
    ),
    Field("bom_id", N_("BOM version"), Editor.BOM, Store.EXTENSION, width=14),
)
ROLE = Field(
    "role",
    N_("Role"),
    Editor.CHOICE,
    Store.LINE,
    width=10,
    choices=(("output", N_("Product")), ("component", N_("Component"))),
)

WORK_ORDER = DocumentType(
    kind="work_order",
    title=N_("Work order"),
    plural=N_("Work orders"),
    prefix="SC",
    area="production",
    write_permission="production.write",
    extension="work_order",
    head_fields=(*OUTPUT_FIELDS, steps.WAREHOUSE, steps.DOC_DATE, steps.DUE_DATE, steps.REMARK),
    line_fields=(ROLE, steps.ITEM, steps.QTY, steps.LOT, steps.FROM_BIN, steps.LINE_REMARK),
    transitions=(
        steps.create("draft", "production.write"),
        Transition("release", N_("Release"), ("draft",), "released", "production.write", key="F8"),
        Transition(
            "issue",
            N_("Issue material"),
            ("released",),
            SAME,
            "production.write",
            evidence=("scans",),
            moves=_ISSUE,
            plan=steps.by_entries(None, "production"),
            button=False,
        ),
        Transition(
            "return_material",
            N_("Return material"),
            ("released",),
            SAME,
            "production.write",
            moves=_RETURN,
            plan=steps.by_entries("production", "receiving?"),
            button=False,
        ),
        Transition(
            "complete",
            N_("Complete"),
            ("released",),
            SAME,
            "production.write",
            moves=_COMPLETE,
            plan=steps.by_entries(None, None),
            button=False,
        ),
        Transition(
            "scrap",
            N_("Scrap"),
            ("released",),
            SAME,
            "production.write",
            requires_reason=True,
            moves=(("production", "scrap"),),
            plan=steps.by_entries("production", "scrap"),
            button=False,
        ),
        Transition(
            "finish",
            N_("Finish"),
            ("released",),
            "done",
            "production.write",
            button=False,
            done=N_("Finished"),
        ),
        Transition(
            "finish_short",
            N_("Finish with less"),
            ("released",),
            "closed",
            "production.write",
            requires_reason=True,
            button=False,
        ),
        steps.void(("draft",), "production.write"),
        *steps.red_entry(
            ("done", "closed"), (*_ISSUE, *_RETURN, *_COMPLETE, ("production", "scrap"))
        ),
    ),
    progress=(("issue", N_("Issued")), ("complete", N_("Completed"))),
    complete_verb="complete",
)
