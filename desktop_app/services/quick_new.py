"""New records made while choosing: as much as is needed to go on, the rest later.

What is left out shows up among the missing parameters the same day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from desktop_app.core.errors import FieldProblem, InvalidInput
from desktop_app.core.i18n import N_, Message
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.bin_patterns import place_of_code
from desktop_app.domain.gs1 import check_digit_ok
from desktop_app.services import items, lots, parties, places, scanning
from desktop_app.services.scanning import SearchHit

ROLES = {
    "customer": "is_customer",
    "supplier": "is_supplier",
    "subcontractor": "is_subcontractor",
    "carrier": "is_carrier",
}


def proposed(kind: str, typed: str) -> dict[str, str]:
    """Where a typed text most likely belongs: barcode, code or name of a new record."""
    text = typed.strip()
    if kind in ("location", "lot"):
        return {"code": text.upper()}
    if kind == "item" and check_digit_ok(text):
        return {"barcode": text}
    looks_like_code = text.isascii() and " " not in text and any(c.isdigit() for c in text)
    return {"code" if looks_like_code else "name": text}


def make(uow: UnitOfWork, kind: str, values: Mapping[str, str]) -> SearchHit:
    """Make an item, a partner of the role ``kind``, a lot, a bin or a warehouse; as a search
    would show it.

    Raises InvalidInput beside the field, RuleRefused (code or barcode taken), PermissionDenied.
    """
    code, name = values.get("code", "").strip(), values.get("name", "").strip()
    if kind == "item":
        given: dict[str, object] = {"code": code, "name": name, "spec": values.get("spec", "")}
        if values.get("uom", "").strip():
            given["uom"] = values["uom"].strip()
        if values.get("barcode", "").strip():
            given["barcodes"] = {values["barcode"].strip(): 1}
        return SearchHit("item", items.save_item(uow, given), f"{code}  {name}", "")
    if kind == "location":
        return _bin(uow, code, values.get("warehouse", "").strip())
    if kind == "lot":
        return _lot(uow, code, values)
    if kind == "warehouse":
        saved = places.save_warehouse(uow, code, name, values.get("exit_code", "").strip())
        return SearchHit("warehouse", saved, name, code)
    role = ROLES.get(kind, "is_customer")
    party = {"code": code, "name": name, "phone": values.get("phone", ""), role: True}
    return SearchHit("party", parties.save_party(uow, party), name, code)


def _lot(uow: UnitOfWork, code: str, values: Mapping[str, str]) -> SearchHit:
    """A lot of the item with that code or barcode; without a day its shelf life gives one."""
    wanted = values.get("item", "").strip()
    target = scanning.resolve(uow, wanted) if wanted else None
    if target is None or target.kind != "item":
        text = Message(N_("Which item is the lot of? Its code, please."))
        raise InvalidInput((FieldProblem("item", text),))
    expires = None
    if values.get("expires", "").strip():
        try:
            day = date.fromisoformat(values["expires"].strip())
        except ValueError:
            text = Message(
                N_("“{typed}” is not a date; write 2026-01-31."), {"typed": values["expires"]}
            )
            raise InvalidInput((FieldProblem("expires", text),)) from None
        expires = datetime.combine(day, time.min).astimezone()
    made = lots.save_lot(uow, target.id, code, expires_at=expires)
    return SearchHit("lot", made, code, target.title)


def _bin(uow: UnitOfWork, code: str, warehouse: str) -> SearchHit:
    """A bin of the warehouse with that code; of the only one when none is named."""
    found = uow.execute(
        "SELECT id FROM warehouse WHERE is_active AND kind NOT IN ('subcontractor', 'transit')"
        " AND (%(code)s = '' OR upper(code) = upper(%(code)s) OR name = %(code)s) LIMIT 2",
        {"code": warehouse},
    ).fetchall()
    if len(found) != 1:
        text = Message(N_("Which warehouse? Its code, please."))
        raise InvalidInput((FieldProblem("warehouse", text),))
    if not code:
        text = Message(N_("{field} is missing."), {"field": "code"})
        raise InvalidInput((FieldProblem("code", text),))
    made = places.make_bins(uow, found[0][0], [place_of_code(code)])
    return SearchHit("bin", made[code], code, "")
