"""The shop's own fields, and its own tables taken in: looked at, mended, taken in, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from openpyxl import Workbook

from desktop_app.app import company
from desktop_app.app.demo.record import expect
from desktop_app.app.demo.world import World
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.domain.own_fields import FORMULA, OwnField
from desktop_app.queries.items import item_record
from desktop_app.services import documents, own_fields
from desktop_app.services.documents import Draft
from desktop_app.services.importing import reading, runs, stage
from desktop_app.services.importing.stage import Counts
from desktop_app.services.items import save_item

HINGE = "JL-0123-NI"
CARTON = Decimal(48)
FIELDS = (
    OwnField(0, "origin", "产地", "text", scopes=("item",)),
    OwnField(
        0, "carton_kg", "箱重 kg", FORMULA, decimals=3,
        formula="pack_size * unit_weight_g / 1000", scopes=("item",),
    ),
    OwnField(
        0, "packing", "包装要求", "choice", choices=("普通", "礼盒", "出口箱"),
        scopes=("sales_order",), in_print=True,
    ),
    OwnField(
        0, "line_kg", "净重 kg", FORMULA, decimals=2,
        formula="qty * unit_weight_g / 1000", scopes=("sales_order.line",),
    ),
)  # fmt: skip
"""What this shop keeps besides: where goods come from, and weights worked out."""
HEADINGS = ("货号", "名称*", "规格", "单位", "条码", "安全库存", "产地", "我的备注")
NEW_GOODS = (
    ("00917", "镀镍拉手", "96 mm", "只", "6901234500011", 60, "浙江永康", "展会样"),
    ("00918", "镀铬拉手", "96 mm", "只", "6901234500028", 40, "浙江永康", None),
    ("00919", "不锈钢合页", "4 寸", "只", "6901234500035", "很多", "广东揭阳", "问老板"),
    ("00920", "门吸", "磁吸", "个", "6901234500043", 30, "广东中山", None),
    ("LS-M4-10", "螺丝 M4×10", None, "只", None, 2000, "浙江海盐", None),
)
"""Two wrong cells: a quantity in words, a barcode whose check digit is wrong."""
CATALOGUE = tuple(
    (f"PF-{number:03d}", f"{finish}{kind}", size, "只", None, 10 * number, "浙江温州", None)
    for number, (finish, kind, size) in enumerate(
        (
            (finish, kind, size)
            for kind, size in (("拉手", "128 mm"), ("挂钩", "单钩"), ("合页", "3 寸"))
            for finish in ("镀镍", "镀铬", "哑光", "古铜")
        ),
        start=1,
    )
)
"""A supplier's whole catalogue: taken in by mistake, taken back."""


def own_words(world: World) -> None:
    """Fields nobody programmed: declared, filled, computed, shown in a list and on an order."""
    for number, field in enumerate(FIELDS):
        world.notes[f"field-{field.name}"] = world.run(
            company.OWNER, own_fields.save, OwnField(**{**asdict(field), "position": number})
        )
    world.refused("cangku", "declare a field of the company's own", own_fields.save, FIELDS[0])
    world.run(company.OWNER, _fill, world.demo.items)
    customer = next(iter(world.demo.customers.values()))
    order = world.run(
        "xiaoshou",
        documents.create,
        Draft(
            "sales_order",
            {
                "party_id": customer,
                "warehouse_id": world.demo.warehouse,
                "custom.packing": "出口箱",
            },
            ({"item_id": world.demo.items[HINGE], "qty": CARTON, "unit_price": Decimal("3.20")},),
        ),
    )
    view: Any = world.read("xiaoshou", documents.view, order.id)
    expect(view.head["custom.packing"] == "出口箱", f"{view.head}")
    weight = view.lines[0]["custom.line_kg"]
    expect(weight == Decimal("0.92"), f"{CARTON} hinges weigh {weight}")
    world.made["own_fields_order"] = order
    world.record.fact("line_kg", str(weight))


def _fill(uow: UnitOfWork, items: Mapping[str, int]) -> None:
    for code, origin in ((HINGE, "浙江金华"), ("JL-0123-CR", "浙江金华"), ("HZ-01", "浙江义乌")):
        known = item_record(uow, items[code])
        given = {name: known[name] for name in ("code", "name", "spec")}
        save_item(
            uow,
            {**given, "pack_size": CARTON},
            item_id=items[code],
            version=known["version"],
        )
        own_fields.keep(uow, "item", items[code], {"custom.origin": origin})


def take_in(world: World) -> None:
    """One table with two wrong cells, one of them mended; another one taken back whole."""
    goods = _book(world, "新货登记.xlsx", "佛山金龙五金 新货登记表", NEW_GOODS)
    read = _read(world, goods)
    expect(read.counts == Counts(new=2, changed=1, refused=2), f"{goods.name}: {read.counts}")
    expect(read.skipped == 1, f"{read.skipped} rows were taken for totals")
    refused = world.read("caigou", stage.page, read.draft_id, "refused")
    world.record.fact(
        "refused_cells",
        [f"{t.field}: {t.message}" for row in refused for t in row.troubles],
    )
    told = world.run(
        "caigou", reading.mend, read.draft_id, refused[0].row_no, "safety_stock", "300"
    )
    expect(told.refused == 1, f"after mending a cell {told.refused} rows are refused")
    path = world.record.path("import", "退回的行.xlsx")
    world.read("caigou", reading.refused_to_excel, read.draft_id, path)
    uuid = uuid4()
    run = world.run("caigou", runs.run, read.draft_id, uuid)
    expect(world.run("caigou", runs.run, read.draft_id, uuid) == run, "taken in twice")
    world.record.fact("taken_in", asdict(run.counts))
    world.notes["import_run"] = run.id
    _take_back(world)


def _take_back(world: World) -> None:
    catalogue = _book(world, "供应商目录.xlsx", "温州鹏飞五金 产品目录", CATALOGUE)
    before = world.read("caigou", _items)
    run = world.run("caigou", runs.run, _read(world, catalogue).draft_id, uuid4())
    expect(world.read("caigou", _items) == before + len(CATALOGUE), "the catalogue did not arrive")
    undone = world.run("caigou", runs.undo, run.id, uuid4())
    expect(undone.state == "undone", f"the catalogue is {undone.state}")
    expect(world.read("caigou", _items) == before, "something of the catalogue stayed")
    world.record.fact("taken_back", asdict(run.counts))
    more = (*NEW_GOODS, *CATALOGUE[:6], ("HZ-01", "包装盒 小", "120×80 mm", *(None,) * 5))
    world.notes["import_file"] = _book(world, "补货登记.xlsx", "佛山金龙五金 补货登记表", more)


def _items(uow: UnitOfWork) -> int:
    return int(uow.scalar("SELECT count(*) FROM item WHERE is_active"))


def _read(world: World, path: Path) -> reading.ReadIn:
    seen = world.read("caigou", reading.look, "item", path)
    return world.run("caigou", reading.read_in, "item", seen, seen.mapping)


def _book(world: World, name: str, title: str, rows: Sequence[tuple[Any, ...]]) -> Path:
    """A workbook as shops keep it: a title above, an empty row, a total below."""
    book = Workbook()
    for row in ((title,), (), HEADINGS, *rows, ("合计", *(None,) * 4, 9_999)):
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    return world.record.write("import", name, content.getvalue())
