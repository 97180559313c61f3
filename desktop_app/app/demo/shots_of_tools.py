"""Pictures of imports, own fields, labels, devices and the maps and grids of master data."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QTableView

from desktop_app.app import company
from desktop_app.app.demo.day_tables import HINGE
from desktop_app.app.demo.screen import Screen
from desktop_app.app.demo.shot import Shot
from desktop_app.app.demo.world import World
from desktop_app.core import clock
from desktop_app.core.i18n import tr
from desktop_app.database.unit_of_work import UnitOfWork


def shots(world: World) -> Iterator[Shot]:
    """What the day leaves behind for these pictures is in ``world.notes`` and ``world.made``."""
    yield from _tables(world)
    yield from _master_data(world)
    yield from _labels(world)
    yield from _devices(world)


def _tables(world: World) -> Iterator[Shot]:
    file = {"kind": "item", "path": str(world.notes["import_file"])}
    yield Shot("import-columns", "import", file)
    yield Shot("import-rows", "import", file, _read_rows)
    yield Shot("import-run", "import_run", {"id": world.notes["import_run"]})
    yield Shot("own-field", "own_field", {"id": world.notes["field-packing"]})
    yield Shot("own-field-formula", "own_field", {"id": world.notes["field-carton_kg"]})
    order = world.made["own_fields_order"]
    yield Shot(
        "document-own-fields", "document", {"id": order.id, "number": order.number}, _last_columns
    )


def _read_rows(screen: Screen, page: Any) -> None:
    page.read()
    screen.settle()
    page.rows.show_only("")
    screen.settle()


def _last_columns(screen: Screen, page: Any) -> None:
    for table in page.findChildren(QTableView):
        table.horizontalScrollBar().setValue(table.horizontalScrollBar().maximum())
    screen.settle()


def _master_data(world: World) -> Iterator[Shot]:
    hinge = {"id": world.demo.items[HINGE]}
    yield Shot("master-item-units", "item", hinge, _second_tab)
    yield Shot("master-item-own-fields", "item", hinge, _own_tab)
    yield Shot("master-family", "family", {"id": world.read(company.OWNER, _family)}, _tick)
    yield Shot("master-customer", "party", {"id": next(iter(world.demo.customers.values()))})
    yield Shot("master-subcontractor", "party", {"id": world.demo.subcontractor})
    yield Shot("master-warehouse-map", "warehouse", {"id": world.demo.warehouse}, _map)


def _family(uow: UnitOfWork) -> int:
    return int(uow.scalar("SELECT min(id) FROM item_family"))


def _second_tab(screen: Screen, page: Any) -> None:
    page.form.tabs.setCurrentIndex(1)
    screen.settle()


def _own_tab(screen: Screen, page: Any) -> None:
    tabs = page.form.tabs
    wanted = (place for place in range(tabs.count()) if tr("Own fields") in tabs.tabText(place))
    tabs.setCurrentIndex(next(wanted, 0))
    screen.settle()


def _tick(screen: Screen, page: Any) -> None:
    page.grid.tick_missing()
    screen.settle()


def _map(screen: Screen, page: Any) -> None:
    page.views.setCurrentWidget(page.map)
    screen.settle()


def _labels(world: World) -> Iterator[Shot]:
    goods = {"kind": "item", "goods": [(world.demo.items[HINGE], 0, None)], "title": HINGE}
    yield Shot("label-print", "print_labels", goods)
    yield Shot("label-designer", "label_designer", {"kind": "box"}, _choose_element)
    yield Shot("label-queue-job", "print_job", {"id": world.notes["print_job"]})
    yeast = world.demo.items["JX-500"]
    lot = {"kind": "lot", "goods": [(yeast, world.read(company.OWNER, _lot, yeast), None)]}
    yield Shot("label-print-lot", "print_labels", {**lot, "title": "JX-500"})


def _lot(uow: UnitOfWork, item: int) -> int:
    return int(uow.scalar("SELECT min(id) FROM lot WHERE item_id = %s", (item,)))


def _choose_element(screen: Screen, page: Any) -> None:
    page.choose(1)
    screen.settle()


def _devices(world: World) -> Iterator[Shot]:
    scale, printer, scanner, _camera = world.notes["devices"]
    for name, device, drive in (
        ("scale", scale, _put_on),
        ("printer", printer, _print_test),
        ("scanner", scanner, None),
    ):
        yield Shot(f"device-{name}", "device", {"id": device})
        yield Shot(f"device-{name}-test", "device_test", {"id": device}, drive)
    yield Shot("device-scale-log", "device_log", {"id": scale})


def _put_on(screen: Screen, page: Any) -> None:
    """A load lies on the simulated scale until it stands still."""
    page.desk.put(Decimal("0.846"))
    _wait(screen, 2.0)


def _print_test(screen: Screen, page: Any) -> None:
    page.run_main()
    _wait(screen, 2.0)


def _wait(screen: Screen, seconds: float) -> None:
    end = clock.monotonic() + seconds
    while clock.monotonic() < end:
        screen.settle()
