"""Deposits, their locks, and the whole way from an order to a shipped parcel in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID, uuid4, uuid5

from desktop_app.core.errors import FieldProblem, InvalidInput, UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.deposits import locked_share
from desktop_app.domain.posting import DocumentSnapshot
from desktop_app.domain.quantities import format_quantity
from desktop_app.queries.sales import paid_and_gross
from desktop_app.queries.snapshots import get_snapshot
from desktop_app.services import documents, ledger, picking, reservations, shipping
from desktop_app.services.documents import ActCommand, DocumentRef
from desktop_app.services.draft_writer import Draft
from desktop_app.services.reservations import ZERO, OpenReservation, OrderLine, Position, Want

CENT = Decimal("0.01")
LARGEST = Decimal("999999999999.99")


@dataclass(frozen=True)
class TakeDeposit:
    """Money taken on an order; its share of every line is locked until the end of ``until``."""

    document_id: int
    version: int | None
    amount: Decimal
    until: date
    reason: str
    uuid: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class ReleaseLock:
    """Give locked stock back. ``lines`` maps line ids to quantities (None: all of the line);
    empty means the whole order."""

    document_id: int
    version: int | None
    reason: str
    lines: Mapping[int, Decimal | None] = field(default_factory=dict)
    uuid: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Shipped:
    """Where :func:`order_and_ship` left the order and its shipment."""

    order: DocumentRef
    shipment: DocumentRef


def take_deposit(uow: UnitOfWork, command: TakeDeposit) -> DocumentRef:
    """Record the deposit and lock the paid share of each line at once, or nothing at all.

    Raises InvalidInput (amount, order without prices), InsufficientStock naming line, item,
    warehouse, quantities and the documents that hold the goods, StaleDocument.
    """
    again = documents.result_of(uow, command.uuid)
    if again is not None:
        return again
    _check_amount(command.amount)
    order = get_snapshot(uow, command.document_id)
    uow.attempt = (order.id, "deposit")
    documents.step_of(order, "deposit")
    position = reservations.lock_position(uow, order)
    paid, gross = paid_and_gross(uow, order.id)
    if gross <= 0:
        raise InvalidInput(
            (
                FieldProblem(
                    "deposit",
                    Message(
                        N_(
                            "This order has no amount, so no share of it can be paid. Give its lines a"
                            " price."
                        )
                    ),
                ),
            )
        )
    wants = _share_wants(position, paid + command.amount, gross)
    reservations.refuse_shortages(uow, order, wants, position.free)
    evidence = {
        "deposit": f"{command.amount.quantize(CENT):f}",
        "until": command.until.isoformat(),
        "locked": _listed(wants),
    }
    with uow.pipeline():
        ledger.record_act(
            uow,
            ledger.ActRow(
                command.uuid,
                order.id,
                "deposit",
                evidence,
                command.reason,
                expected_version=command.version,
            ),
        )
        reservations.insert(uow, command.uuid, order, wants, command.reason, command.until)
    return _finish(uow, order)


def _check_amount(amount: Decimal) -> None:
    text = ""
    if not amount.is_finite() or amount <= 0:
        text = N_("The deposit must be above zero.")
    elif amount > LARGEST or amount != amount.quantize(CENT):
        text = N_("The deposit is an amount with at most two decimals.")
    if text:
        raise InvalidInput((FieldProblem("deposit", Message(text)),))


def _share_wants(position: Position, paid: Decimal, gross: Decimal) -> list[Want]:
    """What is still to be locked so that the paid share of every line is."""
    wants = []
    for line in position.lines:
        share = locked_share(line.qty, paid, gross, line.decimals)
        missing = share - line.shipped - line.reserved
        if missing > 0:
            wants.append(Want(line, missing))
    return wants


def _listed(wants: Sequence[Want]) -> list[dict[str, str | int]]:
    return [
        {"line": w.line.line_no, "item": w.line.item_code, "qty": format_quantity(w.qty)}
        for w in wants
    ]


def _finish(uow: UnitOfWork, order: DocumentSnapshot) -> DocumentRef:
    uow.attempt = None
    uow.touch("stock", "document:sales_order", f"document:{order.id}")
    return documents.finish(uow, order.id)


def release_lock(uow: UnitOfWork, command: ReleaseLock) -> DocumentRef:
    """Give locked stock back deliberately; who, when and why stays on record.

    Goods being picked are not touched. Raises UserError when nothing is locked,
    InvalidInput when more is to be released than is, EvidenceMissing without a reason.
    """
    again = documents.result_of(uow, command.uuid)
    if again is not None:
        return again
    order = get_snapshot(uow, command.document_id)
    uow.attempt = (order.id, "release_deposit")
    documents.step_of(order, "release_deposit")
    position = reservations.lock_position(uow, order)
    released = _to_release(position, command)
    if not released:
        raise UserError(
            N_(
                "{number} has no stock locked that could be released; goods being picked"
                " are given back by cancelling the picking."
            ),
            number=order.number,
        )
    wants = [
        Want(line, sum((q for r, q in released if r.line_id == line.id), ZERO))
        for line in position.lines
        if any(r.line_id == line.id for r, _ in released)
    ]
    with uow.pipeline():
        ledger.record_act(
            uow,
            ledger.ActRow(
                command.uuid,
                order.id,
                "release_deposit",
                {"released": _listed(wants)},
                command.reason,
                expected_version=command.version,
            ),
        )
        reservations.release(
            uow, command.uuid, [r.id for r, _ in released], [q for _, q in released]
        )
    return _finish(uow, order)


def _to_release(position: Position, command: ReleaseLock) -> list[tuple[OpenReservation, Decimal]]:
    """Which part of which reservation to give back, the youngest first."""
    chosen: list[tuple[OpenReservation, Decimal]] = []
    for line in position.lines:
        if command.lines and line.id not in command.lines:
            continue
        held = [
            r for r in reversed(position.reservations) if r.line_id == line.id and r.unpinned > 0
        ]
        wanted = command.lines.get(line.id)
        _check_release(line, wanted)
        rest = sum((r.unpinned for r in held), ZERO) if wanted is None else wanted
        for reservation in held:
            part = min(rest, reservation.unpinned)
            if part > 0:
                chosen.append((reservation, part))
                rest -= part
        if rest > 0:
            raise InvalidInput(
                (
                    FieldProblem(
                        "qty",
                        Message(
                            N_("Line {line}: more is to be released than is locked."),
                            {"line": line.line_no},
                        ),
                        line.line_no,
                    ),
                )
            )
    return chosen


def _check_release(line: OrderLine, wanted: Decimal | None) -> None:
    """Raises InvalidInput when ``wanted`` is no quantity of the line's item."""
    text = ""
    if wanted is not None and (not wanted.is_finite() or wanted <= 0):
        text = N_("Line {line} {item}: the quantity must be above zero.")
    elif wanted is not None and wanted != round(wanted, line.decimals):
        text = N_("Line {line} {item}: at most {decimals} decimals.")
    if text:
        raise InvalidInput(
            (
                FieldProblem(
                    "qty",
                    Message(
                        text,
                        {
                            "line": line.line_no,
                            "item": line.item_code,
                            "decimals": line.decimals,
                        },
                    ),
                    line.line_no,
                ),
            )
        )


