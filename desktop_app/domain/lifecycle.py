"""Is a declared life cycle sound? Pure checks over a DocumentType, for contract tests.

The findings are for developers: they are English and never shown to a clerk.
"""

from __future__ import annotations

from collections import Counter

from desktop_app.domain.document_type import (
    NEW,
    SAME,
    STATE_TITLES,
    DocumentType,
    Field,
    Transition,
)
from desktop_app.domain.locations import LocationKind
from desktop_app.domain.permissions import PERMISSIONS

EVIDENCE_KEYS = frozenset(
    {
        "scan",
        "scans",
        "entries",
        "exit_code",
        "waybill",
        "weight",
        "weight_g",
        "photo",
        "amount",
        "address",
        "deposit",
        "until",
        "decision",
        "cause",
        "method",
        "counted",
        "seed",
    }
)
"""Keys an act's evidence may be required to carry; one vocabulary for all types."""


def problems(
    document_type: DocumentType,
    evidence_keys: frozenset[str] = EVIDENCE_KEYS,
    all_verbs: frozenset[str] | None = None,
) -> list[str]:
    """Everything wrong with the declaration, each finding with kind and place; [] is sound.

    Progress may name verbs of documents made from this one (an order shows what was
    shipped): ``all_verbs`` are the verbs of all types; None leaves that unchecked.
    """
    found = [
        *_verb_problems(document_type),
        *_progress_problems(document_type, all_verbs),
        *_state_problems(document_type),
        *_field_problems("head", document_type.head_fields),
        *_field_problems("line", document_type.line_fields),
        *_name_problems(document_type),
    ]
    for transition in document_type.transitions:
        found += _transition_problems(transition, evidence_keys)
    return [f"{document_type.kind}: {text}" for text in found]


def reachable_states(document_type: DocumentType) -> frozenset[str]:
    """States a document can get into, starting from a new one."""
    reached = {NEW}
    waiting = [NEW]
    while waiting:
        for transition in document_type.verbs_from(waiting.pop()):
            if transition.target != SAME and transition.target not in reached:
                reached.add(transition.target)
                waiting.append(transition.target)
    return frozenset(reached - {NEW})


def _verb_problems(document_type: DocumentType) -> list[str]:
    # A verb may lead to different states from different ones, but never from the same one.
    found = [
        f"verb {verb!r} is declared twice"
        for verb in dict.fromkeys(
            name.partition(" ")[0]
            for name in _repeated(
                [
                    f"{step.verb} {source}"
                    for step in document_type.transitions
                    for source in step.sources
                ]
            )
        )
    ]
    if not document_type.verbs_from(NEW):
        found.append("no verb leads out of the new state")
    waits = any(transition.complete for transition in document_type.transitions)
    if waits and not document_type.complete_verb:
        found.append("a step waits for completion but complete_verb is empty")
    return found


def _progress_problems(document_type: DocumentType, all_verbs: frozenset[str] | None) -> list[str]:
    if all_verbs is None:
        return []
    named = [verb for verb, _ in document_type.progress]
    if document_type.complete_verb:
        named.append(document_type.complete_verb)
    return [f"progress names the unknown verb {verb!r}" for verb in named if verb not in all_verbs]


def _state_problems(document_type: DocumentType) -> list[str]:
    states = set(document_type.states) - {SAME}
    reached = reachable_states(document_type)
    found = [f"state {state!r} has no title" for state in sorted(states - set(STATE_TITLES))]
    found += [f"state {state!r} cannot be reached" for state in sorted(states - reached)]
    found += [
        f"editable state {state!r} does not exist"
        for state in document_type.editable_states
        if state not in states
    ]
    for transition in document_type.transitions:
        found += [
            f"verb {transition.verb!r} starts at the unknown state {source!r}"
            for source in transition.sources
            if source != NEW and source not in states
        ]
    return found


def _transition_problems(transition: Transition, evidence_keys: frozenset[str]) -> list[str]:
    found = []
    if not transition.sources:
        found.append("has no source state")
    if transition.target == NEW:
        found.append("leads back to the new state")
    if not transition.title:
        found.append("has no title")
    if transition.permission not in PERMISSIONS:
        found.append(f"needs the unknown permission {transition.permission!r}")
    found += [
        f"requires the unknown evidence {key!r}"
        for key in transition.evidence
        if key not in evidence_keys
    ]
    found += _move_problems(transition)
    return [f"verb {transition.verb!r} {text}" for text in found]


def _move_problems(transition: Transition) -> list[str]:
    kinds = {kind.value for kind in LocationKind}
    named = [kind for pair in transition.moves for kind in pair]
    found = [f"moves the unknown place {kind!r}" for kind in named if kind not in kinds]
    if transition.plan is not None and not transition.moves:
        found.append("has a posting rule but may not move anything")
    return found


def _field_problems(where: str, fields: tuple[Field, ...]) -> list[str]:
    found = [
        f"{where} field {name!r} is declared twice"
        for name in _repeated([field.name for field in fields])
    ]
    for field in fields:
        if not field.title:
            found.append(f"{where} field {field.name!r} has no title")
        if field.permission is not None and field.permission not in PERMISSIONS:
            found.append(f"{where} field {field.name!r} needs an unknown permission")
        found += [
            f"{where} field {field.name!r} has the choice {value!r} twice"
            for value in _repeated([value for value, _ in field.choices])
        ]
    return found


def _name_problems(document_type: DocumentType) -> list[str]:
    found = []
    if not document_type.prefix.isascii() or not document_type.prefix.isupper():
        found.append("prefix must be capital letters")
    found += [
        f"unknown permission {permission!r}"
        for permission in (document_type.write_permission, document_type.read_permission)
        if permission is not None and permission not in PERMISSIONS
    ]
    if document_type.party_role not in (None, "customer", "supplier", "subcontractor"):
        found.append(f"unknown party role {document_type.party_role!r}")
    if document_type.price_side not in (None, "purchase", "sales"):
        found.append(f"unknown price side {document_type.price_side!r}")
    return found


def _repeated(names: list[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]
