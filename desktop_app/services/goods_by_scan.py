"""What a person at a station has in hand: scanned places, goods and lots, made sure of.

For stations that work on the lines of one document (issue, transfer, return). Each function
refuses with a sentence that names the code, so that a wrong scan is heard at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from desktop_app.core.errors import FieldProblem, InvalidInput, UserError
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.posting import NO_LOT, DocumentSnapshot, LineSnapshot
from desktop_app.domain.quantities import MAX_QUANTITY
from desktop_app.domain.scan_codes import parse_scan
from desktop_app.domain.scanned_quantity import ScannedQuantity, settled
from desktop_app.domain.units import ItemUnits, read_entry
from desktop_app.queries.items import units_of
from desktop_app.services import scanning

PLACES = ("bin", "receiving", "hold")
Typed = Decimal | str | None
"""A quantity as it comes from a field: base units, a text in any unit, or nothing."""


@dataclass(frozen=True)
class Handled:
    """An item as it was scanned; ``amount`` is what one scan of that code means."""

    item_id: int
    code: str
    tracking: str
    units: ItemUnits
    lot: str
    amount: ScannedQuantity

    @property
    def decimals(self) -> int:
        """Decimal places of the base unit."""
        return self.units.decimals


@dataclass(frozen=True)
class LotAt:
    """How much of a lot lies somewhere."""

    lot_id: int
    code: str
    qty: Decimal


def wrong(field: str, text: str, /, **values: object) -> InvalidInput:
    """A refusal that belongs beside one field of the station."""
    return InvalidInput((FieldProblem(field, Message(text, dict(values))),))


def find_place(uow: UnitOfWork, code: str, warehouse_id: int | None, field: str = "place") -> int:
    """The bin or dock of that code in that warehouse. Raises InvalidInput at ``field``."""
    scan = parse_scan(code)
    codes = [text.upper() for text in (scan.text, scan.code, *scan.candidates)]
    row = uow.execute(
        "SELECT l.id, l.kind, l.warehouse_id, w.name, l.code FROM location l LEFT JOIN warehouse w"
        " ON w.id = l.warehouse_id WHERE upper(l.code) = ANY(%s) AND l.is_active LIMIT 1",
        (codes,),
    ).fetchone()
    if row is None or row[1] not in PLACES:
        raise wrong(field, N_("{code} is no bin here."), code=scan.text)
    if row[2] != warehouse_id:
        raise wrong(
            field,
            N_("{code} belongs to {warehouse}, not to the warehouse of this document."),
            code=row[4],
            warehouse=row[3],
        )
    return int(row[0])


def find_goods(uow: UnitOfWork, code: str) -> Handled:
    """The item a scanned or typed code means. Raises InvalidInput at ``goods``."""
    scan = parse_scan(code)
    target = scanning.resolve(uow, scan)
    if target is None or target.kind != "item":
        raise wrong("goods", N_("Nobody here knows the code {code}."), code=scan.text)
    row = uow.execute("SELECT code, tracking FROM item WHERE id = %s", (target.id,)).fetchone()
    assert row is not None
    return Handled(
        target.id,
        row[0],
        row[1],
        units_of(uow, [target.id])[target.id],
        scan.lot or scan.serial or "",
        target.amount or ScannedQuantity(target.qty),
    )


def units_for(uow: UnitOfWork, code: str) -> ItemUnits:
    """The units of the goods a code means. Raises InvalidInput at ``goods``."""
    return find_goods(uow, code).units


def quantity(goods: Handled, typed: Typed, otherwise: Decimal) -> Decimal:
    """How much is meant: what was typed ("12", "2箱3"), else what the code says, else all.

    A box's code says a box; a code of single pieces says nothing, so ``otherwise`` counts.
    Raises InvalidInput at ``qty``.
    """
    if isinstance(typed, str) and typed.strip():
        return read_entry(typed, goods.units).qty
    if isinstance(typed, Decimal):
        return typed
    return otherwise if goods.amount.is_one else settled(goods.amount.qty, goods.decimals)


def evidence_of(goods: Handled, code: str, typed: Typed) -> dict[str, str]:
    """The code that was read, what it stands for, and what was typed beside it."""
    words = {"typed": typed.strip()} if isinstance(typed, str) and typed.strip() else {}
    return {"code": code, **goods.amount.evidence(), **words}


def line_for(document: DocumentSnapshot, goods: Handled, role: str | None = None) -> LineSnapshot:
    """The line of the document those goods belong to; the first that is still open.

    Raises InvalidInput at ``goods`` when no line names them.
    """
    lines = [
        line
        for line in document.lines
        if line.item_id == goods.item_id and (role is None or line.role == role)
    ]
    if not lines:
        raise wrong(
            "goods",
            N_("{item} is not on {number}. Put it back."),
            item=goods.code,
            number=document.number or "",
        )
    still_open = [line for line in lines if line.qty > _handled(line)]
    return (still_open or lines)[0]


def _handled(line: LineSnapshot) -> Decimal:
    gone = sum((line.done_by(verb) for verb in ("issue", "arrive")), Decimal(0))
    return gone - line.done_by("return_material")


def check_quantity(goods: Handled, qty: Decimal, field: str = "qty") -> Decimal:
    """``qty`` when it may be handled. Raises InvalidInput."""
    if not qty.is_finite() or qty <= 0:
        raise wrong(field, N_("The quantity must be above zero."))
    if qty > MAX_QUANTITY or qty != round(qty, goods.decimals):
        raise wrong(
            field,
            N_("{item} has at most {decimals} decimals."),
            item=goods.code,
            decimals=goods.decimals,
        )
    return qty


def choose_lot(goods: Handled, lots: Sequence[LotAt], typed: str) -> int:
    """Which of the lots lying there is meant: the scanned or typed one, else the only one.

    Raises InvalidInput at ``lot``.
    """
    if goods.tracking == "none":
        return NO_LOT
    wanted = (typed or goods.lot).strip().upper()
    found = [lot for lot in lots if not wanted or lot.code.upper() == wanted]
    if len(found) == 1:
        return found[0].lot_id
    if wanted:
        raise wrong(
            "lot", N_("Lot {lot} of {item} does not lie there."), lot=wanted, item=goods.code
        )
    if not found:
        raise wrong("goods", N_("{item} does not lie there."), item=goods.code)
    raise wrong(
        "lot",
        N_("{item} lies there in several lots: {lots}. Scan or type which one."),
        item=goods.code,
        lots=", ".join(lot.code for lot in found),
    )


def lots_at(uow: UnitOfWork, item_id: int, location_id: int) -> list[LotAt]:
    """The lots of an item lying at a place."""
    return uow.all(
        LotAt,
        "SELECT b.lot_id, o.code, sum(b.on_hand) FROM stock_balance b JOIN lot o ON o.id = b.lot_id"
        " WHERE b.item_id = %s AND b.location_id = %s AND b.on_hand > 0 GROUP BY 1, 2 ORDER BY 2",
        (item_id, location_id),
    )


def lots_between(uow: UnitOfWork, document_id: int, line_id: int) -> list[LotAt]:
    """The lots of a line that are in transit or in production for this document."""
    return uow.all(
        LotAt,
        "SELECT b.lot_id, o.code, b.qty FROM goods_between(%s) b JOIN lot o ON o.id = b.lot_id"
        " WHERE b.line_id = %s AND b.qty > 0 ORDER BY o.expires_at NULLS LAST, o.created_at, o.id",
        (document_id, line_id),
    )


def need_reason(reason: str, text: str, /, **values: object) -> None:
    """Raises InvalidInput at ``reason`` with that sentence when none was given."""
    if not reason.strip():
        raise wrong("reason", text, **values)


def refuse_state(number: str | None, text: str) -> UserError:
    """A sentence about the document as a whole."""
    return UserError(text, number=number or "")
