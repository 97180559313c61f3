"""A blind count: drawn by seed, counted by people who cannot see stock, differences only."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from desktop_app.app import company
from desktop_app.app.demo.record import expect
from desktop_app.app.demo.screen import at_screen
from desktop_app.app.demo.world import World
from desktop_app.core.errors import PermissionDenied
from desktop_app.database.unit_of_work import UnitOfWork
from desktop_app.queries import counting_metrics
from desktop_app.queries.counting import TaskRow
from desktop_app.queries.stock import item_stock
from desktop_app.services import costing, counting, documents
from desktop_app.services.counting import ApproveCount, CompareCount, CountEntry, PlanCount
from desktop_app.services.documents import ActCommand, DocumentRef, Draft

SEED = 20260105
ITEMS = 20
WRONG = {3: Decimal(-36), 7: Decimal(25), 12: Decimal(-24)}
"""Line number to what the shelf holds more or less than the book."""
CAUSES = {3: "DAMAGE", 7: "UNREG_IN", 12: "MISSING"}
MOVED = Decimal(4)
EARLIER = ((11, Decimal(-60)), (12, Decimal(41)), (13, Decimal(-22)))
"""Seed of a smaller count before, and by how much its first line was wrong: for the trend."""


def play(world: World) -> None:
    """Draw, count blind, move goods meanwhile, recount by somebody else, explain, approve."""
    world.run("caiwu", costing.update)
    for seed, miscount in EARLIER:
        _small_count(world, seed, miscount)
    count = world.run(
        "caiwu",
        counting.plan_and_start,
        PlanCount(world.demo.warehouse, ITEMS, SEED, remark="月末盲盘"),
    )
    proof = world.read("caiwu", counting.verify_draw, count.id)
    expect(proof.holds and len(proof.drawn) == ITEMS, "the draw cannot be repeated from its seed")
    world.pdf("caiwu", count, "blind_sheet", "blind-count-sheet")
    shelf = _shelf(world, count)
    _count_blind(world, count, shelf)
    _recount(world, count, shelf)
    _explain_and_approve(world, count)
    world.made["stock_count"] = count


def _small_count(world: World, seed: int, wrong: Decimal) -> None:
    count = world.run("caiwu", counting.plan_and_start, PlanCount(world.demo.warehouse, 6, seed))
    shelf = {
        line_id: qty + (wrong if line_no == 1 else 0)
        for line_id, line_no, qty in world.read(company.OWNER, _books, count.id)
    }
    for login in ("pandian1", "pandian2"):
        for task in world.read(login, counting.tasks, count.id):
            world.run(
                login, counting.enter, CountEntry(task.line_id, task.round, shelf[task.line_id])
            )
        world.run("caiwu", counting.compare, CompareCount(count.id))
    world.refused(
        "caiwu", "approve a difference without a cause", counting.approve, ApproveCount(count.id)
    )
    _name_causes(world, count)
    world.run("caiwu", counting.approve, ApproveCount(count.id))


def _name_causes(world: World, count: DocumentRef) -> None:
    for row in world.read("caiwu", counting_metrics.review, count.id).rows:
        if row.difference:
            world.run("caiwu", counting.set_cause, row.line_id, CAUSES.get(row.line_no, "COUNT"))


def _shelf(world: World, count: DocumentRef) -> dict[int, Decimal]:
    """What a person would find at each line: the book, but for a few surprises."""
    found = world.read(company.OWNER, _books, count.id)
    return {line_id: qty + WRONG.get(line_no, Decimal(0)) for line_id, line_no, qty in found}


def _books(uow: UnitOfWork, count_id: int) -> list[tuple[int, int, Decimal]]:
    return uow.execute(
        "SELECT l.id, l.line_no, coalesce(sum(b.on_hand), 0) FROM document_line l"
        " LEFT JOIN stock_balance b ON b.item_id = l.item_id AND b.lot_id = l.lot_id"
        " AND b.location_id = l.location_id WHERE l.document_id = %s GROUP BY 1, 2 ORDER BY 2",
        (count_id,),
    ).fetchall()


def _count_blind(world: World, count: DocumentRef, shelf: dict[int, Decimal]) -> None:
    denied = world.refused("pandian1", "read balances while counting", _read_balances)
    expect(isinstance(denied, PermissionDenied), str(denied))
    tasks = world.read("pandian1", counting.tasks, count.id)
    by_hand, rest = tasks[:2], tasks[2:]
    with at_screen(world, "pandian1") as screen:
        screen.open("count:enter", document_id=count.id)
        for task in by_hand:
            screen.scan(f"B.{task.location_code}")
            screen.scan(f"I.{task.item_code}")
            screen.grab("day-counting")
            screen.type(f"{shelf[task.line_id]:f}")
    counted = {t.line_id for t in world.read("pandian1", counting.tasks, count.id) if t.is_counted}
    for task in by_hand:
        expect(task.line_id in counted, f"{task.item_code} was not saved by the station")
    _move_meanwhile(world, by_hand[0])
    # Whoever recounts that line (good lines are mixed in by chance) finds what is left.
    shelf[by_hand[0].line_id] -= MOVED
    for task in rest:
        world.run(
            "pandian1", counting.enter, CountEntry(task.line_id, task.round, shelf[task.line_id])
        )
    world.refused(
        "cangku",
        "enter a blind count with a login that sees stock",
        counting.enter,
        CountEntry(tasks[0].line_id, 1, Decimal(1)),
    )
    world.record.fact("lines", len(tasks))


def _read_balances(uow: UnitOfWork) -> Any:
    return uow.scalar("SELECT sum(on_hand) FROM stock_balance")


def _move_meanwhile(world: World, task: TaskRow) -> None:
    """The forklift does not wait: pieces leave a place that was just counted."""
    places = world.read("cangku", item_stock, task.item_id)
    free = next(p for p in places if p.location_id == task.location_id)
    expect(free.on_hand - free.allocated >= MOVED, f"too little of {task.item_code} to move")
    elsewhere = next(
        id_ for id_ in reversed(list(world.demo.bins.values())) if id_ != task.location_id
    )
    line = {
        "item_id": task.item_id,
        "qty": MOVED,
        "lot_id": task.lot_id,
        "location_id": task.location_id,
        "to_location_id": elsewhere,
    }
    moved = world.run(
        "cangku",
        documents.create_and_act,
        Draft("bin_move", {"warehouse_id": world.demo.warehouse}, (line,)),
        ActCommand(0, "move"),
    )
    world.made["bin_move"] = moved
    world.record.fact("moved_during_count", {"number": moved.number, "qty": str(MOVED)})


def _recount(world: World, count: DocumentRef, shelf: Mapping[int, Decimal]) -> None:
    asked = world.run("caiwu", counting.compare, CompareCount(count.id, mix_good=2))
    expect(asked.state == "recount", f"after the first round the count is {asked.state}")
    tasks = world.read("pandian2", counting.tasks, count.id)
    world.refused(
        "pandian1",
        "recount the own lines",
        counting.enter,
        CountEntry(tasks[0].line_id, tasks[0].round, shelf[tasks[0].line_id]),
    )
    for task in tasks:
        world.run(
            "pandian2", counting.enter, CountEntry(task.line_id, task.round, shelf[task.line_id])
        )
    review = world.run("caiwu", counting.compare, CompareCount(count.id))
    expect(review.state == "review", f"after the recount the count is {review.state}")
    world.record.fact("recounted", len(tasks))


def _explain_and_approve(world: World, count: DocumentRef) -> None:
    found = world.read("caiwu", counting_metrics.review, count.id)
    differ = {row.line_no: row.difference for row in found.rows if row.difference}
    expect(differ == WRONG, f"differences are {differ}; the move meanwhile must not show")
    hints = world.read("caiwu", counting.cause_hints, count.id)
    world.notes["counted_item"] = next(row.item_id for row in found.rows if row.difference > 0)
    _name_causes(world, count)
    with at_screen(world, "caiwu") as screen:
        screen.open("count:review", document_id=count.id)
        screen.grab("day-count-review")
    posted = world.run("caiwu", counting.approve, ApproveCount(count.id))
    expect(posted.state == "posted", f"the count is {posted.state}")
    figures = world.read("caiwu", counting_metrics.metrics, count.id)
    for name in ("n", "ira", "ira_exact", "vdr_mean", "vdr_sum", "val_gap_net", "val_gap_abs"):
        world.record.fact(name, str(getattr(figures, name)))
    world.record.fact("differences", {str(line): str(qty) for line, qty in differ.items()})
    world.record.fact("hints", sum(len(found) for found in hints.values()))


def leave_one_open(world: World) -> DocumentRef:
    """A second count that is still going on."""
    count = world.run("caiwu", counting.plan_and_start, PlanCount(world.demo.warehouse, 8, 4711))
    for task in world.read("pandian1", counting.tasks, count.id)[:3]:
        world.run("pandian1", counting.enter, CountEntry(task.line_id, task.round, Decimal(400)))
    return count
