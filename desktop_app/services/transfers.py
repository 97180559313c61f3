"""调拨: goods leave one warehouse, are on the way, and arrive in another by scan.

What does not arrive stays in transit under its document: a dispute, until it is found or
somebody who may adjust stock decides, with a reason, that it is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID, uuid4, uuid5

from desktop_app.core.errors import InsufficientStock, Shortage, UserError
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.allocation import allocate
from desktop_app.domain.posting import ActEntry, DocumentSnapshot, LineSnapshot
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.scanned_quantity import in_both
from desktop_app.queries.picking import ask_candidates, take_candidates
from desktop_app.queries.snapshots import get_snapshot
from desktop_app.services import documents, goods_by_scan
from desktop_app.services.documents import ActCommand, DocumentRef
from desktop_app.services.goods_by_scan import LotAt, Typed, wrong

DECISIONS = ("lost", "scrapped")


@dataclass(frozen=True)
class Arrival:
    """Goods of a transfer that were scanned at the other end.

    ``place`` is the bin they are put into, "" the receiving dock; ``qty`` may be typed in any
    unit; None means what the code says, else everything of them that is still on the way.
    """

    transfer_id: int
    goods: str
    qty: Typed = None
    place: str = ""
    lot: str = ""
    uuid: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Settlement:
    """How a dispute ends for what was not found: ``decision`` lost or scrapped."""

    transfer_id: int
    decision: str
    reason: str
    uuid: UUID = field(default_factory=uuid4)


def ship_out(uow: UnitOfWork, command: ActCommand) -> DocumentRef:
    """Send everything on its way; lines without a bin are taken first expired, first out.

    Raises InsufficientStock naming the lines that nothing could serve.
    """
    again = documents.result_of(uow, command.uuid)
    if again is not None:
        return again
    transfer = get_snapshot(uow, command.document_id)
    if transfer.warehouse_id == transfer.to_warehouse_id:
        raise UserError(N_("Goods of a transfer go to another warehouse; use a bin move here."))
    documents.take_step(
        uow,
        transfer,
        ActCommand(
            transfer.id,
            "ship_out",
            command.version,
            _entries(uow, transfer),
            command.evidence,
            command.reason,
            command.uuid,
        ),
    )
    return documents.finish(uow, transfer.id)


def _entries(uow: UnitOfWork, transfer: DocumentSnapshot) -> tuple[ActEntry, ...]:
    """One entry per place goods are taken from. Raises InsufficientStock."""
    placed = tuple(
        ActEntry(line.id, line.qty, line.lot_id, from_location_id=line.location_id)
        for line in transfer.lines
        if line.location_id is not None
    )
    unplaced = [line for line in transfer.lines if line.location_id is None]
    if not unplaced:
        return placed
    found = take_candidates(
        ask_candidates(uow, sorted({line.item_id for line in unplaced}), transfer.warehouse_id or 0)
    )
    stock = {item: list(places) for item, places in found.by_item.items()}
    proposed: list[ActEntry] = []
    short: list[Shortage] = []
    for line in unplaced:
        places = [
            place
            for place in stock.get(line.item_id, [])
            if not line.lot_id or place.lot_id == line.lot_id
        ]
        if found.now is None:
            short.append(Shortage(line.line_no, line.item_code, line.qty, Decimal(0)))
            continue
        result = allocate(places, line.qty, now=found.now)
        if result.shortage > 0:
            short.append(
                Shortage(line.line_no, line.item_code, line.qty, line.qty - result.shortage)
            )
        for pick in result.picks:
            place = pick.candidate
            proposed.append(
                ActEntry(line.id, pick.qty, place.lot_id, place.box_id, place.location_id)
            )
            known = stock[line.item_id]
            known[known.index(place)] = replace(place, free_qty=place.free_qty - pick.qty)
    if short:
        raise _too_little(short)
    return placed + tuple(proposed)


def _too_little(short: list[Shortage]) -> InsufficientStock:
    first = short[0]
    return InsufficientStock(
        N_("Line {line} {item}: {wanted} wanted, only {available} free in this warehouse."),
        tuple(short),
        line=first.line_no,
        item=first.item_code,
        wanted=format_quantity(first.wanted),
        available=format_quantity(first.available),
    )


def arrive(uow: UnitOfWork, arrival: Arrival) -> DocumentRef:
    """Take goods in at the other warehouse; with the last of them the transfer is received.

    Raises InvalidInput at goods, qty, lot or place; more than is on the way is refused:
    a surplus is counted, never invented.
    """
    transfer = get_snapshot(uow, arrival.transfer_id)
    again = documents.result_of(uow, arrival.uuid)
    if again is not None:
        return again
    documents.step_of(transfer, "arrive")
    goods = goods_by_scan.find_goods(uow, arrival.goods)
    line, lots = _waiting_line(uow, transfer, goods)
    left = sum((lot.qty for lot in lots), Decimal(0))
    qty = goods_by_scan.quantity(goods, arrival.qty, left)
    if qty > left:
        raise wrong(
            "qty",
            N_(
                "Only {left} of {item} are on the way on {number}. Count the surplus;"
                " it belongs to something else."
            ),
            left=in_both(left, goods.units),
            item=goods.code,
            number=transfer.number or "",
        )
    goods_by_scan.check_quantity(goods, qty)
    place = (
        goods_by_scan.find_place(uow, arrival.place, transfer.to_warehouse_id)
        if arrival.place.strip()
        else _usual_place(uow, transfer)
    )
    entry = ActEntry(
        line.id, qty, _lot_that_came(goods, lots, qty, arrival.lot), to_location_id=place
    )
    documents.take_step(
        uow,
        transfer,
        ActCommand(
            transfer.id,
            "arrive",
            entries=(entry,),
            uuid=arrival.uuid,
            evidence={
                "scan": arrival.goods,
                "place": arrival.place,
                "reads": [goods_by_scan.evidence_of(goods, arrival.goods, arrival.qty)],
            },
        ),
    )
    if _on_the_way(uow, transfer.id) == 0:
        documents.take_step(
            uow, transfer, ActCommand(transfer.id, "arrive_rest", uuid=uuid5(arrival.uuid, "rest"))
        )
    return documents.finish(uow, transfer.id)


def _usual_place(uow: UnitOfWork, transfer: DocumentSnapshot) -> int | None:
    """The hold of a quality or defective warehouse, which has no receiving dock; else None."""
    if "to_receiving" in transfer.places:
        return None
    found = uow.scalar(
        "SELECT min(id) FROM location WHERE warehouse_id = %s AND kind = 'hold' AND is_active",
        (transfer.to_warehouse_id,),
    )
    return None if found is None else int(found)


def _waiting_line(
    uow: UnitOfWork, transfer: DocumentSnapshot, goods: goods_by_scan.Handled
) -> tuple[LineSnapshot, list[LotAt]]:
    """The first line of those goods with something on the way, and which lots these are."""
    goods_by_scan.line_for(transfer, goods)
    for line in transfer.lines:
        if line.item_id == goods.item_id:
            lots = goods_by_scan.lots_between(uow, transfer.id, line.id)
            if lots:
                return line, lots
    raise wrong(
        "goods",
        N_("All of {item} on {number} has arrived."),
        item=goods.code,
        number=transfer.number or "",
    )


def _lot_that_came(
    goods: goods_by_scan.Handled, lots: list[LotAt], qty: Decimal, typed: str
) -> int:
    """The lot of ``qty``: goods kept by lot arrive one lot at a time, so labels are read."""
    lot_id = goods_by_scan.choose_lot(goods, lots, typed)
    known = next(lot for lot in lots if lot.lot_id == lot_id)
    if qty > known.qty:
        raise wrong(
            "qty",
            N_("Only {left} of lot {lot} are on the way."),
            left=in_both(known.qty, goods.units),
            lot=known.code,
        )
    return lot_id


def report_difference(uow: UnitOfWork, command: ActCommand) -> DocumentRef:
    """What was sent did not all arrive: the transfer stays open as a dispute (verb dispute)."""
    transfer = get_snapshot(uow, command.document_id)
    again = documents.result_of(uow, command.uuid)
    if again is not None:
        return again
    missing = _on_the_way(uow, transfer.id)
    if missing == 0:
        raise UserError(N_("Everything on {number} has arrived."), number=transfer.number or "")
    documents.take_step(
        uow,
        transfer,
        ActCommand(
            transfer.id,
            "dispute",
            command.version,
            evidence={"missing": str(missing)},
            reason=command.reason,
            uuid=command.uuid,
        ),
    )
    return documents.finish(uow, transfer.id)


def settle(uow: UnitOfWork, settlement: Settlement) -> DocumentRef:
    """Write off what was never found; needs the right to adjust stock and a reason.

    Raises InvalidInput for an unknown decision, TransitionRefused when nothing is disputed.
    """
    if settlement.decision not in DECISIONS:
        raise wrong("decision", N_("Decide: lost or scrapped."))
    transfer = get_snapshot(uow, settlement.transfer_id)
    again = documents.result_of(uow, settlement.uuid)
    if again is not None:
        return again
    target = transfer.places["difference" if settlement.decision == "lost" else "scrap"]
    step = documents.step_of(transfer, "settle")
    entries = tuple(
        ActEntry(line_id, qty, lot_id, to_location_id=target)
        for line_id, lot_id, qty in uow.execute(
            "SELECT line_id, lot_id, qty FROM goods_between(%s) WHERE qty > 0 ORDER BY 1, 2",
            (transfer.id,),
        ).fetchall()
    )
    documents.take_step(
        uow,
        transfer,
        ActCommand(
            transfer.id,
            step.verb,
            entries=entries,
            reason=settlement.reason,
            uuid=settlement.uuid,
            evidence={"decision": settlement.decision},
        ),
    )
    return documents.finish(uow, transfer.id)


def _on_the_way(uow: UnitOfWork, transfer_id: int) -> Decimal:
    return Decimal(
        uow.scalar("SELECT coalesce(sum(qty), 0) FROM goods_between(%s)", (transfer_id,))
    )
