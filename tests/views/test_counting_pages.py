"""The counting screens on a real database, each with the login of the person before it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from desktop_app.core.settings import Settings
from desktop_app.domain.permissions import JOB_ROLES
from desktop_app.domain.scan_codes import parse_scan
from desktop_app.runtime.change_bus import ChangeBus
from desktop_app.runtime.context import AppContext, CompanyInfo, CurrentUser
from desktop_app.runtime.notifier import RecordingNotifier
from desktop_app.runtime.operations import InlineOperations
from desktop_app.services.counting import PlanCount, plan_and_start
from desktop_app.views.base.factories import create_document
from desktop_app.views.counting.entry_station import CountEntryStation
from desktop_app.views.counting.plan_page import CountPlanPage
from desktop_app.views.counting.review_page import CountReviewPage
from desktop_app.views.counting.trend_chart import scale
from desktop_app.views.counting.trend_page import AccuracyPage
from tests import factories
from tests.views.page_fakes import Opened


@pytest.fixture
def people(database: Any, tmp_path: Path) -> Any:
    """A context for each login."""

    def context(login: str) -> AppContext:
        rights = frozenset(JOB_ROLES[login.rstrip("2")].permissions)
        return AppContext(
            InlineOperations(database.as_user(login)),
            ChangeBus(),
            RecordingNotifier(),
            Settings.load(tmp_path / "settings.json"),
            CurrentUser(login, login, rights),
            CompanyInfo("Demo"),
            Opened(),
        )

    return context


def make_stock(database: Any) -> factories.Shop:
    shop = database.run(factories.make_shop)
    for code, qty, place in (("HINGE", 100, "A-01"), ("SCREW", 40, "A-02")):
        shop.items[code] = database.run(factories.make_item, code)
        database.run(factories.stock_up, shop, shop.items[code], qty, place)
    return shop


def show(qtbot: Any, page: Any) -> Any:
    qtbot.addWidget(page)
    page.resize(1366, 700)
    page.show()
    qtbot.waitExposed(page)
    return page


def count(page: CountEntryStation, *places: tuple[str, str, int], qtbot: Any) -> None:
    """Scan and type as at the shelf, with real key presses."""
    for place, item, qty in places:
        page.on_scan(parse_scan(f"B.{place}"))
        page.on_scan(parse_scan(item))
        qtbot.keyClicks(page.scan_field, str(qty))
        qtbot.keyClick(page.scan_field, Qt.Key.Key_Return)


def test_from_draw_to_posting_with_four_people(database: Any, people: Any, qtbot: Any) -> None:
    shop = make_stock(database)
    plan = show(qtbot, CountPlanPage(people("finance")))
    assert plan.fields["warehouse_id"].value() == shop.warehouse
    plan.draw()
    (opened,) = plan.context.open_page.calls
    assert opened[0] == "count:review"
    station = show(qtbot, CountEntryStation(people("counter")))
    count(station, ("A-01", "HINGE", 60), ("A-02", "SCREW", 40), qtbot=qtbot)
    assert "Every place is counted" in station.feedback.text
    review = show(qtbot, CountReviewPage(people("finance"), opened[1]["document_id"]))
    review.main_step()
    assert review.badge.text() == "Recount"
    second = show(qtbot, CountEntryStation(people("counter2")))
    for row in second.flow.tasks:
        count(
            second,
            (row.location_code, row.item_code, 60 if row.item_code == "HINGE" else 40),
            qtbot=qtbot,
        )
    review.refresh()
    review.main_step()
    assert review.badge.text() == "In review"
    assert review.table.current_review_row().item_code == "HINGE"
    review.main_step()
    review.bar.confirm()
    assert "choose a cause" in review.bar.text
    review.panel.cause.show_value("MISSING")
    review.panel.save()
    review.main_step()
    review.bar.confirm()
    assert review.badge.text() == "Posted"
    assert database.read(factories.on_hand, shop.items["HINGE"]) == 60
    trend = show(qtbot, AccuracyPage(people("storekeeper")))
    assert trend.points[0].metrics.ira_exact == Decimal("0.5")
    assert "÷" in trend.formula.text()
    assert not any(column.name.startswith("val_") for column in trend.model.columns)


def test_the_station_shows_no_book_quantity(database: Any, people: Any, qtbot: Any) -> None:
    shop = make_stock(database)
    database.as_user("finance").run(plan_and_start, PlanCount(shop.warehouse))
    station = show(qtbot, CountEntryStation(people("counter")))
    model = station.table.model()
    shown = [
        model.data(model.index(row, column))
        for row in range(model.rowCount())
        for column in range(model.columnCount())
    ]
    assert "HINGE" in shown
    assert not {"100", "40"} & {str(cell) for cell in shown}


def test_a_refusal_of_the_database_is_said_on_the_line(
    database: Any, people: Any, qtbot: Any
) -> None:
    shop = make_stock(database)
    database.as_user("finance").run(plan_and_start, PlanCount(shop.warehouse))
    station = show(qtbot, CountEntryStation(people("owner")))
    count(station, ("A-01", "HINGE", 100), qtbot=qtbot)
    assert "whoever can see stock must not count" in station.feedback.text
    assert station.context.notifier.sounds[-1] == "wrong"


def test_goods_not_listed_are_reported_with_f9(database: Any, people: Any, qtbot: Any) -> None:
    shop = make_stock(database)
    ref = database.as_user("finance").run(plan_and_start, PlanCount(shop.warehouse))
    station = show(qtbot, CountEntryStation(people("counter")))
    station.labels()
    assert "Scan the bin first" in station.feedback.text
    station.on_scan(parse_scan("A-01"))
    station.labels()
    station.bar.field("note").setText("brass knobs")
    station.bar.field("qty").setText("12")
    station.bar.confirm()
    assert "Reported" in station.feedback.text
    review = show(qtbot, CountReviewPage(people("finance"), ref.id))
    assert "brass knobs" in review.found.text()


def test_the_draw_is_proven_on_the_page(database: Any, people: Any, qtbot: Any) -> None:
    shop = make_stock(database)
    ref = database.as_user("finance").run(plan_and_start, PlanCount(shop.warehouse, seed=5))
    review = show(qtbot, CountReviewPage(people("finance"), ref.id))
    review.prove()
    assert "drawing again gives exactly the same 2 items" in review.bar.text
    assert "given by a person" in review.bar.text
    review.print_sheets()
    assert review.context.open_page.calls[-1][0] == "preview"


def test_uncounted_lines_are_asked_about(database: Any, people: Any, qtbot: Any) -> None:
    shop = make_stock(database)
    ref = database.as_user("finance").run(plan_and_start, PlanCount(shop.warehouse))
    review = show(qtbot, CountReviewPage(people("finance"), ref.id))
    review.main_step()
    assert "Nothing was counted yet" in review.bar.text
    station = show(qtbot, CountEntryStation(people("counter")))
    count(station, ("A-01", "HINGE", 100), qtbot=qtbot)
    review.main_step()
    assert "1 lines are not counted yet" in review.bar.text
    review.bar.confirm()
    assert review.badge.text() == "In review"


def test_problems_of_the_plan_stand_beside_the_field(
    database: Any, people: Any, qtbot: Any
) -> None:
    database.run(factories.make_shop)
    plan = show(qtbot, CountPlanPage(people("finance")))
    plan.draw()
    assert "Nothing to draw from" in plan._problems["warehouse_id"].text()
    plan.fields["sample_size"].show_value(0)
    plan.draw()
    assert "between 1 and" in plan._problems["sample_size"].text()


def test_a_count_opens_its_own_pages(database: Any, people: Any, qtbot: Any) -> None:
    shop = make_stock(database)
    ref = database.as_user("finance").run(plan_and_start, PlanCount(shop.warehouse))
    page = show(qtbot, create_document(people("finance"), {"number": ref.number}))
    assert isinstance(page, CountReviewPage)
    assert page.document_id == ref.id
    blank = create_document(people("finance"), {"kind": "stock_count", "id": None})
    qtbot.addWidget(blank)
    assert isinstance(blank, CountPlanPage)


@pytest.mark.parametrize(
    ("rates", "good_high", "expected"),
    [
        (("0.041", "0.002"), False, ("0", "0.05", "0.01")),
        (("0.9", "1"), True, ("0.9", "1", "0.02")),
        (("0",), False, ("0", "0.002", "0.002")),
        (("-0.01", "0.03"), False, ("-0.01", "0.03", "0.01")),
    ],
)
def test_the_axis_holds_every_rate(rates: Any, good_high: bool, expected: Any) -> None:
    assert scale([Decimal(r) for r in rates], good_high) == tuple(Decimal(e) for e in expected)


def test_a_paper_sheet_is_entered_with_the_time_written_on_it(
    database: Any, people: Any, qtbot: Any
) -> None:
    shop = make_stock(database)
    database.as_user("finance").run(plan_and_start, PlanCount(shop.warehouse))
    station = show(qtbot, CountEntryStation(people("counter")))
    station.ask_sheet_time()
    station.bar.field("time").setText("25:99")
    station.bar.confirm()
    assert "14:30" in station.bar.field("time").toolTip()
    station.bar.field("time").setText("00:00")
    station.bar.confirm()
    assert "time on the sheet 00:00" in station.subtitle.text()
    count(station, ("A-01", "HINGE", 100), qtbot=qtbot)
    assert "must lie between the start of this count and now" in station.feedback.text
    station.ask_sheet_time()
    station.bar.confirm()
    count(station, ("A-01", "HINGE", 100), qtbot=qtbot)
    assert station.flow.tasks[0].entered_qty == 100


def test_a_relapse_is_said_in_words(people: Any, qtbot: Any) -> None:
    from datetime import date

    from desktop_app.domain.counting import CountedRecord, metrics
    from desktop_app.queries.counting_metrics import TrendPoint

    page = AccuracyPage(people("storekeeper"))
    qtbot.addWidget(page)
    points = [
        TrendPoint(
            n, f"PD-{n}", date(2026, n, 5), metrics([CountedRecord(Decimal(100), Decimal(counted))])
        )
        for n, counted in ((1, 94), (2, 99))
    ]
    page._show(tuple(points))
    assert page.warning.text() == ""
    page._show(tuple(reversed(points)))
    assert "1.00 % → 6.00 %" in page.warning.text().replace("\u00a0", " ")
