"""Receiving goods of a purchase order and putting them away (收货与上架).

Each public function is one transaction and is sent twice without harm (client uuid).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID, uuid4, uuid5

from desktop_app.core.errors import (
    ConfirmationRequired,
    FieldProblem,
    InvalidInput,
    NotFound,
    UserError,
)
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.posting import ActEntry, DocumentSnapshot, LineSnapshot
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.scan_codes import ScanResult, parse_scan
from desktop_app.queries.receiving import (
    RECEIVABLE,
    Goods,
    OpenLine,
    PutAwayView,
    ReceivingView,
    order_id_of,
    put_away_view,
    receipt_id_of,
    receiving_view,
    refuse_closed,
)
from desktop_app.queries.snapshots import get_snapshot, open_quantities
from desktop_app.services import documents, master_data, party_items
from desktop_app.services.documents import ActCommand, DocumentRef, Draft
from desktop_app.services.receiving_checks import (
    Receive as Receive,
    ReceiveEntry as ReceiveEntry,
    check,
    merged,
    over_receipt,
)


@dataclass(frozen=True)
class Received:
    """Where a receipt left things. ``order_state`` is part or done."""

    receipt: DocumentRef
    order_state: str


@dataclass(frozen=True)
class PutAway:
    """``qty`` base units of a receipt line go from the dock into the scanned bin.

    ``reads`` are the codes and typed figures that ``qty`` was made of, kept as evidence.
    """

    receipt_id: int
    line_id: int
    bin_code: str
    qty: Decimal
    uuid: UUID = field(default_factory=uuid4)
    reads: tuple[Mapping[str, str], ...] = ()


def open_order(uow: UnitOfWork, code: str | int) -> ReceivingView:
    """The order of a scanned number or id, if goods can be received on it.

    Raises NotFound for an unknown number, UserError when it is not approved or is done.
    """
    order_id = code if isinstance(code, int) else order_id_of(uow, parse_scan(code).text)
    if order_id is None:
        raise NotFound(N_("{code} is no purchase order here."), code=code)
    view = receiving_view(uow, order_id)
    if view.state not in RECEIVABLE:
        raise refuse_closed(view.number, view.state)
    return view


def open_receipt(uow: UnitOfWork, code: str | int) -> PutAwayView:
    """The receipt of a scanned number or id, for putting its goods away. Raises NotFound."""
    receipt_id = code if isinstance(code, int) else receipt_id_of(uow, parse_scan(code).text)
    if receipt_id is None:
        raise NotFound(N_("{code} is no purchase receipt here."), code=code)
    return put_away_view(uow, receipt_id)


def identify(
    uow: UnitOfWork, code: str | ScanResult, document_id: int | None = None
) -> Goods | None:
    """The item a code names, with lot, expiry and quantity where the code tells them.

    On the goods of a document its partner's own item codes count too.
    """
    scan = parse_scan(code) if isinstance(code, str) else code
    party_id = (
        uow.scalar("SELECT party_id FROM document WHERE id = %s", (document_id,))
        if document_id is not None
        else None
    )
    target = party_items.resolve_for(uow, scan, party_id)
    if target is None or target.kind != "item":
        return None
    item_code, name, uom = uow.execute(
        "SELECT code, name, uom FROM item WHERE id = %s", (target.id,)
    ).fetchone() or ("", "", "")
    amount = target.amount
    return Goods(
        target.id,
        item_code,
        name,
        uom,
        target.qty,
        target.qty if amount is not None and amount.told else None,
        scan.lot or scan.serial or "",
        scan.expiry,
        amount,
    )


def receive(uow: UnitOfWork, command: Receive) -> Received:
    """Post a receipt at the dock and tell the order what is still open.

    Raises InvalidInput naming line and field, ConfirmationRequired (``over_receipt:<line
    no>``, ``expired:<line no>``), UserError when the order is not open for receiving.
    """
    order = get_snapshot(uow, command.order_id)
    again = documents.result_of(uow, command.uuid)
    if again is not None:
        return Received(again, _state(uow, order.id))
    uow.attempt = (order.id, "receive")
    view = receiving_view(uow, order.id)
    if order.state not in RECEIVABLE:
        raise refuse_closed(view.number, order.state)
    lines = {line.line_id: line for line in view.lines}
    entries = merged(command.entries)
    check(entries, lines)
    over = over_receipt(view, entries, command)
    draft = _draft(uow, order, entries, lines, command)
    evidence = {**command.evidence, **({"over_receipt": over} if over else {})}
    receipt = documents.create_and_act(
        uow,
        draft,
        ActCommand(
            0,
            "receive",
            evidence=evidence,
            reason=command.reason,
            uuid=uuid5(command.uuid, "post"),
        ),
    )
    return Received(receipt, _tell_order(uow, order, command.uuid, receipt.number))


def receive_draft(uow: UnitOfWork, command: ActCommand) -> DocumentRef:
    """Post a receipt that was written by hand or generated from its order on a page.

    The same rules as at the station: the order is told and over-receipt asks. A receipt
    without an order is simply posted. Raises what :func:`receive` raises.
    """
    again = documents.result_of(uow, command.uuid)
    if again is not None:
        return again
    order_id = uow.scalar("SELECT origin_id FROM document WHERE id = %s", (command.document_id,))
    if order_id is None:
        return documents.act(uow, command)
    order = get_snapshot(uow, order_id)
    receipt = get_snapshot(uow, command.document_id)
    view = receiving_view(uow, order_id)
    if order.state not in RECEIVABLE:
        raise refuse_closed(view.number, order.state)
    entries = tuple(
        ReceiveEntry(line.origin_line_id, line.qty)
        for line in receipt.lines
        if line.origin_line_id is not None
    )
    over = over_receipt(
        view, entries, Receive(order_id, entries, frozenset(command.confirmed), command.reason)
    )
    evidence = {**command.evidence, **({"over_receipt": over} if over else {})}
    documents.take_step(uow, receipt, replace(command, evidence=evidence))
    _tell_order(uow, order, command.uuid, receipt.number or "")
    return documents.finish(uow, receipt.id)


def put_away(uow: UnitOfWork, command: PutAway) -> DocumentRef:
    """Move goods from the dock into a bin; the last one closes the receipt.

    Raises UserError for a place of another warehouse, an unknown bin, or more than lies
    at the dock; InsufficientStock when somebody else took the goods meanwhile.
    """
    receipt = get_snapshot(uow, command.receipt_id)
    again = documents.result_of(uow, command.uuid)
    if again is not None:
        return again
    uow.attempt = (receipt.id, "put_away")
    documents.step_of(receipt, "put_away")
    line = _line(receipt, command.line_id)
    bin_id, _code = find_bin(uow, command.bin_code, receipt.warehouse_id)
    _check_put_away(line, command.qty)
    _check_decimals(uow, line, command.qty)
    documents.take_step(
        uow,
        receipt,
        ActCommand(
            receipt.id,
            "put_away",
            uuid=command.uuid,
            entries=(ActEntry(line.id, command.qty, line.lot_id, to_location_id=bin_id),),
            evidence={"scan": command.bin_code, "reads": [dict(read) for read in command.reads]},
        ),
    )
    left = open_quantities(uow, receipt.id, "put_away")
    if all(qty <= 0 for qty in left.values()):
        documents.take_step(
            uow,
            receipt,
            ActCommand(
                receipt.id,
                "put_away_rest",
                uuid=uuid5(command.uuid, "rest"),
            ),
        )
    return documents.finish(uow, receipt.id)


def _draft(
    uow: UnitOfWork,
    order: DocumentSnapshot,
    entries: Sequence[ReceiveEntry],
    lines: Mapping[int, OpenLine],
    command: Receive,
) -> Draft:
    head = {
        "party_id": order.party_id,
        "warehouse_id": order.warehouse_id,
        "reference": command.reference,
    }
    made = []
    for entry in sorted(entries, key=lambda e: (lines[e.line_id].line_no, e.lot)):
        line = lines[entry.line_id]
        lot_id = _lot(uow, line, entry, command.confirmed) if entry.lot else 0
        made.append(
            {
                "item_id": line.item_id,
                "qty": entry.qty,
                "lot_id": lot_id,
                "origin_line_id": line.line_id,
            }
        )
    return Draft("purchase_receipt", head, tuple(made), order.id, uuid=command.uuid)


def _lot(uow: UnitOfWork, line: OpenLine, entry: ReceiveEntry, confirmed: frozenset[str]) -> int:
    """The lot of an entry, created when new. Asks before expired goods are taken in."""
    try:
        lot_id = master_data.save_lot(
            uow, line.item_id, entry.lot, expires_at=entry.expires_at, made_at=entry.made_at
        )
    except InvalidInput as error:
        raise InvalidInput(
            tuple(FieldProblem(p.field, p.message, line.line_no) for p in error.problems)
        ) from error
    key = f"expired:{line.line_no}"
    if key not in confirmed and uow.scalar(
        "SELECT expires_at <= clock_timestamp() FROM lot WHERE id = %s", (lot_id,)
    ):
        raise ConfirmationRequired(
            key,
            N_(
                "Line {line} {item}: lot {lot} has expired already. Take it in anyway? It can"
                " not be sold."
            ),
            line=line.line_no,
            item=line.item_code,
            lot=entry.lot,
        )
    return lot_id


def _tell_order(uow: UnitOfWork, order: DocumentSnapshot, uuid: UUID, number: str) -> str:
    """Record on the order that goods came; returns its new state."""
    left = open_quantities(uow, order.id, "receive")
    verb = "receive_part" if any(qty > 0 for qty in left.values()) else "receive_rest"
    step = documents.take_step(
        uow,
        order,
        ActCommand(
            order.id,
            verb,
            evidence={"receipt": number},
            uuid=uuid5(uuid, "order"),
        ),
    )
    return step.target


def _state(uow: UnitOfWork, document_id: int) -> str:
    return str(uow.scalar("SELECT state FROM document WHERE id = %s", (document_id,)))


def _line(receipt: DocumentSnapshot, line_id: int) -> LineSnapshot:
    try:
        return receipt.line(line_id)
    except KeyError as missing:
        raise UserError(N_("These goods are not on {number}."), number=receipt.number) from missing


def find_bin(uow: UnitOfWork, code: str, warehouse_id: int | None) -> tuple[int, str]:
    """Id and code of the scanned bin. Raises UserError naming what it is instead."""
    scan = parse_scan(code)
    codes = list(dict.fromkeys((scan.text, scan.code, *scan.candidates)))
    row = uow.execute(
        "SELECT l.id, l.kind, l.is_active, l.warehouse_id, w.name, l.code FROM location l"
        " LEFT JOIN warehouse w ON w.id = l.warehouse_id WHERE l.code = ANY(%s)"
        " ORDER BY l.kind <> 'bin' LIMIT 1",
        (codes,),
    ).fetchone()
    if row is None:
        raise UserError(N_("{code} is no bin here."), code=scan.text)
    bin_id, kind, active, owner_id, warehouse, name = row
    if kind != "bin" or not active:
        raise UserError(N_("{code} is no bin that goods may be put into."), code=name)
    if owner_id != warehouse_id:
        raise UserError(
            N_(
                "Bin {code} belongs to {warehouse}. These goods arrived in another warehouse;"
                " use a transfer to bring them there."
            ),
            code=name,
            warehouse=warehouse,
        )
    return int(bin_id), str(name)


def _check_decimals(uow: UnitOfWork, line: LineSnapshot, qty: Decimal) -> None:
    """Raises InvalidInput for a part of a piece; whole numbers need no question."""
    if qty == qty.to_integral_value():
        return
    decimals = uow.scalar("SELECT uom_decimals FROM item WHERE id = %s", (line.item_id,))
    if qty != round(qty, decimals):
        told = Message(
            N_("Line {line} {item}: at most {decimals} decimals."),
            {"line": line.line_no, "item": line.item_code, "decimals": decimals},
        )
        raise InvalidInput((FieldProblem("qty", told, line.line_no),))


def _check_put_away(line: LineSnapshot, qty: Decimal) -> None:
    left = line.done_by("receive") - line.done_by("put_away")
    if not qty.is_finite() or qty <= 0:
        raise InvalidInput(
            (FieldProblem("qty", Message(N_("The quantity must be above zero.")), line.line_no),)
        )
    if qty > left:
        raise InvalidInput(
            (
                FieldProblem(
                    "qty",
                    Message(
                        N_(
                            "Line {line} {item}: {received} received, {done} put away already; {qty} is more"
                            " than the {left} at the dock."
                        ),
                        {
                            "line": line.line_no,
                            "item": line.item_code,
                            "received": format_quantity(line.done_by("receive")),
                            "done": format_quantity(line.done_by("put_away")),
                            "qty": format_quantity(qty),
                            "left": format_quantity(left),
                        },
                    ),
                    line.line_no,
                ),
            )
        )
