"""Snapshots that press on every layout: long names, many lines, nothing at all."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from desktop_app.reporting.options import PrintOptions
from desktop_app.reporting.snapshots import (
    BinLabel,
    BinLabelsSnapshot,
    BlindLine,
    BlindSheetSnapshot,
    CompanyHead,
    DaySheetSnapshot,
    DeliveryLine,
    DeliveryNoteSnapshot,
    ItemLabel,
    ItemLabelsSnapshot,
    OrderSnapshot,
    PaperTestSnapshot,
    PickLine,
    PickListSnapshot,
    PrintColumn,
    ScaleCheckLine,
    ScaleCheckSnapshot,
    ScannerCode,
    ScannerPageSnapshot,
    SealedKind,
)

LONG_NAME = (
    "不锈钢三节缓冲静音抽屉滑轨加厚侧装托底阻尼导轨（镀镍哑光）出口欧洲专用包装"
    "四百五十毫米左右成对含螺丝安装说明书一份彩盒装"
)
LONG_CODE = "HDL-304-BRUSHED-450MM-PAIR-EU-2026"
PRINTED_AT = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
OPTIONS = PrintOptions(printed_at=PRINTED_AT, printed_by="李四")

COMPANY = CompanyHead(
    "宁波账实通五金制品有限公司",
    "0574-8800 1234",
    "0574-8800 1235",
    "浙江省宁波市北仑区小港街道工业路 18 号",
    "中国银行宁波北仑支行 3501 2345 6789",
)


def _name(number: int) -> str:
    return LONG_NAME if number % 5 == 3 else f"铝合金拉手 {number} 型"


def pick_list(lines: int = 24) -> PickListSnapshot:
    """A pick list whose lines arrive in another order than the route."""
    made = [
        PickLine(
            n,
            (n * 7) % 29,
            f"W1-{'ABC'[(n * 7) % 29 // 10]}-{(n * 7) % 29:02d}-01",
            LONG_CODE if n == 3 else f"8402{n}G",
            _name(n),
            Decimal(n) * 12,
            "只",
            "128 mm 孔距",
            f"26010{n % 9}A",
            date(2027, 6, 30) if n % 2 else None,
            "12/箱" if n % 3 == 0 else "",
            "先出" if n == 4 else "",
        )
        for n in range(1, lines + 1)
    ]
    return PickListSnapshot(
        "JH-20260105-0007",
        "一号仓（宁波）",
        ("XSD-20260104-0012", "XSD-20260104-0013"),
        ("上海宏达家具有限公司", "Nordic Handles AB"),
        tuple(made),
        COMPANY.name,
        "下午三点发车",
    )


def blind_sheet(*, recount: bool = False, weighed: bool = False) -> BlindSheetSnapshot:
    """Twenty places to count."""
    lines = tuple(
        BlindLine(
            f"W1-A-{n:02d}-01",
            f"8402{n}G",
            _name(n),
            "只",
            "128 mm",
            "哑光镍",
            "12/箱" if n % 3 == 0 else "",
            "260101A" if n % 2 else "",
        )
        for n in range(1, 21)
    )
    return BlindSheetSnapshot(
        "PD-20260105-0001",
        1,
        2,
        "PD-20260105-0001",
        "一号仓（宁波）",
        lines,
        "W1-A-01-01 – W1-A-20-01",
        date(2026, 1, 5),
        "17:00–19:00",
        "财务 + 行政",
        "王五",
        "赵六",
        recount,
        weighed,
        4,
        COMPANY.name,
    )


def delivery_note(lines: int = 6, *, balance: bool = True) -> DeliveryNoteSnapshot:
    """A delivery note with money."""
    made = tuple(
        DeliveryLine(
            f"8402{n}G",
            _name(n),
            "只",
            Decimal(n) * 10,
            "128 mm 孔距",
            Decimal("12.5"),
            Decimal(n) * 125,
            "赠品" if n == 2 else "",
        )
        for n in range(1, lines + 1)
    )
    return DeliveryNoteSnapshot(
        COMPANY,
        "XSC-20260105-0009",
        date(2026, 1, 5),
        "上海宏达家具有限公司",
        made,
        "陈经理",
        "138 0000 1111",
        "上海市嘉定区安亭镇墨玉南路 888 号 3 号楼 2 单元（卸货走北门）",
        "XSD-20260104-0012",
        "一号仓",
        "周七",
        "德邦物流",
        "DPK1234567890",
        Decimal("80.00") if balance else None,
        Decimal(1000) if balance else None,
        Decimal("1705.00") if balance else None,
        Decimal("9705.00") if balance else None,
        "李四",
        "张三",
        "易碎，轻放。",
        "数量、质量如有异议，请于收货后 3 日内书面提出，逾期视为验收合格。",
    )


def purchase_order(lines: int = 40) -> OrderSnapshot:
    """An order long enough for a second page; titles as a document type gives them."""
    columns = (
        PrintColumn("code", "Item", "code", 26),
        PrintColumn("name", "Name", "text", 52),
        PrintColumn("unit", "Unit", "text", 12),
        PrintColumn("qty", "Quantity", "quantity", 20, total=True),
        PrintColumn("price", "Price", "price", 18),
        PrintColumn("amount", "Amount", "money", 24, total=True),
        PrintColumn("due", "Due", "date", 22),
    )
    rows = tuple(
        (
            f"8402{n}G",
            _name(n),
            "只",
            Decimal(n) * 10,
            Decimal("3.1250"),
            Decimal(n) * Decimal("31.25"),
            date(2026, 2, 1),
        )
        for n in range(1, lines + 1)
    )
    return OrderSnapshot(
        COMPANY,
        "Purchase order",
        "CGD-20260105-0003",
        (
            ("Supplier", "温州精工五金厂"),
            ("Contact", "林女士 139 0000 2222"),
            ("Date", "2026-01-05"),
            ("Deliver to", "一号仓（宁波）"),
            ("Buyer", "吴八"),
            ("Terms", "月结 30 天"),
        ),
        columns,
        rows,
        "amount",
        ("Buyer", "Approved by", "Supplier (seal)", "Date"),
        "请在送货单上注明订单号。",
        "交货数量允许 ±2 %，超出部分拒收。",
    )


def item_labels() -> ItemLabelsSnapshot:
    """A short code, an EAN, and one too long for bars."""
    return ItemLabelsSnapshot(
        (
            ItemLabel(
                "84029G",
                "铝合金拉手 29 型",
                "128 mm 孔距",
                "哑光镍",
                "只",
                "260101A",
                date(2026, 1, 1),
                date(2027, 6, 30),
                Decimal(120),
            ),
            ItemLabel("ZJ-10.5", LONG_NAME, "450 mm", "镀镍", "对", "L7", barcode="6921111111116"),
            ItemLabel(LONG_CODE, "拉丝不锈钢拉手", "450 mm", "拉丝", "只", "B9", copies=2),
            ItemLabel("红木-01", "红木拉手（编码不可印条码）", unit="只"),
        )
    )


def bin_labels() -> BinLabelsSnapshot:
    """More labels than a sheet holds, an exit and a badge among them."""
    bins = tuple(
        BinLabel(f"B.W1-A-{n:02d}-01", f"W1-A-{n:02d}-01", "一号仓 A 区") for n in range(1, 15)
    )
    return BinLabelsSnapshot(
        (
            BinLabel("X.W1-7K2Q", "出库口", "一号仓：扫描后才能发货"),
            BinLabel("P.LI4", "李四", "仓库管理员"),
            BinLabel("B.W1-VERY-LONG-RACK-NAME-A-01-02-03", "W1-VERY-LONG-RACK-NAME-A-01-02-03"),
            *bins,
        )
    )


def day_sheet() -> DaySheetSnapshot:
    """A sealed day."""
    return DaySheetSnapshot(
        COMPANY,
        date(2026, 1, 5),
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        PRINTED_AT,
        "张三",
        (SealedKind("采购入库单", 12, 88), SealedKind("销售出库单", 31, 140)),
    )


def scale_check() -> ScaleCheckSnapshot:
    checks = ((1500, 1500, 2), (3000, 3006, 2), (6000, 5999, 3), (3000, 3001, 2))
    return ScaleCheckSnapshot(
        COMPANY,
        "打包台秤",
        "PC-2",
        "6 kg",
        "0.001 kg",
        tuple(
            ScaleCheckLine(
                PRINTED_AT, Decimal(load), Decimal(shown), Decimal(allowed),
                abs(shown - load) <= allowed, "张三",
            )
            for load, shown, allowed in checks
        ),
    )  # fmt: skip


SAMPLES: dict[str, tuple[str, object, PrintOptions]] = {
    "pick_list": ("pick_list", pick_list(), OPTIONS),
    "scale_check": ("scale_check", scale_check(), OPTIONS),
    "scanner_page": (
        "scanner_page",
        ScannerPageSnapshot(
            (
                ScannerCode("ABCabc-/]^", "code128", "Capitals 大小写", "ABCabc-/]^"),
                ScannerCode("(01)06921111111116(10)A(37)2", "gs1_128", "Separator 分隔符", "GS1"),
                ScannerCode("账实通-12.5", "qr", "Chinese 中文", "账实通-12.5"),
            )
        ),
        PrintOptions(),
    ),
    "pick_list_empty": ("pick_list", pick_list(0), OPTIONS),
    "blind_sheet": ("blind_sheet", blind_sheet(), OPTIONS),
    "blind_sheet_recount_weighed": (
        "blind_sheet",
        blind_sheet(recount=True, weighed=True),
        OPTIONS,
    ),
    "delivery_note": (
        "delivery_note",
        delivery_note(),
        PrintOptions(
            printed_at=PRINTED_AT, printed_by="李四", plies=("白-存根", "红-客户", "黄-回单")
        ),
    ),
    "delivery_note_long": ("delivery_note", delivery_note(23), OPTIONS),
    "delivery_note_no_prices": (
        "delivery_note",
        delivery_note(),
        PrintOptions(printed_at=PRINTED_AT, show_prices=False, draft=True, copy_no=2),
    ),
    "delivery_note_a4": (
        "delivery_note",
        delivery_note(5),
        PrintOptions(paper="a4", plies=("存根联", "客户联"), foot_on_every_page=False),
    ),
    "delivery_note_third": (
        "delivery_note",
        delivery_note(4, balance=False),
        PrintOptions(paper="241_third"),
    ),
    "delivery_note_empty": ("delivery_note", delivery_note(0, balance=False), OPTIONS),
    "order": ("order", purchase_order(), OPTIONS),
    "item_labels_60x40": ("item_labels", item_labels(), PrintOptions()),
    "item_labels_40x30": ("item_labels", item_labels(), PrintOptions(paper="label_40x30")),
    "item_labels_empty": ("item_labels", ItemLabelsSnapshot(()), PrintOptions()),
    "bin_labels": ("bin_labels", bin_labels(), PrintOptions()),
    "day_sheet": ("day_sheet", day_sheet(), OPTIONS),
    "paper_test": (
        "paper_test",
        PaperTestSnapshot("EPSON LQ-630K", "0.5", "-1.2"),
        PrintOptions(paper="241_half"),
    ),
}
"""Sample name: layout id, snapshot, options."""
