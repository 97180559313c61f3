"""A picture of every screen, as a person with all rights sees the demo company."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from desktop_app.app import company
from desktop_app.app.demo import shots_of_tools
from desktop_app.app.demo.record import DemoFailed, expect
from desktop_app.app.demo.screen import Look, Screen, at_screen
from desktop_app.app.demo.shot import Shot
from desktop_app.app.demo.world import World
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.runtime.operations import NoDatabase, Operations
from desktop_app.views.actions import ACTIONS
from desktop_app.views.settings.connection_dialog import ConnectionDialog
from desktop_app.views.settings.login_dialog import LoginDialog, Offer
from desktop_app.views.settings.setup_wizard import SetupWizard

LOOKS = (
    Look(),
    Look("en"),
    Look(theme="dark"),
    Look("en", "dark", 1920, 1080),
    Look(width=1920, height=1080),
)
"""Both languages, both themes, both usual sizes of a screen."""


def take_screenshots(out: Path) -> int:
    """Play the day quietly and photograph its end in every look; 0 when nothing complained."""
    from desktop_app.app.demo.day import run_day

    return run_day(out, "zh_CN", LOOKS)


def tour(world: World, look: Look, folder: str) -> int:
    """Photograph every screen in one look. Returns how many pictures were taken."""
    before = len(world.record.files)
    with at_screen(world, company.OWNER, look, folder) as screen:
        _palette(screen)
        _dialogs(screen)
        for shot in _shots(world):
            _take(world, screen, shot)
    with at_screen(world, "cangku", look, folder) as screen:
        _take(world, screen, Shot("home-storekeeper", "home"))
        _take(
            world,
            screen,
            Shot(
                "station-receiving",
                "receiving",
                {"id": world.made["open_purchase_order"].id},
                _receive,
            ),
        )
    with at_screen(world, "pandian1", look, folder) as screen:
        _take(
            world,
            screen,
            Shot(
                "station-counting",
                "count:enter",
                {"document_id": world.made["open_count"].id},
                _count_one,
            ),
        )
    return len(world.record.files) - before


def _take(world: World, screen: Screen, shot: Shot) -> None:
    """A screen that fails is a problem of the day, but the others are still photographed."""
    try:
        page = screen.open(shot.page_id, **shot.params)
        if shot.drive is not None:
            shot.drive(screen, page)
        screen.grab(shot.name)
    except DemoFailed as failed:
        world.record.problems.append(f"{shot.name}: {failed}")
        screen.forget_complaints()
        return
    for text in screen.complaints():
        world.record.problems.append(f"{shot.name}: {text}")
    screen.forget_complaints()
    if shot.page_id != "home":
        screen.close_page(page)


def _shots(world: World) -> Iterator[Shot]:
    for action in ACTIONS:
        if action.is_listed():
            yield Shot(action.id.replace(":", "-"), action.id)
    for document_id, kind, number in world.read(company.OWNER, _one_of_each_kind):
        yield Shot(
            f"document-{kind}", "document", {"id": document_id, "kind": kind, "number": number}
        )
    yield from _stations(world)
    yield from _questions(world)
    yield from _masters(world)
    yield from shots_of_tools.shots(world)
    yield from _papers(world)


def _one_of_each_kind(uow: UnitOfWork) -> list[tuple[int, str, str]]:
    return uow.execute(
        "SELECT DISTINCT ON (kind) id, kind, number FROM document WHERE state <> 'void'"
        " ORDER BY kind, (state IN ('draft', 'planned', 'counting')), id DESC"
    ).fetchall()


def _stations(world: World) -> Iterator[Shot]:
    made = world.made
    yield Shot("station-put-away", "put_away", {"id": made["open_receipt"].id})
    yield Shot("station-picking", "picking", {"id": made["to_pick"].id})
    yield Shot("station-verifying", "shipping", {"id": made["picked"].id})
    yield Shot("station-shipping", "shipping", {"id": made["verified"].id})
    for name, page_id, document in (
        ("station-transfer", "transfer_station", "transfer"),
        ("station-production", "work_station", "open_work_order"),
        ("station-outsourcing", "outsourcing_station", "open_outsourcing_order"),
        ("station-frozen", "outsourcing_station", "frozen_receipt"),
    ):
        yield Shot(name, page_id, {"number": made[document].number})


def _questions(world: World) -> Iterator[Shot]:
    made = world.made
    for name in ("item", "counted_item", "held_item"):
        yield Shot(f"why-{name}".replace("_", "-"), "why", {"item_id": world.notes[name]})
    yield Shot(
        "bin-at-a-minute",
        "bin_at",
        {"location_id": world.notes["bin"], "at": world.notes["moment"]},
    )
    yield Shot("count-review", "count:review", {"document_id": made["stock_count"].id})
    for name in ("deposit_order", "reversed_receipt", "frozen_receipt", "open_purchase_order"):
        yield Shot(
            f"document-{name}".replace("_", "-"),
            "document",
            {"id": made[name].id, "number": made[name].number},
        )


def _masters(world: World) -> Iterator[Shot]:
    demo = world.demo
    bom = world.read(company.OWNER, _newest_bom)
    for page_id, record in (
        ("item", demo.items["JX-500"]),
        ("party", demo.suppliers["S01"]),
        ("warehouse", demo.warehouse),
        ("bom", bom),
        ("bin_labels", demo.warehouse),
    ):
        yield Shot(f"master-{page_id}", page_id, {"id": record})


def _newest_bom(uow: UnitOfWork) -> int:
    return int(uow.scalar("SELECT max(id) FROM bom"))


def _papers(world: World) -> Iterator[Shot]:
    for name, kind, document in (
        ("paper-pick-list", "shipment", "to_pick"),
        ("paper-labels", "labels", "open_receipt"),
        ("paper-count-sheet", "stock_count", "stock_count"),
        ("paper-order", "purchase_order", "purchase_order"),
    ):
        ref = world.made[document]
        yield Shot(name, "preview", {"kind": kind, "document_id": ref.id, "title": ref.number})


def _receive(screen: Screen, page: Any) -> None:
    line = page.tally.view.lines[3]
    screen.scan(f"I.{line.item_code}")
    screen.type("36")
    screen.scan(f"I.{page.tally.view.lines[4].item_code}")


def _count_one(screen: Screen, page: Any) -> None:
    task = page.flow.open_tasks[0]
    screen.scan(f"B.{task.location_code}")
    screen.scan(f"I.{task.item_code}")


def _palette(screen: Screen) -> None:
    screen.open("home")
    screen.press(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    screen.type("cgd", enter=False)
    expect(screen.shell.window.palette_box.isVisible(), "Ctrl+K did not open the palette")
    screen.grab("palette")
    screen.press(Qt.Key.Key_Escape)


def _dialogs(screen: Screen) -> None:
    operations = Operations(NoDatabase())
    folder = screen.shell.context.settings.folder
    dialogs: tuple[tuple[str, QDialog], ...] = (
        ("first-start", SetupWizard(operations, lambda *_answers: None, folder=folder)),
        ("first-start-server", ConnectionDialog(operations, folder)),
        ("login", LoginDialog(Offer("10.0.0.8", login="wang3"), lambda *_typed: None)),
    )
    for name, dialog in dialogs:
        dialog.show()
        screen.settle()
        screen.grab(name, dialog)
        dialog.done(0)
        dialog.deleteLater()
    operations.shutdown()
    screen.shell.window.activateWindow()  # the cursor comes back into the window
