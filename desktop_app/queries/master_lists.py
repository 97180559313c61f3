"""The lists of master data: items, families, partners, places, bills of materials."""

from __future__ import annotations

from dataclasses import replace

from desktop_app.core.i18n import N_
from desktop_app.domain.document_type import Editor
from desktop_app.domain.locations import TITLES as PLACE_TITLES, WAREHOUSE_KINDS
from desktop_app.queries.listing import Column, ListSpec

TRACKING_TITLES = {"none": N_("No lots"), "lot": N_("By lot"), "serial": N_("By serial number")}

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
