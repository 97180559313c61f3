"""What can be taken in, as data: the fields of each table, and where they go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from desktop_app.core.i18n import N_, tr
from desktop_app.core.registry import Registry
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.own_fields import FORMULA, LINE, OwnField, of_scope
from desktop_app.domain.pinyin_search import search_text
from desktop_app.exchange.importing.fields import DAYS, WEIGHT_IN_G, ImportField
from desktop_app.queries.own_fields import definitions
from desktop_app.services.importing import checks
from desktop_app.services.importing.checks import VALUES
from desktop_app.services.importing.documents import (
    BOM,
    LINE_PREFIX,
    OPENING,
    DocumentTarget,
    order_target,
)
from desktop_app.services.importing.records import (
    OWN_FIELDS,
    Kept,
    PartTarget,
    RecordTarget,
    SpreadPart,
)

Step = RecordTarget | DocumentTarget


@dataclass(frozen=True)
class ImportTarget:
    """A kind of table: ``fields`` are its columns, ``steps`` what is written, in order.

    ``permission`` is what a person needs to take it in; ``own_scope`` adds the company's own
    fields of that scope, ``line_scope`` those of its lines. ``levels`` adds a price per level.
    """

    kind: str
    title: str
    permission: str
    fields: tuple[ImportField, ...]
    steps: tuple[Step, ...]
    own_scope: str = ""
    line_scope: str = ""
    levels: bool = False


def _barcode_of_other(uow: UnitOfWork, draft_id: int, rows: Any) -> None:
    checks.refuse(
        uow,
        draft_id,
        "barcode",
        N_("The barcode {value} belongs to another item."),
        f"EXISTS (SELECT 1 FROM item_barcode b JOIN item i ON i.id = b.item_id"
        f" WHERE b.barcode = import_text({VALUES}, 'barcode') AND i.code <> {VALUES}->>'code')",
        rows,
    )
    checks.unique(uow, draft_id, f"import_text({VALUES}, 'barcode')", "barcode", rows)


def _price_part(side: str) -> PartTarget:
    return PartTarget(
        f"item_{side}_price",
        f"{side}_price",
        (("item_id", "s.record_id"),),
        (("price", f"({VALUES}->>'{side}_price')::numeric"),),
    )


LEVEL = "level_price"
"""What stands before the code of a level in the name of its field."""
_LEVEL_PRICES = SpreadPart(
    "item_level_price",
    LEVEL,
    (("item_id", "s.record_id"), ("level", "e.name")),
    (("price", "e.value::numeric"),),
)
ITEM_RECORDS = RecordTarget(
    table="item",
    record="item",
    key=f"import_text({VALUES}, 'code')",
    key_field="code",
    match=f"t.code = {VALUES}->>'code'",
    kept=(
        Kept("code", "code"),
        Kept("name", "name"),
        Kept("spec", "spec"),
        Kept("category", "category"),
        Kept("uom", "uom"),
        Kept("uom_decimals", "uom_decimals", "bigint"),
        Kept("tracking", "tracking"),
        Kept("shelf_life", "shelf_life", "bigint"),
        Kept("shelf_life_unit", "shelf_life_unit"),
        Kept("unit_weight_g", "unit_weight_g", "numeric"),
        Kept("safety_stock", "safety_stock", "numeric"),
        Kept("reorder_point", "reorder_point", "numeric"),
        Kept("reorder_multiple", "reorder_multiple", "numeric"),
        Kept("min_order_qty", "min_order_qty", "numeric"),
        Kept("lead_time_days", "lead_time_days", "bigint"),
        Kept("pack_size", "pack_size", "numeric"),
        Kept("tax_code", "tax_code"),
        Kept("abc_class", "abc_class"),
        Kept("search_text", "search_text"),
        OWN_FIELDS,
    ),
    required=("code", "name"),
    parts=(
        PartTarget(
            "item_barcode",
            "barcode",
            (("barcode", f"{VALUES}->>'barcode'"),),
            (("item_id", "s.record_id"),),
        ),
        _price_part("sales"),
        _price_part("purchase"),
    ),
    more_checks=_barcode_of_other,
    topics=("item",),
)
PARTY_RECORDS = RecordTarget(
    table="party",
    record="party",
    key=f"import_text({VALUES}, 'code')",
    key_field="code",
    match=f"t.code = {VALUES}->>'code'",
    kept=(
        *(
            Kept(name, name)
            for name in (
                "code",
                "name",
                "contact",
                "phone",
                "address",
                "tax_id",
                "bank",
                "payment_terms",
                "price_level",
                "remark",
                "search_text",
            )
        ),
        *(
            Kept(name, name, "boolean")
            for name in ("is_customer", "is_supplier", "is_subcontractor", "is_carrier")
        ),
        Kept("payment_days", "payment_days", "bigint"),
        Kept("credit_limit", "credit_limit", "numeric"),
        OWN_FIELDS,
    ),
    required=("code", "name"),
    topics=("party",),
)
PLACE_RECORDS = RecordTarget(
    table="location",
    record="place",
    key=f"import_text({VALUES}, 'code')",
    key_field="code",
    match=f"t.code = {VALUES}->>'code'",
    kept=(
        *(Kept(name, name) for name in ("code", "name", "zone", "aisle", "rack", "level")),
        Kept("route_seq", "route_seq", "bigint"),
        Kept("warehouse_id", "warehouse_id", "bigint"),
    ),
    lookups=(checks.WAREHOUSE,),
    required=("code", "warehouse"),
    constants=(("kind", "'bin'"),),
    versioned=False,
    topics=("place",),
)
PRICE_RECORDS = replace(
    ITEM_RECORDS,
    kept=(),
    lookups=(checks.ITEM_BY_BARCODE, checks.ITEM),
    required=("item",),
    key=f"import_text({VALUES}, 'item_id')",
    key_field="item",
    match=f"t.id = ({VALUES}->>'item_id')::bigint",
    parts=(_price_part("sales"), _price_part("purchase"), _LEVEL_PRICES),
    more_checks=None,
)

_ITEM = ImportField(
    "item",
    N_("Item code or barcode"),
    "code",
    ("货号", "商品编码", "编码", "物料编码", "存货编码", "商品编号", "条码", "item", "sku",
     "stockcode", "item code", "code", "product code"),
    required=True,
)  # fmt: skip
_WAREHOUSE = ImportField(
    "warehouse",
    N_("Warehouse"),
    "reference",
    ("仓库", "仓库名称", "仓库编码", "仓库*", "warehouse", "location"),
    required=True,
)
_QTY = ImportField(
    "qty",
    N_("Quantity"),
    "quantity",
    ("数量", "库存数量", "结存数量", "期初数量", "数量*", "qty", "quantity", "on hand"),
    required=True,
)
_STOCK = ImportField(
    "stock",
    N_("Quantity, a column per warehouse"),
    "quantity",
    ("库存", "期初库存"),
    repeated=True,
)
_REMARK = ImportField("remark", N_("Remark"), "text", ("备注", "说明", "摘要", "remark", "note"))
_SALES_PRICE = ImportField(
    "sales_price",
    N_("Sales price"),
    "price",
    ("销售价", "售价", "零售价", "单价", "sales price", "price"),
)
_PURCHASE_PRICE = ImportField(
    "purchase_price",
    N_("Purchase price"),
    "price",
    ("采购价", "进价", "进货价", "成本单价", "cost", "purchase price"),
)


def _text(name: str, title: str, *aliases: str, required: bool = False) -> ImportField:
    return ImportField(name, title, "text", aliases, required=required)


def _yes_no(name: str, title: str, *aliases: str) -> ImportField:
    return ImportField(name, title, "yes_no", aliases)


_ITEM_FIELDS = (
    ImportField(
        "code", N_("Item code"), "code",
        ("货号", "商品编码", "编码", "编号", "物料编码", "存货编码", "商品编号", "款号", "item code",
         "code", "sku", "stockcode", "part number", "product code"),
        required=True,
    ),
    _text("name", N_("Name"), "名称", "名称*", "商品名称", "品名", "物料名称", "存货名称", "name",
          "description", "item name", "product name", required=True),
    _text("spec", N_("Specification"), "规格", "规格型号", "型号", "spec", "specification", "size"),
    _text("category", N_("Category"), "类别", "分类", "商品分类", "存货分类", "category", "group"),
    _text("uom", N_("Unit"), "单位", "基本单位", "基本单位*", "计量单位", "主计量单位", "uom", "unit"),
    ImportField("uom_decimals", N_("Decimals of the unit"), "integer", ("数量小数位", "decimals")),
    ImportField(
        "barcode", N_("Barcode"), "barcode",
        ("条码", "条形码", "基本条码", "基本条码*", "商品条码", "barcode", "ean", "gtin", "upc"),
    ),
    ImportField("tracking", N_("Tracking"), "choice", ("批号管理", "批次管理", "tracking"),
                choices={"none": ("不管批号", "无", "no", "none"), "lot": ("按批号", "批号", "lot"),
                         "serial": ("按序列号", "序列号", "serial")}),
    ImportField("shelf_life", N_("Shelf life"), "integer", ("保质期", "有效期天数", "shelf life"), units=DAYS),
    ImportField("shelf_life_unit", N_("Unit of the shelf life"), "choice", ("保质期单位",),
                choices={"hours": ("小时", "hours"), "days": ("天", "日", "days"), "months": ("月", "months")}),
    ImportField("unit_weight_g", N_("Unit weight g"), "quantity", ("单重", "克重", "基础重量", "重量", "unit weight", "weight"),
                units=WEIGHT_IN_G),
    ImportField("safety_stock", N_("Safety stock"), "quantity", ("安全库存", "最低库存", "safety stock")),
    ImportField("reorder_point", N_("Reorder point"), "quantity", ("再订货点", "订货点", "reorder point")),
    ImportField("reorder_multiple", N_("Order multiple"), "quantity", ("订货倍数", "order multiple")),
    ImportField("min_order_qty", N_("Smallest order"), "quantity", ("最小订货量", "起订量", "moq")),
    ImportField("lead_time_days", N_("Lead time, days"), "integer", ("提前期", "采购周期", "lead time")),
    ImportField("pack_size", N_("Pack size"), "quantity", ("包装数", "装箱数", "每箱数量", "pack size", "比例")),
    _text("tax_code", N_("Tax code"), "税率编码", "tax code"),
    ImportField("abc_class", N_("ABC"), "choice", ("ABC分类", "abc"),
                choices={"A": ("a",), "B": ("b",), "C": ("c",)}),
    replace(_SALES_PRICE, aliases=("销售价", "售价", "零售价", "sales price", "price")),
    _PURCHASE_PRICE,
)  # fmt: skip
_PARTY_FIELDS = (
    ImportField("code", N_("Code"), "code", ("编号", "编码", "代码", "客户编码", "供应商编码", "code", "id"), required=True),
    _text("name", N_("Name"), "名称", "名称*", "客户名称", "供应商名称", "单位名称", "name", "company", "vendor", required=True),
    _yes_no("is_customer", N_("Customer"), "客户", "是客户", "customer"),
    _yes_no("is_supplier", N_("Supplier"), "供应商", "是供应商", "supplier"),
    _yes_no("is_subcontractor", N_("Subcontractor"), "加工商", "委外商", "subcontractor"),
    _yes_no("is_carrier", N_("Carrier"), "物流公司", "承运商", "carrier"),
    _text("contact", N_("Contact"), "联系人", "contact"),
    _text("phone", N_("Phone"), "手机号码", "手机", "联系电话", "电话", "phone", "mobile", "tel"),
    _text("address", N_("Address"), "地址", "联系地址", "address"),
    _text("tax_id", N_("Tax number"), "纳税人识别号", "税号", "统一社会信用代码", "tax id", "vat"),
    _text("bank", N_("Bank"), "开户行", "账号", "bank"),
    _text("payment_terms", N_("Payment terms"), "结算方式", "付款方式", "payment terms"),
    ImportField("payment_days", N_("Days until payment"), "integer", ("账期", "账期天数", "payment days")),
    ImportField("credit_limit", N_("Credit limit"), "money", ("信用额度", "credit limit")),
    _text("price_level", N_("Price level"), "价格等级", "price level"),
    _REMARK,
)  # fmt: skip
_PLACE_FIELDS = (
    replace(_WAREHOUSE, aliases=("仓库", "仓库名称", "仓库编码", "warehouse")),
    ImportField("code", N_("Bin"), "code", ("库位", "库位编码", "货位", "仓位", "货架", "bin", "place", "location"), required=True),
    _text("name", N_("Name"), "库位名称", "名称", "name"),
    _text("zone", N_("Zone"), "库区", "区", "zone"),
    _text("aisle", N_("Aisle"), "巷道", "通道", "排", "aisle"),
    _text("rack", N_("Rack"), "货架号", "列", "rack"),
    _text("level", N_("Level"), "层", "层号", "level"),
    ImportField("route_seq", N_("Walking order"), "integer", ("拣货顺序", "顺序", "route", "sequence")),
)  # fmt: skip
_OPENING_FIELDS = (
    _ITEM,
    # Not required of the file: a column per warehouse gives both.
    replace(_WAREHOUSE, required=False),
    ImportField("place", N_("Bin"), "reference", ("库位", "货位", "仓位", "bin", "place")),
    ImportField("lot", N_("Lot"), "code", ("批号", "批次", "批次号", "lot", "batch")),
    ImportField("made", N_("Made on"), "date", ("生产日期", "made on", "production date")),
    ImportField("expiry", N_("Expires"), "date", ("有效期", "有效期至", "保质期截止日期", "到期日", "expiry", "expires")),
    replace(_QTY, required=False),
    ImportField("amount", N_("Amount"), "money", ("金额", "结存金额", "期初金额", "库存金额", "amount", "value")),
    ImportField("unit_price", N_("Unit price"), "price", ("单价", "结存单价", "成本单价", "成本", "price", "cost")),
    _REMARK,
)  # fmt: skip
_ORDER_FIELDS = (
    _text("reference", N_("Their number"), "订单号", "单号", "单据编号", "合同号", "order", "order no", "invoice", "po number"),
    ImportField("party", N_("Partner"), "reference", ("客户", "供应商", "往来单位", "客户名称", "供应商名称", "customer", "vendor", "supplier", "customer id"), required=True),
    _WAREHOUSE,
    ImportField("doc_date", N_("Date"), "date", ("日期", "单据日期", "下单日期", "date", "order date", "invoicedate")),
    ImportField("due_date", N_("Due date"), "date", ("交货日期", "交期", "due date", "delivery date")),
    _ITEM,
    _QTY,
    ImportField("unit_price", N_("Unit price"), "price", ("单价", "含税单价", "price", "unit price")),
    ImportField("tax_rate", N_("Tax %"), "percent", ("税率", "税率(%)", "tax", "tax rate")),
    _REMARK,
)  # fmt: skip
_BOM_FIELDS = (
    ImportField("product", N_("Product"), "code", ("产品编码", "母件编码", "父件", "成品编码", "product", "parent", "assembly"), required=True),
    ImportField("version", N_("Version"), "code", ("版本", "BOM版本", "version", "revision")),
    ImportField("output_qty", N_("Makes quantity"), "quantity", ("产量", "基数", "母件数量", "makes", "output qty")),
    replace(_ITEM, title=N_("Component"), aliases=("子件编码", "物料编码", "材料编码", "零件编码", "component", "part", "part number", "mpn")),
    replace(_QTY, aliases=("用量", "数量", "单位用量", "子件用量", "qty", "quantity", "qty per")),
    ImportField("loss_rate", N_("Loss %"), "percent", ("损耗率", "损耗率(%)", "loss", "scrap")),
    ImportField("loss_basis", N_("The loss is"), "choice", ("损耗方式",),
                choices={"of_issue": ("领料", "of issue"), "on_top": ("另加", "on top")}),
    _REMARK,
)  # fmt: skip

TARGETS: Registry[ImportTarget] = Registry(
    (
        ImportTarget("item", N_("Items"), "master.write", _ITEM_FIELDS, (ITEM_RECORDS,), "item"),
        ImportTarget("party", N_("Partners"), "master.write", _PARTY_FIELDS, (PARTY_RECORDS,), "party"),
        ImportTarget("place", N_("Bins"), "master.write", _PLACE_FIELDS, (PLACE_RECORDS,)),
        ImportTarget(
            "opening_stock", N_("Opening stock"), "stock.adjust", _OPENING_FIELDS, (OPENING,),
            line_scope="opening_stock" + LINE,
        ),
        ImportTarget(
            "price", N_("Prices"), "master.write", (_ITEM, _SALES_PRICE, _PURCHASE_PRICE), (PRICE_RECORDS,),
            levels=True,
        ),
        ImportTarget("bom", N_("Bills of materials"), "master.write", _BOM_FIELDS, (BOM,)),
        ImportTarget(
            "purchase_order", N_("Purchase orders"), "purchase.write", _ORDER_FIELDS,
            (order_target("purchase_order", "supplier"),), "purchase_order", "purchase_order" + LINE,
        ),
        ImportTarget(
            "sales_order", N_("Sales orders"), "sales.write", _ORDER_FIELDS,
            (order_target("sales_order", "customer"),), "sales_order", "sales_order" + LINE,
        ),
    ),
    key=lambda target: target.kind,
)  # fmt: skip
_OWN_KINDS = {
    "text": "text",
    "choice": "choice",
    "number": "quantity",
    "date": "date",
    "yes_no": "yes_no",
}


def fields_of(uow: UnitOfWork, kind: str) -> tuple[ImportField, ...]:
    """The columns of a target with what the company declared behind them: own fields of the
    record, of its lines, price levels, warehouses.
    """
    target = TARGETS[kind]
    more: list[ImportField] = []
    if kind == "opening_stock":
        names = uow.execute("SELECT name FROM warehouse WHERE is_active ORDER BY code").fetchall()
        more.append(replace(_STOCK, keys=tuple(name for (name,) in names)))
    if target.levels:
        levels = uow.execute("SELECT code, name FROM price_level ORDER BY position, code")
        more += [_level_price(code, name) for code, name in levels.fetchall()]
    if target.own_scope or target.line_scope:
        own = [field for field in definitions(uow) if field.editor != FORMULA]
        head = of_scope(own, target.own_scope)
        more += [_own_column(field, target.own_scope, field.title) for field in head]
        titles = {field.title for field in head}
        for field in of_scope(own, target.line_scope):
            twice = field.title in titles
            title = tr("{field} (of the line)", field=field.title) if twice else field.title
            column = _own_column(field, target.line_scope, title)
            more.append(replace(column, name=LINE_PREFIX + column.name))
    return (*target.fields, *more)


def _level_price(code: str, name: str) -> ImportField:
    tails = ("价", "价格", " price")
    words = (code, name, *(f"{word}{tail}" for word in (name, code) for tail in tails))
    return ImportField(f"{LEVEL}:{code}", tr("Price {level}", level=name), "price", words)


def _own_column(field: OwnField, scope: str, title: str) -> ImportField:
    return ImportField(
        field.key,
        title,
        _OWN_KINDS[field.editor],
        (field.name, field.title),
        required=scope in field.required_in,
        choices={choice: (choice,) for choice in field.choices},
        allow_negative=True,
    )


def completed(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """A row's values with what the program computes: search keys, names of unnamed bins."""
    found = dict(values)
    if kind in ("item", "party") and found.get("name"):
        found["search_text"] = search_text(
            str(found["name"]), str(found.get("code") or ""), str(found.get("spec") or "")
        )
    if kind == "place" and found.get("code"):
        found.setdefault("name", found["code"])
    return found
