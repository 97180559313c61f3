"""From an approved order to goods at the shipping dock, by scan.

``release_to_picking`` pins goods to bins and lots (first expired first) and makes the
shipment; ``pick`` takes one scan of bin, goods and quantity; what a bin does not hold is
fetched elsewhere (``relocate``) or closed short with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4, uuid5

from desktop_app.core.errors import ConfirmationRequired, InsufficientStock, NotFound, UserError
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain import allocation
from desktop_app.domain.allocation import Candidate
from desktop_app.domain.posting import ActEntry, DocumentSnapshot
from desktop_app.domain.quantities import format_quantity
from desktop_app.queries import picking as pick_queries
from desktop_app.queries.picking import Pin
from desktop_app.queries.snapshots import ask_snapshot, get_snapshot, take_snapshot
from desktop_app.services import documents, draft_writer, ledger, reservations
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.documents import ActCommand, DocumentRef
from desktop_app.services.draft_writer import Draft
from desktop_app.services.pick_scans import PickScan, check_scan, expected_pins
from desktop_app.services.reservations import ZERO, OrderLine, Position, Want

PART_RELEASE = "part_release"


@dataclass(frozen=True)
class Pick:
    """One scan at a bin: what was read there. ``qty`` None: what one scan of the code means.

    ``reads`` are the codes and typed figures that ``qty`` was made of, kept as evidence.
    """

    shipment_id: int
    line_id: int
    bin_code: str
    item_code: str
    qty: Decimal | None = None
    lot: str = ""
    uuid: UUID = field(default_factory=uuid4)
    reads: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Relocate:
    """The bin does not hold what the plan says: fetch the rest elsewhere, and say why."""

    shipment_id: int
    line_id: int
    location_id: int
    reason: str
    uuid: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class _Planned:
    """One shipment line to be: these goods of that order line, pinned to this place."""

    line: OrderLine
    candidate: Candidate
    qty: Decimal


def release_to_picking(
    uow: UnitOfWork,
    order_id: int,
    version: int | None,
    uuid: UUID,
    confirmed: Sequence[str] = (),
) -> DocumentRef:
    """Pin the order's open quantities to bins and make the shipment; returns its reference.

    What a deposit has locked is used first, the rest is reserved now as far as it is free.
    Raises ConfirmationRequired("part_release") naming the short lines, InsufficientStock
    when nothing can be picked, TransitionRefused, StaleDocument.
    """
    again = documents.result_of(uow, uuid)
    if again is not None:
        return again
    order = get_snapshot(uow, order_id)
    uow.attempt = (order.id, "release")
    documents.step_of(order, "release")
    position = reservations.lock_position(uow, order)
    planned = _plan(position)
    _check_short(uow, order, position, planned, confirmed)
    shipment = _post_release(uow, order, version, uuid, position, planned)
    uow.attempt = None
    uow.touch("stock", "document:sales_order", f"document:{order.id}", "document:shipment")
    return shipment


def _plan(position: Position) -> list[_Planned]:
    """Which bins serve which lines; first expired first, along the walk."""
    free = dict(position.free)
    bins = {item: list(found) for item, found in position.candidates.by_item.items()}
    planned: list[tuple[OrderLine, allocation.Pick]] = []
    for line in position.lines:
        there = free.get(line.item_id, ZERO)
        wanted = min(line.open, line.reserved + there)
        if wanted <= 0 or position.candidates.now is None:
            continue
        candidates = bins.get(line.item_id, [])
        result = allocation.allocate(candidates, wanted, now=position.candidates.now)
        got = wanted - result.shortage
        free[line.item_id] = there - max(got - line.reserved, ZERO)
        bins[line.item_id] = _without(candidates, result.picks)
        planned += [(line, pick) for pick in result.picks]
    line_of = {id(pick): line for line, pick in planned}
    walk = allocation.walking_order(pick for _, pick in planned)
    return [_Planned(line_of[id(pick)], pick.candidate, pick.qty) for pick in walk]


def _without(candidates: Sequence[Candidate], picks: Iterable[allocation.Pick]) -> list[Candidate]:
    taken = {id(pick.candidate): pick.qty for pick in picks}
    return [
        replace(candidate, free_qty=candidate.free_qty - taken.get(id(candidate), ZERO))
        for candidate in candidates
    ]


def _got(planned: Sequence[_Planned]) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for plan in planned:
        found[plan.line.id] = found.get(plan.line.id, ZERO) + plan.qty
    return found


def _check_short(
    uow: UnitOfWork,
    order: DocumentSnapshot,
    position: Position,
    planned: Sequence[_Planned],
    confirmed: Sequence[str],
) -> None:
    got = _got(planned)
    short = [line for line in position.lines if got.get(line.id, ZERO) < line.open]
    if not planned:
        wants = [Want(line, line.open - line.reserved) for line in short]
        reservations.refuse_shortages(uow, order, wants, position.free)
        raise InsufficientStock(
            N_("{number}: none of its goods lies in a bin it can be picked from."),
            number=order.number,
        )
    if short and PART_RELEASE not in confirmed:
        lines = "; ".join(
            f"{line.line_no} {line.item_code} {format_quantity(got.get(line.id, ZERO))}"
            f"/{format_quantity(line.open)}"
            for line in short
        )
        raise ConfirmationRequired(
            PART_RELEASE,
            N_(
                "Only a part can be picked now (line, item, there/wanted): {lines}. Pick what is"
                " there and ship the rest later?"
            ),
            lines=lines,
        )


def _post_release(
    uow: UnitOfWork,
    order: DocumentSnapshot,
    version: int | None,
    uuid: UUID,
    position: Position,
    planned: Sequence[_Planned],
) -> DocumentRef:
    got = _got(planned)
    wants = [Want(line, got.get(line.id, ZERO) - line.reserved) for line in position.lines]
    release_uuid = uuid5(uuid, "release")
    with uow.pipeline():
        ledger.record_act(
            uow, ledger.ActRow(release_uuid, order.id, "release", expected_version=version)
        )
        made = reservations.insert(uow, release_uuid, order, wants, "picking")
        draft_writer.insert(uow, DOCUMENT_TYPES["shipment"], _shipment_draft(order, planned))
        asked = ask_snapshot(uow, None)
    shipment = take_snapshot(asked)
    pools = _pools(position, made.fetchall() if made else [], wants)
    _allocate(uow, uuid, shipment, planned, pools)
    return documents.finish(uow, shipment.id)


def _shipment_draft(order: DocumentSnapshot, planned: Sequence[_Planned]) -> Draft:
    lines = tuple(
        {
            "item_id": plan.line.item_id,
            "qty": plan.qty,
            "lot_id": plan.candidate.lot_id,
            "location_id": plan.candidate.location_id,
            "origin_line_id": plan.line.id,
        }
        for plan in planned
    )
    head = {"party_id": order.party_id, "warehouse_id": order.warehouse_id}
    return Draft("shipment", head, lines, order.id)


def _pools(
    position: Position, made: Sequence[tuple[int, int]], wants: Sequence[Want]
) -> dict[int, list[list[int | Decimal]]]:
    """Order line id to [reservation id, what it can still pin], the oldest first."""
    new = {want.line.id: want.qty for want in wants}
    pools: dict[int, list[list[int | Decimal]]] = {}
    for held in position.reservations:
        pools.setdefault(held.line_id, []).append([held.id, held.unpinned])
    for reservation_id, line_id in made:
        pools.setdefault(line_id, []).append([reservation_id, new[line_id]])
    return pools


def _allocate(
    uow: UnitOfWork,
    uuid: UUID,
    shipment: DocumentSnapshot,
    planned: Sequence[_Planned],
    pools: dict[int, list[list[int | Decimal]]],
) -> None:
    rows = []
    for line, plan in zip(shipment.lines, planned, strict=True):
        rest = plan.qty
        for pool in pools[plan.line.id]:
            part = min(rest, Decimal(pool[1]))
            if part > 0:
                pool[1] -= part
                rest -= part
                rows.append(
                    (
                        int(pool[0]),
                        line.id,
                        plan.candidate.location_id,
                        plan.candidate.lot_id,
                        plan.candidate.box_id,
                        part,
                    )
                )
    with uow.pipeline():
        ledger.record_act(uow, ledger.ActRow(uuid, shipment.id, "create"))
        pin(uow, uuid, rows)


def pin(
    uow: UnitOfWork, act_uuid: UUID, rows: Sequence[tuple[int, int, int, int, int, Decimal]]
) -> None:
    """Pin (reservation, line, location, lot, box, qty) rows by an act just recorded."""
    if rows:
        uow.execute(
            "SELECT allocate((SELECT id FROM act WHERE uuid = %s), %s::bigint[], %s::bigint[],"
            " %s::bigint[], %s::bigint[], %s::bigint[], %s::numeric[])",
            (act_uuid, *[list(column) for column in zip(*rows, strict=True)]),
        )


def unpin(uow: UnitOfWork, act_uuid: UUID, lines: Sequence[int]) -> None:
    """Take every pin off these shipment lines by an act just recorded."""
    uow.execute(
        "SELECT deallocate((SELECT id FROM act WHERE uuid = %s), %s::bigint[])",
        (act_uuid, list(lines)),
    )


def pick(uow: UnitOfWork, command: Pick) -> DocumentRef:
    """Take goods from a bin to the shipping dock. State ``picked`` once all lines are.

    Raises WrongScan saying what was expected (bin, item, lot or quantity), and
    InsufficientStock when the bin does not hold it.
    """
    again = documents.result_of(uow, command.uuid)
    if again is not None:
        return again
    shipment = get_snapshot(uow, command.shipment_id)
    uow.attempt = (shipment.id, "pick")
    documents.step_of(shipment, "pick")
    waiting = expected_pins(pick_queries.pins(uow, shipment.id), command.line_id)
    scan = PickScan(command.bin_code, command.item_code, command.qty, command.lot)
    checked = check_scan(uow, shipment, waiting, scan)
    evidence = {
        "bin": checked.bin_code,
        "item": checked.item_code,
        "lot": checked.lot_code,
        "qty": format_quantity(checked.qty),
        "code": command.item_code,
        "reads": [dict(read) for read in command.reads] or [dict(checked.read)],
    }
    return _post_pick(uow, shipment, command.uuid, _entries(checked.pins, checked.qty), [evidence])


def pick_all(uow: UnitOfWork, shipment_id: int, uuid: UUID, source: str) -> DocumentRef:
    """Pick everything that is pinned at once; ``source`` says who claims so ("replay").

    For goods handled outside the program whose documents are entered later.
    """
    again = documents.result_of(uow, uuid)
    if again is not None:
        return again
    shipment = get_snapshot(uow, shipment_id)
    documents.step_of(shipment, "pick")
    waiting = [found for found in pick_queries.pins(uow, shipment.id) if not found.staged]
    scans = [
        {
            "bin": found.location_code,
            "lot": found.lot_code,
            "source": source,
            "qty": format_quantity(found.qty),
        }
        for found in waiting
    ]
    entries = tuple(_entry(found, found.qty) for found in waiting)
    return _post_pick(uow, shipment, uuid, entries, scans)


def _post_pick(
    uow: UnitOfWork,
    shipment: DocumentSnapshot,
    uuid: UUID,
    entries: tuple[ActEntry, ...],
    scans: Sequence[Mapping[str, Any]],
) -> DocumentRef:
    documents.take_step(
        uow,
        shipment,
        ActCommand(
            shipment.id, "pick", entries=entries, evidence={"scans": list(scans)}, uuid=uuid
        ),
    )
    picked = {line.id: line.done_by("pick") for line in shipment.lines}
    for entry in entries:
        picked[entry.line_id] += entry.qty
    if all(picked[line.id] >= line.qty for line in shipment.lines):
        ledger.record_act(uow, ledger.ActRow(uuid5(uuid, "rest"), shipment.id, "pick_rest"))
        uow.touch("document:shipment")
    uow.attempt = None
    return documents.finish(uow, shipment.id)


def _entry(found: Pin, qty: Decimal) -> ActEntry:
    return ActEntry(
        found.line_id,
        qty,
        found.lot_id,
        found.box_id,
        from_location_id=found.location_id,
        reservation_id=found.reservation_id,
    )


def _entries(pins: Sequence[Pin], qty: Decimal) -> tuple[ActEntry, ...]:
    """``qty`` spread over the reservations that hold it."""
    entries, rest = [], qty
    for found in pins:
        part = min(rest, found.qty)
        if part > 0:
            entries.append(_entry(found, part))
            rest -= part
    return tuple(entries)


def relocate(uow: UnitOfWork, command: Relocate) -> DocumentRef:
    """Plan the rest of a line from other bins than the one that is short; reason needed.

    Raises InsufficientStock when no other bin has any, EvidenceMissing without a reason.
    """
    again = documents.result_of(uow, command.uuid)
    if again is not None:
        return again
    shipment = get_snapshot(uow, command.shipment_id)
    uow.attempt = (shipment.id, "repick")
    documents.step_of(shipment, "repick")
    pins = [p for p in pick_queries.pins(uow, shipment.id) if p.line_id == command.line_id]
    missing = [p for p in pins if p.location_id == command.location_id and not p.staged]
    if not missing:
        raise NotFound(N_("Nothing is left to pick there for this line."))
    item_id = missing[0].item_id
    with uow.pipeline():
        uow.execute("SELECT lock_balances('{}', '{}', '{}', '{}', %s::bigint[])", ([item_id],))
        asked = pick_queries.ask_candidates(uow, [item_id], shipment.warehouse_id or 0)
    elsewhere = pick_queries.take_candidates(asked)
    rows = _elsewhere(elsewhere, missing, command.location_id)
    rows += [_row(p, p.qty) for p in pins if p not in missing]
    with uow.pipeline():
        ledger.record_act(
            uow,
            ledger.ActRow(
                command.uuid,
                shipment.id,
                "repick",
                {"bin": missing[0].location_code, "line": shipment.line(command.line_id).line_no},
                command.reason,
            ),
        )
        unpin(uow, command.uuid, [command.line_id])
        pin(uow, command.uuid, rows)
    uow.attempt = None
    uow.touch("stock", "document:shipment", f"document:{shipment.id}")
    return documents.finish(uow, shipment.id)


def _row(found: Pin, qty: Decimal) -> tuple[int, int, int, int, int, Decimal]:
    return (found.reservation_id, found.line_id, found.location_id, found.lot_id, found.box_id, qty)


def _elsewhere(
    candidates: pick_queries.Candidates, missing: Sequence[Pin], avoid: int
) -> list[tuple[int, int, int, int, int, Decimal]]:
    """Pins of the missing quantity at other bins; what none of them has stays where it was."""
    wanted = sum((p.qty for p in missing), ZERO)
    others = [c for c in candidates.by_item.get(missing[0].item_id, ()) if c.location_id != avoid]
    if candidates.now is None or not others:
        raise _nowhere(missing[0])
    picks = list(allocation.allocate(others, wanted, now=candidates.now).picks)
    if not picks:
        raise _nowhere(missing[0])
    rows, left = [], {id(p): p.qty for p in picks}
    for held in missing:
        rest = held.qty
        for chosen in picks:
            part = min(rest, left[id(chosen)])
            if part > 0:
                left[id(chosen)] -= part
                rest -= part
                place = chosen.candidate
                rows.append(
                    (
                        held.reservation_id,
                        held.line_id,
                        place.location_id,
                        place.lot_id,
                        place.box_id,
                        part,
                    )
                )
        if rest > 0:
            rows.append(_row(held, rest))
    return rows


def _nowhere(found: Pin) -> InsufficientStock:
    return InsufficientStock(
        N_(
            "No other bin has these goods. Pick what {bin} holds, then close the picking short with"
            " a reason, and count {bin}."
        ),
        bin=found.location_code,
    )


def pick_short(uow: UnitOfWork, command: ActCommand) -> DocumentRef:
    """Close the picking with less than planned (reason needed); the rest stays reserved.

    Raises UserError when nothing was picked at all, EvidenceMissing without a reason.
    """
    again = documents.result_of(uow, command.uuid)
    if again is not None:
        return again
    shipment = get_snapshot(uow, command.document_id)
    uow.attempt = (shipment.id, "pick_short")
    documents.step_of(shipment, "pick_short")
    pins = pick_queries.pins(uow, shipment.id)
    staged = [found for found in pins if found.staged]
    if not staged:
        raise UserError(
            N_("Nothing was picked for {number}; cancel the picking instead."),
            number=shipment.number,
        )
    open_lines = {found.line_id for found in pins if not found.staged}
    with uow.pipeline():
        ledger.record_act(
            uow,
            ledger.ActRow(
                command.uuid,
                shipment.id,
                "pick_short",
                command.evidence,
                command.reason,
                expected_version=command.version,
            ),
        )
        if open_lines:
            unpin(uow, command.uuid, sorted(open_lines))
            pin(uow, command.uuid, [_row(p, p.qty) for p in staged if p.line_id in open_lines])
    uow.attempt = None
    uow.touch("stock", "document:shipment", f"document:{shipment.id}")
    return documents.finish(uow, shipment.id)
