"""Reads what goes on paper: one frozen snapshot per layout, no more than may be on it.

Prices are read only where the login may see them; a blind count sheet never reads a
balance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

from desktop_app.core.errors import NotFound, UserError
from desktop_app.core.i18n import N_, tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.scanned_quantity import UnitChoice, in_units
from desktop_app.domain.units import ItemUnits
from desktop_app.queries import own_fields
from desktop_app.queries.items import units_of
from desktop_app.reporting.snapshots import (
    BlindLine,
    BlindSheetSnapshot,
    CompanyHead,
    DeliveryLine,
    DeliveryNoteSnapshot,
    ItemLabel,
    ItemLabelsSnapshot,
    PickLine,
    PickListSnapshot,
)

CENT = Decimal("0.01")
MOST_LABELS = 2000
"""More labels than that in one go is a mistake in the quantity, not a wish."""

_COMPANY = "SELECT key, value #>> '{}' FROM setting WHERE key LIKE 'company.%'"


@dataclass(frozen=True)
class PrintState:
    """What marks a print: the document's state and how often this form was printed."""

    number: str
    state: str
    printed: int


def company_texts(uow: UnitOfWork) -> dict[str, str]:
    """Company settings by their last word: name, phone, fax, address, bank, clause."""
    rows = uow.execute(_COMPANY).fetchall()
    return {key.removeprefix("company."): value or "" for key, value in rows}


def company_head(uow: UnitOfWork) -> CompanyHead:
    """Who prints."""
    texts = company_texts(uow)
    return CompanyHead(
        *(texts.get(name, "") for name in ("name", "phone", "fax", "address", "bank"))
    )


def printed_by(uow: UnitOfWork) -> str:
    """Display name of this login."""
    return str(
        uow.scalar(
            "SELECT coalesce((SELECT display_name FROM app_user WHERE login = session_user),"
            " session_user)"
        )
    )


def print_state(uow: UnitOfWork, document_id: int, layout: str) -> PrintState:
    """State of a document and the prints of one form so far. Raises NotFound."""
    return uow.one(
        PrintState,
        "SELECT coalesce(d.number, ''), d.state, (SELECT count(*) FROM print_log p"
        " WHERE p.document_id = d.id AND p.layout = %s) FROM document d WHERE d.id = %s",
        (layout, document_id),
    )


def prints_of(uow: UnitOfWork, document_id: int, layout: str) -> int:
    """How often a form of a document was printed."""
    return int(
        uow.scalar(
            "SELECT count(*) FROM print_log WHERE document_id = %s AND layout = %s",
            (document_id, layout),
        )
    )


_SHIPMENT = """
SELECT d.number, d.doc_date, d.remark, d.state, w.name, p.name, coalesce(u.display_name, ''),
       s.carrier, s.waybill, o.number, o.remark, so.receiver, so.phone, so.address
FROM document d
JOIN warehouse w ON w.id = d.warehouse_id
LEFT JOIN party p ON p.id = d.party_id
LEFT JOIN app_user u ON u.login = d.created_by
LEFT JOIN shipment s ON s.document_id = d.id
LEFT JOIN document o ON o.id = d.origin_id
LEFT JOIN sales_order so ON so.document_id = o.id
WHERE d.id = %s AND d.kind = 'shipment'
"""
# Goods set aside in bins say where to go; a line without any says its own bin and lot. While
# picking is under way, what is picked already is not on the list any more.
_PICK_LINES = """
SELECT l.line_no, coalesce(b.route_seq, 0), coalesce(b.code, ''), i.code, i.name,
       coalesce(n.qty, l.qty), i.uom, i.spec, coalesce(o.code, ''), o.expires_at,
       (SELECT min(c.factor) FROM item_barcode c WHERE c.item_id = i.id AND c.factor > 1), l.remark,
       i.id
FROM document_line l JOIN document d ON d.id = l.document_id JOIN item i ON i.id = l.item_id
LEFT JOIN line_done(%(id)s, 'pick') got ON got.line_id = l.id
LEFT JOIN LATERAL (
  SELECT a.location_id, a.lot_id, sum(a.qty) AS qty FROM allocation a
  JOIN location x ON x.id = a.location_id AND x.kind <> 'staging'
  WHERE a.line_id = l.id AND a.qty > 0 GROUP BY 1, 2) n ON true
LEFT JOIN location b ON b.id = coalesce(n.location_id, l.location_id)
LEFT JOIN lot o ON o.id = coalesce(n.lot_id, l.lot_id)
WHERE l.document_id = %(id)s AND (d.state <> 'released' OR coalesce(got.qty, 0) < l.qty)
ORDER BY 2, 3, 1
"""
_DELIVERY_LINES = """
SELECT i.code, i.name, i.uom,
       CASE WHEN d.state = 'released' THEN l.qty
            ELSE greatest(coalesce(out.qty, 0), coalesce(got.qty, 0)) END, i.spec, {price}, l.remark,
       btrim(coalesce(theirs.code, '') || ' ' || coalesce(theirs.name, ''))
FROM document_line l JOIN document d ON d.id = l.document_id JOIN item i ON i.id = l.item_id
LEFT JOIN party_item theirs ON theirs.party_id = d.party_id AND theirs.item_id = l.item_id
LEFT JOIN line_done(%(id)s, 'ship') out ON out.line_id = l.id
LEFT JOIN line_done(%(id)s, 'pick') got ON got.line_id = l.id
{join} WHERE l.document_id = %(id)s ORDER BY l.line_no
"""


