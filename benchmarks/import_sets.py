"""The real files, the columns taken from each, and what is known about them beforehand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks import import_expect as expect
from benchmarks.import_expect import Raw
from desktop_app.exchange.importing.fields import WEIGHT_IN_G, ImportField


@dataclass(frozen=True)
class Column:
    """Column ``at`` (from 0, by eye) is titled ``title`` and holds ``field``."""

    at: int
    field: ImportField
    expect: Callable[[Raw], Any]
    key: str = ""
    factor: int = 1


@dataclass(frozen=True)
class ImportSet:
    """A file below the data folder; the heading ends at ``heading_row`` (by eye)."""

    file: str
    columns: tuple[Column, ...]
    heading_row: int = 1
    delimiter: str = ","


def _column(at: int, title: str, kind: str, expected: Callable[[Raw], Any], **more: Any) -> Column:
    name = title.lower().replace(" ", "_")
    return Column(at, ImportField(name, title, kind, (title,), **more), expected)


def _text(at: int, title: str, kind: str = "text", **more: Any) -> Column:
    return _column(at, title, kind, expect.text if kind == "text" else expect.code, **more)


def _number(at: int, title: str, kind: str = "quantity", **more: Any) -> Column:
    negative = bool(more.get("allow_negative"))
    return _column(at, title, kind, expect.number(negative=negative), **more)


def _retail(code: str, when: str, price: str, customer: str, invoice: str) -> tuple[Column, ...]:
    return (
        _text(0, invoice, "code", required=True),
        _text(1, code, "code", required=True),
        _text(2, "Description"),
        _number(3, "Quantity"),
        _column(4, when, "timestamp", expect.moments("%Y-%m-%d %H:%M:%S")),
        _number(5, price, "price", allow_negative=True),
        _text(6, customer, "code"),
        _text(7, "Country"),
    )


_NAMED = ("%d-%b-%y",)
_SCMS = (
    _text(0, "ID", "code", required=True),
    _text(1, "Project Code", "code"),
    _text(3, "PO / SO #", "code"),
    _text(4, "ASN/DN #", "code"),
    _text(5, "Country"),
    _column(10, "PQ First Sent to Client Date", "date", expect.days("%m/%d/%y")),
    _column(11, "PO Sent to Vendor Date", "date", expect.days("%m/%d/%y", *_NAMED)),
    _column(12, "Scheduled Delivery Date", "date", expect.days(*_NAMED)),
    _column(13, "Delivered to Client Date", "date", expect.days(*_NAMED)),
    _column(14, "Delivery Recorded Date", "date", expect.days(*_NAMED)),
    _text(17, "Vendor", "reference"),
    _text(18, "Item Description"),
    _column(23, "Unit of Measure (Per Pack)", "integer", expect.whole),
    _number(24, "Line Item Quantity", required=True),
    _column(25, "Line Item Value", "money", expect.number(2, rounded=False)),
    _number(26, "Pack Price", "price"),
    _number(27, "Unit Price", "price"),
    _number(30, "Weight (Kilograms)"),
    _column(31, "Freight Cost (USD)", "money", expect.number(2, rounded=False)),
    _column(32, "Line Item Insurance (USD)", "money", expect.number(2, rounded=False)),
)
_BY_SUPPLIER = ImportField("price", "Unit price €", "price", ("Unit price €",), repeated=True)
_MOQ = ImportField("moq", "MOQ", "quantity", ("MOQ",), repeated=True)
_PRICES = {7: "Farnell / Element14", 10: "Digi-Key", 13: "Mouser", 17: "RS Components", 20: "TME"}
_BOM = (
    _text(2, "Part name", "code", required=True),
    _number(1, "Qty", required=True),
    _text(3, "Package"),
    _text(4, "Reference designator"),
    *(Column(at, _BY_SUPPLIER, expect.number(), key) for at, key in _PRICES.items()),
    *(Column(at + 1, _MOQ, expect.number(), key) for at, key in _PRICES.items()),
    _number(27, "Line Cost €", "price"),
)
_STOCK = ImportField("stock", "Stock", "quantity", repeated=True, key_patterns=(r"仓库\d+",))
_WEIGHT = ImportField("weight", "Unit weight g", "quantity", ("基础重量",), units=WEIGHT_IN_G)
_GOODS = (
    _text(0, "名称", required=True),
    _text(1, "规格"),
    _text(2, "型号"),
    Column(6, _WEIGHT, expect.number(), factor=1000),
    _column(7, "保质期(天)", "integer", expect.whole),
    _text(8, "基本单位"),
    _column(10, "基本条码", "barcode", expect.barcode),
    *(
        _number(at, title, "price")
        for at, title in ((14, "采购价"), (15, "零售价"), (16, "销售价"))
    ),
    _column(18, "状态", "yes_no", expect.yes_no),
    *(Column(at, _STOCK, expect.number(), f"仓库{at - 26}") for at in range(27, 32)),
)
_PARTY = (
    _text(0, "名称", required=True),
    _text(1, "联系人"),
    _text(2, "手机号码"),
    _number(8, "税率(%)", "percent"),
    _column(14, "状态", "yes_no", expect.yes_no),
)
_RECEIVABLE = _column(6, "期初应收", "money", expect.number(2, rounded=False))
_PAYABLE = _column(6, "期初应付", "money", expect.number(2, rounded=False))
_MEMBER = (
    _text(0, "会员卡号", "code", required=True),
    _text(1, "联系人"),
    _text(2, "手机号码"),
    _column(7, "状态", "yes_no", expect.yes_no),
)


def _lines(first: int, *more: Column) -> tuple[Column, ...]:
    """条码, 名称, 数量 from column ``first`` on."""
    return (
        _column(first, "条码", "barcode", expect.barcode, required=True),
        _text(first + 1, "名称"),
        _number(first + 2, "数量", required=True),
        *more,
    )


_WAREHOUSE = _text(0, "仓库", "reference", required=True)
_ORDERS = (
    _text(0, "Product code", "code", required=True),
    _text(1, "Product"),
    _text(3, "Manufacturer code", "code"),
    _text(4, "Vendor", "reference"),
    _text(5, "Vendor code", "code"),
    _number(6, "Total Order Quantity Round Up"),
    _number(9, "Package cost", "price"),
    _number(10, "Units per package"),
    _number(11, "Unit cost", "price"),
    _number(12, "Quantity of units quoted"),
    _number(13, "Total cost", "price"),
)
_TEMPLATES: tuple[tuple[str, tuple[Column, ...]], ...] = (
    ("goods", _GOODS),
    ("customer", (*_PARTY, _RECEIVABLE)),
    ("vendor", (*_PARTY, _PAYABLE)),
    ("member", _MEMBER),
    ("apply_item", _lines(0, _text(3, "备注"))),
    ("order_item", _lines(0, _number(3, "单价", "price"), _number(4, "税率（%）", "percent"))),
    ("in_out_item", (_WAREHOUSE, *_lines(1, _number(4, "单价", "price")))),
    (
        "buy_sale_item",
        (_WAREHOUSE, *_lines(1, _number(4, "单价", "price"), _number(5, "税率（%）", "percent"))),
    ),
)
_PRODUCT = (_text(0, "Product code", "code"), _text(1, "Product"), _text(2, "Product Group"))
_BARCODES = (_column(0, "barcode", "barcode", expect.barcode, required=True), _text(1, "name"))

SETS: dict[str, tuple[ImportSet, ...]] = {
    "online_retail": (
        ImportSet(
            "online_retail/online_retail_II_nonUK_2009-12_to_2010-11.xlsx",
            _retail("StockCode", "InvoiceDate", "Price", "Customer ID", "Invoice"),
        ),
        ImportSet(
            "online_retail/order_lines_2010-12_to_2011-05.csv.gz",
            _retail("StockCode", "InvoiceDate", "UnitPrice", "CustomerID", "InvoiceNo"),
        ),
        ImportSet(
            "online_retail/items_open.csv",
            (
                _text(0, "StockCode", "code", required=True),
                _text(1, "Description"),
                _number(2, "ModalPrice", "price"),
                _column(3, "Lines", "integer", expect.whole),
                _number(4, "QtySold", allow_negative=True),
                _column(6, "First", "date", expect.days("%Y-%m-%d")),
                _column(7, "Last", "date", expect.days("%Y-%m-%d")),
            ),
        ),
    ),
    "scms_delivery": (
        ImportSet("scms_delivery/scms_2006_to_2011-06.csv.gz", _SCMS, delimiter="\t"),
    ),
    "bom_eez_bb3": (
        *(
            ImportSet(f"bom_eez_bb3/{name}.csv", _BOM, heading_row=2)
            for name in ("AUX-PS_r3B5", "BP3C_r3B3", "MCU_r3B4")
        ),
        ImportSet(
            "bom_eez_bb3/1click_mcu.csv",
            (_text(0, "References"), _number(1, "Qty"), _text(2, "Description"), _text(4, "MPN", "code"),
             _text(6, "MPN (2)", "code"), _text(8, "MPN (3)", "code"), _text(11, "Digikey", "code")),
        ),
        ImportSet(
            "bom_eez_bb3/lines_normalised.csv",
            (_text(0, "board"), _text(1, "revision"), _number(3, "qty"), _text(4, "part_name", "code"),
             _text(6, "refs"), _number(8, "lowest_unit_price_eur", "price"), _number(9, "line_cost_eur", "price")),
        ),
    ),
    "openboxes_import": (
        ImportSet("openboxes_import/purchaseOrders.xlsx", _ORDERS),
        ImportSet("openboxes_import/purchaseOrders.xls", _ORDERS),
        ImportSet("openboxes_import/inventoryItemImportData.xlsx", _PRODUCT),
        ImportSet("openboxes_import/inventoryItemImportData.xls", _PRODUCT),
        ImportSet(
            "openboxes_import/WHO_products.csv",
            (_column(1, "Active", "yes_no", expect.yes_no), _text(4, "Name", required=True), _text(6, "Category"),
             _text(9, "UnitOfMeasure"), _text(10, "Tags"),
             _column(12, "LotAndExpiryControl", "yes_no", expect.yes_no)),
        ),
        ImportSet(
            "openboxes_import/UNSPSC_categories.csv",
            (_text(0, "Category Name", required=True), _text(1, "Parent Category Name")),
        ),
    ),
    "jsherp_templates": tuple(
        ImportSet(f"jsherp_templates/{name}_template.{kind}", columns, heading_row=2)
        for name, columns in _TEMPLATES
        for kind in ("xlsx", "xls")
    ),
    "off_items": (
        ImportSet("off_items/cn_items_open.csv", (*_BARCODES, _text(4, "ingredients"))),
        ImportSet("off_items/world_sample_open.csv.gz", _BARCODES),
    ),
}  # fmt: skip
