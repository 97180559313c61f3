"""Master data forms on a real database: written by keyboard, explained, kept when stale."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop_app.domain.bom import BOMLine
from desktop_app.queries import bills_of_material as bom_queries, master_data as records
from desktop_app.services import bills_of_material, master_data
from desktop_app.views.manufacturing import order_page
from desktop_app.views.master_data import bom_page, item_page, labels, party_page, warehouse_page
from tests import factories
from tests.views.station_world import context_on, opened


def _shop(uow: Any) -> dict[str, int]:
    shop = factories.make_shop(uow)
    lamp, base = factories.make_item(uow, "LAMP", name="Lamp"), factories.make_item(uow, "BASE")
    bom = bills_of_material.save_bom(
        uow, bills_of_material.BOMDraft(lamp, (BOMLine(base, Decimal(2), Decimal("0.05")),))
    )
    factories.stock_up(uow, shop, base, 60)
    return {
        "lamp": lamp,
        "base": base,
        "bom": bom,
        "warehouse": shop.warehouse,
        "customer": shop.customer,
    }


def test_a_new_item_with_barcodes_and_price(qtbot: Any, database: Any, tmp_path: Path) -> None:
    context = context_on(database, tmp_path)
    page = opened(qtbot, item_page.create, context)
    page.save()
    assert page.form.editor("code").property("wrong")
    for name, text in (
        ("code", "84029G"),
        ("name", "Hot water bottle"),
        ("sales_price", "12.5"),
    ):
        page.form.editor(name).setText(text)
    page.form.table("barcodes").show_values(
        {
            "barcodes": [
                {"barcode": "6901234567892"},
                {"barcode": "16901234567899", "factor": Decimal(12)},
            ]
        }
    )
    page.save()
    saved = database.read(records.item_record, page.record_id)
    assert {row["barcode"]: row["factor"] for row in saved["barcodes"]} == {
        "6901234567892": 1,
        "16901234567899": 12,
    }
    assert (saved["sales_price"], saved["tracking"]) == (Decimal("12.5"), "none")
    assert page.title() == "84029G Hot water bottle"
    barcodes = page.form.table("barcodes")
    barcodes.model.remove_line(1)
    page.form.editor("unit_weight_g").setText("50")
    page.save()
    page.form.editor("unit_weight_g").setText("")
    page.save()
    saved = database.read(records.item_record, page.record_id)
    assert [row["barcode"] for row in saved["barcodes"]] == ["6901234567892"]
    assert saved["unit_weight_g"] is None


def test_an_item_shows_where_it_lies_and_why(qtbot: Any, database: Any, tmp_path: Path) -> None:
    ids = database.run(_shop)
    context = context_on(database, tmp_path)
    page = opened(qtbot, item_page.create, context, id=ids["base"])
    assert [row.place for row in page._places] == ["A-01"]
    assert [row.item_code for row in page._products] == ["LAMP"]
    page.why()
    page.print_label()
    page.open_bom()
    assert [call[0] for call in context.open_page.calls] == ["why", "print_labels", "bom"]
    preview = opened(qtbot, labels.create_bin_labels, context, id=ids["warehouse"], title="W1")
    assert preview.document.pageCount() >= 1


def test_two_people_on_one_partner(qtbot: Any, database: Any, tmp_path: Path) -> None:
    ids = database.run(_shop)
    page = opened(qtbot, party_page.create, context_on(database, tmp_path), id=ids["customer"])
    database.run(
        master_data.save_party,
        {"code": "C1", "name": "Meijia Ltd"},
        party_id=ids["customer"],
        version=1,
    )
    page.form.editor("phone").setText("0571-88")
    page.form.editor("phone").edited.emit()
    page.save()
    assert "Somebody changed this record meanwhile" in page.bar.text
    assert page.form.editor("phone").text() == "0571-88"
    page._take_theirs()
    assert page.form.editor("name").text() == "Meijia Ltd"


def test_a_warehouse_gets_its_bins_by_pattern(qtbot: Any, database: Any, tmp_path: Path) -> None:
    page = opened(qtbot, warehouse_page.create, context_on(database, tmp_path))
    for name in ("code", "name", "exit_code"):
        page.form.editor(name).setText(f"N9 {name}"[:3].strip() + name[:1])
    page.save()
    page.pattern.setText("B-[01..03]-[1..2]")
    page.add_bins()
    bins = [row.code for row in page.places.places.rows if row.kind == "bin"]
    assert bins == ["B-01-1", "B-01-2", "B-02-1", "B-02-2", "B-03-1", "B-03-2"]
    page.pattern.setText("")
    page.add_bins()
    assert "Write bins like" in page.problem.text()


def test_a_bom_is_written_versioned_and_drawn(qtbot: Any, database: Any, tmp_path: Path) -> None:
    ids = database.run(_shop)
    page = opened(qtbot, bom_page.create, context_on(database, tmp_path), item_id=ids["lamp"])
    assert page.record_id == ids["bom"]
    page.amount.setText("100")
    page._ask_tree()
    assert [(row.depth, row.code, row.qty) for row in page._rows] == [
        (0, "LAMP", 100),
        (1, "BASE", 211),
    ]
    page.new_version()
    page.form.editor("version").setText("2")
    page.save()
    active = {
        row.version: row.is_active for row in database.read(bom_queries.versions, ids["lamp"])
    }
    assert active == {"1": False, "2": True}
    circle = opened(qtbot, bom_page.create, context_on(database, tmp_path), item_id=ids["base"])
    circle.lines.load(({"item_id": ids["lamp"], "qty": Decimal(1)},), writing=True)
    circle.save()
    assert "BASE → LAMP → BASE" in circle.bar.text


def test_an_order_from_a_bom_shows_its_material_first(
    qtbot: Any, database: Any, tmp_path: Path
) -> None:
    ids = database.run(_shop)
    context = context_on(database, tmp_path)
    page = opened(qtbot, order_page.create, context, kind="work_order")
    page.save()
    page.form.show_values(
        {"output_item_id": ids["lamp"], "output_qty": Decimal(10), "warehouse_id": ids["warehouse"]}
    )
    page.show_needs()
    [(need, stock)] = page.table.table_rows.rows
    assert (need.code, need.qty, stock.available) == ("BASE", 22, 60)
    page.save()
    assert context.open_page.calls[-1][0] == "document"


def test_a_login_without_the_right_only_reads(qtbot: Any, database: Any, tmp_path: Path) -> None:
    ids = database.run(_shop)
    context = context_on(database, tmp_path, frozenset({"stock.read"}))
    page = opened(qtbot, item_page.create, context, id=ids["lamp"])
    page.save()
    assert not page.save_button.isVisible()
    assert "sales_price" not in page.form
