"""What one scan means, and how a quantity is told: boxes and loose pieces, weights, counts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from desktop_app.core.errors import InvalidInput
from desktop_app.domain.scan_codes import parse_scan
from desktop_app.domain.scanned_quantity import (
    Reads,
    ScannedQuantity,
    UnitChoice,
    in_both,
    looks_typed,
    quantity_of,
    reads_text,
    settled,
)
from desktop_app.domain.units import ItemUnits, Unit

HINGE = ItemUnits("个", 0, (Unit("盒", 12), Unit("箱", 144)), Decimal(40))
SHEET = ItemUnits("kg", 3)
GTIN = "]C1010690123450001"


def test_a_box_is_twelve_and_is_told_so() -> None:
    box = quantity_of(parse_scan("6901234500011"), HINGE, "盒", Decimal(12))
    assert (box.qty, box.words()) == (12, "1 盒 = 12 个")
    assert box.evidence() == {"qty": "12", "unit": "盒", "factor": "12"}
    one = quantity_of(parse_scan("6901234500011"), HINGE, "个")
    assert (one.qty, one.words(), one.unit) == (1, "", "")
    unnamed = quantity_of(parse_scan("6901234500011"), HINGE, "", Decimal(6))
    assert unnamed.words() == "1 scan = 6 个"


@pytest.mark.parametrize(
    ("elements", "unit", "factor", "qty", "words"),
    [
        ("375", "盒", "12", "60", "5 盒 = 60 个"),  # so many of that unit
        ("3010", "盒", "12", "10", "1 scan = 10 个"),  # so many pieces in it
        ("3103002500", "", "1", "63", "2.5 kg = 63 个"),  # 62.5 by unit weight, half up
        ("3102000123", "", "1", "31", "1.23 kg = 31 个"),
    ],
)
def test_gs1_counts_and_weights(
    elements: str, unit: str, factor: str, qty: str, words: str
) -> None:
    code = parse_scan("]C1" + "0106901234500011" + elements)
    assert code.problem is None
    found = quantity_of(code, HINGE, unit, Decimal(factor))
    assert (found.qty, found.words(), found.told) == (Decimal(qty), words, True)


def test_a_weight_in_goods_kept_by_weight_and_in_goods_nobody_weighed() -> None:
    code = parse_scan("]C1" + "0106901234500011" + "3103001500")
    assert quantity_of(code, SHEET).qty == Decimal("1.5")
    assert quantity_of(code, SHEET).words() == "1.5 kg"
    unknown = quantity_of(code, ItemUnits("个"), "盒", Decimal(12))
    assert (unknown.qty, unknown.told) == (12, False)
    by_unit = ItemUnits("个", 0, (Unit("kg", 1000, 3),))
    assert quantity_of(code, by_unit).qty == 500


def test_a_quantity_is_told_in_both_units() -> None:
    told = {
        27: "2盒 3个 (27个)",
        24: "2盒 (24个)",
        3: "3个",
        0: "0个",
        300: "2箱 1盒 (300个)",
        301: "2箱 1盒 1个 (301个)",
    }
    assert {qty: in_both(Decimal(qty), HINGE) for qty in told} == told
    assert in_both(Decimal(27), ItemUnits("pcs")) == "27"
    assert in_both(Decimal(27), None) == "27"
    dozens = ItemUnits("pcs", 0, (Unit("tray", 5), Unit("box", 12)))
    assert in_both(Decimal(30), dozens) == "2 box 6 pcs (30 pcs)"  # no trays out of a box
    halves = ItemUnits("kg", 1, (Unit("袋", 25, 2),))
    assert in_both(Decimal("30.5"), halves) == "2袋 5.5 kg (30.5 kg)"


def test_one_key_changes_the_unit_a_number_is_typed_in() -> None:
    choice = UnitChoice(HINGE)
    titles = []
    for _ in range(4):
        titles.append(choice.title)
        choice = choice.following()
    assert titles == ["个", "盒", "箱", "个"]
    box = UnitChoice(HINGE, "盒")
    assert box.words() == "1 盒 = 12 个"
    assert [box.read(text).qty for text in ("2", "2个", "1箱2", "2盒3", "0.5")] == [
        24,
        2,
        146,
        27,
        6,
    ]
    assert [box.typed(Decimal(qty)) for qty in (24, 27, 3)] == ["2", "2盒3个", "3个"]
    assert all(box.read(box.typed(Decimal(qty))).qty == qty for qty in (24, 27, 3, 1))
    with pytest.raises(InvalidInput, match="no unit"):
        box.read("2托")
    thirds = UnitChoice(ItemUnits("个", 0, (Unit("kg", 1000, 3),)), "kg")
    assert thirds.words() == "3 kg = 1000 个"
    assert thirds.read("3").qty == 1000


def test_three_bags_of_a_third_of_a_thousand_are_a_thousand() -> None:
    bag = quantity_of(parse_scan("BAG"), HINGE, "袋", Decimal("333.333333"))
    assert settled(bag.qty * 3, 0) == 1000
    assert settled(bag.qty, 0) == 333


def test_what_may_be_a_typed_quantity() -> None:
    assert all(looks_typed(text) for text in ("12", "+3", "2箱3个", "2.5kg", "0.5"))
    assert not any(looks_typed(text) for text in ("", "6901234500011", "HINGE", "B.A-01", "箱"))


def test_equal_scans_are_counted_in_the_evidence_and_typing_is_kept() -> None:
    reads = Reads()
    box = ScannedQuantity(Decimal(12), "个", "盒", Decimal(12))
    for _ in range(2):
        reads.scan("1690", box)
    reads.scan("690", None)
    reads.type("3", Decimal(36), "盒")
    reads.type("2箱3", Decimal(291), "盒")
    assert reads.evidence() == (
        {"code": "1690", "qty": "12", "unit": "盒", "factor": "12", "times": "2"},
        {"code": "690", "times": "1"},
        {"typed": "3", "qty": "36", "unit": "盒"},
        {"typed": "2箱3", "qty": "291"},
    )
    assert reads_text(reads.evidence()) == ("1690 × 2 (1 盒 = 12); 690 × 1; typed 3盒; typed 2箱3")
    kept = [{"item": "HINGE", "qty": "24", "reads": list(reads.evidence()[:1])}, {"bin": "A-01"}]
    assert reads_text(kept) == "HINGE: 1690 × 2 (1 盒 = 12)"
    assert reads_text([{"code": "690", "typed": "1箱6", "unit": "箱", "factor": "12"}]) == (
        "690 × 1 (1 箱 = 12); typed 1箱6"
    )