def order_and_ship(
    uow: UnitOfWork, draft: Draft, waybill: str, carrier: str = "", source: str = "replay"
) -> Shipped:
    """Order, release, pick, verify and ship in one transaction, through the same steps.

    For business that happened outside the program and is entered afterwards; every act
    says so in its evidence (``source``). All of the order must be in stock.
    """
    order = documents.create(uow, draft)
    shipment = picking.release_to_picking(uow, order.id, None, uuid5(draft.uuid, "shipment"))
    picking.pick_all(uow, shipment.id, uuid5(draft.uuid, "pick"), source)
    shipping.verify_all(uow, shipment.id, uuid5(draft.uuid, "verify"), source)
    door = uow.scalar(
        "SELECT w.exit_code FROM document d JOIN warehouse w ON w.id = d.warehouse_id"
        " WHERE d.id = %s",
        (shipment.id,),
    )
    gone = shipping.ship(
        uow, shipping.Ship(shipment.id, None, door, waybill, carrier, uuid5(draft.uuid, "ship"))
    )
    return Shipped(documents.finish(uow, order.id), gone)


def deposit_step(uow: UnitOfWork, command: ActCommand) -> DocumentRef:
    """:func:`take_deposit` from the evidence that a document page asked for."""
    try:
        amount = Decimal(str(command.evidence.get("deposit", "")))
        until = date.fromisoformat(str(command.evidence.get("until", "")))
    except (InvalidOperation, ValueError) as wrong:
        raise InvalidInput(
            (
                FieldProblem(
                    "deposit", Message(N_("Give the deposit as an amount and its end as a date."))
                ),
            )
        ) from wrong
    return take_deposit(
        uow,
        TakeDeposit(
            command.document_id, command.version, amount, until, command.reason, command.uuid
        ),
    )


def release_lock_step(uow: UnitOfWork, command: ActCommand) -> DocumentRef:
    """:func:`release_lock` of everything the order holds."""
    return release_lock(
        uow, ReleaseLock(command.document_id, command.version, command.reason, uuid=command.uuid)
    )


def release_step(uow: UnitOfWork, command: ActCommand) -> DocumentRef:
    """:func:`picking.release_to_picking` from a document page."""
    return picking.release_to_picking(
        uow, command.document_id, command.version, command.uuid, command.confirmed
    )
