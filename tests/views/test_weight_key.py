"""F4 takes the weight of this PC's scale into the field, or says why it does not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core import clock
from desktop_app.core.errors import UserError
from desktop_app.queries import counting as queries
from desktop_app.runtime.device_host import DeviceHost
from desktop_app.runtime.operations import InlineOperations
from desktop_app.runtime.weights import take_weight
from desktop_app.services import devices, documents
from desktop_app.views.base.side_panel import act_text, evidence_text
from desktop_app.views.counting import entry_station
from desktop_app.views.outsourcing import station
from desktop_app.views.purchasing import receiving_station
from desktop_app.views.theme import current
from tests import factories
from tests.scenarios.test_counting import make_count
from tests.scenarios.test_receiving import order
from tests.views.station_world import context_on, opened, scan
from tests.views.test_outsourcing_station import _order

SCALE = {
    "kind": "scale",
    "name": "Bench",
    "settings": {
        "transport": {"kind": "simulator"},
        "profile": {"protocol": "mt_sics", "unit": "kg", "capacity": "15"},
    },
}


@pytest.fixture
def scale(qtbot: Any, database: Any, tmp_path: Path) -> Any:
    """(context, put): a PC with a running scale."""
    context = context_on(database, tmp_path)
    host = DeviceHost(context.operations, context.bus, database, "")
    scale_id = database.run(devices.save, {**SCALE, "workstation": ""})
    host.start()

    def put(weight: str) -> None:
        value = Decimal(weight)
        host.simulators.of(host.find(scale_id).device).model.put(value, clock.monotonic())

        def there() -> bool:
            latest = host.find(scale_id).running.latest
            return latest is not None and latest.steady and latest.value == value

        qtbot.waitUntil(there, timeout=8000)

    yield replace(context, devices=host), put
    host.stop()


def test_the_net_weight_comes_from_the_scale(qtbot: Any, database: Any, scale: Any) -> None:
    context, put = scale
    made = database.run(_order)
    page = opened(qtbot, station.create, context, number=made.number)
    assert not page.weigh_key.isVisible()
    page.post()
    scan(page, "B.A-01", "I.BLANK")
    page.post()
    page.labels()
    assert page.step.id == "receive"
    assert page.weigh_key.isVisible()
    put("0")
    page.weigh()
    assert page.feedback.text == "The pan is empty."
    put("11.8")
    page.weigh()
    assert page.feedback.text == "Bench: 11.8 kg = 11800 g"
    assert page.form.values()["weight_g"] == Decimal(11800)


def test_pounds_overload_and_silence_are_refused(qtbot: Any, scale: Any) -> None:
    context, put = scale
    host = context.devices
    put("1")
    running = host.scales()[0].running
    object.__setattr__(running.profile, "unit", "lb")
    with pytest.raises(UserError, match="but lb"):
        take_weight(host)
    object.__setattr__(running.profile, "unit", "kg")
    model = host.simulators.of(host.scales()[0].device).model
    model.put(Decimal(16), clock.monotonic())
    qtbot.waitUntil(
        lambda: running.latest is not None and running.latest.reading.overload, timeout=8000
    )
    with pytest.raises(UserError, match="overloaded"):
        take_weight(host)
    running.stop()
    with pytest.raises(UserError, match="shows no weight"):
        take_weight(host)
    with pytest.raises(UserError, match="No scale"):
        take_weight(None)


def test_a_counter_counts_by_weight(qtbot: Any, database: Any, scale: Any) -> None:
    """Two heaps, the sum typed over: the lead sees in review what the scale had shown."""
    context, put = scale
    count = make_count(database, {"SCREW": 480})
    item_id = count.shop.items["SCREW"]
    counter = replace(context, operations=InlineOperations(database.as_user("counter")))
    page = opened(qtbot, entry_station.create, counter)
    page.weigh()
    assert page.feedback.text == "Scan the item first."
    scan(page, "B.A-01", "I.SCREW")
    put("0.944")
    page.weigh()
    assert "not known yet" in page.feedback.text
    database.run(devices.learn_unit_weight, item_id, Decimal(4), Decimal("0.15"), 300)
    page.weigh()
    assert page.scan_field.text() == "236"
    assert page.feedback.text == "Bench: 0.944 kg = 944 g: Weighs like 236 ± 1."
    put("0")
    put("0.94")
    qtbot.waitUntil(lambda: page.scan_field.text() == "471", timeout=5000)
    page.scan_field.setText("472")
    page.scan_field.returnPressed.emit()
    row = database.run(queries.review_rows, count.ref.id)[0]
    assert (row.first_qty, row.first_by) == (Decimal(472), "counter")
    told = evidence_text(row.evidence)
    assert "SCREW: Bench showed 0.944 kg; weighs like 236 ± 1 · " in told
    assert told.endswith("Bench showed 0.94 kg; weighs like 235 ± 1; 472 pcs typed by hand")


def _returning(qtbot: Any, database: Any, context: Any) -> Any:
    """The outsourcing station, ready to weigh what came back."""
    made = database.run(_order)
    page = opened(qtbot, station.create, context, number=made.number)
    page.post()
    scan(page, "B.A-01", "I.BLANK")
    page.post()
    page.labels()
    assert page.step.id == "receive"
    return page


def _history(database: Any, kind: str) -> str:
    """What the history says of the first act of the newest document of a kind."""
    document_id = database.run(
        lambda uow: uow.scalar("SELECT max(id) FROM document WHERE kind = %s", (kind,))
    )
    view = database.run(documents.view, document_id)
    return next(act_text(act, act.verb) for act in view.acts if act.evidence)


def test_a_load_is_taken_by_itself_once_and_stands_in_the_history(
    qtbot: Any, database: Any, scale: Any
) -> None:
    context, put = scale
    put("11.8")
    page = _returning(qtbot, database, context)
    assert page.form.weight_text() == "", "what lay there before is left to the key"
    put("0")
    put("11.8")
    qtbot.waitUntil(lambda: page.form.weight_text() == "11800", timeout=5000)
    assert "11.8" in page.scale.value.text()
    page.form.fill({"qty": "100"})
    page.post()
    told = _history(database, "outsourcing_receipt")
    assert "owner" in told
    assert "Bench showed 11.8 kg" in told
    assert "typed by hand" not in told


def test_a_weight_typed_over_the_scales_is_on_record(qtbot: Any, database: Any, scale: Any) -> None:
    context, put = scale
    page = _returning(qtbot, database, context)
    put("0")
    put("11.8")
    qtbot.waitUntil(lambda: page.form.weight_text() == "11800", timeout=5000)
    page.form.fill({"qty": "100", "weight_g": "11900"})
    put("0")
    put("5")
    assert page.form.weight_text() == "11900", "the next load does not overwrite what was typed"
    page.post()
    told = _history(database, "outsourcing_receipt")
    assert "Bench showed 11.8 kg; 11900 g typed by hand" in told


def test_an_unsteady_weight_is_taken_only_by_hand_and_on_record(
    qtbot: Any, database: Any, scale: Any
) -> None:
    context, put = scale
    page = _returning(qtbot, database, context)
    put("0")
    model = context.devices.simulators.of(context.devices.scales()[0].device).model
    running = context.devices.scales()[0].running
    model.settle_s = 30.0  # a shaking bench
    model.put(Decimal("11.8"), clock.monotonic())

    def swings() -> bool:
        latest = running.latest
        return latest is not None and not latest.steady and latest.value > 1

    qtbot.waitUntil(swings, timeout=8000)
    page.weigh()
    assert "not steady" in page.feedback.text
    page.scale.take(by_hand=True)
    page.form.fill({"qty": "100"})
    page.post()
    assert "taken by hand before it was steady" in _history(database, "outsourcing_receipt")


def test_the_box_is_taken_off_by_the_program_or_by_the_scale(
    qtbot: Any, database: Any, scale: Any
) -> None:
    context, put = scale
    page = _returning(qtbot, database, context)
    running = context.devices.scales()[0].running
    put("0")
    put("0.2")
    qtbot.waitUntil(lambda: page.form.weight_text() == "200", timeout=5000)
    page.scale.take_box_off()
    assert page.form.weight_text() == "", "the box itself is no goods"
    assert page.feedback.text == "0.2 kg of the box is taken off from now on."
    model = context.devices.simulators.of(context.devices.scales()[0].device).model
    model.put(Decimal(12), clock.monotonic())
    qtbot.waitUntil(lambda: page.form.weight_text() == "11800", timeout=8000)
    assert page.scale.box.text() == "Net: this program takes 0.2 kg off for the box"
    context.devices.command(context.devices.scales()[0].device.id, "tare")
    qtbot.waitUntil(lambda: running.box is None, timeout=8000)
    page.form.fill({"qty": "100"})
    page.post()
    assert "after 0.2 kg for the box" in _history(database, "outsourcing_receipt")


def test_pounds_are_told_with_what_they_would_be(qtbot: Any, scale: Any) -> None:
    context, put = scale
    put("1")
    running = context.devices.scales()[0].running
    object.__setattr__(running.profile, "unit", "lb")
    with pytest.raises(UserError, match=r"1 kg = 2.204623 lb, but lb is expected"):
        take_weight(context.devices)


def _at_the_dock(qtbot: Any, database: Any, context: Any, unit_g: str | None = "4") -> Any:
    """The receiving station with an order of 480 screws open."""
    shop = database.run(factories.make_shop)
    screw = database.run(factories.make_item, "SCREW", barcodes={"6921111111116": "1"})
    if unit_g is not None:
        database.run(devices.learn_unit_weight, screw, Decimal(unit_g), Decimal("0.15"), 300)
    made = database.run(order, shop, (screw, 480))
    page = opened(qtbot, receiving_station.create, context, id=made.id)
    assert page.tally is not None
    return page


def test_heaps_at_the_dock_are_counted_by_weight(qtbot: Any, database: Any, scale: Any) -> None:
    context, put = scale
    page = _at_the_dock(qtbot, database, context)
    put("0")
    scan(page, "6921111111116")
    put("0.944")
    qtbot.waitUntil(lambda: page.strip.qty.text() == "236", timeout=5000)
    assert page.feedback.text == "Bench: 0.944 kg = 944 g: Weighs like 236 ± 1."
    page.scale.take()
    assert page.strip.qty.text() == "236", "the same load is not counted twice"
    put("0")
    scan(page, "6921111111116")
    put("0.94")
    qtbot.waitUntil(lambda: page.strip.qty.text() == "471", timeout=5000)
    assert page.feedback.text.endswith("Weighs like 235 ± 1. Together 471 pcs.")
    page.post()
    told = _history(database, "purchase_receipt")
    assert "SCREW: Bench showed 0.944 kg; weighs like 236 ± 1" in told
    assert "SCREW: Bench showed 0.94 kg; weighs like 235 ± 1" in told
    assert "typed by hand" not in told


def test_a_count_typed_over_the_weight_is_doubted_and_on_record(
    qtbot: Any, database: Any, scale: Any
) -> None:
    context, put = scale
    page = _at_the_dock(qtbot, database, context)
    put("0")
    scan(page, "6921111111116")
    put("0.944")
    qtbot.waitUntil(lambda: page.strip.qty.text() == "236", timeout=5000)
    page.strip.qty.setText("240")
    page.strip.qty.returnPressed.emit()
    assert page.feedback.text == "240 typed, but it weighs like 236 ± 1."
    put("0")
    scan(page, "6921111111116")
    put("0.4")
    qtbot.waitUntil(lambda: page.strip.qty.text() == "340", timeout=5000)
    page.post()
    told = _history(database, "purchase_receipt")
    assert "SCREW: Bench showed 0.944 kg; weighs like 236 ± 1; 240 pcs typed by hand" in told
    assert told.count("typed by hand") == 1
    assert "owner" in told


def test_a_scale_that_failed_its_check_says_so_where_it_weighs(
    qtbot: Any, database: Any, scale: Any
) -> None:
    context, _put = scale
    device_id = context.devices.scales()[0].device.id
    page = _at_the_dock(qtbot, database, context)
    scan(page, "6921111111116")
    assert page.scale.warning.isHidden(), "nobody has checked it yet"
    check = (devices.record_check, device_id, Decimal(1500))
    database.run(*check, Decimal(1520), Decimal(2))
    page.back()
    page.scale.serve(None, None)
    scan(page, "6921111111116")
    assert page.scale.warning.isVisible()
    database.run(*check, Decimal(1501), Decimal(2))
    page.scale.serve(None, None)
    scan(page, "6921111111116")
    assert page.scale.warning.isHidden(), "it was put right and weighed again"


def test_the_box_is_not_counted_as_goods(qtbot: Any, database: Any, scale: Any) -> None:
    """It is steady on the pan and taken by itself like a load, until F6 says what it is."""
    context, put = scale
    page = _at_the_dock(qtbot, database, context)
    put("0")
    scan(page, "6921111111116")
    put("0.2")
    qtbot.waitUntil(lambda: page.strip.qty.text() == "50", timeout=5000)
    page.scale.take_box_off()
    assert page.strip.qty.text() in ("", "0")
    assert page.feedback.text == "0.2 kg of the box is taken off from now on."
    _load(context, "1.144")
    qtbot.waitUntil(lambda: page.strip.qty.text() == "236", timeout=8000)
    page.post()
    told = _history(database, "purchase_receipt")
    assert told.count("Bench showed") == 1
    assert "Bench showed 0.944 kg; after 0.2 kg for the box; weighs like 236 ± 1" in told


def _load(context: Any, weight: str) -> None:
    """Put a weight on, whatever the program takes off it."""
    device = context.devices.scales()[0].device
    context.devices.simulators.of(device).model.put(Decimal(weight), clock.monotonic())


def _flour_at_the_dock(qtbot: Any, database: Any, context: Any) -> Any:
    """The receiving station at an order of goods bought by the kilo."""
    shop = database.run(factories.make_shop)
    flour = database.run(
        factories.make_item, "FLOUR", uom="kg", uom_decimals=3, barcodes={"6921111111123": "1"}
    )
    made = database.run(order, shop, (flour, 5))
    return opened(qtbot, receiving_station.create, context, id=made.id)


def test_goods_bought_by_the_kilo_take_the_weight_itself(
    qtbot: Any, database: Any, scale: Any
) -> None:
    context, put = scale
    page = _flour_at_the_dock(qtbot, database, context)
    put("0")
    scan(page, "6921111111123")
    put("1.25")
    qtbot.waitUntil(lambda: page.strip.qty.text() == "1.25", timeout=5000)
    assert page.feedback.text == "Bench: 1.25 kg."


def test_what_a_piece_weighs_must_be_known(qtbot: Any, database: Any, scale: Any) -> None:
    context, put = scale
    page = _at_the_dock(qtbot, database, context, unit_g=None)
    scan(page, "6921111111116")
    put("0.944")
    page.scale.take()
    assert "What one piece of SCREW weighs is not known yet" in page.feedback.text
    assert page.strip.qty.text() == "1"


def test_an_old_weight_turns_grey_and_is_not_taken(qtbot: Any, database: Any, scale: Any) -> None:
    context, put = scale
    page = _at_the_dock(qtbot, database, context)
    put("0")
    scan(page, "6921111111116")
    put("0.3")
    qtbot.waitUntil(lambda: page.strip.qty.text() == "75", timeout=5000)
    assert current().good in page.scale.value.styleSheet()
    simulated = context.devices.simulators.of(context.devices.scales()[0].device)
    simulated.simulation.fall_silent()
    qtbot.waitUntil(lambda: current().muted in page.scale.value.styleSheet(), timeout=5000)
    page.scale.take()
    assert "shows no weight" in page.feedback.text


def _counts(qtbot: Any, context: Any, pieces: int) -> None:
    """The scale of the PC is switched to counting, and so many lie on it."""
    hosted = context.devices.scales()[0]
    model = context.devices.simulators.of(hosted.device).model
    model.pieces_weigh = Decimal("0.004")
    model.put(pieces * model.pieces_weigh, clock.monotonic())

    def there() -> bool:
        latest = hosted.running.latest
        return latest is not None and latest.steady and latest.value == pieces

    qtbot.waitUntil(there, timeout=8000)


def test_pieces_that_came_back_are_counted_by_the_scale_but_not_weighed(
    qtbot: Any, database: Any, scale: Any
) -> None:
    """The count goes into the count; the net weight is still asked for, as a weight."""
    context, put = scale
    page = _returning(qtbot, database, context)
    put("0")
    _counts(qtbot, context, 236)
    page.weigh()
    assert page.form.text_of("qty") == "236"
    assert page.form.weight_text() == ""
    assert page.feedback.text == "Bench counted 236. Switch it to weighing for the weight."
    context.devices.simulators.of(context.devices.scales()[0].device).model.pieces_weigh = None
    put("0")
    put("11.8")
    qtbot.waitUntil(lambda: page.form.weight_text() == "11800", timeout=5000)
    page.form.fill({"qty": "235"})
    page.post()
    told = _history(database, "outsourcing_receipt")
    assert "Bench showed 236 pcs; 235 pcs typed by hand" in told
    assert "Bench showed 11.8 kg" in told


def test_a_counting_scale_is_refused_for_goods_by_the_kilo(
    qtbot: Any, database: Any, scale: Any
) -> None:
    context, put = scale
    page = _flour_at_the_dock(qtbot, database, context)
    put("0")
    scan(page, "6921111111123")
    _counts(qtbot, context, 236)
    page.scale.take()
    assert page.feedback.text == (
        "Bench counts pieces, but FLOUR is kept in kg. Switch the scale to weighing and try again."
    )
    assert page.strip.qty.text() == "1"


def test_the_dock_takes_a_counting_scales_pieces(qtbot: Any, database: Any, scale: Any) -> None:
    """Nobody needs to know what a piece weighs: the scale does."""
    context, put = scale
    page = _at_the_dock(qtbot, database, context, unit_g=None)
    put("0")
    scan(page, "6921111111116")
    _counts(qtbot, context, 120)
    page.scale.take()
    assert page.strip.qty.text() == "120"
    page.post()
    assert "SCREW: Bench showed 120 pcs" in _history(database, "purchase_receipt")


def test_a_counting_scale_tells_pieces(qtbot: Any, database: Any, scale: Any) -> None:
    """Its own count is taken where pieces are asked for, and nowhere as a weight."""
    context, _ = scale
    host = context.devices
    hosted = host.scales()[0]
    model = host.simulators.of(hosted.device).model
    model.pieces_weigh = Decimal("0.004")
    count = make_count(database, {"SCREW": 480})
    counter = replace(context, operations=InlineOperations(database.as_user("counter")))
    page = opened(qtbot, entry_station.create, counter)
    scan(page, "B.A-01", "I.SCREW")
    model.put(Decimal("0.944"), clock.monotonic())
    qtbot.waitUntil(
        lambda: (
            hosted.running.latest is not None
            and hosted.running.latest.steady
            and hosted.running.latest.value == 236
        ),
        timeout=8000,
    )
    if page.scan_field.text() != "236":
        page.weigh()
    assert page.scan_field.text() == "236"
    assert page.feedback.text == "Bench counted 236."
    page.scan_field.returnPressed.emit()
    row = database.run(queries.review_rows, count.ref.id)[0]
    assert row.first_qty == Decimal(236)
    assert "SCREW: Bench showed 236 pcs" in evidence_text(row.evidence)
    with pytest.raises(UserError, match="shows pcs"):
        take_weight(host)
