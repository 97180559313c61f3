"""Every kind of table: its template is understood, and a whole import of it can be taken back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from desktop_app.exchange.importing.mapping import SURE
from desktop_app.services.importing import reading, runs
from desktop_app.services.importing.targets import TARGETS
from tests import factories

FILES = {
    "item": "货号,名称,条码,销售价\nX-1,铰链,6901234567892,3\nNUT,新螺母,,4\n",
    "party": "编号,名称,客户,联系人\nC-9,新客户,是,王\nC1,改名,是,李\n",
    "place": "仓库,库位,名称\nW1,Z-01-1,\nW1,A-01,改\n",
    "opening_stock": "货号,仓库,数量,金额\nNUT,W1,5,10\n",
    "price": "货号,销售价,采购价\nNUT,9,8\n",
    "bom": "产品编码,子件编码,用量,损耗率\nNUT,BOLT,2,5%\n",
    "purchase_order": "订单号,供应商,仓库,货号,数量\nP1,S1,W1,NUT,5\n",
    "sales_order": "订单号,客户,仓库,货号,数量\nP1,C1,W1,NUT,5\n",
}
LOOKS = (
    "SELECT code, name FROM item WHERE is_active ORDER BY 1",
    "SELECT barcode FROM item_barcode ORDER BY 1",
    "SELECT code, name, contact FROM party WHERE is_active ORDER BY 1",
    "SELECT code, name FROM location WHERE is_active AND kind = 'bin' ORDER BY 1",
    "SELECT item_id, price FROM item_sales_price ORDER BY 1",
    "SELECT item_id, price FROM item_purchase_price ORDER BY 1",
    "SELECT item_id, version FROM bom WHERE is_active ORDER BY 1",
    (
        "SELECT coalesce(sum(b.on_hand), 0) FROM stock_balance b JOIN location l"
        " ON l.id = b.location_id WHERE l.warehouse_id IS NOT NULL"
    ),
    (
        "SELECT count(*) FROM document WHERE kind IN ('purchase_order', 'sales_order')"
        " AND state <> 'void'"
    ),
)


@pytest.fixture
def shop(uow: Any) -> None:
    factories.make_shop(uow)
    factories.make_item(uow, "NUT", name="Nut", sales_price=Decimal(7))
    factories.make_item(uow, "BOLT")


def seen_by_the_shop(uow: Any) -> list[Any]:
    return [uow.execute(look).fetchall() for look in LOOKS]


def test_every_kind_is_tried_here() -> None:
    assert {target.kind for target in TARGETS} == set(FILES)


@pytest.mark.parametrize("kind", FILES)
def test_the_whole_import_is_taken_back(uow, shop, tmp_path: Path, kind: str) -> None:
    before = seen_by_the_shop(uow)
    path = tmp_path / "table.csv"
    path.write_bytes(FILES[kind].encode("gb18030"))
    seen = reading.look(uow, kind, path)
    read = reading.read_in(uow, kind, seen, seen.mapping)
    assert read.counts.refused == 0
    run = runs.run(uow, read.draft_id, uuid4())
    assert seen_by_the_shop(uow) != before
    runs.undo(uow, run.id, uuid4())
    assert seen_by_the_shop(uow) == before


@pytest.mark.parametrize("kind", FILES)
def test_each_column_of_the_template_is_known_by_name(uow, shop, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "template.xlsx"
    reading.template(uow, kind, path)
    seen = reading.look(uow, kind, path)
    assert {match.field for match in seen.mapping.columns} == {
        field.name for field in seen.fields if not field.repeated
    }
    assert all(match.confidence >= SURE for match in seen.mapping.columns)
