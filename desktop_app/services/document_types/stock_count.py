"""盘点单: a blind count. Lines name item and bin, never a quantity."""

from __future__ import annotations

from desktop_app.core.i18n import N_
from desktop_app.domain.document_type import DocumentType, Editor, Field, Store, Transition
from desktop_app.services.document_types import steps

_DIFFERENCE = (
    ("bin", "difference"),
    ("difference", "bin"),
    ("receiving", "difference"),
    ("difference", "receiving"),
)

STOCK_COUNT = DocumentType(
    kind="stock_count",
    title=N_("Stock count"),
    plural=N_("Stock counts"),
    prefix="PD",
    area="counting",
    write_permission="count.plan",
    editable_states=(),
    extension="count_plan",
    head_fields=(
        steps.WAREHOUSE,
        steps.DOC_DATE,
        Field("sample_size", N_("Items to draw"), Editor.INTEGER, Store.EXTENSION, width=8),
        Field("seed", N_("Seed of the draw"), Editor.INTEGER, Store.EXTENSION, width=12),
        Field("candidates", N_("Items to draw from"), Editor.INTEGER, Store.EXTENSION, width=10),
        Field("blind", N_("Blind"), Editor.YES_NO, Store.EXTENSION, width=6),
        steps.REMARK,
    ),
    line_fields=(steps.ITEM, steps.LOT, steps.FROM_BIN, steps.LINE_REMARK),
    transitions=(
        steps.create("planned", "count.plan"),
        Transition("start", N_("Start counting"), ("planned",), "counting", "count.plan", key="F8"),
        Transition(
            "ask_recount", N_("Recount"), ("counting",), "recount", "count.plan", button=False
        ),
        Transition(
            "compare", N_("Compare"), ("counting", "recount"), "review", "count.plan", button=False
        ),
        Transition(
            "approve_count",
            N_("Approve differences"),
            ("review",),
            "posted",
            "count.plan",
            moves=_DIFFERENCE,
            must_move=False,
            plan=steps.by_entries(None, None),
            button=False,
        ),
        steps.void(("planned", "counting", "recount", "review"), "count.plan"),
    ),
    progress=(),
    complete_verb="",
    read_permission="stock.read",
)
