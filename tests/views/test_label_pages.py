"""Labels from the screen: chosen, seen as they will be, queued, asked about, printed again."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton

from desktop_app.domain.label_bitmap import Symbology
from desktop_app.domain.label_design import Barcode, LabelDesign, LabelKind
from desktop_app.services import devices, label_designs, print_queue
from desktop_app.views import lists
from desktop_app.views.base.row_table import choose_row
from desktop_app.views.labels import job_page, print_page, sheet_page
from tests import factories
from tests.views.station_world import context_on, opened

PRINTER = {
    "kind": "printer",
    "name": "Desk",
    "workstation": "PC-7",
    "settings": {"transport": {"kind": "simulator"}, "profile": {"language": "tspl"}},
}


@pytest.fixture
def hinge(database: Any) -> int:
    return int(
        database.run(
            lambda u: factories.make_item(
                u, "JL-01", name="镀镍铰链", spec="4寸", barcodes={"6901234567892": 1}
            )
        )
    )


def test_labels_are_seen_and_queued_for_the_printer_of_another_pc(
    qtbot: Any, database: Any, tmp_path: Path, hinge: int
) -> None:
    database.run(devices.save, PRINTER)
    context = context_on(database, tmp_path)
    page = opened(
        qtbot, print_page.create, context, kind="item", goods=[(hinge, 0, None)], title="JL-01"
    )
    page.reload()
    assert page.view.image is not None and page.view.image.width() > 100
    assert "PC-7" in page.printers.currentText()
    page.copies.setValue(3)
    page.print_labels()
    found = database.run(
        lambda u: u.execute("SELECT state, fields->>'name' FROM print_label").fetchall()
    )
    assert found == [("queued", "镀镍铰链")] * 3
    assert "3" in page.bar.text


def test_a_label_nobody_looked_at_is_looked_at_before_printing(
    qtbot: Any, database: Any, tmp_path: Path, hinge: int
) -> None:
    """The third of three labels has no bars: an item code no bar code can hold."""
    printer = database.run(devices.save, PRINTER)
    red_wood = database.run(lambda u: factories.make_item(u, "红木-01", name="红木拉手"))
    bars = Barcode(Symbology.CODE128, "{item_code}", *map(Decimal, (2, 2, 56, 12)))
    design = LabelDesign(LabelKind.ITEM, "Own", Decimal(60), Decimal(40), (bars,))
    database.run(label_designs.save, design, is_default=True)
    goods = [(hinge, 0, None), (hinge, 0, None), (red_wood, 0, None)]
    page = opened(
        qtbot, print_page.create, context_on(database, tmp_path), kind="item", goods=goods
    )
    page.reload()
    page.designs.setCurrentIndex(page.designs.findText("Own  60×40"))
    assert page.warnings.isHidden()
    page.print_labels()
    assert "1 of 3 labels are not right, the first is label 3" in page.bar.text
    assert database.run(print_queue.pending, printer).queued == 0
    page.bar.findChildren(QPushButton)[0].click()
    assert page.labels.value() == 3
    assert "红木-01" in page.warnings.text()
    page.print_labels()  # a useless label is told even when it is looked at
    page.bar.findChildren(QPushButton)[1].click()
    assert database.run(print_queue.pending, printer).queued == 3


def test_without_a_printer_the_sheet_is_offered(
    qtbot: Any, database: Any, tmp_path: Path, hinge: int
) -> None:
    context = context_on(database, tmp_path)
    page = opened(qtbot, print_page.create, context, kind="item", goods=[(hinge, 0, None)])
    page.reload()
    page.print_labels()
    assert "no label printer" in page.bar.text
    page.make_sheet()
    name, params = context.open_page.calls[-1]
    assert name == "label_sheet"
    sheet = opened(qtbot, sheet_page.create, context, **params)
    sheet.reload()
    assert sheet.document.pageCount() == 1


def test_a_sheet_begun_before_goes_on_at_its_first_free_place(
    qtbot: Any, database: Any, tmp_path: Path, hinge: int
) -> None:
    context = context_on(database, tmp_path)
    page = opened(qtbot, print_page.create, context, kind="item", goods=[(hinge, 0, None)])
    page.reload()
    page.designs.setCurrentIndex(page.designs.findText("Item label 60×40  60×40"))
    page.start.setValue(20)
    page.copies.setValue(3)
    page.make_sheet()
    name, params = context.open_page.calls[-1]
    assert name == "label_sheet"
    sheet = opened(qtbot, sheet_page.create, context, **params)
    sheet.reload()
    assert sheet.document.pageCount() == 2, "21 places on a sheet: two here, one on the next"


def test_bins_parcels_and_badges_have_labels(qtbot: Any, database: Any, tmp_path: Path) -> None:
    shop = database.run(factories.make_shop)
    context = context_on(database, tmp_path)
    for params in (
        {"kind": "bin", "bins": list(shop.bins.values())},
        {"kind": "person", "logins": ["storekeeper"]},
    ):
        page = opened(qtbot, print_page.create, context, **params)
        page.reload()
        assert page.view.image is not None, params


def test_a_label_that_may_have_come_out_is_answered(
    qtbot: Any, database: Any, tmp_path: Path, hinge: int
) -> None:
    printer = database.run(devices.save, PRINTER)
    design = database.run(label_designs.designs, LabelKind.ITEM)[0].design
    from desktop_app.domain.label_json import to_json

    order = print_queue.PrintOrder(printer, "x", to_json(design), ({"name": "a"}, {"name": "b"}))
    job = database.run(print_queue.enqueue, order)
    home = database.as_user("storekeeper", workstation="PC-7")
    home.run(print_queue.claim, printer, 1)
    home.run(print_queue.recover, printer)
    context = context_on(database, tmp_path)
    page = opened(qtbot, job_page.create, context, id=job)
    page.reload()
    assert "did label 1 (a) come out" in page.bar.text
    page._answer(came_out=True)
    assert [row.state for row in page._rows] == ["confirmed", "queued"]
    page.table.clearSelection()
    choose_row(page.table, 0)
    page.ask_again()
    page.bar.field("reason").setText("torn")
    page.reload()  # the queue moved meanwhile: what is being typed stays
    page.bar.confirm()
    assert context.open_page.calls[-1][0] == "print_job"
    queue = opened(qtbot, lists.create, context, list="list:print_job")
    queue.reload()
    assert queue.table.rows.values(0)["reason"] == "torn"
