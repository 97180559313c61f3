"""其他入库, 其他出库, 期初: stock that comes or goes for another reason, always with one."""

from __future__ import annotations

from desktop_app.core.i18n import N_
from desktop_app.domain.document_type import DocumentType, Field, Transition
from desktop_app.services.document_types import steps


def _adjustment(
    kind: str,
    title: str,
    plural: str,
    prefix: str,
    pairs: tuple[tuple[str, str], ...],
    plan_from: str | None,
    plan_to: str | None,
    place: Field,
    *,
    priced: bool = False,
) -> DocumentType:
    prices = steps.price_fields("purchase.price") if priced else ()
    return DocumentType(
        kind=kind,
        title=title,
        plural=plural,
        prefix=prefix,
        area="warehouse",
        write_permission="stock.adjust",
        price_side="purchase" if priced else None,
        head_fields=(steps.WAREHOUSE, steps.DOC_DATE, steps.REFERENCE, steps.REMARK),
        line_fields=(steps.ITEM, steps.QTY, steps.LOT, place, *prices, steps.LINE_REMARK),
        transitions=(
            steps.create("draft", "stock.adjust"),
            Transition(
                "post",
                N_("Post"),
                steps.AT_ONCE,
                "posted",
                "stock.adjust",
                moves=pairs,
                plan=steps.all_lines(plan_from, plan_to),
                requires_reason=True,
                key="F8",
            ),
            steps.void(("draft",), "stock.adjust"),
            *steps.red_entry(("posted",), pairs),
        ),
        progress=(("post", N_("Posted")),),
        complete_verb="post",
    )


OTHER_RECEIPT = _adjustment(
    "other_receipt",
    N_("Other receipt"),
    N_("Other receipts"),
    "QTR",
    (("difference", "bin"), ("difference", "receiving")),
    "difference",
    "receiving?",
    steps.TO_BIN,
)
OTHER_ISSUE = _adjustment(
    "other_issue",
    N_("Other issue"),
    N_("Other issues"),
    "QTC",
    (("bin", "scrap"), ("receiving", "scrap"), ("hold", "scrap"), ("staging", "scrap")),
    None,
    "scrap",
    steps.FROM_BIN,
)
OPENING_STOCK = _adjustment(
    "opening_stock",
    N_("Opening stock"),
    N_("Opening stock"),
    "QC",
    (("opening", "bin"), ("opening", "receiving")),
    "opening",
    "receiving?",
    steps.TO_BIN,
    priced=True,
)
