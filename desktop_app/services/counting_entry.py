"""Entering counts: all that a counter's login does, with the counter's rights alone.

Nothing here reads a balance, a move or a document line: a counter may not (DESIGN
section 3), and the view ``count_task`` shows places and items of open counts only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from psycopg.types.json import Jsonb

from desktop_app.core.errors import FieldProblem, InvalidInput, PermissionDenied, RuleRefused
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.quantities import MAX_QUANTITY
from desktop_app.queries import counting as queries
from desktop_app.queries.counting import TaskRow


@dataclass(frozen=True)
class CountEntry:
    """One counted place. ``qty`` in base units; 0 is a count, None is none.

    ``counted_at`` is the time written on a paper sheet; None means this very second.
    """

    line_id: int
    round: int
    qty: Decimal | None
    counted_at: datetime | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    """What the scale showed when it was counted by weight (domain.weighing_record)."""


@dataclass(frozen=True)
class FoundGoods:
    """Goods at a place where the sheet lists none (账外物): reported, never posted."""

    document_id: int
    location_id: int
    qty: Decimal
    item_id: int | None = None
    note: str = ""


def tasks(uow: UnitOfWork, document_id: int | None = None) -> tuple[TaskRow, ...]:
    """Open places to count, in walking order."""
    return queries.tasks(uow, document_id)


def enter(uow: UnitOfWork, entry: CountEntry) -> None:
    """Record what was counted; the server stamps person, PC and second.

    The same figure sent twice by the same person counts once. Raises InvalidInput
    (nothing typed, too many decimals), PermissionDenied (a reader of stock in a blind
    count, the first counter in the recount), RuleRefused (closed, counted already).
    """
    task = queries.task(uow, entry.line_id)
    if task is None or task.round != entry.round:
        raise RuleRefused(
            N_(
                "This place is not being counted now: the count is closed or has"
                " gone on to the recount."
            )
        )
    if task.was_mine:
        raise PermissionDenied(N_("The recount must be done by another person."))
    qty = _checked(entry, task)
    if task.entered_qty is not None and task.entered_qty == qty:
        return
    if task.is_counted:
        raise RuleRefused(
            N_(
                "{item} at {place} was counted already. A wrong figure is put right by the recount."
            ),
            item=task.item_code,
            place=task.location_code,
        )
    uow.execute(
        "INSERT INTO count_entry (line_id, round, qty, counted_at, evidence)"
        " VALUES (%s, %s, %s, %s, %s)",
        (entry.line_id, entry.round, qty, entry.counted_at, Jsonb(dict(entry.evidence))),
    )
    uow.touch("count", f"document:{task.document_id}")


def report_found(uow: UnitOfWork, found: FoundGoods) -> None:
    """Note goods that no line of the count looks for. Raises InvalidInput."""
    if not found.qty.is_finite() or not 0 < found.qty <= MAX_QUANTITY:
        raise InvalidInput((FieldProblem("qty", Message(N_("The quantity must be above zero."))),))
    if found.item_id is None and not found.note.strip():
        raise InvalidInput(
            (
                FieldProblem(
                    "note", Message(N_("Say what was found: scan the item or describe it."))
                ),
            )
        )
    uow.execute(
        "INSERT INTO count_found (document_id, location_id, item_id, note, qty)"
        " VALUES (%s, %s, %s, %s, %s)",
        (found.document_id, found.location_id, found.item_id, found.note.strip(), found.qty),
    )
    uow.touch("count", f"document:{found.document_id}")


def _checked(entry: CountEntry, task: TaskRow) -> Decimal:
    qty = entry.qty
    text = ""
    if qty is None:
        text = N_("Type what you counted; nothing there is typed as 0.")
    elif not qty.is_finite() or qty < 0 or qty > MAX_QUANTITY:
        text = N_("A counted quantity lies between 0 and {limit}.")
    elif qty != round(qty, task.uom_decimals):
        text = N_("At most {decimals} decimals for this item.")
    if text or qty is None:
        values = {"limit": f"{MAX_QUANTITY:f}", "decimals": task.uom_decimals}
        raise InvalidInput((FieldProblem("qty", Message(text, values), task.line_no),))
    return qty
