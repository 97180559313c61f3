"""From the shipping dock out of the door: counted again, exit code, waybill.

Three checks stand between an order and the street: the pick (bin and goods scanned), the
verification (everything at the dock scanned again and equal), and the ship act, which
needs the code that hangs at this warehouse's exit and a waybill number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4, uuid5

from psycopg.types.json import Jsonb

from desktop_app.core.errors import EvidenceMissing, UserError
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.posting import ActEntry, DocumentSnapshot
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.scan_codes import ScanResult, parse_scan
from desktop_app.domain.scanned_quantity import quantity_of, settled
from desktop_app.domain.units import ItemUnits
from desktop_app.queries import picking as pick_queries
from desktop_app.queries.picking import PickedItem
from desktop_app.queries.snapshots import get_snapshot
from desktop_app.services import documents, ledger, picking
from desktop_app.services.documents import ActCommand, DocumentRef

ZERO = Decimal(0)


@dataclass(frozen=True)
class Scanned:
    """Goods read at the dock; ``qty`` None: what one scan of the code means.

    ``reads`` are the scans and typed figures that ``qty`` was made of, kept as evidence.
    """

    code: str
    qty: Decimal | None = None
    lot: str = ""
    reads: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Verify:
    """Everything that was scanned at the dock for a shipment."""

    shipment_id: int
    version: int | None
    scans: tuple[Scanned, ...]
    uuid: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Ship:
    """The goods leave: what was scanned at the door and the carrier's waybill number."""

    shipment_id: int
    version: int | None
    exit_code: str
    waybill: str
    carrier: str = ""
    uuid: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Difference:
    """Scanned is not picked; ``line_no`` is None for goods that are not of this shipment."""

    line_no: int | None
    item_code: str
    lot: str
    picked: Decimal
    scanned: Decimal


class VerifyRefused(UserError):
    """The goods at the dock are not what was picked; ``differences`` has one entry per line."""

    code = "shipment.verify_refused"

    def __init__(self, differences: tuple[Difference, ...]) -> None:
        self.differences = differences
        listed = "; ".join(
            f"{d.item_code}{' ' + d.lot if d.lot else ''} {format_quantity(d.scanned)}"
            f"/{format_quantity(d.picked)}"
            for d in differences
        )
        super().__init__(
            N_(
                "The goods at the dock are not what was picked (item, scanned/picked): {listed}."
                " Nothing was verified."
            ),
            listed=listed,
        )


@dataclass(frozen=True)
class _Identified:
    """A scanned code and the goods it names."""

    item_id: int | None
    item_code: str
    lot: str
    qty: Decimal
    read: Mapping[str, str]


def verify(uow: UnitOfWork, command: Verify) -> DocumentRef:
    """Compare what was scanned at the dock with what was picked; equal leads to ``verified``.

    Raises VerifyRefused naming each difference, TransitionRefused, StaleDocument.
    """
    again = documents.result_of(uow, command.uuid)
    if again is not None:
        return again
    shipment = get_snapshot(uow, command.shipment_id)
    uow.attempt = (shipment.id, "verify")
    documents.step_of(shipment, "verify")
    picked = pick_queries.get_sheet(uow, shipment.id).picked
    scanned = _identify(uow, command.scans)
    found = differences(picked, [(s.item_code, s.lot, s.qty) for s in scanned])
    if found:
        raise VerifyRefused(found)
    scans = [
        {
            "code": s.code,
            "item": i.item_code,
            "lot": i.lot,
            "qty": format_quantity(i.qty),
            "reads": [dict(read) for read in s.reads] or [{"code": s.code, **i.read}],
        }
        for s, i in zip(command.scans, scanned, strict=True)
    ]
    return _post_verify(uow, shipment, command.uuid, command.version, scans)


def verify_all(uow: UnitOfWork, shipment_id: int, uuid: UUID, source: str) -> DocumentRef:
    """Declare verified what was picked; ``source`` says who claims so ("replay")."""
    again = documents.result_of(uow, uuid)
    if again is not None:
        return again
    shipment = get_snapshot(uow, shipment_id)
    scans = [
        {"item": p.item_code, "lot": p.lot_code, "qty": format_quantity(p.qty), "source": source}
        for p in pick_queries.get_sheet(uow, shipment_id).picked
    ]
    return _post_verify(uow, shipment, uuid, None, scans)


