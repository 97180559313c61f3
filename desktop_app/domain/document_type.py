"""How a document type is declared: fields, life cycle, evidence and posting rule as data.

The constants live in ``services/document_types/``, one module per type. The same
constant drives the transition table in the database, the generic pages, the lists,
permissions, numbering and the contract tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from desktop_app.core.i18n import N_
from desktop_app.domain.posting import ActInput, DocumentSnapshot, PlannedMove

NEW = "new"
"""State of a document row before its first act; never seen outside the transaction."""
SAME = "="
"""Target of a step that does not change the state (a part receipt, one more pick)."""


class Editor(StrEnum):
    """Which editor a field gets on the generic page, and its value type."""

    TEXT = "text"
    INTEGER = "integer"
    QUANTITY = "quantity"  # Decimal, the item's unit decimals
    MONEY = "money"  # Decimal, 2 places
    PRICE = "price"  # Decimal, up to 6 places
    PERCENT = "percent"
    DATE = "date"
    TIMESTAMP = "timestamp"
    CHOICE = "choice"
    YES_NO = "yes_no"
    PARTY = "party"
    ITEM = "item"
    WAREHOUSE = "warehouse"
    LOCATION = "location"
    LOT = "lot"
    BOM = "bom"


class Store(StrEnum):
    """Which table keeps a field."""

    DOCUMENT = "document"
    EXTENSION = "extension"
    LINE = "line"
    LINE_EXTENSION = "line_extension"
    PRICE = "price"
    CUSTOM = "custom"  # the company's own fields, as jsonb
    COMPUTED = "computed"  # read-only, delivered by the read side


@dataclass(frozen=True)
class Field:
    """One field of the head or of a line.

    ``compute`` gives the value of a formula from the other values of the form or line.
    """

    name: str
    title: str
    editor: Editor = Editor.TEXT
    store: Store = Store.DOCUMENT
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    width: int = 12  # characters
    total: bool = False
    permission: str | None = None
    compute: Callable[[Mapping[str, Any]], Any] | None = None


PostingRule = Callable[[DocumentSnapshot, ActInput], tuple[PlannedMove, ...]]


@dataclass(frozen=True)
class Transition:
    """One allowed step: ``verb`` takes a document from one of ``sources`` to ``target``.

    ``moves`` lists the (from kind, to kind) pairs of locations this verb may move
    goods between; the database refuses any other. ``evidence`` lists keys that the act
    must carry, non-empty. ``requires_reason``: the act must say why.
    ``button`` False hides it from the generic page (made by a station or a service).
    ``complete`` True: the database checks that every line's ``complete_verb`` quantity
    has reached the ordered one before it lets the document into ``target``.
    ``must_move`` False: a verb that may move goods but need not (a count without difference).
    """

    verb: str
    title: str
    sources: tuple[str, ...]
    target: str
    permission: str
    evidence: tuple[str, ...] = ()
    requires_reason: bool = False
    moves: tuple[tuple[str, str], ...] = ()
    plan: PostingRule | None = None
    button: bool = True
    key: str = ""
    done: str = ""
    complete: bool = False
    must_move: bool = True


@dataclass(frozen=True)
class DocumentType:
    """A typed form + a life cycle + posting rules."""

    kind: str
    title: str
    plural: str
    prefix: str
    area: str
    write_permission: str
    transitions: tuple[Transition, ...]
    head_fields: tuple[Field, ...]
    line_fields: tuple[Field, ...]
    editable_states: tuple[str, ...] = ("draft",)
    party_role: str | None = None  # customer | supplier | subcontractor
    price_side: str | None = None  # purchase | sales
    extension: str | None = None
    line_extension: str | None = None
    origin_kinds: tuple[str, ...] = ()
    progress: tuple[tuple[str, str], ...] = ()
    """(verb, title) pairs shown as done quantities per line, e.g. ("ship", "Shipped")."""
    complete_verb: str = ""
    read_permission: str | None = None
    """When set, only holders see documents of this kind."""

    def transition(self, verb: str) -> Transition | None:
        """The transition of that verb, or None."""
        for transition in self.transitions:
            if transition.verb == verb:
                return transition
        return None

    def step(self, verb: str, state: str) -> Transition | None:
        """The step of that verb allowed from that state, or None."""
        for transition in self.transitions:
            if transition.verb == verb and state in transition.sources:
                return transition
        return None

    def verbs_from(self, state: str) -> tuple[Transition, ...]:
        """Steps allowed from that state, in declared order."""
        return tuple(t for t in self.transitions if state in t.sources)

    @property
    def is_written(self) -> bool:
        """Whether a person writes it on a page; else a service makes it (an item merge)."""
        return any(t.verb == "create" or t.button for t in self.transitions)

    @property
    def states(self) -> tuple[str, ...]:
        """All states a saved document can be in, in order of appearance."""
        seen: dict[str, None] = {}
        for transition in self.transitions:
            if transition.target != SAME:
                seen.setdefault(transition.target)
        return tuple(seen)


STATE_TITLES: dict[str, str] = {
    "draft": N_("Draft"),
    "approved": N_("Approved"),
    "part": N_("Partly done"),
    "done": N_("Done"),
    "closed": N_("Closed by hand"),
    "void": N_("Void"),
    "frozen": N_("Frozen"),
    "posted": N_("Posted"),
    "reversed": N_("Reversed"),
    "released": N_("Released"),
    "picking": N_("Picking"),
    "picked": N_("Picked"),
    "verified": N_("Verified"),
    "shipped": N_("Shipped"),
    "in_transit": N_("In transit"),
    "disputed": N_("Disputed"),
    "received": N_("Received"),
    "put_away": N_("Put away"),
    "issued": N_("Issued"),
    "planned": N_("Planned"),
    "counting": N_("Counting"),
    "recount": N_("Recount"),
    "review": N_("In review"),
    "rejected": N_("Rejected"),
    "open": N_("Open"),
    "mirrored": N_("Red entry"),
}
"""One vocabulary of states for all types; a type uses a few of them."""
