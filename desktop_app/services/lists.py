"""Every list of the program as data."""

from __future__ import annotations

from dataclasses import replace

from desktop_app.core.i18n import N_
from desktop_app.core.registry import Registry
from desktop_app.domain.document_type import STATE_TITLES, DocumentType, Editor
from desktop_app.domain.locations import CODES_WITHOUT_WAREHOUSE, TITLES as PLACE_TITLES
from desktop_app.queries.change_log import CHANGES
from desktop_app.queries.costs import STOCK_VALUE
from desktop_app.queries.day_seals import DAY_SEALS
from desktop_app.queries.devices import DEVICES, SCALE_CHECKS
from desktop_app.queries.duplicates import DUPLICATES
from desktop_app.queries.home import TASK_LISTS
from desktop_app.queries.imports import IMPORTS
from desktop_app.queries.listing import Column, ListSpec, person_name
from desktop_app.queries.master_lists import (
    BOMS,
    FAMILIES,
    ITEMS,
    PARTIES,
    PARTY_ROLES,
    PLACES,
    WAREHOUSES,
)
from desktop_app.queries.missing_parameters import WAIVED
from desktop_app.queries.own_fields import OWN_FIELDS
from desktop_app.queries.print_jobs import LABEL_DESIGNS, PRINT_JOBS
from desktop_app.queries.stock import row_key
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.importing.targets import TARGETS
from desktop_app.services.own_fields import scopes

_KIND_TITLES = {document_type.kind: document_type.title for document_type in DOCUMENT_TYPES}
VERB_TITLES = {
    step.verb: step.done or step.title
    for document_type in DOCUMENT_TYPES
    for step in document_type.transitions
}
"""What an act is called in a history, by verb."""

_DOCUMENT_SOURCE = (
    "document d LEFT JOIN party p ON p.id = d.party_id LEFT JOIN warehouse w ON w.id = d.warehouse_id"
    " LEFT JOIN warehouse w2 ON w2.id = d.to_warehouse_id"
)
_ORDERED = "(SELECT sum(l.qty) FROM document_line l WHERE l.document_id = d.id)"


def _done(verb: str) -> str:
    return f"(SELECT sum(x.qty) FROM line_done(d.id, '{verb}') x)"


def document_list(document_type: DocumentType) -> ListSpec:
    """The list of one document type: declared once for all of them.

    An order shows two figures: ordered, and really received or really out (N8).
    """
    fields = {f.name: f for f in document_type.head_fields}
    columns = [
        Column("number", N_("Number"), "d.number", width=20, never_null=True),
        Column("state", N_("State"), "d.state", Editor.CHOICE, width=12, labels=STATE_TITLES),
        Column("doc_date", N_("Date"), "d.doc_date", Editor.DATE, width=11, never_null=True),
    ]
    if "party_id" in fields:
        columns.append(Column("party", fields["party_id"].title, "p.name", width=24))
    columns.append(Column("warehouse", N_("Warehouse"), "w.name", width=14))
    if "to_warehouse_id" in fields:
        columns.append(Column("to_warehouse", N_("To warehouse"), "w2.name", width=14))
    if any(f.name == "qty" for f in document_type.line_fields):
        columns.append(
            Column("ordered", N_("Quantity"), _ORDERED, Editor.QUANTITY, width=10, total=True)
        )
    columns += [
        Column(verb, title, _done(verb), Editor.QUANTITY, width=10)
        for verb, title in document_type.progress
    ]
    side = document_type.price_side
    if side:
        columns.append(
            Column(
                "gross",
                N_("Amount"),
                f"(SELECT sum(x.gross) FROM document_line l JOIN {side}_line_price x ON x.line_id = l.id"
                " WHERE l.document_id = d.id)",
                Editor.MONEY,
                width=12,
                total=True,
                permission=f"{side}.price",
            )
        )
    columns += [
        Column("due_date", N_("Due date"), "d.due_date", Editor.DATE, width=11, visible=False),
        Column("reference", N_("Their number"), "d.reference", width=14, visible=False),
        Column("created_by", N_("Written by"), person_name("d.created_by"), width=12),
        Column(
            "created_at",
            N_("Written at"),
            "d.created_at",
            Editor.TIMESTAMP,
            width=16,
            visible=False,
            never_null=True,
        ),
        Column("remark", N_("Remark"), "d.remark", width=24),
    ]
    return ListSpec(
        id=f"list:{document_type.kind}",
        title=document_type.plural,
        columns=tuple(columns),
        source=_DOCUMENT_SOURCE,
        key="d.id",
        opens="document",
        search=("d.number", "p.search_text", "d.reference", "d.remark"),
        topics=(f"document:{document_type.kind}",),
        descending=True,
        where=f"d.kind = '{document_type.kind}'",
        document_kind=document_type.kind,
    )


