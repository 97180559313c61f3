"""The counter's scans, one after the other, without a screen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from desktop_app.domain.scan_codes import parse_scan
from desktop_app.queries.counting import TaskRow
from desktop_app.views.counting.entry_flow import Answer, CountFlow


def task(line: int, place: str, item: str, **values: Any) -> TaskRow:
    given: dict[str, Any] = {
        "document_id": 1,
        "number": "PD-20260105-0001",
        "line_id": line,
        "line_no": line,
        "location_id": line,
        "location_code": place,
        "item_id": line,
        "item_code": item,
        "item_name": item.title(),
        "spec": "",
        "uom": "pcs",
        "uom_decimals": 0,
        "lot_id": 0,
        "lot_code": "",
        "round": 1,
        "entered_qty": None,
        "is_counted": False,
        "was_mine": False,
        "warehouse": "W1",
        "barcodes": (),
        "factors": (),
        **values,
    }
    return TaskRow(**given)


HINGE = task(
    1, "A-01", "HINGE", barcodes=("6901234567892", "BOX12"), factors=(Decimal(1), Decimal(12))
)
CAKE = task(2, "A-01", "22423")
SCREW = task(3, "A-02", "SCREW", uom_decimals=2)


@pytest.fixture
def flow() -> CountFlow:
    made = CountFlow()
    made.load((HINGE, CAKE, SCREW))
    return made


def scan(flow: CountFlow, *codes: str, typed: bool = False) -> Answer:
    answer = flow.next_step()
    for code in codes:
        answer = flow.scan(parse_scan(code), typed=typed)
    return answer


def test_bin_item_quantity_makes_an_entry(flow: CountFlow) -> None:
    assert "Go to A-01" in str(flow.next_step().text)
    assert scan(flow, "B.A-01", "HINGE").kind == "ok"
    answer = scan(flow, "236", typed=True)
    assert answer.entry is not None
    assert (answer.entry.line_id, answer.entry.round, answer.entry.qty) == (1, 1, Decimal(236))
    assert "HINGE at A-01: 236 pcs noted" in str(flow.saved().text)


def test_pieces_and_boxes_are_added_up_scan_by_scan(flow: CountFlow) -> None:
    scan(flow, "A-01", "I.HINGE", "6901234567892", "BOX12")
    assert flow.tally == 13
    answer = flow.confirm()
    assert answer is not None and answer.entry is not None and answer.entry.qty == 13


def test_zero_is_typed_and_an_empty_enter_is_no_zero(flow: CountFlow) -> None:
    scan(flow, "A-01", "HINGE")
    empty = flow.confirm()
    assert empty is not None and empty.kind == "wrong" and empty.entry is None
    zero = scan(flow, "0", typed=True)
    assert zero.entry is not None and zero.entry.qty == 0


@pytest.mark.parametrize("digits", ["84029", "6901234567893", "99999999"])
def test_a_foreign_barcode_is_never_taken_for_a_quantity(flow: CountFlow, digits: str) -> None:
    scan(flow, "A-01", "HINGE")
    answer = scan(flow, digits)
    assert answer.kind in ("wrong", "unknown")
    assert (answer.entry, flow.tally) == (None, None)


def test_an_item_code_made_of_digits_is_the_item(flow: CountFlow) -> None:
    scan(flow, "A-01", "HINGE")
    assert scan(flow, "22423").kind == "ok"
    assert flow.task == CAKE


def test_scanned_but_unsaved_pieces_are_not_lost(flow: CountFlow) -> None:
    scan(flow, "A-01", "HINGE", "HINGE")
    for code in ("B.A-02", "22423"):
        answer = scan(flow, code)
        assert answer.kind == "wrong" and "Enter to save 1" in str(answer.text)
    assert flow.task == HINGE
    flow.back()
    assert (flow.tally, flow.task) == (None, HINGE)


def test_the_item_of_another_bin_is_refused_here(flow: CountFlow) -> None:
    assert "Scan the bin first" in str(scan(flow, "SCREW").text)
    answer = scan(flow, "A-01", "SCREW")
    assert answer.kind == "wrong" and "not listed at A-01" in str(answer.text)
    assert scan(flow, "NOBODY-KNOWS").kind == "unknown"


def test_decimals_follow_the_unit(flow: CountFlow) -> None:
    scan(flow, "A-02", "SCREW")
    assert scan(flow, "１．２５", typed=True).entry is not None
    flow.saved()
    scan(flow, "A-01", "HINGE")
    answer = scan(flow, "1.5", typed=True)
    assert answer.kind == "wrong" and "Whole numbers only" in str(answer.text)


def test_lots_must_be_told_apart() -> None:
    flow = CountFlow()
    flow.load(
        (
            task(1, "A-01", "MILK", lot_code="L1", lot_id=5),
            task(2, "A-01", "MILK", lot_code="L2", lot_id=6),
        )
    )
    assert scan(flow, "A-01", "MILK").kind == "unknown"
    assert scan(flow, "L.MILK..L2").kind == "ok"
    assert flow.task is not None and flow.task.lot_code == "L2"
    assert "This is lot L1" in str(scan(flow, "L.MILK..L1").text)


def test_in_the_recount_own_lines_are_for_somebody_else() -> None:
    flow = CountFlow()
    flow.load((task(1, "A-01", "HINGE", round=2, was_mine=True),))
    assert flow.tasks == ()
    assert "somebody else" in str(flow.next_step().text)


def test_the_sheet_number_chooses_among_open_counts() -> None:
    flow = CountFlow()
    flow.load((HINGE, task(9, "B-01", "NUT", document_id=2, number="PD-20260105-0002")))
    assert [t.item_code for t in flow.tasks] == ["HINGE"]
    scan(flow, "PD-20260105-0002")
    assert [t.item_code for t in flow.tasks] == ["NUT"]
    assert scan(flow, "PD-20260105-0009").kind == "unknown"


def test_f8_goes_on_to_the_next_place_and_around(flow: CountFlow) -> None:
    scan(flow, "A-01")
    assert flow.skip() == SCREW
    flow.place = "A-02"
    assert flow.skip() == HINGE
