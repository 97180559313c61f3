"""Is what was scanned at the bin what the pick list asks for? If not: a sentence saying so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from desktop_app.core.errors import UserError
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.posting import DocumentSnapshot
from desktop_app.domain.scan_codes import parse_scan
from desktop_app.domain.scanned_quantity import ScannedQuantity, in_both, settled
from desktop_app.domain.units import ItemUnits
from desktop_app.queries.items import units_of
from desktop_app.queries.picking import Pin
from desktop_app.services import scanning


class WrongScan(UserError):
    """Not what was asked for. ``place`` is "bin", "item", "lot" or "qty"."""

    code = "scan.wrong"

    def __init__(self, place: str, text: str, /, **values: Any) -> None:
        self.place = place
        super().__init__(text, **values)


@dataclass(frozen=True)
class PickScan:
    """What was read: a bin, goods, a quantity (None: what the code means), a lot."""

    bin_code: str
    item_code: str
    qty: Decimal | None
    lot: str


@dataclass(frozen=True)
class CheckedPick:
    """A scan that fits: the pins it serves, how much of them, and what the code stands for."""

    pins: tuple[Pin, ...]
    qty: Decimal
    bin_code: str
    item_code: str
    lot_code: str
    read: Mapping[str, str]


def expected_pins(pins: Sequence[Pin], line_id: int) -> list[Pin]:
    """What is still to be fetched for the line."""
    return [found for found in pins if found.line_id == line_id and not found.staged]


def check_scan(
    uow: UnitOfWork, shipment: DocumentSnapshot, waiting: Sequence[Pin], scan: PickScan
) -> CheckedPick:
    """The scan against what waits for the line. Raises WrongScan at the first thing wrong."""
    if not waiting:
        raise WrongScan("item", N_("This line is picked already."))
    here = _at_bin(waiting, scan.bin_code)
    line = shipment.line(waiting[0].line_id)
    target = scanning.resolve(uow, scan.item_code) if scan.item_code.strip() else None
    if target is None or target.kind != "item" or target.id != line.item_id:
        raise WrongScan(
            "item",
            N_("Expected item {expected}, scanned {scanned}. Nothing was picked."),
            expected=line.item_code,
            scanned=target.title if target is not None else scan.item_code.strip() or "-",
        )
    here = _of_lot(here, (scan.lot or target.lot or "").strip(), line.item_code)
    amount = target.amount or ScannedQuantity(target.qty)
    units = units_of(uow, [line.item_id])[line.item_id]
    qty = scan.qty if scan.qty is not None else settled(amount.qty, units.decimals)
    there = sum((found.qty for found in here), Decimal(0))
    _check_qty(qty, there, line.item_code, units, amount)
    read = {"code": scan.item_code, **amount.evidence()}
    return CheckedPick(
        tuple(here), qty, here[0].location_code, line.item_code, here[0].lot_code, read
    )


def bin_of(text: str) -> str:
    """The bin's code meant by a scan or a typed text."""
    return parse_scan(text).code.strip().upper()


def _at_bin(waiting: Sequence[Pin], scanned: str) -> list[Pin]:
    code = bin_of(scanned)
    here = [found for found in waiting if found.location_code.upper() == code]
    if not here:
        raise WrongScan(
            "bin",
            N_("Expected bin {expected}, scanned {scanned}. Nothing was picked."),
            expected=waiting[0].location_code,
            scanned=code or "-",
        )
    return here


def _of_lot(here: Sequence[Pin], lot: str, item_code: str) -> list[Pin]:
    """Pins of the scanned lot; goods kept by lot are not picked without reading it."""
    if here[0].lot_id == 0:
        return list(here)
    fitting = [found for found in here if found.lot_code.upper() == lot.upper()]
    if fitting:
        return fitting
    expected = ", ".join(dict.fromkeys(found.lot_code for found in here))
    if not lot:
        raise WrongScan(
            "lot",
            N_("{item} is kept by lot: scan or type lot {expected}."),
            item=item_code,
            expected=expected,
        )
    raise WrongScan(
        "lot",
        N_("Expected lot {expected} of {item}, scanned {scanned}. Nothing was picked."),
        expected=expected,
        item=item_code,
        scanned=lot,
    )


def _check_qty(
    qty: Decimal, there: Decimal, item_code: str, units: ItemUnits, amount: ScannedQuantity
) -> None:
    """Raises WrongScan for nothing, for a part of a piece, and for more than is wanted here."""
    if not qty.is_finite() or qty <= 0:
        raise WrongScan("qty", N_("The quantity must be above zero."))
    if qty > there and not amount.is_one and qty == amount.qty:
        raise WrongScan(
            "qty",
            N_(
                "{item}: {scan}, but only {expected} still to be picked here. Nothing was picked;"
                " take single pieces."
            ),
            item=item_code,
            scan=amount.words(),
            expected=in_both(there, units),
        )
    if qty > there:
        raise WrongScan(
            "qty",
            N_("{item}: {scanned} is more than the {expected} still to be picked here."),
            item=item_code,
            scanned=in_both(qty, units),
            expected=in_both(there, units),
        )
    if qty != round(qty, units.decimals):
        raise WrongScan(
            "qty",
            N_("{item} has at most {decimals} decimals."),
            item=item_code,
            decimals=units.decimals,
        )