STOCK = ListSpec(
    id="list:stock",
    title=N_("Stock by place"),
    columns=(
        Column("item_code", N_("Item code"), "i.code", width=16, never_null=True),
        Column("item_name", N_("Name"), "i.name", width=30),
        Column("warehouse", N_("Warehouse"), "w.name", width=14),
        Column("place", N_("Place"), "l.code", width=14, never_null=True),
        Column("lot", N_("Lot"), "o.code", width=14),
        Column("on_hand", N_("On hand"), "b.on_hand", Editor.QUANTITY, width=12, total=True),
        Column("allocated", N_("Set aside"), "b.allocated", Editor.QUANTITY, width=12, total=True),
        Column("uom", N_("Unit"), "i.uom", width=7),
        Column("expires_at", N_("Expires"), "o.expires_at", Editor.TIMESTAMP, width=16),
        Column("kind", N_("Kind of place"), "l.kind", Editor.CHOICE, width=14, labels=PLACE_TITLES),
        Column("spec", N_("Specification"), "i.spec", width=16),
    ),
    source="stock_balance b JOIN item i ON i.id = b.item_id JOIN location l ON l.id = b.location_id"
    " JOIN lot o ON o.id = b.lot_id LEFT JOIN warehouse w ON w.id = l.warehouse_id",
    # A balance has no single id; item and place make one for what a shop can hold.
    key=row_key("b.item_id", "b.location_id", "b.lot_id"),
    opens="why",
    search=("i.search_text", "l.code", "o.code"),
    topics=("stock",),
    sort="item_code",
    where="b.on_hand > 0",
    permission="stock.read",
)

MOVES = ListSpec(
    id="list:move",
    title=N_("Stock moves"),
    columns=(
        Column("at", N_("When"), "m.at", Editor.TIMESTAMP, width=16, never_null=True),
        Column("number", N_("Number"), "d.number", width=20),
        Column("kind", N_("Document"), "d.kind", Editor.CHOICE, width=16, labels=_KIND_TITLES),
        Column("verb", N_("Act"), "a.verb", Editor.CHOICE, width=12, labels=VERB_TITLES),
        Column("item_code", N_("Item code"), "i.code", width=16),
        Column("item_name", N_("Name"), "i.name", width=26),
        Column("lot", N_("Lot"), "o.code", width=12),
        Column("qty", N_("Quantity"), "m.qty", Editor.QUANTITY, width=11, total=True),
        Column("from_place", N_("From"), "f.code", width=13, labels=CODES_WITHOUT_WAREHOUSE),
        Column("to_place", N_("To"), "t.code", width=13, labels=CODES_WITHOUT_WAREHOUSE),
        Column("actor", N_("Who"), person_name("a.actor"), width=12),
        Column("workstation", N_("PC"), "a.workstation", width=14),
    ),
    source="stock_move m JOIN act a ON a.id = m.act_id JOIN document d ON d.id = a.document_id"
    " JOIN item i ON i.id = m.item_id JOIN lot o ON o.id = m.lot_id"
    " JOIN location f ON f.id = m.from_location_id JOIN location t ON t.id = m.to_location_id",
    key="m.id",
    opens="move",
    search=("i.search_text", "d.number", "f.code", "t.code"),
    topics=("stock",),
    descending=True,
    permission="stock.read",
)

REFUSED = ListSpec(
    id="list:refused",
    title=N_("Refused attempts"),
    columns=(
        Column("at", N_("When"), "r.at", Editor.TIMESTAMP, width=16, never_null=True),
        Column("actor", N_("Who"), person_name("r.actor"), width=14),
        Column("workstation", N_("PC"), "r.workstation", width=16),
        Column("number", N_("Number"), "d.number", width=20),
        Column("verb", N_("Act"), "r.verb", Editor.CHOICE, width=14, labels=VERB_TITLES),
        Column("message", N_("Why not"), "r.message", width=70),
    ),
    source="refused_attempt r LEFT JOIN document d ON d.id = r.document_id",
    key="r.id",
    opens="refused",
    search=(person_name("r.actor"), "d.number", "r.message"),
    topics=("refused",),
    descending=True,
    permission="stock.read",
)


def _with_titles(spec: ListSpec) -> ListSpec:
    """The same list with the kinds of documents in words, which the read side does not know."""
    return replace(
        spec,
        nothing=N_("Nothing to do here."),
        columns=tuple(
            replace(column, labels=_KIND_TITLES) if column.sql == "d.kind" else column
            for column in spec.columns
        ),
    )


_IMPORTS = replace(
    IMPORTS,
    columns=tuple(
        replace(c, labels={t.kind: t.title for t in TARGETS}) if c.name == "kind" else c
        for c in IMPORTS.columns
    ),
)
_OWN_FIELDS = replace(
    OWN_FIELDS,
    columns=tuple(
        replace(c, labels={s.code: s.title for s in scopes()})
        if c.name in ("scopes", "required_in")
        else c
        for c in OWN_FIELDS.columns
    ),
)
LISTS: Registry[ListSpec] = Registry(
    (
        STOCK,
        ITEMS,
        FAMILIES,
        PARTIES,
        *PARTY_ROLES,
        WAREHOUSES,
        PLACES,
        BOMS,
        MOVES,
        STOCK_VALUE,
        REFUSED,
        _OWN_FIELDS,
        _IMPORTS,
        CHANGES,
        DUPLICATES,
        WAIVED,
        PRINT_JOBS,
        LABEL_DESIGNS,
        DEVICES,
        SCALE_CHECKS,
        DAY_SEALS,
        *map(_with_titles, TASK_LISTS),
    ),
    key=lambda spec: spec.id,
)
"""Lists that do not belong to one document type; those come from ``document_list``."""
