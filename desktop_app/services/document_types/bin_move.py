"""移库单: goods move between bins; onto a hold by anybody, off a hold only by quality."""

from __future__ import annotations

from desktop_app.core.i18n import N_
from desktop_app.domain.document_type import DocumentType, Transition
from desktop_app.services.document_types import steps

_MOVE = (
    ("bin", "bin"),
    ("receiving", "bin"),
    ("bin", "receiving"),
    ("bin", "hold"),
    ("receiving", "hold"),
    ("hold", "hold"),
)
_RELEASE = (("hold", "bin"), ("hold", "receiving"))

BIN_MOVE = DocumentType(
    kind="bin_move",
    title=N_("Bin move"),
    plural=N_("Bin moves"),
    prefix="YK",
    area="warehouse",
    write_permission="stock.transfer",
    head_fields=(steps.WAREHOUSE, steps.DOC_DATE, steps.REMARK),
    line_fields=(
        steps.ITEM,
        steps.QTY,
        steps.LOT,
        steps.FROM_BIN,
        steps.TO_BIN,
        steps.LINE_REMARK,
    ),
    transitions=(
        steps.create("draft", "stock.transfer"),
        Transition(
            "move",
            N_("Move"),
            steps.AT_ONCE,
            "posted",
            "stock.transfer",
            moves=_MOVE,
            plan=steps.all_lines(None, None),
            key="F8",
        ),
        Transition(
            "release_hold",
            N_("Release from hold"),
            ("draft",),
            "posted",
            "quality.decide",
            requires_reason=True,
            moves=_RELEASE,
            plan=steps.all_lines(None, None),
        ),
        steps.void(("draft",), "stock.transfer"),
        *steps.red_entry(("posted",), (*_MOVE, *_RELEASE)),
    ),
    progress=(("move", N_("Moved")), ("release_hold", N_("Released from hold"))),
    complete_verb="move",
)
