"""BOM: levels, versions, loss rates with their meaning, no circles."""

from __future__ import annotations

from decimal import Decimal

import pytest

from desktop_app.core.errors import InvalidInput, PermissionDenied, StaleDocument
from desktop_app.domain.bom import BOMLine, BOMLoop, LossBasis
from desktop_app.queries import bills_of_material as bom_queries
from desktop_app.services import bills_of_material as boms
from desktop_app.services.bills_of_material import BOMDraft
from tests import factories


def _items(uow, *codes: str) -> dict[str, int]:
    return {code: factories.make_item(uow, code) for code in codes}


def _lamp(uow) -> dict[str, int]:
    """A lamp of 1 base and 2 arms; an arm of 3 rivets. Both loss bases are used."""
    items = _items(uow, "LAMP", "BASE", "ARM", "RIVET")
    boms.save_bom(
        uow,
        BOMDraft(
            items["LAMP"],
            (
                BOMLine(items["BASE"], Decimal(1), Decimal("0.03"), LossBasis.OF_ISSUE),
                BOMLine(items["ARM"], Decimal(2), Decimal("0.05"), LossBasis.ON_TOP),
            ),
        ),
    )
    boms.save_bom(
        uow,
        BOMDraft(
            items["ARM"],
            (BOMLine(items["RIVET"], Decimal(30), Decimal("0.02"), LossBasis.OF_ISSUE),),
            output_qty=Decimal(10),
        ),
    )
    return items


def test_two_levels_with_both_loss_bases(uow) -> None:
    items = _lamp(uow)
    needs = {row.code: row for row in boms.explosion(uow, items["LAMP"], Decimal(100))}
    assert needs["BASE"].qty == 104  # 100 ÷ 0.97 = 103.09…
    assert needs["ARM"].qty == 210  # 200 × 1.05
    assert needs["RIVET"].qty == 643  # 210 × 3 ÷ 0.98 = 642.86
    assert [needs[code].level for code in ("LAMP", "ARM", "RIVET")] == [0, 1, 2]
    drawn = boms.tree(uow, items["LAMP"], Decimal(100))
    assert [(row.depth, row.code, row.qty) for row in drawn] == [
        (0, "LAMP", 100),
        (1, "BASE", 104),
        (1, "ARM", 210),
        (2, "RIVET", 643),
    ]


def test_where_a_part_is_used_over_all_levels(uow) -> None:
    items = _lamp(uow)
    used = bom_queries.where_used(uow, items["RIVET"])
    assert [(row.item_code, row.level) for row in used] == [("ARM", 1), ("LAMP", 2)]
    assert used[1].path == "RIVET → ARM → LAMP"


def test_a_circle_is_refused_and_its_way_named(database) -> None:
    items = database.run(_lamp)
    circle = BOMDraft(items["RIVET"], (BOMLine(items["LAMP"], Decimal(1)),))
    with pytest.raises(BOMLoop, match="RIVET → LAMP → ARM → RIVET"):
        database.run(boms.save_bom, circle)
    assert database.read(bom_queries.versions, items["RIVET"]) == []


def test_one_version_is_active_and_the_old_one_stays(uow) -> None:
    items = _lamp(uow)
    newer = BOMDraft(items["LAMP"], (BOMLine(items["BASE"], Decimal(2)),), version="2026-B")
    new_id = boms.save_bom(uow, newer)
    active = {row.version: row.is_active for row in bom_queries.versions(uow, items["LAMP"])}
    assert active == {"1": False, "2026-B": True}
    assert [row.qty for row in boms.direct_needs(uow, items["LAMP"], Decimal(5))] == [10]
    old = next(r for r in bom_queries.versions(uow, items["LAMP"]) if r.version == "1")
    assert len(boms.direct_needs(uow, items["LAMP"], Decimal(5), old.id)) == 2
    assert new_id != old.id


def test_two_people_editing_one_version(database) -> None:
    items = database.run(_lamp)
    row = database.read(bom_queries.versions, items["LAMP"])[0]
    draft = BOMDraft(items["LAMP"], (BOMLine(items["BASE"], Decimal(3)),))
    database.run(boms.save_bom, draft, bom_id=row.id, stamp=row.stamp)
    with pytest.raises(StaleDocument):
        database.run(boms.save_bom, draft, bom_id=row.id, stamp=row.stamp)


def test_bad_values_are_named_by_place(database) -> None:
    items = database.run(_lamp)
    bad = BOMDraft(items["BASE"], (BOMLine(items["RIVET"], Decimal(0), Decimal(1)),), version=" ")
    with pytest.raises(InvalidInput) as refused:
        database.run(boms.save_bom, bad)
    assert [(p.field, p.line_no) for p in refused.value.problems] == [
        ("version", None),
        ("qty_per", 1),
        ("loss_rate", 1),
    ]
    good = BOMDraft(items["BASE"], (BOMLine(items["RIVET"], Decimal(1)),))
    with pytest.raises(PermissionDenied):
        database.as_user("storekeeper").run(boms.save_bom, good)
