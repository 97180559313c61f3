"""Steps and fields that several document types share, declared once."""

from __future__ import annotations

from desktop_app.core.i18n import N_
from desktop_app.domain.document_type import NEW, Editor, Field, PostingRule, Store, Transition
from desktop_app.domain.posting import ActEntry, ActInput, DocumentSnapshot, PlannedMove

Pair = tuple[str, str]

WAREHOUSE = Field("warehouse_id", N_("Warehouse"), Editor.WAREHOUSE, required=True, width=16)
TO_WAREHOUSE = Field(
    "to_warehouse_id", N_("To warehouse"), Editor.WAREHOUSE, required=True, width=16
)
DOC_DATE = Field("doc_date", N_("Date"), Editor.DATE, width=12)
DUE_DATE = Field("due_date", N_("Due date"), Editor.DATE, width=12)
REFERENCE = Field("reference", N_("Their number"), width=16)
REMARK = Field("remark", N_("Remark"), width=32)

ITEM = Field("item_id", N_("Item"), Editor.ITEM, Store.LINE, required=True, width=28)
QTY = Field("qty", N_("Quantity"), Editor.QUANTITY, Store.LINE, required=True, width=10, total=True)
LOT = Field("lot_id", N_("Lot"), Editor.LOT, Store.LINE, width=14)
FROM_BIN = Field("location_id", N_("From bin"), Editor.LOCATION, Store.LINE, width=12)
TO_BIN = Field("to_location_id", N_("To bin"), Editor.LOCATION, Store.LINE, width=12)
LINE_REMARK = Field("remark", N_("Remark"), Editor.TEXT, Store.LINE, width=18)


def party(title: str) -> Field:
    """The partner field under the name the trade gives it."""
    return Field("party_id", title, Editor.PARTY, required=True, width=24)


def price_fields(permission: str) -> tuple[Field, ...]:
    """Price, tax rate and amounts of a line, hidden without the permission."""
    return (
        Field(
            "unit_price", N_("Price"), Editor.PRICE, Store.PRICE, width=10, permission=permission
        ),
        Field("tax_rate", N_("Tax %"), Editor.PERCENT, Store.PRICE, width=7, permission=permission),
        Field(
            "gross",
            N_("Amount"),
            Editor.MONEY,
            Store.PRICE,
            width=12,
            total=True,
            permission=permission,
        ),
    )


AT_ONCE = ("draft", NEW)
"""Sources of a step that may also be a document's very first act: nothing was kept as a
draft, the goods were handled at once."""


def create(target: str, permission: str) -> Transition:
    """The first act of a document."""
    return Transition("create", N_("Save"), (NEW,), target, permission, button=False, key="Ctrl+S")


def void(sources: tuple[str, ...], permission: str) -> Transition:
    """Give a document up before anything moved."""
    return Transition("void", N_("Void it"), sources, "void", permission, requires_reason=True)


def red_entry(sources: tuple[str, ...], pairs: tuple[Pair, ...]) -> tuple[Transition, ...]:
    """Reversal (红冲): the original becomes ``reversed``, a red document mirrors its moves.

    ``pairs`` are the pairs the type's own steps may move between; the mirror may move
    them backwards.
    """
    backwards = tuple((target, source) for source, target in pairs)
    return (
        Transition(
            "reverse",
            N_("Reverse"),
            sources,
            "reversed",
            "document.reverse",
            requires_reason=True,
            done=N_("Reversed"),
        ),
        Transition(
            "mirror",
            N_("Red entry"),
            (NEW, "mirrored"),
            "mirrored",
            "document.reverse",
            moves=backwards,
            button=False,
        ),
    )


def all_lines(source: str | None, target: str | None) -> PostingRule:
    """A posting rule: the whole of each line from a named place to a named place.

    ``None`` takes the line's own bin (``location_id`` or ``to_location_id``); entries of
    the act, where given, replace the line's quantity, lot and places.
    """

    def plan(document: DocumentSnapshot, act: ActInput) -> tuple[PlannedMove, ...]:
        if act.entries:
            return by_entries(source, target)(document, act)
        return tuple(
            PlannedMove(
                line.id,
                line.item_id,
                place(document, source, line.location_id),
                place(document, target, line.to_location_id),
                line.qty,
                line.lot_id,
            )
            for line in document.lines
            if line.qty > 0
        )

    return plan


def by_entries(source: str | None, target: str | None) -> PostingRule:
    """A posting rule: what was handled, from/to the entry's place or the named one."""

    def plan(document: DocumentSnapshot, act: ActInput) -> tuple[PlannedMove, ...]:
        return tuple(_move(document, entry, source, target) for entry in act.entries)

    return plan


def _move(
    document: DocumentSnapshot, entry: ActEntry, source: str | None, target: str | None
) -> PlannedMove:
    line = document.line(entry.line_id)
    return PlannedMove(
        line.id,
        line.item_id,
        place(document, source, entry.from_location_id or line.location_id),
        place(document, target, entry.to_location_id or line.to_location_id),
        entry.qty,
        entry.lot_id or line.lot_id,
        entry.box_id,
        entry.reservation_id,
        entry.weight_g,
    )


def place(document: DocumentSnapshot, name: str | None, own: int | None) -> int:
    """Location id: the named place of the document, else the line's or entry's own.

    Raises KeyError naming the missing place; the engine turns it into a message.
    """
    if own is not None and (name is None or name.endswith("?")):
        return own
    if name is None:
        raise KeyError("bin")
    return document.places[name.rstrip("?")]


def by_role(product_to: str) -> PostingRule:
    """A posting rule: component lines are used up at the subcontractor, output lines appear."""

    def plan(document: DocumentSnapshot, act: ActInput) -> tuple[PlannedMove, ...]:
        moves = []
        for line in document.lines:
            if line.qty <= 0:
                continue
            used = line.role == "component"
            source = document.places["subcontractor" if used else "process"]
            target = (
                document.places["process"]
                if used
                else place(document, product_to, line.to_location_id)
            )
            moves.append(PlannedMove(line.id, line.item_id, source, target, line.qty, line.lot_id))
        return tuple(moves)

    return plan


def outputs(source: str, target: str) -> PostingRule:
    """A posting rule: the whole of each output line from a named place to a named place."""

    def plan(document: DocumentSnapshot, act: ActInput) -> tuple[PlannedMove, ...]:
        return tuple(
            PlannedMove(
                line.id,
                line.item_id,
                document.places[source],
                document.places[target],
                line.qty,
                line.lot_id,
            )
            for line in document.lines
            if line.role == "output"
        )

    return plan
