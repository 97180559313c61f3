"""Boxes and loose pieces typed at the stations: the receiving dock, the blind count."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_app.core.clock import FixedClock
from desktop_app.domain.scan_codes import parse_scan
from desktop_app.domain.units import ItemUnits, Unit
from desktop_app.views.counting.entry_flow import CountFlow
from desktop_app.views.purchasing.receiving_station import ReceivingStation
from tests import factories
from tests.scenarios.test_receiving import order
from tests.views.station_world import context_on
from tests.views.test_counting_flow import task

BOXED = ItemUnits("pcs", 0, (Unit("箱", 12),))


def test_three_boxes_and_four_loose_at_the_dock(
    qtbot: Any, database: Any, tmp_path: Path, fixed_clock: FixedClock
) -> None:
    def made(uow: Any) -> Any:
        shop = factories.make_shop(uow)
        hinge = factories.make_item(
            uow, "HINGE", units=[{"unit": "箱", "factor": "12"}], unit_weight_g=Decimal(3)
        )
        milk = factories.make_item(
            uow, "MILK", tracking="lot", shelf_life=18, shelf_life_unit="months"
        )
        return order(uow, shop, (hinge, 100), (milk, 20))

    bought = database.run(made)
    page = ReceivingStation(context_on(database, tmp_path))
    qtbot.addWidget(page)
    page.show()
    for code in (bought.number, "HINGE"):
        page.on_scan(parse_scan(code))
    page.strip.qty.setText("3箱4")
    QTest.keyClick(page.strip.qty, Qt.Key.Key_Return)
    assert [entry.qty for entry in page.tally.entries()] == [40]
    page.on_scan(parse_scan("HINGE"))
    page.strip.qty.setText("2托")
    QTest.keyClick(page.strip.qty, Qt.Key.Key_Return)
    assert "no unit “托”" in page.strip.problem.text()
    page.strip.qty.setText("41")
    page.on_scan(parse_scan("MILK"))
    assert page.strip.expiry.placeholderText() == "2027-07-05"


def test_boxes_on_the_shelf_are_counted_as_pieces() -> None:
    flow = CountFlow()
    flow.load((task(1, "A-01", "HINGE", units=BOXED),))
    for code in ("A-01", "HINGE"):
        flow.scan(parse_scan(code), typed=False)
    answer = flow.scan(parse_scan("2托"), typed=True)
    assert (answer.kind, answer.entry) == ("wrong", None)
    answer = flow.scan(parse_scan("3箱4"), typed=True)
    assert answer.entry is not None
    assert answer.entry.qty == 40
