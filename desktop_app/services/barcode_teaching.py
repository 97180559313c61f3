"""An unknown code is taught: from now on it names an item."""

from __future__ import annotations

from desktop_app.core.errors import FieldProblem, InvalidInput, NotFound
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.scan_codes import ScanKind, ScanResult, parse_scan

TOPIC = "item"
_OWN_KINDS = frozenset(set(ScanKind) - {ScanKind.CODE, ScanKind.GS1})


def barcode_of(code: str | ScanResult) -> str:
    """What is kept of a code: the GTIN of a GS1 code, the item of a shop's own scale, else
    the text. Raises InvalidInput for a damaged code and for the program's own.
    """
    scan = parse_scan(code) if isinstance(code, str) else code
    if scan.problem is not None:
        raise _refused(scan.problem)
    if scan.kind in _OWN_KINDS:
        raise _refused(
            Message(N_("{code} is one of this program's own codes."), {"code": scan.text})
        )
    if scan.kind is ScanKind.GS1:
        if scan.barcode is None:
            raise _refused(Message(N_("{code} names no article."), {"code": scan.text}))
        # shops keep the 13 digits that stand below the bars
        return scan.barcode[1:] if scan.barcode.startswith("0") else scan.barcode
    if scan.weight_g is not None or scan.price is not None:
        return scan.candidates[0]
    return scan.text


def teach(uow: UnitOfWork, code: str, item_id: int, unit: str = "") -> str:
    """``code`` is a barcode of the item, for one ``unit`` ("" = base unit). Returns the title.

    Raises InvalidInput when the code is another item's; NotFound, RuleRefused (no such unit),
    PermissionDenied.
    """
    barcode = barcode_of(code)
    title = uow.scalar("SELECT code || ' ' || name FROM item WHERE id = %s", (item_id,))
    if title is None:
        raise NotFound(N_("There is no such item."))
    # a unit's barcode gets the unit's factor from the database (84_items)
    uow.execute(
        "INSERT INTO item_barcode (barcode, item_id, unit) VALUES (%s, %s, %s)"
        " ON CONFLICT (barcode) DO NOTHING",
        (barcode, item_id, unit),
    )
    _refuse_if_taken(uow, barcode, item_id)
    uow.touch(TOPIC)
    return str(title)


def _refuse_if_taken(uow: UnitOfWork, barcode: str, item_id: int) -> None:
    owner = uow.execute(
        "SELECT i.id, i.code || ' ' || i.name FROM item_barcode b JOIN item i ON i.id = b.item_id"
        " WHERE b.barcode = %s",
        (barcode,),
    ).fetchone()
    if owner is not None and owner[0] != item_id:
        raise _refused(
            Message(
                N_("{barcode} already names {item}."), {"barcode": barcode, "item": str(owner[1])}
            )
        )


def _refused(text: Message) -> InvalidInput:
    return InvalidInput((FieldProblem("code", text),))
