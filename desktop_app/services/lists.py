"""Every list of the program as data."""

from __future__ import annotations

from dataclasses import replace

from desktop_app.core.i18n import N_
from desktop_app.core.registry import Registry
from desktop_app.domain.document_type import STATE_TITLES, DocumentType, Editor
from desktop_app.domain.locations import TITLES as PLACE_TITLES, WAREHOUSE_KINDS
from desktop_app.queries.change_log import CHANGES
from desktop_app.queries.costs import STOCK_VALUE
from desktop_app.queries.devices import DEVICES, SCALE_CHECKS
from desktop_app.queries.duplicates import DUPLICATES
from desktop_app.queries.home import TASK_LISTS
from desktop_app.queries.imports import IMPORTS
from desktop_app.queries.listing import Column, ListSpec
from desktop_app.queries.missing_parameters import WAIVED
from desktop_app.queries.own_fields import OWN_FIELDS
from desktop_app.queries.print_jobs import LABEL_DESIGNS, PRINT_JOBS
from desktop_app.queries.stock import row_key
from desktop_app.services.document_types import DOCUMENT_TYPES
from desktop_app.services.importing.targets import TARGETS

_KIND_TITLES = {document_type.kind: document_type.title for document_type in DOCUMENT_TYPES}
VERB_TITLES = {
    step.verb: step.done or step.title
    for document_type in DOCUMENT_TYPES
    for step in document_type.transitions
}
"""What an act is called in a history, by verb."""
TRACKING_TITLES = {"none": N_("No lots"), "lot": N_("By lot"), "serial": N_("By serial number")}

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
        columns.append(Column("ordered", N_("Quantity"), _ORDERED, Editor.QUANTITY, width=10))
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
                permission=f"{side}.price",
            )
        )
    columns += [
        Column("due_date", N_("Due date"), "d.due_date", Editor.DATE, width=11, visible=False),
        Column("reference", N_("Their number"), "d.reference", width=14, visible=False),
        Column("created_by", N_("Written by"), "d.created_by", width=12),
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

ITEMS = ListSpec(
    id="list:item",
    title=N_("Items"),
    columns=(
        Column("code", N_("Item code"), "i.code", width=16, never_null=True),
        Column("name", N_("Name"), "i.name", width=34),
        Column("spec", N_("Specification"), "i.spec", width=18),
        Column("uom", N_("Unit"), "i.uom", width=7),
        Column(
            "tracking", N_("Tracking"), "i.tracking", Editor.CHOICE, width=9, labels=TRACKING_TITLES
        ),
        Column(
            "on_hand",
            N_("On hand"),
            "(SELECT sum(b.on_hand) FROM stock_balance b WHERE b.item_id = i.id)",
            Editor.QUANTITY,
            width=12,
        ),
        Column(
            "available",
            N_("Available"),
            "(SELECT sum(s.on_hand - s.reserved) FROM stock_available(ARRAY[i.id]) s)",
            Editor.QUANTITY,
            width=12,
        ),
        Column("safety_stock", N_("Safety stock"), "i.safety_stock", Editor.QUANTITY, width=12),
        Column("abc_class", N_("ABC"), "i.abc_class", width=6),
        Column("family", N_("Family"), "f.code", width=14, visible=False),
        Column(
            "variant",
            N_("Variant"),
            "(SELECT string_agg(i.variant ->> x.name, ' / ' ORDER BY x.position) FROM item_axis x"
            " WHERE x.family_id = i.family_id)",
            width=16,
            visible=False,
        ),
        Column("blank", N_("Made from blank"), "k.code", width=14, visible=False),
        Column("category", N_("Category"), "i.category", width=12, visible=False),
        Column(
            "supplier",
            N_("Preferred supplier"),
            "(SELECT p.name FROM party_item x JOIN party p ON p.id = x.party_id AND p.is_supplier"
            " WHERE x.item_id = i.id ORDER BY x.is_preferred DESC, x.party_id LIMIT 1)",
            width=20,
            visible=False,
        ),
        Column(
            "lead_time_days",
            N_("Lead time, days"),
            "i.lead_time_days",
            Editor.INTEGER,
            width=13,
            visible=False,
        ),
        Column(
            "reorder_point",
            N_("Reorder point"),
            "i.reorder_point",
            Editor.QUANTITY,
            width=12,
            visible=False,
        ),
        Column(
            "barcode",
            N_("Barcode"),
            "(SELECT min(b.barcode) FROM item_barcode b WHERE b.item_id = i.id AND b.factor = 1)",
            width=16,
            visible=False,
        ),
        Column("unit_weight_g", N_("Unit weight g"), "i.unit_weight_g", Editor.QUANTITY, width=12),
        Column(
            "sales_price",
            N_("Sales price"),
            "(SELECT x.price FROM item_sales_price x WHERE x.item_id = i.id)",
            Editor.PRICE,
            width=11,
            permission="sales.price",
        ),
        Column(
            "purchase_price",
            N_("Purchase price"),
            "(SELECT x.price FROM item_purchase_price x WHERE x.item_id = i.id)",
            Editor.PRICE,
            width=11,
            permission="purchase.price",
        ),
        Column(
            "average_cost",
            N_("Average cost"),
            "(SELECT x.average FROM item_cost x WHERE x.item_id = i.id)",
            Editor.PRICE,
            width=11,
            permission="cost.read",
        ),
    ),
    source="item i LEFT JOIN item_family f ON f.id = i.family_id"
    " LEFT JOIN item k ON k.id = i.blank_item_id",
    key="i.id",
    opens="item",
    search=("i.search_text",),
    topics=("item", "stock"),
    sort="code",
    where="i.is_active",
    permission="stock.read",
)

FAMILIES = ListSpec(
    id="list:family",
    title=N_("Families"),
    columns=(
        Column("code", N_("Family code"), "f.code", width=16, never_null=True),
        Column("name", N_("Family name"), "f.name", width=34),
        Column(
            "axes",
            N_("Axes"),
            "(SELECT string_agg(x.name, ' / ' ORDER BY x.position) FROM item_axis x"
            " WHERE x.family_id = f.id)",
            width=26,
        ),
        Column(
            "variants",
            N_("Variants"),
            "(SELECT count(*) FROM item i WHERE i.family_id = f.id AND i.merged_into_id IS NULL)",
            Editor.INTEGER,
            width=10,
        ),
        Column("remark", N_("Remark"), "f.remark", width=30),
    ),
    source="item_family f",
    key="f.id",
    opens="family",
    search=("f.code", "f.name", "f.remark"),
    topics=("family", "item"),
    sort="code",
    permission="stock.read",
)

_OPEN_AMOUNT = (
    "(SELECT sum(x.gross) FROM document d JOIN document_line l ON l.document_id = d.id"
    " JOIN sales_line_price x ON x.line_id = l.id WHERE d.party_id = p.id"
    " AND d.kind = 'sales_order' AND d.state IN ('approved', 'picking', 'part'))"
)
PARTIES = ListSpec(
    id="list:party",
    title=N_("Partners"),
    columns=(
        Column("code", N_("Code"), "p.code", width=12, never_null=True),
        Column("name", N_("Name"), "p.name", width=30),
        Column("is_customer", N_("Customer"), "p.is_customer", Editor.YES_NO, width=9),
        Column("is_supplier", N_("Supplier"), "p.is_supplier", Editor.YES_NO, width=9),
        Column(
            "is_subcontractor", N_("Subcontractor"), "p.is_subcontractor", Editor.YES_NO, width=12
        ),
        Column("is_carrier", N_("Carrier"), "p.is_carrier", Editor.YES_NO, width=9),
        Column("frozen", N_("Frozen"), "p.orders_frozen_reason <> ''", Editor.YES_NO, width=8),
        Column("contact", N_("Contact"), "p.contact", width=12),
        Column("phone", N_("Phone"), "p.phone", width=16),
        Column("address", N_("Address"), "p.address", width=30),
        Column("tax_id", N_("Tax number"), "p.tax_id", width=20, visible=False),
        Column("payment_terms", N_("Payment terms"), "p.payment_terms", width=14, visible=False),
        Column(
            "payment_days",
            N_("Days until payment"),
            "p.payment_days",
            Editor.INTEGER,
            width=12,
            visible=False,
        ),
        Column(
            "credit_limit",
            N_("Credit limit"),
            "p.credit_limit",
            Editor.MONEY,
            width=12,
            visible=False,
        ),
        Column(
            "open_orders",
            N_("Open orders"),
            _OPEN_AMOUNT,
            Editor.MONEY,
            width=12,
            visible=False,
            permission="sales.price",
        ),
        Column("price_level", N_("Price level"), "p.price_level", width=10, visible=False),
        Column("bank", N_("Bank and account"), "p.bank", width=24, visible=False),
        Column("remark", N_("Remark"), "p.remark", width=24, visible=False),
        Column("is_active", N_("In use"), "p.is_active", Editor.YES_NO, width=8, visible=False),
    ),
    source="party p",
    key="p.id",
    opens="party",
    search=("p.search_text", "p.phone", "p.tax_id"),
    topics=("party",),
    sort="code",
    where="p.is_active",
    permission="stock.read",
)


def _of_role(role: str, title: str) -> ListSpec:
    """Partners of one role, without the column that would be the same everywhere."""
    return replace(
        PARTIES,
        id=f"list:{role}",
        title=title,
        where=f"p.is_active AND p.is_{role}",
        columns=tuple(column for column in PARTIES.columns if column.name != f"is_{role}"),
    )


PARTY_ROLES = (
    _of_role("customer", N_("Customers")),
    _of_role("supplier", N_("Suppliers")),
    _of_role("subcontractor", N_("Subcontractors")),
    _of_role("carrier", N_("Carriers")),
)

PLACES = ListSpec(
    id="list:place",
    title=N_("Places"),
    columns=(
        Column("code", N_("Code"), "l.code", width=16, never_null=True),
        Column("name", N_("Name"), "l.name", width=22, visible=False),
        Column("kind", N_("Kind of place"), "l.kind", Editor.CHOICE, width=16, labels=PLACE_TITLES),
        Column("warehouse", N_("Warehouse"), "w.name", width=16),
        Column("zone", N_("Zone"), "l.zone", width=10),
        Column("aisle", N_("Aisle"), "l.aisle", width=8),
        Column("rack", N_("Rack"), "l.rack", width=8),
        Column("level", N_("Level"), "l.level", width=8),
        Column("route_seq", N_("Walking order"), "l.route_seq", Editor.INTEGER, width=12),
        Column(
            "on_hand",
            N_("Items there"),
            "(SELECT count(*) FROM stock_balance b WHERE b.location_id = l.id AND b.on_hand > 0)",
            Editor.INTEGER,
            width=10,
        ),
        Column(
            "occupied",
            N_("Occupied"),
            "EXISTS (SELECT 1 FROM stock_balance b WHERE b.location_id = l.id AND b.on_hand > 0)",
            Editor.YES_NO,
            width=9,
        ),
        Column("is_active", N_("In use"), "l.is_active", Editor.YES_NO, width=8),
    ),
    source="location l LEFT JOIN warehouse w ON w.id = l.warehouse_id",
    key="l.id",
    opens="bin",
    search=("l.code", "l.name", "l.zone"),
    topics=("place", "stock"),
    sort="code",
    permission="stock.read",
)

BOMS = ListSpec(
    id="list:bom",
    title=N_("Bills of materials"),
    columns=(
        Column("item_code", N_("Product"), "i.code", width=16, never_null=True),
        Column("item_name", N_("Name"), "i.name", width=34),
        Column("version", N_("Version"), "b.version", width=10),
        Column("is_active", N_("Active version"), "b.is_active", Editor.YES_NO, width=15),
        Column("output_qty", N_("Makes quantity"), "b.output_qty", Editor.QUANTITY, width=15),
        Column(
            "components",
            N_("Components"),
            "(SELECT count(*) FROM bom_line l WHERE l.bom_id = b.id)",
            Editor.INTEGER,
            width=13,
        ),
        Column("remark", N_("Remark"), "b.remark", width=24),
    ),
    source="bom b JOIN item i ON i.id = b.item_id",
    key="b.id",
    opens="bom",
    search=("i.search_text", "b.version"),
    topics=("bom", "item"),
    sort="item_code",
    permission="stock.read",
)

WAREHOUSES = ListSpec(
    id="list:warehouse",
    title=N_("Warehouses"),
    columns=(
        Column("code", N_("Code"), "w.code", width=12, never_null=True),
        Column("name", N_("Name"), "w.name", width=30),
        Column("kind", N_("Kind"), "w.kind", Editor.CHOICE, width=16, labels=WAREHOUSE_KINDS),
        Column(
            "bins",
            N_("Bins"),
            "(SELECT count(*) FROM location l WHERE l.warehouse_id = w.id"
            " AND (l.kind = 'bin' OR l.kind = 'hold' AND l.rack <> '') AND l.is_active)",
            Editor.INTEGER,
            width=8,
        ),
        Column("address", N_("Address"), "w.address", width=40),
    ),
    source="warehouse w",
    key="w.id",
    opens="warehouse",
    search=("w.code", "w.name"),
    topics=("place",),
    sort="code",
    where="w.is_active",
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
        Column("from_place", N_("From"), "f.code", width=13),
        Column("to_place", N_("To"), "t.code", width=13),
        Column("actor", N_("Who"), "a.actor", width=12),
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
        Column("actor", N_("Who"), "r.actor", width=14),
        Column("workstation", N_("PC"), "r.workstation", width=16),
        Column("number", N_("Number"), "d.number", width=20),
        Column("verb", N_("Act"), "r.verb", Editor.CHOICE, width=14, labels=VERB_TITLES),
        Column("message", N_("Why not"), "r.message", width=70),
    ),
    source="refused_attempt r LEFT JOIN document d ON d.id = r.document_id",
    key="r.id",
    opens="refused",
    search=("r.actor", "d.number", "r.message"),
    topics=("refused",),
    descending=True,
    permission="stock.read",
)


def _with_titles(spec: ListSpec) -> ListSpec:
    """The same list with the kinds of documents in words, which the read side does not know."""
    return replace(
        spec,
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
        OWN_FIELDS,
        _IMPORTS,
        PRINT_JOBS,
        LABEL_DESIGNS,
        DEVICES,
        SCALE_CHECKS,
        *map(_with_titles, TASK_LISTS),
    ),
    key=lambda spec: spec.id,
)
"""Lists that do not belong to one document type; those come from ``document_list``."""
