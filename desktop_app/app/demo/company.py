"""Fills a new database with the demo company (sources: resources/demo/README.md)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from desktop_app.app.demo.families import keep_families
from desktop_app.core import clock, paths
from desktop_app.core.i18n import tr
from desktop_app.database.unit_of_work import Database, UnitOfWork
from desktop_app.domain.bin_patterns import bins_of_pattern
from desktop_app.services import access, documents, master_data, parties, places

PASSWORD = "demo-2026"  # noqa: S105 - of the demo company only, told in the README
PEOPLE = (
    ("cangku", "仓管 小林", ("storekeeper",)),
    ("xiaoshou", "销售 小王", ("sales",)),
    ("caigou", "采购 小陈", ("buyer",)),
    ("caiwu", "财务 刘姐", ("finance",)),
    ("zhijian", "质检 老周", ("quality",)),
    ("jihua", "计划 小吴", ("planner",)),
    ("pandian1", "盘点 甲", ("counter",)),
    ("pandian2", "盘点 乙", ("counter",)),
)
CARRIERS = (("K01", "顺丰速运"), ("K02", "德邦快递"), ("K03", "安能物流"))
OWN_ITEMS: tuple[dict[str, Any], ...] = (
    {"code": "JL-0123", "name": "铰链 毛坯", "spec": "35 mm", "unit_weight_g": "18.5"},
    {"code": "JL-0123-NI", "name": "镀镍铰链", "spec": "35 mm 镀镍", "unit_weight_g": "19.2"},
    {"code": "JL-0123-CR", "name": "镀铬铰链", "spec": "35 mm 镀铬", "unit_weight_g": "19.0"},
    {"code": "LS-M4-10", "name": "螺丝 M4×10", "unit_weight_g": "1.15", "abc_class": "B"},
    {"code": "HZ-01", "name": "包装盒 小", "unit_weight_g": "22"},
    {"code": "JM-SET", "name": "铰链套装 2 只装", "unit_weight_g": "66"},
    {"code": "JM-BOX", "name": "铰链套装 礼盒 6 套", "abc_class": "A"},
    {
        "code": "JX-500",
        "name": "高活性干酵母 500 g",
        "tracking": "lot",
        "shelf_life": 17520,
        "abc_class": "A",
        "safety_stock": "40",
    },
    {
        "code": "HNY-1L",
        "name": "鲜牛奶 1 L",
        "tracking": "lot",
        "shelf_life": 168,
        "abc_class": "A",
        "safety_stock": "60",
    },
)
BOMS: tuple[tuple[str, tuple[tuple[str, str, str, str], ...]], ...] = (
    (
        "JM-SET",
        (
            ("JL-0123-NI", "2", "0.01", "of_issue"),
            ("LS-M4-10", "8", "0.02", "on_top"),
            ("HZ-01", "1", "0", "of_issue"),
        ),
    ),
    ("JM-BOX", (("JM-SET", "6", "0", "of_issue"), ("HZ-01", "1", "0.01", "of_issue"))),
    ("JL-0123-NI", (("JL-0123", "1", "0.005", "of_issue"),)),
)
"""(parent, ((component, quantity per, loss rate, loss basis) …)); the last is plated outside."""


@dataclass
class DemoCompany:
    """Ids of what was made, by code."""

    warehouse: int = 0
    shop: int = 0
    bins: dict[str, int] = field(default_factory=dict)
    shop_bins: dict[str, int] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    customers: dict[str, int] = field(default_factory=dict)
    suppliers: dict[str, int] = field(default_factory=dict)
    subcontractor: int = 0


def fill_demo(database: Database, progress: Any = lambda _what, _per_cent: None) -> DemoCompany:
    """Masters, people and opening stock; one transaction per kind."""
    demo = DemoCompany()
    progress(tr("Demo company: warehouses and people …"), 55)
    database.run(_places_and_people, demo)
    progress(tr("Demo company: items and partners …"), 65)
    database.run(_items, demo)
    database.run(keep_families, demo.items)
    database.run(_partners, demo)
    database.run(_boms, demo)
    progress(tr("Demo company: opening stock …"), 85)
    database.run(_opening_stock, demo)
    return demo


def demo_rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a file of ``resources/demo``."""
    with (paths.resources_dir() / "demo" / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _places_and_people(uow: UnitOfWork, demo: DemoCompany) -> None:
    demo.warehouse = master_data.save_warehouse(
        uow, "W1", tr("Main warehouse"), "W1-EXIT", "浙江省金华市婺城区工业路 18 号"
    )
    demo.bins = master_data.save_bins(
        uow,
        demo.warehouse,
        [
            f"{aisle}-{rack:02d}-{level}"
            for aisle in "ABC"
            for rack in range(1, 13)
            for level in range(1, 5)
        ],
    )
    demo.shop = master_data.save_warehouse(uow, "W2", tr("Shop"), "W2-EXIT", "金华市八一南街 66 号")
    demo.shop_bins = master_data.save_bins(uow, demo.shop, [f"S-{n:02d}" for n in range(1, 9)])
    rejects = places.save_warehouse(uow, "Q1", tr("Defective goods"), "Q1-EXIT", kind="defective")
    places.make_bins(uow, rejects, bins_of_pattern("Q-01…Q-06"))
    for login, name, jobs in PEOPLE:
        access.create_login(uow, login, name, PASSWORD, jobs)


def _items(uow: UnitOfWork, demo: DemoCompany) -> None:
    bins = list(demo.bins.values())
    for number, row in enumerate(demo_rows("items.csv")):
        price = Decimal(row["sales_price"])
        demo.items[row["code"]] = master_data.save_item(
            uow,
            {
                "code": row["code"],
                "name": row["name"],
                "uom": tr("pcs"),
                "sales_price": price,
                "purchase_price": (price * Decimal("0.6")).quantize(Decimal("0.01")),
                "default_location_id": bins[number % len(bins)],
                "barcodes": {_ean13(690_0000_00000 + number): 1},
                "abc_class": "A" if number % 10 == 0 else "B" if number % 4 == 0 else "C",
            },
        )
    for row in OWN_ITEMS:
        values: dict[str, Any] = {
            key: Decimal(value) if key in ("unit_weight_g", "safety_stock") else value
            for key, value in row.items()
        }
        values |= {"uom": tr("pcs"), "default_location_id": bins[len(demo.items) % len(bins)]}
        demo.items[row["code"]] = master_data.save_item(uow, values)


def _partners(uow: UnitOfWork, demo: DemoCompany) -> None:
    for row in demo_rows("suppliers.csv"):
        demo.suppliers[row["code"]] = master_data.save_party(uow, {**row, "is_supplier": True})
    for row in demo_rows("order_lines.csv"):
        code = row["customer"]
        if code not in demo.customers:
            demo.customers[code] = master_data.save_party(
                uow,
                {
                    "code": f"C{code}",
                    "name": tr("Customer {code}", code=code),
                    "is_customer": True,
                    "address": row["country"],
                },
            )
    demo.subcontractor = master_data.save_party(
        uow,
        {
            "code": "W01",
            "name": "金华市宏光电镀厂",
            "is_subcontractor": True,
            "is_supplier": True,
            "contact": "孙师傅",
            "phone": "0579-8233 6600",
            "payment_terms": "月结",
            "payment_days": 30,
            "contacts": [{"name": "孙师傅", "role": "厂长", "phone": "0579-8233 6600"}],
            "addresses": [{"receiver": "孙师傅", "address": "浙江省金华市金东区电镀园区 6 号"}],
        },
    )
    for code, name in CARRIERS:
        parties.save_party(uow, {"code": code, "name": name, "is_carrier": True})


def _boms(uow: UnitOfWork, demo: DemoCompany) -> None:
    for parent, components in BOMS:
        bom = uow.scalar(
            "INSERT INTO bom (item_id, version) VALUES (%s, '1') RETURNING id",
            (demo.items[parent],),
        )
        for number, (code, per, loss, basis) in enumerate(components, start=1):
            uow.execute(
                "INSERT INTO bom_line (bom_id, line_no, item_id, qty_per, loss_rate, loss_basis)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                (bom, number, demo.items[code], Decimal(per), Decimal(loss), basis),
            )


def _opening_stock(uow: UnitOfWork, demo: DemoCompany) -> None:
    defaults: dict[int, int] = dict(
        uow.execute("SELECT id, default_location_id FROM item").fetchall()
    )
    lines = []
    for number, (code, item) in enumerate(demo.items.items()):
        if code in ("JX-500", "HNY-1L"):
            continue
        lines.append(
            {
                "item_id": item,
                "qty": Decimal(400 + 37 * (number % 11)),
                "to_location_id": defaults[item],
                "unit_price": Decimal("1.20") + Decimal(number % 9) / 10,
            }
        )
    soon = clock.now() + timedelta(days=12)
    for code, lot, days in (
        ("JX-500", "J2601", 300),
        ("JX-500", "J2512", 20),
        ("HNY-1L", "N0105", 5),
    ):
        lot_id = master_data.save_lot(
            uow, demo.items[code], lot, expires_at=soon + timedelta(days=days - 12)
        )
        lines.append(
            {
                "item_id": demo.items[code],
                "qty": Decimal(120),
                "lot_id": lot_id,
                "to_location_id": defaults[demo.items[code]],
                "unit_price": Decimal("9.50"),
            }
        )
    draft = documents.Draft("opening_stock", {"warehouse_id": demo.warehouse}, tuple(lines))
    documents.create_and_act(
        uow, draft, documents.ActCommand(0, "post", reason=tr("Opening stock"))
    )


def _ean13(first_twelve: int) -> str:
    digits = f"{first_twelve:012d}"
    total = sum(int(d) * (3 if n % 2 else 1) for n, d in enumerate(digits))
    return digits + str(-total % 10)