def _post_verify(
    uow: UnitOfWork,
    shipment: DocumentSnapshot,
    uuid: UUID,
    version: int | None,
    scans: Sequence[Mapping[str, Any]],
) -> DocumentRef:
    documents.take_step(
        uow,
        shipment,
        ActCommand(shipment.id, "verify", version, evidence={"scans": list(scans)}, uuid=uuid),
    )
    uow.attempt = None
    return documents.finish(uow, shipment.id)


def differences(
    picked: Sequence[PickedItem], scanned: Sequence[tuple[str, str, Decimal]]
) -> tuple[Difference, ...]:
    """Where (item, lot, qty) scans differ from what was picked, in order of the lines.

    A scan without a lot counts for the item as a whole; with one, for that lot at most.
    """
    there: dict[str, Decimal] = defaultdict(Decimal)
    by_lot: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    line_of: dict[str, int] = {}
    for row in picked:
        there[row.item_code] += row.qty
        by_lot[row.item_code, row.lot_code.upper()] += row.qty
        line_of.setdefault(row.item_code, row.line_no)
    seen: dict[str, Decimal] = defaultdict(Decimal)
    seen_lot: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for item, lot, qty in scanned:
        seen[item] += qty
        if lot:
            seen_lot[item, lot.upper()] += qty
    found = [
        Difference(line_of.get(item), item, "", there[item], seen[item])
        for item in dict.fromkeys((*there, *seen))
        if there[item] != seen[item]
    ]
    found += [
        Difference(line_of.get(item), item, lot, by_lot[item, lot], qty)
        for (item, lot), qty in seen_lot.items()
        if qty > by_lot[item, lot] and there[item] == seen[item]
    ]
    return tuple(found)


_GOODS = "i.id, i.code, i.uom, i.uom_decimals, i.unit_weight_g"
_KNOWN = (
    f"SELECT b.barcode, b.factor, b.unit, {_GOODS} FROM item_barcode b JOIN item s"
    " ON s.id = b.item_id JOIN item i ON i.id = coalesce(s.merged_into_id, s.id)"
    " WHERE b.barcode = ANY(%(codes)s)"
    f" UNION ALL SELECT s.code, 1, '', {_GOODS} FROM item s"
    " JOIN item i ON i.id = coalesce(s.merged_into_id, s.id) WHERE s.code = ANY(%(codes)s)"
)


def _identify(uow: UnitOfWork, scans: Sequence[Scanned]) -> list[_Identified]:
    """Goods of all scans in one question; an unknown code stays as it was read."""
    parsed = [parse_scan(scan.code) for scan in scans]
    codes = sorted({code for result in parsed for code in _spellings(result)})
    known: dict[str, tuple[Any, ...]] = {}
    for code, *goods in uow.execute(_KNOWN, {"codes": codes}).fetchall():
        known.setdefault(code, tuple(goods))
    return [
        _identified(scan, result, next((known[c] for c in _spellings(result) if c in known), None))
        for scan, result in zip(scans, parsed, strict=True)
    ]


def _identified(scan: Scanned, result: ScanResult, goods: tuple[Any, ...] | None) -> _Identified:
    if goods is None:
        qty = scan.qty if scan.qty is not None else result.qty or Decimal(1)
        return _Identified(None, result.text, scan.lot or result.lot or "", qty, {})
    factor, unit, item_id, item_code, uom, decimals, weight = goods
    amount = quantity_of(result, ItemUnits(uom, decimals, (), weight), unit, factor)
    qty = scan.qty if scan.qty is not None else settled(amount.qty, decimals)
    lot = scan.lot or result.lot or ""
    return _Identified(item_id, item_code, lot, qty, amount.evidence())


def _spellings(result: ScanResult) -> tuple[str, ...]:
    return tuple(dict.fromkeys((result.code, result.text, *result.candidates)))


_DEPART = "SELECT * FROM ship_departure(%s, %s, %s, %s, %s, %s, %s, %s)"


