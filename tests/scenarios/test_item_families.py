"""One hinge in three finishes: a family makes its variants, and each knows its blank (N15)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from desktop_app.core.errors import InvalidInput, RuleRefused
from desktop_app.domain.variants import combinations
from desktop_app.queries import families as family_queries
from desktop_app.queries.items import item_record
from desktop_app.services import families
from desktop_app.services.families import VariantDraft, make_variants, save_family
from tests import factories

HINGE = {
    "code": "JL-0123",
    "name": "铰链",
    "axes": (
        {"name": "表面", "options": "镀镍=NI, 镀铬=CR, 哑光=MT", "is_finish": True},
        {"name": "尺寸", "options": "40, 60"},
    ),
}


def _drafts(uow: Any, family: int) -> list[VariantDraft]:
    grid = family_queries.family_grid(uow, family)
    return [
        VariantDraft(
            variant,
            families_code(grid, variant),
            f"{grid.name} {' '.join(variant.values())}",
        )
        for variant in combinations(grid.axes)
    ]


def families_code(grid: Any, variant: Any) -> str:
    from desktop_app.domain.variants import proposed_code

    return proposed_code(grid.code_pattern, grid.code, grid.axes, variant)


def test_a_hinge_gets_its_finishes_and_each_knows_its_blank(uow: Any) -> None:
    family = save_family(uow, HINGE)
    made = make_variants(uow, family, _drafts(uow, family))
    assert len(made.made) == 8  # two blanks and six finishes
    items = {row.code: row for row in family_queries.family_grid(uow, family).items}
    assert items["JL-0123-NI-40"].blank_code == "JL-0123-40"
    assert items["JL-0123-60"].blank_item_id is None
    nickel = item_record(uow, items["JL-0123-NI-40"].id)
    assert (nickel["variant_title"], nickel["blank_item_code"]) == ("镀镍 / 40", "JL-0123-40")


def test_pressing_make_twice_makes_nothing_twice(uow: Any) -> None:
    family = save_family(uow, HINGE)
    drafts = _drafts(uow, family)
    first = make_variants(uow, family, drafts)
    again = make_variants(uow, family, drafts)
    assert (again.made, sorted(again.kept)) == ([], sorted(first.made))
    with pytest.raises(RuleRefused, match="this variant already"), uow.connection.transaction():
        other = factories.make_item(uow, "JL-COPY")
        uow.execute(
            "UPDATE item SET family_id = %s, variant = %s::jsonb WHERE id = %s",
            (family, '{"表面": "镀镍", "尺寸": "40"}', other),
        )


def test_a_named_blank_a_price_and_a_barcode(uow: Any) -> None:
    blank = factories.make_item(uow, "BLANK-7", uom="只", tracking="lot")
    family = save_family(
        uow,
        {"code": "F7", "name": "Frame", "axes": ({"name": "colour", "options": "Red, Blue"},)},
    )
    draft = VariantDraft(
        {"colour": "Red"}, "F7-RED", "Red frame", "6901234567892", Decimal("9.5"), blank
    )
    [item] = make_variants(uow, family, [draft]).made
    found = item_record(uow, item)
    assert (found["blank_item_id"], found["sales_price"]) == (blank, Decimal("9.5"))
    assert found["barcodes"][0]["barcode"] == "6901234567892"
    changed = VariantDraft({"colour": "Red"}, "F7-RED", "x", sales_price=Decimal(11))
    assert make_variants(uow, family, [changed]).kept == [item]
    assert item_record(uow, item)["sales_price"] == 11


def test_an_item_that_was_there_joins_by_its_code(uow: Any) -> None:
    """The shop had JL-0123-NI-40 for years; its stock and history stay."""
    old = factories.make_item(uow, "JL-0123-NI-40", name="铰链镍", uom="只", category="铰链")
    family = save_family(uow, HINGE)
    drafts = _drafts(uow, family)
    made = make_variants(uow, family, [d for d in drafts if d.code == "JL-0123-NI-40"])
    assert made.joined == [old]
    rest = make_variants(uow, family, drafts)
    assert old in rest.kept
    assert len(rest.made) == 7
    assert item_record(uow, old)["name"] == "铰链镍"
    others = {item_record(uow, item)["category"] for item in rest.made}
    assert others == {"铰链"}  # taken over from the oldest


def test_all_or_none_and_every_wrong_row_says_why(uow: Any) -> None:
    family = save_family(uow, HINGE)
    other = save_family(uow, {**HINGE, "code": "JL-9"})
    make_variants(uow, other, [VariantDraft({"尺寸": "40"}, "TAKEN", "x")])
    good = VariantDraft({"尺寸": "40"}, "OK-40", "ok")
    with pytest.raises(InvalidInput) as failure, uow.connection.transaction():
        make_variants(
            uow,
            family,
            [
                good,
                VariantDraft({"尺寸": "60"}, "TAKEN", "taken"),
                VariantDraft({"尺寸": "80"}, "N-80", "no such size"),
                VariantDraft({"尺寸": "60", "表面": "镀镍"}, "", "no code"),
            ],
        )
    assert [p.line_no for p in failure.value.problems] == [2, 3, 4]
    assert not family_queries.family_grid(uow, family).items


def test_another_word_for_a_finish_reaches_every_variant(uow: Any) -> None:
    family = save_family(uow, HINGE)
    make_variants(uow, family, _drafts(uow, family))
    record = family_queries.family_record(uow, family)
    axes = [dict(row) for row in record["axes"]]
    axes[0] |= {"name": "finish", "options": "镀亮镍=NI, 镀铬=CR, 哑光=MT"}
    save_family(uow, {**HINGE, "axes": axes}, family_id=family, version=record["version"])
    items = family_queries.family_grid(uow, family).items
    assert sum(row.variant.get("finish") == "镀亮镍" for row in items) == 2
    assert not any("表面" in row.variant for row in items)


def test_a_finish_that_is_used_cannot_go(uow: Any) -> None:
    family = save_family(uow, HINGE)
    make_variants(uow, family, _drafts(uow, family))
    record = family_queries.family_record(uow, family)
    axes = [dict(row) for row in record["axes"]]
    axes[0]["options"] = "镀镍=NI, 镀铬=CR"
    with pytest.raises(InvalidInput, match="JL-0123-MT-40 has it"), uow.connection.transaction():
        families.save_family(
            uow, {**HINGE, "axes": axes}, family_id=family, version=record["version"]
        )
    with pytest.raises(InvalidInput), uow.connection.transaction():
        save_family(uow, {**HINGE, "axes": ()}, family_id=family, version=record["version"])
