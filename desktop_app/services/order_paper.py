"""Any document in the usual form, made from its type's own fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desktop_app.core.i18n import N_, tr
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.document_type import DocumentType, Editor, Field, Store
from desktop_app.domain.own_fields import extended
from desktop_app.domain.quantities import format_quantity
from desktop_app.queries.documents import DocumentView
from desktop_app.queries.own_fields import definitions
from desktop_app.queries.parties import their_codes
from desktop_app.reporting.snapshots import OrderSnapshot, PrintColumn, PrintValue
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.documents import view as document_view
from desktop_app.services.print_snapshots import company_head, company_texts

SIGNATURES: Mapping[str, tuple[str, ...]] = {
    "purchase_order": (N_("Buyer"), N_("Approved by"), N_("Supplier (seal)"), N_("Date")),
    "sales_order": (N_("Sales"), N_("Customer (seal)"), N_("Date")),
    "purchase_receipt": (N_("Delivered by"), N_("Received by"), N_("Date")),
    "outsourcing_receipt": (N_("Delivered by"), N_("Received by"), N_("Date")),
}
_USUAL = (N_("Made by"), N_("Checked by"), N_("Date"))
_KINDS = {
    Editor.QUANTITY: "quantity",
    Editor.INTEGER: "quantity",
    Editor.MONEY: "money",
    Editor.PRICE: "price",
    Editor.PERCENT: "percent",
    Editor.DATE: "date",
    Editor.TIMESTAMP: "date",
}
_REFERENCES = (Editor.LOT, Editor.LOCATION, Editor.WAREHOUSE, Editor.PARTY, Editor.BOM)
_WIDTHS = {Editor.QUANTITY: 20.0, Editor.PRICE: 18.0, Editor.MONEY: 24.0, Editor.PERCENT: 12.0}


def order(uow: UnitOfWork, document_id: int, *, prices: bool = True) -> OrderSnapshot:
    """A document in the usual form; prices only when the login can read them."""
    seen = document_view(uow, document_id)
    own = [field for field in definitions(uow) if field.in_print]
    document_type = extended(DOCUMENT_TYPES[seen.kind], own)
    fields = _line_fields(document_type, seen, prices)
    theirs = _their_names(uow, seen)
    return OrderSnapshot(
        company_head(uow),
        tr(document_type.title),
        seen.number,
        _heads(uow, document_type, seen),
        (
            PrintColumn("code", tr("Item no."), "code", 26),
            PrintColumn("name", tr("Item name"), "text", 48),
            *((PrintColumn("theirs", tr("Your item no."), "text", 26),) if theirs else ()),
            *((PrintColumn("spec", tr("Spec"), "text", 24),) if _filled(seen, "spec") else ()),
            PrintColumn("unit", tr("Unit"), "text", 11),
            *(_column(field) for field in fields),
        ),
        tuple(
            (
                line["item_code"],
                line["item_name"],
                *((theirs.get(line["item_id"], ""),) if theirs else ()),
                *((line["spec"],) if _filled(seen, "spec") else ()),
                line["uom"],
                *(_value(field, line) for field in fields),
            )
            for line in seen.lines
        ),
        "gross" if any(field.name == "gross" for field in fields) else "",
        tuple(tr(text) for text in SIGNATURES.get(seen.kind, _USUAL)),
        str(seen.head.get("remark") or ""),
        company_texts(uow).get("clause", "") if seen.kind == "sales_order" else "",
    )


def _their_names(uow: UnitOfWork, seen: DocumentView) -> dict[int, str]:
    """What the partner the paper goes to calls the items, by item id."""
    party_id = seen.head.get("party_id")
    if party_id is None:
        return {}
    known = their_codes(uow, party_id, [line["item_id"] for line in seen.lines])
    return {item_id: row.text for item_id, row in known.items()}


def _line_fields(document_type: DocumentType, seen: DocumentView, prices: bool) -> list[Field]:
    """Fields that get a column: those with a value somewhere; prices if readable."""
    return [
        field
        for field in document_type.line_fields
        if field.editor is not Editor.ITEM
        and (prices or field.store is not Store.PRICE)
        and (field.name == "qty" or _filled(seen, _source(field)))
    ]


def _source(field: Field) -> str:
    """Where a reader's text of the field stands in a line or head."""
    if field.editor in _REFERENCES:
        return f"{field.name.removesuffix('_id')}_code"
    return field.name


def _filled(seen: DocumentView, name: str) -> bool:
    return any(line.get(name) not in (None, "") for line in seen.lines)


def _column(field: Field) -> PrintColumn:
    return PrintColumn(
        field.name,
        tr(field.title),
        _KINDS.get(field.editor, "text"),
        _WIDTHS.get(field.editor, 18.0),
        field.total,
    )


def _value(field: Field, values: Mapping[str, Any]) -> PrintValue:
    value = values.get(_source(field))
    if value is None:
        return None
    if field.editor is Editor.PERCENT:
        return f"{format_quantity(value)}%"
    if field.choices:
        return tr(dict(field.choices).get(str(value), str(value)))
    if isinstance(value, bool):
        return tr("Yes") if value else tr("No")
    return value if field.editor in _KINDS else str(value)


def _heads(
    uow: UnitOfWork, document_type: DocumentType, seen: DocumentView
) -> tuple[tuple[str, str], ...]:
    pairs = [
        (tr(field.title), _head_text(field, seen.head))
        for field in document_type.head_fields
        if field.name != "remark"
    ]
    pairs += _contact(uow, seen.head.get("party_id"))
    pairs.append((tr("From document"), str(seen.head.get("origin_number") or "")))
    return tuple(pair for pair in pairs if pair[1])


def _head_text(field: Field, head: Mapping[str, Any]) -> str:
    if field.editor is Editor.ITEM or field.editor in _REFERENCES:
        base = field.name.removesuffix("_id")
        known = (head.get(f"{base}_{part}") for part in ("name", "title", "code"))
        return next((str(words) for words in known if words), "")
    value = _value(field, head)
    if value is None:
        return ""
    if field.editor in (Editor.QUANTITY, Editor.MONEY, Editor.PRICE):
        return format_quantity(head[field.name], grouping=True)
    return str(value)


def _contact(uow: UnitOfWork, party_id: int | None) -> Sequence[tuple[str, str]]:
    """Whom to call, for papers that go to a partner."""
    row = (
        uow.execute(
            "SELECT contact, phone, address FROM party WHERE id = %s", (party_id,)
        ).fetchone()
        if party_id
        else None
    )
    if row is None:
        return ()
    return ((tr("Contact"), " ".join(part for part in row[:2] if part)), (tr("Address"), row[2]))
