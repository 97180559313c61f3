"""What is looked at before counted goods are received: quantities, lots, over-receipt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from desktop_app.core.errors import ConfirmationRequired, FieldProblem, InvalidInput, UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.domain.quantities import MAX_QUANTITY, format_quantity
from desktop_app.domain.tolerance import Tolerance, check_over_receipt
from desktop_app.queries.receiving import OpenLine, ReceivingView


@dataclass(frozen=True)
class ReceiveEntry:
    """What came for one order line: base units, and for items kept by lot which lot."""

    line_id: int
    qty: Decimal
    lot: str = ""
    expires_at: datetime | None = None
    made_at: datetime | None = None


@dataclass(frozen=True)
class Receive:
    """Everything counted at the dock in one go.

    ``confirmed`` holds keys of questions already answered with yes; ``reason`` says why
    more than ordered is taken. ``reference`` is the supplier's delivery note number.
    """

    order_id: int
    entries: tuple[ReceiveEntry, ...]
    confirmed: frozenset[str] = frozenset()
    reason: str = ""
    reference: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    uuid: UUID = field(default_factory=uuid4)


def merged(entries: Sequence[ReceiveEntry]) -> tuple[ReceiveEntry, ...]:
    """One entry per line and lot: two scans of the same goods add up."""
    found: dict[tuple[int, str], ReceiveEntry] = {}
    for entry in entries:
        key = (entry.line_id, entry.lot.strip())
        known = found.get(key)
        found[key] = replace(
            entry,
            lot=key[1],
            qty=entry.qty + (known.qty if known else Decimal(0)),
            expires_at=entry.expires_at or (known.expires_at if known else None),
            made_at=entry.made_at or (known.made_at if known else None),
        )
    return tuple(found.values())


def check(entries: Sequence[ReceiveEntry], lines: Mapping[int, OpenLine]) -> None:
    """Raises InvalidInput naming line and field, UserError when nothing was counted."""
    if not entries:
        raise UserError(N_("Nothing has been counted yet. Scan the goods or type a quantity."))
    problems: list[FieldProblem] = []
    for entry in entries:
        line = lines.get(entry.line_id)
        if line is None:
            raise UserError(N_("A line does not belong to this order. Open the order again."))
        found = _entry_problem(entry, line)
        if found is not None:
            problems.append(
                FieldProblem(
                    found[0],
                    Message(
                        found[1],
                        {
                            "line": line.line_no,
                            "item": line.item_code,
                            "decimals": line.uom_decimals,
                        },
                    ),
                    line.line_no,
                )
            )
    if problems:
        raise InvalidInput(tuple(problems))


def _entry_problem(entry: ReceiveEntry, line: OpenLine) -> tuple[str, str] | None:
    """(field, sentence) of what is wrong with an entry, or None."""
    qty = entry.qty
    if not qty.is_finite() or abs(qty) > MAX_QUANTITY:
        return "qty", N_("Line {line} {item}: the quantity is too large.")
    if qty <= 0:
        return "qty", N_("Line {line} {item}: the quantity must be above zero.")
    if qty != round(qty, line.uom_decimals):
        return "qty", N_("Line {line} {item}: at most {decimals} decimals.")
    if line.tracking == "none":
        return ("lot", N_("Line {line} {item} is not kept by lot.")) if entry.lot else None
    if not entry.lot:
        return "lot", (
            N_("Line {line} {item}: scan or type the serial number.")
            if line.tracking == "serial"
            else N_("Line {line} {item}: scan or type the lot number.")
        )
    if line.tracking == "serial" and qty != 1:
        return "qty", N_("Line {line} {item}: one serial number is one piece.")
    if entry.expires_at and entry.made_at and entry.expires_at <= entry.made_at:
        return "expires_at", N_("Line {line} {item}: it would expire before it was made.")
    return None


def over_receipt(
    view: ReceivingView, entries: Sequence[ReceiveEntry], command: Receive
) -> list[dict[str, Any]]:
    """What exceeds the order, for the act's evidence. Raises ConfirmationRequired."""
    now: dict[int, Decimal] = defaultdict(Decimal)
    for entry in entries:
        now[entry.line_id] += entry.qty
    tolerance = Tolerance(percent=view.tolerance_pct)
    found = []
    for line in view.lines:
        verdict = check_over_receipt(line.ordered, line.received, now[line.line_id], tolerance)
        if verdict.over <= 0 or not now[line.line_id]:
            continue
        if not verdict.ok:
            _ask_over_receipt(view, line, now[line.line_id], command)
        found.append(
            {
                "line_no": line.line_no,
                "item": line.item_code,
                "ordered": str(line.ordered),
                "received": str(line.received),
                "now": str(now[line.line_id]),
                "over": str(verdict.over),
                "tolerance_pct": str(view.tolerance_pct),
                "asked": not verdict.ok,
            }
        )
    return found


def _ask_over_receipt(view: ReceivingView, line: OpenLine, now: Decimal, command: Receive) -> None:
    key = f"over_receipt:{line.line_no}"
    if key not in command.confirmed:
        raise ConfirmationRequired(
            key,
            N_(
                "Line {line} {item}: {ordered} ordered, {received} received before, {now} now: {over}"
                " more than ordered (tolerance {tolerance}%). Take it anyway?"
            ),
            line=line.line_no,
            item=line.item_code,
            ordered=format_quantity(line.ordered),
            received=format_quantity(line.received),
            now=format_quantity(now),
            over=format_quantity(line.received + now - line.ordered),
            tolerance=format_quantity(view.tolerance_pct),
        )
    if not command.reason.strip():
        raise InvalidInput(
            (
                FieldProblem(
                    "reason", Message(N_("Say why more is taken than was ordered.")), line.line_no
                ),
            )
        )
