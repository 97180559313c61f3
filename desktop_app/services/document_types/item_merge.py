"""Merging a duplicate item: its stock becomes the survivor's, place by place, in one act.

Goods leave as the old item and arrive as the new one at the same place, so that the ledger
explains both; the database checks that each out has its in (models/sql/83_item_merge).
"""

from __future__ import annotations

from desktop_app.core.i18n import N_
from desktop_app.domain.document_type import NEW, DocumentType, Transition
from desktop_app.services.document_types import steps

_PLACES = ("bin", "receiving", "staging", "hold")
_MOVES = tuple(pair for kind in _PLACES for pair in ((kind, "process"), ("process", kind)))

ITEM_MERGE = DocumentType(
    kind="item_merge",
    title=N_("Item merge"),
    plural=N_("Item merges"),
    prefix="HB",
    area="warehouse",
    write_permission="master.write",
    editable_states=(),  # written, moved and finished in one act
    head_fields=(steps.WAREHOUSE, steps.DOC_DATE, steps.REMARK),
    line_fields=(steps.ITEM, steps.QTY, steps.LOT, steps.FROM_BIN, steps.TO_BIN, steps.LINE_REMARK),
    transitions=(
        Transition(
            "merge",
            N_("Merge"),
            (NEW,),
            "posted",
            "master.write",
            moves=_MOVES,
            plan=steps.by_entries(None, None),
            requires_reason=True,
            button=False,
            done=N_("Merged"),
        ),
    ),
)
