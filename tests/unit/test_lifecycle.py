"""The checker of declared life cycles finds what it promises to find."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_app.domain.document_type import SAME, DocumentType, Editor, Field, Transition
from desktop_app.domain.lifecycle import problems, reachable_states

SAVE = Transition("save", "Save", ("new",), "draft", "purchase.write")
APPROVE = Transition("approve", "Approve", ("draft",), "approved", "purchase.approve")
NOTE = Transition("note", "Note", ("approved",), SAME, "purchase.write")
RECEIVE = Transition(
    "receive",
    "Receive",
    ("approved",),
    "done",
    "stock.receive",
    evidence=("scans",),
    moves=(("supplier", "receiving"),),
)

SOUND = DocumentType(
    kind="order",
    title="Order",
    plural="Orders",
    prefix="CGD",
    area="purchase",
    write_permission="purchase.write",
    transitions=(SAVE, APPROVE, NOTE, RECEIVE),
    head_fields=(Field("remark", "Remark"),),
    line_fields=(Field("qty", "Qty", Editor.QUANTITY),),
    progress=(("receive", "Received"),),
    complete_verb="receive",
)


def _with(old: Transition, **changes: object) -> DocumentType:
    changed = replace(old, **changes)  # type: ignore[arg-type]
    steps = tuple(changed if step is old else step for step in SOUND.transitions)
    return replace(SOUND, transitions=steps)


def test_a_sound_declaration_has_no_problem() -> None:
    assert problems(SOUND, all_verbs=frozenset({"receive"})) == []
    assert reachable_states(SOUND) == {"draft", "approved", "done"}


FAULTS = [
    (_with(NOTE, verb="receive"), "declared twice"),
    (_with(SAVE, sources=("draft",)), "no verb leads out of the new state"),
    (_with(APPROVE, sources=("void",)), "starts at the unknown state 'void'"),
    (_with(APPROVE, sources=("done",)), "'approved' cannot be reached"),
    (_with(APPROVE, sources=()), "has no source state"),
    (_with(APPROVE, target="limbo"), "'limbo' has no title"),
    (_with(APPROVE, target="new"), "leads back to the new state"),
    (_with(APPROVE, permission="purchase.aprove"), "unknown permission 'purchase.aprove'"),
    (_with(APPROVE, title=""), "has no title"),
    (_with(RECEIVE, evidence=("scna",)), "unknown evidence 'scna'"),
    (_with(RECEIVE, moves=(("moon", "bin"),)), "unknown place 'moon'"),
    (_with(RECEIVE, plan=lambda snapshot, act: (), moves=()), "may not move anything"),
    (replace(_with(RECEIVE, complete=True), complete_verb=""), "complete_verb is empty"),
    (replace(SOUND, editable_states=("open",)), "editable state 'open' does not exist"),
    (replace(SOUND, head_fields=SOUND.head_fields * 2), "head field 'remark' is declared twice"),
    (replace(SOUND, line_fields=(Field("qty", ""),)), "line field 'qty' has no title"),
    (replace(SOUND, line_fields=(Field("p", "P", permission="x.y"),)), "an unknown permission"),
    (
        replace(SOUND, head_fields=(Field("c", "C", choices=(("a", "A"), ("a", "B"))),)),
        "choice 'a' twice",
    ),
    (replace(SOUND, prefix="cgd"), "capital letters"),
    (replace(SOUND, read_permission="x.y"), "unknown permission 'x.y'"),
    (replace(SOUND, party_role="friend"), "unknown party role"),
    (replace(SOUND, price_side="both"), "unknown price side"),
]


@pytest.mark.parametrize(("document_type", "finding"), FAULTS)
def test_each_fault_is_found(document_type: DocumentType, finding: str) -> None:
    found = problems(document_type)
    assert any(finding in text for text in found), found
    assert all(text.startswith("order: ") for text in found)


def test_progress_may_only_name_verbs_of_the_program() -> None:
    found = problems(SOUND, all_verbs=frozenset({"ship"}))
    assert found == ["order: progress names the unknown verb 'receive'"] * 2