def ship(uow: UnitOfWork, command: Ship) -> DocumentRef:
    """The goods leave the house: dock to customer, the order becomes part or done.

    One wait: the server takes what stands at the dock (``45_sales.sql``), which is what the
    step's posting rule plans of it. Sent twice it is done once.

    Raises EvidenceMissing (no or wrong exit code, no waybill), TransitionRefused when the
    goods are not verified, RuleRefused when a lot has expired meanwhile, StaleDocument.
    """
    uow.attempt = (command.shipment_id, "ship")
    door = parse_scan(command.exit_code)
    waybill = command.waybill.strip()
    if not door.text or not waybill:
        raise _unsaid(uow, command.shipment_id, door=not door.text)
    said = {"exit_code": door.code, "waybill": waybill, "carrier": command.carrier.strip()}
    uow.touch(
        "stock", "document:shipment", f"document:{command.shipment_id}", "document:sales_order"
    )
    with uow.pipeline():
        finished = uow.execute(
            _DEPART,
            (
                command.uuid,
                uuid5(command.uuid, "order"),
                command.shipment_id,
                command.version,
                [spelling.upper() for spelling in _spellings(door)],
                [parse_scan(waybill).code.upper()],
                Jsonb(said),
                uow.announcement(),
            ),
        )
        uow.commit_at_end_of(ship)
    return documents.finished_ref(finished)


def _unsaid(uow: UnitOfWork, shipment_id: int, *, door: bool) -> EvidenceMissing:
    number = uow.scalar("SELECT number FROM document WHERE id = %s", (shipment_id,))
    if door:
        text = N_("{number}: scan the code at the exit of the warehouse. Nothing left the house.")
    else:
        text = N_("{number}: scan or type the waybill number. Nothing left the house.")
    return EvidenceMissing(text, number=number)


def _lock_both(
    uow: UnitOfWork, shipment_id: int
) -> tuple[DocumentSnapshot | None, DocumentSnapshot]:
    """The order, then its shipment: document rows are locked in order of their ids."""
    origin_id = uow.scalar("SELECT origin_id FROM document WHERE id = %s", (shipment_id,))
    order = get_snapshot(uow, origin_id) if origin_id is not None else None
    return order, get_snapshot(uow, shipment_id)


def _tell_order(
    uow: UnitOfWork, order_id: int, verb: str, uuid: UUID, shipment: DocumentSnapshot
) -> None:
    ledger.record_act(
        uow, ledger.ActRow(uuid5(uuid, "order"), order_id, verb, {"shipment": shipment.number})
    )
    uow.touch("document:sales_order", f"document:{order_id}")


def cancel(uow: UnitOfWork, command: ActCommand) -> DocumentRef:
    """Give a picking up (reason needed): goods back to their bins, still reserved.

    The order returns to where it was before its release.
    """
    again = documents.result_of(uow, command.uuid)
    if again is not None:
        return again
    order, shipment = _lock_both(uow, command.document_id)
    uow.attempt = (shipment.id, "cancel")
    documents.step_of(shipment, "cancel")
    entries = _way_back(uow, shipment.id)
    documents.take_step(
        uow,
        shipment,
        ActCommand(
            shipment.id,
            "cancel",
            command.version,
            entries,
            command.evidence,
            command.reason,
            command.uuid,
        ),
    )
    picking.unpin(uow, command.uuid, [line.id for line in shipment.lines])
    if order is not None:
        gone = uow.scalar("SELECT coalesce(sum(qty), 0) FROM line_done(%s, 'ship')", (order.id,))
        _tell_order(
            uow, order.id, "unrelease_part" if gone > 0 else "unrelease", command.uuid, shipment
        )
    uow.attempt = None
    return documents.finish(uow, shipment.id)


def _way_back(uow: UnitOfWork, shipment_id: int) -> tuple[ActEntry, ...]:
    """Everything at the dock, to the bin it was picked from."""
    rows = uow.execute(
        "SELECT m.line_id, m.lot_id, m.box_id, m.from_location_id, m.reservation_id, sum(m.qty)"
        " FROM act a JOIN stock_move m ON m.act_id = a.id WHERE a.document_id = %s"
        " AND a.verb = 'pick' GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5",
        (shipment_id,),
    ).fetchall()
    return tuple(
        ActEntry(line_id, qty, lot_id, box_id, to_location_id=home, reservation_id=reservation_id)
        for line_id, lot_id, box_id, home, reservation_id, qty in rows
    )