def pick_list(uow: UnitOfWork, document_id: int) -> PickListSnapshot:
    """A shipment as the picker carries it: bins in walking order, no prices."""
    head = _shipment(uow, document_id)
    rows = uow.execute(_PICK_LINES, {"id": document_id}).fetchall()
    units = units_of(uow, (row[-1] for row in rows))
    lines = tuple(
        PickLine(
            line_no,
            walk,
            place,
            code,
            name,
            qty,
            unit,
            spec,
            lot,
            _day(expires),
            in_units(qty, units[item]) or _pack(pack),
            note,
        )
        for line_no, walk, place, code, name, qty, unit, spec, lot, expires, pack, note, item in rows
    )
    return PickListSnapshot(
        head[0] or "",
        head[4],
        (head[9],) if head[9] else (),
        (head[5],) if head[5] else (),
        lines,
        company_head(uow).name,
        head[2] or head[10] or "",
    )


def _pack(factor: Decimal | None) -> str:
    """What a box's barcode counts, for goods without a unit of that name."""
    return tr("{n}/pack", n=f"{factor.normalize():f}") if factor else ""


def delivery_note(uow: UnitOfWork, document_id: int) -> DeliveryNoteSnapshot:
    """A shipment as the customer signs it; prices as agreed on the order, if readable."""
    head = _shipment(uow, document_id)
    texts = company_texts(uow)
    return DeliveryNoteSnapshot(
        company_head(uow),
        head[0] or "",
        head[1],
        head[5] or "",
        _delivery_lines(uow, document_id),
        receiver=head[11] or "",
        phone=head[12] or "",
        address=head[13] or "",
        order_number=head[9] or "",
        warehouse=head[4],
        carrier=head[7] or "",
        waybill=head[8] or "",
        maker=head[6],
        remark="  ".join(part for part in (head[2], own_fields.notes(uow, document_id)) if part),
        clause=texts.get("clause", ""),
    )


def _delivery_lines(uow: UnitOfWork, document_id: int) -> tuple[DeliveryLine, ...]:
    priced = may_read(uow, "sales_line_price")
    statement = _DELIVERY_LINES.format(
        price="m.unit_price" if priced else "NULL::numeric",
        join="LEFT JOIN sales_line_price m ON m.line_id = l.origin_line_id" if priced else "",
    )
    return tuple(
        DeliveryLine(code, name, unit, qty, spec, price, _amount(price, qty), note, theirs)
        for code, name, unit, qty, spec, price, note, theirs in uow.execute(
            statement, {"id": document_id}
        ).fetchall()
        if qty > 0
    )


def _amount(price: Decimal | None, qty: Decimal) -> Decimal | None:
    return None if price is None else (price * qty).quantize(CENT, ROUND_HALF_UP)


def may_read(uow: UnitOfWork, table: str) -> bool:
    """Whether this login may read a table at all."""
    return bool(uow.scalar("SELECT has_table_privilege(%s, 'SELECT')", (table,)))


def _shipment(uow: UnitOfWork, document_id: int) -> Sequence[Any]:
    row = uow.execute(_SHIPMENT, (document_id,)).fetchone()
    if row is None:
        raise NotFound(N_("This shipment does not exist."))
    return row


