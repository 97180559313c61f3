"""F4 takes the weight of this PC's scale into the field, or says why it does not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core import clock
from desktop_app.core.errors import UserError
from desktop_app.runtime.device_host import DeviceHost
from desktop_app.runtime.operations import InlineOperations
from desktop_app.runtime.weights import take_weight
from desktop_app.services import devices
from desktop_app.views.counting import entry_station
from desktop_app.views.outsourcing import station
from tests import factories
from tests.views.station_world import context_on, opened, scan
from tests.views.test_counting_flow import task
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
    with pytest.raises(UserError, match="kg, but lb"):
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
    context, put = scale
    item_id = database.run(factories.make_item, "SCREW")
    counter = replace(context, operations=InlineOperations(database.as_user("counter")))
    page = opened(qtbot, entry_station.create, counter)
    page.weigh()
    assert page.feedback.text == "Scan the item first."
    page.flow.task = replace(task(1, "A-01", "SCREW"), item_id=item_id)
    put("0.944")
    page.weigh()
    assert "not known yet" in page.feedback.text
    database.run(devices.learn_unit_weight, item_id, Decimal(4), Decimal("0.01"), 300)
    page.weigh()
    assert page.scan_field.text() == "236"
    assert page.feedback.text == "Bench: 0.944 kg = 944 g: Weighs like 236 ± 0"
