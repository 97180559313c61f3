"""What stands on a label: the values of goods, bins, parcels and people as texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from psycopg.rows import dict_row

from desktop_app.core import clock
from desktop_app.core.errors import NotFound
from desktop_app.core.i18n import N_
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain import scan_codes
from desktop_app.domain.own_fields import PREFIX, computed, from_json
from desktop_app.domain.quantities import format_quantity
from desktop_app.domain.scan_codes import CodeNotPrintable
from desktop_app.queries.own_fields import definitions
from desktop_app.services.print_snapshots import company_head

Values = dict[str, str]


@dataclass(frozen=True)
class GoodsWish:
    """A label for an item or lot; ``qty`` is what the package holds."""

    item_id: int
    lot_id: int = 0
    qty: Decimal | None = None
    box: str = ""
    document: str = ""
    partner: str = ""


_GOODS = """
SELECT i.*, i.code AS item_code, o.code AS lot_code, o.made_at, o.expires_at, o.held, l.code AS bin,
       coalesce((SELECT b.barcode FROM item_barcode b WHERE b.item_id = i.id AND b.factor = 1
                 ORDER BY length(b.barcode) DESC, b.barcode LIMIT 1), '') AS barcode
FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS k(item, lot, n)
JOIN item i ON i.id = k.item LEFT JOIN lot o ON o.id = k.lot AND o.id <> 0
LEFT JOIN location l ON l.id = i.default_location_id ORDER BY k.n
"""
_BINS = """
SELECT l.code, l.name, l.zone, w.name AS warehouse FROM location l
LEFT JOIN warehouse w ON w.id = l.warehouse_id WHERE l.id = ANY(%s) ORDER BY l.route_seq, l.code
"""
_PARCEL = """
SELECT d.number, o.number AS order_number, s.waybill, s.carrier, p.name AS customer,
       so.receiver, so.phone, so.address, d.remark
FROM document d LEFT JOIN shipment s ON s.document_id = d.id
LEFT JOIN document o ON o.id = d.origin_id LEFT JOIN sales_order so ON so.document_id = o.id
LEFT JOIN party p ON p.id = d.party_id WHERE d.id = %s
"""
_CONTENTS = """
SELECT string_agg(i.name || ' × ' || trim_scale(l.qty)::text, '; ' ORDER BY l.line_no)
FROM document_line l JOIN item i ON i.id = l.item_id WHERE l.document_id = %s
"""


def goods(uow: UnitOfWork, wishes: Sequence[GoodsWish]) -> list[Values]:
    """Values for item, lot and box labels, in the order of the wishes."""
    with uow.connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            _GOODS.encode(), ([w.item_id for w in wishes], [w.lot_id for w in wishes])
        ).fetchall()
    known = definitions(uow)
    common = _common(uow)
    return [
        {**common, **_goods(row, wish), **_own(known, "item", row)}
        for row, wish in zip(rows, wishes, strict=True)
    ]


def bins(uow: UnitOfWork, location_ids: Iterable[int]) -> list[Values]:
    """Values for bin labels, in walking order."""
    common = _common(uow)
    rows = uow.execute(_BINS, (list(location_ids),)).fetchall()
    return [
        {
            **common,
            "scan_code": _code(scan_codes.bin_code, code),
            "bin": code,
            "name": name if name != code else "",
            "zone": zone,
            "warehouse": warehouse or "",
        }
        for code, name, zone, warehouse in rows
    ]


def parcel(uow: UnitOfWork, shipment_id: int, boxes: int = 1) -> list[Values]:
    """Values for the labels of a shipment's cartons, one each. Raises NotFound."""
    row = uow.execute(_PARCEL, (shipment_id,)).fetchone()
    if row is None:
        raise NotFound(N_("This shipment does not exist."))
    number, order, waybill, carrier, customer, receiver, phone, address, remark = row
    values = {
        **_common(uow),
        "scan_code": number or "",
        "document": number or "",
        "order": order or "",
        "waybill": waybill or "",
        "carrier": carrier or "",
        "receiver": " ".join(dict.fromkeys(part for part in (receiver, customer) if part)),
        "phone": phone or "",
        "address": address or "",
        "items": uow.scalar(_CONTENTS, (shipment_id,)) or "",
        "remark": remark or "",
        "sender": company_head(uow).name,
        "box_count": str(boxes),
    }
    return [{**values, "box_no": str(box)} for box in range(1, boxes + 1)]


def people(uow: UnitOfWork, logins: Iterable[str]) -> list[Values]:
    """Values for badges."""
    common = _common(uow)
    rows = uow.execute(
        "SELECT login, display_name, jobs FROM app_user WHERE login = ANY(%s) ORDER BY login",
        (list(logins),),
    ).fetchall()
    return [
        {
            **common,
            "scan_code": _code(scan_codes.person_code, login),
            "name": name,
            "login": login,
            "role": ", ".join(jobs),
        }
        for login, name, jobs in rows
    ]


def _goods(row: Mapping[str, Any], wish: GoodsWish) -> Values:
    lot = row["lot_code"] or ""
    barcode = str(row["barcode"])
    if wish.box:
        code = _code(scan_codes.box_code, wish.box)
    elif lot:
        code = _code(lambda item: scan_codes.lot_code(item, lot, wish.qty), row["item_code"])
    else:
        code = barcode or _code(scan_codes.item_code, row["item_code"])
    return {
        "scan_code": code,
        "item_code": row["item_code"],
        "name": row["name"],
        "spec": row["spec"],
        "finish": str(next(iter((row["variant"] or {}).values()), "")),
        "unit": row["uom"],
        "barcode": barcode,
        "gtin": barcode.zfill(14) if barcode.isdigit() and len(barcode) in (8, 12, 13, 14) else "",
        "category": row["category"],
        "lot": lot,
        "made": _day(row["made_at"]),
        "expiry": _day(row["expires_at"]),
        "qty": format_quantity(wish.qty) if wish.qty is not None else "",
        "bin": row["bin"] or "",
        "box": wish.box,
        "document": wish.document,
        "partner": wish.partner,
        "net": _net(row["unit_weight_g"], wish.qty),
    }


def _own(known: Any, scope: str, row: Mapping[str, Any]) -> Values:
    values = from_json(known, scope, row.get("custom"))
    values |= computed(known, scope, {**row, **values})
    return {name: _text(value) for name, value in values.items() if name.startswith(PREFIX)}


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return format_quantity(value)
    return "" if value is None else str(value)


def _net(unit_weight_g: Decimal | None, qty: Decimal | None) -> str:
    if unit_weight_g is None or qty is None:
        return ""
    return f"{format_quantity(round(unit_weight_g * qty / 1000, 3))} kg"


def _day(moment: datetime | date | None) -> str:
    if isinstance(moment, datetime):
        moment = moment.astimezone().date()
    return moment.isoformat() if moment is not None else ""


def _code(make: Any, text: str) -> str:
    """A scan code, or the plain text where no scanner would give the code back."""
    try:
        return str(make(text))
    except CodeNotPrintable:
        return text


def _common(uow: UnitOfWork) -> Values:
    return {"company": company_head(uow).name, "printed": clock.today().isoformat(), "copy": ""}