_COUNT_OF_PLANNER = """
SELECT d.number, w.name, d.doc_date, d.state = 'recount', p.code, i.code, i.name, i.uom, i.spec,
       coalesce(o.code, ''), i.id, i.unit_weight_g IS NOT NULL
FROM document d JOIN warehouse w ON w.id = d.warehouse_id
LEFT JOIN document_line l ON l.document_id = d.id
LEFT JOIN item i ON i.id = l.item_id LEFT JOIN location p ON p.id = l.location_id
LEFT JOIN lot o ON o.id = l.lot_id LEFT JOIN count_result c ON c.line_id = l.id
WHERE d.id = %s AND d.kind = 'stock_count' AND (d.state <> 'recount' OR c.recount)
ORDER BY p.route_seq, p.code, i.code, l.line_no
"""
_COUNT_OF_COUNTER = """
SELECT t.number, t.warehouse, NULL::date, t.state = 'recount', t.location_code, t.item_code,
       t.item_name, t.uom, t.spec, coalesce(t.lot_code, ''), i.id, i.unit_weight_g IS NOT NULL
FROM count_task t JOIN item i ON i.id = t.item_id WHERE t.document_id = %s
ORDER BY t.route_seq, t.location_code, t.item_code, t.line_no
"""


def blind_sheet(uow: UnitOfWork, document_id: int) -> BlindSheetSnapshot:
    """A count as it is carried to the shelves: places and items, never a quantity.

    Someone who counts blind reads only the open tasks. Raises NotFound.
    """
    statement = _COUNT_OF_PLANNER if may_read(uow, "document") else _COUNT_OF_COUNTER
    rows = uow.execute(statement, (document_id,)).fetchall()
    if not rows:
        raise NotFound(N_("There is nothing to count here just now."))
    number, warehouse, day, is_recount = rows[0][:4]
    units = units_of(uow, (row[-2] for row in rows if row[-2] is not None))
    lines = tuple(
        BlindLine(place, code, name, unit, spec, "", _conversion(units[item]), lot)
        for *_head, place, code, name, unit, spec, lot, item, _weighed in rows
        if code
    )
    bins = f"{lines[0].bin} – {lines[-1].bin}" if lines else ""
    return BlindSheetSnapshot(
        number or "",
        1,
        1,
        number or "",
        warehouse,
        lines,
        bins,
        day,
        is_recount=is_recount,
        weighed=any(row[-1] for row in rows),
        company=company_head(uow).name,
    )


def _conversion(units: ItemUnits) -> str:
    """How the goods are packed: "1 箱 = 12 个"; "" without a larger unit."""
    packs = [unit for unit in units.units if unit.factor > 1]
    return UnitChoice(units, packs[0].name).words() if packs else ""


_LABELS = """
SELECT i.code, i.name, i.spec, i.uom, coalesce(o.code, ''), o.made_at, o.expires_at,
       coalesce((SELECT b.barcode FROM item_barcode b WHERE b.item_id = i.id AND b.factor = 1
                 ORDER BY length(b.barcode) DESC, b.barcode LIMIT 1), '')
FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS k(item, lot, n)
JOIN item i ON i.id = k.item LEFT JOIN lot o ON o.id = k.lot AND o.id <> 0 ORDER BY k.n
"""


@dataclass(frozen=True)
class LabelWish:
    """``copies`` labels of an item and lot; ``qty`` is printed as what the package holds."""

    item_id: int
    lot_id: int = 0
    copies: int = 1
    qty: Decimal | None = None


def item_labels(uow: UnitOfWork, wishes: Sequence[LabelWish]) -> ItemLabelsSnapshot:
    """Labels of items and lots. Raises UserError when they are far too many."""
    if sum(wish.copies for wish in wishes) > MOST_LABELS:
        raise UserError(
            N_("{n} labels at once are too many; print at most {most}."),
            n=sum(wish.copies for wish in wishes),
            most=MOST_LABELS,
        )
    rows = uow.execute(
        _LABELS, ([wish.item_id for wish in wishes], [wish.lot_id for wish in wishes])
    ).fetchall()
    return ItemLabelsSnapshot(
        tuple(
            ItemLabel(
                code,
                name,
                spec,
                "",
                unit,
                lot,
                _day(made),
                _day(expires),
                wish.qty,
                barcode,
                wish.copies,
            )
            for wish, (code, name, spec, unit, lot, made, expires, barcode) in zip(
                wishes, rows, strict=True
            )
        )
    )


def label_wishes(uow: UnitOfWork, document_id: int, *, per_piece: bool) -> list[LabelWish]:
    """Labels for the goods of a document: one for each line's package, or one per piece."""
    rows = uow.execute(
        "SELECT item_id, lot_id, qty FROM document_line WHERE document_id = %s"
        " AND role <> 'component' AND qty > 0 ORDER BY line_no",
        (document_id,),
    ).fetchall()
    if per_piece:
        return [
            LabelWish(item, lot, int(qty.to_integral_value(ROUND_CEILING)))
            for item, lot, qty in rows
        ]
    return [LabelWish(item, lot, 1, qty) for item, lot, qty in rows]


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone().date() if moment is not None else None
